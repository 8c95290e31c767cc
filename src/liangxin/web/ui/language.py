"""The language of a request: chosen by the person and kept in a cookie, else Chinese."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from liangxin.wording import Lang

COOKIE = settings.LANGUAGE_COOKIE_NAME


def current() -> Lang:
    """The language of this request (Chinese outside one)."""
    return "en" if (translation.get_language() or "").startswith("en") else "zh"


class LanguageMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with translation.override("en" if request.COOKIES.get(COOKIE) == "en" else "zh-hans"):
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", "zh-CN" if current() == "zh" else "en")
        return response
