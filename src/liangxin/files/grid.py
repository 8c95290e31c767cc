"""A sheet as a grid of raw cells, whatever the file: xlsx, xls, ods, csv or txt. Wrong files get one clear message."""

from __future__ import annotations

import io
import struct
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from liangxin.files.delimited import read_delimited
from liangxin.files.far_cells import Trimmed, without_far_cells
from liangxin.files.formulas import from_text
from liangxin.files.panics import is_panic
from liangxin.files.sheet_facts import Position, SheetFacts, find_facts
from liangxin.findings import Finding, InputError, Place
from liangxin.wording import Text

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

Cell = Any
"""str, int, float, bool, date, datetime or "" for an empty cell."""

Merge = tuple[tuple[int, int], tuple[int, int]]
"""First and last (row, column) of a merged range, counted from 0."""


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet. ``rows[r][c]`` is the cell in Excel's row r + 1; every row is ``width`` long. ``sheet`` is "" for text files.

    ``far``: filled cells too far from the table to be part of it, not in ``rows``; ``hidden``: the sheet is; ``cut``: a
    text that ends in the middle of a row.
    """

    file: str
    sheet: str
    rows: Sequence[Sequence[Cell]]
    merges: tuple[Merge, ...] = ()
    facts: SheetFacts = field(default_factory=SheetFacts)
    far: tuple[Position, ...] = ()
    hidden: bool = False
    cut: bool = False

    @property
    def width(self) -> int:
        return len(self.rows[0]) if self.rows else 0


_PROGRAMS: Final = {
    "word/document.xml": Text("Word 文档", "a Word document"),
    "ppt/presentation.xml": Text("PowerPoint 演示文稿", "a PowerPoint presentation"),
}


_OTHER_KINDS: Final[dict[bytes, Text]] = {
    b"%PDF": Text(" PDF", "a PDF"),
    b"Rar!": Text("压缩包（rar）", "an archive (rar)"),
    b"7z\xbc\xaf": Text("压缩包（7z）", "an archive (7z)"),
    b"\x1f\x8b": Text("压缩包（gz）", "an archive (gz)"),
    b"BZh": Text("压缩包（bz2）", "an archive (bz2)"),
    b"\xfd7zXZ": Text("压缩包（xz）", "an archive (xz)"),
    b"\x89PNG": Text("图片（png）", "a picture (png)"),
    b"\xff\xd8\xff": Text("图片（jpg）", "a picture (jpg)"),
    b"GIF8": Text("图片（gif）", "a picture (gif)"),
    b"II*\x00": Text("图片（tif）", "a picture (tif)"),
    b"MM\x00*": Text("图片（tif）", "a picture (tif)"),
    b"RIFF": Text("图片或音像文件", "a picture, sound or film"),
    b"ID3": Text("音像文件", "a sound file"),
    b"{\\rtf": Text("RTF 文档", "an RTF document"),
    b"MZ": Text("程序", "a program"),
    b"SQLite format 3": Text("数据库文件", "a database file"),
}
"""First bytes of files that are sent as tables by mistake, often under a new name."""


def _other_kind(raw: bytes) -> Text | None:
    if raw.startswith(b"BM") and raw[2:6] == len(raw).to_bytes(4, "little"):
        return Text("图片（bmp）", "a picture (bmp)")
    if raw[4:8] == b"ftyp":
        return Text("图片或音像文件", "a picture, sound or film")
    return next((kind for begin, kind in _OTHER_KINDS.items() if raw.startswith(begin)), None)


def open_grids(path: Path, sheet: str | None = None) -> list[Grid]:
    """All sheets of a workbook that are not empty (only ``sheet`` when it is named), or the one grid of a text file.
    Of a hidden sheet that is not named only the first rows are there.

    Raises:
        InputError: the file is empty, truncated, protected, of another kind, or has no such sheet.
        OSError: the file cannot be opened.
    """
    raw = path.read_bytes()
    if not raw.strip(b"\x00\r\n\t "):
        raise _refusal(path, "empty_file", "文件是空的", "The file is empty")
    if raw.startswith(b"PK"):
        _check_archive(path, raw)
        return _workbook(path, raw, sheet)
    if raw.startswith(b"\xd0\xcf\x11\xe0"):
        _check_compound(path, raw)
        return _workbook(path, raw, sheet)
    kind = _other_kind(raw)
    if kind is not None:
        raise _refusal(
            path,
            "wrong_file",
            f"这是{kind.zh}，不是表格",
            f"This is {kind.en}, not a table",
        )
    if (
        raw.lstrip(b"\xef\xbb\xbf \r\n\t")[:200]
        .lower()
        .startswith((b"<html", b"<!doctype html", b"<table", b"<?xml"))
    ):
        raise _refusal(
            path,
            "web_page",
            "这是网页格式的表格（有的系统导出的 .xls 就是这样）。请用 Excel 或 WPS 打开，另存为 .xlsx 后再用",
            "This is a web page (some systems export such .xls). Open it in Excel and save it as .xlsx",
        )
    if sheet is not None:
        raise _refusal(
            path,
            "no_sheets",
            "文本文件没有工作表，请去掉 --sheet",
            "A text file has no sheets; leave out --sheet",
        )
    rows, cut = read_delimited(path.name, raw)
    if b"'" in raw or b'="' in raw:
        rows = [[from_text(cell) for cell in row] for row in rows]
    return [Grid(path.name, "", rows, cut=cut)]


def visible_grids(path: Path, sheet: str | None = None) -> list[Grid]:
    """As ``open_grids``, without the sheets that are hidden and not named.

    Raises:
        InputError: as ``open_grids``; or all that is filled is hidden.
        OSError: the file cannot be opened.
    """
    grids = open_grids(path, sheet)
    visible = [grid for grid in grids if sheet is not None or not grid.hidden]
    if not visible:
        names = [grid.sheet for grid in grids]
        raise InputError.of(
            "hidden_sheet",
            "有内容的工作表都是隐藏的。请取消隐藏，或用 --sheet 指定",
            "All sheets with content are hidden. Unhide them, or name one with --sheet",
            place=Place(file=path.name),
            found="、".join(names),
        )
    return visible


def _refusal(path: Path, code: str, zh: str, en: str, accepted: Text | None = None) -> InputError:
    return InputError.of(code, zh, en, place=Place(file=path.name), accepted=accepted)


def _truncated(path: Path) -> InputError:
    return _refusal(
        path,
        "damaged",
        "文件不完整或已损坏（可能没有下载完、没有复制完）。请重新取一份",
        "The file is incomplete or damaged (perhaps not fully downloaded or copied). Get it again",
    )


def _check_archive(path: Path, raw: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            names = set(archive.namelist())
    except zipfile.BadZipFile:
        raise _truncated(path) from None
    for inside, what in _PROGRAMS.items():
        if inside in names:
            raise _refusal(path, "wrong_file", f"这是{what.zh}，不是表格", f"This is {what.en}, not a table")
    if not names & {"xl/workbook.xml", "xl/workbook.bin", "content.xml"}:
        raise _refusal(path, "wrong_file", "这是压缩包，不是表格", "This is an archive, not a table")


def _check_compound(path: Path, raw: bytes) -> None:
    """The old container of Office also holds encrypted new workbooks and old Word files."""
    if "EncryptedPackage".encode("utf-16-le") in raw:
        raise _protected(path)
    if "WordDocument".encode("utf-16-le") in raw:
        raise _refusal(path, "wrong_file", "这是 Word 文档，不是表格", "This is a Word document, not a table")
    if not can_be_parsed(raw):
        raise _truncated(path)


_TRIAL: Final = """
import io, sys, python_calamine
try:
    book = python_calamine.load_workbook(io.BytesIO(sys.stdin.buffer.read()))
    for name in book.sheet_names:
        book.get_sheet_by_name(name).to_python()
except (python_calamine.CalamineError, ValueError, OSError):
    pass  # said by the process that asks
"""


def can_be_parsed(raw: bytes) -> bool:
    """Whether the parser lives through an old workbook. A damaged one can make it ask for hundreds of gigabytes and
    end the whole process without a word, so it is tried in another one first."""
    trial = subprocess.run([sys.executable, "-c", _TRIAL], input=raw, capture_output=True, check=False)
    return trial.returncode == 0


def _protected(path: Path) -> InputError:
    return _refusal(
        path,
        "protected",
        "文件有打开密码。请在 Excel 或 WPS 里去掉密码后再用",
        "The workbook is protected by a password. Remove it in Excel first",
    )


HIDDEN_ROWS: Final = 60
"""Rows of a hidden sheet that are looked at: enough to see whether it is a ledger."""


def _workbook(path: Path, raw: bytes, sheet: str | None) -> list[Grid]:
    import python_calamine as calamine

    try:
        trimmed = without_far_cells(raw)
        _refuse_too_large(path, trimmed)
        # by its name a file is parsed a fifth faster, but the name must tell the truth
        named = trimmed.raw is raw and raw.startswith(b"PK") and path.suffix.lower() in (".xlsx", ".xlsm")
        book = calamine.load_workbook(path if named else io.BytesIO(trimmed.raw))
        sheets = _sheets_to_read(path, book, sheet)
        with ThreadPoolExecutor(
            1
        ) as beside:  # the parser lets go of Python's lock: the other core does the scan
            scan = beside.submit(find_facts, trimmed.raw, book.sheet_names, trimmed.sheets)
            opened = [book.get_sheet_by_name(name) for name, _ in sheets]
            facts = scan.result()
        grids = [
            Grid(
                path.name,
                name,
                _rows(
                    found, facts.get(name, SheetFacts()), HIDDEN_ROWS if hidden and sheet is None else None
                ),
                tuple(found.merged_cell_ranges or ()),
                facts.get(name, SheetFacts()),
                trimmed.far.get(name, ()),
                hidden,
            )
            for (name, hidden), found in zip(sheets, opened, strict=True)
        ]
    except calamine.PasswordError:
        raise _protected(path) from None
    except BaseException as wrong:
        if isinstance(wrong, (calamine.CalamineError, *_damages())) or is_panic(wrong):
            raise _truncated(path) from wrong
        raise
    filled = [grid for grid in grids if grid.rows]
    if not filled:
        raise InputError.of(
            "empty_sheet",
            "工作表里没有内容",
            "The sheet is empty",
            place=Place(file=path.name, sheet=grids[0].sheet if len(grids) == 1 else ""),
        )
    return filled


def _refuse_too_large(path: Path, trimmed: Trimmed) -> None:
    if trimmed.too_large:
        raise InputError(
            Finding(
                "too_large",
                Text(
                    f"工作表大到第{rows:,}行、第{columns:,}列，多半是误填了很远的格子。请删去多余的行和列",
                    f"The sheet reaches row {rows:,} and column {columns:,}; most likely far cells were filled by mistake. Delete the rows and columns beyond",
                ),
                Place(file=path.name, sheet=sheet),
            )
            for sheet, (rows, columns) in trimmed.too_large.items()
        )


def _damages() -> tuple[type[Exception], ...]:
    """What a damaged file makes the readers raise."""
    from lxml.etree import LxmlError

    return (ValueError, OSError, KeyError, EOFError, struct.error, zipfile.BadZipFile, zlib.error, LxmlError)


def _sheets_to_read(path: Path, book: CalamineWorkbook, sheet: str | None) -> list[tuple[str, bool]]:
    """Names of worksheets, and whether each is hidden."""
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    if sheet is not None and sheet not in book.sheet_names:
        names = book.sheet_names
        raise InputError.of(
            "no_such_sheet",
            "没有这个工作表",
            "There is no such sheet",
            place=Place(file=path.name),
            found=sheet,
            accepted=Text("、".join(names), ", ".join(names)),
        )
    return [
        (item.name, item.visible != SheetVisibleEnum.Visible)
        for item in book.sheets_metadata
        if item.typ == SheetTypeEnum.WorkSheet and sheet in (None, item.name)
    ]


def _rows(sheet: CalamineSheet, facts: SheetFacts, most: int | None) -> list[list[Cell]]:
    """Rows from Excel's row 1 on, without the empty ones at the end; numbers shown with leading zeros have them."""
    rows: list[list[Cell]] = sheet.to_python(skip_empty_area=False, nrows=most)
    for cells in rows:  # "_x0000_" in the file: a character that nobody sees and no database keeps
        for at, value in enumerate(cells):
            if value.__class__ is str and "\x00" in value:
                cells[at] = value.replace("\x00", "")
    last = len(rows)
    while last and not any(cell != "" for cell in rows[last - 1]):
        last -= 1
    for (row, column), digits in facts.padded.items():
        cell = rows[row][column] if row < last and column < len(rows[row]) else ""
        if isinstance(cell, (int, float)) and float(cell).is_integer() and cell >= 0:
            rows[row][column] = f"{int(cell):0{digits}d}"
    return rows[:last]
