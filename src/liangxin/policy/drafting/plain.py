"""A notice's text in half-width signs and Arabic figures: ８０人, 八十人 and 百分之百 as 80人 and 100%."""

from __future__ import annotations

import re
from typing import Final

from liangxin.registry.amounts import read_amount

_WIDE: Final = str.maketrans(
    {**{chr(0xFF01 + at): chr(0x21 + at) for at in range(94)}, "\u3000": " ", "﹪": "%", "～": "-", "－": "-"}
)
_DIGIT: Final = {
    word: str(at)
    for at, words in enumerate(("〇○零", "一", "二两", "三", "四", "五", "六", "七", "八", "九"))
    for word in words
}
_NUMERAL: Final = r"[〇○零一二两三四五六七八九十百千]"
_UNIT: Final = r"(?=\s*多?(?:[人名家户个位月日号年支]|[万亿]?元|[万亿]|至|到|-|以上))"
_PERCENT: Final = re.compile(rf"百分之({_NUMERAL}{{1,12}}|\d+)")
_YEAR: Final = re.compile(r"([〇○零一二三四五六七八九]{4})(?=年|〕)")
_COUNT: Final = re.compile(rf"(?<!第)(?<!{_NUMERAL})({_NUMERAL}{{1,12}}){_UNIT}")


def simplify(text: str) -> str:
    """Characters may become fewer: only the words matter here, the place is kept beside it."""
    text = text.translate(_WIDE)
    text = re.sub(r"(?<=\d)\s+(?=[\d%年月日人名家个])|(?<=[年月至])\s+(?=\d)", "", text)
    text = _PERCENT.sub(lambda found: f"{_number(found[1])}%", text)
    text = _YEAR.sub(lambda found: "".join(_DIGIT[word] for word in found[1]), text)
    return _COUNT.sub(lambda found: _number(found[1]), text)


def _number(words: str) -> str:
    if words == "百":
        return "100"
    amount = read_amount(words)
    return words if amount is None else f"{amount.normalize():f}"


def read_number(words: str) -> int | None:
    """A count written either way; None where it is none."""
    amount = read_amount(words.replace("两", "二"))
    return None if amount is None else int(amount)
