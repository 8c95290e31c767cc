"""The language of a request: chosen by the person and kept in a cookie, else Chinese."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from liangxin.findings import Finding
from liangxin.wording import Lang, Text

COOKIE = settings.LANGUAGE_COOKIE_NAME


def current() -> Lang:
    """The language of this request (Chinese outside one)."""
    return "en" if (translation.get_language() or "").startswith("en") else "zh"


def speaking(lang: Lang) -> AbstractContextManager[None]:
    """Inside, ``current`` is this language."""
    return translation.override("en" if lang == "en" else "zh-hans")


def said(text: Text) -> str:
    """In the language of this request."""
    return text.in_language(current())


def told(findings: Iterable[Finding]) -> list[str]:
    """One sentence for each finding, in the language of this request."""
    return [each.sentence(current()) for each in findings]


class LanguageMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with speaking("en" if request.COOKIES.get(COOKIE) == "en" else "zh"):
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", "zh-CN" if current() == "zh" else "en")
        return response
