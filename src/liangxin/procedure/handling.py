"""Who has a case in hand: by the role that its step asks for, or by name after 转办, and whom it waits for (加签)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from liangxin.procedure.actor import Actor, Delegation, Person, capacities
from liangxin.procedure.case import Case, Question
from liangxin.procedure.table import Transition
from liangxin.registry.access import Action


@dataclass(frozen=True, slots=True)
class Capacity:
    """As whom somebody acts. ``in_place_of``: the giver of the delegation, None where in one's own right."""

    actor: Actor
    in_place_of: Person | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """Whom a case waits for, as a list can store and search it: a role's action over a group's units, or persons by id.

    ``action`` None: closed. ``person``: handed over to that one. ``asked``: those whose opinion it waits for first.
    """

    action: Action | None
    task_group: str
    person: str | None
    asked: tuple[str, ...]


def waiting(case: Case) -> Waiting:
    """Whom the case waits for now."""
    person = case.assignment.to.person.id if case.assignment is not None else None
    asked = tuple(each.to.person.id for each in case.questions)
    return Waiting(case.step.action, case.matter.task_group, person, asked)


def may_act(case: Case, actor: Actor) -> bool:
    """Do the roles of this person (without delegations) reach the present step?"""
    return case.step.action is not None and actor.may(case.step.action, case.matter.task_group)


def has_in_hand(case: Case, actor: Actor) -> bool:
    """May this person go on with the case: the role reaches it, and it was not handed over to somebody else."""
    given = case.assignment is not None and case.assignment.to.person.id != actor.person.id
    return may_act(case, actor) and not given


def handler(case: Case, actor: Actor, today: date, standing: Iterable[Delegation] = ()) -> Capacity | None:
    """As whom this person may go on with the case today; None: not at all.

    ``standing``: delegations that hold for all of the giver's cases; those of this case come from its log.
    """
    for acting, place in _capacities(case, actor, today, standing):
        if has_in_hand(case, acting):
            return Capacity(acting, place)
    return None


def taker(
    case: Case, transition: Transition, actor: Actor, today: date, standing: Iterable[Delegation] = ()
) -> Capacity | None:
    """As whom this person may take the transition today; annulling asks for another right than the step itself."""
    for acting, place in _capacities(case, actor, today, standing):
        own_step = transition.action is case.step.action
        if has_in_hand(case, acting) if own_step else acting.may(transition.action, case.matter.task_group):
            return Capacity(acting, place)
    return None


def asked(
    case: Case, actor: Actor, today: date, standing: Iterable[Delegation] = ()
) -> tuple[Question, Capacity] | None:
    """The open 加签 question that this person may answer today."""
    for acting, place in _capacities(case, actor, today, standing):
        for question in case.questions:
            if question.to.person.id == acting.person.id:
                return question, Capacity(acting, place)
    return None


def _capacities(
    case: Case, actor: Actor, today: date, standing: Iterable[Delegation]
) -> Iterable[tuple[Actor, Person | None]]:
    return capacities(actor, (*case.delegations, *standing), today)
