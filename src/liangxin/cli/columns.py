"""A table in the terminal: columns line up although a Chinese character is two places wide."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from unicodedata import east_asian_width


def width(words: str) -> int:
    """Places that ``words`` take in a terminal.

    >>> width("1.1 覆盖率")
    10
    """
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in words)


def aligned(rows: Iterable[Sequence[str]], right: Iterable[int] = (), gap: int = 2) -> list[str]:
    """One line a row; columns whose index is in ``right`` are flush right (numbers), the others flush left."""
    cells = [list(row) for row in rows]
    if not cells:
        return []
    numbers = set(right)
    widths = [max(width(row[column]) for row in cells) for column in range(len(cells[0]))]
    lines = []
    for row in cells:
        padded = []
        for column, words in enumerate(row):
            room = " " * (widths[column] - width(words))
            padded.append(room + words if column in numbers else words + room)
        lines.append((" " * gap).join(padded).rstrip())
    return lines
