"""Office holders in a browser: entered on the unit's page, shown in part, in full for a reason; an identity number refused."""

from __future__ import annotations

from typing import Any

import pytest
from tests.browser.conftest import Tongue, in_both_languages

from liangxin.web.holders.models import Holder
from liangxin.web.units.models import Unit


@pytest.fixture(autouse=True)
def folder_of_this_test(tmp_path: Any, settings: Any) -> None:
    settings.DATA = tmp_path


@pytest.mark.django_db(transaction=True)
@in_both_languages
def test_entered_seen_and_refused(
    transactional_db: None, town: Any, alice: Any, sign_in: Any, say: Tongue
) -> None:
    """The panel takes a secretary and shows 王**; the page in full asks why; an identity number stays in its box, unsaved."""
    unit = Unit.objects.filter(town=town, removed=False).order_by("pk").first()
    page = sign_in(alice, lang=say.lang)
    page.goto(f"/t/{town.code}/units/unit/{unit.unit_id}/")
    panel = page.locator("#holders")
    panel.locator("input[name=name]").fill("王晓明")
    panel.locator("input[name=telephone]").fill("13857501234")
    panel.get_by_role("button", name=say("登记", "Enter"), exact=True).click()
    panel.get_by_text("138****1234").wait_for()
    assert "王晓明" not in page.content()
    panel.locator("input[name=name]").fill("李四")
    panel.locator("input[name=telephone]").fill("110105 19491231 002X")
    panel.get_by_role("button", name=say("登记", "Enter"), exact=True).click()
    page.get_by_text(say("本系统不保存身份证号", "There is a resident identity number")).wait_for()
    assert 1 == Holder.objects.count()
    page.goto(f"/t/{town.code}/units/unit/{unit.unit_id}/")
    page.get_by_role("link", name=say("查看全部", "In full")).click()
    page.fill("#reason", "通知8月20日选举大会")
    page.get_by_role("button", name=say("查看并记入审计记录", "Show, and write it in the audit log")).click()
    page.get_by_text("王晓明").wait_for()
