"""The whole problem over classes of equal units, as one integer program without columns for organizations.

Organizations of one lead class and form are interchangeable: it is enough to count them by pattern (how many units with
one and with two full members join) and to say how many units of each class go to them. Every integer solution can be named;
the program holds everything, so its bound is proven for all arrangements (docs/planning.md, "Equal units").
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from liangxin.planning.alone import forms_alone, uncovering_forms
from liangxin.planning.clock import run_within
from liangxin.planning.cost import unit_cost
from liangxin.planning.forms import JOINT, NONE, ORGANIZED, SECONDED, VILLAGE
from liangxin.planning.highs import new_solver, start_from
from liangxin.planning.master import cut_coefficients
from liangxin.planning.partition import restrict
from liangxin.planning.problem import Arrangement
from liangxin.planning.rows import Rows
from liangxin.planning.stars import build_stars

if TYPE_CHECKING:
    from liangxin.planning.classes import Classes
    from liangxin.planning.clock import Clock
    from liangxin.planning.problem import Floats, Ints, Problem
    from liangxin.planning.stages import Shortfall

MOST_FLOWS: Final = 60_000
_LINK_ROUNDS: Final = 8
_VIOLATED: Final = 0.02
_WIDTHS: Final = (0.2, np.inf)
"""How far above the bound columns are taken in: few for an answer soon, then all that could be in a better one."""


def flows_at_most(problem: Problem, classes: list[list[int]]) -> int:
    """How many pairs of classes of one territory, association or work area there are of which the first could lead."""
    first = np.array([units[0] for units in classes], dtype=np.int64)
    least = problem.limits.min_full_members
    holds = (problem.t[first] >= 1) & (problem.t[first] < least)
    total = 0
    for index, leads in (
        (problem.territory[first], holds),
        (problem.work_area[first], problem.can_lead[first]),
    ):
        known = index >= 0
        joins = np.bincount(
            index[known & (problem.t[first] < least)], minlength=int(index.max(initial=0)) + 1
        )
        total += int(joins[index[known & leads]].sum())
    members: dict[int, list[int]] = {}
    for c, unit in enumerate(first.tolist()):
        for association in problem.associations.of(unit).tolist():
            members.setdefault(association, []).append(c)
    return total + sum(int(holds[listed].sum()) * len(listed) for listed in members.values())


class CompactProgram:
    """Columns: patterns of stars, flows from classes to stars, classes alone, loads of places."""

    def __init__(self, problem: Problem, classes: Classes, allowed: Shortfall) -> None:
        self.problem, self.classes, self.allowed = problem, classes, allowed
        first = [units[0] for units in classes.units]
        second = [units[1] for units in classes.units if len(units) > 1]
        kept = np.array(sorted({*first, *second}), dtype=np.int32)
        self.stars = build_stars(restrict(problem, kept))
        self.kept = kept
        self.size = np.array([len(units) for units in classes.units], dtype=np.int64)
        self.class_of = classes.of_unit[kept]  # by unit of the stars
        self.is_first = np.isin(kept, first)
        self.alone = forms_alone(problem)
        self.uncovering = uncovering_forms(problem, self.alone)
        self.reach_asked: list[float] = problem.reach_asked.tolist()
        self.cost: list[float] = []
        self.upper: list[float] = []
        self.use: list[tuple[float, float, float, float]] = []
        self.rows = Rows()
        self.pattern: dict[tuple[int, int, int], int] = {}
        self.flow: list[tuple[int, int, int]] = []  # column, star, class
        self.single: dict[tuple[int, int], int] = {}
        self._write()

    @property
    def flows(self) -> int:
        return len(self.flow)

    def _column(self, cost: float, upper: float, use: tuple[float, float, float, float]) -> int:
        self.cost.append(cost)
        self.upper.append(upper)
        self.use.append(use)
        return len(self.cost) - 1

    def _marks(self, unit: int, form: int) -> tuple[float, float, float, float]:
        """What a unit in a form does for the town-wide rows: established, instructors, reach, uncovered."""
        problem = self.problem
        base = bool(problem.in_base[unit])
        reach = self.reach_asked[unit] * (form in ORGANIZED)
        seconded = form == SECONDED
        return (
            float(base and problem.counts(unit, form)),
            float(seconded),
            reach - problem.instructor_capacity * seconded,
            float(self.uncovering[unit] >> form & 1),
        )

    def _write(self) -> None:
        problem = self.problem
        entries: list[list[tuple[int, float]]] = [[] for _ in self.size]
        self._stars(entries)
        loads: dict[int, list[tuple[int, float]]] = {}
        for c, units in enumerate(self.classes.units):
            unit, size = units[0], float(len(units))
            for form in range(len(problem.weights.per_unit)):
                if not self.alone[unit] >> form & 1 and form != NONE:
                    continue
                price = float(problem.weights.per_organization[form])
                price += unit_cost(problem, unit, form, unit if form in ORGANIZED else -1)
                column = self.single[c, form] = self._column(price, size, self._marks(unit, form))
                entries[c].append((column, 1.0))
                if form == VILLAGE:
                    loads.setdefault(int(problem.place[unit]), []).append((column, 1.0))
        sizes = self.size.astype(np.float64)
        self._rows(sizes, sizes, entries)
        self.integers = len(self.cost)
        self.loads: list[tuple[int, list[int]]] = []
        for row in loads.values():
            column = self._column(float(problem.weights.village_overload), np.inf, (0.0,) * 4)
            self._rows(
                np.array([-np.inf]),
                np.array([float(problem.weights.village_capacity)]),
                [[*row, (column, -1.0)]],
            )
            self.loads.append((column, [each for each, _ in row]))
        capacity = problem.instructor_capacity * problem.instructors
        reach = sum(self.reach_asked) - capacity - self.allowed.unreached - 1e-7
        use = np.array(self.use)
        lower = np.array([problem.establishment_needed - self.allowed.unestablished, -np.inf, reach, -np.inf])
        upper = np.array([np.inf, problem.instructors, np.inf, self.allowed.uncovered])
        self._rows(
            lower.astype(np.float64),
            upper.astype(np.float64),
            [
                [(int(column), float(use[column, row])) for column in np.flatnonzero(use[:, row])]
                for row in range(4)
            ],
        )

    def _rows(self, lower: Floats, upper: Floats, rows: list[list[tuple[int, float]]]) -> int:
        first = self.rows.add(lower, upper)
        at = np.repeat(np.arange(len(rows)), [len(row) for row in rows])
        columns = np.array([entry[0] for row in rows for entry in row], dtype=np.int64)
        values = np.array([entry[1] for row in rows for entry in row])
        self.rows.entries(first + at, columns, values)
        return first

    def _stars(self, entries: list[list[tuple[int, float]]]) -> None:
        problem, stars = self.problem, self.stars
        most, least = problem.limits.max_units, problem.limits.min_full_members
        cuts: dict[int, tuple[set[int], list[tuple[int, int, int, int]]]] = {}
        self.links: list[
            tuple[int, list[tuple[int, int]], int]
        ] = []  # flow column, (pattern column, seats), size
        for k in range(stars.count):
            host = int(stars.host[k])
            if not self.is_first[host] or any(not self.is_first[unit] for unit in stars.base[k]):
                continue
            base = [int(self.kept[unit]) for unit in stars.base[k]]
            form = int(stars.form[k])
            upper = float(self.size[self.class_of[host]])
            marks = [self._marks(unit, form) for unit in base]
            use = (*(float(sum(mark[row] for mark in marks)) for row in range(4)),)
            first, last = int(stars.bounds[k, 0]), int(stars.bounds[k, 3])
            flows: list[list[tuple[int, float, int]]] = [[], [], []]
            seen: set[int] = set()
            for arc in range(first, last):
                unit = int(stars.arc_unit[arc])
                c = int(self.class_of[unit])
                if c in seen or (not self.is_first[unit] and c != self.class_of[host]):
                    continue
                seen.add(c)
                room = float(self.size[c] - (1 if c == self.class_of[host] and self.size[c] == 1 else 0))
                column = self._column(
                    float(stars.arc_cost[arc]), room, self._marks(int(self.kept[unit]), form)
                )
                self.flow.append((column, k, c))
                entries[c].append((column, 1.0))
                flows[int(problem.t[self.kept[unit]])].append((column, 1.0, c))
            need = least - int(stars.base_t[k])
            seats = max(most - len(base), 0)
            ones, twos, zeros = (
                [(column, one) for column, one, _ in each] for each in (flows[1], flows[2], flows[0])
            )
            company: list[tuple[int, float]] = []
            mine: list[tuple[int, int, int]] = []
            for a2 in range((seats if flows[2] else 0) + 1):
                for a1 in range((seats - a2 if flows[1] else 0) + 1):
                    if a1 + 2 * a2 < need or (len(base) + a1 + a2 < 2 and not flows[0]):
                        continue
                    price = float(stars.base_cost[k])
                    price += float(stars.bare[k]) if a1 + 2 * a2 == need else 0.0
                    column = self._column(price, upper, use)  # type: ignore[arg-type]
                    self.pattern[k, a1, a2] = column
                    mine.append((column, a1, a2))
                    for unit in base:
                        entries[int(self.classes.of_unit[unit])].append((column, 1.0))
                    ones.append((column, -float(a1)))
                    twos.append((column, -float(a2)))
                    zeros.append((column, -float(seats - a1 - a2)))
                    if len(base) + a1 + a2 < 2:
                        company.append((column, -1.0))
            self._rows(np.array([0.0, 0.0, -np.inf]), np.zeros(3), [ones, twos, zeros])
            if company:
                both = [*((column, 1.0) for column, _, _ in flows[0]), *company]
                self._rows(np.zeros(1), np.array([np.inf]), [both])
            if stars.crowded[k]:  # the members' cap could bind
                cap = float(problem.limits.max_members - stars.base_members[k])
                weights = [
                    (column, float(problem.members[self.classes.units[c][0]]))
                    for each in flows
                    for column, _, c in each
                ]
                self._rows(
                    np.array([-np.inf]), np.zeros(1), [[*weights, *((column, -cap) for column, _, _ in mine)]]
                )
            for t, listed in enumerate(flows):
                for column, _, c in listed:
                    if self.size[c] < seats:
                        seats_for = [
                            (at, min((seats - a1 - a2, a1, a2)[t], int(self.size[c]))) for at, a1, a2 in mine
                        ]
                        self.links.append((column, seats_for, int(self.size[c])))
            if stars.territory[k] >= 0:
                inside, terms = cuts.setdefault(int(stars.territory[k]), (set(), []))
                inside |= {*seen, *(int(self.classes.of_unit[unit]) for unit in base)}
                terms += [
                    (
                        column,
                        int(stars.base_t[k]) + a1 + 2 * a2,
                        int(stars.base_twos[k]) + a2,
                        int(stars.base_holders[k]) + a1 + a2,
                    )
                    for column, a1, a2 in mine
                ]
        self._cuts(cuts)

    def _cuts(self, cuts: dict[int, tuple[set[int], list[tuple[int, int, int, int]]]]) -> None:
        """The two cuts of every territory (``pricing.share_of_three``), members counted with multiplicity."""
        for inside, terms in cuts.values():
            listed = sorted(inside)
            t = np.array([int(self.problem.t[self.classes.units[c][0]]) for c in listed])
            size = self.size[listed]
            total = int((t * size).sum())
            rest = total % 3
            thirds = total // 3 - (0.5 * int(size[t == 2].sum()) if rest == 1 else 0.0)
            halves = float(int(size[t > 0].sum()) // 2)
            pairs = [
                (column, *cut_coefficients(full, twos, holders, rest))
                for column, full, twos, holders in terms
            ]
            self._rows(
                np.full(2, -np.inf),
                np.array([thirds, halves]),
                [
                    [(column, third) for column, third, _ in pairs],
                    [(column, half) for column, _, half in pairs],
                ],
            )

    def values_of(self, arrangement: Arrangement) -> Floats | None:
        """The column values of an arrangement; None where it is beyond what the program can say."""
        value = np.zeros(len(self.cost))
        stars, of_unit = self.stars, self.classes.of_unit
        flow = {(k, c): column for column, k, c in self.flow}
        of_host: dict[tuple[int, int], list[int]] = {}
        for k in {k for k, _, _ in self.pattern}:
            key = (int(self.class_of[stars.host[k]]), int(stars.form[k]))
            of_host.setdefault(key, []).append(k)
        for (host, form), units in arrangement.groups().items():
            for k in sorted(of_host.get((int(of_unit[host]), form), ())):
                base = [host, *(int(self.kept[unit]) for unit in stars.base[k][1:])]
                rest = [unit for unit in units if unit not in base]
                t = self.problem.t[rest]
                column = self.pattern.get((k, int((t == 1).sum()), int((t == 2).sum())), -1)
                flows = [flow.get((k, int(of_unit[unit])), -1) for unit in rest]
                if column >= 0 and len(rest) + len(base) == len(units) and min(flows, default=0) >= 0:
                    value[column] += 1.0
                    np.add.at(value, flows, 1.0)
                    break
            else:
                return None
        for unit, form in enumerate(arrangement.form.tolist()):
            if form not in JOINT:
                column = self.single.get((int(of_unit[unit]), form), -1)
                if column < 0:
                    return None
                value[column] += 1.0
        for column, row in self.loads:
            value[column] = max(value[row].sum() - self.problem.weights.village_capacity, 0.0)
        return value

    def solve(
        self, start: Arrangement, value: float, gap: float, clock: Clock, seed: int = 0
    ) -> tuple[float, Arrangement | None]:
        """The proven bound, and an arrangement better than ``start``, which costs ``value``, where one was found."""
        relaxed = new_solver(seed)
        relaxed.passModel(self._model(None))
        links = list(self.links)
        taken: list[int] = []
        if not run_within(relaxed, clock):
            return -np.inf, None
        for _ in range(_LINK_ROUNDS):
            violated = self._violated(np.array(relaxed.getSolution().col_value), links)
            if not violated:
                break
            taken += violated
            self._add_links(relaxed, [links[index] for index in violated], None)
            if not run_within(relaxed, clock):
                break
        info = relaxed.getInfo()
        bound = float(info.objective_function_value)
        reduced = np.array(relaxed.getSolution().col_dual)
        if relaxed.getModelStatus() != _optimal() or value - bound <= gap * abs(value):
            return (bound if relaxed.getModelStatus() == _optimal() else -np.inf), None
        best: Arrangement | None = None
        known = self.values_of(start)
        relaxation = bound  # what the reduced costs are measured from
        for width in _WIDTHS:
            if clock.over() or value - bound <= gap * abs(value):
                break
            # whatever costs more than the room between relaxation and value is in no better solution
            columns = np.flatnonzero(reduced <= min(width, value - relaxation) + 1e-7)
            if known is not None:
                columns = np.union1d(columns, np.flatnonzero(known))
            proven, found = self._branch(
                columns, [links[index] for index in taken], known, (gap, clock, seed)
            )
            bound = max(bound, min(proven, relaxation + width, value))
            if found is not None and float(found @ np.array(self.cost)) < value - 1e-9:
                known = found
                value = min(value, float(found @ np.array(self.cost)))
                best = self._named(np.round(found).astype(np.int64))
        return bound, best

    def _branch(
        self,
        columns: Ints,
        links: list[tuple[int, list[tuple[int, int]], int]],
        known: Floats | None,
        limits: tuple[float, Clock, int],
    ) -> tuple[float, Floats | None]:
        """The integer program over these columns: its bound and a solution."""
        gap, clock, seed = limits
        at = np.full(len(self.cost), -1, dtype=np.int64)
        at[columns] = np.arange(len(columns))
        highs = new_solver(seed, mip_rel_gap=gap / 2, mip_abs_gap=1e-7, mip_detect_symmetry=False)
        highs.passModel(self._model(columns))
        self._add_links(highs, links, at)
        start_from(highs, None if known is None else known[columns])
        run_within(highs, clock)
        info = highs.getInfo()
        if info.primal_solution_status != 2:
            return float(info.mip_dual_bound), None
        solved = np.zeros(len(self.cost))
        solved[columns] = np.array(highs.getSolution().col_value)
        return float(info.mip_dual_bound), solved

    def _violated(self, value: Floats, links: list[tuple[int, list[tuple[int, int]], int]]) -> list[int]:
        found = []
        for index, (column, room, _) in enumerate(links):
            if value[column] > _VIOLATED and value[column] > _VIOLATED + sum(
                seats * value[at] for at, seats in room
            ):
                found.append(index)
        return found

    def _add_links(
        self, highs: Any, links: list[tuple[int, list[tuple[int, int]], int]], at: Ints | None
    ) -> None:
        """A class of few sends at most so many to each organization."""
        starts: list[int] = []
        columns: list[int] = []
        values: list[float] = []
        for column, room, _ in links:
            row = [(column, 1.0), *((each, -float(seats)) for each, seats in room if seats)]
            if at is not None:
                row = [(int(at[each]), factor) for each, factor in row if at[each] >= 0]
            starts.append(len(columns))
            columns += [each for each, _ in row]
            values += [factor for _, factor in row]
        count = len(starts)
        if count:
            highs.addRows(
                count,
                np.full(count, -np.inf),
                np.zeros(count),
                len(columns),
                np.array(starts, dtype=np.int32),
                np.array(columns, dtype=np.int32),
                np.array(values),
            )

    def _model(self, chosen: Ints | None) -> Any:
        import highspy

        starts, rows, values = self.rows.matrix(len(self.cost))
        lower, upper = np.array(self.rows.lower), np.array(self.rows.upper)
        columns = np.arange(len(self.cost)) if chosen is None else chosen
        count = (starts[1:] - starts[:-1])[columns]
        first = np.concatenate([[0], np.cumsum(count)])
        entry = np.repeat(starts[:-1][columns], count) + np.arange(first[-1]) - np.repeat(first[:-1], count)
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = len(columns), len(lower)
        lp.col_cost_ = np.array(self.cost)[columns]
        lp.col_lower_, lp.col_upper_ = np.zeros(len(columns)), np.array(self.upper)[columns]
        lp.row_lower_, lp.row_upper_ = lower, upper
        lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        lp.a_matrix_.start_ = first.astype(np.int32)
        lp.a_matrix_.index_ = rows[entry]
        lp.a_matrix_.value_ = values[entry]
        if chosen is not None:
            kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
            lp.integrality_ = [kinds[int(column < self.integers)] for column in columns.tolist()]
        return lp

    def _named(self, value: Ints) -> Arrangement:
        """Real units for the counts: any of a class, they are alike."""
        problem, stars = self.problem, self.stars
        answer = Arrangement.nothing(problem.n)
        left = [list(units) for units in self.classes.units]
        founded: dict[int, list[tuple[int, list[int]]]] = {}
        seats: dict[int, list[tuple[int, int]]] = {}
        for (k, a1, a2), column in self.pattern.items():
            for _ in range(int(value[column])):
                base = [int(self.kept[unit]) for unit in stars.base[k]]
                units = [left[int(self.classes.of_unit[unit])].pop() for unit in base]
                founded.setdefault(k, []).append((units[0], units))
                seats.setdefault(k, []).append((a1, a2))
        joining: dict[int, list[list[int]]] = {}
        for column, k, c in self.flow:
            for _ in range(int(value[column])):
                unit = left[c].pop()
                joining.setdefault(k, [[], [], []])[int(problem.t[unit])].append(unit)
        most = problem.limits.max_units
        for k, groups in founded.items():
            zeros, ones, twos = joining.get(k, [[], [], []])
            for (_, units), (a1, a2) in zip(groups, seats[k], strict=True):
                units += [ones.pop() for _ in range(a1)] + [twos.pop() for _ in range(a2)]
                if len(units) == 1 and zeros:
                    units.append(zeros.pop())
            for host, units in groups:
                while zeros and len(units) < most:
                    units.append(zeros.pop())
                answer.form[units], answer.host[units] = int(stars.form[k]), host
        for (c, form), column in self.single.items():
            for _ in range(int(value[column])):
                unit = left[c].pop()
                answer.form[unit], answer.host[unit] = form, unit if form in ORGANIZED else -1
        return answer


def _optimal() -> Any:
    import highspy

    return highspy.HighsModelStatus.kOptimal
