from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.core.exceptions import ValidationError
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are opened by the town's administrator; nobody signs up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Refuses a locked account, and tells the audit chain of the lock."""
        from liangxin.web.audit.signing import locked

        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            locked(request, str(credentials.get("username") or ""))
            raise
