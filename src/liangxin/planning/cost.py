"""The one cost function: for the solver, a person's drag, rival methods and tests. Lower is better; no unit of measure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from liangxin.planning.forms import JOINT, LEADER, NONE, VILLAGE
from liangxin.planning.problem import (
    Arrangement,
    Problem,
    chain_linked,
    distance_km,
    had_organization,
    industry_distance,
    place_distance_km,
    unchanged,
)

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Cost:
    """``total`` is the sum of the three parts.

    ``per_organization``: by (form code, host unit). ``per_place``: village affiliations by place, overload included.
    ``lost``: stability for units that had an organization and now have none.
    """

    total: float
    per_organization: dict[tuple[int, int], float]
    per_place: dict[int, float]
    lost: float


def pair_cost(problem: Problem, unit: int, host: int, form: int) -> float:
    """What a plain member of a joint organization costs, without stability: the form's figure plus the way to the host.

    0.5 x min(km, 6) + 0.5 x industry distance - 0.3 if chain-linked, added to the form's figure; never below 0.02.
    """
    weights = problem.weights
    figure = float(weights.per_unit[form]) + weights.distance * distance_km(problem, unit, host)
    figure += weights.industry * industry_distance(problem, unit, host)
    if chain_linked(problem, unit, host):
        figure += weights.chain
    return max(figure, weights.pair_floor) + host_cost(problem, unit, host)


def host_cost(problem: Problem, unit: int, host: int) -> float:
    """What it costs that a unit is led by a smaller one: more than twice the staff, or more full members. 待核 costs nothing."""
    figure = 0.0
    if problem.staff[host] >= 0 and problem.staff[unit] > 2 * problem.staff[host]:
        figure += problem.weights.smaller_host
    if problem.t[unit] > problem.t[host]:
        figure += problem.weights.fewer_members_host
    return figure


def filler_cost(problem: Problem, unit: int) -> float:
    """What it costs that a unit is drawn in for 1.4 alone: nothing requires it and it has no full member. Size counts for it."""
    if problem.required[unit] or problem.t[unit] > 0:
        return 0.0
    weights, staff = problem.weights, max(int(problem.staff[unit]), 0)
    figure = 0.0
    if weights.filler_staff > 0:
        figure = weights.filler * max(1.0 - staff / weights.filler_staff, 0.0)
    return figure + (weights.filler_few if staff <= weights.filler_few_staff else 0.0)


def alone_cost(problem: Problem, unit: int) -> float:
    """What it costs that a unit which 3.2 wants alone is joint or affiliated: more with more staff."""
    weights, staff = problem.weights, max(int(problem.staff[unit]), 0)
    if weights.alone_large_staff <= 0:
        return weights.alone_wanted
    return weights.alone_wanted + weights.alone_large * min(staff / weights.alone_large_staff, 1.0)


def bare_cost(problem: Problem, form: int, full: int) -> float:
    """What a joint organization with exactly the least full members costs; a leading enterprise holds its own by itself."""
    bare = form in JOINT and form != LEADER and full == problem.limits.min_full_members
    return problem.weights.bare_minimum if bare else 0.0


def stability_cost(problem: Problem, unit: int, form: int, host: int) -> float:
    """For a unit that had an organization and gets another one, another form, or none."""
    if not had_organization(problem, unit) or unchanged(problem, unit, form, host):
        return 0.0
    return problem.weights.settled if problem.settled[unit] else problem.weights.stability


def unit_cost(problem: Problem, unit: int, form: int, host: int) -> float:
    """One unit's own part: form, way to the host, stability. Without the organization's figure and a village's overload."""
    if form == NONE:
        own = float(problem.weights.per_unit[NONE])
    elif form == VILLAGE:
        own = float(problem.weights.per_unit[VILLAGE])
        own += problem.weights.village_distance * place_distance_km(problem, unit)
    elif form in JOINT and host != unit:
        own = pair_cost(problem, unit, host, form)
    elif form == LEADER:
        own = 0.0
    else:
        own = float(problem.weights.per_unit[form])
    if form in JOINT or form == VILLAGE:
        own += filler_cost(problem, unit)
        if problem.wants_alone[unit] and not (form == LEADER and host == unit):
            own += alone_cost(problem, unit)
    if form in JOINT and host == unit and not problem.candidate[unit]:
        own += problem.weights.no_candidate
    return own + stability_cost(problem, unit, form, host)


def organization_cost(problem: Problem, form: int, host: int, units: Iterable[int]) -> float:
    """One organization with all its units."""
    units = list(units)
    figure = float(problem.weights.per_organization[form])
    figure += bare_cost(problem, form, int(problem.t[units].sum()) if units else 0)
    return figure + sum(unit_cost(problem, unit, form, host) for unit in units)


def cost(problem: Problem, arrangement: Arrangement) -> Cost:
    """What an arrangement costs, feasible or not (``check`` says whether it is).

    Vectorless on purpose: every figure can be followed by hand, and the solver's arrays are tested against it.
    """
    per_organization: dict[tuple[int, int], float] = {}
    affiliated: dict[int, list[int]] = {}
    full: dict[tuple[int, int], int] = {}
    lost = 0.0
    for unit in range(problem.n):
        form, host = int(arrangement.form[unit]), int(arrangement.host[unit])
        own = unit_cost(problem, unit, form, host)
        if form == NONE:
            lost += own
        elif form == VILLAGE:
            affiliated.setdefault(int(problem.place[unit]), []).append(unit)
        else:
            key = (form, host)
            if key not in per_organization:
                per_organization[key] = float(problem.weights.per_organization[form])
            per_organization[key] += own
            full[key] = full.get(key, 0) + int(problem.t[unit])
    for (form, host), members in full.items():
        per_organization[form, host] += bare_cost(problem, form, members)
    per_place = {}
    for place, units in affiliated.items():
        beyond = max(len(units) - problem.weights.village_capacity, 0)
        per_place[place] = problem.weights.village_overload * beyond + sum(
            unit_cost(problem, unit, VILLAGE, -1) for unit in units
        )
    total = sum(per_organization.values()) + sum(per_place.values()) + lost
    return Cost(total, per_organization, per_place, lost)
