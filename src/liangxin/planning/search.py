"""Solving the integer program of a block: cuts, fixing by reduced cost, then branch and bound on what is left."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from liangxin.planning.highs import new_solver
from liangxin.planning.tightened import Tightened, add_cuts

if TYPE_CHECKING:
    from liangxin.planning.block import Prices
    from liangxin.planning.generation import Relaxation
    from liangxin.planning.problem import Arrangement, Floats

_BRANCH_DELTA: Final = 0.1
_WIDEN: Final = 2.5
_FIRST_SECONDS: Final = 10.0
"""The first program of a block gets this even where the time is over: a plan is worth more than a few seconds. It mostly
takes less than one.
"""
_NEXT_SECONDS: Final = 0.5
_SETTLED: Final = 0.1
"""The tightened relaxation is settled when its bound is this share of the gap asked from its value."""
_OUTSIDE: Final = 0.3
"""How far above its dual in the relaxation a unit's price may rise where organizations from other blocks could serve it."""
_NODES: Final = 400


@dataclass(frozen=True, slots=True)
class Limits:
    """When to stop: relative ``gap`` of the block, branch-and-bound ``nodes`` per program, and, last, the clock."""

    gap: float = 1e-3
    nodes: int = _NODES
    deadline: float = np.inf  # time.monotonic()
    seed: int = 0

    def seconds(self) -> float:
        return self.deadline - time.monotonic()

    def shared(self, among: int) -> Limits:
        """For the first of so many that follow one another: its share of the time left."""
        now = time.monotonic()
        return replace(self, deadline=now + max(self.deadline - now, 0.0) / among)


@dataclass(frozen=True, slots=True)
class Answer:
    """``value`` and the proven ``bound`` include the block's fixed units and, with prices, what they are worth.

    ``floor`` and ``unit_price`` [active] hold even if some units are served by organizations from outside: the rest of the
    block then costs at least ``floor`` less the prices of those units.
    """

    arrangement: Arrangement | None
    value: float
    bound: float
    floor: float = -np.inf
    unit_price: Floats | None = None

    @property
    def gap(self) -> float:
        return self.value - self.bound


def _branch(tight: Tightened, delta: float, limits: Limits, start: Arrangement | None) -> Answer:
    """Branch and bound over the columns whose reduced cost is at most ``delta``."""
    import highspy

    highs = new_solver(
        limits.seed,
        mip_rel_gap=0.0,
        mip_abs_gap=max(limits.gap * tight.scale / 4, 1e-6),
        mip_max_nodes=limits.nodes,
        mip_feasibility_tolerance=1e-7,
    )
    if np.isfinite(limits.deadline):
        least = _FIRST_SECONDS if start is None else _NEXT_SECONDS
        highs.setOptionValue("time_limit", max(limits.seconds(), least))
    now = tight.open()
    model = now.model
    cheap = now.reduced() <= delta + 1e-6
    cheap[model.first_s :] = True
    columns = np.flatnonzero(cheap)
    at = np.full(model.columns, -1, dtype=np.int32)
    at[columns] = np.arange(len(columns))
    highs.passModel(model.highs(columns))
    inside = [at[cores][at[cores] >= 0] for cores in now.rows]
    add_cuts(highs, [row for row in inside if len(row) > 1])
    if start is not None:
        value = model.values_of(start)
        if value is not None and not value[~cheap].any():
            solution = highspy.HighsSolution()
            solution.col_value = value[columns].tolist()
            highs.setSolution(solution)
    highs.run()
    info = highs.getInfo()
    bound = min(float(info.mip_dual_bound) + tight.block.fixed_cost, tight.bound + min(delta, tight.complete))
    if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return Answer(None, np.inf, bound)
    value = np.zeros(model.columns)
    value[columns] = np.array(highs.getSolution().col_value)
    total = float(info.objective_function_value) + tight.block.fixed_cost
    return Answer(model.arrangement(value), total, bound)


def search(tight: Tightened, limits: Limits, known: Answer | None = None) -> Answer:
    """The best arrangement of a block and what is proven about it.

    First over few columns, for a good arrangement; then, if that is not yet close enough, over all that the gap leaves
    open, which proves it. Every bound is that of the whole block: what was left out costs at least bound + delta.
    ``known``: what an earlier search of the block found, to go on from.
    """
    target = limits.gap * tight.scale
    if known is not None and known.gap <= target:
        return known
    best = known or Answer(None, np.inf, tight.bound, tight.bound, tight.duals.unit)
    delta = _BRANCH_DELTA if known is None else max(best.value - 0.98 * target - tight.bound, _BRANCH_DELTA)
    while True:
        if delta > tight.complete and not tight.widen(delta):
            delta = tight.complete
        best = _better(best, _branch(tight, delta, limits, best.arrangement))
        need = best.value - 0.98 * target - tight.bound  # branch over this much to prove the target
        if best.gap <= target or limits.seconds() <= 0 or need <= delta:
            return best
        wider = min(need, _WIDEN * delta)
        if wider > tight.complete and not tight.widen(wider):
            return best
        delta = wider


def tighten(
    relaxation: Relaxation, prices: Prices | None, limits: Limits, *, closed: bool = True
) -> Tightened:
    """The relaxation with subset-row cuts. ``closed``: no organization reaches into the block from outside."""
    tight = Tightened(relaxation, prices, None if closed else _ceiling(relaxation))
    settle(tight, limits)
    return tight


def settle(tight: Tightened, limits: Limits) -> None:
    """Settle it as closely as the gap that is asked needs."""
    tight.settle(_SETTLED * limits.gap * tight.scale, lambda: limits.seconds() <= 0)


def _better(best: Answer, found: Answer) -> Answer:
    value, arrangement = best.value, best.arrangement
    if found.value < value:
        value, arrangement = found.value, found.arrangement
    return Answer(arrangement, value, min(max(best.bound, found.bound), value), best.floor, best.unit_price)


def _ceiling(relaxation: Relaxation) -> Floats:
    """At most this is a unit worth to organizations from outside; it keeps the tightened duals near the relaxation's."""
    block = relaxation.master.block
    associated = np.diff(block.problem.associations.start)[block.active] > 0
    return np.where(associated, relaxation.duals.unit + _OUTSIDE, np.inf)
