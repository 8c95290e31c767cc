"""Whose turn it is, and how it is said that it is somebody else's."""

from __future__ import annotations

from liangxin.findings import Finding
from liangxin.procedure.actor import Actor
from liangxin.procedure.case import Case
from liangxin.procedure.handling import handler, may_act
from liangxin.procedure.refusing import refusal
from liangxin.procedure.table import Step
from liangxin.procedure.today import Today
from liangxin.registry.access import ROLE_LABELS, TABLE, Action, Reach
from liangxin.wording import join


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


def in_hand(case: Case, actor: Actor, today: Today) -> list[Finding]:
    if case.closed:
        return [closed(case)]
    if handler(case, actor, today.day, today.standing) is not None:
        return []
    return [not_in_hand(case, actor)]


def not_in_hand(case: Case, actor: Actor) -> Finding:
    if case.assignment is not None and may_act(case, actor):
        return refusal(
            "handed_over",
            "这件事已转{name}办理",
            "this case was handed over to {name}",
            name=case.assignment.to.person.name,
        )
    assert case.step.action is not None, "a closed case is refused before"
    return not_allowed(case.step, case.step.action)


def closed(case: Case) -> Finding:
    return refusal("closed", "这件事已结束（{step}）", "this case is closed ({step})", step=case.step.label)


def words(words: str, field: str, zh: str, en: str) -> list[Finding]:
    return [] if words.strip() else [refusal("words", zh, en, field=field)]


def involved(case: Case, actor: Actor, today: Today) -> bool:
    had_it = any(event.by.person.id == actor.person.id for event in case.history)
    return had_it or handler(case, actor, today.day, today.standing) is not None
