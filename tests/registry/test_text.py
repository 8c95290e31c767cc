"""Text that looks the same is the same, and what is stored is clean."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.registry.ledger_frame import ledger

from liangxin.registry.duplicates import find_duplicates
from liangxin.registry.references import resolve_references
from liangxin.registry.text import clean, fold, fold_column
from liangxin.registry.town import Area, Town


@pytest.mark.parametrize(
    "other",
    [
        "甲丰(ab)电机",
        "甲丰（ＡＢ）电机",
        "甲丰〔AB〕 电机",
        "甲\u200b丰（AB）电机\ufeff",
        "甲丰（Ａ·Ｂ）電機",
        "甲丰\u3000（AB）\u00a0电机",
        "甲丰﹙AB﹚电机",
    ],
)
def test_names_that_look_the_same(other: str) -> None:
    """Width, brackets, blanks, case, invisible characters and traditional forms do not count."""
    assert fold(other) == fold("甲丰（AB）电机")


def test_what_is_stored_looks_as_it_was_written() -> None:
    """Chinese brackets stay; what nobody sees goes."""
    assert clean("\ufeff 甲丰（ＡＢ１２）\u200b电机  厂\u3000") == "甲丰（AB12）电机 厂"


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(max_codepoint=0x17F) | st.characters(min_codepoint=0x2000), max_size=12))
def test_folding_is_stable(text: str) -> None:
    """Folded once or twice, cleaned before or not, alone or in a column: the same."""
    assert fold(fold(text)) == fold(text)
    assert fold(clean(text)) == fold(text)
    assert clean(clean(text)) == clean(text)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text("甲丰（()）ＡBａ 1１·“”\u200b電机\u3000", max_size=8), min_size=1, max_size=5))
def test_a_column_folds_as_its_texts_do(texts: list[str]) -> None:
    column = pl.DataFrame({"name": texts}).select(fold_column(pl.col("name"))).to_series()
    assert column.to_list() == [fold(text) for text in texts]


def test_duplicates_and_names_of_places_are_compared_so() -> None:
    """A firm written with other brackets is the same firm; a village written with a blank is that village."""
    twice = ledger({"name": "甲丰（东）电机厂"}, {"name": "甲丰(东) 電机廠"})
    assert find_duplicates(twice).height == 1
    town = Town("镇", "1", (Area("V1", "东村（社区）", "village"),))
    resolved, found = resolve_references(ledger({"name": "甲厂", "village": "东村 (社区)"}), town)
    assert (resolved["village"].to_list(), found) == (["V1"], [])
