"""Take a list in: dry run first, then one job that does all or nothing; the change set can be undone later."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Q

from liangxin.findings import InputError
from liangxin.registry.fields import FIELDS
from liangxin.registry.merging import choose_sides
from liangxin.web.accounts.models import User
from liangxin.web.accounts.permission import permit
from liangxin.web.areas.models import Town
from liangxin.web.areas.services import locked
from liangxin.web.audit.services import record
from liangxin.web.imports import waiting
from liangxin.web.imports.dry_runs import DryRun, dry_run, matched, read
from liangxin.web.imports.models import ColumnMapping, Import, NotDuplicate
from liangxin.web.jobs import services as jobs
from liangxin.web.jobs.models import Job
from liangxin.web.organizations import placing
from liangxin.web.units import previews
from liangxin.web.units import services as units
from liangxin.web.units.live import live
from liangxin.web.units.models import Change, ChangeSet, Unit
from liangxin.web.units.services import Edit
from liangxin.wording import Text

SUFFIXES: Final = (".xlsx", ".xls", ".csv", ".txt", ".parquet", ".et")


def receive(town: Town, by: User, upload: UploadedFile[bytes]) -> Import:
    """Keep an uploaded file and read it once. Raises InputError when it cannot be used at all; then it is not kept."""
    name = Path(upload.name or "").name[-200:]
    if not name.lower().endswith(SUFFIXES):
        raise InputError.of(
            "upload-kind",
            "这种文件不能导入",
            "This kind of file cannot be imported",
            found=name,
            accepted=Text("Excel（xlsx、xls）、CSV、Parquet", "Excel (xlsx, xls), CSV, Parquet"),
        )
    if upload.size is None or upload.size > settings.UPLOAD_LIMIT_BYTES:
        raise InputError.of(
            "upload-size",
            "文件太大，最多60兆，请分成几个文件",
            "The file is too large (60 MB at most); split it",
            found=name,
        )
    kept = Import(town=town, by=by, filename=name)
    kept.file.save(f"{by.pk}{Path(name).suffix.lower()}", upload, save=True)
    try:
        refresh(kept)
    except InputError:
        kept.file.delete(save=False)
        kept.delete()
        raise
    record(by, town, "import.receive", "import", kept.pk, detail={"file": name, "size": upload.size})
    return kept


def refresh(kept: Import) -> DryRun:
    """Do the dry run and keep its numbers."""
    run = dry_run(kept)
    kept.summary = {
        **_counts(run),
        "cells": sum(len(row.changes) for row in run.rows if row.outcome == "update"),
        "errors": len(run.errors),
        "warnings": len(run.ledger.warnings),
        "sheet": run.ledger.layout.sheet,
    }
    kept.save()
    return run


def _counts(run: DryRun) -> dict[str, int]:
    """Rows by what becomes of them, and cells that wait."""
    outcomes = {name: run.counts[name] for name in ("new", "update", "same", "failed")}
    return outcomes | {"waiting": run.waiting, "emptied": run.emptied}


@transaction.atomic
def remember_columns(kept: Import, by: User, chosen: dict[str, str]) -> None:
    """Keep which field a header means in lists of this layout; an empty field leaves the column out.

    Unknown fields, headers that the list does not have, and one field for two columns are refused.
    """
    from liangxin.files.headers import layout_key

    fields = read(kept).layout
    unknown = sorted({field for field in chosen.values() if field and field not in FIELDS})
    if unknown:
        raise InputError.of(
            "mapping-field", "没有这个栏目", "There is no such field", found="、".join(unknown)
        )
    missing = sorted(set(chosen) - set(fields.fields))
    if missing:
        raise InputError.of(
            "mapping-header", "名单里没有这一列", "The list has no such column", found="、".join(missing)
        )
    twice = sorted(field for field, count in Counter(chosen.values()).items() if field and count > 1)
    if twice:
        labels = "、".join(FIELDS[field].label.zh for field in twice)
        raise InputError.of(
            "mapping-twice", "两列指成了同一个栏目", "Two columns were given the same field", found=labels
        )
    for part in fields.parts:
        own = {header: field for header, field in chosen.items() if header in part.fields}
        layout = layout_key(tuple(part.fields))
        # a column that had the field before is left to what its header says
        ColumnMapping.objects.filter(
            town=kept.town, layout=layout, field__in=[field for field in own.values() if field]
        ).exclude(header__in=own).delete()
        for header, field in own.items():
            ColumnMapping.objects.update_or_create(
                town=kept.town, layout=layout, header=header[:120], defaults={"field": field}
            )
    if chosen:
        record(by, kept.town, "import.columns", "town", kept.town.code, detail={"columns": len(chosen)})


def handed_back(kept: Import, by: User) -> None:
    """The workbook with its errors is about to leave the site."""
    record(by, kept.town, "import.errors", "import", kept.pk, detail={"file": kept.filename})


def run_import(job: Job, progress: jobs.Progress) -> dict[str, Any]:
    """The job: what was previewed goes in, in one transaction; rows with errors stay out and can be downloaded.

    Where somebody changed meanwhile what the list is about, nothing goes in, and the job's error says what it was.
    """
    kept = Import.objects.select_related("town").get(pk=job.payload["import"])
    if kept.change_set_id is not None:
        summary: dict[str, Any] = kept.summary
        return summary  # a worker was killed after the commit: all is in already
    try:
        progress(0.05, Text("读取文件", "Reading the file"))
        ledger = read(kept)
        progress(0.3, Text("比对名单", "Matching"))
        with locked(kept.town):
            run = matched(kept.town, ledger)
            previews.require_same(permit(job.by, kept.town), job.payload.get("seen", ""), run.seen, run.cells)
            change_set = units.write(
                kept.town,
                job.by,
                "import",
                Text(f"导入 {kept.filename}", f"Import {kept.filename}"),
                _edits(kept.town, run),
                judge=False,
                partly=True,
            )
            waiting.keep(kept, run)
            done = _counts(run)
            Import.objects.filter(pk=kept.pk).update(
                state=Import.DONE, change_set=change_set, summary=kept.summary | done
            )
            if progress.cancelled():
                raise jobs.Cancelled
    except previews.StalePreviewError as stale:
        Import.objects.filter(pk=kept.pk).update(state=Import.READ)
        raise InputError(previews.findings(stale)) from stale
    except (jobs.Cancelled, InputError):
        Import.objects.filter(pk=kept.pk).update(state=Import.READ)
        raise
    return {"change_set": change_set.pk} | done


def _edits(town: Town, run: DryRun) -> Iterator[Edit]:
    existing = _units(town, [row.unit_id for row in run.rows if row.outcome == "update" and row.unit_id])
    for row in run.rows:
        if row.outcome == "new":
            yield Edit(None, row.changes)
        elif row.outcome == "update" and row.unit_id in existing:
            yield Edit(existing[row.unit_id], row.changes)


def _units(town: Town, ids: list[str]) -> dict[str, Unit]:
    found: dict[str, Unit] = {}
    for begin in range(0, len(ids), 900):
        rows = Unit.objects.filter(town=town, unit_id__in=ids[begin : begin + 900])
        found |= {unit.unit_id: unit for unit in rows}
    return found


@dataclass(frozen=True, slots=True)
class Pair:
    """Two units that may be one."""

    first: Unit
    second: Unit
    reason: str
    score: float


def duplicates(town: Town, limit: int = 200) -> tuple[list[Pair], int]:
    """The queue: pairs not looked at yet, the surest first; and how many there are in all."""
    from liangxin.registry.duplicates import find_duplicates

    frame = live(town).frame
    known = {
        frozenset(pair) for pair in NotDuplicate.objects.filter(town=town).values_list("first", "second")
    }
    ids = frame["unit_id"].to_list()
    pairs = [
        (ids[row["other"]], ids[row["unit"]], row["reason"], row["score"])
        for row in find_duplicates(frame, [town.name.removesuffix("镇")]).iter_rows(named=True)
        if frozenset((ids[row["other"]], ids[row["unit"]])) not in known
    ]
    wanted = {each for pair in pairs[:limit] for each in pair[:2]}
    found = {unit.unit_id: unit for unit in Unit.objects.filter(town=town, unit_id__in=wanted)}
    return [Pair(found[a], found[b], reason, score) for a, b, reason, score in pairs[:limit]], len(pairs)


def possible_duplicates(kept: Import) -> list[str]:
    """Units that the import added and that may be another of the ledger: numbers, in the order of the queue."""
    if kept.change_set is None:
        return []
    added = set(kept.change_set.changes.filter(before__isnull=True).values_list("unit__unit_id", flat=True))
    if not added:
        return []
    pairs, _ = duplicates(kept.town, limit=10_000)
    found = [unit.unit_id for pair in pairs for unit in (pair.first, pair.second) if unit.unit_id in added]
    return list(dict.fromkeys(found))


@transaction.atomic
def merge(
    town: Town, by: User, keep: Unit, drop: Unit, picks: Mapping[str, Unit] = MappingProxyType({})
) -> ChangeSet:
    """Two rows of one unit become one, field by field: as ``picks`` says, else by ``registry.merging``. ``drop`` leaves the
    lists, and what refers to it refers to ``keep``.

    Taken back by undoing the change set: both are there again as they were.
    """
    Town.objects.select_for_update().get(pk=town.pk)
    keep, drop = (Unit.objects.get(pk=each.pk) for each in (keep, drop))
    if (
        keep.pk == drop.pk
        or keep.town_id != town.pk
        or drop.town_id != town.pk
        or keep.removed
        or drop.removed
    ):
        raise InputError.of(
            "merge-pair",
            "这两家不能合并，可能已经合并过",
            "These two cannot be merged; perhaps they are already",
        )
    sides = choose_sides(_facts(keep), _facts(drop), "first")
    taken = {
        name: getattr(drop, name)
        for name, side in sides.items()
        if name not in placing.COLUMNS and (picks[name].pk == drop.pk if name in picks else side == "second")
    }
    if keep.organization_id is None and keep.organization_form is None and drop.organization_form == "none":
        taken["organization_form"] = "none"
    place = "organization_id"
    moves = picks[place].pk == drop.pk if place in picks else sides.get(place) == "second"
    operations = placing.merging(town, keep.unit_id, drop.unit_id, moves)
    title = Text(
        f"合并 {drop.unit_id} 到 {keep.unit_id} {keep.name}",
        f"Merge {drop.unit_id} into {keep.unit_id} {keep.name}",
    )
    edits = [*_pointed_elsewhere(town, drop, keep), Edit(keep, taken | _without_itself(keep, drop, taken))]
    gone = frozenset({drop.unit_id})
    change_set = units.write(
        town, by, "merge", title, edits, operations=operations, removing=gone, judge=False
    )
    facts = {name: units.as_json(getattr(drop, name)) for name in FIELDS if getattr(drop, name) is not None}
    Unit.objects.filter(pk=drop.pk).update(removed=True, merged_into=keep, version=drop.version + 1)
    Change.objects.create(change_set=change_set, town=town, unit=drop, before=facts, after=None)
    units.tell(change_set)
    return change_set


def _facts(unit: Unit) -> dict[str, Any]:
    return {name: getattr(unit, name) for name in FIELDS}


def _pointed_elsewhere(town: Town, drop: Unit, keep: Unit) -> Iterator[Edit]:
    """Units that name ``drop`` as leading enterprise or in their chain name ``keep``."""
    named = Q(leader_unit_id=drop.unit_id) | Q(chain_unit_ids__contains=drop.unit_id)
    rows = Unit.objects.filter(named, town=town, removed=False).exclude(pk__in=(keep.pk, drop.pk))
    for unit in rows:
        values = _renamed(unit, drop.unit_id, keep.unit_id)
        if values:
            yield Edit(unit, values)


def _renamed(unit: Unit, old: str, new: str) -> dict[str, Any]:
    values: dict[str, Any] = {}
    if unit.leader_unit_id == old:
        values["leader_unit_id"] = new
    parts = str(unit.chain_unit_ids or "").split(";")
    if old in parts:
        values["chain_unit_ids"] = ";".join(dict.fromkeys(new if part == old else part for part in parts))
    return values


def _without_itself(keep: Unit, drop: Unit, taken: Mapping[str, Any]) -> dict[str, Any]:
    """A unit leads and supplies others, not itself."""
    own = (keep.unit_id, drop.unit_id)
    values: dict[str, Any] = {}
    if taken.get("leader_unit_id", keep.leader_unit_id) in own:
        values["leader_unit_id"] = None
    chain = taken.get("chain_unit_ids", keep.chain_unit_ids)
    if chain and set(own) & set(chain.split(";")):
        values["chain_unit_ids"] = ";".join(part for part in chain.split(";") if part not in own) or None
    return values


@transaction.atomic
def set_apart(town: Town, by: User, first: str, second: str) -> None:
    """The two are different units: the pair leaves the queue for good."""
    first, second = sorted((first, second))
    _, new = NotDuplicate.objects.get_or_create(town=town, first=first, second=second, defaults={"by": by})
    if new:
        record(by, town, "duplicates.apart", "unit", first, detail={"with": second})
