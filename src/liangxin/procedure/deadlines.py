"""Time limits: when a step falls due by the policy's term, how that was counted, and how near it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from typing import Final

from liangxin.policy.model import Policy, Term
from liangxin.procedure.calendar import add_months, after_working_days
from liangxin.wording import Text


@dataclass(frozen=True, slots=True)
class Due:
    """The last day in time. ``counted`` says how: from which day, how many, of what, by which source."""

    on: date
    counted: Text


class Urgency(Enum):
    """How near a time limit is. The order is that of a list: the most urgent first."""

    OVERDUE = "overdue"
    TODAY = "today"
    SOON = "soon"
    IN_TIME = "in_time"
    NO_LIMIT = "no_limit"


_UNITS: Final = {
    "days": (Text("{count}天", "{count} day"), Text("{count}天", "{count} days")),
    "working_days": (
        Text("{count}个工作日", "{count} working day"),
        Text("{count}个工作日", "{count} working days"),
    ),
    "months": (Text("{count}个月", "{count} month"), Text("{count}个月", "{count} months")),
}
"""One, and any other number."""


def due_after(policy: Policy, term: str, start: date) -> Due | None:
    """When the policy's time limit ``term`` ends if it is counted from ``start`` (that day itself not counted).

    None where the policy sets none. The number is the one in force on ``start``, so old cases keep the old limit.
    """
    rule = policy.procedure.terms.get(term)
    if rule is None:
        return None
    value = policy.parameters[rule.count].on(start)
    return _counted(rule, int(value.value), value.source, start)


def _counted(rule: Term, count: int, source: Text, start: date) -> Due:
    how_long = _UNITS[rule.counted][count != 1].fill(count=count)
    said = Text("自{start}起{how_long}（{source}）", "{how_long} from {start} (by “{source}”)").fill(
        start=start.isoformat(), how_long=how_long, source=source
    )
    if rule.counted == "days":
        return Due(start + timedelta(days=count), said)
    if rule.counted == "months":
        return Due(add_months(start, count), said)
    reached = after_working_days(start, count)
    if reached.unpublished:
        years = "、".join(map(str, reached.unpublished))
        said = Text(
            "{said}；{years}年放假安排尚未公布，该年按周一至周五计，公布后请核对",
            "{said}; the holidays of {years} are not published, Monday to Friday counted there: check once they are",
        ).fill(said=said, years=years)
    return Due(reached.day, said)


def urgency(due: Due | None, today: date, policy: Policy) -> Urgency:
    """Colour and order of a case in a list. "Soon" is the policy's ``due_soon_days``, in days of the calendar."""
    if due is None:
        return Urgency.NO_LIMIT
    left = (due.on - today).days
    if left < 0:
        return Urgency.OVERDUE
    if left == 0:
        return Urgency.TODAY
    soon = policy.parameters.get("due_soon_days")
    return Urgency.SOON if soon is not None and left <= float(soon.on(today).value) else Urgency.IN_TIME


def time_left(due: Due | None, today: date) -> Text:
    """The word beside the colour.

    >>> time_left(Due(date(2011, 8, 31), Text("", "")), date(2011, 9, 2)).zh
    '超期2天'
    """
    if due is None:
        return Text("无期限", "no time limit")
    left = (due.on - today).days
    if left == 0:
        return Text("今天到期", "due today")
    days = _UNITS["days"][abs(left) != 1].fill(count=abs(left))
    said = Text("超期{days}", "overdue by {days}") if left < 0 else Text("还有{days}", "{days} left")
    return said.fill(days=days)
