"""Every sentence of every policy exists in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date

import pytest

from liangxin.policy import available, load_policy
from liangxin.wording import Text

CHINESE = re.compile(r"[\u3400-\u9fff]")
PAGES = [f"{policy.id}+branch-regulations-2018" for policy in available() if not policy.is_overlay]


def texts(value: object) -> Iterator[Text]:
    """Every Text inside a policy."""
    if isinstance(value, Text):
        yield value
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from texts(getattr(value, field.name))
    elif isinstance(value, dict):
        for inner in value.values():
            yield from texts(inner)
    elif isinstance(value, tuple):
        for inner in value:
            yield from texts(inner)


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("day", [date(2011, 8, 15), date(2022, 6, 1)])
def test_both_languages(name: str, day: date) -> None:
    """Chinese has Chinese, English has none, and both have the same {places}."""
    found = [text for text in texts(load_policy(name, as_of=day)) if text != Text("", "")]
    assert 150 < len(found)
    wrong = [
        text
        for text in found
        if not CHINESE.search(text.zh)
        or CHINESE.search(text.en)
        or not text.en
        or set(re.findall(r"{\w+}", text.zh)) != set(re.findall(r"{\w+}", text.en))
    ]
    assert [] == wrong
