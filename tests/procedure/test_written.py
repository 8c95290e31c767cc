"""A log as JSON and back: equal, and nothing else can be read as one."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from tests.procedure.town_office import (
    DEPUTY,
    EVIDENCE,
    FAILED,
    LEADER,
    MEMBER,
    MINUTES,
    OFFICE,
    SECRETARY,
    VOTE,
    attachment,
    august,
    joint,
    matter,
    number,
    plan,
    replied,
    requested,
    take,
    today,
)

from liangxin.procedure import (
    Answer,
    Case,
    CopyTo,
    Countersign,
    Delegate,
    HandOver,
    Kind,
    Remind,
    Return,
    Revise,
    TakeBack,
    Withdraw,
    apply,
    event_from_json,
    event_to_json,
    fold,
    matter_from_json,
    matter_to_json,
)


def through_json(case: Case) -> Case:
    """Written, sent through a JSON text, read back and folded."""
    written = [json.loads(json.dumps(event_to_json(event), ensure_ascii=False)) for event in case.history]
    return fold(case.id, map(event_from_json, written))


def test_a_long_log_comes_back_equal() -> None:
    """Every act once, with opinions, delegations, a failed and a good vote, and an annulment."""
    case = apply(requested(), Countersign(OFFICE, august(15), "请核"), SECRETARY, today(august(11)))
    case = apply(case, Answer(False, "缺一份承诺书"), OFFICE, today(august(11)))
    case = apply(case, Countersign(OFFICE, august(15), "再核"), SECRETARY, today(august(11)))
    case = apply(case, TakeBack("office", "不必了"), SECRETARY, today(august(11)))
    case = apply(case, Return("request", "请补"), SECRETARY, today(august(11)))
    case = apply(case, Revise(joint()), LEADER, today(august(11)))
    case = apply(case, take("submit"), LEADER, today(august(11)))
    case = apply(case, Withdraw("再改"), LEADER, today(august(11)))
    case = apply(case, take("submit"), MEMBER, today(august(11)))
    case = apply(case, HandOver(DEPUTY, august(20), "出差"), SECRETARY, today(august(11)))
    case = apply(case, Delegate(SECRETARY, august(12), august(20)), DEPUTY, today(august(11)))
    case = apply(case, Remind(august(14), "请尽快"), LEADER, today(august(11)))
    case = apply(case, CopyTo((OFFICE, MEMBER)), LEADER, today(august(11)))
    case = apply(case, take("reply_elect", minutes=MINUTES, serial=number(44)), SECRETARY, today(august(12)))
    case = apply(case, take("vote_again", vote=FAILED, reason="未过半"), LEADER, today(august(13)))
    case = apply(
        case, take("report_result", vote=replace(VOTE, held_on=august(14))), LEADER, today(august(14))
    )
    case = apply(case, take("reply_result", serial=number(45)), SECRETARY, today(august(15)))
    case = apply(case, take("file", evidence=EVIDENCE), OFFICE, today(august(16)))
    case = apply(case, take("annul", reason="有误", serial=number(46)), SECRETARY, today(august(20)))
    assert case == through_json(case)
    assert 21 == case.version


@pytest.mark.parametrize(
    "about", [*map(matter, Kind), attachment(), plan(units=7)], ids=lambda about: about.title
)
def test_every_matter_comes_back_equal(about: object) -> None:
    """All operations on the tree, rosters with members to verify, and a plan's figures."""
    assert about == matter_from_json(json.loads(json.dumps(matter_to_json(about))))  # type: ignore[arg-type]


def test_an_old_log_reads_the_same_under_a_new_policy() -> None:
    """The time limit of the day is part of the event; nothing is counted again."""
    case = replied()
    assert case.due == through_json(case).due


@pytest.mark.parametrize(
    "written",
    [
        None,
        3,
        [],
        {"is": "Person", "id": "x", "name": "y"},
        {"is": "Path"},
        {"is": "Event", "number": 1},
        {"is": "Kind", "value": "nothing"},
        {"is": "date", "value": "2011-08-10"},
    ],
)
def test_what_is_not_an_event_is_refused(written: object) -> None:
    """Only the classes of this room are made; anything else is an error, never an object."""
    with pytest.raises(ValueError):
        event_from_json(written)  # type: ignore[arg-type]


def test_a_value_from_elsewhere_is_not_written() -> None:
    """A set in an act would be lost in JSON: refused when written, not noticed when read."""
    with pytest.raises(TypeError):
        event_to_json({1, 2})  # type: ignore[arg-type]


def test_a_log_out_of_order_is_refused() -> None:
    """A missing, repeated or first event that is none."""
    history = replied().history
    for wrong in (history[1:], (history[0], history[2]), (history[0], history[0])):
        with pytest.raises(ValueError):
            fold("c1", wrong)
