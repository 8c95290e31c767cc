"""What is not met, each with both numbers, and whether it is proven that nothing could meet it: units left out, 1.4 and 1.5."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from liangxin.planning.alone import forms_alone, uncovering_forms
from liangxin.planning.check import tally
from liangxin.planning.forms import INDUSTRY, LEADER, SEPARATE, VILLAGE
from liangxin.planning.plan import Infeasible
from liangxin.planning.stars import led_by
from liangxin.wording import Text, join

if TYPE_CHECKING:
    from liangxin.planning.build import Built
    from liangxin.planning.plan import IndicatorChange
    from liangxin.planning.problem import Arrangement, Problem
    from liangxin.planning.stages import Stages


def unmet(
    built: Built,
    arrangement: Arrangement,
    areas: dict[str, str],
    stages: Stages,
    work_coverage: IndicatorChange | None,
) -> tuple[Infeasible, ...]:
    """In the order: units, 1.4, 1.5, pins that nothing could honour. "At most" is said only where the stage is proven.

    ``work_coverage``: 1.5 as the plan leaves it; it is unmet exactly where this rate misses its target.
    """
    problem = built.problem
    uncovering = uncovering_forms(problem, forms_alone(problem))
    left_out = np.flatnonzero(problem.required & ((uncovering >> arrangement.form & 1) == 1))
    found = [_uncovered(built, unit, areas, proven=stages.uncovered_proven) for unit in left_out.tolist()]
    counts = tally(problem, arrangement)
    if counts.established < problem.establishment_needed:
        found.append(_establishment(problem, counts.established, stages))
    if work_coverage is not None and _misses(work_coverage):
        found.append(_reach(built, work_coverage, counts.seconded, stages))
    return (*found, *_reorganized(built), *built.refused_pins)


def _reorganized(built: Built) -> list[Infeasible]:
    """Organizations that stand and do not keep a hard rule: named, and left to a person."""
    found = []
    for each in built.existing.broken:
        why = join([violation.text for violation in each.violations], zh="、", en=", ")
        ids = tuple(built.problem.unit_ids[unit] for unit in each.units)
        zh = f"原有党组织{each.organization_id}因{why.zh}，不符合规定，拟改组；要保留的请人工指定"
        en = f"The organization {each.organization_id} does not keep the rules ({why.en}) and is to be reorganized; pin it to keep it"
        found.append(Infeasible(ids, "2.1", Text(zh, en)))
    return found


def _establishment(problem: Problem, reached: int, stages: Stages) -> Infeasible:
    base, needed = problem.base_size, problem.establishment_needed
    goal = Text(
        f"需要{needed}家（{needed / base:.1%}），共{base}家",
        f"{needed} ({needed / base:.1%}) of {base} are needed",
    )
    if stages.established_proven:
        text = Text(
            f"总体组建率最多做到{reached}家（{reached / base:.1%}），{goal.zh}",
            f"At most {reached} units can be established ({reached / base:.1%}); {goal.en}",
        )
    else:
        most = min(needed - stages.bound.unestablished, base)
        text = Text(
            f"总体组建率本次求得{reached}家（{reached / base:.1%}），上限不超过{most}家（{most / base:.1%}），{goal.zh}",
            f"{reached} units established in this run ({reached / base:.1%}), no arrangement reaches more than {most} ({most / base:.1%}); {goal.en}",
        )
    return Infeasible((), "1.4", text, proven=stages.established_proven and needed > reached)


def _misses(rate: IndicatorChange) -> bool:
    return rate.after.numerator < (rate.target or 0.0) * rate.after.denominator - 1e-9


def _reach(built: Built, rate: IndicatorChange, seconded: int, stages: Stages) -> Infeasible:
    covered, without = rate.after.numerator, rate.after.denominator
    left, need = built.problem.instructors - seconded, math.ceil((rate.target or 0.0) * without - 1e-9)
    missing = max(math.ceil(stages.bound.unreached - 1e-6), 0)
    proven = stages.reach_proven and stages.established_proven and stages.uncovered_proven and missing > 0
    proven = proven and built.contacts.are_alike
    text = Text(
        f"未建企业工作覆盖：{left}名指导员联系以后覆盖{covered}家，需要{need}家（未建{without}家）",
        f"Work coverage: with {left} instructors {covered} units are covered; {need} are needed ({without} without an organization)",
    )
    if not proven and missing > 0 and built.contacts.are_alike:
        text = Text(
            text.zh + f"；本次求得如此，任何安排至少差{missing}家",
            text.en + f"; so in this run, every arrangement is short of {missing} at least",
        )
    elif not proven:
        text = Text(
            text.zh + "；本次求得如此，不等于做不到",
            text.en + "; so in this run, which does not mean that it cannot be met",
        )
    return Infeasible((), "1.5", text, proven=proven)


def _uncovered(built: Built, unit: int, areas: dict[str, str], *, proven: bool) -> Infeasible:
    """The true cause for each way in which the unit could have been covered."""
    problem = built.problem
    classes = built.frame["classes"].to_list()[unit] or []
    clause = next((c for c in _clauses(classes)), "1.1")
    unit_id, t, need = problem.unit_ids[unit], int(problem.t[unit]), problem.limits.min_full_members
    if t >= need:
        why = _grown(problem, unit)
        zh = f"{unit_id}有{t}名正式党员，达到单独组建需要的{need}名，{why.zh}"
        en = f"{unit_id} has {t} full members, {need} are needed to stand alone, but {why.en}"
        return Infeasible((unit_id,), clause, Text(zh, en), proven=proven)
    parts, competing = _joint_causes(problem, unit, areas)
    parts.append(_village_cause(problem, unit))
    whole = join(parts, zh="；", en="; ")
    zh, en = f"{unit_id}：{whole.zh}", f"{unit_id}: {whole.en}"
    if competing:
        zh += "；可联合的单位要先保证其他应覆盖的单位" if proven else "；本次未能安排，不等于做不到"
        en += (
            "; those it could join are needed by other units that must be covered"
            if proven
            else "; not arranged in this run, which does not mean that it cannot be"
        )
    return Infeasible((unit_id,), clause, Text(zh, en), proven=proven or not competing)


def _grown(problem: Problem, unit: int) -> Text:
    if problem.policy_forms[unit] >> SEPARATE & 1:
        return Text("但人工指定不允许", "a pin forbids it")
    return Text("但政策规定的单独组建条件不满足", "the policy's condition for standing alone is not met")


def _joint_causes(problem: Problem, unit: int, areas: dict[str, str]) -> tuple[list[Text], bool]:
    """For each form with others: how many full members all who could join have; whether some form would have enough."""
    need = problem.limits.min_full_members
    parts: list[Text] = []
    competing = False
    here = int(problem.territory[unit])
    if here >= 0:
        form = problem.territory_form(unit)
        name = areas.get(problem.territory_ids[here], problem.territory_ids[here])
        have = _members(problem, unit, problem.territory == here, form)
        enough = have >= need
        competing |= enough
        parts.append(
            Text(
                f"{name}内可联合的单位共有{have}名正式党员，需要{need}名",
                f"the units it could join in {name} have {have} full members, {need} are needed",
            )
        )
    else:
        parts.append(
            Text(
                f"园区、市场和村（社区）都待核，没有可联合的单位：正式党员{int(problem.t[unit])}名，需要{need}名",
                f"its park, market and village are not known, so nobody can join it: {int(problem.t[unit])} full members, {need} needed",
            )
        )
    for association in problem.associations.of(unit).tolist():
        fellows = np.array(
            [association in problem.associations.of(other) for other in range(problem.n)], dtype=np.bool_
        )
        have = _members(problem, unit, fellows, INDUSTRY)
        competing |= have >= need
        name = problem.association_ids[association]
        parts.append(
            Text(
                f"协会{name}内可联合的单位共有{have}名正式党员",
                f"those of association {name} have {have} full members",
            )
        )
    area = int(problem.work_area[unit])
    if area >= 0:
        leaders = np.flatnonzero(problem.can_lead & (problem.work_area == area))
        one = np.array([unit], dtype=np.int32)
        near = [host for host in leaders.tolist() if host != unit and led_by(problem, host, one)[0]]
        competing |= bool(near) and problem.allows(unit, LEADER)
    return parts, competing


def _members(problem: Problem, unit: int, among: np.ndarray, form: int) -> int:
    """Full members of the unit and of those that could be in one organization of this form with it."""
    if not problem.allows(unit, form):
        return int(problem.t[unit])
    able = among & (problem.t < problem.limits.min_full_members) & ((problem.allowed >> form & 1) == 1)
    able[unit] = True
    return int(problem.t[able].sum())


def _village_cause(problem: Problem, unit: int) -> Text:
    if problem.place[unit] < 0:
        return Text("村（社区）待核，无从挂靠", "its village is not known, so it cannot be affiliated")
    if not problem.covers(unit, VILLAGE):
        return Text("按规定挂靠村（社区）不算覆盖", "an affiliation with a village does not cover it")
    if not problem.policy_forms[unit] >> VILLAGE & 1:
        return Text("政策的村企联建条件不满足", "the policy's condition for an affiliation is not met")
    return Text("人工指定不允许挂靠村（社区）", "a pin keeps it from its village")


def _clauses(classes: list[str]) -> list[str]:
    known = {"has_members": "1.1", "staff_80": "1.2", "staff_50_revenue_500": "1.3"}
    return [known[each] for each in classes if each in known]
