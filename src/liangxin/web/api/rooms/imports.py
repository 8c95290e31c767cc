"""Lists that are taken in: sent, looked at without anything being written, done as a job; and units that may be one."""

from __future__ import annotations

import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from django.http import Http404, HttpRequest, HttpResponse
from ninja import File, Router, Schema
from ninja.files import UploadedFile
from pydantic import Field

from liangxin.findings import InputError
from liangxin.registry.access import Action
from liangxin.registry.fields import FIELDS
from liangxin.web.accounts.permission import Permit
from liangxin.web.api.reads import job_out
from liangxin.web.api.schemas import JobOut, Key, PageNumber, PageSize, Refusal, TownCode, Words, Wrong
from liangxin.web.api.service import REFUSED, TOWN, allowed, gives, wrong
from liangxin.web.api.typed import Line, Seen
from liangxin.web.imports import actions, services, waiting
from liangxin.web.imports.dry_runs import DryRun, dry_run
from liangxin.web.imports.models import Import
from liangxin.web.ui.attachment import attachment
from liangxin.web.units.models import ChangeSet, Unit
from liangxin.web.units.services import as_json
from liangxin.wording import Lang, Text

router = Router(tags=["imports"])
MOST_SHOWN = 300  # findings and updates that an answer holds; the number of all is beside them


class ImportOut(Schema):
    """``state``: read, waiting or done; ``counts``: rows by outcome; ``undone_by``: the change set that took it back.
    ``possible_duplicates``: units that it added and that may be another of the ledger, once it is done."""

    id: int
    file: str
    at: datetime
    by: str
    state: Literal["read", "waiting", "done"]
    counts: dict[str, int]
    job: int | None
    change_set: int | None
    undone_by: int | None
    possible_duplicates: list[str] = []


class ImportsOut(Schema):
    total: int
    page: int
    imports: list[ImportOut]


class UpdateOut(Schema):
    unit_id: str
    before: dict[str, Any]
    after: dict[str, Any]


class WaitOut(Schema):
    """``since``: changed in the copy and in the ledger since; else a value that somebody replaced, in a list of unknown age.
    ``by``, ``at``: whose the ledger's value is."""

    unit_id: str
    field: str
    ledger: Any
    copy_value: Any
    taken: Any
    since: bool
    by: str
    at: datetime | None


class WaitingOut(WaitOut):
    """A value to decide; ``seen`` is sent back with the decision."""

    id: int
    name: str
    file: str
    imported_by: str
    imported_at: datetime
    seen: str


class WaitingListOut(Schema):
    total: int
    waiting: list[WaitingOut]


class DecisionIn(Schema):
    """``take``: the copy's value goes into the ledger, or the ledger's stays."""

    take: Literal["copy", "ledger"]
    seen: Seen


class DecisionOut(Schema):
    """``change_set``: undo it and the value waits again; none where the ledger stays. ``waiting``: how many are left."""

    change_set: int | None
    waiting: int


class DryRunOut(ImportOut):
    """What the import would do to the ledger of this moment. ``waits``: cells that say something else than the ledger where
    the ledger's value is the newer one. ``new``: units as they would be added. ``taken_out_rows``: changed in the copy, no
    longer in the ledger. ``stamped``: rows whose state when they were handed out is known.
    ``unknown_headers``: columns that no field is known for; ``columns``: every column and the field it is read as, empty
    where it is none; ``operations``: what happens to the tree of organizations with it;
    ``ambiguous_rows``: rows that fit several units. Send ``seen`` back to do it; it is empty once it was started."""

    findings_total: int
    findings: list[Wrong]
    updates_total: int
    updates: list[UpdateOut]
    operations: list[Words]
    unknown_headers: list[str]
    columns: dict[str, str]
    ambiguous_rows: list[int]
    taken_out_rows: list[int]
    stamped: int
    waits_total: int
    waits: list[WaitOut]
    new_total: int
    new: list[dict[str, Any]]
    seen: str


class StartIn(Schema):
    """``seen``: the one that the preview gave."""

    seen: Seen


class ColumnsIn(Schema):
    """Header of the list → field of the ledger; an empty field leaves the column out. Remembered for the town."""

    columns: dict[Line, Line] = Field(max_length=200)


class PairOut(Schema):
    """``seen``: sent back with a merge, it is bound to the two as they were read."""

    first: dict[str, Any]
    second: dict[str, Any]
    reason: str
    score: float
    seen: str


class PairsOut(Schema):
    total: int
    pairs: list[PairOut]


class PairVerdictIn(Schema):
    """``keep``: the unit that stays; both: the two are different units. Where they differ, what only one knows is taken,
    else what the newer survey says, else what the unit that stays says; ``picks`` chooses otherwise, by field."""

    first: Line
    second: Line
    keep: Literal["first", "second", "both"]
    picks: dict[Line, Literal["first", "second"]] = Field(default={}, max_length=60)
    seen: Seen | None = None


class PairVerdictOut(Schema):
    """``change_set``: undo it to have both again; none where they were set apart."""

    change_set: int | None
    waiting: int


@router.get(f"{TOWN}/imports", response={200: ImportsOut, **REFUSED})
def imports(request: HttpRequest, town: TownCode, page: PageNumber = 1, size: PageSize = 50) -> Any:
    """Lists taken in before, newest first."""
    permit = allowed(request, town, Action.IMPORT)
    rows = Import.objects.filter(town=permit.town).select_related("by", "job", "change_set__undone_by")
    listed = [_out(each) for each in rows[(page - 1) * size : page * size]]
    return {"total": rows.count(), "page": page, "imports": listed}


@router.post(f"{TOWN}/imports", response={200: DryRunOut, **REFUSED})
def receive_import(request: HttpRequest, town: TownCode, file: File[UploadedFile]) -> Any:
    """Send a list (xlsx, xls, csv, parquet; up to 60 MB) and be told what it would do. Nothing of it is in the ledger yet."""
    permit = allowed(request, town, Action.IMPORT)
    return _dry_run(permit, services.receive(permit.town, permit.user, file))


@router.get(f"{TOWN}/imports/{{pk}}", response={200: DryRunOut, **REFUSED})
def one_import(request: HttpRequest, town: TownCode, pk: Key) -> Any:
    """What it would do now, or, once it is started, how it stands."""
    permit = allowed(request, town, Action.IMPORT)
    return _dry_run(permit, _stored(permit, pk))


@router.post(f"{TOWN}/imports/{{pk}}/columns", response={200: DryRunOut, **REFUSED})
def import_columns(request: HttpRequest, town: TownCode, pk: Key, body: ColumnsIn) -> Any:
    """Say once what a header means in lists of this layout, a recognised one too; an empty field leaves the column out."""
    permit = allowed(request, town, Action.IMPORT)
    kept = _stored(permit, pk)
    services.remember_columns(kept, permit.user, body.columns)
    return _dry_run(permit, kept)


@router.post(f"{TOWN}/imports/{{pk}}/start", response={200: JobOut, 409: Refusal, **REFUSED})
def start_import(request: HttpRequest, town: TownCode, pk: Key, body: StartIn) -> Any:
    """Take it in as it was previewed, as a job: rows without errors, all or none. 409 where it was started before, or
    where it would do something else by now: ``changed`` says what, and ``seen`` is the token of the preview of now."""
    permit = allowed(request, town, Action.IMPORT)
    return job_out(actions.start_import(permit, _stored(permit, pk), body.seen))


@router.get(f"{TOWN}/imports/{{pk}}/workbook.xlsx", response={**REFUSED}, openapi_extra=gives("xlsx"))
def import_workbook(request: HttpRequest, town: TownCode, pk: Key, lang: Lang = "zh") -> HttpResponse:
    """The same workbook back, with a column of errors and red cells."""
    from liangxin.files.annotated import write_annotated

    permit = allowed(request, town, Action.IMPORT)
    kept = _stored(permit, pk)
    run = dry_run(kept)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "errors.xlsx"
        write_annotated(path, run.ledger, lang)
        services.handed_back(kept, permit.user)
        name = f"{Path(kept.filename).stem}-{Text('错误信息', 'errors').in_language(lang)}.xlsx"
        return attachment(path.read_bytes(), "xlsx", name)


@router.get(f"{TOWN}/waiting-values", response={200: WaitingListOut, **REFUSED})
def waiting_values(request: HttpRequest, town: TownCode, size: PageSize = 50) -> Any:
    """Values of copies that say something else than the ledger by now, with both, whose and when."""
    permit = allowed(request, town, Action.IMPORT)
    found = waiting.open_values(permit)
    return {"total": len(found), "waiting": [_waiting(permit, each) for each in found[:size]]}


@router.post(f"{TOWN}/waiting-values/{{pk}}", response={200: DecisionOut, 409: Refusal, **REFUSED})
def decide_value(request: HttpRequest, town: TownCode, pk: Key, body: DecisionIn) -> Any:
    """Take one of the two. 409 where somebody changed the ledger's value since it was read, or decided it already."""
    permit = allowed(request, town, Action.IMPORT)
    done = actions.decide_values(permit, [pk], body.take, body.seen)
    return {"change_set": done.pk if done is not None else None, "waiting": waiting.count_open(permit)}


def _waiting(permit: Permit, each: waiting.Waiting) -> dict[str, Any]:
    return {
        "id": each.key,
        "unit_id": each.unit.unit_id,
        "name": str(each.unit),
        "field": each.field.name,
        "ledger": each.ledger,
        "copy_value": each.copy,
        "taken": each.taken,
        "since": each.since,
        "by": each.by,
        "at": each.at,
        "file": each.source.filename,
        "imported_by": str(each.source.by),
        "imported_at": each.source.created,
        "seen": waiting.token(permit.town, [each]),
    }


@router.get(f"{TOWN}/duplicates", response={200: PairsOut, **REFUSED})
def duplicates(request: HttpRequest, town: TownCode, size: PageSize = 50) -> Any:
    """Pairs of units that may be one and nobody has looked at yet, the surest first."""
    permit = allowed(request, town, Action.IMPORT)
    pairs, total = services.duplicates(permit.town, limit=size)
    return {
        "total": total,
        "pairs": [
            {
                "first": _facts(permit, each.first),
                "second": _facts(permit, each.second),
                "reason": each.reason,
                "score": each.score,
                "seen": actions.pair_token(permit.town, each.first, each.second),
            }
            for each in pairs
        ],
    }


@router.post(f"{TOWN}/duplicates", response={200: PairVerdictOut, 409: Refusal, **REFUSED})
def decide_duplicates(request: HttpRequest, town: TownCode, body: PairVerdictIn) -> Any:
    """Make two one, or say that they are two. Merging is a change set: undone, both are there again."""
    permit = allowed(request, town, Action.IMPORT)
    wanted = {body.first, body.second}
    units = {each.unit_id: each for each in Unit.objects.filter(town=permit.town, unit_id__in=wanted)}
    if len(units) != 2:
        raise InputError.of("merge-pair", "这两家不在名单里", "These two are not in the list")
    done = None
    if body.keep == "both":
        services.set_apart(permit.town, permit.user, body.first, body.second)
    else:
        keep, drop = (body.first, body.second) if body.keep == "first" else (body.second, body.first)
        sides = {"first": units[body.first], "second": units[body.second]}
        unknown = sorted(name for name in body.picks if name not in permit.fields)
        if unknown:
            raise InputError.of(
                "merge-field", "没有这个栏目", "There is no such field", found="、".join(unknown)
            )
        picks = {name: sides[side] for name, side in body.picks.items()}
        done = actions.merge_units(permit, units[keep], units[drop], picks, body.seen).pk
    return {"change_set": done, "waiting": services.duplicates(permit.town, limit=0)[1]}


def _stored(permit: Permit, pk: int) -> Import:
    rows = Import.objects.select_related("town", "by", "job", "change_set__undone_by")
    kept = rows.filter(pk=pk, town=permit.town).first()
    if kept is None:
        raise Http404
    return kept


def _out(kept: Import) -> dict[str, Any]:
    undone: ChangeSet | None = getattr(kept.change_set, "undone_by", None)
    return {
        "id": kept.pk,
        "file": kept.filename,
        "at": kept.created,
        "by": str(kept.by),
        "state": kept.standing,
        "counts": {name: value for name, value in kept.summary.items() if isinstance(value, int)},
        "job": kept.job_id,
        "change_set": kept.change_set_id,
        "undone_by": undone.pk if undone is not None else None,
    }


def _dry_run(permit: Permit, kept: Import) -> dict[str, Any]:
    if kept.standing != Import.READ:
        nothing: dict[str, Any] = {
            "findings": [],
            "updates": [],
            "operations": [],
            "unknown_headers": [],
            "columns": {},
            "ambiguous_rows": [],
            "taken_out_rows": [],
            "stamped": 0,
            "waits_total": 0,
            "waits": [],
            "new_total": 0,
            "new": [],
            "seen": "",
        }
        twins = services.possible_duplicates(kept) if kept.standing == Import.DONE else []
        return {
            **_out(kept),
            "findings_total": 0,
            "updates_total": 0,
            **nothing,
            "possible_duplicates": twins,
        }
    run = services.refresh(kept)
    updates = [row for row in run.rows if row.outcome == "update"]
    shown = {row.unit_id: row for row in updates[:MOST_SHOWN]}
    units = {each.unit_id: each for each in Unit.objects.filter(town=permit.town, unit_id__in=list(shown))}
    readable = set(permit.fields)
    return {
        **_out(kept),
        "findings_total": len(run.ledger.findings),
        "findings": [wrong(each) for each in run.ledger.findings[:MOST_SHOWN]],
        "updates_total": len(updates),
        "updates": [
            {
                "unit_id": unit_id,
                "before": {
                    name: as_json(getattr(units[unit_id], name)) for name in row.changes if name in readable
                },
                "after": {name: as_json(value) for name, value in row.changes.items() if name in readable},
            }
            for unit_id, row in shown.items()
            if unit_id in units
        ],
        "operations": [each.as_dict() for each in run.operations[:MOST_SHOWN]],
        "unknown_headers": list(run.ledger.layout.unknown),
        "columns": dict(run.ledger.layout.fields),
        "ambiguous_rows": [run.ledger.layout.rows[row.index] for row in run.rows if row.why == "ambiguous"],
        "taken_out_rows": [
            run.row_number(row) for row in run.rows if row.why == "taken-out" and row.outcome == "failed"
        ],
        "stamped": run.stamped,
        "waits_total": run.waiting,
        "waits": _waits(permit, run),
        "new_total": run.counts["new"],
        "new": [
            {name: as_json(value) for name, value in row.changes.items() if name in readable}
            for row in [row for row in run.rows if row.outcome == "new"][:MOST_SHOWN]
        ],
        "seen": run.seen,
    }


def _waits(permit: Permit, run: DryRun) -> list[dict[str, Any]]:
    held = [
        (row, name, wait) for row in run.rows for name, wait in row.waits.items() if name in permit.fields
    ]
    numbers = {row.unit_id for row, *_ in held[:MOST_SHOWN]}
    units = {each.unit_id: each for each in Unit.objects.filter(town=permit.town, unit_id__in=numbers)}
    writers = waiting.last_writers(permit.town, {unit.pk for unit in units.values()})
    listed = []
    for row, name, wait in held[:MOST_SHOWN]:
        unit = units[row.unit_id or ""]
        change = run.replaced.get((unit.unit_id, name)) or writers.get((unit.pk, name))
        made = change.change_set if change is not None else None
        listed.append(
            {
                "unit_id": unit.unit_id,
                "field": name,
                "ledger": as_json(getattr(unit, name)),
                "copy_value": as_json(wait.copy),
                "taken": as_json(wait.taken),
                "since": wait.since,
                "by": str(made.by) if made is not None and made.by_id else "",
                "at": made.at if made is not None else None,
            }
        )
    return listed


def _facts(permit: Permit, unit: Unit) -> dict[str, Any]:
    return {name: as_json(getattr(unit, name)) for name in FIELDS if name in permit.fields}
