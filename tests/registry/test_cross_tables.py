"""No count of one or two can be worked out from several tables of the same units."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from liangxin.registry.cross_tables import Withheld, withhold_in_tables
from liangxin.registry.small_counts import withhold

CROSSINGS = st.lists(
    st.tuples(st.sampled_from("ABCD"), st.sampled_from("123"), st.sampled_from("xy")),
    min_size=1,
    max_size=10,
    unique=True,
)


def shown(
    crossings: Sequence[Sequence[str]], counts: Sequence[int], found: Withheld
) -> tuple[np.ndarray, np.ndarray]:
    """What a reader has: the equations of shown cells and total, and which crossings a shown 0 settles."""
    equations, zero = [], np.zeros(len(crossings), dtype=bool)
    if not found.total:
        equations.append(np.ones(len(crossings)))
    for table, gone in enumerate(found.values):
        for value in {each[table] for each in crossings} - gone:
            members = np.array([each[table] == value for each in crossings])
            equations.append(members.astype(float))
            if not sum(count for count, inside in zip(counts, members, strict=True) if inside):
                zero |= members
    return np.array(equations).reshape(-1, len(crossings)), zero


def known(equations: np.ndarray, zero: np.ndarray, wanted: np.ndarray) -> bool:
    """Whether the count of a set of crossings follows: asked by rank, not by the way the code asks it."""
    free = equations[:, ~zero]
    rank = np.linalg.matrix_rank(free) if free.size else 0
    return bool(np.linalg.matrix_rank(np.vstack([free, wanted[~zero]])) == rank)


@given(CROSSINGS, st.data())
@example([("A", "1", "x"), ("B", "2", "x")], None)
def test_no_small_count_can_be_worked_out(
    crossings: list[tuple[str, str, str]], data: st.DataObject | None
) -> None:
    """Of a cell, of the difference of two nested cells, or of a single crossing, in either measure."""
    size = len(crossings)
    base = data.draw(st.lists(st.integers(0, 9), min_size=size, max_size=size)) if data else [1, 9]
    met = data.draw(st.tuples(*(st.integers(0, count) for count in base))) if data else (0, 9)
    found = withhold_in_tables(crossings, [base, met])
    for counts in (base, met):
        equations, zero = shown(crossings, counts, found)
        cells = [
            np.array([each[table] == value for each in crossings])
            for table in range(3)
            for value in {each[table] for each in crossings}
        ]
        nested = [one & ~other for one in cells for other in cells if (one | ~other).all()]
        for each in [*cells, *nested, *np.eye(size, dtype=bool)]:
            count = int(np.array(counts)[each].sum())
            if 0 < count < 3:
                assert not known(equations, zero, each.astype(float)), (each, count)


@given(st.lists(st.integers(0, 12), min_size=1, max_size=6))
def test_one_table_alone_is_as_ever(counts: list[int]) -> None:
    """With crossings that are the cells themselves the rule of one table is enough."""
    found = withhold_in_tables([(str(at),) for at in range(len(counts))], [counts])
    alone = withhold(counts)
    if alone.total:
        assert found.total
    else:
        assert {str(at) for at, gone in enumerate(alone.parts) if gone} == found.values[0]


@pytest.mark.parametrize(
    ("why", "crossings", "counts", "gone"),
    [
        ("a group that is an area", [("A", "1"), ("B", "2"), ("C", "3")], [1, 9, 20], ({"A", "B"}, {"1", "2"})),
        ("nothing small", [("A", "1"), ("B", "2")], [5, 7], (set(), set())),
        (
            "a group that has one unit more than an area",
            [("A", "1"), ("B", "1"), ("B", "2"), ("C", "2")], [5, 1, 9, 20], ({"A", "B"}, set()),
        ),
    ],
)  # fmt: skip
def test_cases_that_a_person_can_check(
    why: str, crossings: list[tuple[str, str]], counts: list[int], gone: tuple[set[str], set[str]]
) -> None:
    """Which cells go, in towns of three or four crossings."""
    found = withhold_in_tables(crossings, [counts])
    assert (gone, False) == (tuple(set(each) for each in found.values), found.total), why


def test_where_only_the_total_is_left_all_goes() -> None:
    """Two units in the whole town: no part and no total."""
    found = withhold_in_tables([("A", "1"), ("B", "1")], [[2, 0]])
    assert found.total and {"A", "B"} == found.values[0]


def test_nothing_to_count_withholds_nothing() -> None:
    assert Withheld((frozenset(), frozenset()), False) == withhold_in_tables([("A", "1")], [[0]])
