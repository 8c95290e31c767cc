"""The ledger as an array of records, made from the table of fields. null is 待核 (not yet known), never zero or no."""

from __future__ import annotations

from typing import Any, Final

from liangxin.files.schemas.parts import DATE, NAME, JsonSchema, choice, listing, nullable
from liangxin.registry.fields import FIELDS, Field, FieldType

TYPES: Final[dict[FieldType, JsonSchema]] = {
    FieldType.TEXT: {"type": "string"},
    FieldType.INTEGER: {"type": "integer"},
    FieldType.NUMBER: {"type": "number"},
    FieldType.DATE: DATE,
    FieldType.BOOLEAN: {"type": "boolean"},
    FieldType.REFERENCE: NAME,
    FieldType.REFERENCES: listing(NAME),
}


def _property(field: Field) -> JsonSchema:
    value: dict[str, Any] = dict(TYPES[field.type]) if field.choices is None else choice(field.choices)
    if field.minimum is not None:
        value["minimum"] = field.minimum
    if field.maximum is not None:
        value["maximum"] = field.maximum
    described: JsonSchema = {
        "title": field.label.zh,
        "description": field.label.en,
        "x-headers": [field.label.zh, *field.aliases],  # headers that are accepted in a workbook
        "x-reader": field.reader.value,
    }
    if field.unit is not None:
        described["x-unit"] = field.unit.as_dict()
    if field.clear is not None:
        described["x-eight-clears"] = field.clear.value
    if field.choices is not None:
        described["x-words"] = {name: words.as_dict() for name, words in field.choices.items()}
    return {**(value if field.required else nullable(value)), **described}


def document() -> JsonSchema:
    return listing(
        {
            "type": "object",
            "properties": {name: _property(field) for name, field in FIELDS.items()},
            "required": [name for name, field in FIELDS.items() if field.required],
            "additionalProperties": False,
        },
        title="摸底台账 / Ledger",
    )
