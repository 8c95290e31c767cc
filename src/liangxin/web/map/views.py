from __future__ import annotations

from typing import Any, Final, TypedDict

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render

from liangxin.registry.access import Action, Reach
from liangxin.registry.fields import FORMS
from liangxin.web.accounts.permission import TownRequest, in_town
from liangxin.web.map import queries, tiles
from liangxin.web.organizations.queries import day_tree
from liangxin.web.plans.queries import published
from liangxin.web.policies.queries import today
from liangxin.web.ui.language import current
from liangxin.web.units.live import live
from liangxin.web.units.queries import readable
from liangxin.wording import Text

TILE_SECONDS: Final = 7 * 86400

# form or class: (shape, colour, letterless words). A shape of its own for each, so that colour is never alone.
FORM_LOOKS: Final = {
    "separate": ("square", "#1f4e79"), "seconded": ("diamond", "#1f4e79"), "park": ("triangle", "#8a5a00"),
    "industry": ("pentagon", "#6a3d8f"), "leader": ("star", "#a8201a"), "zone": ("down", "#0f6f6c"),
    "village": ("hexagon", "#1e6b3a"), "mobile": ("cross", "#4a4f55"), "none": ("circle", "#8c959d"),
    "unknown": ("ring", "#8c959d"),
}  # fmt: skip
CLASS_LOOKS: Final = (
    ("star", "#a8201a"), ("square", "#1f4e79"), ("triangle", "#8a5a00"), ("pentagon", "#6a3d8f"), ("diamond", "#0f6f6c"),
    ("hexagon", "#1e6b3a"), ("down", "#7a4a1d"), ("cross", "#4a4f55"),
)  # fmt: skip
PLAIN: Final = ("circle", "#8c959d")


class LegendEntry(TypedDict):
    """A mark of the map: its shape and colour, and what it means."""

    id: str
    words: Text
    shape: str
    colour: str


@in_town(Action.READ_UNITS)
def index(request: TownRequest) -> HttpResponse:
    """Somebody came to see where the units are, which form or class each has, and how groups lie around their lead unit."""
    shown = live(request.town)
    found = queries.points(request.permit, shown)
    reach = request.permit.reach(Action.READ_UNITS)
    everything = readable(request.permit, shown).height
    classes: list[LegendEntry] = [
        {"id": each.id, "words": each.label, "shape": look[0], "colour": look[1]}
        for each, look in zip(
            shown.policy.classes, (*CLASS_LOOKS, *[PLAIN] * len(shown.policy.classes)), strict=False
        )
    ]
    none = Text("不在以上类别", "in none of these")
    classes.append({"id": "none", "words": none, "shape": PLAIN[0], "colour": PLAIN[1]})
    words = dict(FORMS) | {"unknown": Text("待核", "to verify")}
    legends: dict[str, list[LegendEntry]] = {
        "form": [
            {"id": id, "words": words[id], "shape": shape, "colour": colour}
            for id, (shape, colour) in FORM_LOOKS.items()
        ],
        "class": classes,
    }
    context: dict[str, Any] = {
        "placed": found.height,
        "without": everything - found.height,
        "everything": everything,
        "own_only": reach is Reach.GROUP,
        "work_areas": [area for area in request.town.as_core().areas if area.kind == "work_area"],
        "legends": legends,
        "looks": {
            name: [{**each, "words": each["words"].in_language(current())} for each in entries]
            for name, entries in legends.items()
        },
        "proposed": published(request.town) is not None,
        "tiles": tiles.wanted(),
        "shifted": tiles.datum() is tiles.Datum.GCJ02,
        "deepest": tiles.DEEPEST,
    }
    return render(request, "map/index.html", context)


@in_town(Action.READ_UNITS)
def units(request: TownRequest) -> HttpResponse:
    """The readable units with a position, as GeoJSON: no person, no count."""
    found = queries.points(request.permit, live(request.town))
    standing = day_tree(request.town, today(request.town))
    return HttpResponse(
        queries.units_geojson(found, queries.groups(request.town, standing), tiles.datum()),
        content_type="application/geo+json",
    )


@in_town(Action.READ_UNITS)
def areas(request: TownRequest) -> HttpResponse:
    made = queries.areas_geojson(request.town.as_core(), tiles.datum())
    return JsonResponse(made, content_type="application/geo+json")


@in_town(Action.READ_UNITS)
def tile(request: TownRequest, z: int, x: int, y: int) -> HttpResponse:
    """One tile through this site; without a tile server nothing is asked of anybody."""
    if not tiles.wanted():
        raise Http404
    try:
        found = tiles.fetch(z, x, y)
    except tiles.TileError as failed:
        return HttpResponse(
            failed.said.in_language(current()), status=502, content_type="text/plain; charset=utf-8"
        )
    if found is None:
        raise Http404
    response = HttpResponse(found.body, content_type=found.kind)
    response.headers["Cache-Control"] = f"private, max-age={TILE_SECONDS}"
    return response
