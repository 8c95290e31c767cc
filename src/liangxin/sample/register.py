"""A county's town with the shape of a real business register: its trades, places and sizes, with made-up names and facts.

What is hard about it for a planner: no coordinates at all (a register has addresses), most firms at the position of
their village or of the seat, trades known to two, three or four digits, a few places that hold most of the firms, many
villages with one or two, and sizes with a long tail.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from liangxin.sample.assembly import Draft, SampleTown, assemble, streams
from liangxin.sample.layout import Geography, Layout
from liangxin.sample.links import Links
from liangxin.sample.members import draw_members
from liangxin.sample.names import village_names
from liangxin.sample.register_shape import register_shape
from liangxin.sample.trades import SELF_EMPLOYED
from liangxin.sample.units import (
    IN_PARK,
    IN_VENUE,
    IN_VILLAGE,
    Units,
    draw_shares,
    finish_units,
    plant_every_size,
)

_ASSOCIATIONS: Final = (
    ("S1", "纺织服装行业协会"),
    ("S2", "机电行业协会"),
    ("S3", "商贸流通协会"),
    (SELF_EMPLOYED, "个体私营企业协会"),
)
_ASSOCIATION_OF_DIVISION: Final = {
    "17": "S1",
    "18": "S1",
    "28": "S1",
    "34": "S2",
    "38": "S2",
    "36": "S2",
    "51": "S3",
    "52": "S3",
}
_PLACE_NAMES: Final = (
    "暄阳", "澹湖", "钟浦", "甘棠", "筠口", "陶墅", "麓山", "榆溪", "崇安", "枫渡",
    "黄坪", "汛桥", "棠口", "三汀", "鞍屿", "浣头", "舍浦", "福岭", "柯坞", "璜溪",
)  # fmt: skip
_UNITS_PER_VILLAGE: Final = 5
_MOST_VILLAGES: Final = 1_500
_STEP_KM: Final = 5.0
_SHARE_WITH_MEMBERS: Final = 0.15


def make_register_town(units: int, seed: int) -> SampleTown:
    """A made-up place shaped as a real register: twenty places by rank, a village for every five firms that name one.

    Raises:
        ValueError: ``units`` outside 1 to 1,000,000, or a negative ``seed``.

    >>> make_register_town(60, seed=7).ledger["lon"].drop_nulls().len()
    0
    """
    rng = streams(units, seed)
    land = _lay_out(units, rng("land"))
    made = _draw_units(units, land, rng("units"))
    draft = Draft(
        "暄州",
        "暄州新区",
        "330683994",
        "RG",
        land,
        made,
        draw_members(made, rng("members"), share=_SHARE_WITH_MEMBERS),
        _links(made, rng("links")),
        associations=_ASSOCIATIONS,
        located=np.zeros(units, dtype=np.bool_),
        gaps=1.5,
        part_time_capacity=12,
    )
    return assemble(draft, rng)


def _lay_out(units: int, rng: np.random.Generator) -> Geography:
    """Each place is a work area with its seat (a community), villages, a park area, and in the first ones a market and a building."""
    shape, layout = register_shape(), Layout()
    shares = np.array(shape.places) / sum(shape.places)
    in_villages = dict(shape.settings)["village"] / sum(share for _, share in shape.settings)
    wanted = min(units * in_villages / _UNITS_PER_VILLAGE, _MOST_VILLAGES)
    each = [max(1, math.ceil(wanted * float(share))) for share in shares]
    names = iter(village_names(sum(each), rng))
    side = math.ceil(math.sqrt(len(shares)))
    for row, count in enumerate(each):
        place = _PLACE_NAMES[row]
        at = (
            (row % side - side / 2) * _STEP_KM + float(rng.normal(0, 0.8)),
            (row // side - side / 2) * _STEP_KM + float(rng.normal(0, 0.8)),
        )
        area = f"A{row + 1}"
        layout.add_work_area(area, f"{place}片", at)
        seat = len(layout.village_ids)
        layout.add_village(f"V{row + 1:02d}000", f"{place}社区", area, at, community=True)
        for number in range(count):
            village = (at[0] + float(rng.normal(0, 1.3)), at[1] + float(rng.normal(0, 1.3)))
            layout.add_village(f"V{row + 1:02d}{number + 1:03d}", next(names), area, village)
        layout.add_park(f"P{row + 1:02d}", f"{place}工业园区", at)
        park_at = (at[0] + 0.9, at[1] - 0.9)
        layout.add_park_area(f"P{row + 1:02d}1", f"{place}工业园区一期", f"P{row + 1:02d}", park_at, seat)
        layout.add_venue(f"B{row + 1}", f"{place}大厦", "building", "building", at, seat)
        layout.add_venue(f"M{row + 1}", f"{place}市场", "market", "market", (at[0] + 0.3, at[1]), seat)
    return layout.finished()


def _draw_units(count: int, land: Geography, rng: np.random.Generator) -> Units:
    shape = register_shape()
    kinds = [shape.kinds[n][0] for n in draw_shares(tuple(share for _, share in shape.kinds), count, rng)]
    trades = [shape.trades[n][0] for n in draw_shares(tuple(share for _, share in shape.trades), count, rng)]
    area = np.array(draw_shares(shape.places, count, rng))
    settings = [
        shape.settings[n][0] for n in draw_shares(tuple(share for _, share in shape.settings), count, rng)
    ]
    numbers = rng.integers(0, 2**31, count).tolist()
    villages: dict[str, list[int]] = {}
    for row, home in enumerate(land.village_area):
        villages.setdefault(home, []).append(row)
    village, park, venue = [], [], []
    for where, setting, number in zip(area.tolist(), settings, numbers, strict=True):
        rows = villages[f"A{where + 1}"]  # the seat comes first
        village.append(rows[1 + number % (len(rows) - 1)] if setting == "village" else rows[0])
        park.append(where if setting == "park" else -1)
        venue.append({"building": 2 * where, "market": 2 * where + 1}.get(setting, -1))
    capital = np.interp(
        rng.random(count),
        [quantile for quantile, _ in shape.capital],
        [math.log(amount) for _, amount in shape.capital],
    )
    size = np.where(np.array(kinds) == "household", 2.5, 0.9 * np.exp(0.42 * capital))
    staff = np.clip(np.round(size * np.exp(rng.normal(0, 0.75, count))), 1, 2600).astype(np.int64)
    inside = np.where(np.array(park) >= 0, IN_PARK, np.where(np.array(venue) >= 0, IN_VENUE, IN_VILLAGE))
    made = finish_units(
        kinds,
        trades,
        inside,
        np.array(village),
        np.array(park),
        np.array(venue),
        land.village_at[village],
        staff,
        rng,
    )
    plant_every_size(made)
    return made


def _links(made: Units, rng: np.random.Generator) -> Links:
    """A third are in the association of their division; a register names no leading enterprise and no chain."""
    count = len(made.kinds)
    joins = (rng.random(count) < 0.33).tolist()
    associations: list[list[str] | None] = []
    for kind, trade, join in zip(made.kinds, made.trades, joins, strict=True):
        own = SELF_EMPLOYED if kind == "household" else _ASSOCIATION_OF_DIVISION.get(trade.code[:2])
        associations.append([own] if join and own else None)
    return Links(associations, [None] * count, [None] * count)
