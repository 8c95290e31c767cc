"""What else a unit could do, in order of what the whole plan would cost more.

Definition of ``extra_cost``: the change of the objective by the cheapest repair around this unit alone. The unit takes the
other form; if the organization it leaves cannot go on without it, its other units take their cheapest form without
partners; everything else stays. A unit more or fewer that counts for 1.4 is charged at the target's price in the solved
plan. Because only repairs around the unit are tried, the true extra cost (solve again with the pin) is never higher, up to
the proven gap.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from liangxin.planning.check import joint_violations
from liangxin.planning.cost import organization_cost, unit_cost
from liangxin.planning.forms import (
    ALONE,
    INDUSTRY,
    JOINT,
    LEADER,
    MOBILE,
    NAMES,
    NONE,
    ORGANIZED,
    SECONDED,
    SEPARATE,
    VILLAGE,
)
from liangxin.planning.plan import Alternative
from liangxin.planning.problem import Arrangement, Problem, may_join

if TYPE_CHECKING:
    from liangxin.planning.block import Prices

MOST: Final = 4
_NEIGHBOURS: Final = 6


class Alternatives:
    def __init__(self, problem: Problem, arrangement: Arrangement, prices: Prices) -> None:
        self.problem, self.arrangement, self.prices = problem, arrangement, prices
        self.groups = arrangement.groups()
        self.reach_asked = problem.reach_asked
        self.near: dict[tuple[str, int], list[tuple[int, int]]] = {}
        for host, form in self.groups:
            if form == INDUSTRY:
                keys = [("association", int(each)) for each in problem.associations.of(host)]
            elif form == LEADER:
                keys = [("area", int(problem.work_area[host]))]
            else:
                keys = [("territory", int(problem.territory[host]))]
            for key in keys:
                self.near.setdefault(key, []).append((host, form))
        for host in np.flatnonzero(problem.can_lead & (arrangement.form == SEPARATE)).tolist():
            self.near.setdefault(("area", int(problem.work_area[host])), []).append((host, LEADER))
        self.loads = np.bincount(
            problem.place[(arrangement.form == VILLAGE) & (problem.place >= 0)],
            minlength=max(len(problem.place_ids), 1),
        )

    def of(self, unit: int) -> tuple[Alternative, ...]:
        """At most four, cheapest first. Empty for a unit that the rules or a pin leave no choice."""
        problem = self.problem
        form, host = int(self.arrangement.form[unit]), int(self.arrangement.host[unit])
        leaving = self._leaving(unit, form, host)
        found: list[Alternative] = []
        for other in (SEPARATE, SECONDED, MOBILE, VILLAGE, NONE):
            if other != form and self._open_alone(unit, other):
                gain = self._alone(unit, other)
                where = problem.place_ids[problem.place[unit]] if other == VILLAGE else None
                found.append(Alternative(NAMES[other], where, leaving + gain))
        for other_host, other in self._nearest(unit):
            if (other_host, other) == (host, form):
                continue
            joining = self._joining(unit, other_host, other)
            if joining is not None:
                found.append(Alternative(NAMES[other], problem.unit_ids[other_host], leaving + joining))
        found.sort(key=lambda each: (each.extra_cost, each.form, each.host or ""))
        return tuple(Alternative(each.form, each.host, round(each.extra_cost, 4)) for each in found[:MOST])

    def _worth(self, unit: int, form: int) -> float:
        problem = self.problem
        worth = self.prices.established if problem.in_base[unit] and problem.counts(unit, form) else 0.0
        if form in ORGANIZED:
            worth += self.prices.reach * float(self.reach_asked[unit])
        if form == SECONDED:
            worth += self.prices.instructor - self.prices.reach * problem.instructor_capacity
        return worth

    def _open_alone(self, unit: int, form: int) -> bool:
        problem, t = self.problem, int(self.problem.t[unit])
        if not problem.policy_forms[unit] >> form & 1 or (form == NONE and problem.required[unit]):
            return False
        if form == SEPARATE:
            return t >= problem.limits.min_full_members
        if form == SECONDED:
            return t == problem.limits.seconded_full_members and problem.instructors > 0
        return form != VILLAGE or bool(problem.place[unit] >= 0)

    def _alone(self, unit: int, form: int) -> float:
        problem = self.problem
        host = unit if form in ALONE else -1
        own = float(problem.weights.per_organization[form]) + unit_cost(problem, unit, form, host)
        if form == VILLAGE and self.loads[problem.place[unit]] >= problem.weights.village_capacity:
            own += problem.weights.village_overload
        return own - self._worth(unit, form)

    def _cheapest_alone(self, unit: int) -> float:
        options = [
            self._alone(unit, form)
            for form in (SEPARATE, MOBILE, SECONDED, VILLAGE, NONE)
            if self._open_alone(unit, form)
        ]
        return min(options, default=unit_cost(self.problem, unit, NONE, -1))

    def _leaving(self, unit: int, form: int, host: int) -> float:
        """What the plan's cost changes by when the unit has left where it is, before it goes anywhere."""
        problem = self.problem
        if form not in JOINT:
            own = float(problem.weights.per_organization[form]) + unit_cost(problem, unit, form, host)
            if form == VILLAGE and self.loads[problem.place[unit]] > problem.weights.village_capacity:
                own += problem.weights.village_overload
            return self._worth(unit, form) - own
        units = self.groups[host, form]
        now = organization_cost(problem, form, host, units) - sum(self._worth(each, form) for each in units)
        rest = [each for each in units if each != unit]
        after = sum(self._cheapest_alone(each) for each in rest)
        for other in [host] if host != unit else [each for each in rest if problem.t[each] > 0]:
            if not joint_violations(problem, form, other, rest) and (problem.pinned_host[rest] < 0).all():
                kept = organization_cost(problem, form, other, rest) - sum(
                    self._worth(each, form) for each in rest
                )
                after = min(after, kept)
        return after - now

    def _nearest(self, unit: int) -> list[tuple[int, int]]:
        problem = self.problem
        keys = [("territory", int(problem.territory[unit])), ("area", int(problem.work_area[unit]))]
        keys += [("association", int(each)) for each in problem.associations.of(unit)]
        able = {group for key in keys if key[1] >= 0 for group in self.near.get(key, ())}
        hosts = sorted(
            able,
            key=lambda group: (
                np.hypot(
                    problem.x_km[unit] - problem.x_km[group[0]], problem.y_km[unit] - problem.y_km[group[0]]
                ),
                group,
            ),
        )
        return hosts[:_NEIGHBOURS]

    def _joining(self, unit: int, host: int, form: int) -> float | None:
        problem = self.problem
        if unit == host or problem.t[unit] >= problem.limits.min_full_members:
            return None
        if not problem.policy_forms[unit] >> form & 1 or not may_join(problem, unit, host, form):
            return None
        units = self.groups.get((host, form), [host])
        if unit in units or joint_violations(problem, form, host, [*units, unit]):
            return None
        own = unit_cost(problem, unit, form, host) - self._worth(unit, form)
        if (host, form) not in self.groups:  # a leading enterprise that stands alone so far
            before = unit_cost(problem, host, SEPARATE, host) + float(
                problem.weights.per_organization[SEPARATE]
            )
            own += (
                float(problem.weights.per_organization[form]) + unit_cost(problem, host, form, host) - before
            )
        return own
