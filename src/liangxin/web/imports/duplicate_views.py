from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from liangxin.findings import InputError
from liangxin.registry.access import Action
from liangxin.registry.fields import FIELDS
from liangxin.registry.merging import IDENTITY, choose_sides
from liangxin.web.accounts.permission import TownRequest, in_town
from liangxin.web.imports import actions, services
from liangxin.web.ui.language import current, told
from liangxin.web.units import previews, sheets
from liangxin.web.units.models import Unit
from liangxin.wording import Text

SHOWN: Final = 30
ALWAYS: Final = ("unit_id", "uscc", "name", "kind", "state", "village", "surveyed_on")
"""Fields that are shown also where both rows say the same: by them one sees whether the two are one."""


@in_town(Action.IMPORT)
def duplicates(request: TownRequest) -> HttpResponse:
    """Somebody came to decide which rows are one and the same unit, field by field; every decision can be taken back."""
    return _queue(request)


def _queue(request: TownRequest, overtaken: list[str] | None = None) -> HttpResponse:
    pairs, total = services.duplicates(request.town, limit=SHOWN)
    compared = [
        (pair, _cells(request, pair), actions.pair_token(request.town, pair.first, pair.second))
        for pair in pairs
    ]
    context = {"compared": compared, "total": total, "overtaken": overtaken}
    return render(request, "imports/duplicates.html", context, status=200 if overtaken is None else 409)


def _cells(request: TownRequest, pair: services.Pair) -> list[tuple[Any, ...]]:
    """Each field that tells the two apart: both values, and which is taken unless somebody picks the other; "" where the
    row that stays decides."""
    facts = [{name: getattr(unit, name) for name in FIELDS} for unit in (pair.first, pair.second)]
    sides = choose_sides(facts[0], facts[1], "first")
    other = choose_sides(facts[0], facts[1], "second")
    return [
        (
            field,
            *(sheets.shown_value(request.permit, name, each[name]) for each in facts),
            name in sides,
            sides.get(name, "") if sides.get(name) == other.get(name) and name not in IDENTITY else "",
        )
        for name, field in FIELDS.items()
        if name in request.permit.fields and (name in sides or name in ALWAYS)
    ]


@require_POST
@in_town(Action.IMPORT)
def decide(request: TownRequest) -> HttpResponse:
    first, second = request.POST.get("first", ""), request.POST.get("second", "")
    units = {
        unit.unit_id: unit for unit in Unit.objects.filter(town=request.town, unit_id__in=[first, second])
    }
    if len(units) != 2:
        messages.error(
            request, Text("这两家不在名单里", "These two are not in the list").in_language(current())
        )
    elif request.POST.get("verdict") == "apart":
        services.set_apart(request.town, request.user, first, second)
    else:
        keep, drop = (first, second) if request.POST.get("verdict") == "first" else (second, first)
        sides = {"first": units[first], "second": units[second]}
        picks = {
            name: sides[side] for name in FIELDS if (side := request.POST.get(f"pick-{name}", "")) in sides
        }
        try:
            actions.merge_units(
                request.permit, units[keep], units[drop], picks, request.POST.get("seen") or None
            )
        except previews.StalePreviewError as stale:
            return _queue(request, told(previews.findings(stale)[1:]))
        except InputError as refused:
            messages.error(request, refused.findings[0].sentence(current()))
        else:
            words = Text("已合并，可在“修改记录”里撤销", "Merged; it can be undone under Changes")
            messages.success(request, words.in_language(current()))
    return redirect("imports-duplicates", town=request.town.code)
