"""What classify promises of every ledger, whatever is in it."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.coverage.ledgers import FACTS, ledger, notice

from liangxin.coverage import classify
from liangxin.coverage.annual import annual_return
from liangxin.findings import InputError
from liangxin.registry.fields import ledger_schema


@given(st.lists(FACTS, max_size=8))
@settings(max_examples=25, deadline=None)
def test_rows_come_back_as_they_were(units: list[dict[str, Any]]) -> None:
    """Same rows, same order, the ledger's own columns unchanged."""
    before = ledger(*units)
    after = classify(before, notice()).frame
    assert after.select(list(ledger_schema())).equals(before)


@given(st.lists(FACTS, min_size=1, max_size=8))
@settings(max_examples=25, deadline=None)
def test_leaves_of_the_return_add_up(units: list[dict[str, Any]]) -> None:
    """Every unit of the base is on exactly one leaf: in every column the leaves add up to all."""
    table = annual_return(classify(ledger(*units), notice()))
    for column, _ in table.columns:
        leaves = [row.counts[column] for row in table.rows if row.level == "leaf"]
        whole = next(row.counts[column] for row in table.rows if row.level == "total")
        assert sum(leaf.certain for leaf in leaves) == whole.certain
        assert sum(leaf.unknown for leaf in leaves) == whole.unknown


@given(st.lists(FACTS, min_size=1, max_size=4))
@example([{"kind": None, "ownership": "state", "full_members": 3}])
@settings(max_examples=25, deadline=None)
def test_what_is_certain_stays_when_facts_become_known(units: list[dict[str, Any]]) -> None:
    """A class that is certain, or certainly not, is the same after every empty number is filled in: monotone.

    Only where the scope is known: a unit that may yet fall outside the base keeps its classes until it does.
    """
    policy = notice()
    before = ledger(*units)
    open_ = classify(before, policy).frame
    filled = before.with_columns(
        pl.col("staff").fill_null(80),
        pl.col("revenue").fill_null(500.0),
        pl.col("full_members").fill_null(3),
        pl.col("probationary_members").fill_null(0),
        pl.col("kind").fill_null("enterprise"),
    )
    known = classify(filled, policy).frame
    for rule in policy.classes:
        pair = pl.DataFrame({"open": open_[f"is_{rule.id}"], "known": known[f"is_{rule.id}"]})
        decided = pair.filter(pl.col("open").is_not_null() & open_["scope_known"])
        assert decided["open"].to_list() == decided["known"].to_list()


def test_result_columns_and_types() -> None:
    """The columns of docs/rooms.md with their types."""
    frame = classify(ledger({}), notice()).frame
    texts = pl.List(pl.String())
    promised = {
        "in_scope": pl.Boolean(), "left_out": pl.String(), "is_staff_80": pl.Boolean(), "classes": texts,
        "required": pl.Boolean(), "asked_form": pl.String(), "possible_forms": texts, "status": pl.String(),
        "conflicts": texts, "unknown": texts, "members": pl.Int64(), "forming_members": pl.Int64(),
        "scope_known": pl.Boolean(), "clear": texts, "not_clear": texts, "haves": texts,
        "work_covered": pl.Boolean(), "size_list": pl.String(),
    }  # fmt: skip
    assert {name: frame.schema[name] for name in promised} == promised


def test_lists_are_empty_never_null() -> None:
    """Also in an empty ledger and for a unit that is left out."""
    frame = classify(ledger({"state": "deregistered"}), notice()).frame
    lists = ("classes", "possible_forms", "conflicts", "unknown", "clear", "not_clear", "haves")
    assert [0] * len(lists) == [frame[name].null_count() for name in lists]
    assert classify(ledger(), notice()).frame.is_empty()


def test_all_wrong_columns_are_named_at_once() -> None:
    """A column that is missing and one of the wrong type, both in one InputError."""
    wrong = ledger({}).drop("staff").with_columns(pl.col("revenue").cast(pl.String))
    with pytest.raises(InputError) as refused:
        classify(wrong, notice())
    assert {("column_missing", "staff"), ("column_type", "revenue")} == {
        (finding.code, finding.column_of) for finding in refused.value.findings
    }


@pytest.mark.clause("4.1")
def test_members_are_added_up_only_when_both_are_known() -> None:
    """Full members known, probationary 待核: the sum is 待核, what counts towards establishment is not."""
    frame = classify(ledger({"full_members": 2, "probationary_members": None}), notice()).frame
    assert (None, 2) == frame.select("members", "forming_members").row(0)
