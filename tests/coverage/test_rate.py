"""The least and the most a rate can become, against every way of settling the open facts."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liangxin.coverage.rate import Places, Rate

STANDS = {
    "miss": ("miss",),
    "meet": ("meet",),
    "miss_or_meet": ("miss", "meet"),
    "out_or_miss": ("out", "miss"),
    "out_or_meet": ("out", "meet"),
    "anywhere": ("out", "miss", "meet"),
}


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(list(STANDS)), st.integers(0, 2)))
def test_range_is_that_of_all_ways(counts: dict[str, int]) -> None:
    """low and high are the smallest and largest rate over every way, empty denominators aside."""
    units = [stand for stand, number in counts.items() for _ in range(number)]
    rates = set()
    for way in product(*(STANDS[unit] for unit in units)):
        base = sum(place != "out" for place in way)
        if base:
            rates.add(way.count("meet") / base)
    expected = (min(rates), max(rates)) if rates else (None, None)
    places = Places(**counts)
    assert (places.low(), places.high()) == expected


@pytest.mark.clause("1.2")
def test_empty_denominator_has_no_value() -> None:
    """An empty denominator gives None, shown as a dash, never 0% or 100%."""
    assert Rate(0, 0).value is None


def test_value_is_the_share() -> None:
    """71 of 214."""
    assert Rate(71, 214).value == 71 / 214
