"""How well drafts of the made-up notices agree with their labels: counts, for each kind of fact."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from liangxin.policy.drafting import BASES, MEASURES, Card, Draft, draft_policy
from liangxin.policy.drafting.others import JOINT, read_thresholds
from liangxin.policy.drafting.phrasing import say_condition
from liangxin.registry.fields import FORMS

NOTICES = Path(__file__).parent / "notices"
NUMBERS = ("门槛", "目标", "日期", "上限", "指导员", "几清", "推进组")


@dataclass
class Score:
    right: Counter[str] = field(default_factory=Counter)
    wrong: dict[str, list[str]] = field(default_factory=dict)
    missed: dict[str, list[str]] = field(default_factory=dict)

    def add(self, name: str, kind: str, expected: list[str], found: list[str]) -> None:
        left = Counter(expected)
        for each in found:
            if left[each] > 0:
                left[each] -= 1
                self.right[kind] += 1
            else:
                self.wrong.setdefault(kind, []).append(f"{name}: {each}")
        for each in left.elements():
            self.missed.setdefault(kind, []).append(f"{name}: {each}")

    def rates(self, *kinds: str) -> tuple[float, float, int]:
        """Precision, recall, facts expected."""
        right = sum(self.right[kind] for kind in kinds)
        wrong = sum(len(self.wrong.get(kind, ())) for kind in kinds)
        missed = sum(len(self.missed.get(kind, ())) for kind in kinds)
        return right / max(right + wrong, 1), right / max(right + missed, 1), right + missed


@cache
def read_case(name: str) -> tuple[str, dict[str, Any]]:
    labels = yaml.safe_load((NOTICES / f"{name}.yaml").read_text(encoding="utf-8"))
    text = labels.get("通知") or (NOTICES / labels["原文"]).read_text(encoding="utf-8")
    return text, labels


def names(stem: str) -> list[str]:
    return sorted(path.stem for path in NOTICES.glob(f"{stem}*.yaml"))


def said_indicator(measure: str, base: str, conditions: list[str], target: str, due: object) -> str:
    return f"{base}（{'，'.join(sorted(conditions))}）{measure} {target} {due or '期限待定'}"


def found_indicator(card: Card) -> str:
    return said_indicator(
        MEASURES[card.measure].zh,
        BASES[card.base].zh,
        [say_condition(each).zh for each in card.conditions],
        percent(card),
        card.span.due if card.span else None,
    )


def percent(card: Card) -> str:
    return f"{(card.target or 0) * 100:.6g}%"


def score(stem: str) -> Score:
    total = Score()
    for name in names(stem):
        text, labels = read_case(name)
        draft = draft_policy(text)
        for kind, found in facts(draft).items():
            expected = labels.get(kind, [])
            listed = expected if isinstance(expected, list) else [expected]
            total.add(name, kind, [str(each) for each in listed], found)
        wanted = [
            said_indicator(each["口径"], each["基数"], each["条件"], each["目标"], each.get("期限"))
            for each in labels["指标"]
        ]
        total.add(
            name, "指标", wanted, [found_indicator(card) for card in draft.cards if card.kind == "indicator"]
        )
    return total


def facts(draft: Draft) -> dict[str, list[str]]:
    cards = draft.cards
    head = {draft.heading.title, draft.heading.serial}
    unit = {"units": "家", "members": "名"}
    return {
        "门槛": list(
            dict.fromkeys(
                say_condition(c).zh for s, c in read_thresholds(draft.sentences) if s.text not in head
            )
        ),
        "目标": list(dict.fromkeys(percent(card) for card in cards if card.kind == "indicator")),
        "日期": list(
            dict.fromkeys(
                str(card.span.due) for card in cards if card.kind in ("milestone", "indicator") and card.span
            )
        ),
        "上限": [f"{card.number}{unit[card.what]}" for card in cards if card.kind == "cap"],
        "指导员": [f"{card.number}" for card in cards if card.kind == "instructor"],
        "几清": [str(card.number) for card in cards if card.kind == "clears"],
        "推进组": [str(card.number) for card in cards if card.kind == "groups"],
        "形式": [
            JOINT.zh if card.what == "joint" else FORMS[card.what].zh for card in cards if card.kind == "form"
        ],
    }
