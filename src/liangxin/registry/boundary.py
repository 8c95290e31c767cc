"""Boundaries of areas: GeoJSON geometries that can be drawn, and the same shape with fewer points."""

from __future__ import annotations

import heapq
import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from liangxin.findings import Finding
from liangxin.wording import Text

if TYPE_CHECKING:
    import numpy as np

MOST_POINTS: Final = 50_000
"""Points that one geometry may bring."""
KEPT_POINTS: Final = 2_000
"""Points that are kept of one area: the map draws all areas at once."""
DEPTHS: Final[Mapping[str, int]] = MappingProxyType(
    {"Point": 0, "MultiPoint": 1, "LineString": 1, "Polygon": 2, "MultiLineString": 2, "MultiPolygon": 3}
)
"""Lists around a point, by the geometry's type."""
_RINGS: Final = frozenset({"Polygon", "MultiPolygon"})
_LEAST: Final = 4  # points of a ring, the first one again at its end
_METRES_A_DEGREE: Final = 111_320.0  # of latitude

Point = tuple[float, float]


def points_of(geometry: Mapping[str, Any]) -> tuple[list[Point], Finding | None]:
    """Longitude and latitude of every point, and what stands against the geometry; then there are no points."""
    kind = geometry.get("type")
    if not isinstance(kind, str) or kind not in DEPTHS:
        found = kind[:60] if isinstance(kind, str) else ""
        message = Text("不能用这种图形", "This kind of geometry cannot be used")
        return [], Finding(
            "geojson-geometry",
            message,
            found=found,
            accepted=Text("、".join(sorted(DEPTHS)), ", ".join(sorted(DEPTHS))),
        )
    lists: list[Any] = [geometry.get("coordinates")]
    parents: list[Any] = []
    for _ in range(DEPTHS[kind]):
        if not all(isinstance(each, list) and each for each in lists):
            return [], _UNUSABLE
        if sum(map(len, lists)) > MOST_POINTS:
            return [], _TOO_MANY
        parents, lists = lists, [each for inner in lists for each in inner]
    for point in lists:
        if not isinstance(point, list) or not 2 <= len(point) <= 4 or not all(map(_is_number, point)):
            return [], _UNUSABLE
    if kind in _RINGS and any(len(ring) < _LEAST or ring[0] != ring[-1] for ring in parents):
        return [], _OPEN
    if kind in _RINGS and len(parents) * _LEAST > KEPT_POINTS:
        return [], _TOO_MANY_PIECES
    if not all(73 <= point[0] <= 136 and 3 <= point[1] <= 54 for point in lists):
        return [], _OUTSIDE
    return [(float(point[0]), float(point[1])) for point in lists], None


@dataclass(frozen=True, slots=True)
class Simplified:
    """``metres``: how far, about, the farthest point that was left out lies from the line that stays."""

    geometry: dict[str, Any]
    before: int
    after: int
    metres: float


def simplify(geometry: dict[str, Any], most: int = KEPT_POINTS) -> Simplified | None:
    """A polygon with at most ``most`` points, each of them one of its own; None where it has no more than that already.

    Douglas and Peucker's way, the farthest point first over all rings, so that the points go where they are needed.
    ``geometry``: one without a finding in ``points_of``.
    """
    import numpy as np

    kind = geometry["type"]
    if kind not in _RINGS:
        return None
    polygons = geometry["coordinates"] if kind == "MultiPolygon" else [geometry["coordinates"]]
    rings = [ring for polygon in polygons for ring in polygon]
    before = sum(map(len, rings))
    if before <= most:
        return None
    planes = [_metres(np.array([point[:2] for point in ring], dtype=float)) for ring in rings]
    kept, metres = _choose(planes, most)
    chosen = iter([[ring[at] for at in sorted(own)] for ring, own in zip(rings, kept, strict=True)])
    made = [[next(chosen) for _ in polygon] for polygon in polygons]
    coordinates = made if kind == "MultiPolygon" else made[0]
    return Simplified(
        {**geometry, "coordinates": coordinates}, before, sum(len(own) for own in kept), round(metres, 1)
    )


def _metres(ring: np.ndarray) -> np.ndarray:
    """Degrees as metres in the plane, near enough within a county."""
    import numpy as np

    middle = math.radians(float(ring[:, 1].mean()))
    plane: np.ndarray = ring * np.array([_METRES_A_DEGREE * math.cos(middle), _METRES_A_DEGREE])
    return plane


def _choose(planes: Sequence[np.ndarray], most: int) -> tuple[list[set[int]], float]:
    """Positions that stay in each ring, and the distance of the farthest that goes."""
    kept: list[set[int]] = []
    waiting: list[tuple[float, int, int, int, int]] = []  # -distance, ring, from, to, the farthest between

    def look(ring: int, start: int, end: int) -> None:
        if end - start > 1:
            far, at = _farthest(planes[ring], start, end)
            heapq.heappush(waiting, (-far, ring, start, end, at))

    for number, plane in enumerate(planes):  # a triangle of far corners first: no ring becomes a line
        last = len(plane) - 1
        first = _farthest(plane, 0, last)[1]
        halves = [(start, end) for start, end in ((0, first), (first, last)) if end - start > 1]
        second = max(((*_farthest(plane, *half),) for half in halves), default=(0.0, first))[1]
        corners = sorted({0, first, second, last})
        kept.append(set(corners))
        for start, end in itertools.pairwise(corners):
            look(number, start, end)
    room = most - sum(map(len, kept))
    while waiting and room > 0:
        _, ring, start, end, at = heapq.heappop(waiting)
        kept[ring].add(at)
        room -= 1
        look(ring, start, at)
        look(ring, at, end)
    return kept, -waiting[0][0] if waiting else 0.0


def _farthest(plane: np.ndarray, start: int, end: int) -> tuple[float, int]:
    """The point between two positions that is farthest from the line between them: distance, position."""
    import numpy as np

    between, one = plane[start + 1 : end], plane[start]
    way = plane[end] - one
    length = float(way @ way)
    along = np.clip((between - one) @ way / length, 0, 1) if length else np.zeros(len(between))
    apart = between - one - along[:, None] * way
    far = np.einsum("ij,ij->i", apart, apart)
    at = int(far.argmax())
    return math.sqrt(float(far[at])), start + 1 + at


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and -1e9 < value < 1e9


_UNUSABLE: Final = Finding(
    "geojson-geometry",
    Text("坐标不是这种图形的写法", "The coordinates are not written as its type asks"),
)
_TOO_MANY: Final = Finding(
    "geojson-points",
    Text("边界点太多，请先简化", "The boundary has too many points; simplify it first"),
    accepted=Text(f"最多{MOST_POINTS:,}个点", f"at most {MOST_POINTS:,} points"),
)
_TOO_MANY_PIECES: Final = Finding(
    "geojson-points",
    Text("边界分成太多块，请先合并", "The boundary has too many pieces; merge them first"),
    accepted=Text(f"最多{KEPT_POINTS // _LEAST}块", f"at most {KEPT_POINTS // _LEAST} pieces"),
)
_OPEN: Final = Finding(
    "geojson-ring",
    Text(
        "边界没有闭合：每一圈至少4个点，末点和首点相同",
        "The boundary is not closed: each ring has four points or more, the last is the first",
    ),
)
_OUTSIDE: Final = Finding(
    "geojson-coordinates",
    Text(
        "坐标不在国内经纬度范围，可能经纬度写反或不是 WGS 84",
        "The coordinates lie outside China; longitude and latitude may be swapped, or it is not WGS 84",
    ),
)
