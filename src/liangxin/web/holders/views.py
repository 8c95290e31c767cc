from __future__ import annotations

import tempfile
from pathlib import Path

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from liangxin.findings import InputError
from liangxin.registry.access import Action
from liangxin.web.accounts.permission import TownRequest, in_town
from liangxin.web.holders import queries, services
from liangxin.web.holders.models import PARTS, Holder
from liangxin.web.policies.queries import today
from liangxin.web.ui.attachment import attachment
from liangxin.web.ui.language import current, told
from liangxin.wording import Text


@in_town(Action.SEE_PERSONAL)
def index(request: TownRequest) -> HttpResponse:
    """Somebody came to see for which units and organizations office holders are entered, or to take the list along."""
    return _page(request)


def _page(request: TownRequest, errors: list[str] | None = None) -> HttpResponse:
    page = Paginator(queries.visible(request.permit), 50).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [(each, queries.shown(request.permit, each)) for each in page.object_list],
        "errors": errors,
        "may_export": request.permit.reach(Action.EXPORT) is request.permit.reach(Action.SEE_PERSONAL),
    }
    return render(request, "holders/index.html", context, status=422 if errors else 200)


@in_town(Action.SEE_PERSONAL)
def panel(request: TownRequest, kind: str, of: str) -> HttpResponse:
    """The office holders of one unit or organization, as a part of its page."""
    if not queries.reaches(request.permit, kind, of):
        if kind == Holder.ORGANIZATION:  # one may read of it, only not its office holders
            return render(request, "holders/_outside.html")
        raise Http404
    return _panel(request, kind, of)


def _panel(request: TownRequest, kind: str, of: str, errors: list[str] | None = None) -> HttpResponse:
    context = {
        "kind": kind,
        "of": of,
        "rows": queries.of(request.permit, kind, of),
        "parts": PARTS.items(),
        "may_edit": queries.reaches(request.permit, kind, of, Action.EDIT_UNITS),
        "errors": errors,
        "given": request.POST if errors else {},
    }
    return render(request, "holders/_panel.html", context, status=422 if errors else 200)


@require_POST
@in_town(Action.SEE_PERSONAL)
def add(request: TownRequest, kind: str, of: str) -> HttpResponse:
    given = (request.POST.get(name, "") for name in ("part", "name", "telephone"))
    try:
        services.add(request.permit, kind, of, *given)
    except InputError as refused:
        return _panel(request, kind, of, told(refused.findings))
    return _panel(request, kind, of)


@require_POST
@in_town(Action.SEE_PERSONAL)
def end(request: TownRequest, pk: int) -> HttpResponse:
    gone = services.end(request.permit, pk)
    if request.htmx:
        return _panel(request, gone.kind, gone.of)
    messages.success(request, Text("已删除", "Removed").in_language(current()))
    return redirect("holders", town=request.town.code)


@in_town(Action.SEE_PERSONAL)
def show(request: TownRequest, pk: int) -> HttpResponse:
    """First the reason is asked for; then name and telephone stand there in full, this once."""
    holder = queries.visible(request.permit).filter(pk=pk).first()
    if holder is None:
        raise Http404
    context = {"holder": queries.shown(request.permit, holder), "kind": holder.kind, "of": holder.of}
    if request.method == "POST":
        try:
            context["full"] = services.show(request.permit, pk, request.POST.get("reason", ""))
        except InputError as refused:
            context["errors"] = told(refused.findings)
    return render(request, "holders/show.html", context, status=422 if context.get("errors") else 200)


@require_POST
@in_town(Action.SEE_PERSONAL)
def export(request: TownRequest) -> HttpResponse:
    name = f"{request.town.name}{Text('职务人员', '-office-holders-').in_language(current())}{today(request.town)}.xlsx"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        try:
            services.export(request.permit, request.POST.get("reason", ""), path)
        except InputError as refused:
            return _page(request, told(refused.findings))
        return attachment(path.read_bytes(), "xlsx", name)
