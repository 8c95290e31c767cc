"""Made-up names: three invented brand syllables, a trade and an ending, never the same brand twice."""

from __future__ import annotations

from typing import Final

import numpy as np

from liangxin.sample.trades import Trade

_FIRST: Final = "砚岚澹珂黛筠翎澜瑭霁槿漪珩榛芷榆琬沅汐弈澍琮煦皓翊堃煜珺玥昶暄祁菡笙韶骞箬檀楹樾"
_SECOND: Final = "柘嵘缇沣泓炀棠鸢绮岫茗泠璇樟杉鹭帆溯渊野朔弦笛桥舟羽麓汀巽隅穗陌渡崖壑屿汶浔洺洄"
_THIRD: Final = "蘅瑅皋蓁纾祎璟颢垣畹暾芩绛峤曦滟彧钰珏翯湄浥濛琏翡瑾珞珈荻葳蕤滢煊燚骅骥骞骐骖驷"
_VILLAGE_FIRST: Final = "上下东西南北前后大小新老"
_VILLAGE_MIDDLE: Final = "竹枫溪岭桥塘坞坑湖泉樟柏石沙梅桃茶岩坪墩堰渡亭"
_VILLAGE_LAST: Final = "村湾坂坎头墅坊家田岙"
_TOWNSHIPS_FIRST: Final = "岚澹霁筠芷漪榛箬"
_TOWNSHIPS_LAST: Final = "溪岭湖浦"
CAPACITY: Final = len(_FIRST) * len(_SECOND) * len(_THIRD)

_FACTORY_ENDINGS: Final = ("有限公司", "有限公司", "有限公司", "厂")
_LAST_FACTORY_DIVISION: Final = "43"  # manufacturing is divisions 13 to 43
_ENDINGS: Final[dict[str, tuple[str, ...]]] = {
    "enterprise": ("有限公司", "有限公司", "商行"),
    "household": ("经营部", "商行", "门市部"),
    "cooperative": ("专业合作社",),
}
"""By kind; an enterprise of a manufacturing trade has a factory's ending."""


def brands(count: int, rng: np.random.Generator) -> list[str]:
    """``count`` different brands; beyond 64,000 a second round adds a syllable in front."""
    made: list[str] = []
    order = rng.permutation(CAPACITY)
    for number in range(count):
        value = int(order[number % CAPACITY])
        lap = number // CAPACITY
        word = (
            _FIRST[value % len(_FIRST)]
            + _SECOND[value // len(_FIRST) % len(_SECOND)]
            + _THIRD[value // len(_FIRST) // len(_SECOND)]
        )
        made.append((_THIRD[lap - 1] if lap else "") + word)
    return made


def unit_names(place: str, kinds: list[str], trades: list[Trade], rng: np.random.Generator) -> list[str]:
    """One name a unit: place, brand, trade, ending ("长乐砚柘蘅电机有限公司")."""
    endings = rng.integers(0, 12, len(kinds)).tolist()
    names: list[str] = []
    for brand, kind, trade, number in zip(brands(len(kinds), rng), kinds, trades, endings, strict=True):
        is_factory = kind == "enterprise" and "13" <= trade.code[:2] <= _LAST_FACTORY_DIVISION
        choices = _FACTORY_ENDINGS if is_factory else _ENDINGS.get(kind, ("",))
        names.append(f"{place}{brand}{trade.word}{choices[number % len(choices)]}")
    return names


def village_names(count: int, rng: np.random.Generator) -> list[str]:
    """Different made-up village names ("上竹湾村")."""
    lasts = [last for last in _VILLAGE_LAST if last != "村"]
    total = len(_VILLAGE_FIRST) * len(_VILLAGE_MIDDLE) * len(lasts)
    if count > total:
        raise ValueError(f"at most {total} village names, asked for {count}")
    names: list[str] = []
    for value in rng.permutation(total)[:count].tolist():
        first = _VILLAGE_FIRST[value % len(_VILLAGE_FIRST)]
        rest = value // len(_VILLAGE_FIRST)
        names.append(
            f"{first}{_VILLAGE_MIDDLE[rest % len(_VILLAGE_MIDDLE)]}{lasts[rest // len(_VILLAGE_MIDDLE)]}村"
        )
    return names


def township_names(count: int) -> list[str]:
    """Made-up names for the parts of a larger town ("岚溪")."""
    made = [first + last for last in _TOWNSHIPS_LAST for first in _TOWNSHIPS_FIRST]
    return (
        made[:count]
        if count <= len(made)
        else made + [f"{made[n % 32]}{n // 32 + 1}" for n in range(32, count)]
    )
