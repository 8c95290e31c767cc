"""The master linear program of column generation: rows for units and targets, columns for organizations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from liangxin.planning.block import (
    ESTABLISHED_PRICE,
    FORBIDDEN_PRICE,
    REACH_PRICE,
    UNCOVERED_PRICE,
    Block,
    Prices,
)
from liangxin.planning.clock import run_within
from liangxin.planning.forms import SECONDED
from liangxin.planning.highs import new_solver

if TYPE_CHECKING:
    from liangxin.planning.clock import Clock
    from liangxin.planning.problem import Floats, Ints

TOWN_ROWS: Final = 4


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
            Prices(*mix(first.array(), second.array()).tolist()),
        )


@dataclass(slots=True)
class Columns:
    """Organizations found so far: star and arcs (padded with -1)."""

    star: Ints
    arcs: Ints


class Master:
    """The restricted master. Rows: active units, places, thirds cuts, halves cuts, then established, instructors, reach,
    uncovered. It has a solution once it holds the organizations of an arrangement that meets the block's targets.
    """

    def __init__(self, block: Block) -> None:
        self.block = block
        self.units = len(block.active)
        self.first_place = self.units
        self.first_third = self.first_place + len(block.places)
        self.first_half = self.first_third + len(block.cuts.rest)
        self.town = self.first_half + len(block.cuts.rest)
        self.rows = self.town + TOWN_ROWS
        self.model = new_solver(presolve="off")
        infinite = np.inf
        lower = np.full(self.rows, -infinite)
        upper = np.full(self.rows, infinite)
        lower[: self.units] = np.where(block.must, 1.0, 0.0)
        upper[: self.units] = 1.0
        upper[self.first_place : self.first_third] = block.place_room
        upper[self.first_third : self.first_half] = block.cuts.thirds_limit
        upper[self.first_half : self.town] = block.cuts.halves_limit
        lower[self.town] = block.established_needed
        upper[self.town + 1] = block.problem.instructors
        lower[self.town + 2] = block.reach_needed
        upper[self.town + 3] = block.uncovered_allowed
        self.lower, self.upper = lower, upper
        empty = np.zeros(0, dtype=np.int32)
        self.model.addRows(
            self.rows, lower, upper, 0, np.zeros(self.rows, dtype=np.int32), empty, np.zeros(0)
        )
        self.columns = 0
        self.use: list[Floats] = []
        self._add_slacks(infinite)
        self._add_singles()
        self.first_organization = self.columns
        widest = max(1, int(block.stars.seats.max())) if block.stars.count else 1
        self.organizations = Columns(empty, np.zeros((0, widest), dtype=np.int32))
        self.known: set[bytes] = set()

    def _add(
        self, cost: Floats, upper: Floats, starts: Ints, rows: Ints, values: Floats, use: Floats | None = None
    ) -> None:
        """Add columns. ``use`` [columns, 4]: what each does for the town-wide rows."""
        self.use.append(np.zeros((len(cost), TOWN_ROWS)) if use is None else use)
        self.model.addCols(
            len(cost),
            cost,
            np.zeros(len(cost)),
            upper,
            len(rows),
            starts.astype(np.int32),
            rows.astype(np.int32),
            values.astype(np.float64),
        )
        self.columns += len(cost)

    def _add_slacks(self, infinite: float) -> None:
        places = len(self.block.places)
        costs = np.full(places, self.block.problem.weights.village_overload)
        rows = np.arange(self.first_place, self.first_third)
        self._add(costs, np.full(places, infinite), np.arange(places), rows, np.full(places, -1.0))
        rows, signs, prices = open_slacks(self.block)
        count = len(rows)
        self._add(prices, np.full(count, infinite), np.arange(count), self.town + rows, signs)

    def _add_singles(self) -> None:
        block, singles = self.block, self.block.singles
        use = single_use(block)
        starts: list[int] = []
        rows: list[int] = []
        values: list[float] = []
        for index in range(len(singles.unit)):
            starts.append(len(rows))
            rows.append(int(block.row_of[singles.unit[index]]))
            values.append(1.0)
            if singles.place[index] >= 0:
                rows.append(self.first_place + int(block.place_row[singles.place[index]]))
                values.append(1.0)
            for row in np.flatnonzero(use[index]):
                rows.append(self.town + int(row))
                values.append(float(use[index, row]))
        self.first_single = self.columns
        upper = np.full(len(singles.unit), 1.0)
        self._add(singles.cost, upper, np.array(starts), np.array(rows), np.array(values), use)

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
        cost, use = organization_figures(block, star, arcs)
        starts: list[int] = []
        rows: list[int] = []
        values: list[float] = []
        problem = block.problem
        for index, (k, chosen) in enumerate(zip(star.tolist(), arcs.tolist(), strict=True)):
            starts.append(len(rows))
            picked = [arc for arc in chosen if arc >= 0]
            units = [*stars.base[k], *(int(stars.arc_unit[arc]) for arc in picked)]
            rows += [int(block.row_of[unit]) for unit in units]
            values += [1.0] * len(units)
            cut = int(block.cuts.of_star[k])
            if cut >= 0:
                t = problem.t[units]
                third, half = cut_coefficients(
                    int(t.sum()), int((t == 2).sum()), int((t > 0).sum()), int(block.cuts.rest[cut])
                )
                rows += [self.first_third + cut, self.first_half + cut]
                values += [third, half]
            for row in np.flatnonzero(use[index]):
                rows.append(self.town + int(row))
                values.append(float(use[index, row]))
        self._add(cost, np.full(len(star), 1.0), np.array(starts), np.array(rows), np.array(values), use)
        self.organizations.star = np.concatenate([self.organizations.star, star])
        self.organizations.arcs = np.concatenate([self.organizations.arcs, arcs])
        return len(star)

    def used(self) -> Floats:
        """What the master's solution does for the town-wide rows: established, instructors, reach; fixed units left out."""
        use: Floats = np.array(self.model.getSolution().col_value) @ np.concatenate(self.use)
        return use

    def solve(self, clock: Clock) -> tuple[float, Duals] | None:
        """Optimal value (fixed units left out) and duals, cut to the signs that make the Lagrangian bound valid; None where
        the time was over first."""
        if not run_within(self.model, clock):
            return None
        solution = self.model.getSolution()
        return float(self.model.getInfo().objective_function_value), self._duals(np.array(solution.row_dual))

    def _duals(self, row: Floats) -> Duals:
        return signed_duals(
            self.block,
            row[: self.units],
            row[self.first_place : self.first_third],
            row[self.first_third : self.first_half],
            row[self.first_half : self.town],
            Prices(*row[self.town : self.rows].tolist()),
        )


def open_slacks(block: Block) -> tuple[Ints, Floats, Floats]:
    """Slacks of the stages that are not proven: (row among the town-wide ones, sign, price)."""
    targets = block.targets
    slacks = [
        (0, 1.0, ESTABLISHED_PRICE, targets.established_open),
        (2, 1.0, REACH_PRICE, targets.reach_open),
        (3, -1.0, UNCOVERED_PRICE, targets.uncovered_open),
    ]
    taken = [slack for slack in slacks if slack[3]]
    return (
        np.array([slack[0] for slack in taken], dtype=np.int32),
        np.array([slack[1] for slack in taken]),
        np.array([slack[2] for slack in taken]),
    )


def signed_duals(
    block: Block, unit: Floats, place: Floats, thirds: Floats, halves: Floats, town: Prices
) -> Duals:
    """Duals cut to the signs that make the Lagrangian bound valid."""
    return Duals(
        unit=unit,
        place=np.clip(place, -block.problem.weights.village_overload, 0.0),
        thirds=np.minimum(thirds, 0.0),
        halves=np.minimum(halves, 0.0),
        town=signed_town(block, town),
    )


def signed_town(block: Block, town: Prices) -> Prices:
    """Prices of the town-wide rows cut to the signs, and to the slacks' prices, that make the bound valid."""
    targets = block.targets
    uncovered = min(town.uncovered, 0.0)
    if targets.uncovered_open:
        uncovered = max(uncovered, -UNCOVERED_PRICE)
    elif block.uncovered_allowed <= 0:
        uncovered = FORBIDDEN_PRICE
    return Prices(
        float(np.clip(town.established, 0.0, ESTABLISHED_PRICE if targets.established_open else np.inf)),
        float(min(town.instructor, 0.0)),
        float(np.clip(town.reach, 0.0, REACH_PRICE if targets.reach_open else np.inf)),
        uncovered,
    )


def right_side(block: Block, duals: Duals) -> float:
    """The duals times the rows' limits: what the Lagrangian bound has before any column is looked at."""
    total = float(np.where((duals.unit > 0) & ~block.must, 0.0, duals.unit).sum())
    total += float(duals.place @ block.place_room)
    total += float(duals.thirds @ block.cuts.thirds_limit + duals.halves @ block.cuts.halves_limit)
    total += duals.town.established * block.established_needed
    total += duals.town.instructor * block.problem.instructors
    total += duals.town.reach * block.reach_needed
    total += duals.town.uncovered * block.uncovered_allowed
    return total


def cut_coefficients(t: int, twos: int, holders: int, rest: int) -> tuple[float, float]:
    """Coefficients of an organization in its territory's two cuts (see ``pricing.share_of_three``)."""
    third = float(t // 3) + (0.5 if rest == 1 and t % 3 == 2 else 0.0)
    if rest == 1:
        third -= 0.5 * twos
    return third, float(holders // 2)


def organization_figures(block: Block, star: Ints, arcs: Ints) -> tuple[Floats, Floats]:
    """Costs of organizations, and what they do for the town-wide rows [m, 4]."""
    stars = block.stars
    cost = stars.base_cost[star].copy()
    use = np.zeros((len(star), TOWN_ROWS))
    use[:, 0] = stars.base_counts[star]
    use[:, 2] = stars.base_reach[star]
    use[:, 3] = stars.base_uncovers[star]
    if len(stars.arc_cost):
        picked = arcs >= 0
        cost += np.where(picked, stars.arc_cost[arcs], 0.0).sum(axis=1)
        use[:, 0] += np.where(picked, stars.arc_counts[arcs], 0).sum(axis=1)
        use[:, 3] += np.where(picked, stars.arc_uncovers[arcs], 0).sum(axis=1)
        use[:, 2] += np.where(picked, block.problem.reach_asked[stars.arc_unit[arcs]], 0.0).sum(axis=1)
    full = stars.base_t[star].copy()
    if len(stars.arc_cost):
        full += np.where(arcs >= 0, block.problem.t[stars.arc_unit[arcs]], 0).sum(axis=1)
    cost += np.where(full == block.problem.limits.min_full_members, stars.bare[star], 0.0)
    return cost, use


def single_use(block: Block) -> Floats:
    """What each single does for the town-wide rows [singles, 4]."""
    singles, problem = block.singles, block.problem
    seconded = (singles.form == SECONDED).astype(np.float64)
    reach = singles.reach - problem.instructor_capacity * seconded
    counts = singles.counts.astype(np.float64)
    return np.column_stack([counts, seconded, reach, singles.uncovers.astype(np.float64)])


def single_worth(block: Block, prices: Prices) -> Floats:
    """What each single is worth for the town-wide rows at these prices."""
    worth: Floats = single_use(block) @ prices.array()
    return worth
