"""Start a run, do it as a job, keep a draft of pins, publish."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any, Final

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from liangxin.findings import InputError
from liangxin.registry.access import Action, Reach
from liangxin.web.accounts import two_step
from liangxin.web.accounts.permission import Permit
from liangxin.web.audit.services import record
from liangxin.web.jobs import services as jobs
from liangxin.web.jobs.models import Job
from liangxin.web.plans import trial
from liangxin.web.plans.arranged import Laid, plan_of
from liangxin.web.plans.models import PlanPin, PlanRun, Publication
from liangxin.web.policies.queries import chosen
from liangxin.web.units.live import live
from liangxin.wording import Text

LONGEST: Final = 1800  # seconds a run may take
SHORTEST: Final = 5
MOST_TOGETHER: Final = 50  # units that one "apart" may name
STAGES: Final = {
    "relax": Text("求下界", "Finding the bound"),
    "search": Text("找最好的安排", "Looking for the best arrangement"),
    "done": Text("写出理由", "Writing the reasons"),
}


@dataclass(frozen=True, slots=True)
class Options:
    name: str = ""
    time_limit: float = 60.0
    seed: int = 0
    keep_existing: bool = True
    based_on: PlanRun | None = None


def running(permit: Permit) -> PlanRun | None:
    """The run that waits or works now, if there is one."""
    found: PlanRun | None = PlanRun.objects.filter(
        town=permit.town, job__state__in=(Job.QUEUED, Job.RUNNING)
    ).first()
    return found


def start(permit: Permit, options: Options) -> PlanRun:
    """Queue a run. A run plans the whole town, so a group's own reach does not do; one at a time for a town."""
    permit.require(Action.PLAN)
    if permit.reach(Action.PLAN) is not Reach.TOWN:
        raise InputError.of(
            "plan-reach",
            "测算由组织办启动；推进组可以提出调整",
            "The office starts runs; groups may propose moves",
        )
    if running(permit) is not None:
        raise InputError.of(
            "plan-running",
            "已有一个方案正在测算，请等它完成或先取消",
            "A run is under way; wait for it or cancel it",
        )
    if live(permit.town).frame.is_empty():
        raise InputError.of(
            "plan-empty", "台账还是空的，先导入单位再测算", "The ledger is empty; import units first"
        )
    with transaction.atomic():
        pins = list(options.based_on.pins.all()) if options.based_on else []
        run = PlanRun.objects.create(
            town=permit.town,
            number=1 + (PlanRun.objects.filter(town=permit.town).aggregate(last=Max("number"))["last"] or 0),
            name=options.name,
            by=permit.user,
            based_on=options.based_on,
            options={
                "time_limit": options.time_limit,
                "seed": options.seed,
                "keep_existing": options.keep_existing,
            },
        )
        for pin in pins:
            PlanPin.objects.create(
                run=run, kind=pin.kind, units=pin.units, form=pin.form, host=pin.host, by=pin.by, settled=True
            )
        run.job = jobs.start(
            permit.town,
            permit.user,
            "plan",
            Text(f"测算{run.label.zh}", f"Solve {run.label.en}"),
            {"run": run.pk},
        )
        run.save()
        record(permit.user, permit.town, "plan.start", "plan", run.pk)
    return run


class _AskedToStop:
    """What the solver looks at between its steps: it also tells the job that the worker is alive."""

    def __init__(self, progress: jobs.Progress) -> None:
        self._progress = progress
        self.share = 0.1

    @property
    def requested(self) -> bool:
        self._progress(self.share)  # raises jobs.Cancelled when the person asked
        return False


def run_plan(job: Job, progress: jobs.Progress) -> dict[str, Any]:
    """The job. Running it twice is safe: a finished run is left as it is."""
    from liangxin.engine.town_run import run_town
    from liangxin.files.plan_json import plan_document
    from liangxin.planning.options import PlanOptions

    run = PlanRun.objects.select_related("town", "based_on").get(pk=job.payload["run"])
    if run.done:
        return {"run": run.pk}
    shown = live(run.town)
    asked = _AskedToStop(progress)

    def told(stage: str, share: float) -> None:
        asked.share = 0.1 + 0.8 * share
        progress(asked.share, STAGES.get(stage))

    previous = plan_of(run.based_on) if run.based_on is not None and run.based_on.done else None
    options = PlanOptions(
        time_limit=float(run.options["time_limit"]),
        seed=int(run.options["seed"]),
        keep_existing=bool(run.options["keep_existing"]),
        processes=1,  # the other core serves the pages
        previous=previous,
        pins=trial.pins_of(list(run.pins.all())),
        progress=told,
        cancellation=asked,  # type: ignore[arg-type]  # it has the one property that is looked at
    )
    progress(0.02, Text("读取台账", "Reading the ledger"))
    result = run_town(
        shown.frame,
        run.town.as_core(),
        shown.policy,
        options,
        on_stage=lambda words: progress(asked.share, words),
    )
    plan = result.plan
    progress(0.97, Text("保存", "Saving"))
    forms: dict[str, int] = {}
    for decision in plan.units:
        forms[decision.form] = forms.get(decision.form, 0) + 1
    document = plan_document(plan)
    summary = {
        "indicators": [each for each in document["indicators"] if each["target"] is not None],
        "forms": forms,
        "organizations": _count(each.status for each in plan.organizations),
        "changes": _count(each.change for each in plan.units),
        "moved": len(plan.moved) if previous is not None else None,
        "infeasible": len(plan.infeasible),
        "seconds": plan.solver.seconds,
    }
    PlanRun.objects.filter(pk=run.pk, finished__isnull=True).update(
        plan=json.dumps(document, ensure_ascii=False, allow_nan=False),
        summary=summary,
        policy=plan.policy_id,
        overlays=list(plan.overlays),
        policy_texts=dict(chosen(run.town, plan.as_of).texts),
        as_of=plan.as_of,
        seq=shown.seq,
        objective=plan.solver.objective,
        bound=plan.solver.bound,
        gap=plan.solver.gap,
        status=plan.solver.status,
        finished=timezone.now(),
    )
    return {"run": run.pk}


def _count(values: Any) -> dict[str, int]:
    found: dict[str, int] = {}
    for value in values:
        found[value] = found.get(value, 0) + 1
    return found


def proposed_pin(permit: Permit, plan: Laid, kind: str, unit_ids: list[str], target: str) -> PlanPin:
    """The pin that a person asks for, checked and not yet kept. InputError: unknown units, others' units, no such place."""
    permit.require(Action.PLAN)
    ids = list(dict.fromkeys(unit_ids))
    if not ids or any(unit_id not in plan.index for unit_id in ids) or not _own(permit, ids):
        raise InputError.of(
            "plan-unit", "先选方案里本人负责的单位", "First choose units of the plan that are yours",
            found="、".join(ids[:5])[:80],
        )  # fmt: skip
    made = PlanPin(run=plan.run, kind=kind, units=ids, by=permit.user)
    if kind in (PlanPin.TOGETHER, PlanPin.APART):
        if not 2 <= len(ids) <= MOST_TOGETHER:
            raise InputError.of(
                "plan-several",
                f"要选2至{MOST_TOGETHER}家不同的单位",
                f"Choose 2 to {MOST_TOGETHER} different units",
            )
        return made
    if kind not in (PlanPin.PIN, PlanPin.FORBID) or len(ids) != 1:
        raise InputError.of("plan-kind", "没有这种指定", "There is no such pin", found=kind[:20])
    made.form, made.host = trial.destination(plan, ids[0], target)
    return made


def _own(permit: Permit, unit_ids: list[str]) -> bool:
    import polars as pl

    from liangxin.web.units.queries import readable

    frame = readable(permit, live(permit.town), Action.PLAN)
    return frame.filter(pl.col("unit_id").is_in(unit_ids)).height == len(unit_ids)


@transaction.atomic
def keep_pin(permit: Permit, plan: Laid, pin: PlanPin) -> PlanPin:
    """Add it to the draft. A new word on where a unit goes replaces the draft's older one; the same one is kept once."""
    permit.require(Action.PLAN)
    others = [
        each
        for each in pin.run.pins.all()
        if not (pin.kind == each.kind == PlanPin.PIN and each.units == pin.units)
    ]
    if trial.impossible(plan, others, pin):
        raise InputError.of(
            "plan-impossible",
            "这样指定测算时做不到，没有记入草稿",
            "No run could do this; it was not added to the draft",
        )
    if pin.kind == PlanPin.PIN:
        PlanPin.objects.filter(run=pin.run, kind=PlanPin.PIN, units=pin.units).delete()
    same = PlanPin.objects.filter(
        run=pin.run, kind=pin.kind, units=pin.units, form=pin.form, host=pin.host
    ).first()
    if same is not None:
        return same
    pin.save()
    record(
        permit.user,
        permit.town,
        "plan.pin",
        "plan",
        pin.run_id,
        detail={"kind": pin.kind, "units": len(pin.units)},
    )
    return pin


@transaction.atomic
def drop_pin(permit: Permit, pin: PlanPin) -> None:
    """Take it out of the draft: the office any, a group's person one about their own units."""
    permit.require(Action.PLAN)
    if permit.reach(Action.PLAN) is not Reach.TOWN and not _own(permit, pin.units):
        raise InputError.of(
            "plan-pin", "这条不是本组的，不能去掉", "It is not of your group; you cannot remove it"
        )
    pin.delete()
    record(permit.user, permit.town, "plan.unpin", "plan", pin.run_id, detail={"kind": pin.kind})


@transaction.atomic
def publish(permit: Permit, run: PlanRun) -> Publication:
    """Make it the town's proposal. The ledger is not changed by it."""
    permit.require(Action.PUBLISH)
    two_step.require(permit)
    if not run.done:
        raise InputError.of("plan-unfinished", "方案还没有测算完", "The plan is not finished yet")
    newest = Publication.objects.filter(town=run.town).first()
    if newest is not None and newest.run_id == run.pk:
        return newest
    made = Publication.objects.create(town=run.town, run=run, by=permit.user)
    detail = {"policy": run.policy, "sha256": hashlib.sha256(run.plan.encode()).hexdigest()}
    record(permit.user, permit.town, "plan.publish", "plan", run.pk, detail=detail)
    return made
