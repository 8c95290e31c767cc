"""Who must have two-step sign-in (TOTP) before acting: those who approve for the leading group or decide for the committee."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest

from liangxin.registry.access import Action
from liangxin.web.accounts.models import User
from liangxin.web.accounts.permission import permit, towns_of

APPROVING: Final = frozenset({Action.APPROVE, Action.DECIDE})
# Where approving is done: every write of the procedures, and making a plan the proposal.
SECTIONS: Final = ("procedures", "plans-publish")


def has_it(user: User) -> bool:
    """Whether the person signs in with a second step; who comes by the county's single sign-on has that one's."""
    return Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()


def keeps_out(request: HttpRequest, name: str, kwargs: Mapping[str, Any]) -> bool:
    """Whether this write is kept from its person until two-step sign-in is on."""
    if not settings.REQUIRE_TOTP or not name.startswith(SECTIONS) or not request.user.is_authenticated:
        return False
    town = towns_of(request.user).filter(code=str(kwargs.get("town", ""))).first()
    if town is None:
        return False  # the page says that there is no such town
    held = permit(request.user, town)
    return any(held.may(action) for action in APPROVING) and not has_it(request.user)
