"""A sheet's columns become the typed columns of the ledger frame; what a cell could not say becomes a finding.

Most cells of a column repeat, so each different cell is read once; columns of plain numbers are checked as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from liangxin.files.grid import Cell, Grid
from liangxin.files.headers import Column, Header, column_letter
from liangxin.findings import Finding, Place, Severity
from liangxin.registry.fields import FIELDS, Field, FieldType, ledger_schema
from liangxin.registry.numbers import ONE
from liangxin.registry.reading import Reading
from liangxin.registry.spellings import NO_ORGANIZATION
from liangxin.registry.unit_finding import UnitFinding
from liangxin.registry.values import FORMULA_ERROR, read_value, taken_as_written
from liangxin.wording import Text

if TYPE_CHECKING:
    import polars as pl

_BLOCK: Final = 1024
_NUMERIC: Final = (FieldType.INTEGER, FieldType.NUMBER)
SHARED_WHEN_MERGED: Final = (FieldType.REFERENCE, FieldType.REFERENCES, FieldType.CHOICE, FieldType.DATE)
"""What one cell merged over several rows says of each of them; a merged number belongs to nobody knows whom."""


@dataclass(slots=True)
class Conversion:
    """``by_unit``: findings about cells; ``findings``: about the sheet as a whole."""

    frame: pl.DataFrame
    by_unit: list[UnitFinding] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def convert(grid: Grid, header: Header, units: Sequence[int], names: Collection[str]) -> Conversion:
    """Read the cells of ``units`` (rows of the grid) by the header. Columns that are not there are null."""
    import polars as pl

    by_unit: list[UnitFinding] = []
    series: list[pl.Series] = []
    cells = _columns(grid, units)
    for name, dtype in ledger_schema().items():
        column = header.columns.get(name)
        if column is None:
            series.append(pl.Series(name, [None], dtype=dtype).new_from_index(0, len(units)))
            continue
        column_cells = cells[column.index]
        by_unit += _share_merged(grid, column, FIELDS[name], units, column_cells)
        if grid.facts.day_shift and FIELDS[name].type is FieldType.DATE:
            column_cells = [_shifted(cell, grid.facts.day_shift) for cell in column_cells]
        made, found = read_column(FIELDS[name], column_cells, column.scale, names)
        series.append(made)
        by_unit += found
    frame = pl.DataFrame(series)
    if "organization_id" in header.columns:
        frame = _none_said(frame, cells[header.columns["organization_id"].index])
    members = header.columns.get("full_members")
    if members is not None and members.less:
        frame, found = subtract_part(frame, members.less)
        by_unit += found
    if header.all_members is not None:
        by_unit += _compare_with_all(frame, cells[header.all_members.index])
    by_column, in_cells = _faulty_formulas(grid, header, units)
    return Conversion(frame, by_unit + in_cells, by_column)


def _shifted(cell: Cell, days: int) -> Cell:
    """A bare day number in the calendar of 1900: the workbook counts its days from 1904."""
    is_day = isinstance(cell, (int, float)) and not isinstance(cell, bool) and 3_000 <= cell < 80_000
    return cell + days if is_day else cell


def subtract_part(frame: pl.DataFrame, part: str) -> tuple[pl.DataFrame, list[UnitFinding]]:
    """Full members from all members: what was read as full ones, less a part of them. Where the part is not known the
    full ones are not known either, unless there are none at all."""
    import polars as pl

    every, of_which = frame["full_members"].to_list(), frame[part].to_list()
    full: list[int | None] = []
    found: list[UnitFinding] = []
    for unit, (whole, some) in enumerate(zip(every, of_which, strict=True)):
        if whole is None or (whole == 0 and some is None):
            full.append(whole)
        elif some is None:
            full.append(None)
            message = Text(
                f"党员总数{whole}名，其中预备党员没有填，正式党员数按待核处理",
                f"{whole} members in all, probationary ones not filled in: full members are not known",
            )
            found.append(
                UnitFinding(
                    unit,
                    Finding("part_not_known", message, severity=Severity.WARNING, column_of="full_members"),
                )
            )
        elif some > whole:
            full.append(None)
            message = Text(
                f"预备党员（{some}）多于党员总数（{whole}）",
                f"More probationary members ({some}) than members in all ({whole})",
            )
            found.append(UnitFinding(unit, Finding("part_exceeds_whole", message, column_of=part)))
        else:
            full.append(whole - some)
    return frame.with_columns(pl.Series("full_members", full, dtype=pl.Int64)), found


def _compare_with_all(frame: pl.DataFrame, cells: list[Cell]) -> list[UnitFinding]:
    """Units whose members do not add up to the count of all that stands beside them."""
    every, _ = read_column(FIELDS["full_members"], cells)
    parts = frame.select("full_members", "probationary_members", "mobile_members").rows()
    found: list[UnitFinding] = []
    for unit, (whole, (full, probationary, mobile)) in enumerate(zip(every.to_list(), parts, strict=True)):
        if whole is None or full is None:
            continue
        own = full + (probationary or 0)
        fits = whole in (own, own + (mobile or 0)) or (probationary is None and whole > full)
        if not fits:
            message = Text(
                f"党员总数（{whole}）不等于正式（{full}）加预备（{probationary or 0}）",
                f"All members ({whole}) are not full ({full}) and probationary ({probationary or 0}) ones together",
            )
            found.append(
                UnitFinding(
                    unit,
                    Finding(
                        "members_do_not_add_up",
                        message,
                        severity=Severity.WARNING,
                        column_of="full_members",
                    ),
                )
            )
    return found


def _none_said(frame: pl.DataFrame, organizations: list[Cell]) -> pl.DataFrame:
    """«无» or «未建» under 所属党组织 says that there is none, which is more than not yet known: the form is "none"."""
    import polars as pl

    said = [isinstance(cell, str) and cell.strip() in NO_ORGANIZATION for cell in organizations]
    return frame.with_columns(
        organization_form=pl.when(pl.Series(said) & pl.col("organization_form").is_null())
        .then(pl.lit("none"))
        .otherwise("organization_form"),
        organization_id=pl.when(~pl.Series(said)).then("organization_id"),
    )


def _columns(grid: Grid, units: Sequence[int]) -> list[list[Cell]]:
    """The columns of some rows, turned round block by block: a whole large sheet at once would miss every cache."""
    columns: list[list[Cell]] = [[] for _ in range(grid.width)]
    for start in range(0, len(units), _BLOCK):
        rows = [grid.rows[row] for row in units[start : start + _BLOCK]]
        for column, cells in zip(columns, zip(*rows, strict=True), strict=True):
            column.extend(cells)
    return columns


def read_column(
    field: Field, cells: list[Cell], scale: Decimal = ONE, names: Collection[str] = ()
) -> tuple[pl.Series, list[UnitFinding]]:
    """One column typed as the field's, with the findings of its cells (units counted from 0)."""
    import polars as pl

    dtype = ledger_schema()[field.name]
    if field.type in _NUMERIC and scale == ONE:
        numbers = _plain_numbers(field, cells)
        if numbers is not None:
            return numbers, []
    different = dict.fromkeys(cells)
    texts_only = set(map(type, different)) <= {str}
    tagged = not texts_only and bool in set(map(type, cells))  # True == 1 would share one reading
    keys: list[Any] = [(type(cell), cell) for cell in cells] if tagged else cells
    values = _Values(field, scale, names, tagged=tagged)
    if texts_only:
        values.update((text, text) for text in taken_as_written(field, different))
    read = list(map(values.__getitem__, keys))
    found = [
        UnitFinding(unit, _finding(field, reading, cells[unit]))
        for unit, key in (enumerate(keys) if values.remarks else ())
        if (reading := values.remarks.get(key)) is not None
    ]
    if field.type is FieldType.REFERENCES:  # splitting in one go is far quicker than a series for every cell
        joined = ["\x1f".join(cell) if cell is not None else None for cell in read]
        return pl.Series(field.name, joined, dtype=pl.String).str.split("\x1f"), found
    return pl.Series(field.name, read, dtype=dtype, strict=True), found


class _Values(dict[Any, Any]):
    """Cell: the value it reads as, found when first asked for. ``remarks``: what was said about a cell."""

    def __init__(self, field: Field, scale: Decimal, names: Collection[str], *, tagged: bool) -> None:
        super().__init__()
        self.field, self.scale, self.names, self.tagged = field, scale, names, tagged
        self.remarks: dict[Any, Reading] = {}

    def __missing__(self, key: Any) -> Any:
        cell = key[1] if self.tagged else key
        reading = read_value(self.field, cell, scale=self.scale, names=self.names)
        if reading.code:
            self.remarks[key] = reading
        self[key] = reading.value
        return reading.value


def _plain_numbers(field: Field, cells: list[Cell]) -> pl.Series | None:
    """The column at once when every cell is a number in range or empty; None when any needs a closer look."""
    import polars as pl

    known: list[float | None] = [None if cell == "" else cell for cell in cells]
    if not set(map(type, known)) <= {float, int, type(None)}:
        return None
    try:
        numbers = pl.Series(field.name, known, dtype=pl.Float64, strict=False)
    except OverflowError:  # an integer beyond any float
        return None
    if numbers.len() == numbers.null_count():
        return numbers.cast(ledger_schema()[field.name])
    fits = numbers.is_finite().all()
    if field.minimum is not None:
        fits = fits and (numbers >= field.minimum).all()
    if field.maximum is not None:
        fits = fits and (numbers <= field.maximum).all()
    if field.type is FieldType.INTEGER:
        fits = fits and bool((numbers.abs() < 2**53).all()) and (numbers == numbers.floor()).all()
    return numbers.cast(ledger_schema()[field.name]) if fits else None


def _finding(field: Field, reading: Reading, cell: Cell) -> Finding:
    assert reading.message is not None  # a reading with a code has a message
    return Finding(
        reading.code,
        reading.message,
        found=_shown(reading.code, cell),
        accepted=reading.accepted,
        severity=reading.severity,
        column_of=field.name,
    )


def _shown(code: str, cell: Cell) -> str:
    """The cell as a person would recognise it. An identity number is masked: not even a message stores one."""
    if isinstance(cell, float) and cell.is_integer():
        return f"{cell:.0f}"
    text = str(cell).strip()
    if code == "identity_number":
        return re.sub(r"\d{15,}[\dXx]?", lambda run: run[0][:3] + "*" * (len(run[0]) - 3), text)
    return text if len(text) <= 60 else text[:59] + "…"


def _share_merged(
    grid: Grid, column: Column, field: Field, units: Sequence[int], cells: list[Cell]
) -> list[UnitFinding]:
    """A cell merged over several units: shared where that makes sense, else pointed at."""
    found: list[UnitFinding] = []
    spans = [
        (first[0], last[0])
        for first, last in grid.merges
        if first[1] <= column.index <= last[1] and last[0] > first[0]
    ]
    if not spans:
        return found
    unit_of = {row: unit for unit, row in enumerate(units)}
    for first_row, last_row in spans:
        covered = [unit_of[row] for row in range(first_row, last_row + 1) if row in unit_of]
        value = grid.rows[first_row][column.index]
        if len(covered) < 2 or value == "":
            continue
        if field.type in SHARED_WHEN_MERGED:
            for unit in covered:
                cells[unit] = value
            continue
        found.append(
            UnitFinding(
                covered[0],
                Finding(
                    "merged_cell",
                    Text(
                        f"合并了{len(covered)}行的单元格，只算第一行的，其余按待核处理",
                        f"A cell merged over {len(covered)} rows counts for the first one; the others are not known",
                    ),
                    found=str(value),
                    severity=Severity.WARNING,
                    column_of=field.name,
                ),
            )
        )
    return found


def _faulty_formulas(
    grid: Grid, header: Header, units: Sequence[int]
) -> tuple[list[Finding], list[UnitFinding]]:
    """One finding a column for formulas that were never computed (one remedy helps them all), one a cell for errors."""
    if not grid.facts.unvalued and not grid.facts.errors:
        return [], []
    unit_of = {row: unit for unit, row in enumerate(units)}
    fields = {column.index: (name, column) for name, column in header.columns.items()}
    unvalued: dict[int, list[int]] = {}
    for row, index in grid.facts.unvalued:
        # a row of which nothing was computed looks empty: its formulas are said as well
        if index in fields and row > header.last and (row in unit_of or _is_blank(grid, row)):
            unvalued.setdefault(index, []).append(row)
    by_column = [
        Finding(
            "formula_without_value",
            Text(
                f"{len(rows)}个公式没有算出的值。请用 Excel 或 WPS 打开文件，保存一次后再用",
                f"{len(rows)} formulas have no computed value. Open the file in Excel and save it once",
            ),
            Place(
                grid.file,
                grid.sheet,
                rows[0] + 1,
                fields[index][1].header,
                f"{column_letter(index)}{rows[0] + 1}",
            ),
            column_of=fields[index][0],
        )
        for index, rows in unvalued.items()
    ]
    by_unit = [
        UnitFinding(unit_of[row], Finding("formula_error", FORMULA_ERROR, column_of=fields[index][0]))
        for row, index in grid.facts.errors
        if index in fields and row in unit_of
    ]
    return by_column, by_unit


def _is_blank(grid: Grid, row: int) -> bool:
    return row >= len(grid.rows) or all(cell == "" for cell in grid.rows[row])
