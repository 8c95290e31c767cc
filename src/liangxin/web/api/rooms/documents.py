"""Lists and documents: what there is with its number of rows, one file made now, the whole set as a job, who took what."""

from __future__ import annotations

import tempfile
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Path as InPath
from ninja import Query, Router, Schema, Status

from liangxin.findings import InputError
from liangxin.registry.access import Action
from liangxin.web.api.reads import job_out, read_filter
from liangxin.web.api.schemas import JobOut, Key, PageNumber, PageSize, TownCode, UnitFilter, Words
from liangxin.web.api.service import REFUSED, TOWN, allowed, gives
from liangxin.web.documents import queries, services
from liangxin.web.documents.making import Wanted
from liangxin.web.documents.models import Export
from liangxin.web.ui.attachment import attachment
from liangxin.web.units.live import asked, live
from liangxin.wording import Lang

router = Router(tags=["documents"])
Kind = Annotated[Literal["xlsx", "docx", "csv", "parquet", "json", "geojson", "pdf", "svg"], InPath()]
Name = Annotated[str, InPath(max_length=60)]


class DocumentOut(Schema):
    """``rows``: what its file holds now; null where it is not a list. Fetch it as ``document``.``kind``."""

    document: str
    label: Words
    purpose: Words
    kinds: list[str]
    rows: int | None


class ExportOut(Schema):
    """``file``: kept for the person who asked for it; fetch it under documents/exports."""

    id: int
    document: str
    title: Words
    at: datetime
    by: str
    rows: int | None
    fields: list[str]
    size: int
    file: bool


class ExportsOut(Schema):
    total: int
    page: int
    exports: list[ExportOut]


@router.get(f"{TOWN}/documents", response={200: list[DocumentOut], **REFUSED})
def documents(request: HttpRequest, town: TownCode) -> Any:
    """What you can take, with its number of rows at this moment. The ledger follows the filters of the units list."""
    permit = allowed(request, town, Action.EXPORT)
    shown, run = live(permit.town), queries.plan_run(permit)
    full = queries.reads_every_field(permit)
    listed = [
        queries.ledger_document(permit, shown),
        *(queries.rosters_of(permit, shown, run) if full else []),
        *queries.tables_of(permit, shown),
        *(queries.plan_documents() if full and run is not None and queries.whole_town(permit) else []),
    ]
    return [
        {
            "document": each.stem,
            "label": each.label.as_dict(),
            "purpose": each.purpose.as_dict(),
            "kinds": list(each.kinds),
            "rows": each.rows,
        }
        for each in listed
    ]


@router.get(
    f"{TOWN}/documents/files/{{document}}.{{kind}}",
    response={202: JobOut, **REFUSED},
    openapi_extra=gives("xlsx", "docx", "csv", "parquet", "json", "geojson", "pdf", "svg"),
)
def document_file(
    request: HttpRequest,
    town: TownCode,
    document: Name,
    kind: Kind,
    given: Query[UnitFilter],
    lang: Lang = "zh",
) -> HttpResponse | Status[Any]:
    """One file, made now and written in the log. A ledger over 5,000 rows becomes a job (202), its file an export."""
    permit = allowed(request, town, Action.EXPORT)
    named = f"{document}.{kind}" if f"{document}.{kind}" in queries.PLAN_LABELS else document
    query = {name: value for name, value in given.model_dump(by_alias=True).items() if value}
    wanted = Wanted(named, kind, query if named == "ledger" else {}, lang)
    shown = asked(permit.town, wanted.query.get("day"))
    read_filter(shown, query)
    if services.is_large(permit, shown, wanted):
        return Status(202, job_out(services.start_job(permit, wanted, services.LEDGER_TITLE)))
    with tempfile.TemporaryDirectory() as folder:
        try:
            made = services.make(permit, wanted, Path(folder))
        except InputError as refused:
            if {each.code for each in refused.findings} & {"document-unknown", "document-kind"}:
                raise Http404 from refused
            raise
        services.record(permit, made, wanted)
        return attachment(made.path.read_bytes(), kind, made.file_name)


@router.post(f"{TOWN}/documents/all", response={202: JobOut, **REFUSED})
def all_documents(request: HttpRequest, town: TownCode, lang: Lang = "zh") -> Any:
    """The whole set in one archive, as a job; its result names the export."""
    permit = allowed(request, town, Action.EXPORT)
    wanted = Wanted(services.EVERYTHING, "zip", {}, lang)
    return Status(202, job_out(services.start_job(permit, wanted, services.ALL_TITLE)))


@router.get(f"{TOWN}/documents/exports", response={200: ExportsOut, **REFUSED})
def exports(request: HttpRequest, town: TownCode, page: PageNumber = 1, size: PageSize = 50) -> Any:
    """Who took what: the town's for those who export all of it, else your own."""
    rows = queries.log(allowed(request, town, Action.EXPORT))
    listed = [_export(each) for each in rows[(page - 1) * size : page * size]]
    return {"total": rows.count(), "page": page, "exports": listed}


@router.get(
    f"{TOWN}/documents/exports/{{pk}}",
    response={**REFUSED},
    openapi_extra=gives("xlsx", "csv", "parquet", "zip"),
)
def export_file(request: HttpRequest, town: TownCode, pk: Key) -> HttpResponse:
    """A file that a job made, for the person who asked for it."""
    permit = allowed(request, town, Action.EXPORT)
    export, path = services.stored_file(permit, pk)
    services.handed_over(permit, export)
    return attachment(path.read_bytes(), path.suffix.lstrip("."), export.file_name)


def _export(each: Export) -> dict[str, Any]:
    return {
        "id": each.pk,
        "title": {lang: each.title.get(lang, "") for lang in ("zh", "en")},
        "at": each.at,
        "by": str(each.by),
        "file": bool(each.stored),
        **{name: getattr(each, name) for name in ("document", "rows", "fields", "size")},
    }
