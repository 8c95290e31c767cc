"""What reading one written value gives, and how it is said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from liangxin.findings import Severity
from liangxin.wording import Text

_WIDE: Final = str.maketrans(
    {chr(0xFF01 + offset): chr(0x21 + offset) for offset in range(94)} | {"　": " ", "。": "."}
)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a cell says. ``code`` is empty when there is nothing to remark; a null with an ERROR could not be read."""

    value: Any = None
    code: str = ""
    message: Text | None = None
    accepted: Text | None = None
    severity: Severity = Severity.ERROR


EMPTY: Final = Reading()


def narrow(text: str) -> str:
    """Full-width letters, digits and punctuation as half-width ones.

    >>> narrow("８０人（含）")
    '80人(含)'
    """
    return text.translate(_WIDE)


def refuse(code: str, zh: str, en: str, accepted: Text | None = None) -> Reading:
    """It cannot be taken: null and an error."""
    return Reading(None, code, Text(zh, en), accepted)


def remark(value: object, code: str, zh: str, en: str) -> Reading:
    """It is taken, but somebody should look."""
    return Reading(value, code, Text(zh, en), None, Severity.WARNING)


def nothing_said(text: str) -> Reading:
    """A dash: nothing is said, which is neither zero nor no."""
    return remark(
        None,
        "placeholder",
        f"“{text}”按待核处理；确实没有的请填0或“否”",
        f'"{text}" is taken as not yet known; if there is none write 0 or 否',
    )
