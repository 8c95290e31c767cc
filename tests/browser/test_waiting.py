"""A copy comes back with a value that the ledger no longer agrees with: looked at, decided by keyboard, by page and phone."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect
from tests.browser.conftest import DESKTOP, PHONE, Tongue, in_both_languages

from liangxin.files.ledger_writing import write_ledger
from liangxin.web.units.copies import stamps_for
from liangxin.web.units.live import live
from liangxin.web.units.models import Unit
from liangxin.web.units.services import Edit, write
from liangxin.wording import Text

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def copy(town: Any, alice: Any, bob: Any, tmp_path: Path) -> Path:
    """Three firms with 5 staff when the copy was taken; 7 in the copy; 63 by Bob since."""
    firms = list(Unit.objects.filter(town=town, kind="enterprise").order_by("pk")[:3])
    write(town, alice, "edit", Text("备", "ready"), [Edit(unit, {"staff": 5}) for unit in firms])
    shown = live(town)
    path = tmp_path / "一组副本.csv"
    write_ledger(path, shown.frame, stamps=stamps_for(town, shown, shown.frame["unit_id"].to_list()))
    header, *rows = csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig")))
    ids = {unit.unit_id for unit in firms}
    for row in rows:
        if row[0] in ids:
            row[header.index("从业人数")] = "7"
    with path.open("w", encoding="utf-8-sig", newline="") as opened:
        csv.writer(opened).writerows([header, *rows])
    changed = [Edit(unit, {"staff": 63}) for unit in Unit.objects.filter(pk__in=[unit.pk for unit in firms])]
    write(town, bob, "edit", Text("走访更正", "corrected on a visit"), changed)
    return path


def staff(town: Any) -> list[int | None]:
    return list(
        Unit.objects.filter(town=town, kind="enterprise").order_by("pk").values_list("staff", flat=True)[:3]
    )


@in_both_languages
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["1366", "390"])
def test_both_values_and_one_of_them(
    size: dict[str, int], sign_in: Any, town: Any, alice: Any, copy: Path, say: Tongue
) -> None:
    """The dry run names them, the import puts them into the queue; 2, arrow and 1 decide; the third is left."""
    page = sign_in(alice, lang=say.lang, size=size)
    page.goto(f"/t/{town.code}/imports/")
    page.locator("input[type=file]").set_input_files(copy)
    page.get_by_role("button", name=say("读取并试算", "Read and try")).click()
    expect(page.get_by_role("heading", name=say("待定的值", "Values to decide"))).to_be_visible()
    page.get_by_role(
        "button",
        name=say("导入：新增 0 家，更新 0 家，3 处放到待定", "Import: 0 new, 0 updated, 3 to decide"),
    ).click()
    page.get_by_role("link", name=say("定待定的 3 处", "Decide 3 values")).click()
    questions = page.locator(".question")
    expect(questions).to_have_count(3)
    first = page.locator(".question.current")
    expect(first).to_contain_text("63")
    expect(first).to_contain_text("bob")
    expect(first).to_contain_text("一组副本.csv")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert [63, 63, 63] == staff(town)
    page.wait_for_load_state()  # the keys are listened for from here on
    page.keyboard.press("2")
    expect(questions).to_have_count(2)
    assert [7, 63, 63] == staff(town)
    page.keyboard.press("ArrowDown")
    expect(questions.nth(1)).to_have_class("panel question current")
    page.keyboard.press("1")
    expect(questions).to_have_count(1)
    assert [7, 63, 63] == staff(town)
    if size == PHONE:
        page.get_by_role("button", name=say("用副本的", "Take the copy")).click()
        expect(page.locator(".empty")).to_be_visible()
        assert [7, 7, 63] == staff(town)
