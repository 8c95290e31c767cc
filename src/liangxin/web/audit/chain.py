"""The chain itself: what of an event is hashed, and how. No database here; a third party can compute the same.

hash(n) = SHA-256 of the canonical JSON of event n, which holds hash(n - 1). Canonical: UTF-8, keys sorted, no spaces,
time in UTC with six decimals. ``detail`` goes in as the text that is stored.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final, Protocol

FORMAT: Final = "liangxin.audit/1"
START: Final = "0" * 64  # what the first event names as its predecessor


class Link(Protocol):
    """An event as stored."""

    seq: int
    at: datetime
    actor: str
    town: str
    action: str
    object_kind: str
    object_id: str
    reason: str
    detail: str
    previous: str
    hash: str


def canonical(value: Mapping[str, Any]) -> str:
    """JSON that is the same text for the same facts. Raises ValueError for what JSON does not have (NaN)."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def digest(link: Link) -> str:
    """The hash that the event must carry."""
    facts = {
        "format": FORMAT,
        "seq": link.seq,
        "at": moment(link.at),
        "actor": link.actor,
        "town": link.town,
        "action": link.action,
        "object_kind": link.object_kind,
        "object_id": link.object_id,
        "reason": link.reason,
        "detail": link.detail,
        "previous": link.previous,
    }
    return hashlib.sha256(canonical(facts).encode("utf-8", "surrogatepass")).hexdigest()
