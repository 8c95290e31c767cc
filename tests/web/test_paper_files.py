"""Settings of official documents: the office's templates and fonts are used, and an error says what is missing."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import pytest
from tests.files.papers.documents import papers
from tests.procedure.town_office import requested

from liangxin.files.papers.templates import FOLDER
from liangxin.findings import InputError
from liangxin.procedure import Paper, PaperKind
from liangxin.web.documents.papers import paper_file


def request_paper() -> Paper:
    return papers(requested())[PaperKind.REQUEST]


def test_the_offices_templates_are_taken(settings: Any, tmp_path: Path) -> None:
    """A template in the folder of the settings is what the site fills."""
    own = docx.Document(str(FOLDER / "upward.zh.docx"))
    own.paragraphs[0].insert_paragraph_before("本镇样式")
    own.save(str(tmp_path / "request.zh.docx"))
    settings.PAPER_TEMPLATES = tmp_path
    made = docx.Document(BytesIO(paper_file(request_paper(), "docx", "zh")))
    assert made.paragraphs[0].text == "本镇样式"


def test_fonts_that_are_missing_are_named(settings: Any) -> None:
    """Strict: the font of the settings or none; otherwise the nearest free one."""
    settings.PAPER_FONTS = {**settings.PAPER_FONTS, "body": "某某仿宋"}
    assert paper_file(request_paper(), "pdf", "zh").startswith(b"%PDF")
    settings.PAPER_FONTS_STRICT = True
    with pytest.raises(InputError, match="某某仿宋"):
        paper_file(request_paper(), "pdf", "zh")


def test_another_ending_is_a_fault_of_the_caller() -> None:
    """Views check the ending before."""
    with pytest.raises(KeyError):
        paper_file(request_paper(), "odt", "zh")
