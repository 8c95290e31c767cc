"""What a process keeps between requests: one memory, one rule of what a key is, one bound, one reset.

A key begins with a word for what is kept and names everything that it was made from: the town, the number of the last change,
``Policy.key``, the day, the language. So what is kept is never out of date, only unused; what was asked for longest ago goes
first once all of it together weighs more than the bound. Inside a transaction nothing is kept: it may be rolled back.
"""

from __future__ import annotations

import dataclasses
import sys
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from typing import Any, Final, TypeVar, cast

from django.conf import settings

from liangxin.web.ui import committed

T = TypeVar("T")
Key = tuple[Hashable, ...]
LOOKED_AT: Final = 64  # of many values in a row, how many are weighed for all


class Memory:
    """Kept values by key, at most ``most`` bytes of them as ``weigh`` says."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._lock = threading.Lock()
        self._values: OrderedDict[Key, tuple[Any, int]] = OrderedDict()
        self._weight = 0

    @property
    def weight(self) -> int:
        """Bytes of all that is kept, about."""
        return self._weight

    def find(self, key: Key) -> Any | None:
        """What is kept for the key, None where nothing is."""
        with self._lock:
            known = self._values.get(key)
            if known is None:
                return None
            self._values.move_to_end(key)
            return known[0]

    def keep(self, key: Key, value: object) -> None:
        """Keep a value, unless it may still be rolled back or weighs more than half of all that may be kept."""
        if not committed.undecided():
            self._put(key, value)

    def get(self, key: Key, make: Callable[[], T], *, pure: bool = False) -> T:
        """What is kept for the key, or what ``make`` gives, kept for the next one. ``make`` does not give None.

        ``pure``: the key holds all of the value's input, nothing of it was read from the database; so it is kept also inside
        a transaction.
        """
        known = self.find(key)
        if known is not None:
            return cast("T", known)
        made = make()
        if pure or not committed.undecided():
            self._put(key, made)
        return made

    def forget(self) -> None:
        """Everything: for tests, whose database is rolled back."""
        with self._lock:
            self._values.clear()
            self._weight = 0

    def _put(self, key: Key, value: object) -> None:
        weight = weigh(value) + weigh(key)
        with self._lock:
            before = self._values.pop(key, None)
            if before is not None:
                self._weight -= before[1]
            if weight > self.most // 2:
                return
            self._values[key] = (value, weight)
            self._weight += weight
            while self._weight > self.most:
                _, (_, gone) = self._values.popitem(last=False)
                self._weight -= gone


def weigh(value: object, depth: int = 6) -> int:
    """Bytes that a value holds, about: frames and arrays as they say, of a long row the first ones stand for all."""
    if isinstance(value, str | bytes | int | float | bool | None):
        return sys.getsizeof(value)
    for measure in ("estimated_size", "nbytes"):  # a Polars frame, a NumPy array
        found = getattr(value, measure, None)
        if found is not None and not isinstance(value, type):
            return int(found() if callable(found) else found)
    if depth == 0:
        return sys.getsizeof(value)
    if isinstance(value, Mapping):
        return sys.getsizeof(value) + _weigh_row(list(value.items()), depth)
    if isinstance(value, list | tuple | set | frozenset):
        return sys.getsizeof(value) + _weigh_row(list(value), depth)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        parts = [getattr(value, each.name) for each in dataclasses.fields(value)]
        return sys.getsizeof(value) + sum(weigh(each, depth - 1) for each in parts)
    return sys.getsizeof(value)


def _weigh_row(row: list[Any], depth: int) -> int:
    if not row:
        return 0
    step = max(1, len(row) // LOOKED_AT)
    looked_at = row[::step]
    return sum(weigh(each, depth - 1) for each in looked_at) * len(row) // len(looked_at)


MEMORY: Final = Memory(settings.MEMORY_MB * 1_000_000)
