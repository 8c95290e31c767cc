"""Draws a Table on a worksheet the way an office hands it in: title, units of measure, signature row, ready to print.

Excel, WPS and LibreOffice measure a font each in their own way, so widths are counted in half-width characters with room
to spare, and the height of each row is set from the lines its longest cell needs.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from liangxin.files.tables import Cell, Column, Kind, Table, lines_needed, shown, width
from liangxin.wording import Lang, Text

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

A3: Final = 8
A4: Final = 9
TALLEST: Final = 409  # points; Excel takes no more
LINE_POINTS: Final = 14.5  # a 10-point line, with room for fonts that stand taller than SimSun
PADDING: Final = 1.4  # half-width characters on both sides of a cell together
EXCEL_LAST_ROW: Final = 1_048_576
UNKNOWN: Final = Text("待核", "not yet known")
TITLE_ROW, MEASURE_ROW, SOURCE_ROW, HEADER_ROW = range(4)
FIRST_ROW: Final = 4

_GREY = "#595959"
_HEADER_FILL = "#EDEDED"


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands above every table: who reports, as of which day, by which policy, on which roster."""

    town: str
    as_of: date
    policy: str
    roster: Text


class Styles:
    """The cell formats of one workbook, each made once."""

    def __init__(self, book: Workbook, lang: Lang) -> None:
        self._book = book
        self._made: dict[tuple[Any, ...], Format] = {}
        self._cells: dict[tuple[Kind, bool, bool], Format] = {}
        self._base = {"font_name": "宋体" if lang == "zh" else "Arial", "font_size": 10, "valign": "vcenter"}
        self.lang = lang

    def get(self, **more: Any) -> Format:
        key = tuple(sorted(more.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format({**self._base, **more})
        return self._made[key]

    def title(self) -> Format:
        font = "黑体" if self.lang == "zh" else "Arial"
        return self.get(font_name=font, font_size=16, bold=self.lang == "en", align="center")

    def header(self) -> Format:
        return self.get(bold=True, align="center", text_wrap=True, border=1, bg_color=_HEADER_FILL)

    def cell(self, kind: Kind, *, total: bool = False, whole: bool = True) -> Format:
        """``whole``: an amount without decimals; Excel would show 430 under #,##0.## as "430."."""
        key = (kind, total, whole)
        if key not in self._cells:
            self._cells[key] = self._cell(kind, total=total, whole=whole)
        return self._cells[key]

    def _cell(self, kind: Kind, *, total: bool, whole: bool) -> Format:
        look: dict[str, Any] = {"border": 1}
        if total:
            look["bold"] = True
        if kind is Kind.COUNT:
            look.update(num_format="#,##0", align="right", indent=1)
        elif kind is Kind.AMOUNT:
            look.update(num_format="#,##0" if whole else "#,##0.00", align="right", indent=1)
        elif kind is Kind.SHARE:
            look.update(num_format="0.0%", align="right", indent=1)
        elif kind is Kind.DATE:
            look.update(num_format="yyyy-mm-dd", align="center")
        elif kind is Kind.CODE:
            look.update(num_format="@", align="center")
        else:
            look.update(num_format="@", text_wrap=True)
        return self.get(**look)

    def unknown(self) -> Format:
        return self.get(border=1, align="center", font_color=_GREY)

    def small(self, align: str = "left") -> Format:
        return self.get(font_size=8, font_color=_GREY, align=align)


def sheet_name(label: str, taken: set[str]) -> str:
    """A name Excel takes: at most 31 characters, none of []:*?/\\, not used yet."""
    clean = re.sub(r"[\[\]:*?/\\]", "-", label).strip("' ") or "Sheet"
    if len(clean) > 31:
        clean = f"{clean[:30]}…"
    name, number = clean, 1
    while name.lower() in taken:
        number += 1
        name = f"{clean[: 30 - len(str(number))]}_{number}"
    taken.add(name.lower())
    return name


def widths(table: Table, lang: Lang) -> list[float]:
    """Each column as wide as its widest cell, within its limits; a header may break into two lines."""
    made: list[float] = []
    for position, column in enumerate(table.columns):
        header = -(-width(column.label.in_language(lang)) // 2) + 1
        if lang == "en":
            header = max(header, *(width(word) for word in column.label.en.split()))
        content = max((width(_written(row[position], column, lang)) for row in table.rows), default=0)
        indent = 1 if column.kind in (Kind.COUNT, Kind.AMOUNT, Kind.SHARE) else 0
        made.append(min(max(column.narrowest, header, content), column.widest) + PADDING + indent)
    return made


def _written(cell: Cell, column: Column, lang: Lang) -> str:
    """The cell as it will be seen, to measure it."""
    value = shown(cell, lang)
    if value is None:
        return UNKNOWN.in_language(lang) if column.fact else ""
    if isinstance(value, str):
        return value
    if column.kind is Kind.SHARE:
        return "100.0%"
    if isinstance(value, date):
        return "2011-08-31"
    return f"{value:,.2f}" if isinstance(value, float) and not value.is_integer() else f"{value:,.0f}"


def draw(book: Workbook, table: Table, heading: Heading, lang: Lang, styles: Styles, name: str) -> Worksheet:
    """Add one sheet with the whole table on it."""
    sheet = book.add_worksheet(name)
    if FIRST_ROW + len(table.rows) + len(table.notes) + 4 > EXCEL_LAST_ROW:
        raise ValueError(f"{len(table.rows)} rows do not fit on one sheet")
    room = widths(table, lang)
    for position, characters in enumerate(room):
        sheet.set_column(position, position, characters)
    last = len(table.columns) - 1
    _top(sheet, table, heading, lang, styles, last)
    for position, column in enumerate(table.columns):
        sheet.write_string(HEADER_ROW, position, column.label.in_language(lang), styles.header())
    deepest = max(
        lines_needed(column.label.in_language(lang), int(characters - 0.8))
        for column, characters in zip(table.columns, room, strict=True)
    )
    sheet.set_row(HEADER_ROW, 6 + LINE_POINTS * max(deepest, 2))
    for offset, row in enumerate(table.rows):
        _row(sheet, FIRST_ROW + offset, row, table.columns, room, lang, styles)
    end = FIRST_ROW + len(table.rows)
    if not table.rows:
        sheet.merge_range(
            end, 0, end, last, table.empty.in_language(lang), styles.get(border=1, align="center")
        )
        end += 1
    else:
        sheet.autofilter(HEADER_ROW, 0, end - 1, last)
        end = _totals(sheet, table, end, lang, styles)
    end = _bottom(sheet, table, end, lang, styles, room)
    _printing(sheet, table, end, last, lang)
    return sheet


def _top(sheet: Worksheet, table: Table, heading: Heading, lang: Lang, styles: Styles, last: int) -> None:
    sheet.merge_range(TITLE_ROW, 0, TITLE_ROW, last, table.title.in_language(lang), styles.title())
    sheet.set_row(TITLE_ROW, 30)
    who = Text("填报单位（盖章）：{town}", "Reporting unit (seal): {town}").fill(town=heading.town)
    measured = Text("单位：{measures}", "Units: {measures}").fill(measures=table.measures)
    half = max(last // 2, 0)
    _span(sheet, MEASURE_ROW, 0, half, who.in_language(lang), styles.get())
    _span(sheet, MEASURE_ROW, half + 1, last, measured.in_language(lang), styles.get(align="right"))
    sheet.set_row(MEASURE_ROW, 18)
    source = Text(
        "截至 {day}；口径：{policy}；名册：{roster}", "As of {day}; policy: {policy}; roster: {roster}"
    ).fill(day=heading.as_of.isoformat(), policy=heading.policy, roster=heading.roster)
    _span(sheet, SOURCE_ROW, 0, last, source.in_language(lang), styles.small())
    sheet.set_row(SOURCE_ROW, 14)


def _span(sheet: Worksheet, row: int, first: int, last: int, text: str, look: Format) -> None:
    if last > first:
        sheet.merge_range(row, first, row, last, "", look)
    sheet.write_string(row, first, text, look)


def _row(
    sheet: Worksheet,
    at: int,
    row: Sequence[Cell],
    columns: Sequence[Column],
    room: Sequence[float],
    lang: Lang,
    styles: Styles,
) -> None:
    deepest = 1
    for position, (cell, column) in enumerate(zip(row, columns, strict=True)):
        value = shown(cell, lang)
        look = styles.cell(column.kind)
        if value is None:
            if column.fact:
                sheet.write_string(at, position, UNKNOWN.in_language(lang), styles.unknown())
            else:
                sheet.write_blank(at, position, None, look)
        elif isinstance(value, str):  # write_string never makes a formula of = + - @
            sheet.write_string(at, position, value, look)
            deepest = max(deepest, lines_needed(value, int(room[position] * 0.97)))
        elif isinstance(value, date):
            sheet.write_datetime(at, position, datetime(value.year, value.month, value.day), look)
        else:
            if column.kind is Kind.AMOUNT and not float(value).is_integer():
                look = styles.cell(Kind.AMOUNT, whole=False)
            sheet.write_number(at, position, value, look)
    sheet.set_row(at, min(4 + LINE_POINTS * deepest, TALLEST))


def _totals(sheet: Worksheet, table: Table, at: int, lang: Lang, styles: Styles) -> int:
    """合计: how many rows there are, and sums that follow the filter. Cells not yet known are left out and said so."""
    from xlsxwriter.utility import xl_col_to_name

    for position, column in enumerate(table.columns):
        look = styles.cell(column.kind, total=True)
        if column.total:
            letter = xl_col_to_name(position)
            known: list[float] = [
                cell for row in table.rows if isinstance(cell := row[position], int | float)
            ]
            if column.kind is Kind.AMOUNT and not float(sum(known)).is_integer():
                look = styles.cell(Kind.AMOUNT, total=True, whole=False)
            formula = f"=SUBTOTAL(109,{letter}{FIRST_ROW + 1}:{letter}{at})"
            sheet.write_formula(at, position, formula, look, sum(known))
        else:
            sheet.write_blank(at, position, None, look)
    label = Text("合计 {count} {counted}", "Total {count} {counted}").fill(
        count=f"{len(table.rows):,}", counted=table.counted
    )
    until = next((position for position, column in enumerate(table.columns) if column.total), 2) - 1
    until = min(until, len(table.columns) - 1)
    if until > 0:
        sheet.merge_range(at, 0, at, until, "", styles.get(border=1, bold=True))
    sheet.write_string(at, 0, label.in_language(lang), styles.get(border=1, bold=True))
    sheet.set_row(at, 4 + LINE_POINTS)
    return at + 1


def _bottom(
    sheet: Worksheet, table: Table, at: int, lang: Lang, styles: Styles, room: Sequence[float]
) -> int:
    """Notes, then the row for the signatures. Gives back the last row used."""
    last = len(table.columns) - 1
    for note in table.notes:
        text = note.in_language(lang)
        _span(sheet, at, 0, last, text, styles.get(font_size=9, text_wrap=True))
        sheet.set_row(at, 4 + 13 * lines_needed(text, int(sum(room)) - 2))
        at += 1
    signs = Text(
        "填表人：　　　　　　　　审核人：　　　　　　　　单位负责人：　　　　　　　　填报日期：　　　　年　　月　　日",
        "Filled in by:                    Checked by:                    Head of unit:                    Date:",
    )
    _span(sheet, at, 0, last, signs.in_language(lang), styles.get())
    sheet.set_row(at, 26)
    return at


def _printing(sheet: Worksheet, table: Table, end: int, last: int, lang: Lang) -> None:
    sheet.set_landscape()
    sheet.set_paper(A3 if table.large_paper else A4)
    sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
    sheet.center_horizontally()
    sheet.fit_to_pages(1, 0)
    sheet.print_area(0, 0, end, last)
    sheet.repeat_rows(TITLE_ROW, HEADER_ROW)
    page = Text("第 &P 页，共 &N 页", "Page &P of &N").in_language(lang)
    sheet.set_footer(f"&L&8{_footer(table.title.in_language(lang))}&C&9{page}")
    frozen = min(table.frozen, last)
    sheet.freeze_panes(FIRST_ROW, frozen)


def _footer(text: str) -> str:
    """A footer takes 255 characters, and & starts a code."""
    return text.replace("&", "&&")[:120]
