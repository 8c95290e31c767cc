"""Numbers in words and mixed with words: 三百, 1亿2000万, 2.5个亿, 3百. Pure; what is not certain is no number.

>>> read_amount("1亿2000万"), read_amount("一千二百万"), read_amount("两百"), read_amount("几十")
(Decimal('120000000'), Decimal('12000000'), Decimal('200'), None)
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Final

_DIGITS: Final[Mapping[str, int]] = {
    character: value
    for value, characters in enumerate(
        ("零〇○", "一壹", "二贰两", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖")
    )
    for character in characters
}
_SMALL: Final[Mapping[str, int]] = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_LARGE: Final[Mapping[str, int]] = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}
_FIGURES: Final = r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?"
_TOKEN: Final = re.compile(
    rf"(?P<figures>{_FIGURES})|(?P<word>[{''.join([*_DIGITS, *_SMALL, *_LARGE])}])|个(?=[亿億万萬])"
)

AMOUNT: Final = rf"(?:(?:{_FIGURES})|[{''.join([*_DIGITS, *_SMALL, *_LARGE])}]|个(?=[亿億万萬]))+"
"""What an amount may be made of; whether it is one, ``read_amount`` says."""


def read_amount(text: str) -> Decimal | None:
    """The number that a text names; None where it names none, or where custom reads it in two ways (一百二, 1亿2000)."""
    tokens = list(_tokens(text))
    if not tokens or None in tokens:
        return None
    total = section = Decimal(0)
    current: Decimal | None = None
    figures = False  # whether ``current`` was written in figures
    last_small, last_large = 10_000, 10**12
    after_zero = False
    for token in tokens:
        assert token is not None
        if isinstance(token, Decimal):
            if current is not None:
                return None
            current, figures = token, True
        elif token in _DIGITS:
            if token in "零〇○":
                if current is not None:
                    return None
                after_zero = True
                if len(tokens) == 1:
                    return Decimal(0)
                continue
            if current is not None:
                return None
            current, figures = Decimal(_DIGITS[token]), False
        elif token in _SMALL:
            unit = _SMALL[token]
            if unit >= last_small or (current is None and unit != 10):
                return None
            section += (Decimal(1) if current is None else current) * unit
            current, last_small, after_zero = None, unit, False
        else:
            unit = _LARGE[token]
            part = section + (current or 0)
            if unit >= last_large or (part == 0 and current is None):
                return None
            total += part * unit
            section, current, last_small, last_large, after_zero = Decimal(0), None, 10_000, unit, False
    if current is not None and not after_zero:
        loose_word = (
            not figures and min(last_small, last_large) > 10 and (last_small < 10_000 or last_large < 10**12)
        )
        loose_figures = figures and (last_small < 10_000 or last_large < 10**12)
        if loose_word or loose_figures:
            return None
    return total + section + (current or 0)


def _tokens(text: str) -> Iterator[Decimal | str | None]:
    at = 0
    while at < len(text):
        token = _TOKEN.match(text, at)
        if token is None:
            yield None
            return
        if token["figures"]:
            yield Decimal(token["figures"].replace(",", ""))
        elif token["word"]:
            yield token["word"]
        at = token.end()
