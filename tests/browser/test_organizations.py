"""Organizations in a real browser: found one with a preview, see it in the tree, take it back; the chart is drawn."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect
from tests.browser.conftest import PHONE

from liangxin.web.organizations import services
from liangxin.web.units.models import Unit


@pytest.fixture
def recorded(transactional_db: None, town: Any) -> Any:
    services.record_existing(town)
    services.found_framework(town, None, frozenset({"3.0", "3.1", "5.1"}))
    return town


@pytest.mark.clause("4.3")
def test_a_branch_is_founded_and_taken_back(recorded: Any, alice: Any, sign_in: Any) -> None:
    """Type it, read what would change, press the button that says it, find it in the tree; annul it again."""
    unit = Unit.objects.filter(town=recorded, organization_id__isnull=True, full_members__gte=3)[0]
    page = sign_in(alice)
    page.goto(f"/t/{recorded.code}/organizations/")
    page.get_by_role("link", name="成立党组织").click()
    page.get_by_label("名称").fill("浏览器党支部")
    page.get_by_label("类型").select_option("branch")
    page.get_by_label("组建形式").select_option("separate")
    page.get_by_label("上级党组织").select_option(label="第二工作片党总支")
    page.get_by_label("单位", exact=True).fill(unit.unit_id)
    page.get_by_role("button", name="看会变动什么").click()
    expect(page.get_by_text("台账里 1 家单位")).to_be_visible()
    page.get_by_role("button", name="成立浏览器党支部").click()
    expect(page.get_by_role("heading", name="浏览器党支部")).to_be_visible()
    expect(page.get_by_role("link", name=unit.name)).to_be_visible()
    page.get_by_role("link", name="撤回").first.click()
    page.get_by_role("button", name="看会变动什么").click()
    page.get_by_role("button", name=re.compile("^撤回第")).click()
    unit.refresh_from_db()
    assert ("none", None) == (unit.organization_form, unit.organization_id)


def test_the_tree_opens_and_the_chart_is_drawn(recorded: Any, alice: Any, sign_in: Any) -> None:
    """On a phone, in English: a branch unfolds; the network chart is drawn, with the same as a table one link away."""
    page = sign_in(alice, lang="en", size=PHONE)
    page.goto(f"/t/{recorded.code}/organizations/")
    closed = page.locator(".organization-tree details:not([open]) > summary").first
    closed.click(position={"x": 16, "y": 20})
    expect(page.locator("details[open] .leaf").first).to_be_visible()
    page.get_by_role("link", name="Network chart").click()
    expect(page.locator("#network[data-drawn=yes]")).to_be_visible()
    page.get_by_role("link", name="The same as a table").click()
    expect(page.get_by_role("columnheader", name="Superior (territory)")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
