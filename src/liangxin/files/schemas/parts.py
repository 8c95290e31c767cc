"""Parts that several schemas are made of."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

JsonSchema = dict[str, Any]

TEXT: Final[JsonSchema] = {"type": "string"}
NAME: Final[JsonSchema] = {"type": "string", "minLength": 1}
COUNT: Final[JsonSchema] = {"type": "integer", "minimum": 0}
NUMBER: Final[JsonSchema] = {"type": "number"}
DATE: Final[JsonSchema] = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
SHARE: Final[JsonSchema] = {"type": "number", "minimum": 0, "maximum": 1}
POSITION: Final[JsonSchema] = {
    "description": "[longitude, latitude], WGS 84",
    "type": "array",
    "prefixItems": [
        {"type": "number", "minimum": -180, "maximum": 180},
        {"type": "number", "minimum": -90, "maximum": 90},
    ],
    "minItems": 2,
    "maxItems": 2,
}


def record(properties: dict[str, JsonSchema], *, optional: Iterable[str] = (), **more: Any) -> JsonSchema:
    """An object whose properties are all required but ``optional``; others are refused, as misspellings would be."""
    left_out = set(optional)
    return {
        "type": "object",
        "properties": properties,
        "required": [name for name in properties if name not in left_out],
        "additionalProperties": False,
        **more,
    }


def listing(of: JsonSchema, **more: Any) -> JsonSchema:
    return {"type": "array", "items": of, **more}


def choice(values: Iterable[str]) -> JsonSchema:
    return {"enum": list(values)}


def nullable(of: JsonSchema) -> JsonSchema:
    return {"anyOf": [of, {"type": "null"}]}


BOTH_LANGUAGES: Final = record({"zh": TEXT, "en": TEXT})
RATE: Final = record(
    {
        "numerator": COUNT,
        "denominator": COUNT,
        "unknown": {**COUNT, "description": "units whose place is not yet known (待核)"},
        "low": nullable(SHARE),
        "high": nullable(SHARE),
    },
    optional=("low", "high"),
)
INDICATOR: Final = record(
    {
        "id": NAME,
        "label": BOTH_LANGUAGES,
        "before": RATE,
        "after": RATE,
        "target": nullable(SHARE),
        "due": nullable(DATE),
    }
)
