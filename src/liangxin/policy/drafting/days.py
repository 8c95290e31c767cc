"""The days that a sentence names: 8月底, 9月上旬—中旬, 2021年5月至10月, 年底前. A bare month takes the year of the notice."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from typing import Final

from liangxin.policy.drafting.model import Span

_PART: Final = r"上旬|中旬|下旬|中下旬|上中旬|底|末|初|中(?!下)"
_DAY: Final = re.compile(
    r"(?:(?P<year>\d{4})年|(?P<this>今年)|(?P<next>明年))?(?P<month>1[0-2]|0?[1-9])月份?"
    rf"(?:(?P<day>3[01]|[12]\d|0?[1-9])[日号]|(?P<part>{_PART}))?"
    r"|(?:(?P<whole>\d{4})(?=年))?今?年?(?P<ending>年底|年末|年内)"
    r"|(?:(?P<half_year>\d{4})年)?(?:上半年|第?(?P<quarter>[一二三四1-4])季度末?)"
)
_RANGE: Final = re.compile(r"\s*日?\s*(?:至|到|-|—|–|――|——)+\s*")
_TAIL: Final = re.compile(r"\s*(?:至|到|-|—|–)+\s*(上旬|中旬|下旬|月底|底)")
_TAIL_DAY: Final = re.compile(r"\s*(?:至|到|-|—|–)+\s*(3[01]|[12]\d|0?[1-9])[日号]")


def read_spans(plain: str, year: int) -> list[tuple[int, int, Span]]:
    """(from, to, span) in the order of the text. Left out: 截至… (a report of the past), 从…起 (no end), 每月…."""
    found: list[tuple[int, int, date, date, bool]] = []
    current = year
    for match in _DAY.finditer(plain):
        named = match["year"] or match["whole"] or match["half_year"]
        current = int(named) if named else year + 1 if match["next"] else year if match["this"] else current
        days = _days(match, current)
        if days is not None:
            found.append((match.start(), match.end(), *days))
    spans: list[tuple[int, int, Span]] = []
    at = 0
    while at < len(found):
        begin, end, start, due, alone = found[at]
        at += 1
        ranged = False
        if at < len(found) and _RANGE.fullmatch(plain[end : found[at][0]]):
            _, end, _, due, _ = found[at]
            at += 1
            ranged = True
        elif (tail := _TAIL.match(plain, end)) is not None:
            part = tail[1].removeprefix("月")
            due, end, ranged = _part(due.year, due.month, part)[1], tail.end(), True
        elif alone and (tail := _TAIL_DAY.match(plain, end)) is not None:
            due, end, ranged = due.replace(day=int(tail[1])), tail.end(), True
        before, after = plain[max(0, begin - 3) : begin], plain[end : end + 2]
        if re.search(r"截至|截止|去年|上年|每$|《", before) or (
            not ranged and after.startswith(("起", "以来", "开始"))
        ):
            continue
        if due < start:
            continue
        whole = ranged or not alone
        spans.append(
            (
                begin,
                end,
                Span(start if whole and not _ends(plain[begin:end]) else None, due, plain[begin:end]),
            )
        )
    return spans


def _ends(words: str) -> bool:
    """8月底 is a day to be done by; 7月至10月底 has a beginning."""
    return bool(re.search(r"[底末内]$", words)) and not re.search(r"至|到|-|—|–", words)


def _days(match: re.Match[str], year: int) -> tuple[date, date, bool] | None:
    """(first, last, whether one day)."""
    if match["ending"]:
        return date(year, 1, 1), date(year, 12, 31), False
    if match["quarter"]:
        last = 3 * ("一二三四".find(match["quarter"]) + 1 or int(match["quarter"]))
        return date(year, last - 2, 1), _part(year, last, "")[1], False
    if match["month"] is None:
        return date(year, 1, 1), date(year, 6, 30), False
    month = int(match["month"])
    if match["day"]:
        try:
            day = date(year, month, int(match["day"]))
        except ValueError:
            return None
        return day, day, True
    return (*_part(year, month, match["part"] or ""), False)


def _part(year: int, month: int, part: str) -> tuple[date, date]:
    last = monthrange(year, month)[1]
    first, end = {
        "上旬": (1, 10),
        "初": (1, 10),
        "中旬": (11, 20),
        "中": (11, 20),
        "下旬": (21, last),
        "中下旬": (11, last),
        "上中旬": (1, 20),
    }.get(part, (1, last))
    return date(year, month, first), date(year, month, end)
