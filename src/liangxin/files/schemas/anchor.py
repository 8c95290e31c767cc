"""``liangxin.anchor/1``: the end of the audit chain, signed (Ed25519 over the JSON without ``signature``, keys sorted, no spaces)."""

from __future__ import annotations

from typing import Final

from liangxin.files.schemas.parts import COUNT, DATE, JsonSchema, record

HASH: Final[JsonSchema] = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
SIGNATURE: Final[JsonSchema] = {"type": "string", "pattern": "^[0-9a-f]{128}$"}
MOMENT: Final[JsonSchema] = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}Z$"}


def document() -> JsonSchema:
    return record(
        {
            "format": {"const": "liangxin.anchor/1"},
            "day": DATE,
            "seq": COUNT,
            "hash": HASH,
            "made": MOMENT,
            "public_key": HASH,
            "signature": SIGNATURE,
        },
        title="审计锚点 / Anchor of the audit chain",
    )
