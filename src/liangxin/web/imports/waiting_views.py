from __future__ import annotations

from typing import Final

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from liangxin.findings import InputError
from liangxin.registry.access import Action
from liangxin.web.accounts.permission import TownRequest, in_town
from liangxin.web.imports import actions, waiting
from liangxin.web.imports.models import Import, WaitingValue
from liangxin.web.ui.language import current, told
from liangxin.web.units import previews, sheets
from liangxin.wording import Text

SHOWN: Final = 30


@in_town(Action.IMPORT)
def index(request: TownRequest) -> HttpResponse:
    """Copies came back and say something else than the ledger by now: both values, whose and when, and one of them is taken."""
    return _queue(request)


def _queue(
    request: TownRequest, overtaken: list[str] | None = None, errors: list[str] | None = None
) -> HttpResponse:
    found = waiting.open_values(request.permit)
    sources: dict[Import, list[waiting.Waiting]] = {}
    for each in found:
        sources.setdefault(each.source, []).append(each)
    shown = [
        (
            each,
            waiting.token(request.town, [each]),
            *(
                sheets.shown_value(request.permit, each.field.name, value)
                for value in (each.ledger, each.copy, each.taken)
            ),
        )
        for each in found[:SHOWN]
    ]
    at = request.GET.get("at", "")
    context = {
        "shown": shown,
        "total": len(found),
        "sources": [
            (source, [each.key for each in listed], waiting.token(request.town, listed))
            for source, listed in sources.items()
            if len(listed) > 1
        ],
        "at": int(at) if at.isdigit() and any(str(each.key) == at for each, *_ in shown) else None,
        "overtaken": overtaken,
        "errors": errors,
    }
    status = 409 if overtaken is not None else 422 if errors else 200
    return render(request, "imports/waiting.html", context, status=status)


@require_POST
@in_town(Action.IMPORT)
def decide(request: TownRequest) -> HttpResponse:
    """One value, or all of a copy: kept as the ledger has it, or taken from the copy."""
    keys = [
        int(key) for key in request.POST.getlist("key") if key.isascii() and key.isdigit() and len(key) < 10
    ]
    take = request.POST.get("take", "")
    if take not in (WaitingValue.COPY, WaitingValue.LEDGER) or not keys:
        return redirect("imports-waiting", town=request.town.code)
    order = [each.key for each in waiting.open_values(request.permit)]
    try:
        actions.decide_values(request.permit, keys, take, request.POST.get("seen", ""))
    except previews.StalePreviewError as stale:
        return _queue(request, overtaken=told(previews.findings(stale)[1:]))
    except InputError as refused:
        return _queue(request, errors=told(refused.findings))
    words = (
        Text(
            "已用副本的值，可在“修改记录”里撤销", "The copy's value is taken; it can be undone under Changes"
        )
        if take == WaitingValue.COPY
        else Text("台账不变", "The ledger stays as it is")
    )
    messages.success(request, words.in_language(current()))
    after = order[order.index(keys[-1]) + 1 :] if keys[-1] in order else []
    query = f"?at={after[0]}" if after else ""
    return redirect(reverse("imports-waiting", kwargs={"town": request.town.code}) + query)
