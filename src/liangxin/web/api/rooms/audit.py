"""The audit log: searched, taken along, and its end signed."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from liangxin.findings import Finding, InputError
from liangxin.registry.access import Action
from liangxin.web.api.schemas import PageNumber, PageSize, TownCode, Words
from liangxin.web.api.service import REFUSED, TOWN, allowed, gives
from liangxin.web.audit import anchors, queries, services, taking
from liangxin.web.ui.attachment import attachment
from liangxin.wording import Lang

router = Router(tags=["audit"])


class SearchIn(Schema):
    actor: str = Field("", max_length=150, description="a user name")
    action: str = Field("", max_length=40, description="the code of an action, e.g. units.edit")
    object: str = Field("", max_length=200, description="an id; a unit's or organization's number or name")
    since: date | None = None
    until: date | None = None


class EventOut(Schema):
    """One link of the chain. ``detail``: what the page tells of it, in words."""

    seq: int
    at: datetime
    actor: str
    action: str
    action_label: Words
    object_kind: str
    object_id: str
    reason: str
    detail: list[tuple[Words, Words]]
    hash: str


class EventsOut(Schema):
    total: int
    page: int
    events: list[EventOut]


@router.get(f"{TOWN}/audit", response={200: EventsOut, **REFUSED})
def audit(
    request: HttpRequest, town: TownCode, wanted: Query[SearchIn], page: PageNumber = 1, size: PageSize = 50
) -> Any:
    """Who did, read or took what, when and why; newest first."""
    permit = allowed(request, town, Action.READ_AUDIT)
    found = queries.found(permit, _search(wanted))
    listed = list(found[(page - 1) * size : page * size])
    return {
        "total": found.count(),
        "page": page,
        "events": [
            {
                **{
                    name: getattr(row.event, name)
                    for name in ("seq", "at", "actor", "action", "object_kind", "object_id", "reason", "hash")
                },
                "action_label": row.action.as_dict(),
                "detail": [(label.as_dict(), words.as_dict()) for label, words in row.detail],
            }
            for row in queries.rows(permit, listed)
        ],
    }


@router.get(f"{TOWN}/audit.csv", response={**REFUSED}, openapi_extra=gives("csv"))
def audit_csv(
    request: HttpRequest, town: TownCode, wanted: Query[SearchIn], lang: Lang = "zh"
) -> StreamingHttpResponse:
    """What a search finds, as CSV with all fingerprints; taking it is an event itself."""
    return taking.as_csv(allowed(request, town, Action.READ_AUDIT), _search(wanted), lang)


@router.post(f"{TOWN}/audit/anchor", response={**REFUSED}, openapi_extra=gives("json"))
def audit_anchor(request: HttpRequest, town: TownCode) -> HttpResponse:
    """The chain's end of now, signed, to be kept elsewhere."""
    made = services.anchored_for(allowed(request, town, Action.READ_AUDIT))
    return attachment(anchors.as_text(made).encode(), "json", taking.name_of(made))


def _search(wanted: SearchIn) -> queries.Search:
    given = {name: str(value) for name, value in wanted.model_dump().items() if value not in (None, "")}
    found = queries.Search.read(given)
    if found.refused:
        raise InputError(Finding("search", each) for each in found.refused)
    return found
