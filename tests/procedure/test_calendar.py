"""Working days of China: the holidays of 2011 and others, weekends worked for them, and years not yet published."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liangxin.procedure.calendar import add_months, after_working_days, is_working_day


@pytest.mark.clause("5.2")
@pytest.mark.parametrize(
    ("day", "worked"),
    [
        # National Day 2011: 1 to 7 October off; Saturday 8 and Sunday 9 worked
        (date(2011, 9, 30), True),
        (date(2011, 10, 1), False),
        (date(2011, 10, 5), False),
        (date(2011, 10, 7), False),
        (date(2011, 10, 8), True),
        (date(2011, 10, 9), True),
        (date(2011, 10, 10), True),
        # Mid-Autumn 2011: Saturday 10 to Monday 12 September off
        (date(2011, 9, 12), False),
        # August 2011 has no holiday: a plain week
        (date(2011, 8, 12), True),
        (date(2011, 8, 13), False),
        # Spring Festival 2020, made longer
        (date(2020, 1, 31), False),
        (date(2020, 2, 1), False),
    ],
)
def test_holidays_and_moved_days(day: date, worked: bool) -> None:
    """What the offices of that year did."""
    assert (worked, True) == is_working_day(day)


@pytest.mark.parametrize(
    ("start", "count", "last"),
    [
        (date(2011, 9, 29), 1, date(2011, 9, 30)),
        (date(2011, 9, 29), 2, date(2011, 10, 8)),  # the whole holiday between
        (date(2011, 9, 30), 3, date(2011, 10, 10)),
        (date(2011, 8, 12), 1, date(2011, 8, 15)),  # Friday to Monday
        (date(2011, 8, 13), 1, date(2011, 8, 15)),  # from a Saturday too
        (date(2011, 8, 10), 0, date(2011, 8, 10)),
    ],
)
def test_counting_working_days(start: date, count: int, last: date) -> None:
    """The first day itself is not counted."""
    reached = after_working_days(start, count)
    assert (last, ()) == (reached.day, reached.unpublished)


def test_a_year_that_is_not_published_is_said() -> None:
    """Beyond the table Monday to Friday count, and the year is named; it is not passed off as known."""
    reached = after_working_days(date(2030, 12, 30), 3)
    assert (date(2031, 1, 2), (2030, 2031)) == (reached.day, reached.unpublished)
    assert (False, False) == is_working_day(date(2030, 10, 5))  # a Saturday
    assert (True, False) == is_working_day(date(2030, 10, 1))  # a holiday surely, but not known to be one


@given(st.dates(date(2004, 1, 2), date(2032, 1, 1)), st.integers(0, 60))
def test_as_many_working_days_as_asked(start: date, count: int) -> None:
    """Counted one by one there are exactly so many, and the last is one."""
    reached = after_working_days(start, count)
    days = [start + timedelta(days=offset) for offset in range(1, (reached.day - start).days + 1)]
    assert count == sum(is_working_day(day)[0] for day in days)
    assert count == 0 or is_working_day(reached.day)[0]


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2011, 8, 10), 1, date(2011, 9, 10)),
        (date(2011, 8, 31), 1, date(2011, 9, 30)),
        (date(2012, 1, 31), 1, date(2012, 2, 29)),
        (date(2011, 12, 31), 2, date(2012, 2, 29)),
        (date(2011, 8, 10), 36, date(2014, 8, 10)),
    ],
)
def test_months(day: date, months: int, later: date) -> None:
    """The same day, or the last of the month."""
    assert later == add_months(day, months)
