from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from liangxin.registry.access import Action, Reach
from liangxin.web.accounts.permission import TownRequest, in_town
from liangxin.web.documents.papers import PAPER_ENDINGS
from liangxin.web.overview import monthly as months
from liangxin.web.overview import progress, queries, telling
from liangxin.web.overview import summary as summaries
from liangxin.web.policies.queries import load, today
from liangxin.web.ui.attachment import attachment
from liangxin.web.ui.language import current
from liangxin.web.units.live import live


def _day(request: TownRequest) -> tuple[date, bool]:
    """The day asked for and whether it was readable; later days than the town's are its own day."""
    asked = request.GET.get("day", "")
    last = today(request.town)
    if not asked:
        return last, True
    try:
        return min(date.fromisoformat(asked), last), True
    except ValueError:
        return last, False


def _part(request: HttpRequest) -> str:
    asked = request.GET.get("by", "area")
    return asked if asked in telling.PARTS else "area"


def _page(request: TownRequest) -> dict[str, Any]:
    day, readable = _day(request)
    is_today = day == today(request.town)
    rates = queries.readable_rates(request.permit, day)
    targets, others = queries.rows(load(request.town, day), rates, day)
    start = (
        queries.readable_rates(request.permit, request.town.drive_starts)
        if day > request.town.drive_starts
        else {}
    )
    part = _part(request)
    parted = queries.by_part(request.permit, part, day)
    return {
        "day": day,
        "is_today": is_today,
        "refused_day": None if readable else request.GET["day"][:20],
        "targets": [(row, queries.pace(request.town, row, start.get(row.id))) for row in targets],
        "others": others,
        "part": part,
        "parts": telling.PARTS.items(),
        "part_label": telling.PARTS[part],
        "by_part": parted,
        "withheld": any(rate.hidden for rate in rates.values())
        or any(row.rate.hidden for _, _, rows in parted for row in rows),
        "blocked": queries.blocked(request.permit, day),
        "at_day": "" if is_today else f"&day={day}",
        "may_report": request.permit.reach(Action.EXPORT) is Reach.TOWN,
        "may_read": request.permit.may(Action.READ_UNITS),
    }


@in_town(Action.SEE_FIGURES)
def index(request: TownRequest) -> HttpResponse:
    """A leader came to see where we stand against the five targets, who is behind and why, and what waits."""
    context = _page(request)
    if context["is_today"]:
        context["since"] = queries.since_yesterday(request.permit)
        context["mine"] = queries.mine(request.permit)
    return render(request, "overview/index.html", context)


@in_town(Action.SEE_FIGURES)
def trend(request: TownRequest) -> JsonResponse:
    """The rates day by day since the drive began, for the chart and the table beside it."""
    shown = live(request.town)
    wanted = [each for each in shown.policy.indicators if each.target is not None]
    days = queries.trend(request.permit)
    return JsonResponse(
        {
            "days": [day.isoformat() for day, _ in days],
            "series": [
                {
                    "id": each.id,
                    "name": each.label.in_language(current()),
                    "target": each.target,
                    "values": [rates[each.id].value if each.id in rates else None for _, rates in days],
                    "of": [
                        [rates[each.id].numerator, rates[each.id].denominator]
                        if each.id in rates and not rates[each.id].hidden
                        else None
                        for _, rates in days
                    ],
                }
                for each in wanted
            ],
        }
    )


@in_town(Action.SEE_FIGURES)
def document(request: TownRequest) -> HttpResponse:
    """The same page as a Word document."""
    day, _ = _day(request)
    made = progress.document(request.permit, _part(request), day, current())
    return attachment(made, "docx", progress.name_of(request.town, day, current()))


@in_town(Action.EXPORT)
def monthly(request: TownRequest, ending: str) -> HttpResponse:
    """月报 of the month up to the day asked for, as an official document."""
    if ending not in PAPER_ENDINGS:
        raise Http404
    day, _ = _day(request)
    made = months.file(request.permit, day, ending, current())
    return attachment(made, ending, months.name_of(request.town, day, ending, current()))


@in_town(Action.EXPORT)
def summary(request: TownRequest, ending: str) -> HttpResponse:
    """总结报告 of the whole drive (4.6), as an official document."""
    if ending not in PAPER_ENDINGS:
        raise Http404
    made = summaries.file(request.permit, ending, current())
    return attachment(made, ending, summaries.name_of(request.town, ending, current()))
