"""Two rows of one unit: whose value is taken, field by field."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from liangxin.registry.fields import FIELDS
from liangxin.registry.merging import Side, choose_sides

EARLY, LATE = date(2011, 8, 1), date(2011, 8, 9)


def row(**facts: Any) -> dict[str, Any]:
    return dict.fromkeys(FIELDS) | facts


@pytest.mark.parametrize(
    ("first", "second", "stays", "expected"),
    [
        ({"staff": 5}, {}, "second", {"staff": "first"}),  # what only one knows
        ({"staff": 5}, {"staff": 6}, "first", {"staff": "first"}),  # nobody surveyed: the row that stays
        ({"staff": 5}, {"staff": 6}, "second", {"staff": "second"}),
        ({"staff": 5, "surveyed_on": EARLY}, {"staff": 6, "surveyed_on": LATE}, "first", {"staff": "second", "surveyed_on": "second"}),
        ({"staff": 5, "surveyed_on": LATE}, {"staff": 6, "surveyed_on": EARLY}, "second", {"staff": "first", "surveyed_on": "first"}),
        ({"staff": 5, "surveyed_on": EARLY}, {"staff": 6}, "second", {"staff": "first", "surveyed_on": "first"}),
        ({"staff": 0, "surveyed_on": LATE}, {"staff": 6, "surveyed_on": EARLY}, "second", {"staff": "first", "surveyed_on": "first"}),
        ({"union": False}, {"union": None}, "second", {"union": "first"}),
        ({"name": "甲", "surveyed_on": EARLY}, {"name": "乙", "surveyed_on": LATE}, "first", {"name": "first", "surveyed_on": "second"}),
        ({"uscc": None}, {"uscc": "X"}, "first", {"uscc": "second"}),
        ({"unit_id": "1", "staff": 5}, {"unit_id": "2", "staff": 5}, "first", {}),
    ],
)  # fmt: skip
def test_sides(first: dict[str, Any], second: dict[str, Any], stays: Side, expected: dict[str, Side]) -> None:
    assert expected == choose_sides(row(**first), row(**second), stays)
