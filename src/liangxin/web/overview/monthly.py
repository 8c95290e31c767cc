"""月报: the facts of a month, gathered from the figures of two days, the documents issued and the cases under way."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.db.models import Count

from liangxin.procedure.paper import Paper, PaperKind
from liangxin.web.accounts.permission import Permit, require_whole_town
from liangxin.web.areas.models import Town
from liangxin.web.audit.services import record
from liangxin.web.documents.papers import paper_file
from liangxin.web.overview import queries
from liangxin.web.policies.queries import load, today
from liangxin.wording import Lang, Text

if TYPE_CHECKING:
    from liangxin.procedure.paper_monthly import Month

BLOCKED_SHOWN: Final = 8


def month(permit: Permit, day: date) -> Month:
    """The month up to ``day``; the month before ends on its last day, or where the drive begins."""
    from liangxin.procedure.paper_monthly import Month, TargetLine
    from liangxin.web.procedures.models import Case
    from liangxin.web.procedures.models import Paper as Issued

    town = permit.town
    first = day.replace(day=1)
    targets, _ = queries.rows(load(town, day), queries.rates_on(town, day), day)
    eve = first - timedelta(days=1)
    before = queries.rates_on(town, eve) if eve >= town.drive_starts else {}
    issued = (
        Issued.objects.filter(case__town=town, day__range=(first, day))
        .values("kind")
        .annotate(count=Count("pk"))
    )
    cases = Case.objects.filter(town=town, closed=False)
    return Month(
        day,
        tuple(
            TargetLine(row.label, before.get(row.id), row.rate, row.target, row.due)
            for row in targets
            if row.target is not None
        ),
        {PaperKind(row["kind"]): row["count"] for row in issued.order_by("kind")},
        cases.count(),
        cases.filter(due__lt=today(town)).count(),
        tuple(
            (label if isinstance(label, Text) else Text(label, label), tuple(row.rate for row in rows))
            for _, label, rows in queries.by_part(permit, "area", day)
        ),
        tuple((in_words(each), each.units) for each in queries.blocked(permit, day)[:BLOCKED_SHOWN]),
    )


def in_words(blocked: queries.Blocked) -> Text:
    """A conflict by its clause: its own sentence has places for one unit's numbers."""
    if blocked.query.startswith("conflict="):
        return Text(
            f"按{blocked.clause}的要求，与现有条件有抵触", f"what {blocked.clause} asks contradicts the facts"
        )
    return blocked.label


def report(permit: Permit, day: date) -> Paper:
    """The month as an official document."""
    from liangxin.procedure.paper_monthly import monthly_report
    from liangxin.procedure.paper_office import office_of

    return monthly_report(month(permit, day), office_of(permit.town.as_core(), load(permit.town, day)))


def file(permit: Permit, day: date, ending: str, lang: Lang) -> bytes:
    """The report as docx or PDF, with its event in the log. InputError where it cannot be set.

    It tells every number of the town, small ones too: it is for those who export all of it.
    """
    require_whole_town(permit)
    made = paper_file(report(permit, day), ending, lang)
    with transaction.atomic():
        detail = {"document": "monthly-report", "day": day.isoformat(), "kind": ending, "size": len(made)}
        record(permit.user, permit.town, "document.export", "document", "monthly-report", detail=detail)
    return made


def name_of(town: Town, day: date, ending: str, lang: Lang) -> str:
    name = Text(f"{town.name}月报{day:%Y-%m}", f"{town.name}-monthly-{day:%Y-%m}")
    return f"{name.in_language(lang)}.{ending}"
