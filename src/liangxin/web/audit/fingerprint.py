"""The fingerprint of a row history: its SHA-256 stands in the event, so that a changed history shows as well.

Rows are kept where they belong (``Change``, ``StoredOperation``, ``CaseEvent``), not twice; the chain holds what
they must hash to.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

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
        made.update(canonical({"row": plain(row)}).encode("utf-8", "surrogatepass"))
    return made.hexdigest()


def plain(value: Any) -> Any:
    """A stored value as JSON has it, the same from every database: PostgreSQL returns 1e22 as a whole number."""
    match value:
        case None | bool() | str() | int():
            return value
        case float():
            return int(value) if value.is_integer() else value
        case date() | time():  # a datetime is a date
            return value.isoformat()
        case Decimal() | UUID():
            return str(value)
        case timedelta():
            return value.total_seconds()
        case bytes() | memoryview():
            return base64.b64encode(bytes(value)).decode()
        case dict():
            return {str(name): plain(each) for name, each in value.items()}
        case list() | tuple():
            return [plain(each) for each in value]
    raise TypeError(f"no place in a row for {type(value).__name__}")
