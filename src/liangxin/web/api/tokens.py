"""Make, find and end tokens."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, time, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_date

from liangxin.findings import Finding, InputError
from liangxin.web.accounts.models import User
from liangxin.web.api.models import ApiToken, usual_end
from liangxin.web.areas.models import Town
from liangxin.web.audit.services import record
from liangxin.wording import Text

MOST: Final = 20  # tokens in force for one person
LONGEST_DAYS: Final = 366
SEEN_EVERY: Final = timedelta(minutes=5)  # how often a token's use is written down
READ, WRITE = "read", "write"
SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})


class ReadOnlyError(Exception):
    """The token reads; the request would write."""


def digest(token: str) -> str:
    """Tokens are long and random, so a plain hash is enough: there is nothing to guess."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def in_force() -> QuerySet[ApiToken]:
    return ApiToken.objects.filter(revoked__isnull=True, expires__gt=timezone.now(), user__is_active=True)


@transaction.atomic
def make(user: User, name: str, scope: str = WRITE, until: str = "") -> tuple[ApiToken, str]:
    """The row and the token, which is never seen again.

    ``until``: the last day on which it is in force, as ISO 8601; empty for the usual 90 days.
    """
    name, findings = name.strip(), []
    if not name or len(name) > 60:
        findings.append(
            Finding("token-name", Text("请写用途，60字以内", "Say what it is for, at most 60 characters"))
        )
    if scope not in (READ, WRITE):
        findings.append(
            Finding("token-scope", Text("请选只读或读写", "Choose reading only, or reading and writing"))
        )
    ends = _end(until)
    if ends is None:
        last = timezone.localdate() + timedelta(days=LONGEST_DAYS)
        said = Text("到期日不对", "The last day is not valid")
        accepted = Text(f"今天到 {last}", f"today to {last}")
        findings.append(Finding("token-until", said, found=until[:20], accepted=accepted))
    if in_force().filter(user=user).count() >= MOST:
        findings.append(
            Finding(
                "token-many",
                Text(f"最多 {MOST} 个，先停用不用的", f"At most {MOST}; revoke unused ones first"),
            )
        )
    if findings or ends is None:
        raise InputError(findings)
    token = "lx_" + secrets.token_urlsafe(32)
    row = ApiToken.objects.create(
        user=user, name=name, begins=token[:8], digest=digest(token), scope=scope, expires=ends
    )
    record(user, None, "token.make", "token", row.pk, detail={"scope": scope, "until": _day(row)})
    return row, token


def _end(until: str) -> datetime | None:
    """The end of the day in the site's zone; None for a day that is none, past, or too far away."""
    if not until.strip():
        return usual_end()
    try:
        day = parse_date(until.strip())
    except ValueError:
        return None
    today = timezone.localdate()
    if day is None or not today <= day <= today + timedelta(days=LONGEST_DAYS):
        return None
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time()))


def _day(row: ApiToken) -> str:
    return str(timezone.localtime(row.expires - timedelta(seconds=1)).date())


def row_of(token: str) -> ApiToken | None:
    """A token in force; None for an unknown, ended or expired one, or a closed account."""
    row = in_force().filter(digest=digest(token)).select_related("user").first()
    if row is not None and (row.used is None or timezone.now() - row.used > SEEN_EVERY):
        ApiToken.objects.filter(pk=row.pk).update(used=timezone.now())
    return row


def person_of(token: str) -> User | None:
    """Whose token in force it is."""
    row = row_of(token)
    if row is None:
        return None
    user: User = row.user
    return user


def sent(request: HttpRequest) -> str | None:
    """The token of the header ``Authorization: Bearer …``, read as the API's own reader reads it; None without one."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token if scheme.lower() == "bearer" else None


@transaction.atomic
def revoke(user: User, pk: int) -> None:
    """End one of one's own."""
    if ApiToken.objects.filter(pk=pk, user=user, revoked__isnull=True).update(revoked=timezone.now()):
        record(user, None, "token.revoke", "token", pk)


@transaction.atomic
def revoke_for(town: Town, by: User, row: ApiToken) -> None:
    """An administrator ends somebody's; one that has ended stays so."""
    if ApiToken.objects.filter(pk=row.pk, revoked__isnull=True).update(revoked=timezone.now()):
        record(by, town, "token.revoke", "token", row.pk, detail={"of": row.user.username})


@transaction.atomic
def end_all(user: User, by: User, town: Town | None = None) -> None:
    """With a new password, another second step or a closed account every token of the person ends."""
    ended = ApiToken.objects.filter(user=user, revoked__isnull=True).update(revoked=timezone.now())
    if ended:
        record(by, town, "token.end", "account", user.username, detail={"tokens": ended})


def end_with(user: User, **_: Any) -> None:
    """The person changed the password or took off the second step."""
    end_all(user, user)
