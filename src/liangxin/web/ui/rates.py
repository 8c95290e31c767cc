"""A rate as a bar with its target as a tick and the 待核 range lighter: geometry for the template, nothing counted here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from liangxin.coverage.rate import Rate
from liangxin.registry.small_counts import LEAST, WITHHELD
from liangxin.wording import Text


@dataclass(frozen=True, slots=True)
class RateRow:
    """One indicator as a page shows it."""

    id: str
    label: Text
    rate: Rate
    target: float | None
    due: date | None
    today: date
    average: bool = False  # a number, not a share (平均覆盖户数)

    @property
    def met(self) -> bool:
        return self.target is not None and self.rate.value is not None and self.rate.value >= self.target

    @property
    def state(self) -> tuple[str, Text]:
        """(colour class, word): colour only repeats the word."""
        if self.rate.hidden:
            return "", WITHHELD.fill(least=LEAST)
        if self.rate.value is None:
            return "", Text("无对象", "no units")
        if self.target is None:
            return "", Text("仅统计", "figure only")
        if self.met:
            return "met", Text("已达标", "met")
        if self.due is not None and self.today > self.due:
            return "broken", Text("已逾期", "overdue")
        return "soon", Text("未达标", "not yet met")

    @property
    def missing(self) -> int:
        """How many more units must get into the numerator to meet the target."""
        if self.target is None:
            return 0
        wanted = -(-round(self.rate.denominator * self.target * 1_000_000) // 1_000_000)
        return max(wanted - self.rate.numerator, 0)

    @property
    def days_left(self) -> int | None:
        return (self.due - self.today).days if self.due else None

    @property
    def pace(self) -> float | None:
        """Units a day needed from today to the due date, both counted."""
        if not self.missing or self.days_left is None or self.days_left < 0:
            return None
        return self.missing / (self.days_left + 1)

    @property
    def bar(self) -> dict[str, float]:
        """Percent positions along the bar."""
        share = self.rate.value or 0.0
        low = self.rate.low if self.rate.low is not None else share
        high = self.rate.high if self.rate.high is not None else share
        return {
            "share": 100 * share,
            "open": 100 * low,
            "open_width": 100 * max(high - low, 0.0),
            "target": 100 * (self.target or 0.0),
        }
