"""The integer program over cores and arcs, as a model: which sets of units with members found an organization, and who fills the seats.

y[c] = 1 says that core c of star k founds its organization; x[k, u] = 1 that unit u, which has no members, takes one of
its seats. This is as strong as a column for every organization (docs/planning.md) and far smaller. Cores and arcs that
no solution better than bound + delta can use are left out; the singles all stay, so that there is always a solution.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from liangxin.planning.block import Block, Prices
from liangxin.planning.forms import ALONE, JOINT
from liangxin.planning.master import TOWN_ROWS, Duals, cut_coefficients, open_slacks, signed_duals, single_use
from liangxin.planning.problem import Arrangement
from liangxin.planning.reduction import Kept, units_of_cores
from liangxin.planning.rows import Rows

if TYPE_CHECKING:
    from liangxin.planning.problem import Floats, Ints


class IntegerModel:
    """The integer program of a block over what was kept. Columns: y, x, singles, loads of places, slacks of open stages, z."""

    def __init__(self, block: Block, kept: Kept) -> None:
        self.block, self.kept = block, kept
        stars, problem = block.stars, block.problem
        self.core_star, self.core_arcs = kept.core_star, kept.core_arcs
        self.arc = np.flatnonzero(kept.arcs)
        self.arc_star = stars.arc_star()[self.arc]
        self.single = np.arange(len(block.singles.unit))
        self.joins = (self.core_arcs >= 0).sum(axis=1)
        self.free = stars.seats[self.core_star] - self.joins
        joined = (
            np.where(self.core_arcs >= 0, problem.t[stars.arc_unit[self.core_arcs]], 0)
            if len(stars.arc_unit)
            else np.zeros_like(self.core_arcs)
        )
        self.core_t = stars.base_t[self.core_star] + joined.sum(axis=1)
        self.core_twos = stars.base_twos[self.core_star] + (joined == 2).sum(axis=1)
        self.core_holders = stars.base_holders[self.core_star] + (joined > 0).sum(axis=1)
        self.first_x = len(self.core_star)
        self.first_s = self.first_x + len(self.arc)
        self.first_load = self.first_s + len(self.single)
        self.first_short = self.first_load + len(block.places)
        self.slack_row, self.slack_sign, self.slack_price = open_slacks(block)
        self.first_seat = self.first_short + len(self.slack_row)
        roomy = np.unique(self.core_star[self.free >= 2])
        self.seats = len(roomy)
        self.star_seat = np.full(stars.count, -1, dtype=np.int32)
        self.star_seat[roomy] = np.arange(self.seats)
        self.columns = self.first_seat + self.seats
        self.y, self.x = np.arange(self.first_x), self.first_x + np.arange(len(self.arc))
        self.town_use = self._town_use()
        self.cost = self._costs()
        self.rows = Rows()
        self.matrix: tuple[Ints, Ints, Floats] | None = None
        self._units()
        self._seats()
        self.first_place = len(self.rows.lower)  # then the rows of places, thirds, halves, the town
        self._places_and_cuts()
        self._town()

    def _sum_over_core(self, of_arc: Floats | Ints) -> Floats:
        """The sum of a figure of arcs over each core's own."""
        if not len(of_arc):
            return np.zeros(len(self.core_star))
        total: Floats = np.where(self.core_arcs >= 0, of_arc[self.core_arcs], 0).sum(axis=1)
        return total

    def _costs(self) -> Floats:
        block, stars = self.block, self.block.stars
        y = stars.base_cost[self.core_star] + self._sum_over_core(stars.arc_cost)
        bare = self.core_t == block.problem.limits.min_full_members
        y += np.where(bare, stars.bare[self.core_star], 0.0)
        cost = np.concatenate([y, stars.arc_cost[self.arc], block.singles.cost])
        load = np.full(len(block.places), block.problem.weights.village_overload)
        return np.concatenate([cost, load, self.slack_price, np.zeros(self.seats)])

    def _town_use(self) -> Floats:
        """What each y, x and single does for the town-wide rows [columns, 4]."""
        problem, stars = self.block.problem, self.block.stars
        inside = problem.reach_asked[stars.arc_unit]
        counts_y = stars.base_counts[self.core_star] + self._sum_over_core(stars.arc_counts)
        inside_y = stars.base_reach[self.core_star] + self._sum_over_core(inside)
        counts = np.concatenate([counts_y, stars.arc_counts[self.arc]])
        reach = np.concatenate([inside_y, inside[self.arc]])
        uncovers_y = stars.base_uncovers[self.core_star] + self._sum_over_core(stars.arc_uncovers)
        uncovers = np.concatenate([uncovers_y, stars.arc_uncovers[self.arc]])
        joint = np.column_stack([counts, np.zeros(len(counts)), reach, uncovers])
        return np.concatenate([joint, single_use(self.block)])

    def used(self, value: Floats) -> Floats:
        """What a solution does for the town-wide rows; fixed units left out."""
        total: Floats = value[: self.first_load] @ self.town_use
        return total

    def duals(self, row: Floats) -> Duals:
        """The duals of the rows that a master has, too, cut to the signs that make the Lagrangian bound valid."""
        place, third = self.first_place, self.first_place + len(self.block.places)
        half = third + len(self.block.cuts.rest)
        end = half + len(self.block.cuts.rest)
        return signed_duals(
            self.block,
            row[: len(self.block.active)],
            row[place:third],
            row[third:half],
            row[half:end],
            Prices(*row[end : end + TOWN_ROWS].tolist()),
        )

    def core_units(self) -> tuple[Ints, Ints]:
        """(unit, column) for every unit of every core, base units first."""
        return units_of_cores(self.block.stars, self.core_star, self.core_arcs)

    def _units(self) -> None:
        block = self.block
        first = self.rows.add(np.where(block.must, 1.0, 0.0), np.ones(len(block.active)))
        units, columns = self.core_units()
        self.rows.entries(first + block.row_of[units], columns, 1.0)
        self.rows.entries(first + block.row_of[block.stars.arc_unit[self.arc]], self.x, 1.0)
        self.rows.entries(
            first + block.row_of[block.singles.unit[self.single]], self.first_s + self.single, 1.0
        )

    def _seats(self) -> None:
        """Units without members take free seats of a founded organization; its members stay below the cap."""
        block, stars, rows = self.block, self.block.stars, self.rows
        used, y_star = np.unique(self.core_star, return_inverse=True)
        place = np.full(stars.count, -1)
        place[used] = np.arange(len(used))
        x_star = place[self.arc_star]
        first = rows.add(np.full(len(used), -np.inf), np.zeros(len(used)))
        rows.entries(first + x_star, self.x, 1.0)
        rows.entries(first + y_star, self.y, -self.free.astype(np.float64))
        self._links()
        sizes = np.array([len(base) for base in stars.base], dtype=np.int64)
        lonely = np.flatnonzero(
            (sizes[self.core_star] + self.joins == 1) if len(sizes) else np.zeros(0, dtype=bool)
        )
        first = rows.add(np.zeros(len(lonely)), np.full(len(lonely), np.inf))
        for row, column in enumerate(lonely.tolist()):
            mine = self.x[x_star == y_star[column]]
            rows.entries(np.full(len(mine), first + row), mine, 1.0)
            rows.entries(np.array([first + row]), np.array([column]), -1.0)
        tight = np.flatnonzero(stars.crowded[used])
        at = np.full(len(used), -1)
        at[tight] = np.arange(len(tight))
        first = rows.add(np.full(len(tight), -np.inf), np.zeros(len(tight)))
        heavy = np.flatnonzero(stars.crowded[self.core_star])
        load = stars.base_members[self.core_star] + self._sum_over_core(block.problem.members[stars.arc_unit])
        left = (block.problem.limits.max_members - load).astype(np.float64)
        rows.entries(first + at[y_star[heavy]], heavy, -left[heavy])
        joins = np.flatnonzero(stars.crowded[self.arc_star])
        weight = block.problem.members[stars.arc_unit[self.arc[joins]]].astype(np.float64)
        rows.entries(first + at[x_star[joins]], self.x[joins], weight)

    def _links(self) -> None:
        """x <= z, z = sum of the star's cores that have a seat free; the seats' row says it where no core has two."""
        at = self.star_seat[self.core_star]  # the star's z, -1 where there is none
        first = self.rows.add(np.zeros(self.seats), np.zeros(self.seats))
        self.rows.entries(first + np.arange(self.seats), self.first_seat + np.arange(self.seats), 1.0)
        seated = np.flatnonzero((self.free >= 1) & (at >= 0))
        self.rows.entries(first + at[seated], seated, -1.0)
        x_at = self.star_seat[self.arc_star]
        linked = np.flatnonzero(x_at >= 0)
        first = self.rows.add(np.full(len(linked), -np.inf), np.zeros(len(linked)))
        self.rows.entries(first + np.arange(len(linked)), self.x[linked], 1.0)
        self.rows.entries(first + np.arange(len(linked)), self.first_seat + x_at[linked], -1.0)

    def _places_and_cuts(self) -> None:
        block, rows = self.block, self.rows
        places = len(block.places)
        first = rows.add(np.full(places, -np.inf), block.place_room)
        rows.entries(first + np.arange(places), self.first_load + np.arange(places), -1.0)
        village = np.flatnonzero(block.singles.place >= 0)
        rows.entries(first + block.place_row[block.singles.place[village]], self.first_s + village, 1.0)
        cuts = block.cuts
        entries = len(cuts.rest)
        thirds = rows.add(np.full(entries, -np.inf), cuts.thirds_limit)
        halves = rows.add(np.full(entries, -np.inf), cuts.halves_limit)
        cut = cuts.of_star[self.core_star]
        inside = np.flatnonzero(cut >= 0)
        if not len(inside):
            return
        third, half = np.array(
            [
                cut_coefficients(
                    int(self.core_t[c]),
                    int(self.core_twos[c]),
                    int(self.core_holders[c]),
                    int(cuts.rest[cut[c]]),
                )
                for c in inside.tolist()
            ]
        ).T
        rows.entries(thirds + cut[inside], inside, third)
        rows.entries(halves + cut[inside], inside, half)

    def _town(self) -> None:
        block, rows = self.block, self.rows
        first = rows.add(
            np.array([block.established_needed, -np.inf, block.reach_needed, -np.inf]),
            np.array([np.inf, block.problem.instructors, np.inf, block.uncovered_allowed]),
        )
        columns = np.arange(self.first_load)
        for row in range(TOWN_ROWS):
            rows.entries(np.full(self.first_load, first + row), columns, self.town_use[:, row])
        rows.entries(
            first + self.slack_row, self.first_short + np.arange(len(self.slack_row)), self.slack_sign
        )

    def highs(self, columns: Ints | None = None) -> Any:
        """The model as HiGHS takes it, over these columns only (ascending; all when None). Rows without entries go."""
        import highspy

        if self.matrix is None:
            self.matrix = self.rows.matrix(self.columns)
        starts, rows, values = self.matrix
        chosen = np.arange(self.columns) if columns is None else columns
        count = (starts[1:] - starts[:-1])[chosen]
        first = np.concatenate([[0], np.cumsum(count)])
        entry = np.repeat(starts[:-1][chosen], count) + np.arange(first[-1]) - np.repeat(first[:-1], count)
        rows, values = rows[entry], values[entry]
        lower, upper = np.array(self.rows.lower), np.array(self.rows.upper)
        if columns is not None:
            used, rows = np.unique(rows, return_inverse=True)
            lower, upper = lower[used], upper[used]
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = len(chosen), len(lower)
        lp.col_cost_ = self.cost[chosen]
        lp.col_lower_ = np.zeros(len(chosen))
        whole = columns is not None
        # in the relaxation the rows say it, and a bound of the column's own would blur the rows' duals
        lp.col_upper_ = np.where((chosen < self.first_load) & whole, 1.0, np.inf)
        lp.row_lower_, lp.row_upper_ = lower, upper
        lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        lp.a_matrix_.start_ = first.astype(np.int32)
        lp.a_matrix_.index_ = rows.astype(np.int32)
        lp.a_matrix_.value_ = values
        if columns is not None:
            kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
            lp.integrality_ = [kinds[int(column < self.first_load)] for column in chosen.tolist()]
        return lp

    def values_of(self, arrangement: Arrangement) -> Floats | None:
        """The column values of an arrangement, or None where it uses something that was left out."""
        block, stars, t = self.block, self.block.stars, self.block.problem.t
        value = np.zeros(self.columns)
        single_at = {
            (int(u), int(f)): c
            for c, (u, f) in enumerate(zip(block.singles.unit, block.singles.form, strict=True))
        }
        core_at: dict[tuple[int, int, frozenset[int]], int] = {}
        for c, k in enumerate(self.core_star.tolist()):
            chosen = frozenset(int(stars.arc_unit[arc]) for arc in self.core_arcs[c] if arc >= 0)
            core_at.setdefault((int(stars.host[k]), int(stars.form[k]), chosen | frozenset(stars.base[k])), c)
        arc_at = {
            (int(k), int(stars.arc_unit[a])): i
            for i, (k, a) in enumerate(zip(self.arc_star, self.arc, strict=True))
        }
        groups: dict[tuple[int, int], list[int]] = {}
        for row, unit in enumerate(block.active.tolist()):
            form = int(arrangement.form[unit])
            if form in JOINT:
                groups.setdefault((int(arrangement.host[unit]), form), []).append(unit)
            elif (unit, form) in single_at:
                value[self.first_s + single_at[unit, form]] = 1.0
            elif block.must[row]:
                return None
        for (host, form), units in groups.items():
            core = frozenset(unit for unit in units if t[unit] > 0 or block.problem.pinned_host[unit] >= 0)
            c = core_at.get((host, form, core), -1)
            if c < 0:
                return None
            value[c] = 1.0
            for unit in set(units) - core:
                arc = arc_at.get((int(self.core_star[c]), unit), -1)
                if arc < 0:
                    return None
                value[self.first_x + arc] = 1.0
            seat = int(self.star_seat[self.core_star[c]])
            if seat >= 0 and self.free[c] >= 1:
                value[self.first_seat + seat] = 1.0
        return value

    def arrangement(self, value: Floats) -> Arrangement:
        """The answer in the problem's own terms, fixed units of the block included."""
        block, stars = self.block, self.block.stars
        answer = Arrangement.nothing(block.problem.n)
        fixed = np.flatnonzero(block.fixed_form >= 0)
        answer.form[fixed] = block.fixed_form[fixed]
        units, columns = self.core_units()
        founded = value[columns] > 0.5
        answer.form[units[founded]] = stars.form[self.core_star[columns[founded]]]
        answer.host[units[founded]] = stars.host[self.core_star[columns[founded]]]
        taken = value[self.x] > 0.5
        joined = stars.arc_unit[self.arc[taken]]
        answer.form[joined], answer.host[joined] = (
            stars.form[self.arc_star[taken]],
            stars.host[self.arc_star[taken]],
        )
        chosen = value[self.first_s : self.first_load] > 0.5
        answer.form[block.singles.unit[chosen]] = block.singles.form[chosen]
        alone = np.isin(answer.form, ALONE)
        answer.host[alone] = np.flatnonzero(alone)
        return answer
