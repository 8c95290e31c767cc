"""Organizations in a real browser: each deed with its preview, in the tree and in the ledger; the chart is drawn."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from playwright.sync_api import expect
from tests.browser.conftest import PHONE, Tongue, follow, in_both_languages

from liangxin.web.organizations import queries, services
from liangxin.web.units.models import Unit


@pytest.fixture
def recorded(transactional_db: None, town: Any) -> Any:
    services.record_existing(town)
    services.found_framework(town, None, frozenset({"3.0", "3.1", "5.1"}))
    return town


@pytest.mark.clause("4.3")
@in_both_languages
def test_a_branch_is_founded_and_taken_back(recorded: Any, alice: Any, sign_in: Any, say: Tongue) -> None:
    """Type it, read what would change, press the button that says it, find it in the tree; annul it again."""
    unit = Unit.objects.filter(town=recorded, organization_id__isnull=True, full_members__gte=3)[0]
    preview = say("看会变动什么", "See what would change")
    page = sign_in(alice, lang=say.lang)
    page.goto(f"/t/{recorded.code}/organizations/")
    page.get_by_role("link", name=say("成立党组织", "Found an organization")).click()
    page.get_by_label(say("名称", "Name")).fill("浏览器党支部")
    page.get_by_label(say("类型", "Type")).select_option("branch")
    page.get_by_label(say("组建形式", "Form")).select_option("separate")
    page.get_by_label(say("上级党组织", "Superior")).select_option(label="第二工作片党总支")
    page.get_by_label(say("单位", "Units"), exact=True).fill(unit.unit_id)
    page.get_by_role("button", name=preview).click()
    expect(page.get_by_text(say("台账里 1 家单位", "of 1 unit in the ledger"))).to_be_visible()
    page.get_by_role("button", name=say("成立浏览器党支部", "found 浏览器党支部")).click()
    expect(page.get_by_role("heading", name="浏览器党支部")).to_be_visible()
    expect(page.get_by_role("link", name=unit.name)).to_be_visible()
    page.get_by_role("link", name=say("撤回", "Annul")).first.click()
    page.get_by_role("button", name=preview).click()
    follow(page, page.get_by_role("button", name=re.compile(say("^撤回第", "^annul entry"))))
    unit.refresh_from_db()
    assert ("none", None) == (unit.organization_form, unit.organization_id)


@pytest.mark.clause("2.1", "2.7", "4.3")
@in_both_languages
def test_units_join_leave_and_the_branch_ends(recorded: Any, alice: Any, sign_in: Any, say: Tongue) -> None:
    """On an organization's page: attach a unit (挂靠), split one off (剥离), merge (合并); the ledger follows each time."""
    free = Unit.objects.filter(town=recorded, organization_id__isnull=True, full_members__gte=3)[0]
    now = queries.tree_of(recorded).on(date(2011, 8, 15)).organizations.values()
    members = dict(Unit.objects.filter(town=recorded).values_list("unit_id", "full_members"))
    sound = [each for each in now if len(each.units) > 1 and sum(members[id] or 0 for id in each.units) >= 3]
    joint, other = sound[:2]
    page = sign_in(alice, lang=say.lang)
    home = f"/t/{recorded.code}/organizations/one/"

    def done(of: str, kind: str, fill: Callable[[], object]) -> None:
        page.goto(f"{home}{of}/")
        page.locator("summary", has_text=say("办理…", "Change…")).click()
        follow(page, page.locator(f".deeds a[href*='/act/{kind}/']"))
        fill()
        follow(page, page.get_by_role("button", name=say("看会变动什么", "See what would change")))
        assert not page.locator(".error-summary").count(), page.inner_text(".error-summary")
        follow(page, page.locator("button[name=seen]"))

    def place(unit_id: str) -> str:
        return str(Unit.objects.get(town=recorded, unit_id=unit_id).organization_id)

    done(joint.id, "attach", lambda: page.locator("#f-units").fill(free.unit_id))
    assert joint.id == place(free.unit_id)

    def split_off() -> None:
        page.locator(f"input[name=members][value='{free.unit_id}']").check()
        page.get_by_label(say("名称", "Name")).fill("剥离出来的党支部")
        page.get_by_label(say("类型", "Type")).select_option("branch")
        page.get_by_label(say("组建形式", "Form")).select_option("separate")

    done(joint.id, "split_off", split_off)
    assert place(free.unit_id) not in {joint.id, "None"}
    expect(page.get_by_text("剥离出来的党支部").first).to_be_visible()
    done(joint.id, "merge", lambda: page.locator("#f-others").select_option(other.id))
    assert {joint.id} == {place(unit) for unit in (*joint.units, *other.units)}


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
