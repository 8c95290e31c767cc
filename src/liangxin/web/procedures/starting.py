"""Where cases begin: a group's part of the published plan, the organizations of an approved plan, one request by hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from liangxin.findings import Finding, InputError
from liangxin.procedure import Kind, Leadership, Matter, ProcedureId, Revise
from liangxin.registry.access import Action, Reach
from liangxin.web.accounts.permission import Permit, in_town
from liangxin.web.organizations import forms
from liangxin.web.organizations.acting import form_values
from liangxin.web.plans.queries import published
from liangxin.web.policies.queries import load, today
from liangxin.web.procedures import drafting, from_plan, queries, saying, services
from liangxin.web.procedures.models import Case
from liangxin.web.procedures.reading import Reader
from liangxin.web.procedures.views import case_page, stored_case, version_of
from liangxin.web.ui.language import current
from liangxin.web.units.live import live
from liangxin.wording import Text

if TYPE_CHECKING:
    from liangxin.structure import DayTree, Operation

# The forms of web.organizations under which something can be asked for; taking back goes by a later document.
ASKED_BY: Final = (
    "found",
    "attach",
    "release",
    "split_off",
    "upgrade",
    "adjust",
    "transfer",
    "merge",
    "dissolve",
)
ELECTING: Final = (Kind.FOUND, Kind.SPLIT_OFF, Kind.UPGRADE)
_NOT_ASKED: Final = ("on", "document")  # the reply's own


def _own(permit: Permit, group: str) -> bool:
    reach = permit.reach(Action.PROPOSE)
    return reach is Reach.TOWN or (reach is Reach.GROUP and group in permit.groups(Action.PROPOSE))


@in_town(Action.PROPOSE)
def plan(request: HttpRequest) -> HttpResponse:
    """A group came to send its part of the published plan up; the office may begin for every group at once."""
    run = published(request.town)
    listed = [] if run is None else [
        each for each in from_plan.proposals(request.town, run) if _own(request.permit, each.group)
    ]  # fmt: skip
    policy = load(request.town)

    def begin() -> Sequence[Case]:
        chosen = request.POST.getlist("group")
        asked: list[tuple[ProcedureId, Matter]] = [
            ("plan_approval", each.matter)
            for each in listed
            if each.group in chosen and each.under_way is None
        ]
        return services.start_all(request.permit, asked, plan=run)

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
def foundings(request: HttpRequest, key: int) -> HttpResponse:
    """The plan is approved: the group came to draw up the requests of its organizations, all that are ticked at once."""
    stored = stored_case(request, key)
    if stored.kind != Kind.PLAN.value or not _own(request.permit, stored.task_group):
        raise Http404
    ready = stored.step in ("carry_out", "done")
    listed = from_plan.foundings(stored) if ready else []

    def begin() -> Sequence[Case]:
        chosen = request.POST.getlist("asked")
        asked: list[tuple[ProcedureId, Matter]] = [
            ("founding", each.matter)
            for each in listed
            if each.key in chosen and each.under_way is None and not each.missing
        ]
        return services.start_all(request.permit, asked, plan=stored.plan, approved_by=stored)

    return _begin(
        request,
        "procedures/foundings.html",
        {
            "stored": stored,
            "ready": ready,
            "rows": listed,
            "open": any(each.under_way is None and not each.missing for each in listed),
        },
        begin,
    )


def _begin(
    request: HttpRequest, template: str, page: dict[str, Any], begin: Callable[[], Sequence[Case]]
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
    page |= {"sentences": [each.sentence(current()) for each in findings], "today": today(request.town)}
    return render(request, template, page, status=422 if findings else 200)


@in_town(Action.PROPOSE)
def request(request: HttpRequest, kind: str) -> HttpResponse:
    """Somebody came to ask for one change of the organizations: type it, and the request is drawn up."""
    from liangxin.web.organizations.queries import day_tree

    if kind not in ASKED_BY:
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
        matter = _matter(request, asked, organization, now, given)
        made = services.start(request.permit, "founding", matter)
    except InputError as refused:
        return _request_page(request, page, refused.findings)
    words = Text("已拟好请示，核对后报送", "The request is drawn up; check it and send it")
    messages.success(request, words.in_language(current()))
    return redirect("procedures-case", town=request.town.code, key=made.pk)


def _matter(
    request: HttpRequest, asked: forms.Kind, organization: str, now: DayTree, given: QueryDict
) -> Matter:
    permit, town = request.permit, request.town
    given["on"] = today(town).isoformat()
    reader = forms.Reader(permit, live(town), now, today(town), given, Action.PROPOSE)
    operation: Operation = reader.operation(asked, organization, drafting.new_id(town))
    named = drafting.kind_of(operation)
    assert named is not None, "every form of ASKED_BY makes an operation that can be asked for"
    kind, of = named
    stands = now.organizations.get(of or organization)
    name = getattr(operation, "name", None) if kind in (Kind.FOUND, Kind.SPLIT_OFF) else None
    words = given.get("leadership", Leadership.ELECTED.value)
    known = {each.value: each for each in Leadership}
    groups = sorted(permit.groups(Action.PROPOSE))
    matter = drafting.matter_of(
        town,
        kind,
        of or organization,
        [operation],
        name or (stands.name if stands is not None else organization),
        group=groups[0] if groups and permit.reach(Action.PROPOSE) is Reach.GROUP else "",
        concerned=stands.units if stands is not None else (),
        leadership=known.get(words, Leadership.ELECTED) if kind in ELECTING else Leadership.ELECTED,
    )
    _only_own_units(permit, operation)
    return matter


def _only_own_units(permit: Permit, operation: Operation) -> None:
    """A group asks for its own units: those of another group on an organization's list are not its to move."""
    import polars as pl

    from liangxin.web.units.queries import readable

    units = list(dict.fromkeys(getattr(operation, "units", ())))
    own = readable(permit, live(permit.town), Action.PROPOSE).filter(pl.col("unit_id").is_in(units))
    if own.height < len(units):
        others = sorted(set(units) - set(own["unit_id"].to_list()))
        raise InputError.of(
            "procedure.not_own_units",
            "这些单位不归本组，请由组织办或该组提出",
            "These units are not your group's; the office or their group asks for them",
            found="、".join(others[:20]),
            column_of="members",
        )


def _request_page(request: HttpRequest, page: dict[str, Any], findings: Sequence[Finding]) -> HttpResponse:
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
    electing = page["kind"].id in {kind.value for kind in ELECTING}
    page["leaderships"] = saying.leaderships() if electing else []
    page["leadership"] = page["given"].get("leadership", "")
    return render(request, "procedures/request.html", page, status=422 if findings else 200)


@require_POST
@in_town(Action.PROPOSE)
def revise(request: HttpRequest, key: int) -> HttpResponse:
    """Before it is sent: the days of the commitments, how the secretary comes, and the members as the ledger has them."""
    stored = stored_case(request, key)
    core = queries.core_case(stored)
    reader = Reader(request.POST, {}, today(request.town))
    matter = core.matter
    days: dict[str, date | None] = {}
    for line in matter.attached():
        days[line.unit] = reader.day(f"commitment-{line.unit}", optional=True, field="roster")
    every = reader.day("commitment-all", optional=True, field="roster")
    if every is not None:
        days = {unit: day or every for unit, day in days.items()}
    leadership = {each.value: each for each in Leadership}.get(request.POST.get("leadership", ""))
    try:
        if reader.findings:
            raise InputError(reader.findings)
        matter = drafting.with_commitments(matter, days)
        if leadership is not None:
            matter = drafting.led(matter, leadership)
        if "refresh" in request.POST:
            matter = drafting.refreshed(request.town, matter)
        services.act(request.permit, key, Revise(matter), version_of(request.POST))
    except InputError as refused:
        status = 409 if refused.findings[0].code == "procedure.overtaken" else 422
        stored.refresh_from_db()
        return case_page(
            request, stored, tried="revise", given=request.POST, findings=refused.findings, status=status
        )
    messages.success(request, Text("已保存", "Saved").in_language(current()))
    return redirect("procedures-case", town=request.town.code, key=key)
