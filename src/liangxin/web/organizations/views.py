from __future__ import annotations

from datetime import date
from typing import Any, Final

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from liangxin.findings import InputError
from liangxin.registry.access import Action, Reach
from liangxin.registry.fields import FIELDS, FORMS
from liangxin.registry.pinyin import is_found
from liangxin.web.accounts.permission import TownRequest, in_town, require_whole_town
from liangxin.web.organizations import forms, names, printing, queries
from liangxin.web.organizations.models import UndecidedPlace
from liangxin.web.policies.queries import today
from liangxin.web.ui.language import current, told
from liangxin.web.units.live import live
from liangxin.web.units.queries import readable
from liangxin.wording import Text

VIEWS: Final = {
    "tree": Text("树", "Tree"),
    "table": Text("表", "Table"),
    "chart": Text("网络图", "Network chart"),
    "changes": Text("变动", "Changes"),
}
WHOLE_TREE: Final = 100  # with more organizations than this the lower branches are fetched when opened
OPEN_DEPTH: Final = 2
PAGE_SIZE: Final = 50
CHANGES_SHOWN: Final = 300


def _day(request: HttpRequest, name: str, otherwise: date) -> tuple[date, Text | None]:
    """The day asked for, and what to say when it is none."""
    words = request.GET.get(name, "").strip()
    if not words:
        return otherwise, None
    try:
        return date.fromisoformat(words), None
    except ValueError:
        said = Text("“{words}”不是日期，按 {day} 显示", "“{words}” is not a day; {day} is shown")
        return otherwise, said.fill(words=words[:30], day=otherwise)


@in_town(Action.SEE_FIGURES)
def index(request: TownRequest) -> HttpResponse:
    """Somebody came to see which organizations there are and who leads whom, on this day or another; the office came
    to change that. A leader looks at the chart and prints it."""
    now = today(request.town)
    day, wrong = _day(request, "day", now)
    since, wrong_since = _day(request, "since", request.town.drive_starts)
    view = request.GET.get("view", "tree")
    view = view if view in VIEWS else "tree"
    shown = live(request.town)
    standing = names.told_tree(request.permit, queries.day_tree(request.town, day))
    listed = queries.rows(request.permit, shown, standing)
    context: dict[str, Any] = {
        "day": day,
        "today": now,
        "earlier_day": None if day == now else day,  # goes into the addresses
        "since": since,
        "view": view,
        "views": VIEWS.items(),
        "notices": [each for each in (wrong, wrong_since) if each is not None],
        "listed": listed,
        "may_organize": request.permit.may(Action.ORGANIZE),
        "may_print": request.permit.reach(Action.EXPORT) is Reach.TOWN,
        "covered": listed[0].units if listed else 0,
        "journal_empty": not listed and queries.last_number(request.town) == 0,
    }
    if context["may_organize"]:
        context["undecided"] = UndecidedPlace.objects.filter(town=request.town, decided="").count()
    if view == "tree":
        context |= _branches(listed)
    elif view == "table":
        words = request.GET.get("q", "").strip()[:80]
        found = [
            row for row in listed if is_found(row.organization.name, words) or words == row.organization.id
        ]
        page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
        context |= {"page": page, "words": words, "found": len(found)}
    elif view == "changes":
        from liangxin.structure import difference

        before = names.told_tree(request.permit, queries.day_tree(request.town, since))
        changes = difference(before, standing)
        context |= {"changes": changes[:CHANGES_SHOWN], "changes_total": len(changes)}
    return render(request, "organizations/index.html", context)


def _branches(listed: list[queries.Row]) -> dict[str, Any]:
    """The whole tree, or of a large one the upper levels with the rest fetched when a branch is opened."""
    if len(listed) <= WHOLE_TREE:
        return {"branches": listed, "lazy_from": 99}
    return {"branches": _cut(listed, OPEN_DEPTH), "lazy_from": OPEN_DEPTH}


def _cut(listed: list[queries.Row], depth: int) -> list[queries.Row]:
    """Rows down to a depth, with the branch ends counted anew."""
    from dataclasses import replace

    kept = [row for row in listed if row.depth <= depth]
    following = [row.depth for row in kept[1:]] + [0]
    return [
        replace(row, closes=max(row.depth - after, 0)) for row, after in zip(kept, following, strict=True)
    ]


@in_town(Action.SEE_FIGURES)
def branch(request: TownRequest, organization: str) -> HttpResponse:
    """What stands under one organization, fetched when its branch of a large tree is opened."""
    day, _ = _day(request, "day", today(request.town))
    standing = names.told_tree(request.permit, queries.day_tree(request.town, day))
    if organization not in standing.organizations:
        raise Http404
    listed = queries.rows(request.permit, live(request.town), standing)
    start = next(at for at, row in enumerate(listed) if row.organization.id == organization)
    depth = listed[start].depth
    below: list[queries.Row] = []
    for row in listed[start + 1 :]:
        if row.depth <= depth:
            break
        if row.depth == depth + 1:
            below.append(row)
    return render(
        request,
        "organizations/_branch.html",
        {"branches": below, "day": day, "earlier_day": None if day == today(request.town) else day},
    )


@in_town(Action.SEE_FIGURES)
def chart(request: TownRequest) -> HttpResponse:
    """The tree of a day for the network chart."""
    day, _ = _day(request, "day", today(request.town))
    standing = names.told_tree(request.permit, queries.day_tree(request.town, day))
    return JsonResponse(queries.chart_data(queries.rows(request.permit, live(request.town), standing)))


@in_town(Action.EXPORT)
def network(request: TownRequest) -> HttpResponse:
    """Annex 1 on A3, from the same tree. It names every organization with its members: only for the whole town's readers."""
    require_whole_town(request.permit)
    day, _ = _day(request, "day", today(request.town))
    try:
        made = printing.network(request.town, day, current())
    except InputError as refused:
        sentences = told(refused.findings)
        return render(request, "organizations/no_pdf.html", {"sentences": sentences}, status=422)
    if made is None:
        raise Http404
    response = HttpResponse(made, content_type="application/pdf")
    title = Text("党组织分布网络图", "network of organizations").in_language(current())
    response.headers["Content-Disposition"] = _inline(f"{request.town.name}{title}{day}.pdf")
    return response


def _inline(name: str) -> str:
    from urllib.parse import quote

    return f"inline; filename*=UTF-8''{quote(name)}"


def _possible(row: queries.Row) -> list[forms.Kind]:
    """What can be done with this organization: nothing is offered that the core would refuse in any case."""
    root = row.organization.parent is None
    impossible = {"transfer", "dissolve"} if root else set()
    if not row.own_units:
        impossible |= {"release", "split_off"}
    if not row.organization.kind.party:
        impossible |= {"attach", "upgrade", "merge"}
    return [kind for kind in forms.KINDS.values() if kind.of_one and kind.id not in impossible]


@in_town(Action.SEE_FIGURES)
def organization(request: TownRequest, organization: str) -> HttpResponse:
    """Somebody came to see one organization: its units, who leads it, how it came about; the office came to change it."""
    from liangxin.web.procedures.queries import cases_of

    now = today(request.town)
    day, wrong = _day(request, "day", now)
    tree = queries.tree_of(request.town)
    if organization not in tree.standing:
        raise Http404
    standing = names.told_tree(request.permit, queries.day_tree(request.town, day))
    listed = {row.organization.id: row for row in queries.rows(request.permit, live(request.town), standing)}
    row = listed.get(organization)
    entries = tree.history(organization)
    written = queries.entries_by(request.town, [entry.number for entry in entries])
    annulled = queries.annulled(tree)
    may = request.permit.may(Action.ORGANIZE)
    context: dict[str, Any] = {
        "id": organization,
        "day": day,
        "today": now,
        "notices": [wrong] if wrong else [],
        "row": row,
        "last": tree.standing[organization][-1],
        "last_name": names.told_words(request.permit, tree.standing[organization][-1].value.name),
        "history": [
            (entry, names.told_text(request.permit, forms.described(entry.operation, standing)), *written.get(entry.number, ("", None)),
             entry.number in annulled)
            for entry in reversed(entries)
        ],
        "may_organize": may,
        "only_counts": names.only_counts(request.permit),
        "kinds": _possible(row) if may and row and day == now else [],
        "asked": _possible(row) if request.permit.may(Action.PROPOSE) and row and day == now else [],
        "cases": cases_of(request.permit, organization),
    }  # fmt: skip
    if row is not None:
        import polars as pl

        units = readable(request.permit, live(request.town)).filter(
            pl.col("unit_id").is_in(list(row.organization.units))
        )
        areas = {area.id: area.name for area in request.town.as_core().areas}
        columns = [
            name
            for name in ("unit_id", "name", "kind", "staff", "full_members")
            if name in request.permit.fields
        ]
        context |= {
            "units": list(units.select(columns).iter_rows(named=True)),
            "hidden": row.own_units - units.height,
            "columns": [FIELDS[name] for name in columns],
            "ancestors": list(reversed(list(standing.ancestors(organization)))),
            "children": [listed[child] for child in standing.children.get(organization, ())],
            "in_line": [each for each in standing.organizations.values() if each.line == organization],
            "area": areas.get(row.organization.standing.area or "", ""),
            "form": FORMS.get(row.organization.standing.form or ""),
        }
    return render(request, "organizations/organization.html", context)
