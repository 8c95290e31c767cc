"""How cases begin, for the pages and the API: from the published plan, from an approved one, one request by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Final

from django.http import QueryDict

from liangxin.findings import InputError
from liangxin.procedure import Kind, Leadership, Matter, ProcedureId
from liangxin.registry.access import Action, Reach
from liangxin.web.accounts.permission import Permit
from liangxin.web.areas.models import Town
from liangxin.web.organizations import forms
from liangxin.web.plans.models import PlanRun
from liangxin.web.plans.queries import published
from liangxin.web.policies.queries import today
from liangxin.web.procedures import drafting, from_plan, services
from liangxin.web.procedures.models import Case
from liangxin.web.units.live import live

if TYPE_CHECKING:
    from liangxin.structure import DayTree, Operation

# The forms of web.organizations under which something can be asked for; taking back goes by a later document.
ASKED_BY: Final = (
    "found",
    "attach",
    "release",
    "split_off",
    "upgrade",
    "adjust",
    "transfer",
    "merge",
    "dissolve",
)
ELECTING: Final = (Kind.FOUND, Kind.SPLIT_OFF, Kind.UPGRADE)
APPROVED: Final = ("carry_out", "done")  # steps of a plan's case at which its organizations are asked for


def may_begin(permit: Permit, group: str) -> bool:
    """Does the person propose for this task group?"""
    reach = permit.reach(Action.PROPOSE)
    return reach is Reach.TOWN or (reach is Reach.GROUP and group in permit.groups(Action.PROPOSE))


def proposals(permit: Permit) -> tuple[PlanRun | None, list[from_plan.Proposal]]:
    """The published plan, and each group's part of it that the person may begin."""
    run = published(permit.town)
    listed = from_plan.proposals(permit.town, run) if run is not None else []
    return run, [each for each in listed if may_begin(permit, each.group)]


def begin_plan(permit: Permit, groups: Sequence[str]) -> list[Case]:
    """方案审批 of these groups' parts of the published plan; what is under way already is passed over."""
    run, listed = proposals(permit)
    asked: list[tuple[ProcedureId, Matter]] = [
        ("plan_approval", each.matter) for each in listed if each.group in groups and each.under_way is None
    ]
    return services.start_all(permit, asked, plan=run)


def foundings(stored: Case) -> list[from_plan.Asked]:
    """The organizations that an approved plan asks for; none before it is approved."""
    return from_plan.foundings(stored) if stored.step in APPROVED else []


def begin_foundings(permit: Permit, stored: Case, keys: Sequence[str]) -> list[Case]:
    """Requests for these organizations of an approved plan; what is under way or lacks something is passed over."""
    asked: list[tuple[ProcedureId, Matter]] = [
        ("founding", each.matter)
        for each in foundings(stored)
        if each.key in keys and each.under_way is None and not each.missing
    ]
    return services.start_all(permit, asked, plan=stored.plan, approved_by=stored)


def revised(
    town: Town, matter: Matter, days: Mapping[str, date | None], leadership: str, *, refresh: bool
) -> Matter:
    """The matter with the days of its commitments, how the secretary comes, and on request the ledger's members."""
    changed = drafting.with_commitments(matter, days)
    chosen = {each.value: each for each in Leadership}.get(leadership)
    if chosen is not None:
        changed = drafting.led(changed, chosen)
    return drafting.refreshed(town, changed) if refresh else changed


def matter_asked(
    permit: Permit, asked: forms.Kind, organization: str, now: DayTree, given: QueryDict
) -> Matter:
    """What is asked for by one of the forms ``ASKED_BY``, as typed. InputError with every reason."""
    town = permit.town
    given["on"] = today(town).isoformat()
    reader = forms.Reader(permit, live(town), now, today(town), given, Action.PROPOSE)
    operation: Operation = reader.operation(asked, organization, drafting.new_id(town))
    named = drafting.kind_of(operation)
    assert named is not None, "every form of ASKED_BY makes an operation that can be asked for"
    kind, of = named
    stands = now.organizations.get(of or organization)
    name = getattr(operation, "name", None) if kind in (Kind.FOUND, Kind.SPLIT_OFF) else None
    words = given.get("leadership", Leadership.ELECTED.value)
    known = {each.value: each for each in Leadership}
    groups = sorted(permit.groups(Action.PROPOSE))
    matter = drafting.matter_of(
        town,
        kind,
        of or organization,
        [operation],
        name or (stands.name if stands is not None else organization),
        group=groups[0] if groups and permit.reach(Action.PROPOSE) is Reach.GROUP else "",
        concerned=stands.units if stands is not None else (),
        leadership=known.get(words, Leadership.ELECTED) if kind in ELECTING else Leadership.ELECTED,
    )
    _only_own_units(permit, operation)
    return matter


def _only_own_units(permit: Permit, operation: Operation) -> None:
    """A group asks for its own units: those of another group on an organization's list are not its to move."""
    import polars as pl

    from liangxin.web.units.queries import readable

    units = list(dict.fromkeys(getattr(operation, "units", ())))
    own = readable(permit, live(permit.town), Action.PROPOSE).filter(pl.col("unit_id").is_in(units))
    if own.height < len(units):
        others = sorted(set(units) - set(own["unit_id"].to_list()))
        raise InputError.of(
            "procedure.not_own_units",
            "这些单位不归本组，请由组织办或该组提出",
            "These units are not your group's; the office or their group asks for them",
            found="、".join(others[:20]),
            column_of="members",
        )
