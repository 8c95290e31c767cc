"""A sheet as a grid of raw cells, whatever the file: xlsx, xls, ods, csv or txt. Wrong files get one clear message."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from xml.etree import ElementTree

from liangxin.files.delimited import read_delimited
from liangxin.files.formulas import Faults, find_faults, from_text
from liangxin.findings import InputError, Place
from liangxin.wording import Text

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

Cell = Any
"""str, int, float, bool, date, datetime or "" for an empty cell."""

Merge = tuple[tuple[int, int], tuple[int, int]]
"""First and last (row, column) of a merged range, counted from 0."""


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet. ``rows[r][c]`` is the cell in Excel's row r + 1; every row is ``width`` long. ``sheet`` is "" for text files."""

    file: str
    sheet: str
    rows: Sequence[Sequence[Cell]]
    merges: tuple[Merge, ...] = ()
    faults: Faults = field(default_factory=Faults)

    @property
    def width(self) -> int:
        return len(self.rows[0]) if self.rows else 0


_PROGRAMS: Final = {
    "word/document.xml": Text("Word 文档", "a Word document"),
    "ppt/presentation.xml": Text("PowerPoint 演示文稿", "a PowerPoint presentation"),
}


def open_grids(path: Path, sheet: str | None = None) -> list[Grid]:
    """All visible, non-empty sheets of a workbook (only ``sheet`` when it is named), or the one grid of a text file.

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
    if raw.startswith(b"%PDF"):
        raise _refusal(path, "wrong_file", "这是 PDF，不是表格", "This is a PDF, not a table")
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
    rows = read_delimited(path.name, raw)
    if b"'" in raw:
        rows = [[from_text(cell) for cell in row] for row in rows]
    return [Grid(path.name, "", rows)]


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
    if not _can_be_parsed(raw):
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


def _can_be_parsed(raw: bytes) -> bool:
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


def _workbook(path: Path, raw: bytes, sheet: str | None) -> list[Grid]:
    import python_calamine as calamine

    try:
        # by its name a file is parsed a fifth faster, but the name must tell the truth
        named = raw.startswith(b"PK") and path.suffix.lower() in (".xlsx", ".xlsm")
        book = calamine.load_workbook(path if named else io.BytesIO(raw))
        names = _sheets_to_read(path, book, sheet)
        with ThreadPoolExecutor(
            1
        ) as beside:  # the parser lets go of Python's lock: the other core does the scan
            scans = [beside.submit(find_faults, raw, name) for name in names]
            opened = [book.get_sheet_by_name(name) for name in names]
            faults = [scan.result() for scan in scans]
    except calamine.PasswordError:
        raise _protected(path) from None
    except (calamine.CalamineError, *_DAMAGES) as wrong:
        raise _truncated(path) from wrong
    grids = [
        Grid(path.name, name, _rows(found), tuple(found.merged_cell_ranges or ()), faulty)
        for name, found, faulty in zip(names, opened, faults, strict=True)
    ]
    filled = [grid for grid in grids if grid.rows]
    if not filled:
        raise InputError.of(
            "empty_sheet",
            "工作表里没有内容",
            "The sheet is empty",
            place=Place(file=path.name, sheet=names[0] if len(names) == 1 else ""),
        )
    return filled


_DAMAGES: Final = (
    ValueError,
    OSError,
    KeyError,
    EOFError,
    ElementTree.ParseError,
    zipfile.BadZipFile,
    zlib.error,
)


def _sheets_to_read(path: Path, book: CalamineWorkbook, sheet: str | None) -> list[str]:
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    if sheet is not None:
        if sheet not in book.sheet_names:
            names = book.sheet_names
            raise InputError.of(
                "no_such_sheet",
                "没有这个工作表",
                "There is no such sheet",
                place=Place(file=path.name),
                found=sheet,
                accepted=Text("、".join(names), ", ".join(names)),
            )
        return [sheet]
    return [
        item.name
        for item in book.sheets_metadata
        if item.visible == SheetVisibleEnum.Visible and item.typ == SheetTypeEnum.WorkSheet
    ]


def _rows(sheet: CalamineSheet) -> list[list[Cell]]:
    """Rows from Excel's row 1 on, without the empty ones at the end."""
    rows: list[list[Cell]] = sheet.to_python(skip_empty_area=False)
    last = len(rows)
    while last and not any(cell != "" for cell in rows[last - 1]):
        last -= 1
    return rows[:last]
