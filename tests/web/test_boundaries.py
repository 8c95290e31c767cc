"""Boundaries that cannot be drawn are refused with the area and the reason, however they come; large ones are simplified."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from tests.registry.test_boundary import coast

from liangxin.files.town import format_town
from liangxin.findings import InputError
from liangxin.registry.boundary import KEPT_POINTS, MOST_POINTS
from liangxin.web.administration.boundaries import import_boundaries
from liangxin.web.administration.services import replace_town_file

SQUARE = [[120.6, 29.4], [120.7, 29.4], [120.7, 29.5], [120.6, 29.4]]
WRONG: dict[str, tuple[str, Any, str]] = {
    "open": ("Polygon", [[*SQUARE[:-1], [120.65, 29.45]]], "geojson-ring"),
    "short": ("Polygon", [SQUARE[:3]], "geojson-ring"),
    "too shallow": ("Polygon", SQUARE, "geojson-geometry"),
    "too deep": ("Polygon", [[SQUARE]], "geojson-geometry"),
    "point in a list": ("Point", [[120.6, 29.4]], "geojson-geometry"),
    "words": ("Polygon", [[["a", "b"]] * 4], "geojson-geometry"),
    "booleans": ("Point", [True, True], "geojson-geometry"),
    "empty": ("MultiPolygon", [[]], "geojson-geometry"),
    "nothing": ("Polygon", None, "geojson-geometry"),
    "many": ("Polygon", [SQUARE[:1] + [[120.6, 29.4]] * MOST_POINTS], "geojson-points"),
    "many pieces": ("MultiPolygon", [[SQUARE]] * (KEPT_POINTS // 4 + 1), "geojson-points"),
    "an open second ring": ("MultiPolygon", [[SQUARE], [[*SQUARE[:-1], [120.61, 29.4]]]], "geojson-ring"),
    "elsewhere": ("Polygon", [[[lat, lon] for lon, lat in SQUARE]], "geojson-coordinates"),
    "endless": ("Polygon", [[[1e308 * 10, 29.4]] * 4], "geojson-geometry"),
    "another kind": ("Circle", [120.6, 29.4], "geojson-geometry"),
}


def sent(town: Any, kind: str, coordinates: Any) -> bytes:
    area = town.as_core().areas[0]
    feature = {"properties": {"id": area.id}, "geometry": {"type": kind, "coordinates": coordinates}}
    return json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()


def town_file(town: Any, kind: str, coordinates: Any) -> str:
    core = town.as_core()
    first = replace(core.areas[0], boundary={"type": kind, "coordinates": coordinates})
    return format_town(replace(core, areas=(first, *core.areas[1:])))


@pytest.mark.parametrize("way", WRONG)
def test_what_cannot_be_drawn_is_refused(way: str, town: Any, alice: Any) -> None:
    kind, coordinates, code = WRONG[way]
    with pytest.raises(InputError) as refused:
        import_boundaries(town, alice, sent(town, kind, coordinates))
    assert [code] == [each.code for each in refused.value.findings]


@pytest.mark.parametrize("way", [way for way in WRONG if way != "nothing"])
def test_nor_by_the_town_file(way: str, town: Any, alice: Any) -> None:
    """The same refusal, with the line."""
    kind, coordinates, code = WRONG[way]
    with pytest.raises(InputError) as refused:
        replace_town_file(town, alice, town_file(town, kind, coordinates))
    (finding,) = refused.value.findings
    assert code == finding.code and finding.place.line is not None


def test_a_good_one_is_taken(town: Any, alice: Any) -> None:
    taken = import_boundaries(town, alice, sent(town, "MultiPolygon", [[SQUARE]]))
    assert (1, 0, ()) == (taken.matched, taken.added, taken.simplified)


@pytest.mark.parametrize("depth", [50, 500, 100_000])
def test_no_depth_is_a_server_error(depth: int, town: Any, alice: Any) -> None:
    raw = sent(town, "Polygon", "@").replace(b'"@"', b"[" * depth + b"]" * depth)
    with pytest.raises(InputError):
        import_boundaries(town, alice, raw)


@pytest.mark.parametrize(
    "feature",
    [1, None, [], {"properties": {"name": ["x"]}}, {"properties": {"name": "新村", "kind": ["village"]}},
     {"properties": {"name": "新村", "kind": "village", "parent": ["x"]}}, {"properties": {"id": "a\x00b", "kind": "village"}},
     {"properties": {"name": "\ud800", "kind": "village"}}, {"properties": {"name": "长" * 99, "kind": "village"}}, {"id": 10**400}],
)  # fmt: skip
def test_no_feature_is_a_server_error(feature: Any, town: Any, alice: Any) -> None:
    if isinstance(feature, dict):
        feature = feature | {"geometry": {"type": "Point", "coordinates": [120.6, 29.4]}}
    raw = (
        json.dumps({"features": [feature]}).encode()
        if feature != {"id": 10**400}
        else b'{"features": [' + b"9" * 5000 + b"]}"
    )
    with pytest.raises(InputError):
        import_boundaries(town, alice, raw)


@pytest.mark.parametrize("way", ["upload", "town file", "api"])
def test_a_large_one_is_simplified_and_said(way: str, town: Any, alice: Any, as_person: Any) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    client, ring, name = as_person(alice), coast(7_000), town.as_core().areas[0].name
    if way == "api":
        answer = client.post(
            f"/api/v1/towns/{town.code}/settings/boundaries",
            {"geojson": json.loads(sent(town, "Polygon", [ring]))},
            content_type="application/json",
        )
        said = answer.json()["simplified"][0]["zh"]
    else:
        where = "areas" if way == "upload" else "town-file"
        file = SimpleUploadedFile("a.geojson", sent(town, "Polygon", [ring]))
        given = {"file": file} if way == "upload" else {"text": town_file(town, "Polygon", [ring])}
        said = client.post(f"/t/{town.code}/settings/{where}/", given, follow=True).content.decode()
    assert f"“{name}”的边界已简化：7,001个点减为2,000个" in said and "米" in said
    town.refresh_from_db()
    kept = town.as_core().areas[0].boundary["coordinates"][0]
    assert 2_000 == len(kept) and all(point in ring for point in kept[::50])
