"""The counting program: how many units can be covered and established at all, by counts alone.

Units that are alike in what they may join are one class; organizations of one territory or association are counted by
pattern (which units with members found them), not named. Costs do not enter. Every integer solution can be handed out to
real units (``handing``); its bound holds for every arrangement (docs/planning.md, "Stages").
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from liangxin.planning.alone import forms_alone, uncovering_forms
from liangxin.planning.clock import run_within
from liangxin.planning.forms import INDUSTRY, LEADER, MOBILE, NONE, ORGANIZED, SECONDED, SEPARATE, VILLAGE
from liangxin.planning.highs import new_solver, start_from
from liangxin.planning.stages import Shortfall
from liangxin.planning.stars import Shape, fits_base, led_by, standing_size

if TYPE_CHECKING:
    from liangxin.planning.clock import Clock
    from liangxin.planning.problem import Problem

_SINGLES: Final = (SEPARATE, MOBILE, SECONDED, VILLAGE, NONE)
_LEAST_SHARE: Final = 1e-6
_TIDY_ENOUGH: Final = 4.0


@dataclass(slots=True)
class Kind:
    """Organizations that are counted together: all of a territory or association (``host`` -1), or one with a given base."""

    form: int
    place: int  # territory, association (of an industry kind), else -1
    host: int = -1
    base: tuple[int, ...] = ()
    patterns: list[tuple[int, int]] = field(
        default_factory=list
    )  # units with one and two members that found it
    more_seats: int = 0  # of organizations that stand there already
    standing: list[tuple[int, tuple[int, ...]]] = field(default_factory=list)  # those, by host


@dataclass(slots=True)
class UnitClass:
    """Units alike: full members, the kinds they may join, the forms alone, what counts and covers."""

    units: list[int]
    t: int
    kinds: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Counts:
    """A solution: how many units of a class join as members or take seats in a kind, or stay alone in a form; how many
    organizations of each pattern; whether a kind with a base is there."""

    joined: dict[tuple[int, int], int]  # (class, kind): units that found organizations
    seated: dict[tuple[int, int], int]
    alone: dict[tuple[int, int], int]  # (class, form)
    founded: dict[tuple[int, tuple[int, int]], int]  # (kind, pattern)
    owner_form: dict[int, int]  # leader or pinned unit of its own: its form alone


@dataclass(slots=True)
class _Columns:
    upper: list[float] = field(default_factory=list)
    uncovered: list[float] = field(default_factory=list)
    established: list[float] = field(default_factory=list)
    reach: list[float] = field(default_factory=list)
    seconded: list[float] = field(default_factory=list)

    def add(self, upper: float, marks: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)) -> int:
        self.upper.append(upper)
        self.uncovered.append(marks[0])
        self.established.append(marks[1])
        self.reach.append(marks[2])
        self.seconded.append(marks[3])
        return len(self.upper) - 1


class CountingProgram:
    """The program of one problem, with what its counts refer to."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.alone = forms_alone(problem)
        self.uncovering = uncovering_forms(problem, self.alone)
        self.reach_asked: list[float] = problem.reach_asked.tolist()
        self.kinds: list[Kind] = []
        self.classes: list[UnitClass] = []
        self.columns = _Columns()
        self.rows: list[tuple[float, float, list[tuple[int, float]]]] = []
        self.joined: dict[tuple[int, int], int] = {}
        self.seated: dict[tuple[int, int], int] = {}
        self.single: dict[tuple[int, int], int] = {}
        self.founded: dict[tuple[int, tuple[int, int]], int] = {}
        self.owner: dict[tuple[int, int], int] = {}  # (unit, form)
        self.fixed = [0.0, 0.0, 0.0]  # uncovered, established, reach of what is decided beforehand
        self._collect()
        self._write()

    def _marks(self, unit: int, form: int) -> tuple[float, float, float, float]:
        problem = self.problem
        base = bool(problem.in_base[unit])
        return (
            float(self.uncovering[unit] >> form & 1),
            float(base and problem.counts(unit, form)),
            self.reach_asked[unit] * (form in ORGANIZED),
            float(form == SECONDED),
        )

    def _collect(self) -> None:
        """Kinds, and classes of the units that are free to choose."""
        problem = self.problem
        shape = Shape(problem)
        least, most = problem.limits.min_full_members, problem.limits.max_units
        free = (problem.pinned_host == -1) & (problem.t < least)
        kinds_of: list[list[int]] = [[] for _ in range(problem.n)]
        at_territory: dict[int, int] = {}
        at_association: dict[int, int] = {}

        def shared(form: int, place: int, units: Any) -> int:
            self.kinds.append(Kind(form, place, patterns=_patterns(least, most)))
            for unit in units.tolist():
                if free[unit] and problem.allows(unit, form):
                    kinds_of[unit].append(len(self.kinds) - 1)
            return len(self.kinds) - 1

        for territory, units in shape.by_territory.items():
            if territory >= 0:
                form = problem.territory_form(int(units[0]))
                at_territory[territory] = shared(form, territory, units)
        for association, listed in sorted(shape.by_association.items()):
            at_association[association] = shared(INDUSTRY, association, np.array(listed))
        held = set(np.unique(problem.pinned_host[problem.pinned_host >= 0]).tolist())
        owners = held | set(np.flatnonzero(problem.can_lead & (problem.t >= least)).tolist())
        self.owned: dict[int, list[int]] = {}
        for host in sorted(owners):
            self._own_kinds(host, shape, kinds_of, free, at_territory, at_association)
        keyed: dict[tuple[object, ...], int] = {}
        skip = set(self.owned)
        for unit in range(problem.n):
            if unit in skip or problem.pinned_host[unit] >= 0:
                continue
            t = int(problem.t[unit])
            cap = int(problem.members[unit]) if any(self.kinds[k].host >= 0 for k in kinds_of[unit]) else 0
            key = (
                t,
                cap,
                tuple(kinds_of[unit]),
                int(self.alone[unit]),
                int(self.uncovering[unit]),
                bool(problem.in_base[unit]),
                self.reach_asked[unit],
                int(problem.counted[unit]),
            )
            at = keyed.setdefault(key, len(self.classes))
            if at == len(self.classes):
                self.classes.append(UnitClass([], t, tuple(kinds_of[unit])))
            self.classes[at].units.append(unit)

    def _own_kinds(
        self,
        host: int,
        shape: Shape,
        kinds_of: list[list[int]],
        free: Any,
        at_territory: dict[int, int],
        at_association: dict[int, int],
    ) -> None:
        """The organizations that a leader or a pinned unit could host. One that stands and is sure to is more seats."""
        problem = self.problem
        base = (host, *shape.pinned.get(host, ()))
        least, most = problem.limits.min_full_members, problem.limits.max_units
        if problem.pinned_host[host] not in (-1, host):
            self.owned[host] = []
            return
        options: list[tuple[int, int, Any]] = []
        if problem.t[host] >= least:
            if problem.can_lead[host] and problem.work_area[host] >= 0:
                near = shape.by_area[int(problem.work_area[host])]
                options.append((LEADER, -1, near[led_by(problem, host, near)]))
        else:
            if problem.territory[host] >= 0:
                form, territory = problem.territory_form(host), int(problem.territory[host])
                options.append((form, territory, shape.by_territory[territory]))
            for association in problem.associations.of(host).tolist():
                listed = np.array(shape.by_association[association])
                options.append((INDUSTRY, association, listed))
        standing = standing_size(problem, host)
        if standing > 1 and not len(problem.associations.of(host)):
            options.append((INDUSTRY, -1, np.zeros(0, dtype=np.int32)))  # its association is 待核
        options = [
            each
            for each in options
            if len(base) <= max(most, standing)
            and fits_base(problem, base, each[0], each[1] if each[0] == INDUSTRY else -1)
        ]
        full = int(problem.t[list(base)].sum())
        mine: list[int] = []
        sure = len(options) == 1 and len(base) >= 2 and full >= least and options[0][0] != LEADER
        if sure and not self.alone[host] and host not in shape.bound_together:
            form, place, _ = options[0]
            at = at_association.get(place) if form == INDUSTRY else at_territory[place]
            if at is None:
                self.kinds.append(Kind(form, place))
                at = len(self.kinds) - 1
            kind = self.kinds[at]
            kind.more_seats += max(most - len(base), 0)
            kind.standing.append((host, base))
            for unit in base:
                self._fix(unit, form)
            self.owned[host] = []
            return
        for form, place, near in options:
            patterns = _patterns(least - full, most - len(base))
            if len(base) == 1 and least <= full:
                patterns = [(0, 0)]
            if not patterns:
                continue
            self.kinds.append(Kind(form, place, host, base, patterns))
            mine.append(len(self.kinds) - 1)
            inside = set(base)
            for unit in near.tolist():
                if free[unit] and unit not in inside and problem.allows(unit, form):
                    kinds_of[unit].append(len(self.kinds) - 1)
        self.owned[host] = mine

    def _fix(self, unit: int, form: int) -> None:
        for index, mark in enumerate(self._marks(unit, form)[:3]):
            self.fixed[index] += mark

    def _write(self) -> None:
        """Columns and rows."""
        problem = self.problem
        most, cap = problem.limits.max_units, problem.limits.max_members
        filled: list[list[tuple[int, float]]] = [[] for _ in self.kinds]  # seats taken less seats there are
        ones: list[list[tuple[int, float]]] = [[] for _ in self.kinds]
        twos: list[list[tuple[int, float]]] = [[] for _ in self.kinds]
        loads: list[list[tuple[int, float]]] = [[] for _ in self.kinds]
        company: list[list[tuple[int, float]]] = [[] for _ in self.kinds]
        for c, each in enumerate(self.classes):
            size, unit = float(len(each.units)), each.units[0]
            row: list[tuple[int, float]] = []
            for k in each.kinds:
                kind = self.kinds[k]
                marks = self._marks(unit, kind.form)
                if each.t >= 1 and any(pattern[each.t - 1] for pattern in kind.patterns):
                    column = self.joined[c, k] = self.columns.add(size, marks)
                    row.append((column, 1.0))
                    (ones if each.t == 1 else twos)[k].append((column, 1.0))
                    loads[k].append((column, float(problem.members[unit])))
                    company[k].append((column, 1.0))
                column = self.seated[c, k] = self.columns.add(size, marks)
                row.append((column, 1.0))
                filled[k].append((column, 1.0))
                loads[k].append((column, float(problem.members[unit])))
                company[k].append((column, 1.0))
            for form in _SINGLES:
                if self.alone[unit] >> form & 1 or form == NONE:
                    column = self.single[c, form] = self.columns.add(size, self._marks(unit, form))
                    row.append((column, 1.0))
            self.rows.append((size, size, row))
        own: dict[int, list[tuple[int, float]]] = {host: [] for host in self.owned}
        for k, kind in enumerate(self.kinds):
            upper = 1.0 if kind.host >= 0 else float(len(problem.t))
            for pattern in kind.patterns:
                marks = (0.0, 0.0, 0.0, 0.0)
                if kind.host >= 0:
                    parts = [self._marks(unit, kind.form) for unit in kind.base]
                    marks = _added(parts)
                column = self.founded[k, pattern] = self.columns.add(upper, marks)
                seats = most - len(kind.base) - sum(pattern)
                filled[k].append((column, -float(seats)))
                ones[k].append((column, -float(pattern[0])))
                twos[k].append((column, -float(pattern[1])))
                if kind.host >= 0:
                    own[kind.host].append((column, 1.0))
                    loads[k].append((column, float(problem.members[list(kind.base)].sum()) - cap))
                    company[k].append((column, -1.0))
            self.rows.append((-np.inf, float(kind.more_seats), filled[k]))
            self.rows.append((0.0, 0.0, ones[k]))
            self.rows.append((0.0, 0.0, twos[k]))
            if kind.host >= 0:
                if len(kind.base) == 1:
                    self.rows.append((0.0, np.inf, company[k]))  # a lead unit needs company
                self.rows.append((-np.inf, 0.0, loads[k]))
        standing = {host for kind in self.kinds for host, _ in kind.standing}
        under: dict[int, list[int]] = {}
        for unit in np.flatnonzero(problem.pinned_host >= 0).tolist():
            under.setdefault(int(problem.pinned_host[unit]), []).append(unit)
        for host, row in own.items():
            if host in standing:
                continue
            members = sorted({*under.get(host, ()), *([host] if problem.pinned_host[host] == -1 else ())})
            if not members:
                continue
            for form in _SINGLES:
                alone = bool(self.alone[host] >> form & 1)
                if not alone and form != NONE:
                    continue
                parts = [self._marks(unit, form if unit == host else NONE) for unit in members]
                marks = _added(parts)
                column = self.owner[host, form] = self.columns.add(1.0, marks)
                row.append((column, 1.0))
            self.rows.append((1.0, 1.0, row))

    def solve(
        self, known: Shortfall, clock: Clock, seed: int = 0, *, tidy: bool = False
    ) -> tuple[Shortfall, Counts | None]:
        """The bounds of the stages, and counts that reach more than ``known`` does (None where nothing more was found).

        The bounds hold whenever the clock stops; each is for arrangements that do as well as the answer in the stages before.
        ``tidy``: of all such counts, those with few units in organizations by industry, which may reach far.
        """
        problem = self.problem
        highs = new_solver(seed, mip_rel_gap=0.0, mip_abs_gap=0.99)
        count = len(self.columns.upper)
        short = count
        target = float(problem.establishment_needed - self.fixed[1])
        capacity = problem.instructor_capacity
        reach = sum(self.reach_asked) - capacity * problem.instructors - self.fixed[2]
        rows = list(self.rows)
        at_uncovered = len(rows)
        columns = self.columns
        rows.append((-np.inf, np.inf, _entries(columns.uncovered)))
        rows.append((target, np.inf, [*_entries(columns.established), (short, 1.0)]))
        reached = [
            (column, share - capacity * second)
            for column, (share, second) in enumerate(zip(columns.reach, columns.seconded, strict=True))
            if share or second
        ]
        rows.append((reach, np.inf, [*reached, (short + 1, 1.0)]))
        rows.append((-np.inf, float(problem.instructors), _entries(columns.seconded)))
        highs.passModel(_model([*columns.upper, np.inf, np.inf], rows, count))
        every = np.arange(count + 2, dtype=np.int32)
        uncovered_cost = np.array([*columns.uncovered, 0.0, 0.0])
        best: np.ndarray | None = None
        found = known
        bounds = [0.0, 0.0, 0.0]
        fixed = (self.fixed[0], 0.0, 0.0)
        for stage in range(3):
            cost = uncovered_cost if stage == 0 else np.zeros(count + 2)
            if stage > 0:
                cost[short + stage - 1] = 1.0
            now = (found.uncovered, found.unestablished, found.unreached)
            if now[stage] - fixed[stage] <= _LEAST_SHARE:
                bounds[stage] = now[stage]
            else:
                highs.changeColsCost(count + 2, every, cost)
                if stage == 2:
                    highs.setOptionValue("mip_abs_gap", 1e-6)
                start_from(highs, best)
                run_within(highs, clock)
                info = highs.getInfo()
                bound = float(info.mip_dual_bound)
                bounds[stage] = max(bound + fixed[stage], 0.0) if np.isfinite(bound) else 0.0
                if stage < 2:
                    bounds[stage] = float(np.ceil(bounds[stage] - 1e-6))
                if info.primal_solution_status == 2:
                    value = np.array(highs.getSolution().col_value)
                    reached_now = self._shortfall(value, uncovered_cost, short)
                    if reached_now < found:
                        found, best = reached_now, value
            limit = (found.uncovered, found.unestablished, found.unreached)[stage]
            if stage == 0:
                highs.changeRowBounds(at_uncovered, -np.inf, limit - self.fixed[0])
            else:
                highs.changeColBounds(short + stage - 1, 0.0, limit)
        if tidy and best is not None and not clock.over():
            highs.changeColsCost(count + 2, every, self._by_industry(count))
            highs.setOptionValue("mip_abs_gap", _TIDY_ENOUGH)
            start_from(highs, best)
            run_within(highs, clock)
            if highs.getInfo().primal_solution_status == 2:
                best = np.array(highs.getSolution().col_value)
        reached_last = min(bounds[2], found.unreached)
        result = Shortfall(int(bounds[0]), int(bounds[1]), round(reached_last, 9))
        return result, None if best is None else self._counts(best)

    def _by_industry(self, count: int) -> Any:
        cost = np.zeros(count + 2)
        for columns in (self.joined, self.seated):
            for (_, k), column in columns.items():
                cost[column] = float(self.kinds[k].form == INDUSTRY)
        return cost

    def _shortfall(self, value: Any, uncovered_cost: Any, short: int) -> Shortfall:
        uncovered = round(float(value @ uncovered_cost) + self.fixed[0])
        established = float(value[:short] @ np.array(self.columns.established)) + self.fixed[1]
        problem = self.problem
        organized = float(value[:short] @ np.array(self.columns.reach)) + self.fixed[2]
        seconded = float(value[:short] @ np.array(self.columns.seconded))
        reach = sum(self.reach_asked) - organized
        reach -= problem.instructor_capacity * (problem.instructors - seconded)
        missing = max(problem.establishment_needed - round(established), 0)
        return Shortfall(uncovered, missing, round(max(reach, 0.0), 9))

    def _counts(self, value: Any) -> Counts:
        def taken(columns: dict[Any, int]) -> dict[Any, int]:
            found = {key: round(float(value[column])) for key, column in columns.items()}
            return {key: count for key, count in found.items() if count}

        owner = {unit: form for (unit, form), column in self.owner.items() if value[column] > 0.5}
        return Counts(taken(self.joined), taken(self.seated), taken(self.single), taken(self.founded), owner)


def _added(parts: list[tuple[float, float, float, float]]) -> tuple[float, float, float, float]:
    first, second, third, fourth = (float(sum(part)) for part in zip(*parts, strict=True))
    return first, second, third, fourth


def _patterns(need: int, seats: int) -> list[tuple[int, int]]:
    """The least sets of units with one and with two members that bring ``need`` full members into ``seats`` seats.

    >>> _patterns(3, 5)
    [(0, 2), (1, 1), (3, 0)]
    """
    if need <= 0:
        return [(0, 0)]
    found = []
    for ones in range(need + 1):
        twos = -(-(need - ones) // 2)
        if ones + twos <= seats and ones + 2 * twos - (1 if ones else 2) < need:
            found.append((ones, twos))
    return found


def _entries(marks: list[float]) -> list[tuple[int, float]]:
    return [(column, mark) for column, mark in enumerate(marks) if mark]


def _model(
    upper: list[float], rows: list[tuple[float, float, list[tuple[int, float]]]], integers: int
) -> Any:
    import highspy

    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(upper), len(rows)
    lp.col_cost_ = np.zeros(len(upper))
    lp.col_lower_, lp.col_upper_ = np.zeros(len(upper)), np.array(upper)
    lp.row_lower_ = np.array([row[0] for row in rows])
    lp.row_upper_ = np.array([row[1] for row in rows])
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = np.concatenate([[0], np.cumsum([len(row[2]) for row in rows])]).astype(np.int32)
    lp.a_matrix_.index_ = np.array([entry[0] for row in rows for entry in row[2]], dtype=np.int32)
    lp.a_matrix_.value_ = np.array([entry[1] for row in rows for entry in row[2]])
    kinds = (highspy.HighsVarType.kInteger, highspy.HighsVarType.kContinuous)
    lp.integrality_ = [kinds[int(column >= integers)] for column in range(len(upper))]
    return lp
