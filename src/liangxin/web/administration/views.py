from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from liangxin.findings import Finding, InputError
from liangxin.registry.access import ROLE_LABELS, Action, Role
from liangxin.web.accounts import lock, two_step
from liangxin.web.accounts.models import PendingGrant, RoleGrant, User
from liangxin.web.accounts.permission import TownRequest, in_town
from liangxin.web.administration import granting, queries, services
from liangxin.web.administration.boundaries import MAX_GEOJSON_BYTES, import_boundaries
from liangxin.web.administration.sections import AREA_KINDS, BODIES
from liangxin.web.closing.queries import clock, closing
from liangxin.web.policies.queries import load
from liangxin.web.ui.language import current, told
from liangxin.wording import Text


@in_town(Action.SETTINGS)
def index(request: TownRequest) -> HttpResponse:
    """The office came to see how the town is set up, to change a part of it, and to know what that part affects."""
    core = request.town.as_core()
    names = {area.id: area.name for area in core.areas}
    context = {
        "core": core,
        "bodies": BODIES,
        "area_names": names,
        "areas": tuple(
            (
                area.id,
                area.name,
                AREA_KINDS[area.kind],
                names.get(area.parent or "", ""),
                area.centre,
                bool(area.boundary),
            )
            for area in core.areas
        ),
        "policy": load(request.town),
        "may_users": request.permit.may(Action.USERS),
        "may_close": request.permit.may(Action.CLOSE),
        "clock": clock(closing(request.town)) if request.permit.may(Action.CLOSE) else None,
    }
    return render(request, "administration/index.html", context)


def _refused(request: HttpRequest, refused: InputError) -> None:
    for finding in refused.findings[:30]:
        messages.error(request, finding.sentence(current()))


def _tell_simplified(request: HttpRequest, simplified: tuple[Text, ...]) -> None:
    for words in simplified[:30]:
        messages.info(request, words.in_language(current()))
    if (more := len(simplified) - 30) > 0:
        said = Text(f"另有{more}个区域的边界已简化", f"The boundaries of {more} more areas were simplified")
        messages.info(request, said.in_language(current()))


@require_POST
@in_town(Action.SETTINGS)
def boundaries(request: TownRequest) -> HttpResponse:
    given = request.FILES.get("file")
    if given is None:
        messages.error(
            request, Text("请先选择 GeoJSON 文件", "Choose a GeoJSON file first").in_language(current())
        )
        return redirect("settings", town=request.town.code)
    try:
        taken = import_boundaries(request.town, request.user, given.read(MAX_GEOJSON_BYTES + 1))
    except InputError as refused:
        _refused(request, refused)
    else:
        words = Text(
            f"更新了 {taken.matched} 个区域的边界，新增 {taken.added} 个区域",
            f"Boundaries of {taken.matched} areas updated, {taken.added} areas added",
        )
        messages.success(request, words.in_language(current()))
        _tell_simplified(request, taken.simplified)
    return redirect("settings", town=request.town.code)


@in_town(Action.SETTINGS)
def town_file(request: TownRequest) -> HttpResponse:
    """The whole town file, to read, to keep, or to replace after editing it."""
    text = queries.town_file(request.permit)
    findings: tuple[Finding, ...] = ()
    if request.method == "POST":
        text = request.POST.get("text", "")
        try:
            simplified = services.replace_town_file(request.town, request.user, text)
        except InputError as refused:
            findings = refused.findings
        else:
            messages.success(
                request, Text("镇的资料已更新", "The town file was replaced").in_language(current())
            )
            _tell_simplified(request, simplified)
            return redirect("settings", town=request.town.code)
    sentences = told(findings)
    return render(
        request,
        "administration/town_file.html",
        {"text": text, "sentences": sentences},
        status=422 if sentences else 200,
    )


@in_town(Action.USERS)
def people(request: TownRequest) -> HttpResponse:
    """The administrator came to open an account, change a role, or close the account of someone who left."""
    given: dict[str, Any] = {"username": "", "display_name": "", "role": "office", "task_group": ""}
    sentences: list[str] = []
    password = ""
    if request.method == "POST":
        given = {name: request.POST.get(name, "") for name in given}
        try:
            password = services.add_person(request.town, request.user, **given)
        except InputError as refused:
            sentences = told(refused.findings)
    groups = request.town.as_core().task_groups
    county = queries.administers_every_town(request.user)
    further = frozenset() if county else queries.held_elsewhere(request.town) - {request.user.pk}
    known = queries.accounts_for(request.user, request.town)
    second = two_step.who_have_it(known) - {request.user.pk}
    locked = lock.locked(known.values_list("username", flat=True))
    context = {
        "grants": [
            (
                grant,
                ROLE_LABELS[Role(grant.role)],
                next((each.name for each in groups if each.id == grant.task_group), ""),
                grant.town_id is not None or county,
                county or (grant.town_id is not None and grant.user_id not in further),
                grant.user_id in second,
                grant.user.username in locked,
            )
            for grant in queries.grants_in(request.town)
        ],
        "roles": [(role.value, ROLE_LABELS[role]) for role in Role],
        "groups": groups,
        "given": given,
        "sentences": sentences,
        "password": password,
        "known": known,
        "pending": [
            (
                each,
                ROLE_LABELS[Role(each.role)],
                next((group.name for group in groups if group.id == each.task_group), ""),
                granting.may_confirm(each, request.user),
            )
            for each in granting.pending_in(request.town)
        ],
        "others_may": granting.others_may(request.town, request.user),
    }
    return render(request, "administration/people.html", context, status=422 if sentences else 200)


@require_POST
@in_town(Action.USERS)
def revoke(request: TownRequest, pk: int) -> HttpResponse:
    grant = get_object_or_404(RoleGrant, pk=pk)
    if grant.town_id not in (request.town.pk, None):
        raise PermissionDenied
    return _back_to_people(request, lambda: services.revoke_role(request.town, grant, request.user))


@require_POST
@in_town(Action.USERS)
def close(request: TownRequest, pk: int) -> HttpResponse:
    """Close or reopen an account. What the person did stays under their name."""
    user = _account(request, pk=pk)
    return _back_to_people(request, lambda: services.close_or_reopen(request.town, user, request.user))


@require_POST
@in_town(Action.USERS)
def grant(request: TownRequest) -> HttpResponse:
    """Another role for somebody who has an account: a group member who also sits in the leading group."""
    user = _account(request, username=request.POST.get("username", ""))
    role, group = request.POST.get("role", ""), request.POST.get("task_group", "")
    return _back_to_people(
        request, lambda: services.grant_role(request.town, request.user, user, role, group)
    )


@require_POST
@in_town(Action.USERS)
def new_password(request: TownRequest, pk: int) -> HttpResponse:
    """Somebody forgot the password: a new one, shown once."""
    user = _account(request, pk=pk)

    def give() -> None:
        password = services.new_password(request.town, user, request.user)
        words = Text(
            f"{user.username} 的新密码（只显示这一次，请当面告知）：{password}",
            f"The new password of {user.username} (shown only now; hand it over in person): {password}",
        )
        messages.success(request, words.in_language(current()))

    return _back_to_people(request, give)


@require_POST
@in_town(Action.USERS)
def second_step(request: TownRequest, pk: int) -> HttpResponse:
    """Somebody lost the phone and the recovery codes: they sign in by password, and turn the second step on anew."""
    user = _account(request, pk=pk)
    return _back_to_people(request, lambda: services.take_off_second_step(request.town, user, request.user))


@require_POST
@in_town(Action.USERS)
def confirm(request: TownRequest, pk: int) -> HttpResponse:
    """The second person confirms a role that another administrator asked for."""
    pending = get_object_or_404(PendingGrant, pk=pk, town=request.town)
    return _back_to_people(request, lambda: granting.confirm(pending, request.user))


@require_POST
@in_town(Action.USERS)
def refuse(request: TownRequest, pk: int) -> HttpResponse:
    pending = get_object_or_404(PendingGrant, pk=pk, town=request.town)
    return _back_to_people(request, lambda: granting.refuse(pending, request.user))


@in_town(Action.USERS)
def tokens(request: TownRequest) -> HttpResponse:
    """The administrator came to see which programs act in whose name, and to stop one."""
    rows = queries.tokens_for(request.user, request.town)
    county = queries.administers_every_town(request.user)
    further = frozenset() if county else queries.held_elsewhere(request.town) - {request.user.pk}
    listed = [(row, row.user_id not in further) for row in rows]
    return render(request, "administration/tokens.html", {"rows": listed})


@require_POST
@in_town(Action.USERS)
def revoke_token(request: TownRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(queries.tokens_for(request.user, request.town), pk=pk)
    try:
        services.revoke_token(request.town, row, request.user)
    except InputError as refused:
        _refused(request, refused)
    return redirect("settings-tokens", town=request.town.code)


@require_POST
@in_town(Action.USERS)
def unlock(request: TownRequest, pk: int) -> HttpResponse:
    """Somebody typed the password wrongly too often and need not wait."""
    user = _account(request, pk=pk)
    return _back_to_people(request, lambda: services.unlock(request.town, user, request.user))


def _account(request: TownRequest, **which: object) -> User:
    found: User = get_object_or_404(queries.accounts_for(request.user, request.town), **which)
    return found


def _back_to_people(request: TownRequest, act: Callable[[], object]) -> HttpResponse:
    """Do it; the page of people follows, with what stands against it where it was refused."""
    try:
        act()
    except InputError as refused:
        _refused(request, refused)
    return redirect("settings-people", town=request.town.code)
