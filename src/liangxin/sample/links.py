"""Who is linked to whom: associations' members, leading enterprises and the firms around them, chain links."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from liangxin.sample.layout import Geography
from liangxin.sample.members import Members
from liangxin.sample.trades import SELF_EMPLOYED, association_of
from liangxin.sample.units import Units

JOINING_SHARE: Final = 0.55
UNITS_PER_LEADER: Final = 45
SUPPLIER_KM: Final = 1.2
NEAREST_SUPPLIERS: Final = 12


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
    leader, chain = _around_leaders(units, members, land, rng)
    return Links(associations, leader, chain)


def _around_leaders(
    units: Units, members: Members, land: Geography, rng: np.random.Generator
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
    township = land.township_of(units.village)
    fellows: dict[tuple[int, str], list[int]] = {}  # of one township and one division
    for n in enterprises:
        fellows.setdefault((int(township[n]), units.trades[n].code[:2]), []).append(n)
    for head in by_size[: max(1, count // UNITS_PER_LEADER)]:
        others = np.array(fellows[int(township[head]), units.trades[head].code[:2]])
        distance = np.hypot(*(units.at[others] - units.at[head]).T)
        near = np.where((distance < SUPPLIER_KM) & (others != head), distance, np.inf)
        order = np.argsort(near, kind="stable")[:NEAREST_SUPPLIERS]
        suppliers = [int(others[n]) for n in order if np.isfinite(near[n]) and rng.random() < 0.5]
        for supplier in suppliers:
            if leader[supplier] is None and leader[head] is None:
                leader[supplier] = head
        if suppliers:
            leader[head] = head  # its own leader: the ledger's way to name a leading enterprise
            chain[head] = suppliers[:6]
    return leader, chain
