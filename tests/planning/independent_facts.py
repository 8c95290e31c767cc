"""The facts of a ledger as the notice of 2011 reads them, written again from its text and the ledger alone.

Nothing here comes from ``liangxin.planning``, ``liangxin.coverage`` or the policy files: a fault there must show.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl

from liangxin.registry.town import Town

JOINT = ("park", "industry", "leader", "zone")
ALONE = ("separate", "seconded", "mobile")
NOT_PUBLIC_KINDS = ("cooperative", "social_group", "civil_non_enterprise")
GONE = ("deregistered", "moved_out", "not_found", "shell", "suspended")
KM = math.pi / 180 * 6371.0088


@dataclass(slots=True)
class Unit:
    id: str
    full: int | None
    probationary: int | None
    mobile: int | None
    staff: int | None
    revenue: float | None
    industry: str
    kind: str | None
    at: tuple[float, float]
    territory: str | None
    in_park: bool
    village: str | None
    work_area: str | None
    associations: frozenset[str]
    form: str
    organization: str | None
    haves: tuple[bool, ...]  # of the four, those that are certain
    chain: set[str] = field(default_factory=set)
    named_leader: bool = False

    @property
    def t(self) -> int:
        return self.full or 0

    @property
    def members(self) -> int:
        return (self.full or 0) + (self.probationary or 0)

    @property
    def in_base(self) -> bool:
        return self.kind == "enterprise"

    @property
    def has_member(self) -> bool:
        return self.members >= 1

    @property
    def large(self) -> bool:
        return (self.staff or 0) >= 80

    @property
    def medium(self) -> bool:
        return 50 <= (self.staff or 0) < 80 and (self.revenue or 0) >= 500

    @property
    def required(self) -> bool:
        return self.in_base and (self.has_member or self.large or self.medium)

    @property
    def may_be_seconded(self) -> bool:
        return self.full == 2 and (self.staff or 0) >= 50

    @property
    def leads(self) -> bool:
        large = (self.staff or 0) >= 150 or (self.revenue or 0) >= 5000
        return self.t >= 3 and (large or self.named_leader)


def facts(ledger: pl.DataFrame, town: Town, as_of: date) -> dict[str, Unit]:
    """Units in scope by id."""
    rows = [row for row in ledger.iter_rows(named=True) if _in_scope(row)]
    parent = {area.id: area.parent for area in town.areas}
    centre = {area.id: area.centre for area in town.areas}
    kind = {area.id: area.kind for area in town.areas}
    centres = [point for point in centre.values() if point]
    middle = (sum(lon for lon, _ in centres) / len(centres), sum(lat for _, lat in centres) / len(centres))

    def plane(point: tuple[float, float]) -> tuple[float, float]:
        return (
            (point[0] - middle[0]) * KM * math.cos(math.radians(middle[1])),
            (point[1] - middle[1]) * KM,
        )

    def centre_of(area: str | None) -> tuple[float, float] | None:
        while area is not None:
            if centre.get(area):
                return centre[area]
            area = parent.get(area)
        return None

    def work_area_of(area: str | None) -> str | None:
        while area is not None and kind.get(area) != "work_area":
            area = parent.get(area)
        return area

    units: dict[str, Unit] = {}
    for row in rows:
        point = (row["lon"], row["lat"]) if row["lon"] is not None and row["lat"] is not None else None
        for name in ("venue", "park", "village", "area"):
            point = point or centre_of(row[name])
        area = (
            row["area"]
            or work_area_of(row["village"])
            or work_area_of(row["park"])
            or work_area_of(row["venue"])
        )
        mass = any(row[name] is True for name in ("union", "youth_league", "womens_federation"))
        trained = row["owner_trained_on"] is not None and row["owner_trained_on"] <= as_of
        units[row["unit_id"]] = Unit(
            row["unit_id"], row["full_members"], row["probationary_members"], row["mobile_members"], row["staff"],
            row["revenue"], row["industry"] or "", row["kind"], plane(point or middle),
            row["park"] or row["venue"] or row["village"], row["park"] is not None, row["village"], area,
            frozenset(row["association"] or ()), row["organization_form"] or "none", row["organization_id"],
            (bool(row["instructor_id"]), mass, (row["applicants"] or 0) >= 1, trained),
        )  # fmt: skip
    for row in rows:
        for other in (*(row["chain_unit_ids"] or ()), row["leader_unit_id"]):
            if other in units and other != row["unit_id"]:
                units[row["unit_id"]].chain.add(other)
                units[other].chain.add(row["unit_id"])
        if row["leader_unit_id"] in units:
            units[row["leader_unit_id"]].named_leader = True
    return units


def _in_scope(row: dict[str, Any]) -> bool:
    outside = row["ownership"] in ("state", "collective") and row["kind"] is not None
    return row["state"] not in GONE and not (outside and row["kind"] not in NOT_PUBLIC_KINDS)


def kilometres(one: Unit, other: Unit) -> float:
    return math.dist(one.at, other.at)


def industry_distance(one: Unit, other: Unit) -> float:
    shared = 0
    for a, b in zip(one.industry, other.industry, strict=False):
        if a != b:
            break
        shared += 1
    return {4: 0.0, 3: 0.25, 2: 0.5}.get(shared, 1.0)


def may_follow(leader: Unit, unit: Unit) -> bool:
    """Clause 2.5: one work area, and a chain link, or a neighbour, or near and of one division."""
    if leader.work_area is None or leader.work_area != unit.work_area:
        return False
    away = kilometres(leader, unit)
    near_kin = industry_distance(leader, unit) <= 0.5 and away <= 0.8 + 1e-9
    return unit.id in leader.chain or away <= 0.25 + 1e-9 or near_kin
