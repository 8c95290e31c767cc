"""Two plans side by side: targets, cost, and every unit whose form or organization differs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from liangxin.planning.plan import IndicatorChange, Plan


@dataclass(frozen=True, slots=True)
class UnitDifference:
    """``None`` for a unit that one of the plans does not know."""

    unit_id: str
    form_before: str | None
    form_after: str | None
    organization_before: str | None
    organization_after: str | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """``units``: those that differ, in the second plan's order, then those it no longer has. ``indicators``: pairs by id."""

    objective_before: float
    objective_after: float
    organizations_founded: tuple[str, ...]
    organizations_ended: tuple[str, ...]
    units: tuple[UnitDifference, ...]
    indicators: tuple[tuple[IndicatorChange | None, IndicatorChange], ...]

    @property
    def extra_cost(self) -> float:
        return self.objective_after - self.objective_before


def compare(before: Plan, after: Plan) -> Comparison:
    """What changes from one plan to the other. Comparing a plan with itself gives no difference."""
    old = {decision.unit_id: decision for decision in before.units}
    new = {decision.unit_id: decision for decision in after.units}
    differences: list[UnitDifference] = []
    for unit_id in (*new, *(gone for gone in old if gone not in new)):
        first, second = old.get(unit_id), new.get(unit_id)
        difference = UnitDifference(
            unit_id,
            first.form if first else None,
            second.form if second else None,
            first.organization_id if first else None,
            second.organization_id if second else None,
        )
        if (
            first is None
            or second is None
            or (first.form, first.organization_id) != (second.form, second.organization_id)
        ):
            differences.append(difference)
    standing = [
        {o.organization_id for o in plan.organizations if o.status != "dissolved"} for plan in (before, after)
    ]
    indicators = {item.id: item for item in before.indicators}
    return Comparison(
        before.solver.objective,
        after.solver.objective,
        tuple(sorted(standing[1] - standing[0])),
        tuple(sorted(standing[0] - standing[1])),
        tuple(differences),
        tuple((indicators.get(item.id), item) for item in after.indicators),
    )
