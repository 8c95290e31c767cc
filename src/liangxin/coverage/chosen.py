"""From many true/false columns to one column of names, without building the names one unit at a time.

A million units share few combinations of rules. Each unit's combination is a number with one bit a rule; the lists are
written once for each different number and looked up.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

_BITS = 62  # of a signed 64-bit number


def chosen(frame: pl.DataFrame, columns: Sequence[str], names: Sequence[str] | None = None) -> pl.Series:
    """List(String): for each row the names of the Boolean ``columns`` that are certainly true, in their order.

    Null counts as not certain; ``names`` stand in for the columns' own.

    >>> chosen(pl.DataFrame({"a": [True, None], "b": [True, True]}), ["a", "b"]).to_list()
    [['a', 'b'], ['b']]
    """
    labels = list(columns if names is None else names)
    parts = [
        _chosen_few(frame, columns[start : start + _BITS], labels[start : start + _BITS])
        for start in range(0, max(len(labels), 1), _BITS)
    ]
    if len(parts) == 1:
        return parts[0]
    return pl.select(pl.concat_list(parts)).to_series().alias("chosen")


def first_certain(
    frame: pl.DataFrame, columns: Sequence[str], names: Sequence[str], otherwise: str | None = None
) -> pl.Series:
    """String: for each row the name of the first of ``columns`` that is certainly true, else ``otherwise``.

    >>> first_certain(pl.DataFrame({"x": [True, None, False], "y": [True, True, None]}), ["x", "y"], ["X", "Y"]).to_list()
    ['X', 'Y', None]
    """
    places: list[pl.Expr] = [
        pl.when(column).then(pl.lit(place, dtype=pl.UInt32)) for place, column in enumerate(columns)
    ]
    place = pl.coalesce([*places, pl.lit(len(names), dtype=pl.UInt32)])
    # with_columns, not select: without any column the literal alone would be one row long.
    found = frame.with_columns(place.alias("place"))["place"]
    return pl.Series("first", [*names, otherwise], dtype=pl.String).gather(found)


def _chosen_few(frame: pl.DataFrame, columns: Sequence[str], labels: list[str]) -> pl.Series:
    bits = pl.lit(0, dtype=pl.Int64)
    for place, column in enumerate(columns):
        bits = bits | pl.when(column).then(pl.lit(1 << place, dtype=pl.Int64)).otherwise(0)
    masks = frame.with_columns(bits.alias("mask")).select("mask")
    different = masks["mask"].unique().to_list()
    lists = [[label for place, label in enumerate(labels) if mask >> place & 1] for mask in different]
    lookup = pl.DataFrame(
        {"mask": different, "chosen": lists}, schema={"mask": pl.Int64, "chosen": pl.List(pl.String)}
    )
    return masks.join(lookup, on="mask", how="left", maintain_order="left")["chosen"]
