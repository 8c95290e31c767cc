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
MANY_NAMES: Final = 30  # tried in vain from one address: somebody goes through the names there
AT_SUCH_AN_ADDRESS: Final = 2  # for each name; so nobody is kept out by what others typed
EVERYWHERE: Final = 30  # for one name: guessing from many addresses ends too


def attempt(name: str, address: str) -> SignInAttempt | None:
    """Notes that somebody tries ``name`` from ``address``; None while that is locked, which an attempt does not prolong."""
    since = timezone.now() - WINDOW
    SignInAttempt.objects.filter(at__lte=since).delete()
    made = SignInAttempt.objects.create(who=_who(name), address=address)
    tried = _addresses(name)
    if _is_locked(tried.count(address) - 1, len(tried) - 1, _names_tried(address) - 1):
        made.delete()
        return None
    return made


def locked(names: Iterable[str]) -> frozenset[str]:
    """Those of ``names`` that are locked at some address, or by a wrong second step."""
    by_who = {_who(name): name for name in names}
    since = timezone.now() - WINDOW
    rows = SignInAttempt.objects.filter(at__gt=since, who__in=by_who).values_list("who", "address")
    at, everywhere = Counter(rows), Counter(who for who, _ in rows)
    busy = {address: _names_tried(address) for _, address in at}
    found = {
        who for (who, address), count in at.items() if _is_locked(count, everywhere[who], busy[address] - 1)
    }
    return frozenset(by_who[who] for who in found)


def unlock(user: User) -> None:
    """Forget every wrong password and every wrong second step of the person."""
    SignInAttempt.objects.filter(who=_who(user.username)).delete()
    ratelimit.clear(None, action="login_failed", key=f"mfa-auth-user-{user.pk}")  # type: ignore[arg-type]  # with a key, no request is looked at


def _is_locked(at_the_address: int, everywhere: int, other_names: int) -> bool:
    """By the wrong passwords for the name, and how many other names were tried in vain at the address."""
    most = AT_SUCH_AN_ADDRESS if other_names >= MANY_NAMES else AT_ONE_ADDRESS
    return at_the_address >= most or everywhere >= EVERYWHERE


def _names_tried(address: str) -> int:
    rows = SignInAttempt.objects.filter(address=address, at__gt=timezone.now() - WINDOW)
    return rows.values("who").distinct().count()


def _addresses(name: str) -> list[str]:
    rows = SignInAttempt.objects.filter(who=_who(name), at__gt=timezone.now() - WINDOW)
    return list(rows.values_list("address", flat=True))


def _who(name: str) -> str:
    """Not the name: people type passwords into its field."""
    return salted_hmac("sign-in attempt", fold(name), algorithm="sha256").hexdigest()
