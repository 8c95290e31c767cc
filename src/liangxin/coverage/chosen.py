"""From many true/false columns to one column of lists, without building the lists one unit at a time.

A million units share few combinations of rules. Each unit's combination is a number with one bit a rule; the lists are
written once for each different number and looked up.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

_BITS = 62  # of a signed 64-bit number


def chosen(flags: pl.DataFrame, names: Sequence[str] | None = None) -> pl.Series:
    """List(String): for each row the names of the columns that are certainly true, in the columns' order.

    ``flags`` holds Boolean columns (null counts as not certain); ``names`` replace the columns' own names.

    >>> chosen(pl.DataFrame({"a": [True, None], "b": [True, True]})).to_list()
    [['a', 'b'], ['b']]
    """
    labels = list(flags.columns if names is None else names)
    parts = [
        _chosen_few(flags[:, start : start + _BITS], labels[start : start + _BITS])
        for start in range(0, len(labels), _BITS)
    ]
    if not parts:
        return pl.Series("chosen", [[]] * flags.height, dtype=pl.List(pl.String))
    if len(parts) == 1:
        return parts[0]
    return pl.select(pl.concat_list(parts)).to_series().alias("chosen")


def _chosen_few(flags: pl.DataFrame, labels: list[str]) -> pl.Series:
    bits = pl.lit(0, dtype=pl.Int64)
    for place, column in enumerate(flags.columns):
        bits = bits | pl.when(column).then(pl.lit(1 << place, dtype=pl.Int64)).otherwise(0)
    masks = flags.select(bits.alias("mask"))
    different = masks["mask"].unique().to_list()
    lists = [[label for place, label in enumerate(labels) if mask >> place & 1] for mask in different]
    lookup = pl.DataFrame(
        {"mask": different, "chosen": lists}, schema={"mask": pl.Int64, "chosen": pl.List(pl.String)}
    )
    return masks.join(lookup, on="mask", how="left", maintain_order="left")["chosen"]
