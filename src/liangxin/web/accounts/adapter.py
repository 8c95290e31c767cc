from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest

from liangxin.web.accounts import lock, names
from liangxin.web.accounts.address import address_of
from liangxin.web.accounts.models import SignInAttempt


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are opened by the town's administrator; nobody signs up."""

    _attempt: SignInAttempt | None = None

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """A name is read as names are stored: full-width letters are the same name, and count for it."""
        if "username" in credentials:
            credentials["username"] = names.stored_name(str(credentials["username"] or ""))
        found: AbstractBaseUser | None = super().authenticate(request, **credentials)
        return found

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Refuses a name that is locked at this address, and tells the audit chain of the lock. In the place of the library's
        own count, which would lock an office as a whole by the wrong names of one."""
        from liangxin.web.audit.signing import locked

        name = str(credentials.get("username") or "")
        self._attempt = lock.attempt(name, address_of(request))
        if self._attempt is None:
            locked(request, name)
            raise self.validation_error("too_many_login_attempts")

    def _rollback_login_failed_rl_usage(self) -> None:
        """The password was right: this attempt does not count; earlier wrong ones do."""
        if self._attempt is not None:
            self._attempt.delete()

    def get_client_ip(self, request: HttpRequest) -> str:
        return address_of(request)
