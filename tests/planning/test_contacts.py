"""Whom each instructor contacts: clauses 1.5, 2.2 and 4.5."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest
from small_town import DAY, classified, town, unit

from liangxin.coverage import classify
from liangxin.planning import make_plan
from liangxin.planning.plan import Plan
from liangxin.policy.loading import parse_policy
from liangxin.registry.fields import ledger_schema
from liangxin.registry.town import Area, Instructor, Town

COUNTY = """format: liangxin.policy/1
id: county
title: {zh: 县里的规定, en: The county's rules}
issued_on: 2011-08-10
based_on: changle-2011-44
parameters:
  instructor_units: {values: [{from: 2011-08-10, value: 2, source: {zh: 县里定, en: the county}}]}
  part_time_instructor_units: {values: [{from: 2011-08-10, value: 1, source: {zh: 县里定, en: the county}}]}
"""


def instructors(*people: Instructor) -> Town:
    """Two work areas ten kilometres apart."""
    areas = (
        *town().areas,
        Area("A2", "第二工作片", "work_area", None, (120.72, 29.47)),
        Area("V3", "下岭村", "village", "A2", (120.72, 29.47)),
    )
    return replace(town(), areas=areas, instructors=people)


def guide(id_: str, area: str | None = "A1", capacity: int = 25, **more: object) -> Instructor:
    return Instructor(id_, capacity=capacity, area=area, **{"channel": "recruited", **more})  # type: ignore[arg-type]


def contacts(plan: Plan) -> dict[str, str | None]:
    return {each.unit_id: each.instructor_id for each in plan.units}


FAR = {"area": "A2", "village": "V3", "lon": 120.72}


@pytest.mark.clause("1.5", "4.5")
def test_each_contacts_the_units_of_the_own_area() -> None:
    plan = make_plan(
        classified(unit("甲"), unit("乙", **FAR), unit("丙", **FAR)),
        instructors(guide("I1"), guide("I2", "A2")),
    )
    assert contacts(plan) == {"甲": "I1", "乙": "I2", "丙": "I2"}
    assert [(each.instructor_id, each.unit_ids) for each in plan.contacts.instructors] == [
        ("I1", ("甲",)),
        ("I2", ("乙", "丙")),
    ]


@pytest.mark.clause("1.5")
def test_with_too_few_instructors_both_numbers_are_said() -> None:
    """Three units, room for two: two served, one named as not served."""
    plan = make_plan(classified(unit("甲"), unit("乙"), unit("丙")), instructors(guide("I1", capacity=2)))
    assert (plan.contacts.asked, plan.contacts.served, len(plan.contacts.not_served)) == (3, 2, 1)
    after = next(each.after for each in plan.indicators if each.id == "1.5")
    assert (after.numerator, after.denominator) == (2, 3)


@pytest.mark.clause("1.5", "4.4")
def test_units_that_work_coverage_gains_come_first() -> None:
    """甲 has applicants in training and is covered without an instructor; 乙, further away, is not."""
    plan = make_plan(
        classified(unit("甲", applicants=2), unit("乙", lon=120.64, village="V2")),
        instructors(guide("I1", capacity=1)),
    )
    assert contacts(plan) == {"甲": None, "乙": "I1"}
    after = next(each.after for each in plan.indicators if each.id == "1.5")
    assert (after.numerator, after.denominator) == (2, 2)


@pytest.mark.clause("4.5")
def test_who_is_there_already_stays() -> None:
    """乙 keeps its instructor of the other area, who has no room for another then."""
    plan = make_plan(
        classified(unit("甲", **FAR), unit("乙", instructor_id="I2")),
        instructors(guide("I1"), guide("I2", "A2", capacity=1)),
    )
    assert contacts(plan) == {"甲": "I1", "乙": "I2"}


@pytest.mark.clause("2.2", "4.5")
def test_a_seconded_instructor_contacts_nobody_else() -> None:
    """One whom the organization sends goes, not the nearer one who was recruited; the other contacts the rest."""
    people = instructors(guide("I1"), guide("I2", "A2", channel="seconded"))
    plan = make_plan(classified(unit("甲", 2, staff=90), unit("乙", **FAR)), people)
    assert contacts(plan) == {"甲": "I2", "乙": "I1"}
    assert [each.seconded_to for each in plan.contacts.instructors] == [None, "甲"]
    assert next(each for each in plan.organizations if each.form == "seconded").instructor_id == "I2"


@pytest.mark.clause("4.5")
def test_of_two_who_may_be_seconded_the_one_with_fewer_contacts_goes() -> None:
    """Nothing is lost for 1.5."""
    people = instructors(guide("I1", capacity=30), guide("I2", "A2", capacity=5))
    plan = make_plan(classified(unit("甲", 2, staff=90)), people)
    assert contacts(plan) == {"甲": "I2"}


@pytest.mark.clause("4.5")
def test_the_policy_limits_a_person_and_a_part_time_one_more() -> None:
    """Two for everyone, one for whom it is a second duty."""
    ledger = pl.DataFrame([unit(name) for name in "甲乙丙丁戊"], schema=ledger_schema())
    classification = classify(ledger, parse_policy(COUNTY, as_of=DAY))
    people = instructors(guide("I1", full_time=True), guide("I2"))
    plan = make_plan(classification, people)
    assert [(each.capacity, len(each.unit_ids)) for each in plan.contacts.instructors] == [(2, 2), (1, 1)]


@pytest.mark.clause("4.5")
def test_a_household_that_has_an_instructor_takes_room_and_is_not_asked_about() -> None:
    plan = make_plan(
        classified(unit("甲", kind="household", ownership="individual", instructor_id="I1"), unit("乙")),
        instructors(guide("I1", capacity=1)),
    )
    assert contacts(plan) == {"甲": "I1", "乙": None}
    assert (plan.contacts.asked, plan.contacts.not_served) == (1, ("乙",))


def test_without_instructors_everyone_is_named_as_not_served() -> None:
    plan = make_plan(classified(unit("甲"), unit("乙")), town(instructors=0))
    assert (plan.contacts.asked, plan.contacts.not_served) == (2, ("甲", "乙"))


def test_an_instructor_the_town_file_does_not_have_is_nobody() -> None:
    """The ledger's check says so; the plan gives the unit somebody who exists."""
    plan = make_plan(classified(unit("甲", instructor_id="I9")), instructors(guide("I1")))
    assert contacts(plan) == {"甲": "I1"}


@pytest.mark.clause("4.5")
def test_those_of_one_area_share_the_load_by_village() -> None:
    """Six units and two alike: three each, and the units of one village with one person."""
    units = [
        unit(f"{name}{n}", village=village) for n, name in enumerate("甲乙丙") for village in ("V1", "V2")
    ]
    for n, each in enumerate(units):
        each["unit_id"] = f"U{n}"
    plan = make_plan(classified(*units), instructors(guide("I1"), guide("I2")))
    assert [each.unit_ids for each in plan.contacts.instructors] == [("U0", "U2", "U4"), ("U1", "U3", "U5")]
