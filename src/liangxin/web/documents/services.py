"""Make a file from the live ledger, write down that it was made, and hand it over; big ones as a job."""

from __future__ import annotations

import re
import tempfile
import zipfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from liangxin.files.tables import UNITS
from liangxin.findings import InputError
from liangxin.registry.access import Action
from liangxin.registry.fields import FIELDS
from liangxin.web.accounts.permission import Permit
from liangxin.web.accounts.permission import permit as permit_of
from liangxin.web.audit import services as audit
from liangxin.web.documents import queries, tables
from liangxin.web.documents.models import Export
from liangxin.web.jobs import services as jobs
from liangxin.web.jobs.models import Job
from liangxin.web.plans.arranged import plan_of
from liangxin.web.plans.models import PlanRun
from liangxin.web.policies.queries import today
from liangxin.web.units.filter_words import filter_words
from liangxin.web.units.live import Live, as_of_change, asked, live
from liangxin.web.units.queries import Filter
from liangxin.wording import Lang, Text, join

if TYPE_CHECKING:
    from liangxin.files.dossier import Dossier
    from liangxin.files.tables import Table

LARGE: Final = 5000  # rows from which a ledger is written by a job
EVERYTHING: Final = "everything"
# Columns of the rosters that say what a plan proposes: left out where no plan is put in.
PROPOSED: Final = frozenset(
    {"拟采取形式", "拟建（所属）党组织", "依据条款", "理由", "对策措施", "完成时限", "状态"}
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody asked for. ``query``: the units list's own parameters, for the ledger."""

    document: str
    kind: str
    query: dict[str, str]
    lang: Lang


@dataclass(frozen=True, slots=True)
class Made:
    """A file in a scratch folder with what the log has to say of it."""

    path: Path
    file_name: str
    title: Text
    filter: Text
    rows: int | None
    fields: tuple[str, ...]


def refuse(code: str, zh: str, en: str) -> InputError:
    return InputError.of(code, zh, en)


def is_large(permit: Permit, shown: Live, wanted: Wanted) -> bool:
    if wanted.document == EVERYTHING:
        return True
    if wanted.document != "ledger":
        return False
    return queries.ledger(permit, shown, Filter.read(wanted.query, shown)).height > LARGE


def make(permit: Permit, wanted: Wanted, folder: Path) -> Made:
    """Write one document into ``folder``.

    Raises:
        InputError: there is no such document, or it cannot be made (no plan, no font), in the office's words.
    """
    permit.require(Action.EXPORT)
    if wanted.document == "ledger":
        return _ledger(permit, asked(permit.town, wanted.query.get("day")), wanted, folder)
    shown = live(permit.town)
    if wanted.document in ("indicators", "annual-return"):
        return _figures(permit, shown, wanted, folder)
    if wanted.document in queries.PLAN_LABELS:
        return _of_plan(permit, wanted, folder)
    if wanted.document in {each.id for each in queries.rosters_of(permit, shown, None)}:
        return _roster(permit, shown, wanted, folder)
    raise refuse("document-unknown", "没有这种文书", "There is no such document")


@transaction.atomic
def record(permit: Permit, made: Made, wanted: Wanted, stored: str = "") -> Export:
    """The log's row. Written before the file is handed over: nothing leaves without a trace."""
    export = Export.objects.create(
        town=permit.town,
        by=permit.user,
        document=wanted.document,
        title=made.title.as_dict(),
        file_name=made.file_name[:240],
        filter={**made.filter.as_dict(), "query": wanted.query},
        rows=made.rows,
        fields=list(made.fields),
        size=made.path.stat().st_size,
        stored=stored,
    )
    detail = {
        "document": export.document,
        "file": export.file_name,
        "filter": made.filter.zh,
        "rows": export.rows,
        "fields": export.fields,
        "size": export.size,
    }
    audit.record(permit.user, permit.town, "document.export", "export", export.pk, detail=detail)
    return export


def handed_over(permit: Permit, export: Export) -> None:
    """A file that a job made is about to leave the site, perhaps not for the first time."""
    audit.record(
        permit.user, permit.town, "document.download", "export", export.pk, detail={"file": export.file_name}
    )


def file_name(permit: Permit, table: Text, kind: str, lang: Lang, extra: str = "") -> str:
    """长乐镇应建未建名册2011-08-15.xlsx: town, table, date; nothing a disk refuses."""
    day = today(permit.town).isoformat()
    name = f"{permit.town.name}{table.zh}" if lang == "zh" else f"{permit.town.name}-{table.en}-"
    name = f"{name}{('-' + extra + '-') if extra else ''}{day}"
    return re.sub(r'[\\/:*?"<>|\s\x00-\x1f]+', "_", name)[:120] + f".{kind}"


def _moment(lang: Lang) -> str:
    return timezone.localtime().strftime("%Y-%m-%d %H:%M")


def _said(permit: Permit, rows: int | None, chosen: Text, counted: Text = UNITS) -> Text:
    """What stands in the file: number of rows, filter, who exported it and when."""
    number = Text("", "") if rows is None else Text(f"{rows:,} {counted.zh}，", f"{rows:,} {counted.en}, ")
    return Text(
        f"{number.zh}筛选：{chosen.zh}，{permit.user} {_moment('zh')} 导出",
        f"{number.en}filter: {chosen.en}, exported by {permit.user} at {_moment('en')}",
    )


def _ledger(permit: Permit, shown: Live, wanted: Wanted, folder: Path) -> Made:
    from liangxin.files.ledger_writing import write_ledger

    if wanted.kind not in queries.LEDGER_KINDS:
        raise refuse(
            "document-kind", "台账可以导出为 xlsx、csv、parquet", "The ledger comes as xlsx, csv or parquet"
        )
    chosen = Filter.read(wanted.query, shown)
    frame = queries.ledger(permit, shown, chosen).select(list(FIELDS))
    words = filter_words(permit, shown, chosen)
    said = _said(permit, frame.height, words)
    label = Text("两新组织摸底台账", "ledger")
    extra = "" if words.zh == "全部" and wanted.kind == "xlsx" else words.in_language(wanted.lang)[:40]
    if wanted.kind != "xlsx":  # no place inside for who and when: the name says it
        extra = f"{extra}-{permit.user}-{timezone.localtime():%H%M}"
    name = file_name(permit, label, wanted.kind, wanted.lang, extra)
    path = folder / f"ledger.{wanted.kind}"
    fields = queries.fields(permit)
    write_ledger(path, frame, title=f"{permit.town.name}{label.zh}（{said.zh}）", columns=fields)
    return Made(path, name, label, words, frame.height, fields)


def _figures(permit: Permit, shown: Live, wanted: Wanted, folder: Path) -> Made:
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
    return _workbook(permit, shown, [table], label, whole, len(table.rows), (), wanted, folder)


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


def _roster(permit: Permit, shown: Live, wanted: Wanted, folder: Path) -> Made:
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
    return _workbook(
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


def _workbook(
    permit: Permit,
    shown: Live,
    made: list[Table],
    label: Text,
    chosen: Text,
    rows: int | None,
    fields: tuple[str, ...],
    wanted: Wanted,
    folder: Path,
) -> Made:
    from xlsxwriter import Workbook

    from liangxin.files.office_sheet import Heading, Styles, draw, sheet_name

    if wanted.kind != "xlsx":
        raise refuse("document-kind", "这份表导出为 xlsx", "This table comes as xlsx")
    policy = shown.policy
    counted = made[0].counted
    heading = Heading(
        town=permit.town.as_core().bodies.get("committee", permit.town.name),
        as_of=today(permit.town),
        policy=" + ".join((policy.id, *policy.overlays)),
        roster=_said(permit, rows, chosen, counted),
    )
    path = folder / f"{wanted.document}.xlsx"
    book = Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": made[0].title.in_language(wanted.lang), "author": str(permit.user)})
    styles, taken = Styles(book, wanted.lang), set[str]()
    for table in made:
        draw(
            book, table, heading, wanted.lang, styles, sheet_name(table.sheet.in_language(wanted.lang), taken)
        )
    book.close()
    return Made(path, file_name(permit, label, "xlsx", wanted.lang), label, chosen, rows, fields)


def _of_plan(permit: Permit, wanted: Wanted, folder: Path) -> Made:
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
    from liangxin.policy import load_policy
    from liangxin.structure import build_tree

    plan, town = plan_of(run), run.town.as_core()
    policy = load_policy(plan.policy_id, overlays=plan.overlays, as_of=plan.as_of)
    frame = live(run.town).frame if run.seq is None else as_of_change(run.town, run.seq)
    classification = classify(frame, policy)
    tree = build_tree(town, arrangement(plan), policy, classification.frame)
    return TownResult(town, classification, with_parents(plan, tree), tree)


def start_job(permit: Permit, wanted: Wanted, title: Text) -> Job:
    permit.require(Action.EXPORT)
    payload = {"document": wanted.document, "kind": wanted.kind, "query": wanted.query, "lang": wanted.lang}
    return jobs.start(permit.town, permit.user, "documents", title, payload)


def run_documents(job: Job, progress: jobs.Progress) -> dict[str, Any]:
    """The job: what the person may read is asked again when it runs, not when it was queued."""
    permit = permit_of(job.by, job.town)
    permit.require(Action.EXPORT)
    payload = job.payload
    wanted = Wanted(payload["document"], payload["kind"], payload["query"], payload["lang"])
    place = Path("documents") / str(job.pk)
    target = Path(settings.MEDIA_ROOT) / place
    with tempfile.TemporaryDirectory() as scratch:
        made = (
            _everything(permit, wanted, Path(scratch), progress)
            if wanted.document == EVERYTHING
            else make(permit, wanted, Path(scratch))
        )
        progress(0.95, Text("保存文件", "Saving the file"))
        target.mkdir(parents=True, exist_ok=True)
        waiting = target / made.path.name
        waiting.write_bytes(made.path.read_bytes())
    export = Export.objects.filter(town=permit.town, stored=str(place / made.path.name)).first()
    if export is None:  # a job that is run twice is one export
        export = record(permit, replace(made, path=waiting), wanted, str(place / made.path.name))
    return {"export": export.pk, "rows": made.rows}


def _everything(permit: Permit, wanted: Wanted, folder: Path, progress: jobs.Progress) -> Made:
    """All of it in one archive: ledger, rosters, figures and, where there is a plan and it may be seen, the plan's documents."""
    shown = live(permit.town)
    run = queries.plan_run(permit)
    asked = [("ledger", "xlsx"), ("indicators", "xlsx"), ("annual-return", "xlsx")]
    if queries.reads_every_field(permit):
        asked += [(each.id, "xlsx") for each in queries.rosters_of(permit, shown, run)]
    if run is not None and queries.whole_town(permit):
        asked += [(each.id, each.kinds[0]) for each in queries.plan_documents() if each.kinds[0] != "json"]
    path = folder / "everything.zip"
    parts: list[Made] = []
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, (document, kind) in enumerate(asked):
            inner = folder / document
            inner.mkdir()
            progress(
                0.9 * number / len(asked),
                Text(f"第 {number + 1} 份，共 {len(asked)} 份", f"{number + 1} of {len(asked)}"),
            )
            query = wanted.query if document == "ledger" else {}
            part = make(permit, Wanted(document, kind, query, wanted.lang), inner)
            archive.write(part.path, part.file_name)
            parts.append(part)
    label = Text("名册文书全套", "documents")
    fields = {name for part in parts for name in part.fields}
    words = join([Text(f"{len(parts)} 份", f"{len(parts)} files"), parts[0].filter], "，", ", ")
    return Made(
        path,
        file_name(permit, label, "zip", wanted.lang),
        label,
        words,
        parts[0].rows,
        tuple(name for name in FIELDS if name in fields),
    )
