"""The milestones of the policy on one line, with today among them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from liangxin.policy.model import Clause, Policy
from liangxin.wording import Text

if TYPE_CHECKING:
    pass


@dataclass(frozen=True, slots=True)
class Stage:
    """A milestone on the timeline; ``left`` and ``width`` in percent of it, None where the notice gives no day."""

    label: Text
    clause: Clause
    said: Text
    start: date | None
    due: date | None
    left: float | None
    width: float | None
    state: tuple[str, Text]


def timeline(policy: Policy, today: date) -> tuple[list[Stage], float | None, tuple[date, date] | None]:
    """The milestones, where today stands among them in percent (None outside), and the timeline's first and last day."""
    days = [day for each in policy.milestones for day in (each.start, each.due) if day]
    if not days:
        return [_stage(each, None, today) for each in policy.milestones], None, None
    first, last = min(days), max(days)
    span = (first, last)
    at = _at(today, span) if first <= today <= last else None
    return [_stage(each, span, today) for each in policy.milestones], at, span


def _at(day: date, span: tuple[date, date]) -> float:
    return 100 * (day - span[0]).days / ((span[1] - span[0]).days + 1)


def _stage(each: Any, span: tuple[date, date] | None, today: date) -> Stage:
    left = width = None
    if span is not None and (each.start or each.due):
        start, due = each.start or each.due, each.due or span[1]
        left = _at(start, span)
        width = _at(due, span) + 100 / ((span[1] - span[0]).days + 1) - left
    if each.due is not None and today > each.due:
        state = ("", Text("期限已过", "past"))
    elif each.start is not None and today < each.start:
        state = ("", Text("未到", "to come"))
    elif each.start is not None or each.due is not None:
        days = (each.due - today).days if each.due else None
        left_words = (
            Text("进行中", "under way") if days is None else Text(f"还有 {days} 天", f"{days} days left")
        )
        state = ("soon" if days is not None and days <= 7 else "action", left_words)
    else:
        state = ("", Text("没有定日期", "no day given"))
    return Stage(each.label, each.clause, each.said, each.start, each.due, left, width, state)
