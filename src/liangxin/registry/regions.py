"""Province, city and county at the front of an address, by the names of the divisions: one table of names, read left to right.

Each may be written in full or short, doubled, left out, or by a name that it had (绍兴县). A short name (浙江, 嵊州) counts only
where another region, a town of it or one of its zones follows: 绍兴路 is a road. Which 鼓楼区 is meant is kept open until
something settles it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from liangxin.registry import divisions

LONGEST: Final = 16
_NOT_A_REGION_BEFORE: Final = re.compile(r"[前后东西南北中]?大?[路街巷弄](?!道)|大道|街道|场|心[广商路花大]")
_ZONE_OF_COUNTY: Final = re.compile(r"经济|高新|工业|开发|城[东南西北区关]|旅游|温泉|领带|市区|县城")
_GENERIC: Final = frozenset({"城区", "郊区", "矿区", "市区", "新区", "东区", "西区", "南区", "北区"})
_BEYOND: Final[Mapping[str, str]] = {
    "香港特别行政区": "81", "香港": "81", "澳门特别行政区": "82", "澳门": "82", "台湾省": "71", "台湾": "71",
}  # fmt: skip

Names = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Regions:
    """``codes``: what is meant, as deep as it is written; None where no region is named. ``words`` as written. ``rest``: what
    follows. ``clash``: two of the words cannot both be true."""

    codes: frozenset[str] | None
    words: tuple[str, ...]
    rest: str
    clash: bool = False


def agree(one: str, other: str) -> bool:
    """Whether one division lies in the other or is it."""
    return one.startswith(other) or other.startswith(one)


@cache
def full_names() -> Names:
    """Names in full, those of former counties too, and the codes that they can mean."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for code, name in divisions.names().items():
        if len(code) <= 6 and divisions.has_name(code):
            found[name].add(code)
            rank = name[-1]
            if "族" in name and (short := divisions.stem(name) + rank) != name:
                found[short].add(code)  # 恩施州, 长阳县
    for former in divisions.former_counties():
        found[former.name].update(code for code, _ in former.today)
    for name, code in _BEYOND.items():
        found[name].add(code)
    return {name: tuple(sorted(codes)) for name, codes in found.items() if codes and len(name) > 1}


@cache
def short_names() -> Names:
    """Names without 省, 市, 县, 区."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for name, codes in full_names().items():
        short = divisions.stem(name)
        if short != name and short not in full_names():
            found[short].update(codes)
    return {name: tuple(sorted(codes)) for name, codes in found.items()}


@cache
def _towns_of_county(county: str) -> frozenset[str]:
    """Of today and of before."""
    former = (each.name for each in divisions.former_towns(county))
    return frozenset((*divisions.parts(county).values(), *former))


class RegionReader:
    """Reads the front of addresses. ``own_full`` and ``own_short`` are names that the divisions lack and the caller knows;
    ``begins_town``: whether a text begins with a town that the caller knows, ``begins_short``: with one without its rank; ``town_shape``: a town by its shape."""

    def __init__(
        self,
        own_full: Names,
        own_short: Names,
        begins_town: Callable[[str], bool],
        begins_short: Callable[[str], bool],
        town_shape: re.Pattern[str],
    ) -> None:
        self._own_full = own_full
        self._own_short = own_short
        self._begins_town = begins_town
        self._begins_short = begins_short
        self._town_shape = town_shape

    def read(self, text: str) -> Regions:
        codes: frozenset[str] | None = None
        words: list[str] = []
        at = 0
        clash = False
        while at < len(text):
            if self._begins_town(text[at:]):
                break
            step = self._step(text, at, codes)
            if step is None:
                break
            word, meant = step
            merged = _merge(codes, meant)
            if not merged:
                clash = codes is not None and not (self._known_here(word))
                merged = frozenset(meant)
            codes = merged
            words.append(word)
            at += len(word)
        return Regions(codes, tuple(words), text[at:], clash)

    def _known_here(self, word: str) -> bool:
        return word in self._own_full or word in self._own_short

    def _step(self, text: str, at: int, codes: frozenset[str] | None) -> tuple[str, tuple[str, ...]] | None:
        """The longest region that stands at ``at``, and what it can mean."""
        country, ours = full_names(), self._own_full
        second: tuple[str, tuple[str, ...]] | None = None
        for end in range(min(len(text), at + LONGEST), at + 1, -1):
            word = text[at:end]
            meant = ours.get(word) or country.get(word)
            if meant is None:
                continue
            if _NOT_A_REGION_BEFORE.match(text, end) and not self._names_more(text, end, meant):
                continue
            if word in _GENERIC and (codes is None or not _merge(codes, meant)):
                continue
            if _merge(codes, meant) or word in ours:
                return word, meant
            second = second or (word, meant)
        for end in range(min(len(text), at + LONGEST), at + 1, -1):
            word = text[at:end]
            meant = self._own_short.get(word) or short_names().get(word)
            if meant is None:
                continue
            possible = _merge(codes, meant)
            if possible and self._goes_on(text, end, possible):
                return word, meant
        return second

    def _names_more(self, text: str, at: int, codes: Iterable[str]) -> bool:
        """Whether a town or a region of these divisions stands at ``at``: 路桥区路南街道, 台州市路桥区."""
        rest = text[at : at + LONGEST]
        if self._begins_town(rest):
            return True
        if any(rest.startswith(town) for code in codes if len(code) == 6 for town in _towns_of_county(code)):
            return True
        return any(
            _merge(frozenset(codes), meant)
            for length in range(2, len(rest) + 1)
            if (meant := full_names().get(rest[:length])) is not None
        )

    def _goes_on(self, text: str, at: int, codes: frozenset[str]) -> bool:
        """Whether what follows a short name shows that it was a region."""
        rest = text[at:]
        if not rest or (_NOT_A_REGION_BEFORE.match(rest) and not self._names_more(text, at, codes)):
            return False
        if self._begins_town(rest) or self._begins_short(rest):
            return True
        counties = [code for code in codes if len(code) == 6]
        if counties:
            if _ZONE_OF_COUNTY.match(rest):
                return True
            if any(rest.startswith(town) for code in counties for town in _towns_of_county(code)):
                return True
            ours = {code for each in self._own_short.values() for code in each}
            if not ours.isdisjoint(codes) and self._town_shape.match(rest):
                return True
        following = self._step(text, at, codes)
        return following is not None and bool(_merge(codes, following[1]))


def _merge(codes: frozenset[str] | None, meant: Iterable[str]) -> frozenset[str]:
    """The codes that agree with what was read before, each as deep as the two say."""
    if codes is None:
        return frozenset(meant)
    return frozenset(max(one, other, key=len) for one in codes for other in meant if agree(one, other))
