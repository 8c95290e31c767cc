"""The same workbook back, with an 错误信息 column at its right, the wrong cells in red, and a sheet of all that was found.

A workbook of usual size is edited in a copy, so that formats, other sheets and formulas stay, whatever it is called and
whichever spelling of OOXML it is written in. A large one is written anew with the values of all its visible sheets, merged
cells taken apart; so is one that the editing library cannot open. csv, xls, et, ods and parquet become a workbook with the
same columns. Corrected, it reads again: the error column and the sheet of findings are known and not data.
"""

from __future__ import annotations

import io
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from copy import copy
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from liangxin.files.columns import SHARED_WHEN_MERGED
from liangxin.files.grid import Cell, Grid, open_grids
from liangxin.files.headers import ERROR_COLUMN, column_index, column_letter
from liangxin.files.layout import Layout, Part
from liangxin.files.ledger import LedgerFile
from liangxin.files.parquet import is_parquet, parquet_grid
from liangxin.files.quick_workbook import QuickSheet, write_sheets
from liangxin.files.whole import output_file
from liangxin.findings import Finding, InputError, Place, Severity
from liangxin.registry.fields import FIELDS
from liangxin.wording import Lang, Text

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

EDITABLE_CELLS: Final = 300_000
"""Up to here a workbook is edited in place: openpyxl needs about 45 microseconds a cell to load and save it."""

FINDINGS_SHEET: Final = "检查结果"
"""The sheet that lists every finding, those of columns and sheets too; never data."""

_RED: Final = "FFC7CE"
_AMBER: Final = "FFEB9C"
_RED_INK: Final = "9C0006"
_LONGEST: Final = 32_767  # characters that Excel takes in a cell
_MOST_LISTED: Final = 1_000_000  # rows that a sheet takes
_ERROR_WIDTH: Final = 60
_LEVELS: Final = {Severity.ERROR: Text("错误", "error"), Severity.WARNING: Text("核对", "check")}
_HEADINGS: Final = (
    Text("程度", "Level"),
    Text("工作表", "Sheet"),
    Text("所在行", "Row"),
    Text("表头", "Header"),
    Text("格", "Cell"),
    Text("问题", "Problem"),
    Text("填写的是", "Found"),
    Text("可填", "Accepted"),
)


@dataclass(slots=True)
class _Marks:
    """What to mark in one sheet: sentences by row, and cells (row, column; counted from 1) by severity, the worst winning."""

    sentences: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    cells: dict[tuple[int, int], Severity] = field(default_factory=dict)
    lost_digits: set[tuple[int, int]] = field(default_factory=set)

    @classmethod
    def of(cls, findings: Iterable[Finding], part: Part, lang: Lang) -> _Marks:
        marks = cls()
        for finding in findings:
            row = finding.place.row
            if row is None or finding.place.sheet != part.sheet:
                continue
            if row > part.header_row:
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


def _list_findings(findings: Sequence[Finding], lang: Lang) -> list[list[Cell]]:
    """The sheet of all findings: its header and a row for each."""
    rows: list[list[Cell]] = [[heading.in_language(lang) for heading in _HEADINGS]]
    for finding in findings[:_MOST_LISTED]:
        place = finding.place
        rows.append(
            [
                _LEVELS[finding.severity].in_language(lang),
                place.sheet,
                place.row or "",
                place.column,
                place.cell,
                finding.message.in_language(lang),
                finding.found,
                finding.accepted.in_language(lang) if finding.accepted else "",
            ]
        )
    if len(findings) > _MOST_LISTED:
        more = Text("另有{n}处，工作表里放不下", "{n} more do not fit on a sheet").fill(
            n=len(findings) - _MOST_LISTED
        )
        rows.append(["", "", "", "", "", more.in_language(lang), "", ""])
    return rows


def write_annotated(
    path: Path | str, ledger: LedgerFile, lang: Lang = "zh", progress: Callable[[float], None] | None = None
) -> None:
    """Write the ledger's own file back as a workbook with its findings in it. ``progress`` is told the share done.

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
    marks = {part.sheet: _Marks.of(ledger.findings, part, lang) for part in ledger.layout.parts}
    listed = _list_findings(ledger.findings, lang)
    with output_file(path) as scratch:
        book = _editable(ledger.path)
        if book is None:
            grids = [parquet_grid(ledger.path)] if is_parquet(ledger.path) else open_grids(ledger.path)
            _write_anew(ledger, grids, marks, listed, scratch, progress)
        else:
            _edit(book, ledger.layout, marks, listed)
            book.save(scratch)


def _editable(path: Path) -> Workbook | None:
    """The workbook opened for editing; None where it is no xlsx, too large, or written in a way the library cannot take."""
    import openpyxl

    if not zipfile.is_zipfile(path):
        return None
    raw = path.read_bytes()
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        sheets = [
            name for name in archive.namelist() if name.startswith("xl/worksheets/") and name.endswith(".xml")
        ]
        if "xl/workbook.xml" not in archive.namelist():
            return None
        if sum(_cells(archive.read(name)) for name in sheets) > EDITABLE_CELLS:
            return None
    try:
        # by its content: the library would refuse an xlsx by the name of .xls or .csv
        return openpyxl.load_workbook(io.BytesIO(_in_usual_spelling(raw)))
    except _NOT_TAKEN:
        return None  # the values are kept all the same, written anew


_NOT_TAKEN: Final = (
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    IndexError,
    OSError,
    SyntaxError,  # of the XML parser
    zipfile.BadZipFile,
)
"""What the editing library raises on parts that it did not expect."""


def _cells(xml: bytes) -> int:
    return xml.count(b"<c ") + xml.count(b"<c>") + xml.count(b":c ") + xml.count(b":c>")


_STRICT: Final = b"http://purl.oclc.org/ooxml/"
_SPELLINGS: Final = (
    (
        b"http://purl.oclc.org/ooxml/spreadsheetml/main",
        b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    ),
    (
        b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    ),
    (b"http://purl.oclc.org/ooxml/drawingml/", b"http://schemas.openxmlformats.org/drawingml/2006/"),
    (
        b"http://purl.oclc.org/ooxml/officeDocument/extendedProperties",
        b"http://schemas.openxmlformats.org/officeDocument/2006/extended-properties",
    ),
    (
        b"http://purl.oclc.org/ooxml/officeDocument/customProperties",
        b"http://schemas.openxmlformats.org/officeDocument/2006/custom-properties",
    ),
    (
        b"http://purl.oclc.org/ooxml/officeDocument/docPropsVTypes",
        b"http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes",
    ),
)


def _in_usual_spelling(raw: bytes) -> bytes:
    """A workbook in strict OOXML, as "Strict Open XML" saves it, with the names that all programs know (ISO/IEC 29500-4)."""
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        if _STRICT not in archive.read("xl/workbook.xml"):
            return raw
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as copied:
            for item in archive.infolist():
                content = archive.read(item.filename)
                if item.filename.endswith((".xml", ".rels")):
                    for strict, usual in _SPELLINGS:
                        content = content.replace(strict, usual)
                copied.writestr(item.filename, content)
    return made.getvalue()


# A copy, edited


def _edit(book: Workbook, layout: Layout, marks: dict[str, _Marks], listed: list[list[Cell]]) -> None:
    for part in layout.parts:
        _mark_sheet(book[part.sheet], part, marks[part.sheet])
    if FINDINGS_SHEET in book.sheetnames:
        del book[FINDINGS_SHEET]
    sheet = book.create_sheet(FINDINGS_SHEET)
    for number, row in enumerate(listed, start=1):
        for index, value in enumerate(row, start=1):
            if value != "":
                cell = sheet.cell(number, index)
                cell.value = value if isinstance(value, int) else _safe(str(value))
                if isinstance(value, str):
                    cell.data_type = "s"  # what was found may begin with "="
    sheet.freeze_panes = "A2"
    for letter, width in zip("ABCDEFGH", (6, 12, 8, 22, 9, 60, 30, 40), strict=True):
        sheet.column_dimensions[letter].width = width


def _safe(text: str) -> str:
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    return ILLEGAL_CHARACTERS_RE.sub("", text)[:_LONGEST]


def _mark_sheet(sheet: Worksheet, part: Part, marks: _Marks) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill

    fills = {
        Severity.ERROR: PatternFill("solid", fgColor=_RED),
        Severity.WARNING: PatternFill("solid", fgColor=_AMBER),
    }
    column = _error_column(sheet, part.header_row, last=max(c.index for c in part.columns.values()) + 1)
    _clear_former_marks(sheet)
    neighbour = sheet.cell(part.header_row, column - 1)
    top = sheet.cell(part.header_row, column, ERROR_COLUMN)
    for look in ("font", "fill", "border", "alignment"):
        setattr(top, look, copy(getattr(neighbour, look)))
    for row in sorted({*part.rows, *marks.sentences}):
        text = _safe(marks.text(row))
        cell = sheet.cell(row, column)
        if type(cell).__name__ == "MergedCell":
            continue  # a note over the whole width: its finding is in the sheet of findings
        cell.value = text or None
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        cell.font = Font(color=_RED_INK)
    for (row, index), severity in marks.cells.items():
        sheet.cell(row, index).fill = fills[severity]
    for row, index in marks.lost_digits:
        sheet.cell(row, index).number_format = "@"  # so that the code typed again stays whole
    sheet.column_dimensions[column_letter(column - 1)].width = _ERROR_WIDTH


def _error_column(sheet: Worksheet, header_row: int, last: int) -> int:
    """The error column of an earlier check, else the first one right of everything in the header row."""
    for cell in sheet[header_row]:
        if cell.value == ERROR_COLUMN:
            return int(cell.column)
        if cell.value not in (None, ""):
            last = max(last, int(cell.column))
    return last + 1


def _clear_former_marks(sheet: Worksheet) -> None:
    """Take away what an earlier check coloured; a cell that is still wrong is coloured again. Only cells that exist are
    looked at: asking for rows would make those in between, up to row 1,048,576."""
    from openpyxl.styles import PatternFill

    for cell in list(sheet._cells.values()):
        if (
            cell.has_style
            and cell.fill.fill_type == "solid"
            and cell.fill.fgColor.rgb in (f"00{_RED}", f"00{_AMBER}", f"FF{_RED}", f"FF{_AMBER}")
        ):
            cell.fill = PatternFill()


# A new workbook with the same cells


def _write_anew(
    ledger: LedgerFile,
    grids: Sequence[Grid],
    marks: dict[str, _Marks],
    listed: list[list[Cell]],
    scratch: Path,
    progress: Callable[[float], None] | None,
) -> None:
    parts = {part.sheet: part for part in ledger.layout.parts}
    sheets = [
        _marked(_taken_apart(grid, parts[grid.sheet]), parts[grid.sheet], marks[grid.sheet])
        if grid.sheet in parts
        else QuickSheet(grid.sheet, grid.rows)
        for grid in grids
        if not grid.hidden and grid.sheet != FINDINGS_SHEET
    ]
    sheets.append(QuickSheet(FINDINGS_SHEET, listed, header=1, width=len(_HEADINGS)))
    total = sum(len(grid.rows) for grid in grids) + len(listed)
    tell = progress or (lambda _: None)
    write_sheets(scratch, sheets, lambda rows: tell(rows / max(total, 1)))


def _marked(grid: Grid, part: Part, marks: _Marks) -> QuickSheet:
    top = grid.rows[part.header_row - 1]
    column = next((index for index, cell in enumerate(top) if cell == ERROR_COLUMN), grid.width)
    texts = {row: marks.text(row) for row in marks.sentences}
    colours = {Severity.ERROR: 1, Severity.WARNING: 2}
    return QuickSheet(
        grid.sheet or "台账",
        grid.rows,
        {cell: colours[severity] for cell, severity in marks.cells.items()},
        header=part.header_row,
        width=grid.width,
        last_column=column,
        last={part.header_row: ERROR_COLUMN, **texts},
    )


def _taken_apart(grid: Grid, part: Part) -> Grid:
    """Merged cells taken apart so that each row says what it said: in the header and in shared columns the value is
    repeated; a number that stood for several rows stays with the first; a title over the whole width stays one cell."""
    rows: list[Sequence[Cell]] = list(grid.rows)
    shared = {c.index for name, c in part.columns.items() if FIELDS[name].type in SHARED_WHEN_MERGED}
    for (first_row, first), (last_row, last) in grid.merges:
        below = first_row >= part.header_row
        if (below and first not in shared) or 2 * (last - first + 1) > grid.width:
            continue
        for number in range(first_row, min(last_row + 1, len(rows))):
            row = list(rows[number])
            row[first : last + 1] = [grid.rows[first_row][first]] * (last - first + 1)
            rows[number] = row
    return Grid(grid.file, grid.sheet, rows)
