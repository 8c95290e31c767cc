"""Reads of office holders. Everybody who may see them sees them in part; in full only by ``services.show``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from liangxin.registry.access import Action, Reach
from liangxin.registry.private import masked_name, masked_telephone
from liangxin.web.accounts.permission import Permit
from liangxin.web.holders import sealing
from liangxin.web.holders.models import PARTS, Holder, Part
from liangxin.web.units.models import Unit
from liangxin.wording import Text


@dataclass(frozen=True, slots=True)
class Shown:
    """An office holder as a page shows one: 张** 138****1234. ``readable`` is False where the key is gone."""

    pk: int
    part: Text
    name: str
    telephone: str
    since: date
    until: date | None
    of: str
    readable: bool = True


def visible(permit: Permit) -> QuerySet[Holder]:
    """The office holders whom the person may see at all: the town's, or those of their own group's units."""
    rows = Holder.objects.filter(town=permit.town)
    match permit.reach(Action.SEE_PERSONAL):
        case Reach.TOWN:
            return rows
        case Reach.GROUP:
            mine = Unit.objects.filter(
                town=permit.town, task_group__in=permit.groups(Action.SEE_PERSONAL), removed=False
            )
            units = rows.filter(kind=Holder.UNIT, of__in=mine.values("unit_id"))
            held = mine.exclude(organization_id=None).values("organization_id")
            return units | rows.filter(kind=Holder.ORGANIZATION, of__in=held)
        case _:
            return rows.none()


def reaches(permit: Permit, kind: str, of: str, action: Action = Action.SEE_PERSONAL) -> bool:
    """Whether the person may see, or with EDIT_UNITS change, the office holders of this unit or organization."""
    reach = permit.reach(action)
    units = Unit.objects.filter(town=permit.town, removed=False)
    mine = units.filter(unit_id=of) if kind == Holder.UNIT else units.filter(organization_id=of)
    if reach is Reach.GROUP:
        return mine.filter(task_group__in=permit.groups(action)).exists()
    if kind == Holder.ORGANIZATION and reach is Reach.TOWN:
        from liangxin.web.organizations.queries import day_tree
        from liangxin.web.policies.queries import today

        return of in day_tree(permit.town, today(permit.town)).organizations
    return reach is Reach.TOWN and mine.exists()


def of(permit: Permit, kind: str, of: str) -> list[Shown]:
    return [shown(permit, each) for each in visible(permit).filter(kind=kind, of=of)]


def shown(permit: Permit, holder: Holder) -> Shown:
    town = permit.town.code
    try:
        name = masked_name(sealing.unseal(holder.name, town, holder.bound("name")))
        telephone = masked_telephone(sealing.unseal(holder.telephone, town, holder.bound("telephone")))
        readable = True
    except sealing.NotReadable:
        name, telephone, readable = "", "", False
    return Shown(
        holder.pk, PARTS[Part(holder.part)], name, telephone, holder.since, holder.until, holder.of, readable
    )
