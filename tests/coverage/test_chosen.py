"""Lists of the columns that are true."""

from __future__ import annotations

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from liangxin.coverage.chosen import chosen


@settings(deadline=None, max_examples=20)
@given(st.lists(st.lists(st.sampled_from([True, False, None]), min_size=70, max_size=70), max_size=3))
def test_more_rules_than_bits(rows: list[list[bool | None]]) -> None:
    """Seventy rules do not fit one number; the lists are right all the same, 待核 counting as not certain."""
    names = [f"r{place}" for place in range(70)]
    flags = pl.DataFrame(rows, schema=dict.fromkeys(names, pl.Boolean()), orient="row")
    expected = [[name for name, flag in zip(names, row, strict=True) if flag] for row in rows]
    assert chosen(flags, names).to_list() == expected


def test_no_rules_at_all() -> None:
    """A policy without conflicts gives every unit an empty list."""
    assert chosen(pl.DataFrame({"a": [True, False]}), []).to_list() == [[], []]
