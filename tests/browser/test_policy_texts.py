"""A county's policy file on the site: refused by line, mended, brought, and in force from a day."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from tests.browser.conftest import DESKTOP, PHONE, Tongue, in_both_languages
from tests.web.test_policy_texts import COUNTY


@pytest.mark.django_db(transaction=True)
@in_both_languages
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desk", "phone"])
def test_a_policy_comes_into_force(
    say: Tongue, size: dict[str, int], town: Any, alice: Any, sign_in: Callable[..., Page], tmp_path: Path
) -> None:
    page = sign_in(alice, say.lang, size)
    page.goto(f"/t/{town.code}/policy/")
    page.get_by_role("link", name=say("政策文件", "Policy files")).click()
    wrong = COUNTY.replace("staff_large:", "staff_larg:")
    page.get_by_label(say("或者粘贴全文", "Or paste its text")).fill(wrong)
    page.get_by_role("button", name=say("检查并保存", "Check and save")).click()
    expect(page.get_by_role("alert")).to_contain_text(say("第7行", "line 7"))
    expect(page.get_by_label(say("或者粘贴全文", "Or paste its text"))).to_have_value(wrong)
    file = tmp_path / "某县.yaml"
    file.write_text(COUNTY, encoding="utf-8")
    page.get_by_label(say("政策文件（YAML）", "Policy file (YAML)")).set_input_files(file)
    page.get_by_role("button", name=say("检查并保存", "Check and save")).click()
    expect(page.get_by_text(say("已存为第1版", "kept as version 1"))).to_be_visible()
    page.get_by_label(say("基本政策", "Policy"), exact=True).select_option("x-county-2011-3")
    page.get_by_label(say("从哪一天起", "From the day")).fill("2011-08-12")
    page.once("dialog", lambda asked: asked.accept())
    page.get_by_role("button", name=say("从这一天起按它办", "Let it hold from that day")).click()
    expect(page.get_by_role("table").last).to_contain_text("2011-08-12")
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    page.goto(f"/t/{town.code}/policy/")
    expect(page.get_by_text(say("某县通知", "A county's notice")).first).to_be_visible()
