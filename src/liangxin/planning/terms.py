"""The objective by what it is made of, so that two plans can be compared term by term. The sum is ``cost(...).total``."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from liangxin.planning.cost import (
    alone_cost,
    bare_cost,
    cost,
    filler_cost,
    host_cost,
    pair_cost,
    stability_cost,
)
from liangxin.planning.forms import JOINT, LEADER, VILLAGE
from liangxin.planning.problem import distance_km, industry_distance, place_distance_km
from liangxin.wording import Text

if TYPE_CHECKING:
    from liangxin.planning.problem import Arrangement, Problem

TERMS: Final = MappingProxyType(
    {
        "form": Text("各单位的组建形式", "form of each unit"),
        "organization": Text("每个组织", "each organization"),
        "distance": Text("到主单位的距离", "way to the lead unit"),
        "industry": Text("行业差异", "difference of trade"),
        "chain": Text("产业链相连（减）及下限", "industry-chain links (less) and the floor"),
        "village": Text("到村（社区）的距离", "way to the village"),
        "overload": Text("一村挂靠过多", "too many at one village"),
        "alone": Text("应单独组建而联合或挂靠", "wanted alone but joint or affiliated"),
        "filler": Text("为组建率吸收的无党员小单位", "small units without members drawn in for the rate"),
        "host": Text("主单位规模或党员数不及成员单位", "lead unit smaller than those it leads"),
        "candidate": Text("主单位没有书记人选", "lead unit without a possible secretary"),
        "bare": Text("正式党员数刚够，少一名就不成立", "just enough full members, one fewer ends it"),
        "stability": Text("变动原有组织", "changing what exists"),
    }
)


def terms(problem: Problem, arrangement: Arrangement) -> dict[str, float]:
    """Each term of ``TERMS``."""
    found = dict.fromkeys(TERMS, 0.0)
    weights = problem.weights
    for unit in range(problem.n):
        form, host = int(arrangement.form[unit]), int(arrangement.host[unit])
        figure = float(weights.per_unit[form])
        if form in JOINT and host != unit:
            distance = weights.distance * distance_km(problem, unit, host)
            industry = weights.industry * industry_distance(problem, unit, host)
            found["form"] += figure
            found["distance"] += distance
            found["industry"] += industry
            led = host_cost(problem, unit, host)
            found["chain"] += pair_cost(problem, unit, host, form) - led - figure - distance - industry
            found["host"] += led
        elif form != LEADER:
            found["form"] += figure
        if form in JOINT or form == VILLAGE:
            found["filler"] += filler_cost(problem, unit)
            if problem.wants_alone[unit] and not (form == LEADER and host == unit):
                found["alone"] += alone_cost(problem, unit)
        if form in JOINT and host == unit and not problem.candidate[unit]:
            found["candidate"] += weights.no_candidate
        if form == VILLAGE:
            found["village"] += weights.village_distance * place_distance_km(problem, unit)
        found["stability"] += stability_cost(problem, unit, form, host)
    whole = cost(problem, arrangement)
    for (_, form), units in arrangement.groups().items():
        found["bare"] += bare_cost(problem, form, int(problem.t[units].sum()))
    found["organization"] = sum(float(weights.per_organization[form]) for form, _ in whole.per_organization)
    loads: dict[int, int] = {}
    for unit in range(problem.n):
        if arrangement.form[unit] == VILLAGE:
            loads[int(problem.place[unit])] = loads.get(int(problem.place[unit]), 0) + 1
    found["overload"] = sum(
        weights.village_overload * max(load - weights.village_capacity, 0) for load in loads.values()
    )
    return found
