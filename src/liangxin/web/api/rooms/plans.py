"""Plans: read, and made; runs, what one reaches, moves tried and kept as pins, two side by side, what-if, publishing."""

from __future__ import annotations

from typing import Any, Final

from django.http import Http404, HttpRequest
from ninja import Query, Router

from liangxin.findings import Finding, InputError
from liangxin.policy.model import Policy
from liangxin.registry.access import Action, Reach
from liangxin.web.accounts.permission import Permit
from liangxin.web.api import reads
from liangxin.web.api.reads import job_out, run_out
from liangxin.web.api.rooms.plan_schemas import (
    ComparedOut,
    DestinationsOut,
    FiguresOut,
    MovedUnitOut,
    MoveIn,
    PinsOut,
    PlanAreaOut,
    RunIn,
    TrialOut,
    WhatIfIn,
    WhatIfOut,
)
from liangxin.web.api.schemas import (
    JobOut,
    Key,
    PageNumber,
    PageSize,
    PlanDetailOut,
    PlanFilter,
    PlanOut,
    Refusal,
    RunNumber,
    TownCode,
    UnitId,
)
from liangxin.web.api.service import REFUSED, TOWN, allowed
from liangxin.web.jobs import services as jobs
from liangxin.web.plans import comparing, queries, services, trying, viewing, whatif
from liangxin.web.plans.arranged import laid
from liangxin.web.plans.models import PlanPin, PlanRun
from liangxin.web.policies.queries import today
from liangxin.web.units.live import live
from liangxin.wording import Text

router = Router(tags=["plans"])
ONE = f"{TOWN}/plans/{{number}}"
NO_PARAMETER: Final = Text("政策里没有这个参数", "The policy has no such parameter")


@router.get(f"{TOWN}/plans", response={200: list[PlanOut], **REFUSED})
def plans(request: HttpRequest, town: TownCode) -> Any:
    return reads.plan_list(allowed(request, town, Action.READ_UNITS))


@router.get(f"{TOWN}/plans/published", response={200: PlanDetailOut, **REFUSED})
def published_plan(
    request: HttpRequest,
    town: TownCode,
    wanted: Query[PlanFilter],
    page: PageNumber = 1,
    size: PageSize = 50,
) -> Any:
    return reads.published(allowed(request, town, Action.READ_UNITS), wanted.model_dump(), page, size)


@router.get(f"{TOWN}/plans/{{number}}", response={200: PlanDetailOut, **REFUSED})
def plan(
    request: HttpRequest,
    town: TownCode,
    number: Key,
    wanted: Query[PlanFilter],
    page: PageNumber = 1,
    size: PageSize = 50,
) -> Any:
    return reads.plan(allowed(request, town, Action.READ_UNITS), number, wanted.model_dump(), page, size)


@router.post(f"{TOWN}/plans", response={200: PlanOut, 409: Refusal, **REFUSED})
def start_plan(request: HttpRequest, town: TownCode, body: RunIn) -> Any:
    """Start a run for the whole town. 409 while another is under way."""
    permit = allowed(request, town, Action.PLAN)
    based_on = _run(permit, body.based_on) if body.based_on is not None else None
    options = services.Options(body.name.strip(), body.time_limit, body.seed, body.keep_existing, based_on)
    return run_out(services.start(permit, options), queries.published(permit.town))


@router.get(f"{ONE}/job", response={200: JobOut, **REFUSED})
def plan_job(request: HttpRequest, town: TownCode, number: Key) -> Any:
    """How far a run is."""
    run = _run(allowed(request, town, Action.READ_UNITS), number, done=False)
    if run.job is None:
        raise Http404
    return job_out(run.job)


@router.post(f"{ONE}/cancel", response={200: JobOut, **REFUSED})
def cancel_plan(request: HttpRequest, town: TownCode, number: Key) -> Any:
    """Stop a run: the office any, others none. One that has ended stays as it is."""
    permit = allowed(request, town, Action.PLAN)
    run = _run(permit, number, done=False)
    if permit.reach(Action.PLAN) is not Reach.TOWN or run.job is None:
        raise Http404
    if not run.job.ended:
        jobs.ask_to_cancel(run.job)
        run.job.refresh_from_db()
    return job_out(run.job)


@router.post(f"{ONE}/publish", response={200: PlanOut, **REFUSED})
def publish_plan(request: HttpRequest, town: TownCode, number: Key) -> Any:
    """Make it the town's proposal. The ledger is not changed by it."""
    permit = allowed(request, town, Action.PUBLISH)
    run = _run(permit, number)
    services.publish(permit, run)
    return run_out(run, run)


@router.get(f"{ONE}/figures", response={200: FiguresOut, **REFUSED})
def plan_figures(request: HttpRequest, town: TownCode, number: Key) -> Any:
    """What a plan reaches, what it does in each work area, and what it cannot meet."""
    permit = allowed(request, town, Action.READ_UNITS)
    run = _run(permit, number)
    now = live(permit.town)
    shown = viewing.view(run, now)
    told, hidden = queries.infeasible(permit, shown)
    names = PlanAreaOut.model_fields
    return {
        **run_out(run, queries.published(permit.town)),
        "stale": queries.changed_since(run, now.seq),
        "other_policy": queries.other_policy(run, now.policy),
        "targets": [
            {
                "id": each.id,
                "label": each.label.as_dict(),
                "target": each.after.target,
                "due": each.after.due,
                "withheld": each.after.rate.hidden,
                "before": reads.rate_out(each.before.rate),
                "after": reads.rate_out(each.after.rate),
            }
            for each in queries.targets(permit, run, today(permit.town))
        ],
        "areas": [{name: getattr(area, name) for name in names} for area in queries.by_area(shown)],
        "out_of_reach": [
            {"clause": each.clause, "message": each.text.as_dict(), "units": list(each.unit_ids)}
            for _, each in told
        ],
        "hidden": hidden,
    }


@router.get(f"{ONE}/units/{{unit_id}}/places", response={200: list[DestinationsOut], **REFUSED})
def plan_places(request: HttpRequest, town: TownCode, number: Key, unit_id: UnitId) -> Any:
    """Where one of your units could go in this plan, with the ``target`` for a move."""
    permit = allowed(request, town, Action.PLAN)
    run = _run(permit, number)
    now = live(permit.town)
    plan = laid(run, now)
    services.proposed_pin(permit, plan, PlanPin.PIN, [unit_id], "form:none")
    return [
        {
            "label": label.as_dict(),
            "places": [{"target": target, "words": words.as_dict()} for target, words in listed],
        }
        for label, listed in queries.choices(permit, plan, viewing.view(run, now), unit_id)
    ]


@router.post(f"{ONE}/trial", response={200: TrialOut, **REFUSED})
def try_move(request: HttpRequest, town: TownCode, number: Key, body: MoveIn) -> Any:
    """What a move would cost and break on top of the draft; nothing is kept."""
    permit = allowed(request, town, Action.PLAN)
    found = trying.tried(permit, _run(permit, number), body.kind, body.units, body.target)
    result = found.result
    return {
        "title": found.title.as_dict(),
        "extra": result.extra,
        "total": result.total,
        "established": result.established,
        **{
            name: [each.as_dict() for each in getattr(result, name)]
            for name in ("broken", "mended", "refused")
        },
    }


@router.get(f"{ONE}/pins", response={200: PinsOut, **REFUSED})
def pins(request: HttpRequest, town: TownCode, number: Key) -> Any:
    """The draft of the next run based on this plan."""
    permit = allowed(request, town, Action.READ_UNITS)
    return _pins(permit, _run(permit, number))


@router.post(f"{ONE}/pins", response={200: PinsOut, **REFUSED})
def keep_pin(request: HttpRequest, town: TownCode, number: Key, body: MoveIn) -> Any:
    """Keep a move in the draft; a new word on where a unit goes replaces the older one."""
    permit = allowed(request, town, Action.PLAN)
    run = _run(permit, number)
    trying.kept(permit, run, body.kind, body.units, body.target)
    return _pins(permit, run)


@router.delete(f"{ONE}/pins/{{pk}}", response={200: PinsOut, **REFUSED})
def drop_pin(request: HttpRequest, town: TownCode, number: Key, pk: Key) -> Any:
    """Take a pin out of the draft."""
    permit = allowed(request, town, Action.PLAN)
    run = _run(permit, number)
    found = next((each for each in queries.pins(permit, run)[0] if each.pk == pk), None)
    if found is None:
        raise Http404
    services.drop_pin(permit, found)
    return _pins(permit, run)


@router.get(f"{TOWN}/plans-compared", response={200: ComparedOut, **REFUSED})
def compare(
    request: HttpRequest,
    town: TownCode,
    first: RunNumber,
    second: RunNumber,
    page: PageNumber = 1,
    size: PageSize = 50,
) -> Any:
    """Two plans by their numbers: targets, cost by term, and the units that they place differently."""
    permit = allowed(request, town, Action.READ_UNITS)
    one, two = (_run(permit, number) for number in (first, second))
    side = comparing.compared(permit, one, two, live(permit.town))
    return {
        "targets": [
            {
                "id": either.id,
                "withheld": any(each.after.rate.hidden for each in (before, after) if each),
                "first": reads.rate_out(before.after.rate) if before else None,
                "second": reads.rate_out(after.after.rate) if after else None,
            }
            for before, after in queries.target_pairs(permit, one, two, today(permit.town))
            if (either := before or after)
        ],
        "terms": [
            {"label": label.as_dict(), "first": before, "second": after}
            for label, before, after in side.terms
        ],
        "totals": side.totals,
        "total": len(side.moves),
        "page": page,
        "moves": [
            {name: getattr(each, name) for name in MovedUnitOut.model_fields}
            for each in side.moves[(page - 1) * size : page * size]
        ],
        "hidden": side.hidden,
    }


@router.post(f"{TOWN}/what-if", response={200: WhatIfOut, **REFUSED})
def what_if(
    request: HttpRequest, town: TownCode, body: WhatIfIn, page: PageNumber = 1, size: PageSize = 50
) -> Any:
    """If a number of the policy were another: who would be asked for what, on the ledger of now."""
    import polars as pl

    permit = allowed(request, town, Action.READ_UNITS)
    now = live(permit.town)
    changed = _asked(now.policy, body.parameters)
    moved = whatif.moved(permit.town, now, changed)
    said = whatif.told(permit, now, moved)
    mine, every = said.mine.filter(pl.col("aspect") == body.aspect), said.counts[body.aspect]
    return {
        "counts": said.counts,
        "rates": [
            {
                "id": each.id,
                "withheld": any(rate.hidden for rate in (before, after) if rate),
                "before": before and reads.rate_out(before),
                "after": after and reads.rate_out(after),
            }
            for each, before, after in said.rates
        ],
        "total": mine.height,
        "page": page,
        "units": [
            {
                "unit_id": row["unit_id"],
                "name": row["name"],
                "before": whatif.words(moved.before, body.aspect, row["before"]).as_dict(),
                "after": whatif.words(moved.after, body.aspect, row["after"]).as_dict(),
            }
            for row in mine.slice((page - 1) * size, size).iter_rows(named=True)
        ],
        "hidden": None if every is None else every - mine.height,
    }


def _asked(policy: Policy, parameters: dict[str, bool | float]) -> list[whatif.Asked]:
    """The parameters that would be others. InputError with every one that there is not, or that cannot be so."""
    words = {id: whatif.shown(value) for id, value in parameters.items()}
    asked = {
        each.parameter.id: each
        for each in whatif.read(policy, {f"p-{id}": typed for id, typed in words.items()})
    }
    findings = [
        Finding("what-if-parameter", NO_PARAMETER, found=id, column_of=id) for id in words if id not in asked
    ]
    findings += [
        Finding("what-if-value", each.wrong, found=each.typed, column_of=id)
        for id, each in asked.items()
        if each.wrong is not None
    ]
    if findings:
        raise InputError(findings)
    changed = [each for each in asked.values() if each.changed]
    if not changed:
        raise InputError.of("what-if-same", "没有要改的数", "No number would be another one")
    return changed


def _run(permit: Permit, number: int, done: bool = True) -> PlanRun:
    rows = PlanRun.objects.select_related("town", "by", "based_on", "job")
    run = rows.filter(town=permit.town, number=number).first()
    if run is None or (done and not run.done):
        raise Http404
    return run


def _pins(permit: Permit, run: PlanRun) -> dict[str, Any]:
    shown, hidden = queries.pins(permit, run)
    return {
        "pins": [
            {"id": each.pk, "by": str(each.by)}
            | {name: getattr(each, name) for name in ("kind", "units", "form", "host", "at", "settled")}
            for each in shown
        ],
        "hidden": hidden,
    }
