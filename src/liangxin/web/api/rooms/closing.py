"""The end of a drive: its day and term, the hand-over package, and the purge that two people ask for and confirm."""

from __future__ import annotations

import json
import tempfile
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import Field

from liangxin.registry.access import Action
from liangxin.web.accounts.permission import Permit
from liangxin.web.api.schemas import TownCode, Words
from liangxin.web.api.service import REFUSED, TOWN, allowed, gives
from liangxin.web.api.typed import Day, Sentence
from liangxin.web.closing import queries, services
from liangxin.web.policies.queries import today
from liangxin.web.ui.attachment import attachment
from liangxin.wording import Lang, Text

router = Router(tags=["closing"])


class PersonalOut(Schema):
    """One class of personal data that a purge takes."""

    id: str
    label: Words
    count: int


class ClosingOut(Schema):
    """How far the town is. ``due``: the day by which personal data must be gone."""

    months: int
    ended_on: date | None
    due: date | None
    package_sha256: str
    package_at: datetime | None
    asked_by: str
    asked_at: datetime | None
    confirmed_by: str
    purged_at: datetime | None
    personal: list[PersonalOut]


class TermIn(Schema):
    months: Annotated[int, Field(ge=0, le=1_000)]


class EndIn(Schema):
    on: Day


class AskIn(Schema):
    reason: Sentence = ""


@router.get(f"{TOWN}/closing", response={200: ClosingOut, **REFUSED})
def closing(request: HttpRequest, town: TownCode) -> Any:
    return _out(allowed(request, town, Action.CLOSE))


@router.post(f"{TOWN}/closing/term", response={200: ClosingOut, **REFUSED})
def set_term(request: HttpRequest, town: TownCode, body: TermIn) -> Any:
    """How many months after the end personal data may stay."""
    permit = allowed(request, town, Action.CLOSE)
    services.set_term(permit, body.months)
    return _out(permit)


@router.post(f"{TOWN}/closing/end", response={200: ClosingOut, **REFUSED})
def end_drive(request: HttpRequest, town: TownCode, body: EndIn) -> Any:
    """Say that the drive is over since a day: the term begins."""
    permit = allowed(request, town, Action.CLOSE)
    services.end_drive(permit, body.on)
    return _out(permit)


@router.post(f"{TOWN}/closing/package", response={**REFUSED}, openapi_extra=gives("zip"))
def hand_over(request: HttpRequest, town: TownCode, lang: Lang = "zh") -> HttpResponse:
    """The hand-over package: the town's work in one zip, without office holders."""
    permit = allowed(request, town, Action.CLOSE)
    label = Text("移交包", "-hand-over-").in_language(lang)
    name = f"{permit.town.name}{label}{today(permit.town)}.zip"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "handover.zip"
        services.hand_over(permit, path)
        return attachment(path.read_bytes(), "zip", name)


@router.post(f"{TOWN}/closing/ask", response={200: ClosingOut, **REFUSED})
def ask_for_purge(request: HttpRequest, town: TownCode, body: AskIn) -> Any:
    """First person; nothing is taken yet."""
    permit = allowed(request, town, Action.CLOSE)
    services.ask_for_purge(permit, body.reason)
    return _out(permit)


@router.post(f"{TOWN}/closing/withdraw", response={200: ClosingOut, **REFUSED})
def withdraw_purge(request: HttpRequest, town: TownCode) -> Any:
    """The purge is not wanted after all."""
    permit = allowed(request, town, Action.CLOSE)
    services.withdraw(permit)
    return _out(permit)


@router.post(f"{TOWN}/closing/purge", response={200: ClosingOut, **REFUSED})
def purge(request: HttpRequest, town: TownCode) -> Any:
    """Second person: everything personal goes, for good, and the proof is signed."""
    permit = allowed(request, town, Action.CLOSE)
    services.purge(permit)
    return _out(permit)


@router.get(f"{TOWN}/closing/proof", response={200: dict[str, Any], **REFUSED})
def proof_of_purge(request: HttpRequest, town: TownCode) -> Any:
    """The signed proof, as it was signed."""
    row = queries.closing(allowed(request, town, Action.CLOSE).town)
    if not row.proof:
        raise Http404
    return json.loads(row.proof)


def _out(permit: Permit) -> dict[str, Any]:
    row = queries.closing(permit.town)
    clock = queries.clock(row)
    names = ("months", "ended_on", "package_sha256", "package_at", "asked_at", "purged_at")
    return {
        **{name: getattr(row, name) for name in names},
        "due": clock.due if clock is not None else None,
        "asked_by": str(row.asked_by) if row.asked_by_id else "",
        "confirmed_by": str(row.confirmed_by) if row.confirmed_by_id else "",
        "personal": [
            {"id": each.id, "label": each.label.as_dict(), "count": each.count}
            for each in queries.personal(permit.town)
        ],
    }
