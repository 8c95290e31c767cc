"""Weights of any scale made the same numbers before anything is decided, so that only their proportions matter."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any, Final

import numpy as np

from liangxin.planning.problem import Weights

_DIGITS: Final = 12
_USUAL: Final = 0.55
"""What a unit that is arranged costs with usual weights; the solver's widths are shares of that."""
_NOT_WEIGHTS: Final = frozenset(
    {
        "distance_cap_km",
        "industry_same_group",
        "industry_same_division",
        "village_capacity",
        "alone_large_staff",
        "filler_staff",
        "filler_few_staff",
        "leader_radius_km",
        "leader_division_radius_km",
    }
)
"""Kilometres, shares and counts among the figures: they do not scale."""


def normal_weights(weights: Weights) -> tuple[Weights, float]:
    """The weights with the largest at 1, and what that was; bit for bit the same for weights times any constant."""
    largest = max(float(np.abs(value).max()) for _, value in _figures(weights))
    if largest == 0.0:
        return weights, 1.0
    return _map(weights, lambda value: _rounded(value / largest)), largest


def scaled_weights(weights: Weights, factor: float) -> Weights:
    return _map(weights, lambda value: value * factor)


def usual_factor(total: float, arranged: int) -> float:
    """What to multiply weights with so that an arranged unit costs as much as usual; ``total`` is what ``arranged`` cost."""
    return _USUAL * arranged / total if total > 0 and arranged > 0 else 1.0


def _figures(weights: Weights) -> list[tuple[str, Any]]:
    return [
        (each.name, np.asarray(getattr(weights, each.name), dtype=np.float64))
        for each in fields(weights)
        if each.name not in _NOT_WEIGHTS
    ]


def _map(weights: Weights, change: Any) -> Weights:
    changed: dict[str, Any] = {}
    for name, value in _figures(weights):
        new = change(value)
        changed[name] = new if value.ndim else float(new)
    return replace(weights, **changed)


def _rounded(value: Any) -> Any:
    """To twelve significant digits."""
    magnitude = np.where(value == 0.0, 1.0, np.abs(value))
    power = 10.0 ** (_DIGITS - 1 - np.floor(np.log10(magnitude)))
    return np.round(value * power) / power
