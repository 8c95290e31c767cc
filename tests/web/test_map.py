"""The map: who sees which points, what a point carries, lines within reach, tiles through the site only."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any, ClassVar

import pytest
from tests.web.conftest import person

from liangxin.registry.access import Role
from liangxin.registry.coordinates import gcj02_shift
from liangxin.web.map import tiles
from liangxin.web.organizations import services
from liangxin.web.units.models import Unit

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 32


def url(town: Any, *parts: str) -> str:
    return "/".join(["", "t", town.code, "map", *parts])


def features(client: Any, town: Any) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Points, and the lines of groups."""
    found = client.get(url(town, "units.geojson")).json()["features"]
    points = [each for each in found if each["geometry"]["type"] == "Point"]
    return points, [each for each in found if each["geometry"]["type"] != "Point"]


def ids(points: list[dict[str, Any]]) -> set[str]:
    return {each["properties"]["unit_id"] for each in points}


def placed(town: Any, **more: Any) -> set[str]:
    units = Unit.objects.filter(town=town, lon__isnull=False, lat__isnull=False, **more)
    return set(units.values_list("unit_id", flat=True))


def test_the_office_sees_every_unit_with_a_position(town: Any, alice: Any, as_person: Any) -> None:
    assert placed(town) == ids(features(as_person(alice), town)[0])


def test_a_group_member_sees_the_group_s_own_units_only(town: Any, bob: Any, as_person: Any) -> None:
    services.record_existing(town)
    group = town.as_core().task_groups[0].id
    points, lines = features(as_person(bob), town)
    own = placed(town, task_group=group)
    where = {tuple(each["geometry"]["coordinates"]) for each in points}
    assert own == ids(points)
    assert {
        tuple(end) for each in lines for line in each["geometry"]["coordinates"] for end in line[1:]
    } <= where


def test_those_without_reading_units_get_no_map(town: Any, outsider: Any, as_person: Any) -> None:
    """A county reader sees figures, not units; for an outsider the town is not there."""
    county = person("county", None, Role.COUNTY_READER)
    for path in ("", "units.geojson", "areas.geojson", "tiles/1/0/0/"):
        assert (403, 404) == (
            as_person(county).get(url(town, path)).status_code,
            as_person(outsider).get(url(town, path)).status_code,
        )


def test_a_point_carries_no_person_and_no_count(town: Any, alice: Any, as_person: Any) -> None:
    """Name, kind, place, form, class and organization; nothing of owners, contacts, members or staff."""
    points, _ = features(as_person(alice), town)
    carried = {name for each in points for name in each["properties"]}
    assert {"unit_id", "name", "kind", "area", "form", "classes", "organization"} == carried


@pytest.mark.clause("2.3", "2.6")
def test_members_of_a_joint_branch_are_drawn_to_their_lead_unit(
    town: Any, alice: Any, as_person: Any
) -> None:
    """One line a member, each from the lead unit's own position."""
    services.record_existing(town)
    points, lines = features(as_person(alice), town)
    at = {each["properties"]["unit_id"]: each["geometry"]["coordinates"] for each in points}
    led = next(each for each in lines if each["properties"]["host"])
    members = placed(town, organization_id=led["properties"]["organization"])
    host = led["properties"]["host"]
    assert {tuple(at[unit]) for unit in members - {host}} == {
        tuple(line[1]) for line in led["geometry"]["coordinates"]
    }
    assert {tuple(at[host])} == {tuple(line[0]) for line in led["geometry"]["coordinates"]}


@pytest.mark.clause("3.0")
def test_the_areas_are_drawn_without_any_tile(town: Any, alice: Any, as_person: Any) -> None:
    """Every area of the town file that has a boundary or a centre."""
    found = as_person(alice).get(url(town, "areas.geojson")).json()["features"]
    core = town.as_core()
    assert {area.id for area in core.areas if area.boundary or area.centre} == {
        each["properties"]["id"] for each in found
    }


def test_a_town_without_positions_says_what_to_do(town: Any, alice: Any, as_person: Any) -> None:
    Unit.objects.filter(town=town).update(lon=None, lat=None)
    page = as_person(alice).get(url(town, "")).content.decode()
    assert "家单位都还没有位置" in page
    assert ([], []) == features(as_person(alice), town)


def test_an_empty_town_has_an_empty_map(empty_town: Any, as_person: Any) -> None:
    office = person("office", empty_town, Role.OFFICE)
    assert 200 == as_person(office).get(url(empty_town, "")).status_code
    assert ([], []) == features(as_person(office), empty_town)


def test_the_queries_of_the_map_do_not_grow(
    town: Any, alice: Any, as_person: Any, django_assert_max_num_queries: Any
) -> None:
    client = as_person(alice)
    for path in ("", "units.geojson", "areas.geojson"):
        with django_assert_max_num_queries(14):
            assert 200 == client.get(url(town, path)).status_code


class _TileServer(BaseHTTPRequestHandler):
    """Answers as a tile server: /png, /html, /away; keeps what was asked."""

    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.asked.append(self.path)
        if self.path.startswith("/away"):
            self.send_response(302)
            self.send_header("Location", "/png/1/0/0")
            self.end_headers()
            return
        self.send_response(200)
        self.send_header("Content-Type", "image/png" if self.path.startswith("/png") else "text/html")
        self.end_headers()
        self.wfile.write(PNG)

    def log_message(self, *args: object) -> None:
        """Quiet."""


@pytest.fixture
def tile_server() -> Iterator[str]:
    _TileServer.asked.clear()
    server = HTTPServer(("127.0.0.1", 0), _TileServer)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_tile_comes_through_the_site_and_the_key_stays_here(
    town: Any, alice: Any, as_person: Any, settings: Any, tile_server: str
) -> None:
    """The key is in what the site asks, in nothing that the browser gets; the tile may be kept by the browser."""
    settings.TILES, settings.TILES_KEY = tile_server + "/png/{z}/{x}/{y}?tk={key}", "secret-key"
    client = as_person(alice)
    page = client.get(url(town, ""))
    tile = client.get(url(town, "tiles", "3", "6", "3", ""))
    assert (200, PNG, "image/png") == (tile.status_code, tile.content, tile.headers["Content-Type"])
    assert ["/png/3/6/3?tk=secret-key"] == _TileServer.asked
    assert "max-age=604800" in tile.headers["Cache-Control"]
    assert not any(
        "secret-key" in words or tile_server in words for words in (page.content.decode(), str(tile.headers))
    )


def test_without_a_tile_server_nothing_is_asked(
    town: Any, alice: Any, as_person: Any, monkeypatch: Any
) -> None:
    def never(*args: object) -> None:
        pytest.fail("a request went out")

    monkeypatch.setattr(tiles, "build_opener", never)
    assert 404 == as_person(alice).get(url(town, "tiles", "1", "0", "0", "")).status_code
    assert "data-tiles" not in as_person(alice).get(url(town, "")).content.decode()


@pytest.mark.parametrize(
    "path",
    [
        "tiles/3/8/0/",
        "tiles/3/0/8/",
        "tiles/21/0/0/",
        "tiles/-1/0/0/",
        "tiles/a/0/0/",
        "tiles/3/0/..%2f/",
        "tiles/99999999999/0/0/",
    ],
)
def test_only_tiles_that_exist_are_asked_for(
    town: Any, alice: Any, as_person: Any, settings: Any, tile_server: str, path: str
) -> None:
    settings.TILES = tile_server + "/png/{z}/{x}/{y}"
    assert (404, []) == (as_person(alice).get(url(town, path)).status_code, _TileServer.asked)


@pytest.mark.parametrize("kind", ["html", "away"])
def test_what_is_no_picture_is_not_passed_on(
    town: Any, alice: Any, as_person: Any, settings: Any, tile_server: str, kind: str
) -> None:
    """A page of the tile server, or its sending us elsewhere, gives 502 with a sentence; the address is not told."""
    settings.TILES = tile_server + "/" + kind + "/{z}/{x}/{y}?k={key}"
    answer = as_person(alice).get(url(town, "tiles", "1", "0", "0", ""))
    assert 502 == answer.status_code
    assert "底图服务器" in answer.content.decode()
    assert "127.0.0.1" not in answer.content.decode()


def test_gcj02_tiles_move_the_points_and_the_page_says_so(
    town: Any, alice: Any, as_person: Any, settings: Any
) -> None:
    """The ledger keeps WGS 84; over GCJ-02 tiles each point is shown where it lies on them."""
    client = as_person(alice)
    plain = {
        each["properties"]["unit_id"]: each["geometry"]["coordinates"] for each in features(client, town)[0]
    }
    settings.TILES = "https://wprd01.is.autonavi.com/appmaptile?x={x}&y={y}&z={z}"
    moved = {
        each["properties"]["unit_id"]: each["geometry"]["coordinates"] for each in features(client, town)[0]
    }
    unit, (lon, lat) = next(iter(plain.items()))
    east, north = gcj02_shift(lon, lat)
    assert [pytest.approx(lon + east, abs=2e-6), pytest.approx(lat + north, abs=2e-6)] == moved[unit]
    assert "底图为 GCJ-02，显示时已换算" in client.get(url(town, "")).content.decode()


def test_the_classes_of_the_points_are_those_of_the_list(town: Any, alice: Any, as_person: Any) -> None:
    """A unit of several classes counts in each, as the list of units and the rates count it."""
    from liangxin.web.units.live import live

    points, _ = features(as_person(alice), town)
    frame = live(town).classified.frame.drop_nulls(["lon", "lat"])
    on_the_map = sum("has_members" in each["properties"]["classes"] for each in points)
    assert frame["classes"].list.contains("has_members").sum() == on_the_map


def test_the_published_plan_is_drawn_beside_what_stands(
    town: Any, alice: Any, bob: Any, as_person: Any, monkeypatch: Any
) -> None:
    """New organizations of the proposal are lines of their own; a group member gets only those between own units."""
    from types import SimpleNamespace

    from liangxin.web.plans import arranged
    from liangxin.web.plans import queries as plans

    units = sorted(placed(town))[:3]
    made = SimpleNamespace(
        organization_id="P1", name="拟建", host=units[0], unit_ids=tuple(units), status="new"
    )
    monkeypatch.setattr(plans, "published", lambda town: SimpleNamespace(done=True))
    monkeypatch.setattr(arranged, "plan_of", lambda run: SimpleNamespace(organizations=[made]))
    Unit.objects.filter(unit_id__in=units).update(task_group=None)
    lines = [each for each in features(as_person(alice), town)[1] if each["properties"]["planned"]]
    assert [("P1", 2)] == [
        (each["properties"]["organization"], len(each["geometry"]["coordinates"])) for each in lines
    ]
    assert [] == [each for each in features(as_person(bob), town)[1] if each["properties"]["planned"]]
