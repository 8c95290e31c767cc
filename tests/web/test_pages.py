"""Every page opens for who may see it, in both languages, and does not exist for an outsider."""

from __future__ import annotations

from typing import Any

import pytest

PAGES = [
    "overview", "units", "imports", "organizations", "map", "plans", "documents", "policy", "settings", "jobs",
    "settings/part/areas", "settings/part/associations", "settings/part/task_groups", "units/changes", "units/paste",
    "imports/duplicates", "imports/waiting", "plans/what-if", "plans/compare",
]  # fmt: skip


@pytest.mark.parametrize("lang", ["zh-hans", "en"])
@pytest.mark.parametrize("section", PAGES)
def test_office_opens_it(section: str, lang: str, town: Any, alice: Any, as_person: Any) -> None:
    """The office opens each page in Chinese and in English."""
    client = as_person(alice)
    client.cookies["django_language"] = lang
    response = client.get(f"/t/{town.code}/{section}/")
    assert (200, "zh-CN" if lang == "zh-hans" else "en") == (
        response.status_code,
        response["Content-Language"],
    )


@pytest.mark.parametrize("section", PAGES)
def test_outsider_finds_nothing(section: str, town: Any, outsider: Any, as_person: Any) -> None:
    """A town in which one holds no role does not exist for one."""
    assert 404 == as_person(outsider).get(f"/t/{town.code}/{section}/").status_code


@pytest.mark.parametrize("section", PAGES)
def test_stranger_signs_in_first(section: str, town: Any, client: Any) -> None:
    """Without signing in, every page leads to the sign-in page."""
    response = client.get(f"/t/{town.code}/{section}/")
    assert (302, True) == (response.status_code, response["Location"].startswith("/accounts/login/"))
