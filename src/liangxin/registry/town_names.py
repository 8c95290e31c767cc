"""What the name of a town in an address says: this town, another one, or not certain.

The names are those of today's divisions of the county and its city, the names they had before, and a name with another rank
(甲水街道 that was 甲水镇) where the county has no other town of that stem. A town that the divisions do not have is known
by its own name alone, and the others by what the export writes after the county's name.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache
from typing import Final

from liangxin.registry import divisions
from liangxin.registry.town import Town

CERTAIN_SHARE: Final = 0.9
RANKS: Final = ("街道", "镇", "乡")
TOWN_SHAPE: Final = re.compile(r"([一-鿿]{2,4}?(?:街道|镇|乡))")
_IS_TOWN: Final = re.compile(r"(?:街道|镇|乡|苏木)$")
_PART_OF_A_ROAD: Final = re.compile(r"[东南西北中]?[路街](?!道)|大[道街]")  # "某环镇东路" names no town
_ZONE_AFTER: Final = re.compile(r"(?:工业|经济|个私|集聚|功能|园区|园|开发|[(]|\d|$)")


class Whose(Enum):
    """Whose name it is. ``NEARBY``: another county of the city has a town of this name. ``PARTLY``: a former town of which only a
    part is this town. ``UNKNOWN``: nothing certain."""

    OWN = "own"
    OTHER = "other"
    NEARBY = "nearby"
    PARTLY = "partly"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class TownName:
    """``word`` as written, ``today``: what it is now called, where that differs."""

    whose: Whose
    word: str
    today: str = ""
    rank_differs: bool = False


def stem(name: str) -> str:
    return re.sub(r"(?:街道|镇|乡)$", "", name)


@cache
def _county_names(county: str) -> Mapping[str, tuple[tuple[str, float], ...]]:
    """Every name that towns of a county have or had: today's codes with shares. A development zone, a farm or a forest that
    the statistics count as a town is left out: addresses use its name for land of several towns."""
    found: dict[str, tuple[tuple[str, float], ...]] = {
        name: ((code, 1.0),) for code, name in divisions.parts(county).items() if _IS_TOWN.search(name)
    }
    for former in divisions.former_towns(county):
        if _IS_TOWN.search(former.name):
            found.setdefault(former.name, former.today)
    return found


@cache
def _counties_by_town() -> Mapping[str, frozenset[str]]:
    """Every name that a town of the country has or had, and the counties of today in which."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for county in (code for code in divisions.names() if len(code) == 6):
        for name in _county_names(county):
            found[name].add(county)
    return {name: frozenset(counties) for name, counties in found.items()}


_LONGEST_TOWN: Final = 12


def only_county(text: str, codes: Iterable[str]) -> tuple[str, str]:
    """(the town that a text begins with, its county) where only one county of the divisions ``codes`` has or had a town of
    that name; else ("", "")."""
    within = tuple(codes)
    for length in range(min(_LONGEST_TOWN, len(text)), 2, -1):
        counties = _counties_by_town().get(text[:length])
        if counties is not None:
            possible = {each for each in counties if each.startswith(within)}
            return (text[:length], next(iter(possible))) if len(possible) == 1 else ("", "")
    return "", ""


def has_town(code: str, name: str) -> bool:
    """Whether a province, city or county has or had a town of this name."""
    return any(county.startswith(code) for county in _counties_by_town().get(name, ()))


class TownNames:
    """The names of one town and of its neighbours. ``known``: whether the divisions have it, by its county's code and a name."""

    def __init__(self, town: Town) -> None:
        self.county = town.code[:6]
        roots = {stem(name) for name in (town.name, *town.aliases)}
        self.known = any(stem(name) in roots for name in _county_names(self.county))
        self.own_stem = root if len(root := stem(town.name)) >= 2 and root != town.name else ""
        names: dict[str, TownName] = {}
        if self.known:
            names |= self._of_the_county(self._code(town, roots))
        own = [town.name, *town.aliases]
        for name in own:
            names[name] = TownName(Whose.OWN, name)
        for name in own:
            for rank in RANKS:
                other = stem(name) + rank
                if stem(name) and other not in names:
                    names[other] = TownName(Whose.OWN, other, town.name, rank_differs=True)
        self._names = names
        self._lengths = sorted({len(name) for name in names}, reverse=True)
        self._stems: dict[str, TownName] = {}
        self._index_stems()

    def _code(self, town: Town, roots: set[str]) -> str:
        """The code that the divisions give the town: its own, or where the file has a former one, what has become of it."""
        if stem(divisions.names().get(town.code, "")) in roots:
            return town.code
        names = _county_names(self.county)
        today = [names[name][0][0] for name in names if stem(name) in roots and names[name]]
        return today[0] if today else town.code

    def _of_the_county(self, own: str) -> dict[str, TownName]:
        city = self.county[:4]
        found: dict[str, TownName] = {}
        for county in (each for each in divisions.names() if len(each) == 6 and each.startswith(city)):
            if county != self.county:
                for name in _county_names(county):
                    found[name] = TownName(Whose.NEARBY, name)
        by_stem: defaultdict[str, set[str]] = defaultdict(set)
        for name, today in _county_names(self.county).items():
            found[name] = self._judge(name, today, own)
            by_stem[stem(name)].update(code for code, _ in today)
        for root, codes in by_stem.items():
            if len(codes) != 1 or len(root) < 2:
                continue
            (code,) = codes
            for rank in RANKS:
                if root + rank not in _county_names(self.county):
                    whose = Whose.OWN if code == own else Whose.OTHER
                    found[root + rank] = TownName(
                        whose, root + rank, divisions.names().get(code, ""), rank_differs=whose is Whose.OWN
                    )
        return found

    def _judge(self, name: str, today: tuple[tuple[str, float], ...], own: str) -> TownName:
        if not today:
            return TownName(Whose.UNKNOWN, name)
        shares = dict(today)
        now = divisions.names().get(today[0][0], "")
        if own not in shares:
            return TownName(Whose.OTHER, name, now if now != name else "")
        if shares[own] >= CERTAIN_SHARE:
            return TownName(Whose.OWN, name, now if now != name else "")
        return TownName(Whose.PARTLY, name, now)

    def learn(self, names: Iterable[str]) -> None:
        """Other towns by their names, where the divisions do not have the county."""
        for name in names:
            self._names.setdefault(name, TownName(Whose.OTHER, name))
        self._lengths = sorted({len(name) for name in self._names}, reverse=True)
        self._index_stems()

    def _index_stems(self) -> None:
        found: dict[str, TownName] = {}
        for name, each in self._names.items():
            root = stem(name)
            if len(root) >= 2 and root != name and each.whose in (Whose.OWN, Whose.OTHER):
                before = found.get(root)
                if before is None or before.whose is each.whose:
                    found[root] = TownName(each.whose, root, each.today)
                else:
                    found[root] = TownName(Whose.UNKNOWN, root)
        county = divisions.names().get(self.county, "")
        found.pop(divisions.stem(county), None)  # 柯桥经济开发区 is the district's, not 柯桥街道's
        self._stems = {root: each for root, each in found.items() if each.whose is not Whose.UNKNOWN}

    def begins(self, text: str) -> bool:
        return self.at_front(text) is not None

    def begins_short(self, text: str) -> bool:
        return self.by_stem(text) is not None

    def at_front(self, text: str) -> TownName | None:
        """The known town that a text begins with."""
        for length in self._lengths:
            found = self._names.get(text[:length])
            if found is not None:
                return found
        return None

    def near_front(self, text: str) -> tuple[TownName, str] | None:
        """A known town after one or two strange characters ("暨陶朱街道"), and what follows it."""
        for skipped in (1, 2):
            found = self.at_front(text[skipped:])
            if found is not None and found.whose in (Whose.OWN, Whose.OTHER):
                rest = text[skipped + len(found.word) :]
                return None if _PART_OF_A_ROAD.match(rest) else (found, rest)
        return None

    def by_stem(self, text: str) -> TownName | None:
        """A town without its rank before a zone, a bracket or nothing more: 甘霖工业区."""
        for length in (5, 4, 3, 2):
            found = self._stems.get(text[:length])
            if found is not None and len(text) >= length and _ZONE_AFTER.match(text, length):
                return found
        return None

    def shaped(self, text: str) -> str:
        """A town by its shape alone: 某某镇. Not certain to be one."""
        found = TOWN_SHAPE.match(text)
        return "" if found is None or _PART_OF_A_ROAD.match(text, found.end()) else found.group(1)
