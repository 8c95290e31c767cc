"""Signing in and finding one's way, in a real browser, in both languages and at both sizes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from tests.browser.conftest import DESKTOP, PHONE

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize(("lang", "title"), [("zh-hans", "总览"), ("en", "Overview")])
def test_lands_on_the_overview(
    sign_in: Callable[..., Page], town: Any, alice: Any, lang: str, title: str, size: dict[str, int]
) -> None:
    """The office signs in and stands before the targets of its only town."""
    page = sign_in(alice, lang=lang, size=size)
    assert title == page.inner_text("h1")


def test_a_number_opens_its_list(sign_in: Callable[..., Page], town: Any, alice: Any) -> None:
    """The base of 1.1 on the overview and the list behind it have the same count."""
    page = sign_in(alice)
    link = page.locator("a[href*='indicator=1.1:denominator']").first
    shown = link.inner_text()
    link.click()
    expect(page.locator("#list strong").first).to_have_text(f"{shown} 家")
