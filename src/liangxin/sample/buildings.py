"""A district of office buildings: many small firms of services behind one door, members and graduates among their staff.

What is hard about it for a planner: every firm of a building stands at one position, a building is a territory of its
own, intermediaries and civil units have members but count in no rate, and instructors differ in how many they can take.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from liangxin.sample.assembly import Draft, SampleTown, assemble, streams
from liangxin.sample.layout import Geography, Layout
from liangxin.sample.links import Links
from liangxin.sample.members import draw_members
from liangxin.sample.trades import Trade
from liangxin.sample.units import IN_VENUE, IN_VILLAGE, Units, draw_shares, finish_units, plant_every_size

_ASSOCIATIONS: Final = (
    ("S1", "软件和信息服务业协会"),
    ("S2", "广告行业协会"),
    ("S3", "中介服务行业协会"),
    ("S4", "电子商务协会"),
    ("S5", "楼宇商会"),
    ("S6", "物业管理协会"),
    ("S7", "个体私营企业协会"),
)
_CHAMBER: Final = "S5"
_FIRMS: Final = (
    Trade("6513", "软件", "S1", 1.2),
    Trade("6450", "数据", "S1", 1.1),
    Trade("7251", "广告", "S2", 0.7),
    Trade("9051", "文化传播", "S2", 0.6),
    Trade("5292", "电子商务", "S4", 0.9),
    Trade("5132", "服饰贸易", None, 0.8),
    Trade("5165", "建材贸易", None, 0.7),
    Trade("7212", "投资管理", None, 0.5),
    Trade("7243", "商务咨询", "S3", 0.5),
    Trade("7484", "建筑设计", None, 1.6),
    Trade("7020", "物业服务", "S6", 3.0),
    Trade("7291", "旅行社", None, 0.9),
    Trade("5821", "货运代理", None, 1.0),
    Trade("7264", "创业服务", "S3", 0.5),
)
_INTERMEDIARIES: Final = (
    Trade("7231", "律师事务所", "S3"),
    Trade("7241", "会计师事务所", "S3"),
    Trade("7030", "房产中介所", "S3"),
    Trade("7520", "专利代理事务所", "S3"),
)
_CIVIL: Final = (Trade("8391", "职业培训学校"), Trade("8810", "艺术团"))
_SOCIAL: Final = (Trade("9522", "行业促进会"),)
_KINDS: Final = ("enterprise", "intermediary", "civil_non_enterprise", "social_group", "household")
_KIND_SHARES: Final = (0.80, 0.10, 0.03, 0.02, 0.05)
_BLOCKS: Final = ("东", "南", "西", "北")
_COMMUNITIES: Final = (
    "桂坊",
    "钟楼",
    "书院",
    "荷塘",
    "文澜",
    "清晏",
    "长庆",
    "广济",
    "永福",
    "惠风",
    "同春",
    "望湖",
)
_FIRST: Final = "澜霁筠漪榛瑭珩昶煦"
_LAST: Final = ("国际大厦", "商务中心", "大厦", "广场", "创业楼", "金融楼")
_UNITS_PER_BUILDING: Final = 75
_SHARE_WITH_MEMBERS: Final = 0.30


def make_building_town(units: int, seed: int) -> SampleTown:
    """A made-up district of four blocks, twelve communities and office buildings of about 75 firms each.

    Raises:
        ValueError: ``units`` outside 1 to 1,000,000, or a negative ``seed``.

    >>> make_building_town(60, seed=7).town.name
    '澜湖街道'
    """
    rng = streams(units, seed)
    land = _lay_out(units, rng("land"))
    made = _draw_units(units, land, rng("units"))
    draft = Draft(
        "澜湖",
        "澜湖街道",
        "330683992",
        "BD",
        land,
        made,
        draw_members(made, rng("members"), share=_SHARE_WITH_MEMBERS),
        _links(made, rng("links")),
        associations=_ASSOCIATIONS,
        located=rng("located").random(units) < 0.8,
        full_time_capacity=30,
        part_time_capacity=8,
    )
    return assemble(draft, rng)


def _lay_out(units: int, rng: np.random.Generator) -> Geography:
    layout = Layout()
    for number, side in enumerate(_BLOCKS, start=1):
        turn = (2 - number) * math.tau / 4
        middle = (1.2 * math.cos(turn), 1.2 * math.sin(turn))
        layout.add_work_area(f"A{number}", f"{side}片街区", middle)
        for place in range(3):
            name = _COMMUNITIES[(number - 1) * 3 + place]
            at = (middle[0] + float(rng.normal(0, 0.4)), middle[1] + float(rng.normal(0, 0.4)))
            layout.add_village(f"V{number}{place + 1}", f"{name}社区", f"A{number}", at, community=True)
    wanted = max(2, math.ceil(units / _UNITS_PER_BUILDING))
    for number in range(wanted):
        village = number % len(layout.village_ids)
        home = layout.village_at[village]
        at = (home[0] + float(rng.normal(0, 0.25)), home[1] + float(rng.normal(0, 0.25)))
        lap, rest = divmod(number, len(_FIRST) * len(_LAST))
        name = f"{_FIRST[rest % len(_FIRST)]}湖{_LAST[rest // len(_FIRST)]}"
        if lap:
            name += f"{lap + 1}号楼"
        flavour = str(int(rng.integers(0, len(_FIRMS))))
        layout.add_venue(f"B{number + 1}", name, "building", flavour, at, village)
    return layout.finished()


def _draw_units(count: int, land: Geography, rng: np.random.Generator) -> Units:
    kinds = [_KINDS[n] for n in draw_shares(_KIND_SHARES, count, rng)]
    inside = rng.random(count) < 0.85
    pull = np.exp(rng.normal(0, 0.6, len(land.venue_ids)))
    venue = np.where(inside, rng.choice(len(land.venue_ids), size=count, p=pull / pull.sum()), -1)
    village = np.where(inside, land.venue_village[venue], rng.integers(0, len(land.village_ids), count))
    at = np.where(inside[:, None], land.venue_at[venue], land.village_at[village])
    at = at + np.where(inside[:, None], 0.0, rng.normal(0, 0.2, (count, 2)))
    numbers = rng.integers(0, 2**31, count).tolist()
    follows = (rng.random(count) < 0.5).tolist()
    trades: list[Trade] = []
    for kind, place, number, follow in zip(kinds, venue.tolist(), numbers, follows, strict=True):
        if kind == "intermediary":
            trades.append(_INTERMEDIARIES[number % len(_INTERMEDIARIES)])
        elif kind == "civil_non_enterprise":
            trades.append(_CIVIL[number % len(_CIVIL)])
        elif kind == "social_group":
            trades.append(_SOCIAL[0])
        elif place >= 0 and follow:
            trades.append(_FIRMS[int(land.venue_flavours[place])])
        else:
            trades.append(_FIRMS[number % len(_FIRMS)])
    size = np.array([trade.size for trade in trades]) * np.where(np.array(kinds) == "household", 0.3, 1.0)
    staff = np.clip(np.round(9.0 * size * np.exp(rng.normal(0, 0.95, count))), 1, 1500).astype(np.int64)
    made = finish_units(
        kinds,
        trades,
        np.where(inside, IN_VENUE, IN_VILLAGE),
        village,
        np.full(count, -1),
        venue,
        at,
        staff,
        rng,
    )
    plant_every_size(made)
    return made


def _links(made: Units, rng: np.random.Generator) -> Links:
    """Trade associations, and a chamber of the buildings across all trades; no leading enterprise, no chain."""
    count = len(made.kinds)
    joins = (rng.random(count) < 0.35).tolist()
    chamber = (rng.random(count) < 0.2).tolist()
    associations: list[list[str] | None] = []
    for trade, join, also, place in zip(made.trades, joins, chamber, made.venue.tolist(), strict=True):
        found = [trade.association] if join and trade.association else []
        if also and place >= 0:
            found.append(_CHAMBER)
        associations.append(found or None)
    return Links(associations, [None] * count, [None] * count)
