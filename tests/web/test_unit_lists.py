"""Lists kept under a name, the ledger of an earlier day as a list, and the way back into the order of the sheet."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from typing import Any

import pytest
from django.utils import timezone

from liangxin.registry.fields import FIELDS
from liangxin.web.ui.memory import MEMORY
from liangxin.web.units import services
from liangxin.web.units.live import live
from liangxin.web.units.models import ChangeSet, SavedList, Unit
from liangxin.web.units.services import Edit
from liangxin.wording import Text

WORDS = Text("修改", "edit")


def url(town: Any, *parts: str) -> str:
    return "/".join(["", "t", town.code, "units", *parts, ""])


def number(page: str) -> int:
    import re

    return int(re.findall(r"<strong>([\d,]+) 家</strong>", page)[0].replace(",", ""))


def test_a_list_is_kept_with_its_filter_and_columns(town: Any, alice: Any, as_person: Any) -> None:
    """Filtered, columns chosen, named: next time one click opens the same list with the same columns."""
    client = as_person(alice)
    before = client.get(url(town) + "?kind=enterprise&column=staff&column=remark").content.decode()
    client.post(url(town, "saved") + "?kind=enterprise", {"name": "企业 人数"})
    client.get(url(town) + "?column=usual")
    page = client.get(url(town)).content.decode()
    assert (
        'href="?kind=enterprise&amp;column=unit_id&amp;column=name&amp;column=staff&amp;column=remark"'
        in page
    )
    again = client.get(
        url(town) + "?kind=enterprise&column=unit_id&column=name&column=staff&column=remark"
    ).content.decode()
    assert number(before) == number(again)
    assert 4 + 1 == again.count('scope="col"')  # the box, and the four columns
    assert "edit saved" not in again  # a kept list is no cell just saved


def test_a_kept_list_is_its_owners_alone(town: Any, alice: Any, bob: Any, as_person: Any) -> None:
    """Bob neither sees Alice's list nor can he delete it."""
    as_person(alice).post(url(town, "saved"), {"name": "办公室"})
    kept = SavedList.objects.get()
    assert "办公室" not in as_person(bob).get(url(town)).content.decode()
    as_person(bob).post(url(town, "saved", str(kept.pk), "forget"))
    assert 1 == SavedList.objects.count()
    as_person(alice).post(url(town, "saved", str(kept.pk), "forget"))
    assert 0 == SavedList.objects.count()


@pytest.mark.parametrize("name", ["", "   ", "长" * 41])
def test_a_kept_list_needs_a_name(town: Any, alice: Any, as_person: Any, name: str) -> None:
    """No name or one too long is refused in words."""
    response = as_person(alice).post(url(town, "saved"), {"name": name}, follow=True)
    assert "1 到 40 个字" in response.content.decode()
    assert 0 == SavedList.objects.count()


def test_an_outsider_keeps_nothing(town: Any, outsider: Any, as_person: Any) -> None:
    """The town does not exist for someone without a role."""
    assert 404 == as_person(outsider).post(url(town, "saved"), {"name": "x"}).status_code


def separate_branch(town: Any) -> str:
    """A branch of one firm's own; a second firm is put into it, which counts as its form does."""
    return str(Unit.objects.filter(town=town, organization_form="separate").order_by("pk")[0].organization_id)


@pytest.fixture
def dated(town: Any, alice: Any) -> Unit:
    """The list came on 1 August; on the 14th one enterprise without an organization got one."""
    ChangeSet.objects.update(at=timezone.make_aware(datetime(2011, 8, 1, 9)))
    unit = Unit.objects.filter(
        town=town, kind="enterprise", state="operating", ownership="private", organization_form="none",
        full_members__gte=3,
    ).first()  # fmt: skip
    assert unit is not None
    services.write(
        town,
        alice,
        "edit",
        WORDS,
        [Edit(unit, {"organization_id": separate_branch(town)})],
        at=timezone.make_aware(datetime(2011, 8, 14, 12)),
    )
    return unit


@pytest.mark.clause("1.1")
def test_the_numbers_of_an_earlier_day_open_the_lists_of_that_day(
    town: Any, alice: Any, dated: Unit, as_person: Any
) -> None:
    """As of the 13th the enterprise is still missing: in the overview, in the list behind it, in its Excel file."""
    import openpyxl

    client = as_person(alice)
    then = client.get(f"/t/{town.code}/overview/?day=2011-08-13").content.decode()
    assert "units/?indicator=1.1:numerator&amp;day=2011-08-13" in then
    listed = url(town) + "?indicator=1.1:missing&day={}"
    before = client.get(listed.format("2011-08-13")).content.decode()
    after = client.get(listed.format("2011-08-14")).content.decode()
    assert number(before) == number(after) + 1
    assert dated.name in client.get(listed.format("2011-08-13") + f"&q={dated.unit_id}").content.decode()
    made = client.get(f"/t/{town.code}/documents/file/ledger.xlsx?indicator=1.1:missing&day=2011-08-13")
    sheet = openpyxl.load_workbook(BytesIO(made.content)).worksheets[0]
    ids = [row[0] for row in sheet.iter_rows(values_only=True) if row[0] in set(live(town).frame["unit_id"])]
    assert number(before) == len(ids)
    assert dated.unit_id in ids
    assert "2011-08-13 的情况" in str(sheet["A1"].value)


def test_what_was_is_only_read(town: Any, alice: Any, dated: Unit, as_person: Any) -> None:
    """A list of an earlier day offers no cell to mend and no bulk edit."""
    client = as_person(alice)
    past = client.get(url(town) + "?day=2011-08-13").content.decode()
    assert ("hx-get" not in past, "批量修改" not in past) == (True, True)
    assert "hx-get" in client.get(url(town)).content.decode()


def test_a_day_that_is_none_is_said(town: Any, alice: Any, as_person: Any) -> None:
    """The list of now is shown, and that the words are no date."""
    page = as_person(alice).get(url(town) + "?day=昨天").content.decode()
    assert "“昨天”不是日期" in page


@pytest.mark.django_db(transaction=True)
def test_a_mended_row_stays_in_its_place(town: Any, alice: Any) -> None:
    """The list does not jump when a unit is edited, and every process has the same order."""
    order = live(town).frame["unit_id"].to_list()
    units = Unit.objects.filter(town=town, unit_id__in=[order[3], order[40], order[-1]])
    services.write(town, alice, "bulk", WORDS, [Edit(each, {"remark": "改"}) for each in units])
    followed = live(town).classified.frame
    MEMORY.forget()
    assert order == followed["unit_id"].to_list()
    assert followed.equals(live(town).classified.frame)


def test_units_without_a_place_are_a_list(town: Any, alice: Any, as_person: Any) -> None:
    """The tree's counts and the units in no place make up the town."""
    unit = Unit.objects.filter(town=town).first()
    assert unit is not None
    empty = dict.fromkeys(("area", "village", "park", "venue"))
    services.write(town, alice, "edit", WORDS, [Edit(unit, empty)])
    client = as_person(alice)
    assert "没有填位置" in client.get(url(town)).content.decode()
    page = client.get(url(town) + "?place=nowhere").content.decode()
    assert unit.name in page
    assert number(page) >= 1


@pytest.mark.clause("4.1")
def test_what_is_unclear_is_a_list(town: Any, alice: Any, as_person: Any) -> None:
    """ "any not clear" holds every unit of the base with one of the eight clears open; each clear its own."""
    import polars as pl

    frame = live(town).classified.frame.filter(pl.col("in_scope"))
    client = as_person(alice)
    expected = frame.filter(pl.col("not_clear").list.len() > 0).height
    assert expected == number(client.get(url(town) + "?unclear=any").content.decode())
    staff = frame.filter(pl.col("not_clear").list.contains("staff")).height
    assert staff == number(client.get(url(town) + "?unclear=staff").content.decode())
    assert expected > staff > 0


def test_a_conflict_is_said_of_many_with_the_policys_own_numbers(town: Any) -> None:
    """The name goes, what differs becomes dots, the three of the rule stays a three; no hole in either language."""
    from liangxin.web.units.filter_words import in_general

    policy = live(town).policy
    said = {each.id: in_general(each.message, policy) for each in policy.conflicts}
    asked = said["stand_alone_without_three"]
    assert "按三（二）应单独组建，但正式党员只有…名，不足3名" == asked.zh
    assert "A unit is asked to stand alone by 3.2, but has … full members; 3 are needed" == asked.en
    assert not [words for each in said.values() for words in (each.zh, each.en) if "{" in words]
    assert not [each.zh for each in said.values() if each.zh.startswith("的")]


@pytest.mark.clause("4.1")
def test_the_api_has_the_filters_of_the_page(town: Any, alice: Any, dated: Unit, as_person: Any) -> None:
    """Unclear units and an earlier day: the same number as the page's; a day that is none is refused."""
    client = as_person(alice)
    base = f"/api/v1/towns/{town.code}/units"
    for query in ("unclear=any", "unclear=staff", "day=2011-08-13&indicator=1.1:missing"):
        assert number(client.get(f"{url(town)}?{query}").content.decode()) == client.get(f"{base}?{query}").json()["total"]  # fmt: skip
    for query in ("unclear=everything", "day=2011-99-99"):
        assert 422 == client.get(f"{base}?{query}").status_code


def test_every_field_is_in_the_form_and_among_the_columns(town: Any, alice: Any, as_person: Any) -> None:
    """A new field of the table is missing nowhere; the number stands at the head of both."""
    unit = Unit.objects.filter(town=town).first()
    client = as_person(alice)
    form = client.get(url(town, "unit", unit.unit_id)).content.decode()
    chooser = client.get(url(town)).content.decode()
    wanted = set(FIELDS) - {"unit_id"}
    assert set() == {name for name in wanted if f'id="f-{name}"' not in form}
    assert set() == {name for name in wanted if f'name="column" value="{name}"' not in chooser}
