"""One unit for one person: those they may not reach do not exist for them."""

from __future__ import annotations

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from liangxin.registry.access import Action
from liangxin.web.units import queries
from liangxin.web.units.live import live
from liangxin.web.units.models import Unit


def unit_for(request: HttpRequest, unit_id: str, action: Action) -> Unit:
    """The unit, if the person may do this to it; otherwise 404."""
    import polars as pl

    mine = queries.readable(request.permit, live(request.town), action)
    if mine.filter(pl.col("unit_id") == unit_id).is_empty():
        raise Http404
    return get_object_or_404(Unit, town=request.town, unit_id=unit_id)
