"""``liangxin.town/1``."""

from __future__ import annotations

from typing import get_args

from liangxin.files.schemas.parts import (
    COUNT,
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
from liangxin.registry.fields import FORMS
from liangxin.registry.town import AreaKind, Channel

AREA = record(
    {
        "id": NAME,
        "name": NAME,
        "kind": choice(get_args(AreaKind)),
        "parent": nullable(NAME),
        "centre": nullable(POSITION),
        "boundary": nullable({"type": "object", "description": "a GeoJSON geometry, WGS 84"}),
        "aliases": listing(NAME, description="older names and street names that addresses use"),
    },
    optional=("parent", "centre", "boundary", "aliases"),
)
INSTRUCTOR = record(
    {
        "id": NAME,
        "full_time": {"type": "boolean"},
        "channel": choice(get_args(Channel)),
        "capacity": {
            **COUNT,
            "description": "units without an organization that this instructor can work-cover",
        },
        "area": nullable(NAME),
    },
    optional=("full_time", "channel", "capacity", "area"),
)
TASK_GROUP = record(
    {
        "id": NAME,
        "name": NAME,
        "responsible_for": listing(NAME),
        "head": TEXT,
        "members": listing(NAME),
    },
    optional=("responsible_for", "head", "members"),
)
ORGANIZATION = record(
    {
        "id": NAME,
        "name": NAME,
        "type": NAME,
        "parent": nullable(NAME),
        "area": nullable(NAME),
        "founded_on": nullable(DATE),
        "form": nullable(choice(FORMS)),
        "host": nullable(NAME),
    },
    optional=("parent", "area", "founded_on", "form", "host"),
)


def document() -> JsonSchema:
    """Only ``format``, ``town`` and ``areas`` are required."""
    lists = {
        "associations": listing(
            record({"id": NAME, "name": NAME, "unit_id": nullable(NAME)}, optional=("unit_id",))
        ),
        "instructors": listing(INSTRUCTOR),
        "task_groups": listing(TASK_GROUP),
        "organizations": listing(ORGANIZATION),
    }
    return record(
        {
            "format": {"const": "liangxin.town/1"},
            "town": record(
                {
                    "name": NAME,
                    "code": NAME,
                    "aliases": listing(NAME, description="names that the town had, or has by another rank"),
                },
                optional=("aliases",),
            ),
            "bodies": {"type": "object", "additionalProperties": NAME},
            "areas": listing(AREA, minItems=1),
            **lists,
        },
        optional=("bodies", *lists),
        title="镇 / Town",
    )
