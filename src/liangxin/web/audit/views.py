from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from liangxin.registry.access import Action
from liangxin.web.accounts.permission import TownRequest, in_town
from liangxin.web.audit import anchors, queries, services, taking
from liangxin.web.audit.queries import Search
from liangxin.web.audit.words import ACTIONS
from liangxin.web.ui.attachment import attachment
from liangxin.web.ui.language import current


@in_town(Action.READ_AUDIT)
def index(request: TownRequest) -> HttpResponse:
    """Somebody asks who did, read or took something, when and why; or wants the record to show to others."""
    wanted = Search.read(request.GET)
    page = Paginator(queries.found(request.permit, wanted), queries.PAGE).get_page(request.GET.get("page"))
    parameters = request.GET.copy()
    parameters.pop("page", None)
    context = {
        "wanted": wanted,
        "rows": queries.rows(request.permit, list(page.object_list)),
        "page": page,
        "people": queries.people_of(request.town),
        "actions": ACTIONS.items(),
        "anchored": anchors.newest(),
        "signer": anchors.fingerprint_of(anchors.made_public_key()),
        "parameters": parameters.urlencode(),
    }
    return render(request, "audit/index.html", context)


@in_town(Action.READ_AUDIT)
def export(request: TownRequest) -> StreamingHttpResponse:
    """What the search found, for Excel."""
    return taking.as_csv(request.permit, Search.read(request.GET), current())


@require_POST
@in_town(Action.READ_AUDIT)
def anchor(request: TownRequest) -> HttpResponse:
    """The chain's end of now, signed, as a file to be kept elsewhere."""
    made = services.anchored_for(request.permit)
    return attachment(anchors.as_text(made).encode(), "json", taking.name_of(made))
