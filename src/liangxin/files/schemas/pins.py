"""``liangxin.pins/1``."""

from __future__ import annotations

from liangxin.files.pins import FORMAT
from liangxin.files.schemas.parts import NAME, JsonSchema, choice, listing, record
from liangxin.registry.fields import FORMS

UNIT = {**NAME, "description": "a unit's id or name"}
FORM = choice([*FORMS, *(label.zh for label in FORMS.values())])


def document() -> JsonSchema:
    pin = record(
        {"unit": UNIT, "form": FORM, "host": UNIT},
        optional=("form", "host"),
        anyOf=[{"required": ["form"]}, {"required": ["host"]}],
    )
    units = listing(UNIT, minItems=2)
    lists = {
        "pin": listing(pin, description="this unit has this form, this lead unit, or both"),
        "forbid": listing(pin, description="this unit does not"),
        "together": listing(units, description="in one joint organization"),
        "apart": listing(units, description="no two of them in one organization"),
    }
    return record({"format": {"const": FORMAT}, **lists}, optional=lists, title="人工确定的安排 / Pins")
