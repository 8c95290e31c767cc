"""A composed document in one language, ready to be set: both writers take their words and places from here."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from liangxin.findings import Finding, InputError
from liangxin.procedure.paper import (
    PRE_2012,
    Annex,
    Block,
    Form,
    Heading,
    Paper,
    Paragraph,
    Signatures,
    Table,
)
from liangxin.procedure.paper_words import day_in_numerals, day_words
from liangxin.wording import Lang, Text, join

DATE_INDENT: Final = 4.0  # the date stands four characters from the right edge
TITLE_CHARACTERS: Final = 20  # of 二号 (22 pt) in 156 mm
_CLOSING: Final = "，。、；：？！）》〉】」』〕”’%)>]的"
_OPENING: Final = "（《〈【「『〔“‘(<["
_COUNTED: Final = re.compile(r"[0-9]+[号个件家名年月日]")  # 40个, 44号: a number stays with what it counts
# Words of titles that are not torn apart where another place is near.
_WHOLE: Final = (
    "联合党支部", "党支部", "联合党总支", "党总支", "党工委", "委员会", "领导小组", "推进组", "工作片", "园区", "集聚区", "工业区", "有限公司",
    "成立", "同意", "调整", "撤销", "剥离", "升格", "废止", "挂靠", "隶属关系", "设置", "选举结果", "备案", "请示", "批复",
    "报告", "通知", "会议纪要", "承诺书", "名册", "实施方案", "组建", "两新组织", "党建工作", "进展情况", "后续工作", "单位",
)  # fmt: skip
_TORN: Final = 4.0  # characters further away that a whole word is worth
_LATIN: Final = re.compile(r"[0-9A-Za-z.,()\[\]&'-]")


@dataclass(frozen=True, slots=True)
class Signed:
    """Who signs and the date, with what stays free at the right of each, in characters."""

    by: str
    by_indent: float
    day: str
    day_indent: float


def width(words: str) -> float:
    """How wide in characters: a Chinese character or mark is 1, Latin letters and digits half.

    >>> width("2011年8月")
    4.5
    """
    return sum(1.0 if unicodedata.east_asian_width(each) in "WFA" else 0.5 for each in words)


def signed(paper: Paper, lang: Lang) -> Signed | None:
    """署名 centred over the date, which stands four characters in; a long name stays within the text."""
    if paper.day is None:
        return None
    if lang == "zh" and paper.style == PRE_2012:
        day = day_in_numerals(paper.day)
    else:
        day = day_words(paper.day).in_language(lang)
    by = paper.signed.in_language(lang) if paper.signed is not None else ""
    middle = DATE_INDENT + width(day) / 2
    return Signed(by, max(0.0, middle - width(by) / 2), day, DATE_INDENT)


def addressees(paper: Paper, lang: Lang) -> str:
    if paper.addressees is None:
        return ""
    return Text("{to}：", "To {to}:").fill(to=paper.addressees).in_language(lang)


def annex_lines(paper: Paper, lang: Lang) -> list[tuple[str, str]]:
    """附件说明: mark and title of each annex, numbered where there are several; further pages are not annexes.

    A form without a letterhead says itself what goes with it.
    """
    if paper.head is None:
        return []
    titles = [each.title.in_language(lang) for each in paper.annexes if each.mark.zh or not each.blocks]
    label = Text("附件：", "Annex: ").in_language(lang)
    if len(titles) == 1:
        return [(label, titles[0])]
    blank = "\u3000\u3000\u3000" if lang == "zh" else ""
    return [
        (label if number == 1 else blank, f"{number}. {title}")
        for number, title in enumerate(titles, start=1)
    ]


def title_lines(title: str, lang: Lang, most: int = TITLE_CHARACTERS) -> list[str]:
    """The title in lines of like length, words kept whole where that is possible: a line never begins with 的 or a closing mark.

    >>> title_lines("关于同意成立长乐镇工业园区第一联合党支部的批复", "zh")
    ['关于同意成立长乐镇工业', '园区第一联合党支部的批复']
    """
    count = -(-width(title) // most)
    if lang == "en" or count <= 1:
        return [title]
    lines: list[str] = []
    rest = title
    while count > 1 and width(rest) > most / 2:
        at = _break(rest, width(rest) / count, most, width(rest) - (count - 1) * most)
        lines.append(rest[:at])
        rest = rest[at:]
        count -= 1
    return [*lines, rest]


def _break(words: str, ideal: float, most: int, least: float) -> int:
    """Where to break, near ``ideal``: the nearest place that is allowed. A line shorter than ``least`` would leave more than the
    lines after it can take."""

    def allowed(at: int) -> bool:
        before, after = words[at - 1], words[at]
        if after in _CLOSING or before in _OPENING:
            return False
        return not (_LATIN.match(before) and _LATIN.match(after))

    places = [at for at in range(1, len(words)) if allowed(at) and width(words[:at]) <= most]
    places = [at for at in places if width(words[:at]) >= least] or places
    if not places:
        return len(words)
    inside = {
        at
        for word in (*_WHOLE, _COUNTED)
        for found in re.finditer(word, words)
        for at in range(found.start() + 1, found.end())
    }
    return min(places, key=lambda at: (abs(width(words[:at]) - ideal) + _TORN * (at in inside), at))


def imprint_lines(paper: Paper, lang: Lang) -> dict[str, str]:
    """版记: the four places of the imprint; "" where one has nothing to say."""
    imprint = paper.imprint
    if imprint is None:
        return {"subject_words": "", "copy_to": "", "printed_by": "", "printed_on": ""}
    copies = join(imprint.copy_to, "，", ", ").in_language(lang)
    return {
        "subject_words": "\u3000".join(imprint.subject_words) if lang == "zh" else "",
        "copy_to": Text("抄送：{to}。", "Copy to: {to}").fill(to=copies).in_language(lang) if copies else "",
        "printed_by": imprint.printed_by.in_language(lang),
        "printed_on": Text("{day}印发", "Printed {day}")
        .fill(day=day_words(imprint.printed_on))
        .in_language(lang),
    }


# What no document can hold


def refuse_unwritable(paper: Paper) -> None:
    """InputError that names each place with characters that cannot be printed: private use, control, no character at all.

    A name with one of these came out of a system with its own characters; another machine shows a box or nothing.
    """
    findings: list[Finding] = []
    seen: set[str] = set()
    for words in _words(paper):
        wrong = [each for each in words if _unwritable(each)]
        if wrong and words not in seen:
            seen.add(words)
            codes = "、".join(sorted({f"U+{ord(each):04X}" for each in wrong}))
            shown = "".join("□" if _unwritable(each) else each for each in words)
            findings.append(
                Finding(
                    "paper.character",
                    Text(
                        f"“{shown[:60]}”里有不能打印的字符（{codes}），请在台账里改成通用的字再出文",
                        f"“{shown[:60]}” holds characters that cannot be printed ({codes}); correct it in the ledger first",
                    ),
                    column_of="name",
                )
            )
    if findings:
        raise InputError(findings)


def _unwritable(character: str) -> bool:
    code = ord(character)
    nobody = code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF  # never to be a character
    return nobody or (unicodedata.category(character) in ("Cc", "Co", "Cs") and character not in "\n\t")


def _words(paper: Paper) -> Iterator[str]:
    texts: list[Text | None] = [paper.title, paper.addressees, paper.signed]
    if paper.head is not None:
        texts += [paper.head.letterhead, Text(paper.head.serial, paper.head.signer or "")]
    if paper.imprint is not None:
        texts += [paper.imprint.printed_by, *paper.imprint.copy_to]
    for block in _blocks(paper.blocks, paper.annexes):
        match block:
            case Heading(text=text) | Paragraph(text=text):
                texts.append(text)
            case Table():
                texts += [
                    block.caption,
                    block.note,
                    *block.total,
                    *(column.label for column in block.columns),
                ]
                texts += [cell for row in block.rows for cell in row]
            case Form():
                texts += [words for row in block.rows for field in row.fields for words in field]
            case Signatures():
                texts += block.lines
    for annex in paper.annexes:
        texts += [annex.mark, annex.title]
    for each in texts:
        if each is not None:
            yield each.zh
            yield each.en


def _blocks(blocks: tuple[Block, ...], annexes: tuple[Annex, ...]) -> Iterator[Block]:
    yield from blocks
    for annex in annexes:
        yield from annex.blocks
