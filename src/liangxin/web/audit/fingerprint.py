"""The fingerprint of a row history: its SHA-256 stands in the event, so that a changed history shows as well.

Rows are kept where they belong (``Change``, ``StoredOperation``, ``CaseEvent``), not twice; the chain holds what
they must hash to.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

from liangxin.web.audit.chain import canonical


def of_changes(rows: Iterable[tuple[int, Any, Any]]) -> str:
    """Of (unit key, before, after) in the order of the changes of one change set."""
    return _of([key, before, after] for key, before, after in rows)


def of_operations(documents: Iterable[Any]) -> str:
    """Of the journal entries that one act added, in the order of their numbers."""
    return _of(documents)


def of_case_event(document: Any) -> str:
    """Of one event of a case: the act with all its facts."""
    return _of([document])


def _of(rows: Iterable[Any]) -> str:
    made = hashlib.sha256()
    for row in rows:
        made.update(canonical({"row": _plain(row)}).encode("utf-8", "surrogatepass"))
    return made.hexdigest()


def _plain(value: Any) -> Any:
    """Numbers as every database gives them back: PostgreSQL returns 1e22 as a whole number."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list | tuple) else value
