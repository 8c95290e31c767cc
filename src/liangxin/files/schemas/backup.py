"""``liangxin.backup/1``: the manifest of a backup; beside it in the ZIP ``tables/NAME.jsonl`` and ``uploads/PATH``."""

from __future__ import annotations

from liangxin.files.schemas.anchor import HASH, MOMENT, SIGNATURE
from liangxin.files.schemas.parts import COUNT, DATE, NAME, JsonSchema, choice, listing, record


def document() -> JsonSchema:
    rate = {
        "type": "array",
        "items": COUNT,
        "minItems": 3,
        "maxItems": 3,
        "description": "numerator, denominator, unknown",
    }
    indicators = {"type": "object", "additionalProperties": rate}
    return record(
        {
            "format": {"const": "liangxin.backup/1"},
            "id": NAME,
            "made": MOMENT,
            "version": NAME,
            "engine": choice(("sqlite", "postgresql")),
            "migrations": {"type": "object", "additionalProperties": listing(NAME)},
            "tables": listing(
                record({"name": NAME, "columns": listing(NAME), "rows": COUNT, "sha256": HASH})
            ),
            "uploads": listing(record({"path": NAME, "size": COUNT, "sha256": HASH})),
            "towns": listing(
                record({"code": NAME, "name": NAME, "day": DATE, "units": COUNT, "indicators": indicators})
            ),
            "public_key": HASH,
            "signature": SIGNATURE,
        },
        title="备份清单 / Manifest of a backup",
    )
