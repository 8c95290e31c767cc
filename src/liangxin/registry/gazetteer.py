"""Where in the town an address lies, by the names of the town file. What is not certain is listed, never guessed.

An address is read from the left: province, city and county are taken off, then the town. What is left is searched for the
names and aliases of the town's areas, the longest first. A village's name also counts without 村 where nothing follows
that would make it part of another name ("下曹" in "工业园区(下曹)", but not "长安" in "长安路").
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Final

from liangxin.registry.places import KINDS_OF_FIELD, Places
from liangxin.registry.town import Area, Town
from liangxin.wording import Text

_REMARKS: Final = re.compile(
    r"[(\[](?:变|换|变更|住所申报|自主申报|自主申报住所|一照多址|集群注册|仅限办公|仅限办公用|经营场所|住所|临时)[)\]]"
)
_FORMER: Final = re.compile(r"[(\[]?原(?P<name>[一-鿿0-9]+)[)\]]?")
_PROVINCE: Final = re.compile(r"(?:中国)?([一-鿿]{2,3}省|[一-鿿]{2,8}?自治区|(?:北京|上海|天津|重庆)市)")
_CITY: Final = re.compile(r"((?:(?![镇乡村路街区])[一-鿿]){2,4}?(?:市(?!场)|地区|自治州))")
_COUNTY: Final = re.compile(r"([一-鿿]{1,3}?县(?!前|后|东|西|南|北))")
_DISTRICT: Final = re.compile(
    r"((?!开发区|工业区|园区|社区|小区|度假|功能|集聚|聚集|保税|城[东南西北])[一-鿿]{2,3}?区)"
)
_ROAD_AFTER: Final = "路街巷弄道"
_TOWN: Final = re.compile(r"([一-鿿]{2,4}?(?:街道|镇|乡))")
_PART_OF_A_ROAD: Final = re.compile(r"[东南西北中]?[路街]|大[道街]")  # "某环镇东路" names no town
_ZONE: Final = re.compile(
    r"((?:城[东南西北]{1,2})?(?:经济(?:技术)?|高新(?:技术)?(?:产业)?)?开发区|高新(?:技术)?(?:产业)?区|(?:[一-鿿]{2})?旅游度假区)"
)
_ROADLIKE: Final = re.compile(r"^(?:大?[路街巷弄道]|[东南西北中]?[路街]|大道|桥头?)")
_BOUNDARY_BEFORE: Final = frozenset("镇乡村区路街道号弄内侧边里楼幢层")
_AFTER_A_STEM: Final = re.compile(r"^(?:$|[^一-鿿]|村|社区|工业|个私|原|自然村|附近|旁|边|内)")
_PLACE_WORD: Final = re.compile(
    r"[一-鿿]{1,10}?(?:村(?!路)|社区|居委会|工业园区|工业园|园区|开发区|工业区|功能区|集聚区|度假区|市场|广场|大厦|商城"
    r"|(?:大街|大道|路|街|弄|巷|水库|林场|茶场|桥)(?!村))"
)
_HOUSE_NUMBER: Final = re.compile(r"^(?:[^一-鿿]*(?:号|弄|幢|栋|楼|室|层|单元))+|^[^一-鿿]+")


class Standing(Enum):
    """What an address says about the town."""

    PLACED = "placed"  # a work area is certain
    TOWN_ONLY = "town_only"  # in the town, no place named
    UNKNOWN_PLACE = "unknown_place"  # in the town, but the place named is not in the town file
    AMBIGUOUS = "ambiguous"  # in the town, but the names lead to several work areas
    NO_TOWN = "no_town"  # no town named: in this one or not
    OTHER_TOWN = "other_town"
    NO_ADDRESS = "no_address"


@dataclass(frozen=True, slots=True)
class Placement:
    """``area`` … ``venue`` are ids of the town file. ``word`` is the place that decided: found, missing, or the other town."""

    standing: Standing
    reason: Text
    area: str | None = None
    village: str | None = None
    park: str | None = None
    venue: str | None = None
    word: str = ""


@dataclass(frozen=True, slots=True)
class _Name:
    text: str
    area: Area
    stem: bool


def normalise(address: str) -> str:
    """Half width, no spaces, no registry's remarks.

    >>> normalise("某市 甲镇乙村（变）")
    '某市甲镇乙村'
    """
    text = re.sub(r"[\s、,;。]+", "", unicodedata.normalize("NFKC", address))
    return _REMARKS.sub("", text)


class Gazetteer:
    """The names of one town. ``addresses`` (the whole export) teach it the county's name and those of its other towns."""

    def __init__(self, town: Town, addresses: Iterable[str] = ()) -> None:
        self._town = town
        self._places = Places.of(town)
        self._names = _names(town)
        self._full_names = frozenset(name.text for name in self._names if not name.stem)
        self._stem = _stem_of_town(town.name)
        self._regions: frozenset[str] = frozenset()  # province, city and county of this town
        self._towns: frozenset[str] = frozenset()  # every town that the addresses name
        self._neighbours: frozenset[str] = frozenset()  # the others without 镇, 乡, 街道
        self._learn([normalise(address) for address in addresses])

    def _learn(self, addresses: list[str]) -> None:
        seen = Counter(
            region
            for text in addresses
            for region in _regions(text, frozenset())[0]
            if self._town.name in text
        )
        # names that stand before the town's own in at least a tenth of the addresses that name it
        naming = sum(self._town.name in text for text in addresses)
        self._regions = frozenset(region for region, count in seen.items() if count * 10 >= max(naming, 1))
        rests = (_regions(text, self._regions)[1] for text in addresses)
        self._towns = frozenset(name for rest in rests if (name := self._named_town(rest)))
        self._neighbours = frozenset(
            stem
            for name in self._towns
            if name != self._town.name
            and len(stem := _stem_of_town(name)) >= 2
            and stem != self._stem
            and not any(stem == known.text for known in self._names)
        )

    def place(self, address: str) -> Placement:
        """Where the address lies.

        >>> from liangxin.registry.town import Area
        >>> town = Town("甲镇", "000000100", (Area("A1", "第一片", "work_area"), Area("V1", "柳村", "village", "A1")))
        >>> Gazetteer(town).place("某省某某市甲镇柳村12号").area
        'A1'
        """
        text = normalise(address)
        if not text or text.upper() in ("N/A", "NULL", "-", "--", "无"):
            return Placement(Standing.NO_ADDRESS, Text("没有地址", "No address"))
        regions, rest = _regions(text, self._regions)
        strange = [region for region in regions if self._regions and region not in self._regions]
        if strange:
            return _elsewhere("".join(strange))
        inside, rest = self._take_town(rest)
        if inside is None and (other := self._other_town(rest)) is not None:
            return other
        found, former = self._find(rest)
        if inside is None and not any(name.text.startswith(self._stem) for name in found):
            return self._without_town(rest, found)
        if found:
            return self._resolve(found, former)
        return _not_found(rest, self._town.name)

    def _take_town(self, rest: str) -> tuple[bool | None, str]:
        """Take the town's own name off the front: (True, what is left), or (None, all)."""
        inside: bool | None = None
        while rest.startswith(self._town.name):
            inside, rest = True, rest[len(self._town.name) :]
        if inside:
            return True, rest
        if self._named_town(rest) in self._full_names:
            return True, rest  # a former town that the file lists under one of its areas
        if self._stem and re.match(
            re.escape(self._stem) + r"(?:工业|经济|个私|集聚|功能|园区|开发|[(]|\d|$)", rest
        ):
            return True, rest[len(self._stem) :]
        return None, rest

    def _other_town(self, rest: str) -> Placement | None:
        if (named := self._named_town(rest)) != "":
            return _elsewhere(named)
        for stem in self._neighbours:
            if re.match(re.escape(stem) + r"(?:工业|经济|个私|集聚|功能|园区|园|开发|[(]|\d|$)", rest):
                return _elsewhere(stem)
        zone = _ZONE.match(rest)
        if zone is not None and not self._search(rest[zone.end() :]):
            inner = re.match(r"\(([一-鿿]{2,4})\)", rest[zone.end() :])
            if inner is not None and inner.group(1) in self._neighbours:
                return _elsewhere(inner.group(1))
            if inner is None or inner.group(1) != self._stem:
                return _elsewhere(zone.group(1))
        return None

    def _named_town(self, rest: str) -> str:
        """The town, township or subdistrict that the address begins with, else ""."""
        named = _TOWN.match(rest)
        if named is None:
            return ""
        name = named.group(1)
        return name if name in self._towns or not _PART_OF_A_ROAD.match(rest[named.end() :]) else ""

    def _find(self, rest: str) -> tuple[list[_Name], bool]:
        """The town's names in the address, and whether only a former one (原…) was found."""
        current = _FORMER.sub(" ", rest)
        found = self._search(current)
        if found or current == rest:
            return found, False
        former = " ".join(part["name"] for part in _FORMER.finditer(rest))
        return self._search(former), True

    def _search(self, text: str) -> list[_Name]:
        taken = [False] * len(text)
        found: list[_Name] = []
        for name in self._names:
            start = text.find(name.text)
            while start >= 0:
                end = start + len(name.text)
                if not any(taken[start:end]) and _stands_alone(text, start, end, name):
                    taken[start:end] = [True] * (end - start)
                    # areas of one name are all candidates for the same words
                    found.extend(
                        other for other in self._names if other.text == name.text and other.stem == name.stem
                    )
                start = text.find(name.text, start + 1)
        listed = list(dict.fromkeys(found))
        # a former town says less than a village in it
        return [name for name in listed if not _TOWN.fullmatch(name.text)] or listed

    def _without_town(self, rest: str, found: list[_Name]) -> Placement:
        if found:
            word = found[0].text
            return Placement(
                Standing.NO_TOWN,
                Text(
                    f"地址没有写乡镇；本镇有“{word}”，是不是这里要核实",
                    f'The address names no town; this town has a "{word}": whether it is meant is to be checked',
                ),
                word=word,
            )
        word = _place_word(rest)
        return Placement(
            Standing.NO_TOWN,
            Text(
                "地址没有写乡镇，是否在本镇要核实",
                "The address names no town: whether it is in this one is to be checked",
            ),
            word=word,
        )

    def _resolve(self, found: list[_Name], former: bool) -> Placement:
        chosen: dict[str, Area] = {}
        rivals: list[Area] = []
        for field, kinds in KINDS_OF_FIELD.items():
            areas = {name.area.id: name.area for name in found if name.area.kind in kinds}
            deepest = [
                area
                for area in areas.values()
                if not any(
                    other is not area and area in self._places.ancestors(other.id) for other in areas.values()
                )
            ]
            if len(deepest) > 1:
                rivals.extend(deepest)
            elif deepest:
                chosen[field] = deepest[0]
        work_areas = {
            work
            for area in (*chosen.values(), *rivals)
            if (work := self._places.work_area(area.id)) is not None
        }
        words = "、".join(dict.fromkeys(name.text for name in found))
        if len(work_areas) > 1:
            return Placement(Standing.AMBIGUOUS, self._several(words, work_areas), word=words)
        places = {field: chosen[field].id for field in ("village", "park", "venue") if field in chosen}
        if not work_areas:
            return Placement(
                Standing.UNKNOWN_PLACE,
                Text(
                    f"“{words}”在镇文件里没有写属于哪个工作片",
                    f'The town file does not say in which work area "{words}" lies',
                ),
                word=words,
                **places,
            )
        note = "（按原名）" if former else ""
        note_en = " (by its former name)" if former else ""
        return Placement(
            Standing.PLACED,
            Text(f"按“{words}”归片{note}", f'By "{words}"{note_en}'),
            area=work_areas.pop(),
            word=words,
            **places,
        )

    def _several(self, words: str, work_areas: set[str]) -> Text:
        names = sorted(self._places.areas[area].name for area in work_areas)
        return Text(
            f"“{words}”可能在{'、'.join(names)}，没有认定",
            f'"{words}" may lie in {", ".join(names)}; not decided',
        )


def _elsewhere(place: str) -> Placement:
    return Placement(
        Standing.OTHER_TOWN, Text(f"不在本镇：{place}", f"Not in this town: {place}"), word=place
    )


def _not_found(rest: str, town: str) -> Placement:
    word = _place_word(rest)
    if not word:
        return Placement(
            Standing.TOWN_ONLY, Text(f"地址只写到{town}", f"The address names only {town}"), word=""
        )
    return Placement(
        Standing.UNKNOWN_PLACE,
        Text(f"“{word}”不在镇文件的地名和别名里", f'"{word}" is not among the names of the town file'),
        word=word,
    )


def _place_word(rest: str) -> str:
    """The place that an address names, for the list of names to add: "环镇东路", "上王庄"."""
    text = _HOUSE_NUMBER.sub("", _FORMER.sub("", rest))
    found = _PLACE_WORD.match(text)
    return found.group(0) if found else re.split(r"[^一-鿿]", text)[0][:8]


def _regions(text: str, known: frozenset[str]) -> tuple[list[str], str]:
    """Province, city and county at the front (each may be missing or doubled), and what is left."""
    found: list[str] = []
    rest = text
    for region in known:  # "浙江嵊州市": the province without 省
        stem = region[:-1]
        if rest.startswith(stem) and any(rest.startswith(other, len(stem)) for other in known):
            rest = rest[len(stem) :]
    for pattern in (_PROVINCE, _CITY, _CITY, _CITY, _COUNTY, _COUNTY):
        taken = pattern.match(rest)
        if taken is not None:
            found.append(taken.group(1))
            rest = rest[taken.end() :]
    if found and known and found[-1] not in known and (district := _DISTRICT.match(rest)) is not None:
        found.append(district.group(1))
        rest = rest[district.end() :]
    for region in known:  # "嵊州经济开发区": the county without 市
        stem = region.rstrip("省市县区")
        if len(stem) >= 2 and re.match(
            re.escape(stem) + r"(?:经济|高新|工业|城[东南西北]|旅游|温泉|领带)", rest
        ):
            rest = rest[len(stem) :]
    return found, rest


def _stands_alone(text: str, start: int, end: int, name: _Name) -> bool:
    before, after = text[start - 1 : start], text[end:]
    if before and "一" <= before <= "鿿" and before not in _BOUNDARY_BEFORE:
        return False  # part of a longer name: "四村" in "开元四村"
    if name.stem:
        return _AFTER_A_STEM.match(after) is not None
    return name.text[-1] in _ROAD_AFTER or _ROADLIKE.match(after) is None


def _stem_of_town(name: str) -> str:
    return re.sub(r"(?:街道|镇|乡)$", "", name)


def _names(town: Town) -> tuple[_Name, ...]:
    """Names and aliases, the longest first; a village or community also without its last word."""
    found: dict[tuple[str, str, bool], _Name] = {}
    for area in town.areas:
        for text in (area.name, *area.aliases):
            plain = normalise(text)
            if plain:
                found[(plain, area.id, False)] = _Name(plain, area, False)
            stem = re.sub(r"(?:村委会|居委会|行政村|村|社区)$", "", plain)
            if area.kind in ("village", "community") and stem != plain and len(stem) >= 2:
                found[(stem, area.id, True)] = _Name(stem, area, True)
    full = {(text, id) for text, id, stem in found if not stem}
    kept = [name for (text, id, stem), name in found.items() if not (stem and (text, id) in full)]
    return tuple(sorted(kept, key=lambda name: (-len(name.text), name.stem, name.text, name.area.id)))
