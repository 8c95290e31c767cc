"""The land of a made-up town: work areas, villages, one industrial park of four areas, markets, buildings, streets.

A town above 3,000 units is laid out as several townships side by side, each with all of these.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from liangxin.registry.town import Area, AreaKind
from liangxin.sample.boundaries import (
    WORK_AREA_REACH_KM,
    Point,
    box,
    disc,
    nearest_part,
    polygon,
)
from liangxin.sample.names import township_names, village_names

CENTRE: Final = (120.62, 29.47)
KM_PER_DEGREE: Final = (111.32 * math.cos(math.radians(CENTRE[1])), 110.86)
WORK_AREAS: Final = 7
VILLAGES: Final = 6
PARK_AREAS: Final = (("东片", 0.75, 0.0), ("西片", -0.75, 0.0), ("南片", 0.0, -0.75), ("北片", 0.0, 0.75))
TOWNSHIP_UNITS: Final = 2_500
SINGLE_TOWN_UNITS: Final = 3_000
_NUMERALS: Final = "一二三四五六七"
_TOWNSHIP_STEP_KM: Final = 9.0
_WORK_AREA_STEP_KM: Final = 2.6
_PARK_AREA_HALF_KM: Final = 0.37
_VENUE_HALF_KM: Final = 0.1
_VENUES: Final[tuple[tuple[AreaKind, str, str], ...]] = (
    ("market", "五金市场", "hardware"),
    ("market", "领带城", "neckties"),
    ("market", "茶叶市场", "tea"),
    ("market", "农贸市场", "food"),
    ("building", "商会大厦", "offices"),
    ("building", "电商大楼", "online"),
    ("street", "老街", "food"),
    ("street", "汽配街", "cars"),
)
_VENUE_LETTERS: Final = {"market": "M", "building": "B", "street": "R"}


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
        return village // (WORK_AREAS * VILLAGES)


def township_count(units: int) -> int:
    return 1 if units <= SINGLE_TOWN_UNITS else math.ceil(units / TOWNSHIP_UNITS)


def lay_out(units: int, town_name: str, rng: np.random.Generator) -> Geography:
    """Places for a town of this size."""
    plan = _Plan(township_count(units), town_name, rng)
    for township in range(plan.townships):
        plan.add_work_areas(township)
        plan.add_park(township)
        plan.add_venues(township)
    return plan.finished()


def degrees(at: Point) -> tuple[float, float]:
    """Longitude and latitude (WGS 84) of a place given in km from the town's centre."""
    return round(CENTRE[0] + at[0] / KM_PER_DEGREE[0], 6), round(CENTRE[1] + at[1] / KM_PER_DEGREE[1], 6)


class _Plan:
    """The drawing board: places are added township by township."""

    def __init__(self, townships: int, town_name: str, rng: np.random.Generator) -> None:
        self.townships = townships
        self.rng = rng
        self.prefixes = [""] if townships == 1 else township_names(townships)
        self.park_names = [town_name] if townships == 1 else self.prefixes
        self.village_names = village_names(townships * WORK_AREAS * VILLAGES, rng)
        self.areas: list[Area] = []
        self.village_ids: list[str] = []
        self.village_area: list[str] = []
        self.village_at: list[Point] = []
        self.park_ids: list[str] = []
        self.park_at: list[Point] = []
        self.park_village: list[int] = []
        self.venue_ids: list[str] = []
        self.venue_flavours: list[str] = []
        self.venue_at: list[Point] = []
        self.venue_village: list[int] = []
        self.middles = [self._middle(township) for township in range(townships)]
        self.work_area_at = [
            self._work_area_at(township, number)
            for township in range(townships)
            for number in range(WORK_AREAS)
        ]

    def _middle(self, township: int) -> Point:
        side = math.ceil(math.sqrt(self.townships))
        return (
            (township % side - (side - 1) / 2) * _TOWNSHIP_STEP_KM,
            (township // side - (side - 1) / 2) * _TOWNSHIP_STEP_KM,
        )

    def _work_area_at(self, township: int, number: int) -> Point:
        """The first work area is the middle of the township, the other six are around it."""
        east, north = self.middles[township]
        if number == 0:
            return (east, north)
        turn = number * math.tau / (WORK_AREAS - 1) + 0.3
        return (east + _WORK_AREA_STEP_KM * math.cos(turn), north + _WORK_AREA_STEP_KM * math.sin(turn))

    def add_work_areas(self, township: int) -> None:
        for number in range(WORK_AREAS):
            row = township * WORK_AREAS + number
            at = self.work_area_at[row]
            others = [other for other in self.work_area_at if other != at]
            land = nearest_part(disc(at, WORK_AREA_REACH_KM), at, others)
            name = f"{self.prefixes[township]}第{_NUMERALS[number]}工作片"
            id_ = f"A{row + 1}"
            self._add(id_, name, "work_area", None, at, land)
            places = [self._village_at(at, turn) for turn in range(VILLAGES)]
            for turn, place in enumerate(places):
                village = nearest_part(land, place, places[:turn] + places[turn + 1 :])
                full_name = self.village_names[len(self.village_ids)]
                kind: AreaKind = "community" if number == 0 and turn < 2 else "village"
                if kind == "community":
                    full_name = full_name[:-1] + "社区"
                self._add(f"V{row + 1}{turn + 1}", full_name, kind, id_, place, village)
                self.village_ids.append(f"V{row + 1}{turn + 1}")
                self.village_area.append(id_)
                self.village_at.append(place)

    def _village_at(self, at: Point, turn: int) -> Point:
        angle = (turn + float(self.rng.uniform(-0.25, 0.25))) * math.tau / VILLAGES
        radius = float(self.rng.uniform(0.55, 1.15))
        return (at[0] + radius * math.cos(angle), at[1] + radius * math.sin(angle))

    def add_park(self, township: int) -> None:
        # All parks' numbers are equally long, so that area 1 of park 1 is not called what park 11 is called.
        park = f"P{township + 1:0{len(str(self.townships))}d}"
        name = f"{self.park_names[township]}工业园区"
        middle = (self.middles[township][0] + 1.3, self.middles[township][1] - 1.3)
        self._add(park, name, "park", None, middle, None)
        for number, (side, east, north) in enumerate(PARK_AREAS, start=1):
            at = (middle[0] + east, middle[1] + north)
            self._add(f"{park}{number}", f"{name}{side}", "park_area", park, at, box(at, _PARK_AREA_HALF_KM))
            self.park_ids.append(f"{park}{number}")
            self.park_at.append(at)
            self.park_village.append(self._nearest_village(at, township))

    def add_venues(self, township: int) -> None:
        middle = self.middles[township]
        for number, (kind, name, flavour) in enumerate(_VENUES, start=1):
            at = (middle[0] + float(self.rng.normal(0, 0.7)), middle[1] + float(self.rng.normal(0, 0.7)))
            village = self._nearest_village(at, township)
            id_ = f"{_VENUE_LETTERS[kind]}{township + 1}{number}"
            full_name = f"{self.prefixes[township]}{name}"
            self._add(id_, full_name, kind, self.village_area[village], at, box(at, _VENUE_HALF_KM))
            self.venue_ids.append(id_)
            self.venue_flavours.append(flavour)
            self.venue_at.append(at)
            self.venue_village.append(village)

    def finished(self) -> Geography:
        return Geography(
            tuple(self.areas),
            self.townships,
            self.village_ids,
            self.village_area,
            np.array(self.village_at),
            self.prefixes,
            self.park_ids,
            np.array(self.park_at),
            np.array(self.park_village),
            self.venue_ids,
            self.venue_flavours,
            np.array(self.venue_at),
            np.array(self.venue_village),
        )

    def _nearest_village(self, at: Point, township: int) -> int:
        first = township * WORK_AREAS * VILLAGES
        rows = range(first, first + WORK_AREAS * VILLAGES)
        return min(rows, key=lambda row: math.dist(at, self.village_at[row]))

    def _add(
        self, id_: str, name: str, kind: AreaKind, parent: str | None, at: Point, land: list[Point] | None
    ) -> None:
        boundary = None if land is None else polygon(degrees(corner) for corner in land)
        self.areas.append(Area(id_, name, kind, parent, degrees(at), boundary))
