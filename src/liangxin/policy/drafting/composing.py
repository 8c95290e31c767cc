"""From confirmed cards to the YAML of a policy. Each rule stands under the sentence it was read from."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import Final

from liangxin.policy.drafting.conditions import read_conditions
from liangxin.policy.drafting.expressions import denominator_of, expression_of, numerator_of
from liangxin.policy.drafting.model import BASES, MEASURES, Base, Card, Condition, Draft
from liangxin.policy.drafting.patterns import CLEARS, FORMS, JOINT_FORMS
from liangxin.policy.drafting.phrasing import phrase_condition
from liangxin.policy.drafting.section_writing import UNDECIDED, quote, shorten
from liangxin.policy.drafting.staging import StageWriter
from liangxin.registry.fields import FORMS as FORM_LABELS

BASE: Final = "changle-2011-44"
ALL_FORMS: Final = "[separate, seconded, park, industry, leader, zone, village, mobile]"


def compose_policy(draft: Draft, chosen: Collection[str], *, id: str, title: str, issued_on: date) -> str:
    """The YAML of the cards chosen by their ids, in force from ``issued_on``. What somebody must decide is marked 待定.

    Rules that the notice does not give (procedure, planning weights, statuses, warnings) are taken from the policy that
    comes with the program, by ``based_on``; its days, targets, forms, clears, groups and prose are not.
    Raises KeyError for a card that the draft does not have.
    """
    known = {card.id: card for card in draft.cards}
    cards = [known[each] for each in dict.fromkeys(chosen)]
    return _Composer(draft, cards, issued_on).compose(id, title)


class _Composer(StageWriter):
    """Writes the sections in their order."""

    def compose(self, id: str, title: str) -> str:
        sections = [
            self.parameters(),
            self.definitions(),
            self.classes(),
            self.indicators(),
            self.forms(),
            self.clears(),
            self.size_lists(),
            self.bodies(),
            self.groups(),
            self.milestones(),
            self.style(),
            self.texts(),
        ]
        head = [
            "# 由通知文字起草，每条规则上面是它的原句；标“待定”的要人来定，定好后删去“待定”二字。",
            "# Drafted from a notice; each rule stands under its sentence. What is marked 待定 is for somebody to decide.",
            "format: liangxin.policy/1",
            f"id: {id}",
            f"based_on: {BASE}",
            f"title: {quote(title)}",
            f"issued_on: {issued}" if (issued := self.issued_on.isoformat()) else "",
            f"replace: [{', '.join(self.replaced)}]" if self.replaced else "",
        ]
        body = [*head, "", *self.clause_lines()]
        for section in sections:
            body += ["", *section] if section else []
        return "\n".join(line for line in body) + "\n"

    # ---- sections

    def parameters(self) -> list[str]:
        values: dict[str, tuple[float, Card]] = {}
        for card in self.of("cap"):
            values["joint_max_units" if card.what == "units" else "branch_max_members"] = (
                card.number or 0,
                card,
            )
        for card in self.of("instructor"):
            values["instructor_units"] = values["part_time_instructor_units"] = (card.number or 0, card)
        for card in self.of("form"):
            own = _members_of(card)
            if own is not None:
                values[own[0]] = (own[1], card)
        lines = ["parameters:"] if values else []
        for name, (value, card) in values.items():
            source = f"{self.draft.heading.serial or '通知'} {card.sentence.clause}".strip()
            lines += self.rule(
                card,
                name,
                f"values: [{{from: {self.issued_on}, value: {value:g}, source: {quote(source)}}}]",
            )
        return lines

    def definitions(self) -> list[str]:
        by_size = [
            at + 1
            for at, card in enumerate(self.of("class"))
            if any(not each.field.endswith("members") for each in card.conditions)
        ]
        written = " or ".join(f"alone_{at}" for at in by_size) or "false"
        return [
            "definitions:",
            "  # 基数：企业。社会组织等在指标里另写。",
            "  in_base: {is: 'kind == \"enterprise\"'}",
            "  asked_alone_by_size:",
            f"    is: {quote(written)}",
        ]

    def classes(self) -> list[str]:
        asked = [
            card
            for card in self.of("indicator")
            if card.measure in ("coverage", "establishment") and card.conditions and (card.target or 0) >= 1
        ]
        alone = self.of("class")
        self.replaced.append("classes")
        if not asked and not alone:
            return ["# 通知没有点名必须覆盖的类别。", "classes: {}"]
        lines = ["classes:"]
        seen: set[str] = set()
        for at, card in enumerate(asked):
            when = denominator_of(card)
            if when in seen:
                continue
            seen.add(when)
            lines += self.rule(
                card,
                f"required_{at + 1}",
                f"clause: {self.clause(card)}",
                f"label: {quote(_who(card))}",
                f"when: {quote(when)}",
                "asked_form: any",
                "required: true",
            )
        for at, card in enumerate(alone):
            lines += self.rule(
                card,
                f"alone_{at + 1}",
                f"clause: {self.clause(card)}",
                f"label: {quote(_who(card))}",
                f"when: {quote(denominator_of(card))}",
                "asked_form: separate",
            )
        return lines

    def indicators(self) -> list[str]:
        self.replaced.append("indicators")
        stages: dict[tuple[object, ...], list[Card]] = {}
        for card in self.of("indicator"):
            stages.setdefault((card.measure, card.base, frozenset(card.conditions)), []).append(card)
        lines = ["indicators:"]
        roles = self._roles(list(stages.values()))
        for at, cards in enumerate(stages.values()):
            ordered = sorted(cards, key=lambda card: card.span.due if card.span else date.max)
            first = ordered[0]
            facts = [
                f"clause: {self.clause(first)}",
                f"label: {quote(_who(first) + MEASURES[first.measure].zh)}",
                f"denominator: {quote(denominator_of(first))}",
                *numerator_of(first, ALL_FORMS),
                f"role: {roles[at]}" if at in roles else "",
            ]
            last: Card | None = None
            if len(ordered) == 1:
                lines += self.rule(first, f"target_{at + 1}", *facts, *_target(first))
                continue
            lines += self.rule(first, f"target_{at + 1}")
            for card in ordered:
                start = f"from: {last.span.due + timedelta(days=1)}" if last is not None and last.span else ""
                stage = [
                    *(facts if last is None else [f"clause: {self.clause(card)}"]),
                    start,
                    *_target(card),
                ]
                written = [line for line in stage if line]
                lines += [f"    - {written[0]}", *(f"      {line}" for line in written[1:])]
                last = card
        return lines if len(lines) > 1 else ["# 待定：没有采用任何指标。", "indicators: {}"]

    def _roles(self, stages: Sequence[Sequence[Card]]) -> dict[int, str]:
        """The widest rate of organizations and the first of work coverage are those that the planner holds to.

        A rate of 100% with a condition is no wide one: its units are a required class.
        """
        wide: list[tuple[int, int, int]] = []
        for at, cards in enumerate(stages):
            first = cards[0]
            if first.measure in ("establishment", "coverage") and (
                (first.target or 0) < 1 or not first.conditions
            ):
                wide.append((len(first.conditions), first.measure == "coverage", at))
        roles = {min(wide)[2]: "establishment"} if wide else {}
        work = next((at for at, cards in enumerate(stages) if cards[0].measure == "work_coverage"), None)
        if work is not None:
            roles[work] = "work_coverage"
        return roles

    def forms(self) -> list[str]:
        cards = self.of("form")
        if not cards:
            return [f"# {UNDECIDED}：通知没有写组建形式，沿用 {BASE} 的。"]
        self.replaced.append("forms")
        lines = ["forms:"]
        named = {card.what for card in cards}
        written: set[str] = set()
        for card in cards:
            for form in JOINT_FORMS if card.what == "joint" else (card.what,):
                if form != card.what and form in named:
                    continue
                label = (
                    FORM_LABELS[form].zh if card.what != "joint" else f"联合组建（{FORM_LABELS[form].zh}）"
                )
                lines += self.rule(
                    card, form, f"clause: {self.clause(card)}", f"label: {quote(label)}", *FORMS[form]
                )
                written.add(form)
        for form in (form for form in FORMS if form not in written):
            never = [re.sub(r"^(when|host_when): .*", r'\1: "false"', line) for line in FORMS[form]]
            lines += [
                "  # 通知没有写这种形式：不新建；台账里已有的照样统计。",
                f"  {form}:",
                f"    clause: {self.clause(cards[0])}",
                f"    label: {FORM_LABELS[form].zh}",
                *(f"    {line}" for line in never),
            ]
        return lines

    def clears(self) -> list[str]:
        cards = self.of("clears")
        self.replaced.append("clears")
        if not cards:
            return ["# 通知没有写几清。", "clears: {}"]
        card = cards[0]
        self.clause(card)
        lines = ["clears:", f"  # {shorten(card.sentence.text)}"]
        lines += [f"  # {UNDECIDED}：{each.zh}" for each in card.open]
        used: set[str] = set()
        for item in card.items:
            found = next(
                ((id, body) for words, id, body in CLEARS if re.search(words, item) and id not in used), None
            )
            if found is None:
                lines.append(f"  # {UNDECIDED}：“{item}清”看台账哪几栏，没有认出")
                continue
            used.add(found[0])
            lines += [
                f"  {found[0]}:",
                f"    label: {quote(item + '清')}",
                *(f"    {line}" for line in found[1]),
            ]
        return lines if used else ["# 待定：几清没有列出。", "clears: {}"]

    def size_lists(self) -> list[str]:
        cuts = sorted(
            {int(each.value + (each.sign == "<=")) for card in self.of("indicator") for each in _staff(card)}
        )
        cuts = [cut for cut in cuts if cut > 0]
        if not cuts:
            return []
        self.replaced.append("size_lists")
        card = next(card for card in self.of("indicator") if _staff(card))
        lines = ["# 分类名单按目标里的人数分段。", "size_lists:"]
        edges: list[tuple[int | None, int | None]] = list(zip([None, *cuts], [*cuts, None], strict=True))
        for low, high in edges:
            parts = ['kind in ["enterprise", "household", "cooperative"]']
            parts += [f"staff >= {low}"] if low is not None else []
            parts += [f"staff < {high}"] if high is not None else []
            label = (
                f"{high}人以下" if low is None else f"{low}人以上" if high is None else f"{low}-{high - 1}人"
            )
            lines.append(
                f"  from_{low or 0}: {{clause: {self.clause(card)}, label: {quote(label)}, when: {quote(' and '.join(parts))}}}"
            )
        kinds: tuple[Base, ...] = ("civil_non_enterprise", "intermediary", "social_group")
        for kind in kinds:
            when = quote(expression_of(kind))
            lines.append(f"  {kind}: {{clause: {self.clause(card)}, label: {BASES[kind].zh}, when: {when}}}")
        return lines


_OWN_NUMBER: Final[dict[str, tuple[str, str, tuple[str, ...]]]] = {
    "separate": ("min_full_members", "full_members", (">=", ">")),
    "seconded": ("seconded_members", "full_members", ("==",)),
    "mobile": ("mobile_branch_members", "mobile_members", (">=", ">")),
}
"""Forms whose number of members the notice may give: parameter, field, signs."""


def _members_of(card: Card) -> tuple[str, float] | None:
    """The parameter that the form's own sentences give, and its value."""
    if card.what not in _OWN_NUMBER:
        return None
    name, field, signs = _OWN_NUMBER[card.what]
    fields = {field, "members"} if field == "full_members" else {field}
    for sentence in (card.sentence, *card.also):
        for _, _, each in read_conditions(sentence.plain):
            if each.field in fields and each.sign in signs:
                return name, each.value
    return None


def _staff(card: Card) -> list[Condition]:
    flat = [inner for each in card.conditions for inner in (each.any_of or (each,))]
    return [each for each in flat if each.field == "staff" and each.sign in (">=", "<=", "<")]


def _who(card: Card) -> str:
    words = [phrase_condition(each) for each in card.conditions]
    return "、".join(words) + ("的" if words else "") + BASES[card.base].zh


def _target(card: Card) -> list[str]:
    return [f"target: {(card.target or 0) * 100:.6g}%", f"due: {card.span.due}" if card.span else ""]
