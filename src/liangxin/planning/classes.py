"""Units that are alike in everything that costs, rules and targets read: one class with a multiplicity, named only at the end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from liangxin.planning.forms import VILLAGE

if TYPE_CHECKING:
    from liangxin.planning.problem import Ints, Problem

_SAME_PLACE: Final = 1e6
"""Positions are the same when they agree to a millimetre (in km, times this)."""


@dataclass(frozen=True, slots=True)
class Classes:
    """``of_unit`` [n]; ``units``: those of each class, ascending."""

    of_unit: Ints
    units: list[list[int]]

    @property
    def count(self) -> int:
        return len(self.units)


def _staff(problem: Problem) -> list[Ints]:
    """Staff as far as costs read it."""
    weights, staff = problem.weights, problem.staff
    few = np.where((problem.t == 0) & ~problem.required, staff <= weights.filler_few_staff, 0)
    filler = np.where((problem.t == 0) & ~problem.required, np.minimum(staff, weights.filler_staff), 0)
    return [
        few if weights.filler_few else np.zeros_like(staff),
        filler if weights.filler else np.zeros_like(staff),
        np.where(problem.wants_alone, np.minimum(staff, weights.alone_large_staff), 0)
        if weights.alone_large
        else np.zeros_like(staff),
        staff if weights.smaller_host else np.zeros_like(staff),
    ]


def group_alike(problem: Problem) -> Classes:
    """The classes of a problem. Whoever a pin, a chain link or somebody's former organization names is a class of its own."""
    named = np.diff(problem.chain.start) > 0
    named |= problem.pinned_host >= 0
    hosts = problem.previous_host[(problem.previous_host >= 0) & (problem.previous_form != VILLAGE)]
    for several in (hosts, problem.pinned_host[problem.pinned_host >= 0], problem.chain.items):
        named[several] = True
    for unit, _, host in problem.forbidden:
        named[[each for each in (unit, host) if each >= 0]] = True
    for whole in (*problem.together, *problem.apart):
        named[list(whole)] = True
    facts = np.column_stack(
        [
            problem.t,
            problem.members,
            np.round(np.nan_to_num(problem.x_km, nan=1e5) * _SAME_PLACE).astype(np.int64),
            np.round(np.nan_to_num(problem.y_km, nan=1e5) * _SAME_PLACE).astype(np.int64),
            problem.industry,
            problem.industry_digits,
            problem.territory,
            problem.in_park,
            problem.work_area,
            problem.place,
            problem.can_lead,
            problem.required,
            problem.in_base,
            problem.covering,
            problem.counted,
            problem.allowed,
            problem.previous_form,
            problem.previous_host,
            problem.settled,
            problem.wants_alone,
            problem.candidate,
            problem.covered_anyway,
            *_staff(problem),
        ]
    ).astype(np.int64)
    keyed: dict[bytes, int] = {}
    of_unit = np.zeros(problem.n, dtype=np.int32)
    units: list[list[int]] = []
    for unit in range(problem.n):
        if named[unit]:
            at = len(units)
        else:
            key = facts[unit].tobytes() + np.sort(problem.associations.of(unit)).tobytes()
            at = keyed.setdefault(key, len(units))
        if at == len(units):
            units.append([])
        units[at].append(unit)
        of_unit[unit] = at
    return Classes(of_unit, units)
