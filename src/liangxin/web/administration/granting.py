"""Roles that one person alone does not give: asked for by an administrator, in force when a second person has confirmed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from django.db import transaction
from django.db.models import Q

from liangxin.findings import InputError
from liangxin.registry.access import Role
from liangxin.web.accounts.models import PendingGrant, RoleGrant, User
from liangxin.web.areas.models import Town
from liangxin.web.audit.models import Event
from liangxin.web.audit.services import record

BY_TWO: Final = frozenset({Role.ADMINISTRATOR, Role.OFFICE, Role.LEADING_GROUP, Role.COMMITTEE})
"""The roles of a whole town, and the one that gives roles: a second account of one's own would else be as good."""


@transaction.atomic
def give(town: Town, by: User, user: User, role: str, task_group: str) -> bool:
    """Give the role, or ask for it where it takes two; True when it holds now. Nothing where it holds or is asked for already."""
    if RoleGrant.objects.filter(user=user, town=town, role=role, task_group=task_group).exists():
        return True
    detail = {"role": role, "task_group": task_group}
    if Role(role) not in BY_TWO and user != by:
        RoleGrant.objects.create(user=user, town=town, role=role, task_group=task_group)
        record(by, town, "role.grant", "account", user.username, detail=detail)
        return True
    _, new = PendingGrant.objects.get_or_create(
        user=user, town=town, role=role, task_group=task_group, defaults={"asked_by": by}
    )
    if new:
        record(by, town, "role.ask", "account", user.username, detail=detail)
    return False


@transaction.atomic
def confirm(pending: PendingGrant, by: User | None) -> None:
    """``by``: another administrator, or None for the command line on the server. Raises InputError for who asked, for whom it
    is, and for an account whose password the one who asked still knows."""
    pending = (
        PendingGrant.objects.select_for_update().select_related("user", "town", "asked_by").get(pk=pending.pk)
    )
    if by is not None:
        if by in (pending.asked_by, pending.user):
            raise InputError.of(
                "second-person",
                "要由另一位系统管理员确认：申请的人和得到角色的人自己不能确认",
                "Another administrator confirms: neither who asked nor who gets the role",
            )
        if _knows_password(pending.asked_by, by):
            raise InputError.of(
                "second-person-password",
                f"您的密码是{pending.asked_by.username}给的；请先在右上角菜单里改成自己的密码，再来确认",
                f"Your password was given by {pending.asked_by.username}; change it first in the menu at the top right",
            )
    RoleGrant.objects.get_or_create(
        user=pending.user, town=pending.town, role=pending.role, task_group=pending.task_group
    )
    detail = {"role": pending.role, "task_group": pending.task_group, "asked_by": pending.asked_by.username}
    pending.delete()
    record(by, pending.town, "role.grant", "account", pending.user.username, detail=detail)


@transaction.atomic
def refuse(pending: PendingGrant, by: User | None) -> None:
    """Another's is refused, one's own taken back. An account opened for nothing else is closed with it."""
    user, town = pending.user, pending.town
    detail = {"role": pending.role, "task_group": pending.task_group, "asked_by": pending.asked_by.username}
    pending.delete()
    record(by, town, "role.refuse", "account", user.username, detail=detail)
    if not user.role_grants.exists() and not user.pending_grants.exists() and user.is_active:
        User.objects.filter(pk=user.pk).update(is_active=False)
        record(by, town, "account.close", "account", user.username)


@transaction.atomic
def decide(confirmed: Iterable[PendingGrant], refused: Iterable[PendingGrant]) -> None:
    """On the server, by nobody's account: all of them or none."""
    for each in confirmed:
        confirm(each, None)
    for each in refused:
        refuse(each, None)


def pending_in(town: Town) -> list[PendingGrant]:
    rows = PendingGrant.objects.filter(town=town).select_related("user", "asked_by")
    return list(rows.order_by("asked_on", "pk"))


def may_confirm(pending: PendingGrant, by: User) -> bool:
    return by not in (pending.asked_by, pending.user)


def others_may(town: Town, by: User) -> bool:
    """Whether there is another administrator, of the town or the county, who could confirm what ``by`` asks for."""
    rows = RoleGrant.objects.filter(role=Role.ADMINISTRATOR.value, user__is_active=True)
    return rows.filter(Q(town=town) | Q(town__isnull=True)).exclude(user=by).exists()


def _knows_password(asker: User, confirmer: User) -> bool:
    """Whether the confirmer's password was last given by the one who asked: then one person could be both."""
    told = Event.objects.filter(
        object_kind="account", object_id=confirmer.username, action__in=("account.add", "account.password")
    )
    given = told.filter(actor=asker.username).order_by("-seq").first()
    return given is not None and not told.filter(actor=confirmer.username, seq__gt=given.seq).exists()
