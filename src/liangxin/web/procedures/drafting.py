"""What a case is about, made from what the site holds: a published plan, or one operation that somebody typed in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Final

from liangxin.findings import InputError
from liangxin.procedure import Kind, Leadership, Matter, PlanFigures, RosterLine
from liangxin.web.areas.models import Town
from liangxin.web.plans.arranged import plan_of
from liangxin.web.plans.models import PlanRun
from liangxin.web.procedures.models import Case
from liangxin.web.units.live import Live, live

if TYPE_CHECKING:
    from liangxin.planning.plan import Plan
    from liangxin.structure import Operation

TITLES: Final = {
    Kind.FOUND: "关于成立{name}的请示",
    Kind.CHANGE: "关于调整{name}设置的请示",
    Kind.SPLIT_OFF: "关于剥离成立{name}的请示",
    Kind.UPGRADE: "关于{name}升格的请示",
    Kind.MERGE: "关于将有关党组织并入{name}的请示",
    Kind.DISSOLVE: "关于撤销{name}的请示",
    Kind.TRANSFER: "关于调整{name}隶属关系的请示",
}
_GENERAL: Final = ("general_branch", "joint_general_branch")


def roster(shown: Live, units: Iterable[str], host: str | None) -> tuple[RosterLine, ...]:
    """The units with their members as the ledger counts them now; the lead unit is marked."""
    import polars as pl

    wanted = list(dict.fromkeys(units))
    rows = shown.frame.filter(pl.col("unit_id").is_in(wanted)).select(
        "unit_id", "name", "full_members", "probationary_members"
    )
    by_id = {row[0]: row for row in rows.iter_rows()}
    return tuple(
        RosterLine(unit, str(by_id[unit][1]), by_id[unit][2], by_id[unit][3], host=unit == host)
        for unit in wanted
        if unit in by_id
    )


def groups_of(shown: Live) -> dict[str, str]:
    """Unit -> task group, "" where none has it."""
    rows = shown.frame.select("unit_id", "task_group").iter_rows()
    return {unit: group or "" for unit, group in rows}


def task_group(groups: Mapping[str, str], units: Sequence[str], host: str | None = None) -> str:
    """Whose matter it is: the lead unit's group, else that of most units."""
    if host is not None and groups.get(host):
        return groups[host]
    counted = Counter(groups[unit] for unit in units if groups.get(unit))
    return counted.most_common(1)[0][0] if counted else ""


def kind_of(operation: Operation) -> tuple[Kind, str] | None:
    """Under which kind of matter an operation is asked for, and of which organization; None: it is not asked for."""
    from liangxin.structure import (
        Adjust,
        Attach,
        Dissolve,
        Found,
        Merge,
        Release,
        SplitOff,
        Transfer,
        Upgrade,
    )

    match operation:
        case Found():
            return Kind.FOUND, operation.id
        case SplitOff():
            return Kind.SPLIT_OFF, operation.id
        case Attach():
            return Kind.TRANSFER, operation.to
        case Transfer():
            return Kind.TRANSFER, operation.organization
        case Upgrade():
            return Kind.UPGRADE, operation.organization
        case Adjust():
            return Kind.CHANGE, operation.organization
        case Release():
            return Kind.CHANGE, ""
        case Merge():
            return Kind.MERGE, operation.into
        case Dissolve():
            return Kind.DISSOLVE, operation.organization
        case _:
            return None


def units_of(operations: Iterable[Operation]) -> tuple[str, ...]:
    """The units that a matter with these operations has on its roster."""
    from liangxin.structure import Attach, Found, SplitOff

    return tuple(
        dict.fromkeys(
            unit
            for operation in operations
            if isinstance(operation, Found | SplitOff | Attach)
            for unit in operation.units
        )
    )


def matter_of(
    town: Town,
    kind: Kind,
    organization: str,
    operations: Sequence[Operation],
    name: str,
    *,
    group: str = "",
    concerned: Sequence[str] = (),
    leadership: Leadership = Leadership.ELECTED,
) -> Matter:
    """The matter of these operations. ``concerned``: units whose group has it in hand where the roster is empty."""
    shown = live(town)
    units = units_of(operations)
    host = next((each for each in (getattr(one, "host", None) for one in operations) if each), None)
    groups = groups_of(shown)
    return Matter(
        kind=kind,
        title=TITLES[kind].format(name=name),
        task_group=task_group(groups, units or tuple(concerned), host) or group,
        roster=roster(shown, units, host),
        organization=organization,
        operations=tuple(operations),
        leadership=leadership,
    )


def new_id(town: Town) -> str:
    """An id that no organization of the town ever had, and that no other case asks for."""
    from liangxin.web.organizations.queries import tree_of

    known = {*tree_of(town).standing, *Case.objects.filter(town=town).values_list("organization", flat=True)}
    number = 1
    while f"Q{number:04d}" in known:
        number += 1
    return f"Q{number:04d}"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A task group's part of a plan. ``under_way``: its case, where one was begun."""

    group: str
    name: str
    matter: Matter
    under_way: Case | None


def proposals(town: Town, run: PlanRun) -> list[Proposal]:
    """One plan case for each task group that the plan gives anything to do (5.2)."""
    plan, shown = plan_of(run), live(town)
    groups = groups_of(shown)
    names = {group.id: group.name for group in town.as_core().task_groups}
    changed: dict[str, list[str]] = {}
    for decision in plan.units:
        if decision.change in ("new", "moved", "split_off"):
            changed.setdefault(groups.get(decision.unit_id, ""), []).append(decision.unit_id)
    begun = {
        case.task_group: case
        for case in Case.objects.filter(town=town, plan=run, kind=Kind.PLAN.value)
        .exclude(step__in=("given_up", "refused", "annulled"))
        .select_related("initiator")
    }
    figures = _figures(plan, groups)
    found: list[Proposal] = []
    for group in sorted(
        changed, key=lambda id: (id not in names, list(names).index(id) if id in names else 0)
    ):
        name = names.get(group, group or "未分组")
        matter = Matter(
            kind=Kind.PLAN,
            title=f"{name}组建方案（{run.label.zh}）",
            task_group=group,
            roster=roster(shown, changed[group], None),
            figures=replace(figures.get(group, PlanFigures()), units=len(changed[group])),
        )
        found.append(Proposal(group, name, matter, begun.get(group)))
    return found


def _figures(plan: Plan, groups: Mapping[str, str]) -> dict[str, PlanFigures]:
    """What the plan holds for each group, counted; an organization is of the group of its lead unit."""
    counted: dict[str, Counter[str]] = {}
    for each in plan.organizations:
        counts = counted.setdefault(task_group(groups, each.unit_ids, each.host), Counter())
        counts["organizations"] += each.status == "new"
        counts["general_branches"] += each.status == "new" and each.type in _GENERAL
        counts["dissolved"] += each.status == "dissolved"
    for decision in plan.units:
        counts = counted.setdefault(groups.get(decision.unit_id, ""), Counter())
        counts["required_left_out"] += decision.asked_form is not None and decision.form == "none"
        counts["conflicts"] += len(decision.conflicts)
    return {group: PlanFigures(**counts) for group, counts in counted.items()}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a plan asks for of one organization. ``under_way``: the case, where one was begun. ``missing``: the superior
    that does not stand yet."""

    key: str
    matter: Matter
    under_way: Case | None
    missing: str = ""


def foundings(case: Case) -> list[Asked]:
    """The requests that follow from an approved plan case: one for each organization of its group and kind of matter.

    The operations are those by which the core builds the plan's tree, on the ledger of now.
    """
    from liangxin.engine.arranged import arrangement
    from liangxin.structure import build_tree
    from liangxin.web.organizations.queries import day_tree
    from liangxin.web.policies.queries import today

    if case.plan is None:
        return []
    town, plan, shown = case.town, plan_of(case.plan), live(case.town)
    groups = groups_of(shown)
    now = day_tree(town, today(town))
    planned = {
        each.organization_id: each
        for each in plan.organizations
        if each.status != "existing" and task_group(groups, each.unit_ids, each.host) == case.task_group
    }
    tree = build_tree(
        town.as_core(), arrangement(plan), shown.policy, shown.classified.frame, founded_on=today(town)
    )
    wanted: dict[tuple[Kind, str], list[Operation]] = {}
    for entry in sorted(tree.journal, key=lambda entry: entry.number):
        named = kind_of(entry.operation)
        if named is not None and named[1] in planned and entry.operation.on is not None:
            wanted.setdefault(named, []).append(entry.operation)
    begun = {
        (each.kind, each.organization): each
        for each in Case.objects.filter(town=town, procedure="founding")
        .exclude(step__in=("given_up", "refused", "annulled"))
        .select_related("initiator")
    }
    found: list[Asked] = []
    for (kind, organization), operations in wanted.items():
        if kind in (Kind.FOUND, Kind.SPLIT_OFF) and organization in now.organizations:
            continue  # it stands already
        name = next((each.name for each in operations if hasattr(each, "name") and each.name), "")
        name = name or planned[organization].name
        matter = matter_of(town, kind, organization, operations, name, group=case.task_group)
        above = next((getattr(each, "parent", None) for each in operations), None)
        missing = "" if above is None or above in now.organizations else _name_in(tree, above)
        found.append(
            Asked(f"{kind.value}:{organization}", matter, begun.get((kind.value, organization)), missing)
        )
    return found


def _name_in(tree: object, id: str) -> str:
    spans = tree.standing.get(id)  # type: ignore[attr-defined]
    return str(spans[-1].value.name) if spans else id


def with_commitments(matter: Matter, days: Mapping[str, date | None]) -> Matter:
    """The matter with the day of each unit's commitment."""
    return replace(
        matter,
        roster=tuple(
            replace(line, commitment_on=days[line.unit]) if line.unit in days else line
            for line in matter.roster
        ),
    )


def refreshed(town: Town, matter: Matter) -> Matter:
    """The matter with the members of its units as the ledger counts them now; commitments stay."""
    now = {line.unit: line for line in roster(live(town), [line.unit for line in matter.roster], None)}
    gone = [line.name for line in matter.roster if line.unit not in now]
    if gone:
        raise InputError.of(
            "procedure.unit_gone",
            "台账里已经没有这些单位，请另拟请示",
            "these units are no longer in the ledger; draw up another request",
            found="、".join(gone),
            column_of="roster",
        )
    return replace(
        matter,
        roster=tuple(
            replace(
                line,
                name=now[line.unit].name,
                full_members=now[line.unit].full_members,
                probationary_members=now[line.unit].probationary_members,
            )
            for line in matter.roster
        ),
    )


def led(matter: Matter, leadership: Leadership) -> Matter:
    return replace(matter, leadership=leadership)
