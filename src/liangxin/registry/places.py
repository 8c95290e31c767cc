"""Where a unit is: its work area by way of village, park or market, and its position on a local plane in kilometres."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from liangxin.findings import Finding, InputError
from liangxin.registry.town import Area, Town
from liangxin.wording import Text

if TYPE_CHECKING:
    import polars as pl

PLACE_FIELDS: Final = ("venue", "park", "village", "area")
"""The ledger's place fields, the smallest place first: a missing position is the centre of the first one known."""

KINDS_OF_FIELD: Final[Mapping[str, frozenset[str]]] = {
    "area": frozenset({"work_area"}),
    "village": frozenset({"village", "community"}),
    "park": frozenset({"park", "park_area"}),
    "venue": frozenset({"market", "building", "street"}),
}
"""Which kinds of area a place field of the ledger may name."""

_KM_PER_DEGREE: Final = math.pi / 180 * 6371.0088  # mean earth radius (IUGG)


def cycles(parents: Mapping[str, str | None]) -> list[tuple[str, ...]]:
    """Every cycle among ``parents`` (child: parent), each once, from its smallest id; a self-parent is one of length 1.

    >>> cycles({"A": "B", "B": "A", "C": "A"})
    [('A', 'B')]
    """
    found: list[tuple[str, ...]] = []
    settled: set[str] = set()
    for start in parents:
        walk: list[str] = []
        on_walk: set[str] = set()
        here: str | None = start
        while here is not None and here not in settled and here not in on_walk and here in parents:
            walk.append(here)
            on_walk.add(here)
            here = parents[here]
        if here is not None and here in on_walk:
            ring = walk[walk.index(here) :]
            least = ring.index(min(ring))
            found.append(tuple(ring[least:] + ring[:least]))
        settled.update(walk)
    return found


@dataclass(frozen=True, slots=True)
class Places:
    """A town's areas, checked: every parent exists and there is no cycle.

    Raises:
        InputError: an unknown parent or a cycle, which is named.
    """

    town: Town
    areas: Mapping[str, Area]

    @classmethod
    def of(cls, town: Town) -> Places:
        areas = {area.id: area for area in town.areas}
        findings = [
            Finding(
                "unknown_parent",
                Text(
                    f"区域“{area.name}”（{area.id}）的上级“{area.parent}”不在本镇文件里",
                    f'The parent "{area.parent}" of area "{area.name}" ({area.id}) is not in the town file',
                ),
            )
            for area in town.areas
            if area.parent is not None and area.parent not in areas
        ]
        findings += [
            cycle_finding(ring, areas[ring[0]].name)
            for ring in cycles({area.id: area.parent for area in town.areas})
        ]
        if findings:
            raise InputError(findings)
        return cls(town, areas)

    def ancestors(self, area_id: str) -> tuple[Area, ...]:
        """The area itself, its parent, and so on to the top. Empty for an id that is not known."""
        line: list[Area] = []
        here: str | None = area_id
        while here is not None and here in self.areas:
            line.append(self.areas[here])
            here = self.areas[here].parent
        return tuple(line)

    def work_area(self, area_id: str) -> str | None:
        """The work area that holds a village, park or market; None where the town file does not say."""
        return next((area.id for area in self.ancestors(area_id) if area.kind == "work_area"), None)

    def centre(self, area_id: str) -> tuple[float, float] | None:
        """Longitude and latitude of an area: its own centre, else that of the nearest area above it."""
        return next((area.centre for area in self.ancestors(area_id) if area.centre is not None), None)

    def middle(self) -> tuple[float, float] | None:
        """The mean of all centres: the origin of the local plane. None when no area has one."""
        centres = [area.centre for area in self.areas.values() if area.centre is not None]
        if not centres:
            return None
        return (
            sum(lon for lon, _ in centres) / len(centres),
            sum(lat for _, lat in centres) / len(centres),
        )


def cycle_finding(ring: tuple[str, ...], name: str = "") -> Finding:
    line = " → ".join((*ring, ring[0]))
    return Finding(
        "cycle",
        Text(
            f"上下级关系成了圈：{line}。请改其中一个的上级" + (f"（如“{name}”）" if name else ""),
            f"The parents form a cycle: {line}. Change the parent of one of them",
        ),
    )


def work_areas(frame: pl.DataFrame, town: Town) -> pl.Series:
    """The work area of every unit: ``area`` as filled in, else that of its village, park or venue. Null = 待核."""
    import polars as pl

    places = Places.of(town)
    above = {area_id: places.work_area(area_id) for area_id in places.areas}
    by_place = [
        pl.col(name).replace_strict(above, default=None, return_dtype=pl.String)
        for name in ("village", "park", "venue")
    ]
    return frame.select(pl.coalesce(pl.col("area"), *by_place).alias("area"))["area"]


def positions(frame: pl.DataFrame, town: Town) -> pl.DataFrame:
    """Kilometres east and north of the town's middle for every unit, in the order of ``frame``.

    A unit without coordinates stands at the centre of its smallest known place (venue, park, village, work area), and
    a unit of which no place is known, at the middle of the town; ``placed_by`` says which: ``own``, a place field, or
    ``town``. The plane is equirectangular at the middle's latitude: within 50 km of it the error is below 0.5%.

    Returns:
        Columns ``unit_id``, ``x_km``, ``y_km`` (Float64, never null), ``placed_by`` (String).
    """
    import polars as pl

    places = Places.of(town)
    middle = places.middle() or _mean_position(frame) or (0.0, 0.0)
    centres = {area_id: places.centre(area_id) for area_id in places.areas}
    lons = {area_id: centre[0] for area_id, centre in centres.items() if centre is not None}
    lats = {area_id: centre[1] for area_id, centre in centres.items() if centre is not None}

    own = pl.col("lon").is_not_null() & pl.col("lat").is_not_null()
    lon, lat = [pl.when(own).then(pl.col("lon"))], [pl.when(own).then(pl.col("lat"))]
    source = [pl.when(own).then(pl.lit("own"))]
    for name in PLACE_FIELDS:
        place_lon = pl.col(name).replace_strict(lons, default=None, return_dtype=pl.Float64)
        lon.append(pl.when(~own).then(place_lon))
        lat.append(
            pl.when(~own).then(pl.col(name).replace_strict(lats, default=None, return_dtype=pl.Float64))
        )
        source.append(pl.when(~own & place_lon.is_not_null()).then(pl.lit(name)))
    return frame.select(
        "unit_id",
        (
            (pl.coalesce(*lon, pl.lit(middle[0])) - middle[0])
            * _KM_PER_DEGREE
            * math.cos(math.radians(middle[1]))
        )
        .cast(pl.Float64)
        .alias("x_km"),
        ((pl.coalesce(*lat, pl.lit(middle[1])) - middle[1]) * _KM_PER_DEGREE).cast(pl.Float64).alias("y_km"),
        pl.coalesce(*source, pl.lit("town")).alias("placed_by"),
    )


def _mean_position(frame: pl.DataFrame) -> tuple[float, float] | None:
    known = frame.select("lon", "lat").drop_nulls()
    if known.is_empty():
        return None
    return float(known["lon"].mean()), float(known["lat"].mean())  # type: ignore[arg-type]
