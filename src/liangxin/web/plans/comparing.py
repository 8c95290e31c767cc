"""Two plans side by side: targets, cost by term, and the units that they place differently."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from liangxin.web.accounts.permission import Permit
from liangxin.web.plans.arranged import Laid, laid
from liangxin.web.plans.models import PlanRun
from liangxin.web.plans.viewing import key_of, mine, view
from liangxin.web.ui.memory import MEMORY
from liangxin.web.units.live import Live
from liangxin.wording import Text

if TYPE_CHECKING:
    from liangxin.planning.compare import Comparison
    from liangxin.planning.problem import Problem


@dataclass(frozen=True, slots=True)
class Move:
    """One unit that two plans place differently."""

    unit_id: str
    name: str
    form_before: str | None
    form_after: str | None
    from_name: str
    to_name: str
    reason: Text | None


@dataclass(frozen=True, slots=True)
class Side:
    """Two plans side by side, both judged on the ledger of now in the same way."""

    comparison: Comparison
    moves: list[Move]
    hidden: int
    terms: list[tuple[Text, float, float]]
    totals: tuple[float, float]


def compared(permit: Permit, first: PlanRun, second: PlanRun, shown: Live) -> Side:
    from liangxin.planning.compare import compare
    from liangxin.planning.terms import TERMS, terms

    one, two = laid(first, shown), laid(second, shown)
    alike = first.based_on_id == second.based_on_id

    def judged(side: Laid) -> dict[str, float]:
        def judge() -> dict[str, float]:
            problem = side.built.problem if alike else plain_problem(side.run, shown)
            return terms(problem, side.arrangement)

        return MEMORY.get(key_of(f"terms {alike}", side.run, shown), judge)

    before, after = judged(one), judged(two)
    comparison = compare(one.plan, two.plan)
    views = view(first, shown), view(second, shown)
    rows = {row.unit_id: row for each in views for row in each.rows}
    groups = mine(permit)
    names = [{key: each.name for key, each in side.organizations.items()} for side in views]
    moves: list[Move] = []
    hidden = 0
    for each in comparison.units:
        row = rows[each.unit_id]
        if groups is not None and row.task_group not in groups:
            hidden += 1
            continue
        moves.append(
            Move(
                each.unit_id,
                row.name,
                each.form_before,
                each.form_after,
                names[0].get(each.organization_before or "", ""),
                names[1].get(each.organization_after or "", ""),
                row.decision.reason if each.form_after is not None else None,
            )
        )
    return Side(
        comparison,
        moves,
        hidden,
        [(words, before[key], after[key]) for key, words in TERMS.items()],
        (sum(before.values()), sum(after.values())),
    )


def plain_problem(run: PlanRun, shown: Live) -> Problem:
    """The problem without any plan before, so that two plans of different descent are judged alike."""
    from liangxin.planning.build import build_problem

    return build_problem(shown.classified, run.town.as_core())
