"""Boundaries that cannot be drawn are refused with the area and the reason, however they are nested."""

from __future__ import annotations

import json
from typing import Any

import pytest

from liangxin.findings import InputError
from liangxin.web.administration.services import MOST_POINTS, import_boundaries

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
    "an open second ring": ("MultiPolygon", [[SQUARE], [[*SQUARE[:-1], [120.61, 29.4]]]], "geojson-ring"),
}


def sent(town: Any, kind: str, coordinates: Any) -> bytes:
    area = town.as_core().areas[0]
    feature = {"properties": {"id": area.id}, "geometry": {"type": kind, "coordinates": coordinates}}
    return json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()


@pytest.mark.parametrize("way", WRONG)
def test_what_cannot_be_drawn_is_refused(way: str, town: Any, alice: Any) -> None:
    kind, coordinates, code = WRONG[way]
    with pytest.raises(InputError) as refused:
        import_boundaries(town, alice, sent(town, kind, coordinates))
    assert [code] == [each.code for each in refused.value.findings]


def test_a_good_one_is_taken(town: Any, alice: Any) -> None:
    assert (1, 0) == import_boundaries(town, alice, sent(town, "MultiPolygon", [[SQUARE]]))


@pytest.mark.parametrize("depth", [50, 500, 100_000])
def test_no_depth_is_a_server_error(depth: int, town: Any, alice: Any) -> None:
    raw = sent(town, "Polygon", "@").replace(b'"@"', b"[" * depth + b"]" * depth)
    with pytest.raises(InputError):
        import_boundaries(town, alice, raw)
