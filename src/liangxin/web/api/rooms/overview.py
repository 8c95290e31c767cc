"""Where the town stands: every rate with its units, by area, group and kind, what is blocked, the trend, what changed since yesterday, and the reports made of it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Path, Router, Schema

from liangxin.registry.access import Action
from liangxin.web.api import reads
from liangxin.web.api.schemas import (
    CountOut,
    Day,
    IndicatorsOut,
    PageNumber,
    PageSize,
    TownCode,
    UnitsOut,
    Words,
)
from liangxin.web.api.service import REFUSED, TOWN, allowed, gives
from liangxin.web.overview import monthly, progress, queries, summary
from liangxin.web.policies.queries import today
from liangxin.web.ui.attachment import attachment
from liangxin.web.ui.rates import RateRow
from liangxin.web.units.live import live
from liangxin.wording import Lang, Text

router = Router(tags=["overview"])
Part = Annotated[Literal["area", "task_group", "kind"], Path()]
Ending = Annotated[Literal["docx", "pdf"], Path()]


class PartOut(Schema):
    """``value`` "?": in none."""

    value: str
    label: Words
    rates: list[CountOut]


class PartsOut(Schema):
    day: date
    parts: list[PartOut]


class BlockedOut(Schema):
    """``query``: the units list's own parameters that open exactly these."""

    label: Words
    clause: str
    units: int
    query: str


class TrendDayOut(Schema):
    day: date
    rates: list[CountOut]


class MovedRateOut(Schema):
    id: str
    before: CountOut
    after: CountOut


class SinceOut(Schema):
    moment: datetime
    units: int
    moved: list[MovedRateOut]
    change_sets: list[int]


@router.get(f"{TOWN}/indicators", response={200: IndicatorsOut, **REFUSED})
def indicators(request: HttpRequest, town: TownCode, day: Day = None) -> Any:
    """Every rate, as of the end of a day (today by default)."""
    return reads.indicators(allowed(request, town, Action.SEE_FIGURES), day)


@router.get(f"{TOWN}/indicators/{{indicator}}/{{part}}", response={200: UnitsOut, **REFUSED})
def indicator_units(
    request: HttpRequest, town: TownCode, indicator: str, part: str, page: PageNumber = 1, size: PageSize = 50
) -> Any:
    """The units behind a number: part is numerator, denominator, missing or unknown."""
    found = allowed(request, town, Action.READ_UNITS)
    return reads.indicator_units(found, indicator, part, page, size)


@router.get(f"{TOWN}/overview/by/{{part}}", response={200: PartsOut, **REFUSED})
def overview_parts(request: HttpRequest, town: TownCode, part: Part, day: Day = None) -> Any:
    """The targets by work area, task group or kind, at the end of a day. In the town's order: no ranking."""
    permit = allowed(request, town, Action.SEE_FIGURES)
    at = _day(permit.town, day)
    return {
        "day": at,
        "parts": [
            {
                "value": value,
                "label": (label if isinstance(label, Text) else Text(label, label)).as_dict(),
                "rates": [reads.count_out(row.id, row.rate) for row in rows],
            }
            for value, label, rows in queries.by_part(permit, part, at)
        ],
    }


@router.get(f"{TOWN}/overview/blocked", response={200: list[BlockedOut], **REFUSED})
def overview_blocked(request: HttpRequest, town: TownCode, day: Day = None) -> Any:
    """What keeps units from moving on, the most first."""
    permit = allowed(request, town, Action.SEE_FIGURES)
    return [
        {"label": each.label.as_dict(), "clause": each.clause, "units": each.units, "query": each.query}
        for each in queries.blocked(permit, _day(permit.town, day))
    ]


@router.get(f"{TOWN}/overview/trend", response={200: list[TrendDayOut], **REFUSED})
def overview_trend(request: HttpRequest, town: TownCode) -> Any:
    """The targets at the end of each day since the drive began, at most a quarter."""
    permit = allowed(request, town, Action.SEE_FIGURES)
    wanted = [each.id for each in live(permit.town).policy.indicators if each.target is not None]
    return [
        {"day": day, "rates": [reads.count_out(id, rates[id]) for id in wanted if id in rates]}
        for day, rates in queries.trend(permit)
    ]


@router.get(f"{TOWN}/overview/since-yesterday", response={200: SinceOut, **REFUSED})
def overview_since(request: HttpRequest, town: TownCode) -> Any:
    """What changed since 08:00 of the day before the town's day."""
    since = queries.since_yesterday(allowed(request, town, Action.SEE_FIGURES))

    def moved(now: RateRow, then: Any) -> dict[str, Any]:
        return {
            "id": now.id,
            "before": reads.count_out(now.id, then),
            "after": reads.count_out(now.id, now.rate),
        }

    return {
        "moment": since.moment,
        "units": since.units,
        "moved": [moved(now, then) for now, then in since.moved],
        "change_sets": [each.pk for each in since.sets],
    }


@router.get(f"{TOWN}/overview/progress.docx", response={**REFUSED}, openapi_extra=gives("docx"))
def overview_document(
    request: HttpRequest,
    town: TownCode,
    part: Literal["area", "task_group", "kind"] = "area",
    day: Day = None,
    lang: Lang = "zh",
) -> HttpResponse:
    """The page as a Word document, with the same numbers."""
    permit = allowed(request, town, Action.SEE_FIGURES)
    at = _day(permit.town, day)
    made = progress.document(permit, part, at, lang)
    return attachment(made, "docx", progress.name_of(permit.town, at, lang))


@router.get(f"{TOWN}/overview/monthly.{{ending}}", response={**REFUSED}, openapi_extra=gives("docx", "pdf"))
def monthly_report(
    request: HttpRequest, town: TownCode, ending: Ending, day: Day = None, lang: Lang = "zh"
) -> HttpResponse:
    """月报 of the month up to a day, as an official document."""
    permit = allowed(request, town, Action.EXPORT)
    at = _day(permit.town, day)
    made = monthly.file(permit, at, ending, lang)
    return attachment(made, ending, monthly.name_of(permit.town, at, ending, lang))


@router.get(f"{TOWN}/overview/summary.{{ending}}", response={**REFUSED}, openapi_extra=gives("docx", "pdf"))
def summary_report(request: HttpRequest, town: TownCode, ending: Ending, lang: Lang = "zh") -> HttpResponse:
    """总结报告 of the whole drive (4.6), as an official document."""
    permit = allowed(request, town, Action.EXPORT)
    made = summary.file(permit, ending, lang)
    return attachment(made, ending, summary.name_of(permit.town, ending, lang))


def _day(town: Any, day: date | None) -> date:
    last = today(town)
    return min(day or last, last)
