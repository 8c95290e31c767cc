from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from liangxin.registry.access import Action
from liangxin.web.accounts.permission import in_town
from liangxin.web.policies import reading
from liangxin.web.policies.queries import today
from liangxin.web.policies.timeline import timeline
from liangxin.web.units.live import live


@in_town(Action.SEE_FIGURES)
def index(request: HttpRequest) -> HttpResponse:
    """Somebody was asked "by which rule?": every rule in words, its clause beside it, and how many units it holds now."""
    shown = live(request.town)
    policy = shown.policy
    day = today(request.town)
    stages, now, span = timeline(policy, day)
    made = reading.sections(request.permit, shown)
    context = {
        "policy": policy,
        "day": day,
        "overlays": reading.overlay_titles(policy),
        "sections": made,
        "withheld": any(each.withheld for section in made for rule in section.rules for each in rule.numbers),
        "stages": stages,
        "now": now,
        "span": span,
        "parameters": reading.parameters(policy),
        "clauses": reading.clauses(policy, made),
        "whole_town": not request.permit.may(Action.READ_UNITS)
        or request.permit.reach(Action.READ_UNITS).name == "TOWN",
    }
    return render(request, "policies/index.html", context)
