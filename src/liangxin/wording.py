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
        """Put values into the ``{name}`` places of both languages; a value that is a Text is put in per language."""
        return Text(
            self.zh.format(**{key: _side(value, "zh") for key, value in values.items()}),
            self.en.format(**{key: _side(value, "en") for key, value in values.items()}),
        )

    def as_dict(self) -> dict[str, str]:
        return {"zh": self.zh, "en": self.en}


def _side(value: object, lang: Lang) -> object:
    return value.in_language(lang) if isinstance(value, Text) else value


def join(parts: Iterable[Text], zh: str = "；", en: str = "; ") -> Text:
    """Join sentences with each language's own separator."""
    listed = list(parts)
    return Text(zh.join(part.zh for part in listed), en.join(part.en for part in listed))
