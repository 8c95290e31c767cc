"""How a town is set up: its names, areas, associations and task groups, the town file as a whole, and the policy."""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Path, Router, Schema
from pydantic import Field

from liangxin.registry.access import Action
from liangxin.web.accounts.permission import Permit
from liangxin.web.administration import boundaries, queries, sections, services
from liangxin.web.api.schemas import Refusal, TownCode, Words
from liangxin.web.api.service import REFUSED, TOWN, allowed
from liangxin.web.api.typed import Line, Sentence, Version
from liangxin.web.policies.queries import choices, chosen, today

router = Router(tags=["settings"])
SectionName = Annotated[Literal["areas", "associations", "task_groups"], Path()]


class PolicyOut(Schema):
    id: str
    title: Words
    is_overlay: bool


class SettingsOut(Schema):
    """``version``: counts every change of the town; ``policies``: those that can be chosen."""

    name: str
    code: str
    bodies: dict[str, str]
    version: int
    policy: str
    overlays: list[str]
    policies: list[PolicyOut]


class NamesIn(Schema):
    """``bodies``: committee, working_committee, leading_group; an empty one falls back to the policy's words."""

    name: Line
    bodies: dict[Line, Line] = Field(default={}, max_length=10)


class SectionOut(Schema):
    """Rows as they are typed on the page: an area by its name, several between 、."""

    version: int
    rows: list[dict[str, str]]


class SectionIn(Schema):
    """The whole table as it shall be; ``version``: the one you read."""

    version: Version
    rows: list[dict[Line, Sentence]] = Field(max_length=sections.MOST_ROWS + 1)


class TownFile(Schema):
    """``text``: the town file (``liangxin.town/1``), YAML or JSON as the command line reads it."""

    text: Annotated[str, Field(max_length=20_000_000)]


class BoundariesIn(Schema):
    """``geojson``: a FeatureCollection, WGS 84; features are matched with areas by id or name."""

    geojson: dict[str, Any]


class BoundariesOut(Schema):
    """``simplified``: of which areas fewer points were kept, and how far that departs from the line that was sent."""

    matched: int
    added: int
    simplified: list[Words]


@router.get(f"{TOWN}/settings", response={200: SettingsOut, **REFUSED})
def settings(request: HttpRequest, town: TownCode) -> Any:
    return _out(allowed(request, town, Action.SETTINGS))


@router.put(f"{TOWN}/settings/names", response={200: SettingsOut, **REFUSED})
def save_names(request: HttpRequest, town: TownCode, body: NamesIn) -> Any:
    """The town's name and those of its bodies, as documents print them."""
    permit = allowed(request, town, Action.SETTINGS)
    sections.save_names(permit.town, permit.user, body.name, body.bodies)
    return _out(permit)


@router.get(f"{TOWN}/settings/sections/{{section}}", response={200: SectionOut, **REFUSED})
def section(request: HttpRequest, town: TownCode, section: SectionName) -> Any:
    """Areas, associations or task groups."""
    return _section(allowed(request, town, Action.SETTINGS), section)


@router.put(f"{TOWN}/settings/sections/{{section}}", response={200: SectionOut, 409: Refusal, **REFUSED})
def save_section(request: HttpRequest, town: TownCode, section: SectionName, body: SectionIn) -> Any:
    """Replace one table, all or nothing. A row that units still name cannot go. 409 where the town was changed meanwhile."""
    permit = allowed(request, town, Action.SETTINGS)
    sections.save_section(permit.town, permit.user, sections.SECTIONS[section], body.rows, body.version)
    permit.town.refresh_from_db()
    return _section(permit, section)


@router.get(f"{TOWN}/settings/town-file", response={200: TownFile, **REFUSED})
def town_file(request: HttpRequest, town: TownCode) -> Any:
    permit = allowed(request, town, Action.SETTINGS)
    return {"text": queries.town_file(permit)}


@router.put(f"{TOWN}/settings/town-file", response={200: SettingsOut, **REFUSED})
def replace_town_file(request: HttpRequest, town: TownCode, body: TownFile) -> Any:
    """Replace it as a whole; the code stays. 422 names line and column of everything that is wrong."""
    permit = allowed(request, town, Action.SETTINGS)
    services.replace_town_file(permit.town, permit.user, body.text)
    return _out(permit)


@router.post(f"{TOWN}/settings/boundaries", response={200: BoundariesOut, **REFUSED})
def import_boundaries(request: HttpRequest, town: TownCode, body: BoundariesIn) -> Any:
    """Boundaries and centres of areas. All features or none."""
    permit = allowed(request, town, Action.SETTINGS)
    raw = json.dumps(body.geojson, ensure_ascii=False).encode("utf-8", "replace")
    taken = boundaries.import_boundaries(permit.town, permit.user, raw)
    said = [each.as_dict() for each in taken.simplified]
    return {"matched": taken.matched, "added": taken.added, "simplified": said}


def _out(permit: Permit) -> dict[str, Any]:
    town = permit.town
    town.refresh_from_db()
    core = town.as_core()
    policy = chosen(town, today(town))
    return {
        "name": core.name,
        "code": town.code,
        "bodies": core.bodies,
        "version": town.version,
        "policy": policy.policy,
        "overlays": list(policy.overlays),
        "policies": [
            {"id": each.id, "title": each.title.as_dict(), "is_overlay": each.is_overlay}
            for each in choices(town)
        ],
    }


def _section(permit: Permit, name: str) -> dict[str, Any]:
    core = permit.town.as_core()
    return {"version": permit.town.version, "rows": sections.rows_of(core, sections.SECTIONS[name])}
