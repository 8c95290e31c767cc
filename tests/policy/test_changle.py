"""The notice 长委〔2011〕44号 as data: every number of it, at its edges, clause by clause."""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from itertools import product
from typing import Any

import polars as pl
import pytest

from liangxin.policy import Policy, load_policy
from liangxin.policy.model import Expression
from liangxin.policy.names import ORGANIZATION_NAMES, ValueType
from liangxin.registry.fields import FIELDS, FORMS, ledger_schema

DAY = date(2011, 8, 15)
TODAY = "changle-2011-44+branch-regulations-2018"
ENTERPRISE = {"kind": "enterprise", "state": "operating", "ownership": "private"}


@cache
def policy(name: str = "changle-2011-44", day: date = DAY) -> Policy:
    return load_policy(name, as_of=day)


def verdict(expression: Expression, **facts: Any) -> Any:
    """The expression on one unit; a fact not given is 待核."""
    schema = ledger_schema()
    frame = pl.DataFrame({name: [facts.get(name)] for name in schema}, schema=schema)
    return frame.with_columns(verdict=expression.polars())["verdict"][0]


def of_class(id: str, **facts: Any) -> Any:
    (rule,) = (rule for rule in policy().classes if rule.id == id)
    return verdict(rule.when, **facts)


def form(id: str, **facts: Any) -> Any:
    return verdict(policy().forms[id].when, **facts)


def conflict(id: str, name: str = "changle-2011-44", day: date = DAY, **facts: Any) -> Any:
    (rule,) = (rule for rule in policy(name, day).conflicts if rule.id == id)
    return verdict(rule.when, **facts)


def organization(id: str, name: str = "changle-2011-44", day: date = DAY, **facts: Any) -> Any:
    types = {
        ValueType.NUMBER: pl.Int64(),
        ValueType.TEXT: pl.String(),
        ValueType.DATE: pl.Date(),
        ValueType.CONDITION: pl.Boolean(),
    }
    schema = {name.name: types[name.type] for name in ORGANIZATION_NAMES.values()}
    frame = pl.DataFrame({column: [facts.get(column)] for column in schema}, schema=schema)
    (rule,) = (rule for rule in policy(name, day).conflicts if rule.id == id)
    assert "organization" == rule.subject
    return frame.with_columns(verdict=rule.when.polars())["verdict"][0]


# ---- the base


@pytest.mark.clause("1.4")
@pytest.mark.parametrize(
    ("facts", "left_out"),
    [
        ({}, None),
        ({"state": "suspended"}, "suspended"),
        ({"state": "shell"}, "shell"),
        ({"state": "not_found"}, "not_found"),
        ({"state": "deregistered"}, "deregistered"),
        ({"state": "moved_out"}, "moved_out"),
        ({"ownership": "state"}, "state"),
        ({"ownership": "collective"}, "collective"),
        ({"ownership": "mixed"}, None),
        ({"ownership": "foreign"}, None),
        ({"kind": "cooperative", "ownership": "collective"}, None),
        ({"kind": "household", "ownership": "individual"}, None),
        ({"kind": "social_group", "ownership": None}, None),
    ],
)
def test_who_is_outside_the_drive_and_why(facts: dict[str, Any], left_out: str | None) -> None:
    """Closed, gone, state-owned and collective units leave it, each with its own reason."""
    true = [rule.id for rule in policy().scope if verdict(rule.when, **{**ENTERPRISE, **facts}) is True]
    assert ([left_out] if left_out else []) == true


@pytest.mark.clause("1.4")
def test_the_base_of_the_rates_is_enterprises() -> None:
    """Households, cooperatives and social organizations are in the drive, but in no denominator of 1.1-1.5."""
    facts = {"staff": 100, "full_members": 3, "revenue": 600.0, "organization_form": "none"}
    for kind in FIELDS["kind"].choices or ():
        inside = [
            indicator.id
            for indicator in policy().indicators[:5]
            if verdict_of_count(indicator.denominator, kind=kind, **facts)
        ]
        assert (["1.1", "1.2", "1.4", "1.5"] if kind == "enterprise" else []) == inside


def verdict_of_count(expression: Expression, work_covered: bool | None = None, **facts: Any) -> Any:
    schema = ledger_schema()
    frame = pl.DataFrame({name: [facts.get(name)] for name in schema}, schema=schema)
    frame = frame.with_columns(work_covered=pl.lit(work_covered, dtype=pl.Boolean))
    return frame.with_columns(verdict=expression.polars())["verdict"][0]


# ---- 1.1-1.3 and 3.2


@pytest.mark.clause("1.1")
@pytest.mark.parametrize(
    ("full", "probationary", "expected"),
    [
        (0, 0, False),
        (1, 0, True),
        (0, 1, True),  # a probationary member is a member
        (1, None, True),  # one known member decides
        (None, 1, True),
        (0, None, None),  # 待核
        (None, 0, None),
        (None, None, None),
    ],
)
def test_enterprises_with_members(full: int | None, probationary: int | None, expected: bool | None) -> None:
    """At least one member, full or probationary; what is not known is not zero."""
    facts = {**ENTERPRISE, "full_members": full, "probationary_members": probationary}
    assert expected is of_class("has_members", **facts)


@pytest.mark.clause("1.2", "3.2")
@pytest.mark.parametrize(("staff", "expected"), [(79, False), (80, True), (None, None)])
def test_enterprises_with_80_staff(staff: int | None, expected: bool | None) -> None:
    """以上 includes the number."""
    assert expected is of_class("staff_80", **ENTERPRISE, staff=staff)
    assert expected is of_class("stand_alone_enterprise", **ENTERPRISE, staff=staff)


@pytest.mark.clause("1.3")
@pytest.mark.parametrize(
    ("staff", "revenue", "expected"),
    [
        (49, 500.0, False),
        (50, 500.0, True),
        (50, 499.99, False),
        (79, 500.0, True),
        (80, 500.0, False),
        (60, None, None),
        (49, None, False),
        (None, 499.99, False),
        (None, 500.0, None),
    ],
)
def test_50_to_79_staff_and_5_million(
    staff: int | None, revenue: float | None, expected: bool | None
) -> None:
    """Both edges of both numbers; one fact can decide while the other is 待核."""
    assert expected is of_class("staff_50_revenue_500", **ENTERPRISE, staff=staff, revenue=revenue)


@pytest.mark.clause("3.2")
@pytest.mark.parametrize(
    ("id", "facts", "expected"),
    [
        ("stand_alone_civil", {"kind": "civil_non_enterprise", "staff": 49}, False),
        ("stand_alone_civil", {"kind": "civil_non_enterprise", "staff": 50}, True),
        ("stand_alone_intermediary", {"kind": "intermediary", "staff": 50}, True),
        ("stand_alone_intermediary", {"kind": "enterprise", "staff": 50}, False),
        (
            "stand_alone_social_group",
            {"kind": "social_group", "member_units": 80, "full_time_staff": 1},
            True,
        ),
        (
            "stand_alone_social_group",
            {"kind": "social_group", "member_units": 79, "full_time_staff": 1},
            False,
        ),
        (
            "stand_alone_social_group",
            {"kind": "social_group", "member_units": 80, "full_time_staff": 0},
            False,
        ),
        ("stand_alone_social_group", {"kind": "social_group", "member_units": 80}, None),
        ("three_members", {"kind": "household", "full_members": 3}, True),
        ("three_members", {"kind": "household", "full_members": 2}, False),
        ("three_members", {"kind": "household", "full_members": 2, "probationary_members": 5}, False),
    ],
)
def test_who_should_stand_alone(id: str, facts: dict[str, Any], expected: bool | None) -> None:
    """By kind of unit; three members means full members."""
    assert expected is of_class(id, **facts)


@pytest.mark.clause("1.1", "1.2", "1.3", "3.2")
def test_what_each_class_asks() -> None:
    """1.1-1.3 must be covered by any form; 3.2 asks to stand alone and is not itself a target."""
    asked = {rule.id: (rule.clause.id, rule.asked_form, rule.required) for rule in policy().classes}
    assert {
        "has_members": ("1.1", "any", True),
        "staff_80": ("1.2", "any", True),
        "staff_50_revenue_500": ("1.3", "any", True),
        "stand_alone_enterprise": ("3.2", "separate", False),
        "stand_alone_civil": ("3.2", "separate", False),
        "stand_alone_intermediary": ("3.2", "separate", False),
        "stand_alone_social_group": ("3.2", "separate", False),
        "three_members": ("3.2", "separate", False),
    } == asked


# ---- indicators


@pytest.mark.clause("1.1", "1.2", "1.3", "1.4", "1.5")
def test_targets_and_their_day() -> None:
    """Five targets, due on 31 August."""
    targets = {item.id: (item.target, item.due) for item in policy().indicators if item.target is not None}
    due = date(2011, 8, 31)
    assert {
        "1.1": (1.0, due),
        "1.2": (1.0, due),
        "1.3": (1.0, due),
        "1.4": (0.35, due),
        "1.5": (0.4, due),
    } == targets


@pytest.mark.clause("1.4", "1.5")
def test_what_the_planner_holds_to() -> None:
    """The overall rate and work coverage, whatever a county calls them."""
    roles = {item.id: item.role for item in policy().indicators if item.role}
    assert {"1.4": "establishment", "1.5": "work_coverage"} == roles
    county = policy("example-hundred-days", date(2020, 5, 1))
    assert ["overall"] == [item.id for item in county.indicators if item.role == "establishment"]


@pytest.mark.clause("1.4", "2.7")
def test_which_forms_count() -> None:
    """A village affiliation covers (1.1-1.3) but is neither separate nor joint (1.4)."""
    forms = {item.id: item.forms for item in policy().indicators}
    everything = set(FORMS) - {"none"}
    assert everything == forms["1.1"] == forms["1.2"] == forms["1.3"]
    assert everything - {"village"} == forms["1.4"] == policy().form_ids()
    assert frozenset() == forms["1.5"]


@pytest.mark.clause("1.5")
@pytest.mark.parametrize(
    ("form_", "expected"), [("none", True), ("village", True), ("park", False), (None, None)]
)
def test_work_coverage_counts_those_without_an_organization(form_: str | None, expected: bool | None) -> None:
    """Its base is exactly what 1.4 does not count; whether covered comes from the four haves."""
    (indicator,) = (item for item in policy().indicators if item.id == "1.5")
    assert expected is verdict_of_count(indicator.denominator, **ENTERPRISE, organization_form=form_)
    assert indicator.numerator is not None
    assert frozenset({"work_covered"}) == indicator.numerator.fields


@pytest.mark.clause("4.4")
def test_the_average_is_a_number() -> None:
    """平均覆盖户数 counts units for each joint organization, not a percentage."""
    averages = [(item.id, item.forms) for item in policy().indicators if item.measure == "average"]
    assert [("units_per_joint", frozenset({"park", "industry", "leader", "zone"}))] == averages


# ---- the annual return


@pytest.mark.clause("1.4")
def test_every_known_unit_is_on_one_leaf_of_the_return() -> None:
    """All forms and counts of members: exactly one leaf is true, none is unknown."""
    cases = list(product(FORMS, range(5), range(3)))
    schema = ledger_schema()
    facts = {
        "organization_form": [form for form, _, _ in cases],
        "full_members": [full for _, full, _ in cases],
        "probationary_members": [probationary for _, _, probationary in cases],
    }
    frame = pl.DataFrame({name: facts.get(name, [None] * len(cases)) for name in schema}, schema=schema)
    leaves = frame.select(leaf.when.polars().alias(leaf.id) for leaf in policy().statuses)
    assert 0 == leaves.null_count().sum_horizontal()[0]
    assert {1} == set(leaves.select(pl.sum_horizontal(pl.all().cast(pl.Int64))).to_series().to_list())


@pytest.mark.parametrize(
    ("form_", "full", "expected"),
    [
        ("separate", 5, "separate"),
        ("seconded", 2, "separate"),
        ("park", 3, "joint_three"),
        ("park", 1, "joint_fewer"),
        ("park", 0, "none_no_members"),  # a joint branch's unit without members is "none" in the return
        ("village", 1, "none_some"),
        ("none", 3, "none_should"),
        ("none", 2, "none_some"),
        ("none", 0, "none_no_members"),
    ],
)
def test_leaves_of_the_return(form_: str, full: int, expected: str) -> None:
    """The tree of the national annual return."""
    facts = {"organization_form": form_, "full_members": full, "probationary_members": 0}
    assert [expected] == [leaf.id for leaf in policy().statuses if verdict(leaf.when, **facts)]


# ---- forms


@pytest.mark.clause("2.1", "2.2", "2.3", "2.4", "2.5", "2.6", "2.7")
@pytest.mark.parametrize(
    ("id", "facts", "expected"),
    [
        ("separate", {"full_members": 2}, False),
        ("separate", {"full_members": 3}, True),
        ("separate", {"full_members": 2, "probationary_members": 1}, False),
        ("separate", {}, None),
        ("mobile", {"mobile_members": 3}, True),
        ("mobile", {"mobile_members": 2}, False),
        ("seconded", {"full_members": 2, "staff": 50}, True),
        ("seconded", {"full_members": 2, "staff": 49}, False),
        ("seconded", {"full_members": 1, "staff": 90}, False),
        ("seconded", {"full_members": 3, "staff": 90}, False),
        ("park", {"full_members": 2, "park": "P1"}, True),
        ("park", {"full_members": 3, "park": "P1"}, False),
        ("park", {"full_members": 2}, False),
        ("industry", {"full_members": 0, "association": ["S1"]}, True),
        ("leader", {"full_members": 3, "staff": 150}, True),
        ("leader", {"full_members": 3, "staff": 149, "revenue": 4999.0}, False),
        ("leader", {"full_members": 3, "revenue": 5000.0}, True),
        (
            "leader",
            {"full_members": 3, "staff": 10, "revenue": 1.0, "unit_id": "7", "leader_unit_id": "7"},
            True,
        ),
        ("zone", {"full_members": 1, "village": "V1"}, True),
        ("zone", {"full_members": 1, "village": "V1", "park": "P1"}, False),
        ("village", {"full_members": 0, "village": "V1"}, True),
        ("village", {"full_members": 3, "village": "V1"}, False),
    ],
)
def test_who_can_take_a_form(id: str, facts: dict[str, Any], expected: bool | None) -> None:
    """The condition of each form at its edges."""
    assert expected is form(id, **facts)


@pytest.mark.clause("2.3", "2.4", "2.5", "2.6")
@pytest.mark.parametrize("id", ["park", "industry", "leader", "zone"])
def test_limits_of_joint_organizations(id: str) -> None:
    """Two to five units, three full members in all, fifty members, a host with one, others with at most two."""
    assert {
        "min_units": 2.0,
        "max_units": 5.0,
        "min_full_members": 3.0,
        "max_members": 50.0,
        "host_min_full_members": 1.0,
        "other_max_full_members": 2.0,
    } == policy().forms[id].limits


@pytest.mark.parametrize(
    ("id", "full", "expected"),
    [("park", 0, False), ("park", 1, True), ("park", 3, False), ("leader", 2, False), ("leader", 3, True)],
)
def test_who_can_carry_a_joint_organization(id: str, full: int, expected: bool) -> None:
    """A lead unit has a full member; a leading enterprise has three."""
    host = policy().forms[id].host_when
    assert host is not None
    assert expected is verdict(host, full_members=full, park="P1", staff=200, area="A1")


# ---- conflicts


@pytest.mark.clause("2.1", "2.2", "3.2", "4.5")
@pytest.mark.parametrize(
    ("id", "facts", "expected"),
    [
        ("stand_alone_without_three", {"kind": "enterprise", "staff": 80, "full_members": 2}, True),
        ("stand_alone_without_three", {"kind": "enterprise", "staff": 80, "full_members": 3}, False),
        ("stand_alone_without_three", {"kind": "enterprise", "staff": 80}, None),
        ("split_off", {"organization_form": "park", "full_members": 3}, True),
        ("split_off", {"organization_form": "park", "full_members": 2}, False),
        ("split_off", {"organization_form": "leader", "full_members": 3, "staff": 200}, False),
        ("split_off", {"organization_form": "leader", "full_members": 3, "staff": 20, "revenue": 9.0}, True),
        ("separate_without_three", {"organization_form": "separate", "full_members": 2}, True),
        ("probationary_counted_as_full", {"organization_form": "separate", "full_members": 2, "probationary_members": 1}, True),
        ("probationary_counted_as_full", {"organization_form": "separate", "full_members": 3, "probationary_members": 1}, False),
        ("mobile_counted_twice", {"intended_form": "separate", "organization_form": "none", "full_members": 2, "mobile_members": 1}, True),
        ("mobile_counted_twice", {"intended_form": "park", "organization_form": "none", "full_members": 2, "mobile_members": 1}, False),
        ("instructor_transfer_not_two", {"intended_form": "seconded", "organization_form": "none", "full_members": 1}, True),
        ("instructor_transfer_not_two", {"intended_form": "seconded", "organization_form": "none", "full_members": 2}, False),
        ("no_secretary_candidate", {"full_members": 3, "secretary_candidate": False}, False),
        ("conditions_not_mature", {"full_members": 3, "conditions_mature": False}, True),
        ("conditions_not_mature", {"full_members": 3, "conditions_mature": True}, False),
    ],
)  # fmt: skip
def test_conflicts_of_units(id: str, facts: dict[str, Any], expected: bool | None) -> None:
    """Each conflict at its edge, in August 2011."""
    assert expected is conflict(id, **facts)


@pytest.mark.clause("4.5")
@pytest.mark.parametrize(("day", "expected"), [(date(2012, 10, 31), False), (date(2012, 11, 1), True)])
def test_a_secretary_candidate_is_a_precondition_from_november_2012(day: date, expected: bool) -> None:
    """The dated switch of Zhejiang."""
    assert expected is conflict("no_secretary_candidate", day=day, full_members=3, secretary_candidate=False)


@pytest.mark.clause("2.2")
def test_moving_an_instructor_is_warned_about_under_the_rules_of_2018() -> None:
    """The notice allows it; under today's rules the same plan carries a warning."""
    facts = {"intended_form": "seconded", "organization_form": "none", "full_members": 2}
    assert False is conflict("instructor_transfer_unsettled", **facts)
    assert True is conflict("instructor_transfer_unsettled", TODAY, date(2018, 10, 28), **facts)


JOINT = {"org_type": "joint_branch", "org_form": "park"}


@pytest.mark.clause("2.1", "2.3", "5.2")
@pytest.mark.parametrize(
    ("id", "facts", "expected"),
    [
        ("joint_total_below_three", {**JOINT, "org_full_members": 2}, True),
        ("joint_total_below_three", {**JOINT, "org_full_members": 3}, False),
        ("joint_holds_three", {**JOINT, "org_units_with_three": 1}, True),
        ("joint_holds_three", {**JOINT, "org_units_with_three": 0}, False),
        ("joint_too_many_units", {**JOINT, "org_units": 5}, False),
        ("joint_too_many_units", {**JOINT, "org_units": 6}, True),
        ("branch_too_large", {**JOINT, "org_members": 50}, False),
        ("branch_too_large", {**JOINT, "org_members": 51}, True),
        ("general_branch_too_large", {"org_type": "general_branch", "org_members": 100}, False),
        ("general_branch_too_large", {"org_type": "general_branch", "org_members": 101}, True),
        ("committee_missing", {**JOINT, "org_full_members": 6, "has_committee": False}, False),
        ("committee_missing", {**JOINT, "org_full_members": 7, "has_committee": False}, True),
        ("committee_missing", {**JOINT, "org_full_members": 7, "has_committee": True}, False),
        ("committee_missing", {**JOINT, "org_full_members": 7}, None),
        ("secretary_missing", {"has_secretary": False}, True),
        ("reply_late", {"org_requested_on": date(2011, 7, 1), "org_replied_on": date(2011, 8, 1)}, False),
        ("reply_late", {"org_requested_on": date(2011, 7, 1), "org_replied_on": date(2011, 8, 2)}, True),
        ("reply_late", {"org_requested_on": date(2011, 7, 15)}, None),
        ("reply_late", {"org_requested_on": date(2011, 7, 14)}, True),
        ("reply_late", {}, None),
        ("term_expired", {"org_elected_on": date(2008, 8, 15)}, True),
        ("term_expired", {"org_elected_on": date(2008, 8, 16)}, False),
        ("not_filed", {"org_replied_on": date(2011, 8, 1)}, True),
        ("not_filed", {"org_replied_on": date(2011, 8, 1), "org_filed_on": date(2011, 8, 9)}, False),
    ],
)
def test_conflicts_of_organizations(id: str, facts: dict[str, Any], expected: bool | None) -> None:
    """Each limit of an organization at its edge, on 15 August 2011."""
    assert expected is organization(id, **facts)


# ---- 4.1 and 4.4


@pytest.mark.clause("4.1")
@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({**ENTERPRISE, "staff": 29}, ["below_30"]),
        ({**ENTERPRISE, "staff": 30}, ["from_30"]),
        ({**ENTERPRISE, "staff": 49}, ["from_30"]),
        ({**ENTERPRISE, "staff": 50, "revenue": 499.99}, ["from_50_below_500"]),
        ({**ENTERPRISE, "staff": 50, "revenue": 500.0}, ["large"]),
        ({**ENTERPRISE, "staff": 80, "revenue": 1.0}, ["large"]),
        ({"kind": "household", "staff": 3}, ["below_30"]),
        ({"kind": "civil_non_enterprise", "staff": 3}, ["civil_non_enterprise"]),
        ({"kind": "intermediary"}, ["intermediary"]),
        ({"kind": "social_group"}, ["social_group"]),
        ({**ENTERPRISE, "staff": 60}, []),
    ],
)
def test_lists_by_size(facts: dict[str, Any], expected: list[str]) -> None:
    """Every unit on the one list that its facts put it on; unknown revenue puts it on none for certain."""
    assert expected == [item.id for item in policy().size_lists if verdict(item.when, **facts)]


@pytest.mark.clause("4.1")
def test_eight_clears() -> None:
    """八清, in the notice's order and words."""
    assert [
        "企业性质清",
        "经营状况清",
        "职工人数清",
        "业主身份清",
        "党员数量清",
        "组织设置清",
        "隶属关系清",
        "组建方向清",
    ] == [item.label.zh for item in policy().clears]


@pytest.mark.clause("4.1")
@pytest.mark.parametrize(
    ("id", "facts", "expected"),
    [
        ("nature", {"kind": "enterprise"}, False),
        ("nature", {"kind": "enterprise", "ownership": "private"}, True),
        ("nature", {"kind": "social_group"}, True),  # a social group has no ownership to find out
        ("nature", {"ownership": "private"}, False),
        ("members", {"full_members": 0}, False),
        ("members", {"full_members": 0, "probationary_members": 0}, True),
        ("organization", {"organization_form": "none"}, True),
        ("organization", {"organization_form": "park"}, False),
        ("organization", {"organization_form": "park", "organization_id": "O1"}, True),
    ],
)
def test_when_an_item_is_clear(id: str, facts: dict[str, Any], expected: bool) -> None:
    """Known is known, zero included; a fact that the unit cannot have is not asked for."""
    (item,) = (item for item in policy().clears if item.id == id)
    assert expected is verdict(item.clear, **facts)


@pytest.mark.clause("4.4")
@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"instructor_id": "I1"}, [True, None, None, None]),
        ({"union": False, "youth_league": False, "womens_federation": True}, [None, True, None, None]),
        ({"union": False, "youth_league": False, "womens_federation": False}, [None, False, None, None]),
        ({"union": False}, [None, None, None, None]),
        ({"applicants": 0}, [None, None, False, None]),
        ({"owner_trained_on": date(2011, 8, 15)}, [None, None, None, True]),
        ({"owner_trained_on": date(2011, 8, 16)}, [None, None, None, False]),
    ],
)
def test_four_haves(facts: dict[str, Any], expected: list[bool | None]) -> None:
    """四个有: an empty cell is 待核, not "no"; training planned for tomorrow has not been had."""
    assert expected == [verdict(item.when, **facts) for item in policy().haves.items]
    assert "any" == policy().haves.need


# ---- bodies, groups, timetable, document


@pytest.mark.clause("3.0", "3.1", "3.3a", "3.3b", "3.3c", "3.3d", "3.4", "5.1")
def test_bodies() -> None:
    """Seven work areas, four park areas, and everything under the working committee or the leading group."""
    bodies = {body.id: body for body in policy().bodies}
    assert (7, 4, 9) == tuple(
        bodies[id].count for id in ("work_area_general_branch", "park_area_joint_branch", "task_groups")
    )
    assert "park_general_branch" == bodies["park_area_joint_branch"].parent
    assert "working_committee" == bodies["park_general_branch"].parent
    assert "committee" == bodies["working_committee"].parent
    assert "镇党委主要领导" == bodies["leading_group"].head.zh
    assert bodies["venue_organization"].count is None


@pytest.mark.clause("4.1", "A2")
def test_nine_task_groups() -> None:
    """Nine, on the four lines that the notice names."""
    assert 9 == len(policy().group_slots)
    assert {"rural", "economic", "social", "self_employed"} == {slot.line for slot in policy().group_slots}


@pytest.mark.clause("4.1", "4.2", "4.3", "4.4", "4.5", "4.6")
def test_the_timetable_has_real_days() -> None:
    """Early, mid and late August as days; what the notice dates by nothing has no day."""
    days = {item.id: (item.start, item.due) for item in policy().milestones}
    august = {day: date(2011, 8, day) for day in (1, 10, 11, 20, 21, 31)}
    assert (august[1], august[10]) == days["survey"]
    assert (august[11], august[20]) == days["instructors"]
    assert (august[21], august[31]) == days["work_coverage"]
    assert (august[1], august[31]) == days["establishment"]
    assert (date(2011, 9, 1), date(2011, 9, 20)) == days["summary"]
    assert (None, None) == days["plan"] == days["leading_group"]


@pytest.mark.clause("4.4", "4.5")
def test_the_order_of_the_clauses_is_not_the_order_of_the_days() -> None:
    """4.5 comes before 4.4: work coverage needs the instructors."""
    before = {item.id: item.predecessors for item in policy().milestones}
    assert ("instructors",) == before["work_coverage"]
    assert ("survey",) == before["plan"]


@pytest.mark.clause("A3")
def test_the_document() -> None:
    """Serial number, subject words (before 2012), addressees and the copy to the organization department."""
    style = policy().style
    assert ("pre-2012", "长委〔2011〕44号") == (style.id, style.serial)
    assert ("非公企业党组织", "组建专项行动", "通知") == style.subject_words
    assert ["市委组织部"] == [text.zh for text in style.copy_to]


def test_the_four_principles_are_quoted() -> None:
    """Documents quote 四句 from the policy."""
    assert "行业相近、地域相邻、产业相通、工作方便" == policy().texts["four_principles"].zh


def test_planning_weights() -> None:
    """The figures of docs/planning.md."""
    weights = policy().planning
    assert {
        "separate": 0.0,
        "seconded": 0.10,
        "park": 0.30,
        "industry": 0.45,
        "leader": 0.25,
        "zone": 0.35,
        "village": 0.90,
        "mobile": 0.0,
        "none": 0.0,
    } == weights.per_unit
    assert {"seconded": 0.2, "park": 0.2, "industry": 0.2, "leader": 0.1, "zone": 0.2} == {
        form: cost for form, cost in weights.per_organization.items() if cost
    }
    assert (0.5, 6.0, -0.3, 0.02, 15) == (
        weights.distance,
        weights.distance_cap_km,
        weights.chain,
        weights.pair_floor,
        weights.village_capacity,
    )


def test_every_value_has_a_source() -> None:
    """Each dated value says where it comes from; what the notice leaves open says that it is a setting."""
    for parameter in policy().parameters.values():
        assert all(value.source.zh and value.source.en for value in parameter.values), parameter.id


@pytest.mark.parametrize("id", ["changle-2011-44", "example-hundred-days", "example-two-years"])
def test_every_source_can_be_read_in_english(id: str) -> None:
    """A county may give one citation for both languages; the policies that come with the program give both."""
    own = load_policy(id, overlays=("branch-regulations-2018",), as_of=date(2020, 8, 1))
    for parameter in own.parameters.values():
        for value in parameter.values:
            assert not re.search("[\u3400-\u9fff]", value.source.en), (parameter.id, value.source.en)
