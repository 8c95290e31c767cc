"""Codes of the second step: each counts once, also within the minute and a half in which a clock may be off by a step."""

from __future__ import annotations

from typing import Any

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth
from allauth.mfa.utils import decrypt
from django.db import transaction
from django.http import HttpRequest

SPENT = "spent"
"""In ``Authenticator.data``: the step of the last code that was taken. Only later ones are (RFC 6238, 5.2)."""


@transaction.atomic
def spend(authenticator: Authenticator, code: str) -> bool:
    """Take a code that was found right; False where it, or a later one, was taken before."""
    row = Authenticator.objects.select_for_update().get(pk=authenticator.pk)
    secret = decrypt(row.data["secret"])
    steps = [
        step
        for step in auth.yield_hotp_counters_from_time()
        if compare_user_code(actual=code, expected=auth.format_hotp_value(auth.hotp_value(secret, step)))
    ]
    later = [step for step in steps if step > row.data.get(SPENT, 0)]
    if not later:
        return False
    row.data[SPENT] = later[0]
    row.save(update_fields=["data"])
    return True


def spend_first(request: HttpRequest, authenticator: Authenticator, **_: Any) -> None:
    """The code by which the second step was turned on does not sign in as well."""
    if authenticator.type == Authenticator.Type.TOTP:
        spend(authenticator, request.POST.get("code", ""))


class _OnceForm:
    authenticator: Authenticator

    def clean_code(self) -> str:
        code: str = super().clean_code()  # type: ignore[misc]  # of the library's form that this is mixed into
        if self.authenticator.type == Authenticator.Type.TOTP and not spend(self.authenticator, code):
            raise get_adapter().validation_error("incorrect_code")
        return code


class AuthenticateOnceForm(_OnceForm, AuthenticateForm):
    """Signing in."""


class ReauthenticateOnceForm(_OnceForm, ReauthenticateForm):
    """Before something that asks for the second step again."""
