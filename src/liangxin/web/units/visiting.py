"""A visit at the door: what is still unclear of one unit, asked in the order of the eight clears, and the day."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from liangxin.registry.access import Action
from liangxin.registry.fields import FIELDS
from liangxin.web.accounts.permission import TownRequest, in_town
from liangxin.web.policies.queries import today
from liangxin.web.ui.language import current
from liangxin.web.units import sheets
from liangxin.web.units.finding import unit_for
from liangxin.web.units.live import live
from liangxin.web.units.models import Unit
from liangxin.web.units.saving import save_form
from liangxin.wording import Text

# Asked at the door besides the eight clears: what the organization depends on (3.2, 2.1) and the four haves (4.4).
BESIDES: Final = ("mobile_members", "graduate_mobile_members", "applicants", "secretary_candidate", "conditions_mature",
                  "reason_none", "union", "youth_league", "womens_federation", "owner_trained_on")  # fmt: skip


@in_town(Action.EDIT_UNITS)
def visit(request: TownRequest, unit_id: str) -> HttpResponse:
    """A task group member stands at the door with a phone: fill in what is not clear, save, go to the next."""
    found = unit_for(request, unit_id, Action.EDIT_UNITS)
    if request.method != "POST":
        return render(request, "units/visit.html", _page(request, found, {}))
    title = Text(f"走访{found.name}", f"Visit to {found.name}")
    outcome = save_form(request.permit, found, request.POST, "visit", title)
    if outcome.done is not None:
        words = Text(f"已登记走访：{found.name}", f"The visit to {found.name} is recorded")
        messages.success(request, words.in_language(current()))
        for each in outcome.warnings[:5]:
            messages.warning(request, each.sentence(current()))
        return redirect(
            f"{reverse('units', kwargs={'town': request.town.code})}?{request.GET.urlencode() or 'unclear=any'}"
        )
    context = _page(request, found, dict(outcome.typed)) | {
        "errors": [(each.column_of, each.sentence(current())) for each in outcome.errors],
        "wrong_fields": {each.column_of for each in outcome.errors},
        "clashes": outcome.clashes,
    }
    return render(request, "units/visit.html", context, status=422 if outcome.errors else 409)


def _page(request: TownRequest, found: Unit, typed: dict[str, str]) -> dict[str, Any]:
    shown = live(request.town)
    row = shown.row_of(found.unit_id).row(0, named=True)
    open_items, clear_items, asked = [], [], set[str]()
    for item in shown.policy.clears:
        fields = [name for name in item.fields if name in FIELDS]
        if item.id in (row["not_clear"] or []):
            open_items.append((item.label, sheets.inputs(request.permit, found, fields, typed, True)))
            asked |= set(fields)
        elif item.id in (row["clear"] or []):
            clear_items.append((item.label, fields))
    known = [
        (
            label,
            sheets.inputs(request.permit, found, [each for each in fields if each not in asked], typed, True),
        )
        for label, fields in clear_items
    ]
    besides = [name for name in BESIDES if name not in asked]
    day = today(request.town).isoformat()
    return {
        "unit": found,
        "open_items": open_items,
        "known": known,
        "besides": sheets.inputs(request.permit, found, besides, typed, True),
        "last": sheets.inputs(
            request.permit, found, ("surveyed_on", "remark"), {"surveyed_on": day} | typed, True
        ),
        "visited": found.surveyed_on,
    }
