"""The land of a made-up town: work areas, villages, one industrial park of four areas, markets, buildings, streets.

A town above 3,000 units is laid out as several townships side by side, each with all of these.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from liangxin.registry.town import AreaKind
from liangxin.sample.boundaries import (
    WORK_AREA_REACH_KM,
    Point,
    box,
    disc,
    nearest_part,
)
from liangxin.sample.layout import Geography, Layout
from liangxin.sample.names import township_names, village_names

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


def township_count(units: int) -> int:
    return 1 if units <= SINGLE_TOWN_UNITS else math.ceil(units / TOWNSHIP_UNITS)


def lay_out(units: int, town_name: str, rng: np.random.Generator) -> Geography:
    """Places for a town of this size."""
    plan = _Plan(township_count(units), town_name, rng)
    for township in range(plan.townships):
        plan.add_work_areas(township)
        plan.add_park(township)
        plan.add_venues(township)
    return plan.layout.finished(plan.prefixes)


class _Plan:
    """The drawing board: places are added township by township."""

    def __init__(self, townships: int, town_name: str, rng: np.random.Generator) -> None:
        self.townships = townships
        self.rng = rng
        self.prefixes = [""] if townships == 1 else township_names(townships)
        self.park_names = [town_name] if townships == 1 else self.prefixes
        self.village_names = village_names(townships * WORK_AREAS * VILLAGES, rng)
        self.layout = Layout()
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
            self.layout.add_work_area(id_, name, at, land)
            places = [self._village_at(at, turn) for turn in range(VILLAGES)]
            for turn, place in enumerate(places):
                village = nearest_part(land, place, places[:turn] + places[turn + 1 :])
                full_name = self.village_names[len(self.layout.village_ids)]
                community = number == 0 and turn < 2
                self.layout.add_village(
                    f"V{row + 1}{turn + 1}",
                    full_name[:-1] + "社区" if community else full_name,
                    id_,
                    place,
                    land=village,
                    community=community,
                    township=township,
                )

    def _village_at(self, at: Point, turn: int) -> Point:
        angle = (turn + float(self.rng.uniform(-0.25, 0.25))) * math.tau / VILLAGES
        radius = float(self.rng.uniform(0.55, 1.15))
        return (at[0] + radius * math.cos(angle), at[1] + radius * math.sin(angle))

    def add_park(self, township: int) -> None:
        # All parks' numbers are equally long, so that area 1 of park 1 is not called what park 11 is called.
        park = f"P{township + 1:0{len(str(self.townships))}d}"
        name = f"{self.park_names[township]}工业园区"
        middle = (self.middles[township][0] + 1.3, self.middles[township][1] - 1.3)
        self.layout.add_park(park, name, middle)
        for number, (side, east, north) in enumerate(PARK_AREAS, start=1):
            at = (middle[0] + east, middle[1] + north)
            self.layout.add_park_area(
                f"{park}{number}",
                f"{name}{side}",
                park,
                at,
                self._nearest_village(at, township),
                box(at, _PARK_AREA_HALF_KM),
            )

    def add_venues(self, township: int) -> None:
        middle = self.middles[township]
        for number, (kind, name, flavour) in enumerate(_VENUES, start=1):
            at = (middle[0] + float(self.rng.normal(0, 0.7)), middle[1] + float(self.rng.normal(0, 0.7)))
            village = self._nearest_village(at, township)
            id_ = f"{_VENUE_LETTERS[kind]}{township + 1}{number}"
            full_name = f"{self.prefixes[township]}{name}"
            self.layout.add_venue(id_, full_name, kind, flavour, at, village, box(at, _VENUE_HALF_KM))

    def _nearest_village(self, at: Point, township: int) -> int:
        first = township * WORK_AREAS * VILLAGES
        rows = range(first, first + WORK_AREAS * VILLAGES)
        return min(rows, key=lambda row: math.dist(at, self.layout.village_at[row]))
