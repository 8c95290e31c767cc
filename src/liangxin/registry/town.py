"""A town: its areas, associations, instructors, task groups and existing organizations (``liangxin.town/1``)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any, Final, Literal

from liangxin.wording import Text

AreaKind = Literal["work_area", "village", "community", "park", "park_area", "market", "building", "street"]
Channel = Literal["recommended", "seconded", "recruited", "selected"]
CHANNELS: Final[Mapping[Channel, Text]] = MappingProxyType(
    {
        "recommended": Text("内部推优", "recommended inside"),
        "seconded": Text("组织选派", "seconded"),
        "recruited": Text("外部招聘", "recruited outside"),
        "selected": Text("公开选拔", "openly selected"),
    }
)
"""The four channels of clause 4.5."""


@dataclass(frozen=True, slots=True)
class Area:
    """A place of the town. ``centre`` is (longitude, latitude), WGS 84; ``boundary`` a GeoJSON geometry."""

    id: str
    name: str
    kind: AreaKind
    parent: str | None = None
    centre: tuple[float, float] | None = None
    boundary: dict[str, Any] | None = None
    aliases: tuple[str, ...] = ()  # older names and street names that addresses use


@dataclass(frozen=True, slots=True)
class Association:
    id: str
    name: str
    unit_id: str | None = None  # the association's own row in the ledger, where it has one


@dataclass(frozen=True, slots=True)
class Instructor:
    """Clause 4.5. ``capacity``: units without an organization that this instructor can work-cover (1.5)."""

    id: str
    full_time: bool = False
    channel: Channel = "seconded"
    capacity: int = 25
    area: str | None = None


@dataclass(frozen=True, slots=True)
class TaskGroup:
    """One of the nine groups of 4.1 and annex 2. Members' names are office holders' data and optional."""

    id: str
    name: str
    responsible_for: tuple[str, ...] = ()
    head: str = ""
    members: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OrganizationRecord:
    """An organization that stood before the drive. Types: see ``structure``."""

    id: str
    name: str
    type: str
    parent: str | None = None
    area: str | None = None
    founded_on: date | None = None
    form: str | None = None
    host: str | None = None


@dataclass(frozen=True, slots=True)
class Town:
    """Everything about a town but its units. Names of bodies are the town's own; a missing one falls back to the policy's."""

    name: str
    code: str
    areas: tuple[Area, ...]
    bodies: dict[str, str] = field(default_factory=dict)
    associations: tuple[Association, ...] = ()
    instructors: tuple[Instructor, ...] = ()
    task_groups: tuple[TaskGroup, ...] = ()
    organizations: tuple[OrganizationRecord, ...] = ()
    aliases: tuple[str, ...] = ()  # names that the town had, or has with another rank

    def area(self, id_or_name: str) -> Area | None:
        """The area with this id, else the one with this name (or alias), else None."""
        by_id = next((area for area in self.areas if area.id == id_or_name), None)
        return by_id or next(
            (area for area in self.areas if id_or_name == area.name or id_or_name in area.aliases), None
        )
