"""The organizations that stood before the drive: general branches, branches of larger firms, a few joint branches.

Some joint branches break a rule today: a unit inside has three full members, or all together have fewer than three.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np

from liangxin.registry.town import OrganizationRecord
from liangxin.sample.layout import Geography
from liangxin.sample.members import Members
from liangxin.sample.trades import SELF_EMPLOYED, association_of
from liangxin.sample.units import Units

SEPARATE_SHARE: Final = 0.5  # of the units with three full members
UNITS_PER_JOINT_BRANCH: Final = 110
_KINDS_WITH_BRANCHES: Final = ("enterprise", "civil_non_enterprise", "intermediary")


@dataclass(frozen=True, slots=True)
class Standing:
    """``of_unit``, ``form_of`` and ``superior_of``: by row of the units; rows without an organization are absent."""

    records: tuple[OrganizationRecord, ...]
    of_unit: dict[int, str]
    form_of: dict[int, str]
    superior_of: dict[int, str]


def found_before(
    units: Units,
    members: Members,
    names: list[str],
    ids: list[str],
    land: Geography,
    rng: np.random.Generator,
) -> Standing:
    standing = _Founding(units, land, names, ids, rng)
    standing.general_branches()
    order = rng.permutation(len(ids)).tolist()
    ready = [
        row for row in order if units.states[row] == "operating" and units.kinds[row] in _KINDS_WITH_BRANCHES
    ]
    full = members.full
    for row in ready:
        if full[row] >= 3 and rng.random() < SEPARATE_SHARE + min(float(full[row]) / 40, 0.4):
            standing.separate(row)
    _joint_branches(standing, ready, full.tolist(), rng)
    for row in ready:
        if full[row] == 1 and row not in standing.of_unit and rng.random() < 0.06:
            standing.with_village(row)
    return Standing(tuple(standing.records), standing.of_unit, standing.form_of, standing.superior_of)


def _joint_branches(standing: _Founding, ready: list[int], full: list[int], rng: np.random.Generator) -> None:
    """Joint branches in parks and venues, in turn as the rules ask, with an outgrown unit, or shrunk below three."""
    units = standing.units
    wanted = max(2, round(len(units.kinds) / UNITS_PER_JOINT_BRANCH))
    places: dict[tuple[str, int], list[int]] = {}
    for row in ready:
        if row in standing.of_unit:
            continue
        if units.park[row] >= 0:
            places.setdefault(("park", int(units.park[row])), []).append(row)
        elif units.venue[row] >= 0:
            places.setdefault(("zone", int(units.venue[row])), []).append(row)
    keys = sorted(places)
    made = 0
    for turn in rng.permutation(len(keys) * 3).tolist():
        if made >= wanted:
            break
        form, place = keys[turn % len(keys)]
        free = [row for row in places[form, place] if row not in standing.of_unit]
        some = [row for row in free if full[row] in (1, 2)]
        without = [row for row in free if full[row] == 0]
        grown = [row for row in free if full[row] >= 3]
        kind = made % 4
        inside: list[int] = []
        if kind == 3 and grown and some:  # one unit has outgrown its joint branch
            inside = [some[0], grown[0], *some[1:2]]
        elif kind == 2 and some and without:  # members left; fewer than three remain
            inside = [some[0], *without[:2]] if full[some[0]] < 3 else []
        else:
            while some and sum(full[row] for row in inside) < 3 and len(inside) < 5:
                inside.append(some.pop(0))
            if sum(full[row] for row in inside) < 3 or len(inside) < 2:
                continue
            inside += without[: int(rng.integers(0, 3))][: 5 - len(inside)]
        if len(inside) >= 2:
            standing.joint(form, place, inside)
            made += 1


class _Founding:
    """Collects the records and what each unit belongs to."""

    def __init__(
        self, units: Units, land: Geography, names: list[str], ids: list[str], rng: np.random.Generator
    ) -> None:
        self.units, self.land, self.names, self.ids, self.rng = units, land, names, ids, rng
        self.records: list[OrganizationRecord] = []
        self.of_unit: dict[int, str] = {}
        self.form_of: dict[int, str] = {}
        self.superior_of: dict[int, str] = {}
        self._number = 0

    def general_branches(self) -> None:
        for area in self.land.areas:
            if area.kind == "work_area":
                self._record(
                    f"O-{area.id}", f"{area.name}党总支", "general_branch", None, area.id, None, None
                )
            elif area.kind in ("village", "community"):
                self._record(
                    f"O-{area.id}", f"{area.name}党支部", "branch", f"O-{area.parent}", area.id, None, None
                )
            elif area.kind == "park":
                self._record(
                    f"O-{area.id}", f"{area.name}党总支", "general_branch", None, area.id, None, None
                )
        for township, prefix in enumerate(self.land.township_names):
            id_ = association_of(SELF_EMPLOYED, township, self.land.townships)
            self._record(f"O-{id_}", f"{prefix}个私协会联合党支部", "joint_branch", None, None, None, None)

    def separate(self, row: int) -> None:
        id_ = self._next()
        parent = self._above(row)
        name = f"{self.names[row]}党支部"
        self._record(id_, name, "branch", parent, self._area(row), "separate", self.ids[row])
        self._join(row, id_, "separate", parent)

    def joint(self, form: str, place: int, rows: list[int]) -> None:
        id_ = self._next()
        parent = self._above(rows[0])
        area = self.land.park_ids[place] if form == "park" else self.land.venue_ids[place]
        place_name = next(each.name for each in self.land.areas if each.id == area)
        name = f"{place_name}第{self._number}联合党支部"
        self._record(id_, name, "joint_branch", parent, area, form, self.ids[rows[0]])
        for row in rows:
            self._join(row, id_, form, parent)

    def with_village(self, row: int) -> None:
        village = int(self.units.village[row])
        self._join(
            row, f"O-{self.land.village_ids[village]}", "village", f"O-{self.land.village_area[village]}"
        )

    def _join(self, row: int, organization: str, form: str, superior: str) -> None:
        self.of_unit[row], self.form_of[row], self.superior_of[row] = organization, form, superior

    def _next(self) -> str:
        self._number += 1
        return f"O{self._number:04d}"

    def _area(self, row: int) -> str:
        park = int(self.units.park[row])
        return self.land.park_ids[park] if park >= 0 else self.land.village_area[int(self.units.village[row])]

    def _above(self, row: int) -> str:
        """The park's general branch for a unit in a park, else the work area's."""
        park = int(self.units.park[row])
        if park >= 0:
            return f"O-{self.land.park_ids[park][:-1]}"
        return f"O-{self.land.village_area[int(self.units.village[row])]}"

    def _record(
        self,
        id_: str,
        name: str,
        type_: str,
        parent: str | None,
        area: str | None,
        form: str | None,
        host: str | None,
    ) -> None:
        founded = date(2003, 1, 1) + timedelta(days=int(self.rng.integers(0, 3000)))
        self.records.append(OrganizationRecord(id_, name, type_, parent, area, founded, form, host))
