"""Solving the integer program of a block: cuts, fixing by reduced cost, then branch and bound on what is left."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from liangxin.planning.cuts import cores_with_two, triples
from liangxin.planning.highs import new_solver
from liangxin.planning.integer import IntegerModel, Kept, Reduction

if TYPE_CHECKING:
    from liangxin.planning.block import Block, Prices
    from liangxin.planning.generation import Relaxation
    from liangxin.planning.problem import Arrangement, Floats, Ints

_CUT_ROUNDS: Final = 20
_FIRST_DELTAS: Final = (0.5, 0.3, 0.15, 0.08, 0.04, 0.02)
_BRANCH_DELTA: Final = 0.1
_LEAST_DELTA: Final = 0.02
_WIDEN: Final = 2.5
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
    prove: bool = True  # go on until the gap is reached; else the first good arrangement is enough

    def seconds(self) -> float:
        return self.deadline - time.monotonic()


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


class _Tightened:
    """A model's linear relaxation with subset-row cuts: a better bound, and a reduced cost for every column."""

    def __init__(
        self, block: Block, kept: Kept, prices: Prices | None, ceiling: Floats | None = None
    ) -> None:
        """``ceiling`` [active]: for this price a unit may be served from outside the block (infinite: it may not)."""
        self.block, self.kept = block, kept
        self.model = IntegerModel(block, kept, prices)
        self.highs = new_solver()
        self.highs.passModel(self.model.highs())
        if ceiling is not None:
            row = np.flatnonzero(np.isfinite(ceiling)).astype(np.int32)
            starts, ones = np.arange(len(row), dtype=np.int32), np.ones(len(row))
            self.highs.addCols(len(row), ceiling[row], np.zeros(len(row)), ones, len(row), starts, row, ones)
        self.cuts: list[Ints] = []
        self.highs.run()

    def tighten(self) -> None:
        model = self.model
        units, columns = model.core_units()
        holders = self.block.problem.t[units] > 0
        units, columns = units[holders], columns[holders]
        for _ in range(_CUT_ROUNDS):
            value = np.array(self.highs.getSolution().col_value)[: model.first_x]
            found = triples(units, columns, value)
            if not found:
                return
            for triple in found:
                cores = cores_with_two(triple, units, columns, model.first_x).astype(np.int32)
                self.cuts.append(cores)
                self.highs.addRow(-np.inf, 1.0, len(cores), cores, np.ones(len(cores)))
            self.highs.run()

    @property
    def bound(self) -> float:
        return float(self.highs.getInfo().objective_function_value) + self.block.fixed_cost

    def unit_price(self) -> Floats:
        """The dual of every active unit."""
        return np.array(self.highs.getSolution().row_dual)[: len(self.block.active)]

    def reduced(self) -> Floats:
        return np.array(self.highs.getSolution().col_dual)

    def branch(self, delta: float, limits: Limits, scale: float, start: Arrangement | None) -> Answer:
        """Branch and bound over the columns whose reduced cost is at most ``delta``; ``limits.gap`` is relative to ``scale``."""
        import highspy

        highs = new_solver(
            limits.seed,
            mip_rel_gap=0.0,
            mip_abs_gap=max(limits.gap * scale / 4, 1e-6),
            mip_max_nodes=limits.nodes,
            mip_feasibility_tolerance=1e-7,
        )
        if np.isfinite(limits.deadline):
            highs.setOptionValue("time_limit", max(limits.seconds(), 0.5))
        model = self.model
        cheap = self.reduced()[: model.columns] <= delta + 1e-6
        cheap[model.first_s :] = True
        columns = np.flatnonzero(cheap)
        at = np.full(model.columns, -1, dtype=np.int32)
        at[columns] = np.arange(len(columns))
        highs.passModel(model.highs(columns))
        for cores in self.cuts:
            row = at[cores][at[cores] >= 0]
            if len(row) > 1:
                highs.addRow(-np.inf, 1.0, len(row), row, np.ones(len(row)))
        if start is not None:
            value = model.values_of(start)
            if value is not None and not value[~cheap].any():
                solution = highspy.HighsSolution()
                solution.col_value = value[columns].tolist()
                highs.setSolution(solution)
        highs.run()
        info = highs.getInfo()
        bound = min(float(info.mip_dual_bound) + self.block.fixed_cost, self.bound + delta)
        if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
            return Answer(None, np.inf, bound)
        value = np.zeros(model.columns)
        value[columns] = np.array(highs.getSolution().col_value)
        total = float(info.objective_function_value) + self.block.fixed_cost
        return Answer(model.arrangement(value), total, bound)


def search(relaxation: Relaxation, prices: Prices | None, limits: Limits) -> Answer:
    """The best arrangement of a block and what is proven about it.

    First over few columns, for a good arrangement; then, if that is not yet close enough, over all that the gap leaves
    open, which proves it. Every bound is that of the whole block: what was left out costs at least bound + delta.
    """
    block = relaxation.master.block
    reduction = Reduction(relaxation)
    scale = abs(relaxation.bound)
    if prices is not None:
        scale = abs(relaxation.bound + float(relaxation.master.used() @ prices.array()))
    scale = max(scale, 1.0)
    kept = _keep(reduction, _FIRST_DELTAS)
    tight = _Tightened(block, kept, prices, None if limits.prove else _ceiling(relaxation))
    tight.tighten()
    floor = max(relaxation.bound, min(tight.bound, relaxation.bound + kept.delta))
    outside = np.maximum(relaxation.duals.unit, tight.unit_price())
    best = Answer(None, np.inf, floor, floor, outside)
    found = tight.branch(min(_BRANCH_DELTA, kept.delta), limits, scale, None)
    best = _better(best, found, min(found.bound, relaxation.bound + kept.delta))
    target, delta = limits.gap * scale, _BRANCH_DELTA
    while limits.prove and best.gap > target and limits.seconds() > 0:
        wanted = (
            best.value - 0.9 * target - tight.bound
        )  # branch over this much, and keep ``need``, to prove the target
        need = best.value - 0.9 * target - relaxation.bound
        if wanted > delta and delta < kept.delta:
            delta = min(wanted, _WIDEN * delta, kept.delta)
        elif need > kept.delta:
            wider = _keep(reduction, (need, *(each for each in _FIRST_DELTAS if each < need)))
            if wider.delta <= kept.delta:
                break  # more would be too much to keep
            kept = wider
            tight = _Tightened(block, kept, prices)
            tight.tighten()
            delta = min(max(best.value - 0.9 * target - tight.bound, _LEAST_DELTA), kept.delta)
        else:
            break
        found = tight.branch(delta, limits, scale, best.arrangement)
        best = _better(best, found, min(found.bound, relaxation.bound + kept.delta))
    return best


def _better(best: Answer, found: Answer, bound: float) -> Answer:
    value, arrangement = best.value, best.arrangement
    if found.value < value:
        value, arrangement = found.value, found.arrangement
    return Answer(arrangement, value, min(max(best.bound, bound), value), best.floor, best.unit_price)


def _ceiling(relaxation: Relaxation) -> Floats:
    """At most this is a unit worth to organizations from outside; it keeps the tightened duals near the relaxation's."""
    block = relaxation.master.block
    associated = np.diff(block.problem.associations.start)[block.active] > 0
    return np.where(associated, relaxation.duals.unit + _OUTSIDE, np.inf)


def _keep(reduction: Reduction, deltas: tuple[float, ...]) -> Kept:
    """What the largest of these deltas keeps that is not too much."""
    for delta in deltas:
        kept = reduction.keep(delta)
        if kept is not None:
            return kept
    raise RuntimeError("no delta is small enough for this block")
