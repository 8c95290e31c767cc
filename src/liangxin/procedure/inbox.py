"""待办, 已办, 抄送, 我发起的: four lists of cases for one person, and cases that can be approved together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from liangxin.policy.model import Policy
from liangxin.procedure.actor import Actor, Delegation, Person
from liangxin.procedure.acts import Remind, Start
from liangxin.procedure.case import Case
from liangxin.procedure.deadlines import Due, Urgency, urgency
from liangxin.procedure.handling import asked, handler
from liangxin.wording import Text


@dataclass(frozen=True, slots=True)
class Task:
    """待办: a case that waits for this person, to handle it or to give an opinion. ``in_place_of``: under a delegation.

    ``due``: the earliest of the step's time limit, the one given with 转办 or 加签, and those asked for in 催办.
    """

    case: Case
    what: Literal["handle", "opinion"]
    due: Due | None
    urgency: Urgency
    reminders: int
    in_place_of: Person | None = None


def to_do(
    cases: Iterable[Case], actor: Actor, today: date, policy: Policy, standing: Iterable[Delegation] = ()
) -> tuple[Task, ...]:
    """待办, the most urgent first. A case whose handler waits for somebody's opinion is that somebody's task."""
    delegations = tuple(standing)
    tasks: list[Task] = []
    for case in cases:
        question = asked(case, actor, today, delegations)
        if question is not None:
            given = Due(question[0].by, Text("加签时限", "time limit given with the question"))
            tasks.append(_task(case, "opinion", given, today, policy, question[1].in_place_of))
            continue
        mine = handler(case, actor, today, delegations)
        if mine is not None and not case.questions:
            tasks.append(_task(case, "handle", earliest(case), today, policy, mine.in_place_of))
    urgencies = list(Urgency)
    return tuple(
        sorted(
            tasks,
            key=lambda task: (
                urgencies.index(task.urgency),
                task.due.on if task.due is not None else date.max,
                task.case.since,
                task.case.id,
            ),
        )
    )


def _task(
    case: Case,
    what: Literal["handle", "opinion"],
    due: Due | None,
    today: date,
    policy: Policy,
    in_place_of: Person | None,
) -> Task:
    return Task(case, what, due, urgency(due, today, policy), len(_reminders(case)), in_place_of)


def earliest(case: Case) -> Due | None:
    """The earliest time limit of whoever has the case in hand: the step's, that of 转办, those of 催办."""
    limits = [case.due] if case.due is not None else []
    if case.assignment is not None:
        limits.append(Due(case.assignment.by, Text("转办时限", "time limit given when it was handed over")))
    limits += [
        Due(act.by, Text("催办时限", "time limit asked for in a reminder")) for act in _reminders(case)
    ]
    return min(limits, key=lambda due: due.on, default=None)


def _reminders(case: Case) -> list[Remind]:
    """催办 since the case came to its present step."""
    found: list[Remind] = []
    for event in case.history:
        if event.step is not None:
            found = []
        if isinstance(event.act, Remind):
            found.append(event.act)
    return found


def handled(cases: Iterable[Case], actor: Actor) -> tuple[Case, ...]:
    """已办: cases in which this person has done something other than begin them, the latest first."""
    mine = [
        (max(numbers), case)
        for case in cases
        if (
            numbers := [
                event.on
                for event in case.history
                if event.by.person.id == actor.person.id and not isinstance(event.act, Start)
            ]
        )
    ]
    return tuple(case for _, case in sorted(mine, key=lambda each: (each[0], each[1].id), reverse=True))


def copied(cases: Iterable[Case], actor: Actor) -> tuple[Case, ...]:
    """抄送: cases of which this person got a copy, in the order given."""
    return tuple(case for case in cases if any(each.id == actor.person.id for each in case.copies))


def started(cases: Iterable[Case], actor: Actor) -> tuple[Case, ...]:
    """我发起的: cases that this person began, in the order given."""
    return tuple(case for case in cases if case.initiator.id == actor.person.id)


def alike(tasks: Iterable[Task]) -> tuple[tuple[Task, ...], ...]:
    """Tasks that can be done together: same procedure, step and kind of matter. Each is still judged by itself."""
    groups: dict[tuple[str, str, str], list[Task]] = {}
    for task in tasks:
        if task.what == "handle":
            key = (task.case.procedure.id, task.case.step.id, task.case.matter.kind.value)
            groups.setdefault(key, []).append(task)
    return tuple(tuple(group) for group in groups.values())
