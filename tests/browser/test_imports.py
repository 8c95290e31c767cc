"""An import in a real browser, from the file to the list, and taken back after somebody went on working."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect
from tests.browser.conftest import Tongue, follow, in_both_languages

from liangxin.web.units.models import ChangeSet, Unit
from liangxin.web.units.services import Edit, write
from liangxin.wording import Text

pytestmark = pytest.mark.django_db(transaction=True)
HEADER = ("编号", "单位名称", "单位类别", "从业人数")


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    """Three new enterprises as a village sends them, one with a number that is none."""
    from openpyxl import Workbook

    made = Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.append(["某村报来的企业名单"])
    sheet.append(HEADER)
    for number, staff in enumerate((12, 34, 56, "很多"), start=1):
        sheet.append([f"NEW-{number}", f"新报企业{number}号", "企业", staff])
    path = tmp_path / "某村名单.xlsx"
    made.save(path)
    return path


@pytest.mark.parametrize(
    ("lang", "read", "takes", "see", "saves", "undo"),
    [
        ("zh-hans", "读取并试算", "导入：新增 3 家", "看导入了什么", "保存", "撤销整批"),
        ("en", "Read and try", "Import: 3 new", "See what was imported", "Save", "Undo as a whole"),
    ],
)
def test_an_import_is_undone_and_what_was_edited_since_stays(
    sign_in: Any,
    town: Any,
    alice: Any,
    workbook: Path,
    lang: str,
    read: str,
    takes: str,
    see: str,
    saves: str,
    undo: str,
) -> None:
    """Dry run with its numbers and the error in place, import, edit one of the new units, undo: that one stays and is named."""
    before = Unit.objects.filter(town=town, removed=False).count()
    page = sign_in(alice, lang=lang)
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"/t/{town.code}/imports/")
    page.locator("input[type=file]").set_input_files(workbook)
    page.get_by_role("button", name=read).click()
    expect(page.get_by_text("很多").first).to_be_visible()
    expect(page.locator(".figures strong")).to_have_text(["3", "0", "0", "1"])
    assert before == Unit.objects.filter(town=town, removed=False).count()
    page.get_by_role("button", name=takes).click()
    page.get_by_role("link", name=see).click()
    imported = page.url
    expect(page.locator("tbody tr")).to_have_count(3)

    edited = Unit.objects.get(town=town, name="新报企业2号")
    page.goto(f"/t/{town.code}/units/unit/{edited.unit_id}/")
    page.locator("#i-staff").fill("35")
    page.get_by_role("button", name=saves, exact=True).click()
    expect(page.locator(".message.success")).to_be_visible()

    page.goto(imported)
    page.get_by_role("button", name=undo).click()
    expect(page.locator(".message.warning")).to_contain_text("新报企业2号")
    left = Unit.objects.filter(town=town, removed=False)
    assert (before + 1, 35) == (left.count(), left.get(name="新报企业2号").staff)


@in_both_languages
def test_two_entries_of_one_firm_are_merged_and_parted_again(
    sign_in: Any, town: Any, alice: Any, say: Tongue
) -> None:
    """From the queue: what both knew is in the one kept; the other leaves the list; undone, both are there again."""
    kept, other = {"unit_id": "D1", "staff": 9}, {"unit_id": "D2", "revenue": 80.0}
    entries = [Edit(None, {"name": "长乐岚汀试验厂"} | row) for row in (kept, other)]
    write(town, alice, "edit", Text("加", "add"), entries)
    page = sign_in(alice, lang=say.lang)
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"/t/{town.code}/imports/duplicates/")
    pair = page.locator("form.panel", has_text="长乐岚汀试验厂")
    follow(page, pair.get_by_role("button", name=say("是同一家，保留左边", "One unit; keep the left")))
    expect(page.locator("form.panel", has_text="长乐岚汀试验厂")).to_have_count(0)
    left = Unit.objects.get(town=town, name="长乐岚汀试验厂", removed=False)
    assert (9, 80.0) == (left.staff, left.revenue)

    page.goto(f"/t/{town.code}/units/changes/{ChangeSet.objects.get(kind='merge').pk}/")
    follow(page, page.get_by_role("button", name=say("撤销整批", "Undo as a whole")))
    expect(page.locator(".message.success")).to_be_visible()
    parted = Unit.objects.filter(town=town, name="长乐岚汀试验厂", removed=False)
    assert {("D1", 9, None), ("D2", None, 80.0)} == set(parted.values_list("unit_id", "staff", "revenue"))
