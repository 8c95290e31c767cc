"""Answers of the API, from the same queries as the pages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from django.http import Http404

from liangxin.coverage.rate import Rate
from liangxin.findings import Finding, InputError
from liangxin.registry.access import Action
from liangxin.registry.fields import FIELDS
from liangxin.web.accounts.permission import Permit
from liangxin.web.api.schemas import RateOut
from liangxin.web.jobs.models import Job
from liangxin.web.organizations import queries as organization_queries
from liangxin.web.organizations.names import told_tree
from liangxin.web.overview.queries import readable_rates
from liangxin.web.plans import finding as plan_finding
from liangxin.web.plans import queries as plan_queries
from liangxin.web.plans import viewing as plan_viewing
from liangxin.web.plans.models import PlanRun
from liangxin.web.policies.queries import chosen, load, today
from liangxin.web.units import sheets
from liangxin.web.units.live import Live, asked, live
from liangxin.web.units.models import Unit
from liangxin.web.units.queries import Filter, found, readable, units_of
from liangxin.wording import Text

if TYPE_CHECKING:
    import polars as pl

VERDICTS = (
    "in_scope", "left_out", "classes", "required", "asked_form", "possible_forms", "status", "conflicts", "unknown", "clear",
    "not_clear", "haves", "work_covered", "size_list",
)  # fmt: skip


def town_out(permit: Permit) -> dict[str, Any]:
    town = permit.town
    policy = chosen(town, today(town))
    return {
        "code": town.code,
        "name": town.name,
        "today": today(town),
        "policy": policy.policy,
        "overlays": list(policy.overlays),
        "actions": [each.value for each in Action if permit.may(each)],
    }


def indicators(permit: Permit, day: date | None) -> dict[str, Any]:
    last = today(permit.town)
    asked = min(day or last, last)
    policy, rates = load(permit.town, asked), readable_rates(permit, asked)
    return {
        "day": asked,
        "policy": policy.id,
        "indicators": [
            {
                **count_out(each.id, rates[each.id]),
                "label": each.label.as_dict(),
                "clause": each.clause.id,
                "measure": each.measure,
                "target": each.target,
                "due": each.due,
            }
            for each in policy.indicators
            if each.id in rates
        ],
    }


def rate_out(rate: Rate) -> dict[str, Any]:
    return {name: getattr(rate, name) for name in RateOut.model_fields}


def count_out(id: str, rate: Rate) -> dict[str, Any]:
    return {"id": id, "withheld": rate.hidden, **rate_out(rate)}


def read_filter(shown: Live, given: Mapping[str, str]) -> Filter:
    """The page drops what it does not know and says so; a program is refused, with everything that is wrong."""
    wanted = Filter.read(given, shown)
    refused = list(wanted.refused)
    taken = {
        "class": wanted.unit_class, "missing": wanted.missing, "waits": wanted.waits, "conflict": wanted.conflict,
        "left": wanted.left, "sort": wanted.sort, "scope": "1" if wanted.in_base else "",
        "unclear": wanted.unclear,
    }  # fmt: skip
    refused += [
        Text(f"{name} 没有“{given[name]}”这一项", f'{name} has no "{given[name]}"')
        for name, kept in taken.items()
        if given.get(name) and not kept
    ]
    if refused:
        raise InputError(Finding("filter", each) for each in refused)
    return wanted


def units(permit: Permit, given: Mapping[str, str], page: int, size: int) -> dict[str, Any]:
    shown = asked(permit.town, given.get("day"))
    return _page(permit, found(permit, shown, read_filter(shown, given)), page, size)


def indicator_units(permit: Permit, indicator: str, part: str, page: int, size: int) -> dict[str, Any]:
    shown = live(permit.town)
    wanted = Filter.read({"indicator": f"{indicator}:{part}"}, shown)
    if wanted.indicator is None or wanted.indicator != (indicator, part):
        raise Http404
    return _page(permit, found(permit, shown, wanted), page, size)


def _page(permit: Permit, frame: pl.DataFrame, page: int, size: int) -> dict[str, Any]:
    rows = frame.slice((page - 1) * size, size)
    versions = {each.unit_id: each.version for each in units_of(permit.town, rows["unit_id"].to_list())}
    return {
        "total": frame.height,
        "page": page,
        "size": size,
        "units": [_unit(permit, row, versions.get(row["unit_id"])) for row in rows.iter_rows(named=True)],
    }


def _unit(permit: Permit, row: Mapping[str, Any], version: int | None) -> dict[str, Any]:
    """Verdicts are drawn from all fields, so they are for those who may read all."""
    everything = set(permit.fields) == set(FIELDS)
    return {
        "unit_id": row["unit_id"],
        "version": version,
        "values": {name: row[name] for name in permit.fields},
        "verdicts": {name: row[name] for name in VERDICTS} if everything else {},
    }


def unit(permit: Permit, unit_id: str) -> dict[str, Any]:
    import polars as pl

    row = readable(permit, live(permit.town)).filter(pl.col("unit_id") == unit_id)
    stored = Unit.objects.filter(town=permit.town, unit_id=unit_id).first()
    if row.is_empty() or stored is None:
        raise Http404
    return _unit(permit, row.row(0, named=True), stored.version)


def _set(each: sheets.SizedChangeSet) -> dict[str, Any]:
    return {
        "id": each.pk,
        "at": each.at,
        "by": str(each.by) if each.by_id else "",
        "kind": each.kind,
        "title": {"zh": each.title.get("zh", ""), "en": each.title.get("en", "")},
        "size": each.size,
        "undoes": each.undoes_id,
        "undone_by": each.undone_by.pk if hasattr(each, "undone_by") else None,
    }


def change_sets(permit: Permit, page: int, size: int) -> dict[str, Any]:
    sets = sheets.change_sets(permit)
    rows = sets[(page - 1) * size : page * size]
    return {"total": sets.count(), "page": page, "size": size, "change_sets": [_set(each) for each in rows]}


def change_set(permit: Permit, pk: int, page: int, size: int) -> dict[str, Any]:
    one = sheets.change_sets(permit).filter(pk=pk).first()
    if one is None:
        raise Http404
    rows = sheets.changes(permit, one)
    return {
        **_set(one),
        "total": rows.count(),
        "page": page,
        "changes": [
            {
                "unit_id": each.unit.unit_id,
                "before": cells(permit, each.before),
                "after": cells(permit, each.after),
            }
            for each in rows[(page - 1) * size : page * size]
        ],
    }


def cells(permit: Permit, values: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Of one side of a change the fields that the person may read; None where there was no unit."""
    if values is None:
        return None
    return {name: value for name, value in values.items() if name in permit.fields}


def organizations(permit: Permit, day: date | None) -> dict[str, Any]:
    asked = day or today(permit.town)
    standing = told_tree(permit, organization_queries.day_tree(permit.town, asked))
    rows = organization_queries.rows(permit, live(permit.town), standing)
    return {
        "day": asked,
        "organizations": [organization_out(row) for row in rows],
    }


def organization_out(row: organization_queries.Row) -> dict[str, Any]:
    return {
        "id": row.organization.id,
        "name": row.organization.name,
        "type": row.organization.kind.id,
        "parent": row.organization.parent or "",
        "line": row.line,
        "depth": row.depth,
        "own_units": row.own_units,
        "units": row.units,
        "organizations": row.organizations,
        "full_members": row.full_members,
    }


def run_out(run: PlanRun, published: PlanRun | None) -> dict[str, Any]:
    return {
        "number": run.number,
        "name": run.label.as_dict(),
        "by": str(run.by),
        "created": run.created,
        "done": run.done,
        "published": published is not None and published.pk == run.pk,
        "as_of": run.as_of,
        "status": run.status,
        "objective": run.objective,
        "gap": run.gap,
    }


def plan_list(permit: Permit) -> list[dict[str, Any]]:
    published = plan_queries.published(permit.town)
    return [run_out(each, published) for each in plan_queries.runs(permit.town)]


def published(permit: Permit, given: Mapping[str, str], page: int, size: int) -> dict[str, Any]:
    run = plan_queries.published(permit.town)
    if run is None:
        raise Http404
    return _plan(permit, run, given, page, size)


def plan(permit: Permit, number: int, given: Mapping[str, str], page: int, size: int) -> dict[str, Any]:
    run = PlanRun.objects.filter(town=permit.town, number=number).select_related("town", "by").first()
    if run is None:
        raise Http404
    return _plan(permit, run, given, page, size)


def _plan(permit: Permit, run: PlanRun, given: Mapping[str, str], page: int, size: int) -> dict[str, Any]:
    rows = _plan_rows(permit, run, given) if run.done else []
    return {
        **run_out(run, plan_queries.published(permit.town)),
        "total": len(rows),
        "page": page,
        "units": [
            {
                "unit_id": row.unit_id,
                "name": row.name,
                "form": row.decision.form,
                "organization_id": row.decision.organization_id,
                "organization": row.organization.name if row.organization else None,
                "change": row.decision.change,
                "clause": row.decision.clause,
                "reason": row.decision.reason.as_dict(),
            }
            for row in rows[(page - 1) * size : page * size]
        ],
    }


def _plan_rows(permit: Permit, run: PlanRun, given: Mapping[str, str]) -> list[plan_viewing.Row]:
    now = live(permit.town)
    shown = plan_viewing.view(run, now)
    wanted = plan_finding.Filter.read(given, shown)
    if wanted.refused:
        raise InputError(Finding("filter", each) for each in wanted.refused)
    return plan_finding.found(permit, shown, wanted, now)


def areas(permit: Permit) -> list[dict[str, Any]]:
    return [
        {
            "id": each.id,
            "name": each.name,
            "kind": each.kind,
            "parent": each.parent,
            "lon": each.centre[0] if each.centre else None,
            "lat": each.centre[1] if each.centre else None,
        }
        for each in permit.town.as_core().areas
    ]


def job_out(each: Job) -> dict[str, Any]:
    return {
        "id": each.pk,
        "kind": each.kind,
        "title": each.title,
        "state": each.state,
        "share": each.share,
        "stage": each.stage or None,
        "result": each.result,
        "created": each.created,
        "finished": each.finished,
        "error": each.error,
    }


def jobs(permit: Permit) -> list[dict[str, Any]]:
    return [job_out(each) for each in Job.objects.filter(town=permit.town, by=permit.user)[:50]]


def job(permit: Permit, pk: int) -> dict[str, Any]:
    return job_out(own_job(permit, pk))


def own_job(permit: Permit, pk: int) -> Job:
    """404 for another person's: it does not exist for one."""
    each = Job.objects.filter(pk=pk, town=permit.town, by=permit.user).first()
    if each is None:
        raise Http404
    return each
