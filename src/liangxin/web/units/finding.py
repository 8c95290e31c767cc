"""One unit for one person: those they may not reach do not exist for them."""

from __future__ import annotations

from django.http import Http404
from django.shortcuts import get_object_or_404

from liangxin.registry.access import Action, Reach
from liangxin.web.accounts.permission import Permit, TownRequest
from liangxin.web.units.live import Live, live
from liangxin.web.units.models import Unit


def unit_for(request: TownRequest, unit_id: str, action: Action) -> Unit:
    """The unit, if the person may do this to it; otherwise 404."""
    if not may_reach(request.permit, live(request.town), unit_id, action):
        raise Http404
    return get_object_or_404(Unit, town=request.town, unit_id=unit_id)


def may_reach(permit: Permit, shown: Live, unit_id: str, action: Action) -> bool:
    """Whether the unit is among those of ``queries.readable``, without gathering them all."""
    number = shown.number_of(unit_id)
    reach, groups = permit.scope(action)
    if number is None or reach is Reach.NONE:
        return False
    return reach is Reach.TOWN or shown.frame["task_group"][number] in groups
