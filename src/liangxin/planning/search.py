"""Solving the integer program of a block: cuts, fixing by reduced cost, then branch and bound on what is left."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np

from liangxin.planning.clock import Clock, run_within
from liangxin.planning.highs import new_solver
from liangxin.planning.tightened import WIDTHS, Tightened, add_cuts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from liangxin.planning.generation import Relaxation
    from liangxin.planning.problem import Arrangement

BRANCH_DELTA: Final = 0.1
_WIDEN: Final = 2.5
_SETTLED: Final = 0.1
"""The tightened relaxation is settled when its bound is this share of the gap asked from its value."""
_NODES: Final = 400


@dataclass(frozen=True, slots=True)
class Limits:
    """When to stop: relative ``gap`` of the block, branch-and-bound ``nodes`` per program, and, last, the clock."""

    gap: float = 1e-3
    nodes: int = _NODES
    clock: Clock = field(default_factory=Clock)
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """``value``, what open stages cost in it, and the proven ``bound`` include the block's fixed units."""

    arrangement: Arrangement
    value: float
    bound: float

    @property
    def gap(self) -> float:
        return self.value - self.bound


def _branch(tight: Tightened, delta: float, limits: Limits, best: Answer) -> Answer:
    """Branch and bound over the columns whose reduced cost is at most ``delta``, and those of the best known."""
    import highspy

    highs = new_solver(
        limits.seed,
        mip_rel_gap=0.0,
        mip_abs_gap=max(limits.gap * tight.scale / 4, 1e-6),
        mip_max_nodes=limits.nodes,
        mip_feasibility_tolerance=1e-7,
    )
    now = tight.open(limits.clock)
    if now is None:
        return best
    model = now.model
    cheap = now.reduced() <= delta + 1e-6
    cheap[model.first_s :] = True
    start = model.values_of(best.arrangement)
    if start is not None:
        cheap |= start > 0
    columns = np.flatnonzero(cheap)
    at = np.full(model.columns, -1, dtype=np.int32)
    at[columns] = np.arange(len(columns))
    highs.passModel(model.highs(columns))
    inside = [at[cores][at[cores] >= 0] for cores in now.rows]
    add_cuts(highs, [row for row in inside if len(row) > 1])
    if start is not None:
        solution = highspy.HighsSolution()
        solution.col_value = start[columns].tolist()
        highs.setSolution(solution)
    run_within(highs, limits.clock)
    info = highs.getInfo()
    bound = min(float(info.mip_dual_bound) + tight.block.fixed_cost, tight.bound + min(delta, tight.complete))
    if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return Answer(best.arrangement, best.value, max(best.bound, bound))
    value = np.zeros(model.columns)
    value[columns] = np.array(highs.getSolution().col_value)
    total = float(info.objective_function_value) + tight.block.fixed_cost
    return Answer(model.arrangement(value), total, bound)


def search(tight: Tightened, limits: Limits, best: Answer) -> Answer:
    """The best arrangement of a block and what is proven about it; never worse than ``best``.

    First over few columns, for a good arrangement; then, if that is not yet close enough, over all that the gap leaves
    open, which proves it. Every bound is that of the whole block: what was left out costs at least bound + delta.
    """
    target = limits.gap * tight.scale
    best = Answer(best.arrangement, best.value, max(best.bound, tight.bound))
    delta = BRANCH_DELTA
    while best.gap > target and not limits.clock.over():
        if delta > tight.complete and not tight.widen(delta):
            delta = tight.complete
        best = _better(best, _branch(tight, delta, limits, best))
        need = best.value - 0.98 * target - tight.bound  # branch over this much to prove the target
        if best.gap <= target or need <= delta:
            return best
        wider = min(need, _WIDEN * max(delta, 0.01))
        if wider > tight.complete and not tight.widen(wider):
            return best
        delta = wider
    return best


def tighten(
    relaxation: Relaxation, start: Arrangement, limits: Limits, widths: Sequence[float] = WIDTHS
) -> Tightened:
    """The relaxation with subset-row cuts, settled as closely as the gap that is asked needs."""
    tight = Tightened(relaxation, start, widths)
    tight.settle(_SETTLED * limits.gap * tight.scale, limits.clock)
    return tight


def _better(best: Answer, found: Answer) -> Answer:
    value, arrangement = best.value, best.arrangement
    if found.value < value:
        value, arrangement = found.value, found.arrangement
    return Answer(arrangement, value, min(max(best.bound, found.bound), value))
