"""The JSON Schema of every format: ``schema("plan")``. One module a format; choices come from the table of fields."""

from __future__ import annotations

import importlib
from types import MappingProxyType
from typing import Any, Final

from liangxin.wording import Text

FORMATS: Final = MappingProxyType(
    {
        "town": Text(
            "镇的区域、协会、指导员、推进组和已有党组织（town.yaml）",
            "a town: areas, associations, instructors, task groups, organizations (town.yaml)",
        ),
        "ledger": Text(
            "摸底台账的各列，一行一个单位（xlsx、csv、parquet）",
            "the columns of a ledger, one row a unit (xlsx, csv, parquet)",
        ),
        "check": Text(
            "检查台账的结果（liangxin check --json）", "what was found in a ledger (liangxin check --json)"
        ),
        "policy": Text("政策规则文件（policies/*.yaml）", "a policy's rules (policies/*.yaml)"),
        "pins": Text("人工确定的安排（--pin）", "what people have decided beforehand (--pin)"),
        "plan": Text("组建方案（plan.json）", "the plan (plan.json)"),
        "indicators": Text("各项指标（indicators.json）", "the indicators (indicators.json)"),
        "map": Text("地图（map.geojson）", "the map (map.geojson)"),
        "anchor": Text("审计锚点（anchors/日期.json）", "an anchor of the audit chain (anchors/DAY.json)"),
        "verify": Text(
            "核对网站的结果（liangxin verify --json）", "what verifying a site found (liangxin verify --json)"
        ),
        "backup": Text("备份里的清单（manifest.json）", "the manifest in a backup (manifest.json)"),
    }
)


def schema(name: str) -> dict[str, Any]:
    """The schema (draft 2020-12) of one of FORMATS. KeyError for another name.

    >>> schema("plan")["properties"]["format"]
    {'const': 'liangxin.plan/1'}
    """
    if name not in FORMATS:
        raise KeyError(name)
    made: dict[str, Any] = importlib.import_module(f"liangxin.files.schemas.{name}").document()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **made}
