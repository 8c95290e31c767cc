"""Ruled tables of a Word document: cells in a style, header rows that come again, widths, and the imprint at the foot."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakKeyDictionary

from liangxin.files import official_page as page

if TYPE_CHECKING:
    from docx.document import Document

_IMPRINT_WIDTHS: Final = (80, 76)  # mm


# The library looks through all styles for each cell that is given one; a roster of forty units has 250 cells.
_STYLE_IDS: WeakKeyDictionary[Any, dict[str, str]] = WeakKeyDictionary()


def _style_id(cell: Any, style: str) -> str:
    known = _STYLE_IDS.setdefault(cell.part, {})
    if style not in known:
        known[style] = cell.part.document.styles[style].style_id
    return known[style]


def write_cell(cell: Any, text: str, style: str) -> None:
    from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT

    cell.paragraphs[0]._p.style = _style_id(cell, style)
    cell.paragraphs[0].add_run(text)
    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER


def mark_row(row: Any, mark: str) -> None:
    from docx.oxml import OxmlElement

    properties = row._tr.get_or_add_trPr()
    element = OxmlElement(mark)
    if mark == "w:cantSplit":  # the schema wants it before w:tblHeader
        properties.insert(0, element)
    else:
        properties.append(element)


def column_widths(table: Any, widths: Sequence[float]) -> None:
    from docx.shared import Mm

    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Mm(width)


def wide_row(table: Any, text: str, style: str) -> None:
    """A row of one cell over both columns."""
    cells = table.add_row().cells
    write_cell(cells[0].merge(cells[1]), text, style)


def printed_row(table: Any, by: str, on: str) -> None:
    """印发机关 at the left, 印发日期 at the right."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Mm

    cells = table.add_row().cells
    write_cell(cells[0], by, page.COPY_TO)
    write_cell(cells[1], on, page.COPY_TO)
    cells[1].paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
    for cell, width in zip(cells, _IMPRINT_WIDTHS, strict=True):
        cell.width = Mm(width)


def set_at_the_foot(document: Document, table: Any) -> None:
    """版记: at the foot of the text area whatever stands above, with its three weights of rule."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Mm, Pt

    table.autofit = False
    for column, width in zip(table.columns, _IMPRINT_WIDTHS, strict=True):
        column.width = Mm(width)
    properties = table._tbl.tblPr
    place = OxmlElement("w:tblpPr")  # at the foot of the text area, whatever stands above
    for name, value in (
        ("vertAnchor", "margin"),
        ("horzAnchor", "margin"),
        ("tblpXSpec", "center"),
        ("tblpYSpec", "bottom"),
    ):
        place.set(qn(f"w:{name}"), value)
    properties.insert(0, place)  # the schema's order: place, width, borders, layout, look
    borders = OxmlElement("w:tblBorders")
    for side, eighths in (("top", 8), ("bottom", 8), ("insideH", 6)):
        line = OxmlElement(f"w:{side}")
        look = {"val": "single", "sz": str(eighths), "space": "0", "color": "000000"}
        for name, value in look.items():
            line.set(qn(f"w:{name}"), value)
        borders.append(line)
    properties.find(qn("w:tblLayout")).addprevious(borders)
    for row in table.rows:
        mark_row(row, "w:cantSplit")
    # Word wants a paragraph behind the last table; the floating one is held by it.
    last = document.add_paragraph("", style=page.NOTE).paragraph_format
    last.space_before = last.space_after = Pt(0)
    last.line_spacing = Pt(1)  # it must never need a page of its own
