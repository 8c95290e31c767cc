"""What a program asks before it acts on cases: what is open, to whom, and which numbers are given."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q

from liangxin.procedure import options
from liangxin.web.accounts.permission import Permit
from liangxin.web.api.case_writes import stored_case
from liangxin.web.policies.queries import today
from liangxin.web.procedures import beginning, pages, queries
from liangxin.web.procedures.actors import actor_of, readers
from liangxin.web.procedures.models import Case, SerialNumber, SerialRegister, StandIn


def options_of(permit: Permit, key: int) -> dict[str, Any]:
    """The ways on and the other acts that the person sees on the case's page."""
    stored = stored_case(permit, key)
    core = queries.core_case(stored)
    judging = queries.judged_by(permit)
    open_ = options(core, actor_of(permit), judging)
    register = queries.register_of(permit.town, judging.day.year)
    others = pages.other_forms(core, open_, permit, judging)
    if open_.answer:
        others.append(pages.answer_form())
    return {
        "version": core.version,
        "next_serial": register.next.text,
        "ways": [_way(each) for each in pages.way_forms(core, open_.ways, permit, judging, register)],
        "others": [_way(each) for each in others],
        "returns": [step.id for step in open_.returns],
        "people": [
            {"id": pk, "name": actor.person.name}
            for pk, actor in readers(permit.town, stored.task_group)
            if pk != permit.user.pk
        ],
    }


def _way(form: pages.Form) -> dict[str, Any]:
    return {
        "act": form.name,
        "label": form.label.as_dict(),
        "needs": [each.as_dict() for each in form.needs],
        "blocked": [each.as_dict() for each in form.blocked],
    }


def proposals(permit: Permit) -> list[dict[str, Any]]:
    _, listed = beginning.proposals(permit)
    return [
        {
            "group": each.group,
            "name": each.name,
            "units": len(each.matter.roster),
            "under_way": each.under_way.pk if each.under_way is not None else None,
        }
        for each in listed
    ]


def foundings(stored: Case) -> list[dict[str, Any]]:
    return [
        {
            "key": each.key,
            "title": each.matter.title,
            "units": len(each.matter.roster),
            "under_way": each.under_way.pk if each.under_way is not None else None,
            "missing": each.missing,
        }
        for each in beginning.foundings(stored)
    ]


def stand_ins(permit: Permit) -> list[dict[str, Any]]:
    rows = StandIn.objects.filter(Q(giver=permit.user) | Q(taker=permit.user), town=permit.town)
    return [stand_in_out(permit, each) for each in rows.select_related("giver", "taker")[:100]]


def stand_in_out(permit: Permit, each: StandIn) -> dict[str, Any]:
    return {
        "id": each.pk,
        "giver": str(each.giver),
        "taker": str(each.taker),
        "since": each.since,
        "until": each.until,
        "ended": each.ended,
        "own": each.giver_id == permit.user.pk,
    }


def numbers(permit: Permit, series: str, page: int, size: int) -> dict[str, Any]:
    """A register as its page shows it. A name that is none gives the newest."""
    town = permit.town
    kept = {str(each): each for each in SerialRegister.objects.filter(town=town)}
    shown = kept.get(series) or next(iter(kept.values()), None)
    visible = set(queries.visible(permit).values_list("pk", flat=True))
    rows = (
        shown.numbers.prefetch_related("also").order_by("-number")
        if shown is not None
        else SerialNumber.objects.none()
    )
    found = Paginator(rows, size)
    listed = found.get_page(page).object_list if page <= found.num_pages else []
    core = queries.core_register(shown) if shown is not None else queries.register_of(town, today(town).year)
    return {
        "total": found.count,
        "page": page,
        "next": core.next.text,
        "registers": list(kept),
        "numbers": [
            {
                "id": each.pk,
                "serial": f"{shown}{each.number}号",
                "state": each.state,
                "on": each.on,
                "what": each.what if each.case_id is None or each.case_id in visible else "",
                "reason": each.reason,
                "cases": [
                    pk for pk in (each.case_id, *(case.pk for case in each.also.all())) if pk in visible
                ],
            }
            for each in listed
        ],
    }
