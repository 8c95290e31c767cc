"""Who is linked to whom: associations' members, leading enterprises and the firms around them, chain links."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from liangxin.sample.geography import Geography
from liangxin.sample.members import Members
from liangxin.sample.trades import SELF_EMPLOYED, association_of
from liangxin.sample.units import Units

JOINING_SHARE: Final = 0.55
UNITS_PER_LEADER: Final = 45


@dataclass(frozen=True, slots=True)
class Links:
    """By row of the units; rows are given as ids in the ledger. Missing rows have none."""

    associations: list[list[str] | None]
    leader: list[int | None]
    chain: list[list[int] | None]


def draw_links(units: Units, members: Members, land: Geography, rng: np.random.Generator) -> Links:
    count = len(units.kinds)
    joins = (rng.random(count) < JOINING_SHARE).tolist()
    associations: list[list[str] | None] = []
    township = land.township_of(units.village)
    rows = zip(units.kinds, units.trades, units.staff.tolist(), joins, township.tolist(), strict=True)
    for kind, trade, staff, join, here in rows:
        found = [trade.association] if join and trade.association else []
        if join and (kind == "household" or (staff < 8 and not found)):
            found.append(SELF_EMPLOYED)
        associations.append([association_of(base, here, land.townships) for base in found] or None)
    leader, chain = _around_leaders(units, members, rng)
    return Links(associations, leader, chain)


def _around_leaders(
    units: Units, members: Members, rng: np.random.Generator
) -> tuple[list[int | None], list[list[int] | None]]:
    count = len(units.kinds)
    enterprises = [
        n for n in range(count) if units.kinds[n] == "enterprise" and units.states[n] == "operating"
    ]
    # The town names as leading the larger firms, and among these rather one that has members of its own.
    weight = units.staff * np.where(members.full >= 3, 3, 1)
    by_size = sorted(enterprises, key=lambda n: (-int(weight[n]), n))
    leader: list[int | None] = [None] * count
    chain: list[list[int] | None] = [None] * count
    others = np.array(enterprises)
    divisions = np.array([units.trades[n].code[:2] for n in enterprises])
    for head in by_size[: max(1, count // UNITS_PER_LEADER)]:
        distance = np.hypot(*(units.at[others] - units.at[head]).T)
        near = np.where(
            (distance < 1.2) & (divisions == units.trades[head].code[:2]) & (others != head), distance, np.inf
        )
        order = np.argsort(near, kind="stable")[:12]
        suppliers = [int(others[n]) for n in order if np.isfinite(near[n]) and rng.random() < 0.5]
        for supplier in suppliers:
            if leader[supplier] is None and leader[head] is None:
                leader[supplier] = head
        if suppliers:
            leader[head] = head  # its own leader: the ledger's way to name a leading enterprise
            chain[head] = suppliers[:6]
    return leader, chain
