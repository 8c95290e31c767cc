"""From which address a request comes: the peer's own, or what a proxy that is known says of it."""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpRequest

if TYPE_CHECKING:
    from ipaddress import IPv4Address, IPv6Address


def address_of(request: HttpRequest) -> str:
    """The client's address. ``X-Forwarded-For`` is read from its end, and only as far as ``settings.TRUSTED_PROXIES`` (networks)
    wrote it: whatever a client puts there itself stands further left. Empty where the server does not know its peer."""
    peer = str(request.META.get("REMOTE_ADDR") or "")
    found = peer
    told = [each.strip() for each in str(request.META.get("HTTP_X_FORWARDED_FOR") or "").split(",")]
    while told and _trusted(found):
        said = _parsed(told.pop())
        if said is None:
            break
        found = str(said)
    return found


def _trusted(address: str) -> bool:
    known = _parsed(address)
    return known is not None and any(known in ip_network(each) for each in settings.TRUSTED_PROXIES)


def _parsed(words: str) -> IPv4Address | IPv6Address | None:
    host = words
    if host.startswith("["):  # [2001:db8::1]:443
        host = host[1:].partition("]")[0]
    elif host.count(":") == 1:  # 192.0.2.1:443
        host = host.partition(":")[0]
    try:
        return ip_address(host)
    except ValueError:
        return None
