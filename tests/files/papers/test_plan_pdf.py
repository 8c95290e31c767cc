"""The implementation plan (4.2) as PDF: word for word what the Word file says."""

from __future__ import annotations

from pathlib import Path

import docx
import pytest
from tests.files.papers import measured

from liangxin.files.dossier import Dossier
from liangxin.files.implementation_plan import write_implementation_plan, write_implementation_plan_pdf
from liangxin.wording import LANGUAGES, Lang

pytestmark = [pytest.mark.office]


def squeezed(words: str) -> str:
    return "".join(words.split())


@pytest.mark.clause("4.2")
@pytest.mark.parametrize("lang", LANGUAGES)
def test_it_says_what_the_word_file_says(dossier: Dossier, tmp_path: Path, lang: Lang) -> None:
    """Headings, text, figures of every table, annexes, signature and imprint; nothing outside the text area."""
    write_implementation_plan(tmp_path / "plan.docx", dossier, lang)
    write_implementation_plan_pdf(tmp_path / "plan.pdf", dossier, lang)
    pdf = (tmp_path / "plan.pdf").read_bytes()
    everything = "".join(
        squeezed("".join(word.text for word in measured.words(pdf, page)))
        for page in range(1, measured.pages(pdf) + 1)
    )
    word = docx.Document(str(tmp_path / "plan.docx"))
    for paragraph in word.paragraphs:
        style = paragraph.style.name if paragraph.style is not None else ""
        if style in ("Heading 1", "Heading 2"):
            assert squeezed(paragraph.text) in everything
    figures = [cell.text for table in word.tables[:-1] for row in table.rows[1:] for cell in row.cells]
    missing = [figure for figure in figures if squeezed(figure) not in everything and len(figure) < 8]
    assert missing == []
    for page in range(1, measured.pages(pdf) + 1):
        assert all(word.left > 78 for word in measured.words(pdf, page))
    last = measured.text(pdf)
    assert ("抄送" if lang == "zh" else "Copyto") in last
