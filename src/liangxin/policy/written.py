"""Numbers and days as people write them in a policy: 60％, ２０, 2021年12月31日."""

from __future__ import annotations

from datetime import date
from typing import Final

from liangxin.registry.dates import read_date

_WIDE: Final = str.maketrans({chr(0xFF01 + at): chr(0x21 + at) for at in range(94)})


def read_day(text: str) -> date | None:
    """None where it names no day that exists. A bare number such as 44561 is no day here.

    >>> read_day("2021-12-31") == read_day("2021年12月31日") == read_day("２０２１．１２．３１")
    True
    """
    try:
        return date.fromisoformat(text)
    except ValueError:
        pass
    if text.strip().isdigit():
        return None
    found = read_date(text)
    return found if isinstance(found, date) else None


def read_number(text: str) -> float | None:
    """A number; with a percent sign, its hundredth. None where it is none.

    >>> read_number("60％"), read_number("２０"), read_number("1/2")
    (0.6, 20.0, None)
    """
    narrow = text.translate(_WIDE).strip()
    try:
        return float(narrow[:-1]) / 100 if narrow.endswith("%") else float(narrow)
    except ValueError:
        return None
