"""Where units are: areas above areas, work areas of units, positions on the plane."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.registry.ledger_frame import ledger

from liangxin.findings import InputError
from liangxin.registry.places import Places, cycles, positions, work_areas
from liangxin.registry.town import Area, Town

TOWN = Town(
    "长乐镇",
    "330683101",
    (
        Area("A1", "第一工作片", "work_area", None, (120.60, 29.47)),
        Area("A2", "第二工作片", "work_area", None, (120.64, 29.49)),
        Area("V1", "上水村", "village", "A1", (120.61, 29.46)),
        Area("P", "工业园区", "park", None),
        Area("P1", "工业园区东片", "park_area", "P", (120.62, 29.48)),
        Area("M1", "五金市场", "market", "V1"),
    ),
)


def test_ancestors_and_work_area() -> None:
    """A market in a village of a work area; a park that the file puts nowhere."""
    places = Places.of(TOWN)
    assert [area.id for area in places.ancestors("M1")] == ["M1", "V1", "A1"]
    assert [places.work_area(area_id) for area_id in ("M1", "P1", "A2", "?")] == ["A1", None, "A2", None]


def test_a_centre_falls_back_to_the_area_above() -> None:
    """The market has none of its own."""
    places = Places.of(TOWN)
    assert places.centre("M1") == (120.61, 29.46)
    assert places.centre("P") is None


def test_the_work_area_of_a_unit() -> None:
    """As filled in, else by village, park, venue; else not yet known."""
    frame = ledger({"area": "A2", "village": "V1"}, {"village": "V1"}, {"venue": "M1"}, {"park": "P1"}, {})
    assert work_areas(frame, TOWN).to_list() == ["A2", "A1", "A1", None, None]


def placed(*units: dict[str, Any]) -> list[tuple[float, float, str]]:
    return positions(ledger(*units), TOWN).select("x_km", "y_km", "placed_by").rows()


@pytest.mark.clause("2.3")
def test_a_missing_position_is_the_smallest_known_place() -> None:
    """Venue before park before village before work area; half a position is none."""
    at_village = placed({"lon": 120.61, "lat": 29.46})[0][:2]
    rows = placed(
        {"venue": "M1", "park": "P1", "area": "A2"},
        {"village": "V1", "area": "A2"},
        {"lon": 120.61, "village": "V1"},
        {"area": "A2"},
        {"park": "P", "area": "A2"},
        {},
    )
    assert [row[2] for row in rows] == ["venue", "village", "village", "area", "area", "town"]
    assert [row[:2] == at_village for row in rows] == [True, True, True, False, False, False]
    assert rows[5][:2] == (0.0, 0.0)


def test_kilometres() -> None:
    """A hundredth of a degree: 1.11 km north, 0.97 km east at 29.475 degrees north."""
    (west, south, _), (east, north, _) = placed({"lon": 120.60, "lat": 29.47}, {"lon": 120.61, "lat": 29.48})
    assert east - west == pytest.approx(0.968, abs=0.001)
    assert north - south == pytest.approx(1.112, abs=0.001)


@given(lon=st.floats(120.2, 121.0), lat=st.floats(29.2, 29.8))
def test_the_plane_agrees_with_the_sphere(lon: float, lat: float) -> None:
    """Within half a percent of the great circle for the width of a town."""
    x, y, _ = placed({"lon": lon, "lat": lat})[0]
    middle = Places.of(TOWN).middle()
    assert middle is not None
    first, second = map(math.radians, (middle[1], lat))
    half = math.sin((second - first) / 2) ** 2
    half += math.cos(first) * math.cos(second) * math.sin(math.radians(lon - middle[0]) / 2) ** 2
    assert math.hypot(x, y) == pytest.approx(2 * 6371.0088 * math.asin(math.sqrt(half)), rel=0.005, abs=0.001)


def test_a_town_without_centres() -> None:
    """The middle is that of the units; nobody is lost."""
    bare = Town("镇", "1", (Area("A1", "片", "work_area"),))
    frame = positions(ledger({"lon": 120.0, "lat": 29.0}, {"lon": 120.2, "lat": 29.0}, {"area": "A1"}), bare)
    assert frame["x_km"].round(2).to_list() == [-9.73, 9.73, 0.0]
    assert frame["placed_by"].to_list() == ["own", "own", "town"]


@pytest.mark.parametrize(
    ("areas", "code", "words"),
    [
        ((Area("A", "甲", "village", "B"), Area("B", "乙", "village", "A")), "cycle", "A → B → A"),
        ((Area("A", "甲", "village", "A"),), "cycle", "A → A"),
        ((Area("A", "甲", "village", "X"),), "unknown_parent", "“X”"),
    ],
)
def test_areas_that_hang_in_the_air(areas: tuple[Area, ...], code: str, words: str) -> None:
    """A cycle is named in full; an unknown parent too."""
    with pytest.raises(InputError) as error:
        Places.of(Town("镇", "1", areas))
    (finding,) = error.value.findings
    assert finding.code == code
    assert words in finding.message.zh


@given(parents=st.dictionaries(st.sampled_from("ABCDEF"), st.sampled_from([*"ABCDEFX", None])))
def test_cycles_are_found_exactly(parents: dict[str, str | None]) -> None:
    """A node is in a cycle when walking up from it comes back to it."""
    looping = set()
    for start in parents:
        here: str | None = parents[start]
        for _ in parents:
            if here is None or here == start:
                break
            here = parents.get(here)
        if here == start:
            looping.add(start)
    found = cycles(parents)
    assert {node for ring in found for node in ring} == looping
    assert sum(map(len, found)) == len(looping)
