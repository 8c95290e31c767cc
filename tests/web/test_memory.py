"""One memory for all that a process keeps: bounded by what it weighs, empty of what may be rolled back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from liangxin.web.ui.memory import Memory, weigh


@dataclass(frozen=True, slots=True)
class Pair:
    frame: pl.DataFrame
    words: tuple[str, ...]


def test_the_one_asked_for_longest_ago_goes() -> None:
    memory = Memory(4 * weigh(bytes(1000)))
    for name in "abc":
        memory.get((name,), lambda: bytes(1000), pure=True)
    assert memory.find(("a",)) is not None
    memory.get(("d",), lambda: bytes(1000), pure=True)
    assert [True, False, True, True] == [memory.find((name,)) is not None for name in "abcd"]


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 4000)), max_size=60))
def test_never_heavier_than_the_bound(asked: list[tuple[int, int]]) -> None:
    """Whatever is asked for in whatever order; a value that is too heavy is given and not kept."""
    memory = Memory(6000)
    for name, size in asked:
        assert isinstance(memory.get(("v", name), lambda size=size: bytes(size), pure=True), bytes)
        assert 0 <= memory.weight <= 6000
    memory.forget()
    assert 0 == memory.weight


def test_frames_arrays_and_long_rows_are_weighed() -> None:
    """About what they hold: a frame in a value counts, and a thousand words are not weighed as one."""
    frame = pl.DataFrame({"a": np.arange(100_000)})
    assert weigh(Pair(frame, ())) > 750_000
    assert weigh(np.zeros(1000)) == 8000
    words = tuple(f"单位{number}" for number in range(1000))
    exact = sum(weigh(word) for word in words)
    assert 0.9 * exact < weigh(words) - weigh(()) < 1.3 * exact


@pytest.mark.django_db(transaction=True)
def test_nothing_is_kept_that_may_be_rolled_back() -> None:
    """Only what was made from its key alone."""
    memory = Memory(10_000)
    with transaction.atomic():
        memory.get(("read",), lambda: "x")
        memory.keep(("kept",), "x")
        memory.get(("made",), lambda: "x", pure=True)
    assert [None, None, "x"] == [memory.find((name,)) for name in ("read", "kept", "made")]
    memory.get(("read",), lambda: "x")
    assert "x" == memory.find(("read",))
