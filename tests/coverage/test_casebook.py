"""The case book: every rule and every edge as one unit that a domain expert can read (cases/*.yaml)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml

from liangxin.coverage import PARTS, Classification, classify, count, listing
from liangxin.coverage.reasons import conflict_sentences, reason
from liangxin.coverage.verdicts import unit_rules, verdict_column, verdicts
from liangxin.policy import load_policy, read_policy
from liangxin.policy.model import Policy
from liangxin.policy.names import ORGANIZATION_NAMES, ValueType
from liangxin.registry.fields import ledger_schema

CASES = Path(__file__).parent / "cases"
POLICY, AS_OF = "changle-2011-44", date(2011, 8, 15)


def book() -> Iterator[Any]:
    for path in sorted(CASES.glob("*.yaml")):
        page = yaml.safe_load(path.read_text(encoding="utf-8"))
        for case in page["cases"]:
            yield pytest.param(page["given"], case, id=f"{path.stem}：{case['title']}")


def policy_of(case: dict[str, Any], folder: Path) -> Policy:
    """The case's policy on its day; ``overlay`` says what a county has changed in it."""
    name: str = case.get("policy", POLICY)
    if "overlay" in case:
        changed = {
            "format": "liangxin.policy/1",
            "id": "changed",
            "based_on": name,
            "title": {"zh": "本例", "en": "this case"},
            "issued_on": AS_OF.isoformat(),
            **case["overlay"],
        }
        path = folder / "changed.yaml"
        path.write_text(yaml.safe_dump(changed, allow_unicode=True), encoding="utf-8")
        return read_policy(path, as_of=case.get("as_of", AS_OF))
    return loaded(name, case.get("as_of", AS_OF))


@lru_cache
def loaded(name: str, as_of: date) -> Policy:
    return load_policy(name, as_of=as_of)


def unit(facts: dict[str, Any]) -> pl.DataFrame:
    schema = ledger_schema()
    row = {**dict.fromkeys(schema), "unit_id": "U1", "name": "甲厂", **facts}
    return pl.DataFrame([row], schema=schema)


def organization_conflicts(policy: Policy, facts: dict[str, Any]) -> list[str]:
    types = {
        ValueType.TEXT: pl.String,
        ValueType.NUMBER: pl.Int64,
        ValueType.CONDITION: pl.Boolean,
        ValueType.DATE: pl.Date,
    }
    schema = {name.name: types[name.type] for name in ORGANIZATION_NAMES.values()}
    frame = pl.DataFrame([{**dict.fromkeys(schema), **facts}], schema=schema)
    rules = [rule for rule in policy.conflicts if rule.subject == "organization"]
    return [rule.id for rule in rules if frame.select(rule.when.polars().alias("says"))["says"][0]]


def observed(classification: Classification, wanted: dict[str, Any]) -> dict[str, Any]:
    """What the room says, for exactly the things the case speaks of."""
    row = classification.frame.row(0, named=True)
    rates = count(classification)
    found: dict[str, Any] = {}
    for key, expected in wanted.items():
        if key == "forms":
            found[key] = row["possible_forms"]
        elif key == "undecided":
            found[key] = [rule.id for rule in classification.policy.classes if row[f"is_{rule.id}"] is None]
        elif key == "indicators":
            found[key] = {
                id: [
                    part
                    for part in ("denominator", "numerator", "missing", "unknown")
                    if len(listing(classification, id, part))
                ]
                for id in expected
            }
        elif key == "rates":
            shown = {id: rates[id] for id in expected}
            found[key] = {
                id: "—" if rate.value is None else f"{rate.numerator}/{rate.denominator}"
                for id, rate in shown.items()
            }
        elif key == "ranges":
            found[key] = {id: [rates[id].low, rates[id].high] for id in expected}
        elif key == "reason":
            found[key] = reason(classification, "U1").zh
        elif key == "conflict_words":
            found[key] = conflict_sentences(classification)["zh"][0]
        else:
            found[key] = row[key]
    return found


@pytest.mark.clause(
    "1.1", "1.2", "1.3", "1.4", "1.5", "2.1", "2.2", "2.3", "2.4", "2.5", "2.6", "2.7", "3.2", "4.1", "4.4"
)
@pytest.mark.parametrize(("given", "case"), list(book()))
def test_case(given: dict[str, Any], case: dict[str, Any], tmp_path: Path) -> None:
    """The case's unit is classified as the case says."""
    policy = policy_of(case, tmp_path)
    if "organization" in case:
        assert {"conflicts": organization_conflicts(policy, case["organization"])} == case["expect"]
        return
    classification = classify(unit({**given, **case["facts"]}), policy)
    assert observed(classification, case["expect"]) == case["expect"]


def test_the_book_is_whole() -> None:
    """At least sixty cases, every title once, every case with a clause and something expected."""
    cases = [param.values[1] for param in book()]
    assert len(cases) >= 60
    assert len({case["title"] for case in cases}) == len(cases)
    assert [] == [case["title"] for case in cases if not case.get("clause") or not case["expect"]]


def test_every_part_is_a_list_of_its_own() -> None:
    """The parts named in the cases are those that coverage.listing knows."""
    assert set(PARTS) == {"denominator", "numerator", "missing", "unknown"}


def test_every_rule_holds_in_one_case_and_not_in_another(tmp_path: Path) -> None:
    """Each rule of the notice that is asked of a unit or an organization: a reader finds a case on either side of it."""
    policy = loaded(POLICY, AS_OF)
    said: dict[str, set[bool | None]] = {
        verdict_column(group, id): set() for group, id, _ in unit_rules(policy)
    } | {rule.id: set() for rule in policy.conflicts if rule.subject == "organization"}
    for param in book():
        given, case = param.values
        ruling = policy_of(case, tmp_path)
        if "organization" in case:
            broken = organization_conflicts(ruling, case["organization"])
            for rule in ruling.conflicts:
                if rule.subject == "organization":
                    said[rule.id].add(rule.id in broken)
            continue
        row = verdicts(unit({**given, **case["facts"]}), ruling).row(0, named=True)
        for rule_name in said.keys() & row.keys():
            said[rule_name].add(row[rule_name])
    assert [] == [(name, side) for name, sides in said.items() for side in (True, False) if side not in sides]
