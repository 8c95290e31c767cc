"""Which fact a column's header names: by its words and levels, never by likeness of letters.

"其中" makes a column a part of another one, "总数" and "合计" the whole, a year or 年末 says of when; under "上级党组织"
the word "名称" is not the unit's name. A count of all Party members is no field of the ledger, but the full members can be
reckoned from it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from liangxin.registry.fields import FIELDS
from liangxin.registry.text import fold

ALL_MEMBERS: Final = "members"
"""In place of a field: full and probationary members together."""

_MARKS: Final = re.compile(r"[*:;,。、，：；_./\\|#★☆△▲※-]")
_NUMBERING: Final = re.compile(
    r"^(?:\d{1,2}[.)、]|\(\d{1,2}\)|[一二三四五六七八九十]{1,3}、|\([一二三四五六七八九十]{1,3}\)|[①-⑳])"
)
_OF_WHICH: Final = re.compile(r"^(?:其中|其:|含|内含|包括|内有)")
_BRACKETS: Final = re.compile(r"\([^()]*\)")
_WHEN: Final = re.compile(
    r"^(?:(?P<year>(?:19|20)\d\d)年?度?|截至.{0,8}?[月日底]|年末|年底|期末|月末|全年|本年度?|当年|上年度?|去年|年度|现有|现|实有|目前|当前)"
)
_LAST_YEAR: Final = re.compile(r"^(?:上年|去年)")
_WHOLE: Final = frozenset(
    {
        "总数",
        "合计",
        "小计",
        "总计",
        "共计",
        "总人数",
        "人数",
        "数量",
        "计",
        "总",
        "数",
        "人",
        "总量",
        "合计数",
        "总额",
        "金额",
    }
)
_ABOUT: Final = re.compile(r"(?:的?(?:基本)?(?:情况|状况|信息|资料|概况))+$")
_COUNTED: Final = re.compile(r"(?:总人数|总数|人数|数量|数|总额)$")
_MEMBERS: Final = frozenset(
    {
        "党员",
        "中共党员",
        "在册党员",
        "职工党员",
        "党员总",
        "党员合计",
        "党员共计",
        "党员小计",
        "党员总计",
        "全部党员",
        "总党员",
    }
)
_SAID_WHOLE: Final = re.compile(r"总|合计|小计|共计|全部")
_OPEN_LEAVES: Final = frozenset({"政治面貌"})  # words that are a fact of whatever stands above them
_PEOPLE: Final = re.compile(r"党员|职工|员工|从业|人员|党组织|党建")
_SOME: Final = re.compile(r"女|退休|离退|流动|少数民族|外来|青年|团员|大学生")
_GENERAL: Final = re.compile(
    r"单位|企业|公司|组织$|登记|注册|工商|摸底|经营|概况|主体|所在|地址|位置|区域|数据|指标|填报|调查|^情况$|^$"
)


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a header means. ``rank`` 0 is the field's own name, higher ones say it less exactly; ``whole``: it says that
    it is a total; ``year``: of which year, 0 where it does not say."""

    field: str
    rank: int
    whole: bool = False
    year: int = 0


_LESS_EXACT: Final = 40  # a word with something taken off it ranks behind every word as it stands
_A_PART: Final = 100
_OF_LAST_YEAR: Final = 200


def plain(text: str) -> str:
    """A header without what differs from office to office: spaces, full width, brackets' shape, a star, numbering, 其中.

    >>> plain("＊ 其中：党员数（人）")
    '党员数(人)'
    """
    folded = fold(text)
    bare = _MARKS.sub("", _NUMBERING.sub("", folded.lstrip("*★☆※")))
    return _OF_WHICH.sub("", bare)


def is_part(text: str) -> bool:
    """Whether a header says that its column is a part of another one: 其中."""
    return _OF_WHICH.match(fold(text).lstrip("*")) is not None


@lru_cache(maxsize=1)
def _names() -> dict[str, tuple[int, str]]:
    """Plain header: (rank, field)."""
    names: dict[str, tuple[int, str]] = {}
    for field in FIELDS.values():
        own = (field.label.zh, field.name, field.label.en)
        for rank, word in [(0, word) for word in own] + list(enumerate(field.aliases, start=1)):
            for form in (plain(word), plain(_BRACKETS.sub("", fold(word)))):
                names.setdefault(form, (rank, field.name))
    return names


def find_meaning(levels: Sequence[str]) -> Meaning | None:
    """The fact that a column's header levels (top to bottom) name; None where they name none that we know."""
    part = any(is_part(level) for level in levels[-1:])
    for variant in _variants(levels):
        for steps, form in enumerate(_forms(variant)):
            found = _one(form)
            if found is None:
                continue
            in_members = found.field in (
                "full_members",
                "probationary_members",
                "mobile_members",
                "graduate_mobile_members",
                ALL_MEMBERS,
            )
            rank = found.rank + (_A_PART if part and not in_members else 0) + min(steps, 3)
            whole = (
                found.whole
                or any(_SAID_WHOLE.search(fold(level)) for level in levels)
                or variant[-1] in _WHOLE
            )
            return Meaning(found.field, rank if found.rank or part or steps else 0, whole, found.year)
    return None


def _variants(levels: Sequence[str]) -> Iterator[list[str]]:
    yield [plain(level) for level in levels]
    yield [plain(_BRACKETS.sub("", fold(level))) for level in levels]


def _forms(levels: Sequence[str]) -> Iterator[str]:
    """What the levels may mean together, the most telling first: "党员数" over "正式" is tried as 正式党员数."""
    levels = [level for level in levels if level]
    if not levels:
        return
    leaf = levels[-1]
    above = [_ABOUT.sub("", level) for level in levels[:-1]]
    for upper in reversed(above):
        if leaf in _WHOLE:
            yield upper
            continue
        yield upper + leaf
        yield leaf + upper
        yield leaf + _COUNTED.sub("", upper)
    if above:
        yield "".join(levels)
    if not above or _may_stand_alone(leaf, above):
        yield leaf


def _may_stand_alone(leaf: str, above: Sequence[str]) -> bool:
    """Whether a lowest level names its fact whatever stands above it. "名称" under "上级党组织" does not."""
    if all(_GENERAL.search(level) for level in above):
        return True
    if _is_all_members(leaf):
        return all(_PEOPLE.search(level) and not _SOME.search(level) for level in above)
    return len(leaf) > 2 and leaf not in _OPEN_LEAVES


def _one(form: str) -> Meaning | None:
    names = _names()
    if _is_all_members(form):
        return Meaning(ALL_MEMBERS, 0, _SAID_WHOLE.search(form) is not None)
    if form in names:
        rank, field = names[form]
        return Meaning(field, rank)
    when = _WHEN.match(form)
    if when is not None and when.end() < len(form):
        found = _one(form[when.end() :])
        if found is not None:
            late = _OF_LAST_YEAR if _LAST_YEAR.match(form) else 0
            year = int(when["year"] or 0)
            return Meaning(found.field, found.rank + _LESS_EXACT + late, found.whole, year or found.year)
    return None


def _is_all_members(form: str) -> bool:
    return _COUNTED.sub("", form) in _MEMBERS or (form in _MEMBERS)
