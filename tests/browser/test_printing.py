"""Pages on paper: the table's header on every sheet, no navigation and no buttons."""

from __future__ import annotations

import io
from typing import Any

import pytest
from pypdf import PdfReader

pytestmark = pytest.mark.django_db(transaction=True)


def printed(page: Any) -> list[str]:
    made = page.pdf(prefer_css_page_size=True)
    return [sheet.extract_text() for sheet in PdfReader(io.BytesIO(made)).pages]


def test_the_list_repeats_its_header_and_has_no_navigation(sign_in: Any, town: Any, alice: Any) -> None:
    """A list of several sheets can be read from any of them."""
    page = sign_in(
        alice, lang="en"
    )  # Chinese text comes out of a PDF with look-alike radicals for some characters
    page.goto(f"/t/{town.code}/units/")
    header = page.locator("thead th").nth(2).inner_text()
    sheets = printed(page)
    assert len(sheets) > 1
    assert "list of units" in sheets[0]
    assert [] == [sheet[:80] for sheet in sheets if header not in sheet]
    assert set() == _words_in(sheets, ("Bulk edit", "Settings", "Whole town", "Search", "Paste from Excel"))


def test_the_overview_prints_its_targets(sign_in: Any, town: Any, alice: Any) -> None:
    """The five targets are on the first sheet; what is only for the screen is not on paper."""
    page = sign_in(alice, lang="en")
    page.wait_for_load_state("networkidle")
    sheets = printed(page)
    for target in ("1.1", "1.2", "1.3", "1.4", "1.5"):
        assert target in sheets[0]
    screen = ("Print", "Word", "Sign out", "By task group", "The numbers of each day")
    assert set() == _words_in(sheets, screen)


def _words_in(sheets: list[str], words: tuple[str, ...]) -> set[str]:
    return {word for word in words if any(word in sheet for sheet in sheets)}
