"""Writes to a town's settings and to the roles people hold. Every refusal is an InputError in both languages."""

from __future__ import annotations

import secrets
from dataclasses import replace

from django.db import transaction
from django.db.models import Q

from liangxin.files.town import parse_town
from liangxin.findings import Finding, InputError
from liangxin.registry.access import Role
from liangxin.web.accounts import lock, names, two_step
from liangxin.web.accounts.models import RoleGrant, User
from liangxin.web.accounts.permission import permit
from liangxin.web.administration import granting, queries
from liangxin.web.administration.boundaries import with_fewer_points
from liangxin.web.api import tokens
from liangxin.web.api.models import ApiToken
from liangxin.web.areas.models import Town
from liangxin.web.areas.services import save_town
from liangxin.web.audit.services import record
from liangxin.web.organizations.names import kept_names, refuse_named_ids
from liangxin.wording import Text

GROUP_ROLES = frozenset({Role.GROUP_LEADER, Role.GROUP_MEMBER})


@transaction.atomic
def replace_town_file(town: Town, by: User, text: str) -> tuple[Text, ...]:
    """Take a whole town file (``liangxin.town/1``). The code stays: it is what everything else refers to.

    Gives what was simplified, in words."""
    read = parse_town(text)
    if read.code != town.code:
        raise InputError.of(
            "town-code",
            f"这个文件是 {read.name}（{read.code}）的，不是 {town.name}（{town.code}）的，没有改动",
            f"This file is of {read.name} ({read.code}), not of {town.name} ({town.code}); nothing was changed",
        )
    refuse_named_ids(town, read)
    areas, simplified = with_fewer_points(read.areas)
    save_town(town, kept_names(permit(by, town), replace(read, areas=areas), town.as_core()))
    record(by, town, "town.file", "town", town.code, detail={"version": town.version})
    return simplified


@transaction.atomic
def add_person(town: Town, by: User, username: str, display_name: str, role: str, task_group: str) -> str:
    """A new account with one role in the town, which may wait for a second person (``granting``).

    Gives the password, which is shown once and never again."""
    username, findings = names.read_new(username)
    findings += _role_findings(town, role, task_group)
    if findings:
        raise InputError(findings)
    password = "-".join(secrets.token_hex(2) for _ in range(4))
    user = User.objects.create_user(username, password=password, display_name=display_name.strip()[:40])
    record(by, town, "account.add", "account", username)
    granting.give(town, by, user, role, task_group if Role(role) in GROUP_ROLES else "")
    return password


@transaction.atomic
def new_password(town: Town, user: User, by: User) -> str:
    """A new random password for somebody who forgot theirs. Given back once; the old one ends."""
    _require_own_account(town, user, by)
    password = "-".join(secrets.token_hex(2) for _ in range(4))
    user.set_password(password)
    user.save(update_fields=["password"])
    tokens.end_all(user, by, town)
    record(by, town, "account.password", "account", user.username, detail={"reset": True})
    return password


@transaction.atomic
def take_off_second_step(town: Town, user: User, by: User) -> None:
    """For somebody who lost the phone and the recovery codes. They turn it on anew before they approve or decide again."""
    if user == by:
        raise InputError.of(
            "own-second-step",
            "自己的两步验证在右上角菜单里关",
            "Your own second step is turned off in the menu at the top right",
        )
    _require_own_account(town, user, by)
    if two_step.take_off(user):
        tokens.end_all(user, by, town)
        record(by, town, "account.two_step_off", "account", user.username, detail={"reset": True})


def revoke_token(town: Town, row: ApiToken, by: User) -> None:
    """End somebody's token. One of an account that reaches further than the town is the county's, like its password."""
    _require_own_account(town, row.user, by)
    tokens.revoke_for(town, by, row)


@transaction.atomic
def unlock(town: Town, user: User, by: User) -> None:
    """For somebody who typed the password wrongly too often: they may try again at once."""
    lock.unlock(user)
    record(by, town, "account.unlock", "account", user.username)


@transaction.atomic
def grant_role(town: Town, by: User, user: User, role: str, task_group: str) -> None:
    """Another role; one that takes two persons waits for the second (``granting``)."""
    findings = _role_findings(town, role, task_group)
    if findings:
        raise InputError(findings)
    granting.give(town, by, user, role, task_group if Role(role) in GROUP_ROLES else "")


@transaction.atomic
def revoke_role(town: Town, grant: RoleGrant, by: User) -> None:
    """End a role. A town does not end the county's, and keeps an administrator: somebody must be able to open the door again."""
    if grant.town is None and not queries.administers_every_town(by):
        raise InputError.of(
            "role-of-every-town",
            "这是所有镇的角色，由县系统管理员去掉",
            "This role holds in every town; the county's administrator ends it",
        )
    if grant.role == Role.ADMINISTRATOR.value:
        administrators = RoleGrant.objects.filter(role=Role.ADMINISTRATOR.value, user__is_active=True)
        others = administrators.filter(Q(town=grant.town) | Q(town__isnull=True)).exclude(pk=grant.pk)
        if not others.exists():
            raise InputError.of(
                "last-administrator",
                "这是最后一个系统管理员，不能去掉；请先给另一个人这个角色",
                "This is the last administrator; give the role to someone else first",
            )
    grant.delete()
    detail = {"role": grant.role, "task_group": grant.task_group}
    record(by, town, "role.revoke", "account", grant.user.username, detail=detail)


@transaction.atomic
def close_or_reopen(town: Town, user: User, by: User) -> None:
    """Close an open account, open a closed one. What the person did stays under their name. Nobody closes their own."""
    if user == by:
        raise InputError.of("own-account", "不能停用自己的账号", "You cannot close your own account")
    _require_own_account(town, user, by)
    open_now = not user.is_active
    User.objects.filter(pk=user.pk).update(is_active=open_now)
    if not open_now:
        tokens.end_all(user, by, town)
    record(by, town, "account.reopen" if open_now else "account.close", "account", user.username)


def _require_own_account(town: Town, user: User, by: User) -> None:
    """Who could give an account a new password could act as it: an account that reaches further than the town is the county's."""
    if user != by and user.pk in queries.held_elsewhere(town) and not queries.administers_every_town(by):
        raise InputError.of(
            "account-elsewhere",
            "这个账号在别的镇或县里也有角色，由县系统管理员办理",
            "This account also holds a role in another town or the county; the county's administrator does this",
        )


def _role_findings(town: Town, role: str, task_group: str) -> list[Finding]:
    if role not in {each.value for each in Role}:
        return [Finding("role", Text("没有这个角色", "There is no such role"), found=role)]
    if Role(role) in GROUP_ROLES and task_group not in {each.id for each in town.as_core().task_groups}:
        return [
            Finding(
                "task-group",
                Text("推进组成员要选所在的推进组", "A task group role needs its task group"),
                found=task_group,
            )
        ]
    return []
