"""Counts in English take the word for one or for many."""

from __future__ import annotations

import pytest

from liangxin.wording import Text


@pytest.mark.parametrize(
    ("count", "expected"), [(0, "0 units"), (1, "1 unit"), (2, "2 units"), (1234, "1,234 units")]
)
def test_one_and_many(count: int, expected: str) -> None:
    """Chinese has one word; English two."""
    words = Text("{n}家", "{n:unit|units}").fill(n=count)
    assert (f"{count}家", expected) == (words.zh, words.en)


def test_other_formats_are_as_ever() -> None:
    """A format of numbers is no choice of words."""
    assert "1,234 / 50.0%" == Text("", "{n:,} / {share:.1%}").fill(n=1234, share=0.5).en
