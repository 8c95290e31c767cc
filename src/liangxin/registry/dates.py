"""Dates as offices write them: 2011年8月9日, 2011.8.9, 20110809, 二〇一一年八月九日, and the day numbers of Excel."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Final

from liangxin.wording import Text

_WIDE: Final = str.maketrans({chr(0xFF01 + offset): chr(0x21 + offset) for offset in range(94)})
_CHINESE: Final = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_SEPARATED: Final = re.compile(
    r"(?P<year>\d{4})\s*[年./\-]\s*(?P<month>\d{1,2})\s*[月./\-]\s*(?P<day>\d{1,2})\s*[日号.]?"
    r"(?:[T\s]+[\d:.]+(?:Z|[+-]\d\d:?\d\d)?)?"
)
_JOINED: Final = re.compile(r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})")
_NO_DAY: Final = re.compile(r"\d{4}\s*(?:[年./\-]\s*\d{0,2}\s*月?)?")
_SHORT_YEAR: Final = re.compile(r"\d{2}\s*[年./\-]\s*\d{1,2}\s*[月./\-]\s*\d{1,2}\s*[日号]?")
_FIRST_YEAR, _LAST_YEAR = 1900, 2100

_UNREADABLE: Final = Text("不是日期", "This is not a date")
_NEEDS_DAY: Final = Text("日期要写到日", "The date needs a year, a month and a day")
_NEEDS_CENTURY: Final = Text("年份要写四位", "The year needs four digits")
_IMPOSSIBLE: Final = Text("没有这一天", "There is no such day")
_FAR: Final = Text("年份应在1900至2100之间", "The year should be between 1900 and 2100")


def read_date(written: object) -> date | Text:
    """The day that ``written`` names, or why it names none.

    A number is a day number of Excel (40764 is 9 August 2011), unless it has eight digits (20110809). 1900 to 2100 is
    a year without a month, never a day number of 1905. Excel believes that 1900 had a 29 February; day numbers up to
    60 are refused rather than read a day off.

    >>> read_date("2011年8月9日"), read_date(40764), read_date("２０１１．８．９")
    (datetime.date(2011, 8, 9), datetime.date(2011, 8, 9), datetime.date(2011, 8, 9))
    """
    if isinstance(written, datetime):
        return _within(written.date())
    if isinstance(written, date):
        return _within(written)
    if isinstance(written, bool):
        return _UNREADABLE
    if isinstance(written, (int, float)):
        return _from_number(float(written))
    if isinstance(written, str):
        return _from_text(written)
    return _UNREADABLE


def _from_number(number: float) -> date | Text:
    if not number.is_integer():
        # 2011.8 typed as a number is a month; 40764.5 is a day with an hour
        if _FIRST_YEAR <= number < _LAST_YEAR + 1:
            return _NEEDS_DAY
        if not 61 <= number < 80_000:
            return _UNREADABLE
        number = float(int(number))
    whole = int(number)
    if _FIRST_YEAR <= whole <= _LAST_YEAR:
        return _NEEDS_DAY
    if 61 <= whole < 80_000:
        return _within(date(1899, 12, 30) + timedelta(days=whole))
    if 10_000_000 <= whole <= 99_999_999:
        return _from_text(str(whole))
    if 100_000 <= whole <= 999_999:  # 201108
        return _NEEDS_DAY
    return _UNREADABLE


def _from_text(written: str) -> date | Text:
    text = written.translate(_WIDE).strip()
    if re.fullmatch(
        r"[〇○零一二三四五六七八九十]+年[一二三四五六七八九十]+月[一二三四五六七八九十]+[日号]", text
    ):
        text = _from_chinese(text)
    parts = _SEPARATED.fullmatch(text) or _JOINED.fullmatch(text)
    if parts is not None:
        try:
            return _within(date(int(parts["year"]), int(parts["month"]), int(parts["day"])))
        except ValueError:
            return _IMPOSSIBLE
    if _SHORT_YEAR.fullmatch(text):
        return _NEEDS_CENTURY
    if _NO_DAY.fullmatch(text) or re.fullmatch(r"\d{6}", text):
        return _NEEDS_DAY
    if re.fullmatch(r"\d{5}(?:\.\d+)?", text):  # a day number pasted as text
        return _from_number(float(text))
    return _UNREADABLE


def _from_chinese(text: str) -> str:
    """二〇一一年八月十九日 -> 2011年8月19日"""
    year, rest = text.split("年")
    month, day = rest[:-1].split("月")
    return f"{year.translate(_CHINESE)}年{_below_hundred(month)}月{_below_hundred(day)}日"


def _below_hundred(text: str) -> str:
    tens, ten, ones = text.partition("十")
    if not ten:
        return text.translate(_CHINESE)
    return (tens.translate(_CHINESE) or "1") + (ones.translate(_CHINESE) or "0")


def _within(day: date) -> date | Text:
    return day if _FIRST_YEAR <= day.year <= _LAST_YEAR else _FAR
