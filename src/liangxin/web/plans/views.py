from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from liangxin.findings import InputError
from liangxin.planning.plan import SOLVER_STATUS_WORDS
from liangxin.registry.access import Action, Reach
from liangxin.registry.fields import FORMS
from liangxin.web.accounts.permission import TownRequest, in_town
from liangxin.web.jobs import services as jobs
from liangxin.web.plans import comparing, finding, queries, services, viewing
from liangxin.web.plans.models import PlanRun
from liangxin.web.policies.queries import load, today
from liangxin.web.ui.language import said, told
from liangxin.web.units.live import live
from liangxin.wording import Text


@in_town(Action.READ_UNITS)
def index(request: TownRequest) -> HttpResponse:
    """The office came to start a run, to see which plans there are and what each reaches, and which one is the proposal."""
    return render(request, "plans/index.html", _index(request))


def _index(request: TownRequest, errors: Mapping[str, str] | None = None) -> dict[str, Any]:
    newest = queries.newest_change(request.town)
    day = today(request.town)
    proposal = queries.published(request.town)
    runs = queries.runs(request.town)
    policy = load(request.town)
    return {
        "runs": [
            (
                run,
                queries.targets(request.permit, run, day),
                queries.changed_since(run, newest),
                queries.other_policy(run, policy),
            )
            for run in runs
        ],
        "done": [run for run in runs if run.done],
        "proposal": proposal.pk if proposal else None,
        "may_start": request.permit.reach(Action.PLAN) is Reach.TOWN,
        "solved": SOLVER_STATUS_WORDS,
        "running": services.running(request.permit),
        "errors": errors or {},
        "typed": request.POST if request.method == "POST" else {"time_limit": "60", "seed": "0", "keep": "1"},
        "shortest": services.SHORTEST,
        "longest": services.LONGEST,
    }


def _options(request: TownRequest) -> tuple[services.Options, dict[str, str]]:
    """The form of a run, with all that is wrong in it by field."""
    given = request.POST
    errors: dict[str, str] = {}
    try:
        limit = float(given.get("time_limit", "60").strip() or "60")
    except ValueError:
        limit = math.nan
    if not services.SHORTEST <= limit <= services.LONGEST:
        errors["time_limit"] = said(
            Text(
                f"时限要填{services.SHORTEST}至{services.LONGEST}秒",
                f"The time limit is {services.SHORTEST} to {services.LONGEST} seconds",
            )
        )
    seed = given.get("seed", "0").strip() or "0"
    if not (seed.isascii() and seed.isdecimal() and len(seed) <= 9):
        errors["seed"] = said(
            Text("种子要填0至999999999的整数", "The seed is a whole number from 0 to 999999999")
        )
        seed = "0"
    based_on = None
    if previous := given.get("previous", ""):
        if previous.isascii() and previous.isdecimal() and len(previous) < 15:
            based_on = PlanRun.objects.filter(
                town=request.town, pk=int(previous), finished__isnull=False
            ).first()
        if based_on is None:
            errors["previous"] = said(Text("没有这个已完成的方案", "There is no such finished plan"))
    return services.Options(
        name=given.get("name", "").strip()[:60],
        time_limit=limit,
        seed=int(seed),
        keep_existing=given.get("keep") == "1",
        based_on=based_on,
    ), errors


@require_POST
@in_town(Action.PLAN)
def start(request: TownRequest) -> HttpResponse:
    """Start a run, or say beside each field what is wrong with it."""
    options, errors = _options(request)
    if not errors:
        try:
            services.start(request.permit, options)
        except InputError as refused:
            errors[""] = " ".join(told(refused.findings))
        else:
            messages.success(
                request,
                said(Text("已开始测算，可以离开这个页面", "The run has started; you can leave this page")),
            )
            return redirect("plans", town=request.town.code)
    return render(request, "plans/index.html", _index(request, errors), status=422)


def run_of(request: TownRequest, pk: int, done: bool = True) -> PlanRun:
    run = get_object_or_404(
        PlanRun.objects.select_related("town", "by", "based_on", "job"), pk=pk, town=request.town
    )
    if done and not run.done:
        raise Http404
    return run


def frame_of(request: TownRequest, run: PlanRun) -> dict[str, Any]:
    """What every page of one plan shows at the top."""
    proposal = queries.published(request.town)
    pins, hidden = queries.pins(request.permit, run)
    shown = viewing.view(run, live(request.town))
    names = {row.unit_id: row.name for row in shown.rows}
    leads = {each.host: each.name for each in shown.organizations.values()}
    return {
        "run": run,
        "stale": queries.changed_since(run, live(request.town).seq),
        "other_policy": queries.other_policy(run, live(request.town).policy),
        "is_proposal": proposal is not None and proposal.pk == run.pk,
        "publications": list(run.publications.select_related("by")),
        "may_publish": request.permit.may(Action.PUBLISH),
        "may_plan": request.permit.may(Action.PLAN),
        "may_start": request.permit.reach(Action.PLAN) is Reach.TOWN,
        "pins": [
            (
                pin,
                [(unit_id, names.get(unit_id, unit_id)) for unit_id in pin.units],
                FORMS.get(pin.form),
                leads.get(pin.host, pin.host),
            )
            for pin in pins
        ],
        "hidden_pins": hidden,
        "open_pins": sum(not pin.settled for pin in pins),
        "solved": next(
            (words for status, words in SOLVER_STATUS_WORDS.items() if status == run.status), None
        ),
        "changes": finding.CHANGES,
        "statuses": finding.STATUSES,
        "forms": FORMS,
    }


@in_town(Action.READ_UNITS)
def plan(request: TownRequest, pk: int) -> HttpResponse:
    """Office and leaders came to see what the plan reaches, what it cannot, and what it does in each work area."""
    run = run_of(request, pk, done=False)
    if not run.done:
        return render(request, "plans/waiting.html", {"run": run, "job": run.job})
    shown = viewing.view(run, live(request.town))
    areas = queries.by_area(shown)
    told, hidden = queries.infeasible(request.permit, shown)
    used = [form for form in FORMS if any(area.forms.get(form) for area in areas)]
    return render(
        request,
        "plans/plan.html",
        frame_of(request, run)
        | {
            "targets": queries.targets(request.permit, run, today(request.town)),
            "areas": areas,
            "used": [(form, FORMS[form]) for form in used],
            "totals": {form: sum(area.forms.get(form, 0) for area in areas) for form in used},
            "sums": {
                name: sum(getattr(area, name) for area in areas)
                for name in ("units", "organizations", "new", "moved", "split_off", "conflicts")
            },
            "infeasible": told,
            "hidden_infeasible": hidden,
            "whole": request.permit.reach(Action.READ_UNITS) is Reach.TOWN,
            "organization_counts": [
                (key, finding.STATUSES[key], run.summary["organizations"][key])
                for key in finding.STATUSES
                if key in run.summary.get("organizations", {})
            ],
        },
    )


@in_town(Action.READ_UNITS)
def progress(request: TownRequest, pk: int) -> HttpResponse:
    """The bar of a run, for whoever looks; once it has ended the page is shown anew with what came of it."""
    run = run_of(request, pk, done=False)
    if run.job is None or run.job.ended:
        response = HttpResponse()
        response.headers["HX-Refresh"] = "true"
        return response
    return render(request, "plans/_progress.html", {"run": run, "job": run.job})


@require_POST
@in_town(Action.PLAN)
def cancel(request: TownRequest, pk: int) -> HttpResponse:
    """Stop a run: the office any, others none."""
    run = run_of(request, pk, done=False)
    if request.permit.reach(Action.PLAN) is not Reach.TOWN:
        raise Http404
    if run.job is not None and not run.job.ended:
        jobs.ask_to_cancel(run.job)
        messages.success(request, said(Text("已请求取消", "Asked to cancel")))
    return redirect("plans", town=request.town.code)


@in_town(Action.PUBLISH)
def publish(request: TownRequest, pk: int) -> HttpResponse:
    """Office or leading group came to make this plan the proposal: first what it means, then the button."""
    run = run_of(request, pk)
    if request.method == "POST":
        try:
            services.publish(request.permit, run)
        except InputError as refused:
            messages.error(request, " ".join(told(refused.findings)))
        else:
            messages.success(request, said(Text("已定为建议方案", "It is the proposal now")))
        return redirect("plans-plan", town=request.town.code, pk=run.pk)
    return render(
        request,
        "plans/publish.html",
        {
            "run": run,
            "targets": queries.targets(request.permit, run, today(request.town)),
            "proposal": queries.published(request.town),
            "stale": queries.changed_since(run, live(request.town).seq),
            "open_pins": run.pins.filter(settled=False).count(),
        },
    )


@in_town(Action.READ_UNITS)
def compare(request: TownRequest) -> HttpResponse:
    """The office came to see what one plan does better than another, and which units are placed differently."""
    done = [run for run in queries.runs(request.town) if run.done]
    chosen: list[PlanRun | None] = []
    for name in ("a", "b"):
        given = request.GET.get(name, "")
        number = int(given) if given.isascii() and given.isdecimal() and len(given) < 15 else None
        chosen.append(
            PlanRun.objects.filter(town=request.town, pk=number, finished__isnull=False)
            .select_related("town", "based_on")
            .first()
            if number is not None
            else None
        )
    first, second = chosen
    context: dict[str, Any] = {
        "done": done,
        "first": first,
        "second": second,
        "refused": bool(
            (request.GET.get("a") and first is None) or (request.GET.get("b") and second is None)
        ),
    }
    if first is not None and second is not None:
        side = comparing.compared(request.permit, first, second, live(request.town))
        day = today(request.town)
        context |= {
            "side": side,
            "targets": queries.target_pairs(request.permit, first, second, day),
            "page": Paginator(side.moves, finding.PAGE_SIZE).get_page(request.GET.get("page")),
            "forms": FORMS,
        }
    return render(request, "plans/compare.html", context)
