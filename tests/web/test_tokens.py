"""Tokens: shown once, for reading or writing, with a last day; ended by their person, an administrator, a new password."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.utils import timezone
from tests.web.conftest import person

from liangxin.registry.access import Role
from liangxin.web.accounts.models import RoleGrant
from liangxin.web.api import tokens
from liangxin.web.api.models import ApiToken
from liangxin.web.audit.models import Event

PASSWORD = "correct horse battery"


@pytest.fixture
def root(town: Any, as_person: Any) -> Client:
    """The town's administrator, signed in."""
    client: Client = as_person(person("root", town, Role.ADMINISTRATOR))
    return client


def status(key: str, town: Any, method: str = "GET", rest: str = "units") -> int:
    address = f"/api/v1/towns/{town.code}/{rest}"
    return (
        Client()
        .generic(method, address, b"{}", "application/json", headers={"Authorization": f"Bearer {key}"})
        .status_code
    )


def test_a_token_reads_or_writes(town: Any, alice: Any) -> None:
    """One for reading is refused every method that may write, with the reason; one for writing gets to the page's checks."""
    keys = [tokens.make(alice, "看", scope)[1] for scope in (tokens.READ, tokens.WRITE)]
    assert [200, 200] == [status(key, town) for key in keys]
    for method, rest in (
        ("POST", "plans"),
        ("PATCH", "units/x"),
        ("DELETE", "people/1/second-step"),
        ("POST", "what-if"),
    ):
        answer = Client().generic(
            method, f"/api/v1/towns/{town.code}/{rest}", b"{}", "application/json",
            headers={"Authorization": f"Bearer {keys[0]}"},
        )  # fmt: skip
        assert (403, "read-only") == (answer.status_code, answer.json()["code"])
    assert 403 != status(keys[1], town, "POST", "what-if")


def test_the_page_offers_reading_first_and_shows_it_once(town: Any, alice: Any, as_person: Any) -> None:
    page = as_person(alice)
    key = page.post("/accounts/tokens/", {"name": "报表"}).context["token"]
    row = ApiToken.objects.get()
    assert (tokens.READ, 90) == (row.scope, round((row.expires - row.made) / timedelta(days=1)))
    status(key, town)
    again = page.get("/accounts/tokens/").content.decode()
    assert (False, True, True) == (key in again, row.begins in again, "没用过" not in again)


@pytest.mark.parametrize(("days", "good"), [(-1, False), (0, True), (1, True), (366, True), (367, False)])
def test_the_last_day_is_chosen(days: int, good: bool, town: Any, alice: Any, as_person: Any) -> None:
    """Today to a year from now; what was typed stays."""
    until = (timezone.localdate() + timedelta(days=days)).isoformat()
    answer = as_person(alice).post("/accounts/tokens/", {"name": "报表", "until": until, "scope": "write"})
    assert (200 if good else 422, good) == (answer.status_code, ApiToken.objects.exists())
    assert good or (until in answer.content.decode() and 'value="write" selected' in answer.content.decode())


@pytest.mark.parametrize("until", ["tomorrow", "2026-02-30", "0000-00-00", "9999-12-31", "2026"])
def test_a_day_that_is_none_is_refused(until: str, alice: Any, as_person: Any) -> None:
    assert 422 == as_person(alice).post("/accounts/tokens/", {"name": "报表", "until": until}).status_code


def test_after_its_day_a_token_is_none(town: Any, alice: Any, as_person: Any) -> None:
    """And it does not count among those in force."""
    row, key = tokens.make(alice, "报表")
    ApiToken.objects.filter(pk=row.pk).update(expires=timezone.now() - timedelta(seconds=1))
    assert 401 == status(key, town)
    assert "已到期" in as_person(alice).get("/accounts/tokens/").content.decode()


def change_own(alice: Any, root: Client, at: str) -> None:
    own = Client()
    own.post("/accounts/login/", {"login": "alice", "password": PASSWORD})
    new = "new horse battery"
    own.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})


ENDS = {
    "new password": lambda alice, root, at: root.post(f"{at}people/{alice.pk}/password/"),
    "second step": lambda alice, root, at: root.post(f"{at}people/{alice.pk}/second-step/"),
    "closed": lambda alice, root, at: [
        root.post(f"{at}people/{alice.pk}/close/") for _ in range(2)
    ],  # and opened again
    "own change": change_own,
}


@pytest.mark.parametrize("way", ENDS)
def test_what_ends_every_token(way: str, town: Any, alice: Any, root: Client) -> None:
    """Whoever had the old password or phone may have made one; the log tells how many ended."""
    keys = [tokens.make(alice, "报表")[1] for _ in range(2)]
    if way == "second step":
        Authenticator.objects.create(user=alice, type=Authenticator.Type.TOTP, data={"secret": "x"})
    ENDS[way](alice, root, f"/t/{town.code}/settings/")
    assert [401, 401] == [status(key, town) for key in keys]
    assert "2" in Event.objects.get(action="token.end", object_id="alice").detail


@pytest.mark.parametrize("way", ["page", "api"])
def test_an_administrator_lists_and_ends_them(
    way: str, town: Any, alice: Any, bob: Any, root: Client, as_person: Any
) -> None:
    """Everybody's of the town: whose, what for, first characters, last use; never the token. Nobody else sees the list."""
    (row, key), (_, other) = tokens.make(alice, "报表"), tokens.make(bob, "手机")
    at = f"/t/{town.code}/settings/tokens/" if way == "page" else f"/api/v1/towns/{town.code}/tokens"
    listed = root.get(at).content.decode()
    assert (
        all(words in listed for words in ("alice", "bob", row.begins))
        and key not in listed
        and row.digest not in listed
    )
    end = (
        (lambda who: who.post(f"{at}{row.pk}/revoke/"))
        if way == "page"
        else (lambda who: who.delete(f"{at}/{row.pk}"))
    )
    for who in (alice, bob):
        client = as_person(who)
        assert (403, 403) == (client.get(at).status_code, end(client).status_code)
    outsider = as_person(person("outsider", town, None))
    assert (404, 404) == (outsider.get(at).status_code, end(outsider).status_code)
    assert 200 == status(key, town)
    end(root)
    end(root)
    assert (401, 200) == (status(key, town), status(other, town))
    event = Event.objects.get(action="token.revoke")
    assert ("root", str(row.pk), True) == (event.actor, event.object_id, "alice" in event.detail)


def test_a_token_of_an_account_that_reaches_further_is_the_countys(
    town: Any, alice: Any, root: Client
) -> None:
    row, key = tokens.make(alice, "报表")
    RoleGrant.objects.create(user=alice, town=None, role=Role.COUNTY_READER.value)
    root.post(f"/t/{town.code}/settings/tokens/{row.pk}/revoke/")
    assert 200 == status(key, town)


def test_tokens_of_before_keep_writing_and_get_a_day(db: None) -> None:
    """The migration leaves no token without an end and takes nothing from one that is in use."""
    from importlib import import_module

    operations = import_module("liangxin.web.api.migrations.0002_scope_and_end").Migration.operations
    fields = {each.name: each.field for each in operations}
    assert "write" == fields["scope"].default
    assert 89 <= (fields["expires"].default() - timezone.now()).days <= 90
