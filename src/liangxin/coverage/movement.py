"""What changes for whom when the rule changes: the same ledger under two policies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import polars as pl

from liangxin.coverage.classify import Classification, classify
from liangxin.coverage.rate import Rate
from liangxin.coverage.tally import count
from liangxin.policy.model import Policy
from liangxin.wording import Text

ASPECTS: Final[dict[str, Text]] = {
    "in_scope": Text("基数", "base"),
    "classes": Text("类别", "classes"),
    "required": Text("必须覆盖", "must be covered"),
    "asked_form": Text("要求的形式", "form asked for"),
    "possible_forms": Text("可行形式", "forms possible"),
    "status": Text("年报状态", "status"),
    "conflicts": Text("冲突", "conflicts"),
}


@dataclass(frozen=True, slots=True)
class Movement:
    """``moves``: ``unit_id``, ``name``, ``aspect``, ``before``, ``after`` (words joined by " "; null = nothing).

    ``rates``: by indicator id the rate under either policy; None where a policy does not have that indicator.
    """

    before: Policy
    after: Policy
    units: int
    moves: pl.DataFrame
    rates: dict[str, tuple[Rate | None, Rate | None]]

    def counts(self) -> dict[str, int]:
        """Units that move, by aspect; an aspect in which nobody moves has 0."""
        found = dict(self.moves.group_by("aspect").len().iter_rows())
        return {aspect: found.get(aspect, 0) for aspect in ASPECTS}


def movement(ledger: pl.DataFrame, before: Policy, after: Policy) -> Movement:
    """Classify ``ledger`` by both policies and list every difference, by aspect and in the ledger's order."""
    old, new = classify(ledger, before), classify(ledger, after)
    tables = [_moved(old, new, aspect) for aspect in ASPECTS]
    old_rates, new_rates = count(old), count(new)
    rates = {
        id: (old_rates.get(id), new_rates.get(id))
        for id in [*old_rates, *(i for i in new_rates if i not in old_rates)]
    }
    return Movement(before, after, ledger.height, pl.concat(tables), rates)


def _moved(old: Classification, new: Classification, aspect: str) -> pl.DataFrame:
    pair = pl.DataFrame(
        {
            "unit_id": old.frame["unit_id"],
            "name": old.frame["name"],
            "aspect": [aspect] * old.frame.height,
            "before": _plain(old.frame[aspect]),
            "after": _plain(new.frame[aspect]),
        },
        schema_overrides={"aspect": pl.String, "before": pl.String, "after": pl.String},
    )
    return pair.filter(pl.col("before").ne_missing(pl.col("after")))


def _plain(values: pl.Series) -> pl.Series:
    if values.dtype == pl.List(pl.String):
        joined = values.list.join(" ")
        return pl.select(pl.when(joined != "").then(joined)).to_series()
    return values.cast(pl.String)
