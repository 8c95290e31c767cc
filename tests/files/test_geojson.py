"""map.geojson: units and links where they are, and nothing about members."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from liangxin.files.dossier import Dossier
from liangxin.files.geojson import map_document, write_map
from liangxin.registry.fields import FIELDS, Reader


def test_units_that_have_a_position(dossier: Dossier) -> None:
    """A point for each unit with coordinates; the others are counted, not invented."""
    document = map_document(dossier)
    points = {
        feature["properties"]["unit_id"]: feature["geometry"]["coordinates"]
        for feature in document["features"]
        if feature["properties"]["feature"] == "unit"
    }
    assert points == {"2": [120.605, 29.475], "3": [120.606, 29.476], "4": [120.607, 29.476]}
    assert document["units_without_position"] == len(dossier.plan.units) - 3


@pytest.mark.clause("2.3")
def test_links_go_from_the_lead_unit(dossier: Dossier) -> None:
    """One line for each unit that the host leads, from host to unit."""
    links = [
        (feature["properties"]["host"], feature["properties"]["unit_id"], feature["geometry"]["coordinates"])
        for feature in map_document(dossier)["features"]
        if feature["properties"]["feature"] == "link"
    ]
    assert links == [
        ("2", "3", [[120.605, 29.475], [120.606, 29.476]]),
        ("2", "4", [[120.605, 29.475], [120.607, 29.476]]),
    ]


def test_nothing_about_members(dossier: Dossier, tmp_path: Path) -> None:
    """No field of the membership class, no count of members, not even in an organization."""
    write_map(tmp_path / "map.geojson", dossier)
    document = json.loads((tmp_path / "map.geojson").read_text(encoding="utf-8"))
    keys = {key for feature in document["features"] for key in feature["properties"]}
    assert keys.isdisjoint({name for name, field in FIELDS.items() if field.reader is Reader.MEMBERSHIP})
    assert not any("member" in key for key in keys)


def test_the_file_is_the_document(dossier: Dossier, tmp_path: Path) -> None:
    """One feature a line, the same content; the coordinate system is stated."""
    write_map(tmp_path / "map.geojson", dossier)
    text = (tmp_path / "map.geojson").read_text(encoding="utf-8")
    assert json.loads(text) == map_document(dossier)
    assert json.loads(text)["coordinate_system"] == "WGS 84 (EPSG:4326)"
    assert len(map_document(dossier)["features"]) + 2 == len(text.splitlines())
