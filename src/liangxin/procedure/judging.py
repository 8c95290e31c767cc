"""May this act be done, and what follows: every reason against it at once, in both languages, or the case one event on."""

from __future__ import annotations

from liangxin.findings import Finding, InputError
from liangxin.procedure.actor import Actor
from liangxin.procedure.acts import Act, Answer, Return, Start, Take, Withdraw
from liangxin.procedure.case import PROCEDURES, Case, Event, after, fold
from liangxin.procedure.deadlines import due_after
from liangxin.procedure.handling import Capacity, asked, handler, taker
from liangxin.procedure.matter import Kind, Matter
from liangxin.procedure.needs import judge_matter
from liangxin.procedure.permitted import judge_act
from liangxin.procedure.refusing import refusal
from liangxin.procedure.rights import not_allowed
from liangxin.procedure.table import ProcedureId, Step
from liangxin.procedure.today import Today


def start(case_id: str, procedure: ProcedureId, matter: Matter, actor: Actor, today: Today) -> Case:
    """发起: a new case at its first step. ``InputError`` with every reason where it cannot be."""
    findings = judge_start(procedure, matter, actor)
    if findings:
        raise InputError(findings)
    first = PROCEDURES[procedure].first
    due = due_after(today.policy, first.term, today.day) if first.term else None
    return fold(case_id, [Event(1, today.day, actor, Start(procedure, matter), due=due)])


def judge_start(procedure: ProcedureId, matter: Matter, actor: Actor) -> tuple[Finding, ...]:
    """Every reason why this person cannot begin such a case."""
    table = PROCEDURES[procedure]
    findings = list(judge_matter(matter))
    if (matter.kind is Kind.PLAN) != (procedure == "plan_approval"):
        findings.append(
            refusal(
                "wrong_procedure",
                "“{kind}”不走“{procedure}”程序",
                "“{kind}” does not go through “{procedure}”",
                kind=matter.kind.label,
                procedure=table.label,
            )
        )
    action = table.first.action
    if action is not None and not actor.may(action, matter.task_group):
        findings.append(not_allowed(table.first, action))
    return tuple(findings)


def judge(
    case: Case, act: Act, actor: Actor, today: Today, *, version: int | None = None
) -> tuple[Finding, ...]:
    """Every reason why this person cannot do this now; nothing where it can be done.

    ``version``: the one that the person had on the screen; where another came first, who and when is said and nothing else.
    """
    if version is not None and version != case.version:
        return (_overtaken(case),)
    if today.day < case.history[-1].on:
        return (
            refusal(
                "earlier",
                "日期{day}早于上一步的{last}",
                "{day} is before the last act, of {last}",
                day=today.day.isoformat(),
                last=case.history[-1].on.isoformat(),
            ),
        )
    return tuple(judge_act(case, act, actor, today))


def apply(case: Case, act: Act, actor: Actor, today: Today, *, version: int | None = None) -> Case:
    """The case with the act done; its last event is what is to be stored. ``InputError`` with every reason, or all of it."""
    findings = judge(case, act, actor, today, version=version)
    if findings:
        raise InputError(findings)
    place = _capacity(case, act, actor, today)
    step = _target(case, act)
    due = None
    if step is not None and step.term:
        counted_from = act.on if isinstance(act, Take) and act.on is not None else today.day
        due = due_after(today.policy, step.term, counted_from)
    return after(
        case,
        Event(
            case.version + 1,
            today.day,
            actor,
            act,
            place.in_place_of if place is not None else None,
            step.id if step is not None else None,
            due,
        ),
    )


def _target(case: Case, act: Act) -> Step | None:
    match act:
        case Take():
            return case.procedure.steps[case.procedure.transitions[act.transition].target]
        case Return(step, _):
            return case.procedure.steps[step]
        case Withdraw():
            return case.procedure.first
        case _:
            return None


def _capacity(case: Case, act: Act, actor: Actor, today: Today) -> Capacity | None:
    """As whom the act is done, for the log."""
    match act:
        case Take():
            way = case.procedure.transitions[act.transition]
            return taker(case, way, actor, today.day, today.standing)
        case Answer():
            found = asked(case, actor, today.day, today.standing)
            return found[1] if found is not None else None
        case _:
            return handler(case, actor, today.day, today.standing)


def _overtaken(case: Case) -> Finding:
    last = case.history[-1]
    return refusal(
        "overtaken",
        "{name}已于{day}先办了（现在是“{step}”），请重新打开再看",
        "{name} was first, on {day} (it now stands at “{step}”); open it again",
        name=last.by.person.name,
        day=last.on.isoformat(),
        step=case.step.label,
    )
