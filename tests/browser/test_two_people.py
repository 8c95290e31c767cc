"""Two people, two browsers, one unit: what they do beside each other stays; where they meet both are shown."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect
from tests.browser.conftest import Tongue, in_both_languages
from tests.web.conftest import person

from liangxin.registry.access import Role
from liangxin.web.units.models import Unit

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def unit(town: Any) -> Unit:
    return Unit.objects.filter(town=town, kind="enterprise", state="operating", staff__gt=5).order_by("pk")[0]


@pytest.fixture
def carol(town: Any) -> Any:
    """Alice's colleague."""
    return person("carol", town, Role.OFFICE)


@in_both_languages
def test_different_fields_are_both_kept(
    sign_in: Any, town: Any, alice: Any, carol: Any, unit: Unit, say: Tongue
) -> None:
    """Both opened the page before either saved; nobody is asked anything."""
    address = f"/t/{town.code}/units/unit/{unit.unit_id}/"
    hers, his = sign_in(alice, lang=say.lang), sign_in(carol, lang=say.lang)
    for page in (hers, his):
        page.goto(address)
    hers.locator("#i-staff").fill("45")
    his.locator("#i-remark").fill("已登门")
    for page in (hers, his):
        page.get_by_role("button", name=say("保存", "Save"), exact=True).click()
        expect(page.locator(".message.success")).to_be_visible()
    unit.refresh_from_db()
    assert (45, "已登门") == (unit.staff, unit.remark)


@in_both_languages
def test_the_same_field_shows_both_values(
    sign_in: Any, town: Any, alice: Any, carol: Any, unit: Unit, say: Tongue
) -> None:
    """The second to save sees both numbers, loses nothing typed, and decides by saving again."""
    address = f"/t/{town.code}/units/unit/{unit.unit_id}/"
    hers, his = sign_in(alice, lang=say.lang), sign_in(carol, lang=say.lang)
    for page in (hers, his):
        page.goto(address)
    hers.locator("#i-staff").fill("45")
    hers.get_by_role("button", name=say("保存", "Save"), exact=True).click()
    expect(hers.locator(".message.success")).to_be_visible()
    his.locator("#i-staff").fill("54")
    his.locator("#i-remark").fill("已登门")
    his.get_by_role("button", name=say("保存", "Save"), exact=True).click()
    expect(his.locator(".error-summary ins")).to_have_text(["45", "54"])
    expect(his.locator("#i-staff")).to_have_value("54")
    unit.refresh_from_db()
    assert (45, None) == (unit.staff, unit.remark)
    his.get_by_role("button", name=say("保存", "Save"), exact=True).click()
    expect(his.locator(".message.success")).to_be_visible()
    unit.refresh_from_db()
    assert (54, "已登门") == (unit.staff, unit.remark)
