"""Texts in a CSV that must not become formulas, and formulas that are only a way to write a text."""

from __future__ import annotations

import re
from typing import Final

_BEGINS: Final = ("=", "+", "-", "@", "\t", "\r")


def as_text(words: str) -> str:
    """A text for a CSV that no table program takes for a formula: with an apostrophe before what would begin one.

    >>> as_text("=1+1"), as_text("-5"), as_text("甲厂")
    ("'=1+1", '-5', '甲厂')
    """
    if not words.startswith(_BEGINS) or _NUMBER.fullmatch(words):
        return words
    return "'" + words


def from_text(words: str) -> str:
    """What ``as_text`` was given; and the text of ="9133…", by which programs keep Excel from making it a number.

    >>> from_text("'=1+1"), from_text('="0012"')
    ('=1+1', '0012')
    """
    if words[:1] == "'" and words[1:].startswith(_BEGINS):
        return words[1:]
    quoted = _QUOTED.fullmatch(words)
    return quoted[1].replace('""', '"') if quoted else words


_QUOTED: Final = re.compile(r'\s*="((?:[^"]|"")*)"\s*')


_NUMBER: Final = re.compile(r"[+-]?\d+(?:\.\d+)?")
