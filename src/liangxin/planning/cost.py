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
    return max(figure, weights.pair_floor)


def stability_cost(problem: Problem, unit: int, form: int, host: int) -> float:
    """For a unit that had an organization and gets another one, another form, or none."""
    if not had_organization(problem, unit) or unchanged(problem, unit, form, host):
        return 0.0
    return problem.weights.stability


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
    return own + stability_cost(problem, unit, form, host)


def organization_cost(problem: Problem, form: int, host: int, units: Iterable[int]) -> float:
    """One organization with all its units."""
    figure = float(problem.weights.per_organization[form])
    return figure + sum(unit_cost(problem, unit, form, host) for unit in units)


def cost(problem: Problem, arrangement: Arrangement) -> Cost:
    """What an arrangement costs, feasible or not (``check`` says whether it is).

    Vectorless on purpose: every figure can be followed by hand, and the solver's arrays are tested against it.
    """
    per_organization: dict[tuple[int, int], float] = {}
    affiliated: dict[int, list[int]] = {}
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
    per_place = {}
    for place, units in affiliated.items():
        beyond = max(len(units) - problem.weights.village_capacity, 0)
        per_place[place] = problem.weights.village_overload * beyond + sum(
            unit_cost(problem, unit, VILLAGE, -1) for unit in units
        )
    total = sum(per_organization.values()) + sum(per_place.values()) + lost
    return Cost(total, per_organization, per_place, lost)
