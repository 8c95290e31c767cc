"""Units on the site: found, mended, two people at once, bulk, paste, undo; and what each person may reach."""

from __future__ import annotations

import re
from typing import Any

import pytest

from liangxin.web.ui.memory import MEMORY
from liangxin.web.units import services
from liangxin.web.units.live import as_of, live
from liangxin.web.units.models import ChangeSet, Unit
from liangxin.web.units.services import Edit
from liangxin.web.units.undoing import undo
from liangxin.wording import Text

WORDS = Text("修改", "edit")


@pytest.fixture
def unit(town: Any) -> Unit:
    return Unit.objects.filter(town=town, kind="enterprise", state="operating", staff__gt=5).order_by("pk")[0]


def url(town: Any, *parts: str) -> str:
    return "/".join(["", "t", town.code, "units", *parts, ""])


def form(unit: Unit, **changes: str) -> dict[str, str]:
    """What a browser sends when only these fields were touched."""
    sent = {"version": str(unit.version)}
    for name, words in changes.items():
        sent |= {name: words, f"was-{name}": "" if getattr(unit, name) is None else str(getattr(unit, name))}
    return sent


@pytest.mark.clause("4.1")
def test_a_correction_shows_in_every_number_at_once(
    town: Any, alice: Any, unit: Unit, as_person: Any
) -> None:
    """Staff of one enterprise raised to 90: the next page counts it in 1.2."""
    before = live(town).classified.frame.filter(_id(unit))["is_staff_80"].to_list()
    response = as_person(alice).post(url(town, "unit", unit.unit_id, "save"), form(unit, staff="90人"))
    after = live(town).classified.frame.filter(_id(unit))["is_staff_80"].to_list()
    assert (302, [True]) == (response.status_code, after)
    assert before != after or unit.staff >= 80


def _id(unit: Unit) -> Any:
    import polars as pl

    return pl.col("unit_id") == unit.unit_id


@pytest.mark.django_db(transaction=True)
def test_the_followed_frame_is_the_frame_read_anew(town: Any, alice: Any) -> None:
    """Rows replaced one by one give the same ledger as reading everything again."""
    live(town)
    for at, unit in enumerate(Unit.objects.filter(town=town).order_by("?")[:20]):
        services.write(town, alice, "edit", WORDS, [Edit(unit, {"staff": at, "remark": "改"})])
        live(town)
    followed = live(town).classified.frame.sort("unit_id")
    MEMORY.forget()
    assert followed.equals(live(town).classified.frame.sort("unit_id"))


def test_bad_words_are_refused_with_all_errors(town: Any, alice: Any, unit: Unit, as_person: Any) -> None:
    """Two wrong fields: both are named, nothing is saved, what was typed is still there."""
    response = as_person(alice).post(
        url(town, "unit", unit.unit_id, "save"), form(unit, staff="很多", uscc="123")
    )
    page = response.content.decode()
    unit.refresh_from_db()
    assert (422, 1) == (response.status_code, unit.version)
    assert page.count("很多") >= 2
    assert page.count('href="#f-') >= 2


def test_two_people_change_different_fields_and_both_stay(
    town: Any, alice: Any, unit: Unit, as_person: Any
) -> None:
    """Bob saved the staff while Alice typed the revenue: both are kept, silently."""
    seen = form(unit, revenue="777")
    services.write(town, None, "edit", WORDS, [Edit(unit, {"staff": 33})])
    response = as_person(alice).post(url(town, "unit", unit.unit_id, "save"), seen)
    unit.refresh_from_db()
    assert (302, 33, 777.0) == (response.status_code, unit.staff, unit.revenue)


def test_two_people_change_the_same_field_and_are_told(
    town: Any, alice: Any, unit: Unit, as_person: Any
) -> None:
    """The same field: the second sees both values, and nothing of the first is lost."""
    seen = form(unit, staff="44")
    services.write(town, None, "edit", WORDS, [Edit(unit, {"staff": 33})])
    response = as_person(alice).post(url(town, "unit", unit.unit_id, "save"), seen)
    unit.refresh_from_db()
    page = response.content.decode()
    assert (409, 33) == (response.status_code, unit.staff)
    assert "<ins>33</ins>" in page
    assert "<ins>44</ins>" in page


def token(page: str) -> str:
    """The token that a preview carries."""
    found = re.search(r'name="seen" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def test_bulk_edit_shows_old_and_new_then_applies_then_undoes(town: Any, alice: Any, as_person: Any) -> None:
    """All units of a filter get another task group; undone, they are as before."""
    client = as_person(alice)
    group = town.as_core().task_groups[1]
    chosen = [each.unit_id for each in Unit.objects.filter(town=town).exclude(task_group=group.id)[:7]]
    old = dict(Unit.objects.filter(unit_id__in=chosen).values_list("unit_id", "task_group"))
    given = {"field": "task_group", "value": group.name, "unit": chosen}
    preview = client.post(url(town, "bulk"), given).content.decode()
    assert f"<ins>{group.name}</ins>" in preview
    assert 0 == ChangeSet.objects.filter(kind="bulk").count()
    assert 200 == client.post(url(town, "bulk"), given | {"apply": "1"}).status_code  # never seen: a preview
    assert 0 == ChangeSet.objects.filter(kind="bulk").count()
    client.post(url(town, "bulk"), given | {"apply": "1", "seen": token(preview)})
    assert {group.id} == set(Unit.objects.filter(unit_id__in=chosen).values_list("task_group", flat=True))
    done = ChangeSet.objects.get(kind="bulk")
    client.post(url(town, "changes", str(done.pk), "undo"))
    assert old == dict(Unit.objects.filter(unit_id__in=chosen).values_list("unit_id", "task_group"))


def test_paste_from_excel_names_every_wrong_row(town: Any, alice: Any, unit: Unit, as_person: Any) -> None:
    """A block with an unknown unit and an unreadable number: each row is named and nothing is changed."""
    block = f"编号\t从业人数\n{unit.unit_id}\t很多\nNO-SUCH\t5"
    response = as_person(alice).post(url(town, "paste"), {"text": block, "apply": "1"})
    unit.refresh_from_db()
    page = response.content.decode()
    assert (422, 1) == (response.status_code, unit.version)
    assert "第2行" in page
    assert "第3行" in page


def test_paste_from_excel_changes_what_it_showed(town: Any, alice: Any, unit: Unit, as_person: Any) -> None:
    """A clean block is previewed and then applied."""
    block = f"编号\t从业人数\t备注\n{unit.unit_id}\t６１人\t电话核实"
    client = as_person(alice)
    preview = client.post(url(town, "paste"), {"text": block}).content.decode()
    assert "<ins>61</ins>" in preview
    client.post(url(town, "paste"), {"text": block, "apply": "1", "seen": token(preview)})
    unit.refresh_from_db()
    assert (61, "电话核实") == (unit.staff, unit.remark)


def test_undoing_an_import_keeps_what_was_edited_since(
    empty_town: Any, sample: Any, django_user_model: Any
) -> None:
    """Undo takes back the imported rows; the one edited since stays and is listed."""
    from liangxin.web.units.loading import load_ledger

    by = django_user_model.objects.create_user("importer")
    done = load_ledger(empty_town, sample.ledger.head(10), by, Text("导入", "import"))
    edited = Unit.objects.filter(town=empty_town).first()
    services.write(empty_town, by, "edit", WORDS, [Edit(edited, {"staff": 1 + (edited.staff or 0)})])
    undone = undo(done, by)
    assert (9, [edited.unit_id]) == (undone.taken_back, [each.unit_id for each in undone.kept])
    assert [edited.unit_id] == live(empty_town).frame["unit_id"].to_list()


def test_the_ledger_of_an_earlier_moment(town: Any, alice: Any, unit: Unit) -> None:
    """As of the moment before two edits, the unit has its first value."""
    from django.utils import timezone

    before = timezone.now()
    first = unit.staff
    for staff in (500, 501):
        services.write(town, alice, "edit", WORDS, [Edit(unit, {"staff": staff})])
    assert [first] == as_of(town, before).filter(_id(unit))["staff"].to_list()
    assert [501] == live(town).frame.filter(_id(unit))["staff"].to_list()


def test_a_group_member_reaches_only_the_own_groups_units(town: Any, bob: Any, as_person: Any) -> None:
    """Bob's list is his group's; another group's unit does not exist for him, nor can he change it."""
    client = as_person(bob)
    group = town.as_core().task_groups[0].id
    own = Unit.objects.filter(town=town, task_group=group)
    other = Unit.objects.filter(town=town).exclude(task_group=group)[0]
    page = client.get(url(town)).content.decode()
    assert f"<strong>{own.count():,} 家</strong>" in page
    assert 404 == client.get(url(town, "unit", other.unit_id)).status_code
    assert 404 == client.post(url(town, "unit", other.unit_id, "save"), form(other, staff="1")).status_code
    assert 404 == client.get(url(town, "unit", other.unit_id, "cell", "staff")).status_code
    client.post(
        url(town, "bulk"), {"field": "remark", "value": "越权", "unit": [other.unit_id], "apply": "1"}
    )
    other.refresh_from_db()
    assert 1 == other.version


def test_county_reads_figures_but_no_units(town: Any, as_person: Any) -> None:
    """The county sees rates of the town, not its units."""
    from tests.web.conftest import person

    from liangxin.registry.access import Role

    client = as_person(person("county", None, Role.COUNTY_READER))
    assert (200, 403) == (
        client.get(f"/t/{town.code}/overview/").status_code,
        client.get(url(town)).status_code,
    )


@pytest.mark.parametrize(
    "given",
    [
        "page=99999999999999999999",
        "sort=nothing",
        "kind=what",
        "indicator=9.9:numerator",
        "class=x&missing=y",
        "q=%F0%9F%98%80",
    ],
)
def test_odd_addresses_are_no_server_error(given: str, town: Any, alice: Any, as_person: Any) -> None:
    """Whatever stands in the address, the list opens."""
    assert 200 == as_person(alice).get(url(town) + "?" + given).status_code


def test_the_list_asks_the_database_a_fixed_number_of_times(
    town: Any, alice: Any, as_person: Any, django_assert_max_num_queries: Any
) -> None:
    """The number of queries does not grow with the list."""
    client = as_person(alice)
    client.get(url(town))
    with django_assert_max_num_queries(12):
        client.get(url(town))
