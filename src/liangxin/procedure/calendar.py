"""Days as the rules count them: working days of China, with public holidays and the weekends worked in their place; months."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import chinese_calendar

_worked: Final[Callable[[date], bool]] = chinese_calendar.is_workday
"""Raises NotImplementedError for a year whose holidays are not in its table."""


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """The day reached, and the years on the way whose holidays are not published: there, Monday to Friday counted."""

    day: date
    unpublished: tuple[int, ...] = ()


def is_working_day(day: date) -> tuple[bool, bool]:
    """(is it worked, is the year's calendar published). Holidays are announced each year, from 2004 on.

    >>> is_working_day(date(2011, 10, 8))  # a Saturday worked for the National Day week
    (True, True)
    >>> is_working_day(date(2011, 10, 7))
    (False, True)
    """
    try:
        return _worked(day), True
    except NotImplementedError:
        return day.weekday() < 5, False


def after_working_days(start: date, count: int) -> WorkingDays:
    """The last of ``count`` working days after ``start``; the day of the start itself does not count."""
    day, left, unpublished = start, count, set[int]()
    while left > 0:
        day += timedelta(days=1)
        worked, published = is_working_day(day)
        if not published:
            unpublished.add(day.year)
        left -= worked
    return WorkingDays(day, tuple(sorted(unpublished)))


def add_months(day: date, months: int) -> date:
    """The same day so many months later, or the last day of that month where it has none such.

    >>> add_months(date(2012, 1, 31), 1)
    datetime.date(2012, 2, 29)
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
