"""From the plan to what the tree needs of it: the two rooms do not know each other, so the engine hands it over."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from liangxin.planning.plan import Plan
    from liangxin.structure import Arrangement


def arrangement(plan: Plan) -> Arrangement:
    """Every organization of the plan with its units, on the plan's day. Nothing is left out and nothing added."""
    from liangxin.structure import ArrangedOrganization, Arrangement

    return Arrangement(
        plan.as_of,
        tuple(
            ArrangedOrganization(
                id=each.organization_id,
                name=each.name,
                type=each.type,
                form=each.form,
                host=each.host,
                unit_ids=each.unit_ids,
                full_members=each.full_members,
                members=each.members,
                status=each.status,
            )
            for each in plan.organizations
        ),
    )
