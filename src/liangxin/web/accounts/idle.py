"""A session that nobody uses ends: a screen left open in an office is not an open door."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Final

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse

from liangxin.web.ui.language import current
from liangxin.wording import Text

SEEN: Final = "seen"
EVERY: Final = 60  # seconds between two notes of the time: not every page is a write
# Pages that ask by themselves do not show that somebody is there.
UNASKED: Final = ("/progress/", "/jobs/")


def begin(request: HttpRequest, **_: Any) -> None:
    """Somebody signed in: the time runs from here, and the first page need not write it down."""
    request.session[SEEN] = time.time()


class IdleMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated and request.session.session_key:
            now = time.time()
            seen = request.session.get(SEEN, now)
            if now - seen > settings.IDLE_SECONDS:
                logout(request)
                said = Text(
                    "较长时间没有操作，已自动退出，请重新登录",
                    "You were signed out after a while without activity; sign in again",
                )
                messages.warning(request, said.in_language(current()))
            elif SEEN not in request.session or (abs(now - seen) > EVERY and not self._unasked(request)):
                request.session[SEEN] = now
        return self.get_response(request)

    def _unasked(self, request: HttpRequest) -> bool:
        return bool(request.headers.get("HX-Request")) and any(part in request.path for part in UNASKED)
