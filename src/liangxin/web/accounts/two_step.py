"""Who must have two-step sign-in (TOTP) before acting: those who approve for the leading group or decide for the committee.

Asked by the services that write, so that a page, the API, a token and several cases at once are all refused alike.
"""

from __future__ import annotations

from typing import Final

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet

from liangxin.registry.access import Action
from liangxin.web.accounts.models import User
from liangxin.web.accounts.permission import Permit

APPROVING: Final = frozenset({Action.APPROVE, Action.DECIDE})


class TwoStepNeeded(PermissionDenied):
    """The person may do it, once two-step sign-in is on."""


def has_it(user: User) -> bool:
    """Whether the person signs in with a second step; who comes by the county's single sign-on has that one's."""
    return Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()


def who_have_it(users: QuerySet[User]) -> frozenset[int]:
    """Keys of those of ``users`` who sign in with a second step."""
    rows = Authenticator.objects.filter(user__in=users, type=Authenticator.Type.TOTP)
    return frozenset(rows.values_list("user_id", flat=True))


def take_off(user: User) -> bool:
    """For somebody whose phone and recovery codes are gone: the second step and the codes end, and with them every open
    session. False when there was none."""
    removed, _ = Authenticator.objects.filter(user=user).delete()
    if removed:
        for session in UserSession.objects.filter(user=user):
            session.end()
    return bool(removed)


def require(permit: Permit) -> None:
    """Raises TwoStepNeeded for somebody who approves or decides in this town and has no second step."""
    if not settings.REQUIRE_TOTP or not any(permit.may(action) for action in APPROVING):
        return
    if not has_it(permit.user):
        raise TwoStepNeeded
