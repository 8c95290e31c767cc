"""Party members of the units, by count: about one enterprise in six has any, and more likely a larger one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from liangxin.sample.units import Units

SHARE_WITH_MEMBERS: Final = 0.178  # of the enterprises
OTHERS_SHARE: Final = 0.14  # of all other kinds
_PULL_OF_SIZE: Final = 0.6


@dataclass(frozen=True, slots=True)
class Members:
    """Counts, one entry a unit. ``graduates`` are among the ``mobile``; ``owner`` is "member", "other_party" or "none"."""

    full: NDArray[np.int64]
    probationary: NDArray[np.int64]
    mobile: NDArray[np.int64]
    graduates: NDArray[np.int64]
    owner: list[str]


def draw_members(units: Units, rng: np.random.Generator, *, share: float = SHARE_WITH_MEMBERS) -> Members:
    """``share``: of the enterprises, those with a member."""
    count = len(units.staff)
    staff = units.staff
    enterprise = np.array([kind == "enterprise" for kind in units.kinds])
    pull = staff.astype(np.float64) ** _PULL_OF_SIZE
    any_member = _drawn(pull, enterprise, share, rng) | _drawn(pull, ~enterprise, OTHERS_SHARE, rng)
    more = 0.72 + np.minimum(staff / 75, 9.0)
    full = np.where(any_member, 1 + rng.negative_binomial(6.0, 6.0 / (6.0 + more)), 0)
    full = np.minimum(full, staff)
    only_new = any_member & (full == 1) & (rng.random(count) < 0.04)
    full = np.where(only_new, 0, full)
    room = staff - full
    probationary = np.where(any_member, rng.poisson(0.06 + np.minimum(staff / 400, 0.8)), 0)
    probationary = np.minimum(np.where(only_new, np.maximum(probationary, 1), probationary), room)
    room = room - probationary
    mobile = np.where(
        rng.random(count) < 0.02 + np.minimum(staff / 1500, 0.2), 1 + rng.poisson(staff / 120), 0
    )
    mobile = np.minimum(mobile, room)
    graduates = rng.binomial(mobile, 0.35)
    chance = rng.random(count)
    owner = np.where(
        (full > 0) & (chance < 0.38), "member", np.where(chance > 0.985, "other_party", "none")
    ).tolist()
    return Members(full, probationary, mobile, graduates, owner)


def _drawn(
    pull: NDArray[np.float64], among: NDArray[np.bool_], share: float, rng: np.random.Generator
) -> NDArray[np.bool_]:
    """This share of the units ``among``, drawn without replacement with chances as ``pull`` (Efraimidis and Spirakis)."""
    keys = np.where(among, np.log(rng.random(len(pull))) / pull, -np.inf)
    drawn = np.zeros(len(pull), dtype=np.bool_)
    drawn[np.argsort(-keys, kind="stable")[: round(share * int(among.sum()))]] = True
    return drawn
