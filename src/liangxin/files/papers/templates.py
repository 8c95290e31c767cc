"""Makes the Word templates of official documents: ``python -m liangxin.files.papers [FOLDER]``.

Three layouts: ``official`` with a letterhead, ``upward`` with a letterhead to the level above (签发人), ``plain`` without.
An office may have a template for a layout, or for one kind of document (``reply.zh.docx``), in its own folder.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from liangxin.files import official_page as page
from liangxin.files.word_tables import printed_row, set_at_the_foot, wide_row
from liangxin.files.word_templates import template_name
from liangxin.wording import LANGUAGES, Lang, Text

if TYPE_CHECKING:
    from docx.document import Document

FOLDER: Final = Path(__file__).parent / "templates"
Layout = Literal["official", "upward", "plain"]
LAYOUTS: Final[tuple[Layout, ...]] = ("official", "upward", "plain")


def layout_template(layout: Layout, lang: Lang) -> Document:
    """The page with the places; ``body`` and ``annex_pages`` are paragraphs and tables in the styles of the template."""
    document = page.new_document(lang)
    if layout != "plain":
        document.add_paragraph("{{ letterhead }}", style=page.LETTERHEAD)
        _serial(document, layout, lang)
    document.add_paragraph("{{ title }}", style=page.TITLE)
    _when(document, "addressees", "{{ addressees }}", page.ADDRESSEES)
    document.add_paragraph("{{p body }}", style=page.BODY)
    _when(document, "signed_by", "{{ signed_by }}", page.SIGNED)
    _when(document, "dated", "{{ dated }}", page.DATED)
    document.add_paragraph("{{p annex_pages }}", style=page.BODY)
    _imprint(document, lang)
    return document


def _when(document: Document, place: str, words: str, style: str) -> None:
    """A paragraph that is not there at all where the document has nothing to say."""
    document.add_paragraph("{%p if " + place + " %}", style=style)
    document.add_paragraph(words, style=style)
    document.add_paragraph("{%p endif %}", style=style)


def _serial(document: Document, layout: Layout, lang: Lang) -> None:
    """The number in the middle; to the level above at the left, with the signer at the right, each a character in."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Mm, Pt

    if layout == "official":
        document.add_paragraph("{{ serial }}", style=page.SERIAL)
        return
    signer = Text("签发人：{{ signer }}", "Signed off by: {{ signer }}").in_language(lang)
    paragraph = document.add_paragraph("{{ serial }}\t" + signer, style=page.SERIAL)
    layout_of = paragraph.paragraph_format
    layout_of.alignment = WD_ALIGN_PARAGRAPH.LEFT
    # The rule is as wide as the text, so the character at the left is a tab, not an indent.
    paragraph.runs[0].text = "\t{{ serial }}\t" + signer
    layout_of.tab_stops.add_tab_stop(Pt(page.BODY_POINTS))
    layout_of.tab_stops.add_tab_stop(Mm(page.TEXT_WIDTH) - Pt(9 * page.BODY_POINTS))


def _imprint(document: Document, lang: Lang) -> None:
    """版记; a document without one (forms, rosters, commitments) has no such table."""
    table = document.add_table(rows=0, cols=2)
    subject = Text("主题词：{{ subject_words }}", "Subject words: {{ subject_words }}").in_language(lang)
    for place, words, style in (
        ("subject_words", subject, page.SUBJECT),
        ("copy_to", "{{ copy_to }}", page.COPY_TO),
    ):
        wide_row(table, "{%tr if " + place + " %}", page.COPY_TO)
        wide_row(table, words, style)
        wide_row(table, "{%tr endif %}", page.COPY_TO)
    wide_row(table, "{%tr if printed_by %}", page.COPY_TO)
    printed_row(table, "{{ printed_by }}", "{{ printed_on }}")
    wide_row(table, "{%tr endif %}", page.COPY_TO)
    set_at_the_foot(document, table)


def make_all(folder: Path = FOLDER) -> list[Path]:
    """Write every template; gives back their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    made: list[Path] = []
    for lang in LANGUAGES:
        for layout in LAYOUTS:
            path = folder / template_name(layout, lang)
            layout_template(layout, lang).save(str(path))
            made.append(path)
    return made
