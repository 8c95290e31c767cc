"""What one move of a few units costs and breaks, judged on the organizations it touches only.

The same rules and figures as ``check`` and ``cost``; only the units elsewhere, for which nothing changes, are left out, so
that an answer takes milliseconds in a town of any size.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

import numpy as np

from liangxin.planning.check import Violation, _pins, _town, _unit, joint_violations
from liangxin.planning.cost import organization_cost, unit_cost
from liangxin.planning.forms import JOINT, NONE, VILLAGE

if TYPE_CHECKING:
    from liangxin.planning.problem import Arrangement, Problem


def around(before: Arrangement, after: Arrangement) -> list[int]:
    """The units that differ, and all who share an organization with one of them before or after. Ascending."""
    differ = np.flatnonzero((before.form != after.form) | (before.host != after.host))
    touched = set(differ.tolist())
    for arrangement in (before, after):
        keys = {(int(arrangement.form[unit]), int(arrangement.host[unit])) for unit in differ}
        for form, host in keys:
            if form not in (VILLAGE, NONE):
                touched |= set(
                    np.flatnonzero((arrangement.form == form) & (arrangement.host == host)).tolist()
                )
    return sorted(touched)


def extra_cost(problem: Problem, before: Arrangement, after: Arrangement) -> float:
    """``cost(problem, after).total - cost(problem, before).total``, to rounding."""
    units = around(before, after)
    places = {
        int(problem.place[unit])
        for unit in units
        if VILLAGE in (int(before.form[unit]), int(after.form[unit])) and problem.place[unit] >= 0
    }
    return _cost(problem, after, units, places) - _cost(problem, before, units, places)


def _cost(problem: Problem, arrangement: Arrangement, units: Collection[int], places: set[int]) -> float:
    total = 0.0
    groups: dict[tuple[int, int], list[int]] = {}
    for unit in units:
        form, host = int(arrangement.form[unit]), int(arrangement.host[unit])
        if form in (VILLAGE, NONE):
            total += unit_cost(problem, unit, form, host)
        else:
            groups.setdefault((form, host), []).append(unit)
    total += sum(organization_cost(problem, form, host, members) for (form, host), members in groups.items())
    for place in places:
        load = int(np.count_nonzero((arrangement.form == VILLAGE) & (problem.place == place)))
        total += problem.weights.village_overload * max(load - problem.weights.village_capacity, 0)
    return total


def violations_near(problem: Problem, arrangement: Arrangement, units: Collection[int]) -> list[Violation]:
    """Of ``check(problem, arrangement)`` those of these units, of their organizations, of the pins and of the town."""
    wanted = set(units)
    found = [violation for unit in units for violation in _unit(problem, arrangement, unit)]
    keys = {
        (int(arrangement.host[unit]), int(arrangement.form[unit]))
        for unit in units
        if arrangement.form[unit] in JOINT
    }
    for host, form in sorted(keys):
        members = np.flatnonzero((arrangement.form == form) & (arrangement.host == host)).tolist()
        found += joint_violations(problem, form, host, members)
    found += [each for each in _pins(problem, arrangement) if wanted & set(each.units)]
    return [*found, *_town(problem, arrangement)]
