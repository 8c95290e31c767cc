"""A table as an office hands it in, before it is drawn: columns, rows, title. Excel and Word draw the same Table."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Final

from liangxin.wording import Lang, Text

NOTHING: Final = Text("无", "None")
UNITS: Final = Text("家", "units")

Cell = str | int | float | date | Text | None


class Kind(Enum):
    """How a column is written. Codes are text: a number would lose their last digits."""

    TEXT = "text"
    WRAPPED = "wrapped"
    CODE = "code"
    COUNT = "count"
    AMOUNT = "amount"
    SHARE = "share"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class Column:
    """``widest`` is in half-width characters. ``fact``: an empty cell means 待核 and says so, else it is a cell to fill in."""

    label: Text
    kind: Kind = Kind.TEXT
    widest: int = 30
    narrowest: int = 5
    fact: bool = False
    total: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet. ``frozen``: columns that stay in sight. ``measures``: what the numbers are counted in."""

    sheet: Text
    title: Text
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    measures: Text
    frozen: int = 2
    large_paper: bool = False  # A3, else A4; both landscape
    notes: tuple[Text, ...] = ()
    empty: Text = NOTHING  # said in place of rows when there are none
    counted: Text = UNITS  # what a row is, for "合计：214家"

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row) != len(self.columns):
                raise ValueError(
                    f"{self.sheet.en}: a row of {len(row)} cells under {len(self.columns)} headers"
                )

    def column(self, label_zh: str) -> list[Cell]:
        """The cells under a header, for checks: ``table.column("正式党员")``."""
        position = [column.label.zh for column in self.columns].index(label_zh)
        return [row[position] for row in self.rows]


def shown(cell: Cell, lang: Lang) -> str | int | float | date | None:
    return cell.in_language(lang) if isinstance(cell, Text) else cell


_WIDE: Final = re.compile("[\u2e80-\U0010ffff“”‘’…—·]+")


def width(text: str) -> int:
    """Of the longest line, in half-width characters: a Chinese character takes two.

    >>> width("A3厂")
    4
    """
    if "\n" in text:
        return max(width(line) for line in text.split("\n"))
    if text.isascii():
        return len(text)
    return len(text) + sum(map(len, _WIDE.findall(text)))


def lines_needed(text: str, room: int) -> int:
    """How many lines a cell of ``room`` half-width characters needs."""
    if 2 * len(text) <= room and "\n" not in text:
        return 1
    return sum(max(1, -(-width(line) // max(room, 2))) for line in text.split("\n"))
