from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from liangxin.files.layout import Layout
from liangxin.findings import InputError
from liangxin.registry.access import Action
from liangxin.registry.fields import FIELDS
from liangxin.web.accounts.permission import TownRequest, in_town
from liangxin.web.imports import actions, services
from liangxin.web.imports.dry_runs import DryRun, dry_run
from liangxin.web.imports.models import Import
from liangxin.web.imports.waiting import count_open, last_writers, open_values
from liangxin.web.ui.language import current, told
from liangxin.web.units import previews, sheets
from liangxin.web.units.models import Unit
from liangxin.wording import Text


@in_town(Action.IMPORT)
def index(request: TownRequest) -> HttpResponse:
    """The office came with a list from a village or a department, to get it in safely; and to see earlier imports."""
    sentences: list[str] = []
    if request.method == "POST":
        upload = request.FILES.get("file")
        if upload is None:
            sentences = [Text("请先选择文件", "Choose a file first").in_language(current())]
        else:
            try:
                kept = services.receive(request.town, request.user, upload)
            except InputError as refused:
                sentences = told(refused.findings[:200])
            else:
                return redirect("imports-one", town=request.town.code, pk=kept.pk)
    earlier = Paginator(
        Import.objects.filter(town=request.town).select_related(
            "by", "job", "change_set__undone_by__undone_by"
        ),
        20,
    ).get_page(request.GET.get("page"))
    waiting = services.duplicates(request.town, limit=0)[1]
    return render(
        request,
        "imports/index.html",
        {
            "sentences": sentences,
            "page": earlier,
            "waiting": waiting,
            "undecided": count_open(request.permit),
        },
        status=422 if sentences else 200,
    )


@in_town(Action.IMPORT)
def one(request: TownRequest, pk: int) -> HttpResponse:
    """The dry run: what would be new, updated, the same, not taken; every error by cell; then one button that says it."""
    kept = get_object_or_404(
        Import.objects.select_related("job", "change_set__undone_by"), pk=pk, town=request.town
    )
    return _one(request, kept)


def _one(request: TownRequest, kept: Import, overtaken: list[str] | None = None) -> HttpResponse:
    """``overtaken``: what somebody changed since the dry run that was looked at; None where nobody did."""
    if kept.standing != Import.READ:
        done = kept.standing == Import.DONE
        context: dict[str, Any] = {
            "kept": kept,
            "job": kept.job,
            "undecided": len([each for each in open_values(request.permit) if each.source == kept])
            if done
            else 0,
            "twins": len(services.possible_duplicates(kept)) if done else 0,
        }
        return render(request, "imports/running.html", context)
    try:
        run = services.refresh(kept)
    except InputError as refused:
        return _unreadable(request, refused)
    ledger = run.ledger
    shown = [row for row in run.rows if row.outcome == "update"][:100]
    units = {
        unit.unit_id: unit
        for unit in Unit.objects.filter(town=request.town, unit_id__in=[row.unit_id for row in shown])
    }
    updates = [
        (
            units[row.unit_id],
            [
                (
                    FIELDS[name],
                    sheets.shown_value(request.permit, name, getattr(units[row.unit_id], name)),
                    sheets.shown_value(request.permit, name, value),
                )
                for name, value in row.changes.items()
            ],
        )
        for row in shown
        if row.unit_id in units
    ]
    context = {
        "kept": kept,
        "counts": run.counts,
        "findings": [(finding, finding.sentence(current())) for finding in ledger.findings[:300]],
        "total_findings": len(ledger.findings),
        "updates": updates,
        "operations": run.operations[:100],
        "operations_total": len(run.operations),
        "ambiguous": [_row_of(ledger.layout, row.index) for row in run.rows if row.why == "ambiguous"][:50],
        "unmapped": ledger.layout.unknown,
        "mapped": [
            (header, field)
            for header, field in ledger.layout.fields.items()
            if header not in ledger.layout.unknown
        ],
        "fields": FIELDS.values(),
        "takes": run.counts["new"] + run.counts["update"] + run.counts["waiting"],
        **_of_copies(request, run),
        "seen": run.seen,
        "overtaken": overtaken,
    }
    return render(request, "imports/one.html", context, status=200 if overtaken is None else 409)


def _row_of(layout: Layout, unit: int) -> str:
    """A row of the list; of several sheets with the sheet's name."""
    place = layout.place(unit)
    return f"{place.row}" if len(layout.parts) == 1 else f"{place.row}（{place.sheet}）"


def _of_copies(request: TownRequest, run: DryRun) -> dict[str, Any]:
    """What the dry run says of a copy that comes back: what waits, with whose value and when; new units; units taken out."""
    held = [(row, name, wait) for row in run.rows for name, wait in row.waits.items()]
    shown = held[:100]
    units = {
        unit.unit_id: unit
        for unit in Unit.objects.filter(town=request.town, unit_id__in={row.unit_id for row, *_ in shown})
    }
    writers = last_writers(request.town, {unit.pk for unit in units.values()})
    waits = []
    for row, name, wait in shown:
        unit = units[row.unit_id or ""]
        change = run.replaced.get((unit.unit_id, name)) or writers.get((unit.pk, name))
        values = (getattr(unit, name), wait.copy)
        words = [sheets.shown_value(request.permit, name, value) for value in values]
        waits.append((unit, FIELDS[name], *words, change.change_set if change is not None else None))
    new = [row for row in run.rows if row.outcome == "new"]
    named = ("unit_id", "name", "village", "area", "task_group")
    return {
        "waits": waits,
        "waiting": run.waiting,
        "emptied": run.emptied,
        "stamped": run.stamped,
        "replaced": len(run.replaced),
        "new_fields": [FIELDS[name] for name in named],
        "new_units": [
            [(name, sheets.shown_value(request.permit, name, row.changes.get(name))) for name in named]
            for row in new[:100]
        ],
        "taken_out": [
            _row_of(run.ledger.layout, row.index)
            for row in run.rows
            if row.why == "taken-out" and row.outcome == "failed"
        ],
    }


def _unreadable(request: HttpRequest, refused: InputError) -> HttpResponse:
    """The file cannot be read any more: what can be done is to choose it again."""
    empty = Paginator(Import.objects.none(), 1).get_page(1)
    context = {"sentences": told(refused.findings), "page": empty, "waiting": 0, "undecided": 0}
    return render(request, "imports/index.html", context, status=422)


@require_POST
@in_town(Action.IMPORT)
def columns(request: TownRequest, pk: int) -> HttpResponse:
    """What a column of this list is, said once and remembered; recognised columns can be pointed elsewhere too."""
    kept = get_object_or_404(Import, pk=pk, town=request.town)
    said = zip(
        request.POST.getlist("header"),
        request.POST.getlist("field"),
        request.POST.getlist("was"),
        strict=False,
    )
    changed = {header: field for header, field, was in said if field != was}
    try:
        services.remember_columns(kept, request.user, changed)
    except InputError as refused:
        messages.error(request, refused.findings[0].sentence(current()))
    return redirect("imports-one", town=request.town.code, pk=kept.pk)


@require_POST
@in_town(Action.IMPORT)
def start(request: TownRequest, pk: int) -> HttpResponse:
    kept = get_object_or_404(
        Import.objects.select_related("job", "change_set__undone_by"), pk=pk, town=request.town
    )
    try:
        actions.start_import(request.permit, kept, request.POST.get("seen", ""))
    except previews.StalePreviewError as stale:
        return _one(request, kept, told(previews.findings(stale)[1:]))
    except InputError as refused:
        messages.error(request, refused.findings[0].sentence(current()))
    return redirect("imports-one", town=request.town.code, pk=kept.pk)


@in_town(Action.IMPORT)
def workbook(request: TownRequest, pk: int) -> HttpResponse | FileResponse:
    """The same workbook back, with an error column and red cells."""
    from liangxin.files.annotated import write_annotated

    kept = get_object_or_404(Import, pk=pk, town=request.town)
    try:
        run = dry_run(kept)
    except InputError as refused:
        return _unreadable(request, refused)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "errors.xlsx"
        write_annotated(path, run.ledger, current())
        services.handed_back(kept, request.user)
        opened = path.open(
            "rb"
        )  # FileResponse closes it; the name may go before, the open file stays readable
        stem = Path(kept.filename).stem
        return FileResponse(
            opened,
            as_attachment=True,
            filename=f"{stem}-{Text('错误信息', 'errors').in_language(current())}.xlsx",
        )
