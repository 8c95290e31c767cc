"""A stored plan laid on the live ledger as the planner's own arrays: what drag, comparison and lists are judged on.

Kept in memory for each process, by the ledger's last change, the policy and the plan before, like ``units.live``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from liangxin.files.plan_json import parse_plan
from liangxin.web.plans.models import PlanRun
from liangxin.web.ui.memory import MEMORY
from liangxin.web.units.live import Live

if TYPE_CHECKING:
    from liangxin.planning.build import Built
    from liangxin.planning.organizations import Organizations
    from liangxin.planning.plan import Plan
    from liangxin.planning.problem import Arrangement


def plan_of(run: PlanRun) -> Plan:
    """The plan of a finished run; it never changes, so it is read once."""
    return MEMORY.get(("plan", run.pk), lambda: parse_plan(run.plan))


@dataclass(frozen=True, slots=True)
class Laid:
    """``arrangement``: the plan's forms and hosts in the problem's order; units that the plan does not know have none."""

    run: PlanRun
    plan: Plan
    built: Built
    arrangement: Arrangement
    index: dict[str, int]


def laid(run: PlanRun, shown: Live) -> Laid:
    import numpy as np

    from liangxin.planning.forms import CODE, NONE, VILLAGE
    from liangxin.planning.problem import Arrangement

    plan = plan_of(run)
    built = _problem(run, shown)
    index = {unit_id: unit for unit, unit_id in enumerate(built.problem.unit_ids)}
    hosts = {each.organization_id: each.host for each in plan.organizations}
    form = np.full(built.problem.n, NONE, dtype=np.int32)
    host = np.full(built.problem.n, -1, dtype=np.int32)
    for decision in plan.units:
        unit = index.get(decision.unit_id)
        if unit is None:
            continue  # left the base since
        form[unit] = CODE[decision.form]
        if form[unit] not in (VILLAGE, NONE):
            # A lead unit that left the base since leaves its members without one: the check names it.
            host[unit] = index.get(hosts.get(decision.organization_id or "", ""), -1)
    return Laid(run, plan, built, Arrangement(form, host), index)


def _problem(run: PlanRun, shown: Live) -> Built:
    """The problem as the run had it (the plan before, what exists), without pins, on the ledger of now."""
    from liangxin.planning.build import build
    from liangxin.planning.options import PlanOptions

    policy = shown.policy
    key = ("problem", run.town_id, run.town.version, shown.seq, policy.key, run.based_on_id)

    def make() -> Built:
        previous = plan_of(run.based_on) if run.based_on is not None and run.based_on.done else None
        return build(shown.classified, run.town.as_core(), options=PlanOptions(previous=previous))

    return MEMORY.get(key, make)


def organized(plan: Laid) -> Organizations:
    """The organizations with whom each instructor left over reaches (1.5), as the run counted them."""
    from liangxin.planning.cost import cost
    from liangxin.planning.organizations import organize

    return organize(
        plan.built, plan.arrangement, cost(plan.built.problem, plan.arrangement), plan.run.town.as_core()
    )
