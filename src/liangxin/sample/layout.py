"""The drawing board of a town's land: places are added one by one and become a ``Geography`` for quick drawing."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from liangxin.registry.town import Area, AreaKind
from liangxin.sample.boundaries import Point, polygon

CENTRE: Final = (120.62, 29.47)
KM_PER_DEGREE: Final = (111.32 * math.cos(math.radians(CENTRE[1])), 110.86)


@dataclass(frozen=True, slots=True)
class Geography:
    """Places as arrays for quick drawing. Positions are km east and north of the town's centre, shape (n, 2).

    Every park area and venue stands in one village (``park_village``, ``venue_village``: rows of the village arrays).
    """

    areas: tuple[Area, ...]
    townships: int
    village_ids: list[str]
    village_area: list[str]
    village_at: NDArray[np.float64]
    village_township: NDArray[np.int64]  # counted from 0
    township_names: list[str]  # "" for a single town
    park_ids: list[str]
    park_at: NDArray[np.float64]
    park_village: NDArray[np.int64]
    venue_ids: list[str]
    venue_flavours: list[str]
    venue_at: NDArray[np.float64]
    venue_village: NDArray[np.int64]

    def of_kind(self, *kinds: AreaKind) -> list[str]:
        """Ids of the areas of these kinds, in the town file's order."""
        return [area.id for area in self.areas if area.kind in kinds]

    def township_of(self, village: NDArray[np.int64]) -> NDArray[np.int64]:
        """The township of each of these villages (rows of the village arrays), counted from 0."""
        return self.village_township[village]


def degrees(at: Point) -> tuple[float, float]:
    """Longitude and latitude (WGS 84) of a place given in km from the town's centre."""
    return round(CENTRE[0] + at[0] / KM_PER_DEGREE[0], 6), round(CENTRE[1] + at[1] / KM_PER_DEGREE[1], 6)


class Layout:
    """Collects areas in the town file's order. Points are km from the town's centre; ``land``: corners, or None."""

    def __init__(self) -> None:
        self.areas: list[Area] = []
        self.village_ids: list[str] = []
        self.village_area: list[str] = []
        self.village_at: list[Point] = []
        self.village_township: list[int] = []
        self.park_ids: list[str] = []
        self.park_at: list[Point] = []
        self.park_village: list[int] = []
        self.venue_ids: list[str] = []
        self.venue_flavours: list[str] = []
        self.venue_at: list[Point] = []
        self.venue_village: list[int] = []

    def add_work_area(self, id_: str, name: str, at: Point, land: Sequence[Point] | None = None) -> None:
        self._add(id_, name, "work_area", None, at, land)

    def add_village(
        self,
        id_: str,
        name: str,
        area: str,
        at: Point,
        *,
        land: Sequence[Point] | None = None,
        community: bool = False,
        township: int = 0,
    ) -> None:
        self._add(id_, name, "community" if community else "village", area, at, land)
        self.village_ids.append(id_)
        self.village_area.append(area)
        self.village_at.append(at)
        self.village_township.append(township)

    def add_park(self, id_: str, name: str, at: Point) -> None:
        self._add(id_, name, "park", None, at, None)

    def add_park_area(
        self, id_: str, name: str, park: str, at: Point, village: int, land: Sequence[Point] | None = None
    ) -> None:
        """``id_``: the park's id and one more character. ``village``: the row of the village it stands in."""
        self._add(id_, name, "park_area", park, at, land)
        self.park_ids.append(id_)
        self.park_at.append(at)
        self.park_village.append(village)

    def add_venue(
        self,
        id_: str,
        name: str,
        kind: AreaKind,
        flavour: str,
        at: Point,
        village: int,
        land: Sequence[Point] | None = None,
    ) -> None:
        """A market, building or street; ``flavour`` says which trades are found there."""
        self._add(id_, name, kind, self.village_area[village], at, land)
        self.venue_ids.append(id_)
        self.venue_flavours.append(flavour)
        self.venue_at.append(at)
        self.venue_village.append(village)

    def finished(self, township_names: Sequence[str] = ("",)) -> Geography:
        return Geography(
            tuple(self.areas),
            len(township_names),
            self.village_ids,
            self.village_area,
            np.array(self.village_at, dtype=np.float64).reshape(-1, 2),
            np.array(self.village_township, dtype=np.int64),
            list(township_names),
            self.park_ids,
            np.array(self.park_at, dtype=np.float64).reshape(-1, 2),
            np.array(self.park_village, dtype=np.int64),
            self.venue_ids,
            self.venue_flavours,
            np.array(self.venue_at, dtype=np.float64).reshape(-1, 2),
            np.array(self.venue_village, dtype=np.int64),
        )

    def _add(
        self,
        id_: str,
        name: str,
        kind: AreaKind,
        parent: str | None,
        at: Point,
        land: Sequence[Point] | None,
    ) -> None:
        boundary = None if land is None else polygon(degrees(corner) for corner in land)
        self.areas.append(Area(id_, name, kind, parent, degrees(at), boundary))
