from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from liangxin.findings import InputError
from liangxin.registry.access import Action
from liangxin.web.accounts.permission import TownRequest, in_town
from liangxin.web.closing import queries, services
from liangxin.web.closing.proof import check as check_proof
from liangxin.web.policies.queries import today
from liangxin.web.ui.attachment import attachment
from liangxin.web.ui.language import current, told
from liangxin.wording import Text


@in_town(Action.CLOSE)
def index(request: TownRequest) -> HttpResponse:
    """The office came to end the drive in order: hand over, and let go of what is personal, with a proof."""
    return _page(request)


def _page(request: TownRequest, sentences: list[str] | None = None) -> HttpResponse:
    row = queries.closing(request.town)
    classes = queries.personal(request.town)
    context: dict[str, Any] = {
        "row": row,
        "clock": queries.clock(row),
        "classes": classes,
        "today": today(request.town),
        "sentences": sentences,
        "own_request": row.asked_by_id == request.user.pk,
        "proof": None,
    }
    if row.proof:
        context["proof"] = facts = check_proof(row.proof)
        labels = {each.id: each.label for each in classes}
        context["purged_classes"] = [(labels[each["id"]], each["count"]) for each in facts["classes"]]
    return render(request, "closing/index.html", context, status=422 if sentences else 200)


def _do(request: TownRequest, act: Callable[[], object], done: Text) -> HttpResponse:
    try:
        act()
    except InputError as refused:
        return _page(request, told(refused.findings))
    messages.success(request, done.in_language(current()))
    return redirect("closing", town=request.town.code)


@require_POST
@in_town(Action.CLOSE)
def term(request: TownRequest) -> HttpResponse:
    months = request.POST.get("months", "")
    wanted = int(months) if months.isascii() and months.isdigit() else 0
    return _do(
        request, lambda: services.set_term(request.permit, wanted), Text("期限已更改", "The term was changed")
    )


@require_POST
@in_town(Action.CLOSE)
def end(request: TownRequest) -> HttpResponse:
    try:
        on = date.fromisoformat(request.POST.get("on", ""))
    except ValueError:
        return _page(
            request, [Text("请填写结束日期", "Give the day on which the drive ended").in_language(current())]
        )
    said = Text("行动已结束，开始计算保存期限", "The drive has ended; the term is running")
    return _do(request, lambda: services.end_drive(request.permit, on), said)


@require_POST
@in_town(Action.CLOSE)
def package(request: TownRequest) -> HttpResponse:
    name = (
        f"{request.town.name}{Text('移交包', '-hand-over-').in_language(current())}{today(request.town)}.zip"
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "handover.zip"
        try:
            services.hand_over(request.permit, path)
        except InputError as refused:
            return _page(request, told(refused.findings))
        return attachment(path.read_bytes(), "zip", name)


@require_POST
@in_town(Action.CLOSE)
def ask(request: TownRequest) -> HttpResponse:
    said = Text("已申请，请另一个人登录后确认", "Asked for; another person signs in and confirms")
    return _do(request, lambda: services.ask_for_purge(request.permit, request.POST.get("reason", "")), said)


@require_POST
@in_town(Action.CLOSE)
def withdraw(request: TownRequest) -> HttpResponse:
    said = Text("申请已撤回，什么都没有清除", "Withdrawn; nothing was purged")
    return _do(request, lambda: services.withdraw(request.permit), said)


@require_POST
@in_town(Action.CLOSE)
def purge(request: TownRequest) -> HttpResponse:
    said = Text("个人信息已清除，证明已签发", "Personal data was purged; the proof is signed")
    return _do(request, lambda: services.purge(request.permit), said)


@in_town(Action.CLOSE)
def proof(request: TownRequest) -> HttpResponse:
    row = queries.closing(request.town)
    if not row.proof:
        raise Http404
    name = f"{request.town.name}{Text('清除证明', '-proof-of-purge').in_language(current())}.json"
    return attachment(row.proof.encode(), "json", name)
