"""Units placed one after the other into organizations that keep the rules: the state that all peers' repairs share.

It reads the same stars (who may join whom, at what cost) as our own solver; ``repair`` decides what is placed where.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterable, Sequence

import numpy as np

from liangxin.planning.cost import unit_cost
from liangxin.planning.forms import JOINT, LEADER, MOBILE, NONE, SECONDED, SEPARATE, VILLAGE
from liangxin.planning.problem import Problem
from liangxin.planning.stars import Stars, build_stars

FREE = -1
ALONE = -2
NOT_WANTED = math.inf


class Assembly:
    """Units are placed one after the other; ``star_of[u]`` is the organization's star, FREE or ALONE."""

    def __init__(self, problem: Problem, stars: Stars | None = None, price: float = 0.0) -> None:
        """``price``: what a unit that counts for the establishment target (1.4) is worth, beside being covered."""
        self.problem = problem
        self.stars: Stars = stars or build_stars(problem)
        self.price = price
        self.star_of = np.full(problem.n, FREE, dtype=np.int64)
        self.form = np.full(problem.n, NONE, dtype=np.int32)
        self.host = np.full(problem.n, -1, dtype=np.int32)
        self.groups: dict[int, list[int]] = {}  # star: all its units, the lead unit first
        self.active = np.zeros(self.stars.count, dtype=np.bool_)
        self.stars_of_host: dict[int, list[int]] = {}
        for star, host in enumerate(self.stars.host.tolist()):
            self.stars_of_host.setdefault(host, []).append(star)
        self._reverse()
        self.village_cost = np.array(
            [
                unit_cost(problem, unit, VILLAGE, -1)
                if problem.allows(unit, VILLAGE) and problem.place[unit] >= 0
                else 100.0
                for unit in range(problem.n)
            ]
        )
        self.worth = np.where(problem.required, self.village_cost, 0.0) + price * problem.in_base
        self._start()

    def _reverse(self) -> None:
        """For each unit the arcs that reach it (``arcs_by_unit``, rows ``arc_start``), and each arc's star."""
        stars = self.stars
        first, last = stars.bounds[:, 0], stars.bounds[:, 3]
        self.arc_star = np.repeat(np.arange(stars.count), last - first)
        self.arcs_by_unit = np.argsort(stars.arc_unit, kind="stable")
        self.arc_start = np.searchsorted(stars.arc_unit[self.arcs_by_unit], np.arange(self.problem.n + 1))
        # What joining a star costs beside the arc: nothing where it is active and has room, its base where a leading
        # enterprise could start one, and more than anything where neither is so.
        self.entry = np.full(stars.count, math.inf)

    def _set_entry(self, star: int) -> None:
        if self.active[star]:
            full = len(self.groups[star]) >= self.problem.limits.max_units
            self.entry[star] = math.inf if full else 0.0
        elif self.stars.form[star] == LEADER and self.may_host(star):
            self.entry[star] = float(self.stars.base_cost[star])
        else:
            self.entry[star] = math.inf

    def _start(self) -> None:
        """What exists or is pinned stays; who has three full members stands alone."""
        problem = self.problem
        for unit in range(problem.n):
            pinned = int(problem.pinned_host[unit])
            if pinned == unit:
                joint = [
                    star
                    for star in self.stars_of_host.get(unit, ())
                    if problem.allows(unit, int(self.stars.form[star]))
                ]
                alone = [form for form in (SEPARATE, SECONDED, MOBILE) if problem.allows(unit, form)]
                stays_alone = alone and (problem.previous_form[unit] not in JOINT)
                if stays_alone:
                    self._alone(
                        unit,
                        int(problem.previous_form[unit])
                        if problem.previous_form[unit] in alone
                        else alone[0],
                    )
                elif joint:
                    same = [star for star in joint if self.stars.form[star] == problem.previous_form[unit]]
                    self.open(same[0] if same else joint[0])
            elif pinned == FREE and problem.t[unit] >= problem.limits.min_full_members:
                if problem.allows(unit, SEPARATE):
                    self._alone(unit, SEPARATE)
                elif problem.allows(unit, MOBILE):
                    self._alone(unit, MOBILE)
        for star in np.flatnonzero(self.stars.form == LEADER).tolist():
            self._set_entry(star)

    def _alone(self, unit: int, form: int) -> None:
        self.star_of[unit], self.form[unit], self.host[unit] = ALONE, form, unit

    # -- one organization ---------------------------------------------------------------------------------------------

    def arcs(self, star: int) -> slice:
        return slice(int(self.stars.bounds[star, 0]), int(self.stars.bounds[star, 3]))

    def open(self, star: int) -> None:
        """Found the organization of this star with its base only."""
        self.active[star] = True
        self.groups[star] = []
        for unit in self.stars.base[star]:
            self._enter(star, unit)

    def _enter(self, star: int, unit: int) -> None:
        self.groups[star].append(unit)
        self.star_of[unit] = star
        self.form[unit] = self.stars.form[star]
        self.host[unit] = self.stars.host[star]
        self._set_entry(star)

    def close(self, star: int) -> list[int]:
        """Dissolve a proposed organization; gives back its units, free again."""
        units = self.groups.pop(star)
        self.active[star] = False
        self.entry[star] = math.inf
        for unit in units:
            self.star_of[unit], self.form[unit], self.host[unit] = FREE, NONE, -1
            if self.problem.t[unit] >= self.problem.limits.min_full_members:
                self._alone(unit, SEPARATE)
        return units

    def room(self, star: int, unit: int) -> bool:
        group, limits = self.groups[star], self.problem.limits
        if len(group) >= limits.max_units:
            return False
        return not self.stars.crowded[star] or bool(
            self.problem.members[[*group, unit]].sum() <= limits.max_members
        )

    def full_members(self, star: int) -> int:
        return int(self.problem.t[self.groups[star]].sum())

    def may_host(self, star: int) -> bool:
        """Are the star's base units still free (or, for a leader, standing alone)?"""
        if self.active[star]:
            return False
        leader = int(self.stars.form[star]) == LEADER
        return all(
            self.star_of[unit] == FREE or (leader and place == 0 and self.form[unit] == SEPARATE)
            for place, unit in enumerate(self.stars.base[star])
        )

    # -- the peer's proposals -----------------------------------------------------------------------------------------

    def best_within(self, units: Sequence[int]) -> tuple[float, int, list[int]] | None:
        """The best organization made of some of these units: (cost per unit asked for, star, units beside the base)."""
        best: tuple[float, int, list[int]] | None = None
        inside = np.array(sorted(units))
        for host in units:
            for star in self.stars_of_host.get(host, ()):
                if self.stars.form[star] != LEADER and self.may_host(star):
                    offer = self.offer(star, inside)
                    if offer is not None and (best is None or offer[0] < best[0]):
                        best = (offer[0], star, offer[1])
        return best

    def offer(self, star: int, inside: np.ndarray | None = None) -> tuple[float, list[int]] | None:
        """How this star would best be filled now: what it costs as a share of what it saves, and its units.

        Units that must be covered come first, cheapest for what they save; then members until there are three.
        """
        problem, stars = self.problem, self.stars
        arcs = self.arcs(star)
        units, costs = stars.arc_unit[arcs], stars.arc_cost[arcs]
        able = self.star_of[units] == FREE
        if inside is not None:
            able &= np.isin(units, inside)
        units, costs = units[able], costs[able]
        saves = self.worth[units]
        lost = (
            self.price * problem.t[units]
        )  # members spent here are missed elsewhere when the target is tight
        order = np.lexsort((costs - saves + lost, -np.sign(problem.t[units])))
        needed = problem.limits.min_full_members - int(stars.base_t[star])
        seats = int(stars.seats[star])
        chosen: list[int] = []
        have = 0
        for row in order.tolist():  # first members, until there are enough
            if have >= needed or seats == len(chosen) or problem.t[units[row]] == 0:
                break
            chosen.append(row)
            have += int(problem.t[units[row]])
        if have < needed:
            return None
        taken = set(chosen)
        for row in np.argsort(costs - saves + lost, kind="stable").tolist():
            if len(chosen) == seats or costs[row] + lost[row] >= saves[row]:
                break
            if row not in taken:
                chosen.append(row)
        group = [int(units[row]) for row in chosen]
        if stars.crowded[star]:
            everyone = [*stars.base[star], *group]
            if problem.members[everyone].sum() > problem.limits.max_members:
                return None
        saved = float(saves[chosen].sum() + self.worth[list(stars.base[star])].sum())
        spent = float(stars.base_cost[star] + costs[chosen].sum())
        return (spent / saved if saved else NOT_WANTED), group

    def found(self, star: int, others: Iterable[int]) -> None:
        self.open(star)
        for unit in others:
            self._enter(star, unit)

    def found_proposals(self, proposals: Iterable[Sequence[int]]) -> None:
        """Found what can be founded of each proposed group; a group too large is split again and again."""
        for proposal in proposals:
            rest = [unit for unit in proposal if self.star_of[unit] == FREE]
            while len(rest) >= 2:
                best = self.best_within(rest)
                if best is None:
                    break
                self.found(best[1], best[2])
                rest = [unit for unit in rest if self.star_of[unit] == FREE]

    def found_greedily(self) -> None:
        """Found the organization that costs least for what it saves, then the next, among all that are possible."""
        queue: list[tuple[float, int]] = []
        for star in range(self.stars.count):
            if self.stars.form[star] != LEADER and self.may_host(star):
                offer = self.offer(star)
                if offer is not None and offer[0] < 1.0:
                    heapq.heappush(queue, (offer[0], star))
        while queue:
            _, star = heapq.heappop(queue)
            if not self.may_host(star):
                continue
            offer = self.offer(star)
            if offer is None or offer[0] >= 1.0:
                continue
            if queue and offer[0] > queue[0][0] + 1e-12:  # others were founded meanwhile: look again later
                heapq.heappush(queue, (offer[0], star))
                continue
            self.found(star, offer[1])
