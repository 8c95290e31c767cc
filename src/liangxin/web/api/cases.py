"""Cases for other systems: what waits, at which step, by when; one with its roster in counts and its log."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from django.core.paginator import Paginator
from django.http import Http404
from ninja import Schema
from pydantic import Field

from liangxin.procedure import PROCEDURES, Kind
from liangxin.web.accounts.permission import Permit
from liangxin.web.api.schemas import Words
from liangxin.web.procedures import queries, saying
from liangxin.web.procedures.models import Case

Tab = Literal["todo", "done", "copied", "mine", "all"]


class CaseOut(Schema):
    """``step`` is the procedure's id of it; ``due`` the earliest time limit; ``waits_for`` the action that it waits for."""

    id: int
    procedure: str
    kind: str
    kind_label: Words
    title: str
    step: str
    step_label: Words
    closed: bool
    version: int
    task_group: str
    organization: str
    waits_for: str
    since: date
    due: date | None


class StepOut(Schema):
    """How many of the town's cases are at a step: all that somebody gets to see who reads no unit."""

    procedure: str
    step: str
    label: Words
    cases: int


class CasesOut(Schema):
    total: int
    page: int
    cases: list[CaseOut]
    steps: list[StepOut]


class CaseFilter(Schema):
    """The filters of the page of cases."""

    q: str = Field("", max_length=80, description="words of the title, or an organization")
    kind: str = Field("", max_length=40)
    group: str = Field("", max_length=40)
    limit: Literal["", "overdue", "soon"] = ""


class CaseLineOut(Schema):
    unit_id: str
    name: str
    full_members: int | None
    probationary_members: int | None
    commitment_on: date | None


class CaseEventOut(Schema):
    number: int
    at: datetime
    by: str
    what: Words
    step: str | None


class CasePaperOut(Schema):
    id: int
    kind: str
    serial: str
    day: date


class CaseFileOut(Schema):
    id: int
    name: str
    size: int


class CaseDetailOut(CaseOut):
    evidence: list[CaseFileOut]
    roster: list[CaseLineOut]
    history: list[CaseEventOut]
    papers: list[CasePaperOut]


def listed(permit: Permit, tab: Tab, given: dict[str, str], page: int, size: int) -> dict[str, Any]:
    found = Paginator(queries.filtered(queries.listed(permit, tab), permit.town, given), size)
    rows = found.get_page(page).object_list if page <= found.num_pages else []
    steps = [
        {
            "procedure": procedure,
            "step": step,
            "label": _table(procedure).steps[step].label.as_dict(),
            "cases": n,
        }
        for procedure, step, n in queries.of_steps(permit.town)
    ]
    return {"total": found.count, "page": page, "cases": [out(each) for each in rows], "steps": steps}


def _table(procedure: str) -> Any:
    return next(each for each in PROCEDURES.values() if each.id == procedure)


def one(permit: Permit, key: int) -> dict[str, Any]:
    stored = queries.visible(permit).filter(pk=key).first()
    if stored is None:
        raise Http404
    core = queries.core_case(stored)
    at = dict(stored.events.values_list("number", "at"))
    return {
        **out(stored),
        "roster": [
            {
                "unit_id": line.unit,
                "name": line.name,
                "full_members": line.full_members,
                "probationary_members": line.probationary_members,
                "commitment_on": line.commitment_on,
            }
            for line in core.matter.roster
        ],
        "history": [
            {
                "number": event.number,
                "at": at[event.number],
                "by": event.by.person.name,
                "what": saying.deed(core, event).as_dict(),
                "step": event.step,
            }
            for event in core.history
        ],
        "evidence": list(stored.evidence.values("id", "name", "size")),
        "papers": list(stored.papers.values("id", "kind", "serial", "day")),
    }


def out(stored: Case) -> dict[str, Any]:
    table = _table(stored.procedure)
    return {
        "id": stored.pk,
        "procedure": stored.procedure,
        "kind": stored.kind,
        "kind_label": Kind(stored.kind).label.as_dict(),
        "title": stored.title,
        "step": stored.step,
        "step_label": table.steps[stored.step].label.as_dict(),
        "closed": stored.closed,
        "version": stored.version,
        "task_group": stored.task_group,
        "organization": stored.organization,
        "waits_for": stored.action,
        "since": stored.since,
        "due": stored.due,
    }
