"""A new town by its name or code, and its villages shared out among work areas."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from tests.web.conftest import person

from liangxin.registry.access import Role
from liangxin.web.areas.models import Town
from liangxin.web.audit.models import Event

NEW = "/towns/new/"


@pytest.fixture
def county(db: None) -> Client:
    """Signed in as the administrator of every town."""
    client = Client()
    client.force_login(person("county", None, Role.ADMINISTRATOR))
    return client


def test_a_name_is_typed_and_the_towns_found_are_offered(county: Client) -> None:
    page = county.get(NEW, {"q": "嵊州 长乐"}).content.decode()
    assert 'value="330683101" checked' in page
    assert "浙江省、绍兴市、嵊州市" in page
    piece = county.get(NEW, {"q": "长乐镇"}, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in piece
    assert piece.count('type="radio"') > 2
    assert "没有找到" in county.get(NEW, {"q": "没有这个镇"}).content.decode()


def test_the_town_is_made_with_its_villages(county: Client) -> None:
    answer = county.post(NEW, {"q": "嵊州 长乐", "code": "330683101"})
    assert answer.headers["Location"] == "/t/330683101/settings/work-areas/"
    town = Town.objects.get()
    assert (town.name, len(town.as_core().areas)) == ("长乐镇", 30)
    assert Event.objects.filter(action="town.add", actor="county").exists()
    again = county.post(NEW, {"q": "嵊州 长乐", "code": "330683101"})
    assert again.status_code == 422
    assert "已经在网站里" in again.content.decode()
    assert county.post(NEW, {"q": "嵊州", "code": ""}).status_code == 422
    assert "嵊州" in county.post(NEW, {"q": "嵊州", "code": "999999999"}).content.decode()
    assert Town.objects.count() == 1


def test_an_empty_site_leads_its_administrator_there(county: Client) -> None:
    assert NEW in county.get("/").content.decode()


def test_only_the_administrator_of_every_town_makes_one(client: Client, town: Any, alice: Any) -> None:
    for who in (alice, person("root", town, Role.ADMINISTRATOR), person("nobody", town, Role.OFFICE)):
        client.force_login(who)
        assert client.get(NEW).status_code == 403
        assert client.post(NEW, {"code": "330683101"}).status_code == 403
        body = {"code": "330683101"}
        assert client.post("/api/v1/towns", body, content_type="application/json").status_code == 403
        assert client.get("/api/v1/divisions", {"q": "长乐"}).status_code == 403
    assert Town.objects.count() == 1
    client.logout()
    assert client.get(NEW).status_code == 302


def test_a_program_does_the_same(county: Client) -> None:
    found = county.get("/api/v1/divisions", {"q": "柯桥 钱清"}).json()
    assert found[0] == {
        "code": "330603009",
        "name": "钱清街道",
        "path": ["浙江省", "绍兴市", "柯桥区", "钱清街道"],
    }
    made = county.post("/api/v1/towns", {"code": "330603009"}, content_type="application/json")
    assert made.status_code == 201
    assert made.json()["code"] == "330603009"
    assert (
        county.post("/api/v1/towns", {"code": "330603009"}, content_type="application/json").status_code
        == 422
    )


def test_villages_are_shared_out_by_a_click_each(county: Client) -> None:
    county.post(NEW, {"code": "330683101"})
    town = Town.objects.get()
    page = "/t/330683101/settings/work-areas/"
    sent = {"version": town.version, "new": ["东片", "西片", ""]}
    assert county.post(page, sent).status_code == 302
    town.refresh_from_db()
    assert [(area.id, area.name) for area in town.as_core().areas[:2]] == [("A1", "东片"), ("A2", "西片")]
    shown = county.get(page).content.decode()
    assert "还有 30 个没有划" in shown
    village = next(area for area in town.as_core().areas if area.name == "水竹村")
    sent = {"version": town.version, "name-A1": "第一片", f"in-{village.id}": "A1"}
    assert county.post(page, sent).status_code == 302
    stale = county.post(page, sent | {f"in-{village.id}": "A2"})
    assert stale.status_code == 422
    assert 'value="A2" checked' in stale.content.decode()  # what was clicked is not lost
    town.refresh_from_db()
    core = town.as_core()
    assert core.area("水竹村").parent == "A1"
    assert core.area("A1").name == "第一片"
    assert sum(area.parent == "A1" for area in core.areas) == 1


def test_aliases_are_typed_in_the_areas_table_and_kept_where_they_are_not_sent(county: Client) -> None:
    county.post(NEW, {"code": "330683101"})
    address = "/api/v1/towns/330683101/settings/sections/areas"
    read = county.get(address).json()
    village = next(row for row in read["rows"] if row["name"] == "水竹村")
    village["aliases"] = "竹村、水竹路"
    read = county.put(address, read, content_type="application/json").json()
    assert Town.objects.get().as_core().area("竹村").name == "水竹村"
    for row in read["rows"]:
        row.pop("aliases")
    assert county.put(address, read, content_type="application/json").status_code == 200
    assert Town.objects.get().as_core().area("水竹路").name == "水竹村"
