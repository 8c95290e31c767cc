"""The same workbook back, with an 错误信息 column at its right and the wrong cells in red.

A workbook of usual size is edited in a copy, so that formats, other sheets and formulas stay. Editing 100,000 rows
takes minutes (decision 0031), so a large one is written anew with the values of all its sheets, merged cells taken
apart; csv, xls and parquet become a workbook with the same columns. Corrected, it reads again: the error column is
known and not data.
"""

from __future__ import annotations

import zipfile
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from liangxin.files.columns import SHARED_WHEN_MERGED
from liangxin.files.grid import Cell, Grid, open_grids
from liangxin.files.headers import ERROR_COLUMN, column_index, column_letter
from liangxin.files.ledger import Layout, LedgerFile
from liangxin.files.parquet import is_parquet, parquet_grid
from liangxin.files.whole import output_file
from liangxin.findings import Finding, InputError, Place, Severity
from liangxin.registry.fields import FIELDS
from liangxin.wording import Lang, Text

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet as XlsxWorksheet

EDITABLE_CELLS: Final = 300_000
"""Up to here a workbook is edited in place: openpyxl needs about 45 microseconds a cell to load and save it."""

_RED: Final = "FFC7CE"
_AMBER: Final = "FFEB9C"
_RED_INK: Final = "9C0006"
_LONGEST: Final = 32_767  # characters that Excel takes in a cell
_ERROR_WIDTH: Final = 60


@dataclass(slots=True)
class _Marks:
    """What to mark: sentences by row, and cells (row, column; counted from 1) by severity, the worst winning."""

    sentences: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    cells: dict[tuple[int, int], Severity] = field(default_factory=dict)
    lost_digits: set[tuple[int, int]] = field(default_factory=set)

    @classmethod
    def of(cls, findings: Iterable[Finding], header_row: int, lang: Lang) -> _Marks:
        marks = cls()
        for finding in findings:
            row = finding.place.row
            if row is None or row <= header_row:
                continue
            marks.sentences[row].append(_sentence(finding, lang))
            if not finding.place.cell:
                continue
            cell = (row, column_index(finding.place.cell.rstrip("0123456789")) + 1)
            if finding.severity is Severity.ERROR or cell not in marks.cells:
                marks.cells[cell] = finding.severity
            if finding.code == "lost_digits":
                marks.lost_digits.add(cell)
        return marks

    def text(self, row: int) -> str:
        return "\n".join(self.sentences.get(row, ()))[:_LONGEST]


def _sentence(finding: Finding, lang: Lang) -> str:
    """The finding without its row: it stands in that row."""
    placed = Finding(
        finding.code,
        finding.message,
        Place(column=finding.place.column),
        accepted=finding.accepted,
        severity=finding.severity,
    )
    note = "" if finding.severity is Severity.ERROR else Text("（核对）", "(check) ").in_language(lang)
    return note + placed.sentence(lang)


def write_annotated(path: Path | str, ledger: LedgerFile, lang: Lang = "zh") -> None:
    """Write the ledger's own file back as a workbook with its findings in it.

    Raises:
        InputError: ``path`` is not .xlsx or is the ledger itself.
        OSError: whatever the disk says; a former file is untouched then.
    """
    path = Path(path)
    if path.suffix.lower() != ".xlsx":
        raise InputError.of(
            "file_ending",
            "带错误信息的表要存成 .xlsx",
            "The workbook with the errors is an .xlsx",
            place=Place(file=path.name),
            found=path.suffix,
            accepted=Text(".xlsx", ".xlsx"),
        )
    if path.exists() and path.samefile(ledger.path):
        raise InputError.of(
            "same_file",
            "不能覆盖原来的台账，请换一个文件名",
            "The ledger itself is not overwritten; choose another name",
            place=Place(file=path.name),
        )
    marks = _Marks.of(ledger.findings, ledger.layout.header_row, lang)
    grids = [parquet_grid(ledger.path)] if is_parquet(ledger.path) else open_grids(ledger.path)
    cells = sum(len(grid.rows) * grid.width for grid in grids)
    with output_file(path) as scratch:
        if _is_xlsx(ledger.path) and cells <= EDITABLE_CELLS:
            _edit(ledger, marks, scratch)
        else:
            _write_anew(ledger, grids, marks, scratch)


def _is_xlsx(path: Path) -> bool:
    if not zipfile.is_zipfile(path):
        return False
    with zipfile.ZipFile(path) as archive:
        return "xl/workbook.xml" in archive.namelist()


# A copy, edited


def _edit(ledger: LedgerFile, marks: _Marks, scratch: Path) -> None:
    import openpyxl
    from openpyxl.styles import Alignment, Font, PatternFill

    book = openpyxl.load_workbook(ledger.path)
    sheet: Worksheet = book[ledger.layout.sheet]
    header_row = ledger.layout.header_row
    fills = {
        Severity.ERROR: PatternFill("solid", fgColor=_RED),
        Severity.WARNING: PatternFill("solid", fgColor=_AMBER),
    }
    column = _error_column(sheet, header_row, last=max(c.index for c in ledger.layout.columns.values()) + 1)
    _clear_former_marks(sheet, header_row)
    neighbour = sheet.cell(header_row, column - 1)
    top = sheet.cell(header_row, column, ERROR_COLUMN)
    for part in ("font", "fill", "border", "alignment"):
        setattr(top, part, copy(getattr(neighbour, part)))
    for row in ledger.layout.rows:
        text = marks.text(row)
        cell = sheet.cell(row, column)
        cell.value = text or None
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        cell.font = Font(color=_RED_INK)
    for (row, index), severity in marks.cells.items():
        sheet.cell(row, index).fill = fills[severity]
    for row, index in marks.lost_digits:
        sheet.cell(row, index).number_format = "@"  # so that the code typed again stays whole
    sheet.column_dimensions[column_letter(column - 1)].width = _ERROR_WIDTH
    book.save(scratch)


def _error_column(sheet: Worksheet, header_row: int, last: int) -> int:
    """The error column of an earlier check, else the first one right of everything in the header row."""
    for cell in sheet[header_row]:
        if cell.value == ERROR_COLUMN:
            return int(cell.column)
        if cell.value not in (None, ""):
            last = max(last, int(cell.column))
    return last + 1


def _clear_former_marks(sheet: Worksheet, header_row: int) -> None:
    """Take away what an earlier check coloured; a cell that is still wrong is coloured again."""
    from openpyxl.styles import PatternFill

    for row in sheet.iter_rows(min_row=header_row + 1):
        for cell in row:
            if (
                cell.has_style
                and cell.fill.fill_type == "solid"
                and cell.fill.fgColor.rgb in (f"00{_RED}", f"00{_AMBER}")
            ):
                cell.fill = PatternFill()


# A new workbook with the same cells


def _write_anew(ledger: LedgerFile, grids: Sequence[Grid], marks: _Marks, scratch: Path) -> None:
    import xlsxwriter

    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(str(scratch), options) as book:
        looks = _Looks(book)
        for grid in grids:
            if grid.sheet == ledger.layout.sheet:
                _write_ledger_grid(
                    book, _taken_apart(grid, ledger.layout), looks, marks, ledger.layout.header_row
                )
            else:
                sheet = book.add_worksheet(grid.sheet)
                for number, row in enumerate(grid.rows):
                    for index, cell in enumerate(row):
                        if cell != "":
                            _write_cell(sheet, number, index, cell, looks)


def _taken_apart(grid: Grid, layout: Layout) -> Grid:
    """Merged cells taken apart so that each row says what it said: in the header and in shared columns the value is
    repeated; a number that stood for several rows stays with the first; a title over the whole width stays one cell."""
    rows: list[Sequence[Cell]] = list(grid.rows)
    shared = {c.index for name, c in layout.columns.items() if FIELDS[name].type in SHARED_WHEN_MERGED}
    for (first_row, first), (last_row, last) in grid.merges:
        below = first_row >= layout.header_row
        if (below and first not in shared) or 2 * (last - first + 1) > grid.width:
            continue
        for number in range(first_row, min(last_row + 1, len(rows))):
            row = list(rows[number])
            row[first : last + 1] = [grid.rows[first_row][first]] * (last - first + 1)
            rows[number] = row
    return Grid(grid.file, grid.sheet, rows)


class _Looks:
    """The formats of a workbook written anew: by kind of cell and mark."""

    def __init__(self, book: Workbook) -> None:
        fills: Mapping[Severity | None, dict[str, Any]] = {
            None: {},
            Severity.ERROR: {"bg_color": f"#{_RED}"},
            Severity.WARNING: {"bg_color": f"#{_AMBER}"},
        }
        base = {"font_name": "宋体", "font_size": 10}
        self.text = {
            mark: book.add_format({**base, **fill, "num_format": "@"}) for mark, fill in fills.items()
        }
        self.number = {mark: book.add_format({**base, **fill}) for mark, fill in fills.items()}
        self.day = {
            mark: book.add_format({**base, **fill, "num_format": "yyyy-mm-dd"})
            for mark, fill in fills.items()
        }
        self.header = book.add_format({**base, "bold": True, "text_wrap": True, "bg_color": "#EDEDED"})
        self.error = book.add_format({**base, "font_color": f"#{_RED_INK}", "text_wrap": True})


def _write_ledger_grid(book: Workbook, grid: Grid, looks: _Looks, marks: _Marks, header_row: int) -> None:
    sheet = book.add_worksheet(grid.sheet or "台账")
    top = grid.rows[header_row - 1]
    error_column = next((index for index, cell in enumerate(top) if cell == ERROR_COLUMN), grid.width)
    sheet.freeze_panes(header_row, 0)
    sheet.set_column(0, grid.width - 1, 12)
    sheet.set_column(error_column, error_column, _ERROR_WIDTH)
    for number, row in enumerate(grid.rows):
        is_header = number < header_row
        for index, cell in enumerate(row):
            mark = marks.cells.get((number + 1, index + 1))
            if index != error_column and (cell != "" or mark is not None):
                _write_cell(sheet, number, index, cell, looks, mark, is_header=is_header)
        text = ERROR_COLUMN if number == header_row - 1 else marks.text(number + 1)
        if text:
            sheet.write_string(number, error_column, text, looks.header if is_header else looks.error)


def _write_cell(
    sheet: XlsxWorksheet,
    row: int,
    column: int,
    cell: Cell,
    looks: _Looks,
    mark: Severity | None = None,
    *,
    is_header: bool = False,
) -> None:
    if isinstance(cell, bool):
        sheet.write_boolean(row, column, cell, looks.number[mark])
    elif isinstance(cell, (int, float)):
        sheet.write_number(row, column, cell, looks.number[mark])
    elif isinstance(cell, (datetime, date)):
        sheet.write_datetime(row, column, cell, looks.day[mark])  # type: ignore[call-overload]  # takes dates too
    elif isinstance(cell, (time, timedelta)):
        sheet.write_string(row, column, str(cell), looks.text[mark])
    elif cell == "":
        sheet.write_blank(row, column, None, looks.text[mark])
    else:
        sheet.write_string(row, column, str(cell), looks.header if is_header else looks.text[mark])
