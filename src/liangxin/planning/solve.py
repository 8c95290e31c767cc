"""Solve a planning problem: in one piece, or by blocks with prices for the town-wide targets."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

import numpy as np

from liangxin.planning.block import ESTABLISHMENT_SHORT, REACH_SHORT, Prices, build_block
from liangxin.planning.check import tally
from liangxin.planning.cost import cost
from liangxin.planning.fallback import fallback
from liangxin.planning.options import Cancelled, PlanOptions
from liangxin.planning.problem import Arrangement, Problem
from liangxin.planning.solution import Solution
from liangxin.planning.stars import UNCOVERED

if TYPE_CHECKING:
    from liangxin.planning.plan import SolverStatus
    from liangxin.planning.problem import Flags

ONE_PIECE: Final = 3_200
"""Towns up to this many units are solved in one piece."""


def solve(problem: Problem, options: PlanOptions | None = None) -> Solution:
    """The best arrangement and a bound that is proven. Never fails: what cannot be met stays unmet and costs the solver
    more than anything else would (docs/planning.md, "Infeasible parts").

    Raises Cancelled when ``options.cancellation`` asks for it.
    """
    options = options or PlanOptions()
    started = time.monotonic()
    tell = options.progress or (lambda stage, share: None)
    if options.cancellation is not None and options.cancellation.requested:
        raise Cancelled
    tell("relax", 0.0)
    if problem.n == 0:
        return Solution(Arrangement.nothing(0), 0.0, 0.0, 0.0, "optimal", Prices())
    if problem.n <= ONE_PIECE:
        arrangement, bound, prices = _in_one_piece(problem, options, started)
    else:
        from liangxin.planning.townwide import solve_by_blocks

        arrangement, bound, prices = solve_by_blocks(problem, options, started)
    objective = cost(problem, arrangement).total
    bound = min(bound - unmet_cost(problem, arrangement), objective)
    seconds = time.monotonic() - started
    tell("done", 1.0)
    return Solution(arrangement, objective, bound, seconds, _status(objective, bound, options), prices)


def _status(objective: float, bound: float, options: PlanOptions) -> SolverStatus:
    gap = (objective - bound) / max(abs(objective), 1e-9)
    if gap <= 1e-6:
        return "optimal"
    return "gap_reached" if gap <= options.gap else "time_limit"


def _in_one_piece(
    problem: Problem, options: PlanOptions, started: float
) -> tuple[Arrangement, float, Prices]:
    from liangxin.planning.generation import relax
    from liangxin.planning.search import Limits, search, tighten

    def go_on() -> bool:
        """The clock does not cut the relaxation short: without it no plan is any good, and it takes seconds."""
        if options.cancellation is not None and options.cancellation.requested:
            raise Cancelled
        return False

    block = build_block(problem)
    relaxation = relax(block, stop=go_on)
    go_on()
    if options.progress is not None:
        options.progress("search", 0.3)
    limits = Limits(gap=options.gap, deadline=started + options.time_limit, seed=options.seed)
    tight = tighten(relaxation, None, limits)
    answer = search(tight, limits)
    if answer.arrangement is not None and unmet_cost(problem, answer.arrangement) > 0:
        # What stays unmet is paid for in the program and not in the objective: the same gap is a larger share of it.
        tight.scale = max(abs(cost(problem, answer.arrangement).total), 1.0)
        answer = search(tight, limits, answer)
    arrangement = fallback(block) if answer.arrangement is None else answer.arrangement
    if tally(problem, arrangement).established < problem.establishment_needed:
        arrangement = _mended(problem, arrangement)  # a search that the clock cut short
    return arrangement, answer.bound, relaxation.duals.town


def _mended(problem: Problem, arrangement: Arrangement) -> Arrangement:
    """The arrangement with seats filled until 1.4 is met, where that is cheaper, targets paid for."""
    from liangxin.planning.mending import mend

    filled = arrangement.copy()
    mend(problem, filled)
    return min((arrangement, filled), key=lambda each: cost(problem, each).total + unmet_cost(problem, each))


def unmet_cost(problem: Problem, arrangement: Arrangement) -> float:
    """What the solver paid for targets that the arrangement leaves unmet (see ``block`` and ``stars``)."""
    covered = np.array(
        [problem.covers(unit, int(form)) for unit, form in enumerate(arrangement.form)], dtype=np.bool_
    )
    uncovered = int(np.count_nonzero(problem.required & ~covered)) if problem.n else 0
    stuck = (
        int(np.count_nonzero(~problem.required & (arrangement.form == 8) & _must(problem)))
        if problem.n
        else 0
    )
    counts = tally(problem, arrangement)
    short = max(problem.establishment_needed - counts.established, 0)
    reach = max(counts.reach_needed(problem) - counts.reachable(problem), 0.0)
    return UNCOVERED * (uncovered + stuck) + ESTABLISHMENT_SHORT * short + REACH_SHORT * reach


def _must(problem: Problem) -> Flags:
    """Units that a pin or an existing organization holds: for them, too, having nothing is a last resort."""
    from liangxin.planning.forms import NONE

    together = np.zeros(problem.n, dtype=np.bool_)
    for units in problem.together:
        together[list(units)] = True
    result: np.ndarray = (problem.pinned_host >= 0) | ((problem.allowed >> NONE & 1) == 0) | together
    return result
