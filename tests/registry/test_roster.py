"""A frozen roster: the same facts give the same fingerprint, another fact another one."""

from __future__ import annotations

import hashlib
from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.registry.ledger_frame import ledger

from liangxin.findings import InputError
from liangxin.registry.roster import FINGERPRINTS, compare, freeze, matching_fingerprint

DAY = date(2011, 8, 15)
FRAME = ledger(
    {"staff": 79, "association": ["S2", "S1"], "surveyed_on": date(2011, 8, 3)},
    {"staff": None, "state": "shell"},
    {"revenue": 499.99, "union": False},
    {"revenue": 500.0, "union": None},
)


@given(order=st.permutations(range(4)), columns=st.randoms(use_true_random=False))
def test_neither_row_nor_column_order_matters(order: list[int], columns: object) -> None:
    """The fingerprint is of the content."""
    names = list(FRAME.columns)
    columns.shuffle(names)  # type: ignore[attr-defined]
    assert (
        freeze(FRAME[order].select(names), {"U1": "shell"}, DAY).sha256
        == freeze(FRAME, {"U1": "shell"}, DAY).sha256
    )


@pytest.mark.parametrize(
    "changed",
    [
        FRAME.with_columns(staff=pl.col("staff").fill_null(0)),
        FRAME.with_columns(union=pl.col("union").fill_null(False)),
        FRAME.with_columns(revenue=pl.col("revenue") + 0.01),
        FRAME.with_columns(name=pl.col("name") + "1"),
        FRAME.head(3),
    ],
)
def test_every_fact_matters(changed: pl.DataFrame) -> None:
    """Not yet known is neither zero nor no."""
    assert freeze(changed, {}, DAY).sha256 != freeze(FRAME, {}, DAY).sha256


def test_the_day_and_the_reasons_matter() -> None:
    """The same units counted otherwise are another roster."""
    prints = {
        freeze(FRAME, {}, DAY).sha256,
        freeze(FRAME, {}, date(2011, 8, 16)).sha256,
        freeze(FRAME, {"U1": "state"}, DAY).sha256,
        freeze(FRAME, {"U1": "kind"}, DAY).sha256,
    }
    assert len(prints) == 4


def test_the_order_of_several_values_does_not_matter() -> None:
    """S1;S2 is S2;S1."""
    other = FRAME.with_columns(pl.col("association").list.reverse())
    assert freeze(other, {}, DAY).sha256 == freeze(FRAME, {}, DAY).sha256


def test_the_fingerprint_stays_over_versions() -> None:
    """Reports name it for years: changing how it is made must be a decision, not an accident."""
    written_out = 'liangxin.roster/2 2011-08-15\n[{"name":"甲厂0","staff":80,"unit_id":"U0"},null]\n'
    assert freeze(ledger({"staff": 80}), {}, DAY).sha256 == hashlib.sha256(written_out.encode()).hexdigest()


def test_a_new_field_changes_no_fingerprint() -> None:
    """A column of which nothing is known, or that the ledger does not have yet, is no fact."""
    unknown = [name for name in FRAME.columns if FRAME[name].null_count() == FRAME.height]
    assert unknown
    assert freeze(FRAME.drop(unknown), {}, DAY).sha256 == freeze(FRAME, {}, DAY).sha256


def test_older_fingerprints_are_still_checked() -> None:
    """What a report of yesterday names is found again: the same facts yes, other facts no."""
    # code, then kind to industry; after staff 34 more fields and the reason for being left out
    line = '["U0",null,"甲厂0"' + ",null" * 4 + ",80" + ",null" * 35 + "]"
    old = hashlib.sha256(f"liangxin.roster/1 2011-08-15\n{line}\n".encode()).hexdigest()
    same, other = freeze(ledger({"staff": 80}), {}, DAY), freeze(ledger({"staff": 81}), {}, DAY)
    lines = hashlib.sha256(ledger({"staff": 80}).write_ndjson().encode()).hexdigest()
    found = [matching_fingerprint(same, each) for each in (same.sha256, old, lines)]
    assert list(FINGERPRINTS) == found
    assert [None] * 3 == [matching_fingerprint(other, each) for each in (same.sha256, old, lines)]


def test_who_left_the_base_and_why() -> None:
    """As coverage gives it: unit and rule; units of no frame are not counted."""
    left_out = pl.DataFrame({"unit_id": ["U0", "U1", "U2", "U3"], "left_out": [None, "state", "state", None]})
    roster = freeze(FRAME, left_out, DAY)
    assert (roster.units, roster.in_scope, roster.reasons()) == (4, 2, {"state": 2})
    assert roster.base()["unit_id"].to_list() == ["U0", "U3"]
    assert freeze(FRAME, {"elsewhere": "state"}, DAY).in_scope == 4


def test_what_moved_between_two_rosters() -> None:
    """A rate may change because its base did: who joined, who left, and why."""
    older = freeze(FRAME.head(3), {"U1": "state"}, DAY)
    newer = freeze(FRAME[[1, 2, 3]], {"U2": "deregistered"}, date(2011, 9, 1))
    change = compare(older, newer)
    assert change.joined == ("U1", "U3")
    assert change.left == {"U0": "gone", "U2": "deregistered"}


def test_a_roster_needs_an_id_for_every_unit() -> None:
    """Double and missing ones are all named."""
    frame = ledger({"unit_id": "U1"}, {"unit_id": "U1"}, {"unit_id": None})
    with pytest.raises(InputError) as error:
        freeze(frame, {}, DAY)
    assert [finding.code for finding in error.value.findings] == ["double_id", "missing_id"]
