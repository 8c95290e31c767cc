"""The Word file of a document: the office's template, or ours, with the composed text in its places."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from liangxin.files import official_page as page
from liangxin.files.papers import setting
from liangxin.files.papers.templates import FOLDER
from liangxin.files.papers.word_blocks import Composed, annex_pages, body
from liangxin.files.word import filled, template
from liangxin.files.word_templates import template_name
from liangxin.procedure.paper import Paper
from liangxin.wording import Lang

if TYPE_CHECKING:
    from docx.document import Document

_LETTERHEAD_CHARACTERS: Final = 13  # of the style's 32 pt in 156 mm


def write_docx(paper: Paper, lang: Lang = "zh", folder: Path | None = None) -> bytes:
    """The document as docx. ``folder``: the office's own templates; what it does not have comes from the package.

    Raises:
        InputError: a template cannot be used or names a place that does not exist; a character cannot be written.
    """
    setting.refuse_unwritable(paper)
    path = _template(paper, lang, folder)
    document = filled(path, places(paper, lang, path), paper.title.in_language(lang))
    _fit(document, paper, lang)
    made = BytesIO()
    document.save(made)
    return made.getvalue()


def _template(paper: Paper, lang: Lang, folder: Path | None) -> Path:
    """For this kind, else for its layout; the office's before ours."""
    if folder is not None and (folder / template_name(paper.kind.value, lang)).is_file():
        return folder / template_name(paper.kind.value, lang)
    return template(paper.layout, lang, folder, ours=FOLDER)


def places(paper: Paper, lang: Lang, path: Path) -> dict[str, Any]:
    """What fills the places of a template (docs/documents.md lists them)."""
    signed = setting.signed(paper, lang)
    head = paper.head
    return {
        **{name: fact.in_language(lang) for name, fact in paper.facts.items()},
        "letterhead": head.letterhead.in_language(lang) if head is not None else "",
        "serial": head.serial if head is not None else "",
        "signer": (head.signer or "") if head is not None else "",
        "title": "\n".join(setting.title_lines(paper.title.in_language(lang), lang)),
        "addressees": setting.addressees(paper, lang),
        "body": Composed(body(paper, lang, path)),
        "signed_by": signed.by if signed is not None else "",
        "dated": signed.day if signed is not None else "",
        "annex_pages": Composed(annex_pages(paper, lang, path)),
        **setting.imprint_lines(paper, lang),
    }


def _fit(document: Document, paper: Paper, lang: Lang) -> None:
    """What depends on the words: the name over the middle of the date, a long letterhead in one line."""
    from docx.shared import Pt

    signed = setting.signed(paper, lang)
    for paragraph in document.paragraphs:
        style = paragraph.style.name if paragraph.style is not None else ""
        if style == page.SIGNED and signed is not None:
            paragraph.paragraph_format.right_indent = Pt(signed.by_indent * page.BODY_POINTS)
        elif style == page.LETTERHEAD and lang == "zh":
            wide = setting.width(paragraph.text)
            if wide > _LETTERHEAD_CHARACTERS:
                for run in paragraph.runs:
                    run.font.size = Pt(int(2 * page.TEXT_WIDTH / page.MM_PER_POINT / wide) / 2)
    _drop_empty_table(document)


def _drop_empty_table(document: Document) -> None:
    """A table whose rows were all left out is no table for Word."""
    for table in document.tables:
        if not table.rows:
            table._tbl.getparent().remove(table._tbl)
