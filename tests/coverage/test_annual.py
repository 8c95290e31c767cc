"""The table of the national annual return."""

from __future__ import annotations

import pytest
from tests.coverage.ledgers import ledger, notice

from liangxin.coverage import classify
from liangxin.coverage.annual import annual_return

UNITS = (
    {"organization_form": "separate", "organization_id": "O1", "full_members": 60, "staff": 500, "owner_identity": "member", "owner_is_secretary": True},
    {"organization_form": "separate", "organization_id": "O2", "full_members": 3, "staff": 50},
    {"organization_form": "park", "organization_id": "O3", "full_members": 3, "staff": 99},
    {"organization_form": "park", "organization_id": "O3", "full_members": 1, "staff": 100},
    {"organization_form": "zone", "organization_id": "O4", "full_members": 0},
    {"full_members": 4},
    {"full_members": 1, "staff": None},
    {"organization_form": None},
    {"state": "deregistered", "organization_form": "separate"},
)  # fmt: skip


def counts(column: str) -> dict[str, tuple[int, int]]:
    table = annual_return(classify(ledger(*UNITS), notice()))
    return {row.id: (row.counts[column].certain, row.counts[column].unknown) for row in table.rows}


@pytest.mark.clause("1.4")
def test_all_units_by_leaf() -> None:
    """Each unit of the base on one leaf; no member inside a joint branch is "none"; a closed unit is on none."""
    assert counts("all") == {
        "all": (8, 0),
        "group:separate": (2, 0), "separate": (2, 0),
        "group:joint": (2, 0), "joint_three": (1, 0), "joint_fewer": (1, 0),
        "group:none": (3, 0), "none_should": (1, 0), "none_some": (1, 0), "none_no_members": (1, 0),
        "unknown": (1, 0),
    }  # fmt: skip


def test_columns_by_staff() -> None:
    """50 and 100 are inside; staff that is 待核 is counted apart, in its own row."""
    fifty, hundred = counts("staff_50"), counts("staff_100")
    assert (fifty["all"], fifty["none_some"]) == ((4, 1), (0, 1))
    assert (hundred["separate"], hundred["joint_three"], hundred["joint_fewer"]) == ((1, 0), (0, 0), (1, 0))


def test_legal_representative() -> None:
    """A member, and also secretary; an identity not yet known is counted apart."""
    assert counts("owner_member")["separate"] == (1, 1)
    assert counts("owner_secretary")["separate"] == (1, 1)


def test_joint_branches_are_counted_once() -> None:
    """Three units in two joint branches."""
    assert 2 == annual_return(classify(ledger(*UNITS), notice())).joint_branches


def test_types_come_from_the_town_file() -> None:
    """Committee, general branch, branch: parts of the leaf, and what is of another type; they add up to it."""
    table = annual_return(classify(ledger(*UNITS), notice()), {"O1": "general_branch"})
    parts = {row.id: row.counts["all"].certain for row in table.rows if row.level == "part"}
    leaf = next(leaf for leaf in notice().statuses if leaf.id == "separate")
    assert parts == {
        **{f"separate:{type_}": 0 for type_ in leaf.also_by},
        "separate:general_branch": 1,
        "separate:other": 1,
    }
