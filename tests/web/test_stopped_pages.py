"""What a person reads where a page does not exist, is not theirs, takes only forms, is out of date, or fails."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def words(answer: Any) -> str:
    return str(answer.content.decode())


@pytest.mark.parametrize("lang", ["zh-hans", "en"])
@pytest.mark.parametrize(
    ("status", "address", "zh", "en"),
    [
        (404, "/nowhere/", "没有这个页面", "No such page"),
        (404, "/t/330683101/units/unit/NOBODY/", "没有这个页面", "No such page"),
        (403, "/t/330683101/settings/people/", "不能做这一步", "may not do this"),
        (405, "/t/330683101/plans/start/", "只收表单", "takes a form"),
    ],
)
def test_it_is_said_in_words_with_a_way_on(
    town: Any, alice: Any, as_person: Any, status: int, address: str, zh: str, en: str, lang: str
) -> None:
    client = as_person(alice)
    client.cookies["django_language"] = lang
    answer = client.get(address)
    assert status == answer.status_code
    assert (zh if lang == "zh-hans" else en) in words(answer)
    assert 'class="button primary" href="/' in words(answer)


def test_programs_keep_the_plain_answer(town: Any, alice: Any, as_person: Any) -> None:
    answer = as_person(alice).put("/api/v1/towns")
    assert (405, False) == (answer.status_code, "<html" in words(answer))


def test_a_form_out_of_date_says_that_nothing_was_saved(town: Any, alice: Any) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    answer = client.post("/language/", {"language": "en"})
    assert (403, True) == (answer.status_code, "没有保存" in words(answer))


def test_a_failure_asks_nothing_of_what_failed(
    town: Any, alice: Any, as_person: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page of a failure is made without database, session or frame."""
    from liangxin.web.overview import queries

    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("the disk is gone")

    monkeypatch.setattr(queries, "rates_on", broken)
    client = as_person(alice)
    client.raise_request_exception = False
    answer = client.get("/t/330683101/overview/")
    assert (500, True) == (answer.status_code, "系统出错了" in words(answer))
    assert "the disk is gone" not in words(answer)
