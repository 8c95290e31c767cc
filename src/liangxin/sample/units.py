"""The units themselves: where they stand, what they make, how big they are, in what state the survey found them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from liangxin.sample.layout import Geography
from liangxin.sample.trades import CIVIL, COOPERATIVES, FACTORIES, INTERMEDIARIES, SHOPS, SOCIAL, Trade

IN_VILLAGE, IN_PARK, IN_VENUE = 0, 1, 2
_KINDS: Final = (
    "enterprise",
    "household",
    "civil_non_enterprise",
    "intermediary",
    "social_group",
    "cooperative",
)
_KIND_SHARES: Final = (0.835, 0.095, 0.020, 0.013, 0.012, 0.025)
_STATES: Final = ("operating", "suspended", "shell", "not_found", "deregistered", "moved_out")
_STATE_SHARES: Final = (0.957, 0.012, 0.008, 0.010, 0.008, 0.005)
_OWNERSHIPS: Final = ("private", "foreign", "hmt", "collective", "state", "mixed")
_OWNERSHIP_SHARES: Final = (0.928, 0.020, 0.018, 0.016, 0.008, 0.010)
_PARK_TRADES: Final = (
    ("3812", "3813", "3831", "3462"),
    ("3854", "3853", "3381", "3857"),
    ("1830", "1819", "1742", "1751"),
    ("3484", "3525", "3453", "3351"),
)
_VENUE_TRADES: Final = {
    "hardware": ("5174", "5281", "5175"),
    "neckties": ("5132", "5232"),
    "tea": ("5127", "5226"),
    "food": ("5223", "6210", "5212"),
    "offices": ("6513", "5012", "5132", "6121"),
    "online": ("5292", "6513"),
    "cars": ("8111", "5431", "5281"),
}


@dataclass(frozen=True, slots=True)
class Units:
    """Facts as they are, before the survey misses any. One entry a unit; ``at`` is (n, 2) km from the town's centre."""

    kinds: list[str]
    trades: list[Trade]
    ownerships: list[str]
    states: list[str]
    setting: NDArray[np.int64]  # IN_VILLAGE, IN_PARK, IN_VENUE
    village: NDArray[np.int64]  # row of the geography's villages, for every unit
    park: NDArray[np.int64]  # row of the park areas, -1 elsewhere
    venue: NDArray[np.int64]  # row of the venues, -1 elsewhere
    at: NDArray[np.float64]
    staff: NDArray[np.int64]
    revenue: NDArray[np.float64]  # 万元


def draw_units(count: int, land: Geography, rng: np.random.Generator) -> Units:
    kinds = _kinds(count, rng)
    setting, village, park, venue, at = _places(kinds, land, rng)
    trades = _trades(kinds, setting, village, park, venue, land, rng)
    staff = _staff(kinds, trades, setting, rng)
    made = finish_units(kinds, trades, setting, village, park, venue, at, staff, rng)
    plant_every_size(made)
    return made


def finish_units(
    kinds: list[str],
    trades: list[Trade],
    setting: NDArray[np.int64],
    village: NDArray[np.int64],
    park: NDArray[np.int64],
    venue: NDArray[np.int64],
    at: NDArray[np.float64],
    staff: NDArray[np.int64],
    rng: np.random.Generator,
) -> Units:
    """Revenue by staff, ownership and business state for units whose places, trades and staff are drawn."""
    count = len(kinds)
    revenue: NDArray[np.float64] = np.round(staff * np.exp(rng.normal(2.55, 0.75, count)), 1)
    kind = np.array(kinds)
    revenue = np.where(kind == "household", np.round(revenue * 0.5, 1), revenue)
    revenue = np.where(
        np.isin(kind, ("social_group", "civil_non_enterprise")), np.round(revenue * 0.25, 1), revenue
    )
    states = [_STATES[n] for n in draw_shares(_STATE_SHARES, count, rng)]
    ownerships = [
        "individual" if kind == "household" else _OWNERSHIPS[n]
        for kind, n in zip(kinds, draw_shares(_OWNERSHIP_SHARES, count, rng), strict=True)
    ]
    return Units(kinds, trades, ownerships, states, setting, village, park, venue, at, staff, revenue)


def draw_shares(shares: tuple[float, ...], count: int, rng: np.random.Generator) -> list[int]:
    """``count`` numbers 0, 1, ..., each drawn with its share of ``shares``."""
    edges = np.cumsum(shares) / sum(shares)
    drawn: list[int] = np.minimum(
        np.searchsorted(edges, rng.random(count), side="right"), len(shares) - 1
    ).tolist()
    return drawn


def _kinds(count: int, rng: np.random.Generator) -> list[str]:
    kinds = [_KINDS[n] for n in draw_shares(_KIND_SHARES, count, rng)]
    if count >= 20:  # the lists of 4.1 are never empty
        for place, kind in enumerate(_KINDS[1:], start=5):
            kinds[place] = kind
    return kinds


def _places(
    kinds: list[str], land: Geography, rng: np.random.Generator
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    count = len(kinds)
    kind = np.array(kinds)
    chance = rng.random(count)
    park_share = np.where(kind == "enterprise", 0.38, 0.0)
    venue_share = np.where(kind == "enterprise", 0.20, np.where(kind == "household", 0.55, 0.15))
    setting = np.where(
        chance < park_share, IN_PARK, np.where(chance < park_share + venue_share, IN_VENUE, IN_VILLAGE)
    )
    # Villages differ in how many units they have: a few hold most.
    pull = np.exp(rng.normal(0, 0.7, len(land.village_ids)))
    village = rng.choice(len(land.village_ids), size=count, p=pull / pull.sum())
    park = np.where(setting == IN_PARK, rng.integers(0, len(land.park_ids), count), -1)
    venue = np.where(setting == IN_VENUE, rng.integers(0, len(land.venue_ids), count), -1)
    village = np.where(setting == IN_PARK, land.park_village[park], village)
    village = np.where(setting == IN_VENUE, land.venue_village[venue], village)
    centre = land.village_at[village]
    centre = np.where((setting == IN_PARK)[:, None], land.park_at[park], centre)
    centre = np.where((setting == IN_VENUE)[:, None], land.venue_at[venue], centre)
    spread = np.array([0.30, 0.26, 0.07])[setting]
    return setting, village, park, venue, centre + rng.normal(0, 1, (count, 2)) * spread[:, None]


def _trades(
    kinds: list[str],
    setting: NDArray[np.int64],
    village: NDArray[np.int64],
    park: NDArray[np.int64],
    venue: NDArray[np.int64],
    land: Geography,
    rng: np.random.Generator,
) -> list[Trade]:
    factories = {trade.code: trade for trade in FACTORIES}
    shops = {trade.code: trade for trade in SHOPS}
    speciality = rng.integers(0, len(FACTORIES), len(land.village_ids)).tolist()
    numbers = rng.integers(0, 2**31, len(kinds)).tolist()
    follows = (rng.random(len(kinds)) < 0.75).tolist()
    trades: list[Trade] = []
    rows = zip(
        kinds,
        setting.tolist(),
        village.tolist(),
        park.tolist(),
        venue.tolist(),
        numbers,
        follows,
        strict=True,
    )
    for kind, where, home, in_park, in_venue, number, follow in rows:
        if kind == "intermediary":
            pool: tuple[Trade, ...] = INTERMEDIARIES
        elif kind == "civil_non_enterprise":
            pool = CIVIL
        elif kind == "social_group":
            pool = SOCIAL
        elif kind == "cooperative":
            pool = COOPERATIVES
        elif where == IN_PARK:
            pool = tuple(factories[code] for code in _PARK_TRADES[in_park % 4]) if follow else FACTORIES
        elif where == IN_VENUE:
            codes = _VENUE_TRADES[land.venue_flavours[in_venue]]
            pool = tuple(shops[code] for code in codes) if follow else SHOPS
        elif kind == "household":
            pool = SHOPS
        elif follow:
            first = speciality[home]
            pool = (FACTORIES[first], FACTORIES[first], FACTORIES[(first + 1) % len(FACTORIES)])
        else:
            pool = FACTORIES + SHOPS
        trades.append(pool[number % len(pool)])
    return trades


def _staff(
    kinds: list[str], trades: list[Trade], setting: NDArray[np.int64], rng: np.random.Generator
) -> NDArray[np.int64]:
    kind = np.array(kinds)
    middle = np.array([11.0, 17.0, 8.0])[setting] * np.array([trade.size for trade in trades])
    middle = np.where(kind == "household", 2.5, middle)
    middle = np.where(kind == "social_group", 3.0, middle)
    middle = np.where(np.isin(kind, ("civil_non_enterprise", "intermediary")), 16.0, middle)
    width = np.where(kind == "enterprise", 1.05, 0.75)
    return np.clip(np.round(middle * np.exp(rng.normal(0, 1, len(kinds)) * width)), 1, 2600).astype(np.int64)


def plant_every_size(made: Units) -> None:
    """Make sure that a small town, too, has enterprises of every size list of 4.1; changes ``made`` in place."""
    kinds = made.kinds
    if len(kinds) < 20:
        return
    sizes = ((12, 150.0), (38, 420.0), (60, 430.0), (60, 900.0), (120, 4200.0))
    free = (row for row in range(10, len(kinds)) if kinds[row] == "enterprise")
    for row, (people, money) in zip(free, sizes, strict=False):
        made.staff[row], made.revenue[row], made.states[row] = people, money, "operating"
