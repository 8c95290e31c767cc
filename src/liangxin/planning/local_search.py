"""Local search on an arrangement: what an evening of tinkering would gain.

Moves one unit, swaps two, changes who leads, dissolves an organization or founds one; what is tried is kept when no rule
breaks and the answer is better in the order of the stages: required units uncovered, units short of 1.4, then cost.
Everything is judged by the one cost function and the one checker, organization by organization. The run ends with it, where the gap asked is not proven; the
benchmark's peers get the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from liangxin.planning.check import joint_violations, tally
from liangxin.planning.cost import organization_cost, unit_cost
from liangxin.planning.forms import INDUSTRY, JOINT, LEADER, NONE, SEPARATE, VILLAGE
from liangxin.planning.problem import may_join

if TYPE_CHECKING:
    from collections.abc import Iterable

    from liangxin.planning.clock import Clock
    from liangxin.planning.problem import Arrangement, Problem

Key = tuple[int, int]  # form, host
_LOOK_EVERY: Final = 20
"""Tries between two looks at the clock."""


def search_locally(
    problem: Problem, arrangement: Arrangement, clock: Clock, steps: int, seed: int = 0
) -> tuple[Arrangement, int]:
    """The arrangement after so many tries, or when the clock stops, and how many were kept."""
    search = _Search(problem, arrangement.copy(), np.random.default_rng(seed))
    for step in range(steps if search.free.size else 0):
        if step % _LOOK_EVERY == 0 and clock.over():
            break
        search.step()
    return search.arrangement, search.kept


class _Search:
    def __init__(self, problem: Problem, arrangement: Arrangement, rng: np.random.Generator) -> None:
        self.problem, self.arrangement, self.rng, self.kept = problem, arrangement, rng, 0
        self.groups: dict[Key, list[int]] = {
            (form, host): units for (host, form), units in arrangement.groups().items()
        }
        self.near: dict[Key, set[Key]] = {}  # groups by form and by territory, association or work area
        for key in self.groups:
            self._note(key)
        bound = {unit for units in (*problem.together, *problem.apart) for unit in units}
        self.free = np.array(
            [
                unit
                for unit in range(problem.n)
                if unit not in bound
                and problem.pinned_host[unit] < 0
                and problem.t[unit] < problem.limits.min_full_members
            ],
            dtype=np.int64,
        )
        self.bound = bound
        self.reach_asked = problem.reach_asked.tolist()
        self.village_load: dict[int, int] = {}
        for unit in np.flatnonzero(arrangement.form == VILLAGE).tolist():
            place = int(problem.place[unit])
            self.village_load[place] = self.village_load.get(place, 0) + 1
        counts = tally(problem, arrangement)
        self.established = counts.established
        self.spare_reach = counts.reachable(problem) - counts.reach_needed()

    def step(self) -> None:
        unit = int(self.rng.choice(self.free))
        chance = self.rng.random()
        if chance < 0.5:
            self._move(unit)
        elif chance < 0.75:
            self._swap(unit)
        elif chance < 0.85:
            self._new_lead(unit)
        elif chance < 0.93:
            self._dissolve(unit)
        else:
            self._found(unit)

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
        if self._is_free(other) and other != theirs[1] and unit != mine[1]:
            self._try([(unit, theirs), (other, mine)])

    def _new_lead(self, unit: int) -> None:
        key = self._key(unit)
        units = self.groups.get(key)
        if units is None or unit == key[1] or key[0] == LEADER:
            return
        if not all(self._is_free(each) for each in units):
            return
        self._try([(each, (key[0], unit)) for each in units])

    def _dissolve(self, unit: int) -> None:
        """The whole organization, each unit to the cheapest place that covers and counts as far as that is needed."""
        key, problem = self._key(unit), self.problem
        units = self.groups.get(key)
        if units is None or key[0] == LEADER or not all(self._is_free(each) for each in units):
            return
        spare = self.established - problem.establishment_needed
        joining: dict[Key, int] = {}
        changes: list[tuple[int, Key]] = []
        for each in units:
            found: list[tuple[float, Key]] = []
            for place in self._places(each):
                lost = self._counts(each, key) - self._counts(each, place)
                full = len(self.groups.get(place, ())) + joining.get(place, 0) >= problem.limits.max_units
                if lost <= max(spare, 0) and not full and self._bare(each, place) <= self._bare(each, key):
                    found.append((unit_cost(problem, each, *place), place))
            if not found:
                return
            place = min(found)[1]
            spare -= self._counts(each, key) - self._counts(each, place)
            if place in self.groups:
                joining[place] = joining.get(place, 0) + 1
            changes.append((each, place))
        self._try(changes)

    def _found(self, unit: int) -> None:
        """A new organization led by this unit, with one or two others of its territory that have members."""
        problem, territory = self.problem, int(self.problem.territory[unit])
        key = (problem.territory_form(unit), unit)
        if problem.t[unit] < 1 or territory < 0 or key in self.groups:
            return
        near = self.free[(problem.territory[self.free] == territory) & (problem.t[self.free] >= 1)]
        near = self.rng.permutation(near[near != unit])[: 1 + int(self.rng.integers(2))]
        self._try([(each, key) for each in (unit, *near.tolist())])

    def _places(self, unit: int) -> list[Key]:
        """Where the unit may go, by place and line; whether it fits is tried."""
        problem = self.problem
        around: set[Key] = set()
        for kind in self._kinds(unit, problem.territory_form(unit), INDUSTRY, LEADER):
            around |= self.near.get(kind, set())
        found = [
            (form, host)
            for form, host in sorted(around)
            if host != unit
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

    def _is_free(self, unit: int) -> bool:
        return bool(self.problem.pinned_host[unit] < 0) and unit not in self.bound

    def _kinds(self, unit: int, *forms: int) -> Iterable[Key]:
        """Where organizations of these forms around this unit are looked for."""
        problem = self.problem
        for form in forms:
            if form == INDUSTRY:
                yield from ((form, association) for association in problem.associations.of(unit).tolist())
            else:
                yield form, int((problem.work_area if form == LEADER else problem.territory)[unit])

    def _note(self, key: Key) -> None:
        for kind in self._kinds(key[1], key[0]):
            self.near.setdefault(kind, set()).add(key)

    def _key(self, unit: int) -> Key:
        return int(self.arrangement.form[unit]), int(self.arrangement.host[unit])

    # ---- trying

    def _try(self, changes: list[tuple[int, Key]]) -> None:
        problem = self.problem
        if any(
            not problem.allows(unit, form) or problem.is_forbidden(unit, form, host)
            for unit, (form, host) in changes
        ):
            return
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
            self.reach_asked[unit] * ((key[0] in (VILLAGE, NONE)) - (before[unit][0] in (VILLAGE, NONE)))
            for unit, key in changes
        )
        reach = self.spare_reach - without
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
                self._note(key)
            elif self.groups.pop(key, None) is not None:
                for kind in self._kinds(key[1], key[0]):
                    self.near[kind].discard(key)
        for unit in alone:
            self.arrangement.form[unit], self.arrangement.host[unit] = SEPARATE, unit
        self.established += gained
        self.spare_reach = reach
        self.kept += 1
