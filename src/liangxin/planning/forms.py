"""The forms of establishment as small integers, for arrays. The order is that of the ledger's own list of forms."""

from __future__ import annotations

from typing import Final

NAMES: Final[tuple[str, ...]] = (
    "separate",
    "seconded",
    "park",
    "industry",
    "leader",
    "zone",
    "village",
    "mobile",
    "none",
)
SEPARATE, SECONDED, PARK, INDUSTRY, LEADER, ZONE, VILLAGE, MOBILE, NONE = range(9)
CODE: Final[dict[str, int]] = {name: code for code, name in enumerate(NAMES)}

JOINT: Final = (PARK, INDUSTRY, LEADER, ZONE)
"""Forms in which several units share one organization around a lead unit, the host."""

ALONE: Final = (SEPARATE, SECONDED, MOBILE)
"""Forms in which a unit has an organization of its own; it is its own host."""

ORGANIZED: Final = (*ALONE, *JOINT)
"""Forms that are an organization; the other two are an affiliation with a village and nothing."""

ALL_FORMS: Final = (1 << len(NAMES)) - 1
"""Bit mask that allows every form."""


def bit(*codes: int) -> int:
    """The bit mask that has these forms.

    >>> bit(SEPARATE, PARK)
    5
    """
    mask = 0
    for code in codes:
        mask |= 1 << code
    return mask
