"""How wide Chinese text is, and where it breaks: measured, so that the chart can be laid out without drawing it.

Widths are thousandths of the type size, of Noto Sans CJK SC Bold (the wider of the two weights that the chart uses);
Microsoft YaHei and Source Han Sans SC are no wider by more than ``SAFETY``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

MM_PER_PT: Final = 25.4 / 72
SAFETY: Final = 1.02

# fmt: off
_ASCII: Final = (
    227, 370, 574, 590, 590, 963, 740, 325, 378, 378, 507, 590, 325, 370, 325, 387, 590, 590, 590, 590, 590, 590, 590,
    590, 590, 590, 325, 325, 590, 590, 590, 514, 1007, 641, 681, 656, 714, 615, 585, 717, 757, 330, 568, 686, 578, 853,
    749, 770, 667, 770, 682, 624, 625, 748, 619, 915, 627, 580, 613, 378, 387, 378, 590, 567, 626, 591, 644, 527, 644,
    581, 372, 597, 640, 304, 306, 604, 315, 964, 641, 626, 644, 644, 436, 495, 421, 637, 576, 863, 562, 574, 511, 378,
    296, 378, 590,
)
# fmt: on
_NOT_FIRST: Final = frozenset("）)】〕》」』”’、，。；：！？,.;:!?·%")
_PIECE: Final = re.compile(
    "联合党支部|联合党总支|党支部|党总支|党小组|党工委|有限公司|合作社|大学生|正式党员|领导小组|[A-Za-z0-9]+|.",
    re.DOTALL,
)
"""What stays on one line where it can: terms of the field, so that no line is left with a single character of them,
and Latin words. Everything else is a character."""
_NOT_LAST: Final = frozenset("（(【〔《「『“‘")


def _em(character: str) -> float:
    code = ord(character)
    if 32 <= code < 127:
        return _ASCII[code - 32] / 1000
    if unicodedata.combining(character):
        return 0.0
    return 1.0  # Chinese, full-width forms, and everything not known: the widest it can be


@lru_cache(maxsize=65536)
def width(text: str, size_pt: float) -> float:
    """Width of one line in mm.

    >>> round(width("党支部", 10), 2)
    10.79
    """
    return _ems(text) * size_pt * MM_PER_PT * SAFETY


def wrap_items(
    items: Sequence[str], room_mm: float, size_pt: float, *, last_room_mm: float
) -> tuple[str, ...]:
    """Items joined by "·", broken between items first; the last line has only ``last_room_mm``."""
    lines: list[str] = []
    for item in items:
        joined = f"{lines[-1]}·{item}" if lines else item
        if lines and width(joined, size_pt) <= (last_room_mm if item is items[-1] else room_mm):
            lines[-1] = joined
        else:
            lines.extend(wrap(item, room_mm, size_pt))
    if lines and width(lines[-1], size_pt) > last_room_mm:
        lines[-1:] = wrap(lines[-1], last_room_mm, size_pt)
    return tuple(lines)


@lru_cache(maxsize=65536)
def wrap(text: str, room_mm: float, size_pt: float) -> tuple[str, ...]:
    """Lines no wider than ``room_mm``, nothing left out. Breaks between Chinese characters, inside a Latin word only
    when it is wider than a line; closing punctuation does not begin a line, opening punctuation does not end one.

    >>> wrap("第一工作片（东）党总支", 16, 8)
    ('第一工作片', '（东）', '党总支')
    """
    room = room_mm / (size_pt * MM_PER_PT * SAFETY)  # in ems
    lines: list[str] = []
    line, used = "", 0.0
    for piece in _PIECE.findall(text):
        wide = _ems(piece)
        if used + wide > room:
            if line:
                line, carried = _break(line, piece)
                lines.append(line)
                piece = carried + piece
            while _ems(piece) > room and len(piece) > 1:
                fits = next(
                    count
                    for count in range(len(piece) - 1, 0, -1)
                    if count == 1 or _ems(piece[:count]) <= room
                )
                lines.append(piece[:fits])
                piece = piece[fits:]
            line, used = piece, _ems(piece)
        else:
            line += piece
            used += wide
    if line:
        lines.append(line)
    return tuple(each.strip() for each in lines if each.strip())


def _ems(text: str) -> float:
    return sum(map(_em, text))


def _break(line: str, following: str) -> tuple[str, str]:
    """Take back what must stay with the next line: an opening bracket, or a character before closing punctuation."""
    carried = ""
    while len(line) > 1 and (line[-1] in _NOT_LAST or (carried or following)[0] in _NOT_FIRST):
        carried = line[-1] + carried
        line = line[:-1]
    return line, carried
