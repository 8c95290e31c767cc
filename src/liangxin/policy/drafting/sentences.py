"""A notice's text into sentences with their numbering, and what its head and foot say."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from liangxin.policy.drafting.model import Heading, Sentence
from liangxin.policy.drafting.plain import simplify

_STYLES: Final = (
    re.compile(r"\s*([一二三四五六七八九十]+)\s*、"),
    re.compile(r"\s*[（(]\s*([一二三四五六七八九十]+)\s*[）)]"),
    re.compile(r"\s*([0-9０-９]{1,2})\s*(?:[、．]|\.(?!\s*[0-9]))"),
    re.compile(r"\s*[（(]?\s*([0-9０-９]{1,2})\s*[）)]"),
)
_SHAPES: Final = ("{}", "（{}）", "{}", "（{}）")
_WIDE_DIGITS: Final = str.maketrans("０１２３４５６７８９", "0123456789")
LONGEST: Final = 1000
"""Characters of a sentence; what has no stop for longer is cut, so that reading stays quick whatever comes."""
_END: Final = re.compile(r"[。；;！!](?:[”’」）)])?")
SERIAL: Final = re.compile(
    r"[\u4e00-\u9fff]{1,12}\s*[〔\[［【(（]\s*(\d{4})\s*[〕\]］】)）]\s*(?:第)?\s*\d{1,4}\s*号"
)
TITLE: Final = re.compile(r".{0,40}关于[^。]{2,80}的?(?:通知|意见|方案|决定|办法|要点)")
_DAY_LINE: Final = re.compile(r"(\d{4})\s*[年.\-/]\s*(\d{1,2})\s*[月.\-/]\s*(\d{1,2})\s*日?(?:\s*印发)?")


def read_sentences(text: str) -> tuple[Sentence, ...]:
    """Split at line ends, 。 and ；. A row of a table (cells parted by tabs) is one sentence.

    >>> [(each.clause, each.text) for each in read_sentences("二、办法\\n1、单建。三名以上的")]
    [('二', '办法'), ('二1', '单建。'), ('二1', '三名以上的')]
    """
    found: list[Sentence] = []
    stack: list[tuple[int, str]] = []
    at = 0
    for number, line in enumerate(text.splitlines(keepends=True)):
        begin = at
        at += len(line)
        table_row = "\t" in line.strip() and len(line) <= LONGEST
        pieces = [(0, len(line.rstrip()))] if table_row else _pieces(line.rstrip())
        for start, end in pieces:
            marked = False
            while (mark := _mark(line[start:end])) is not None and "\t" not in line:
                style, word, length = mark
                stack = [level for level in stack if level[0] < style]
                stack.append((style, word))
                start += length
                marked = True
            words = line[start:end]
            start += len(words) - len(words.lstrip())
            words = words.strip()
            if not words:
                continue
            clause = "".join(_SHAPES[style].format(word) for style, word in stack)
            found.append(
                Sentence(
                    words, simplify(words), begin + start, begin + start + len(words), clause, number, marked
                )
            )
    return tuple(found)


def _pieces(line: str) -> list[tuple[int, int]]:
    ends = [match.end() for match in _END.finditer(line)]
    if not ends or ends[-1] < len(line):
        ends.append(len(line))
    pieces = zip([0, *ends[:-1]], ends, strict=True)
    return [
        (at, min(at + LONGEST, end))
        for begin, end in pieces
        for at in range(begin, max(end, begin + 1), LONGEST)
    ]


def _mark(words: str) -> tuple[int, str, int] | None:
    for style, pattern in enumerate(_STYLES):
        found = pattern.match(words)
        if found is not None:
            return style, found[1].translate(_WIDE_DIGITS), found.end()
    return None


def read_heading(text: str) -> Heading:
    """Title, serial number, addressees and day of issue. A day like 201189 is read where it can mean one day only."""
    lines = [line.strip() for line in text.splitlines() if line.strip() and len(line) <= 200]
    plain = [simplify(line) for line in lines]
    serial = next((found[0] for line in lines[:12] if (found := SERIAL.fullmatch(line)) is not None), "")
    title = next((line for line in lines[:12] if TITLE.fullmatch(line) and "、" not in line[:3]), "")
    addressees = next((line[:-1] for line in lines[:14] if line.endswith((":", "：")) and len(line) < 80), "")
    days = [day for line in plain if (day := _day_of(line)) is not None]
    if days:
        return Heading(title, re.sub(r"\s", "", serial), addressees, days[-1])
    guessed = next((day for line in reversed(plain) if (day := _scanned(line)) is not None), None)
    year = re.search(r"[〔\[(](\d{4})[〕\])]", simplify(serial))
    if guessed is None and year is not None:
        guessed = date(int(year[1]), 1, 1)
    return Heading(title, re.sub(r"\s", "", serial), addressees, guessed, guessed is not None)


def _day_of(line: str) -> date | None:
    found = _DAY_LINE.fullmatch(line)
    try:
        return date(*map(int, found.groups())) if found is not None else None
    except ValueError:
        return None


def _scanned(line: str) -> date | None:
    """2011年8月9日 whose signs were lost: 201189. Only where one day fits."""
    if not re.fullmatch(r"(?:19|20)\d{4,6}", line):
        return None
    fits: set[date] = set()
    for cut in range(5, len(line)):
        month, day = line[4:cut], line[cut:]
        if month.startswith("0") != (len(month) == 2 and month[0] == "0") or day[:1] == "0" != day[:1]:
            continue
        try:
            fits.add(date(int(line[:4]), int(month), int(day)))
        except ValueError:
            continue
    return fits.pop() if len(fits) == 1 else None


def is_issue_line(sentence: Sentence) -> bool:
    """The day under the signature, or the serial number: no rule."""
    return bool(
        _DAY_LINE.fullmatch(sentence.plain) or SERIAL.fullmatch(sentence.text) or _scanned(sentence.plain)
    )
