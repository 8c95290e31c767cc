"""The town itself, its places, one's jobs in it, and feeds for other programs."""

from __future__ import annotations

from typing import Annotated, Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema, Status

from liangxin.registry.access import Action
from liangxin.registry.divisions import search_towns
from liangxin.web.accounts.permission import permit, require_user, towns_of
from liangxin.web.administration.queries import administers_every_town
from liangxin.web.api import feeds, reads
from liangxin.web.api.schemas import AreaOut, JobOut, Key, TownCode, TownOut, UnitFilter
from liangxin.web.api.service import REFUSED, TOWN, allowed, gives
from liangxin.web.api.typed import Line
from liangxin.web.areas.actions import make_town
from liangxin.web.areas.inputs import NewTownInput
from liangxin.web.jobs import services as jobs_services

router = Router(tags=["towns"])


@router.get("/towns", response={200: list[TownOut], **REFUSED})
def towns(request: HttpRequest) -> Any:
    """The towns in which you hold a role, and what you may do there."""
    user = require_user(request)
    return [reads.town_out(permit(user, each)) for each in towns_of(user)]


class DivisionOut(Schema):
    """A town of the divisions: its 9-digit code, and the names from the province down."""

    code: str
    name: str
    path: list[str]


@router.get("/divisions", response={200: list[DivisionOut], **REFUSED})
def divisions(request: HttpRequest, q: Annotated[Line, Query()]) -> Any:
    """Towns by the beginning of a code, or by the words of a name; for the administrator of every town."""
    if not administers_every_town(require_user(request)):
        raise PermissionDenied
    return [{"code": each.code, "name": each.name, "path": list(each.path)} for each in search_towns(q)]


@router.post("/towns", response={201: TownOut, **REFUSED})
def make(request: HttpRequest, body: NewTownInput) -> Any:
    """A new town with the villages and communities that the divisions have; for the administrator of every town."""
    user = require_user(request)
    return Status(201, reads.town_out(permit(user, make_town(user, body))))


@router.get(f"{TOWN}/areas", response={200: list[AreaOut], **REFUSED})
def areas(request: HttpRequest, town: TownCode) -> Any:
    return reads.areas(allowed(request, town, Action.SEE_FIGURES))


@router.get(f"{TOWN}/jobs", response={200: list[JobOut], **REFUSED})
def jobs(request: HttpRequest, town: TownCode) -> Any:
    """Your own jobs, newest first."""
    return reads.jobs(allowed(request, town, Action.SEE_FIGURES))


@router.get(f"{TOWN}/jobs/{{pk}}", response={200: JobOut, **REFUSED})
def job(request: HttpRequest, town: TownCode, pk: Key) -> Any:
    return reads.job(allowed(request, town, Action.SEE_FIGURES), pk)


@router.post(f"{TOWN}/jobs/{{pk}}/cancel", response={200: JobOut, **REFUSED})
def cancel_job(request: HttpRequest, town: TownCode, pk: Key) -> Any:
    """Ask one of your jobs to stop; what it was about to write is not written."""
    found = reads.own_job(allowed(request, town, Action.SEE_FIGURES), pk)
    jobs_services.ask_to_cancel(found)
    found.refresh_from_db()
    return reads.job_out(found)


@router.get(f"{TOWN}/feeds/ledger.csv", response={**REFUSED}, openapi_extra=gives("csv"))
def ledger_csv(request: HttpRequest, town: TownCode, wanted: Query[UnitFilter]) -> HttpResponse:
    """The ledger as CSV (UTF-8 with BOM); written in the export log."""
    return feeds.ledger(allowed(request, town, Action.EXPORT), "csv", wanted.model_dump(by_alias=True))


@router.get(f"{TOWN}/feeds/ledger.parquet", response={**REFUSED}, openapi_extra=gives("parquet"))
def ledger_parquet(request: HttpRequest, town: TownCode, wanted: Query[UnitFilter]) -> HttpResponse:
    """The ledger as Parquet with canonical names; written in the export log."""
    return feeds.ledger(allowed(request, town, Action.EXPORT), "parquet", wanted.model_dump(by_alias=True))


@router.get(f"{TOWN}/feeds/units.geojson", response={**REFUSED}, openapi_extra=gives("geojson"))
def units_geojson(request: HttpRequest, town: TownCode) -> HttpResponse:
    """Units with a position (WGS 84), without any count of people; written in the export log."""
    return feeds.geojson(allowed(request, town, Action.EXPORT))


@router.get(f"{TOWN}/feeds/areas.geojson", response={**REFUSED}, openapi_extra=gives("geojson"))
def areas_geojson(request: HttpRequest, town: TownCode) -> HttpResponse:
    """The town's areas with their boundaries (WGS 84)."""
    permit = allowed(request, town, Action.READ_UNITS)
    return feeds.areas(permit.town)
