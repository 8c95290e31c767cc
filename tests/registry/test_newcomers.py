"""New units get what follows from their village, and the next number of the ledger's kind; nothing is guessed."""

from __future__ import annotations

from typing import Any

import pytest
from tests.registry.ledger_frame import ledger

from liangxin.registry.newcomers import fill_belonging, next_numbers
from liangxin.registry.town import Area, TaskGroup, Town

AREAS = (
    Area("A1", "一片", "work_area"),
    Area("V1", "水竹村", "village", "A1"),
    Area("V2", "石门村", "village", "A1"),
    Area("P1", "工业园", "park", "A1"),
)


def town(*groups: tuple[str, str]) -> Town:
    return Town(
        "镇", "1", AREAS, task_groups=tuple(TaskGroup(id, id, tuple(at.split())) for id, at in groups)
    )


@pytest.mark.parametrize(
    ("rows", "new", "expected"),
    [
        ([{"unit_id": "CL00017"}, {"unit_id": "CL00009"}], [{}, {}], ["CL00018", "CL00019"]),
        ([{"unit_id": "CL9"}, {"unit_id": "CL10"}], [{}], ["CL11"]),
        ([{"unit_id": "CL0999"}, {"unit_id": "CL0998"}], [{}, {}], ["CL1000", "CL1001"]),
        ([{"unit_id": "12"}, {"unit_id": "7"}], [{}], ["13"]),
        (  # each village numbers its own
            [{"unit_id": "SZ-03", "village": "V1"}, {"unit_id": "SM-11", "village": "V2"}],
            [{"village": "V2"}, {"village": "V1"}, {"village": "V2"}],
            ["SM-12", "SZ-04", "SM-13"],
        ),
        ([{"unit_id": "SZ-03", "village": "V1"}, {"unit_id": "SM-11", "village": "V2"}], [{"village": "V3"}], [None]),
        (  # numbers made from codes are no running numbers
            [{"unit_id": "123456789", "uscc": "91330600123456789X"}, {"unit_id": "U0123456789ab"}], [{}], [None],
        ),
        ([{"unit_id": "长乐-甲"}], [{}], [None]),
        ([], [{}], [None]),
    ],
)  # fmt: skip
def test_the_next_number(rows: list[dict[str, Any]], new: list[dict[str, Any]], expected: list[Any]) -> None:
    assert expected == next_numbers(new, ledger(*rows).head(len(rows)))


def test_a_number_that_was_given_once_is_not_given_again() -> None:
    """Taken out of the ledger, or written in the list itself."""
    assert ["CL0031"] == next_numbers([{}], ledger({"unit_id": "CL0017"}), ["CL0030", "x"])


@pytest.mark.parametrize(
    ("groups", "rows", "new", "expected"),
    [
        ([("G1", "A1")], [], {"village": "V1"}, {"area": "A1", "task_group": "G1"}),
        ([("G1", "A1"), ("G2", "V1")], [], {"village": "V1"}, {"area": "A1", "task_group": "G2"}),
        ([("G1", "A1")], [], {"village": "V1", "area": "A1", "task_group": "G9"}, {}),
        ([("G1", "A1"), ("G2", "A1")], [], {"village": "V1"}, {"area": "A1"}),
        (  # of two, the one that has this kind in the area
            [("G1", "A1"), ("G2", "A1")],
            [{"unit_id": "1", "kind": "enterprise", "area": "A1", "village": "V2", "task_group": "G1"},
             {"unit_id": "2", "kind": "social_group", "area": "A1", "village": "V2", "task_group": "G2"}],
            {"village": "V1", "kind": "enterprise"},
            {"area": "A1", "task_group": "G1"},
        ),
        (  # the village says it where the town file says nothing
            [],
            [{"unit_id": "1", "kind": "household", "village": "V1", "task_group": "G3"}],
            {"village": "V1", "kind": "household"},
            {"area": "A1", "task_group": "G3"},
        ),
        ([("G1", "A1")], [], {}, {}),
        ([("G1", "A1")], [], {"village": "不认识"}, {}),
    ],
)  # fmt: skip
def test_belonging(
    groups: list[tuple[str, str]], rows: list[dict[str, Any]], new: dict[str, Any], expected: dict[str, Any]
) -> None:
    assert [expected] == fill_belonging([new], ledger(*rows).head(len(rows)), town(*groups))
