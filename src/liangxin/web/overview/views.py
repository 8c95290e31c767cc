from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from liangxin.registry.access import Action
from liangxin.web.accounts.permission import in_town
from liangxin.web.policies.queries import today
from liangxin.web.ui.rates import RateRow
from liangxin.web.units.live import live


@in_town(Action.SEE_FIGURES)
def index(request: HttpRequest) -> HttpResponse:
    """A leader came to see where we stand against the five targets, who is behind and why, and what waits."""
    from liangxin.coverage import count

    shown = live(request.town)
    rates = count(shown.classified)
    rows = [
        RateRow(each.id, each.label, rates[each.id], each.target, each.due, today(request.town))
        for each in shown.policy.indicators
    ]
    return render(request, "overview/index.html", {"rows": rows})
