"""A block: a problem (the whole town or a part of it) made ready for the solver, what is decided beforehand taken out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np

from liangxin.planning.alone import forms_alone, uncovering_forms
from liangxin.planning.cost import unit_cost
from liangxin.planning.forms import MOBILE, NONE, ORGANIZED, SECONDED, SEPARATE, VILLAGE
from liangxin.planning.problem import Problem
from liangxin.planning.stages import Shortfall
from liangxin.planning.stars import Stars, build_stars

if TYPE_CHECKING:
    from collections.abc import Sequence

    from liangxin.planning.problem import Flags, Floats, Ints

UNCOVERED_PRICE: Final = 100.0
"""What is paid for a unit left out where the first stage is proven."""
ESTABLISHED_PRICE: Final = 20.0
"""The same for each unit short of 1.4."""
REACH_PRICE: Final = 5.0
"""The same for each unit that the instructors should reach (1.5)."""
FORBIDDEN_PRICE: Final = -1000.0
"""Price of leaving a unit uncovered where nobody need be: the row's right side is 0, so any price gives a valid bound."""


@dataclass(frozen=True, slots=True)
class Singles:
    """Ways for a unit to be arranged without partners: one entry each."""

    unit: Ints
    form: Ints
    cost: Floats
    counts: Ints  # for 1.4
    reach: Floats  # what the unit asks of the instructors where it is organized so (1.5)
    uncovers: Ints  # leaves the unit uncovered
    place: Ints  # of a village affiliation, else -1


@dataclass(frozen=True, slots=True)
class Prices:
    """Prices of the town-wide rows: one more established unit (1.4), one more instructor, one more unit reached (1.5), one
    more unit that may stay uncovered."""

    established: float = 0.0
    instructor: float = 0.0  # never positive: what an instructor less would cost, with its sign
    reach: float = 0.0
    uncovered: float = 0.0  # never positive

    def array(self) -> Floats:
        return np.array([self.established, self.instructor, self.reach, self.uncovered])

    def times(self, factor: float) -> Prices:
        return Prices(*(self.array() * factor).tolist())


@dataclass(frozen=True, slots=True)
class Targets:
    """The rows of the stages: at most so many units uncovered, so many short of 1.4 and of 1.5.

    The row of a stage that is ``open`` has a slack that is paid for: what proves a stage has nothing else as its cost.
    """

    allowed: Shortfall = field(default_factory=Shortfall)
    uncovered_open: bool = False
    established_open: bool = False
    reach_open: bool = False


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
    targets: Targets
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
    established_needed: float  # 1.4 as far as the stage allows, after what is fixed
    reach_needed: (
        float  # share x base - capacity x instructors as far as the stage allows, after what is fixed
    )
    uncovered_allowed: float  # after what is fixed
    fixed_cost: float
    fixed_counts: int


def build_block(problem: Problem, targets: Targets | None = None) -> Block:
    targets = targets or Targets()
    stars = build_stars(problem)
    in_star = np.zeros(problem.n, dtype=np.bool_)
    in_star[stars.arc_unit] = True
    for base in stars.base:
        in_star[list(base)] = True
    alone = forms_alone(problem)
    uncovering = uncovering_forms(problem, alone)
    options = _options(problem, alone)
    fixed_form = np.full(problem.n, -1, dtype=np.int32)
    fixed_cost, fixed_counts, fixed_reach, fixed_uncovered = 0.0, 0, 0.0, 0
    active: list[int] = []
    asked: list[float] = problem.reach_asked.tolist()
    for unit in range(problem.n):
        choice = -1 if in_star[unit] else _obvious(problem, unit, options[unit], int(uncovering[unit]))
        if choice < 0:
            active.append(unit)
            continue
        fixed_form[unit] = choice
        fixed_cost += options[unit][choice]
        fixed_counts += bool(problem.in_base[unit]) and problem.counts(unit, choice)
        fixed_reach += asked[unit] * (choice in ORGANIZED)
        fixed_uncovered += int(uncovering[unit]) >> choice & 1
    row_of = np.full(problem.n, -1, dtype=np.int32)
    row_of[active] = np.arange(len(active))
    must = np.array(
        [options[unit][NONE] > 0.0 or bool(uncovering[unit] >> NONE & 1) for unit in active], dtype=np.bool_
    )
    allowed = targets.allowed
    uncovered_allowed = float(allowed.uncovered - fixed_uncovered)
    shut = uncovered_allowed <= 0 and not targets.uncovered_open
    singles = _singles(problem, active, options, must, uncovering, shut=shut)
    places = np.unique(singles.place[singles.place >= 0]).astype(np.int32)
    place_row = np.full(max(len(problem.place_ids), 1), -1, dtype=np.int32)
    place_row[places] = np.arange(len(places))
    capacity = problem.instructor_capacity * problem.instructors
    reach = sum(asked) - fixed_reach - capacity
    return Block(
        problem=problem,
        targets=targets,
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
        established_needed=problem.establishment_needed - allowed.unestablished - fixed_counts,
        reach_needed=reach - allowed.unreached - 1e-7,
        uncovered_allowed=uncovered_allowed,
        fixed_cost=fixed_cost,
        fixed_counts=int(fixed_counts),
    )


def _options(problem: Problem, alone: Ints) -> list[dict[int, float]]:
    """For every unit the forms without partners that are open to it, with cost; ``none`` always, at least as a last resort."""
    found: list[dict[int, float]] = []
    for unit, mask in enumerate(alone.tolist()):
        mine: dict[int, float] = {}
        for form in (SEPARATE, MOBILE, SECONDED, VILLAGE, NONE):
            if mask >> form & 1 or form == NONE:
                host = unit if form in ORGANIZED else -1
                mine[form] = float(problem.weights.per_organization[form])
                mine[form] += unit_cost(problem, unit, form, host)
        found.append(mine)
    return found


def _obvious(problem: Problem, unit: int, options: dict[int, float], uncovering: int) -> int:
    """The form that no other can beat for a unit that is in no star, else -1."""
    form = min(options, key=lambda code: (uncovering >> code & 1, options[code], code))
    if len(options) == 1 and form == NONE:
        return NONE
    cheapest = options[form] <= min(options.values())
    counts = problem.counts(unit, form) or not problem.in_base[unit]
    counts = (
        counts and not problem.covered_anyway[unit]
    )  # without an organization it would raise the rate of 1.5
    if form in (SEPARATE, MOBILE) and cheapest and counts and not uncovering >> form & 1:
        return form  # counts for every target, uses no instructor, no village
    return -1


def _singles(
    problem: Problem,
    active: list[int],
    options: list[dict[int, float]],
    must: Flags,
    uncovering: Ints,
    *,
    shut: bool,
) -> Singles:
    """``shut``: nobody may stay uncovered, so forms that leave a unit so are no options."""
    entries: list[tuple[int, int, float, int, float, int, int]] = []
    asked = problem.reach_asked
    for unit, bound in zip(active, must.tolist(), strict=True):
        base = bool(problem.in_base[unit])
        for form, price in options[unit].items():
            uncovers = int(uncovering[unit]) >> form & 1
            if (form == NONE and not bound) or (shut and uncovers):
                continue
            counts = int(base and problem.counts(unit, form))
            place = int(problem.place[unit]) if form == VILLAGE else -1
            entries.append(
                (unit, form, price, counts, float(asked[unit] * (form in ORGANIZED)), uncovers, place)
            )
    columns: list[Sequence[float]] = list(zip(*entries, strict=True)) if entries else [()] * 7
    return Singles(
        unit=np.array(columns[0], dtype=np.int32),
        form=np.array(columns[1], dtype=np.int32),
        cost=np.array(columns[2], dtype=np.float64),
        counts=np.array(columns[3], dtype=np.int32),
        reach=np.array(columns[4], dtype=np.float64),
        uncovers=np.array(columns[5], dtype=np.int32),
        place=np.array(columns[6], dtype=np.int32),
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
