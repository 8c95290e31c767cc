"""Counts that would show a person: which cells of a table are withheld from those who may not read the units themselves.

A part of a town with one unit that has members names that unit, to everybody who knows the part. So a count from 1 to ``least`` - 1
is withheld, and with it as many others as are needed so that it cannot be found by subtracting what is shown from the total.
All withheld cells look alike: which of them are small is not told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from liangxin.registry.fields import FIELDS, Reader
from liangxin.wording import Text

LEAST: Final = 3
WITHHELD: Final = Text("少于{least}*", "under {least}*")
NOTE: Final = Text(
    "*少于{least}家，或会让人推算出少于{least}家的数，不显示。",
    "*Fewer than {least}, or a number that would give one away: not shown.",
)


@dataclass(frozen=True, slots=True)
class Withheld:
    """For each part whether its count is withheld; ``total``: whether the total must be, because no other part can hide it."""

    parts: tuple[bool, ...]
    total: bool = False

    def __bool__(self) -> bool:
        return self.total or any(self.parts)


def small(count: int, least: int = LEAST) -> bool:
    """Whether a count would show single units; none at all shows nobody."""
    return 0 < count < least


def withhold(counts: Sequence[int], least: int = LEAST) -> Withheld:
    """Which of the parts of one total are withheld.

    What is withheld adds up to ``least`` at least, over two parts at least; the total with it where that cannot be.
    The smallest others go first, so that as little as possible is lost.

    >>> withhold([12, 1, 7, 30]).parts
    (False, True, True, False)
    >>> withhold([12, 0, 7]).parts, withhold([2]).total
    ((False, False, False), True)
    """
    hidden = [small(count, least) for count in counts]
    if not any(hidden):
        return Withheld(tuple(hidden), small(sum(counts), least))
    # Parts of none hide nothing: everybody can see that nobody is there.
    others = sorted((count, at) for at, count in enumerate(counts) if count and not hidden[at])
    for _, at in others:
        if _enough(counts, hidden, least):
            break
        hidden[at] = True
    return Withheld(tuple(hidden), not _enough(counts, hidden, least))


def _enough(counts: Sequence[int], hidden: Sequence[bool], least: int) -> bool:
    """Withheld parts are never 0, so where they add up to their number each would be known to be 1."""
    gone = [count for count, each in zip(counts, hidden, strict=True) if each]
    return len(gone) >= 2 and sum(gone) >= least and sum(gone) > len(gone)


def about_members(fields: frozenset[str]) -> bool:
    """Whether a figure that is counted from these fields says where members are."""
    return any(FIELDS[name].reader is Reader.MEMBERSHIP for name in fields if name in FIELDS)
