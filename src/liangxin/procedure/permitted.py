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
from liangxin.procedure.handling import taker
from liangxin.procedure.needs import judge_matter, judge_needs
from liangxin.procedure.passing_on import (
    judge_answer,
    judge_copy_to,
    judge_countersign,
    judge_delegate,
    judge_hand_over,
    judge_reminder,
    judge_take_back,
)
from liangxin.procedure.refusing import refusal
from liangxin.procedure.rights import closed, in_hand, not_allowed, not_in_hand, words
from liangxin.procedure.table import GUARD_LABELS
from liangxin.procedure.today import Today
from liangxin.wording import join


def judge_act(case: Case, act: Act, actor: Actor, today: Today) -> list[Finding]:
    """Every reason against the act; the version and the day have been looked at already."""
    match act:
        case Start():
            return [refusal("started", "这件事已经发起", "this case has begun already")]
        case Take():
            return _take(case, act, actor, today)
        case Return():
            return in_hand(case, actor, today) + _return(case, act)
        case Revise():
            return in_hand(case, actor, today) + _revise(case, act)
        case Withdraw():
            return _withdraw(case, act, actor, today)
        case HandOver():
            return judge_hand_over(case, act, actor, today)
        case Delegate():
            return judge_delegate(case, act, actor, today)
        case Countersign():
            return in_hand(case, actor, today) + judge_countersign(case, act, actor, today)
        case Answer():
            return judge_answer(case, act, actor, today)
        case TakeBack():
            return in_hand(case, actor, today) + judge_take_back(case, act)
        case Remind():
            return judge_reminder(case, act, actor, today)
        case CopyTo():
            return judge_copy_to(case, act, actor, today)


def _take(case: Case, act: Take, actor: Actor, today: Today) -> list[Finding]:
    way = case.procedure.transitions.get(act.transition)
    if way is None or case.step.id not in way.sources:
        return [_no_such_way(case, act, today)]
    findings: list[Finding] = []
    if taker(case, way, actor, today.day, today.standing) is None:
        own = way.action is case.step.action
        findings.append(not_in_hand(case, actor) if own else not_allowed(case.step, way.action))
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
    findings = words(act.reason, "reason", "退回要写明理由", "say why it goes back")
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
        return [closed(case)]
    findings = words(act.reason, "reason", "撤回要写明理由", "say why it is taken back")
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
                "已经批准或批复，不能撤回；需要时另行发文废止",
                "it is approved or replied to and cannot be taken back; annul it by a later document",
            )
        )
    return findings
