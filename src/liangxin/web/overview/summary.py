"""总结报告: the facts of the whole drive, from the ledger on its first day and now, and from the documents issued."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

import polars as pl
from django.db import transaction
from django.db.models import Count

from liangxin.coverage import listing
from liangxin.procedure.paper import Paper, PaperKind
from liangxin.registry.fields import FORMS
from liangxin.web.accounts.permission import Permit, require_whole_town
from liangxin.web.areas.models import Town
from liangxin.web.audit.services import record
from liangxin.web.documents.papers import paper_file
from liangxin.web.overview import queries
from liangxin.web.overview.monthly import BLOCKED_SHOWN, in_words
from liangxin.web.policies.queries import load, today
from liangxin.web.units.live import Live, live, on_day
from liangxin.wording import Lang, Text

if TYPE_CHECKING:
    from liangxin.procedure.paper_summary import Drive, FormLine

REASONS_SHOWN: Final = 8
NO_REASON: Final = Text("没有写原因", "no reason given")
OTHER_REASONS: Final = Text("其他原因", "other reasons")


def drive(permit: Permit) -> Drive:
    """The drive up to today. What another group's units are is told in counts only, as on the overview."""
    from liangxin.procedure.paper_monthly import TargetLine
    from liangxin.procedure.paper_summary import Drive
    from liangxin.web.procedures.models import Paper as Issued

    town = permit.town
    day, now = today(town), live(town)
    targets, _ = queries.rows(now.policy, queries.rates_on(town, day), day)
    before = queries.rates_on(town, town.drive_starts) if town.drive_starts < day else {}
    counted = now.classified.frame.filter("in_scope")
    without = now.frame.join(_without_organization(now).select("unit_id"), on="unit_id", how="semi")
    haves = now.classified.frame.join(without.select("unit_id"), on="unit_id", how="semi")["haves"].explode()
    issued = (
        Issued.objects.filter(case__town=town).values("kind").annotate(count=Count("pk")).order_by("kind")
    )
    return Drive(
        town.drive_starts,
        day,
        now.frame.height,
        counted.height,
        counted.filter(pl.col("surveyed_on").is_not_null()).height,
        counted.filter(pl.col("not_clear").list.len() == 0).height,
        tuple(
            TargetLine(row.label, before.get(row.id), row.rate, row.target, row.due)
            for row in targets
            if row.target is not None
        ),
        _forms(on_day(town, town.drive_starts), now),
        {PaperKind(row["kind"]): row["count"] for row in issued},
        without.height,
        tuple((item.label, int((haves == item.id).sum())) for item in now.policy.haves.items),
        tuple(
            (label if isinstance(label, Text) else Text(label, label), tuple(row.rate for row in rows))
            for _, label, rows in queries.by_part(permit, "area", day)
        ),
        _left(now),
        tuple((in_words(each), each.units) for each in queries.blocked(permit, day)[:BLOCKED_SHOWN]),
        tuple(now.policy.texts[id] for id in ("institutions", "summary") if id in now.policy.texts),
    )


def _without_organization(now: Live) -> pl.DataFrame:
    """The units that work coverage is asked of: the base of the policy's own indicator of it (1.5); where it has none,
    those that its overall rate (1.4) still misses; where it has neither, nobody."""
    roles = {each.role: each.id for each in now.policy.indicators if each.role}
    if "work_coverage" in roles:
        return listing(now.classified, roles["work_coverage"], "denominator")
    if "establishment" in roles:
        return listing(now.classified, roles["establishment"], "missing")
    return now.frame.clear()


def _forms(then: Live, now: Live) -> tuple[FormLine, ...]:
    """Every form that some unit had or has, in the order of the notice."""
    from liangxin.procedure.paper_summary import FormLine

    def counts(shown: Live) -> dict[str, tuple[int, int]]:
        grouped = (
            shown.classified.frame.filter("in_scope")
            .group_by("organization_form")
            .agg(pl.len(), pl.col("organization_id").drop_nulls().n_unique().alias("organizations"))
        )
        return {form: (units, organizations) for form, units, organizations in grouped.iter_rows() if form}

    was, are = counts(then), counts(now)
    lines = []
    for form, label in FORMS.items():
        if form != "none" and (form in was or form in are):
            (units_was, made_was), (units_now, made_now) = was.get(form, (0, 0)), are.get(form, (0, 0))
            lines.append(FormLine(label, (units_was, units_now), (made_was, made_now)))
    return tuple(lines)


def _left(now: Live) -> tuple[tuple[Text, int], ...]:
    """Units that must have an organization and have none, by the reason that the groups wrote down; the most frequent first."""
    frame = now.classified.frame.filter("in_scope", "required", pl.col("organization_form") == "none")
    reasons = (
        frame.group_by("reason_none").agg(pl.len()).sort(["len", "reason_none"], descending=[True, False])
    )
    known = [(Text(reason, reason), count) for reason, count in reasons.iter_rows() if reason]
    shown, rest = known[:REASONS_SHOWN], sum(count for _, count in known[REASONS_SHOWN:])
    unsaid = sum(count for reason, count in reasons.iter_rows() if not reason)
    return (
        *shown,
        *((words, count) for words, count in ((OTHER_REASONS, rest), (NO_REASON, unsaid)) if count),
    )


def report(permit: Permit) -> Paper:
    """The drive as an official document."""
    from liangxin.procedure.paper_office import office_of
    from liangxin.procedure.paper_summary import summary_report

    town = permit.town
    return summary_report(drive(permit), office_of(town.as_core(), load(town, today(town))))


def file(permit: Permit, ending: str, lang: Lang) -> bytes:
    """The report as docx or PDF, with its event in the log. InputError where it cannot be set.

    It tells every number of the town, small ones too: it is for those who export all of it.
    """
    require_whole_town(permit)
    made = paper_file(report(permit), ending, lang)
    day: date = today(permit.town)
    with transaction.atomic():
        detail = {"document": "summary-report", "day": day.isoformat(), "kind": ending, "size": len(made)}
        record(permit.user, permit.town, "document.export", "document", "summary-report", detail=detail)
    return made


def name_of(town: Town, ending: str, lang: Lang) -> str:
    day = today(town)
    name = Text(f"{town.name}总结报告{day}", f"{town.name}-summary-report-{day}")
    return f"{name.in_language(lang)}.{ending}"
