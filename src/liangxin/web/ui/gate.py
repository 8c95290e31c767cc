"""What every request passes before its page: how often and what was sent; and what an approver without a second step reads.

Identity numbers are refused here in every form and file, so that no page can forget it. Pages that check the fields of a unit
say it beside the field instead (``liangxin.registry.checks``); their addresses are named in ``BESIDE_THE_FIELD``.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import render
from django_htmx.middleware import HtmxDetails

from liangxin.findings import Finding, InputError, Place
from liangxin.registry import private
from liangxin.registry.fields import FIELDS
from liangxin.registry.text import unkept
from liangxin.web.accounts import two_step
from liangxin.web.accounts.address import address_of
from liangxin.web.api import tokens
from liangxin.web.ui import limits
from liangxin.web.ui.language import current, told
from liangxin.wording import Text

BESIDE_THE_FIELD: Final = frozenset({"units-save", "units-cell", "units-visit", "unit", "patch_unit"})
MOST_NAMED: Final = 50
CSRF: Final = "csrfmiddlewaretoken"
SECRET: Final = frozenset({"password", "oldpassword", "password1", "password2", "code"})
MULTIPART: Final = "multipart/form-data"
FORMS: Final = frozenset({MULTIPART, "application/x-www-form-urlencoded"})
UNKEPT: Final = Text(
    "这里有不能保存的字符（看不见的空字符或半个字），请删去后重新输入",
    "There is a character here that cannot be kept (an invisible NUL, or half of a character); delete it and type it again",
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
        if (
            counted
            and counted[0] in ("*", request.method)
            and not limits.within(counted[1], who_asks(request))
        ):
            return _too_often(request, counted[1])
        try:
            check(request, name, kwargs)
        except InputError as refused:
            return _refused(request, refused)
        return None

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """A service asked for the second step: the page says how to turn it on."""
        if isinstance(error, two_step.TwoStepNeeded):
            return render(request, "ui/two_step_needed.html", status=403)
        return None


def who_asks(request: HttpRequest) -> str:
    """Whom a limit counts: the person that the sign-in or the token stands for, however many tokens they have; else the address.
    A header that is no token in force stands for nobody."""
    token = tokens.sent(request) if _for_programs(request) else None
    person = (tokens.person_of(token) if token else None) or request.user
    return f"person/{person.pk}" if person.is_authenticated else f"address/{address_of(request)}"


def check(request: HttpRequest, name: str, kwargs: Mapping[str, Any]) -> None:
    """Raises InputError with every identity number and every character that no database keeps in what was sent, and with
    everything that stands against its files. A request that only reads keeps nothing: of it the characters are looked at."""
    findings: list[Finding] = []
    writes = request.method in WRITES
    account = name.startswith(("account_", "mfa_"))
    for field, words in _texts(request, kwargs):
        if name in BESIDE_THE_FIELD and writes and _of_unit(field):
            continue
        if unkept(words):
            findings.append(Finding("character", UNKEPT, column_of=_shown(field)))
        elif writes and field != CSRF and not (account and field in SECRET):
            findings += _numbers(field, words)
    for upload in _files(request):
        findings += _of_file(upload)
    if findings:
        raise InputError(findings)


def _numbers(field: str, words: str) -> Iterator[Finding]:
    cells = re.split(r"[\t\r\n]+", words)  # a pasted block is looked at cell by cell
    for number in [each for cell in cells for each in private.in_code(cell)][:MOST_NAMED]:
        shown = private.masked_number(number)
        yield Finding(
            "identity_number", private.REFUSED, Place(), shown, private.ACCEPTED, column_of=_shown(field)
        )


def _of_file(upload: UploadedFile[bytes]) -> tuple[Finding, ...]:
    from liangxin.files.incoming import inspect

    raw = upload.read()
    upload.seek(0)
    try:
        private.refuse([upload.name or ""])
        inspect(upload.name or "", raw)
    except InputError as refused:
        return refused.findings
    return ()


def _of_unit(field: str) -> bool:
    """Whether it is a value of a unit's field, of which the page itself speaks beside the field."""
    return field.removeprefix("was-") in FIELDS or field in {"value", "was"}


def _shown(field: str) -> str:
    """A field's name as a finding may repeat it."""
    return private.hidden(field.encode("utf-8", "replace").decode().replace("\x00", "?"))[:60]


def _texts(request: HttpRequest, kwargs: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Every text of the request with the name it goes by: names too, for they are kept or repeated as well.

    What a body is follows from who reads it, not from what it says it is: the API takes any body for JSON, and Django
    reads a form from a POST that calls itself one."""
    yield from (("address", value) for value in kwargs.values() if isinstance(value, str))
    yield from _pairs(request.GET)
    if request.method not in WRITES:
        return
    form = request.method == "POST" and request.content_type in FORMS
    if form:
        yield from _pairs(request.POST)
        yield from ((field, field) for field in request.FILES)
    if not (form and request.content_type == MULTIPART):
        yield from _of_body(request.body)


def _pairs(given: QueryDict) -> Iterator[tuple[str, str]]:
    for field, values in given.lists():
        yield field, field
        yield from ((field, words) for words in values)


def _of_body(raw: bytes) -> Iterator[tuple[str, str]]:
    """Strings, names and long numbers of a JSON body at any depth. One that is none is refused by whoever reads JSON."""
    try:
        whole = json.loads(raw or b"null")
    except (ValueError, RecursionError):
        return
    waiting: list[tuple[str, Any]] = [("", whole)]
    while waiting:
        name, value = waiting.pop()
        if isinstance(value, dict):
            for key, each in value.items():
                yield key, key
                waiting.append((key, each))
        elif isinstance(value, list):
            waiting += ((name, each) for each in value)
        elif isinstance(value, str):
            yield name, value
        elif isinstance(value, int | float) and math.isfinite(value) and abs(value) >= 10**14:
            # Not by its field: pages that speak of a field themselves see what is left of the number when it is typed.
            yield "", f"{value:.0f}" if isinstance(value, float) else str(value)


def _files(request: HttpRequest) -> list[UploadedFile[bytes]]:
    if request.method != "POST" or request.content_type != MULTIPART:
        return []
    return [upload for _, uploads in request.FILES.lists() for upload in uploads]


def _refused(request: HttpRequest, refused: InputError) -> HttpResponse:
    if _for_programs(request):
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
    if HtmxDetails(request):
        answer = render(request, "ui/_refused.html", context, status=422)
        answer.headers["HX-Retarget"] = "#messages"
        answer.headers["HX-Reswap"] = "innerHTML"
        return answer
    return render(request, "ui/refused.html", context, status=422)


def _too_often(request: HttpRequest, limit: limits.Limit) -> HttpResponse:
    said = Text("{what}太频繁，{minutes}分钟后再试", "Too many {what}; try again in {minutes} minutes").fill(
        what=limit.what, minutes=limit.seconds // 60
    )
    if _for_programs(request):
        answer: HttpResponse = JsonResponse({"code": "too-often", "message": said.as_dict()}, status=429)
    else:
        answer = render(request, "ui/refused.html", {"sentences": [said.in_language(current())]}, status=429)
    answer.headers["Retry-After"] = str(limit.seconds)
    return answer


def _for_programs(request: HttpRequest) -> bool:
    return request.path_info.startswith("/api/")
