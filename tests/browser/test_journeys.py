"""Whole ways through the site in both languages: a number to its list and files, a visit on a phone, a list kept, settings."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from playwright.sync_api import Page, expect
from tests.browser.conftest import PHONE, Tongue, follow, in_both_languages

from liangxin.coverage import count
from liangxin.web.units.live import live
from liangxin.web.units.models import Unit

pytestmark = pytest.mark.django_db(transaction=True)
SignIn = Callable[..., Page]
LANGUAGES = ("zh-hans", "en")


def saved(page: Page, click: Callable[[], Any], folder: Path) -> Path:
    with page.expect_download() as waiting:
        click()
    path = folder / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return path


@pytest.mark.clause("1.1", "A3")
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_number_its_list_its_excel_and_the_word_file_agree(
    sign_in: SignIn, town: Any, alice: Any, lang: str, tmp_path: Path
) -> None:
    """Those covered under 1.1: the same count in the overview, on the list, in the workbook and in the document."""
    import docx
    import openpyxl

    rate = count(live(town).classified)["1.1"]
    page = sign_in(alice, lang=lang)
    page.goto(f"/t/{town.code}/overview/")
    word = saved(page, lambda: page.locator("a[href*='document.docx']").click(), tmp_path)
    row = docx.Document(str(word)).tables[0].rows[1]
    assert [str(rate.numerator), str(rate.denominator)] == [cell.text for cell in row.cells[1:3]]
    number = page.locator(".targets tbody tr").first.locator("td").nth(3).locator("a").first
    assert f"{rate.numerator:,}" == number.inner_text()
    number.click()
    words = "家" if lang == "zh-hans" else "units"
    expect(page.locator("#list strong").first).to_have_text(f"{rate.numerator:,} {words}")
    page.locator("#list .actions a").first.click()
    workbook = saved(page, lambda: page.get_by_role("link", name="Excel").first.click(), tmp_path)
    sheet = openpyxl.load_workbook(workbook).worksheets[0]
    known = set(live(town).frame["unit_id"])
    assert rate.numerator == sum(row[0] in known for row in sheet.iter_rows(values_only=True))


@pytest.mark.clause("4.1")
@pytest.mark.parametrize(
    ("lang", "opens", "saves"),
    [("zh-hans", "家八清还没有清", "保存走访"), ("en", "with something not clear", "Save the visit")],
)
def test_a_visit_on_a_phone(sign_in: SignIn, town: Any, bob: Any, lang: str, opens: str, saves: str) -> None:
    """From the overview to the group's unclear units, into one, the visit recorded; nothing is wider than the phone."""
    group = town.as_core().task_groups[0].id
    unit = Unit.objects.filter(town=town, task_group=group, kind="enterprise", state="operating").order_by(
        "pk"
    )[0]
    Unit.objects.filter(pk=unit.pk).update(staff=None, surveyed_on=None)
    page = sign_in(bob, lang=lang, size=PHONE)
    page.goto(f"/t/{town.code}/overview/")
    page.get_by_role("link", name=opens).click()
    page.locator("#list").get_by_role("link", name=unit.name).first.click()
    follow(page, page.locator(f"a[href*='/{unit.unit_id}/visit/']"))
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.locator("#i-staff").fill("86")
    page.get_by_role("button", name=saves).click()
    expect(page.locator(".message.success")).to_contain_text(unit.name)
    unit.refresh_from_db()
    assert (86, "2011-08-15") == (unit.staff, str(unit.surveyed_on))


@pytest.mark.parametrize(
    ("lang", "columns", "lists", "shows", "remark"),
    [
        ("zh-hans", "栏目", "常用筛选", "显示这些栏目", "备注"),
        ("en", "Columns", "Saved lists", "Show these columns", "Remark"),
    ],
)
def test_a_list_is_kept_under_a_name(
    sign_in: SignIn, town: Any, alice: Any, lang: str, columns: str, lists: str, shows: str, remark: str
) -> None:
    """Filter, choose a column, keep it; from the plain list one click brings filter and column back."""
    page = sign_in(alice, lang=lang)
    page.goto(f"/t/{town.code}/units/?kind=enterprise")
    page.locator("summary", has_text=columns).click()
    page.locator("input[name=column][value=remark]").check()
    page.get_by_role("button", name=shows).click()
    expect(page.locator("#list thead th", has_text=remark)).to_be_visible()
    heads = page.locator("#list thead th").count()
    page.locator("summary", has_text=lists).click()
    page.locator("input[form=keep]").fill("企业备注")
    follow(page, page.locator("button[form=keep]"))
    page.goto(f"/t/{town.code}/units/?column=usual")
    expect(page.locator("#list thead th")).to_have_count(heads - 1)
    page.locator("summary", has_text=lists).click()
    page.get_by_role("link", name="企业备注").click()
    expect(page.locator("#list thead th")).to_have_count(heads)
    assert "enterprise" == page.locator("select[name=kind]").input_value()


@pytest.mark.parametrize(("lang", "saves"), [("zh-hans", "检查并保存"), ("en", "Check and save")])
def test_people_are_put_into_a_task_group(
    sign_in: SignIn, town: Any, alice: Any, lang: str, saves: str
) -> None:
    """A wrong area is told by row and nothing is lost; put right, it is saved and shown."""
    page = sign_in(alice, lang=lang)
    page.goto(f"/t/{town.code}/settings/part/task_groups/")
    page.locator("input[name=head]").first.fill("组长甲")
    area = page.locator("input[name=responsible_for]").first
    right = area.input_value()
    area.fill("没有这个片")
    page.get_by_role("button", name=saves).click()
    expect(page.locator(".error-summary")).to_contain_text("没有这个片")
    expect(page.locator("input[name=head]").first).to_have_value("组长甲")
    page.locator("input[name=responsible_for]").first.fill(right)
    page.get_by_role("button", name=saves).click()
    expect(page.get_by_text("组长甲")).to_be_visible()


@pytest.mark.parametrize(("lang", "back"), [("zh-hans", "回到今天"), ("en", "Back to today")])
def test_an_earlier_day_and_its_lists(sign_in: SignIn, town: Any, alice: Any, lang: str, back: str) -> None:
    """The day before the list came: no unit stands behind any number; one click leads back to today."""
    page = sign_in(alice, lang=lang)
    page.goto(f"/t/{town.code}/overview/")
    today = page.locator(".targets tbody tr").nth(3).locator("td").nth(3).inner_text()
    page.locator("input[name=day]").fill("2011-08-14")
    page.wait_for_url("**day=2011-08-14**")
    page.locator(".targets tbody tr").nth(3).locator("td").nth(3).locator("a").nth(1).click()
    expect(page.locator("#list .chip", has_text="2011-08-14")).to_be_visible()
    assert 0 == page.locator("td.edit").count()
    page.go_back()
    page.get_by_role("link", name=back).click()
    expect(page.locator(".targets tbody tr").nth(3).locator("td").nth(3)).to_have_text(today)


@pytest.mark.clause("1.2")
@in_both_languages
def test_what_if_80_were_50(sign_in: SignIn, town: Any, alice: Any, say: Tongue) -> None:
    """In a copy of the notice: who would move is listed and counted; the notice and its target stay as they were."""
    frame = live(town).classified.frame.filter(pl.col("kind") == "enterprise", "in_scope")
    before = count(live(town).classified)["1.2"].denominator
    newly = frame.filter(pl.col("staff").is_between(50, 79)).height
    assert newly > 0
    page = sign_in(alice, lang=say.lang)
    page.goto(f"/t/{town.code}/plans/what-if/")
    page.locator("#p-staff_large").fill("50")
    follow(page, page.get_by_role("button", name=say("看谁会变", "Who would change")))
    rates = page.locator(".rates tr", has_text=say("80人以上", "80 staff or more"))
    expect(rates.locator("del")).to_contain_text(f"/ {before:,} ")
    expect(rates.locator("ins")).to_contain_text(f"/ {before + newly:,} ")
    page.goto(f"/t/{town.code}/overview/")
    expect(page.locator("a[href*='indicator=1.2:denominator']").first).to_have_text(f"{before:,}")
