"""Going through a plan unit by unit: the list, where a unit could go, what a move costs, and the draft of the next run."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from liangxin.findings import InputError
from liangxin.registry.access import Action, Reach
from liangxin.web.accounts.permission import TownRequest, in_town
from liangxin.web.plans import finding, queries, services, trying, viewing
from liangxin.web.plans.arranged import laid
from liangxin.web.plans.models import PlanPin, PlanRun
from liangxin.web.plans.views import frame_of, run_of
from liangxin.web.ui.language import said, told
from liangxin.web.units.live import live
from liangxin.wording import Text


@in_town(Action.READ_UNITS)
def arrange(request: TownRequest, pk: int) -> HttpResponse:
    """Somebody came to go through the organizations of an area, see why each unit is where it is, and move some."""
    run = run_of(request, pk)
    now = live(request.town)
    shown = viewing.view(run, now)
    wanted = finding.Filter.read(request.GET, shown)
    rows = finding.found(request.permit, shown, wanted, now)
    page = Paginator(rows, finding.PAGE_SIZE).get_page(request.GET.get("page"))
    own = viewing.mine(request.permit, Action.PLAN)
    return render(
        request,
        "plans/list.html",
        frame_of(request, run)
        | {
            "wanted": wanted,
            "page": page,
            "total": len(rows),
            "groups": finding.grouped(request.permit, shown, list(page.object_list)),
            "movable": {
                row.unit_id
                for row in page.object_list
                if request.permit.may(Action.PLAN) and (own is None or row.task_group in own)
            },
            "areas": [(area.id, area.name, area.units) for area in queries.by_area(shown)],
            "whole": request.permit.reach(Action.READ_UNITS) is Reach.TOWN,
            "plan_organizations": {key: each.name for key, each in shown.organizations.items()},
            "hosts": {
                each.host: each.name for each in shown.organizations.values() if each.status != "dissolved"
            },
        },
    )


@in_town(Action.PLAN)
def choices(request: TownRequest, pk: int) -> JsonResponse:
    """Where one unit could go, for the plain list of keyboard and phone."""
    run = run_of(request, pk)
    now = live(request.town)
    plan = laid(run, now)
    try:
        services.proposed_pin(request.permit, plan, PlanPin.PIN, [request.GET.get("unit", "")], "form:none")
    except InputError as refused:
        return JsonResponse({"error": " ".join(told(refused.findings))}, status=422)
    listed = queries.choices(request.permit, plan, viewing.view(run, now), request.GET["unit"])
    groups = [
        {"label": said(label), "choices": [(target, said(words)) for target, words in options]}
        for label, options in listed
    ]
    return JsonResponse({"groups": groups})


@require_POST
@in_town(Action.PLAN)
def try_move(request: TownRequest, pk: int) -> JsonResponse:
    """What a move would cost and break, before anything is kept."""
    run = run_of(request, pk)
    try:
        found = trying.tried(request.permit, run, *_move(request))
    except InputError as refused:
        return JsonResponse({"error": " ".join(told(refused.findings))}, status=422)
    result = found.result
    before, after, needed = result.established
    return JsonResponse(
        {
            "title": said(found.title),
            "moves": found.pin.kind == PlanPin.PIN,
            "extra": f"{result.extra:+.2f}",
            "total": f"{result.total:,.2f}",
            "broken": [said(each) for each in result.broken],
            "mended": [said(each) for each in result.mended],
            "refused": [said(each) for each in result.refused],
            "established": said(
                Text(
                    f"总体组建 {before:,} → {after:,} 家，需要 {needed:,} 家",
                    f"Established {before:,} → {after:,}; {needed:,} needed",
                )
            ),
        }
    )


def _move(request: HttpRequest) -> tuple[str, list[str], str]:
    """Kind, units and target as the form sends them."""
    sent = request.POST
    return sent.get("kind", PlanPin.PIN), sent.getlist("unit"), sent.get("target", "")


@require_POST
@in_town(Action.PLAN)
def keep_pin(request: TownRequest, pk: int) -> HttpResponse:
    """Confirm: the pin goes into the draft of the next run."""
    run = run_of(request, pk)
    try:
        trying.kept(request.permit, run, *_move(request))
    except InputError as refused:
        messages.error(request, " ".join(told(refused.findings)))
    else:
        messages.success(request, said(Text("已记入草稿", "Added to the draft")))
    return _back(request, run)


@require_POST
@in_town(Action.PLAN)
def remove_pin(request: TownRequest, pk: int, pin: int) -> HttpResponse:
    run = run_of(request, pk)
    found = get_object_or_404(PlanPin, pk=pin, run=run)
    if found not in queries.pins(request.permit, run)[0]:
        raise Http404
    try:
        services.drop_pin(request.permit, found)
    except InputError as refused:
        messages.error(request, " ".join(told(refused.findings)))
    return _back(request, run)


def _back(request: TownRequest, run: PlanRun) -> HttpResponse:
    """To the list as it was filtered."""
    from django.http import QueryDict
    from django.urls import reverse

    given = QueryDict(request.POST.get("back", "").lstrip("?")[:500])
    page = "plans-map" if request.POST.get("to") == "map" else "plans-list"
    address = reverse(page, kwargs={"town": request.town.code, "pk": run.pk})
    return redirect(f"{address}?{given.urlencode()}" if given else address)
