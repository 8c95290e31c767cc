"""Wrong passwords lock one name at one address for a while; nobody else there is kept out.

Attempts are rows, written before the password is looked at: two at once both count, and no other entry pushes them out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from allauth.core import ratelimit
from django.utils import timezone
from django.utils.crypto import salted_hmac

from liangxin.web.accounts.models import SignInAttempt, User
from liangxin.web.accounts.names import fold

WINDOW: Final = timedelta(minutes=15)
AT_ONE_ADDRESS: Final = 5
EVERYWHERE: Final = 30  # for one name: guessing from many addresses ends too


def attempt(name: str, address: str) -> SignInAttempt | None:
    """Notes that somebody tries ``name`` from ``address``; None while that is locked, which an attempt does not prolong."""
    since = timezone.now() - WINDOW
    SignInAttempt.objects.filter(at__lte=since).delete()
    made = SignInAttempt.objects.create(who=_who(name), address=address)
    if _is_locked(Counter(_addresses(name))[address] - 1, len(_addresses(name)) - 1):
        made.delete()
        return None
    return made


def locked(names: Iterable[str]) -> frozenset[str]:
    """Those of ``names`` that are locked at some address, or by a wrong second step."""
    by_who = {_who(name): name for name in names}
    since = timezone.now() - WINDOW
    rows = SignInAttempt.objects.filter(at__gt=since, who__in=by_who).values_list("who", "address")
    at, everywhere = Counter(rows), Counter(who for who, _ in rows)
    found = {who for (who, _), count in at.items() if _is_locked(count, everywhere[who])}
    return frozenset(by_who[who] for who in found)


def unlock(user: User) -> None:
    """Forget every wrong password and every wrong second step of the person."""
    SignInAttempt.objects.filter(who=_who(user.username)).delete()
    ratelimit.clear(None, action="login_failed", key=f"mfa-auth-user-{user.pk}")


def _is_locked(at_the_address: int, everywhere: int) -> bool:
    return at_the_address >= AT_ONE_ADDRESS or everywhere >= EVERYWHERE


def _addresses(name: str) -> list[str]:
    rows = SignInAttempt.objects.filter(who=_who(name), at__gt=timezone.now() - WINDOW)
    return list(rows.values_list("address", flat=True))


def _who(name: str) -> str:
    """Not the name: people type passwords into its field."""
    return salted_hmac("sign-in attempt", fold(name), algorithm="sha256").hexdigest()
