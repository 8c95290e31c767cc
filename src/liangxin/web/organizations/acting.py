"""Doing something to an organization: a small form, a preview of what changes, then it is done. Three pages, one view."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from liangxin.findings import Finding, InputError
from liangxin.registry.access import Action
from liangxin.registry.fields import FIELDS, Field
from liangxin.web.accounts.permission import TownRequest, in_town
from liangxin.web.organizations import deciding, forms, intended, queries, services
from liangxin.web.organizations.placing import COLUMNS
from liangxin.web.policies.queries import today
from liangxin.web.ui.language import current
from liangxin.web.units.live import live
from liangxin.web.units.previews import StalePreviewError
from liangxin.web.units.sheets import value_words
from liangxin.wording import Text

if TYPE_CHECKING:
    from liangxin.structure import DayTree

MULTIPLE = ("members", "others")
LIMIT = 60  # sentences of a preview; the number of all is always said


@in_town(Action.ORGANIZE)
def act(request: TownRequest, kind: str) -> HttpResponse:
    """The office came to change one thing of the tree: type it, see what would change, do it; or be told why not."""
    if kind not in forms.KINDS:
        raise Http404
    asked = forms.KINDS[kind]
    given = request.POST if request.method == "POST" else request.GET
    organization = given.get("organization", "")
    now = queries.tree_of(request.town).on(today(request.town))
    if asked.of_one and organization not in now.organizations:
        raise Http404
    page: dict[str, Any] = {"kind": asked, "now": now, "organization": organization, "given": given}
    if request.method != "POST" or "back" in request.POST:
        return _form(request, page, [])
    try:
        asked_for = intended.of_form(request.permit, asked, organization, now, given)
        if _done_as_seen(request, asked_for):
            target = asked_for.founded or organization
            if target and kind != "dissolve":
                return redirect("organizations-one", town=request.town.code, organization=target)
            return redirect("organizations", town=request.town.code)
        return _preview(request, page, asked_for)
    except InputError as refused:
        return _form(request, page, refused.findings)


def _done_as_seen(request: TownRequest, asked_for: intended.Intended) -> bool:
    """Do what the preview showed; False where there was none yet, or something was done since."""
    seen = request.POST.get("seen", "")
    if not (seen.isascii() and seen.isdigit() and len(seen) < 10):
        return False
    try:
        services.carry_out(request.permit, asked_for.operations, asked_for.title, int(seen))
    except StalePreviewError:
        return False
    words = Text("已办理：{what}", "Done: {what}").fill(what=asked_for.title)
    messages.success(request, words.in_language(current()))
    return True


def _preview(request: TownRequest, page: dict[str, Any], asked_for: intended.Intended) -> HttpResponse:
    """What would change, as sentences. If somebody does something meanwhile, the button shows a new preview."""
    found = intended.preview(request.town, asked_for)
    overtaken = "seen" in request.POST
    page |= {
        "title": asked_for.title,
        "changes": found.changes[:LIMIT],
        "total": len(found.changes),
        "units": found.units,
        "last": found.seen,
        "overtaken": overtaken,
        "sent": [
            (name, value)
            for name, values in request.POST.lists()
            if name not in ("csrfmiddlewaretoken", "seen", "back")
            for value in values
        ],
    }
    return render(request, "organizations/preview.html", page, status=409 if overtaken else 200)


def _form(request: TownRequest, page: dict[str, Any], findings: Sequence[Finding]) -> HttpResponse:
    page |= form_values(request, page, findings)
    return render(request, "organizations/act.html", page, status=422 if findings else 200)


def form_values(request: TownRequest, page: dict[str, Any], findings: Sequence[Finding]) -> dict[str, Any]:
    """The form's fields with what was typed and what is wrong; ``page``: kind, now, organization, given."""
    kind, now, organization, given = page["kind"], page["now"], page["organization"], page["given"]
    offered = forms.choices(request.permit, now, kind, organization)
    wrong: dict[str, list[str]] = {}
    for each in findings:
        wrong.setdefault(each.column_of or "", []).append(each.sentence(current()))
    names = [*kind.fields, "on", "clause", "document", "reason"]
    values: dict[str, Any] = {name: given.get(name, "") for name in names}
    values |= {name: given.getlist(name) for name in MULTIPLE if name in names}
    if not values["on"]:
        values["on"] = today(request.town).isoformat()
    if request.method != "POST":
        values["clause"] = values["clause"] or kind.clause
        if "type" in values and not values["type"]:
            values["type"] = "branch" if kind.id == "split_off" else ""
        if "form" in values and kind.id == "split_off":
            values["form"] = "separate"
        if kind.id == "found" and organization in now.organizations:
            values["parent"] = organization
    return {
        "fields": [
            {
                "name": name,
                "label": forms.LABELS[name],
                "help": forms.HELP.get(name),
                "choices": offered.get(name),
                "value": values[name],
                "wrong": wrong.get(name, []),
            }
            for name in names
            if name != "members"
        ],
        "members": _members(request, now, organization) if "members" in kind.fields else None,
        "chosen": set(values.get("members", ())),
        "wrong_members": wrong.get("members", []),
        "sentences": [
            (each.column_of if each.column_of in names else "", each.sentence(current())) for each in findings
        ],
        "name": now.organizations[organization].name if organization in now.organizations else "",
        "entry": _entry(request, now, given) if kind.id == "annul" else None,
    }


def _members(request: TownRequest, now: DayTree, organization: str) -> list[tuple[str, str, int | None]]:
    """The organization's units with the members that count for one of their own."""
    import polars as pl

    held = list(now.organizations[organization].units)
    frame = live(request.town).classified.frame.filter(pl.col("unit_id").is_in(held))
    return list(frame.select("unit_id", "name", "forming_members").iter_rows())


def _entry(request: TownRequest, now: DayTree, given: QueryDict) -> Text | None:
    number = given.get("entry", "")
    journal = queries.tree_of(request.town).journal
    found = next((entry for entry in journal if str(entry.number) == number), None)
    return forms.described(found.operation, now) if found is not None else None


@in_town(Action.ORGANIZE)
def framework(request: TownRequest) -> HttpResponse:
    """The office came to set up what section 3 of the notice asks for and the town does not have yet, in one step."""
    page: dict[str, Any] = {
        "kind": None,
        "organization": "",
        "now": queries.day_tree(request.town, today(request.town)),
    }
    try:
        asked_for = intended.of_section_3(request.town)
        if asked_for.operations and _done_as_seen(request, asked_for):
            return redirect("organizations", town=request.town.code)
        return _preview(request, page, asked_for)
    except InputError as refused:
        sentences = [("", each.sentence(current())) for each in refused.findings]
        page |= {"title": intended.SECTION_3, "sentences": sentences}
        return render(request, "organizations/preview.html", page, status=422)


@require_POST
@in_town(Action.ORGANIZE)
def record_existing(request: TownRequest) -> HttpResponse:
    """The office came to a town without any organization: enter those that the town file lists."""
    try:
        count = services.record_ground(request.permit)
    except InputError as refused:
        for finding in refused.findings[:30]:
            messages.error(request, finding.sentence(current()))
    else:
        words = Text("已登记 {n} 笔", "{n:entry|entries} recorded").fill(n=count)
        messages.success(request, words.in_language(current()))
    return redirect("organizations", town=request.town.code)


@in_town(Action.ORGANIZE)
def undecided(request: TownRequest) -> HttpResponse:
    """The office came to decide of which organization a unit is where the old ledger and the tree said different things."""
    errors: list[str] = []
    if request.method == "POST":
        given = {
            name.removeprefix("unit-"): value
            for name, value in request.POST.items()
            if name.startswith("unit-")
        }
        choices = {id: value for id, value in given.items() if value in deciding.CHOICES}
        try:
            done = deciding.decide(request.permit, choices)
        except InputError as refused:
            errors = [finding.sentence(current()) for finding in refused.findings[:LIMIT]]
        else:
            words = Text(
                "已核定 {n} 家，可在“修改记录”里撤销",
                "{n:unit|units} decided; it can be undone under Changes",
            ).fill(n=len(choices))
            messages.success(request, words.in_language(current()))
            return redirect("units-change-set", town=request.town.code, pk=done.pk)
    waiting = deciding.undecided_places(request.town)
    page = {
        "total": len(waiting),
        "errors": errors,
        "rows": [
            (each, _sides(request, each), request.POST.get(f"unit-{each.unit_id}", ""))
            for each in waiting[:LIMIT]
        ],
    }
    return render(request, "organizations/undecided.html", page, status=422 if errors else 200)


def _sides(request: TownRequest, each: deciding.Undecided) -> list[tuple[Field, Text, Text]]:
    """Column by column what the ledger says and what the tree says."""
    return [
        (
            FIELDS[name],
            value_words(request.town, name, each.ledger[name]),
            value_words(request.town, name, each.tree[name]),
        )
        for name in COLUMNS
    ]
