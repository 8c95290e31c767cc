"""Wrong usage is said in the user's language too, down to the library's own sentences."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest


def said(*arguments: str, lang: str) -> tuple[int, str]:
    """Exit code and everything printed, of a process of its own: the words are set once a process."""
    run = subprocess.run(
        [sys.executable, "-m", "liangxin", "--lang", lang, *arguments],
        capture_output=True, text=True, env=os.environ | {"PYTHONIOENCODING": "utf-8"}, check=False,
    )  # fmt: skip
    return run.returncode, run.stdout + run.stderr


WRONG = [
    ["plan"],
    ["nonsense"],
    ["demo", "--units", "many"],
    ["demo", "--units", "0"],
    ["town", "--what"],
    ["demo", "more"],
]


@pytest.mark.parametrize("arguments", WRONG, ids=" ".join)
def test_wrong_usage_in_chinese(arguments: list[str]) -> None:
    """Exit code 2, Chinese words, and no English sentence left."""
    code, words = said(*arguments, lang="zh")
    assert 2 == code
    assert "错误：" in words
    assert [] == re.findall(
        r"Error|Missing|Invalid|No such|Usage|Try|unexpected|not a valid|not in the range", words
    )


@pytest.mark.parametrize("arguments", WRONG, ids=" ".join)
def test_wrong_usage_in_english(arguments: list[str]) -> None:
    """Exit code 2, English words, no Chinese."""
    code, words = said(*arguments, lang="en")
    assert (2, []) == (code, re.findall(r"[\u3400-\u9fff]+", words))
