"""A rate as counted: numerator, denominator and the range that facts not yet known (待核) leave open."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rate:
    """``unknown``: units whose place in numerator or denominator is 待核; ``low`` and ``high`` bound the rate."""

    numerator: int
    denominator: int
    unknown: int = 0
    low: float | None = None
    high: float | None = None

    @property
    def value(self) -> float | None:
        """None (shown "—") for an empty denominator."""
        return self.numerator / self.denominator if self.denominator else None
