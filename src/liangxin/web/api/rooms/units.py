"""Units: found, read, changed; what the policy says of one and why; what was done, and taking it back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest
from ninja import Query, Router, Schema

from liangxin.registry.access import Action
from liangxin.registry.fields import FIELDS
from liangxin.web.api import reads, writes
from liangxin.web.api.schemas import (
    ChangeSetsOut,
    ChangesOut,
    Key,
    PageNumber,
    PageSize,
    Refusal,
    TownCode,
    UndoneOut,
    UnitFilter,
    UnitId,
    UnitOut,
    UnitPatch,
    UnitsOut,
    Words,
)
from liangxin.web.api.service import REFUSED, TOWN, allowed
from liangxin.web.units.finding import may_reach
from liangxin.web.units.live import live
from liangxin.web.units.models import Unit
from liangxin.web.units.sheets import names

router = Router(tags=["units"])


class RuleVerdictOut(Schema):
    """One rule: ``says`` null is 待核; ``because``: the unit's own facts in words."""

    group: str
    id: str
    label: Words
    clause: str
    says: bool | None
    rule: Words
    because: Words


class ExplanationOut(Schema):
    reason: Words
    verdicts: list[RuleVerdictOut]
    conflicts: list[Words]


class TouchOut(Schema):
    """One change set that touched the unit, in the fields that you may read."""

    change_set: int
    at: datetime
    by: str
    kind: str
    title: Words
    undone: bool
    before: dict[str, Any]
    after: dict[str, Any]


def _unit(request: HttpRequest, town: str, unit_id: str) -> tuple[Any, Unit]:
    permit = allowed(request, town, Action.READ_UNITS)
    found = Unit.objects.filter(town=permit.town, unit_id=unit_id).first()
    if found is None or not may_reach(permit, live(permit.town), unit_id, Action.READ_UNITS):
        raise Http404
    return permit, found


@router.get(f"{TOWN}/units", response={200: UnitsOut, **REFUSED})
def units(
    request: HttpRequest, town: TownCode, wanted: Query[UnitFilter], page: PageNumber = 1, size: PageSize = 50
) -> Any:
    """The units that you may read, under the filters of the units page."""
    found = allowed(request, town, Action.READ_UNITS)
    return reads.units(found, wanted.model_dump(by_alias=True), page, size)


@router.get(f"{TOWN}/units/{{unit_id}}", response={200: UnitOut, **REFUSED})
def unit(request: HttpRequest, town: TownCode, unit_id: UnitId) -> Any:
    return reads.unit(allowed(request, town, Action.READ_UNITS), unit_id)


@router.patch(f"{TOWN}/units/{{unit_id}}", response={200: UnitOut, 409: Refusal, **REFUSED})
def patch_unit(request: HttpRequest, town: TownCode, unit_id: UnitId, body: UnitPatch) -> Any:
    """Change fields of one unit; the same checks as the page. 422 lists all errors, 409 holds both people's values."""
    found = allowed(request, town, Action.EDIT_UNITS)
    writes.patch(found, unit_id, body)
    return reads.unit(found, unit_id)


@router.get(f"{TOWN}/changes", response={200: ChangeSetsOut, **REFUSED})
def change_sets(request: HttpRequest, town: TownCode, page: PageNumber = 1, size: PageSize = 50) -> Any:
    """What was done to units, newest first."""
    return reads.change_sets(allowed(request, town, Action.EDIT_UNITS), page, size)


@router.get(f"{TOWN}/changes/{{pk}}", response={200: ChangesOut, **REFUSED})
def change_set(
    request: HttpRequest, town: TownCode, pk: Key, page: PageNumber = 1, size: PageSize = 50
) -> Any:
    return reads.change_set(allowed(request, town, Action.EDIT_UNITS), pk, page, size)


@router.post(f"{TOWN}/changes/{{pk}}/undo", response={200: UndoneOut, 409: Refusal, **REFUSED})
def undo(request: HttpRequest, town: TownCode, pk: Key) -> Any:
    """Take a change set back; what somebody changed since stays and is listed."""
    return writes.undo(allowed(request, town, Action.EDIT_UNITS), pk)


@router.get(f"{TOWN}/units/{{unit_id}}/explanation", response={200: ExplanationOut, **REFUSED})
def unit_explanation(request: HttpRequest, town: TownCode, unit_id: UnitId) -> Any:
    """Every rule with what it says of the unit and why. 404 too where you may not read all fields: verdicts show them."""
    from liangxin.coverage import Classification
    from liangxin.coverage.explain import explain
    from liangxin.coverage.reasons import conflict_sentences, sentences

    permit, found = _unit(request, town, unit_id)
    if set(permit.fields) != set(FIELDS):
        raise Http404
    shown = live(permit.town)
    row = shown.row_of(found.unit_id)
    one = Classification(frame=row, policy=shown.policy)
    called = names(permit.town, "areas") | names(permit.town, "associations")
    return {
        "reason": {lang: sentences(row, shown.policy, lang)[0] for lang in ("zh", "en")},
        "verdicts": [
            {
                "group": each.group,
                "id": each.id,
                "label": each.label.as_dict(),
                "clause": each.clause.id if each.clause is not None else "",
                "says": each.says,
                "rule": each.rule.as_dict(),
                "because": each.because.as_dict(),
            }
            for each in explain(one, found.unit_id, called=called)
        ],
        "conflicts": [
            {"zh": each["zh"], "en": each["en"]} for each in conflict_sentences(one).iter_rows(named=True)
        ],
    }


@router.get(f"{TOWN}/units/{{unit_id}}/history", response={200: list[TouchOut], **REFUSED})
def unit_history(request: HttpRequest, town: TownCode, unit_id: UnitId) -> Any:
    """What was done to it, newest first, the last fifty."""
    permit, found = _unit(request, town, unit_id)
    rows = found.changes.select_related("change_set__by", "change_set__undone_by").order_by("-pk")[:50]
    return [
        {
            "change_set": each.change_set.pk,
            "at": each.change_set.at,
            "by": str(each.change_set.by) if each.change_set.by_id else "",
            "kind": each.change_set.kind,
            "title": {lang: each.change_set.title.get(lang, "") for lang in ("zh", "en")},
            "undone": hasattr(each.change_set, "undone_by"),
            "before": reads.cells(permit, each.before) or {},
            "after": reads.cells(permit, each.after) or {},
        }
        for each in rows
    ]
