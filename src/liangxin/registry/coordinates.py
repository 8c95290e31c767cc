"""Positions that are not where they should be: outside the town, or taken from a Chinese map service (GCJ-02).

Phones give WGS 84, which the ledger keeps; Chinese map services shift every position by 300 to 700 m (GCJ-02).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from liangxin.findings import Finding, Severity
from liangxin.registry.places import PLACE_FIELDS, Places
from liangxin.registry.town import Town
from liangxin.registry.unit_finding import UnitFinding
from liangxin.wording import Text

if TYPE_CHECKING:
    import polars as pl

MARGIN_KM: Final = 10.0  # how far beyond the outermost place of the town a unit may still stand
_FEWEST: Final = 30  # units with a position and a known place that a verdict on GCJ-02 needs
_SEMI_MAJOR: Final = 6378245.0  # Krasovsky 1940, as the shift's definition uses it
_ECCENTRICITY: Final = 0.00669342162296594323
_KM_PER_DEGREE: Final = 111.195


def gcj02_shift(lon: float, lat: float) -> tuple[float, float]:
    """Degrees that GCJ-02 adds to a WGS 84 position inside China.

    >>> [round(part, 4) for part in gcj02_shift(120.62, 29.47)]
    [0.004, -0.0027]
    """
    x, y = lon - 105.0, lat - 35.0
    waves = (20 * math.sin(6 * x * math.pi) + 20 * math.sin(2 * x * math.pi)) * 2 / 3
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x)) + waves
    north += (20 * math.sin(y * math.pi) + 40 * math.sin(y / 3 * math.pi)) * 2 / 3
    north += (160 * math.sin(y / 12 * math.pi) + 320 * math.sin(y * math.pi / 30)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x)) + waves
    east += (20 * math.sin(x * math.pi) + 40 * math.sin(x / 3 * math.pi)) * 2 / 3
    east += (150 * math.sin(x / 12 * math.pi) + 300 * math.sin(x / 30 * math.pi)) * 2 / 3
    angle = math.radians(lat)
    magic = 1 - _ECCENTRICITY * math.sin(angle) ** 2
    north = math.degrees(north / (_SEMI_MAJOR * (1 - _ECCENTRICITY) / magic**1.5))
    east = math.degrees(east / (_SEMI_MAJOR / math.sqrt(magic) * math.cos(angle)))
    return east, north


def position_findings(frame: pl.DataFrame, town: Town) -> list[UnitFinding]:
    """Units outside the town, and one finding when all positions together look shifted."""
    places = Places.of(town)
    middle = places.middle()
    if middle is None:
        return []
    centres = [area.centre for area in town.areas if area.centre is not None]
    reach = max(_distance_km(centre, middle) for centre in centres) + MARGIN_KM
    known = frame.select("lon", "lat").with_row_index("unit").drop_nulls()
    found: list[UnitFinding] = []
    for unit, lon, lat in known.filter(_distance_expr(middle) > reach).iter_rows():
        away = _distance_km((lon, lat), middle)
        found.append(
            UnitFinding(
                unit,
                Finding(
                    "outside_town",
                    Text(
                        f"位置离镇中心{away:.0f}公里，不在本镇",
                        f"The position is {away:.0f} km from the town's middle",
                    ),
                    found=f"{lon:g}, {lat:g}",
                    severity=Severity.WARNING,
                    column_of="lon",
                ),
            )
        )
    return found + _shifted(frame, places, middle)


def _distance_expr(middle: tuple[float, float]) -> pl.Expr:
    import polars as pl

    east = (pl.col("lon") - middle[0]) * math.cos(math.radians(middle[1]))
    return (east**2 + (pl.col("lat") - middle[1]) ** 2).sqrt() * _KM_PER_DEGREE


def _distance_km(one: tuple[float, float], other: tuple[float, float]) -> float:
    east = (one[0] - other[0]) * math.cos(math.radians(other[1]))
    return math.hypot(east, one[1] - other[1]) * _KM_PER_DEGREE


def _shifted(frame: pl.DataFrame, places: Places, middle: tuple[float, float]) -> list[UnitFinding]:
    """Units scatter around the centres of their places; when their middle lies one GCJ-02 shift away, that is why."""
    import polars as pl

    centres = {area_id: centre for area_id in places.areas if (centre := places.areas[area_id].centre)}
    place = pl.coalesce(*[pl.when(pl.col(name).is_in(list(centres))).then(name) for name in PLACE_FIELDS[:3]])
    offsets = (
        frame.with_row_index("unit")
        .with_columns(place=place)
        .drop_nulls(["lon", "lat", "place"])
        .select(
            "unit",
            east=pl.col("lon")
            - pl.col("place").replace_strict({k: v[0] for k, v in centres.items()}, return_dtype=pl.Float64),
            north=pl.col("lat")
            - pl.col("place").replace_strict({k: v[1] for k, v in centres.items()}, return_dtype=pl.Float64),
        )
    )
    if offsets.height < _FEWEST:
        return []
    shift_east, shift_north = gcj02_shift(*middle)
    size = math.hypot(shift_east, shift_north)
    east, north, spread_east, spread_north = offsets.select(
        pl.col("east").median(),
        pl.col("north").median(),
        spread_east=(pl.col("east") - pl.col("east").median()).abs().median(),
        spread_north=(pl.col("north") - pl.col("north").median()).abs().median(),
    ).row(0)
    # standard error of a median: 1.2533 sigma / sqrt(n), sigma = 1.4826 x median deviation
    doubt = 1.2533 * 1.4826 * math.hypot(spread_east, spread_north) / math.sqrt(offsets.height)
    if doubt > size / 4 or math.hypot(east - shift_east, north - shift_north) > size / 3:
        return []
    return [
        UnitFinding(
            int(offsets["unit"][0]),
            Finding(
                "gcj02",
                Text(
                    "坐标整体偏移，像是从地图网站取的（GCJ-02）。台账用手机定位的坐标（WGS 84），请换算后再填",
                    "All positions look shifted as those of Chinese map services are (GCJ-02); the ledger keeps WGS 84",
                ),
                severity=Severity.WARNING,
                column_of="lon",
            ),
        )
    ]
