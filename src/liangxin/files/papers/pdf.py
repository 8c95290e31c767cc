"""The PDF of a document: PDF/A-2b, set by typst from the composed text. The same document gives the same bytes."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Final

from liangxin.files import official_page as page
from liangxin.files.papers import setting
from liangxin.files.papers.fonts import PdfFonts, choose, find
from liangxin.findings import InputError
from liangxin.procedure.paper import (
    PRE_2012,
    Block,
    Form,
    FormRow,
    Heading,
    Paper,
    Paragraph,
    Signatures,
    Table,
)
from liangxin.wording import Lang, Text

if TYPE_CHECKING:
    import typst

STANDARD: Final = "a-2b"
# The first character touches the top of the text area, the last its bottom: 22 lines fill 225 mm.
LINE_GAP: Final = (page.TEXT_HEIGHT / page.MM_PER_POINT - page.LINES * page.BODY_POINTS) / (page.LINES - 1)


def write_pdf(paper: Paper, lang: Lang = "zh", fonts: PdfFonts | None = None) -> bytes:
    """The document as PDF/A-2b.

    Raises:
        InputError: a character no font of the machine has, or a font that is missing. Never a box in its place.
    """
    import typst

    setting.refuse_unwritable(paper)
    wanted = fonts or PdfFonts()
    found = _found(wanted)
    inputs = {
        "paper": json.dumps(as_data(paper, lang), ensure_ascii=False),
        "fonts": json.dumps(choose(wanted, found.families()), ensure_ascii=False),
        "page": json.dumps(_PAGE),
    }
    template = resources.files("liangxin.files.papers").joinpath("paper.typ").read_bytes()
    compiler = typst.Compiler(template, font_paths=found, sys_inputs=inputs)
    moment = paper.day or (paper.imprint.printed_on if paper.imprint is not None else None)
    stamp = (
        0 if moment is None else int(datetime(moment.year, moment.month, moment.day, tzinfo=UTC).timestamp())
    )
    try:
        made, warnings = compiler.compile_with_warnings(format="pdf", pdf_standards=STANDARD, timestamp=stamp)
    except typst.TypstError as wrong:
        raise _refused(paper, wrong) from None
    if warnings:
        said = "；".join(warning.message for warning in warnings)
        raise InputError.of(
            "paper.typesetting",
            f"排版程序有警告，没有写出：{said}",
            f"typesetting gave warnings, so nothing was written: {said}",
        )
    assert isinstance(made, bytes)
    return made


@cache
def _found(wanted: PdfFonts) -> typst.Fonts:
    return find(wanted)


def _refused(paper: Paper, wrong: Exception) -> Exception:
    """A character without a glyph is the office's to correct; anything else is a fault of the program."""
    message = str(wrong)
    if "could not be displayed" not in message:
        return wrong
    character = message.split("`")[1].strip('"')
    return InputError.of(
        "paper.no_glyph",
        f"《{paper.title.zh}》里有一个字，这台电脑的字体都没有：{character}。请安装有这个字的字体，或改用通用的字",
        f"“{paper.title.en}” has a character that no font of this computer has: {character}."
        " Install a font that has it, or use another character",
        found=character,
    )


_PAGE: Final = {
    "width": page.PAGE_WIDTH,
    "height": page.PAGE_HEIGHT,
    "top": page.TOP,
    "left": page.LEFT,
    "right": page.PAGE_WIDTH - page.LEFT - page.TEXT_WIDTH,
    "bottom": page.PAGE_HEIGHT - page.TOP - page.TEXT_HEIGHT,
    "size": page.BODY_POINTS,
    "gap": LINE_GAP,
    "closer": page.CHARACTER_SPACING_TWIPS / 20,
    "red": f"#{page.RED}",
}


def as_data(paper: Paper, lang: Lang) -> dict[str, Any]:
    """What the template sets, every word in the language of the document."""
    signed = setting.signed(paper, lang)
    head = paper.head
    title = paper.title.in_language(lang)
    imprint = setting.imprint_lines(paper, lang) if paper.imprint is not None else None
    return {
        "lang": lang,
        "old": paper.style == PRE_2012,
        "title": title,
        "title_lines": setting.title_lines(title, lang),
        "head": None
        if head is None
        else {
            "letterhead": head.letterhead.in_language(lang),
            "serial": head.serial,
            "signer": head.signer,
            "signer_label": Text("签发人：", "Signed off by: ").in_language(lang),
        },
        "addressees": setting.addressees(paper, lang),
        "blocks": [_block(block, lang) for block in paper.blocks],
        "annex_lines": [list(line) for line in setting.annex_lines(paper, lang)],
        "signed": None
        if signed is None
        else {
            "by": signed.by,
            "by_indent": signed.by_indent,
            "day": signed.day,
            "day_indent": signed.day_indent,
        },
        "annexes": [
            {
                "mark": annex.mark.in_language(lang),
                "title": setting.title_lines(annex.title.in_language(lang), lang),
                "blocks": [_block(block, lang) for block in annex.blocks],
            }
            for annex in paper.annexes
            if annex.blocks
        ],
        "imprint": None
        if imprint is None
        else {**imprint, "subject_label": Text("主题词：", "Subject words: ").in_language(lang)},
    }


def _block(block: Block, lang: Lang) -> dict[str, Any]:
    def say(text: Text | None) -> str:
        return "" if text is None else text.in_language(lang)

    match block:
        case Heading():
            return {"is": "heading", "level": block.level, "text": say(block.text)}
        case Paragraph():
            return {"is": "paragraph", "text": say(block.text), "indented": block.indented}
        case Table():
            return {
                "is": "table",
                "caption": say(block.caption),
                "columns": [
                    {"label": say(column.label), "width": column.width, "number": column.number}
                    for column in block.columns
                ],
                "rows": [[say(cell) for cell in row] for row in block.rows],
                "total": [say(cell) for cell in block.total],
                "note": say(block.note),
            }
        case Form():
            return {"is": "form", "rows": [_form_row(row, lang) for row in block.rows]}
        case Signatures():
            return {"is": "signatures", "lines": [say(line) for line in block.lines]}


def _form_row(row: FormRow, lang: Lang) -> dict[str, Any]:
    return {
        "fields": [[label.in_language(lang), value.in_language(lang)] for label, value in row.fields],
        "height": row.height,
        "sign": row.sign.in_language(lang) if row.sign is not None else "",
    }
