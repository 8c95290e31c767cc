"""Take a list in: dry run first, then one job that does all or nothing; the change set can be undone later."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from liangxin.findings import Finding, InputError
from liangxin.registry.fields import FIELDS
from liangxin.web.accounts.models import User
from liangxin.web.accounts.permission import permit
from liangxin.web.areas.models import Town
from liangxin.web.areas.services import locked
from liangxin.web.audit.services import record
from liangxin.web.imports.matching import Row, match
from liangxin.web.imports.models import ColumnMapping, Import, NotDuplicate
from liangxin.web.jobs import services as jobs
from liangxin.web.jobs.models import Job
from liangxin.web.units import previews
from liangxin.web.units import services as units
from liangxin.web.units.live import Live, live
from liangxin.web.units.models import Change, ChangeSet, Unit
from liangxin.web.units.services import Edit
from liangxin.wording import Text

if TYPE_CHECKING:
    from liangxin.files.ledger import LedgerFile

SUFFIXES: Final = (".xlsx", ".xls", ".csv", ".txt", ".parquet", ".et")


@dataclass(frozen=True, slots=True)
class DryRun:
    """What an import would do, row by row; nothing is written."""

    ledger: LedgerFile
    rows: tuple[Row, ...]
    seen: str  # the token that binds importing it to this preview

    @property
    def cells(self) -> dict[str, tuple[str, ...]]:
        """The fields that it depends on, by unit of the ledger."""
        columns = tuple(name for name in self.ledger.layout.columns if name in FIELDS)
        return dict.fromkeys((row.unit_id for row in self.rows if row.unit_id is not None), columns)

    @property
    def counts(self) -> Counter[str]:
        return Counter(row.outcome for row in self.rows)

    @property
    def errors(self) -> tuple[Finding, ...]:
        return self.ledger.errors


def receive(town: Town, by: User, upload: UploadedFile) -> Import:
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


def dry_run(kept: Import) -> DryRun:
    """Read the file again and match it against the ledger of this moment. InputError where it cannot be read any more."""
    return matched(kept.town, read(kept))


def read(kept: Import) -> LedgerFile:
    """The file as the town's lists are read today. InputError where it cannot be read any more."""
    from liangxin.files.ledger import read_ledger
    from liangxin.web.organizations.queries import known_town

    if not kept.file or not Path(kept.file.path).is_file():
        raise InputError.of(
            "import-gone", "文件已不在，请重新上传", "The file is gone; upload it again", found=kept.filename
        )
    known = tuple(ColumnMapping.objects.filter(town=kept.town).order_by("pk"))
    return read_ledger(
        kept.file.path,
        town=known_town(kept.town),
        sheet=kept.sheet or None,
        mapping=lambda titles: remembered(known, titles),
        name=kept.filename,
    )


def remembered(known: Sequence[ColumnMapping], titles: Sequence[str]) -> dict[str, str]:
    """What was said of the headers of a list: of this layout; else, for headers that nothing else tells, of any."""
    from liangxin.files.header_words import find_meaning
    from liangxin.files.headers import layout_key

    layout = layout_key(titles)
    own = {each.header: each.field for each in known if each.layout == layout}
    anywhere = {
        each.header: each.field
        for each in known
        if each.header not in own and each.header in titles and find_meaning(each.header.split("/")) is None
    }
    taken = set(own.values())
    return {header: field for header, field in anywhere.items() if not field or field not in taken} | own


def matched(town: Town, ledger: LedgerFile) -> DryRun:
    """What the list would do to the ledger of this moment."""
    failed = frozenset(ledger.units_of(ledger.errors))
    now = live(town)
    rows = tuple(match(ledger.frame, now.frame, frozenset(ledger.layout.columns), failed))
    return DryRun(ledger, rows, previews.make_token(now.seq, _content(rows, ledger, now)))


def _content(rows: tuple[Row, ...], ledger: LedgerFile, now: Live) -> Iterator[Any]:
    """All that the list would do: every row with its outcome, every value with what it takes the place of."""
    listed = ledger.frame.rows(named=True)
    known = {unit_id: at for at, unit_id in enumerate(now.frame["unit_id"].to_list())}
    for row in rows:
        if row.outcome == "new":
            yield row.outcome, {name: value for name, value in listed[row.index].items() if value is not None}
        else:
            before = now.frame.row(known[row.unit_id], named=True) if row.changes and row.unit_id else {}
            changes = [(name, before.get(name), value) for name, value in sorted(row.changes.items())]
            yield row.outcome, row.unit_id, row.why, changes


def refresh(kept: Import) -> DryRun:
    """Do the dry run and keep its numbers."""
    run = dry_run(kept)
    kept.summary = {
        **{outcome: run.counts[outcome] for outcome in ("new", "update", "same", "failed")},
        "cells": sum(len(row.changes) for row in run.rows if row.outcome == "update"),
        "errors": len(run.errors),
        "warnings": len(run.ledger.warnings),
        "sheet": run.ledger.layout.sheet,
    }
    kept.save()
    return run


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
        return kept.summary  # a worker was killed after the commit: all is in already
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
            )
            done = {outcome: run.counts[outcome] for outcome in ("new", "update", "same", "failed")}
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
    wanted = {row.unit_id for row in run.rows if row.outcome == "update"}
    existing: dict[str, Unit] = {}
    ids = sorted(each for each in wanted if each)
    for begin in range(0, len(ids), 900):
        existing |= {
            unit.unit_id: unit
            for unit in Unit.objects.filter(town=town, unit_id__in=ids[begin : begin + 900])
        }
    frame = run.ledger.frame.rows(named=True)
    for row in run.rows:
        if row.outcome == "new":
            yield Edit(None, frame[row.index])
        elif row.outcome == "update" and row.unit_id in existing:
            yield Edit(existing[row.unit_id], row.changes)


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


@transaction.atomic
def merge(town: Town, by: User, keep: Unit, drop: Unit) -> ChangeSet:
    """Two rows of one unit become one: what ``keep`` does not know it takes from ``drop``, which leaves the lists.

    Taken back by undoing the change set: both are there again as they were.
    """

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
    filled = {
        name: getattr(drop, name)
        for name in FIELDS
        if name != "unit_id" and getattr(keep, name) is None and getattr(drop, name) is not None
    }
    title = Text(
        f"合并 {drop.unit_id} 到 {keep.unit_id} {keep.name}",
        f"Merge {drop.unit_id} into {keep.unit_id} {keep.name}",
    )
    change_set = units.write(town, by, "merge", title, [Edit(keep, filled)])
    facts = {name: units.as_json(getattr(drop, name)) for name in FIELDS if getattr(drop, name) is not None}
    Unit.objects.filter(pk=drop.pk).update(removed=True, version=drop.version + 1)
    Change.objects.create(change_set=change_set, town=town, unit=drop, before=facts, after=None)
    units.tell(change_set)
    return change_set


@transaction.atomic
def set_apart(town: Town, by: User, first: str, second: str) -> None:
    """The two are different units: the pair leaves the queue for good."""
    first, second = sorted((first, second))
    _, new = NotDuplicate.objects.get_or_create(town=town, first=first, second=second, defaults={"by": by})
    if new:
        record(by, town, "duplicates.apart", "unit", first, detail={"with": second})
