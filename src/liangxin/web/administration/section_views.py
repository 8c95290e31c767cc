from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from liangxin.findings import InputError
from liangxin.registry.access import Action
from liangxin.web.accounts.permission import in_town
from liangxin.web.administration import sections
from liangxin.web.ui.language import current, told
from liangxin.wording import Text

BLANK_ROWS = 3


@in_town(Action.SETTINGS)
def section(request: HttpRequest, part: str) -> HttpResponse:
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


@require_POST
@in_town(Action.SETTINGS)
def names(request: HttpRequest) -> HttpResponse:
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
