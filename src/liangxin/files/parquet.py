"""Ledgers in Parquet: canonical column names or Chinese headers, typed or as text."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from liangxin.files.columns import Conversion, read_column
from liangxin.files.grid import Grid
from liangxin.files.headers import Column, find_header
from liangxin.files.panics import is_panic
from liangxin.findings import Finding, InputError, Place, Severity
from liangxin.registry.fields import FIELDS, FieldType, ledger_schema
from liangxin.registry.text import unkept
from liangxin.registry.unit_finding import UnitFinding
from liangxin.wording import Text

if TYPE_CHECKING:
    import polars as pl


def is_parquet(path: Path) -> bool:
    with path.open("rb") as opened:
        return opened.read(4) == b"PAR1"


def read_parquet(path: Path, names: Collection[str]) -> tuple[Conversion, Mapping[str, Column]]:
    """Read a Parquet ledger; cells are checked as those of a workbook are. Also gives where each field stands.

    Raises:
        InputError: damaged, or no name column.
    """
    import polars as pl

    stored = _stored(path)
    header = find_header(Grid(path.name, "", [stored.columns]))
    if header is None or "name" not in header.columns:
        raise InputError.of(
            "missing_column",
            "缺少“单位名称”（name）列",
            'The column "name" (单位名称) is missing',
            place=Place(file=path.name),
            found="、".join(stored.columns[:8]),
            column_of="name",
        )
    series: list[pl.Series] = []
    by_unit: list[UnitFinding] = []
    for name, dtype in ledger_schema().items():
        column = header.columns.get(name)
        if column is None:
            series.append(pl.Series(name, [None], dtype=dtype).new_from_index(0, stored.height))
            continue
        made, found = _column(name, stored.to_series(column.index), column.scale, names)
        series.append(made)
        by_unit += found
    conversion = Conversion(pl.DataFrame(series), by_unit)
    conversion.findings += [
        Finding(
            "unused_column",
            Text("这一列没有用到", "This column is not used"),
            Place(file=path.name, column=column.header),
            severity=Severity.WARNING,
        )
        for column in header.others
    ]
    return conversion, header.columns


def parquet_grid(path: Path) -> Grid:
    """The file as a sheet would show it: column names in row 1, a unit a row below."""
    import polars as pl

    stored = _stored(path)
    lists = [name for name, dtype in stored.schema.items() if dtype == pl.List(pl.String)]
    shown = stored.with_columns(pl.col(name).list.join("；") for name in lists)
    rows = [["" if cell is None else cell for cell in row] for row in shown.iter_rows()]
    return Grid(path.name, "", [stored.columns, *rows])


def _stored(path: Path) -> pl.DataFrame:
    import polars as pl

    try:
        stored = pl.read_parquet(path)
    except BaseException as wrong:
        if isinstance(wrong, (pl.exceptions.PolarsError, OSError)) or is_panic(wrong):
            raise InputError.of(
                "damaged",
                "文件不完整或已损坏，请重新取一份",
                "The file is incomplete or damaged; get it again",
                place=Place(file=path.name),
            ) from wrong
        raise
    if any(unkept(name) for name in stored.columns):
        raise InputError.of(
            "character",
            "列名里有不能保存的字符",
            "A column name holds a character that cannot be kept",
            place=Place(file=path.name),
        )
    return stored


def _column(
    name: str, stored: pl.Series, scale: Decimal, names: Collection[str]
) -> tuple[pl.Series, list[UnitFinding]]:
    import polars as pl

    field = FIELDS[name]
    if stored.dtype == ledger_schema()[name] and field.type is FieldType.BOOLEAN:
        return stored.alias(name), []
    if stored.dtype == pl.List(pl.String):
        stored = stored.list.join(";")
    cells = ["" if cell is None else cell for cell in stored.to_list()]
    return read_column(field, cells, scale, names)
