"""How a refusal of this room is made: a stable code, the sentence in both languages, the field it is about."""

from __future__ import annotations

from liangxin.findings import Finding
from liangxin.wording import Text


def refusal(
    code: str, zh: str, en: str, *, accepted: Text | None = None, field: str = "", **values: object
) -> Finding:
    """``field``: the one of the act that the page marks (``reason``, ``serial``, ``minutes`` …)."""
    return Finding(f"procedure.{code}", Text(zh, en).fill(**values), accepted=accepted, column_of=field)
