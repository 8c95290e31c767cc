"""A block: a problem (the whole town or a part of it) made ready for the solver, what is decided beforehand taken out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from liangxin.planning.cost import unit_cost
from liangxin.planning.forms import MOBILE, NONE, ORGANIZED, SECONDED, SEPARATE, VILLAGE
from liangxin.planning.problem import Problem
from liangxin.planning.stars import UNCOVERED, Stars, build_stars

if TYPE_CHECKING:
    from collections.abc import Sequence

    from liangxin.planning.problem import Flags, Floats, Ints

ESTABLISHMENT_SHORT: Final = 20.0
"""What the solver pays for each unit short of 1.4: more than covering any unit could cost."""
REACH_SHORT: Final = 5.0
"""What it pays for each unit that the instructors should reach (1.5) and cannot."""


@dataclass(frozen=True, slots=True)
class Singles:
    """Ways for a unit to be arranged without partners: one entry each. ``cost`` has the price of not covering in it."""

    unit: Ints
    form: Ints
    cost: Floats
    counts: Ints  # for 1.4
    organized: Ints  # of the base and organized, for 1.5
    place: Ints  # of a village affiliation, else -1


@dataclass(frozen=True, slots=True)
class Prices:
    """Prices of the town-wide rows: one more established unit (1.4), one more instructor, one more unit reached (1.5)."""

    established: float = 0.0
    instructor: float = 0.0  # never positive: what an instructor less would cost, with its sign
    reach: float = 0.0

    def array(self) -> Floats:
        return np.array([self.established, self.instructor, self.reach])


@dataclass(frozen=True, slots=True)
class Cuts:
    """The two cuts of every territory (docs/planning.md), one entry per territory that has stars."""

    of_star: Ints  # [K] entry of the star's territory, -1 for other stars
    rest: Ints  # members of the territory mod 3
    thirds_limit: Floats
    halves_limit: Floats


@dataclass(frozen=True, slots=True)
class Block:
    """``fixed_form`` is the form of the units that need no decision (-1: decided by the solver)."""

    problem: Problem
    fixed_form: Ints
    active: Ints  # units with a row
    row_of: Ints  # [n] row of a unit, -1 if none
    must: Flags  # [active] the row is an equality
    singles: Singles
    stars: Stars
    cuts: Cuts
    places: Ints  # places with a load row
    place_row: Ints  # [places of the problem] row among ``places``, -1 if none
    place_room: Floats  # capacity less what is fixed
    established_needed: float  # 1.4, after what is fixed
    reach_needed: float  # share x base - capacity x instructors, after what is fixed
    fixed_cost: float
    fixed_counts: int
    fixed_organized: int


def build_block(problem: Problem) -> Block:
    stars = build_stars(problem)
    in_star = np.zeros(problem.n, dtype=np.bool_)
    in_star[stars.arc_unit] = True
    for base in stars.base:
        in_star[list(base)] = True
    options = _options(problem)
    fixed_form = np.full(problem.n, -1, dtype=np.int32)
    fixed_cost, fixed_counts, fixed_organized = 0.0, 0, 0
    active: list[int] = []
    for unit in range(problem.n):
        choice = -1 if in_star[unit] else _obvious(problem, unit, options[unit])
        if choice < 0:
            active.append(unit)
            continue
        fixed_form[unit] = choice
        fixed_cost += options[unit][choice]
        fixed_counts += bool(problem.in_base[unit]) and problem.counts(unit, choice)
        fixed_organized += bool(problem.in_base[unit]) and choice in ORGANIZED
    row_of = np.full(problem.n, -1, dtype=np.int32)
    row_of[active] = np.arange(len(active))
    must = np.array([options[unit].get(NONE, 1.0) > 0.0 for unit in active], dtype=np.bool_)
    singles = _singles(problem, active, options, must)
    places = np.unique(singles.place[singles.place >= 0]).astype(np.int32)
    place_row = np.full(max(len(problem.place_ids), 1), -1, dtype=np.int32)
    place_row[places] = np.arange(len(places))
    capacity = problem.instructor_capacity * problem.instructors
    return Block(
        problem=problem,
        fixed_form=fixed_form,
        active=np.array(active, dtype=np.int32),
        row_of=row_of,
        must=must,
        singles=singles,
        stars=stars,
        cuts=_cuts(problem, stars),
        places=places,
        place_row=place_row,
        place_room=np.full(len(places), float(problem.weights.village_capacity)),
        established_needed=problem.establishment_needed - fixed_counts,
        reach_needed=problem.work_coverage_share * (problem.base_size - fixed_organized) - capacity,
        fixed_cost=fixed_cost,
        fixed_counts=int(fixed_counts),
        fixed_organized=int(fixed_organized),
    )


def _options(problem: Problem) -> dict[int, dict[int, float]]:
    """For every unit the forms without partners that are open to it, with cost; ``none`` always, at least as a last resort."""
    together = {unit for units in problem.together for unit in units}
    least = problem.limits.min_full_members
    found: dict[int, dict[int, float]] = {}
    for unit in range(problem.n):
        t, pinned = int(problem.t[unit]), int(problem.pinned_host[unit])
        mine: dict[int, float] = {}
        for form, fits in (
            (SEPARATE, t >= least),
            (MOBILE, t >= least),
            (SECONDED, t == problem.limits.seconded_full_members),
            (VILLAGE, problem.place[unit] >= 0 and pinned < 0),
            (NONE, pinned < 0),
        ):
            host = unit if form in ORGANIZED else -1
            if not fits or not problem.allows(unit, form) or unit in together:
                continue
            if pinned not in (-1, unit) or problem.is_forbidden(unit, form, host):
                continue
            mine[form] = float(problem.weights.per_organization[form]) + unit_cost(problem, unit, form, host)
            if problem.required[unit] and not problem.covers(unit, form):
                mine[form] += UNCOVERED
        mine.setdefault(NONE, UNCOVERED + unit_cost(problem, unit, NONE, -1))
        found[unit] = mine
    return found


def _obvious(problem: Problem, unit: int, options: dict[int, float]) -> int:
    """The form that no other can beat for a unit that is in no star, else -1."""
    form = min(options, key=lambda code: (options[code], code))
    if len(options) == 1 and form == NONE:
        return NONE
    if form in (SEPARATE, MOBILE) and (problem.counts(unit, form) or not problem.in_base[unit]):
        return form  # counts for every target, uses no instructor, no village
    return -1


def _singles(
    problem: Problem, active: list[int], options: dict[int, dict[int, float]], must: Flags
) -> Singles:
    entries: list[tuple[int, int, float, int, int, int]] = []
    for unit, bound in zip(active, must, strict=True):
        base = bool(problem.in_base[unit])
        for form, price in options[unit].items():
            if form == NONE and not bound:
                continue
            counts = int(base and problem.counts(unit, form))
            place = int(problem.place[unit]) if form == VILLAGE else -1
            entries.append((unit, form, price, counts, int(base and form in ORGANIZED), place))
    columns: list[Sequence[float]] = list(zip(*entries, strict=True)) if entries else [()] * 6
    return Singles(
        unit=np.array(columns[0], dtype=np.int32),
        form=np.array(columns[1], dtype=np.int32),
        cost=np.array(columns[2], dtype=np.float64),
        counts=np.array(columns[3], dtype=np.int32),
        organized=np.array(columns[4], dtype=np.int32),
        place=np.array(columns[5], dtype=np.int32),
    )


def _cuts(problem: Problem, stars: Stars) -> Cuts:
    """Limits from the members of the units that can be in the territory's own stars at all."""
    territories = np.unique(stars.territory[stars.territory >= 0])
    entry = {int(territory): index for index, territory in enumerate(territories)}
    of_star = np.array([entry.get(int(territory), -1) for territory in stars.territory], dtype=np.int32)
    units: list[set[int]] = [set() for _ in territories]
    for k in np.flatnonzero(of_star >= 0):
        units[of_star[k]].update(stars.base[k])
        first, last = stars.bounds[k, 0], stars.bounds[k, 3]
        units[of_star[k]].update(stars.arc_unit[first:last].tolist())
    rest = np.zeros(len(territories), dtype=np.int32)
    thirds, halves = np.zeros(len(territories)), np.zeros(len(territories))
    for index, members in enumerate(units):
        t = problem.t[sorted(members)]
        total = int(t.sum())
        rest[index] = total % 3
        thirds[index] = total // 3 - (0.5 * int((t == 2).sum()) if rest[index] == 1 else 0.0)
        halves[index] = int((t > 0).sum()) // 2
    return Cuts(of_star, rest, thirds, halves)
