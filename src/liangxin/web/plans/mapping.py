"""A plan on the map: where each unit lies, which form the plan gives it, and where its organization has its lead unit."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render

from liangxin.registry.access import Action
from liangxin.registry.fields import FORMS
from liangxin.web.accounts.permission import TownRequest, in_town
from liangxin.web.map import tiles
from liangxin.web.map.queries import mover
from liangxin.web.map.views import FORM_LOOKS
from liangxin.web.plans import queries, viewing
from liangxin.web.plans.viewing import Row
from liangxin.web.plans.views import frame_of, run_of
from liangxin.web.ui.language import current
from liangxin.web.units.live import Live, live

Place = tuple[float, float]


@in_town(Action.READ_UNITS)
def index(request: TownRequest, pk: int) -> HttpResponse:
    """Somebody came to see which neighbours the plan puts together, and to move one that lies wrong."""
    run = run_of(request, pk)
    now = live(request.town)
    shown = viewing.view(run, now)
    rows = viewing.readable_rows(request.permit, shown)
    known = _positions(now)
    context = frame_of(request, run) | {
        "areas": [(area.id, area.name, area.units) for area in queries.by_area(shown)],
        "without": sum(row.unit_id not in known for row in rows),
        "looks": [
            {"id": id, "words": FORMS[id].in_language(current()), "shape": shape, "colour": colour}
            for id, (shape, colour) in FORM_LOOKS.items()
            if id in FORMS
        ],
        "tiles": tiles.wanted(),
        "deepest": tiles.DEEPEST,
    }
    return render(request, "plans/map.html", context)


@in_town(Action.READ_UNITS)
def places(request: TownRequest, pk: int) -> JsonResponse:
    """The units that the person may read, with a position, and the organizations of the plan that they are in."""
    run = run_of(request, pk)
    now = live(request.town)
    shown = viewing.view(run, now)
    own = viewing.mine(request.permit, Action.PLAN)
    known = _positions(now)
    rows = [row for row in viewing.readable_rows(request.permit, shown) if row.unit_id in known]
    may = request.permit.may(Action.PLAN)
    return JsonResponse(
        {
            "units": [
                {
                    "id": row.unit_id,
                    "name": row.name,
                    "area": row.area,
                    "form": row.decision.form,
                    "organization": row.decision.organization_id,
                    "reason": row.decision.reason.in_language(current()),
                    "movable": may and (own is None or row.task_group in own),
                    "at": known[row.unit_id],
                }
                for row in rows
            ],
            "organizations": _organizations(rows, known),
        }
    )


def _positions(now: Live) -> dict[str, Place]:
    """unit id -> position as drawn (converted where the tiles are)."""
    move = mover(tiles.datum())
    listed = now.frame.select("unit_id", "lon", "lat").drop_nulls().iter_rows()
    return {unit_id: _rounded(move(lon, lat)) for unit_id, lon, lat in listed}


def _rounded(place: Place) -> Place:
    return round(place[0], 6), round(place[1], 6)


def _organizations(rows: list[Row], known: dict[str, Place]) -> dict[str, dict[str, Any]]:
    """Name and place: the lead unit where it is among the rows, else the middle of the units that are."""
    members: dict[str, list[str]] = {}
    for row in rows:
        if row.organization is not None:
            members.setdefault(row.organization.organization_id, []).append(row.unit_id)
    found = {}
    for row in rows:
        each = row.organization
        if each is None or each.organization_id in found:
            continue
        units = members[each.organization_id]
        if each.host in units:
            place = known[each.host]
        else:
            lon, lat = zip(*(known[unit] for unit in units), strict=True)
            place = _rounded((sum(lon) / len(units), sum(lat) / len(units)))
        found[each.organization_id] = {"name": each.name, "at": place}
    return found
