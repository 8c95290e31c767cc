"""From a request to what its person may do: the core's table, applied to the site's grants and querysets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django_htmx.middleware import HtmxDetails

from liangxin.registry import access
from liangxin.registry.access import Action, Grant, Reach
from liangxin.web.accounts.models import RoleGrant, User
from liangxin.web.areas.models import Town

P = ParamSpec("P")


class TownRequest(HttpRequest):
    """A request to a view under ``/t/<code>/``: of a person signed in, with the town and what they may do there."""

    user: User
    town: Town
    permit: Permit
    htmx: HtmxDetails


@dataclass(frozen=True, slots=True)
class Permit:
    """What one person may do in one town."""

    user: User
    town: Town
    grants: tuple[Grant, ...]

    def may(self, action: Action) -> bool:
        return access.reach(self.grants, action) is not Reach.NONE

    def reach(self, action: Action) -> Reach:
        return access.reach(self.grants, action)

    def groups(self, action: Action) -> frozenset[str]:
        return access.groups(self.grants, action)

    def scope(self, action: Action) -> tuple[Reach, frozenset[str]]:
        """Which units: two people with the same scope may do the action to the same ones."""
        reach = self.reach(action)
        return reach, self.groups(action) if reach is Reach.GROUP else frozenset()

    @property
    def fields(self) -> tuple[str, ...]:
        return access.readable_fields(self.grants)

    @property
    def sees_personal(self) -> bool:
        """For templates: whether office holders are shown at all."""
        return self.may(Action.SEE_PERSONAL)

    def require(self, action: Action) -> None:
        if not self.may(action):
            raise PermissionDenied


def require_whole_town(permit: Permit, action: Action = Action.EXPORT) -> None:
    """PermissionDenied for somebody who may do it for a task group's units only."""
    if permit.reach(action) is not Reach.TOWN:
        raise PermissionDenied


def permit(user: User, town: Town) -> Permit:
    rows = RoleGrant.objects.filter(Q(town=town) | Q(town__isnull=True), user=user)
    return Permit(user, town, tuple(row.grant for row in rows))


def towns_of(user: User) -> QuerySet[Town]:
    """The towns in which the person holds any role."""
    rows = RoleGrant.objects.filter(user=user)
    if rows.filter(town__isnull=True).exists():
        return Town.objects.all()
    return Town.objects.filter(pk__in=rows.values("town_id"))


def require_user(request: HttpRequest) -> User:
    """Who signed in. PermissionDenied where nobody did, which ``login_required`` and the API's keys do not let come so far."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def in_town(
    action: Action,
) -> Callable[[Callable[Concatenate[TownRequest, P], HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """For views under ``/t/<code>/``: gives the view ``request.permit`` and ``request.town``, or refuses.

    A town in which the person holds no role does not exist for them (404); a role without the action is refused (403).
    """

    def decorate(
        view: Callable[Concatenate[TownRequest, P], HttpResponseBase],
    ) -> Callable[..., HttpResponseBase]:
        @login_required
        @wraps(view)
        def guarded(request: HttpRequest, town: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            user = require_user(request)
            found = get_object_or_404(towns_of(user), code=town)
            # It becomes one by the next two lines; htmx comes from the middleware.
            asked = cast("TownRequest", request)
            asked.town = found
            asked.permit = permit(user, found)
            asked.permit.require(action)
            return view(asked, *args, **kwargs)

        guarded.action = action  # type: ignore[attr-defined]  # read by the test that walks over every address and role
        return guarded

    return decorate
