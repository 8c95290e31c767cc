"""Every sentence a person reads exists in Chinese and in English; this is the type that holds both."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Lang = Literal["zh", "en"]
LANGUAGES: tuple[Lang, ...] = ("zh", "en")


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence or label in both languages. Chinese is written first, not translated.

    >>> Text("共{count}家", "{count} units").fill(count=3).zh
    '共3家'
    """

    zh: str
    en: str

    def in_language(self, lang: Lang) -> str:
        return self.zh if lang == "zh" else self.en

    def fill(self, **values: object) -> Text:
        """Put values into the ``{name}`` places of both languages; a value that is a Text is put in per language.

        A count in English chooses its word: ``{n:unit|units}``.

        >>> words = Text("共{n}家", "{n:unit|units} in all")
        >>> words.fill(n=1).en, words.fill(n=1234).en, words.fill(n=1).zh
        ('1 unit in all', '1,234 units in all', '共1家')
        """
        return Text(
            self.zh.format(**{key: _side(value, "zh") for key, value in values.items()}),
            self.en.format(**{key: _side(value, "en") for key, value in values.items()}),
        )

    def as_dict(self) -> dict[str, str]:
        return {"zh": self.zh, "en": self.en}


def _side(value: object, lang: Lang) -> object:
    if isinstance(value, int) and not isinstance(value, bool):
        return _Count(value)
    return value.in_language(lang) if isinstance(value, Text) else value


class _Count(int):
    """A whole number that takes the word for one or for many with it."""

    def __format__(self, spec: str) -> str:
        one, bar, many = spec.partition("|")
        return counted(int(self), one, many) if bar else int.__format__(self, spec)


def counted(count: int, one: str, many: str) -> str:
    """The English of a count.

    >>> counted(1, "unit", "units"), counted(1200, "unit", "units")
    ('1 unit', '1,200 units')
    """
    return f"{count:,} {one if count == 1 else many}"


def join(parts: Iterable[Text], zh: str = "；", en: str = "; ") -> Text:
    """Join sentences with each language's own separator."""
    listed = list(parts)
    return Text(zh.join(part.zh for part in listed), en.join(part.en for part in listed))
