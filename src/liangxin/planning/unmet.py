"""What cannot be met, each with both numbers: units that no form fits, 1.4 and 1.5 out of reach, instructors too few."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from liangxin.planning.check import tally
from liangxin.planning.forms import SECONDED, bit
from liangxin.planning.plan import Infeasible
from liangxin.wording import Text

if TYPE_CHECKING:
    from liangxin.planning.build import Built
    from liangxin.planning.problem import Arrangement, Problem


def unmet(built: Built, arrangement: Arrangement, areas: dict[str, str]) -> tuple[Infeasible, ...]:
    """In the order: units, instructors, 1.4, 1.5, pins that nothing could honour."""
    problem = built.problem
    found = [
        _uncovered(built, unit, areas) for unit in range(problem.n) if _open_case(problem, arrangement, unit)
    ]
    counts = tally(problem, arrangement)
    wanting = np.flatnonzero(((problem.policy_forms & bit(SECONDED)) != 0) & (arrangement.form != SECONDED))
    if counts.seconded >= problem.instructors and len(wanting):
        ids = tuple(problem.unit_ids[unit] for unit in wanting.tolist())
        wanted = counts.seconded + len(wanting)
        found.append(
            Infeasible(
                ids,
                "2.2",
                Text(
                    f"可派员帮建的有{wanted}家，指导员只有{problem.instructors}名，其余{len(wanting)}家改用其他形式",
                    f"{wanted} units could have a seconded instructor, there are {problem.instructors} instructors; {len(wanting)} take another form",
                ),
            )
        )
    if counts.established < problem.establishment_needed:
        base = problem.base_size
        reached, needed = counts.established, problem.establishment_needed
        found.append(
            Infeasible(
                (),
                "1.4",
                Text(
                    f"总体组建率最多做到{reached}家（{reached / base:.1%}），需要{needed}家（{needed / base:.1%}），共{base}家",
                    f"At most {reached} of {base} units can be established ({reached / base:.1%}); {needed} are needed ({needed / base:.1%})",
                ),
            )
        )
    reach, needed_reach = counts.reachable(problem), counts.reach_needed(problem)
    if reach < needed_reach - 1e-9:
        left = problem.instructors - counts.seconded
        short, need = math.floor(reach), math.ceil(needed_reach - 1e-9)
        found.append(
            Infeasible(
                (),
                "1.5",
                Text(
                    f"未建企业工作覆盖：{left}名指导员最多联系{short}家，需要{need}家（未建{counts.without}家）",
                    f"Work coverage: {left} instructors reach {short} units; {need} are needed ({counts.without} without an organization)",
                ),
            )
        )
    return (*found, *built.refused_pins)


def _open_case(problem: Problem, arrangement: Arrangement, unit: int) -> bool:
    return bool(problem.required[unit]) and not problem.covers(unit, int(arrangement.form[unit]))


def _uncovered(built: Built, unit: int, areas: dict[str, str]) -> Infeasible:
    """Why no form fits, with the members there are within three kilometres of its park, market or village and those needed."""
    problem = built.problem
    classes = built.frame["classes"].to_list()[unit] or []
    clause = next((c for c in _clauses(classes)), "1.1")
    need = problem.limits.min_full_members
    territory = int(problem.territory[unit])
    t = int(problem.t[unit])
    unit_id = problem.unit_ids[unit]
    if t >= need:
        zh = f"{unit_id}有{t}名正式党员，应单独组建（需要{need}名），但政策的单独组建条件不满足或被指定禁止"
        en = f"{unit_id} has {t} full members ({need} needed to stand alone), but the policy's condition or a pin forbids it"
        return Infeasible((unit_id,), clause, Text(zh, en))
    if territory < 0:
        zh = f"{unit_id}的园区、市场和村（社区）都待核，没有可联合的单位：正式党员{t}名，需要{need}名"
        en = f"The park, market and village of {unit_id} are not known, so nobody can join it: {t} full members, {need} needed"
        return Infeasible((unit_id,), clause, Text(zh, en))
    name = areas.get(problem.territory_ids[territory], problem.territory_ids[territory])
    away = np.hypot(problem.x_km - problem.x_km[unit], problem.y_km - problem.y_km[unit])
    near = (problem.territory == territory) & (problem.t < need) & (away <= 3.0)
    have = int(problem.t[near].sum())
    zh = f"{unit_id}：{name}三公里内可联合的单位共有{have}名正式党员，需要{need}名，也没有可挂靠的村（社区）或已被指定禁止"
    en = f"{unit_id}: the units it could join in {name} within 3 km have {have} full members, {need} are needed, and no village affiliation is open"
    return Infeasible((unit_id,), clause, Text(zh, en))


def _clauses(classes: list[str]) -> list[str]:
    known = {"has_members": "1.1", "staff_80": "1.2", "staff_50_revenue_500": "1.3"}
    return [known[each] for each in classes if each in known]
