"""The indicators of every town, counted from the stored rows: what a backup promises and a restore must show again."""

from __future__ import annotations

from typing import Final

from liangxin.registry.fields import FIELDS
from liangxin.web.areas.models import Town
from liangxin.web.backup.layout import TownFigures
from liangxin.web.policies.queries import load, today
from liangxin.web.units.live import to_frame
from liangxin.web.units.models import Unit

NAMES: Final = tuple(FIELDS)


def count_all(using: str, days: dict[str, str] | None = None) -> list[TownFigures]:
    """Of every town. ``days``: town code -> the day by whose policy is counted (default: the town's own today)."""
    from datetime import date

    from liangxin.coverage import classify, count

    found: list[TownFigures] = []
    for town in Town.objects.using(using).order_by("code"):
        day = date.fromisoformat(days[town.code]) if days and town.code in days else today(town)
        units = Unit.objects.using(using).filter(town=town, merged_into__isnull=True, removed=False)
        frame = to_frame(list(units.order_by("pk").values_list(*NAMES)))
        rates = count(classify(frame, load(town, day)))
        indicators = {id: [rate.numerator, rate.denominator, rate.unknown] for id, rate in rates.items()}
        found.append(TownFigures(town.code, town.name, day.isoformat(), frame.height, indicators))
    return found
