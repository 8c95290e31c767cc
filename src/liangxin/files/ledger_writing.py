"""Writes a ledger as an office hands it in: xlsx ready to print, csv that Excel opens without garbling, or parquet.

What is written reads back as the same frame. Texts are written as texts, so a cell that begins with "=" is no formula.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from liangxin.files.formulas import as_text
from liangxin.files.headers import STAMP_COLUMN
from liangxin.files.stamps import PROPERTY
from liangxin.files.whole import output_file
from liangxin.findings import InputError, Place
from liangxin.registry.fields import FIELDS, Field, FieldType, ledger_schema
from liangxin.wording import Text

if TYPE_CHECKING:
    import polars as pl
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

A3: Final = 8
_LARGE: Final = 20_000  # units from which rows are written out as they come, with little memory
_FROZEN_COLUMNS: Final = 3  # number, code, name
_TITLE, _MEASURE, _HEADER = 0, 1, 2
_FIRST: Final = 3
SIGNATURES: Final = "填表人：              审核人：              填报日期：              （盖章）"
_WIDTHS: Final = {"unit_id": 12, "uscc": 21, "name": 30, "association": 18, "reason_none": 18, "remark": 18}
_TEXT_WIDTH: Final = 12
_NUMBER_WIDTH: Final = 8.5
_PAGE_WIDTH: Final = 270  # half-width characters across an A3 page at 80%, below which it is hard to read


def write_ledger(
    path: Path | str,
    frame: pl.DataFrame,
    *,
    title: str = "两新组织摸底台账",
    columns: Sequence[str] | None = None,
    stamps: Stamps | None = None,
) -> None:
    """Write a ledger; the kind of file by the ending: .xlsx, .csv (UTF-8 with BOM) or .parquet.

    Args:
        frame: of ``ledger_schema()``.
        title: stands above the table (xlsx only).
        columns: fields to write, in the ledger's order; None for all. Left-out ones read back as not yet known.
        stamps: from which state each row is, for a ledger that comes back (xlsx: a hidden column; csv: the last one).

    Raises:
        InputError: another ending.
        OSError: whatever the disk says; a former file is untouched then.
    """
    path = Path(path)
    names = [name for name in FIELDS if columns is None or name in columns]
    kind = path.suffix.lower()
    if kind not in (".xlsx", ".csv", ".parquet"):
        raise InputError.of(
            "file_ending",
            "不能写成这种文件",
            "This kind of file cannot be written",
            place=Place(file=path.name),
            found=path.suffix,
            accepted=Text(".xlsx、.csv、.parquet", ".xlsx, .csv, .parquet"),
        )
    with output_file(path) as scratch:
        if kind == ".xlsx":
            _write_workbook(scratch, frame, names, title, stamps)
        elif kind == ".csv":
            _write_csv(scratch, frame, names, stamps)
        else:
            frame.select(names).cast({name: ledger_schema()[name] for name in names}).write_parquet(scratch)


@dataclass(frozen=True, slots=True)
class Stamps:
    """``state``: of the ledger as a whole; ``rows``: of each unit, in the order of the frame."""

    state: str
    rows: Sequence[str]


def header(field: Field) -> str:
    """The column's header, with 万元 where money is counted in it."""
    return f"{field.label.zh}({field.unit.zh})" if field.unit and field.unit.zh == "万元" else field.label.zh


def _words(frame: pl.DataFrame, names: Sequence[str]) -> list[list[Any]]:
    """Columns as people read them: choices and yes/no in Chinese, several values with "；"."""
    import polars as pl

    columns: list[list[Any]] = []
    for name in names:
        field, column = FIELDS[name], frame[name]
        if field.choices is not None:
            column = column.replace({value: word.zh for value, word in field.choices.items()})
        elif field.type is FieldType.BOOLEAN:
            column = column.replace_strict({True: "是", False: "否"}, return_dtype=pl.String)
        elif field.type is FieldType.REFERENCES:
            column = column.list.join("；")
        columns.append(column.to_list())
    return columns


def _write_csv(path: Path, frame: pl.DataFrame, names: Sequence[str], stamps: Stamps | None) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow([*(header(FIELDS[name]) for name in names), *([STAMP_COLUMN] if stamps else [])])
        columns = (
            [as_text(words) if isinstance(words, str) else words for words in column]
            for column in _words(frame, names)
        )
        writer.writerows(zip(*columns, *([stamps.rows] if stamps else []), strict=True))


def _write_workbook(
    path: Path, frame: pl.DataFrame, names: Sequence[str], title: str, stamps: Stamps | None
) -> None:
    import xlsxwriter

    options: dict[str, Any] = {"strings_to_formulas": False, "strings_to_urls": False}
    if frame.height > _LARGE:
        options["constant_memory"] = True
    with xlsxwriter.Workbook(str(path), options) as book:
        if stamps is not None:
            book.set_custom_property(PROPERTY, stamps.state)
        draw_ledger(book, frame, names, title, stamps)


def draw_ledger(
    book: Workbook, frame: pl.DataFrame, names: Sequence[str], title: str, stamps: Stamps | None = None
) -> None:
    """Add the ledger's sheet to a workbook that holds other sheets as well."""
    sheet = book.add_worksheet("台账")
    _page(sheet, names, frame.height, hidden=stamps is not None)
    formats = [_format(book, FIELDS[name]) for name in names]
    large = frame.height > _LARGE
    for index, name in enumerate(names):
        # codes typed into rows below stay text; in a large ledger the column's format also frames its empty cells
        loose = formats[index] if large else _format(book, FIELDS[name], framed=False)
        sheet.set_column(index, index, _width(FIELDS[name]), loose)
    _head(book, sheet, names, title)
    columns = _words(frame, names)
    if stamps is not None:
        plain_text = book.add_format({"num_format": "@"})
        sheet.set_column(len(names), len(names), None, plain_text, {"hidden": True})
        sheet.write_string(_HEADER, len(names), STAMP_COLUMN, plain_text)
        columns, formats = [*columns, list(stamps.rows)], [*formats, plain_text]
    _rows(sheet, columns, names, formats, blanks=not large)
    plain = book.add_format({"font_name": "宋体", "font_size": 10})
    sheet.set_row(_FIRST + frame.height + 1, None, plain)
    sheet.write_string(_FIRST + frame.height + 1, 0, SIGNATURES, plain)


def _page(sheet: Worksheet, names: Sequence[str], units: int, *, hidden: bool) -> None:
    """A3 across, header and first columns on every page, page numbers; on screen they stay as well.

    All 42 columns on one page would be print for ants: as many pages side by side as keep it readable. ``hidden``: a
    column more is sorted and filtered with the rest, and not printed.
    """
    columns, last = len(names), _FIRST + units + 1
    kept = sum(_width(FIELDS[name]) for name in names[:_FROZEN_COLUMNS])
    rest = sum(_width(FIELDS[name]) for name in names[_FROZEN_COLUMNS:])
    across = max(1, math.ceil(rest / (_PAGE_WIDTH - kept)))
    sheet.set_paper(A3)
    sheet.set_landscape()
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.fit_to_pages(across, 0)
    sheet.repeat_rows(_HEADER)
    if across > 1:
        sheet.repeat_columns(0, _FROZEN_COLUMNS - 1)
    sheet.print_area(0, 0, last, columns - 1)
    sheet.set_footer("&C第 &P 页，共 &N 页")
    sheet.freeze_panes(_FIRST, min(_FROZEN_COLUMNS, columns))
    sheet.autofilter(_HEADER, 0, max(_FIRST + units - 1, _HEADER), columns - 1 + int(hidden))


def _head(book: Workbook, sheet: Worksheet, names: Sequence[str], title: str) -> None:
    big = book.add_format({"font_name": "黑体", "font_size": 18, "valign": "vcenter"})
    small = book.add_format({"font_name": "宋体", "font_size": 10})
    sheet.set_row(_TITLE, 30, big)
    sheet.write_string(_TITLE, 0, title, big)
    sheet.set_row(_MEASURE, None, small)
    sheet.write_string(_MEASURE, 0, "单位：家、人、万元。空白表示待核，不是0，也不是“否”。", small)
    sheet.set_row(_HEADER, 32)
    look = book.add_format(
        {
            "font_name": "宋体",
            "font_size": 10,
            "bold": True,
            "align": "center",
            "valign": "vcenter",
            "text_wrap": True,
            "border": 1,
            "bg_color": "#EDEDED",
        }
    )
    for index, name in enumerate(names):
        sheet.write_string(_HEADER, index, header(FIELDS[name]), look)


def _width(field: Field) -> float:
    if field.name in _WIDTHS:
        return _WIDTHS[field.name]
    if field.type in (FieldType.INTEGER, FieldType.NUMBER, FieldType.BOOLEAN):
        return _NUMBER_WIDTH + 1 if field.name in ("lon", "lat", "revenue") else _NUMBER_WIDTH
    return _TEXT_WIDTH


def _format(book: Workbook, field: Field, *, framed: bool = True) -> Format:
    look: dict[str, Any] = {"font_name": "宋体", "font_size": 10, "border": int(framed), "valign": "vcenter"}
    if field.type is FieldType.DATE:
        look |= {"num_format": "yyyy-mm-dd", "align": "center"}
    elif field.name in ("lon", "lat"):
        look |= {"num_format": "0.000000"}
    elif field.type is FieldType.NUMBER:
        look |= {"num_format": "#,##0.##"}
    elif field.type is FieldType.INTEGER:
        look |= {"num_format": "#,##0"}
    else:
        look |= {"num_format": "@"}
        if field.type in (FieldType.BOOLEAN, FieldType.CHOICE):
            look |= {"align": "center"}
    return book.add_format(look)


def _rows(
    sheet: Worksheet,
    columns: Sequence[Sequence[Any]],
    names: Sequence[str],
    formats: Sequence[Format],
    *,
    blanks: bool,
) -> None:
    """``blanks``: frame the empty cells one by one."""
    writers: list[Callable[..., object]] = []
    for name in (*names, *[""] * (len(columns) - len(names))):
        if not name:
            writers.append(sheet.write_string)
            continue
        kind = FIELDS[name].type
        if kind in (FieldType.INTEGER, FieldType.NUMBER):
            writers.append(sheet.write_number)
        else:
            writers.append(sheet.write_datetime if kind is FieldType.DATE else sheet.write_string)
    for number, row in enumerate(zip(*columns, strict=True), start=_FIRST):
        for index, cell in enumerate(row):
            if cell is not None:
                writers[index](number, index, cell, formats[index])
            elif blanks:
                sheet.write_blank(number, index, None, formats[index])
