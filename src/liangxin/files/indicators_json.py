"""indicators.json (``liangxin.indicators/1``): each rate before and after the plan, with the roster it was counted on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from liangxin.files.plan_json import indicator_document
from liangxin.planning.plan import Plan
from liangxin.registry.town import Town

FORMAT: Final = "liangxin.indicators/1"


def indicators_document(plan: Plan, town: Town) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "town": {"name": town.name, "code": town.code},
        "policy": {"id": plan.policy_id, "overlays": list(plan.overlays)},
        "as_of": plan.as_of.isoformat(),
        "roster": {
            "units": plan.roster.units,
            "in_scope": plan.roster.in_scope,
            "sha256": plan.roster.sha256,
        },
        "indicators": [indicator_document(indicator) for indicator in plan.indicators],
    }


def write_indicators(path: Path, plan: Plan, town: Town) -> None:
    document = indicators_document(plan, town)
    path.write_text(
        json.dumps(document, ensure_ascii=False, allow_nan=False, indent=2) + "\n", encoding="utf-8"
    )
