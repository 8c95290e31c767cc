"""Fewer points, the same shape: bounded, closed, each point one of its own, as far off as is said."""

from __future__ import annotations

import itertools
import math
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from liangxin.registry.boundary import MOST_POINTS, points_of, simplify


def coast(points: int, roughness: float = 0.002, at: float = 120.6) -> list[list[float]]:
    """A closed ring about a town, as rough as a surveyed line."""
    ring = []
    for number in range(points):
        turn = 2 * math.pi * number / points
        far = 0.05 + roughness * math.sin(37 * turn) + roughness / 9 * math.sin(911 * turn)
        ring.append([at + far * math.cos(turn), 29.4 + far * math.sin(turn)])
    return [*ring, ring[0]]


def area_of(ring: list[list[float]]) -> float:
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in itertools.pairwise(ring))) / 2


def metres_off(ring: list[list[float]], line: list[list[float]]) -> float:
    """The farthest that a point of the ring lies from the line, by plain arithmetic."""
    wide, high = 111_320 * math.cos(math.radians(29.4)), 111_320
    flat = [(x * wide, y * high) for x, y in line]
    worst = 0.0
    for x, y in ((x * wide, y * high) for x, y in ring):
        nearest = math.inf
        for (ax, ay), (bx, by) in itertools.pairwise(flat):
            length = (bx - ax) ** 2 + (by - ay) ** 2
            t = min(1, max(0, ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length)) if length else 0
            nearest = min(nearest, math.hypot(x - ax - t * (bx - ax), y - ay - t * (by - ay)))
        worst = max(worst, nearest)
    return worst


def test_the_shape_stays() -> None:
    ring = coast(5_000)
    made = simplify({"type": "Polygon", "coordinates": [ring]}, 400)
    assert made is not None
    (kept,) = made.geometry["coordinates"]
    assert 400 == len(kept) == made.after and len(ring) == made.before and kept[0] == kept[-1]
    assert all(point in ring for point in kept)
    assert area_of(kept) == pytest.approx(area_of(ring), rel=0.005)
    assert metres_off(ring[::7], kept) <= made.metres + 0.2 and made.metres < 40


def test_few_points_stay_as_they_are() -> None:
    assert simplify({"type": "Polygon", "coordinates": [coast(100)]}) is None
    assert simplify({"type": "LineString", "coordinates": coast(9000)}) is None


@settings(max_examples=30, deadline=None)
@given(some.lists(some.integers(3, 60), min_size=1, max_size=6), some.integers(24, 90))
def test_however_many_rings(sizes: list[int], most: int) -> None:
    """Never more points than asked for, and each ring a ring."""
    polygons = [[coast(size, at=100 + at)] for at, size in enumerate(sizes)]
    geometry = {"type": "MultiPolygon", "coordinates": polygons}
    made = simplify(geometry, most)
    if made is None:
        assert sum(size + 1 for size in sizes) <= most
        return
    assert made.after <= most and len(sizes) == len(made.geometry["coordinates"])
    assert ([], None) != points_of(made.geometry) and points_of(made.geometry)[1] is None


@pytest.mark.parametrize("kind", ["one place", "spiral"])
def test_the_largest_takes_no_long_time(kind: str) -> None:
    """As many points as may come, in the worst order for the method: seconds, not hours."""
    points: list[Any] = [[120.6, 29.4]] * MOST_POINTS
    if kind == "spiral":
        points = [[100 + n / 1e5, 29.4 + (n % 2) * (1 + n / 1e6)] for n in range(MOST_POINTS - 1)]
        points.append(points[0])
    began = time.process_time()
    made = simplify({"type": "Polygon", "coordinates": [points]})
    assert made is not None and made.after <= 2_000 and time.process_time() - began < 10
