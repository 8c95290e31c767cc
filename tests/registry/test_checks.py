"""Checks across fields: what is certainly contradictory is found, what is not yet known accuses nobody."""

from __future__ import annotations

from typing import Any

import pytest
from tests.registry.ledger_frame import ledger

from liangxin.findings import Severity
from liangxin.registry.checks import CHECKS, check_units
from liangxin.registry.town import Area, Town

TOWN = Town(
    "长乐镇",
    "330683101",
    (
        Area("A1", "第一工作片", "work_area", None, (120.60, 29.47)),
        Area("A2", "第二工作片", "work_area", None, (120.64, 29.47)),
        Area("V1", "上水村", "village", "A1", (120.60, 29.47)),
    ),
)


def codes(*units: dict[str, Any], town: Town | None = None) -> list[tuple[str, int]]:
    return sorted((item.finding.code, item.unit) for item in check_units(ledger(*units), town))


@pytest.mark.parametrize(
    ("expected", "wrong", "right"),
    [
        (
            "graduates_exceed_mobile",
            {"graduate_mobile_members": 3, "mobile_members": 2},
            {"graduate_mobile_members": 2, "mobile_members": 2},
        ),
        (
            "secretary_not_member",
            {"owner_is_secretary": True, "owner_identity": "none"},
            {"owner_is_secretary": True, "owner_identity": "member"},
        ),
        (
            "none_with_organization",
            {"organization_form": "none", "organization_id": "O1"},
            {"organization_form": "none"},
        ),
        (
            "form_without_organization",
            {"organization_form": "park"},
            {"organization_form": "park", "organization_id": "O1"},
        ),
        (
            "organization_without_form",
            {"organization_id": "O1"},
            {"organization_id": "O1", "organization_form": "zone"},
        ),
        (
            "separate_below_three",
            {"organization_form": "separate", "organization_id": "O1", "full_members": 2},
            {"organization_form": "separate", "organization_id": "O1", "full_members": 3},
        ),
        (
            "members_exceed_staff",
            {"full_members": 3, "probationary_members": 1, "staff": 3},
            {"full_members": 3, "probationary_members": 1, "staff": 4},
        ),
        ("full_time_exceed_staff", {"full_time_staff": 3, "staff": 2}, {"full_time_staff": 2, "staff": 2}),
        ("revenue_in_yuan", {"revenue": 5_000_000.0, "staff": 60}, {"revenue": 5_000_000.0, "staff": 6000}),
        ("revenue_in_yuan", {"revenue": 90_000.0, "staff": 10}, {"revenue": 9_000.0, "staff": 10}),
        ("revenue_too_low", {"revenue": 1.2, "staff": 120}, {"revenue": 120.0, "staff": 120}),
        ("very_many_staff", {"staff": 12_000}, {"staff": 1_200}),
        (
            "closed_with_organization",
            {"state": "deregistered", "organization_form": "park", "organization_id": "O1"},
            {"state": "deregistered", "organization_form": "none"},
        ),
        (
            "kind_against_code",
            {"kind": "household", "uscc": "9133068314633680XL"},
            {"kind": "enterprise", "uscc": "9133068314634982X4"},
        ),
        ("half_position", {"lon": 120.6}, {"lon": 120.6, "lat": 29.4}),
    ],
)
def test_each_contradiction(expected: str, wrong: dict[str, Any], right: dict[str, Any]) -> None:
    """The smallest ledger that shows it, and the nearest one that does not."""
    assert codes(wrong, right) == [(expected, 0)]


def test_every_check_is_shown_here() -> None:
    """A check without a case above would be unproven."""
    shown = {case[0] for mark in test_each_contradiction.pytestmark for case in mark.args[1]}  # type: ignore[attr-defined]
    assert {check.id for check in CHECKS} - shown == {"missing_name"}


def test_not_yet_known_accuses_nobody() -> None:
    """An empty ledger has no contradictions; each half of one alone has none either."""
    assert codes({}, {"owner_is_secretary": True}, {"graduate_mobile_members": 3}, {"state": "shell"}) == []


def test_a_unit_without_a_name() -> None:
    """The one field that a unit cannot do without."""
    assert codes({"name": None}) == [("missing_name", 0)]


def test_the_message_gives_both_numbers() -> None:
    """So that the sentence can be checked without the sheet."""
    (found,) = check_units(ledger({"graduate_mobile_members": 3, "mobile_members": 2}))
    assert found.finding.message.zh == "大学生流动党员（3）多于流动党员（2）"
    assert found.finding.column_of == "graduate_mobile_members"


def test_double_numbers_and_codes_name_the_other_rows() -> None:
    """Both are errors: a unit counts once. «无（…)» is no code and may repeat."""
    found = check_units(
        ledger(
            {"unit_id": "U1", "uscc": "9133068314633680XL"},
            {"unit_id": "U1", "uscc": "9133068314634982X4"},
            {"uscc": "9133068314633680XL"},
            {"uscc": "无（未办照）"},
            {"uscc": "无（未办照）"},
        )
    )
    assert sorted((item.finding.code, item.unit, item.related, item.finding.severity) for item in found) == [
        ("double_code", 0, (2,), Severity.ERROR),
        ("double_code", 2, (0,), Severity.ERROR),
        ("double_id", 0, (1,), Severity.ERROR),
        ("double_id", 1, (0,), Severity.ERROR),
    ]


def test_an_industry_code_that_does_not_exist() -> None:
    """3812 is the making of motors; 9999 is nothing."""
    assert codes({"industry": "3812"}, {"industry": "9999"}) == [("unknown_industry", 1)]


def test_a_village_in_another_work_area() -> None:
    """上水村 lies in A1."""
    wrong, right = {"village": "V1", "area": "A2"}, {"village": "V1", "area": "A1"}
    assert codes(wrong, right, {"village": "V1"}, town=TOWN) == [("place_in_other_area", 0)]


def test_a_position_outside_the_town() -> None:
    """Hangzhou is not in 长乐镇."""
    assert codes({"lon": 120.15, "lat": 30.27}, {"lon": 120.61, "lat": 29.48}, town=TOWN) == [
        ("outside_town", 0)
    ]
