"""Roles of a whole town take two persons: no administrator gives them alone, neither to oneself nor to a second account."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from tests.web.conftest import person

from liangxin.findings import InputError
from liangxin.registry.access import Role
from liangxin.web.accounts.models import PendingGrant, RoleGrant, User
from liangxin.web.administration import granting, services
from liangxin.web.areas.models import Town
from liangxin.web.audit.models import Event

BY_TWO = ["office", "committee", "leading_group", "administrator"]


@pytest.fixture
def root(town: Any) -> Any:
    return person("root", town, Role.ADMINISTRATOR)


@pytest.fixture
def second(town: Any) -> Any:
    return person("second", town, Role.ADMINISTRATOR)


def people(town: Any, rest: str = "") -> str:
    return f"/t/{town.code}/settings/people/{rest}"


def held(name: str) -> set[str]:
    return set(RoleGrant.objects.filter(user__username=name).values_list("role", flat=True))


@pytest.mark.parametrize("role", ["office", "committee", "leading_group"])
@pytest.mark.parametrize("way", ["page", "api"])
def test_nobody_gives_it_to_oneself(
    way: str, role: str, town: Any, root: Any, second: Any, as_person: Any
) -> None:
    """It waits, is seen by both, is not confirmed by who asked; by the other it is, then it holds."""
    mine, other, api = as_person(root), as_person(second), f"/api/v1/towns/{town.code}"
    if way == "page":
        mine.post(people(town, "grant/"), {"username": "root", "role": role})
    else:
        mine.post(f"{api}/people/{root.pk}/roles", {"role": role}, content_type="application/json")
    pk = PendingGrant.objects.get().pk
    door = people(town, f"pending/{pk}/confirm/") if way == "page" else f"{api}/pending-roles/{pk}/confirm"
    mine.post(door)
    assert role not in held("root")
    assert "等第二个人确认" in other.get(people(town)).content.decode()
    other.post(door)
    assert (role in held("root"), PendingGrant.objects.count()) == (True, 0)
    ask, grant = Event.objects.get(action="role.ask"), Event.objects.get(action="role.grant")
    assert ("root", "second", "root") == (ask.actor, grant.actor, json.loads(grant.detail)["asked_by"])


@pytest.mark.parametrize("role", BY_TWO)
def test_nor_to_a_second_account(role: str, town: Any, root: Any, as_person: Any, client: Client) -> None:
    """The account that was made is nobody yet: it does nothing, and confirms nothing."""
    password = services.add_person(town, root, "puppet", "", role, "")
    assert set() == held("puppet")
    client.post("/accounts/login/", {"login": "puppet", "password": password})
    pending = PendingGrant.objects.get()
    assert 404 == client.post(people(town, f"pending/{pending.pk}/confirm/")).status_code
    assert 404 == client.get(f"/t/{town.code}/units/").status_code
    as_person(root).post(people(town, f"pending/{pending.pk}/confirm/"))
    assert set() == held("puppet")


def test_nor_by_an_account_whose_password_one_gave(town: Any, root: Any, second: Any) -> None:
    """Who gave the other administrator a new password could be both; once it was changed by its person, it is two again."""
    granting.give(town, root, root, "office", "")
    pending = PendingGrant.objects.get()
    services.new_password(town, second, root)
    with pytest.raises(InputError) as refused:
        granting.confirm(pending, second)
    assert "second-person-password" == refused.value.findings[0].code
    own = Client()
    second.set_password("correct horse battery")
    second.save()
    own.post("/accounts/login/", {"login": "second", "password": "correct horse battery"})
    new = "new horse battery"
    own.post(
        "/accounts/password/change/",
        {"oldpassword": "correct horse battery", "password1": new, "password2": new},
    )
    granting.confirm(pending, second)
    assert "office" in held("root")


def test_any_role_for_oneself_takes_two(town: Any, root: Any, bob: Any) -> None:
    """Also one of a task group; for somebody else that one holds at once."""
    group = town.as_core().task_groups[0].id
    assert not granting.give(town, root, root, "group_leader", group)
    assert granting.give(town, root, bob, "group_leader", group)


def test_the_county_confirms_and_is_no_exception(town: Any, root: Any, as_person: Any) -> None:
    county = person("county-root", None, Role.ADMINISTRATOR)
    granting.give(town, root, root, "office", "")
    granting.give(town, county, county, "committee", "")
    first, other = granting.pending_in(town)
    as_person(county).post(people(town, f"pending/{other.pk}/confirm/"))
    assert {"administrator"} == held("county-root")
    as_person(county).post(people(town, f"pending/{first.pk}/confirm/"))
    assert "office" in held("root")


def test_it_can_be_refused(town: Any, root: Any, second: Any, as_person: Any) -> None:
    """Nothing is given; an account opened for nothing else is closed; the log tells who refused."""
    services.add_person(town, root, "puppet", "", "office", "")
    pending = PendingGrant.objects.get()
    as_person(second).post(people(town, f"pending/{pending.pk}/refuse/"))
    assert (0, False) == (PendingGrant.objects.count(), User.objects.get(username="puppet").is_active)
    assert ("second", "puppet") == Event.objects.filter(action="role.refuse").values_list(
        "actor", "object_id"
    ).get()


@pytest.mark.parametrize("act", ["confirm", "refuse"])
def test_only_administrators_of_the_town_touch_it(
    act: str, town: Any, root: Any, alice: Any, bob: Any, outsider: Any, as_person: Any
) -> None:
    granting.give(town, root, root, "office", "")
    pending = PendingGrant.objects.get()
    elsewhere = Town.objects.create(
        code="999999999", name="别镇", town_file=town.town_file, drive_starts=town.drive_starts
    )
    foreign = person("foreign", elsewhere, Role.ADMINISTRATOR)
    door = people(town, f"pending/{pending.pk}/{act}/")
    assert [403, 403, 404, 404] == [
        as_person(each).post(door).status_code for each in (alice, bob, outsider, foreign)
    ]
    through = f"/t/{elsewhere.code}/settings/people/pending/{pending.pk}/{act}/"
    assert 404 == as_person(foreign).post(through).status_code
    assert PendingGrant.objects.filter(pk=pending.pk).exists()


def test_one_administrator_is_told_the_way(town: Any, root: Any, second: Any, as_person: Any) -> None:
    """Alone: the county or the command line on the server. With another there is nothing to tell."""
    page = as_person(root).get(people(town)).content.decode()
    RoleGrant.objects.filter(user=second).delete()
    alone = as_person(root).get(people(town)).content.decode()
    assert (False, True) == ("liangxin roles" in page, "liangxin roles" in alone)


@pytest.fixture
def roles(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> Callable[..., str]:
    """``liangxin roles`` on this site: what it prints."""
    from liangxin.cli import main

    monkeypatch.setattr("liangxin.web.backup.opening.open_site", lambda data: None)

    def run(*arguments: str) -> str:
        main(["--lang", "zh", "roles", *arguments])
        return str(capsys.readouterr().out)

    return run


def test_the_command_line_is_the_second_person(town: Any, root: Any, roles: Callable[..., str]) -> None:
    """It lists, confirms and refuses; a wrong number does nothing of it; the log says that no account did it."""
    for role in ("office", "committee"):
        granting.give(town, root, root, role, "")
    first, other = granting.pending_in(town)
    assert "root  组织办" in roles()
    with pytest.raises(SystemExit):
        roles("--confirm", str(first.pk), "--confirm", "99999")
    assert {"administrator"} == held("root")
    assert "确认 1 个，拒绝 1 个" in roles("--confirm", str(first.pk), "--refuse", str(other.pk))
    assert {"administrator", "office"} == held("root")
    assert "" == Event.objects.get(action="role.grant").actor
