"""Official documents as files, with the office's own templates and fonts where the settings name them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.conf import settings

from liangxin.procedure.paper import Paper
from liangxin.wording import Lang

if TYPE_CHECKING:
    from liangxin.files.papers import PdfFonts

PAPER_ENDINGS: Final = ("docx", "pdf")


def paper_file(paper: Paper, ending: str, lang: Lang) -> bytes:
    """The document as ``docx`` or ``pdf``.

    Raises:
        InputError: a template of the office cannot be used, a font is missing, or a character has none.
        KeyError: another ending.
    """
    from liangxin.files.papers import write_docx, write_pdf

    writers = {
        "docx": lambda: write_docx(paper, lang, settings.PAPER_TEMPLATES),
        "pdf": lambda: write_pdf(paper, lang, fonts()),
    }
    return writers[ending]()


def fonts() -> PdfFonts:
    """The office's fonts: its folder, and whether each must be there."""
    from liangxin.files.official_page import Fonts
    from liangxin.files.papers import PdfFonts

    named = {part: name for part, name in settings.PAPER_FONTS.items() if name}
    return PdfFonts(Fonts(**named), settings.PAPER_FONT_FOLDER, settings.PAPER_FONTS_STRICT)
