"""The documents of a plan: they are the whole town's, made on the ledger that the plan was made on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from liangxin.registry.fields import FIELDS
from liangxin.web.accounts.permission import Permit
from liangxin.web.documents import queries
from liangxin.web.documents.making import Made, Wanted, file_name, refuse
from liangxin.web.plans.arranged import plan_of
from liangxin.web.plans.models import PlanRun
from liangxin.web.policies.queries import Choice, load_choice
from liangxin.web.units.live import as_of_change, live
from liangxin.wording import Text


def of_plan(permit: Permit, wanted: Wanted, folder: Path) -> Made:
    from liangxin.engine.town_files import write_all

    run = _run(permit)
    chart = frozenset({"network.pdf", "network.svg"})
    write_all(
        _result(run),
        folder,
        lang=wanted.lang,
        only=chart if wanted.document in chart else frozenset({wanted.document}),
    )
    label, (_, _, kind) = queries.PLAN_LABELS[wanted.document], wanted.document.rpartition(".")
    rows = len(plan_of(run).units) if wanted.document in ("plan.xlsx", "plan.json", "map.geojson") else None
    fields = tuple(FIELDS) if wanted.document == "plan.xlsx" else ()
    return Made(
        folder / wanted.document,
        file_name(permit, label, kind, wanted.lang),
        label,
        _plan_words(run),
        rows,
        fields,
    )


def _plan_words(run: PlanRun) -> Text:
    return Text(f"{run.label.zh}，截至 {run.as_of}", f"{run.label.en}, as of {run.as_of}")


def _run(permit: Permit) -> PlanRun:
    if not queries.whole_town(permit) or not queries.reads_every_field(permit):
        raise refuse(
            "document-reach",
            "方案文书是全镇的，由组织办导出",
            "The plan's documents are the whole town's; the office exports them",
        )
    run = queries.plan_run(permit)
    if run is None:
        raise refuse("document-no-plan", "先测算并发布一个方案", "Solve and publish a plan first")
    return run


def _result(run: PlanRun) -> Any:
    """The run with the ledger that it was solved on, so that its documents agree with its own figures."""
    from liangxin.coverage import classify
    from liangxin.engine.arranged import arrangement
    from liangxin.engine.town_run import TownResult, with_parents
    from liangxin.structure import build_tree

    plan, town = plan_of(run), run.town.as_core()
    choice = Choice(plan.policy_id, tuple(plan.overlays), tuple(sorted(run.policy_texts.items())))
    policy = load_choice(choice, plan.as_of)
    frame = live(run.town).frame if run.seq is None else as_of_change(run.town, run.seq)
    classification = classify(frame, policy)
    tree = build_tree(town, arrangement(plan), policy, classification.frame)
    return TownResult(town, classification, with_parents(plan, tree), tree)
