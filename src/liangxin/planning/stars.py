"""Stars: every way in which a unit can host an organization, with the units that could join it and what each would cost.

A joint organization's cost is the sum over its units of what each costs at that host, so all organizations of one host
and form are the choices from one list. A *star* is such a list: (host, form, and for an industry organization the
association), the units that are in it in any case (``base``: the host, those that exist or are pinned there), and its
*arcs*, the units that may join. Pricing, bounds, fixing and the integer program all work on stars, never on the
astronomically many organizations themselves.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import combinations, product
from typing import TYPE_CHECKING, Final

import numpy as np

from liangxin.planning.cost import unit_cost
from liangxin.planning.forms import CODE, INDUSTRY, LEADER
from liangxin.planning.problem import Problem, may_join, stays_with

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from liangxin.planning.problem import Flags, Floats, Ints

CLASSES: Final = 3
"""Arcs are kept by full members: units with 0, 1 and 2. A unit with 3 or more never joins somebody else's organization."""

_MOST_VARIANTS: Final = 64


@dataclass(frozen=True, slots=True)
class Stars:
    """K stars with A arcs in all. ``bounds[k, c]:bounds[k, c + 1]`` are the arcs of star k with c full members."""

    host: Ints
    form: Ints
    association: Ints  # of an industry star, else -1
    territory: Ints  # of a park or zone star, else -1
    base: tuple[tuple[int, ...], ...]  # the host first
    base_cost: Floats  # the organization's figure and every base unit's
    base_t: Ints
    base_members: Ints
    base_twos: Ints  # base units with exactly 2 full members
    base_holders: Ints  # base units with any
    base_counts: Ints  # base units that count for 1.4
    base_reach: Floats  # what its base units ask of the instructors without an organization (1.5)
    base_uncovers: Ints  # base units that this form leaves uncovered
    bare: Floats  # more where the organization has just the least full members
    seats: Ints  # how many more units may join
    crowded: Flags  # the members' cap could bind
    bounds: Ints  # [K, 4]
    arc_unit: Ints
    arc_cost: Floats
    arc_counts: Ints  # 1 if the unit counts for 1.4 in this form
    arc_uncovers: Ints  # 1 if this form leaves the unit uncovered (1.1-1.3)

    @property
    def count(self) -> int:
        return len(self.host)

    def arc_star(self) -> Ints:
        """The star of every arc."""
        return np.repeat(np.arange(self.count, dtype=np.int32), self.bounds[:, 3] - self.bounds[:, 0])


@dataclass(slots=True)
class _Draft:
    rows: list[tuple[int, int, int, int, tuple[int, ...], float, int, list[int]]] = field(
        default_factory=list
    )
    arcs: list[tuple[Ints, Floats, Ints, Flags]] = field(default_factory=list)


class Shape:
    """The problem with what star building asks again and again."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        limits = problem.limits
        bound_together = {unit for units in problem.together for unit in units}
        self.bound_together = bound_together
        free = (problem.pinned_host == -1) & (problem.t < limits.min_full_members)
        if bound_together:
            free[list(bound_together)] = False
        self.free = free
        self.pinned: dict[int, list[int]] = {}
        for unit in np.flatnonzero(problem.pinned_host >= 0).tolist():
            if problem.pinned_host[unit] != unit:
                self.pinned.setdefault(int(problem.pinned_host[unit]), []).append(int(unit))
        self.by_territory = _members(problem.territory)
        self.by_area = _members(problem.work_area)
        self.by_association: dict[int, list[int]] = {}
        for unit in range(problem.n):
            for association in problem.associations.of(unit):
                self.by_association.setdefault(int(association), []).append(int(unit))
        self.apart_of: dict[int, list[int]] = {}
        for index, units in enumerate(problem.apart):
            for unit in units:
                self.apart_of.setdefault(unit, []).append(index)
        self.forbidden_units = {unit for unit, _, _ in problem.forbidden}


def build_stars(problem: Problem) -> Stars:
    """All stars of a problem."""
    shape = Shape(problem)
    draft = _Draft()
    least = problem.limits.min_full_members
    for host in np.flatnonzero(problem.t >= 1).tolist():
        if problem.pinned_host[host] not in (-1, host):
            continue
        if problem.t[host] < least:
            if problem.territory[host] >= 0:
                near = shape.by_territory[int(problem.territory[host])]
                _add(draft, shape, host, problem.territory_form(host), -1, near)
            for association in problem.associations.of(host):
                fellows = np.array(shape.by_association[int(association)], dtype=np.int32)
                _add(draft, shape, host, INDUSTRY, int(association), fellows)
            if not len(problem.associations.of(host)) and standing_size(problem, host) > 1:
                _add(draft, shape, host, INDUSTRY, -1, np.zeros(0, dtype=np.int32))  # its association is 待核
        elif problem.can_lead[host] and problem.work_area[host] >= 0:
            near = shape.by_area[int(problem.work_area[host])]
            _add(draft, shape, host, LEADER, -1, near[led_by(problem, host, near)])
    return _pack(problem, draft)


def _members(index: Ints) -> dict[int, Ints]:
    order = np.argsort(index, kind="stable").astype(np.int32)
    keys, starts = np.unique(index[order], return_index=True)
    return {int(key): part for key, part in zip(keys, np.split(order, starts[1:]), strict=True)}


def led_by(problem: Problem, host: int, units: Ints) -> Flags:
    """Which of these units of the host's own work area may join its leader-led organization (vector of ``may_join``)."""
    weights = problem.weights
    away = np.hypot(problem.x_km[units] - problem.x_km[host], problem.y_km[units] - problem.y_km[host])
    one_division = industry_distances(problem, host, units) <= weights.industry_same_division
    near = (away <= weights.leader_radius_km) | (one_division & (away <= weights.leader_division_radius_km))
    result: Flags = near | np.isin(units, problem.chain.of(host))
    return result


def industry_distances(problem: Problem, host: int, units: Ints) -> Floats:
    digits = np.minimum(problem.industry_digits[units], problem.industry_digits[host])
    theirs, own = problem.industry[units], problem.industry[host]
    far = np.ones(len(units))
    far[(digits >= 2) & (theirs // 100 == own // 100)] = problem.weights.industry_same_division
    far[(digits >= 3) & (theirs // 10 == own // 10)] = problem.weights.industry_same_group
    far[(digits >= 4) & (theirs == own)] = 0.0
    return far


def alone_costs(problem: Problem, units: Ints) -> Floats:
    """Vector of ``cost.alone_cost``."""
    weights = problem.weights
    if weights.alone_large_staff <= 0:
        return np.full(len(units), weights.alone_wanted)
    share = np.minimum(np.maximum(problem.staff[units], 0) / weights.alone_large_staff, 1.0)
    figure: Floats = weights.alone_wanted + weights.alone_large * share
    return figure


def filler_costs(problem: Problem, units: Ints) -> Floats:
    """``cost.filler_cost`` for many units at once."""
    weights, staff = problem.weights, np.maximum(problem.staff[units], 0)
    figure: Floats = np.where(staff <= weights.filler_few_staff, weights.filler_few, 0.0)
    if weights.filler_staff > 0:
        figure = figure + weights.filler * np.maximum(1.0 - staff / weights.filler_staff, 0.0)
    return np.where(problem.required[units] | (problem.t[units] > 0), 0.0, figure)


def arc_costs(problem: Problem, host: int, form: int, units: Ints) -> Floats:
    """``cost.unit_cost`` of plain members, for many units at once."""
    weights = problem.weights
    away = np.hypot(problem.x_km[units] - problem.x_km[host], problem.y_km[units] - problem.y_km[host])
    away = np.minimum(np.where(np.isnan(away), weights.distance_cap_km, away), weights.distance_cap_km)
    figure: Floats = float(weights.per_unit[form]) + weights.distance * away
    figure += weights.industry * industry_distances(problem, host, units)
    figure += np.where(np.isin(units, problem.chain.of(host)), weights.chain, 0.0)
    figure = np.maximum(figure, weights.pair_floor)
    staff = problem.staff[host]
    if staff >= 0:
        figure += np.where(problem.staff[units] > 2 * staff, weights.smaller_host, 0.0)
    figure += np.where(problem.t[units] > problem.t[host], weights.fewer_members_host, 0.0)
    figure += filler_costs(problem, units) + np.where(
        problem.wants_alone[units], alone_costs(problem, units), 0.0
    )
    before_form, before_host = problem.previous_form[units], problem.previous_host[units]
    same = (before_form == form) & ((before_host < 0) | (before_host == host))
    price = np.where(problem.settled[units], weights.settled, weights.stability)
    figure += np.where((before_form >= 0) & ~same, price, 0.0)
    return figure


def _add(draft: _Draft, shape: Shape, host: int, form: int, association: int, near: Ints) -> None:
    """The star of one host and form; several where units must stay together or apart."""
    problem = shape.problem
    base = [host]
    for unit in shape.pinned.get(host, ()):
        base.append(unit)
    wholes = [set(units) for units in problem.together]
    touched = [whole for whole in wholes if whole & set(base)]
    others = [whole for whole in wholes if not whole & set(base) and whole <= set(near.tolist())]
    for taken in range(len(others) + 1):
        for chosen in combinations(others, taken):
            full = list(base)
            for whole in (*touched, *chosen):
                full += sorted(whole - set(full))
            most = max(problem.limits.max_units, standing_size(problem, host))
            if len(full) <= most and fits_base(problem, full, form, association):
                _add_base(draft, shape, tuple(full), form, association, near)


def standing_size(problem: Problem, host: int) -> int:
    """How many units stay in the organization of this lead unit: it keeps its size whatever the limit for new ones."""
    return int(np.count_nonzero(problem.stays & (problem.pinned_host == host)))


def fits_base(problem: Problem, base: Sequence[int], form: int, association: int) -> bool:
    """Could these units, the host first, be in one organization at all, others perhaps with them?"""
    host = base[0]
    for unit in base:
        if not problem.allows(unit, form) or problem.is_forbidden(unit, form, host):
            return False
        if problem.pinned_host[unit] not in (-1, host):
            return False
        if unit != host and problem.t[unit] >= problem.limits.min_full_members:
            return False
        if stays_with(problem, unit, host):
            continue
        if unit != host and not may_join(problem, unit, host, form):
            return False
        if association >= 0 and association not in problem.associations.of(unit):
            return False
    if problem.members[list(base)].sum() > problem.limits.max_members:
        return False
    return all(len(set(units) & set(base)) <= 1 for units in problem.apart)


def _add_base(
    draft: _Draft, shape: Shape, base: tuple[int, ...], form: int, association: int, near: Ints
) -> None:
    problem = shape.problem
    host = base[0]
    able = shape.free[near] & ((problem.allowed[near] >> form & 1) == 1) & ~np.isin(near, base)
    able &= problem.members[near] + problem.members[list(base)].sum() <= problem.limits.max_members
    units = near[able]
    if shape.forbidden_units:
        units = np.array(
            [
                unit
                for unit in units.tolist()
                if unit not in shape.forbidden_units or not problem.is_forbidden(unit, form, host)
            ],
            dtype=np.int32,
        )
    for kept in _variants(shape, base, units):
        costs = arc_costs(problem, host, form, kept)
        order = np.lexsort((kept, costs, problem.t[kept]))
        kept, costs = kept[order], costs[order]
        edges = [int(np.searchsorted(problem.t[kept], c)) for c in range(CLASSES)] + [len(kept)]
        counts = (problem.in_base[kept] & ((problem.counted[kept] >> form & 1) == 1)).astype(np.int32)
        own = problem.weights.per_organization[form] + sum(
            unit_cost(problem, unit, form, host) for unit in base
        )
        draft.rows.append((host, form, association, int(problem.territory[host]), base, float(own), 0, edges))
        uncovers = problem.required[kept] & ((problem.covering[kept] >> form & 1) == 0)
        draft.arcs.append((kept, costs, counts, uncovers))


def _variants(shape: Shape, base: tuple[int, ...], units: Ints) -> Iterable[Ints]:
    """The candidates, once for every way of keeping at most one unit of each set that must be apart."""
    if not shape.apart_of:
        return [units]
    here = set(units.tolist())
    drop: set[int] = set()
    choices: list[list[set[int]]] = []
    for members in shape.problem.apart:
        present = sorted(set(members) & here)
        if set(members) & set(base):
            drop |= set(present)
        elif len(present) > 1:
            choices.append([set(present) - {kept} for kept in present])
    ways = list(product(*choices))[:_MOST_VARIANTS]
    return [units[~np.isin(units, sorted(drop.union(*way)))] for way in ways]


def _pack(problem: Problem, draft: _Draft) -> Stars:
    rows = draft.rows
    bases = tuple(row[4] for row in rows)
    base_t = [int(problem.t[list(base)].sum()) for base in bases]
    lengths = [row[7] for row in rows]
    offsets = np.concatenate([[0], np.cumsum([edges[-1] for edges in lengths])]) if rows else np.zeros(1)
    bounds = np.array(
        [[offsets[k] + edge for edge in edges] for k, edges in enumerate(lengths)], dtype=np.int32
    )
    unit = np.concatenate([arcs[0] for arcs in draft.arcs]) if rows else np.zeros(0)
    cost = np.concatenate([arcs[1] for arcs in draft.arcs]) if rows else np.zeros(0)
    counts = np.concatenate([arcs[2] for arcs in draft.arcs]) if rows else np.zeros(0)
    uncovers = np.concatenate([arcs[3] for arcs in draft.arcs]) if rows else np.zeros(0)
    seats = np.array([max(problem.limits.max_units - len(base), 0) for base in bases], dtype=np.int32)
    base_members = np.array([problem.members[list(base)].sum() for base in bases], dtype=np.int32)
    crowded = np.zeros(len(rows), dtype=np.bool_)
    for k, (kept, *_) in enumerate(draft.arcs):
        heaviest = np.sort(problem.members[kept])[::-1][: seats[k]].sum()
        crowded[k] = base_members[k] + heaviest > problem.limits.max_members
    form = np.array([row[1] for row in rows], dtype=np.int32)
    at = np.array([row[3] for row in rows], dtype=np.int32)
    reach_asked = problem.reach_asked
    return Stars(
        host=np.array([row[0] for row in rows], dtype=np.int32),
        form=form,
        association=np.array([row[2] for row in rows], dtype=np.int32),
        territory=np.where((form == CODE["park"]) | (form == CODE["zone"]), at, -1).astype(np.int32),
        base=bases,
        base_cost=np.array([row[5] for row in rows], dtype=np.float64),
        base_t=np.array(base_t, dtype=np.int32),
        base_members=base_members,
        base_twos=np.array([int((problem.t[list(base)] == 2).sum()) for base in bases], dtype=np.int32),
        base_holders=np.array([int((problem.t[list(base)] > 0).sum()) for base in bases], dtype=np.int32),
        base_counts=np.array(
            [
                sum(bool(problem.in_base[unit]) and problem.counts(unit, row[1]) for unit in row[4])
                for row in rows
            ],
            dtype=np.int32,
        ),
        base_reach=np.array([float(reach_asked[list(base)].sum()) for base in bases], dtype=np.float64),
        base_uncovers=np.array(
            [
                sum(bool(problem.required[unit]) and not problem.covers(unit, row[1]) for unit in row[4])
                for row in rows
            ],
            dtype=np.int32,
        ),
        bare=np.where(form == LEADER, 0.0, problem.weights.bare_minimum),
        seats=seats,
        crowded=crowded,
        bounds=bounds.reshape(len(rows), 4),
        arc_unit=unit.astype(np.int32),
        arc_cost=cost.astype(np.float64),
        arc_counts=counts.astype(np.int32),
        arc_uncovers=uncovers.astype(np.int32),
    )
