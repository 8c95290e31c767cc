"""The ledger, the rosters and the figures as files, from the live ledger."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from django.utils import timezone

from liangxin.registry.fields import FIELDS
from liangxin.web.accounts.permission import Permit
from liangxin.web.documents import queries, tables
from liangxin.web.documents.making import Made, Wanted, file_name, refuse, said, workbook
from liangxin.web.plans.arranged import plan_of
from liangxin.web.plans.models import PlanRun
from liangxin.web.units.copies import stamps_for
from liangxin.web.units.filter_words import filter_words
from liangxin.web.units.live import Live
from liangxin.web.units.queries import Filter
from liangxin.wording import Text

if TYPE_CHECKING:
    from liangxin.files.dossier import Dossier
    from liangxin.files.tables import Table

# Columns of the rosters that say what a plan proposes: left out where no plan is put in.
PROPOSED: Final = frozenset(
    {"拟采取形式", "拟建（所属）党组织", "依据条款", "理由", "对策措施", "完成时限", "状态"}
)


def ledger(permit: Permit, shown: Live, wanted: Wanted, folder: Path) -> Made:
    from liangxin.files.ledger_writing import write_ledger

    if wanted.kind not in queries.LEDGER_KINDS:
        raise refuse(
            "document-kind", "台账可以导出为 xlsx、csv、parquet", "The ledger comes as xlsx, csv or parquet"
        )
    chosen = Filter.read(wanted.query, shown)
    frame = queries.ledger(permit, shown, chosen).select(list(FIELDS))
    words = filter_words(permit, shown, chosen)
    line = said(permit, frame.height, words)
    label = Text("两新组织摸底台账", "ledger")
    extra = "" if words.zh == "全部" and wanted.kind == "xlsx" else words.in_language(wanted.lang)[:40]
    if wanted.kind != "xlsx":  # no place inside for who and when: the name says it
        extra = f"{extra}-{permit.user}-{timezone.localtime():%H%M}"
    name = file_name(permit, label, wanted.kind, wanted.lang, extra)
    path = folder / f"ledger.{wanted.kind}"
    fields = queries.fields(permit)
    write_ledger(
        path,
        frame,
        title=f"{permit.town.name}{label.zh}（{line.zh}）",
        columns=fields,
        stamps=stamps_for(permit.town, shown, frame["unit_id"].to_list())
        if wanted.kind != "parquet"
        else None,
    )
    return Made(path, name, label, words, frame.height, fields)


def figures(permit: Permit, shown: Live, wanted: Wanted, folder: Path) -> Made:
    """Figures are the whole town's: they name no unit."""
    town = permit.town
    if wanted.document == "annual-return":
        table = tables.annual(town.name, shown.classified, queries.organization_types(permit))
    else:
        table = tables.indicators(town.name, shown.classified)
    whole = Text("全镇", "whole town")
    label = (
        Text("年报统计表", "annual-return")
        if wanted.document == "annual-return"
        else Text("指标完成情况", "indicators")
    )
    return workbook(permit, shown, [table], label, whole, len(table.rows), (), wanted, folder)


def dossier(permit: Permit, shown: Live, run: PlanRun | None) -> Dossier:
    """The live units of the person's reach, with the plan's proposals where there is one and they may see all of it."""
    from liangxin.files.dossier import Dossier
    from liangxin.planning.plan import Plan, RosterSummary, SolverReport

    mine = queries.within(permit, shown)
    if run is not None and queries.whole_town(permit):
        plan = plan_of(run)
    else:
        policy = shown.policy
        plan = Plan(
            policy.id,
            policy.overlays,
            policy.as_of,
            RosterSummary(mine.frame.height, int(mine.frame["in_scope"].sum()), {}, ""),
            (),
            (),
            (),
            (),
            SolverReport(0.0, 0.0, 0.0, 0.0, "optimal", 0),
        )
    return Dossier(mine, plan, permit.town.as_core())


def _tables(permit: Permit, shown: Live, run: PlanRun | None) -> dict[str, Table]:
    """Every roster by its id. Where no plan is put in, the columns of proposals are left out, not left empty."""
    from liangxin.files import rosters

    facts = dossier(permit, shown, run)
    made = {
        "should-but-not-yet": rosters.should_but_not_yet(facts),
        "members-without-organization": rosters.members_without_organization(facts),
        "split-off": rosters.split_off(facts),
        "left-base": rosters.left_base(facts),
    }
    ids = [*(f"size-{item.id}" for item in shown.policy.size_lists), "size-unknown"]
    made |= dict(zip(ids, rosters.size_lists(facts), strict=False))
    if not facts.plan.units:
        return {id: _without_proposals(table) for id, table in made.items()}
    assert run is not None
    note = Text(
        f"拟采取的形式、措施按{run.label.zh}（{facts.plan.as_of}）；其余按现时台账。",
        f"What is proposed is from {run.label.en} ({facts.plan.as_of}); the rest is the ledger of now.",
    )
    return {
        id: replace(table, notes=(*table.notes, note))
        if any(column.label.zh in PROPOSED for column in table.columns)
        else table
        for id, table in made.items()
    }


def _without_proposals(table: Table) -> Table:
    kept = [at for at, column in enumerate(table.columns) if column.label.zh not in PROPOSED]
    return replace(
        table,
        columns=tuple(table.columns[at] for at in kept),
        rows=tuple(tuple(row[at] for at in kept) for row in table.rows),
    )


def roster(permit: Permit, shown: Live, wanted: Wanted, folder: Path) -> Made:
    if not queries.reads_every_field(permit):
        raise refuse(
            "document-fields",
            "名册含党员情况，您的角色不能导出",
            "Rosters hold membership; your role may not export them",
        )
    table = _tables(permit, shown, queries.plan_run(permit)).get(wanted.document)
    if table is None:
        raise refuse("document-empty", "这份名单现在没有单位", "This list has no units now")
    label = next(each.label for each in queries.rosters_of(permit, shown, None) if each.id == wanted.document)
    whole = Text("全镇", "whole town") if queries.whole_town(permit) else Text("本组单位", "own group")
    return workbook(
        permit, shown, [table], label, whole, len(table.rows), _fields_in([table]), wanted, folder
    )


def _fields_in(made: list[Table]) -> tuple[str, ...]:
    """The ledger fields behind a table's columns, for the log."""
    labels = {column.label.zh for table in made for column in table.columns}
    short = {
        "正式党员": "full_members", "预备党员": "probationary_members", "流动党员": "mobile_members", "专职人员": "full_time_staff",
        "现有形式": "organization_form", "现所在党组织": "organization_id", "园区、市场、楼宇": "park",
    }  # fmt: skip
    named = {short[label] for label in labels if label in short}
    return tuple(name for name, field in FIELDS.items() if field.label.zh in labels or name in named)
