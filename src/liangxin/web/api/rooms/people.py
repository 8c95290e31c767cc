"""Who works in a town: accounts, their roles, and new passwords, which are told once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Schema

from liangxin.registry.access import Action
from liangxin.web.accounts import lock, names, two_step
from liangxin.web.accounts.models import PendingGrant, RoleGrant, User
from liangxin.web.accounts.permission import Permit
from liangxin.web.administration import granting, services
from liangxin.web.administration.queries import accounts_for, grants_in, tokens_for
from liangxin.web.api.schemas import Key, TownCode
from liangxin.web.api.service import REFUSED, TOWN, allowed
from liangxin.web.api.typed import Line

router = Router(tags=["people"])


class GrantOut(Schema):
    """``everywhere``: a role in every town (county)."""

    id: int
    role: str
    task_group: str
    everywhere: bool


class AccountOut(Schema):
    """``second_step``: signs in with one. ``locked``: after wrong passwords, somewhere."""

    id: int
    username: str
    name: str
    open: bool
    second_step: bool
    locked: bool
    roles: list[GrantOut]


class TokenOut(Schema):
    """``begins``: its first characters; the token itself is kept nowhere. ``state``: in force, revoked or expired."""

    id: int
    username: str
    name: str
    begins: str
    scope: str
    made: datetime
    used: datetime | None
    expires: datetime
    state: str


class PersonIn(Schema):
    username: Line
    display_name: Line = ""
    role: Line
    task_group: Line = ""


class PasswordOut(Schema):
    """Told this once and kept nowhere."""

    username: str
    password: str


class PendingOut(Schema):
    """A role that waits for a second person. ``yours``: you may confirm it."""

    id: int
    username: str
    role: str
    task_group: str
    asked_by: str
    asked_on: datetime
    yours: bool


class GrantIn(Schema):
    role: Line
    task_group: Line = ""


@router.get(f"{TOWN}/pending-roles", response={200: list[PendingOut], **REFUSED})
def pending_roles(request: HttpRequest, town: TownCode) -> Any:
    """Roles that were asked for and do not hold yet."""
    return _pending(allowed(request, town, Action.USERS))


@router.post(f"{TOWN}/pending-roles/{{pk}}/confirm", response={200: list[PendingOut], **REFUSED})
def confirm_role(request: HttpRequest, town: TownCode, pk: Key) -> Any:
    """The second person: neither who asked nor who gets the role."""
    permit = allowed(request, town, Action.USERS)
    granting.confirm(get_object_or_404(PendingGrant, pk=pk, town=permit.town), permit.user)
    return _pending(permit)


@router.post(f"{TOWN}/pending-roles/{{pk}}/refuse", response={200: list[PendingOut], **REFUSED})
def refuse_role(request: HttpRequest, town: TownCode, pk: Key) -> Any:
    """Another's is refused, one's own taken back."""
    permit = allowed(request, town, Action.USERS)
    granting.refuse(get_object_or_404(PendingGrant, pk=pk, town=permit.town), permit.user)
    return _pending(permit)


@router.get(f"{TOWN}/tokens", response={200: list[TokenOut], **REFUSED})
def people_tokens(request: HttpRequest, town: TownCode) -> Any:
    """The tokens of the town's people: which programs act in whose name."""
    return _tokens(allowed(request, town, Action.USERS))


@router.delete(f"{TOWN}/tokens/{{pk}}", response={200: list[TokenOut], **REFUSED})
def revoke_token(request: HttpRequest, town: TownCode, pk: Key) -> Any:
    """End somebody's token; one that has ended stays so."""
    permit = allowed(request, town, Action.USERS)
    row = tokens_for(permit.user, permit.town).filter(pk=pk).first()
    if row is None:
        raise Http404
    services.revoke_token(permit.town, row, permit.user)
    return _tokens(permit)


@router.get(f"{TOWN}/people", response={200: list[AccountOut], **REFUSED})
def people(request: HttpRequest, town: TownCode) -> Any:
    """Everybody who holds a role that reaches the town."""
    return _listed(allowed(request, town, Action.USERS))


@router.post(f"{TOWN}/people", response={200: PasswordOut, **REFUSED})
def add_person(request: HttpRequest, town: TownCode, body: PersonIn) -> Any:
    """Open an account with one role."""
    permit = allowed(request, town, Action.USERS)
    password = services.add_person(permit.town, permit.user, **body.model_dump())
    return {"username": names.read_new(body.username)[0], "password": password}


@router.post(f"{TOWN}/people/{{pk}}/password", response={200: PasswordOut, **REFUSED})
def reset_password(request: HttpRequest, town: TownCode, pk: Key) -> Any:
    """A new password for somebody who forgot theirs; the old one ends."""
    permit = allowed(request, town, Action.USERS)
    user = _person(permit, pk)
    return {"username": user.username, "password": services.new_password(permit.town, user, permit.user)}


@router.delete(f"{TOWN}/people/{{pk}}/second-step", response={200: list[AccountOut], **REFUSED})
def take_off_second_step(request: HttpRequest, town: TownCode, pk: Key) -> Any:
    """For somebody who lost the phone and the recovery codes; without a second step nothing changes."""
    permit = allowed(request, town, Action.USERS)
    services.take_off_second_step(permit.town, _person(permit, pk), permit.user)
    return _listed(permit)


@router.post(f"{TOWN}/people/{{pk}}/unlock", response={200: list[AccountOut], **REFUSED})
def unlock(request: HttpRequest, town: TownCode, pk: Key) -> Any:
    """For somebody who is locked after wrong passwords or codes: they may try again at once."""
    permit = allowed(request, town, Action.USERS)
    services.unlock(permit.town, _person(permit, pk), permit.user)
    return _listed(permit)


@router.post(f"{TOWN}/people/{{pk}}/close", response={200: list[AccountOut], **REFUSED})
def close_account(request: HttpRequest, town: TownCode, pk: Key) -> Any:
    """Close an account; closed already, it stays so. What the person did stays under their name."""
    return _set_open(allowed(request, town, Action.USERS), pk, False)


@router.post(f"{TOWN}/people/{{pk}}/reopen", response={200: list[AccountOut], **REFUSED})
def reopen_account(request: HttpRequest, town: TownCode, pk: Key) -> Any:
    return _set_open(allowed(request, town, Action.USERS), pk, True)


@router.post(f"{TOWN}/people/{{pk}}/roles", response={200: list[AccountOut], **REFUSED})
def grant_role(request: HttpRequest, town: TownCode, pk: Key, body: GrantIn) -> Any:
    """Another role for somebody who has an account."""
    permit = allowed(request, town, Action.USERS)
    services.grant_role(permit.town, permit.user, _person(permit, pk), body.role, body.task_group)
    return _listed(permit)


@router.delete(f"{TOWN}/roles/{{pk}}", response={200: list[AccountOut], **REFUSED})
def revoke_role(request: HttpRequest, town: TownCode, pk: Key) -> Any:
    """End a role. The last administrator's cannot end."""
    permit = allowed(request, town, Action.USERS)
    grant = RoleGrant.objects.filter(pk=pk).select_related("user").first()
    if grant is None:
        raise Http404
    if grant.town_id not in (permit.town.pk, None):
        raise PermissionDenied
    services.revoke_role(permit.town, grant, permit.user)
    return _listed(permit)


def _pending(permit: Permit) -> list[dict[str, Any]]:
    return [
        {
            "id": each.pk,
            "username": each.user.username,
            "role": each.role,
            "task_group": each.task_group,
            "asked_by": each.asked_by.username,
            "asked_on": each.asked_on,
            "yours": granting.may_confirm(each, permit.user),
        }
        for each in granting.pending_in(permit.town)
    ]


def _tokens(permit: Permit) -> list[dict[str, Any]]:
    names = ("id", "name", "begins", "scope", "made", "used", "expires", "state")
    return [
        {name: getattr(row, name) for name in names} | {"username": row.user.username}
        for row in tokens_for(permit.user, permit.town)
    ]


def _person(permit: Permit, pk: int) -> User:
    found = accounts_for(permit.user, permit.town).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _set_open(permit: Permit, pk: int, wanted: bool) -> list[dict[str, Any]]:
    user = _person(permit, pk)
    if user.is_active is not wanted:
        services.close_or_reopen(permit.town, user, permit.user)
    return _listed(permit)


def _listed(permit: Permit) -> list[dict[str, Any]]:
    found: dict[int, dict[str, Any]] = {}
    grants = grants_in(permit.town)
    second = two_step.who_have_it(User.objects.filter(pk__in={grant.user_id for grant in grants}))
    locked = lock.locked({grant.user.username for grant in grants})
    for grant in grants:
        user = grant.user
        person = found.setdefault(
            user.pk,
            {
                "id": user.pk,
                "username": user.username,
                "name": str(user),
                "open": user.is_active,
                "second_step": user.pk in second,
                "locked": user.username in locked,
                "roles": [],
            },
        )
        person["roles"].append(
            {
                "id": grant.pk,
                "role": grant.role,
                "task_group": grant.task_group,
                "everywhere": grant.town_id is None,
            }
        )
    return list(found.values())
