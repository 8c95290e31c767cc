"""Local search from a peer's answer: what an evening of tinkering would gain. For the benchmark only.

Moves one unit at a time, swaps two, or changes who leads; a move is kept when no rule breaks and the answer is better in
the order of the stages: required units uncovered, units short of 1.4, then cost. Everything is judged by the planner's own
cost function and checker, organization by organization.
"""

from __future__ import annotations

import time
from collections.abc import Iterable

import numpy as np

from liangxin.planning.check import joint_violations, tally
from liangxin.planning.cost import cost, organization_cost, unit_cost
from liangxin.planning.forms import JOINT, LEADER, NONE, PARK, SEPARATE, VILLAGE, ZONE
from liangxin.planning.problem import Arrangement, Problem, may_join

Key = tuple[int, int]  # form, host


def search_locally(
    problem: Problem, arrangement: Arrangement, seconds: float, seed: int = 0
) -> tuple[Arrangement, int]:
    """The arrangement after ``seconds`` of processor time, and how many moves were kept."""
    search = _Search(problem, arrangement.copy(), np.random.default_rng(seed))
    ends = time.process_time() + seconds
    while time.process_time() < ends and search.free.size:
        search.step()
    return search.arrangement, search.kept


class _Search:
    def __init__(self, problem: Problem, arrangement: Arrangement, rng: np.random.Generator) -> None:
        self.problem, self.arrangement, self.rng, self.kept = problem, arrangement, rng, 0
        self.groups: dict[Key, list[int]] = {
            (form, host): units for (host, form), units in arrangement.groups().items()
        }
        self.free = np.array(
            [
                unit
                for unit in range(problem.n)
                if problem.pinned_host[unit] < 0 and problem.t[unit] < problem.limits.min_full_members
            ],
            dtype=np.int64,
        )
        self.village_load: dict[int, int] = {}
        for unit in np.flatnonzero(arrangement.form == VILLAGE).tolist():
            place = int(problem.place[unit])
            self.village_load[place] = self.village_load.get(place, 0) + 1
        counts = tally(problem, arrangement)
        self.established = counts.established
        self.spare_reach = counts.reachable(problem) - counts.reach_needed(problem)

    def step(self) -> None:
        unit = int(self.rng.choice(self.free))
        chance = self.rng.random()
        if chance < 0.6:
            self._move(unit)
        elif chance < 0.9:
            self._swap(unit)
        else:
            self._new_lead(unit)

    # ---- moves

    def _move(self, unit: int) -> None:
        """To another organization, to the village, or to nothing."""
        places = self._places(unit)
        if places:
            self._try([(unit, places[int(self.rng.integers(len(places)))])])

    def _swap(self, unit: int) -> None:
        mine, places = self._key(unit), [key for key in self._places(unit) if key in self.groups]
        if mine not in self.groups or not places:
            return
        theirs = places[int(self.rng.integers(len(places)))]
        other = int(self.rng.choice(self.groups[theirs]))
        if self.problem.pinned_host[other] < 0 and other != theirs[1] and unit != mine[1]:
            self._try([(unit, theirs), (other, mine)])

    def _new_lead(self, unit: int) -> None:
        key = self._key(unit)
        units = self.groups.get(key)
        if units is None or unit == key[1] or key[0] == LEADER:
            return
        if any(self.problem.pinned_host[each] >= 0 for each in units):
            return
        self._try([(each, (key[0], unit)) for each in units])

    def _places(self, unit: int) -> list[Key]:
        """Where the unit may go, by place and line; whether it fits is tried."""
        problem = self.problem
        territory = int(problem.territory[unit])
        found = [
            (form, host)
            for form, host in self.groups
            if host != unit
            and (form not in (PARK, ZONE) or int(problem.territory[host]) == territory)
            and (form, host) != self._key(unit)
            and problem.allows(unit, form)
            and not problem.is_forbidden(unit, form, host)
            and may_join(problem, unit, host, form)
        ]
        found += [
            (form, -1)
            for form in (VILLAGE, NONE)
            if problem.allows(unit, form)
            and not problem.is_forbidden(unit, form, -1)
            and self.arrangement.form[unit] != form
            and (form != VILLAGE or problem.place[unit] >= 0)
        ]
        return found

    def _key(self, unit: int) -> Key:
        return int(self.arrangement.form[unit]), int(self.arrangement.host[unit])

    # ---- trying

    def _try(self, changes: list[tuple[int, Key]]) -> None:
        before = {unit: self._key(unit) for unit, _ in changes}
        after = dict(changes)
        touched = {key for key in (*before.values(), *after.values()) if key[0] in JOINT}
        groups: dict[Key, list[int]] = {}
        for key in touched:
            stay = [unit for unit in self.groups.get(key, []) if unit not in after]
            groups[key] = sorted(stay + [unit for unit, goes in changes if goes == key])
        alone: list[int] = []
        for key, units in groups.items():
            if key[0] == LEADER and units == [key[1]]:
                alone.append(key[1])
            elif units and joint_violations(self.problem, key[0], key[1], units):
                return
        if alone and any(
            self.problem.pinned_host[unit] >= 0 and not self.problem.allows(unit, SEPARATE) for unit in alone
        ):
            return
        gained = sum(self._counts(unit, key) - self._counts(unit, before[unit]) for unit, key in changes)
        bare = sum(self._bare(unit, key) - self._bare(unit, before[unit]) for unit, key in changes)
        without = sum(
            int(self.problem.in_base[unit])
            * ((key[0] in (VILLAGE, NONE)) - (before[unit][0] in (VILLAGE, NONE)))
            for unit, key in changes
        )
        reach = self.spare_reach - self.problem.work_coverage_share * without
        if reach < -1e-9 and reach < self.spare_reach:
            return
        needed = self.problem.establishment_needed
        short = max(needed - self.established - gained, 0) - max(needed - self.established, 0)
        figure = self._cost(groups, after, alone) - self._cost(
            {key: self.groups.get(key, []) for key in touched}, before, []
        )
        if (bare, short, figure) < (0, 0, -1e-9):
            self._keep(changes, groups, alone, gained, reach)

    def _cost(self, groups: dict[Key, list[int]], keys: dict[int, Key], alone: Iterable[int]) -> float:
        """What the touched organizations and affiliations cost, the villages' overload with them."""
        problem = self.problem
        total = 0.0
        for (form, host), units in groups.items():
            if units and host not in alone:
                total += organization_cost(problem, form, host, units)
            elif form == LEADER and not units:
                total += unit_cost(problem, host, SEPARATE, host)
        total += sum(organization_cost(problem, SEPARATE, unit, [unit]) for unit in alone)
        load = dict(self.village_load)
        for unit in keys:
            if self.arrangement.form[unit] == VILLAGE:
                load[int(problem.place[unit])] -= 1
        for unit, (form, host) in keys.items():
            if form in (VILLAGE, NONE):
                total += unit_cost(problem, unit, form, host)
            if form == VILLAGE:
                load[int(problem.place[unit])] = load.get(int(problem.place[unit]), 0) + 1
        over = sum(max(count - problem.weights.village_capacity, 0) for count in load.values())
        return total + problem.weights.village_overload * over

    def _counts(self, unit: int, key: Key) -> int:
        return int(self.problem.in_base[unit] and self.problem.counts(unit, key[0]))

    def _bare(self, unit: int, key: Key) -> int:
        return int(self.problem.required[unit] and not self.problem.covers(unit, key[0]))

    def _keep(
        self,
        changes: list[tuple[int, Key]],
        groups: dict[Key, list[int]],
        alone: list[int],
        gained: int,
        reach: float,
    ) -> None:
        for unit, (form, host) in changes:
            if self.arrangement.form[unit] == VILLAGE:
                self.village_load[int(self.problem.place[unit])] -= 1
            if form == VILLAGE:
                place = int(self.problem.place[unit])
                self.village_load[place] = self.village_load.get(place, 0) + 1
            self.arrangement.form[unit], self.arrangement.host[unit] = form, host
        for key, units in groups.items():
            if units and key[1] not in alone:
                self.groups[key] = units
            else:
                self.groups.pop(key, None)
        for unit in alone:
            self.arrangement.form[unit], self.arrangement.host[unit] = SEPARATE, unit
        self.established += gained
        self.spare_reach = reach
        self.kept += 1


def judge(problem: Problem, arrangement: Arrangement) -> tuple[int, int, float]:
    """Required units uncovered, units short of 1.4, cost: smaller is better, in this order."""
    bare = sum(
        bool(problem.required[unit]) and not problem.covers(unit, int(arrangement.form[unit]))
        for unit in range(problem.n)
    )
    short = max(problem.establishment_needed - tally(problem, arrangement).established, 0)
    return bare, short, cost(problem, arrangement).total
