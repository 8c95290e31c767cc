"""待办, 已办, 抄送, 我发起的: whose list a case is on, how urgent it is there, and what can be approved together."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from tests.procedure.town_office import (
    COUNTY,
    DEPUTY,
    EVERYBODY,
    LEADER,
    LEADING,
    MEMBER,
    MINUTES,
    OFFICE,
    SECRETARY,
    august,
    joint,
    number,
    plan,
    policy,
    replied,
    requested,
    submitted,
    take,
    today,
)

from liangxin.procedure import (
    Actor,
    Answer,
    Case,
    CopyTo,
    Countersign,
    Delegation,
    HandOver,
    Remind,
    Urgency,
    alike,
    apply,
    copied,
    fold,
    handled,
    start,
    started,
    to_do,
    waiting,
)
from liangxin.registry.access import Action


def renumbered(case: Case, id: str) -> Case:
    return fold(id, case.history)


def all_cases() -> list[Case]:
    return [
        renumbered(start("x", "founding", joint(), LEADER, today()), "draft"),
        renumbered(requested(), "request"),
        renumbered(replied(), "replied"),
        renumbered(submitted(), "plan"),
    ]


@pytest.mark.clause("5.2")
@pytest.mark.parametrize(
    ("actor", "mine"),
    [
        (LEADER, {"draft", "replied"}),
        (MEMBER, {"draft"}),
        (OFFICE, {"draft", "replied"}),
        (LEADING, {"plan"}),
        (SECRETARY, {"request"}),
        (COUNTY, set()),
    ],
    ids=lambda value: value.person.id if isinstance(value, Actor) else "",
)
def test_each_has_what_waits_for_the_role(actor: Actor, mine: set[str]) -> None:
    """By the one table of permissions."""
    assert mine == {task.case.id for task in to_do(all_cases(), actor, august(12), policy())}


@pytest.mark.parametrize("case", all_cases(), ids=lambda case: case.id)
def test_what_a_list_can_be_searched_by(case: Case) -> None:
    """``waiting`` in columns gives the same list as asking case by case."""
    columns = waiting(case)
    assert columns.action is not None
    for actor in EVERYBODY:
        by_columns = actor.may(columns.action, columns.task_group)
        assert by_columns is bool(to_do([case], actor, august(12), policy())), actor.person.id


def test_the_most_urgent_first() -> None:
    """Overdue, due today, soon, in time, no limit; within one the earlier day."""
    day = date(2011, 9, 10)  # a month after the request
    cases = [
        renumbered(requested(), "due_today"),
        renumbered(
            apply(requested(), HandOver(SECRETARY, august(30)), SECRETARY, today(august(12))), "overdue"
        ),
        renumbered(apply(requested(), Remind(date(2011, 9, 12)), LEADER, today(august(12))), "reminded"),
    ]
    tasks = to_do(cases, SECRETARY, day, policy())
    assert [("overdue", Urgency.OVERDUE), ("due_today", Urgency.TODAY), ("reminded", Urgency.TODAY)] == [
        (task.case.id, task.urgency) for task in tasks
    ]
    assert [0, 0, 1] == [task.reminders for task in tasks]


def test_a_reminder_brings_the_day_forward() -> None:
    """The earliest of the limits is shown, with what it comes from; after the step has changed it is gone."""
    case = apply(requested(), Remind(august(15)), LEADER, today(august(12)))
    (task,) = to_do([case], SECRETARY, august(12), policy())
    assert (august(15), "催办时限", Urgency.SOON) == (
        task.due and task.due.on,
        task.due and task.due.counted.zh,
        task.urgency,
    )
    case = apply(case, take("reply_elect", minutes=MINUTES, serial=number(44)), SECRETARY, today(august(12)))
    (task,) = to_do([case], LEADER, august(12), policy())
    assert 0 == task.reminders


def test_an_opinion_is_the_task_of_whom_it_is_asked_of() -> None:
    """The one who asked has nothing to do until the answer; then the case is back."""
    case = apply(requested(), Countersign(OFFICE, august(14), "请核"), SECRETARY, today(august(11)))
    (task,) = to_do([case], OFFICE, august(12), policy())
    assert ("opinion", august(14)) == (task.what, task.due and task.due.on)
    assert () == to_do([case], SECRETARY, august(12), policy())
    case = apply(case, Answer(True, "属实"), OFFICE, today(august(12)))
    assert () == to_do([case], OFFICE, august(12), policy())
    assert 1 == len(to_do([case], SECRETARY, august(12), policy()))


def test_handed_over_and_stood_in_for() -> None:
    """Only with the one it was handed to, and with whoever stands in for that one, who sees for whom."""
    case = apply(requested(), HandOver(DEPUTY, august(20)), SECRETARY, today(august(11)))
    assert () == to_do([case], SECRETARY, august(12), policy())
    standing = [Delegation(DEPUTY, SECRETARY.person, august(12), august(13))]
    (task,) = to_do([case], SECRETARY, august(12), policy(), standing)
    assert DEPUTY.person == task.in_place_of
    assert () == to_do([case], SECRETARY, august(14), policy(), standing)


def test_a_closed_case_waits_for_nobody() -> None:
    """Nothing on anybody's list."""
    refuse = take("refuse", minutes=MINUTES, reason="不成熟")
    case = apply(requested(), refuse, SECRETARY, today(august(12)))
    assert all(() == to_do([case], actor, august(12), policy()) for actor in EVERYBODY)
    assert None is waiting(case).action


def test_handled_started_copied() -> None:
    """Begun is not handled; sent on is. A copy is on its own list."""
    cases = all_cases()
    assert {"draft", "request", "replied", "plan"} == {case.id for case in started(cases, LEADER)}
    assert ["request", "replied", "plan"] == sorted(
        (case.id for case in handled(cases, LEADER)), reverse=True
    )
    assert ["replied"] == [case.id for case in handled(cases, SECRETARY)]
    copy = apply(requested(), CopyTo((OFFICE,)), LEADER, today(august(11)))
    assert ([copy], []) == (list(copied([copy], OFFICE)), list(copied([copy], MEMBER)))


def test_like_items_are_approved_together() -> None:
    """Same procedure, step and kind; a request to approve and one to give an opinion are not alike."""
    cases = [renumbered(requested(), f"r{index}") for index in range(3)]
    cases.append(renumbered(requested(replace(joint(), title="另一份")), "r3"))
    tasks = to_do([*cases, renumbered(submitted(plan()), "p")], SECRETARY, august(12), policy())
    assert [["r0", "r1", "r2", "r3"]] == [[task.case.id for task in group] for group in alike(tasks)]
    asked = apply(requested(), Countersign(DEPUTY, august(14), "请核"), SECRETARY, today(august(11)))
    assert () == alike(to_do([asked], DEPUTY, august(12), policy()))
    assert Action.DECIDE is cases[0].step.action
