"""map.geojson: RFC 7946 with our properties, which hold no person and no number of members."""

from __future__ import annotations

from liangxin.files.schemas.parts import (
    DATE,
    NAME,
    POSITION,
    TEXT,
    JsonSchema,
    choice,
    listing,
    nullable,
    record,
)
from liangxin.registry.fields import FORMS, KINDS

UNIT = record(
    {
        "feature": {"const": "unit"},
        "unit_id": NAME,
        "name": NAME,
        "kind": nullable(choice(KINDS)),
        "form": choice(FORMS),
        "form_label": TEXT,
        "classes": listing(NAME),
        "organization_id": nullable(NAME),
        "organization": nullable(NAME),
        "change": NAME,
        "is_host": {"type": "boolean"},
    }
)
LINK = record(
    {
        "feature": {"const": "link"},
        "organization_id": NAME,
        "organization": NAME,
        "form": choice(FORMS),
        "form_label": TEXT,
        "host": NAME,
        "unit_id": NAME,
    }
)


def _feature(geometry: JsonSchema, properties: JsonSchema) -> JsonSchema:
    return record({"type": {"const": "Feature"}, "geometry": geometry, "properties": properties})


def document() -> JsonSchema:
    point = record({"type": {"const": "Point"}, "coordinates": POSITION})
    line = record({"type": {"const": "LineString"}, "coordinates": listing(POSITION, minItems=2, maxItems=2)})
    return record(
        {
            "type": {"const": "FeatureCollection"},
            "format": {"const": "liangxin.map/1"},
            "name": TEXT,
            "coordinate_system": {"const": "WGS 84 (EPSG:4326)"},
            "as_of": DATE,
            "units_without_position": {"type": "integer", "minimum": 0},
            "features": listing({"oneOf": [_feature(point, UNIT), _feature(line, LINK)]}),
        },
        title="地图 / Map",
    )
