"""Make, find and revoke tokens."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import Final

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from liangxin.findings import InputError
from liangxin.web.accounts.models import User
from liangxin.web.api.models import ApiToken
from liangxin.web.audit.services import record

MOST: Final = 20  # tokens in force for one person
SEEN_EVERY: Final = timedelta(minutes=5)  # how often a token's use is written down


def digest(token: str) -> str:
    """Tokens are long and random, so a plain hash is enough: there is nothing to guess."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


@transaction.atomic
def make(user: User, name: str) -> tuple[ApiToken, str]:
    """The row and the token, which is never seen again."""
    name = name.strip()
    if not name or len(name) > 60:
        raise InputError.of("token-name", "请写用途，60字以内", "Say what it is for, at most 60 characters")
    if ApiToken.objects.filter(user=user, revoked__isnull=True).count() >= MOST:
        raise InputError.of(
            "token-many", f"最多 {MOST} 个，先停用不用的", f"At most {MOST}; revoke unused ones first"
        )
    token = "lx_" + secrets.token_urlsafe(32)
    row = ApiToken.objects.create(user=user, name=name, begins=token[:8], digest=digest(token))
    record(user, None, "token.make", "token", row.pk)
    return row, token


def person_of(token: str) -> User | None:
    """Whose token it is; None for an unknown or revoked one, or a closed account."""
    row = ApiToken.objects.filter(digest=digest(token), revoked__isnull=True).select_related("user").first()
    if row is None or not row.user.is_active:
        return None
    if row.used is None or timezone.now() - row.used > SEEN_EVERY:
        ApiToken.objects.filter(pk=row.pk).update(used=timezone.now())
    user: User = row.user
    return user


def sent(request: HttpRequest) -> str | None:
    """The token of the header ``Authorization: Bearer …``, read as the API's own reader reads it; None without one."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token if scheme.lower() == "bearer" else None


@transaction.atomic
def revoke(user: User, pk: int) -> None:
    if ApiToken.objects.filter(pk=pk, user=user, revoked__isnull=True).update(revoked=timezone.now()):
        record(user, None, "token.revoke", "token", pk)
