"""Villages with one large leader: scattered small firms, a fifth of them suppliers of one factory, few members.

What is hard about it for a planner: distances of many kilometres, almost no territory with three members, one village
that holds a quarter of all units (beyond what its branch should carry), and hundreds of suppliers who may all join one
leader of whom only a few can.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from liangxin.sample.assembly import Draft, SampleTown, assemble, streams
from liangxin.sample.layout import Geography, Layout
from liangxin.sample.links import Links
from liangxin.sample.members import Members, draw_members
from liangxin.sample.names import village_names
from liangxin.sample.trades import (
    BAMBOO,
    CIVIL,
    COOPERATIVES,
    FACTORIES,
    MACHINERY,
    SELF_EMPLOYED,
    SHOPS,
    TEA,
    Trade,
)
from liangxin.sample.units import IN_VILLAGE, Units, draw_shares, finish_units, plant_every_size

_ASSOCIATIONS: Final = (
    (TEA, "茶叶产业协会"),
    (BAMBOO, "竹制品行业协会"),
    (MACHINERY, "机械行业协会"),
    (SELF_EMPLOYED, "个体私营企业协会"),
)
_WORK_AREAS: Final = (
    ("A1", "下乡工作片", (-4.5, 0.5)),
    ("A2", "中乡工作片", (0.0, 0.0)),
    ("A3", "上乡工作片", (5.0, 1.5)),
)
_UNITS_PER_VILLAGE: Final = 40
_MOST_VILLAGES: Final = 240
_LARGE_VILLAGE_SHARE: Final = 0.25
_SUPPLIER_SHARE: Final = 0.20
_CHAIN_NAMED: Final = 40
_KINDS: Final = ("enterprise", "household", "cooperative", "civil_non_enterprise")
_KIND_SHARES: Final = (0.70, 0.17, 0.11, 0.02)
_LEADER_TRADE: Final = Trade("3812", "电机", None)
_SUPPLIER_TRADES: Final = ("3484", "3525", "3351", "3482", "3831", "2926")
_SHARE_WITH_MEMBERS: Final = 0.09


def make_village_town(units: int, seed: int) -> SampleTown:
    """A made-up countryside of three work areas; its first unit is the leader, of 1,800 staff, with a branch of its own.

    Raises:
        ValueError: ``units`` outside 1 to 1,000,000, or a negative ``seed``.

    >>> make_village_town(60, seed=7).ledger["staff"].max()
    1800
    """
    rng = streams(units, seed)
    land = _lay_out(units, rng("land"))
    made = _draw_units(units, land, rng("units"))
    members = draw_members(made, rng("members"), share=_SHARE_WITH_MEMBERS)
    _make_leader(made, members)
    draft = Draft(
        "芷岭",
        "芷岭乡",
        "330683993",
        "VL",
        land,
        made,
        members,
        _links(made, rng("links")),
        associations=_ASSOCIATIONS,
        located=rng("located").random(units) < 0.6,
        gaps=1.5,
        full_time_capacity=20,
        part_time_capacity=6,
    )
    return assemble(draft, rng)


def _lay_out(units: int, rng: np.random.Generator) -> Geography:
    layout = Layout()
    each = max(2, math.ceil(min(_MOST_VILLAGES, units / _UNITS_PER_VILLAGE) / len(_WORK_AREAS)))
    names = village_names(each * len(_WORK_AREAS), rng)
    for id_, name, at in _WORK_AREAS:
        layout.add_work_area(id_, name, at)
        for number in range(each):
            place = (at[0] + float(rng.uniform(-2.3, 2.3)), at[1] + float(rng.uniform(-3.5, 3.5)))
            layout.add_village(f"V{id_[1:]}{number + 1:03d}", names[len(layout.village_ids)], id_, place)
    return layout.finished()


def _draw_units(count: int, land: Geography, rng: np.random.Generator) -> Units:
    kinds = [_KINDS[n] for n in draw_shares(_KIND_SHARES, count, rng)]
    kinds[0] = "enterprise"
    large = len(land.village_ids) // len(_WORK_AREAS)  # the first village of the middle work area
    village = np.where(
        rng.random(count) < _LARGE_VILLAGE_SHARE, large, rng.integers(0, len(land.village_ids), count)
    )
    village[0] = large
    at = land.village_at[village] + rng.normal(0, 0.45, (count, 2))
    numbers = rng.integers(0, 2**31, count).tolist()
    trades: list[Trade] = []
    for kind, number in zip(kinds, numbers, strict=True):
        if kind == "cooperative":
            trades.append(COOPERATIVES[number % len(COOPERATIVES)])
        elif kind == "civil_non_enterprise":
            trades.append(CIVIL[number % len(CIVIL)])
        elif kind == "household" or number % 5 == 0:
            trades.append(SHOPS[number // 5 % len(SHOPS)])
        else:
            trades.append(FACTORIES[number // 5 % len(FACTORIES)])
    trades[0] = _LEADER_TRADE
    size = np.array([trade.size for trade in trades]) * np.where(np.array(kinds) == "household", 0.4, 1.0)
    staff = np.clip(np.round(8.0 * size * np.exp(rng.normal(0, 1.0, count))), 1, 300).astype(np.int64)
    none = np.full(count, -1)
    made = finish_units(kinds, trades, np.full(count, IN_VILLAGE), village, none, none, at, staff, rng)
    plant_every_size(made)
    return made


def _make_leader(made: Units, members: Members) -> None:
    made.staff[0], made.revenue[0], made.states[0] = 1800, 96_000.0, "operating"
    made.ownerships[0] = "private"
    members.full[0], members.probationary[0], members.mobile[0], members.graduates[0] = 46, 5, 12, 4
    members.owner[0] = "member"


def _links(made: Units, rng: np.random.Generator) -> Links:
    """A fifth of the enterprises supply the leader, most of those in the right trades."""
    count = len(made.kinds)
    supplier_trade = np.array([trade.code in _SUPPLIER_TRADES for trade in made.trades])
    chance = np.where(supplier_trade, 3.0, 1.0) * _SUPPLIER_SHARE / 1.4
    supplies = (rng.random(count) < chance) & np.array([kind == "enterprise" for kind in made.kinds])
    supplies[0] = False
    rows = np.flatnonzero(supplies).tolist()
    leader: list[int | None] = [None] * count
    chain: list[list[int] | None] = [None] * count
    for row in rows:
        leader[row] = 0
    leader[0] = 0
    chain[0] = rows[:_CHAIN_NAMED] or None
    joins = (rng.random(count) < 0.4).tolist()
    associations: list[list[str] | None] = []
    ids = {id_ for id_, _ in _ASSOCIATIONS}
    for kind, trade, join in zip(made.kinds, made.trades, joins, strict=True):
        found = [trade.association] if join and trade.association and trade.association in ids else []
        if join and kind == "household":
            found.append(SELF_EMPLOYED)
        associations.append(found or None)
    return Links(associations, leader, chain)
