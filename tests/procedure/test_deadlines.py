"""Time limits by the policy: what is counted, from when, by which source, and how near they are."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from tests.procedure.town_office import policy

from liangxin.policy.model import ProcedureRules
from liangxin.procedure import Due, Urgency, due_after, time_left, urgency
from liangxin.wording import Text


@pytest.mark.clause("5.2")
@pytest.mark.parametrize(
    ("term", "start", "due", "counted"),
    [
        ("reply", date(2011, 8, 10), date(2011, 9, 10), "自2011-08-10起1个月（一个月内批复）"),
        ("reply", date(2011, 8, 31), date(2011, 9, 30), "自2011-08-31起1个月（一个月内批复）"),
        ("approval", date(2011, 9, 29), date(2011, 10, 9), "自2011-09-29起3个工作日"),
        ("carrying_out", date(2011, 8, 10), date(2011, 9, 9), "自2011-08-10起30天"),
    ],
)
def test_each_counts_in_its_own_unit(term: str, start: date, due: date, counted: str) -> None:
    """Months, working days over the National Day week, and days of the calendar; the source is said."""
    found = due_after(policy(), term, start)
    assert found is not None and due == found.on
    assert found.counted.zh.startswith(counted)


def test_unpublished_holidays_are_said() -> None:
    """The sentence names the year, so that somebody looks again."""
    found = due_after(policy(), "filing", date(2027, 1, 4))
    assert found is not None and "2027年放假安排尚未公布" in found.counted.zh
    assert "the holidays of 2027 are not published" in found.counted.en


def test_a_policy_without_limits_sets_none() -> None:
    """No limit is made up."""
    assert None is due_after(replace(policy(), procedure=ProcedureRules()), "reply", date(2011, 8, 10))


@pytest.mark.parametrize(
    ("day", "how", "zh", "en"),
    [
        (date(2011, 8, 31), Urgency.OVERDUE, "超期1天", "overdue by 1 day"),
        (date(2011, 8, 30), Urgency.TODAY, "今天到期", "due today"),
        (date(2011, 8, 29), Urgency.SOON, "还有1天", "1 day left"),
        (date(2011, 8, 27), Urgency.SOON, "还有3天", "3 days left"),
        (date(2011, 8, 26), Urgency.IN_TIME, "还有4天", "4 days left"),
    ],
)
def test_how_near(day: date, how: Urgency, zh: str, en: str) -> None:
    """A colour is never without its word."""
    due = Due(date(2011, 8, 30), Text("", ""))
    assert how is urgency(due, day, policy())
    assert (zh, en) == (time_left(due, day).zh, time_left(due, day).en)


def test_without_a_limit() -> None:
    """A draft has no day it is due."""
    assert Urgency.NO_LIMIT is urgency(None, date(2011, 8, 10), policy())
    assert "无期限" == time_left(None, date(2011, 8, 10)).zh
