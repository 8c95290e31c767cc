"""Office holders: encrypted at rest, shown in part, in full for a reason, by those whose units they are."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.test import Client
from tests.web.conftest import person

from liangxin.findings import InputError
from liangxin.registry.access import Role
from liangxin.web.accounts.permission import permit
from liangxin.web.audit.models import Event
from liangxin.web.holders import queries, sealing, services
from liangxin.web.holders.models import Holder
from liangxin.web.units.models import Unit

NAME, TELEPHONE = "欧阳晓明", "13857501234"
pytestmark = pytest.mark.usefixtures("own_folder")


@pytest.fixture
def unit(town: Any, bob: Any) -> Any:
    """A unit of Bob's group."""
    group = permit(bob, town).grants[0].task_group
    return Unit.objects.filter(town=town, task_group=group, removed=False).order_by("pk").first()


@pytest.fixture
def holder(town: Any, alice: Any, unit: Any) -> Any:
    return services.add(permit(alice, town), "unit", unit.unit_id, "secretary", NAME, TELEPHONE)


def at(town: Any, *parts: Any) -> str:
    return "/".join(["", "t", town.code, "holders", *map(str, parts), ""])


def test_neither_name_nor_telephone_is_in_the_database(holder: Any) -> None:
    """What is stored is encrypted, twice different, and its length does not tell the name."""
    stored = Holder.objects.get()
    sealed = bytes(stored.name), bytes(stored.telephone)
    assert not any(NAME.encode() in each or TELEPHONE.encode() in each for each in sealed)
    assert len(sealed[0]) == len(sealed[1]) and sealed[0] != sealing.seal(
        NAME, holder.town.code, stored.bound("name")
    )


def test_key_lies_outside_the_database_for_its_owner_only(holder: Any, own_folder: Path) -> None:
    """A file beside the database, mode 600."""
    path = own_folder / "personal-key"
    assert (0o600, 1) == (path.stat().st_mode & 0o777, len(json.loads(path.read_text())["keys"]))


def test_a_value_moved_to_another_row_does_not_open(holder: Any, town: Any, alice: Any) -> None:
    """Encrypted values are bound to their row and field."""
    other = services.add(
        permit(alice, town),
        "unit",
        Unit.objects.filter(town=town, removed=False).last().unit_id,
        "contact",
        "李四",
        "",
    )
    Holder.objects.filter(pk=other.pk).update(name=holder.name, telephone=holder.name)
    shown = queries.of(permit(alice, town), "unit", other.of)
    assert [("", False)] == [(each.name, each.readable) for each in shown]


def test_changed_value_does_not_open(holder: Any, town: Any) -> None:
    """One bit is enough."""
    value = bytearray(holder.name)
    value[30] ^= 1
    with pytest.raises(sealing.NotReadable):
        sealing.unseal(bytes(value), town.code, holder.bound("name"))


def test_key_from_the_environment(
    town: Any, alice: Any, unit: Any, monkeypatch: pytest.MonkeyPatch, own_folder: Path
) -> None:
    """Given there, no key file is made; a wrong one is refused at once."""
    monkeypatch.setenv("LIANGXIN_PERSONAL_KEY", "ab" * 32)
    added = services.add(permit(alice, town), "unit", unit.unit_id, "deputy", NAME, TELEPHONE)
    assert NAME == services.show(permit(alice, town), added.pk, "通知开会").name
    assert not (own_folder / "personal-key").exists()
    monkeypatch.setenv("LIANGXIN_PERSONAL_KEY", "short")
    with pytest.raises(RuntimeError, match="64"):
        sealing.seal("x", town.code, "y")


@pytest.mark.django_db(transaction=True)
def test_rotation_changes_the_key_and_loses_nothing(
    holder: Any, town: Any, alice: Any, own_folder: Path
) -> None:
    """Every row is sealed anew; the old key is gone."""
    before = sealing.key_id(Holder.objects.get().name)
    assert 1 == services.rotate(town)
    after = sealing.key_id(Holder.objects.get().name)
    assert before != after
    assert [after] == list(json.loads((own_folder / "personal-key").read_text())["keys"])
    assert (NAME, TELEPHONE) == (
        (opened := services.show(permit(alice, town), holder.pk, "通知开会")).name, opened.telephone,
    )  # fmt: skip


def test_pages_show_it_in_part(holder: Any, town: Any, alice: Any, unit: Any, as_person: Any) -> None:
    """欧** and 138****1234 on the unit's panel and on the list; never in full."""
    client = as_person(alice)
    for address in (at(town, "of", "unit", unit.unit_id), at(town)):
        page = client.get(address).content.decode()
        assert ("欧**" in page, "138****1234" in page, NAME in page, TELEPHONE in page) == (
            True,
            True,
            False,
            False,
        )


def test_in_full_only_with_a_reason_and_the_log_keeps_it(
    holder: Any, town: Any, alice: Any, as_person: Any
) -> None:
    """Without one 422; with one the values, and an event that names the fields and the reason but not the values."""
    client, address = as_person(alice), at(town, holder.pk, "show")
    assert NAME not in client.get(address).content.decode()
    refused = client.post(address, {"reason": "看"})
    assert (422, False) == (refused.status_code, NAME in refused.content.decode())
    page = client.post(address, {"reason": "通知8月20日选举大会"}).content.decode()
    assert NAME in page and TELEPHONE in page
    event = Event.objects.filter(action="holder.show").get()
    assert ("alice", "通知8月20日选举大会", ["name", "telephone"]) == (
        event.actor,
        event.reason,
        event.facts["fields"],
    )
    assert not any(
        NAME in each.detail + each.reason or TELEPHONE in each.detail + each.reason
        for each in Event.objects.all()
    )


def test_seeing_in_full_is_limited(holder: Any, town: Any, alice: Any, as_person: Any) -> None:
    """Thirty in an hour, then 429."""
    from django.core.cache import cache

    cache.clear()
    client = as_person(alice)
    codes = {client.post(at(town, holder.pk, "show"), {"reason": "通知开会"}).status_code for _ in range(30)}
    assert ({200}, 429) == (
        codes,
        client.post(at(town, holder.pk, "show"), {"reason": "通知开会"}).status_code,
    )


def test_export_says_who_when_and_why_on_the_sheet(
    holder: Any, town: Any, alice: Any, as_person: Any, tmp_path: Path
) -> None:
    """On the first row and in the footer of every printed page; the log has it too."""
    import openpyxl

    client = as_person(alice)
    assert 422 == client.post(at(town, "export"), {"reason": ""}).status_code
    response = client.post(at(town, "export"), {"reason": "通知8月20日培训"})
    path = tmp_path / "made.xlsx"
    path.write_bytes(response.content)
    for sheet in openpyxl.load_workbook(path).worksheets:
        assert all(words in sheet["A1"].value for words in ("alice", "通知8月20日培训", "导出"))
        assert "alice" in sheet.oddFooter.left.text
        assert (NAME, TELEPHONE) == (sheet["D3"].value, sheet["E3"].value)
    assert "通知8月20日培训" == Event.objects.get(action="holder.export").reason


def test_group_sees_its_own_units_only(holder: Any, town: Any, bob: Any, alice: Any) -> None:
    """A member of the unit's group sees it, one of another group does not, and cannot enter one there."""
    carol = person("carol", town, Role.GROUP_MEMBER, town.as_core().task_groups[1].id)
    assert (1, 0) == (len(queries.visible(permit(bob, town))), len(queries.visible(permit(carol, town))))
    with pytest.raises(Http404):
        services.show(permit(carol, town), holder.pk, "通知开会")
    with pytest.raises(Http404):
        services.add(permit(carol, town), "unit", holder.of, "contact", "李四", "")


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.COUNTY_READER, None])
def test_others_see_nothing(role: Role | None, holder: Any, town: Any, as_person: Any) -> None:
    """Neither page nor service, nor by guessing its number."""
    user = person("other", town, role)
    client: Client = as_person(user)
    expected = 403 if role else 404
    for address in (at(town), at(town, "of", "unit", holder.of), at(town, holder.pk, "show")):
        assert expected == client.get(address).status_code
    with pytest.raises(PermissionDenied):
        services.show(permit(user, town), holder.pk, "通知开会")


def test_leading_group_sees_but_does_not_enter(holder: Any, town: Any) -> None:
    """Reading and writing are two actions."""
    chief = permit(person("chief", town, Role.LEADING_GROUP), town)
    assert 1 == len(queries.visible(chief))
    with pytest.raises(PermissionDenied):
        services.add(chief, "unit", holder.of, "contact", "李四", "")


def test_no_search_finds_a_person_by_name(holder: Any, town: Any, alice: Any, as_person: Any) -> None:
    """The units' search, the list and the API do not know names of persons: for nobody."""
    client = as_person(alice)
    assert holder.of not in client.get(f"/t/{town.code}/units/?q=欧阳").content.decode().split(
        'id="messages"'
    )[1].replace("q=", "")
    assert 0 == client.get(f"/api/v1/towns/{town.code}/units?q=欧阳晓明").json()["total"]
    assert NAME not in client.get(f"/api/v1/towns/{town.code}/units/{holder.of}").content.decode()


@pytest.mark.parametrize(
    ("part", "name", "telephone", "fields"),
    [
        ("boss", "", "abc", {"part", "name", "telephone"}),
        ("contact", "张三 11010519491231002X", "", {"name"}),
        ("contact", "张三", "110105194912310021", {"telephone"}),
        ("contact", "张" * 21, "12", {"name", "telephone"}),
    ],
)
def test_everything_wrong_is_said_at_once(
    part: str, name: str, telephone: str, fields: set[str], town: Any, alice: Any, unit: Any
) -> None:
    """Nothing is stored, an identity number least of all."""
    with pytest.raises(InputError) as refused:
        services.add(permit(alice, town), "unit", unit.unit_id, part, name, telephone)
    assert fields == {each.column_of for each in refused.value.findings}
    assert "19491231" not in str(refused.value) and not Holder.objects.exists()


@pytest.mark.parametrize(
    "telephone", ["13857501234", "+86 13857501234", "0575-83012345", "83012345", "6612", ""]
)
def test_telephones_as_offices_write_them(telephone: str, town: Any, alice: Any, unit: Any) -> None:
    """Mobile, landline, short number, none."""
    services.add(permit(alice, town), "unit", unit.unit_id, "contact", "张三", telephone)


def test_who_leaves_office_is_forgotten(holder: Any, town: Any, bob: Any, as_person: Any) -> None:
    """The row goes, the event stays without the name."""
    response = as_person(bob).post(at(town, holder.pk, "end"), headers={"HX-Request": "true"})
    assert (200, False) == (response.status_code, Holder.objects.exists())
    assert Event.objects.filter(action="holder.end", object_id=holder.of).exists()
