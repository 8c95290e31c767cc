"""Settings: names, areas, associations, task groups and their members, people and roles; refusals name every row."""

from __future__ import annotations

import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from tests.web.conftest import person

from liangxin.registry.access import Role
from liangxin.web.accounts import two_step
from liangxin.web.accounts.models import RoleGrant, User
from liangxin.web.administration import sections
from liangxin.web.areas.models import Town
from liangxin.web.audit.models import Event

SETTINGS = ("names/", "part/areas/", "part/associations/", "part/task_groups/")


def url(town: Any, part: str = "") -> str:
    return f"/t/{town.code}/settings/{part}"


def sent(town: Any, part: str) -> dict[str, Any]:
    """What the browser sends when nothing was changed."""
    section = sections.SECTIONS[part]
    rows = sections.rows_of(town.as_core(), section)
    return {"version": town.version} | {
        column.name: [row[column.name] for row in rows] for column in section.columns
    }


@pytest.fixture
def admin(town: Any) -> Any:
    return person("root", town, Role.ADMINISTRATOR)


@pytest.mark.parametrize("part", sections.SECTIONS)
def test_saved_unchanged_the_town_is_the_same(part: str, town: Any, alice: Any, as_person: Any) -> None:
    """What the table does not show (boundaries, aliases, own ledger rows) is kept."""
    before = town.as_core()
    response = as_person(alice).post(url(town, f"part/{part}/"), sent(town, part))
    town.refresh_from_db()
    assert (302, before, 2) == (response.status_code, town.as_core(), town.version)


@pytest.mark.clause("4.1", "A2")
def test_people_are_put_into_a_task_group(town: Any, alice: Any, as_person: Any) -> None:
    """Head, members and areas by name, set apart as offices write; shown again the same way."""
    given = sent(town, "task_groups")
    areas = [area.name for area in town.as_core().areas[:2]]
    given["head"][0], given["members"][0] = "组长甲", "成员乙、成员丙，成员丁"
    given["responsible_for"][0] = "、".join(areas)
    as_person(alice).post(url(town, "part/task_groups/"), given)
    town.refresh_from_db()
    group = town.as_core().task_groups[0]
    assert ("组长甲", ("成员乙", "成员丙", "成员丁")) == (group.head, group.members)
    assert tuple(area.id for area in town.as_core().areas[:2]) == group.responsible_for
    page = as_person(alice).get(url(town)).content.decode()
    assert ("组长甲" in page, areas[1] in page) == (True, True)


@pytest.mark.clause("2.4")
def test_an_association_is_added_and_an_unused_one_removed(town: Any, alice: Any, as_person: Any) -> None:
    """A blank row with id and name adds one; ticked, it goes again."""
    client = as_person(alice)
    given = sent(town, "associations")
    given["id"].append("S99")
    given["name"].append("水暖行业协会")
    client.post(url(town, "part/associations/"), given)
    town.refresh_from_db()
    assert "水暖行业协会" == town.as_core().associations[-1].name
    given = sent(town, "associations")
    client.post(url(town, "part/associations/"), given | {"gone": str(len(given["id"]))})
    town.refresh_from_db()
    assert "S99" not in {each.id for each in town.as_core().associations}


def test_a_new_area_may_hold_another_new_one(town: Any, alice: Any, as_person: Any) -> None:
    """A village named as lying in a work area that the same save adds; a place nobody knows is refused."""
    given = sent(town, "areas")
    for name, words in {
        "id": "A99",
        "name": "第九工作片",
        "kind": "work_area",
        "parent": "",
        "lon": "",
        "lat": "",
    }.items():
        given[name].append(words)
    for name, words in {
        "id": "V99",
        "name": "新村",
        "kind": "village",
        "parent": "第九工作片",
        "lon": "120.6",
        "lat": "29.4",
    }.items():
        given[name].append(words)
    as_person(alice).post(url(town, "part/areas/"), given)
    town.refresh_from_db()
    added = town.as_core().area("V99")
    assert ("A99", (120.6, 29.4)) == (added.parent, added.centre)
    given = sent(town, "areas")
    given["parent"][1] = "月球"
    response = as_person(alice).post(url(town, "part/areas/"), given)
    assert (422, True) == (response.status_code, "月球" in response.content.decode())


def test_every_wrong_row_is_named_and_nothing_is_saved(town: Any, alice: Any, as_person: Any) -> None:
    """A doubled id, an empty name, a latitude that is none, a kind that is none: four sentences, typed words kept."""
    given = sent(town, "areas")
    given["id"][1] = given["id"][0]
    given["name"][2], given["lat"][3], given["kind"][4] = "", "北纬二十九度", "planet"
    response = as_person(alice).post(url(town, "part/areas/"), given)
    page = response.content.decode()
    summary = page[page.index("error-summary") : page.index("<form", page.index("error-summary"))]
    town.refresh_from_db()
    assert (422, 1) == (response.status_code, town.version)
    assert {"2", "3", "4", "5"} <= set(re.findall(r"第(\d+)行", summary))
    assert 'value="北纬二十九度"' in page


@pytest.mark.parametrize("part", sections.SECTIONS)
def test_what_units_still_name_cannot_be_removed(part: str, town: Any, alice: Any, as_person: Any) -> None:
    """All rows ticked: refused with how many units use each; the town is as before."""
    given = sent(town, part)
    gone = [str(at + 1) for at in range(len(given["id"]))]
    response = as_person(alice).post(url(town, f"part/{part}/"), given | {"gone": gone})
    town.refresh_from_db()
    assert (422, 1) == (response.status_code, town.version)
    assert re.search(r"\d+ 家单位", response.content.decode())


def test_two_people_in_one_table(town: Any, alice: Any, as_person: Any) -> None:
    """The second to save is told instead of undoing what the first did."""
    given = sent(town, "associations")
    given["name"][0] = "甲的名称"
    as_person(alice).post(url(town, "part/associations/"), given)
    given["name"][0] = "乙的名称"
    response = as_person(alice).post(url(town, "part/associations/"), given)
    town.refresh_from_db()
    assert (422, "甲的名称") == (response.status_code, town.as_core().associations[0].name)


def test_the_town_and_its_bodies_are_renamed(town: Any, alice: Any, as_person: Any) -> None:
    """The new name stands on every page."""
    client = as_person(alice)
    client.post(url(town, "names/"), {"name": "新长乐镇", "committee": "中共新长乐镇委员会"})
    town.refresh_from_db()
    assert ("新长乐镇", "中共新长乐镇委员会") == (town.name, town.as_core().bodies["committee"])
    assert "新长乐镇" in client.get(url(town)).content.decode()
    client.post(url(town, "names/"), {"name": ""})
    town.refresh_from_db()
    assert "新长乐镇" == town.name


@pytest.mark.parametrize("part", SETTINGS)
def test_only_the_office_and_the_administrator_set(
    part: str, town: Any, bob: Any, outsider: Any, as_person: Any
) -> None:
    """A group member is refused; for an outsider there is no town."""
    assert 403 == as_person(bob).post(url(town, part), {}).status_code
    assert 404 == as_person(outsider).post(url(town, part), {}).status_code


def test_an_unknown_table_is_no_page(town: Any, alice: Any, as_person: Any) -> None:
    """Only the three tables exist."""
    assert 404 == as_person(alice).get(url(town, "part/instructors/")).status_code


def test_a_second_role_and_a_new_password(town: Any, admin: Any, bob: Any, as_person: Any) -> None:
    """Bob joins the leading group; his forgotten password is replaced and shown once."""
    client = as_person(admin)
    client.post(url(town, "people/grant/"), {"username": "bob", "role": "leading_group", "task_group": ""})
    as_person(person("second", town, Role.ADMINISTRATOR)).post(
        url(town, f"people/pending/{bob.pending_grants.get().pk}/confirm/")
    )
    assert {"group_member", "leading_group"} == set(
        RoleGrant.objects.filter(user=bob).values_list("role", flat=True)
    )
    page = client.post(url(town, f"people/{bob.pk}/password/"), follow=True).content.decode()
    (password,) = re.findall(r"[0-9a-f]{4}(?:-[0-9a-f]{4}){3}", page)
    assert User.objects.get(pk=bob.pk).check_password(password)
    assert password not in client.get(url(town, "people/")).content.decode()


@pytest.mark.parametrize("part", ["people/", "people/grant/", "people/1/password/"])
def test_the_office_opens_no_accounts(part: str, town: Any, alice: Any, as_person: Any) -> None:
    """Accounts are the administrator's."""
    assert 403 == as_person(alice).post(url(town, part), {}).status_code


def test_no_password_for_somebody_of_another_town(
    town: Any, admin: Any, outsider: Any, as_person: Any
) -> None:
    """An account without a role here does not exist for this town's administrator."""
    assert 404 == as_person(admin).post(url(town, f"people/{outsider.pk}/password/")).status_code
    client = as_person(admin)
    assert (
        404 == client.post(url(town, "people/grant/"), {"username": "outsider", "role": "office"}).status_code
    )


# A town's administrator and the county's


@pytest.fixture
def county(town: Any) -> Any:
    """Administrator of every town."""
    return person("county-root", None, Role.ADMINISTRATOR)


def test_a_town_does_not_end_the_countys_roles(town: Any, admin: Any, county: Any, as_person: Any) -> None:
    """The town's administrator sees who looks in from the county, and cannot shut them out; the county's can."""
    reader = RoleGrant.objects.get(user=person("reader", None, Role.COUNTY_READER))
    door = url(town, f"people/{reader.pk}/revoke/")
    page = as_person(admin).get(url(town, "people/")).content.decode()
    told = as_person(admin).post(door, follow=True).content.decode()
    assert (True, False) == ("reader" in page, door in page)
    assert "由县系统管理员去掉" in told
    assert RoleGrant.objects.filter(pk=reader.pk).exists()
    assert door in as_person(county).get(url(town, "people/")).content.decode()
    as_person(county).post(door)
    assert not RoleGrant.objects.filter(pk=reader.pk).exists()


@pytest.fixture
def elsewhere(town: Any) -> Town:
    """Another town of the county."""
    made: Town = Town.objects.create(
        code="999999999", name="别镇", town_file=town.town_file, drive_starts=town.drive_starts
    )
    return made


@pytest.mark.parametrize("part", ["password", "close", "second-step"])
@pytest.mark.parametrize("reach", ["another town", "every town"])
def test_an_account_that_reaches_further_is_the_countys(
    reach: str, part: str, town: Any, elsewhere: Town, admin: Any, county: Any, bob: Any, as_person: Any
) -> None:
    """Bob works in another town too, or reads for the county: who gave him a password here could sign in there."""
    further = elsewhere if reach == "another town" else None
    RoleGrant.objects.create(user=bob, town=further, role=Role.COUNTY_READER.value, task_group="")
    Authenticator.objects.create(user=bob, type=Authenticator.Type.TOTP, data={"secret": "x"})

    def state() -> tuple[str, bool, bool]:
        bob.refresh_from_db()
        return bob.password, bob.is_active, two_step.has_it(bob)

    before = state()
    door = url(town, f"people/{bob.pk}/{part}/")
    assert door not in as_person(admin).get(url(town, "people/")).content.decode()
    assert "由县系统管理员办理" in as_person(admin).post(door, follow=True).content.decode()
    assert before == state()
    as_person(county).post(door)
    assert before != state()


def test_a_town_keeps_an_administrator(town: Any, elsewhere: Town, admin: Any, as_person: Any) -> None:
    """Another town's administrator cannot open this town's door, the county's can."""
    mine = RoleGrant.objects.get(user=admin)
    door = url(town, f"people/{mine.pk}/revoke/")
    person("other-root", elsewhere, Role.ADMINISTRATOR)
    as_person(admin).post(door)
    assert RoleGrant.objects.filter(pk=mine.pk).exists()
    person("county-root", None, Role.ADMINISTRATOR)
    as_person(admin).post(door)
    assert not RoleGrant.objects.filter(pk=mine.pk).exists()


def test_a_lost_phone(town: Any, admin: Any, bob: Any, client: Any, as_person: Any) -> None:
    """Phone and recovery codes gone: the administrator takes the second step off, open sessions end, the log says who did it.
    It is offered for him, and nobody does it for oneself here."""
    client.post("/accounts/login/", {"login": "bob", "password": "correct horse battery"})
    here = f"/t/{town.code}/overview/"
    assert 200 == client.get(here).status_code
    for user in (bob, admin):
        Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "x"})
    Authenticator.objects.create(user=bob, type=Authenticator.Type.RECOVERY_CODES, data={})
    root, doors = as_person(admin), [url(town, f"people/{user.pk}/second-step/") for user in (bob, admin)]
    page = root.get(url(town, "people/")).content.decode()
    assert [True, False] == [door in page for door in doors]
    root.post(doors[0])
    assert "右上角菜单" in root.post(doors[1], follow=True).content.decode()
    assert [admin.pk] == list(Authenticator.objects.values_list("user_id", flat=True))
    assert 302 == client.get(here).status_code  # to the page where one signs in
    (event,) = Event.objects.filter(action="account.two_step_off")
    assert ("root", "bob") == (event.actor, event.object_id)
    root.post(doors[0])  # nothing left to take off: no further event
    assert 1 == Event.objects.filter(action="account.two_step_off").count()


def test_the_county_helps_its_own(town: Any, admin: Any, county: Any, as_person: Any) -> None:
    """Who holds a role in every town and none here does not exist for the town's administrator; the county's gives a new password."""
    reader = person("reader", None, Role.COUNTY_READER)
    door = url(town, f"people/{reader.pk}/password/")
    answers = [as_person(each).post(door).status_code for each in (admin, county)]
    page = as_person(county).get(url(town, "people/")).content.decode()
    assert ([404, 302], True) == (answers, door in page)
    reader.refresh_from_db()
    assert not reader.check_password("correct horse battery")
