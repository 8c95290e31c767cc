"""What a published plan asks for: one case for each task group, and once it is approved one request for each organization."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Final

from django.db.models import Q

from liangxin.procedure import Kind, Matter, PlanFigures
from liangxin.web.areas.models import Town
from liangxin.web.plans.arranged import plan_of
from liangxin.web.plans.models import PlanRun
from liangxin.web.procedures.drafting import groups_of, kind_of, matter_of, roster, task_group
from liangxin.web.procedures.models import Case
from liangxin.web.units.live import live

if TYPE_CHECKING:
    from liangxin.planning.plan import Plan
    from liangxin.structure import DayTree, Operation, Tree

_GENERAL: Final = ("general_branch", "joint_general_branch")
_ENDED: Final = ("given_up", "refused", "annulled")  # what ended so can be begun anew


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
        .exclude(step__in=_ENDED)
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

    The operations are those by which the core builds the plan's tree, on the ledger of now; what stands so already is
    left out.
    """
    from liangxin.engine.arranged import arrangement
    from liangxin.structure import build_tree
    from liangxin.web.organizations.queries import day_tree
    from liangxin.web.policies.queries import today

    if case.plan is None:
        return []
    town, plan, shown, day = case.town, plan_of(case.plan), live(case.town), today(case.town)
    groups = groups_of(shown)
    now = day_tree(town, day)
    planned = {
        each.organization_id: each
        for each in plan.organizations
        if each.status != "existing" and task_group(groups, each.unit_ids, each.host) == case.task_group
    }
    tree = build_tree(town.as_core(), arrangement(plan), shown.policy, shown.classified.frame, founded_on=day)
    entries = sorted(tree.journal, key=lambda entry: entry.number)
    wanted = _gathered((entry.operation for entry in entries), planned, now, day)
    begun = {
        (each.kind, each.organization): each
        for each in Case.objects.filter(
            Q(approved_by=case) | Q(closed=False), town=town, procedure="founding"
        )
        .exclude(step__in=_ENDED)
        .select_related("initiator")
    }
    found: list[Asked] = []
    for (kind, organization), operations in wanted.items():
        stands = now.organizations.get(organization)
        name = stands.name if stands is not None else planned[organization].name
        matter = matter_of(town, kind, organization, operations, name, group=case.task_group)
        found.append(
            Asked(
                f"{kind.value}:{organization}",
                matter,
                begun.get((kind.value, organization)),
                _missing(kind, organization, operations, now, tree),
            )
        )
    return found


def _gathered(
    operations: Iterable[Operation], planned: Mapping[str, object], now: DayTree, day: date
) -> dict[tuple[Kind, str], list[Operation]]:
    """The plan's operations by kind of matter and organization. Units that come to an organization whose setting
    changes too are asked for with that change."""
    from liangxin.structure import Attach

    wanted: dict[tuple[Kind, str], list[Operation]] = {}
    for operation in operations:
        named = kind_of(operation)
        if named is None or named[1] not in planned or operation.on != day or _stands(operation, now):
            continue
        wanted.setdefault(named, []).append(operation)
    for (kind, organization), asked in list(wanted.items()):
        changing = wanted.get((Kind.CHANGE, organization))
        if kind is not Kind.TRANSFER or changing is None:
            continue
        changing += [each for each in asked if isinstance(each, Attach)]
        rest: list[Operation] = [each for each in asked if not isinstance(each, Attach)]
        if rest:
            wanted[kind, organization] = rest
        else:
            del wanted[kind, organization]
    return wanted


def _stands(operation: Operation, now: DayTree) -> bool:
    """Is it so already? Then nobody asks for it."""
    from liangxin.structure import Adjust, Attach, Dissolve, Found, SplitOff, Transfer, Upgrade

    match operation:
        case Found() | SplitOff():
            return operation.id in now.organizations
        case Dissolve():
            return operation.organization not in now.organizations
        case Attach() if not operation.graduates:
            held = now.organizations.get(operation.to)
            return held is not None and set(operation.units) <= set(held.units)
        case Transfer():
            each = now.organizations.get(operation.organization)
            return each is not None and operation.parent == (
                each.line if operation.axis == "line" else each.parent
            )
        case Upgrade():
            each = now.organizations.get(operation.organization)
            return each is not None and each.standing.type == operation.type
        case Adjust():
            each = now.organizations.get(operation.organization)
            return each is not None and all(
                getattr(operation, name) in (None, getattr(each.standing, name))
                for name in ("name", "type", "form", "host", "area")
            )
        case _:
            return False


def _missing(kind: Kind, organization: str, operations: Iterable[Operation], now: DayTree, tree: Tree) -> str:
    """The organization that has to stand first, by name; "" where nothing is missing."""
    needed = [] if kind in (Kind.FOUND, Kind.SPLIT_OFF) else [organization]
    needed += [parent for each in operations if (parent := getattr(each, "parent", None)) is not None]
    for id in needed:
        if id not in now.organizations:
            spans = tree.standing.get(id)
            return spans[-1].value.name if spans else id
    return ""
