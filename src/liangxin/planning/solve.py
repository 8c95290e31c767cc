"""Solve a planning problem: a first answer at once, then stage by stage, then the cost; whatever stops it, never worse than before."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

import numpy as np

from liangxin.planning import runs
from liangxin.planning.block import Prices
from liangxin.planning.clock import Clock
from liangxin.planning.cost import cost
from liangxin.planning.options import PlanOptions
from liangxin.planning.problem import Arrangement, Problem
from liangxin.planning.runs import Run
from liangxin.planning.solution import Solution
from liangxin.planning.stages import Shortfall, Stages

if TYPE_CHECKING:
    from collections.abc import Callable

    from liangxin.planning.plan import SolverStatus

_PROGRAMS_SHARE: Final = 0.85
"""Of the time left, for the programs; the rest is for local search where they prove too little."""


def solve(
    problem: Problem, options: PlanOptions | None = None, *, now: Callable[[], float] = time.monotonic
) -> Solution:
    """The best arrangement found and a bound that is proven. Never fails: what cannot be met stays unmet, stage by stage
    (docs/planning.md, "Stages"). ``now``: the clock that the time limit is measured with.

    Raises Cancelled when ``options.cancellation`` asks for it.
    """
    from liangxin.planning.townwide import lower_cost_by_blocks
    from liangxin.planning.warming import warm_up

    options = options or PlanOptions()
    tell = options.progress or (lambda stage, share: None)
    Clock(cancellation=options.cancellation).left()
    warm_up(tell)
    started = now()
    clock = Clock(started + options.time_limit, options.cancellation, now)
    tell("relax", 0.0)
    if problem.n == 0:
        stages = Stages(Shortfall(), Shortfall())
        return Solution(Arrangement.nothing(0), 0.0, 0.0, 0.0, "optimal", Prices(), stages)
    run = Run(problem, options, clock)
    run.count()
    tell("search", 0.1)
    if run.value > 0.0 and not clock.over():
        run.clock = clock.shortened(_PROGRAMS_SHARE * clock.left())
        if problem.n <= runs.ONE_PIECE:
            run.lower_cost()
        else:
            lower_cost_by_blocks(run)
        run.clock = clock
        if not run.is_proven:
            run.tinker()
    objective = cost(problem, run.arrangement).total
    bound = min(max(run.bound, _least_cost(problem)), objective)
    tell("done", 1.0)
    return Solution(
        run.arrangement,
        objective,
        bound,
        now() - started,
        _status(objective, bound, options),
        run.prices,
        Stages(run.shortfall, run.least),
    )


def _least_cost(problem: Problem) -> float:
    """Nothing costs less than 0 where no weight but that of a chain link is negative, and pairs have a floor."""
    weights = problem.weights
    figures = (
        *weights.per_unit,
        *weights.per_organization,
        weights.village_distance,
        weights.village_overload,
    )
    figures += (weights.stability, weights.pair_floor)
    return 0.0 if min(figures) >= 0.0 else -np.inf


def _status(objective: float, bound: float, options: PlanOptions) -> SolverStatus:
    gap = (objective - bound) / max(abs(objective), 1e-9)
    if gap <= 1e-6:
        return "optimal"
    return "gap_reached" if gap <= options.gap else "time_limit"
