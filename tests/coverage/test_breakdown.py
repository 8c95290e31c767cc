"""Rates by area, group and kind: the parts make the whole."""

from __future__ import annotations

from datetime import date

import pytest

from liangxin.coverage import classify, count, count_by
from liangxin.policy import load_policy
from liangxin.sample import make_town


@pytest.mark.clause("1.1", "1.2", "1.3", "1.4", "1.5")
@pytest.mark.parametrize("by", ["area", "task_group", "kind", "park"])
def test_parts_make_the_whole(by: str) -> None:
    """Numerators, denominators and 待核 over all parts are those of the town, units without a place included."""
    classification = classify(
        make_town(600, 5).ledger, load_policy("changle-2011-44", as_of=date(2011, 8, 15))
    )
    whole = count(classification)
    parts = count_by(classification, by)
    for id in ("1.1", "1.2", "1.3", "1.4", "1.5"):
        added = tuple(
            sum(getattr(rates[id], part) for rates in parts.values())
            for part in ("numerator", "denominator", "unknown")
        )
        assert (whole[id].numerator, whole[id].denominator, whole[id].unknown) == added


def test_one_part_alone_is_the_whole() -> None:
    """Where all units share the value, its rates are the town's, range included."""
    import polars as pl

    ledger = make_town(200, 5).ledger.with_columns(pl.lit("A1").alias("area"))
    classification = classify(ledger, load_policy("changle-2011-44", as_of=date(2011, 8, 15)))
    whole = count(classification)
    assert {id: whole[id] for id in count_by(classification, "area")["A1"]} == count_by(
        classification, "area"
    )["A1"]
