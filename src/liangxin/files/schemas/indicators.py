"""``liangxin.indicators/1``."""

from __future__ import annotations

from liangxin.files.indicators_json import FORMAT
from liangxin.files.schemas.parts import COUNT, DATE, INDICATOR, NAME, JsonSchema, listing, record

_INDICATOR = {**INDICATOR, "required": [name for name in INDICATOR["required"] if name != "after"]}
"""``liangxin indicators`` counts things as they stand: without a plan there is no ``after``, and a town is optional."""


def document() -> JsonSchema:
    return record(
        {
            "format": {"const": FORMAT},
            "town": record({"name": NAME, "code": NAME}),
            "policy": record({"id": NAME, "overlays": listing(NAME)}),
            "as_of": DATE,
            "roster": record({"units": COUNT, "in_scope": COUNT, "sha256": NAME}, optional=("sha256",)),
            "indicators": listing(_INDICATOR),
        },
        optional=("town",),
        title="各项指标 / Indicators",
    )
