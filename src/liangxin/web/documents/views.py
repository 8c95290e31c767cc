from __future__ import annotations

import tempfile
from pathlib import Path

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST

from liangxin.findings import InputError
from liangxin.registry.access import Action
from liangxin.registry.fields import FIELDS
from liangxin.web.accounts.permission import TownRequest, in_town
from liangxin.web.documents import queries, services
from liangxin.web.documents.making import Wanted
from liangxin.web.documents.models import Export
from liangxin.web.jobs.models import Job
from liangxin.web.plans.queries import changed_since
from liangxin.web.ui.attachment import CONTENT_TYPES, attachment
from liangxin.web.ui.language import current, told
from liangxin.web.units.filter_words import filter_words
from liangxin.web.units.live import asked, live
from liangxin.web.units.queries import Filter
from liangxin.wording import Text


@in_town(Action.EXPORT)
def index(request: TownRequest) -> HttpResponse:
    """Somebody has to hand in a list or a document: see how many it holds now, take it, see who took what before."""
    return _page(request)


def _page(request: TownRequest, status: int = 200, errors: list[str] | None = None) -> HttpResponse:
    permit, shown = request.permit, live(request.town)
    wanted = Filter.read(request.GET, shown)
    run = queries.plan_run(permit)
    log = Paginator(queries.log(permit), queries.LOG_SHOWN).get_page(request.GET.get("page"))
    listed = asked(request.town, request.GET.get("day"))
    full = queries.reads_every_field(permit)
    parameters = request.GET.copy()
    parameters.pop("page", None)
    waiting = Job.objects.filter(town=request.town, by=request.user, kind="documents")[:3]
    context = {
        "errors": errors,
        "ledger_rows": queries.ledger_size(permit, listed, wanted),
        "ledger_kinds": queries.LEDGER_KINDS,
        "filter_words": filter_words(permit, listed, wanted),
        "filtered": bool(parameters),
        "refused": wanted.refused,
        "parameters": parameters.urlencode(),
        "rosters": queries.rosters_of(permit, shown, run) if full else [],
        "tables": queries.tables_of(permit, shown),
        "plan_documents": queries.plan_documents() if queries.whole_town(permit) and full else [],
        "whole_town": queries.whole_town(permit),
        "run": run,
        "is_published": run is not None and run.publications.exists(),
        "moved_on": run is not None and changed_since(run, shown.seq),
        "log": [(each, _labels(each)) for each in log.object_list],
        "page": log,
        "jobs": [(job, (job.result or {}).get("export")) for job in waiting],
    }
    return render(request, "documents/index.html", context, status=status)


def _labels(export: Export) -> str:
    return "、".join(FIELDS[name].label.in_language(current()) for name in export.fields if name in FIELDS)


@in_town(Action.EXPORT)
def download(request: TownRequest, document: str, kind: str) -> HttpResponse:
    """One file, made now and written in the log; a big ledger becomes a job."""
    query = {name: value for name, value in request.GET.items() if name != "page" and isinstance(value, str)}
    named = f"{document}.{kind}" if f"{document}.{kind}" in queries.PLAN_LABELS else document
    wanted = Wanted(named, kind, query if named == "ledger" else {}, current())
    shown = asked(request.town, wanted.query.get("day"))
    if services.is_large(request.permit, shown, wanted):
        return _as_job(request, wanted, services.LEDGER_TITLE)
    with tempfile.TemporaryDirectory() as folder:
        try:
            made = services.make(request.permit, wanted, Path(folder))
        except InputError as refused:
            if {each.code for each in refused.findings} & {"document-unknown", "document-kind"}:
                raise Http404 from refused
            return _page(request, 422, told(refused.findings))
        services.record(request.permit, made, wanted)
        return attachment(made.path.read_bytes(), kind, made.file_name)


@require_POST
@in_town(Action.EXPORT)
def everything(request: TownRequest) -> HttpResponse:
    """The whole set in one archive, as a job."""
    wanted = Wanted(services.EVERYTHING, "zip", {}, current())
    return _as_job(request, wanted, services.ALL_TITLE)


def _as_job(request: TownRequest, wanted: Wanted, title: Text) -> HttpResponse:
    services.start_job(request.permit, wanted, title)
    said = Text("正在后台生成，做好后在本页下载", "It is being made; it will be on this page")
    messages.success(request, said.in_language(current()))
    return redirect("documents", town=request.town.code)


@in_town(Action.EXPORT)
def stored(request: TownRequest, pk: int) -> FileResponse:
    """A file that a job made, for the person who asked for it."""
    export, path = services.stored_file(request.permit, pk)
    services.handed_over(request.permit, export)
    kind = path.suffix.lstrip(".")
    response = FileResponse(path.open("rb"), content_type=CONTENT_TYPES[kind])
    response.headers["Content-Disposition"] = str(content_disposition_header(True, export.file_name))
    response.headers["Cache-Control"] = "no-store"
    return response
