"""The last units: after the blocks, 1.4 may be missed or overshot by a few; seats are filled or freed where it costs least."""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING

import numpy as np

from liangxin.planning.check import tally
from liangxin.planning.cost import unit_cost
from liangxin.planning.forms import INDUSTRY, LEADER, NONE, SECONDED, VILLAGE
from liangxin.planning.problem import Arrangement, Problem, may_join
from liangxin.planning.stars import arc_costs, led_by

if TYPE_CHECKING:
    from liangxin.planning.problem import Ints


def mend(problem: Problem, arrangement: Arrangement) -> None:
    """Change the arrangement in place until 1.4 is just met and no instructor is used twice, as far as that is possible."""
    _give_up_instructors(problem, arrangement)
    over = tally(problem, arrangement).established - problem.establishment_needed
    if over > 0:
        _free_seats(problem, arrangement, over)
    elif over < 0:
        _fill_seats(problem, arrangement, -over)


def _give_up_instructors(problem: Problem, arrangement: Arrangement) -> None:
    seconded = np.flatnonzero((arrangement.form == SECONDED) & (problem.pinned_host < 0)).tolist()
    extra = int((arrangement.form == SECONDED).sum()) - problem.instructors
    able = [unit for unit in seconded if problem.allows(unit, VILLAGE) and problem.place[unit] >= 0]
    able.sort(
        key=lambda unit: (
            unit_cost(problem, unit, VILLAGE, -1) - unit_cost(problem, unit, SECONDED, unit),
            unit,
        )
    )
    for unit in able[: max(extra, 0)]:
        arrangement.form[unit], arrangement.host[unit] = VILLAGE, -1


def _free_seats(problem: Problem, arrangement: Arrangement, over: int) -> None:
    """Let go those whose leaving saves most: units without members that nothing requires and that leave a valid rest."""
    savings: list[tuple[float, int, tuple[int, int]]] = []
    size: dict[tuple[int, int], int] = {}
    for (host, form), units in arrangement.groups().items():
        size[host, form] = len(units)
        for unit in units:
            loose = problem.t[unit] == 0 and not problem.required[unit] and problem.pinned_host[unit] < 0
            if not loose or unit == host or not problem.allows(unit, NONE):
                continue
            if not (problem.in_base[unit] and problem.counts(unit, form)) or _bound(problem, unit):
                continue
            saved = unit_cost(problem, unit, form, host) - unit_cost(problem, unit, NONE, -1)
            savings.append((-saved, unit, (host, form)))
    savings.sort()
    for cost, unit, key in savings:
        if over == 0 or cost >= 0:
            return
        if size[key] <= 2:
            continue
        size[key] -= 1
        arrangement.form[unit], arrangement.host[unit] = NONE, -1
        over -= 1


def _bound(problem: Problem, unit: int) -> bool:
    return any(unit in units for units in problem.together)


def _fill_seats(problem: Problem, arrangement: Arrangement, short: int) -> None:
    """Take in the cheapest units that have no organization, wherever a seat is free."""
    territory = _index(problem.territory)
    area = _index(problem.work_area)
    heap: list[tuple[float, int, int, int]] = []
    size: dict[tuple[int, int], int] = {}
    load: dict[tuple[int, int], int] = {}
    apart = {unit for units in problem.apart for unit in units}
    for (host, form), units in arrangement.groups().items():
        size[host, form], load[host, form] = len(units), int(problem.members[units].sum())
        if len(units) >= problem.limits.max_units:
            continue
        if form == INDUSTRY:
            shared = set(problem.associations.of(units[0]).tolist())
            for unit in units[1:]:
                shared &= set(problem.associations.of(unit).tolist())
            near = np.array(
                [
                    u
                    for u in area.get(int(problem.work_area[host]), [])
                    if shared & set(problem.associations.of(u).tolist())
                ],
                dtype=np.int32,
            )
        elif form == LEADER:
            near = np.array(area.get(int(problem.work_area[host]), []), dtype=np.int32)
            near = near[led_by(problem, host, near)]
        else:
            near = np.array(territory.get(int(problem.territory[host]), []), dtype=np.int32)
        near = _joinable(problem, arrangement, near, form)
        for unit, price in zip(near.tolist(), arc_costs(problem, host, form, near).tolist(), strict=True):
            if (
                unit not in apart
                and not _bound(problem, unit)
                and may_join(problem, unit, host, form)
                and not problem.is_forbidden(unit, form, host)
            ):
                now = int(arrangement.form[unit])
                heap.append((price - unit_cost(problem, unit, now, -1), unit, host, form))
    heapq.heapify(heap)
    while short > 0 and heap:
        _, unit, host, form = heapq.heappop(heap)
        if arrangement.form[unit] not in (NONE, VILLAGE) or size[host, form] >= problem.limits.max_units:
            continue
        if load[host, form] + problem.members[unit] > problem.limits.max_members:
            continue
        arrangement.form[unit], arrangement.host[unit] = form, host
        size[host, form] += 1
        load[host, form] += int(problem.members[unit])
        short -= 1


def _joinable(problem: Problem, arrangement: Arrangement, units: Ints, form: int) -> Ints:
    """Units without an organization that count for 1.4 once they join."""
    able = np.isin(arrangement.form[units], (NONE, VILLAGE)) & problem.in_base[units]
    able &= ((problem.counted[units] >> form & 1) == 1) & ((problem.allowed[units] >> form & 1) == 1)
    able &= (problem.t[units] < problem.limits.min_full_members) & (problem.pinned_host[units] < 0)
    return units[able]


def _index(codes: Ints) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for unit, code in enumerate(codes.tolist()):
        if code >= 0:
            found.setdefault(code, []).append(unit)
    return found
