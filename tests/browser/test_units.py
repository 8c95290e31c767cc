"""Units in a real browser: cells by keyboard, bulk with preview and undo, paste, search, and finding one's way."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect
from tests.browser.conftest import Tongue, in_both_languages

from liangxin.web.units.models import Unit

pytestmark = pytest.mark.django_db(transaction=True)


def listed(page: Page, town: Any, query: str = "") -> None:
    page.goto(f"/t/{town.code}/units/{query}")


def cell(page: Page, unit: Unit, field: str) -> Any:
    return page.locator(f"td[hx-get$='/{unit.unit_id}/cell/{field}/']")


@pytest.fixture
def unit(town: Any) -> Unit:
    return Unit.objects.filter(town=town, kind="enterprise", state="operating", staff__gt=5).order_by("pk")[0]


@in_both_languages
def test_a_cell_is_mended_by_keyboard(sign_in: Any, town: Any, alice: Any, unit: Unit, say: Tongue) -> None:
    """Enter opens it, a wrong value is told in place, a right one is saved, Escape leaves it as it was."""
    page = sign_in(alice, lang=say.lang)
    listed(page, town, f"?q={unit.name}")
    cell(page, unit, "staff").focus()
    page.keyboard.press("Enter")
    typed = page.locator("[data-cell]")
    expect(typed).to_be_focused()
    typed.fill("很多")
    page.keyboard.press("Enter")
    expect(page.locator("td.editing .wrong")).to_contain_text("很多")
    expect(typed).to_have_value("很多")
    typed.fill("91人")
    page.keyboard.press("Enter")
    expect(cell(page, unit, "staff")).to_have_text("91")
    cell(page, unit, "staff").focus()
    page.keyboard.press("Enter")
    typed.fill("7")
    page.keyboard.press("Escape")
    expect(cell(page, unit, "staff")).to_have_text("91")
    unit.refresh_from_db()
    assert 91 == unit.staff


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("zh-hans", ("批量修改", "符合条件的全部", "看改前改后", "修改 {n} 处", "撤销整批")),
        ("en", ("Bulk edit", "that match", "Show old and new", "Change {n} cells", "Undo as a whole")),
    ],
)
def test_all_that_match_are_changed_and_undone(
    sign_in: Any, town: Any, alice: Any, lang: str, words: tuple[str, ...]
) -> None:
    """Select all that match, not only the page; look at old and new; apply; take it back as a whole."""
    matching = Unit.objects.filter(town=town, kind="enterprise", removed=False)
    assert matching.count() > 100  # more than a page shows
    old = dict(matching.values_list("unit_id", "remark"))
    expected = sum(remark != "登门核对" for remark in old.values())
    page = sign_in(alice, lang=lang)
    page.on("dialog", lambda dialog: dialog.accept())
    listed(page, town, "?kind=enterprise")
    page.locator("summary", has_text=words[0]).click()
    page.get_by_label(words[1]).check()
    page.locator("select[name=field]").select_option("remark")
    page.locator("input[name=value]").fill("登门核对")
    page.get_by_role("button", name=words[2]).click()
    page.get_by_role("button", name=words[3].format(n=expected), exact=True).click()
    expect(page.get_by_role("button", name=words[4])).to_be_visible()
    assert {"登门核对"} == set(matching.values_list("remark", flat=True))
    page.get_by_role("button", name=words[4]).click()
    expect(page.locator(".message.success")).to_be_visible()
    assert old == dict(matching.values_list("unit_id", "remark"))


@in_both_languages
def test_a_block_from_excel_is_pasted(sign_in: Any, town: Any, alice: Any, unit: Unit, say: Tongue) -> None:
    """A wrong header changes nothing and says so; mended, old and new are shown before they are applied."""
    page = sign_in(alice, lang=say.lang)
    compare = say("看改前改后", "Show old and new")
    listed(page, town)
    page.get_by_role("link", name=say("从 Excel 粘贴", "Paste from Excel")).click()
    page.locator("textarea[name=text]").fill(f"编号\t几个人\n{unit.unit_id}\t88")
    page.get_by_role("button", name=compare).click()
    expect(page.locator(".error-summary")).to_contain_text("几个人")
    page.locator("textarea[name=text]").fill(f"编号\t从业人数\n{unit.unit_id}\t88")
    page.get_by_role("button", name=compare).click()
    expect(page.locator("tbody ins")).to_have_text("88")
    page.get_by_role("button", name=say("修改 1 处", "Change 1 cells")).click()
    expect(page.locator(".message.success")).to_be_visible()
    unit.refresh_from_db()
    assert 88 == unit.staff


def test_found_by_pinyin_initials(sign_in: Any, town: Any, alice: Any, unit: Unit) -> None:
    """ "/" goes to the search box; the initials of the name find it."""
    page = sign_in(alice)
    listed(page, town)
    page.keyboard.press("/")
    expect(page.locator("[data-search]")).to_be_focused()
    page.keyboard.type(unit.initials[:6])
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name=unit.name, exact=True)).to_be_visible()


def test_alt_arrows_walk_the_list(sign_in: Any, town: Any, alice: Any) -> None:
    """From the first unit of a list to the next and back, in the list's own order."""
    page = sign_in(alice)
    listed(page, town, "?kind=enterprise&sort=name")
    names = page.locator("tbody a[href*='/unit/']").all_inner_texts()
    page.locator("tbody a[href*='/unit/']").first.click()
    page.wait_for_url("**/unit/**")
    heading = page.locator("h1")
    first = heading.inner_text()
    page.keyboard.press("Alt+ArrowRight")
    expect(heading).not_to_have_text(first)
    assert heading.inner_text() in names
    page.keyboard.press("Alt+ArrowLeft")
    expect(heading).to_have_text(first)


@in_both_languages
def test_leaving_a_form_with_changes_asks(
    sign_in: Any, town: Any, alice: Any, unit: Unit, say: Tongue
) -> None:
    """A typed and unsaved value is not lost by a click: the browser asks; saved, it does not."""
    page = sign_in(alice, lang=say.lang)
    page.goto(f"/t/{town.code}/units/unit/{unit.unit_id}/")
    asked: list[str] = []

    def stay(dialog: Any) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.locator("#i-remark").fill("问过会计")
    page.get_by_role("link", name=say("回到列表", "Back to the list")).click(no_wait_after=True)
    page.wait_for_timeout(300)
    assert (["beforeunload"], "问过会计") == (asked, page.locator("#i-remark").input_value())
    page.get_by_role("button", name=say("保存", "Save"), exact=True).click()
    expect(page.locator(".message.success")).to_be_visible()
    page.get_by_role("link", name=say("回到列表", "Back to the list")).click()
    expect(page.locator("#list")).to_be_visible()
    assert ["beforeunload"] == asked


def test_the_other_language_keeps_the_page(sign_in: Any, town: Any, alice: Any) -> None:
    """Switching says the same page in English, with the same filter."""
    page = sign_in(alice)
    listed(page, town, "?kind=enterprise&q=a")
    address = page.url
    page.locator("details.me summary").click()
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_role("button", name="Search")).to_be_visible()
    assert address == page.url
