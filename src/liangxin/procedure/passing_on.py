"""Acts that give another person something to do or to see: 转办, 委托, 加签, 催办, 抄送. Each has a time limit of its own."""

from __future__ import annotations

from datetime import date
from typing import Final

from liangxin.findings import Finding
from liangxin.procedure.actor import Actor
from liangxin.procedure.acts import Answer, CopyTo, Countersign, Delegate, HandOver, Remind, TakeBack
from liangxin.procedure.case import Case
from liangxin.procedure.handling import asked, handler, has_in_hand, may_act
from liangxin.procedure.refusing import refusal
from liangxin.procedure.rights import closed, involved, not_allowed, not_in_hand, words
from liangxin.procedure.today import Today
from liangxin.registry.access import ROLE_LABELS, TABLE, Action, Reach
from liangxin.wording import join

_COLLECTIVE: Final = (Action.APPROVE, Action.DECIDE)
"""A body's word. It is delegated only to somebody who has it too."""


def judge_hand_over(case: Case, act: HandOver, actor: Actor, today: Today) -> list[Finding]:
    """Whoever has the right to the step may hand it over, also when it is with somebody else: nobody can block it."""
    if case.closed:
        return [closed(case)]
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


def judge_delegate(case: Case, act: Delegate, actor: Actor, today: Today) -> list[Finding]:
    if case.closed:
        return [closed(case)]
    findings: list[Finding] = []
    if not has_in_hand(case, actor):
        findings.append(not_in_hand(case, actor))
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
    findings += _may_read(taker, task_group, "to")
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


def judge_countersign(case: Case, act: Countersign, actor: Actor, today: Today) -> list[Finding]:
    findings = words(act.question, "question", "加签要写明请对方看什么", "say what is asked")
    findings += _not_before(act.by, today, "by") + _may_read(act.to, case.matter.task_group, "to")
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


def judge_answer(case: Case, act: Answer, actor: Actor, today: Today) -> list[Finding]:
    findings = words(act.opinion, "opinion", "请写明意见", "say what your opinion is")
    if asked(case, actor, today.day, today.standing) is None:
        findings.append(
            refusal(
                "not_asked", "没有请您加签，或已经收回", "you were not asked, or the question was taken back"
            )
        )
    return findings


def judge_take_back(case: Case, act: TakeBack) -> list[Finding]:
    findings = words(act.reason, "reason", "收回加签要写明理由", "say why the question is taken back")
    if all(question.to.person.id != act.from_person for question in case.questions):
        findings.append(
            refusal("no_question", "没有这项加签", "there is no such question", field="from_person")
        )
    return findings


def judge_reminder(case: Case, act: Remind, actor: Actor, today: Today) -> list[Finding]:
    if case.closed:
        return [closed(case)]
    findings = _not_before(act.by, today, "by")
    if not involved(case, actor, today):
        findings.append(
            refusal("not_involved", "只有经办过的人可以催办", "only those who have had it in hand can remind")
        )
    return findings


def judge_copy_to(case: Case, act: CopyTo, actor: Actor, today: Today) -> list[Finding]:
    findings: list[Finding] = []
    if not act.to:
        findings.append(refusal("nobody", "没有写抄送给谁", "nobody is named", field="to"))
    if not involved(case, actor, today):
        findings.append(
            refusal(
                "not_involved", "只有经办过的人可以抄送", "only those who have had it in hand can send copies"
            )
        )
    for other in act.to:
        findings += _may_read(other, case.matter.task_group, "to")
    return findings


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


def _may_read(other: Actor, task_group: str, field: str) -> list[Finding]:
    """Only somebody who may read these units gets to see the case."""
    if other.may(Action.READ_UNITS, task_group):
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
