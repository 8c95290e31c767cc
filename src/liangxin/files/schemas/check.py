"""``liangxin.check/1``."""

from __future__ import annotations

from liangxin.files.check_json import FORMAT
from liangxin.files.schemas.parts import (
    BOTH_LANGUAGES,
    COUNT,
    NAME,
    TEXT,
    JsonSchema,
    choice,
    listing,
    record,
)
from liangxin.findings import Severity
from liangxin.registry.fields import FIELDS

_POSITION: JsonSchema = {"type": "integer", "minimum": 1}


def document() -> JsonSchema:
    place = {"file": NAME, "sheet": NAME, "row": _POSITION, "column": NAME, "cell": NAME}
    text_place = {"line": _POSITION, "offset": _POSITION}
    told = {"field": choice(FIELDS), "found": NAME, "accepted": BOTH_LANGUAGES}
    finding = record(
        {
            "code": NAME,
            "severity": choice(severity.value for severity in Severity),
            "message": BOTH_LANGUAGES,
            **place,
            **text_place,
            **told,
        },
        optional=(*place, *text_place, *told),
    )
    counts = ("units", "units_without_errors", "units_with_errors", "errors", "warnings")
    return record(
        {
            "format": {"const": FORMAT},
            "file": NAME,
            "sheet": TEXT,
            **dict.fromkeys(counts, COUNT),
            "findings": listing(finding),
        },
        title="台账检查结果 / What was found in a ledger",
    )
