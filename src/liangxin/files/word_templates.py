"""Makes the Word templates that the package carries: ``python -m liangxin.files.word_templates [FOLDER]``.

The templates are docxtpl's: ordinary Word files with {{ places }} for facts. An office edits the words, the fonts and the
layout in Word and passes its folder with ``--template``; the names of the places are listed in docs/documents.md.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from liangxin.files import official_page as page
from liangxin.files.template_words import AREA_COLUMNS, FORM_COLUMNS, GROUP_COLUMNS, INDICATOR_COLUMNS, WORDS
from liangxin.files.word_tables import (
    column_widths,
    mark_row,
    printed_row,
    set_at_the_foot,
    wide_row,
    write_cell,
)
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
        write_cell(cell, label.in_language(lang), page.CELL_HEADER)
    mark_row(header, "w:tblHeader")
    write_cell(table.add_row().cells[0], "{%tr for row in " + rows + " %}", page.CELL)
    body = table.add_row()
    for cell, (_, place, _, number) in zip(body.cells, columns, strict=True):
        write_cell(cell, "{{ row." + place + " }}", page.CELL_NUMBER if number else page.CELL)
    write_cell(table.add_row().cells[0], "{%tr endfor %}", page.CELL)
    if total:
        closing = table.add_row()
        for cell, (_, place, _, number) in zip(closing.cells, columns, strict=True):
            write_cell(cell, "{{ " + total + "." + place + " }}", page.CELL_NUMBER if number else page.CELL)
    for row in table.rows:
        mark_row(row, "w:cantSplit")
    column_widths(table, [width for _, _, width, _ in columns])


def _imprint(document: Document, lang: Lang) -> None:
    """版记 at the foot of the last page: subject words (style before 2012), copy to, printed by and on."""
    table = document.add_table(rows=0, cols=2)
    wide_row(table, "{%tr if subject_words %}", page.COPY_TO)
    wide_row(table, WORDS["subject_words"].in_language(lang), page.SUBJECT)
    wide_row(table, "{%tr endif %}", page.COPY_TO)
    wide_row(table, WORDS["copy_to"].in_language(lang), page.COPY_TO)
    printed_row(table, WORDS["printed_by"].in_language(lang), WORDS["printed_on"].in_language(lang))
    set_at_the_foot(document, table)


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
