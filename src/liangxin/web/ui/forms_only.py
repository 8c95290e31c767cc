"""What a browser shows where only a form may be sent: who signs in again on the way arrives there by a link."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

METHOD_NOT_ALLOWED: Final = 405


class FormsOnlyMiddleware:
    """A page in words instead of the empty answer 405; programs (the API) keep theirs."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        if answer.status_code != METHOD_NOT_ALLOWED or request.path.startswith("/api/"):
            return answer
        page = render(request, "405.html", status=METHOD_NOT_ALLOWED)
        page.headers["Allow"] = answer.headers.get("Allow", "POST")
        return page
