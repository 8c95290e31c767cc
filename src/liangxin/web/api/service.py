"""The API as a service: who asks, what a refusal looks like, and the permit of a town. The addresses are in the other modules."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, AuthorizationError, HttpError, ValidationError
from ninja.security import HttpBearer, SessionAuth

from liangxin.findings import Finding, InputError
from liangxin.registry.access import Action
from liangxin.web.accounts import two_step
from liangxin.web.accounts.address import address_of
from liangxin.web.accounts.permission import Permit, permit, require_user, towns_of
from liangxin.web.api import tokens, words, writes
from liangxin.web.api.schemas import MeanwhileOut, Refusal
from liangxin.web.ui import limits
from liangxin.web.ui.attachment import CONTENT_TYPES
from liangxin.web.ui.inputs import findings_in
from liangxin.web.units import actions, previews
from liangxin.wording import Text

FIRST: Final = frozenset(
    {
        "procedure.overtaken",
        "procedure.under_way",
        "import-started",
        "waiting-decided",
        "plan-running",
        "town-changed",
    }
)
"""Findings that say that somebody else was first: 409, not 422."""


class Token(HttpBearer):
    """``Authorization: Bearer lx_…``, made under /accounts/tokens/."""

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        row = tokens.row_of(token)
        if row is None:
            if not limits.within(limits.WRONG_TOKENS, address_of(request)):
                raise HttpError(
                    429, "令牌不对的次数太多，请稍后再试 / too many wrong tokens; try again later"
                )
            return None
        if row.scope == tokens.READ and request.method not in tokens.SAFE:
            raise tokens.ReadOnlyError
        request.user = row.user
        return row.user


class Api(NinjaAPI):
    """The description takes two seconds to put together and is the same for everybody: once in each process is enough."""

    @cache  # noqa: B019  # there is one
    def described(self, path_prefix: str) -> Any:
        whole = super().get_openapi_schema(path_prefix=path_prefix)
        for path, operations in whole["paths"].items():
            for method, operation in operations.items():
                operation["summary"] = words.both(words.TITLES[words.key_of(method, path)])
                operation["tags"] = [words.both(words.TAGS[tag]) for tag in operation["tags"]]
        return whole

    def get_openapi_schema(self, *, path_prefix: str | None = None, path_params: Any = None) -> Any:
        return self.described(self.get_root_path(path_params or {}) if path_prefix is None else path_prefix)


api = Api(
    title="两新 Liangxin",
    version="1",
    urls_namespace="api-v1",
    description="页面能办的，这里都能办，限于您有角色的镇。null 是待核：还不知道。\n\n"
    "Everything that the pages do, in the towns in which you hold a role. null is 待核: not yet known.",
    auth=[Token(), SessionAuth()],
)
TOWN: Final = "/towns/{town}"
_FILE: Final = {"type": "string", "format": "binary"}
Answers = dict[int | frozenset[int], type[Schema]]
REFUSED: Final[Answers] = {frozenset({400, 401, 403, 404, 422}): Refusal}


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


@api.exception_handler(tokens.ReadOnlyError)
def _read_only(request: HttpRequest, error: tokens.ReadOnlyError) -> HttpResponse:
    return refusal(
        request,
        403,
        "read-only",
        Text(
            "这个令牌只能读；要写，请另建一个读写的令牌",
            "This token only reads; make one that writes as well",
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
    findings = [wrong(each) for each in findings_in(error.errors)]
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
    if any(each.code in FIRST for each in error.findings):
        return refusal(request, 409, "overtaken", Text("别人先办了", "Somebody was first"), findings=listed)
    return refusal(
        request, 422, "findings", Text("有内容不对", "Something is wrong in what was sent"), findings=listed
    )


@api.exception_handler(previews.StalePreviewError)
def _stale(request: HttpRequest, error: previews.StalePreviewError) -> HttpResponse:
    message = Text(
        "预览之后有人改动过，请重新预览", "Something was done since the preview; ask for a new preview"
    )
    if isinstance(error.now, int):
        return refusal(request, 409, "unseen", message, version=error.now)
    changed = [MeanwhileOut.of(each).model_dump() for each in error.changed]
    return refusal(request, 409, "unseen", message, seen=error.now, changed=changed)


@api.exception_handler(writes.Clashed)
def _clashed(request: HttpRequest, error: writes.Clashed) -> HttpResponse:
    message = Text("别人刚刚改过这些栏目", "Somebody changed these fields meanwhile")
    return refusal(request, 409, "conflict", message, clashes=error.listed, version=error.version)


@api.exception_handler(actions.NotUndoableError)
def _not_undoable(request: HttpRequest, error: actions.NotUndoableError) -> HttpResponse:
    message = Text("已经撤销过，或者不是您做的", "It was undone already, or is not yours")
    return refusal(request, 409, "not-undoable", message)


def allowed(request: HttpRequest, code: str, action: Action) -> Permit:
    """As ``permission.in_town``: a town without a role does not exist (404), a role without the action is refused (403)."""
    user = require_user(request)
    town = towns_of(user).filter(code=code).first()
    if town is None:
        raise Http404
    found = permit(user, town)
    found.require(action)
    return found


def gives(*endings: str) -> dict[str, Any]:
    """What the description says of an address that answers with a file of one of these kinds."""
    kinds = {
        CONTENT_TYPES[ending].partition(";")[0]: {"schema": _FILE if ending != "json" else {}}
        for ending in endings
    }
    return {"responses": {200: {"description": "The file", "content": kinds}}}
