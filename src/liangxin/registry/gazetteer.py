"""Where in the town an address lies, by the divisions and the names of the town file. What is not certain is listed, never guessed.

An address is read from the left: province, city and county (``regions``), then the town (``town_names``). Only another place that
is positively known puts it out; whatever else is strange keeps it in, to be checked. What is left is searched for the names and
aliases of the town's areas, the longest first (``area_names``).
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Final

from liangxin.registry import divisions
from liangxin.registry.addresses import FORMER, is_given, normalise, place_word, road
from liangxin.registry.area_names import AreaName, AreaNames
from liangxin.registry.places import KINDS_OF_FIELD, Places
from liangxin.registry.regions import RegionReader, Regions, agree
from liangxin.registry.town import Area, Town
from liangxin.registry.town_names import TOWN_SHAPE, TownName, TownNames, Whose, has_town, only_county
from liangxin.wording import Text

_REGION_SHAPE: Final = re.compile(
    r"(?:(?![镇乡村路街社园小])[一-鿿]){1,4}?(?:省|自治区|自治州|地区|市(?!场)|县|(?<!开发)(?<!工业)(?<!功能)(?<!集聚)(?<!度假)区)"
)
_ZONE: Final = re.compile(
    r"((?:城[东南西北]{1,2})?(?:经济(?:技术)?|高新(?:技术)?(?:产业)?)?开发区|高新(?:技术)?(?:产业)?区|(?:[一-鿿]{2})?旅游度假区)"
)
_NOT_BEFORE_A_TOWN: Final = re.compile(r"[镇乡村路街道号弄]|.{10}")
_LIKELY_ROWS: Final = 2  # so many rows must put a road into one village before it is offered as likely


class Standing(Enum):
    """What an address says about the town."""

    PLACED = "placed"  # a village, a park, a market or a work area is certain
    TOWN_ONLY = "town_only"  # in the town, no place named
    UNKNOWN_PLACE = "unknown_place"  # in the town, but the place named is not in the town file
    AMBIGUOUS = "ambiguous"  # in the town, but the names lead to several work areas
    NO_TOWN = "no_town"  # no town named: in this one or not
    UNSURE_TOWN = "unsure_town"  # a town or region is named, but not one that is known to be this or another
    OTHER_TOWN = "other_town"
    NO_ADDRESS = "no_address"


@dataclass(frozen=True, slots=True)
class Placement:
    """``area`` … ``venue`` are ids of the town file. ``word`` is the place that decided: found, missing, or the other town.
    ``likely``: the village that other rows with the same road name; never filled in."""

    standing: Standing
    reason: Text
    area: str | None = None
    village: str | None = None
    park: str | None = None
    venue: str | None = None
    word: str = ""
    likely: str | None = None


class Gazetteer:
    """The names of one town. ``addresses`` (the whole export) teach it the names of a county that the divisions lack, and
    which road runs through which village."""

    def __init__(self, town: Town, addresses: Iterable[str] = ()) -> None:
        self._town = town
        self._places = Places.of(town)
        self._areas = AreaNames(town)
        self._towns = TownNames(town)
        self._regions = RegionReader({}, {}, self._towns.begins, self._towns.begins_short, TOWN_SHAPE)
        self._placed: dict[str, Placement] = {}
        self._roads: Mapping[str, str] = {}
        self._county_is_known = self._towns.known
        self._former_villages = frozenset(name for name, _ in divisions.former_villages(town.code))
        texts = list(dict.fromkeys(map(normalise, addresses)))
        if not self._towns.known:
            self._learn_county(texts)
        self._learn_roads(texts)

    def _learn_county(self, texts: Sequence[str]) -> None:
        """What stands before the town's own name is its county, and before that its city; what follows them is another town."""
        counties: Counter[str] = Counter()
        cities: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for text in texts:
            at = text.find(self._town.name)
            if at > 0:
                shapes = _REGION_SHAPE.findall(self._regions.read(text[:at]).rest)
                if shapes:
                    counties[shapes[-1]] += 1
                    cities[shapes[-1]].update(shapes[:-1])
        if not counties:
            return
        ((county, _),) = counties.most_common(1)
        self._county_is_known = True
        code = self._town.code[:6]
        full = dict.fromkeys(cities[county], (code[:4],)) | {county: (code,)}
        short = {divisions.stem(name): codes for name, codes in full.items() if divisions.stem(name) != name}
        self._regions = RegionReader(full, short, self._towns.begins, self._towns.begins_short, TOWN_SHAPE)
        others = set()
        for text in texts:
            read = self._regions.read(text)
            if county in read.words and (named := self._towns.shaped(read.rest)):
                others.add(named)
        self._towns.learn(sorted(others))

    def _learn_roads(self, texts: Sequence[str]) -> None:
        """A road that two addresses or more put into one village, and none into another, likely runs there."""
        seen: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for text in texts:
            placement = self._placed[text] = self._place(text, "")
            if placement.standing is Standing.PLACED and placement.village and (name := road(text)):
                seen[name][placement.village] += 1
        self._roads = {
            name: village
            for name, villages in seen.items()
            if len(villages) == 1
            for village, count in villages.items()
            if count >= _LIKELY_ROWS
        }
        self._placed = {text: self._with_likely(text, placement) for text, placement in self._placed.items()}

    def place(self, address: str, registered_in: str = "") -> Placement:
        """Where the address lies. ``registered_in``: the county (6 digits) whose office registered the unit, if it is known:
        an address that names a town but no county is then read in that county.

        >>> from liangxin.registry.town import Area
        >>> town = Town("甲镇", "000000100", (Area("A1", "第一片", "work_area"), Area("V1", "柳村", "village", "A1")))
        >>> Gazetteer(town).place("某省某某市甲镇柳村12号").area
        'A1'
        """
        text = normalise(address)
        if not registered_in or registered_in == self._towns.county:
            found = self._placed.get(text)
            if found is None:
                found = self._placed[text] = self._with_likely(text, self._place(text, ""))
            return found
        return self._with_likely(text, self._place(text, registered_in))

    def _place(self, text: str, registered_in: str) -> Placement:
        if not is_given(text):
            return Placement(Standing.NO_ADDRESS, Text("没有地址", "No address"))
        read = self._regions.read(text)
        town, rest = self._town_in(read.rest)
        if read.clash:
            return _unsure("".join(read.words))
        if read.codes is not None and not any(agree(code, self._towns.county) for code in read.codes):
            return self._in_another_region(read, town)
        if self._may_be_elsewhere(read, town):
            # a city, a province or a county that was divided: the town's name may be one that only another county of it has
            named, county = only_county(read.rest, read.codes or ())
            if county and county != self._towns.county:
                return _elsewhere(f"{divisions.names()[county]}{named}")
        if town is None:
            return self._without_town(read, rest)
        if town.whose is Whose.OWN:
            if read.codes is None and registered_in and has_town(registered_in, town.word):
                return _unsure(town.word)
            return self._inside(rest, town)
        if town.whose is Whose.OTHER:
            return _elsewhere(town.word, town.today)
        other = town.whose is Whose.UNKNOWN and self._town.name not in town.word
        if other and not self._towns.known and read.codes is not None:
            return _elsewhere(town.word)  # after its county's or city's name another town, by its shape
        if town.whose is Whose.PARTLY and self._areas.holds_full_name(rest):
            return self._inside(rest, town)
        return _unsure(town.word, town.today)

    def _may_be_elsewhere(self, read: Regions, town: TownName | None) -> bool:
        strange = town is None or town.whose in (Whose.NEARBY, Whose.UNKNOWN)
        return self._towns.known and strange and read.codes is not None and read.codes != {self._towns.county}

    def _town_in(self, rest: str) -> tuple[TownName | None, str]:
        """The town that stands after the regions, and what follows it."""
        town = self._towns.at_front(rest)
        if town is None:
            if strangers := _strange_regions(rest):
                return self._after_strange_regions(strangers, rest[len(strangers) :])
            if (near := self._towns.near_front(rest)) is not None:
                return near
            if self._areas.is_full_name(named := self._towns.shaped(rest)):
                return TownName(
                    Whose.OWN, named
                ), rest  # a former town that the file lists under one of its areas
            if (short := self._towns.by_stem(rest)) is not None:
                return short, rest if short.whose is Whose.OWN else rest[len(short.word) :]
            if (
                (root := self._towns.own_stem)
                and rest.startswith(root)
                and self._areas.begins(rest[len(root) :])
            ):
                return TownName(Whose.OWN, root), rest[len(root) :]
            at = rest.find(self._town.name)
            if not self._county_is_known and at > 0 and not _NOT_BEFORE_A_TOWN.search(rest[:at]):
                return TownName(Whose.OWN, self._town.name), rest[at + len(self._town.name) :]
            if named:
                return TownName(Whose.UNKNOWN, named), rest[len(named) :]
            return self._zone(rest)
        while town.whose is Whose.OWN and rest.startswith(town.word):
            rest = rest[len(town.word) :].removeprefix("办事处")
        return town, rest

    def _after_strange_regions(self, strangers: str, rest: str) -> tuple[TownName | None, str]:
        """The town after names of regions that nobody knows. In a town whose county the divisions have they are never
        certain; in another they are its own where the export gave no other name, and a town named by its shape is another."""
        town, after = self._town_in(rest)
        if town is None:
            return None, strangers + rest
        if self._towns.known or (town.whose is Whose.OWN and self._county_is_known):
            return TownName(Whose.UNKNOWN, strangers + town.word), after
        if town.whose is Whose.UNKNOWN:
            return TownName(Whose.OTHER, town.word), after
        return town, after

    def _zone(self, rest: str) -> tuple[TownName | None, str]:
        """A zone with a town in brackets after it: 经济开发区(三界)."""
        zone = _ZONE.match(rest)
        inner = zone and re.match(r"\(([一-鿿]{2,6})\)", rest[zone.end() :])
        if zone and inner:
            town = self._towns.at_front(inner.group(1)) or self._towns.by_stem(inner.group(1))
            if town is not None:
                return town, rest[zone.end() + inner.end() :]
        return None, rest

    def _in_another_region(self, read: Regions, town: TownName | None) -> Placement:
        """Another county, city or province. It is no other place for certain where it has no town of the name written."""
        codes = read.codes or frozenset()
        if (
            town is not None
            and town.whose is Whose.OWN
            and not any(has_town(code, town.word) for code in codes)
        ):
            return _unsure("".join(read.words) + town.word)
        return _elsewhere("".join(read.words))

    def _inside(self, rest: str, town: TownName) -> Placement:
        found, former = self._find(rest)
        placement = self._resolve(found, former) if found else self._not_found(rest)
        if town.rank_differs and not self._towns.known:
            note = Text(
                f"；地址写“{town.word}”，与{self._town.name}同名不同级，要核实",
                f'; the address says "{town.word}", {self._town.name} by another rank: to be checked',
            )
            return replace(
                placement, reason=Text(placement.reason.zh + note.zh, placement.reason.en + note.en)
            )
        return placement

    def _find(self, rest: str) -> tuple[list[AreaName], bool]:
        """The town's names in the address, and whether only a former one (原…) was found."""
        current = FORMER.sub(" ", rest)
        found = self._areas.search(current)
        if found or current == rest:
            return found, False
        former = " ".join(part["name"] for part in FORMER.finditer(rest))
        return self._areas.search(former), True

    def _without_town(self, read: Regions, rest: str) -> Placement:
        found, _ = self._find(rest)
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
        county_named = read.codes is not None and all(len(code) >= 6 for code in read.codes)
        if not county_named and (strangers := _strange_regions(rest)):
            return _unsure(strangers)
        return Placement(
            Standing.NO_TOWN,
            Text(
                "地址没有写乡镇，是否在本镇要核实",
                "The address names no town: whether it is in this one is to be checked",
            ),
            word=place_word(rest),
        )

    def _resolve(self, found: list[AreaName], former: bool) -> Placement:
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
        if len(work_areas) > 1 or (rivals and not work_areas):
            return Placement(
                Standing.AMBIGUOUS,
                self._several(words, work_areas or {area.id for area in rivals}),
                word=words,
            )
        places = {field: chosen[field].id for field in ("village", "park", "venue") if field in chosen}
        note = "（按原名）" if former else ""
        note_en = " (by its former name)" if former else ""
        if not work_areas:
            return Placement(
                Standing.PLACED,
                Text(
                    f"按“{words}”归到村（社区）或园区{note}；镇文件没有写它属于哪个工作片",
                    f'By "{words}"{note_en}; the town file does not say in which work area it lies',
                ),
                word=words,
                **places,
            )
        return Placement(
            Standing.PLACED,
            Text(f"按“{words}”归片{note}", f'By "{words}"{note_en}'),
            area=work_areas.pop(),
            word=words,
            **places,
        )

    def _not_found(self, rest: str) -> Placement:
        word = place_word(rest)
        if not word:
            reason = Text(f"地址只写到{self._town.name}", f"The address names only {self._town.name}")
            return Placement(Standing.TOWN_ONLY, reason)
        if word in self._former_villages:
            reason = Text(
                f"“{word}”是以前的村（社区），已合并或改名；并到哪个村，请写进那个村的别名",
                f'"{word}" was a village, since merged or renamed: write it among the aliases of the one it went into',
            )
        else:
            reason = Text(
                f"“{word}”不在镇文件的地名和别名里", f'"{word}" is not among the names of the town file'
            )
        return Placement(Standing.UNKNOWN_PLACE, reason, word=word)

    def _several(self, words: str, areas: set[str]) -> Text:
        names = sorted(self._places.areas[area].name for area in areas)
        return Text(
            f"“{words}”可能在{'、'.join(names)}，没有认定",
            f'"{words}" may lie in {", ".join(names)}; not decided',
        )

    def _with_likely(self, text: str, placement: Placement) -> Placement:
        if placement.standing is not Standing.UNKNOWN_PLACE or (name := road(text)) not in self._roads:
            return placement
        village = self._places.areas[self._roads[name]].name
        return replace(
            placement,
            likely=self._roads[name],
            reason=Text(
                f"{placement.reason.zh}；别的行把{name}写在{village}，可能在那里，要核实",
                f'{placement.reason.en}; other rows put "{name}" into {village}: likely there, to be checked',
            ),
        )


def _strange_regions(rest: str) -> str:
    """What looks like provinces, cities and counties at the front, though none of a known name."""
    at = 0
    while (shape := _REGION_SHAPE.match(rest, at)) is not None:
        at = shape.end()
    return rest[:at]


def _elsewhere(place: str, today: str = "") -> Placement:
    now, now_en = (
        (f"（今{today}）", f" (today {today})") if today and not today.startswith(place) else ("", "")
    )
    return Placement(
        Standing.OTHER_TOWN,
        Text(f"不在本镇：{place}{now}", f"Not in this town: {place}{now_en}"),
        word=place,
    )


def _unsure(place: str, today: str = "") -> Placement:
    now, now_en = (f"（有一部分今属{today}）", f" (a part of it is {today} today)") if today else ("", "")
    return Placement(
        Standing.UNSURE_TOWN,
        Text(
            f"地址写“{place}”{now}，是否属于本镇要核实",
            f'The address says "{place}"{now_en}: whether that is this town is to be checked',
        ),
        word=place,
    )
