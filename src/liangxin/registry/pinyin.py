"""How names sound: keys by which a name is found when its pinyin is typed, and the order of a list by pinyin."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import product
from typing import TYPE_CHECKING, Final

from liangxin.registry.text import fold

if TYPE_CHECKING:
    import polars as pl

_MOST_READINGS: Final = 24  # ways to read one name that get a key
_LONGEST: Final = 60  # characters of a name that are sounded


def search_keys(name: str) -> str:
    """All that may be typed to find a name by its sound, parted by blanks: initials and whole syllables, first as the words
    are usually read, then with other readings of single characters.

    >>> "clsh" in search_keys("长乐商行"), "changleshanghang" in search_keys("长乐商行"), "zlsx" in search_keys("长乐商行")
    (True, True, True)
    """
    from pypinyin import lazy_pinyin

    usual = [part.lower() for part in lazy_pinyin(name[:_LONGEST]) if part.strip()]
    by_character = [_readings(character) for character in name[:_LONGEST] if not character.isspace()]
    ways: list[Sequence[str]] = [usual]
    several = [place for place, readings in enumerate(by_character) if len(readings) > 1]
    if several and len(by_character) == len(usual):
        for chosen in product(*(by_character[place][:3] for place in several[:4])):
            way = list(usual)
            for place, reading in zip(several, chosen, strict=False):
                way[place] = reading
            ways.append(way)
            if len(ways) >= _MOST_READINGS:
                break
    initials = dict.fromkeys("".join(part[:1] for part in way) for way in ways)
    whole = dict.fromkeys("".join(way) for way in ways)
    return " ".join([*initials, *whole])


def is_found(name: str, words: str) -> bool:
    """Whether a name holds every one of the words, as they look or as they sound.

    >>> is_found("长乐（电机）联合党支部", "电机 lianhe"), is_found("长乐（电机）联合党支部", "电机 zhibu2")
    (True, False)
    """
    folded = fold(name)
    return all(
        word in folded or (word.isascii() and word.isalpha() and word in _kept_keys(name))
        for word in map(fold, words.split())
    )


_kept_keys = lru_cache(maxsize=20_000)(search_keys)


@lru_cache(maxsize=8192)
def _readings(character: str) -> tuple[str, ...]:
    from pypinyin import Style, pinyin

    found = pinyin(character, style=Style.NORMAL, heteronym=True)
    return tuple(reading.lower() for reading in found[0]) if found else (character,)


def by_sound(column: pl.Expr) -> pl.Expr:
    """A column of texts as their pinyin, to sort by; equal sounds keep the order of their characters."""
    import polars as pl

    return column.map_batches(_sounded, return_dtype=pl.String)


def _sounded(texts: pl.Series) -> pl.Series:
    import polars as pl

    characters = texts.drop_nulls().unique().str.split("").explode().unique().drop_nulls().to_list()
    foreign = [character for character in characters if character and not character.isascii()]
    if not foreign:
        return texts
    sounds = [f"{_readings(character)[0]} {character}" for character in foreign]
    frame = pl.DataFrame({"text": texts})
    return frame.select(pl.col("text").str.replace_many(foreign, sounds)).to_series()
