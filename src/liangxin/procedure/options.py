"""What somebody can do with a case now: the ways on with what each needs, and the other acts. For pages, before the button."""

from __future__ import annotations

from dataclasses import dataclass

from liangxin.procedure.actor import Actor
from liangxin.procedure.case import Case
from liangxin.procedure.guards import meets
from liangxin.procedure.handling import asked, handler, has_in_hand, may_act, taker
from liangxin.procedure.table import Step, Transition
from liangxin.procedure.today import Today


@dataclass(frozen=True, slots=True)
class Options:
    """``ways``: transitions this person may take. ``returns``: steps to return to; empty where it cannot be returned."""

    ways: tuple[Transition, ...]
    returns: tuple[Step, ...]
    revise: bool
    withdraw: bool
    hand_over: bool
    delegate: bool
    countersign: bool
    answer: bool
    remind: bool
    copy_to: bool


def options(case: Case, actor: Actor, today: Today) -> Options:
    """What is open to this person by right and by step. Whether all that is needed is there, ``judge`` says.

    No way is open while the case waits for an opinion (加签).
    """
    in_hand = not case.closed and handler(case, actor, today.day, today.standing) is not None
    own = not case.closed and may_act(case, actor)
    involved = in_hand or any(event.by.person.id == actor.person.id for event in case.history)
    ways = tuple(
        way
        for way in case.procedure.from_step(case.step.id)
        if not case.questions
        and meets(way.guard, case.matter, today.policy)
        and taker(case, way, actor, today.day, today.standing) is not None
    )
    first = case.step.id == case.procedure.first.id
    initiator = actor.person.id == case.initiator.id
    return Options(
        ways=ways,
        returns=case.earlier_steps() if in_hand else (),
        revise=in_hand and first,
        withdraw=initiator and not first and not case.closed and not case.decided,
        hand_over=own or in_hand,
        delegate=own and has_in_hand(case, actor),
        countersign=in_hand,
        answer=asked(case, actor, today.day, today.standing) is not None,
        remind=involved and not case.closed,
        copy_to=involved,
    )
