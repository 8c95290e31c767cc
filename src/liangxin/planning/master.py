"""The master linear program of column generation: rows for units and targets, columns for organizations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from liangxin.planning.block import ESTABLISHMENT_SHORT, REACH_SHORT, Block, Prices
from liangxin.planning.forms import SECONDED

if TYPE_CHECKING:
    from liangxin.planning.problem import Floats, Ints


@dataclass(frozen=True, slots=True)
class Duals:
    """One price per row of the master; signs as in a minimization (docs/planning.md)."""

    unit: Floats  # [active]
    place: Floats  # <= 0
    thirds: Floats  # <= 0, by cut entry
    halves: Floats  # <= 0
    town: Prices

    def towards(self, other: Duals, step: float) -> Duals:
        """The point ``step`` of the way to ``other``: dual smoothing."""

        def mix(a: Floats, b: Floats) -> Floats:
            return (1 - step) * a + step * b

        first, second = self.town, other.town
        return Duals(
            mix(self.unit, other.unit),
            mix(self.place, other.place),
            mix(self.thirds, other.thirds),
            mix(self.halves, other.halves),
            Prices(
                (1 - step) * first.established + step * second.established,
                (1 - step) * first.instructor + step * second.instructor,
                (1 - step) * first.reach + step * second.reach,
            ),
        )


@dataclass(slots=True)
class Columns:
    """Organizations found so far: star and arcs (padded with -1)."""

    star: Ints
    arcs: Ints


class Master:
    """The restricted master. With ``prices`` the town-wide rows are left out and paid for in the objective instead.

    Rows: active units, places, thirds cuts, halves cuts, then established, instructors, reach.
    """

    def __init__(self, block: Block, prices: Prices | None = None) -> None:
        import highspy

        self.block = block
        self.prices = prices
        self.free = prices is None
        self.units = len(block.active)
        self.first_place = self.units
        self.first_third = self.first_place + len(block.places)
        self.first_half = self.first_third + len(block.cuts.rest)
        self.town = self.first_half + len(block.cuts.rest)
        self.rows = self.town + 3
        self.model = highspy.Highs()
        for option, value in (("output_flag", False), ("threads", 1), ("presolve", "off"), ("random_seed", 0)):
            self.model.setOptionValue(option, value)
        infinite = highspy.kHighsInf
        lower = np.full(self.rows, -infinite)
        upper = np.full(self.rows, infinite)
        lower[: self.units] = np.where(block.must, 1.0, 0.0)
        upper[: self.units] = 1.0
        upper[self.first_place : self.first_third] = block.place_room
        upper[self.first_third : self.first_half] = block.cuts.thirds_limit
        upper[self.first_half : self.town] = block.cuts.halves_limit
        if self.free:
            lower[self.town] = block.established_needed
            upper[self.town + 1] = block.problem.instructors
            lower[self.town + 2] = block.reach_needed
        self.lower, self.upper = lower, upper
        empty = np.zeros(0, dtype=np.int32)
        self.model.addRows(self.rows, lower, upper, 0, np.zeros(self.rows, dtype=np.int32), empty, np.zeros(0))
        self.columns = 0
        self._add_slacks(infinite)
        self._add_singles()
        self.first_organization = self.columns
        widest = max(1, int(block.stars.seats.max())) if block.stars.count else 1
        self.organizations = Columns(empty, np.zeros((0, widest), dtype=np.int32))
        self.known: set[bytes] = set()

    def _add(self, cost: Floats, upper: Floats, starts: Ints, rows: Ints, values: Floats) -> None:
        self.model.addCols(
            len(cost), cost, np.zeros(len(cost)), upper, len(rows),
            starts.astype(np.int32), rows.astype(np.int32), values.astype(np.float64),
        )
        self.columns += len(cost)

    def _add_slacks(self, infinite: float) -> None:
        places = len(self.block.places)
        costs = np.full(places, self.block.problem.weights.village_overload)
        rows = np.arange(self.first_place, self.first_third)
        self._add(costs, np.full(places, infinite), np.arange(places), rows, np.full(places, -1.0))
        if self.free:
            self._add(
                np.array([ESTABLISHMENT_SHORT, REACH_SHORT]), np.full(2, infinite), np.arange(2),
                np.array([self.town, self.town + 2]), np.ones(2),
            )

    def _add_singles(self) -> None:
        block, singles = self.block, self.block.singles
        problem = block.problem
        starts, rows, values = [], [], []
        for index in range(len(singles.unit)):
            starts.append(len(rows))
            rows.append(int(block.row_of[singles.unit[index]]))
            values.append(1.0)
            if singles.place[index] >= 0:
                rows.append(self.first_place + int(block.place_row[singles.place[index]]))
                values.append(1.0)
            if self.free:
                if singles.counts[index]:
                    rows.append(self.town)
                    values.append(1.0)
                seconded = singles.form[index] == SECONDED
                if seconded:
                    rows.append(self.town + 1)
                    values.append(1.0)
                reach = problem.work_coverage_share * singles.organized[index]
                reach -= problem.instructor_capacity if seconded else 0.0
                if reach:
                    rows.append(self.town + 2)
                    values.append(reach)
        self.first_single = self.columns
        self._add(
            self.single_costs(), np.full(len(singles.unit), 1.0), np.array(starts), np.array(rows), np.array(values)
        )

    def single_costs(self) -> Floats:
        """With the town-wide prices taken in where those rows are left out."""
        singles = self.block.singles
        if self.prices is None:
            return singles.cost
        return singles.cost - single_worth(self.block, self.prices)

    def add_organizations(self, star: Ints, arcs: Ints) -> int:
        """Add those that are not there yet; how many were new."""
        block, stars = self.block, self.block.stars
        fresh: list[int] = []
        for index in range(len(star)):
            key = star[index].tobytes() + np.sort(arcs[index]).tobytes()
            if key not in self.known:
                self.known.add(key)
                fresh.append(index)
        if not fresh:
            return 0
        star, arcs = star[fresh], arcs[fresh]
        cost = organization_costs(block, star, arcs, self.prices)
        starts, rows, values = [], [], []
        problem = block.problem
        for k, chosen in zip(star.tolist(), arcs.tolist(), strict=True):
            starts.append(len(rows))
            picked = [arc for arc in chosen if arc >= 0]
            units = [*stars.base[k], *(int(stars.arc_unit[arc]) for arc in picked)]
            rows += [int(block.row_of[unit]) for unit in units]
            values += [1.0] * len(units)
            cut = int(block.cuts.of_star[k])
            if cut >= 0:
                t = problem.t[units]
                third, half = cut_coefficients(int(t.sum()), int((t == 2).sum()), int((t > 0).sum()), int(block.cuts.rest[cut]))
                rows += [self.first_third + cut, self.first_half + cut]
                values += [third, half]
            if self.free:
                counts = int(stars.base_counts[k]) + sum(int(stars.arc_counts[arc]) for arc in picked)
                inside = int(problem.in_base[units].sum())
                rows += [self.town, self.town + 2]
                values += [float(counts), problem.work_coverage_share * inside]
        self._add(cost, np.full(len(star), 1.0), np.array(starts), np.array(rows), np.array(values))
        self.organizations.star = np.concatenate([self.organizations.star, star])
        self.organizations.arcs = np.concatenate([self.organizations.arcs, arcs])
        return len(star)

    def solve(self) -> tuple[float, Duals]:
        """Optimal value (fixed units left out) and duals, cut to the signs that make the Lagrangian bound valid."""
        self.model.run()
        solution = self.model.getSolution()
        return float(self.model.getInfo().objective_function_value), self._duals(np.array(solution.row_dual))

    def _duals(self, row: Floats) -> Duals:
        weights = self.block.problem.weights
        town = self.prices or Prices(
            float(np.clip(row[self.town], 0.0, ESTABLISHMENT_SHORT)),
            float(min(row[self.town + 1], 0.0)),
            float(np.clip(row[self.town + 2], 0.0, REACH_SHORT)),
        )
        return Duals(
            unit=row[: self.units],
            place=np.clip(row[self.first_place : self.first_third], -weights.village_overload, 0.0),
            thirds=np.minimum(row[self.first_third : self.first_half], 0.0),
            halves=np.minimum(row[self.first_half : self.town], 0.0),
            town=town,
        )

    def right_side(self, duals: Duals) -> float:
        """The duals times the rows' limits: what the Lagrangian bound has before any column is looked at."""
        block = self.block
        total = float(np.where(duals.unit > 0, duals.unit * self.lower[: self.units], duals.unit).sum())
        total += float(duals.place @ block.place_room)
        total += float(duals.thirds @ block.cuts.thirds_limit + duals.halves @ block.cuts.halves_limit)
        if self.free:
            total += duals.town.established * block.established_needed
            total += duals.town.instructor * block.problem.instructors
            total += duals.town.reach * block.reach_needed
        return total


def cut_coefficients(t: int, twos: int, holders: int, rest: int) -> tuple[float, float]:
    """Coefficients of an organization in its territory's two cuts (see ``pricing.share_of_three``)."""
    third = float(t // 3) + (0.5 if rest == 1 and t % 3 == 2 else 0.0)
    if rest == 1:
        third -= 0.5 * twos
    return third, float(holders // 2)


def organization_costs(block: Block, star: Ints, arcs: Ints, prices: Prices | None = None) -> Floats:
    """Costs of organizations; with ``prices``, less what they are worth for the town-wide rows."""
    stars = block.stars
    cost = stars.base_cost[star].copy()
    arc_cost, worth = stars.arc_cost, None
    if prices is not None:
        share = block.problem.work_coverage_share
        worth = prices.established * stars.arc_counts + prices.reach * share * block.problem.in_base[stars.arc_unit]
        cost -= prices.established * stars.base_counts[star] + prices.reach * share * stars.base_inside[star]
        arc_cost = stars.arc_cost - worth
    if len(arc_cost):
        cost += np.where(arcs >= 0, arc_cost[arcs], 0.0).sum(axis=1)
    return cost


def single_worth(block: Block, prices: Prices) -> Floats:
    """What each single is worth for the town-wide rows at these prices."""
    singles = block.singles
    seconded = singles.form == SECONDED
    facts = block.problem
    worth: Floats = prices.established * singles.counts
    worth = worth + prices.reach * (facts.work_coverage_share * singles.organized - facts.instructor_capacity * seconded)
    worth = worth + prices.instructor * seconded
    return worth
