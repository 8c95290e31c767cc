"""Each act, and every reason against it: who may do it, when, and what it must say."""

from __future__ import annotations

from datetime import date

from liangxin.findings import Finding
from liangxin.procedure.actor import Actor
from liangxin.procedure.acts import (
    Act,
    Answer,
    CopyTo,
    Countersign,
    Delegate,
    HandOver,
    Remind,
    Return,
    Revise,
    Start,
    Take,
    TakeBack,
    Withdraw,
)
from liangxin.procedure.case import Case
from liangxin.procedure.guards import meets
from liangxin.procedure.handling import asked, handler, has_in_hand, may_act, taker
from liangxin.procedure.needs import judge_matter, judge_needs
from liangxin.procedure.refusing import refusal
from liangxin.procedure.table import GUARD_LABELS, Step
from liangxin.procedure.today import Today
from liangxin.registry.access import ROLE_LABELS, TABLE, Action, Reach
from liangxin.wording import join

_COLLECTIVE = (Action.APPROVE, Action.DECIDE)
"""A body's word. It is delegated only to somebody who has it too."""


def judge_act(case: Case, act: Act, actor: Actor, today: Today) -> list[Finding]:
    """Every reason against the act; the version and the day have been looked at already."""
    match act:
        case Start():
            return [refusal("started", "这件事已经发起", "this case has begun already")]
        case Take():
            return _take(case, act, actor, today)
        case Return():
            return _in_hand(case, actor, today) + _return(case, act)
        case Revise():
            return _in_hand(case, actor, today) + _revise(case, act)
        case Withdraw():
            return _withdraw(case, act, actor, today)
        case HandOver():
            return _hand_over(case, act, actor, today)
        case Delegate():
            return _delegate(case, act, actor, today)
        case Countersign():
            return _in_hand(case, actor, today) + _countersign(case, act, actor, today)
        case Answer():
            return _answer(case, act, actor, today)
        case TakeBack():
            return _in_hand(case, actor, today) + _take_back(case, act)
        case Remind():
            return _remind(case, act, actor, today)
        case CopyTo():
            return _copy_to(case, act, actor, today)


def not_allowed(step: Step, action: Action) -> Finding:
    """Whose step this is, by the one table of permissions."""
    roles = [ROLE_LABELS[role] for role, row in TABLE.items() if row[action] is not Reach.NONE]
    return refusal(
        "not_allowed",
        "“{step}”由{roles}办理，您没有这项权限",
        "“{step}” is for {roles}; you do not have this right",
        step=step.label,
        roles=join(roles, "、", ", "),
    )


def _in_hand(case: Case, actor: Actor, today: Today) -> list[Finding]:
    if case.closed:
        return [_closed(case)]
    if handler(case, actor, today.day, today.standing) is not None:
        return []
    return [_not_in_hand(case, actor)]


def _not_in_hand(case: Case, actor: Actor) -> Finding:
    if case.assignment is not None and may_act(case, actor):
        return refusal(
            "handed_over",
            "这件事已转{name}办理",
            "this case was handed over to {name}",
            name=case.assignment.to.person.name,
        )
    assert case.step.action is not None, "a closed case is refused before"
    return not_allowed(case.step, case.step.action)


def _closed(case: Case) -> Finding:
    return refusal("closed", "这件事已结束（{step}）", "this case is closed ({step})", step=case.step.label)


def _words(words: str, field: str, zh: str, en: str) -> list[Finding]:
    return [] if words.strip() else [refusal("words", zh, en, field=field)]


def _not_before(day: date, today: Today, field: str) -> list[Finding]:
    if day >= today.day:
        return []
    return [
        refusal(
            "past",
            "时限{day}已经过去",
            "the time limit {day} has passed",
            field=field,
            day=day.isoformat(),
        )
    ]


def _may_read(case: Case, other: Actor, field: str) -> list[Finding]:
    """Only somebody who may read these units gets to see the case."""
    if other.may(Action.READ_UNITS, case.matter.task_group):
        return []
    return [
        refusal(
            "may_not_read",
            "{name}没有查看这些单位的权限",
            "{name} has no right to read these units",
            field=field,
            name=other.person.name,
        )
    ]


def _take(case: Case, act: Take, actor: Actor, today: Today) -> list[Finding]:
    way = case.procedure.transitions.get(act.transition)
    if way is None or case.step.id not in way.sources:
        return [_no_such_way(case, act, today)]
    findings: list[Finding] = []
    if taker(case, way, actor, today.day, today.standing) is None:
        own = way.action is case.step.action
        findings.append(_not_in_hand(case, actor) if own else not_allowed(case.step, way.action))
    if way.guard is not None and not meets(way.guard, case.matter, today.policy):
        findings.append(
            refusal(
                "guard",
                "“{way}”只用于{guard}的事项",
                "“{way}” is for {guard}",
                way=way.label,
                guard=GUARD_LABELS[way.guard],
            )
        )
    findings += [
        refusal(
            "waits_for_opinion",
            "还在等{name}的加签意见（{by}前）；可以先收回加签",
            "waiting for the opinion of {name} (by {by}); the question can be taken back",
            name=question.to.person.name,
            by=question.by.isoformat(),
        )
        for question in case.questions
    ]
    day = act.on or today.day
    findings += _document_day(case, day, today)
    findings += judge_needs(case, way, act, day, today.policy, today.register, today.tree)
    return findings


def _document_day(case: Case, day: date, today: Today) -> list[Finding]:
    if case.since <= day <= today.day:
        return []
    return [
        refusal(
            "document_day",
            "文件日期{day}应在{since}至{today}之间",
            "the document's day {day} is to be between {since} and {today}",
            field="on",
            day=day.isoformat(),
            since=case.since.isoformat(),
            today=today.day.isoformat(),
        )
    ]


def _no_such_way(case: Case, act: Take, today: Today) -> Finding:
    ways = [
        way for way in case.procedure.from_step(case.step.id) if meets(way.guard, case.matter, today.policy)
    ]
    known = case.procedure.transitions.get(act.transition)
    return refusal(
        "no_such_way",
        "现在是“{step}”，不能办理“{way}”",
        "the case stands at “{step}”; “{way}” cannot be done there",
        step=case.step.label,
        way=known.label if known is not None else act.transition,
        accepted=join([way.label for way in ways], "、", ", ") if ways else None,
    )


def _return(case: Case, act: Return) -> list[Finding]:
    findings = _words(act.reason, "reason", "退回要写明理由", "say why it goes back")
    if act.step not in [step.id for step in case.earlier_steps()]:
        accepted = [step.label for step in case.earlier_steps()]
        known = case.procedure.steps.get(act.step)
        findings.append(
            refusal(
                "no_return",
                "不能退回到“{step}”：只能退回经过的步骤，批准或批复以后不再退回",
                "it cannot go back to “{step}”: only to steps it has passed, and not to before an approval or reply",
                field="step",
                step=known.label if known is not None else act.step,
                accepted=join(accepted, "、", ", ") if accepted else None,
            )
        )
    return findings


def _revise(case: Case, act: Revise) -> list[Finding]:
    findings = list(judge_matter(act.matter))
    if case.step.id != case.procedure.first.id:
        findings.append(
            refusal(
                "not_first_step",
                "只有在“{step}”这一步才能修改内容，请先退回",
                "the matter is changed at “{step}” only; return the case first",
                step=case.procedure.first.label,
            )
        )
    if (act.matter.kind, act.matter.task_group) != (case.matter.kind, case.matter.task_group):
        findings.append(
            refusal(
                "another_matter",
                "不能改为另一类事项或另一个推进组的事项，请另行发起",
                "it cannot become another kind of matter or another group's; begin a new case",
            )
        )
    return findings


def _withdraw(case: Case, act: Withdraw, actor: Actor, today: Today) -> list[Finding]:
    if case.closed:
        return [_closed(case)]
    findings = _words(act.reason, "reason", "撤回要写明理由", "say why it is taken back")
    if actor.person.id != case.initiator.id:
        findings.append(
            refusal(
                "not_initiator",
                "只有发起人{name}可以撤回",
                "only {name}, who began it, can take it back",
                name=case.initiator.name,
            )
        )
    if case.step.id == case.procedure.first.id:
        findings.append(
            refusal(
                "not_sent", "还没有报出，不用撤回", "it has not been sent yet; there is nothing to take back"
            )
        )
    elif case.decided:
        findings.append(
            refusal(
                "decided",
                "已经批准或批复，不能撤回；需要时另行发文撤销",
                "it is approved or replied to and cannot be taken back; annul it by a later document",
            )
        )
    return findings


def _hand_over(case: Case, act: HandOver, actor: Actor, today: Today) -> list[Finding]:
    """Whoever has the right to the step may hand it over, also when it is with somebody else: nobody can block it."""
    if case.closed:
        return [_closed(case)]
    assert case.step.action is not None
    findings = _not_before(act.by, today, "by")
    if not may_act(case, actor) and handler(case, actor, today.day, today.standing) is None:
        findings.append(not_allowed(case.step, case.step.action))
    if not act.to.may(case.step.action, case.matter.task_group):
        findings.append(
            refusal(
                "may_not_handle",
                "{name}没有办理“{step}”的权限",
                "{name} has no right to “{step}”",
                field="to",
                name=act.to.person.name,
                step=case.step.label,
            )
        )
    if case.assignment is not None and case.assignment.to.person.id == act.to.person.id:
        findings.append(
            refusal(
                "already_with",
                "已经在{name}手里",
                "it is with {name} already",
                field="to",
                name=act.to.person.name,
            )
        )
    return findings


def _delegate(case: Case, act: Delegate, actor: Actor, today: Today) -> list[Finding]:
    if case.closed:
        return [_closed(case)]
    findings: list[Finding] = []
    if not has_in_hand(case, actor):
        findings.append(_not_in_hand(case, actor))
    return findings + judge_delegation(actor, act.to, act.since, act.until, today.day, case.matter.task_group)


def judge_delegation(
    giver: Actor, taker: Actor, since: date, until: date, today: date, task_group: str
) -> list[Finding]:
    """委托, on one case or for all of them: days, persons, and that a body's word stays in the body."""
    findings: list[Finding] = []
    if not today <= since <= until:
        findings.append(
            refusal(
                "delegation_days",
                "委托要写从今天或以后的哪天起、到哪天止：{since}至{until}",
                "a delegation runs from today or later to a day after that: {since} to {until}",
                field="since",
                since=since.isoformat(),
                until=until.isoformat(),
            )
        )
    if taker.person.id == giver.person.id:
        findings.append(refusal("to_oneself", "不能委托自己", "nobody delegates to oneself", field="to"))
    if not taker.may(Action.READ_UNITS, task_group):
        findings.append(
            refusal(
                "may_not_read",
                "{name}没有查看这些单位的权限",
                "{name} has no right to read these units",
                field="to",
                name=taker.person.name,
            )
        )
    for action in _COLLECTIVE:
        if giver.may(action, task_group) and not taker.may(action, task_group):
            roles = [ROLE_LABELS[role] for role, row in TABLE.items() if row[action] is not Reach.NONE]
            findings.append(
                refusal(
                    "collective",
                    "集体审批只能委托给同样有这项权限的人（{roles}）",
                    "the word of a body is delegated only to somebody who has it too ({roles})",
                    field="to",
                    roles=join(roles, "、", ", "),
                )
            )
    return findings


def _countersign(case: Case, act: Countersign, actor: Actor, today: Today) -> list[Finding]:
    findings = _words(act.question, "question", "加签要写明请对方看什么", "say what is asked")
    findings += _not_before(act.by, today, "by") + _may_read(case, act.to, "to")
    if act.to.person.id == actor.person.id:
        findings.append(refusal("to_oneself", "不能请自己加签", "nobody asks oneself", field="to"))
    if any(question.to.person.id == act.to.person.id for question in case.questions):
        findings.append(
            refusal(
                "asked_already",
                "已经请{name}加签",
                "{name} has been asked already",
                field="to",
                name=act.to.person.name,
            )
        )
    return findings


def _answer(case: Case, act: Answer, actor: Actor, today: Today) -> list[Finding]:
    findings = _words(act.opinion, "opinion", "请写明意见", "say what your opinion is")
    if asked(case, actor, today.day, today.standing) is None:
        findings.append(
            refusal(
                "not_asked", "没有请您加签，或已经收回", "you were not asked, or the question was taken back"
            )
        )
    return findings


def _take_back(case: Case, act: TakeBack) -> list[Finding]:
    findings = _words(act.reason, "reason", "收回加签要写明理由", "say why the question is taken back")
    if all(question.to.person.id != act.from_person for question in case.questions):
        findings.append(
            refusal("no_question", "没有这项加签", "there is no such question", field="from_person")
        )
    return findings


def _involved(case: Case, actor: Actor, today: Today) -> bool:
    had_it = any(event.by.person.id == actor.person.id for event in case.history)
    return had_it or handler(case, actor, today.day, today.standing) is not None


def _remind(case: Case, act: Remind, actor: Actor, today: Today) -> list[Finding]:
    if case.closed:
        return [_closed(case)]
    findings = _not_before(act.by, today, "by")
    if not _involved(case, actor, today):
        findings.append(
            refusal("not_involved", "只有经办过的人可以催办", "only those who have had it in hand can remind")
        )
    return findings


def _copy_to(case: Case, act: CopyTo, actor: Actor, today: Today) -> list[Finding]:
    findings: list[Finding] = []
    if not act.to:
        findings.append(refusal("nobody", "没有写抄送给谁", "nobody is named", field="to"))
    if not _involved(case, actor, today):
        findings.append(
            refusal(
                "not_involved", "只有经办过的人可以抄送", "only those who have had it in hand can send copies"
            )
        )
    for other in act.to:
        findings += _may_read(case, other, "to")
    return findings
