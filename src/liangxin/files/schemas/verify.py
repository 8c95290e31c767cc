"""``liangxin.verify/1``."""

from __future__ import annotations

from liangxin.files.schemas import anchor
from liangxin.files.schemas.parts import (
    BOTH_LANGUAGES,
    COUNT,
    NAME,
    TEXT,
    JsonSchema,
    listing,
    nullable,
    record,
)


def document() -> JsonSchema:
    rate = record({"numerator": COUNT, "denominator": COUNT, "unknown": COUNT})
    town = record(
        {
            "code": NAME,
            "units": COUNT,
            "entries": {**COUNT, "description": "of the journal of organizations"},
            "indicators": {"type": "object", "additionalProperties": rate},
            "notes": listing(BOTH_LANGUAGES),
        }
    )
    fault = record({"code": NAME, "seq": nullable(COUNT), "zh": TEXT, "en": TEXT})
    return record(
        {
            "format": {"const": "liangxin.verify/1"},
            "ok": {"type": "boolean"},
            "events": COUNT,
            "rows": {**COUNT, "description": "compared one by one with the chain"},
            "notes": listing(BOTH_LANGUAGES),
            "anchors": listing(anchor.document()),
            "towns": listing(town),
            "faults": listing(fault),
        },
        title="核对结果 / What verifying found",
    )
