"""The transport problem: its answer is the optimum, whatever the numbers, and at a town's size it takes no time."""

from __future__ import annotations

import itertools
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liangxin.planning.transport import transport


def cheapest(cost: np.ndarray, must: np.ndarray, room: np.ndarray, total: int) -> float:
    """By trying every answer."""
    units, people = cost.shape
    best = np.inf
    for answer in itertools.product(range(-1, people), repeat=units):
        given_ = np.array(answer, dtype=np.int64)
        load = np.bincount(given_[given_ >= 0], minlength=people)
        if (given_ >= 0).sum() == total and (load <= room).all() and (given_[must] >= 0).all():
            best = min(best, sum(cost[unit, person] for unit, person in enumerate(answer) if person >= 0))
    return best


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_it_is_the_optimum(data: st.DataObject) -> None:
    """Against every answer of small towns: ties, no room, units that must be served."""
    units, people = data.draw(st.integers(0, 5)), data.draw(st.integers(0, 3))
    numbers = st.lists(st.integers(0, 4), min_size=units * people, max_size=units * people)
    cost = np.array(data.draw(numbers), dtype=np.float64).reshape(units, people)
    room = np.array(data.draw(st.lists(st.integers(0, 3), min_size=people, max_size=people)), dtype=np.int64)
    total = data.draw(st.integers(0, min(units, int(room.sum()))))
    must = np.zeros(units, dtype=np.bool_)
    must[: data.draw(st.integers(0, total))] = True
    found = transport(lambda rows: cost[rows], must, room, total)
    assert (found >= 0).sum() == total
    assert (found[must] >= 0).all()
    assert (np.bincount(found[found >= 0], minlength=people) <= room).all()
    assert sum(cost[unit, person] for unit, person in enumerate(found) if person >= 0) == cheapest(
        cost, must, room, total
    )


def test_more_than_there_is_room_for_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot be given"):
        transport(lambda rows: np.zeros((len(rows), 1)), np.zeros(3, dtype=np.bool_), np.array([2]), 3)


@pytest.mark.clause("4.5")
@pytest.mark.parametrize("room", [25, 80])
def test_two_thousand_units_and_forty_instructors_take_less_than_two_seconds(room: int) -> None:
    """Of processor time; proven: no arc that was left out could help."""
    rng = np.random.default_rng(room)
    units, people = rng.normal(0, 3, (2000, 2)), rng.normal(0, 3, (40, 2))
    cost = np.hypot(*(units[:, None] - people[None]).transpose(2, 0, 1))
    began = time.process_time()
    found = transport(
        lambda rows: cost[rows], np.zeros(2000, dtype=np.bool_), np.full(40, room), min(2000, 40 * room)
    )
    assert time.process_time() - began < 2.0
    assert (found >= 0).sum() == min(2000, 40 * room)
