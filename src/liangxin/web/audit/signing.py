"""Signing in and what guards it, as events: heard from the sign-in library, so no page can forget to tell."""

from __future__ import annotations

import hashlib
from typing import Any, Final

from allauth.account.signals import password_changed, password_reset, password_set
from allauth.mfa.signals import authenticator_added, authenticator_removed
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.core.cache import cache
from django.http import HttpRequest

from liangxin.web.accounts.address import address_of
from liangxin.web.accounts.models import User
from liangxin.web.accounts.names import stored_name
from liangxin.web.audit.services import record

LOCK_SECONDS: Final = 15 * 60  # one event for a lock, however often somebody tries within it


def connect() -> None:
    user_logged_in.connect(_signed_in, dispatch_uid="audit")
    user_logged_out.connect(_signed_out, dispatch_uid="audit")
    user_login_failed.connect(_failed, dispatch_uid="audit")
    for signal in (password_changed, password_set, password_reset):
        signal.connect(_password, dispatch_uid="audit")
    authenticator_added.connect(_two_step_on, dispatch_uid="audit")
    authenticator_removed.connect(_two_step_off, dispatch_uid="audit")


def locked(request: HttpRequest, username: str) -> None:
    """Too many wrong passwords: further attempts are refused for a while."""
    key = hashlib.sha256(f"{username}/{_address(request)}".encode("utf-8", "surrogatepass")).hexdigest()
    if cache.add(f"audit-locked:{key}", True, LOCK_SECONDS):
        _unsuccessful(request, "account.locked", username)


def _signed_in(request: HttpRequest, user: User, **_: Any) -> None:
    record(user, None, "account.sign_in", "account", user.username)


def _signed_out(request: HttpRequest, user: User | None, **_: Any) -> None:
    if user is not None:
        record(user, None, "account.sign_out", "account", user.username)


def _failed(credentials: dict[str, Any], request: HttpRequest | None = None, **_: Any) -> None:
    _unsuccessful(request, "account.failed", str(credentials.get("username") or ""))


def _unsuccessful(request: HttpRequest | None, action: str, username: str) -> None:
    """Where there is no such account the name is not written down: people type passwords into the wrong field."""
    known = User.objects.filter(username=stored_name(username)).values_list("username", flat=True).first()
    record(
        None, None, action, "account", known or "",
        detail={"known": known is not None, "address": _address(request)},
    )  # fmt: skip


def _address(request: HttpRequest | None) -> str:
    return address_of(request) if request is not None else ""


def _password(user: User, **_: Any) -> None:
    record(user, None, "account.password", "account", user.username)


def _two_step_on(user: User, **_: Any) -> None:
    record(user, None, "account.two_step_on", "account", user.username)


def _two_step_off(user: User, **_: Any) -> None:
    record(user, None, "account.two_step_off", "account", user.username)
