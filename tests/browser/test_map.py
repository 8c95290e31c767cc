"""The map in a real browser: points drawn without tiles, filtered, reached by keyboard, and nothing asked of outside."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect
from tests.browser.conftest import Tongue, in_both_languages

from liangxin.web.organizations import services


@pytest.fixture
def recorded(transactional_db: None, town: Any) -> Any:
    services.record_existing(town)
    return town


@in_both_languages
def test_points_are_drawn_filtered_and_opened_by_keyboard(
    recorded: Any, alice: Any, sign_in: Any, live_server: Any, say: Tongue
) -> None:
    """The list beside the map has the same units; Enter on one opens its popup, which leads to the unit."""
    page = sign_in(alice, lang=say.lang)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"/t/{recorded.code}/map/")
    drawn = page.locator("#map[data-drawn]")
    expect(drawn).to_be_visible()
    every = int(drawn.get_attribute("data-drawn") or 0)
    page.get_by_label(say("工作片", "Work area")).select_option(index=1)
    expect(page.locator("#in-view")).not_to_have_text(str(every))
    page.get_by_label(say("类别", "class")).check()
    expect(page.locator("#legend")).to_contain_text(say("从业80人以上", "80 staff"))
    first = page.locator("#unit-list button").first
    name = first.inner_text()
    first.focus()
    page.keyboard.press("Enter")
    page.get_by_role("link", name=name).click()
    expect(page.get_by_role("heading", name=name)).to_be_visible()
    assert [] == [each for each in asked if not each.startswith((live_server.url, "data:", "blob:"))]


def test_a_group_member_finds_the_own_units(recorded: Any, bob: Any, sign_in: Any) -> None:
    """In English; the page says that these are the group's own."""
    page = sign_in(bob, lang="en")
    page.goto(f"/t/{recorded.code}/map/")
    expect(page.locator("#map[data-drawn]")).to_be_visible()
    expect(page.get_by_text("your group's own")).to_be_visible()
