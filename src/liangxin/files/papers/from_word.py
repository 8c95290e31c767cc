"""A filled Word document read back as a composed one, so that its PDF says the same, the office's own template included.

What a paragraph is follows from its named style (``official_page``); a style the page does not know is body text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from liangxin.files import official_page as page
from liangxin.procedure.paper import (
    Annex,
    Block,
    Column,
    Head,
    Heading,
    Imprint,
    Paper,
    PaperKind,
    Paragraph,
    Table,
)
from liangxin.procedure.paper_words import same
from liangxin.wording import Text

if TYPE_CHECKING:
    from docx.document import Document

_ANNEX: Final = re.compile(r"^(?:附件：|Annexe?s?: ?)?\s*(?:\d+[．.]\s*)?")
_COPY_TO: Final = re.compile(r"^(?:抄送：|Copy to: ?)")
_SUBJECT: Final = re.compile(r"^(?:主题词：|Subject words: ?)")
_TO: Final = re.compile(r"^To ")


@dataclass
class _Read:
    """What has been read so far."""

    title: str = ""
    letterhead: str = ""
    serial: str = ""
    addressees: str = ""
    signed: str = ""
    caption: str = ""
    blocks: list[Block] = field(default_factory=list)
    annexes: list[Annex] = field(default_factory=list)
    imprint: list[list[str]] = field(default_factory=list)


def read_document(document: Document, kind: PaperKind, style: str, day: date) -> Paper:
    """The document as composed; ``style`` and ``day`` are those of the policy and of what it says."""
    read = _Read()
    for element in document.iter_inner_content():
        if hasattr(element, "rows"):
            _table(read, element)
        else:
            _paragraph(read, element)
    title = same(read.title.replace("\n", ""))
    return Paper(
        kind,
        title,
        tuple(read.blocks),
        style,
        head=Head(same(read.letterhead), read.serial) if read.letterhead else None,
        addressees=same(_TO.sub("", read.addressees.rstrip("：:"))) if read.addressees else None,
        annexes=tuple(read.annexes),
        signed=same(read.signed) if read.signed else None,
        day=day,
        imprint=_imprint(read.imprint, day),
    )


def _paragraph(read: _Read, paragraph: Any) -> None:
    text = paragraph.text.strip(" \n")
    style = paragraph.style.name if paragraph.style is not None else ""
    if not text.strip():
        return
    if style == page.LETTERHEAD:
        read.letterhead = text
    elif style == page.SERIAL:
        read.serial = text
    elif style == page.TITLE and not read.title:
        read.title = text
    elif style == page.ADDRESSEES and not read.addressees and not read.blocks:
        read.addressees = text
    elif style in (page.HEADING_1, page.HEADING_2):
        read.blocks.append(Heading(1 if style == page.HEADING_1 else 2, same(text)))
    elif style == page.CAPTION:
        read.caption = text
    elif style == page.NOTE and read.blocks and isinstance(read.blocks[-1], Table):
        table = read.blocks[-1]
        read.blocks[-1] = Table(table.columns, table.rows, table.caption, table.total, same(text))
    elif style == page.ANNEXES:
        read.annexes.append(Annex(same(""), same(_ANNEX.sub("", text.lstrip("\u3000 "))), ()))
    elif style == page.SIGNED:
        read.signed = text
    elif style != page.DATED:
        read.blocks.append(Paragraph(same(text), indented=style != page.ADDRESSEES))


def _table(read: _Read, table: Any) -> None:
    """A ruled table of the text; the one at the foot of the page is the imprint."""
    from docx.oxml.ns import qn

    rows = [list(_cells(row)) for row in table.rows]
    if table._tbl.tblPr.find(qn("w:tblpPr")) is not None:
        read.imprint = [[cell.text.strip() for cell in row] for row in rows]
        return
    if len(rows) < 2:
        return
    numbers = [cell.paragraphs[0].style.name == page.CELL_NUMBER for cell in rows[1]]
    columns = tuple(
        Column(same(cell.text), _millimetres(cell), number)
        for cell, number in zip(rows[0], numbers, strict=True)
    )
    words: list[tuple[Text, ...]] = [tuple(same(cell.text) for cell in row) for row in rows[1:]]
    read.blocks.append(Table(columns, tuple(words), same(read.caption) if read.caption else None))
    read.caption = ""


def _cells(row: Any) -> Iterator[Any]:
    """Each cell once: python-docx gives a merged cell for each column it covers."""
    last: Any = None
    for cell in row.cells:
        if last is None or cell._tc is not last:
            yield cell
        last = cell._tc


def _millimetres(cell: Any) -> float:
    return round(cell.width.mm, 1) if cell.width is not None else 30.0


def _imprint(rows: list[list[str]], day: date) -> Imprint | None:
    if not rows:
        return None
    lines = [row[0] for row in rows]
    copy_to = next((_COPY_TO.sub("", line).rstrip("。.") for line in lines if _COPY_TO.match(line)), "")
    subject = next((_SUBJECT.sub("", line) for line in lines if _SUBJECT.match(line)), "")
    return Imprint(
        same(lines[-1]),
        day,
        (same(copy_to),) if copy_to else (),
        tuple(subject.split("\u3000")) if subject else (),
    )
