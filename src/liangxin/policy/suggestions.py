"""The nearest valid name for one that does not exist."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from liangxin.wording import Text


def nearest(name: str, candidates: Iterable[str]) -> str | None:
    """The candidate most like ``name``, or None when nothing is alike.

    >>> nearest("staf", ["staff", "state"])
    'staff'
    """
    found = get_close_matches(name, list(candidates), n=1, cutoff=0.55)
    return found[0] if found else None


def instead(name: str, candidates: Iterable[str], *, at_most: int = 12) -> Text | None:
    """What to write instead: the nearest name, else the whole list where it is short enough to read."""
    listed = list(candidates)
    near = nearest(name, listed)
    if near is not None:
        return Text(f"是不是“{near}”", f"did you mean “{near}”")
    if listed and len(listed) <= at_most:
        return Text("、".join(listed), ", ".join(listed))
    return None
