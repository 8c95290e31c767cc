"""A real browser (Debian's Chromium) on the real site, served from the test database."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright
from tests.web.conftest import alice, as_person, bob, empty_town, nothing_kept, outsider, person, sample, town  # noqa: F401


@dataclass(frozen=True)
class Tongue:
    """A language of the site, and the words of a test in it: ``say("保存", "Save")``."""

    lang: str

    def __call__(self, zh: str, en: str) -> str:
        return zh if self.lang == "zh-hans" else en


in_both_languages = pytest.mark.parametrize("say", [Tongue("zh-hans"), Tongue("en")], ids=["zh", "en"])
DESKTOP = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}
PASSWORD = "correct horse battery"
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
expect.set_options(timeout=20_000)  # milliseconds; a busy machine is slow, not wrong


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = shutil.which("chromium")
    if path is None:
        pytest.fail("Chromium is not installed; `make test` installs it")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path,
            args=["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                  "--disable-component-update", "--disable-sync"],
        )  # fmt: skip
        yield browser
        browser.close()


@pytest.fixture
def sign_in(chromium: Browser, live_server: Any) -> Iterator[Callable[..., Page]]:
    """``sign_in(alice)`` gives a page of Alice's own browser; ``lang`` and ``size`` as wanted. Script errors fail the test."""
    contexts = []
    errors: list[str] = []

    def open_page(user: Any, lang: str = "zh-hans", size: dict[str, int] = DESKTOP) -> Page:
        context = chromium.new_context(
            base_url=live_server.url,
            viewport=size,
            locale="zh-CN" if lang == "zh-hans" else "en-GB",
            accept_downloads=True,
        )
        contexts.append(context)
        context.add_cookies([{"name": "django_language", "value": lang, "url": live_server.url}])
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on(
            "console",
            lambda message: (
                errors.append(message.text)
                if message.type == "error"
                and "favicon" not in message.text
                and "status of 409" not in message.text  # a clash or a refusal that the page says in words
                and "status of 422" not in message.text
                else None
            ),
        )
        page.goto("/accounts/login/")
        page.fill("#id_login", user.username)
        page.fill("#id_password", PASSWORD)
        page.press("#id_password", "Enter")
        page.wait_for_url(lambda url: "login" not in url)
        return page

    yield open_page
    for context in contexts:
        for page in context.pages:
            page.wait_for_load_state(
                "networkidle"
            )  # an answer still being made would find the database emptied
        context.close()
    assert [] == errors


def follow(page: Page, link: Locator) -> None:
    """Click what leads to another page, and be there: without this a reader may still see the page that was left."""
    with page.expect_navigation(wait_until="networkidle"):
        link.click()
