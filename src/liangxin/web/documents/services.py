"""Make a file from the live ledger, write down that it was made, and hand it over; big ones as a job."""

from __future__ import annotations

import tempfile
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.http import Http404

from liangxin.registry.access import Action
from liangxin.registry.fields import FIELDS
from liangxin.web.accounts.permission import Permit
from liangxin.web.accounts.permission import permit as permit_of
from liangxin.web.audit import services as audit
from liangxin.web.documents import lists, queries
from liangxin.web.documents.making import Made, Wanted, file_name, refuse
from liangxin.web.documents.models import Export
from liangxin.web.documents.of_plan import of_plan
from liangxin.web.jobs import services as jobs
from liangxin.web.jobs.models import Job
from liangxin.web.units.live import Live, asked, live
from liangxin.web.units.queries import Filter
from liangxin.wording import Text, join

LARGE: Final = 5000  # rows from which a ledger is written by a job
EVERYTHING: Final = "everything"
LEDGER_TITLE: Final = Text("导出台账", "Export the ledger")
ALL_TITLE: Final = Text("导出全套名册文书", "Export all documents")


def is_large(permit: Permit, shown: Live, wanted: Wanted) -> bool:
    if wanted.document == EVERYTHING:
        return True
    if wanted.document != "ledger":
        return False
    return queries.ledger_size(permit, shown, Filter.read(wanted.query, shown)) > LARGE


def make(permit: Permit, wanted: Wanted, folder: Path) -> Made:
    """Write one document into ``folder``.

    Raises:
        InputError: there is no such document, or it cannot be made (no plan, no font), in the office's words.
    """
    permit.require(Action.EXPORT)
    if wanted.document == "ledger":
        return lists.ledger(permit, asked(permit.town, wanted.query.get("day")), wanted, folder)
    shown = live(permit.town)
    if wanted.document in ("indicators", "annual-return") and queries.whole_town(permit):
        return lists.figures(permit, shown, wanted, folder)
    if wanted.document in queries.PLAN_LABELS:
        return of_plan(permit, wanted, folder)
    if wanted.document in {each.id for each in queries.rosters_of(permit, shown, None)}:
        return lists.roster(permit, shown, wanted, folder)
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


def stored_file(permit: Permit, pk: int) -> tuple[Export, Path]:
    """What a job made for this person. 404 for another's, or where the file is gone."""
    export = Export.objects.filter(pk=pk, town=permit.town, by=permit.user).exclude(stored="").first()
    if export is None or not (path := Path(settings.MEDIA_ROOT) / export.stored).is_file():
        raise Http404
    return export, path


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
    asked = [("ledger", "xlsx"), *((each.id, "xlsx") for each in queries.tables_of(permit, shown))]
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
