"""Writes to a town's settings and to the roles people hold. Every refusal is an InputError in both languages."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.db.models import Q

from liangxin.files.town import parse_town
from liangxin.findings import Finding, InputError, Place
from liangxin.registry.access import Role
from liangxin.registry.town import Area
from liangxin.web.accounts import lock, names, two_step
from liangxin.web.accounts.models import RoleGrant, User
from liangxin.web.accounts.permission import permit
from liangxin.web.administration import granting, queries
from liangxin.web.api import tokens
from liangxin.web.api.models import ApiToken
from liangxin.web.areas.models import Town
from liangxin.web.areas.services import save_town
from liangxin.web.audit.services import record
from liangxin.web.organizations.names import kept_names
from liangxin.wording import Text

MAX_GEOJSON_BYTES = 20 * 1024 * 1024
GROUP_ROLES = frozenset({Role.GROUP_LEADER, Role.GROUP_MEMBER})


@transaction.atomic
def replace_town_file(town: Town, by: User, text: str) -> None:
    """Take a whole town file (``liangxin.town/1``). The code stays: it is what everything else refers to."""
    read = parse_town(text)
    if read.code != town.code:
        raise InputError.of(
            "town-code",
            f"这个文件是 {read.name}（{read.code}）的，不是 {town.name}（{town.code}）的，没有改动",
            f"This file is of {read.name} ({read.code}), not of {town.name} ({town.code}); nothing was changed",
        )
    save_town(town, kept_names(permit(by, town), read, town.as_core()))
    record(by, town, "town.file", "town", town.code, detail={"version": town.version})


@transaction.atomic
def import_boundaries(town: Town, by: User, raw: bytes) -> tuple[int, int]:
    """Boundaries and centres from a GeoJSON FeatureCollection; features are matched by id or name.

    Gives (areas that got a boundary, areas added). A feature that names no known area must carry ``kind`` to be added.
    Coordinates are WGS 84, as GeoJSON says. Raises InputError with every feature that cannot be taken; then nothing is.
    """
    if len(raw) > MAX_GEOJSON_BYTES:
        raise InputError.of(
            "geojson-size",
            "文件超过20兆，请按镇裁剪后再传",
            "The file is over 20 MB; cut it to the town first",
        )
    try:
        document = json.loads(raw.decode("utf-8-sig"))
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as wrong:
        line = getattr(wrong, "lineno", None)
        raise InputError.of(
            "geojson-syntax",
            "不是有效的 GeoJSON 文件（UTF-8 编码）",
            "Not a valid GeoJSON file (UTF-8)",
            place=Place(line=line),
        ) from None
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list) or not features:
        raise InputError.of(
            "geojson-features",
            "文件里没有要素（features）",
            "The file holds no features",
            accepted=Text("FeatureCollection", "a FeatureCollection"),
        )
    core = town.as_core()
    areas = {area.id: area for area in core.areas}
    matched, added, findings = 0, 0, []
    for number, feature in enumerate(features, start=1):
        try:
            area, new = _area(feature, areas, core)
        except InputError as refused:
            findings += [replace(each, place=Place(row=number)) for each in refused.findings]
            continue
        areas[area.id] = area
        matched, added = matched + (not new), added + new
    if findings:
        raise InputError(findings)
    save_town(town, replace(core, areas=tuple(areas.values())))
    record(by, town, "town.boundaries", "town", town.code, detail={"areas": matched, "added": added})
    return matched, added


KINDS = ("work_area", "village", "community", "park", "park_area", "market", "building", "street")


def _area(feature: Any, areas: Mapping[str, Area], core: Any) -> tuple[Area, bool]:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    properties = properties if isinstance(properties, dict) else {}
    name = str(properties.get("name") or properties.get("id") or feature.get("id") or "").strip()
    geometry = feature.get("geometry") if isinstance(feature, dict) else None
    kind_of = geometry.get("type") if isinstance(geometry, dict) else None
    if kind_of not in ("Polygon", "MultiPolygon", "Point"):
        raise InputError.of(
            "geojson-geometry",
            f"要素“{name}”的图形不能用",
            f'The geometry of "{name}" cannot be used',
            found=str(kind_of),
            accepted=Text("Polygon、MultiPolygon、Point", "Polygon, MultiPolygon, Point"),
        )
    points = _points(name, geometry)
    if not points or not all(73 <= lon <= 136 and 3 <= lat <= 54 for lon, lat in points):
        raise InputError.of(
            "geojson-coordinates",
            f"要素“{name}”的坐标不在国内经纬度范围，可能经纬度写反或不是 WGS 84",
            f'The coordinates of "{name}" lie outside China; longitude and latitude may be swapped, or it is not WGS 84',
        )
    centre = (sum(lon for lon, _ in points) / len(points), sum(lat for _, lat in points) / len(points))
    boundary = None if kind_of == "Point" else geometry
    known = core.area(str(properties.get("id") or "")) or core.area(name)
    if known is not None:
        current = areas[known.id]
        return replace(current, boundary=boundary or current.boundary, centre=current.centre or centre), False
    kind = properties.get("kind")
    parent = properties.get("parent")
    if not name or kind not in KINDS or (parent is not None and parent not in areas):
        raise InputError.of(
            "geojson-unknown-area",
            f"镇的区域里没有“{name}”；要新增，须写明类别 kind 和上级 parent",
            f'The town has no area "{name}"; to add one, give its kind and parent',
            found=f"kind={kind}, parent={parent}",
            accepted=Text("kind：" + "、".join(KINDS), "kind: " + ", ".join(KINDS)),
        )
    return Area(str(properties.get("id") or name), name, kind, parent, centre, boundary), True


MOST_POINTS = 20_000  # of one area; the map draws them all
DEPTHS = {"Point": 0, "Polygon": 2, "MultiPolygon": 3}


def _points(name: str, geometry: Mapping[str, Any]) -> list[tuple[float, float]]:
    """Longitude and latitude of every point. InputError: not nested as its type is, a ring that is not closed, too many points."""
    rings: list[Any] = [geometry.get("coordinates")]
    for _ in range(DEPTHS[geometry["type"]]):
        if not all(isinstance(each, list) and each for each in rings):
            raise _unusable(name)
        parents, rings = rings, [each for ring in rings for each in ring]
        if len(rings) > MOST_POINTS:
            raise InputError.of(
                "geojson-points",
                f"“{name}”的边界点太多，请先简化",
                f'The boundary of "{name}" has too many points; simplify it first',
                accepted=Text(f"最多{MOST_POINTS}个点", f"at most {MOST_POINTS} points"),
            )
    for point in rings:
        if not isinstance(point, list) or len(point) < 2 or not all(_is_number(each) for each in point[:2]):
            raise _unusable(name)
    if geometry["type"] != "Point" and any(len(ring) < 4 or ring[0] != ring[-1] for ring in parents):
        raise InputError.of(
            "geojson-ring",
            f"“{name}”的边界没有闭合：每一圈至少4个点，末点和首点相同",
            f'The boundary of "{name}" is not closed: each ring has four points or more, the last is the first',
        )
    return [(point[0], point[1]) for point in rings]


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _unusable(name: str) -> InputError:
    return InputError.of(
        "geojson-geometry",
        f"“{name}”的坐标不是这种图形的写法",
        f'The coordinates of "{name}" are not written as its type asks',
    )


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
