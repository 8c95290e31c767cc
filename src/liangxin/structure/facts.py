"""What the tree needs to know of each unit, read once from the ledger frame."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from liangxin.policy.model import Policy
from liangxin.registry.places import Places, work_areas
from liangxin.registry.town import Town

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True, slots=True)
class UnitFacts:
    """One unit. None: not yet known. ``work_area`` is that of its village, park or venue where it has none of its own."""

    id: str
    kind: str | None
    organization: str | None
    full_members: int | None
    forming_members: int | None
    graduates: int | None
    work_area: str | None
    village: str | None
    park: str | None
    venue: str | None
    associations: tuple[str, ...]


def read_units(units: pl.DataFrame, town: Town, policy: Policy) -> dict[str, UnitFacts]:
    """Facts of every unit by id, in the frame's order. ``units``: a ledger frame, classified or not."""
    import polars as pl

    if "forming_members" not in units.columns:
        forming = policy.definitions.get("forming_members")
        counted = forming.expression.polars() if forming else pl.col("full_members")
        units = units.with_columns(counted.cast(pl.Int64).alias("forming_members"))
    units = units.with_columns(work_areas(units, town).alias("area"))
    names = {record.name: record.id for record in town.organizations}
    facts = (
        UnitFacts(
            row["unit_id"],
            row["kind"],
            names.get(row["organization_id"], row["organization_id"]),
            row["full_members"],
            row["forming_members"],
            row["graduate_mobile_members"],
            row["area"],
            row["village"],
            row["park"],
            row["venue"],
            tuple(row["association"] or ()),
        )
        for row in units.iter_rows(named=True)
    )
    return {each.id: each for each in facts}


def commonest(values: Iterable[str | None]) -> str | None:
    """The value most of them have (the first of equals), None when none has one."""
    counted = Counter(value for value in values if value is not None)
    return counted.most_common(1)[0][0] if counted else None


def lead(host: str, unit_ids: tuple[str, ...], facts: Mapping[str, UnitFacts]) -> UnitFacts | None:
    """The lead unit; where the host is an area, the first unit that is known."""
    return next((facts[id] for id in (host, *unit_ids) if id in facts), None)


def parks(town: Town) -> tuple[str, ...]:
    """Ids of the parks; a town whose park areas name no park has one park without an id of its own: ()."""
    return tuple(area.id for area in town.areas if area.kind == "park")


def park_of(area_id: str, places: Places) -> str | None:
    """The park that holds a park area."""
    return next((area.id for area in places.ancestors(area_id) if area.kind == "park"), None)
