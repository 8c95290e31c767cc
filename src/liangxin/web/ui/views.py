from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from liangxin.web.accounts.permission import permit, require_user, towns_of
from liangxin.web.administration.queries import administers_every_town
from liangxin.web.ui.returning import go_back


@login_required
def start(request: HttpRequest) -> HttpResponse:
    """One town: straight to its overview. Several (a county): where each of them stands. None: say whom to ask."""
    user = require_user(request)
    towns = list(towns_of(user))
    if len(towns) == 1:
        return redirect("overview", town=towns[0].code)
    from liangxin.web.overview import queries

    listed = queries.towns([permit(user, town) for town in towns])
    targets = {row.id: row for _, rates in listed for row in rates.values()}
    context = {
        "may_make": administers_every_town(user),
        "towns": [(town, [(row, rates.get(row.id)) for row in targets.values()]) for town, rates in listed],
        "targets": targets.values(),
    }
    return render(request, "ui/towns.html", context)


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    response = go_back(request, request.POST.get("next", "/"), "/")
    chosen = "en" if request.POST.get("language") == "en" else "zh-hans"
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME, chosen, max_age=365 * 86400, samesite="Lax", httponly=True
    )
    return response


def nothing_here(request: HttpRequest) -> HttpResponse:
    """An address of the sign-in library that this site does not offer."""
    raise Http404
