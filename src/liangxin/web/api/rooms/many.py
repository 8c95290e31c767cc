"""Many units at once, as the list does it: one field of all that are chosen, a block from Excel, lists kept under a name."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest, QueryDict
from ninja import Router, Schema
from pydantic import Field

from liangxin.findings import InputError
from liangxin.registry.access import Action
from liangxin.registry.fields import FIELDS
from liangxin.web.accounts.permission import Permit
from liangxin.web.api.reads import read_filter
from liangxin.web.api.schemas import Key, Refusal, TownCode, UnitFilter, Words, Wrong
from liangxin.web.api.service import REFUSED, TOWN, allowed, wrong
from liangxin.web.api.typed import Line, Seen
from liangxin.web.units import actions, many, places, saved
from liangxin.web.units.live import live
from liangxin.web.units.models import SavedList
from liangxin.web.units.queries import found
from liangxin.web.units.services import as_json

router = Router(tags=["units"])
MOST_SHOWN = 500  # differences and warnings in one answer; the number of all is beside them


class ManyIn(Schema):
    """``units``, or ``matching``: all that a filter finds. ``apply`` false: only say what would change; true: do what the
    preview with the token ``seen`` showed."""

    field: Line
    value: Annotated[str, Field(max_length=500)] = ""
    units: list[Line] = Field(default=[], max_length=50_000)
    matching: UnitFilter | None = None
    apply: bool = False
    seen: Seen = ""


class PasteIn(Schema):
    """``text``: tab between cells, a header row first, one unit a row found by number, credit code or whole name.
    ``apply`` and ``seen`` as for one field."""

    text: Annotated[str, Field(max_length=2_000_000)]
    apply: bool = False
    seen: Seen = ""


class DifferenceOut(Schema):
    unit_id: str
    field: str
    before: Any
    after: Any


class ManyOut(Schema):
    """``total``: cells that change; ``same``: units that are so already; ``change_set``: what was done, none yet in a preview.
    ``operations``: what happens to the tree of organizations with it. Send ``seen`` back with ``apply`` to do it."""

    units: int
    total: int
    same: int
    differences: list[DifferenceOut]
    operations: list[Words]
    warnings: list[Wrong]
    change_set: int | None
    seen: str


class SavedIn(Schema):
    name: Line
    filter: UnitFilter
    columns: list[Line] = Field(default=[], max_length=60)


class SavedOut(Schema):
    id: int
    name: str
    filter: dict[str, str]
    columns: list[str]


class PlaceOut(Schema):
    """``units``: how many of them you may read there and below."""

    id: str
    name: str
    kind: str
    parent: str | None
    units: int


class PlacesOut(Schema):
    places: list[PlaceOut]
    nowhere: int


@router.post(f"{TOWN}/units-bulk", response={200: ManyOut, 409: Refusal, **REFUSED})
def units_bulk(request: HttpRequest, town: TownCode, body: ManyIn) -> Any:
    """One field of many units; units that you may not edit are left out. 422 lists everything that stands against it; 409
    what somebody changed since the preview, and then nothing is done."""
    permit = allowed(request, town, Action.EDIT_UNITS)
    chosen: list[str] = list(body.units)
    if body.matching is not None:
        shown = live(permit.town)
        given = body.matching.model_dump(by_alias=True)
        chosen += found(permit, shown, read_filter(shown, given))["unit_id"].to_list()
    return _done(permit, many.FieldInput(tuple(chosen), body.field, body.value), body)


@router.post(f"{TOWN}/units-paste", response={200: ManyOut, 409: Refusal, **REFUSED})
def units_paste(request: HttpRequest, town: TownCode, body: PasteIn) -> Any:
    """A block as it is copied from Excel, in the town's own headers."""
    permit = allowed(request, town, Action.EDIT_UNITS)
    return _done(permit, many.BlockInput(body.text), body)


@router.get(f"{TOWN}/saved-lists", response={200: list[SavedOut], **REFUSED})
def saved_lists(request: HttpRequest, town: TownCode) -> Any:
    """Your own lists kept under a name: filter and columns."""
    permit = allowed(request, town, Action.READ_UNITS)
    return [_saved(each) for each in saved.saved_lists(permit)]


@router.post(f"{TOWN}/saved-lists", response={200: SavedOut, **REFUSED})
def save_list(request: HttpRequest, town: TownCode, body: SavedIn) -> Any:
    """Keep a list; a name used before now means this one."""
    permit = allowed(request, town, Action.READ_UNITS)
    given = {name: value for name, value in body.filter.model_dump(by_alias=True).items() if value}
    read_filter(live(permit.town), given)
    query = QueryDict(mutable=True)
    query.update(given)
    columns = tuple(name for name in body.columns if name in permit.fields)
    return _saved(saved.save(permit, body.name, query.urlencode(), columns))


@router.delete(f"{TOWN}/saved-lists/{{pk}}", response={200: list[SavedOut], **REFUSED})
def forget_list(request: HttpRequest, town: TownCode, pk: Key) -> Any:
    """Drop one; gives those that are left. The units are not touched."""
    permit = allowed(request, town, Action.READ_UNITS)
    saved.forget(permit, pk)
    return [_saved(each) for each in saved.saved_lists(permit)]


@router.get(f"{TOWN}/units-places", response={200: PlacesOut, **REFUSED})
def units_places(request: HttpRequest, town: TownCode) -> Any:
    """Where the units that you may read are: every place of the town with its number, and how many are in none."""
    permit = allowed(request, town, Action.READ_UNITS)
    tree, nowhere = places.area_tree(permit, live(permit.town))
    return {"places": list(_flat(tree, None)), "nowhere": nowhere}


def _flat(nodes: tuple[places.Node, ...], parent: str | None) -> Any:
    for node in nodes:
        yield {"id": node.id, "name": node.name, "kind": node.kind, "parent": parent, "units": node.count}
        yield from _flat(node.children, node.id)


def _done(
    permit: Permit, wanted: many.FieldInput | many.BlockInput, body: ManyIn | PasteIn
) -> dict[str, Any]:
    if body.apply:
        done = actions.change_many(permit, wanted, body.seen)
        return _out(done.prepared, done.change_set.pk)
    prepared = many.prepare(permit, wanted)
    if prepared.checked.errors:
        raise InputError(prepared.checked.errors)
    return _out(prepared, None)


def _out(prepared: many.Prepared, change_set: int | None) -> dict[str, Any]:
    return {
        "units": len(prepared.unit_ids),
        "total": len(prepared.differences),
        "same": prepared.same,
        "differences": [
            {
                "unit_id": each.unit.unit_id,
                "field": each.field,
                "before": as_json(each.old),
                "after": as_json(each.new),
            }
            for each in prepared.differences[:MOST_SHOWN]
        ],
        "operations": [each.as_dict() for each in prepared.checked.operations[:MOST_SHOWN]],
        "warnings": [wrong(each) for each in prepared.checked.warnings[:MOST_SHOWN]],
        "change_set": change_set,
        "seen": prepared.seen,
    }


def _saved(kept: SavedList) -> dict[str, Any]:
    columns = [name for name in kept.columns if name in FIELDS]
    return {"id": kept.pk, "name": kept.name, "filter": QueryDict(kept.query).dict(), "columns": columns}
