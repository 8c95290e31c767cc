"""Boundaries for the map: each work area is the land nearest to its centre, and its villages divide it the same way."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any, Final

Point = tuple[float, float]

WORK_AREA_REACH_KM: Final = 1.75
_NEIGHBOURS_KM: Final = 2 * WORK_AREA_REACH_KM


def disc(centre: Point, radius: float, corners: int = 24) -> list[Point]:
    """A regular polygon around ``centre``, counter-clockwise."""
    turns = (number * math.tau / corners for number in range(corners))
    return [(centre[0] + radius * math.cos(turn), centre[1] + radius * math.sin(turn)) for turn in turns]


def box(centre: Point, half: float) -> list[Point]:
    east, north = centre
    return [
        (east - half, north - half),
        (east + half, north - half),
        (east + half, north + half),
        (east - half, north + half),
    ]


def nearest_part(land: list[Point], own: Point, others: Iterable[Point]) -> list[Point]:
    """The part of a convex ``land`` that is nearer to ``own`` than to any of ``others`` (its Voronoi cell).

    >>> nearest_part(box((0, 0), 1), (-0.5, 0), [(0.5, 0)])
    [(-1.0, -1.0), (0.0, -1.0), (0.0, 1.0), (-1.0, 1.0)]
    """
    cell = [(float(east), float(north)) for east, north in land]
    for other in others:
        if math.dist(own, other) <= _NEIGHBOURS_KM:
            cell = _nearer_side(cell, own, other)
    return cell


def _nearer_side(cell: list[Point], own: Point, other: Point) -> list[Point]:
    """Cut a convex polygon along the middle line of two points and keep the side of ``own``."""
    normal = (other[0] - own[0], other[1] - own[1])
    limit = (normal[0] * (own[0] + other[0]) + normal[1] * (own[1] + other[1])) / 2
    kept: list[Point] = []
    for here, there in zip(cell, cell[1:] + cell[:1], strict=True):
        beyond = normal[0] * here[0] + normal[1] * here[1] - limit
        beyond_there = normal[0] * there[0] + normal[1] * there[1] - limit
        if beyond <= 0:
            kept.append(here)
        if beyond * beyond_there < 0:
            part = beyond / (beyond - beyond_there)
            kept.append((here[0] + part * (there[0] - here[0]), here[1] + part * (there[1] - here[1])))
    return kept


def polygon(corners: Iterable[Point]) -> dict[str, Any]:
    """A GeoJSON polygon of corners in degrees; the ring is closed."""
    ring = [list(corner) for corner in corners]
    return {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}
