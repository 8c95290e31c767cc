"""A plan joined with the ledger of now, kept between requests, and the rows of it that a person may read."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeVar

from liangxin.registry.access import Action, Reach
from liangxin.registry.fields import FORMS
from liangxin.web.accounts.permission import Permit
from liangxin.web.plans.arranged import plan_of
from liangxin.web.plans.models import PlanRun
from liangxin.web.ui.memory import MEMORY
from liangxin.web.units.live import Live

if TYPE_CHECKING:
    from liangxin.planning.plan import Plan, PlannedOrganization, UnitDecision

T = TypeVar("T")
NO_AREA: Final = "?"


@dataclass(frozen=True, slots=True)
class Row:
    """One unit of a plan. ``organization`` None: no organization is planned for it."""

    unit_id: str
    name: str
    area: str
    task_group: str
    members: int | None
    staff: int | None
    decision: UnitDecision
    organization: PlannedOrganization | None


@dataclass(frozen=True, slots=True)
class PlanView:
    """A plan joined with the live ledger. ``rows``: by area, form, organization, lead unit first."""

    run: PlanRun
    plan: Plan
    rows: tuple[Row, ...]
    organizations: Mapping[str, PlannedOrganization]
    area_of: Mapping[str, str]  # organization -> the work area of its first unit
    groups_of: Mapping[str, frozenset[str]]  # organization -> task groups of its units


def key_of(what: str, run: PlanRun, shown: Live) -> tuple[Hashable, ...]:
    policy = shown.policy
    return (what, run.pk, run.town.version, shown.seq, policy.key)


def view(run: PlanRun, shown: Live) -> PlanView:
    return MEMORY.get(key_of("view", run, shown), lambda: _view(run, shown))


def _view(run: PlanRun, shown: Live) -> PlanView:
    from liangxin.registry.places import work_areas

    plan = plan_of(run)
    town = run.town.as_core()
    order = {area.id: place for place, area in enumerate(town.areas)}
    forms = {form: place for place, form in enumerate(FORMS)}
    organizations = {each.organization_id: each for each in plan.organizations}
    areas = work_areas(shown.frame, town).to_list()
    facts = {
        unit_id: (name, area or NO_AREA, group or "", members, staff)
        for (unit_id, name, group, members, staff), area in zip(
            shown.frame.select("unit_id", "name", "task_group", "full_members", "staff").iter_rows(),
            areas,
            strict=True,
        )
    }
    rows = [
        Row(
            each.unit_id,
            *facts.get(each.unit_id, (each.unit_id, NO_AREA, "", None, None)),
            each,
            organizations.get(each.organization_id or ""),
        )
        for each in plan.units
    ]
    area_of: dict[str, str] = {}
    groups: dict[str, set[str]] = {}
    for row in rows:
        if row.organization is not None:
            organization_id = row.organization.organization_id
            if row.unit_id == row.organization.host or organization_id not in area_of:
                area_of[organization_id] = row.area
            groups.setdefault(organization_id, set()).add(row.task_group)

    def place(row: Row) -> tuple[Any, ...]:
        at = area_of[row.organization.organization_id] if row.organization else row.area
        return (
            order.get(at, len(order)),
            forms.get(row.decision.form, 99),
            row.organization.name if row.organization else "",
            row.organization is not None and row.unit_id != row.organization.host,
            row.unit_id,
        )

    rows.sort(key=place)
    return PlanView(
        run,
        plan,
        tuple(rows),
        organizations,
        area_of,
        {organization: frozenset(each) for organization, each in groups.items()},
    )


def mine(permit: Permit, action: Action = Action.READ_UNITS) -> frozenset[str] | None:
    """The task groups whose units the person may see; None: all of the town."""
    if permit.reach(action) is Reach.TOWN:
        return None
    return permit.groups(action)


def readable_rows(permit: Permit, shown: PlanView) -> list[Row]:
    groups = mine(permit)
    return [row for row in shown.rows if groups is None or row.task_group in groups]
