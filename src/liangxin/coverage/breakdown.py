"""The same rates by area, task group or kind: one pass over the units, so that the parts always make the whole."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from liangxin.coverage.classify import Classification
from liangxin.coverage.rate import Places, Rate
from liangxin.coverage.tally import stand_in


def count_by(
    classification: Classification, by: str, indicators: Sequence[str] | None = None
) -> dict[str | None, dict[str, Rate]]:
    """The rates of every value of the column ``by`` (None: units where it is 待核), averages aside.

    Numerators, denominators and 待核 of the parts add up to those of ``count``. ``indicators``: ids; all when None.
    Raises ColumnNotFoundError for a column the classification does not have.
    """
    wanted = [
        item
        for item in classification.policy.indicators
        if item.measure != "average" and (indicators is None or item.id in indicators)
    ]
    stand = stand_in(classification, wanted).with_columns(classification.frame[by].alias("by"))
    parts = stand.lazy().group_by("by", maintain_order=True)
    sums: list[pl.Expr] = []
    for item in wanted:
        out, miss, meet = (pl.col(f"{place}:{item.id}") for place in ("out", "miss", "meet"))
        sums += [
            pl.col(f"numerator:{item.id}").sum(),
            pl.col(f"denominator:{item.id}").sum(),
            (~out & miss & ~meet).sum().alias(f"only_miss:{item.id}"),
            (~out & ~miss & meet).sum().alias(f"only_meet:{item.id}"),
            (~out & miss & meet).sum().alias(f"miss_or_meet:{item.id}"),
            (out & miss & ~meet).sum().alias(f"out_or_miss:{item.id}"),
            (out & ~miss & meet).sum().alias(f"out_or_meet:{item.id}"),
            (out & miss & meet).sum().alias(f"anywhere:{item.id}"),
        ]
    return {
        row["by"]: {item.id: _rate(row, item.id) for item in wanted}
        for row in parts.agg(sums).collect().iter_rows(named=True)
    }


def count_crossings(
    classification: Classification, by: Sequence[str], indicators: Sequence[str]
) -> pl.DataFrame:
    """Units of the base that are alike in every column of ``by``: those columns, and for each indicator
    ``numerator:ID`` and ``denominator:ID``. One row for each crossing that has a unit of the base; null is 待核."""
    wanted = [item for item in classification.policy.indicators if item.id in indicators]
    sums = [pl.col(f"{part}:{item.id}").sum() for item in wanted for part in ("numerator", "denominator")]
    stand = stand_in(classification, wanted).with_columns(classification.frame.select("in_scope", *by))
    return stand.filter("in_scope").group_by(*by, maintain_order=True).agg(sums)


def _rate(row: dict[str, int], id: str) -> Rate:
    places = Places(
        row[f"only_miss:{id}"],
        row[f"only_meet:{id}"],
        row[f"miss_or_meet:{id}"],
        row[f"out_or_miss:{id}"],
        row[f"out_or_meet:{id}"],
        row[f"anywhere:{id}"],
    )
    return Rate(row[f"numerator:{id}"], row[f"denominator:{id}"], places.unknown, places.low(), places.high())
