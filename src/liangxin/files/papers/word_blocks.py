"""The text of a document as Word paragraphs and tables, in the named styles of whichever template is used."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from zipfile import BadZipFile

from liangxin.files import official_page as page
from liangxin.files.papers import setting
from liangxin.files.word import unusable_template
from liangxin.files.word_tables import column_widths, mark_row, write_cell
from liangxin.findings import InputError, Place
from liangxin.procedure.paper import Block, Form, FormRow, Heading, Paper, Paragraph, Signatures, Table
from liangxin.wording import Lang, Text

if TYPE_CHECKING:
    from docx.document import Document

_FORM_WIDTHS: Final = (38.0, 38.0, 44.0, 36.0)  # mm
_HEADINGS: Final = {1: page.HEADING_1, 2: page.HEADING_2, 3: page.BODY}
_SIGNATURES_LEFT: Final = 66.0  # mm


class Composed:
    """Paragraphs and tables that a template takes as they are; everything else it is given is escaped."""

    def __init__(self, xml: str) -> None:
        self._xml = xml

    def __html__(self) -> str:
        return self._xml

    def __str__(self) -> str:
        return self._xml


def body(paper: Paper, lang: Lang, path: Path) -> str:
    """The blocks and, under them, what is annexed."""
    from docx.shared import Pt

    scratch = _scratch(path)
    start = len(scratch.element.body)
    for block in paper.blocks:
        _add(scratch, block, lang)
    if paper.signed is not None and paper.blocks and isinstance(paper.blocks[-1], Paragraph):
        # The signature never stands on a page without text of the document.
        scratch.paragraphs[-1].paragraph_format.keep_with_next = True
    lines = setting.annex_lines(paper, lang)
    if lines:
        scratch.add_paragraph("", style=page.ANNEXES)
    for mark, title in lines:
        paragraph = scratch.add_paragraph(f"{mark}{title}", style=page.ANNEXES)
        hanging = setting.width(mark) * page.BODY_POINTS
        paragraph.paragraph_format.left_indent = Pt(2 * page.BODY_POINTS + hanging)
        paragraph.paragraph_format.first_line_indent = Pt(-hanging)
    return _xml(scratch, start)


def annex_pages(paper: Paper, lang: Lang, path: Path) -> str:
    """Each annex from the top of a page, with its mark and title."""
    scratch = _scratch(path)
    start = len(scratch.element.body)
    for annex in paper.annexes:
        if not annex.blocks:
            continue
        mark, title = annex.mark.in_language(lang), annex.title.in_language(lang)
        first = scratch.add_paragraph(mark, style=page.ANNEX_MARK) if mark else None
        heading = scratch.add_paragraph("", style=page.TITLE)
        for number, line in enumerate(setting.title_lines(title, lang)):
            run = heading.add_run()
            if number:
                run.add_break()
            run.add_text(line)
        (first or heading).paragraph_format.page_break_before = True
        for block in annex.blocks:
            _add(scratch, block, lang)
    return _xml(scratch, start)


def _scratch(path: Path) -> Document:
    """A document with the styles of the template, to write into."""
    import docx
    from docx.opc.exceptions import PackageNotFoundError

    try:
        document = docx.Document(str(path))
    except (PackageNotFoundError, BadZipFile, ValueError, KeyError, SyntaxError) as wrong:
        raise unusable_template(path, wrong) from None
    known = {style.name for style in document.styles}
    missing = [name for name in _STYLES if name not in known]
    if missing:
        raise InputError.of(
            "template.styles",
            "模板里没有这些样式：" + "、".join(missing),
            "the template has no such styles: " + ", ".join(missing),
            place=Place(file=path.name),
            accepted=Text(
                "先用命令写出系统自带的模板，再改", "write out the package's templates and change those"
            ),
        )
    for element in list(document.element.body)[:-1]:  # all but the section's own properties
        document.element.body.remove(element)
    return document


_STYLES: Final = (
    page.BODY, page.HEADING_1, page.HEADING_2, page.ANNEXES, page.ANNEX_MARK, page.TITLE, page.CAPTION, page.CELL,
    page.CELL_NUMBER, page.CELL_HEADER, page.NOTE, "Table Grid",
)  # fmt: skip


def _xml(scratch: Document, start: int) -> str:
    added = list(scratch.element.body)[start - 1 : -1]
    return "".join(element.xml for element in added)


def _add(scratch: Document, block: Block, lang: Lang) -> None:
    from docx.shared import Mm, Pt

    match block:
        case Heading():
            scratch.add_paragraph(block.text.in_language(lang), style=_HEADINGS[block.level])
        case Paragraph():
            style = page.BODY if block.indented else page.ADDRESSEES
            scratch.add_paragraph(block.text.in_language(lang), style=style)
        case Table():
            _add_table(scratch, block, lang)
        case Form():
            _add_form(scratch, block, lang)
        case Signatures():
            for number, line in enumerate(block.lines):
                paragraph = scratch.add_paragraph(line.in_language(lang), style=page.ADDRESSEES)
                paragraph.paragraph_format.left_indent = Mm(_SIGNATURES_LEFT)
                paragraph.paragraph_format.keep_with_next = number < len(block.lines) - 1
                if number == 0:
                    paragraph.paragraph_format.space_before = Pt(page.LINE_PITCH)


def _add_table(scratch: Document, block: Table, lang: Lang) -> None:
    if block.caption is not None:
        scratch.add_paragraph(block.caption.in_language(lang), style=page.CAPTION)
    table = _ruled(scratch, len(block.columns))
    header = table.add_row()
    for cell, column in zip(header.cells, block.columns, strict=True):
        write_cell(cell, column.label.in_language(lang), page.CELL_HEADER)
    mark_row(header, "w:tblHeader")
    for row in (*block.rows, *((block.total,) if block.total else ())):
        cells = _cells(table.add_row())
        for cell, words, column in zip(cells, row, block.columns, strict=True):
            write_cell(cell, words.in_language(lang), page.CELL_NUMBER if column.number else page.CELL)
    _finish(table, [column.width for column in block.columns])
    note = block.note.in_language(lang) if block.note is not None else ""
    scratch.add_paragraph(note, style=page.NOTE)


def _add_form(scratch: Document, block: Form, lang: Lang) -> None:
    from docx.enum.table import WD_ROW_HEIGHT_RULE
    from docx.shared import Mm

    table = _ruled(scratch, len(_FORM_WIDTHS))
    for row in block.rows:
        line = table.add_row()
        line.height, line.height_rule = Mm(row.height), WD_ROW_HEIGHT_RULE.AT_LEAST
        cells = _cells(line)
        if len(row.fields) == 1:
            write_cell(cells[0], row.fields[0][0].in_language(lang), page.CELL_HEADER)
            _value(cells[1].merge(cells[3]), row, lang)
        else:
            for index, (label, words) in enumerate(row.fields):
                write_cell(cells[2 * index], label.in_language(lang), page.CELL_HEADER)
                write_cell(cells[2 * index + 1], words.in_language(lang), page.CELL)
    _finish(table, _FORM_WIDTHS)


def _value(cell: Any, row: FormRow, lang: Lang) -> None:
    """The words at the top and, where the row is signed, the place of the signature at its foot."""
    from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    write_cell(cell, row.fields[0][1].in_language(lang), page.CELL)
    if row.sign is None:
        return
    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.TOP
    signature = cell.add_paragraph(row.sign.in_language(lang), style=page.CELL)
    signature.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    free = row.height / page.MM_PER_POINT - 2 * 22 - 4
    signature.paragraph_format.space_before = Pt(max(free, 12))


def _ruled(scratch: Document, columns: int) -> Any:
    from docx.enum.table import WD_TABLE_ALIGNMENT

    table = scratch.add_table(rows=0, cols=columns)
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    return table


def _cells(row: Any) -> Sequence[Any]:
    """Read once: python-docx looks all cells up again each time it is asked."""
    cells: Sequence[Any] = row.cells
    return cells


def _finish(table: Any, widths: Sequence[float]) -> None:
    for row in table.rows:
        mark_row(row, "w:cantSplit")
    column_widths(table, widths)
