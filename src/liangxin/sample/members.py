"""Party members of the units, by count: about one enterprise in six has any, and more likely a larger one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from liangxin.sample.units import Units

SHARE_WITH_MEMBERS: Final = 0.165


@dataclass(frozen=True, slots=True)
class Members:
    """Counts, one entry a unit. ``graduates`` are among the ``mobile``; ``owner`` is "member", "other_party" or "none"."""

    full: NDArray[np.int64]
    probationary: NDArray[np.int64]
    mobile: NDArray[np.int64]
    graduates: NDArray[np.int64]
    owner: list[str]


def draw_members(units: Units, rng: np.random.Generator) -> Members:
    count = len(units.staff)
    staff = units.staff
    pull = staff.astype(np.float64) ** 0.6
    any_member = rng.random(count) < _scaled_to_mean(pull, SHARE_WITH_MEMBERS)
    more = 0.6 + np.minimum(staff / 60, 9.0)
    full = np.where(any_member, 1 + rng.negative_binomial(2.0, 2.0 / (2.0 + more)), 0)
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


def _scaled_to_mean(pull: NDArray[np.float64], mean: float) -> NDArray[np.float64]:
    """``pull`` times one factor, cut at 0.97, such that its mean is ``mean``."""
    low, high = 0.0, 1.0 / float(pull.mean())
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if float(np.minimum(pull * middle, 0.97).mean()) < mean else (low, middle)
    return np.minimum(pull * high, 0.97)
