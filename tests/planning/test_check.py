"""Every rule of the one checker, broken once, by its code and with both numbers."""

from __future__ import annotations

import numpy as np
import pytest
from made_problem import blank

from liangxin.planning.check import check
from liangxin.planning.forms import (
    INDUSTRY,
    LEADER,
    NONE,
    SECONDED,
    SEPARATE,
    VILLAGE,
    ZONE,
    bit,
)
from liangxin.planning.problem import Arrangement, Problem, links


def arranged(*units: tuple[int, int]) -> Arrangement:
    """(form, host) of each unit."""
    return Arrangement(
        np.array([form for form, _ in units], np.int32), np.array([host for _, host in units], np.int32)
    )


def codes(problem: Problem, *units: tuple[int, int]) -> list[str]:
    return [violation.code for violation in check(problem, arranged(*units))]


def members(*t: int) -> Problem:
    return blank(len(t), t=np.array(t, np.int32), members=np.array(t, np.int32))


def test_a_good_zone_organization_breaks_nothing() -> None:
    assert codes(members(2, 1), (ZONE, 0), (ZONE, 0)) == []


@pytest.mark.clause("2.1", "constitution-30")
def test_separate_needs_three_full_members() -> None:
    (found,) = check(members(2), arranged((SEPARATE, 0)))
    assert (found.code, found.found, found.limit) == ("separate_t", 2, 3)


@pytest.mark.clause("2.2")
def test_seconded_needs_exactly_two() -> None:
    problem = blank(1, t=np.array([1], np.int32), instructors=1)
    assert codes(problem, (SECONDED, 0)) == ["seconded_t"]


def test_a_joint_organization_needs_three_full_members_together() -> None:
    (found,) = check(members(1, 1), arranged((ZONE, 0), (ZONE, 0)))
    assert (found.code, found.found, found.limit) == ("full_members", 2, 3)


def test_at_most_five_units() -> None:
    problem = members(2, 1, 0, 0, 0, 0)
    assert codes(problem, *[(ZONE, 0)] * 6) == ["units"]
    assert codes(problem, *[(ZONE, 0)] * 5, (NONE, -1)) == []


def test_at_most_fifty_members() -> None:
    problem = blank(2, t=np.array([2, 1], np.int32), members=np.array([30, 21], np.int32))
    (found,) = check(problem, arranged((ZONE, 0), (ZONE, 0)))
    assert (found.code, found.found, found.limit) == ("members", 51, 50)


@pytest.mark.clause("2.1")
def test_a_unit_with_three_is_no_plain_member() -> None:
    assert "split_off" in codes(members(1, 3), (ZONE, 0), (ZONE, 0))


def test_the_host_has_one_or_two() -> None:
    assert "host_t" in codes(members(0, 2, 1), (ZONE, 0), (ZONE, 0), (ZONE, 0))


def test_one_territory() -> None:
    problem = blank(
        2, t=np.array([2, 1], np.int32), territory=np.array([0, 1], np.int32), territory_ids=("a", "b")
    )
    assert codes(problem, (ZONE, 0), (ZONE, 0)) == ["may_join"]


@pytest.mark.clause("2.4")
def test_one_association_for_all() -> None:
    """The host shares one association with each, but no one association is common to all three."""
    problem = blank(
        3, t=np.ones(3, np.int32), associations=links([[0, 1], [0], [1]]), association_ids=("a", "b")
    )
    assert codes(problem, *[(INDUSTRY, 0)] * 3) == ["association"]


@pytest.mark.clause("2.5")
@pytest.mark.parametrize(("away", "code", "linked", "allowed"), [
    (0.25, 1751, False, True),
    (0.26, 1751, False, False),
    (0.80, 3899, False, True),
    (0.81, 3899, False, False),
    (5.0, 1751, True, True),
])  # fmt: skip
def test_who_may_follow_a_leading_enterprise(away: float, code: int, linked: bool, allowed: bool) -> None:
    """Within 250 m, within 800 m in the same division, or linked in the chain; always in one work area."""
    problem = blank(
        2,
        t=np.array([3, 0], np.int32),
        can_lead=np.array([True, False]),
        x_km=np.array([0.0, away]),
        industry=np.array([3811, code], np.int32),
        chain=links([[1], [0]] if linked else [[], []]),
    )
    assert (codes(problem, (LEADER, 0), (LEADER, 0)) == []) is allowed


def test_forms_the_policy_or_a_pin_closes() -> None:
    problem = blank(1, allowed=np.array([bit(NONE)], np.int32))
    assert codes(problem, (VILLAGE, -1)) == ["form"]


@pytest.mark.clause("1.1")
def test_a_required_unit_is_covered() -> None:
    problem = blank(1, required=np.array([True]))
    assert codes(problem, (NONE, -1)) == ["required"]
    assert codes(problem, (VILLAGE, -1)) == []


@pytest.mark.clause("1.5", "4.5")
def test_instructors_left_over_reach_two_fifths_of_those_without() -> None:
    problem = blank(10, work_coverage_share=0.4, instructors=1, instructor_capacity=4.0)
    assert codes(problem, *[(NONE, -1)] * 10) == []
    problem = blank(11, work_coverage_share=0.4, instructors=1, instructor_capacity=4.0)
    assert codes(problem, *[(NONE, -1)] * 11) == ["work_coverage"]


def test_pins_are_rules_too() -> None:
    problem = blank(
        3,
        t=np.array([2, 1, 1], np.int32),
        together=((0, 1),),
        apart=((1, 2),),
        pinned_host=np.array([0, -1, -1], np.int32),
    )
    assert codes(problem, (ZONE, 0), (ZONE, 0), (NONE, -1)) == []
    assert codes(problem, (VILLAGE, -1), (ZONE, 1), (ZONE, 1)) == [
        "full_members",
        "pinned",
        "together",
        "apart",
    ]
