from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from liangxin.findings import InputError
from liangxin.registry.access import Action
from liangxin.registry.fields import FIELDS
from liangxin.web.accounts.permission import TownRequest, in_town
from liangxin.web.ui.language import current, told
from liangxin.web.units import (
    actions,
    editing,
    filter_words,
    many,
    places,
    previews,
    queries,
    saved,
    services,
    sheets,
)
from liangxin.web.units.finding import unit_for
from liangxin.web.units.live import Live, asked, live
from liangxin.web.units.models import Unit
from liangxin.web.units.saving import save_form
from liangxin.wording import Text, counted

SHOWN_ONLY = frozenset({"organization_id", "superior_id"})  # they follow from the tree of organizations
CHOICES_SHOWN = ("kind", "state", "organization_form")
MAX_LISTED = 200  # differences shown in a preview; the number of all is always said


@in_town(Action.READ_UNITS)
def index(request: TownRequest) -> HttpResponse:
    """Office and groups came to find units, see what is still 待核, and correct it: tree left, table right."""
    shown = asked(request.town, request.GET.get("day"))
    wanted = queries.Filter.read(request.GET, shown)
    numbers = queries.rows_found(request.permit, shown, wanted)
    page = Paginator(range(len(numbers)), queries.PAGE_SIZE).get_page(request.GET.get("page"))
    columns = queries.columns(request, request.permit)
    may_edit = request.permit.may(Action.EDIT_UNITS) and shown.day is None  # what was is only read
    editable = set(editing.editable(request.permit)) - SHOWN_ONLY if may_edit else set()
    on_page = numbers.slice((page.number - 1) * queries.PAGE_SIZE, queries.PAGE_SIZE)
    context: dict[str, Any] = {
        "page": page,
        "day": shown.day,
        "chips": filter_words.parts(request.permit, shown, wanted),
        "total": len(numbers),
        "total_words": f"{len(numbers):,}",
        "rows": queries.unit_rows(shown, on_page, request.permit, columns, editable),
        "columns": [FIELDS[name] for name in columns],
        "sections": [
            (title, [FIELDS[name] for name in listed if name in request.permit.fields])
            for title, listed in sheets.sections()
        ],
        "clears": shown.policy.clears,
        "wanted": wanted,
        "choice_filters": [
            (FIELDS[name], wanted.choices.get(name, ""))
            for name in CHOICES_SHOWN
            if name in request.permit.fields
        ],
        "classes": shown.policy.classes,
        "may_export": request.permit.may(Action.EXPORT),
        "editable": editable,
        "may_pick": bool(editable),
        "bulk_fields": [
            FIELDS[name] for name in editing.editable(request.permit) if name not in ("name", "uscc")
        ],
    }
    if request.htmx:
        return render(request, "units/_table.html", context)
    own = {"q", "class", "unclear", "page", "column", *CHOICES_SHOWN}  # what the search form asks itself
    context["carried"] = [(name, value) for name, value in request.GET.items() if name not in own]
    context["carried_all"] = [
        (name, value) for name, value in request.GET.items() if name not in ("page", "column")
    ]
    context |= _places(request, shown, wanted)
    context["kept_lists"] = [(each, saved.address(each)) for each in saved.saved_lists(request.permit)]
    return render(request, "units/index.html", context)


def _places(request: TownRequest, shown: Live, wanted: queries.Filter) -> dict[str, Any]:
    """The tree beside the list, for the list as it is filtered otherwise."""
    tree, nowhere = places.area_tree(request.permit, shown)
    others = request.GET.copy()
    for name in ("place", "page"):
        others.pop(name, None)
    link = f"?{others.urlencode()}{'&' if others else ''}place="
    return {
        "tree": places.as_list(tree, link, wanted.place),
        "nowhere": nowhere,
        "nowhere_id": queries.NOWHERE,
    }


@in_town(Action.READ_UNITS)
def unit(request: TownRequest, unit_id: str) -> HttpResponse:
    """Somebody came to see all that is known of one unit, what is missing, what the policy asks, and to mend it."""
    found = unit_for(request, unit_id, Action.READ_UNITS)
    return render(request, "units/unit.html", _unit_page(request, found))


def _unit_page(request: TownRequest, found: Unit, typed: dict[str, str] | None = None) -> dict[str, Any]:
    may_edit = request.permit.reach(Action.EDIT_UNITS).value > 0
    return {
        "unit": found,
        "sheet": sheets.unit_sheet(request.permit, live(request.town), found),
        "groups": sheets.form_groups(request.permit, found, typed or {}, may_edit),
        "may_edit": may_edit,
        "may_propose": request.permit.may(Action.PROPOSE) and found.organization_id is None,
        "neighbours": queries.neighbours(request.permit, live(request.town), found.unit_id, request.GET),
        "history": sheets.history(request.permit, found),
        "organization": sheets.organization(request.permit, found),
    }


@require_POST
@in_town(Action.EDIT_UNITS)
def save(request: TownRequest, unit_id: str) -> HttpResponse:
    """Save one unit's form: all errors at once beside their fields; two people's disjoint edits both stay."""
    found = unit_for(request, unit_id, Action.EDIT_UNITS)
    outcome = save_form(
        request.permit, found, request.POST, "edit", Text(f"修改{found.name}", f"Edit {found.name}")
    )
    if outcome.done is not None:
        number = outcome.done.changes.count()
        words = Text("已保存", "Saved") if number else Text("没有改动", "Nothing was changed")
        messages.success(request, words.in_language(current()))
        for each in outcome.warnings[:5]:
            messages.warning(request, each.sentence(current()))
        return redirect("units-unit", town=request.town.code, unit_id=found.unit_id)
    context = _unit_page(request, found, dict(outcome.typed)) | {
        "errors": [(each.column_of, each.sentence(current())) for each in outcome.errors],
        "wrong_fields": {each.column_of for each in outcome.errors},
        "clashes": outcome.clashes,
    }
    return render(request, "units/unit.html", context, status=422 if outcome.errors else 409)


@in_town(Action.EDIT_UNITS)
def cell(request: TownRequest, unit_id: str, field: str) -> HttpResponse:
    """One cell of the table: a click (or Enter) makes it an input, Enter saves, Escape leaves it."""
    if field not in editing.editable(request.permit):
        raise Http404
    found = unit_for(request, unit_id, Action.EDIT_UNITS)
    context: dict[str, Any] = {"unit_id": unit_id, "field": FIELDS[field], "editable": {field}}
    words = sheets.as_typed(field, getattr(found, field), request.town)
    if request.method == "GET":
        template = "units/_cell.html" if "leave" in request.GET else "units/_cell_input.html"
        return render(
            request,
            template,
            context
            | {
                "words": words,
                "version": found.version,
                "value": sheets.shown_value(request.permit, field, getattr(found, field)),
            },
        )
    typed = request.POST.get("value", "")
    values, findings = editing.read_typed({field: typed})
    seen, _ = editing.read_typed({field: request.POST.get("was", "")})
    version = request.POST.get("version", "")
    checked = editing.check(
        request.permit, [(found, values, int(version) if version.isdigit() else None, seen)]
    )
    errors = [each for each in findings if each.severity.value == "error"] + list(checked.errors)
    if not errors:
        try:
            services.write(
                request.town,
                request.user,
                "edit",
                Text(
                    f"修改{found.name}的{FIELDS[field].label.zh}",
                    f"Edit {FIELDS[field].label.en} of {found.name}",
                ),
                checked.edits,
            )
        except InputError as refused:  # the tree was changed since it was checked
            errors = list(refused.findings)
        except services.EditConflict as conflict:
            theirs = sheets.as_typed(field, conflict.clashes[0].theirs, request.town)
            said = Text(
                f"别人刚改成了“{theirs}”，再按一次回车用您的",
                f'Someone just made it "{theirs}"; Enter again keeps yours',
            ).in_language(current())
            found.refresh_from_db()
            return render(
                request,
                "units/_cell_input.html",
                context | {"words": typed, "was": theirs, "version": found.version, "wrong": said},
            )
        else:
            found.refresh_from_db()
            value = sheets.shown_value(request.permit, field, getattr(found, field))
            return render(request, "units/_cell.html", context | {"value": value, "saved": True})
    said = "；".join(told(errors))
    return render(
        request,
        "units/_cell_input.html",
        context | {"words": typed, "was": words, "version": found.version, "wrong": said},
    )


@require_POST
@in_town(Action.EDIT_UNITS)
def bulk(request: TownRequest) -> HttpResponse:
    """One field of many units at once: first old → new for each, then the button that says what it will do."""
    field, value = request.POST.get("field", ""), request.POST.get("value", "")
    shown = live(request.town)
    chosen = (
        queries.found(request.permit, shown, queries.Filter.read(request.GET, shown))["unit_id"].to_list()
        if request.POST.get("all")
        else request.POST.getlist("unit")
    )
    wanted = many.FieldInput(tuple(chosen), field, value)
    try:
        return _preview_or_done(request, wanted, {"units": chosen, "field": field, "value": value})
    except InputError as refused:
        messages.error(request, " ".join(told(refused.findings)))
        return redirect("units", town=request.town.code)


def _preview_or_done(
    request: TownRequest, wanted: many.FieldInput | many.BlockInput, given: dict[str, Any]
) -> HttpResponse:
    """Do what the preview showed. Where there was none yet or something else would be done by now: the preview of now,
    with what somebody changed meanwhile. Raises InputError where the input cannot be read at all."""
    overtaken: list[str] | None = None
    if "apply" in request.POST and previews.token_seq(request.POST.get("seen", "")) is not None:
        try:
            done = actions.change_many(request.permit, wanted, request.POST["seen"])
        except previews.StalePreviewError as stale:
            overtaken = told(previews.findings(stale)[1:])
        except InputError:
            pass  # the preview below shows every error beside what was asked
        else:
            number = len(done.prepared.differences)
            words = Text(
                f"已修改 {number} 处。可在“修改记录”里撤销",
                f"{number} cells changed. It can be undone under Changes",
            )
            messages.success(request, words.in_language(current()))
            return redirect("units-change-set", town=request.town.code, pk=done.change_set.pk)
    prepared = many.prepare(request.permit, wanted)
    changes, checked = prepared.differences, prepared.checked
    listed = [
        (
            each,
            FIELDS[each.field],
            sheets.shown_value(request.permit, each.field, each.old),
            sheets.shown_value(request.permit, each.field, each.new),
        )
        for each in changes[:MAX_LISTED]
    ]
    context = {
        "title": prepared.title,
        "changes": listed,
        "total": len(changes),
        "operations": checked.operations[:MAX_LISTED],
        "operations_total": len(checked.operations),
        "same": prepared.same,
        "errors": told(checked.errors[:MAX_LISTED]),
        "warnings": told(checked.warnings[:MAX_LISTED]),
        "given": given,
        "seen": prepared.seen,
        "overtaken": overtaken,
    }
    status = 422 if checked.errors else 200 if overtaken is None else 409
    return render(request, "units/preview.html", context, status=status)


@in_town(Action.EDIT_UNITS)
def paste(request: TownRequest) -> HttpResponse:
    """Somebody has the corrections in Excel: copy with the header, paste here, look at old → new, apply."""
    if request.method == "GET":
        return render(request, "units/paste.html", {"text": ""})
    text = request.POST.get("text", "")
    try:
        return _preview_or_done(request, many.BlockInput(text), {"text": text})
    except InputError as refused:
        return render(
            request, "units/paste.html", {"text": text, "errors": told(refused.findings)}, status=422
        )


@in_town(Action.EDIT_UNITS)
def change_sets(request: TownRequest) -> HttpResponse:
    """Who changed what and when; each thing done can be undone as a whole, also next week."""
    sets = sheets.change_sets(request.permit)
    page = Paginator(sets, 50).get_page(request.GET.get("page"))
    return render(request, "units/change_sets.html", {"page": page})


@in_town(Action.EDIT_UNITS)
def change_set(request: TownRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(sheets.change_sets(request.permit), pk=pk)
    changes = sheets.changes(request.permit, found)
    page = Paginator(changes, 100).get_page(request.GET.get("page"))
    context = {
        "set": found,
        "page": page,
        "rows": sheets.change_rows(request.permit, page.object_list),
        "may_undo": actions.may_undo(request.permit, found),
    }
    return render(request, "units/change_set.html", context)


@require_POST
@in_town(Action.EDIT_UNITS)
def undo(request: TownRequest, pk: int) -> HttpResponse:
    """Take it back, field by field: what somebody changed since stays, and is listed with whose it is and since when."""
    found = get_object_or_404(sheets.change_sets(request.permit), pk=pk)
    try:
        done = actions.undo_change_set(request.permit, found)
    except actions.NotUndoableError:
        words = Text(
            "这批修改不能撤销：已经撤销过，或者不是您做的",
            "It cannot be undone: it was undone already, or is not yours",
        )
        messages.error(request, words.in_language(current()))
        return redirect("units-change-set", town=request.town.code, pk=pk)
    restored = Text(
        f"已恢复 {done.taken_back} 家单位的修改", f"Restored for {counted(done.taken_back, 'unit', 'units')}"
    )
    undone = Text(
        f"已撤销 {done.taken_back} 家单位的修改",
        f"Taken back for {counted(done.taken_back, 'unit', 'units')}",
    )
    messages.success(request, (restored if found.kind == "undo" else undone).in_language(current()))
    if done.left:
        words = Text(
            "有 {n} 家后来又改过，改过的保持现状：{what}",
            "{n:unit was|units were} edited since; what was changed stays: {what}",
        )
        named = [previews.describe(each) for each in done.kept[:20]]
        if not named:
            named = [
                Text(f"{each.unit_id} {each.name}", f"{each.unit_id} {each.name}") for each in done.left[:20]
            ]
        what = Text("；".join(each.zh for each in named), "; ".join(each.en for each in named))
        messages.warning(request, words.fill(n=len(done.left), what=what).in_language(current()))
    return redirect("units-change-set", town=request.town.code, pk=done.change_set.pk)
