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
from liangxin.sample.names import township_names, village_names

CENTRE: Final = (120.62, 29.47)
KM_PER_DEGREE: Final = (111.32 * math.cos(math.radians(CENTRE[1])), 110.86)
WORK_AREAS: Final = 7
VILLAGES: Final = 6
PARK_AREAS: Final = ("东片", "西片", "南片", "北片")
TOWNSHIP_UNITS: Final = 2_500
SINGLE_TOWN_UNITS: Final = 3_000
_NUMERALS: Final = "一二三四五六七"
_TOWNSHIP_STEP_KM: Final = 9.0
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
    park_ids: list[str]
    park_at: NDArray[np.float64]
    park_village: NDArray[np.int64]
    venue_ids: list[str]
    venue_flavours: list[str]
    venue_at: NDArray[np.float64]
    venue_village: NDArray[np.int64]


def township_count(units: int) -> int:
    return 1 if units <= SINGLE_TOWN_UNITS else math.ceil(units / TOWNSHIP_UNITS)


def lay_out(units: int, rng: np.random.Generator) -> Geography:
    """Places for a town of this size."""
    townships = township_count(units)
    prefixes = [""] if townships == 1 else township_names(townships)
    villages_all = village_names(townships * WORK_AREAS * VILLAGES, rng)
    side = math.ceil(math.sqrt(townships))
    areas: list[Area] = []
    village_ids: list[str] = []
    village_area: list[str] = []
    village_at: list[tuple[float, float]] = []
    park_ids: list[str] = []
    park_at: list[tuple[float, float]] = []
    park_village: list[int] = []
    venue_ids: list[str] = []
    venue_flavours: list[str] = []
    venue_at: list[tuple[float, float]] = []
    venue_village: list[int] = []
    for township, prefix in enumerate(prefixes):
        east = (township % side - (side - 1) / 2) * _TOWNSHIP_STEP_KM
        north = (township // side - (side - 1) / 2) * _TOWNSHIP_STEP_KM
        first_village = len(village_ids)
        for number in range(WORK_AREAS):
            index = township * WORK_AREAS + number + 1
            turn = number * math.tau / 6 + 0.3
            reach = 0.0 if number == 0 else 2.6
            at = (east + reach * math.cos(turn), north + reach * math.sin(turn))
            name = f"{prefix}第{_NUMERALS[number]}工作片"
            areas.append(Area(f"A{index}", name, "work_area", None, degrees(*at)))
            for k in range(VILLAGES):
                angle = (k + float(rng.uniform(-0.25, 0.25))) * math.tau / VILLAGES
                radius = float(rng.uniform(0.55, 1.15))
                place = (at[0] + radius * math.cos(angle), at[1] + radius * math.sin(angle))
                community = number == 0 and k < 2
                full_name = villages_all[len(village_ids)]
                areas.append(
                    Area(
                        f"V{index}{k + 1}",
                        full_name[:-1] + "社区" if community else full_name,
                        "community" if community else "village",
                        f"A{index}",
                        degrees(*place),
                    )
                )
                village_ids.append(f"V{index}{k + 1}")
                village_area.append(f"A{index}")
                village_at.append(place)
        park = f"P{township + 1}"
        corner = (east + 1.3, north - 1.3)
        areas.append(Area(park, f"{prefix or '长乐'}工业园区", "park", None, degrees(*corner)))
        for k, side_name in enumerate(PARK_AREAS):
            at = (corner[0] + (0.75, -0.75, 0.0, 0.0)[k], corner[1] + (0.0, 0.0, -0.75, 0.75)[k])
            areas.append(
                Area(f"{park}{k + 1}", f"{prefix}工业园区{side_name}", "park_area", park, degrees(*at))
            )
            park_ids.append(f"{park}{k + 1}")
            park_at.append(at)
            park_village.append(_nearest(at, village_at, first_village))
        for k, (kind, venue_name, flavour) in enumerate(_VENUES):
            at = (east + float(rng.normal(0, 0.7)), north + float(rng.normal(0, 0.7)))
            village = _nearest(at, village_at, first_village)
            letter = {"market": "M", "building": "B", "street": "R"}[kind]
            id_ = f"{letter}{township + 1}{k + 1}"
            areas.append(Area(id_, f"{prefix}{venue_name}", kind, village_area[village], degrees(*at)))
            venue_ids.append(id_)
            venue_flavours.append(flavour)
            venue_at.append(at)
            venue_village.append(village)
    return Geography(
        tuple(areas),
        townships,
        village_ids,
        village_area,
        np.array(village_at),
        park_ids,
        np.array(park_at),
        np.array(park_village),
        venue_ids,
        venue_flavours,
        np.array(venue_at),
        np.array(venue_village),
    )


def degrees(east: float, north: float) -> tuple[float, float]:
    """Longitude and latitude (WGS 84) of a place given in km from the town's centre."""
    return round(CENTRE[0] + east / KM_PER_DEGREE[0], 6), round(CENTRE[1] + north / KM_PER_DEGREE[1], 6)


def _nearest(at: tuple[float, float], villages: list[tuple[float, float]], first: int) -> int:
    return min(range(first, len(villages)), key=lambda row: math.dist(at, villages[row]))
