"""Where cases begin: a group's part of the published plan, the organizations of an approved plan, one request by hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from liangxin.findings import Finding, InputError
from liangxin.procedure import Kind, Revise
from liangxin.registry.access import Action
from liangxin.web.accounts.permission import TownRequest, in_town
from liangxin.web.organizations import forms
from liangxin.web.organizations.acting import form_values
from liangxin.web.policies.queries import load, today
from liangxin.web.procedures import beginning, queries, saying, services
from liangxin.web.procedures.models import Case
from liangxin.web.procedures.reading import Reader
from liangxin.web.procedures.views import case_page, stored_case, version_of
from liangxin.web.ui.language import current, told
from liangxin.web.units.live import live
from liangxin.wording import Text

_NOT_ASKED: Final = ("on", "document")  # the reply's own


@in_town(Action.PROPOSE)
def plan(request: TownRequest) -> HttpResponse:
    """A group came to send its part of the published plan up; the office may begin for every group at once."""
    run, listed = beginning.proposals(request.permit)
    policy = load(request.town)

    def begin() -> Sequence[Case]:
        return beginning.begin_plan(request.permit, request.POST.getlist("group"))

    rows = [
        {
            "proposal": each,
            "figures": saying.figures(each.matter),
            "important": saying.why_important(each.matter, policy),
        }
        for each in listed
    ]
    open_ = any(each.under_way is None for each in listed)
    return _begin(request, "procedures/plan.html", {"run": run, "rows": rows, "open": open_}, begin)


@in_town(Action.PROPOSE)
def foundings(request: TownRequest, key: int) -> HttpResponse:
    """The plan is approved: the group came to draw up the requests of its organizations, all that are ticked at once."""
    stored = stored_case(request, key)
    if stored.kind != Kind.PLAN.value or not beginning.may_begin(request.permit, stored.task_group):
        raise Http404
    listed = beginning.foundings(stored)

    def begin() -> Sequence[Case]:
        return beginning.begin_foundings(request.permit, stored, request.POST.getlist("asked"))

    return _begin(
        request,
        "procedures/foundings.html",
        {
            "stored": stored,
            "ready": stored.step in beginning.APPROVED,
            "rows": listed,
            "open": any(each.under_way is None and not each.missing for each in listed),
        },
        begin,
    )


def _begin(
    request: TownRequest, template: str, page: dict[str, Any], begin: Callable[[], Sequence[Case]]
) -> HttpResponse:
    findings: tuple[Finding, ...] = ()
    if request.method == "POST":
        try:
            made = begin()
        except InputError as refused:
            findings = refused.findings
        else:
            words = Text("已发起{n}件，请核对后报送", "{n} begun; check them and send them").fill(n=len(made))
            messages.success(request, words.in_language(current()))
            if len(made) == 1:
                return redirect("procedures-case", town=request.town.code, key=made[0].pk)
            return redirect("procedures", town=request.town.code)
    page |= {"sentences": told(findings), "today": today(request.town)}
    return render(request, template, page, status=422 if findings else 200)


@in_town(Action.PROPOSE)
def request(request: TownRequest, kind: str) -> HttpResponse:
    """Somebody came to ask for one change of the organizations: type it, and the request is drawn up."""
    from liangxin.web.organizations.queries import day_tree

    if kind not in beginning.ASKED_BY:
        raise Http404
    asked = forms.KINDS[kind]
    given = (request.POST if request.method == "POST" else request.GET).copy()
    now = day_tree(request.town, today(request.town))
    organization = given.get("organization", "")
    if asked.of_one and organization not in now.organizations:
        raise Http404
    page: dict[str, Any] = {"kind": asked, "now": now, "organization": organization, "given": given}
    if request.method != "POST":
        return _request_page(request, page, ())
    try:
        matter = beginning.matter_asked(request.permit, asked, organization, now, given)
        made = services.start(request.permit, "founding", matter)
    except InputError as refused:
        return _request_page(request, page, refused.findings)
    words = Text("已拟好请示，核对后报送", "The request is drawn up; check it and send it")
    messages.success(request, words.in_language(current()))
    return redirect("procedures-case", town=request.town.code, key=made.pk)


def _request_page(request: TownRequest, page: dict[str, Any], findings: Sequence[Finding]) -> HttpResponse:
    import polars as pl

    from liangxin.web.units.queries import readable

    page |= form_values(request, page, findings)
    page["fields"] = [each for each in page["fields"] if each["name"] not in _NOT_ASKED]
    if page["members"] is not None:
        own = set(
            readable(request.permit, live(request.town), Action.PROPOSE)
            .filter(pl.col("unit_id").is_in([id for id, _, _ in page["members"]]))["unit_id"]
            .to_list()
        )
        page["members"] = [each for each in page["members"] if each[0] in own]
    electing = page["kind"].id in {kind.value for kind in beginning.ELECTING}
    page["leaderships"] = saying.leaderships() if electing else []
    page["leadership"] = page["given"].get("leadership", "")
    return render(request, "procedures/request.html", page, status=422 if findings else 200)


@require_POST
@in_town(Action.PROPOSE)
def revise(request: TownRequest, key: int) -> HttpResponse:
    """Before it is sent: the days of the commitments, how the secretary comes, and the members as the ledger has them."""
    stored = stored_case(request, key)
    core = queries.core_case(stored)
    reader = Reader(request.POST, {}, today(request.town))
    days: dict[str, date | None] = {}
    for line in core.matter.attached():
        days[line.unit] = reader.day(f"commitment-{line.unit}", optional=True, field="roster")
    every = reader.day("commitment-all", optional=True, field="roster")
    if every is not None:
        days = {unit: day or every for unit, day in days.items()}
    try:
        if reader.findings:
            raise InputError(reader.findings)
        matter = beginning.revised(
            request.town,
            core.matter,
            days,
            request.POST.get("leadership", ""),
            refresh="refresh" in request.POST,
        )
        services.act(request.permit, key, Revise(matter), version_of(request.POST))
    except InputError as refused:
        status = 409 if refused.findings[0].code == "procedure.overtaken" else 422
        stored.refresh_from_db()
        return case_page(
            request, stored, tried="revise", given=request.POST, findings=refused.findings, status=status
        )
    messages.success(request, Text("已保存", "Saved").in_language(current()))
    return redirect("procedures-case", town=request.town.code, key=key)
