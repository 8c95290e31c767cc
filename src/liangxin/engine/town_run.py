"""One town the whole way: classify, plan, arrange in the tree. A pure function of its inputs; the same here and on a cluster."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from liangxin.wording import Text

if TYPE_CHECKING:
    import polars as pl

    from liangxin.coverage import Classification
    from liangxin.planning.options import PlanOptions
    from liangxin.planning.plan import Plan
    from liangxin.policy.model import Policy
    from liangxin.registry.town import Town
    from liangxin.structure import Tree

OnStage = Callable[[Text], None]

CLASSIFYING: Final = Text("按政策归类", "classify by the policy")
PLANNING: Final = Text("求组建方案", "solve the plan")
ARRANGING: Final = Text("编入组织体系", "arrange the organizations")


@dataclass(frozen=True, slots=True)
class TownResult:
    """What is known of one town after the run. ``plan`` has its parent ids from ``tree``."""

    town: Town
    classification: Classification
    plan: Plan
    tree: Tree

    @property
    def policy(self) -> Policy:
        return self.classification.policy


def run_town(
    ledger: pl.DataFrame,
    town: Town,
    policy: Policy,
    options: PlanOptions | None = None,
    *,
    on_stage: OnStage | None = None,
) -> TownResult:
    """Go the whole way with one town.

    Args:
        ledger: exactly the columns of ``registry.fields.ledger_schema()``; null = 待核.
        town: the town file.
        policy: as loaded for the day; its ``as_of`` is the day of the plan.
        options: of the planner; its defaults when not given.
        on_stage: told the name of each stage as it begins.

    Raises:
        InputError: the ledger's columns, the town's records or the arrangement cannot be used, with every reason.
    """
    from liangxin.coverage import classify
    from liangxin.engine.arranged import arrangement
    from liangxin.planning import make_plan
    from liangxin.planning.options import PlanOptions as Options
    from liangxin.structure import build_tree

    begin = on_stage or _silent
    begin(CLASSIFYING)
    classification = classify(ledger, policy)
    begin(PLANNING)
    plan = make_plan(classification, town, options=options or Options())
    begin(ARRANGING)
    tree = build_tree(town, arrangement(plan), policy, classification.frame)
    return TownResult(town, classification, with_parents(plan, tree), tree)


def with_parents(plan: Plan, tree: Tree) -> Plan:
    """The plan with each organization's superior on the plan's day; a dissolved one keeps the last it had."""
    from liangxin.structure import parents

    above = parents(tree, plan.as_of)
    return replace(
        plan,
        organizations=tuple(
            replace(each, parent_id=above.get(each.organization_id, each.parent_id))
            for each in plan.organizations
        ),
    )


def _silent(stage: Text) -> None:
    """Nobody listens."""
