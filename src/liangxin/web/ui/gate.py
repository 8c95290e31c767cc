"""What every request passes before its page: how often and what was sent; and what an approver without a second step reads.

Identity numbers are refused here in every form and file, so that no page can forget it. Pages that check the fields of a unit
say it beside the field instead (``liangxin.registry.checks``); their addresses are named in ``BESIDE_THE_FIELD``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any, Final

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from liangxin.findings import Finding, InputError, Place
from liangxin.registry import private
from liangxin.web.accounts import two_step
from liangxin.web.ui import limits
from liangxin.web.ui.language import current, told
from liangxin.wording import Text

BESIDE_THE_FIELD: Final = frozenset({"units-save", "units-cell", "units-visit", "unit", "patch_unit"})
MOST_NAMED: Final = 50
SECRET: Final = frozenset(
    {"password", "oldpassword", "password1", "password2", "csrfmiddlewaretoken", "code"}
)
WRITES: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})


class GateMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        name = request.resolver_match.url_name or "" if request.resolver_match else ""
        counted = limits.BY_ADDRESS.get(name)
        if counted and counted[0] in ("*", request.method):
            who = request.headers.get("Authorization") or str(
                request.user.pk or request.META.get("REMOTE_ADDR")
            )
            if not limits.within(counted[1], who):
                return _too_often(request, counted[1])
        if request.method not in WRITES:
            return None
        try:
            check(request, name)
        except InputError as refused:
            return _refused(request, refused)
        return None

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """A service asked for the second step: the page says how to turn it on."""
        if isinstance(error, two_step.TwoStepNeeded):
            return render(request, "ui/two_step_needed.html", status=403)
        return None


def check(request: HttpRequest, name: str) -> None:
    """Raises InputError with every identity number in what was sent, and everything that stands against its files."""
    from liangxin.files.incoming import inspect

    findings: list[Finding] = []
    if name not in BESIDE_THE_FIELD:
        for field, words in _texts(request):
            cells = re.split(r"[\t\r\n]+", words)  # a pasted block is looked at cell by cell
            for number in [each for cell in cells for each in private.in_code(cell)][:MOST_NAMED]:
                shown = private.masked_number(number)
                findings.append(
                    Finding(
                        "identity_number", private.REFUSED, Place(), shown, private.ACCEPTED, column_of=field
                    )
                )
    for upload in _files(request):
        raw = upload.read()
        upload.seek(0)
        try:
            private.refuse([upload.name or ""])
            inspect(upload.name or "", raw)
        except InputError as refused:
            findings += refused.findings
    if findings:
        raise InputError(findings)


def _texts(request: HttpRequest) -> Iterator[tuple[str, str]]:
    if request.content_type == "application/json":
        try:
            yield from _strings("", json.loads(request.body or b"null"))
        except (ValueError, RecursionError):
            return  # the page that was meant says what is wrong with it
        return
    for field, values in request.POST.lists():
        if field not in SECRET:
            yield from ((field, words) for words in values)


def _strings(name: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield name, value
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from _strings(str(key), each)
    elif isinstance(value, list):
        for each in value:
            yield from _strings(name, each)
    elif isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 10**14:
        yield name, str(value)


def _files(request: HttpRequest) -> list[UploadedFile]:
    if not (request.content_type or "").startswith("multipart/"):
        return []
    return [upload for _, uploads in request.FILES.lists() for upload in uploads]


def _refused(request: HttpRequest, refused: InputError) -> HttpResponse:
    if request.path.startswith("/api/") or request.content_type == "application/json":
        listed = [
            {
                "code": each.code,
                "message": {"zh": each.sentence("zh"), "en": each.sentence("en")},
                "field": each.column_of,
                "found": each.found,
            }
            for each in refused.findings
        ]
        said = Text("有内容不对", "Something is wrong in what was sent").as_dict()
        return JsonResponse({"code": "findings", "message": said, "findings": listed}, status=422)
    context = {"sentences": told(refused.findings)}
    if request.htmx:
        answer = render(request, "ui/_refused.html", context, status=422)
        answer.headers["HX-Retarget"] = "#messages"
        answer.headers["HX-Reswap"] = "innerHTML"
        return answer
    return render(request, "ui/refused.html", context, status=422)


def _too_often(request: HttpRequest, limit: limits.Limit) -> HttpResponse:
    said = Text("{what}太频繁，{minutes}分钟后再试", "Too many {what}; try again in {minutes} minutes").fill(
        what=limit.what, minutes=limit.seconds // 60
    )
    if request.path.startswith("/api/"):
        answer: HttpResponse = JsonResponse({"code": "too-often", "message": said.as_dict()}, status=429)
    else:
        answer = render(request, "ui/refused.html", {"sentences": [said.in_language(current())]}, status=429)
    answer.headers["Retry-After"] = str(limit.seconds)
    return answer
