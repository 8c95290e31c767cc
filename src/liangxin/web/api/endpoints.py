"""The addresses of the API, under /api/v1/. Each asks the permit first and calls what the page calls."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI, Query
from ninja.errors import AuthenticationError, AuthorizationError, HttpError, ValidationError
from ninja.security import HttpBearer, SessionAuth

from liangxin.findings import Finding, InputError
from liangxin.registry.access import Action
from liangxin.web.accounts import two_step
from liangxin.web.accounts.permission import Permit, permit, towns_of
from liangxin.web.api import case_writes, feeds, reads, tokens, writes
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
from liangxin.web.ui import limits
from liangxin.wording import Text


class Token(HttpBearer):
    """``Authorization: Bearer lx_…``, made under /accounts/tokens/."""

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        user = tokens.person_of(token)
        if user is not None:
            request.user = user
        elif not limits.within(limits.WRONG_TOKENS, str(request.META.get("REMOTE_ADDR"))):
            raise HttpError(429, "令牌不对的次数太多，请稍后再试 / too many wrong tokens; try again later")
        return user


api = NinjaAPI(
    title="两新 Liangxin",
    version="1",
    urls_namespace="api-v1",
    description="Units, indicators, organizations and plans of the towns in which you hold a role. null is 待核: not yet known.",
    auth=[Token(), SessionAuth()],
)
REFUSED = {frozenset({400, 401, 403, 404, 422}): Refusal}


def refusal(request: HttpRequest, status: int, code: str, message: Text, **more: Any) -> HttpResponse:
    return api.create_response(request, {"code": code, "message": message.as_dict(), **more}, status=status)


def wrong(finding: Finding) -> dict[str, Any]:
    said = {"zh": finding.sentence("zh"), "en": finding.sentence("en")}
    return {"code": finding.code, "message": said, "field": finding.column_of, "found": finding.found}


@api.exception_handler(Http404)
def _missing(request: HttpRequest, error: Http404) -> HttpResponse:
    return refusal(request, 404, "not-found", Text("没有找到", "Not found"))


@api.exception_handler(PermissionDenied)
@api.exception_handler(AuthorizationError)
def _refused(request: HttpRequest, error: Exception) -> HttpResponse:
    return refusal(request, 403, "forbidden", Text("您的角色没有这项权限", "Your role does not allow this"))


@api.exception_handler(two_step.TwoStepNeeded)
def _second_step(request: HttpRequest, error: two_step.TwoStepNeeded) -> HttpResponse:
    return refusal(
        request,
        403,
        "two-step",
        Text(
            "审批和批复要先开启两步验证，请登录网站开启",
            "Approving and deciding need two-step sign-in; turn it on on the site first",
        ),
    )


@api.exception_handler(AuthenticationError)
def _unknown_person(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    return refusal(
        request,
        401,
        "sign-in",
        Text("请先登录，或带上有效的令牌", "Sign in, or send a token that is in force"),
    )


@api.exception_handler(ValidationError)
def _unreadable(request: HttpRequest, error: ValidationError) -> HttpResponse:
    findings = [
        {
            "code": str(each.get("type", "")),
            "message": {
                "zh": f"{'.'.join(map(str, each.get('loc', ())))} 不对：{each.get('msg', '')}",
                "en": f"{'.'.join(map(str, each.get('loc', ())))}: {each.get('msg', '')}",
            },
        }
        for each in error.errors
    ]
    return refusal(
        request, 422, "invalid", Text("参数不对", "The parameters are not valid"), findings=findings
    )


@api.exception_handler(HttpError)
def _http(request: HttpRequest, error: HttpError) -> HttpResponse:
    return refusal(
        request, error.status_code, "http", Text(f"请求不对：{error}", f"The request cannot be read: {error}")
    )


@api.exception_handler(InputError)
def _input(request: HttpRequest, error: InputError) -> HttpResponse:
    listed = [wrong(each) for each in error.findings]
    return refusal(
        request, 422, "findings", Text("有内容不对", "Something is wrong in what was sent"), findings=listed
    )


@api.exception_handler(case_writes.Overtaken)
def _overtaken(request: HttpRequest, error: case_writes.Overtaken) -> HttpResponse:
    listed = [wrong(each) for each in error.findings]
    return refusal(request, 409, "overtaken", Text("别人先办了", "Somebody was first"), findings=listed)


@api.exception_handler(writes.Clashed)
def _clashed(request: HttpRequest, error: writes.Clashed) -> HttpResponse:
    message = Text("别人刚刚改过这些栏目", "Somebody changed these fields meanwhile")
    return refusal(request, 409, "conflict", message, clashes=error.listed, version=error.version)


@api.exception_handler(writes.NotUndoable)
def _not_undoable(request: HttpRequest, error: writes.NotUndoable) -> HttpResponse:
    message = Text("已经撤销过，或者不是您做的", "It was undone already, or is not yours")
    return refusal(request, 409, "not-undoable", message)


def allowed(request: HttpRequest, code: str, action: Action) -> Permit:
    """As ``permission.in_town``: a town without a role does not exist (404), a role without the action is refused (403)."""
    town = towns_of(request.user).filter(code=code).first()
    if town is None:
        raise Http404
    found = permit(request.user, town)
    found.require(action)
    return found


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
