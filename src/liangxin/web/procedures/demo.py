"""Cases of a demo town, so that whoever opens it first finds something at each step and documents to look at."""

from __future__ import annotations

from datetime import date
from typing import Final

from django.db import transaction

from liangxin.procedure import Kind, Minutes, Take
from liangxin.structure import Found
from liangxin.web.accounts.permission import Permit
from liangxin.web.areas.models import Town
from liangxin.web.organizations.queries import day_tree, strengths
from liangxin.web.policies.queries import today
from liangxin.web.procedures import drafting, services
from liangxin.web.units.models import Unit

_NEEDED: Final = 3  # full members of a branch of its own (2.1)
CASES: Final = 4


@transaction.atomic
def begin_cases(office: Permit, committee: Permit) -> int:
    """Requests for branches of single enterprises: one drawn up, two sent, one replied to. Fewer where the town has fewer
    enterprises with three members and no organization. Gives their number."""
    town, day = office.town, today(office.town)
    above = next(
        (each.id for each in day_tree(town, day).organizations.values() if each.standing.type == "working_committee"),
        None,
    )  # fmt: skip
    units = _units(town) if above is not None else []
    for number, unit in enumerate(units):
        operation = _founding(town, unit, above or "", day)
        matter = drafting.matter_of(town, Kind.FOUND, operation.id, [operation], operation.name)
        case = services.start(office, "founding", matter)
        if number:
            services.act(office, case.pk, Take(transition="submit"), 1)
        if number == CASES - 1:
            services.act(committee, case.pk, Take(transition="reply_elect", minutes=Minutes(day, 9, 8, 8)), 2)
    return len(units)


def _units(town: Town) -> list[Unit]:
    strong = [id for id, members in strengths(town).items() if members is not None and members >= _NEEDED]
    found = Unit.objects.filter(town=town, unit_id__in=strong[:900], organization_id=None, state="operating")
    return list(found.order_by("pk")[:CASES])


def _founding(town: Town, unit: Unit, above: str, day: date) -> Found:
    return Found(on=day, id=drafting.new_id(town), name=f"{unit.name}党支部", type="branch", parent=above,
                 units=(unit.unit_id,), form="separate", host=unit.unit_id)  # fmt: skip
