from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from liangxin.findings import InputError
from liangxin.registry.access import Action
from liangxin.web.accounts.permission import TownRequest, in_town
from liangxin.web.administration import sections
from liangxin.web.ui.language import current, told
from liangxin.wording import Text

BLANK_ROWS = 3


@in_town(Action.SETTINGS)
def section(request: TownRequest, part: str) -> HttpResponse:
    """Somebody came to rename an area, add an association, or put other people in a task group: one table, one save."""
    found = sections.SECTIONS.get(part)
    if found is None:
        raise Http404
    core = request.town.as_core()
    rows = sections.rows_of(core, found)
    sentences: list[str] = []
    if request.method == "POST":
        rows = _typed(request, found)
        version = request.POST.get("version", "")
        try:
            number = sections.save_section(
                request.town, request.user, found, rows, int(version) if version.isdigit() else -1
            )
        except InputError as refused:
            sentences = told(refused.findings[:50])
        else:
            words = Text(f"已保存{found.title.zh} {number} 项", f"{found.title.en}: {number} saved")
            messages.success(request, words.in_language(current()))
            return redirect("settings", town=request.town.code)
    rows = [row for row in rows if any(row.values())]
    blank = dict.fromkeys((each.name for each in found.columns), "")
    listed = [*rows, *[blank] * BLANK_ROWS]
    columns = [(each, each.options(core) if each.options else None) for each in found.columns]
    context: dict[str, Any] = {
        "section": found,
        "columns": columns,
        "rows": [
            (number, [(column, options, row.get(column.name, "")) for column, options in columns])
            for number, row in enumerate(listed, start=1)
        ],
        "place_names": [area.name for area in core.areas],
        "sentences": sentences,
        "version": request.POST.get("version", "") if sentences else request.town.version,
    }
    return render(request, "administration/section.html", context, status=422 if sentences else 200)


def _typed(request: HttpRequest, found: sections.Section) -> list[dict[str, str]]:
    """The rows as sent: each column's inputs in the order of the rows; a row ticked to go is left out."""
    gone = set(request.POST.getlist("gone"))
    sent = {column.name: request.POST.getlist(column.name) for column in found.columns}
    length = max((len(values) for values in sent.values()), default=0)
    return [
        {name: values[at] if at < len(values) else "" for name, values in sent.items()}
        for at in range(length)
        if str(at + 1) not in gone
    ]


MOST_COLUMNS = 8
NEW_AREAS = 3


@in_town(Action.SETTINGS)
def work_areas(request: TownRequest) -> HttpResponse:
    """Somebody came to share the villages out among the work areas: a click a village, new work areas by their names."""
    core = request.town.as_core()
    found = sections.SECTIONS["areas"]
    rows = sections.rows_of(core, found)
    drawn = [area for area in core.areas if area.kind == "work_area"]
    ids = {area.id for area in drawn}
    places = [
        area
        for area in core.areas
        if area.kind != "work_area" and (area.parent is None or area.parent in ids)
    ]
    chosen = {area.id: request.POST.get(f"in-{area.id}", area.parent or "") for area in places}
    names = {area.id: request.POST.get(f"name-{area.id}", area.name) for area in drawn}
    added = [name.strip() for name in request.POST.getlist("new") if name.strip()]
    sentences: list[str] = []
    if request.method == "POST":
        version = request.POST.get("version", "")
        typed = [
            row | {"name": names.get(row["id"], row["name"]), "parent": chosen.get(row["id"], row["parent"])}
            for row in rows
        ]
        typed[:0] = _new_work_areas(added, {row["id"] for row in rows}, found)
        try:
            sections.save_section(
                request.town, request.user, found, typed, int(version) if version.isdigit() else -1
            )
        except InputError as refused:
            sentences = told(refused.findings[:50])
        else:
            messages.success(request, Text("划片已保存", "The work areas are saved").in_language(current()))
            return redirect("settings-work-areas", town=request.town.code)
    context = {
        "drawn": [(area.id, names[area.id]) for area in drawn],
        "places": [(area, sections.AREA_KINDS[area.kind], chosen[area.id]) for area in places],
        "open": sum(not parent for parent in chosen.values()),
        "as_columns": len(drawn) <= MOST_COLUMNS,
        "new": [*added, *[""] * NEW_AREAS][: max(len(added), NEW_AREAS)],
        "sentences": sentences,
        "version": request.POST.get("version", "") if sentences else request.town.version,
    }
    return render(request, "administration/work_areas.html", context, status=422 if sentences else 200)


def _new_work_areas(added: list[str], taken: set[str], found: sections.Section) -> list[dict[str, str]]:
    """Rows of the areas' table for new work areas: A1, A2 and so on, the first numbers that are free."""
    rows: list[dict[str, str]] = []
    number = 0
    for name in added:
        number += 1
        while f"A{number}" in taken:
            number += 1
        blank = dict.fromkeys((column.name for column in found.columns), "")
        rows.append(blank | {"id": f"A{number}", "name": name, "kind": "work_area"})
    return rows


@require_POST
@in_town(Action.SETTINGS)
def names(request: TownRequest) -> HttpResponse:
    """The town's own name and the names of its bodies, as documents print them."""
    given = {id: request.POST.get(id, "") for id in sections.BODIES}
    try:
        sections.save_names(request.town, request.user, request.POST.get("name", ""), given)
    except InputError as refused:
        for each in refused.findings:
            messages.error(request, each.sentence(current()))
    else:
        messages.success(request, Text("名称已保存", "The names are saved").in_language(current()))
    return redirect("settings", town=request.town.code)
