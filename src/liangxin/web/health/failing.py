"""The answer where the site could not write or read: in words, to a person, to a control of a page, to a program."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from typing import Final

from django.contrib.sessions.exceptions import SessionInterrupted
from django.contrib.sessions.middleware import SessionMiddleware as DjangoSessions
from django.db import Error as DatabaseError
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.views.defaults import server_error as program_error

from liangxin.web.health.refusals import Refusal, refusal_of
from liangxin.web.ui.language import COOKIE, current, speaking
from liangxin.wording import Text

log = logging.getLogger(__name__)
SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
SIGNING_IN: Final = "/accounts/"  # here the session is what is asked for
RETRY_AFTER: Final = 10  # seconds
NOTE_WAITS: Final = 500  # milliseconds that the note "somebody is there" waits for its turn
NOT_SAVED: Final = Text("没有保存", "Not saved")
NOT_OPENED: Final = Text("现在打不开", "Cannot be opened now")


class FailingMiddleware:
    """A view that met a full disk, a read-only or held database, or none: 503 and the reason."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        refusal = refusal_of(error)
        if refusal is None:
            return None
        log.warning("%s %s: %s: %s", request.method, request.path, refusal.code, str(error).strip())
        return answer(request, refusal)


def server_error(request: HttpRequest) -> HttpResponse:
    """What was raised outside the views (signing in, the session); a fault of the program has its own page."""
    refusal = refusal_of(sys.exc_info()[1])
    return program_error(request) if refusal is None else answer(request, refusal)


def answer(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """503. JSON for programs; for a control of a page the sentence above it, what was typed stays; else a page that asks
    neither database nor session."""
    with speaking(
        "en" if request.COOKIES.get(COOKIE) == "en" else "zh"
    ):  # it may have failed outside the language's scope
        return _answer(request, refusal)


def _answer(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    reading = request.method in SAFE
    said = refusal.reading if reading else refusal.text
    made: HttpResponse
    if request.path.startswith(("/api/", "/health/")) or request.content_type == "application/json":
        made = JsonResponse({"code": refusal.code, "message": said.as_dict()}, status=503)
    else:
        context = {
            "said": said,
            "head": NOT_OPENED if reading else NOT_SAVED,
            "reading": reading,
            "lang": current(),
        }
        if request.headers.get("HX-Request") == "true":
            made = HttpResponse(render_to_string("health/_failing.html", context), status=503)
            made.headers["HX-Retarget"] = "#messages"
            made.headers["HX-Reswap"] = "innerHTML"
        else:
            made = HttpResponse(render_to_string("health/failing.html", context), status=503)
    if refusal.passes:
        made.headers["Retry-After"] = str(RETRY_AFTER)
    return made


class SessionMiddleware(DjangoSessions):
    """Reading goes on where nothing can be written: the note of when somebody was last there is then left out."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if request.method not in SAFE or connection.vendor != "sqlite" or not request.session.modified:
            return self._saved(request, response)
        # A reader does not wait for a writer's turn as long as one who saves does.
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA busy_timeout = {NOTE_WAITS}")
        try:
            return self._saved(request, response)
        finally:
            with connection.cursor() as cursor:
                cursor.execute(
                    f"PRAGMA busy_timeout = {int(1000 * connection.settings_dict['OPTIONS']['timeout'])}"
                )

    def _saved(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        try:
            return super().process_response(request, response)
        except (
            DatabaseError,
            SessionInterrupted,
        ) as failed:  # Django takes a failed write for a deleted session
            refusal = refusal_of(failed)
            if refusal is None:
                raise
            log.warning("%s: the session could not be noted: %s", request.path, refusal.code)
            if request.method not in SAFE and request.path.startswith(SIGNING_IN):
                return answer(request, refusal)
            return response  # what the page did is done, and says so
