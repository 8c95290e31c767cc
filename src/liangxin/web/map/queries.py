"""What the map shows: units as GeoJSON within the person's reach, the lines of each group, the town's areas."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from liangxin.registry.places import work_areas
from liangxin.registry.town import Town as CoreTown
from liangxin.web.accounts.permission import Permit
from liangxin.web.areas.models import Town
from liangxin.web.map.tiles import Datum
from liangxin.web.units.live import Live
from liangxin.web.units.queries import readable

if TYPE_CHECKING:
    import polars as pl

    from liangxin.structure import DayTree

Move = Callable[[float, float], tuple[float, float]]
FIELDS_SHOWN: Final = ("unit_id", "name", "kind", "area", "form", "classes", "organization")
"""The whole of what a point carries: no person, no count of members or staff."""


def mover(datum: Datum) -> Move:
    """From the ledger's WGS 84 to what the tiles are drawn in, so that a point lies where it belongs."""
    if datum is not Datum.GCJ02:
        return lambda lon, lat: (lon, lat)
    from liangxin.registry.coordinates import gcj02_shift

    def moved(lon: float, lat: float) -> tuple[float, float]:
        east, north = gcj02_shift(lon, lat)
        return lon + east, lat + north

    return moved


def points(permit: Permit, shown: Live) -> pl.DataFrame:
    """The units with a position that the person may read; ``classes`` are those that are certain, in the policy's order."""
    import polars as pl

    frame = readable(permit, shown)
    order = [each.id for each in shown.policy.classes]
    return (
        frame.with_columns(work_areas(frame, permit.town.as_core()).alias("area"))
        .filter(pl.col("lon").is_not_null() & pl.col("lat").is_not_null())
        .select(
            "unit_id",
            "name",
            "kind",
            "area",
            pl.col("organization_form").fill_null("unknown").alias("form"),
            pl.lit(order).list.set_intersection(pl.col("classes")).alias("classes"),
            pl.col("organization_id").alias("organization"),
            "lon",
            "lat",
        )
    )


@dataclass(frozen=True, slots=True)
class Group:
    """Units of one organization, standing or proposed (``planned``); ``host`` is its lead unit, or an area's id, or None."""

    id: str
    name: str
    host: str | None
    units: tuple[str, ...]
    planned: bool


def groups(town: Town, today: DayTree) -> list[Group]:
    """The joint organizations that stand, and those of the published plan that are new or changed."""
    from liangxin.web.plans.arranged import plan_of
    from liangxin.web.plans.queries import published

    found = [
        Group(each.id, each.name, each.standing.host, each.units, False)
        for each in today.organizations.values()
        if len(each.units) > 1
    ]
    run = published(town)
    if run is not None and run.done:
        found += [
            Group(each.organization_id, each.name, each.host, each.unit_ids, True)
            for each in plan_of(run).organizations
            if each.status in ("new", "changed") and len(each.unit_ids) > 1
        ]
    return found


def units_geojson(found: pl.DataFrame, joined: list[Group], datum: Datum) -> str:
    """The points, and a line from each member to its lead unit, as one FeatureCollection (RFC 7946)."""
    import polars as pl

    move = mover(datum)
    if datum is Datum.GCJ02:
        moved = [move(lon, lat) for lon, lat in found.select("lon", "lat").iter_rows()]
        found = found.with_columns(
            pl.Series("lon", [each[0] for each in moved], dtype=pl.Float64),
            pl.Series("lat", [each[1] for each in moved], dtype=pl.Float64),
        )
    features = found.select(
        pl.struct(
            pl.lit("Feature").alias("type"),
            pl.struct(
                pl.lit("Point").alias("type"),
                pl.concat_list(pl.col("lon").round(6), pl.col("lat").round(6)).alias("coordinates"),
            ).alias("geometry"),
            pl.struct(*FIELDS_SHOWN).alias("properties"),
        )
        .struct.json_encode()
        .alias("feature")
    )["feature"].to_list()
    features += [
        json.dumps(each, ensure_ascii=False, separators=(",", ":")) for each in _lines(found, joined)
    ]
    return '{"type":"FeatureCollection","features":[' + ",".join(features) + "]}"


def _lines(found: pl.DataFrame, joined: list[Group]) -> Iterator[dict[str, Any]]:
    """One MultiLineString an organization of several units, from its lead unit (or their middle) to each of the others.

    Only units of ``found`` are used: a group member sees no line to a unit outside their reach.
    """
    where = {
        row[0]: (round(row[1], 6), round(row[2], 6))
        for row in found.select("unit_id", "lon", "lat").iter_rows()
    }
    for each in joined:
        known = [unit for unit in each.units if unit in where]
        if len(known) < 2:
            continue
        host = each.host
        if host in where and host in known:
            centre = where[host]
        elif host in each.units:
            continue  # the lead unit lies outside this person's reach or has no position
        else:
            centre = (
                round(sum(where[unit][0] for unit in known) / len(known), 6),
                round(sum(where[unit][1] for unit in known) / len(known), 6),
            )
        lines = [[centre, where[unit]] for unit in known if where[unit] != centre]
        if not lines:
            continue
        yield {
            "type": "Feature",
            "geometry": {"type": "MultiLineString", "coordinates": lines},
            "properties": {
                "organization": each.id,
                "name": each.name,
                "planned": each.planned,
                "host": host if host in known else None,
            },
        }


def areas_geojson(town: CoreTown, datum: Datum) -> dict[str, Any]:
    """Boundaries where the town file has them, centres where it has only those."""
    move = mover(datum)
    features = []
    for area in town.areas:
        geometry = area.boundary or (
            {"type": "Point", "coordinates": list(area.centre)} if area.centre is not None else None
        )
        if geometry is None:
            continue
        features.append(
            {
                "type": "Feature",
                "geometry": geometry | {"coordinates": _moved(geometry["coordinates"], move)},
                "properties": {"id": area.id, "name": area.name, "kind": area.kind, "parent": area.parent},
            }
        )
    return {"type": "FeatureCollection", "features": features}


def _moved(coordinates: Any, move: Move) -> Any:
    if coordinates and isinstance(coordinates[0], int | float):
        return [*move(coordinates[0], coordinates[1]), *coordinates[2:]]
    return [_moved(each, move) for each in coordinates]
