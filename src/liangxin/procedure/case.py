"""A case: an append-only log of events, and what follows from it. Nothing in the log is changed or taken out.

An event keeps what was decided when it was written (where the case went, when that falls due), so an old log reads the
same whatever the policy says today.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from liangxin.procedure.actor import Actor, Delegation, Person
from liangxin.procedure.acts import (
    Act,
    Answer,
    CopyTo,
    Countersign,
    Delegate,
    HandOver,
    Remind,
    Revise,
    Start,
    Take,
    TakeBack,
)
from liangxin.procedure.deadlines import Due
from liangxin.procedure.election import Vote
from liangxin.procedure.founding import FOUNDING
from liangxin.procedure.matter import Matter
from liangxin.procedure.plan_approval import PLAN_APPROVAL
from liangxin.procedure.serial import Serial
from liangxin.procedure.table import Procedure, ProcedureId, Step

PROCEDURES: dict[ProcedureId, Procedure] = {"plan_approval": PLAN_APPROVAL, "founding": FOUNDING}


@dataclass(frozen=True, slots=True)
class Event:
    """One act. ``number``: the version of the case that it made; ``by``: who did it, with the roles held then.

    ``in_place_of``: for whom, where it was done under a delegation.

    ``step``: where the case stands afterwards, ``due``: when that step is due; both only where the act moved it.
    """

    number: int
    on: date
    by: Actor
    act: Act
    in_place_of: Person | None = None
    step: str | None = None
    due: Due | None = None


@dataclass(frozen=True, slots=True)
class Assignment:
    """转办: who has the case in hand, and by when."""

    to: Actor
    by: date


@dataclass(frozen=True, slots=True)
class Question:
    """加签 that waits for its answer. ``asked_by``: whose question it is."""

    to: Actor
    by: date
    question: str
    asked_by: Person


@dataclass(frozen=True, slots=True)
class CaseDays:
    """The days that the rules about organizations look at (``org_requested_on`` …); None: not come to that yet."""

    requested_on: date | None
    replied_on: date | None
    elected_on: date | None
    filed_on: date | None


@dataclass(frozen=True, slots=True)
class Case:
    """The state that follows from ``history``. ``version`` counts the events; ``since``: first day of the present step."""

    id: str
    procedure: Procedure
    matter: Matter
    initiator: Person
    step: Step
    version: int
    since: date
    due: Due | None = None
    assignment: Assignment | None = None
    delegations: tuple[Delegation, ...] = ()
    questions: tuple[Question, ...] = ()
    copies: tuple[Person, ...] = ()
    history: tuple[Event, ...] = ()

    @property
    def closed(self) -> bool:
        return self.step.final

    @property
    def decided(self) -> bool:
        """Has the organization spoken? Then the case is no longer withdrawn, only annulled."""
        return any(self.procedure.transitions[act.transition].decides for _, act in self.taken())

    def taken(self) -> tuple[tuple[Event, Take], ...]:
        """The transitions taken so far, in order."""
        return tuple((event, event.act) for event in self.history if isinstance(event.act, Take))

    def last(self, *transitions: str) -> tuple[Event, Take] | None:
        """The last time one of these transitions was taken."""
        found = [(event, act) for event, act in self.taken() if act.transition in transitions]
        return found[-1] if found else None

    @property
    def reply(self) -> tuple[Event, Take] | None:
        """The reply that changed the tree, if there is one."""
        return self.last(
            *(each.id for each in self.procedure.transitions.values() if each.effect == "perform")
        )

    @property
    def serials(self) -> tuple[tuple[str, Serial], ...]:
        """Kind of document and serial number, of every numbered document so far."""
        return tuple(
            (self.procedure.transitions[act.transition].paper, act.serial)
            for _, act in self.taken()
            if act.serial is not None
        )

    @property
    def vote(self) -> Vote | None:
        """The vote that was last reported."""
        votes = [act.vote for _, act in self.taken() if act.vote is not None]
        return votes[-1] if votes else None

    def day_of(self, event: Event) -> date:
        """The day that an event is of: of its document where it names one, else the day it was entered."""
        return event.act.on or event.on if isinstance(event.act, Take) else event.on

    @property
    def days(self) -> CaseDays:
        """Of the request that was replied to or is waiting, the reply, the election that filled the seats, the filing."""

        def on(found: tuple[Event, Take] | None) -> date | None:
            return self.day_of(found[0]) if found is not None else None

        reported = self.last("report_result") if self.step.id != "election" else None
        elected = reported[1].vote.held_on if reported is not None and reported[1].vote is not None else None
        requested = on(self.last("submit")) if self.step.id != self.procedure.first.id else None
        return CaseDays(requested, on(self.reply), elected, on(self.last("file")))

    def earlier_steps(self) -> tuple[Step, ...]:
        """The steps that the case can be returned to: been there, before this one, and nothing decided since."""
        reached: dict[str, None] = {self.procedure.first.id: None}
        for event in self.history:
            if isinstance(event.act, Take) and self.procedure.transitions[event.act.transition].decides:
                reached.clear()
            if event.step is not None:
                reached[event.step] = None
        here = self.procedure.order(self.step.id)
        return tuple(
            self.procedure.steps[id] for id in reached if self.procedure.order(id) < here and not self.closed
        )


def fold(id: str, events: Iterable[Event]) -> Case:
    """The case that follows from its log. The first event is its ``Start``; ValueError for any other log."""
    first, *rest = events
    if not isinstance(first.act, Start) or first.number != 1:
        raise ValueError(f"case {id}: the log does not begin with its start")
    table = PROCEDURES[first.act.procedure]
    case = Case(
        id, table, first.act.matter, first.by.person, table.first, 1, first.on, first.due, history=(first,)
    )
    for event in rest:
        case = after(case, event)
    return case


def after(case: Case, event: Event) -> Case:
    """The case with one more event. Whether the act was allowed is ``judging``'s to say, before it is written."""
    if event.number != case.version + 1:
        raise ValueError(f"case {case.id}: event {event.number} after version {case.version}")
    case = replace(case, version=event.number, history=(*case.history, event))
    match event.act:
        case Revise(matter):
            case = replace(case, matter=matter)
        case HandOver(to, by, _):
            case = replace(case, assignment=Assignment(to, by))
        case Delegate(to, since, until, _):
            delegation = Delegation(event.by, to.person, since, until)
            case = replace(case, delegations=(*case.delegations, delegation))
        case Countersign(to, by, question):
            asked = Question(to, by, question, event.in_place_of or event.by.person)
            case = replace(case, questions=(*case.questions, asked))
        case Answer():
            case = _without_question(case, (event.in_place_of or event.by.person).id)
        case TakeBack(person, _):
            case = _without_question(case, person)
        case CopyTo(to):
            known = {person.id for person in case.copies}
            new = tuple(each.person for each in to if each.person.id not in known)
            case = replace(case, copies=(*case.copies, *new))
        case Remind():
            pass
    if event.step is None:
        return case
    step = case.procedure.steps[event.step]
    return replace(case, step=step, since=case.day_of(event), due=event.due, assignment=None, questions=())


def _without_question(case: Case, person: str) -> Case:
    return replace(case, questions=tuple(each for each in case.questions if each.to.person.id != person))
