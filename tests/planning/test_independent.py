"""Plans of every likeness of towns, judged by a checker that shares no code with the planner."""

from __future__ import annotations

from copy import deepcopy
from datetime import date
from typing import Any, get_args

import pytest
from independent_check import IndependentCheck

from liangxin.coverage import classify
from liangxin.files.plan_json import plan_document
from liangxin.planning import PlanOptions, make_plan
from liangxin.policy import load_policy
from liangxin.policy.loading import parse_policy
from liangxin.policy.model import Policy
from liangxin.sample import Likeness, SampleTown, make_market_town, make_town_like

DAY = date(2011, 8, 15)
VILLAGES_COUNT = """format: liangxin.policy/1
id: villages-count
title: {zh: 村企联建计入总体组建率, en: Village affiliation counts for 1.4}
issued_on: 2011-08-10
based_on: changle-2011-44
overlays: [distance-only]
indicators:
  "1.4": {forms: [separate, seconded, park, industry, leader, zone, village, mobile]}
"""


@pytest.fixture(scope="module")
def policies() -> dict[bool, Policy]:
    """The notice's own reading, and the one in which a village affiliation counts: 1.4 is then in reach."""
    return {
        False: load_policy("changle-2011-44+distance-only", as_of=DAY),
        True: parse_policy(VILLAGES_COUNT, as_of=DAY),
    }


def planned(sample: SampleTown, policy: Policy, **options: Any) -> dict[str, Any]:
    return plan_document(
        make_plan(classify(sample.ledger, policy), sample.town, options=PlanOptions(**options))
    )


@pytest.mark.slow
@pytest.mark.clause("1.1", "1.2", "1.3", "1.4", "1.5")
@pytest.mark.parametrize(
    ("likeness", "village_counts"),
    [(likeness, counts) for likeness in get_args(Likeness) for counts in (False, True)],
)
def test_a_plan_keeps_every_rule_and_says_no_more_than_is_true(
    policies: dict[bool, Policy], likeness: Likeness, village_counts: bool
) -> None:
    """Target out of reach and in reach, towns unlike each other."""
    sample = make_town_like(likeness, 240, seed=5)
    plan = planned(sample, policies[village_counts], gap=0.02, time_limit=20)
    judged = IndependentCheck(plan, sample.ledger, sample.town, village_counts=village_counts)
    assert judged.faults() == []


@pytest.mark.slow
@pytest.mark.parametrize("limit", [0.01, 1.0])
@pytest.mark.parametrize("likeness", ["market", "register"])
def test_a_short_limit_breaks_no_rule(policies: dict[bool, Policy], likeness: Likeness, limit: float) -> None:
    """Whatever the clock cut: required units that can be covered are, and no "at most" is false."""
    sample = make_town_like(likeness, 400, seed=6)
    plan = planned(sample, policies[False], time_limit=limit)
    assert IndependentCheck(plan, sample.ledger, sample.town).faults() == []


@pytest.mark.parametrize("stalls", ["alike", "one_position"])
def test_a_market_in_which_every_stall_is_alike(policies: dict[bool, Policy], stalls: Any) -> None:
    """Classes of equal units."""
    sample = make_market_town(120, 3, stalls=stalls)
    plan = planned(sample, policies[False], gap=0.02, time_limit=10)
    assert IndependentCheck(plan, sample.ledger, sample.town).faults() == []


@pytest.mark.clause("1.5", "4.4")
@pytest.mark.parametrize("likeness", get_args(Likeness))
def test_work_coverage_is_out_of_reach_only_where_the_rate_says_so(
    policies: dict[bool, Policy], likeness: Likeness
) -> None:
    """A unit with applicants, a mass organization or a trained owner is covered already."""
    sample = make_town_like(likeness, 250, seed=1)
    plan = planned(sample, policies[False], gap=0.05, time_limit=10)
    assert IndependentCheck(plan, sample.ledger, sample.town).work_coverage_faults() == []


@pytest.mark.clause("1.4", "2.1")
def test_a_branch_with_one_unit_of_unknown_members_needs_nobody_else(policies: dict[bool, Policy]) -> None:
    """Market, seed 11: 55 were called the most while 59 can be reached, because the branch took a member to stand."""
    sample = make_town_like("market", 300, seed=11)
    plan = planned(sample, policies[False], gap=0.02, time_limit=15)
    assert IndependentCheck(plan, sample.ledger, sample.town).faults() == []


# ---- the checker sees what it is there to see


@pytest.fixture(scope="module")
def judged(policies: dict[bool, Policy]) -> tuple[dict[str, Any], SampleTown]:
    sample = make_town_like("buildings", 150, seed=4)
    return planned(sample, policies[False], gap=0.05, time_limit=10), sample


def faults(judged: tuple[dict[str, Any], SampleTown], change: Any) -> str:
    plan = deepcopy(judged[0])
    change(plan)
    return "\n".join(IndependentCheck(plan, judged[1].ledger, judged[1].town).faults())


def _joint(plan: dict[str, Any]) -> dict[str, Any]:
    return next(each for each in plan["organizations"] if each["form"] == "zone" and each["status"] == "new")


def test_it_sees_a_unit_that_left_its_organization(judged: tuple[dict[str, Any], SampleTown]) -> None:
    def change(plan: dict[str, Any]) -> None:
        _joint(plan)["unit_ids"].pop()

    assert "does not list it" in faults(judged, change)


def test_it_sees_a_wrong_cost_and_objective(judged: tuple[dict[str, Any], SampleTown]) -> None:
    def change(plan: dict[str, Any]) -> None:
        _joint(plan)["cost"] += 0.01
        plan["solver"]["objective"] += 0.01

    said = faults(judged, change)
    assert "cost told" in said and "objective told" in said


def test_it_sees_a_wrong_indicator(judged: tuple[dict[str, Any], SampleTown]) -> None:
    def change(plan: dict[str, Any]) -> None:
        next(each for each in plan["indicators"] if each["id"] == "1.5")["after"]["numerator"] += 1

    assert "1.5 after" in faults(judged, change)


def test_it_sees_a_false_at_most(judged: tuple[dict[str, Any], SampleTown]) -> None:
    def change(plan: dict[str, Any]) -> None:
        zh = "总体组建率最多做到1家（0.0%），需要45家"
        plan["infeasible"].append({"unit_ids": [], "clause": "1.4", "zh": zh, "en": ""})

    assert "says at most 1" in faults(judged, change)


def test_it_sees_a_required_unit_left_out(judged: tuple[dict[str, Any], SampleTown]) -> None:
    def change(plan: dict[str, Any]) -> None:
        unit = next(
            each for each in plan["units"] if each["form"] == "village" and "has_members" in each["classes"]
        )
        own = next(
            each for each in plan["organizations"] if each["organization_id"] == unit["organization_id"]
        )
        own["unit_ids"].remove(unit["unit_id"])
        unit["form"], unit["organization_id"] = "none", None

    said = faults(judged, change)
    assert "must be covered, is not" in said and "required units uncovered, 0 can be reached" in said


def test_it_sees_an_instructor_with_too_many(judged: tuple[dict[str, Any], SampleTown]) -> None:
    def change(plan: dict[str, Any]) -> None:
        report = plan["contacts"]
        busy = max(report["instructors"], key=lambda each: len(each["unit_ids"]))
        for unit in plan["units"]:
            if unit["organization_id"] is None:
                unit["instructor_id"] = busy["instructor_id"]

    assert "contacts" in faults(judged, change)
