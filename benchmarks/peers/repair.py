"""From proposed groups to an arrangement that keeps every rule: the two repairs that all peers share.

A peer says which units belong together; the repair picks lead unit and form, splits what is too large, lets what is too
small join its neighbours, affiliates the rest with villages and fills up to the establishment target. ``plain`` does this
once and leaves the peer's groups as they are. ``priced`` does much more: it tells the peer what the target is worth, at
six prices, founds the cheapest organizations that the peer did not think of, lets go of what is dear, and picks the
best lead unit at the end. Results are judged by ``planning.check`` and ``planning.cost``, as ours is.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterable, Sequence
from itertools import product

import numpy as np

from benchmarks.peers.assembly import FREE, Assembly
from liangxin.planning.cost import cost, unit_cost
from liangxin.planning.forms import LEADER, NONE, SECONDED, VILLAGE
from liangxin.planning.problem import Arrangement, Problem
from liangxin.planning.stars import build_stars

PRICES = (0.0, 0.3, 0.6, 0.9, 1.3, 2.0)


class Repair(Assembly):
    """An assembly that finishes itself."""

    def cover(self) -> None:
        """Everything that the rules ask for after the proposals: join, second, affiliate, fill up to the target."""
        self.join_left_over()
        self.second()
        self.affiliate()
        self.fill()

    def polish(self) -> None:
        """What no rule asks for, but costs less."""
        self.trim()
        self.best_lead_units()

    def arrangement(self) -> Arrangement:
        return Arrangement(self.form, self.host)

    def _ways_in(self, unit: int) -> tuple[np.ndarray, np.ndarray]:
        rows = self.arcs_by_unit[self.arc_start[unit] : self.arc_start[unit + 1]]
        return self.arc_star[rows], self.stars.arc_cost[rows]

    def cheapest_place(self, unit: int) -> tuple[float, int] | None:
        """The cheapest organization that could take this unit: one with room, or a leading enterprise that starts one."""
        if self.problem.pinned_host[unit] >= 0:
            return None
        stars, costs = self._ways_in(unit)
        figures = costs + self.entry[stars]
        while len(figures):
            row = int(np.argmin(figures))
            figure, star = float(figures[row]), int(stars[row])
            if math.isinf(figure):
                return None
            if not self.active[star] or self.room(star, unit):
                return figure, star
            figures[row] = math.inf
        return None

    def _place(self, star: int, unit: int) -> None:
        if not self.active[star]:
            self.open(star)
        self._enter(star, unit)

    def _join_in_order_of_cost(
        self, units: Iterable[int], worth: Sequence[float] | np.ndarray, limit: int | None
    ) -> int:
        """Let units join, the cheapest for its worth first; at most ``limit`` of them. Gives how many joined."""
        queue = []
        for unit in units:
            place = self.cheapest_place(unit)
            if place is not None and place[0] < worth[unit]:
                queue.append((place[0] - (worth[unit] if math.isfinite(worth[unit]) else 0.0), unit))
        heapq.heapify(queue)
        joined = 0
        while queue and (limit is None or joined < limit):
            _, unit = heapq.heappop(queue)
            place = self.cheapest_place(unit)
            if place is None or place[0] >= worth[unit]:
                continue
            now = place[0] - (worth[unit] if math.isfinite(worth[unit]) else 0.0)
            if queue and now > queue[0][0] + 1e-12:
                heapq.heappush(queue, (now, unit))
                continue
            self._place(place[1], unit)
            joined += 1
        return joined

    def join_left_over(self) -> None:
        """Units not yet covered: into a neighbouring organization where that costs less than they are worth."""
        left = np.flatnonzero((self.worth > 0) & (self.star_of == FREE)).tolist()
        self._join_in_order_of_cost(left, self.worth, None)

    def second(self) -> None:
        """Instructors for firms with exactly two members, as far as work coverage (1.5) leaves any."""
        problem = self.problem
        without = problem.base_size - problem.establishment_needed
        for_coverage = math.ceil(
            problem.work_coverage_share * without / max(problem.instructor_capacity, 1e-9)
        )
        spare = problem.instructors - for_coverage - int((self.form == SECONDED).sum())
        wish = [
            (unit_cost(problem, unit, SECONDED, unit) - self.worth[unit], unit)
            for unit in np.flatnonzero((self.star_of == FREE) & problem.required).tolist()
            if problem.allows(unit, SECONDED)
            and problem.t[unit] == problem.limits.seconded_full_members
            and problem.pinned_host[unit] in (-1, unit)
        ]
        figure = float(problem.weights.per_organization[SECONDED])
        for gain, unit in sorted(wish)[: max(spare, 0)]:
            if gain + figure < 0:
                self._alone(unit, SECONDED)

    def affiliate(self) -> None:
        """Whoever must be covered and fits nowhere goes to its village."""
        for unit in np.flatnonzero((self.star_of == FREE) & self.problem.required).tolist():
            if self.problem.allows(unit, VILLAGE) and self.problem.place[unit] >= 0:
                self.form[unit], self.host[unit] = VILLAGE, -1

    def established(self) -> int:
        chosen = np.left_shift(1, self.form)
        return int(np.count_nonzero(self.problem.in_base & ((self.problem.counted & chosen) != 0)))

    def fill(self) -> None:
        """Up to the establishment target: the cheapest units first, then further organizations where seats run out."""
        problem = self.problem
        free = (self.star_of == FREE) & problem.in_base
        worth = np.where(self.form == VILLAGE, self.village_cost, 0.0) + 50.0
        missing = problem.establishment_needed - self.established()
        if missing > 0:
            self._join_in_order_of_cost(np.flatnonzero(free).tolist(), worth, missing)
        self._found_for_target()

    def trim(self) -> None:
        """Above the target: let go of the dearest units that neither must be covered nor bring members."""
        problem = self.problem
        spare = self.established() - problem.establishment_needed
        dear: list[tuple[float, int]] = []
        for star, units in self.groups.items():
            arcs = self.arcs(star)
            cost_of = dict(
                zip(self.stars.arc_unit[arcs].tolist(), self.stars.arc_cost[arcs].tolist(), strict=True)
            )
            loose = [u for u in units if u in cost_of and not problem.required[u] and problem.t[u] == 0]
            dear += [(-cost_of[u], u) for u in loose]
        for _, unit in sorted(dear):
            counts = bool(problem.in_base[unit]) and problem.counts(unit, int(self.form[unit]))
            group = self.groups[int(self.star_of[unit])]
            if (counts and spare <= 0) or len(group) <= 2:
                continue
            spare -= counts
            group.remove(unit)
            self._set_entry(int(self.star_of[unit]))
            self.star_of[unit], self.form[unit], self.host[unit] = FREE, NONE, -1

    def _found_for_target(self) -> None:
        """Further organizations of units still free, the cheapest per unit that counts first, until the target is met."""
        problem = self.problem
        missing = problem.establishment_needed - self.established()
        queue: list[tuple[float, int]] = []
        if missing > 0:
            for star in range(self.stars.count):
                offer = self._offer_for_target(star, missing)
                if offer is not None:
                    heapq.heappush(queue, (offer[0], star))
        while queue and missing > 0:
            _, star = heapq.heappop(queue)
            offer = self._offer_for_target(star, missing)
            if offer is None:
                continue
            if queue and offer[0] > queue[0][0] + 1e-12:
                heapq.heappush(queue, (offer[0], star))
                continue
            self.found(star, offer[1])
            missing = problem.establishment_needed - self.established()

    def _offer_for_target(self, star: int, missing: int) -> tuple[float, list[int]] | None:
        """What each unit that counts would cost in this organization of free units, and its units beside the base."""
        problem, stars = self.problem, self.stars
        if stars.form[star] == LEADER or not self.may_host(star):
            return None
        arcs = self.arcs(star)
        units, costs = stars.arc_unit[arcs], stars.arc_cost[arcs]
        able = self.star_of[units] == FREE
        units, costs, counts = units[able], costs[able], stars.arc_counts[arcs][able]
        needed = problem.limits.min_full_members - int(stars.base_t[star])
        chosen: list[int] = []
        have = 0
        for row in np.lexsort((costs, -np.sign(problem.t[units]))).tolist():
            if have >= needed or len(chosen) == stars.seats[star] or problem.t[units[row]] == 0:
                break
            chosen.append(row)
            have += int(problem.t[units[row]])
        if have < needed:
            return None
        gained = int(stars.base_counts[star]) + int(counts[chosen].sum())
        for row in np.argsort(costs, kind="stable").tolist():
            if len(chosen) == stars.seats[star] or gained >= missing:
                break
            if row not in chosen and counts[row]:
                chosen.append(row)
                gained += 1
        everyone = [*stars.base[star], *(int(units[row]) for row in chosen)]
        if not gained or problem.members[everyone].sum() > problem.limits.max_members:
            return None
        saved = sum(self.village_cost[unit] for unit in everyone if self.form[unit] == VILLAGE)
        figure = float(stars.base_cost[star] + costs[chosen].sum()) - saved
        return figure / gained, everyone[len(stars.base[star]) :]

    def best_lead_units(self) -> None:
        """For each organization the lead unit and form that make it cheapest, its units unchanged."""
        for star in list(self.groups):
            units = self.groups[star]
            if self.stars.form[star] == LEADER or any(self.problem.pinned_host[unit] >= 0 for unit in units):
                continue
            best, best_cost = star, self._cost_as(star, units)
            for host in units:
                for other in self.stars_of_host.get(host, ()):
                    figure = self._cost_as(other, units) if self.stars.form[other] != LEADER else math.inf
                    if figure < best_cost - 1e-9:
                        best, best_cost = other, figure
            if best != star:
                self.close(star)
                self.found(best, [unit for unit in units if unit not in self.stars.base[best]])

    def _cost_as(self, star: int, units: Sequence[int]) -> float:
        base = self.stars.base[star]
        if not set(base) <= set(units):
            return math.inf
        arcs = self.arcs(star)
        here = np.isin(self.stars.arc_unit[arcs], units)
        if int(here.sum()) != len(units) - len(base):
            return math.inf
        return float(self.stars.base_cost[star] + self.stars.arc_cost[arcs][here].sum())


def plain(problem: Problem, proposals: list[list[int]]) -> Arrangement:
    """The peer's groups, made to keep the rules and no more: the first way at which they meet the target, as they then are.

    At no price they would spend their members on the units that must be covered and miss it, so the price is raised;
    where no price is enough, organizations are founded too of the units that the peer left over (nearest neighbours,
    who propose nothing, begin with that).
    """
    stars = build_stars(problem)
    for found_more, price in product((False, True) if proposals else (True,), PRICES):
        repair = Repair(problem, stars, price)
        repair.found_proposals(proposals)
        if found_more:
            repair.found_greedily()
        repair.cover()
        if repair.established() >= problem.establishment_needed:
            break
    return repair.arrangement()


def priced(problem: Problem, proposals: list[list[int]]) -> Arrangement:
    """Repair the proposals at several prices of the establishment target and keep the cheapest that meets it.

    Without the prices every peer would spend its members on the units that must be covered and then miss the 35%.
    """
    stars = build_stars(problem)
    best: tuple[tuple[int, float], Arrangement] | None = None
    for price in PRICES:
        repair = Repair(problem, stars, price)
        repair.found_proposals(proposals)
        repair.found_greedily()
        repair.cover()
        repair.polish()
        arrangement = repair.arrangement()
        short = max(problem.establishment_needed - repair.established(), 0)
        key = (short, cost(problem, arrangement).total)
        if best is None or key < best[0]:
            best = (key, arrangement)
    assert best is not None
    return best[1]
