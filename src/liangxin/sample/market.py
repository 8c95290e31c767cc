"""A market town: most units are stalls of one to three markets, alike or nearly so.

What is hard about it for a planner: thousands of units in one territory; whole classes of units alike in every fact;
one position for many trades; or, where each stall was located, thousands of nearly equal distances.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, Literal, get_args

import numpy as np

from liangxin.registry import industries
from liangxin.sample.assembly import Draft, SampleTown, assemble, streams
from liangxin.sample.layout import Geography, Layout
from liangxin.sample.links import Links
from liangxin.sample.members import Members, draw_members
from liangxin.sample.names import village_names
from liangxin.sample.trades import SELF_EMPLOYED, SHOPS, Trade
from liangxin.sample.units import IN_VENUE, IN_VILLAGE, Units, finish_units

if TYPE_CHECKING:
    from numpy.typing import NDArray

Stalls = Literal["alike", "one_position", "spread"]
"""``alike``: one trade, no coordinates. ``one_position``: many trades, all at the market's gate. ``spread``: over 1 km."""
StallMembers = Literal["few", "one", "two"]

_WORK_AREAS: Final = (("A1", "城东工作片", (1.1, 0.0)), ("A2", "城西工作片", (-1.1, 0.0)))
_VILLAGES: Final = 5
_MARKETS: Final[dict[Stalls, str]] = {
    "alike": "箬篮百货市场",
    "one_position": "箬篮布匹市场",
    "spread": "箬篮建材市场",
}
_STALL_SHARE: Final = 0.72
_MARKET_HALF_KM: Final = 0.5
_SHARE_WITH_MEMBERS: Final = 0.13
_ALIKE: Final = Trade("5219", "百货")


def market_trades() -> tuple[Trade, ...]:
    """A trade for every class of wholesale and retail (divisions 51 and 52)."""
    return tuple(
        Trade(code, "商贸" if code.startswith("51") else "百货", None, 0.3)
        for code, each in industries.table().items()
        if each.level == "class" and code[:2] in ("51", "52")
    )


def make_market_town(
    units: int, seed: int, *, stalls: Stalls | None = None, members: StallMembers = "few"
) -> SampleTown:
    """A made-up town of stalls. ``stalls``: one market of this kind that holds every unit; None: three markets, one of
    each kind, and a quarter of the units in the villages around. ``members``: a few stalls have any, or each has one or two.

    Raises:
        ValueError: ``units`` outside 1 to 1,000,000, or a negative ``seed``.

    >>> make_market_town(60, seed=7, stalls="alike").ledger["industry"].drop_nulls().n_unique()
    1
    """
    rng = streams(units, seed)
    kinds: tuple[Stalls, ...] = get_args(Stalls) if stalls is None else (stalls,)
    land = _lay_out(kinds, rng("land"))
    made = _draw_units(units, land, kinds, whole=stalls is not None, rng=rng("units"))
    people = _members(made, members, rng("members"))
    located = np.array(
        [venue < 0 or land.venue_flavours[venue] != "alike" for venue in made.venue.tolist()], dtype=np.bool_
    )
    draft = Draft(
        "箬篮",
        "箬篮镇",
        "330683991",
        "MK",
        land,
        made,
        people,
        _links(made, rng("links")),
        located=located,
        gaps=0.0 if stalls else 1.0,
        part_time_capacity=15,
    )
    return assemble(draft, rng)


def _lay_out(kinds: tuple[Stalls, ...], rng: np.random.Generator) -> Geography:
    layout = Layout()
    names = village_names(len(_WORK_AREAS) * _VILLAGES, rng)
    for id_, name, at in _WORK_AREAS:
        layout.add_work_area(id_, name, at)
        for number in range(_VILLAGES):
            turn = number * math.tau / _VILLAGES + 0.2
            place = (at[0] + 0.9 * math.cos(turn), at[1] + 1.4 * math.sin(turn))
            village = names[len(layout.village_ids)]
            community = number < 2
            layout.add_village(
                f"V{id_[1:]}{number + 1}",
                village[:-1] + "社区" if community else village,
                id_,
                place,
                community=community,
            )
    for number, kind in enumerate(kinds, start=1):
        at = (0.8 - 1.1 * (number - 1), 0.3 * number)
        layout.add_venue(
            f"M{number}", _MARKETS[kind], "market", kind, at, (number - 1) * 3 % len(layout.village_ids)
        )
    return layout.finished()


def _draw_units(
    count: int, land: Geography, kinds: tuple[Stalls, ...], *, whole: bool, rng: np.random.Generator
) -> Units:
    venue = np.where(
        rng.random(count) < (1.0 if whole else _STALL_SHARE), rng.integers(0, len(kinds), count), -1
    )
    inside = venue >= 0
    village = np.where(inside, land.venue_village[venue], rng.integers(0, len(land.village_ids), count))
    unit_kinds = np.where(
        inside,
        np.where(rng.random(count) < (0.0 if whole else 0.2), "household", "enterprise"),
        np.where(rng.random(count) < 0.25, "household", "enterprise"),
    ).tolist()
    at = np.where(inside[:, None], land.venue_at[venue], land.village_at[village])
    spread = np.array([land.venue_flavours[number] == "spread" for number in range(len(kinds))])
    scattered = inside & spread[venue]
    at = at + np.where(scattered[:, None], rng.uniform(-_MARKET_HALF_KM, _MARKET_HALF_KM, (count, 2)), 0.0)
    at = at + np.where(inside[:, None], 0.0, rng.normal(0, 0.35, (count, 2)))
    numbers = rng.integers(0, 2**31, count).tolist()
    many = market_trades()
    trades: list[Trade] = []
    for place, number in zip(venue.tolist(), numbers, strict=True):
        if place < 0:
            trades.append(SHOPS[number % len(SHOPS)])
        else:
            trades.append(_ALIKE if land.venue_flavours[place] == "alike" else many[number % len(many)])
    alike = inside & np.array([land.venue_flavours[place] == "alike" for place in venue.tolist()])
    staff = np.where(
        alike,
        3,
        np.where(
            inside,
            1 + rng.poisson(2.5, count),
            np.clip(np.round(np.exp(rng.normal(1.9, 1.0, count))), 1, 400),
        ),
    ).astype(np.int64)
    made = finish_units(
        unit_kinds,
        trades,
        np.where(inside, IN_VENUE, IN_VILLAGE),
        village,
        np.full(count, -1),
        venue,
        at,
        staff,
        rng,
    )
    made.revenue[alike] = 90.0
    if whole:
        made.states[:] = ["operating"] * count
        made.ownerships[:] = ["private"] * count
    return made


def _members(made: Units, members: StallMembers, rng: np.random.Generator) -> Members:
    people = draw_members(made, rng, share=_SHARE_WITH_MEMBERS)
    if members == "few":
        return people
    count = len(made.kinds)
    each: NDArray[np.int64] = np.full(count, 1 if members == "one" else 2)
    made.staff[:] = np.maximum(made.staff, each)
    none: NDArray[np.int64] = np.zeros(count, dtype=np.int64)
    return Members(each, none, none, none, ["none"] * count)


def _links(made: Units, rng: np.random.Generator) -> Links:
    """Half of the self-employed are in their association; there is no leading enterprise and no chain."""
    joins = (rng.random(len(made.kinds)) < 0.5).tolist()
    associations: list[list[str] | None] = [
        [SELF_EMPLOYED] if join and kind == "household" else None
        for join, kind in zip(joins, made.kinds, strict=True)
    ]
    count = len(made.kinds)
    return Links(associations, [None] * count, [None] * count)
