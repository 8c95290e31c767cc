"""The overview in a real browser: a number, the list behind it and the Word file say the same."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

import pytest
from playwright.sync_api import expect
from tests.browser.conftest import PHONE

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(
    ("lang", "size", "word"),
    [("zh-hans", None, "导出 Word"), ("en", PHONE, "Word")],
    ids=["desktop", "phone"],
)
def test_a_number_its_list_and_the_word_file_agree(
    sign_in: Any, town: Any, alice: Any, lang: str, size: Any, word: str
) -> None:
    """Every count of every target: the link's own number is the number of units in the list it opens, and in Word."""
    page = sign_in(alice, lang=lang, **({"size": size} if size else {}))
    page.wait_for_load_state("networkidle")
    links = page.locator(".targets a[href*='indicator=']")
    shown = links.evaluate_all("all => all.map(each => [each.getAttribute('href'), each.innerText])")
    assert len(shown) >= 10
    with page.expect_download() as download:
        page.get_by_role("link", name=word, exact=True).click()
    with zipfile.ZipFile(io.BytesIO(download.value.path().read_bytes())) as made:
        text = re.sub(r"<[^>]+>", " ", made.read("word/document.xml").decode())
    in_word = set(re.findall(r"\d[\d,]*", text))
    wrong = {}
    for address, number in shown:
        page.goto(address)
        listed = re.sub(r"\D", "", page.locator("#list strong").first.inner_text())
        if listed != number.replace(",", "") or number not in in_word | {
            each.replace(",", "") for each in in_word
        }:
            wrong[address] = (number, listed)
    assert {} == wrong


def test_a_correction_is_in_the_numbers_at_once(sign_in: Any, town: Any, alice: Any) -> None:
    """Somebody else's browser shows the new base after the next request."""
    from liangxin.web.units.models import Unit

    unit = Unit.objects.filter(town=town, kind="enterprise", state="operating", staff__lt=40, staff__gt=0)[0]
    mine, theirs = sign_in(alice), sign_in(alice, lang="en")
    base = theirs.locator("a[href*='indicator=1.2:denominator']").first
    before = int(base.inner_text())
    mine.goto(f"/t/{town.code}/units/unit/{unit.unit_id}/")
    mine.locator("#i-staff").fill("90")
    mine.get_by_role("button", name="保存").click()
    expect(mine.locator(".message.success")).to_be_visible()
    theirs.reload(wait_until="networkidle")
    assert before + 1 == int(base.inner_text())
