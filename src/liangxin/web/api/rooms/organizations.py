"""The organizations: the tree of a day, one with its history, what changed, and what is done to them outside of a case."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from ninja import Router, Schema
from pydantic import Field

from liangxin.registry.access import Action
from liangxin.web.accounts.permission import Permit, require_whole_town
from liangxin.web.api import reads
from liangxin.web.api.reads import organization_out
from liangxin.web.api.schemas import Day, OrganizationOut, OrganizationsOut, Refusal, TownCode, Words
from liangxin.web.api.service import REFUSED, TOWN, allowed, gives
from liangxin.web.api.typed import Count, Line, Sentence
from liangxin.web.organizations import deciding, forms, intended, names, printing, queries, services
from liangxin.web.policies.queries import today
from liangxin.web.ui.attachment import attachment
from liangxin.web.units.live import live
from liangxin.web.units.queries import readable
from liangxin.wording import Lang, Text

router = Router(tags=["organizations"])
MOST_SHOWN = 300  # sentences of a preview or of what changed; the number of all is beside them


class OperationKindOut(Schema):
    """One thing that can be done. ``fields``: keys of ``values`` besides on, clause, document and reason."""

    kind: str
    title: Words
    means: Words
    fields: list[str]
    of_one: bool
    clause: str


class EntryOut(Schema):
    """One entry of the journal. ``on``: null for an organization that stood before anybody knew since when. ``annulled``:
    taken back by a later one."""

    number: int
    on: date | None
    what: Words
    document: str
    by: str
    at: datetime | None
    annulled: bool


class OneOut(OrganizationOut):
    """``unit_ids``: its own units that you may read; ``hidden``: those that you may not."""

    unit_ids: list[str]
    hidden: int
    children: list[str]
    history: list[EntryOut]


class TreeChangesOut(Schema):
    since: date
    day: date
    total: int
    changes: list[Words]


class UndecidedOut(Schema):
    """``ledger`` and ``tree``: organization_id, organization_form and superior_id as either says them."""

    unit_id: str
    name: str
    ledger: dict[str, str | None]
    tree: dict[str, str | None]


class DecideIn(Schema):
    """Unit number → whose word is taken."""

    units: dict[Line, Literal["ledger", "tree"]] = Field(max_length=5_000)


class DecidedOut(Schema):
    change_set: int


class EntriesOut(Schema):
    entries: int


class OperationIn(Schema):
    """``values``: the fields of the kind, and on (a day), clause, document, reason; units one a line; lists for members and
    others; entry (a number) with annul. ``seen``: the number that the preview gave."""

    kind: Line
    organization: Line = ""
    values: dict[Line, Sentence | list[Line]] = Field(default={}, max_length=30)


class SeenOperationIn(OperationIn):
    seen: Count


class SeenIn(Schema):
    seen: Count


class PreviewOut(Schema):
    """``units``: how many get another organization, form or superior in the ledger. Send ``seen`` back to do it."""

    title: Words
    total: int
    changes: list[Words]
    units: int
    seen: int


class DoneOut(Schema):
    """``organization``: what was founded, else what it was done to; ``seen``: the journal's number now."""

    title: Words
    organization: str
    seen: int


@router.get(f"{TOWN}/organizations", response={200: OrganizationsOut, **REFUSED})
def organizations(request: HttpRequest, town: TownCode, day: Day = None) -> Any:
    """The tree as it stood on a day (today by default), parents first."""
    return reads.organizations(allowed(request, town, Action.SEE_FIGURES), day)


@router.get(f"{TOWN}/organizations/{{organization}}", response={200: OneOut, **REFUSED})
def one_organization(request: HttpRequest, town: TownCode, organization: str, day: Day = None) -> Any:
    """One organization as it stood on a day, with how it came about."""
    import polars as pl

    permit = allowed(request, town, Action.SEE_FIGURES)
    standing = names.told_tree(permit, queries.day_tree(permit.town, day or today(permit.town)))
    shown = live(permit.town)
    row = next((r for r in queries.rows(permit, shown, standing) if r.organization.id == organization), None)
    if row is None:
        raise Http404
    held = list(row.organization.units)
    mine = readable(permit, shown).filter(pl.col("unit_id").is_in(held))["unit_id"].to_list()
    return {
        **organization_out(row),
        "unit_ids": mine,
        "hidden": len(held) - len(mine),
        "children": list(standing.children.get(organization, ())),
        "history": _history(permit, organization),
    }


@router.get(f"{TOWN}/organizations-changed", response={200: TreeChangesOut, **REFUSED})
def organizations_changed(request: HttpRequest, town: TownCode, since: Day = None, day: Day = None) -> Any:
    """What differs between the trees of two days: the drive's first and today, where not said otherwise."""
    from liangxin.structure import difference

    permit = allowed(request, town, Action.SEE_FIGURES)
    first, last = since or permit.town.drive_starts, day or today(permit.town)
    found = difference(
        *(names.told_tree(permit, queries.day_tree(permit.town, each)) for each in (first, last))
    )
    said = [each.text.as_dict() for each in found[:MOST_SHOWN]]
    return {"since": first, "day": last, "total": len(found), "changes": said}


@router.get(f"{TOWN}/organizations-network.pdf", response={**REFUSED}, openapi_extra=gives("pdf"))
def organizations_network(
    request: HttpRequest, town: TownCode, day: Day = None, lang: Lang = "zh"
) -> HttpResponse:
    """Annex 1 on A3. It names every organization with its members, so it is for those who export the whole town."""
    permit = allowed(request, town, Action.EXPORT)
    require_whole_town(permit)
    at = day or today(permit.town)
    made = printing.network(permit.town, at, lang)
    if made is None:
        raise Http404
    label = Text("党组织分布网络图", "network of organizations").in_language(lang)
    return attachment(made, "pdf", f"{permit.town.name}{label}{at}.pdf")


@router.get(f"{TOWN}/organization-operations", response={200: list[OperationKindOut], **REFUSED})
def organization_kinds(request: HttpRequest, town: TownCode) -> Any:
    """What can be done to organizations, and the fields each asks for."""
    allowed(request, town, Action.ORGANIZE)
    return [
        {
            "kind": each.id,
            "title": each.title.as_dict(),
            "means": each.means.as_dict(),
            "fields": list(each.fields),
            "of_one": each.of_one,
            "clause": each.clause,
        }
        for each in forms.KINDS.values()
    ]


@router.post(f"{TOWN}/organization-operations/preview", response={200: PreviewOut, **REFUSED})
def preview_operation(request: HttpRequest, town: TownCode, body: OperationIn) -> Any:
    """What would change, in sentences; nothing is done."""
    permit = allowed(request, town, Action.ORGANIZE)
    return _preview(permit, _asked(permit, body))


@router.post(f"{TOWN}/organization-operations", response={200: DoneOut, 409: Refusal, **REFUSED})
def do_operation(request: HttpRequest, town: TownCode, body: SeenOperationIn) -> Any:
    """Found, attach, split off, upgrade, merge, dissolve, take back … as it was previewed; ledger and rates follow with it.
    409 where something was done to the organizations since the preview."""
    permit = allowed(request, town, Action.ORGANIZE)
    return _do(permit, _asked(permit, body), body.seen, body.organization)


@router.get(f"{TOWN}/organization-framework", response={200: PreviewOut, **REFUSED})
def preview_framework(request: HttpRequest, town: TownCode) -> Any:
    """What section 3 of the notice asks for and the town does not have yet."""
    permit = allowed(request, town, Action.ORGANIZE)
    return _preview(permit, intended.of_section_3(permit.town))


@router.post(f"{TOWN}/organization-framework", response={200: DoneOut, 409: Refusal, **REFUSED})
def set_up_framework(request: HttpRequest, town: TownCode, body: SeenIn) -> Any:
    """Set it up as it was previewed."""
    permit = allowed(request, town, Action.ORGANIZE)
    return _do(permit, intended.of_section_3(permit.town), body.seen, "")


@router.post(f"{TOWN}/organizations-existing", response={200: EntriesOut, **REFUSED})
def record_existing(request: HttpRequest, town: TownCode) -> Any:
    """While the journal is empty: enter the organizations that the town file lists."""
    return {"entries": services.record_ground(allowed(request, town, Action.ORGANIZE))}


@router.get(f"{TOWN}/organizations-undecided", response={200: list[UndecidedOut], **REFUSED})
def undecided(request: HttpRequest, town: TownCode) -> Any:
    """Units of which ledger and tree differed before the upgrade; they count as the ledger says until decided."""
    permit = allowed(request, town, Action.ORGANIZE)
    return [
        {"unit_id": each.unit_id, "name": each.name, "ledger": dict(each.ledger), "tree": dict(each.tree)}
        for each in deciding.undecided_places(permit.town)
    ]


@router.post(f"{TOWN}/organizations-undecided", response={200: DecidedOut, **REFUSED})
def decide(request: HttpRequest, town: TownCode, body: DecideIn) -> Any:
    """Take the ledger's word or the tree's for some of them: one change set, the tree's journal with it."""
    permit = allowed(request, town, Action.ORGANIZE)
    return {"change_set": deciding.decide(permit, dict(body.units)).pk}


def _asked(permit: Permit, body: OperationIn) -> intended.Intended:
    kind = forms.KINDS.get(body.kind)
    now = queries.day_tree(permit.town, today(permit.town))
    if kind is None or (kind.of_one and body.organization not in now.organizations):
        raise Http404
    given = QueryDict(mutable=True)
    for name, value in body.values.items():
        given.setlist(name, value if isinstance(value, list) else [value])
    given["organization"] = body.organization
    given.setdefault("on", today(permit.town).isoformat())
    return intended.of_form(permit, kind, body.organization, now, given)


def _preview(permit: Permit, asked: intended.Intended) -> dict[str, Any]:
    found = intended.preview(permit.town, asked)
    return {
        "title": asked.title.as_dict(),
        "total": len(found.changes),
        "changes": [each.as_dict() for each in found.changes[:MOST_SHOWN]],
        "units": found.units,
        "seen": found.seen,
    }


def _do(permit: Permit, asked: intended.Intended, seen: int, organization: str) -> dict[str, Any]:
    services.carry_out(permit, asked.operations, asked.title, seen)
    return {
        "title": asked.title.as_dict(),
        "organization": asked.founded or organization,
        "seen": queries.last_number(permit.town),
    }


def _history(permit: Permit, organization: str) -> list[dict[str, Any]]:
    tree = queries.tree_of(permit.town)
    entries = tree.history(organization)
    written = queries.entries_by(permit.town, [entry.number for entry in entries])
    standing = names.told_tree(permit, queries.day_tree(permit.town, today(permit.town)))
    annulled = queries.annulled(tree)
    return [
        {
            "number": entry.number,
            "on": entry.operation.on,
            "what": names.told_text(permit, forms.described(entry.operation, standing)).as_dict(),
            "document": names.told_words(permit, entry.operation.basis.document or ""),
            "by": written.get(entry.number, ("", None))[0],
            "at": written.get(entry.number, ("", None))[1],
            "annulled": entry.number in annulled,
        }
        for entry in reversed(entries)
    ]
