"""Two rows of one unit become one: field by field, which of the two is right."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal

from liangxin.registry.fields import FIELDS

Side = Literal["first", "second"]
IDENTITY: Final = ("name", "uscc")
"""What the unit is called and registered as: those of the row that stays, where it has them."""


def choose_sides(first: Mapping[str, Any], second: Mapping[str, Any], stays: Side) -> dict[str, Side]:
    """For every field in which two rows differ, the row whose value is taken.

    What only one knows is taken from it. Where both know, the newer survey is; with no survey, or two of one day, the row
    that stays. An identity is that of the row that stays.
    """
    sides: dict[str, Side] = {}
    newer = _newer(first, second) or stays
    for name in FIELDS:
        one, other = first[name], second[name]
        if name == "unit_id" or one == other:
            continue
        if _is_empty(one) or _is_empty(other):
            sides[name] = "second" if _is_empty(one) else "first"
        else:
            sides[name] = stays if name in IDENTITY else newer
    return sides


def _newer(first: Mapping[str, Any], second: Mapping[str, Any]) -> Side | None:
    one, other = first["surveyed_on"], second["surveyed_on"]
    if one == other:
        return None
    if one is None or other is None:
        return "second" if one is None else "first"
    return "first" if one > other else "second"


def _is_empty(value: Any) -> bool:
    return value is None or value == "" or value == []
