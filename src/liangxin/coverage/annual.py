"""The table of the national annual return: the base on the leaves of the status tree, by the return's columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

import polars as pl

from liangxin.coverage.classify import UNDECIDED_STATUS, Classification
from liangxin.policy.model import ReturnColumn, StatusLeaf
from liangxin.policy.names import ORGANIZATION_TYPES
from liangxin.wording import Text

Level = Literal["total", "group", "leaf", "part"]
GROUPS: Final[Mapping[str, Text]] = {
    "separate": Text("单独组建", "separate"),
    "joint": Text("联合组建", "joint"),
    "none": Text("未建立", "none"),
}
UNDECIDED: Final = Text("待核", "not yet known")
TOTAL: Final = Text("合计", "all")


@dataclass(frozen=True, slots=True)
class Count:
    """Units that certainly belong in a cell, and those of the row whose column is 待核."""

    certain: int
    unknown: int = 0


@dataclass(frozen=True, slots=True)
class ReturnRow:
    """``part`` rows (committee, general branch, branch) split the leaf above them and are not added again."""

    id: str
    label: Text
    level: Level
    counts: dict[str, Count]  # by column id


@dataclass(frozen=True, slots=True)
class AnnualReturn:
    """Leaves are mutually exclusive: in every column the leaves' certain counts add up to the total's.

    ``joint_branches``: different organizations of the units in joint branches, as far as the ledger names them.
    """

    columns: tuple[tuple[str, Text], ...]
    rows: tuple[ReturnRow, ...]
    joint_branches: int


def annual_return(
    classification: Classification, organization_types: Mapping[str, str] | None = None
) -> AnnualReturn:
    """The table over the base. ``organization_types``: type by organization id, from the town file; with it the
    leaves that the return splits by type have ``part`` rows, and a last one for organizations of unknown type."""
    policy = classification.policy
    base = classification.frame.filter("in_scope")
    columns = _columns(policy.return_columns)
    marked = base.lazy().with_columns(when.alias(f"column:{id}") for id, _, when in columns).collect()
    rows = [_row("all", TOTAL, "total", marked, columns)]
    for group, label in GROUPS.items():
        leaves = [leaf for leaf in policy.statuses if leaf.group == group]
        inside = marked.filter(pl.col("status").is_in([leaf.id for leaf in leaves]))
        rows.append(_row(f"group:{group}", label, "group", inside, columns))
        for leaf in leaves:
            units = inside.filter(pl.col("status") == leaf.id)
            rows.append(_row(leaf.id, leaf.label, "leaf", units, columns))
            rows += _parts(leaf, units, columns, organization_types)
    rows.append(
        _row(
            UNDECIDED_STATUS, UNDECIDED, "leaf", marked.filter(pl.col("status") == UNDECIDED_STATUS), columns
        )
    )
    joint = [form.id for form in policy.forms.values() if form.arrangement == "joint"]
    branches = (
        base.filter(pl.col("organization_form").is_in(joint))["organization_id"].drop_nulls().n_unique()
    )
    return AnnualReturn(tuple((id, label) for id, label, _ in columns), tuple(rows), branches)


_Column = tuple[str, Text, pl.Expr]


def _columns(columns: Iterable[ReturnColumn]) -> list[_Column]:
    return [
        (column.id, column.label, pl.lit(True) if column.when is None else column.when.polars())
        for column in columns
    ]


def _row(id: str, label: Text, level: Level, units: pl.DataFrame, columns: list[_Column]) -> ReturnRow:
    counts = {
        column: Count(int(units[f"column:{column}"].sum() or 0), units[f"column:{column}"].null_count())
        for column, _, _ in columns
    }
    return ReturnRow(id, label, level, counts)


def _parts(
    leaf: StatusLeaf, units: pl.DataFrame, columns: list[_Column], types: Mapping[str, str] | None
) -> list[ReturnRow]:
    if types is None or not leaf.also_by:
        return []
    kind = units["organization_id"].replace_strict(types, default=None, return_dtype=pl.String)
    rows = [
        _row(f"{leaf.id}:{type_}", ORGANIZATION_TYPES[type_], "part", units.filter(kind == type_), columns)
        for type_ in leaf.also_by
    ]
    other = units.filter(~kind.is_in(list(leaf.also_by)).fill_null(False))
    label = Text("类型待核或其他", "other or not yet known type")
    return [*rows, _row(f"{leaf.id}:other", label, "part", other, columns)]
