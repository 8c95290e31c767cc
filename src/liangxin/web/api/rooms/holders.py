"""Office holders: seen in part, in full only for a reason, entered and ended, and taken along as a list."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Path as InPath
from ninja import Router, Schema

from liangxin.registry.access import Action
from liangxin.web.accounts.permission import Permit
from liangxin.web.api.schemas import Key, PageNumber, PageSize, TownCode, Words
from liangxin.web.api.service import REFUSED, TOWN, allowed, gives
from liangxin.web.api.typed import Line, Sentence
from liangxin.web.holders import queries, services
from liangxin.web.holders.models import Holder
from liangxin.web.policies.queries import today
from liangxin.web.ui.attachment import attachment
from liangxin.web.ui.language import speaking
from liangxin.wording import Lang, Text

router = Router(tags=["holders"])
OfKind = Annotated[Literal["unit", "organization"], InPath()]
OF = f"{TOWN}/holders-of/{{kind}}/{{of}}"


class HolderOut(Schema):
    """Name and telephone masked; ``readable`` false where the key that opens them is gone."""

    id: int
    kind: str
    of: str
    part: Words
    name: str
    telephone: str
    since: date
    readable: bool


class HoldersOut(Schema):
    total: int
    page: int
    holders: list[HolderOut]


class HolderIn(Schema):
    part: Line
    name: Line
    telephone: Line = ""


class ReasonIn(Schema):
    """Kept in the audit log."""

    reason: Sentence


class InFullOut(Schema):
    name: str
    telephone: str


@router.get(f"{TOWN}/holders", response={200: HoldersOut, **REFUSED})
def holders(request: HttpRequest, town: TownCode, page: PageNumber = 1, size: PageSize = 50) -> Any:
    """For which units and organizations office holders are entered."""
    permit = allowed(request, town, Action.SEE_PERSONAL)
    rows = queries.visible(permit)
    listed = [_out(permit, each) for each in rows[(page - 1) * size : page * size]]
    return {"total": rows.count(), "page": page, "holders": listed}


@router.get(OF, response={200: list[HolderOut], **REFUSED})
def holders_of(request: HttpRequest, town: TownCode, kind: OfKind, of: str) -> Any:
    """Those of one unit or organization."""
    permit = allowed(request, town, Action.SEE_PERSONAL)
    if not queries.reaches(permit, kind, of):
        raise Http404
    return [_out(permit, each) for each in queries.visible(permit).filter(kind=kind, of=of)]


@router.post(OF, response={200: HolderOut, **REFUSED})
def add_holder(request: HttpRequest, town: TownCode, kind: OfKind, of: str, body: HolderIn) -> Any:
    """Enter one. ``part``: secretary, deputy, instructor or contact."""
    permit = allowed(request, town, Action.SEE_PERSONAL)
    return _out(permit, services.add(permit, kind, of, body.part, body.name, body.telephone))


@router.post(f"{TOWN}/holders/{{pk}}/end", response={200: list[HolderOut], **REFUSED})
def end_holder(request: HttpRequest, town: TownCode, pk: Key) -> Any:
    """The person no longer holds the office: name and telephone are deleted. Gives those that are left there."""
    permit = allowed(request, town, Action.SEE_PERSONAL)
    gone = services.end(permit, pk)
    return [_out(permit, each) for each in queries.visible(permit).filter(kind=gone.kind, of=gone.of)]


@router.post(f"{TOWN}/holders/{{pk}}/show", response={200: InFullOut, **REFUSED})
def show_holder(request: HttpRequest, town: TownCode, pk: Key, body: ReasonIn) -> Any:
    """Name and telephone in full, for a reason."""
    permit = allowed(request, town, Action.SEE_PERSONAL)
    shown = services.show(permit, pk, body.reason)
    return {"name": shown.name, "telephone": shown.telephone}


@router.post(f"{TOWN}/holders-export", response={**REFUSED}, openapi_extra=gives("xlsx"))
def export_holders(request: HttpRequest, town: TownCode, body: ReasonIn, lang: Lang = "zh") -> HttpResponse:
    """All that you may see, in full, as a workbook that says who took it, when and why."""
    permit = allowed(request, town, Action.SEE_PERSONAL)
    label = Text("职务人员", "-office-holders-").in_language(lang)
    name = f"{permit.town.name}{label}{today(permit.town)}.xlsx"
    with tempfile.TemporaryDirectory() as folder, speaking(lang):
        path = Path(folder) / name
        services.export(permit, body.reason, path)
        return attachment(path.read_bytes(), "xlsx", name)


def _out(permit: Permit, holder: Holder) -> dict[str, Any]:
    shown = queries.shown(permit, holder)
    return {
        "id": holder.pk,
        "kind": holder.kind,
        "of": holder.of,
        "part": shown.part.as_dict(),
        **{name: getattr(shown, name) for name in ("name", "telephone", "since", "readable")},
    }
