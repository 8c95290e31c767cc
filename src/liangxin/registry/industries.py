"""Industries by GB/T 4754-2017: sections (a letter), divisions (2 digits), groups (3) and classes (4).

The table is ``industries.tsv`` beside this file; where it comes from: docs/decisions/0040-industry-table.md.
A code may be written with its section letter or without (``C3812``, ``3812``) and padded with zeros (``C3810`` is 381).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Literal, cast

from liangxin.wording import Text

Level = Literal["section", "division", "group", "class"]

SAME_GROUP = 0.25
SAME_DIVISION = 0.5
UNLIKE = 1.0


@dataclass(frozen=True, slots=True)
class Industry:
    """One line of the standard. ``name.en`` of groups and classes is the Chinese name: the standard has no English one."""

    code: str
    level: Level
    name: Text
    section: str


@cache
def table() -> Mapping[str, Industry]:
    """Every industry by its code, in the standard's order."""
    found: dict[str, Industry] = {}
    section = ""
    lines = files("liangxin.registry").joinpath("industries.tsv").read_text(encoding="utf-8").splitlines()
    for line in lines[1:]:
        code, level, zh, en = line.split("\t")
        if level == "section":
            section = code
        found[code] = Industry(code, cast(Level, level), Text(zh, en or zh), section)
    return MappingProxyType(found)


def normalise(code: str | None) -> str | None:
    """The code as the table writes it, or None where the standard has no such code.

    >>> normalise("c3812"), normalise("C3810"), normalise("3800"), normalise("A3812"), normalise("9999")
    ('3812', '381', '38', None, None)
    """
    if code is None:
        return None
    written = code.strip().upper()
    letter, digits = (written[0], written[1:]) if written[:1].isalpha() else ("", written)
    if not digits:
        return letter if letter in table() else None
    if not (digits.isascii() and digits.isdigit() and 2 <= len(digits) <= 4):
        return None
    while digits not in table():  # a group or division padded to four digits
        if len(digits) == 2 or not digits.endswith("0"):
            return None
        digits = digits[:-1]
    if letter and table()[digits].section != letter:
        return None
    return digits


def exists(code: str | None) -> bool:
    return normalise(code) is not None


def name(code: str | None) -> Text | None:
    """The industry's name, or None for a code that does not exist."""
    found = normalise(code)
    return None if found is None else table()[found].name


def section(code: str | None) -> str | None:
    """The letter of the section.

    >>> section("3812")
    'C'
    """
    found = normalise(code)
    return None if found is None else table()[found].section


def division(code: str | None) -> str | None:
    """The two digits of the division; None for a section or an unknown code."""
    found = normalise(code)
    return None if found is None or len(found) < 2 else found[:2]


def group(code: str | None) -> str | None:
    """The three digits of the group; None where the code is less deep."""
    found = normalise(code)
    return None if found is None or len(found) < 3 else found[:3]


@cache
def _codes_by_name() -> Mapping[str, str]:
    """Name: code. A name that several levels share is the broadest of them: it says no more than that."""
    found: dict[str, str] = {}
    for code, industry in table().items():
        found.setdefault(industry.name.zh, code)
    return MappingProxyType(found)


def find(written: str) -> str | None:
    """The code that a cell means: a code, a code with words after it, or a name of the standard.

    >>> find("3812"), find("C3812 电动机制造"), find("电机制造"), find("做电机的")
    ('3812', '3812', '381', None)
    """
    text = "".join(written.split())
    by_name = _codes_by_name().get(text)
    if by_name is not None:
        return by_name
    head = re.match(r"[A-Ta-t]?\d{2,4}(?!\d)|[A-Ta-t](?=[^0-9A-Za-z]|$)", text)
    return normalise(head.group(0)) if head else None


def distance(one: str | None, other: str | None) -> float:
    """The planner's industry distance: same class 0, same group 0.25, same division 0.5, else (or unknown) 1.

    >>> distance("3812", "C3819"), distance("3812", "3821"), distance("3812", "1830"), distance("3812", None)
    (0.25, 0.5, 1.0, 1.0)
    """
    first, second = normalise(one), normalise(other)
    if first is None or second is None or first[:2] != second[:2] or len(first) < 2:
        return UNLIKE
    if first == second and len(first) == 4:
        return 0.0
    return SAME_GROUP if len(first) > 2 and first[:3] == second[:3] else SAME_DIVISION
