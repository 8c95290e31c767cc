"""Makes the Word templates that the package carries: ``python -m liangxin.files.word_templates [FOLDER]``.

The templates are docxtpl's: ordinary Word files with {{ places }} for facts. An office edits the words, the fonts and the
layout in Word and passes its folder with ``--template``; the names of the places are listed in docs/documents.md.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from liangxin.files import official_page as page
from liangxin.files.template_words import AREA_COLUMNS, FORM_COLUMNS, GROUP_COLUMNS, INDICATOR_COLUMNS, WORDS
from liangxin.wording import LANGUAGES, Lang, Text

if TYPE_CHECKING:
    from docx.document import Document

FOLDER: Final = Path(__file__).parent / "templates"
PLAN: Final = "implementation-plan"
GROUPS: Final = "task-groups"

# A column of a table in a template: header, place in the row, width in mm, whether it holds a number.
TemplateColumn = tuple[Text, str, float, bool]


def template_name(document: str, lang: Lang) -> str:
    return f"{document}.{lang}.docx"


def implementation_plan(lang: Lang) -> Document:
    """The document of clause 4.2."""
    document = page.new_document(lang)

    def say(key: str, style: str) -> None:
        document.add_paragraph(WORDS[key].in_language(lang), style=style)

    def say_if(condition: str, key: str, style: str = page.BODY) -> None:
        """A paragraph that is not there at all, rather than empty, when there is nothing to say."""
        document.add_paragraph("{%p if " + condition + " %}", style=style)
        say(key, style)
        document.add_paragraph("{%p endif %}", style=style)

    say("letterhead", page.LETTERHEAD)
    say("serial", page.SERIAL)
    say("plan_title", page.TITLE)
    say("addressees", page.ADDRESSEES)
    say("opening", page.BODY)
    say("idea_heading", page.HEADING_1)
    say("idea", page.BODY)
    say("survey_heading", page.HEADING_1)
    for key in ("survey_base", "survey_now", "survey_unknown"):
        say(key, page.BODY)
    say("targets_heading", page.HEADING_1)
    say_if("prose.targets", "targets_prose")
    say("targets", page.BODY)
    say("targets_caption", page.CAPTION)
    _table(document, lang, INDICATOR_COLUMNS, "indicators")
    say("targets_note", page.NOTE)
    say("steps_heading", page.HEADING_1)
    say("steps", page.BODY)
    document.add_paragraph("{%p for step in steps %}", style=page.BODY)
    say("step_heading", page.HEADING_2)
    say("step", page.BODY)
    document.add_paragraph("{%p endfor %}", style=page.BODY)
    say("plan_heading", page.HEADING_1)
    say("plan", page.BODY)
    say("forms_heading", page.HEADING_2)
    say_if("prose.principle", "forms_prose")
    say("forms", page.BODY)
    say("forms_caption", page.CAPTION)
    _table(document, lang, FORM_COLUMNS, "forms", total="forms_total")
    say("forms_note", page.NOTE)
    say("areas_heading", page.HEADING_2)
    say("areas", page.BODY)
    say("areas_caption", page.CAPTION)
    _table(document, lang, AREA_COLUMNS, "areas", total="areas_total")
    say("areas_note", page.NOTE)
    say("special_heading", page.HEADING_2)
    say_if("count.split_off", "split_off")
    say_if("count.seconded", "seconded")
    say_if("not count.split_off and not count.seconded", "nothing_special")
    say("open_heading", page.HEADING_2)
    say_if("not open_parts", "open_none")
    say_if("open_parts", "open_some")
    document.add_paragraph("{%p for part in open_parts %}", style=page.BODY)
    say("open_part", page.BODY)
    document.add_paragraph("{%p endfor %}", style=page.BODY)
    say_if("conflicts", "conflicts")
    say("support_heading", page.HEADING_1)
    for key, prose in (
        ("lead", "responsibility"),
        ("procedure", "procedure"),
        ("instructors", "instructors"),
    ):
        say(f"{key}_heading", page.HEADING_2)
        say_if(f"prose.{prose}", f"{key}_prose")
        say(key, page.BODY)
    say("publicity_heading", page.HEADING_2)
    say_if("prose.publicity", "publicity")
    say_if("not prose.publicity", "publicity_plain")
    document.add_paragraph("", style=page.ANNEXES)
    for key in ("annex_1", "annex_2", "annex_3"):
        say(key, page.ANNEXES)
    say("signed", page.SIGNED)
    say("dated", page.DATED)
    _imprint(document, lang)
    return document


def task_groups(lang: Lang) -> Document:
    """Annex 2: the roster of the task groups."""
    document = page.new_document(lang)
    document.add_paragraph(WORDS["annex_2_mark"].in_language(lang), style=page.ANNEX_MARK)
    document.add_paragraph(WORDS["groups_title"].in_language(lang), style=page.TITLE)
    _table(document, lang, GROUP_COLUMNS, "groups", total="groups_total")
    document.add_paragraph(WORDS["groups_note"].in_language(lang), style=page.NOTE)
    return document


def _table(
    document: Document, lang: Lang, columns: Sequence[TemplateColumn], rows: str, total: str = ""
) -> None:
    """A ruled table with a row that docxtpl repeats for each of ``rows``; the header comes again on every page."""
    from docx.enum.table import WD_TABLE_ALIGNMENT

    table = document.add_table(rows=0, cols=len(columns))
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    header = table.add_row()
    for cell, (label, _, _, _) in zip(header.cells, columns, strict=True):
        _write(cell, label.in_language(lang), page.CELL_HEADER)
    _mark_row(header, "w:tblHeader")
    _write(table.add_row().cells[0], "{%tr for row in " + rows + " %}", page.CELL)
    body = table.add_row()
    for cell, (_, place, _, number) in zip(body.cells, columns, strict=True):
        _write(cell, "{{ row." + place + " }}", page.CELL_NUMBER if number else page.CELL)
    _write(table.add_row().cells[0], "{%tr endfor %}", page.CELL)
    if total:
        closing = table.add_row()
        for cell, (_, place, _, number) in zip(closing.cells, columns, strict=True):
            _write(cell, "{{ " + total + "." + place + " }}", page.CELL_NUMBER if number else page.CELL)
    for row in table.rows:
        _mark_row(row, "w:cantSplit")
    _column_widths(table, [width for _, _, width, _ in columns])


def _write(cell: Any, text: str, style: str) -> None:
    from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT

    cell.paragraphs[0].style = style
    cell.paragraphs[0].add_run(text)
    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER


def _mark_row(row: Any, mark: str) -> None:
    from docx.oxml import OxmlElement

    properties = row._tr.get_or_add_trPr()
    element = OxmlElement(mark)
    if mark == "w:cantSplit":  # the schema wants it before w:tblHeader
        properties.insert(0, element)
    else:
        properties.append(element)


def _column_widths(table: Any, widths: Sequence[float]) -> None:
    from docx.shared import Mm

    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Mm(width)


def _imprint(document: Document, lang: Lang) -> None:
    """版记 at the foot of the last page: subject words (style before 2012), copy to, printed by and on."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Mm, Pt

    table = document.add_table(rows=0, cols=2)
    table.autofit = False

    def wide(text: str, style: str) -> None:
        cells = table.add_row().cells
        _write(cells[0].merge(cells[1]), text, style)

    wide("{%tr if subject_words %}", page.COPY_TO)
    wide(WORDS["subject_words"].in_language(lang), page.SUBJECT)
    wide("{%tr endif %}", page.COPY_TO)
    wide(WORDS["copy_to"].in_language(lang), page.COPY_TO)
    printed = table.add_row().cells
    _write(printed[0], WORDS["printed_by"].in_language(lang), page.COPY_TO)
    _write(printed[1], WORDS["printed_on"].in_language(lang), page.COPY_TO)
    printed[1].paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
    for column, width in zip(table.columns, (80, 76), strict=True):
        column.width = Mm(width)
    for cell, width in zip(printed, (80, 76), strict=True):
        cell.width = Mm(width)
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
        _mark_row(row, "w:cantSplit")
    # Word wants a paragraph behind the last table; the floating one is held by it.
    last = document.add_paragraph("", style=page.NOTE).paragraph_format
    last.space_before = last.space_after = Pt(0)
    last.line_spacing = Pt(1)  # it must never need a page of its own


def make_all(folder: Path = FOLDER) -> list[Path]:
    """Write every template; gives back their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    made: list[Path] = []
    for lang in LANGUAGES:
        for name, build in ((PLAN, implementation_plan), (GROUPS, task_groups)):
            path = folder / template_name(name, lang)
            build(lang).save(str(path))
            made.append(path)
    return made


if __name__ == "__main__":
    make_all(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
