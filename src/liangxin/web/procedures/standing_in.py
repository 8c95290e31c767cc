"""委托 of all of one's cases for some days: given, ended, and seen by both. The core judges who may stand in for whom."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.db import transaction
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from liangxin.findings import Finding, InputError
from liangxin.procedure import Actor
from liangxin.procedure.passing_on import judge_delegation
from liangxin.registry import private
from liangxin.registry.access import Action, Reach
from liangxin.web.accounts import two_step
from liangxin.web.accounts.permission import Permit, TownRequest, in_town
from liangxin.web.audit.services import record
from liangxin.web.policies.queries import today
from liangxin.web.procedures.actors import actor_of, readers
from liangxin.web.procedures.models import StandIn
from liangxin.web.procedures.queries import HANDLING
from liangxin.web.procedures.reading import Reader
from liangxin.web.ui.language import current, told
from liangxin.wording import Text


def groups_of(permit: Permit) -> list[str]:
    """Whose cases the person handles: the own groups', or "" for the whole town's."""
    found: set[str] = set()
    for action in HANDLING:
        if permit.reach(action) is Reach.TOWN:
            return [""]
        found |= permit.groups(action) if permit.may(action) else frozenset()
    return sorted(found)


@transaction.atomic
def give(permit: Permit, taker: Actor, since: date, until: date, reason: str) -> StandIn:
    """委托 all of one's cases. InputError with every reason of the core, for each group whose cases they are."""
    two_step.require(permit)
    groups = groups_of(permit)
    if not groups:
        permit.require(Action.PROPOSE)
    private.refuse({"reason": reason})
    findings: dict[str, Finding] = {}
    for group in groups:
        judged = judge_delegation(actor_of(permit), taker, since, until, today(permit.town), group)
        findings |= {each.code: each for each in judged}
    if findings:
        raise InputError(findings.values())
    made = StandIn.objects.create(
        town=permit.town, giver=permit.user, taker_id=int(taker.person.id), since=since, until=until, reason=reason[:200]
    )  # fmt: skip
    detail = {"with": taker.person.name, "day": f"{since} – {until}"}
    record(
        permit.user,
        permit.town,
        "case.delegate",
        "account",
        made.taker.username,
        reason=reason,
        detail=detail,
    )
    return made


@transaction.atomic
def end(permit: Permit, key: int) -> StandIn:
    """收回: by the giver, from now on. Unknown to anybody else."""
    found = StandIn.objects.filter(town=permit.town, giver=permit.user, pk=key, ended=False).first()
    if found is None:
        raise Http404
    found.ended = True
    found.save()
    record(permit.user, permit.town, "case.delegate_end", "account", found.taker.username)
    return found


@in_town(Action.READ_UNITS)
def page(request: TownRequest) -> HttpResponse:
    """Somebody goes away for some days and wants the cases to go on; or asks for whom they stand in now."""
    permit, now = request.permit, today(request.town)
    findings: tuple[Finding, ...] = ()
    groups = groups_of(permit)
    if request.method == "POST":
        people = dict(readers(request.town, groups[0] if groups else ""))
        reader = Reader(request.POST, people, now)
        taker, since, until = reader.person(), reader.day("since"), reader.day("until", field="since")
        reason = reader.words("reason")
        try:
            if reader.findings or since is None or until is None:
                raise InputError(reader.findings)
            give(permit, taker, since, until, reason)
        except InputError as refused:
            findings = refused.findings
        else:
            words = Text("已委托{name}", "{name} stands in for you").fill(name=taker.person.name)
            messages.success(request, words.in_language(current()))
            return redirect("procedures-standing-in", town=request.town.code)
    rows = StandIn.objects.filter(Q(giver=permit.user) | Q(taker=permit.user), town=request.town)
    context = {
        "rows": [(each, each.giver_id == permit.user.pk, _state(each, now)) for each in rows.select_related("giver", "taker")[:100]],
        "people": [(key, actor.person.name) for key, actor in readers(request.town, groups[0] if groups else "") if key != permit.user.pk],
        "may_give": bool(groups),
        "typed": request.POST,
        "today": now,
        "sentences": told(findings),
    }  # fmt: skip
    return render(request, "procedures/standing_in.html", context, status=422 if findings else 200)


def _state(each: StandIn, now: date) -> tuple[str, Text]:
    if each.ended:
        return "", Text("已收回", "ended")
    if each.until < now:
        return "", Text("已到期", "over")
    return (
        ("met", Text("有效", "in force")) if each.since <= now else ("soon", Text("还没有开始", "not begun"))
    )


@require_POST
@in_town(Action.READ_UNITS)
def end_page(request: TownRequest, key: int) -> HttpResponse:
    ended = end(request.permit, key)
    words = Text("已收回对{name}的委托", "{name} no longer stands in for you").fill(name=str(ended.taker))
    messages.success(request, words.in_language(current()))
    return redirect("procedures-standing-in", town=request.town.code)
