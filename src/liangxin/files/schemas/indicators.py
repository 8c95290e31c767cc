"""``liangxin.indicators/1``."""

from __future__ import annotations

from liangxin.files.indicators_json import FORMAT
from liangxin.files.schemas.parts import COUNT, DATE, INDICATOR, NAME, JsonSchema, listing, record


def document() -> JsonSchema:
    return record(
        {
            "format": {"const": FORMAT},
            "town": record({"name": NAME, "code": NAME}),
            "policy": record({"id": NAME, "overlays": listing(NAME)}),
            "as_of": DATE,
            "roster": record({"units": COUNT, "in_scope": COUNT, "sha256": NAME}),
            "indicators": listing(INDICATOR),
        },
        title="各项指标 / Indicators",
    )
