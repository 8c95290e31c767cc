"""Addresses that read and change units, and what hangs on them. Each asks the permit first and calls what the page calls."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query

from liangxin.registry.access import Action
from liangxin.web.accounts.permission import permit, towns_of
from liangxin.web.api import feeds, reads, writes
from liangxin.web.api.schemas import (
    AreaOut,
    ChangeSetsOut,
    ChangesOut,
    Day,
    IndicatorsOut,
    JobOut,
    Key,
    OrganizationsOut,
    PageNumber,
    PageSize,
    PlanDetailOut,
    PlanOut,
    Refusal,
    TownCode,
    TownOut,
    UndoneOut,
    UnitFilter,
    UnitId,
    UnitOut,
    UnitPatch,
    UnitsOut,
)  # fmt: skip
from liangxin.web.api.service import REFUSED, allowed, api


@api.get("/towns", response={200: list[TownOut], **REFUSED}, tags=["towns"])
def towns(request: HttpRequest) -> Any:
    """The towns in which you hold a role, and what you may do there."""
    return [reads.town_out(permit(request.user, each)) for each in towns_of(request.user)]


@api.get("/towns/{town}/indicators", response={200: IndicatorsOut, **REFUSED}, tags=["indicators"])
def indicators(request: HttpRequest, town: TownCode, day: Day = None) -> Any:
    """Every rate, as of the end of a day (today by default)."""
    return reads.indicators(allowed(request, town, Action.SEE_FIGURES), day)


@api.get(
    "/towns/{town}/indicators/{indicator}/{part}", response={200: UnitsOut, **REFUSED}, tags=["indicators"]
)
def indicator_units(
    request: HttpRequest, town: TownCode, indicator: str, part: str, page: PageNumber = 1, size: PageSize = 50
) -> Any:
    """The units behind a number: part is numerator, denominator, missing or unknown."""
    found = allowed(request, town, Action.READ_UNITS)
    return reads.indicator_units(found, indicator, part, page, size)


@api.get("/towns/{town}/units", response={200: UnitsOut, **REFUSED}, tags=["units"])
def units(
    request: HttpRequest, town: TownCode, wanted: Query[UnitFilter], page: PageNumber = 1, size: PageSize = 50
) -> Any:
    """The units that you may read, under the filters of the units page."""
    found = allowed(request, town, Action.READ_UNITS)
    return reads.units(found, wanted.model_dump(by_alias=True), page, size)


@api.get("/towns/{town}/units/{unit_id}", response={200: UnitOut, **REFUSED}, tags=["units"])
def unit(request: HttpRequest, town: TownCode, unit_id: UnitId) -> Any:
    return reads.unit(allowed(request, town, Action.READ_UNITS), unit_id)


@api.patch("/towns/{town}/units/{unit_id}", response={200: UnitOut, 409: Refusal, **REFUSED}, tags=["units"])
def patch_unit(request: HttpRequest, town: TownCode, unit_id: UnitId, body: UnitPatch) -> Any:
    """Change fields of one unit; the same checks as the page. 422 lists all errors, 409 holds both people's values."""
    found = allowed(request, town, Action.EDIT_UNITS)
    writes.patch(found, unit_id, body)
    return reads.unit(found, unit_id)


@api.get("/towns/{town}/changes", response={200: ChangeSetsOut, **REFUSED}, tags=["changes"])
def change_sets(request: HttpRequest, town: TownCode, page: PageNumber = 1, size: PageSize = 50) -> Any:
    """What was done to units, newest first."""
    return reads.change_sets(allowed(request, town, Action.EDIT_UNITS), page, size)


@api.get("/towns/{town}/changes/{pk}", response={200: ChangesOut, **REFUSED}, tags=["changes"])
def change_set(
    request: HttpRequest, town: TownCode, pk: Key, page: PageNumber = 1, size: PageSize = 50
) -> Any:
    return reads.change_set(allowed(request, town, Action.EDIT_UNITS), pk, page, size)


@api.post(
    "/towns/{town}/changes/{pk}/undo", response={200: UndoneOut, 409: Refusal, **REFUSED}, tags=["changes"]
)
def undo(request: HttpRequest, town: TownCode, pk: Key) -> Any:
    """Take a change set back; units edited since stay as they are and are listed."""
    return writes.undo(allowed(request, town, Action.EDIT_UNITS), pk)


@api.get("/towns/{town}/organizations", response={200: OrganizationsOut, **REFUSED}, tags=["organizations"])
def organizations(request: HttpRequest, town: TownCode, day: Day = None) -> Any:
    """The tree as it stood on a day (today by default), parents first."""
    return reads.organizations(allowed(request, town, Action.SEE_FIGURES), day)


@api.get("/towns/{town}/plans", response={200: list[PlanOut], **REFUSED}, tags=["plans"])
def plans(request: HttpRequest, town: TownCode) -> Any:
    return reads.plan_list(allowed(request, town, Action.READ_UNITS))


@api.get("/towns/{town}/plans/published", response={200: PlanDetailOut, **REFUSED}, tags=["plans"])
def published_plan(request: HttpRequest, town: TownCode, page: PageNumber = 1, size: PageSize = 50) -> Any:
    return reads.published(allowed(request, town, Action.READ_UNITS), page, size)


@api.get("/towns/{town}/plans/{number}", response={200: PlanDetailOut, **REFUSED}, tags=["plans"])
def plan(request: HttpRequest, town: TownCode, number: Key, page: PageNumber = 1, size: PageSize = 50) -> Any:
    return reads.plan(allowed(request, town, Action.READ_UNITS), number, page, size)


@api.get("/towns/{town}/areas", response={200: list[AreaOut], **REFUSED}, tags=["towns"])
def areas(request: HttpRequest, town: TownCode) -> Any:
    return reads.areas(allowed(request, town, Action.SEE_FIGURES))


@api.get("/towns/{town}/jobs", response={200: list[JobOut], **REFUSED}, tags=["jobs"])
def jobs(request: HttpRequest, town: TownCode) -> Any:
    """Your own jobs, newest first."""
    return reads.jobs(allowed(request, town, Action.SEE_FIGURES))


@api.get("/towns/{town}/jobs/{pk}", response={200: JobOut, **REFUSED}, tags=["jobs"])
def job(request: HttpRequest, town: TownCode, pk: Key) -> Any:
    return reads.job(allowed(request, town, Action.SEE_FIGURES), pk)


@api.get("/towns/{town}/feeds/ledger.csv", response={**REFUSED}, tags=["feeds"])
def ledger_csv(request: HttpRequest, town: TownCode, wanted: Query[UnitFilter]) -> HttpResponse:
    """The ledger as CSV (UTF-8 with BOM); written in the export log."""
    return feeds.ledger(allowed(request, town, Action.EXPORT), "csv", wanted.model_dump(by_alias=True))


@api.get("/towns/{town}/feeds/ledger.parquet", response={**REFUSED}, tags=["feeds"])
def ledger_parquet(request: HttpRequest, town: TownCode, wanted: Query[UnitFilter]) -> HttpResponse:
    """The ledger as Parquet with canonical names; written in the export log."""
    return feeds.ledger(allowed(request, town, Action.EXPORT), "parquet", wanted.model_dump(by_alias=True))


@api.get("/towns/{town}/feeds/units.geojson", response={**REFUSED}, tags=["feeds"])
def units_geojson(request: HttpRequest, town: TownCode) -> HttpResponse:
    """Units with a position (WGS 84), without any count of people; written in the export log."""
    return feeds.geojson(allowed(request, town, Action.EXPORT))
