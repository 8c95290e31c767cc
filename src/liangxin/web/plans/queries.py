"""Reads of plans: the list of runs and their targets; one plan by work area, what it cannot meet, its draft."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import Max

from liangxin.registry.fields import FORMS
from liangxin.web.accounts.permission import Permit
from liangxin.web.areas.models import Town
from liangxin.web.overview.telling import untold
from liangxin.web.plans.arranged import Laid
from liangxin.web.plans.models import PlanPin, PlanRun, Publication
from liangxin.web.plans.viewing import PlanView, mine, view
from liangxin.web.policies.queries import load
from liangxin.web.ui.rates import RateRow
from liangxin.web.units.live import live
from liangxin.web.units.models import Change
from liangxin.wording import Text

if TYPE_CHECKING:
    from liangxin.planning.plan import Infeasible
    from liangxin.policy.model import Policy


def published(town: Town) -> PlanRun | None:
    """The plan that is the town's proposal now, or None before the first was published."""
    newest = Publication.objects.filter(town=town).select_related("run").first()
    return newest.run if newest is not None else None


def runs(town: Town) -> list[PlanRun]:
    """All runs, newest first, without their plans."""
    return list(
        PlanRun.objects.filter(town=town).defer("plan").select_related("by", "job", "based_on", "town")
    )


def changed_since(run: PlanRun, newest: int) -> bool:
    """Has the ledger changed since the run read it?"""
    return run.done and run.seq is not None and newest > run.seq


def other_policy(run: PlanRun, policy: Policy) -> bool:
    """Does the town follow another policy, or other overlays, than when the run was made?"""
    return run.done and (run.policy, tuple(run.overlays)) != (policy.id, policy.overlays)


def newest_change(town: Town) -> int:
    return Change.objects.filter(town=town).aggregate(last=Max("pk"))["last"] or 0


@dataclass(frozen=True, slots=True)
class Target:
    """One target of a run before and after, as the list of runs and a plan's page show it."""

    id: str
    label: Text
    before: RateRow
    after: RateRow


def targets(permit: Permit, run: PlanRun, today: Any) -> list[Target]:
    """From the summary: no plan has to be read for it. Small numbers about members are withheld as in the overview."""
    from datetime import date

    from liangxin.coverage.rate import Rate

    policy = load(run.town)
    found: list[Target] = []
    for each in run.summary.get("indicators", ()):
        label = Text(each["label"]["zh"], each["label"]["en"])
        due = date.fromisoformat(each["due"]) if each["due"] else None
        rates = [Rate(**each[side]) for side in ("before", "after")]
        if untold(permit, policy, each["id"], *rates):
            rates = [rate.withheld() for rate in rates]
        sides = [RateRow(each["id"], label, rate, each["target"], due, today) for rate in rates]
        found.append(Target(each["id"], label, *sides))
    return found


def target_pairs(
    permit: Permit, first: PlanRun, second: PlanRun, today: Any
) -> list[tuple[Target | None, Target | None]]:
    """The targets of two runs side by side. None: the run was made under a policy that has no such indicator."""
    one, two = ({each.id: each for each in targets(permit, run, today)} for run in (first, second))
    return [(one.get(id), two.get(id)) for id in one | two]


@dataclass(slots=True)
class AreaRow:
    """One work area of a plan in numbers: units by form, organizations, what is new, what is moved."""

    id: str
    name: str
    units: int = 0
    forms: dict[str, int] = field(default_factory=dict)
    organizations: int = 0
    new: int = 0
    moved: int = 0
    split_off: int = 0
    conflicts: int = 0

    @property
    def altered(self) -> tuple[tuple[str, int], ...]:
        return (("moved", self.moved), ("split_off", self.split_off))


def by_area(shown: PlanView) -> list[AreaRow]:
    """Counts for the whole town: they name no unit, so everybody who may see plans sees them."""
    names = {area.id: area.name for area in shown.run.town.as_core().areas}
    found: dict[str, AreaRow] = {}
    for row in shown.rows:
        at = shown.area_of[row.organization.organization_id] if row.organization else row.area
        area = found.setdefault(at, AreaRow(at, names.get(at, "")))
        area.units += 1
        area.forms[row.decision.form] = area.forms.get(row.decision.form, 0) + 1
        area.new += row.decision.change == "new"
        area.moved += row.decision.change == "moved"
        area.split_off += row.decision.change == "split_off"
        area.conflicts += bool(row.decision.conflicts)
    for organization, at in shown.area_of.items():
        found[at].organizations += shown.organizations[organization].form != "village"
    return list(found.values())


def infeasible(permit: Permit, shown: PlanView) -> tuple[list[tuple[int, Infeasible]], int]:
    """What is not met, numbered as in the plan; and how many parts name units the person may not read."""
    groups = mine(permit)
    own = None if groups is None else {row.unit_id for row in shown.rows if row.task_group in groups}
    told: list[tuple[int, Infeasible]] = []
    hidden = 0
    for number, each in enumerate(shown.plan.infeasible):
        if own is None or set(each.unit_ids) <= own:
            told.append((number, each))
        else:
            hidden += 1
    return told, hidden


def pins(permit: Permit, run: PlanRun) -> tuple[list[PlanPin], int]:
    """The draft's pins about units the person may read, and the number of the others."""
    rows = list(run.pins.select_related("by"))
    groups = mine(permit)
    if groups is None:
        return rows, 0
    own = {row.unit_id for row in view(run, live(run.town)).rows if row.task_group in groups}
    shown = [each for each in rows if set(each.units) <= own]
    return shown, len(rows) - len(shown)


def choices(
    permit: Permit, plan: Laid, shown: PlanView, unit_id: str
) -> list[tuple[Text, list[tuple[str, Text]]]]:
    """Where a unit could go, for the plain list: what it may join, nearest first; on its own; every one of its area."""
    import numpy as np

    from liangxin.planning.forms import CODE, JOINT
    from liangxin.planning.problem import may_join

    problem, unit = plan.built.problem, plan.index[unit_id]
    near: list[tuple[float, str, str]] = []
    others: list[tuple[str, Text]] = []
    here = next(row for row in shown.rows if row.unit_id == unit_id)
    for each in plan.plan.organizations:
        if each.status == "dissolved" or unit_id in each.unit_ids or each.host not in plan.index:
            continue
        host = plan.index[each.host]
        joint = CODE[each.form] in JOINT
        form = CODE[each.form] if joint else CODE["leader"]
        if (joint or problem.can_lead[host]) and may_join(problem, unit, host, form):
            away = float(
                np.hypot(problem.x_km[unit] - problem.x_km[host], problem.y_km[unit] - problem.y_km[host])
            )
            near.append((99.0 if np.isnan(away) else away, f"org:{each.organization_id}", each.name))
        elif joint and shown.area_of.get(each.organization_id) == here.area:
            others.append((f"org:{each.organization_id}", Text(each.name, each.name)))
    near.sort()
    alone = [
        (f"form:{form}", FORMS[form])
        for form in ("separate", "seconded", "mobile", "village", "none")
        if form != here.decision.form
    ]
    listed = [
        (Text("可以加入的，近的在前", "It may join, nearest first"), 
         [(value, Text("{name} · {km} km", "{name} · {km} km").fill(name=name, km=f"{away:.1f}")) for away, value, name in near[:40]]),
        (Text("不联合", "Not joint"), alone),
        (Text("本片其他联合党组织", "Other joint organizations of its area"), others[:100]),
    ]  # fmt: skip
    return [each for each in listed if each[1]]
