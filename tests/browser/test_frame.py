"""The frame around every page: its sections on a phone, the keys, the filters of the units folded, the pages of one's own account."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.browser.conftest import PHONE, Tongue, in_both_languages

pytestmark = pytest.mark.django_db(transaction=True)


@in_both_languages
def test_a_question_mark_shows_the_keys_and_escape_closes_them(
    sign_in: Callable[..., Page], alice: Any, town: Any, say: Tongue
) -> None:
    page = sign_in(alice, say.lang)
    page.goto(f"/t/{town.code}/units/")
    keys = page.get_by_role("dialog", name=say("快捷键", "Keys"))
    page.keyboard.press("/")
    page.keyboard.press("?")  # typed into the search box, not a key
    expect(page.locator("[data-search]")).to_have_value("?")
    expect(keys).to_be_hidden()
    page.locator("[data-search]").blur()
    page.keyboard.press("?")
    expect(keys).to_contain_text(say("到查找框", "to the search box"))
    page.keyboard.press("Escape")
    expect(keys).to_be_hidden()


def test_the_open_section_is_in_sight_on_a_phone(sign_in: Callable[..., Page], alice: Any, town: Any) -> None:
    page = sign_in(alice, size=PHONE)
    page.goto(f"/t/{town.code}/audit/")
    expect(page.locator("nav.sections [aria-current]")).to_be_in_viewport(ratio=1)


def test_filters_are_folded_on_a_phone_and_one_in_use_stays_in_sight(
    sign_in: Callable[..., Page], alice: Any, town: Any
) -> None:
    page = sign_in(alice, size=PHONE)
    page.goto(f"/t/{town.code}/units/?kind=enterprise")
    expect(page.locator("select[name=kind]")).to_be_visible()
    expect(page.locator("select[name=unclear]")).to_be_hidden()
    page.get_by_label("更多条件").check()
    expect(page.locator("select[name=unclear]")).to_be_visible()


@in_both_languages
def test_pages_of_ones_own_account_lead_to_no_reset_by_mail(
    sign_in: Callable[..., Page], alice: Any, town: Any, say: Tongue
) -> None:
    page = sign_in(alice, say.lang)
    page.goto("/accounts/password/change/")
    expect(page.locator("input[name=oldpassword]")).to_be_visible()
    expect(page.locator("main a")).to_have_count(0)
    page.goto("/accounts/2fa/")
    expect(page.get_by_role("heading", level=1)).to_have_text(say("两步验证", "Two-step sign-in"))
    expect(page.get_by_role("link", name=say("开启", "Turn on"))).to_be_visible()


def test_the_language_is_chosen_before_signing_in(chromium: Browser, live_server: Any) -> None:
    page = chromium.new_page(base_url=live_server.url, locale="zh-CN")
    page.goto("/accounts/login/")
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()
    page.get_by_role("button", name="中文").click()
    expect(page.get_by_role("button", name="登录", exact=True)).to_be_visible()
    page.context.close()
