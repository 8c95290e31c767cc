"""The case book: what would the office decide? Each sitting (sittings/*.yaml) is a tiny town, the arrangement and why.

Written so that an official can read and correct it. What may stand in a sitting:
``情况`` its title, ``条款`` clauses, ``为什么`` why, ``等待`` what it waits for (then it must fail until that is built);
the town: ``指导员`` how many, ``每人联系`` their capacity, ``党组织`` those that stand, ``单位`` by the ledger's own headings and
``位置`` (km east and north of 水竹村), ``指定`` a person's pins;
the decision: ``定为`` form by unit, ``一起`` who is in one organization and who leads, ``在原组织``, ``几个组织``, ``最少正式党员`` of joint
ones, ``名称`` by unit, ``理由里有``, ``提示`` (ids of conflicts), ``做不到`` (words said), ``不在方案里``, ``矛盾的指定``, ``指导员联系``, ``没有指导员联系``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml
from small_town import DAY, town

from liangxin.coverage import classify
from liangxin.planning import Pin, Pins, PlanOptions, make_plan
from liangxin.planning.plan import Plan
from liangxin.policy import load_policy
from liangxin.registry.fields import FIELDS, FORMS, ledger_schema
from liangxin.registry.town import Area, Instructor, OrganizationRecord, Town

SITTINGS = Path(__file__).parent / "sittings"
FIELD_OF = {field.label.zh: name for name, field in FIELDS.items()}
FORM_OF = {text.zh: form for form, text in FORMS.items()}
USUAL = {
    "kind": "enterprise",
    "ownership": "private",
    "state": "operating",
    "industry": "3811",
    "staff": 10,
    "revenue": 100.0,
    "full_members": 0,
    "probationary_members": 0,
    "mobile_members": 0,
    "organization_form": "none",
    "area": "A1",
    "village": "V1",
    "lon": 120.62,
    "lat": 29.47,
}
KM = (1 / 96.9, 1 / 111.2)  # degrees of longitude and latitude at 29.47 N


def book() -> Iterator[Any]:
    for path in sorted(SITTINGS.glob("*.yaml")):
        for sitting in yaml.safe_load(path.read_text(encoding="utf-8")):
            marks = [pytest.mark.clause(*sitting["条款"])]
            if "等待" in sitting:
                marks.append(pytest.mark.xfail(strict=True, reason=sitting["等待"]))
            yield pytest.param(sitting, id=sitting["情况"], marks=marks)


@pytest.mark.parametrize("sitting", list(book()))
def test_sitting(sitting: dict[str, Any]) -> None:
    given = dict(sitting)
    said = [given.pop(key) for key in ("情况", "条款", "为什么")]
    given.pop("等待", None)
    assert all(said)
    plan = decide(given)
    looked = [judge(plan, given.pop(key)) for key, judge in JUDGES.items() if key in given]
    assert given == {}, "a word that the case book does not know"
    assert looked, "a sitting must decide something"


def test_thirty_sittings_and_more() -> None:
    """Of all kinds of decisions, each with its clause and its reason."""
    assert len(list(book())) >= 30


# ---- the town


def decide(given: dict[str, Any]) -> Plan:
    rows = [_row(facts) for facts in given.pop("单位")]
    ledger = pl.DataFrame(rows, schema=ledger_schema())
    here = _town(
        given.pop("指导员", 0),
        given.pop("每人联系", 25),
        [_organization(each) for each in given.pop("党组织", [])],
    )
    pins = tuple(
        Pin(each["单位"], FORM_OF.get(each.get("形式", "")), each.get("主单位"))
        for each in given.pop("指定", [])
    )
    classification = classify(ledger, load_policy("changle-2011-44", as_of=DAY))
    return make_plan(classification, here, options=PlanOptions(pins=Pins(pin=pins), time_limit=20))


def _row(facts: dict[str, Any]) -> dict[str, Any]:
    row: dict[str, Any] = {**dict.fromkeys(ledger_schema()), **USUAL}
    for label, value in facts.items():
        if label == "位置":
            row["lon"], row["lat"] = 120.62 + value[0] * KM[0], 29.47 + value[1] * KM[1]
            continue
        name = FIELD_OF[label]
        choices = FIELDS[name].choices
        row[name] = (
            next(key for key, text in choices.items() if text.zh == value) if choices and value else value
        )
    row["name"] = row["name"] or f"{row['unit_id']}有限公司"
    return row


def _town(instructors: int, capacity: int, organizations: list[OrganizationRecord]) -> Town:
    areas = (
        *town().areas,
        Area("V3", "下岭村", "village", "A1", (120.61, 29.47)),
        Area("M1", "五金市场", "market", "A1", (120.62, 29.47)),
    )
    people = tuple(Instructor(f"I{n}", capacity=capacity, area="A1") for n in range(1, instructors + 1))
    return replace(town(), areas=areas, instructors=people, organizations=tuple(organizations))


def _organization(each: dict[str, Any]) -> OrganizationRecord:
    form = FORM_OF[each["形式"]]
    type_ = "branch" if form in ("separate", "seconded", "mobile") else "joint_branch"
    founded = each.get("成立", date(2006, 7, 1))
    return OrganizationRecord(each["编号"], each["名称"], type_, None, "A1", founded, form, each["主单位"])


# ---- the decision


def _organization_of(plan: Plan, unit_id: str) -> Any:
    return next(each for each in plan.organizations if unit_id in each.unit_ids)


def _forms(plan: Plan, expected: dict[str, str]) -> bool:
    found = {each.unit_id: FORMS[each.form].zh for each in plan.units}
    assert {unit: found.get(unit) for unit in expected} == expected
    return True


def _together(plan: Plan, expected: list[dict[str, Any]]) -> bool:
    for group in expected:
        organization = _organization_of(plan, group["主单位"])
        assert (organization.host, set(organization.unit_ids)) == (group["主单位"], set(group["单位"]))
    return True


def _stays(plan: Plan, expected: dict[str, list[str]]) -> bool:
    for id_, units in expected.items():
        organization = next(each for each in plan.organizations if each.organization_id == id_)
        assert organization.status != "dissolved"
        assert set(units) <= set(organization.unit_ids)
    return True


def _joint(plan: Plan) -> list[Any]:
    return [
        each
        for each in plan.organizations
        if each.form in ("park", "zone", "industry", "leader") and each.unit_ids
    ]


def _count(plan: Plan, expected: int) -> bool:
    assert len(_joint(plan)) == expected
    return True


def _least_members(plan: Plan, expected: int) -> bool:
    assert min(each.full_members for each in _joint(plan)) >= expected
    return True


def _names(plan: Plan, expected: dict[str, str]) -> bool:
    assert {unit: _organization_of(plan, unit).name for unit in expected} == expected
    return True


def _reasons(plan: Plan, expected: dict[str, str]) -> bool:
    for unit, words in expected.items():
        assert words in next(each for each in plan.units if each.unit_id == unit).reason.zh
    return True


def _conflicts(plan: Plan, expected: dict[str, list[str]]) -> bool:
    for unit, ids in expected.items():
        found = next(each for each in plan.units if each.unit_id == unit).conflicts
        assert set(ids) <= {each.id for each in found}
    return True


def _cannot(plan: Plan, expected: list[str]) -> bool:
    said = "\n".join(each.text.zh for each in plan.infeasible)
    assert all(words in said for words in expected), said
    return True


def _outside(plan: Plan, expected: list[str]) -> bool:
    assert set(expected) & {each.unit_id for each in plan.units} == set()
    return True


def _contradicting_pins(plan: Plan, expected: list[str]) -> bool:
    assert any(set(expected) <= set(each.unit_ids) for each in plan.infeasible)
    return True


def _contacts(plan: Plan, expected: dict[str, str]) -> bool:
    found = {each.unit_id: each.instructor_id for each in plan.units}
    assert {unit: found[unit] for unit in expected} == expected
    return True


def _not_served(plan: Plan, expected: list[str]) -> bool:
    assert list(plan.contacts.not_served) == expected
    return True


JUDGES = {
    "定为": _forms,
    "一起": _together,
    "在原组织": _stays,
    "几个组织": _count,
    "最少正式党员": _least_members,
    "名称": _names,
    "理由里有": _reasons,
    "提示": _conflicts,
    "做不到": _cannot,
    "不在方案里": _outside,
    "矛盾的指定": _contradicting_pins,
    "指导员联系": _contacts,
    "没有指导员联系": _not_served,
}
