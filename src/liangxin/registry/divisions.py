"""The five levels of divisions: province (2 digits of the code), city (4), county (6), town (9), village or community (12).

Names and codes of the National Bureau of Statistics as of 30 June 2023, and the names that counties and towns had before.
Where the data comes from, its licence and how it is renewed: ``divisions_data/README.md``. Four levels are read at once
(0.1 s); villages only of the province that is asked for.
"""

from __future__ import annotations

import lzma
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import Final

EDITION: Final = "2023-06-30"
LEVELS: Final[Mapping[str, int]] = MappingProxyType(
    {"province": 2, "city": 4, "county": 6, "town": 9, "village": 12}
)
_NO_NAME: Final = frozenset({"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"})
_NUMBER_OF_FIRST_VILLAGE: Final = (
    200  # 统计用区划代码编制规则: communities have 001 to 199, villages 200 to 399
)


@dataclass(frozen=True, slots=True)
class Division:
    """``code`` of 2, 4, 6, 9 or 12 digits; ``path``: the names from the province down to it, without fillers such as 市辖区."""

    code: str
    name: str
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Former:
    """A name that a county or town had. ``today``: the codes it became part of and the share of its villages in each, the
    largest first; empty where the editions do not tell. ``last``: the year of the last edition with the name, or of the change."""

    name: str
    last: int
    today: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Village:
    """``name`` without its committee: 水竹村, 桥东社区. ``official``: as published. ``former``: names the same number had."""

    code: str
    name: str
    official: str
    community: bool
    former: tuple[str, ...] = ()


def _lines(name: str) -> list[str]:
    packed = files("liangxin.registry").joinpath("divisions_data", *name.split("/")).read_bytes()
    return lzma.decompress(packed).decode("utf-8").splitlines()


@cache
def names() -> Mapping[str, str]:
    """Code: name, from province to town."""
    return MappingProxyType(dict(line.split("\t") for line in _lines("divisions.tsv.xz")))


def has_name(code: str) -> bool:
    """Whether the code's name is one that addresses use: 市辖区 and 省直辖县级行政区划 are fillers."""
    return names().get(code, "市辖区") not in _NO_NAME


def find(code: str) -> Division | None:
    """The division of a code, from province to town.

    >>> find("330683101").path
    ('浙江省', '绍兴市', '嵊州市', '长乐镇')
    """
    if code not in names():
        return None
    path = tuple(
        names()[code[:digits]] for digits in (2, 4, 6, 9) if digits <= len(code) and has_name(code[:digits])
    )
    return Division(code, names()[code], path)


@cache
def _children() -> Mapping[str, Sequence[str]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    above = {4: 2, 6: 4, 9: 6}
    for code in names():
        if len(code) in above:
            found[code[: above[len(code)]]].append(code)
    return found


def parts(code: str) -> Mapping[str, str]:
    """Code and name of what lies directly in a province, city or county."""
    return {each: names()[each] for each in _children().get(code, ())}


@cache
def _former() -> Mapping[str, Sequence[Former]]:
    """By the first four digits of the city, and for hand-kept changes by the two of the province."""
    found: defaultdict[str, list[Former]] = defaultdict(list)
    for line in _lines("former.tsv.xz"):
        code, name, last, today = line.split("\t")
        shares = tuple((key, float(share)) for key, share in (each.split(":") for each in today.split()))
        found[code if len(code) == 6 else code[:6] + "*"].append(Former(name, int(last), shares))
    text = (
        files("liangxin.registry")
        .joinpath("divisions_data", "county_changes.tsv")
        .read_text(encoding="utf-8")
    )
    for line in text.splitlines()[1:]:
        name, province, year, today = line.split("\t")
        codes = today.split()
        found[province].append(Former(name, int(year), tuple((key, 1 / len(codes)) for key in codes)))
    return found


@cache
def former_counties() -> tuple[Former, ...]:
    """Counties' former names, all over the country."""
    return tuple(each for key, every in _former().items() if "*" not in key for each in every)


def former_towns(county: str) -> Sequence[Former]:
    """Former names of towns in what is today the county ``county`` (6 digits)."""
    return _former().get(county + "*", ())


@lru_cache(maxsize=4)
def _villages(province: str) -> Mapping[str, str]:
    """Town: its line of the province's file."""
    try:
        lines = _lines(f"villages/{province}.txt.xz")
    except FileNotFoundError:
        return {}
    return {line[:9]: line[10:] for line in lines}


@cache
def _village_names() -> Mapping[str, tuple[str, ...]]:
    return {
        code: tuple(_plain(name) for name in former.split("、"))
        for code, former in (line.split("\t") for line in _lines("village_names.tsv.xz"))
    }


@lru_cache(maxsize=2000)
def villages_of(town: str) -> tuple[Village, ...]:
    """Villages and communities of a town (9 digits) in the order of their codes; empty for an unknown one.

    >>> villages_of("330683101")[2].name, len(villages_of("330683101"))
    ('剡西社区', 30)
    """
    line = _villages(town[:2]).get(town, "")
    found = []
    for each in line.split("\t") if line else ():
        number, official = each[:3], each[3:]
        name = _plain(official)
        community = _is_community(official, number)
        former = tuple(old for old in _village_names().get(town + number, ()) if old != name)
        found.append(Village(town + number, name, official, community, former))
    return tuple(found)


def _plain(official: str) -> str:
    """The place without its committee.

    >>> [_plain(each) for each in ("水竹村委会", "城南村村委会", "剡西社区居委会", "长乐居委会", "敦达乌苏嘎查")]
    ['水竹村', '城南村', '剡西社区', '长乐居委会', '敦达乌苏嘎查']
    """
    text = re.sub(
        r"(社区|居民区|小区|村|屯|嘎查)(?:居民|村民)?(?:委员会|居委会|村委会|居民委员会|村民委员会)$",
        r"\1",
        official,
    )
    text = re.sub(r"(?:村村民委员会|村民委员会)$", "村", text)
    text = re.sub(r"(?<!村)村委会$", "村", text)
    return re.sub(r"居民委员会$", "居委会", text)


@cache
def _former_villages() -> Mapping[str, str]:
    return dict(line.split("\t") for line in _lines("former_villages.tsv.xz"))


def former_villages(town: str) -> tuple[tuple[str, bool], ...]:
    """(name, whether a community) of what earlier editions have in today's town and today's has not in its county: villages
    that were merged or are called otherwise. Into which village each went, the editions do not say.

    >>> former_villages("330683101")[0]
    ('下曹村', False)
    """
    names = _former_villages().get(town, "")
    found = {_plain(name): _is_community(name, "") for name in names.split("、") if name}
    return tuple(found.items())


def _is_community(official: str, number: str) -> bool:
    if official.endswith(("村", "村委会", "村民委员会", "嘎查")):
        return False
    return official.endswith(("社区", "居委会", "居民委员会")) or (
        number.isdigit() and int(number) < _NUMBER_OF_FIRST_VILLAGE
    )


_RANK: Final = re.compile(
    r"(?:街道|特别行政区|自治区|地区|自治州|自治县|自治旗|矿区|林区|省|镇|乡|苏木|市|县|区|旗|州|盟)$"
)
_PEOPLES: Final = re.compile(
    r"(?:(?:各|土家|苗|侗|布依|彝|藏|羌|回|壮|瑶|傣|白|哈尼|景颇|傈僳|怒|独龙|蒙古|朝鲜|满|哈萨克|柯尔克孜|维吾尔|锡伯|土|撒拉|东乡|保安|裕固|黎|畲|仡佬"
    r"|水|毛南|仫佬|纳西|普米|拉祜|佤|布朗|达斡尔|鄂温克|鄂伦春|塔吉克)族)+自治[州县旗]$|(?:蒙古|柯尔克孜|哈萨克)自治[州县]$"
)
_WESTERN: Final = {"广西壮族自治区": "广西", "宁夏回族自治区": "宁夏", "新疆维吾尔自治区": "新疆"}


def stem(name: str) -> str:
    """A name without its rank, or the name itself where nothing that could stand alone would be left.

    >>> [stem(each) for each in ("长乐镇", "柯桥区", "恩施土家族苗族自治州", "广西壮族自治区", "沙县")]
    ['长乐', '柯桥', '恩施', '广西', '沙县']
    """
    if name in _WESTERN:
        return _WESTERN[name]
    cut = _PEOPLES.sub("", name)
    if cut == name:
        cut = _RANK.sub("", name)
    return cut if len(cut) >= 2 else name


_MOST_FOUND: Final = 50


def search_towns(words: str, limit: int = _MOST_FOUND) -> list[Division]:
    """Towns whose code begins with the digits typed, or whose name and the names above it hold every word typed.

    Words stand apart by blanks or run on ("嵊州长乐镇", "嵊州 长乐"). A town whose own name is meant comes before one that only
    lies in a county of that name; of equal ones the order is that of the codes.
    """
    text = re.sub(r"[\s,，、/·]+", " ", words).strip()
    if not text:
        return []
    if text.isdigit():
        return [
            found
            for code in names()
            if len(code) == 9 and code.startswith(text[:9]) and (found := find(code))
        ][:limit]
    ranked: list[tuple[int, int, str]] = []
    wanted = text.split(" ")
    for code, name in names().items():
        if len(code) != 9:
            continue
        rank = _rank(code, name, wanted)
        if rank is not None:
            ranked.append((rank, len(name), code))
    return [found for *_, code in sorted(ranked)[:limit] if (found := find(code))]


def _rank(code: str, name: str, wanted: Sequence[str]) -> int | None:
    """0: the name itself, 1: without its rank, 2: begins with it, 3: holds it, 4: only the names above do. None: not meant."""
    last = wanted[-1]
    if len(wanted) == 1:
        if name == last:
            return 0
        if stem(name) == last:
            return 1
        if name.startswith(last):
            return 2
        if last in name:
            return 3
        return _run_on(code, name, last)
    above = _above(code)
    if not all(any(word in each for each in above) or word in name for word in wanted[:-1]):
        return None
    if name == last or stem(name) == last:
        return 0
    if name.startswith(last):
        return 2
    if last in name:
        return 3
    return 4 if any(last in each for each in above) else None


@lru_cache(maxsize=4000)
def _upper_names(county: str) -> tuple[str, ...]:
    return tuple(names()[county[:digits]] for digits in (2, 4, 6) if has_name(county[:digits]))


def _above(code: str) -> tuple[str, ...]:
    return _upper_names(code[:6])


@lru_cache(maxsize=4000)
def _beginnings(county: str) -> tuple[str, ...]:
    """How what is typed may begin before the town's own name: 浙江省绍兴市嵊州市, 浙江嵊州, 嵊州, ..."""
    upper = [{name, stem(name), ""} for name in _upper_names(county)]
    found = {""}
    for level in upper:
        found = {before + word for before in found for word in level}
    return tuple(sorted(found - {""}, key=len, reverse=True))


def _run_on(code: str, name: str, text: str) -> int | None:
    """The typed words run on: 嵊州长乐, 浙江省嵊州市."""
    county = code[:6]
    if not any(each[:2] == text[:2] for each in _upper_names(county)):
        return None
    for before in _beginnings(county):
        if text.startswith(before):
            rest = text[len(before) :]
            if not rest:
                return 4
            if name == rest or stem(name) == rest:
                return 0
            if name.startswith(rest):
                return 2
    return None
