"""The register of serial numbers as a page: every number of a year in order, so that none is missing and none is used twice."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from liangxin.findings import InputError
from liangxin.procedure import SerialState
from liangxin.registry.access import Action
from liangxin.web.accounts.permission import TownRequest, in_town
from liangxin.web.policies.queries import today
from liangxin.web.procedures import numbers, queries
from liangxin.web.procedures.models import SerialNumber, SerialRegister
from liangxin.web.ui.language import current, told
from liangxin.wording import Text

PAGE_SIZE = 100


@in_town(Action.READ_UNITS)
def numbers_page(request: TownRequest) -> HttpResponse:
    """The office came to see which numbers are given, for what, and which is next."""
    return _page(request)


def _page(request: TownRequest, refused: InputError | None = None) -> HttpResponse:
    town = request.town
    kept = list(SerialRegister.objects.filter(town=town))
    words = request.GET.get("register", "")
    shown = next((each for each in kept if str(each.pk) == words), kept[0] if kept else None)
    visible = set(queries.visible(request.permit).values_list("pk", flat=True))
    rows = (
        shown.numbers.select_related("case", "by").prefetch_related("also").order_by("-number")
        if shown is not None
        else SerialNumber.objects.none()
    )
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    core = queries.core_register(shown) if shown is not None else queries.register_of(town, today(town).year)
    states = {state.value: state.label for state in SerialState}
    context = {
        "registers": kept,
        "shown": shown,
        "page": page,
        # whose case one may not see is only a number that is used
        "rows": [
            (
                each,
                states[each.state],
                each.case_id is None or each.case_id in visible,
                [case for case in each.also.all() if case.pk in visible],
            )
            for each in page
        ],
        "next": core.next.text,
        "counts": [(state.label, sum(line.state is state for line in core.lines)) for state in SerialState],
        "may_keep": numbers.may_keep(request.permit),
        "body": core.body,
        "issuers": numbers.issuers(town) if numbers.may_keep(request.permit) else [],
        "year": today(town).year,
        "typed": request.POST,
        "sentences": told(refused.findings) if refused is not None else [],
    }
    return render(request, "procedures/numbers.html", context, status=422 if refused is not None else 200)


@require_POST
@in_town(Action.READ_UNITS)
def open_register(request: TownRequest) -> HttpResponse:
    numbers.require_keeper(request.permit)  # before anything is said of what was sent
    given = request.POST
    first, year = given.get("first", ""), given.get("year", "")
    try:
        if not (_is_number(first) and _is_number(year)):
            raise InputError.of(
                "serial.first", "年份和起始号要写数字", "year and first number are to be numbers", found=f"{year} {first}"[:40]
            )  # fmt: skip
        kept = numbers.open_register(
            request.permit,
            "".join(given.get("body", "").split()),
            int(year),
            int(first),
            given.get("issuer", ""),
        )
    except InputError as refused:
        return _page(request, refused)
    _tell(request, Text("已开设{register}", "{register} is open").fill(register=str(kept)))
    return redirect("procedures-numbers", town=request.town.code)


def _is_number(words: str) -> bool:
    return words.isascii() and words.isdigit() and len(words) < 6


@require_POST
@in_town(Action.READ_UNITS)
def reserve(request: TownRequest) -> HttpResponse:
    try:
        serial = numbers.reserve(request.permit, request.POST.get("what", "").strip()[:200])
    except InputError as refused:
        return _page(request, refused)
    _tell(request, Text("已预留{serial}", "{serial} is reserved").fill(serial=serial.text))
    return redirect("procedures-numbers", town=request.town.code)


@require_POST
@in_town(Action.READ_UNITS)
def void(request: TownRequest) -> HttpResponse:
    words = request.POST.get("number", "")
    try:
        serial = numbers.void(
            request.permit,
            int(words) if _is_number(words) else 0,
            request.POST.get("reason", "").strip()[:200],
        )
    except InputError as refused:
        return _page(request, refused)
    _tell(request, Text("{serial}已作废", "{serial} is void").fill(serial=serial.text))
    return redirect("procedures-numbers", town=request.town.code)


def _tell(request: HttpRequest, words: Text) -> None:
    messages.success(request, words.in_language(current()))
