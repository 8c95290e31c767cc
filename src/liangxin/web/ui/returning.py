"""Back to the page that a form came from."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme


def go_back(request: HttpRequest, given: str, otherwise: str) -> HttpResponseRedirect:
    """To ``given`` where it is an address of this site, written from its root; else to ``otherwise``."""
    own = url_has_allowed_host_and_scheme(given, {request.get_host()}, require_https=request.is_secure())
    return HttpResponseRedirect(given if own and given.startswith("/") else otherwise)
