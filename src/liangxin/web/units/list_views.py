from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from liangxin.findings import InputError
from liangxin.registry.access import Action
from liangxin.web.accounts.permission import TownRequest, in_town
from liangxin.web.ui.language import current
from liangxin.web.units import queries, saved
from liangxin.wording import Text


@require_POST
@in_town(Action.READ_UNITS)
def keep(request: TownRequest) -> HttpResponse:
    """Somebody filters the same way every morning: keep filter and columns under a name."""
    query = request.GET.copy()
    query.pop("page", None)
    try:
        kept = saved.save(
            request.permit,
            request.POST.get("name", ""),
            query.urlencode(),
            queries.columns(request, request.permit),
        )
    except InputError as refused:
        for each in refused.findings:
            messages.error(request, each.sentence(current()))
    else:
        words = Text(f"已保存筛选“{kept.name}”", f'The list "{kept.name}" is kept')
        messages.success(request, words.in_language(current()))
    return redirect(f"{reverse('units', kwargs={'town': request.town.code})}?{query.urlencode()}")


@require_POST
@in_town(Action.READ_UNITS)
def forget(request: TownRequest, pk: int) -> HttpResponse:
    """Drop a kept list; the units are not touched."""
    saved.forget(request.permit, pk)
    return redirect("units", town=request.town.code)
