"""The nearest valid name for one that does not exist."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import SequenceMatcher, get_close_matches
from itertools import takewhile

from liangxin.wording import Text


def nearest(name: str, candidates: Iterable[str]) -> str | None:
    """The candidate most like ``name``, of equals the one that begins alike; None when nothing is alike.

    >>> nearest("staf", ["staff", "state"])
    'staff'
    >>> nearest("clases", ["clauses", "classes"])
    'classes'
    """
    found = get_close_matches(name, list(candidates), n=3, cutoff=0.55)
    likeness = SequenceMatcher(None, b=name)

    def alike(candidate: str) -> tuple[float, int]:
        likeness.set_seq1(candidate)
        begins = takewhile(lambda pair: pair[0] == pair[1], zip(candidate, name, strict=False))
        return likeness.ratio(), sum(1 for _ in begins)

    return max(found, key=alike, default=None)


def instead(name: str, candidates: Iterable[str], *, at_most: int = 12) -> Text | None:
    """What to write instead: the nearest name, else the whole list where it is short enough to read."""
    listed = list(candidates)
    near = nearest(name, listed)
    if near is not None:
        return Text(f"“{near}”（最接近的名称）", f"“{near}” (the nearest name)")
    if listed and len(listed) <= at_most:
        return Text("、".join(listed), ", ".join(listed))
    return None
