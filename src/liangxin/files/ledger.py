"""The ledger in and out: xlsx, xls, csv and parquet become one frame with every finding by cell, and back."""

from __future__ import annotations

import difflib
import gc
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from liangxin.files.columns import Conversion, convert
from liangxin.files.grid import Grid, open_grids
from liangxin.files.headers import Column, Header, column_letter, find_header, plain, with_mapping
from liangxin.files.ledger_writing import write_ledger
from liangxin.files.parquet import is_parquet, read_parquet
from liangxin.files.rows import SKIPPED, unit_rows
from liangxin.findings import Finding, InputError, Place, Severity
from liangxin.registry.checks import check_units
from liangxin.registry.fields import FIELDS, Reader
from liangxin.registry.identity import give_ids
from liangxin.registry.references import resolve_references, resolve_units
from liangxin.registry.unit_finding import UnitFinding
from liangxin.wording import Text

if TYPE_CHECKING:
    import polars as pl

    from liangxin.registry.town import Town

__all__ = ["LedgerFile", "read_ledger", "write_ledger"]


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the ledger stood in its file, so that findings name cells and the file can be given back.

    ``rows[i]`` is the row of unit i as Excel numbers it; ``header_row`` the last row of the header.
    """

    file: str
    sheet: str
    header_row: int
    rows: Sequence[int]
    columns: Mapping[str, Column]
    unknown: tuple[str, ...] = ()  # headers of columns that are no field

    def place(self, unit: int, field: str = "") -> Place:
        """The cell of a field of a unit; only the row where the file has no such column."""
        row = self.rows[unit]
        column = self.columns.get(field)
        if column is None:
            return Place(file=self.file, sheet=self.sheet, row=row)
        return Place(
            file=self.file,
            sheet=self.sheet,
            row=row,
            column=column.header,
            cell=f"{column_letter(column.index)}{row}",
        )


@dataclass(frozen=True, slots=True)
class LedgerFile:
    """A ledger as read. ``frame`` has exactly ``ledger_schema()``; a cell that could not be read is null there and an
    ERROR in ``findings``, which are in the order of the sheet. Callers decide whether errors stop them."""

    frame: pl.DataFrame
    findings: tuple[Finding, ...]
    path: Path
    layout: Layout

    @property
    def errors(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.severity is Severity.ERROR)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.severity is Severity.WARNING)

    def accepted(self) -> LedgerFile:
        """The same ledger when it has no errors.

        Raises:
            InputError: all errors at once.
        """
        if self.errors:
            raise InputError(self.errors)
        return self


def read_ledger(
    path: Path | str,
    *,
    town: Town | None = None,
    sheet: str | None = None,
    mapping: Mapping[str, str] | None = None,
) -> LedgerFile:
    """Read a ledger and check it.

    Args:
        path: xlsx, xls, ods, csv, txt or parquet; told by content, not by name.
        town: when given, areas, associations, groups, instructors and organizations become its ids; unknown ones are
            errors with the nearest names.
        sheet: the sheet to read; else the one that looks most like a ledger.
        mapping: further headers of this town's lists: header as written -> field name, "" for a column to leave out.

    Raises:
        InputError: the file cannot be used at all: wrong kind, protected, damaged, no header, no names, no such sheet.
        OSError: the file cannot be opened.
    """
    path = Path(path)
    with _without_cycle_collection():
        if is_parquet(path):
            conversion, columns = read_parquet(path, _known_names(town))
            layout = Layout(path.name, "", 1, range(2, conversion.frame.height + 2), columns)
        else:
            grid, header, others = _choose(path, open_grids(path, sheet), mapping or {})
            layout, conversion = _read_grid(path, grid, header, _known_names(town))
            conversion.findings += others
        return _checked(path, conversion, layout, town)


@contextmanager
def _without_cycle_collection() -> Iterator[None]:
    """Millions of new lists and strings make Python look for garbage cycles again and again; there are none."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _known_names(town: Town | None) -> frozenset[str]:
    return frozenset() if town is None else frozenset(item.name for item in town.associations)


# Finding the sheet and its header


def _choose(path: Path, grids: list[Grid], mapping: Mapping[str, str]) -> tuple[Grid, Header, list[Finding]]:
    """The sheet whose header names the most fields, checked to be a ledger's; a word about others that could be one."""
    found = [
        (grid, with_mapping(header, mapping)) for grid in grids if (header := find_header(grid)) is not None
    ]
    if not found:
        raise _no_header(path, grids)
    grid, header = max(found, key=lambda pair: len(pair[1].columns))
    _refuse_register(grid, header)
    _refuse_incomplete(path, grid, header)
    others = [
        Finding(
            "other_sheet",
            Text(
                "这张工作表也像台账，没有读；要读它，用 --sheet 指定",
                "This sheet looks like a ledger too and was not read; name it with --sheet to read it",
            ),
            Place(file=path.name, sheet=other.sheet),
            severity=Severity.WARNING,
        )
        for other, its in found
        if other is not grid and "name" in its.columns and len(its.columns) >= _LEDGER_LIKE
    ]
    return grid, header, others


_LEDGER_LIKE: Final = 3  # fields that a sheet names at least when it is a ledger as well


def _no_header(path: Path, grids: list[Grid]) -> InputError:
    first = grids[0]
    seen = [str(cell) for row in first.rows[:5] for cell in row if cell != ""][:6]
    return InputError.of(
        "no_header",
        "没有找到台账的表头；表头里至少要有“单位名称”",
        "No ledger header was found; it needs at least a column 单位名称 (name)",
        place=Place(file=path.name, sheet=first.sheet),
        found="、".join(seen),
    )


_REGISTER_WORDS: Final = frozenset(
    {
        "注册日期",
        "成立日期",
        "注册资金",
        "注册资本",
        "经营范围",
        "注册地址",
        "住所",
        "登记机关",
        "核准日期",
        "法定代表人",
    }
)


def _refuse_register(grid: Grid, header: Header) -> None:
    """A business-register export has names and codes but nothing that a survey finds out."""
    words = {column.header for column in header.others if plain(column.header) in _REGISTER_WORDS}
    surveyed = [
        name
        for name in header.columns
        if FIELDS[name].reader is not Reader.REGISTER and name not in ("state", "staff", "remark")
    ]
    if len(words) >= 2 and not surveyed:
        raise InputError.of(
            "register_not_ledger",
            "这是工商登记导出表，不是摸底台账。请先用 liangxin register 把它变成台账",
            "This is a business-register export, not a survey ledger. Turn it into one with liangxin register first",
            place=Place(file=grid.file, sheet=grid.sheet, row=header.last + 1),
            found="、".join(sorted(words)),
        )


def _refuse_incomplete(path: Path, grid: Grid, header: Header) -> None:
    place = Place(file=path.name, sheet=grid.sheet, row=header.last + 1)
    findings: list[Finding] = []
    if "name" not in header.columns:
        label = FIELDS["name"].label
        accepted = (label.zh, *FIELDS["name"].aliases)
        close = difflib.get_close_matches(
            label.zh, [column.header for column in header.others], n=1, cutoff=0.5
        )
        findings.append(
            Finding(
                "missing_column",
                Text("缺少“单位名称”列", 'The column 单位名称 ("name") is missing'),
                place,
                found=close[0] if close else "",
                accepted=Text("、".join(accepted), ", ".join(accepted)),
                column_of="name",
            )
        )
    findings += [
        Finding(
            "double_header",
            Text("两列的表头相同，不知用哪一列", "Two columns have the same header; one must go"),
            replace(place, column=second.header, cell=f"{column_letter(second.index)}{place.row}"),
            found=f"{column_letter(first.index)}、{column_letter(second.index)}",
            column_of=name,
        )
        for name, first, second in header.doubled
    ]
    if findings:
        raise InputError(findings)


# From cells to a frame


def _read_grid(path: Path, grid: Grid, header: Header, names: frozenset[str]) -> tuple[Layout, Conversion]:
    sorted_rows = unit_rows(grid, header)
    if not sorted_rows.units:
        raise InputError.of(
            "no_units",
            "表头下面没有单位",
            "There are no units below the header",
            place=Place(file=path.name, sheet=grid.sheet, row=header.last + 1),
        )
    layout = Layout(
        path.name,
        grid.sheet,
        header.last + 1,
        [row + 1 for row in sorted_rows.units],
        header.columns,
        tuple(column.header for column in header.others),
    )
    conversion = convert(grid, header, sorted_rows.units, names)
    conversion.findings.extend(_about_the_sheet(grid, header, sorted_rows.skipped))
    return layout, conversion


def _about_the_sheet(grid: Grid, header: Header, skipped: Mapping[str, list[int]]) -> Iterator[Finding]:
    """What was left out of the sheet: rows that are no units, columns that are no fields."""
    place = Place(file=grid.file, sheet=grid.sheet)
    for kind, rows in skipped.items():
        shown = "、".join(str(row + 1) for row in rows[:20]) + ("…" if len(rows) > 20 else "")
        shown_en = shown.replace("、", ", ")
        yield Finding(
            kind,
            Text(
                f"跳过{SKIPPED[kind].zh}{len(rows)}行：第{shown}行",
                f"Skipped {len(rows)} {SKIPPED[kind].en}: {shown_en}",
            ),
            place,
            severity=Severity.WARNING,
        )
    known = [field.label.zh for field in FIELDS.values()]
    for column in header.others:
        close = difflib.get_close_matches(column.header, known, n=1, cutoff=0.6)
        yield Finding(
            "unused_column",
            Text("这一列没有用到", "This column is not used"),
            replace(
                place,
                row=header.last + 1,
                column=column.header,
                cell=f"{column_letter(column.index)}{header.last + 1}",
            ),
            accepted=Text(f"如果是“{close[0]}”，请把表头改成这样", f"if it is {close[0]}, name it so")
            if close and close[0] not in (header.columns[n].header for n in header.columns)
            else None,
            severity=Severity.WARNING,
        )


# Checks, and findings in the order of the sheet


def _checked(path: Path, conversion: Conversion, layout: Layout, town: Town | None) -> LedgerFile:
    frame, given = give_ids(conversion.frame)
    found = [*conversion.by_unit, *given]
    if town is not None:
        frame, unresolved = resolve_references(frame, town)
        found += unresolved
    frame, unlinked = resolve_units(frame)
    found += unlinked
    found += check_units(frame, town)
    placed = [_placed(item, layout) for item in found]
    order = {name: column.index for name, column in layout.columns.items()}
    placed.sort(key=lambda finding: (finding.place.row or 0, order.get(finding.column_of, -1)))
    return LedgerFile(frame, (*conversion.findings, *placed), path, layout)


def _placed(item: UnitFinding, layout: Layout) -> Finding:
    finding = item.finding
    message = finding.message
    if item.related:
        rows = "、".join(str(layout.rows[unit]) for unit in item.related[:10])
        message = message.fill(rows=Text(rows, rows.replace("、", ", ")))
    return replace(finding, message=message, place=layout.place(item.unit, finding.column_of))
