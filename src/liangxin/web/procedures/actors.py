"""Accounts of the site as the persons of the core."""

from __future__ import annotations

from django.db.models import Q

from liangxin.procedure import Actor, Person
from liangxin.registry.access import Action
from liangxin.web.accounts.models import RoleGrant, User
from liangxin.web.accounts.permission import Permit
from liangxin.web.areas.models import Town


def actor_of(permit: Permit) -> Actor:
    return Actor(person_of(permit.user), permit.grants)


def person_of(user: User) -> Person:
    return Person(str(user.pk), str(user))


def people(town: Town) -> dict[int, Actor]:
    """Everybody with a role in the town whose account is open, by the account's key."""
    rows = (
        RoleGrant.objects.filter(Q(town=town) | Q(town__isnull=True), user__is_active=True)
        .select_related("user")
        .order_by("user__display_name", "user__pk")
    )
    found: dict[int, Actor] = {}
    for row in rows:
        known = found.get(row.user_id)
        grants = (*(known.grants if known is not None else ()), row.grant)
        found[row.user_id] = Actor(person_of(row.user), grants)
    return found


def readers(town: Town, task_group: str) -> list[tuple[int, Actor]]:
    """Those who may read a group's units: whom one may ask, copy to or delegate to."""
    return [(key, actor) for key, actor in people(town).items() if actor.may(Action.READ_UNITS, task_group)]
