"""The integer program over stars: which arcs and patterns, never which organizations one by one.

For star k, y[k, a1, a2] = 1 says that the organization is founded with a1 units of 1 and a2 units of 2 full members
beside its base; x[k, u] = 1 that unit u joins. With one variable per pattern the sum of full members is known, so the
territory's cuts are linear here too, and the relaxation is as strong as that over all organizations (docs/planning.md).
Arcs and patterns whose bound from ``bound_arcs`` lies above ``delta`` are left out: no solution that is better than
bound + delta uses them. The singles all stay, so that there is always a solution.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from liangxin.planning.block import ESTABLISHMENT_SHORT, REACH_SHORT, Block, Prices
from liangxin.planning.forms import JOINT, SECONDED
from liangxin.planning.generation import Pricer, Relaxation
from liangxin.planning.master import cut_coefficients, single_worth
from liangxin.planning.problem import Arrangement

if TYPE_CHECKING:
    from liangxin.planning.problem import Flags, Floats, Ints

_SLACK: Final = 1e-6


@dataclass(frozen=True, slots=True)
class Kept:
    """What can be part of a solution below bound + delta."""

    arcs: Flags
    patterns: Ints  # rows of (star, a1, a2)
    singles: Flags
    delta: float

    @property
    def size(self) -> int:
        return int(self.arcs.sum() + len(self.patterns) + self.singles.sum())


@dataclass(frozen=True, slots=True)
class IntegerAnswer:
    """``bound`` holds for the block (fixed units included) if nothing below it was left out; see ``solve_integer``."""

    arrangement: Arrangement | None
    value: float
    bound: float
    nodes: int


class Reduction:
    """Bounds of every arc and pattern at the relaxation's duals, computed once, for any delta."""

    def __init__(self, relaxation: Relaxation) -> None:
        from liangxin.planning.pricing import bound_arcs

        block = relaxation.master.block
        pricer, duals, stars = Pricer(block), relaxation.duals, block.stars
        price, base = pricer.prices(duals)
        through, patterns = bound_arcs(
            block.problem.limits.min_full_members, stars.bounds, stars.arc_unit, stars.arc_cost, stars.arc_counts,
            base, stars.base_t, stars.base_twos, stars.base_holders, pricer.sizes, stars.seats, block.cuts.of_star,
            block.cuts.rest, duals.thirds, duals.halves, price, duals.town.established,
        )
        already = pricer.by_host(relaxation.best)
        self.relaxation = relaxation
        self.through: Floats = through - already[stars.arc_star()]
        self.patterns: Floats = patterns - already[:, None, None]

    def keep(self, delta: float) -> Kept:
        singles = len(self.relaxation.master.block.singles.unit)
        patterns = np.argwhere(self.patterns <= delta + _SLACK).astype(np.int32)
        return Kept(self.through <= delta + _SLACK, patterns, np.ones(singles, dtype=np.bool_), delta)


class _Rows:
    """Rows of a sparse matrix, collected entry by entry."""

    def __init__(self) -> None:
        self.lower: list[float] = []
        self.upper: list[float] = []
        self.parts: list[tuple[Ints, Ints, Floats]] = []

    def block(self, lower: Floats, upper: Floats) -> int:
        first = len(self.lower)
        self.lower += lower.tolist()
        self.upper += upper.tolist()
        return first

    def entries(self, rows: Ints, columns: Ints, values: Floats | float) -> None:
        self.parts.append((rows, columns, np.broadcast_to(np.asarray(values, dtype=np.float64), np.shape(rows))))


class IntegerModel:
    """The integer program of a block over what was kept."""

    def __init__(self, block: Block, kept: Kept, prices: Prices | None) -> None:
        self.block, self.kept, self.prices = block, kept, prices
        stars = block.stars
        self.arc = np.flatnonzero(kept.arcs)
        self.arc_star = stars.arc_star()[self.arc]
        self.arc_class = block.problem.t[stars.arc_unit[self.arc]]
        founded = np.zeros(stars.count, dtype=np.bool_)
        founded[kept.patterns[:, 0]] = True
        use = founded[self.arc_star]
        self.arc, self.arc_star, self.arc_class = self.arc[use], self.arc_star[use], self.arc_class[use]
        self.pattern = kept.patterns
        self.single = np.flatnonzero(kept.singles)
        self.first_x = len(self.pattern)
        self.first_s = self.first_x + len(self.arc)
        self.first_load = self.first_s + len(self.single)
        self.first_short = self.first_load + len(block.places)
        self.columns = self.first_short + (2 if prices is None else 0)
        self.cost = self._costs()
        self.rows = _Rows()
        self._units()
        self._stars()
        self._places_and_cuts()
        if prices is None:
            self._town()

    def _costs(self) -> Floats:
        block, stars, prices = self.block, self.block.stars, self.prices
        star, arc, single = self.pattern[:, 0], self.arc, self.single
        y, x, s = stars.base_cost[star].copy(), stars.arc_cost[arc].copy(), block.singles.cost[single].copy()
        shorts: list[float] = [ESTABLISHMENT_SHORT, REACH_SHORT]
        if prices is not None:
            share = block.problem.work_coverage_share * prices.reach
            y -= prices.established * stars.base_counts[star] + share * stars.base_inside[star]
            x -= prices.established * stars.arc_counts[arc] + share * block.problem.in_base[stars.arc_unit[arc]]
            s -= single_worth(block.problem, block, prices)[single]
            shorts = []
        load = np.full(len(block.places), block.problem.weights.village_overload)
        return np.concatenate([y, x, s, load, shorts])

    def _base_entries(self) -> tuple[Ints, Ints]:
        """(base unit, pattern column) for every pattern."""
        sizes = np.array([len(base) for base in self.block.stars.base], dtype=np.int64)
        star = self.pattern[:, 0]
        columns = np.repeat(np.arange(len(star)), sizes[star])
        units = [unit for k in star.tolist() for unit in self.block.stars.base[k]]
        return np.array(units, dtype=np.int64), columns

    def _units(self) -> None:
        block = self.block
        first = self.rows.block(np.where(block.must, 1.0, 0.0), np.ones(len(block.active)))
        units, columns = self._base_entries()
        self.rows.entries(first + block.row_of[units], columns, 1.0)
        x = self.first_x + np.arange(len(self.arc))
        self.rows.entries(first + block.row_of[block.stars.arc_unit[self.arc]], x, 1.0)
        s = self.first_s + np.arange(len(self.single))
        self.rows.entries(first + block.row_of[block.singles.unit[self.single]], s, 1.0)

    def _stars(self) -> None:
        block, stars, rows = self.block, self.block.stars, self.rows
        star, a1, a2 = self.pattern.T
        used, y_star = np.unique(star, return_inverse=True)
        place = np.full(stars.count, -1)
        place[used] = np.arange(len(used))
        y, x = np.arange(len(star)), self.first_x + np.arange(len(self.arc))
        x_star = place[self.arc_star]
        room = stars.seats[star] - a1 - a2
        infinite = np.inf
        for members, seats in ((0, room), (1, a1), (2, a2)):
            mine = self.arc_class == members
            low = np.full(len(used), -infinite if members == 0 else 0.0)
            first = rows.block(low, np.zeros(len(used)))
            rows.entries(first + x_star[mine], x[mine], 1.0)
            rows.entries(first + y_star, y, -seats.astype(np.float64))
            # one unit joins only where a pattern has a seat for its class; implied where no pattern has two
            several = np.zeros(len(used), dtype=np.bool_)
            several[y_star[seats >= 2]] = True
            linked = np.flatnonzero(mine & several[x_star])
            at = np.full(len(self.arc), -1)
            at[linked] = np.arange(len(linked))
            first = rows.block(np.full(len(linked), -infinite), np.zeros(len(linked)))
            rows.entries(first + np.arange(len(linked)), x[linked], 1.0)
            seated = np.flatnonzero(seats >= 1)
            by_star: dict[int, list[int]] = {}
            for column in seated.tolist():
                by_star.setdefault(int(y_star[column]), []).append(column)
            pairs = [(row, column) for row in linked.tolist() for column in by_star.get(int(x_star[row]), ())]
            if pairs:
                link, column = np.array(pairs).T
                rows.entries(first + at[link], column, -1.0)
        sizes = np.array([len(base) for base in stars.base], dtype=np.int64)
        lonely = np.flatnonzero((sizes[star] == 1) & (a1 == 0) & (a2 == 0))
        first = rows.block(np.zeros(len(lonely)), np.full(len(lonely), infinite))
        for row, column in enumerate(lonely.tolist()):
            mine = x[(x_star == y_star[column]) & (self.arc_class == 0)]
            rows.entries(np.full(len(mine), first + row), mine, 1.0)
            rows.entries(np.array([first + row]), np.array([column]), -1.0)
        crowded = np.flatnonzero(stars.crowded[used])
        at_crowded = np.full(len(used), -1)
        at_crowded[crowded] = np.arange(len(crowded))
        first = rows.block(np.full(len(crowded), -infinite), np.zeros(len(crowded)))
        heavy = stars.crowded[star]
        cap = block.problem.limits.max_members - stars.base_members[star]
        rows.entries(first + at_crowded[y_star[heavy]], y[heavy], -cap[heavy].astype(np.float64))
        joins = stars.crowded[self.arc_star]
        weight = block.problem.members[stars.arc_unit[self.arc[joins]]].astype(np.float64)
        rows.entries(first + at_crowded[x_star[joins]], x[joins], weight)

    def _places_and_cuts(self) -> None:
        block, rows = self.block, self.rows
        infinite = np.inf
        places = len(block.places)
        first = rows.block(np.full(places, -infinite), block.place_room)
        rows.entries(first + np.arange(places), self.first_load + np.arange(places), -1.0)
        village = np.flatnonzero(block.singles.place[self.single] >= 0)
        at = block.place_row[block.singles.place[self.single[village]]]
        rows.entries(first + at, self.first_s + village, 1.0)
        stars, cuts = block.stars, block.cuts
        entries = len(cuts.rest)
        thirds = rows.block(np.full(entries, -infinite), cuts.thirds_limit)
        halves = rows.block(np.full(entries, -infinite), cuts.halves_limit)
        for column, (k, a1, a2) in enumerate(self.pattern.tolist()):
            cut = int(cuts.of_star[k])
            if cut >= 0:
                t = int(stars.base_t[k]) + a1 + 2 * a2
                twos, holders = int(stars.base_twos[k]) + a2, int(stars.base_holders[k]) + a1 + a2
                third, half = cut_coefficients(t, twos, holders, int(cuts.rest[cut]))
                rows.entries(np.array([thirds + cut, halves + cut]), np.array([column, column]), np.array([third, half]))

    def _town(self) -> None:
        block, rows, problem = self.block, self.rows, self.block.problem
        stars, infinite = block.stars, np.inf
        first = rows.block(
            np.array([block.established_needed, -infinite, block.reach_needed]),
            np.array([infinite, problem.instructors, infinite]),
        )
        star = self.pattern[:, 0]
        y, x = np.arange(len(star)), self.first_x + np.arange(len(self.arc))
        s = self.first_s + np.arange(len(self.single))
        seconded = (block.singles.form[self.single] == SECONDED).astype(np.float64)
        share = problem.work_coverage_share
        inside = problem.in_base[stars.arc_unit[self.arc]].astype(np.float64)
        organized = block.singles.organized[self.single]
        for row, of_y, of_x, of_s in (
            (first, stars.base_counts[star], stars.arc_counts[self.arc], block.singles.counts[self.single]),
            (first + 1, np.zeros(len(star)), np.zeros(len(self.arc)), seconded),
            (first + 2, share * stars.base_inside[star], share * inside,
             share * organized - problem.instructor_capacity * seconded),
        ):
            columns = np.concatenate([y, x, s])
            values = np.concatenate([of_y, of_x, of_s]).astype(np.float64)
            used = values != 0
            rows.entries(np.full(int(used.sum()), row), columns[used], values[used])
        rows.entries(np.array([first, first + 2]), self.first_short + np.arange(2), 1.0)

    def highs(self):  # type: ignore[no-untyped-def]
        """The model as HiGHS takes it."""
        import highspy

        rows = np.concatenate([part[0] for part in self.rows.parts]).astype(np.int64)
        columns = np.concatenate([part[1] for part in self.rows.parts]).astype(np.int32)
        values = np.concatenate([part[2] for part in self.rows.parts])
        used = values != 0
        rows, columns, values = rows[used], columns[used], values[used]
        order = np.argsort(columns, kind="stable")
        starts = np.searchsorted(columns[order], np.arange(self.columns + 1))
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = self.columns, len(self.rows.lower)
        lp.col_cost_ = self.cost
        lp.col_lower_ = np.zeros(self.columns)
        upper = np.ones(self.columns)
        upper[self.first_load :] = highspy.kHighsInf
        lp.col_upper_ = upper
        lp.row_lower_, lp.row_upper_ = np.array(self.rows.lower), np.array(self.rows.upper)
        lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        lp.a_matrix_.start_ = starts.astype(np.int32)
        lp.a_matrix_.index_ = rows[order].astype(np.int32)
        lp.a_matrix_.value_ = values[order]
        whole = [highspy.HighsVarType.kInteger] * self.first_load
        lp.integrality_ = whole + [highspy.HighsVarType.kContinuous] * (self.columns - self.first_load)
        return lp

    def start_from(self, arrangement: Arrangement) -> Floats | None:
        """The column values of an arrangement, or None where it uses something left out."""
        block, stars = self.block, self.block.stars
        value = np.zeros(self.columns)
        star_at = {(int(self.arc_star[i]), int(stars.arc_unit[a])): i for i, a in enumerate(self.arc.tolist())}
        pattern_at = {tuple(row): i for i, row in enumerate(self.pattern.tolist())}
        by_host: dict[tuple[int, int], list[int]] = {}
        for k in range(stars.count):
            by_host.setdefault((int(stars.host[k]), int(stars.form[k])), []).append(k)
        single_at = {
            (int(block.singles.unit[i]), int(block.singles.form[i])): c for c, i in enumerate(self.single.tolist())
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
        t = block.problem.t
        for key, units in groups.items():
            for k in by_host.get(key, ()):
                others = [unit for unit in units if unit not in stars.base[k]]
                a1, a2 = int((t[others] == 1).sum()), int((t[others] == 2).sum())
                if (
                    len(others) + len(stars.base[k]) == len(units)
                    and (k, a1, a2) in pattern_at
                    and all((k, unit) in star_at for unit in others)
                ):
                    value[pattern_at[k, a1, a2]] = 1.0
                    for unit in others:
                        value[self.first_x + star_at[k, unit]] = 1.0
                    break
            else:
                return None
        return value

    def arrangement(self, value: Floats) -> Arrangement:
        """The answer in the problem's own terms, fixed units of the block included; units outside have nothing."""
        block, stars = self.block, self.block.stars
        answer = Arrangement.nothing(block.problem.n)
        fixed = np.flatnonzero(block.fixed_form >= 0)
        answer.form[fixed] = block.fixed_form[fixed]
        alone = fixed[np.isin(answer.form[fixed], (0, 1, 7))]
        answer.host[alone] = alone
        chosen = value > 0.5
        for i in np.flatnonzero(chosen[: self.first_x]):
            k = int(self.pattern[i, 0])
            units = list(stars.base[k])
            answer.form[units], answer.host[units] = stars.form[k], stars.host[k]
        for i in np.flatnonzero(chosen[self.first_x : self.first_s]):
            k, unit = int(self.arc_star[i]), int(stars.arc_unit[self.arc[i]])
            answer.form[unit], answer.host[unit] = stars.form[k], stars.host[k]
        for i in self.single[np.flatnonzero(chosen[self.first_s : self.first_load])]:
            unit, form = int(block.singles.unit[i]), int(block.singles.form[i])
            answer.form[unit] = form
            answer.host[unit] = unit if form in (0, 1, 7) else -1
        return answer


def solve_integer(
    block: Block,
    kept: Kept,
    prices: Prices | None = None,
    *,
    start: Arrangement | None = None,
    cutoff: float = np.inf,
    gap: float = 1e-4,
    max_nodes: int = 2000,
    seconds: float = np.inf,
    log: bool = False,
) -> IntegerAnswer:
    """Solve over what was kept. The proven bound of the whole block is min(answer.bound, relaxation bound + delta)."""
    import highspy

    model = IntegerModel(block, kept, prices)
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", log)
    for option, value in (
        ("threads", 1), ("random_seed", 0), ("mip_rel_gap", gap), ("mip_max_nodes", max_nodes),
        ("mip_feasibility_tolerance", 1e-7),
    ):
        highs.setOptionValue(option, value)
    if np.isfinite(seconds):
        highs.setOptionValue("time_limit", float(seconds))
    if np.isfinite(cutoff):
        highs.setOptionValue("objective_bound", float(cutoff - block.fixed_cost))
    highs.passModel(model.highs())
    if start is not None:
        value = model.start_from(start)
        if value is not None:
            solution = highspy.HighsSolution()
            solution.col_value = value.tolist()
            highs.setSolution(solution)
    highs.run()
    info = highs.getInfo()
    bound = float(info.mip_dual_bound) + block.fixed_cost
    if info.primal_solution_status != 2:
        return IntegerAnswer(None, np.inf, bound, int(info.mip_node_count))
    value = np.array(highs.getSolution().col_value)
    return IntegerAnswer(
        model.arrangement(value), float(info.objective_function_value) + block.fixed_cost, bound, int(info.mip_node_count)
    )
