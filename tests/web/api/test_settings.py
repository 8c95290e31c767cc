"""How a town is set up, and who works in it, through the API."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from tests.web.conftest import person

from liangxin.registry.access import Role
from liangxin.web.accounts.models import RoleGrant, User
from liangxin.web.areas.models import Town
from liangxin.web.units.live import live


@pytest.fixture
def admin(town: Any) -> Any:
    return person("root", town, Role.ADMINISTRATOR)


@pytest.mark.parametrize("section", ["areas", "associations", "task_groups"])
def test_put_back_as_read_nothing_changes(call: Any, town: Any, alice: Any, section: str) -> None:
    """What the table does not show is kept; the version counts on; an older one is refused."""
    office = call(alice)
    before, read = town.as_core(), office.read(f"settings/sections/{section}")
    saved = office.ask(f"settings/sections/{section}", read, method="put")
    town.refresh_from_db()
    assert (before, read["rows"], read["version"] + 1) == (town.as_core(), saved["rows"], saved["version"])
    answer = office.ask(f"settings/sections/{section}", read, method="put", status=409)
    assert "town-changed" == answer["findings"][0]["code"]


@pytest.mark.clause("4.1", "A2")
def test_people_are_put_into_a_task_group(call: Any, town: Any, alice: Any) -> None:
    office = call(alice)
    read = office.read("settings/sections/task_groups")
    read["rows"][0] |= {"head": "组长甲", "members": "成员乙、成员丙"}
    office.ask("settings/sections/task_groups", read, method="put")
    group = Town.objects.get().as_core().task_groups[0]
    assert ("组长甲", ("成员乙", "成员丙")) == (group.head, group.members)


def test_every_wrong_row_is_named_and_nothing_saved(call: Any, town: Any, alice: Any) -> None:
    """A doubled id, a latitude that is none, and an area that units still name."""
    office = call(alice)
    read = office.read("settings/sections/areas")
    used = next(each for each in read["rows"] if each["id"] in set(live(town).frame["area"]))
    rows = [each for each in read["rows"] if each is not used]
    rows[0] = rows[0] | {"lat": "北纬"}
    rows.append(dict(rows[1]))
    answer = office.ask(
        "settings/sections/areas", {"version": read["version"], "rows": rows}, method="put", status=422
    )
    assert {"town-number", "town-double", "town-used"} <= {each["code"] for each in answer["findings"]}
    assert read == office.read("settings/sections/areas")


def test_names_policy_town_file_and_boundaries(call: Any, town: Any, alice: Any) -> None:
    office = call(alice)
    named = office.ask(
        "settings/names", {"name": "长乐新镇", "bodies": {"committee": "中共长乐新镇委员会"}}, method="put"
    )
    assert ("长乐新镇", "中共长乐新镇委员会") == (named["name"], named["bodies"]["committee"])
    with_overlay = office.ask(
        "settings/policy",
        {"policy": "changle-2011-44", "overlays": ["branch-regulations-2018"]},
        method="put",
    )
    assert ["branch-regulations-2018"] == with_overlay["overlays"] == office.read("policy")["overlays"]
    answer = office.ask("settings/policy", {"policy": "none"}, method="put", status=422)
    assert answer["findings"] and "changle-2011-44" == office.read("settings")["policy"]
    text = office.read("settings/town-file")["text"]
    assert "长乐新镇" in text
    office.ask("settings/town-file", {"text": text.replace("长乐新镇", "长乐镇")}, method="put")
    assert "长乐镇" == office.read("settings")["name"]
    assert office.ask("settings/town-file", {"text": "name: ["}, method="put", status=422)["findings"]
    area = town.as_core().areas[0]
    square = [[[120.6, 29.4], [120.7, 29.4], [120.7, 29.5], [120.6, 29.4]]]
    feature = {
        "type": "Feature",
        "properties": {"id": area.id},
        "geometry": {"type": "Polygon", "coordinates": square},
    }
    collection = {"type": "FeatureCollection", "features": [feature]}
    assert {"matched": 1, "added": 0, "simplified": []} == office.ask(
        "settings/boundaries", geojson=collection
    )
    drawn = {
        each["properties"]["id"]: each["geometry"]["type"]
        for each in office.read("feeds/areas.geojson").json()["features"]
    }
    assert "Polygon" == drawn[area.id]


def test_an_account_from_its_opening_to_its_end(call: Any, town: Any, admin: Any) -> None:
    """The password is told once and signs in; roles are added and ended; closed it signs in no more; all refused twice alike."""
    root = call(admin)
    group = town.as_core().task_groups[0].id
    made = root.ask("people", username="li.si", display_name="李四", role="group_member", task_group=group)
    assert Client().login(username="li.si", password=made["password"])
    user = User.objects.get(username="li.si")
    assert 1 == len(
        next(
            each["roles"]
            for each in root.ask(f"people/{user.pk}/roles", role="leading_group")
            if each["id"] == user.pk
        )
    )
    (pending,) = root.read("pending-roles")
    assert ("li.si", "leading_group", "root", False) == tuple(
        pending[each] for each in ("username", "role", "asked_by", "yours")
    )
    assert {"second-person"} == root.refused(f"pending-roles/{pending['id']}/confirm")
    second = call(person("second", town, Role.ADMINISTRATOR))
    assert [True] == [each["yours"] for each in second.read("pending-roles")]
    assert [] == second.ask(f"pending-roles/{pending['id']}/confirm")
    listed = root.read("people")
    mine = next(each for each in listed if each["id"] == user.pk)
    assert [("group_member", group), ("leading_group", "")] == [
        (each["role"], each["task_group"]) for each in mine["roles"]
    ]
    again = root.ask(f"people/{user.pk}/password")["password"]
    assert not Client().login(username="li.si", password=made["password"])
    root.ask(f"people/{user.pk}/close")
    root.ask(f"people/{user.pk}/close")
    assert not Client().login(username="li.si", password=again)
    root.ask(f"people/{user.pk}/reopen")
    assert Client().login(username="li.si", password=again)
    for each in mine["roles"]:
        root.ask(f"roles/{each['id']}", method="delete")
    assert user.pk not in {each["id"] for each in root.read("people")}
    root.ask(f"people/{user.pk}/close", status=404)


def test_what_an_administrator_cannot_do(call: Any, town: Any, admin: Any, alice: Any) -> None:
    root = call(admin)
    own = RoleGrant.objects.get(user=admin)
    assert {"last-administrator"} == root.refused(f"roles/{own.pk}", method="delete")
    assert {"own-account"} == root.refused(f"people/{admin.pk}/close")
    assert {"username-taken", "role"} == root.refused("people", username="alice", role="king")
    assert {"task-group"} == root.refused(f"people/{alice.pk}/roles", role="group_member", task_group="none")
    assert "password" not in root.client.get(root.base + "people").content.decode()


def test_a_second_step_is_seen_and_taken_off(call: Any, admin: Any, alice: Any) -> None:
    """Twice is as once; one's own is not taken off here."""
    Authenticator.objects.create(user=alice, type=Authenticator.Type.TOTP, data={"secret": "x"})
    root = call(admin)
    steps = [root.read("people")]
    steps += [root.ask(f"people/{alice.pk}/second-step", method="delete") for _ in range(2)]
    assert [True, False, False] == [
        next(each["second_step"] for each in listed if each["id"] == alice.pk) for listed in steps
    ]
    assert {"own-second-step"} == root.refused(f"people/{admin.pk}/second-step", method="delete")


def test_what_is_the_countys_a_town_does_not_touch(call: Any, town: Any, admin: Any, alice: Any) -> None:
    """A role in every town, and an account that holds one: refused to the town's administrator, done by the county's."""
    reader = RoleGrant.objects.create(user=alice, role=Role.COUNTY_READER.value)
    root, county = call(admin), call(person("county-root", None, Role.ADMINISTRATOR))
    assert {"role-of-every-town"} == root.refused(f"roles/{reader.pk}", method="delete")
    assert {"account-elsewhere"} == root.refused(f"people/{alice.pk}/password")
    assert {"account-elsewhere"} == root.refused(f"people/{alice.pk}/close")
    assert {"account-elsewhere"} == root.refused(f"people/{alice.pk}/second-step", method="delete")
    assert Client().login(username="alice", password=county.ask(f"people/{alice.pk}/password")["password"])
    county.ask(f"roles/{reader.pk}", method="delete")
    root.ask(f"people/{alice.pk}/close")


def test_two_roles_of_one_person_are_no_trouble_on_the_page(
    town: Any, admin: Any, alice: Any, as_person: Any
) -> None:
    """Closing and helping somebody who holds two roles in the town."""
    RoleGrant.objects.create(user=alice, town=town, role=Role.COMMITTEE.value, task_group="")
    page = as_person(admin)
    base = f"/t/{town.code}/settings/people/"
    sent = {"username": "alice", "role": "leading_group", "task_group": ""}
    statuses = [
        page.post(f"{base}grant/", sent).status_code,
        page.post(f"{base}{alice.pk}/password/").status_code,
        page.post(f"{base}{alice.pk}/close/").status_code,
    ]
    alice.refresh_from_db()
    assert ([302] * 3, False) == (statuses, alice.is_active)


def test_a_policy_is_brought_and_adopted(call: Any, town: Any, alice: Any) -> None:
    """The same input, the same action as on the page: an unknown key is named, wrong values by field in both languages."""
    from tests.web.test_policy_texts import COUNTY

    office = call(alice)
    kept = office.ask("policy-texts", {"text": COUNTY})
    assert ("x-county-2011-3", 1, []) == (kept["policy"], kept["number"], kept["starts"])
    held = office.ask("settings/policy", {"policy": "x-county-2011-3", "starts": "2011-08-10"}, method="put")
    assert "x-county-2011-3" == held["policy"] == office.read("policy")["id"]
    listed = {(each["policy"], each["number"]): each["starts"] for each in office.read("policy-texts")}
    assert ["2011-08-10"] == listed["x-county-2011-3", 1]
    wrong = {"policy": "x-county-2011-3", "starts": "soon", "start": "2011-08-10"}
    answer = office.ask("settings/policy", wrong, method="put", status=422)
    said = {each["field"]: each["message"]["zh"] for each in answer["findings"]}
    assert "“starts”栏：要填日期" in said["starts"] and "没有这一项" in said["start"]
