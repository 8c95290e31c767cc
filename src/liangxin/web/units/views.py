from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from liangxin.registry.access import Action
from liangxin.registry.fields import FIELDS
from liangxin.web.accounts.permission import in_town
from liangxin.web.units import queries
from liangxin.web.units.live import live


@in_town(Action.READ_UNITS)
def index(request: HttpRequest) -> HttpResponse:
    """Office and groups came to find units, see what is still 待核, and correct it: tree left, table right."""
    shown = live(request.town)
    wanted = queries.Filter.read(request.GET, shown)
    frame = queries.found(request.permit, shown, wanted)
    page = Paginator(range(frame.height), queries.PAGE_SIZE).get_page(request.GET.get("page"))
    columns = tuple(name for name in queries.DEFAULT_COLUMNS if name in request.permit.fields)
    rows = queries.unit_rows(
        frame.slice((page.number - 1) * queries.PAGE_SIZE, queries.PAGE_SIZE), request.permit, columns
    )
    context = {
        "page": page,
        "total": frame.height,
        "rows": rows,
        "columns": [FIELDS[name] for name in columns],
        "wanted": wanted,
        "choice_filters": [
            (FIELDS[name], wanted.choices.get(name, ""))
            for name in ("kind", "state", "organization_form")
            if name in request.permit.fields
        ],
        "classes": shown.policy.classes,
    }
    if request.htmx:
        return render(request, "units/_table.html", context)
    context["tree"], context["nowhere"] = queries.area_tree(request.permit, shown)
    return render(request, "units/index.html", context)
