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
    hidden: bool = (
        False  # withheld from this reader (registry.small_counts): the numbers are not the real ones
    )

    def withheld(self) -> Rate:
        """What is given in its place: no number, and the word that says so."""
        return Rate(0, 0, hidden=True)

    @property
    def value(self) -> float | None:
        """None (shown "—") for an empty denominator."""
        return self.numerator / self.denominator if self.denominator else None


@dataclass(frozen=True, slots=True)
class Places:
    """How many units can stand where: *out* of the denominator, *miss* (denominator only), *meet* (both).

    A unit with every fact known has one possible place; one that is 待核 has two or three. These numbers are all
    that a rate depends on.
    """

    miss: int = 0
    meet: int = 0
    miss_or_meet: int = 0
    out_or_miss: int = 0
    out_or_meet: int = 0
    anywhere: int = 0

    def low(self) -> float | None:
        """The least the rate can be: whoever can miss does, whoever can only be out or meet is out.

        None where every way of settling the open facts leaves the denominator empty.

        >>> Places(meet=1, miss_or_meet=1).low()
        0.5
        """
        met = self.meet
        base = met + self.miss + self.miss_or_meet + self.out_or_miss + self.anywhere
        if base:
            return met / base
        return 1.0 if self.out_or_meet else None

    def high(self) -> float | None:
        """The most the rate can be: whoever can meet does, whoever can only be out or miss is out."""
        met = self.meet + self.miss_or_meet + self.out_or_meet + self.anywhere
        base = met + self.miss
        if base:
            return met / base
        return 0.0 if self.out_or_miss else None

    @property
    def unknown(self) -> int:
        return self.miss_or_meet + self.out_or_miss + self.out_or_meet + self.anywhere
