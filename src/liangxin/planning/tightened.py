"""A block's relaxation made tighter by subset-row cuts, its columns generated until the bound holds for the whole block."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from liangxin.planning.clock import Clock, run_within
from liangxin.planning.cuts import ByUnit, triples
from liangxin.planning.generation import organizations_of
from liangxin.planning.highs import new_solver
from liangxin.planning.integer import IntegerModel
from liangxin.planning.master import right_side
from liangxin.planning.reduction import Kept, Reduction

if TYPE_CHECKING:
    from collections.abc import Sequence

    from liangxin.planning.block import Block
    from liangxin.planning.cuts import Triple
    from liangxin.planning.generation import Relaxation
    from liangxin.planning.problem import Arrangement, Floats, Ints

_CUT_ROUNDS: Final = 20
_ROUNDS: Final = 12
WIDTHS: Final = (0.1, 0.08, 0.05, 0.04, 0.02, 0.0)
"""How far above the bound columns are taken in while they are generated: the first that is not too much."""
NARROW: Final = (0.01, 0.005, 0.0)
"""The same for a whole town above the size of a block, where only the bound is wanted."""


class Tightened:
    """The relaxation over cores with subset-row cuts.

    ``bound`` is proven for the whole block (fixed units included) at ``duals``: Lagrangian, all organizations priced with
    the cuts' duals in. ``complete``: everything within this much of the bound is kept. ``scale``: what a gap is measured
    against. ``widths``: see ``WIDTHS``. ``start``: an arrangement that meets the block's targets; its organizations are always kept.
    """

    def __init__(self, relaxation: Relaxation, start: Arrangement, widths: Sequence[float] = WIDTHS) -> None:
        self.block = relaxation.master.block
        self.bound, self.duals = relaxation.bound, relaxation.duals
        self.reduction = Reduction.of(relaxation)
        self.widths = widths
        kept, self.complete = _keep(self.reduction, widths)
        self.kept = kept.with_also(kept_of(self.block, start))
        self.scale = max(abs(self.bound), 1e-6)
        self.cuts: list[Triple] = []
        self.settled = False
        self._open: _Open | None = None

    def settle(self, tolerance: float, clock: Clock) -> None:
        """Cut and generate until the bound is within ``tolerance`` of the relaxation's value: then it is ``settled``."""
        for _ in range(_ROUNDS):
            now = self.open(clock)
            if now is None or not self._cut(now, clock):
                return
            row = np.array(now.highs.getSolution().row_dual)
            duals = now.model.duals(row)
            weights = np.minimum(row[len(row) - len(self.cuts) :], 0.0)
            reduction = Reduction(self.block, duals, list(zip(self.cuts, weights.tolist(), strict=True)))
            near, priced = _near(reduction, self.widths)
            if priced is None:
                return
            saved, found = priced
            bound = right_side(self.block, duals) + float(weights.sum()) + saved
            bound += (
                float(np.minimum(reduction.pricer.single_reduced(duals), 0.0).sum()) + self.block.fixed_cost
            )
            if bound > self.bound:
                self.bound, self.duals, self.reduction, self.complete = bound, duals, reduction, near
            self.settled = now.value - bound <= tolerance
            self._take_in(found)
            if self.settled or self._open is now or clock.over():
                return

    def widen(self, delta: float) -> bool:
        """Keep everything within ``delta`` of the bound; False where that is too much."""
        priced = self.reduction.price_and_keep(delta)
        if priced is None:
            return False
        self._take_in(priced[1])
        self.complete = delta
        return True

    def open(self, clock: Clock) -> _Open | None:
        """The model over what is kept, with the cuts found so far, its relaxation solved; None where the time was over."""
        if self._open is None:
            opened = _Open(self.block, self.kept)
            opened.add(self.cuts)
            if not run_within(opened.highs, clock):
                return None
            self._open = opened
        return self._open

    def columns_within(self, delta: float, clock: Clock) -> int:
        """How many cores a branch and bound over what is within ``delta`` would hold; 0 where the time was over."""
        now = self.open(clock)
        return 0 if now is None else int(np.count_nonzero(now.reduced()[: now.model.first_x] <= delta))

    def also(self, arrangement: Arrangement) -> None:
        """Keep the organizations of this arrangement, too."""
        self._take_in(kept_of(self.block, arrangement))

    def _take_in(self, found: Kept) -> None:
        wider = self.kept.with_also(found)
        if wider.size > self.kept.size:
            self.kept, self._open = wider, None

    def _cut(self, now: _Open, clock: Clock) -> bool:
        for _ in range(_CUT_ROUNDS):
            value = np.array(now.highs.getSolution().col_value)[: now.model.first_x]
            found = triples(now.units, now.columns, value)
            if not found:
                return True
            self.cuts += found
            now.add(found)
            if not run_within(now.highs, clock):
                self._open = None
                return False
        return True


class _Open:
    """A model in the solver. ``rows``: of each cut, the cores in it."""

    def __init__(self, block: Block, kept: Kept) -> None:
        self.model = IntegerModel(block, kept)
        self.fixed_cost = block.fixed_cost
        self.highs = new_solver()
        self.highs.passModel(self.model.highs())
        units, columns = self.model.core_units()
        holders = block.problem.t[units] > 0
        self.units, self.columns = units[holders], columns[holders]
        self.index = ByUnit(self.units, self.columns)
        self.rows: list[Ints] = []

    def add(self, cuts: list[Triple]) -> None:
        found = [self.index.with_two(triple) for triple in cuts]
        self.rows += found
        add_cuts(self.highs, found)

    @property
    def value(self) -> float:
        return float(self.highs.getInfo().objective_function_value) + self.fixed_cost

    def reduced(self) -> Floats:
        """Reduced cost of every column of the model."""
        return np.array(self.highs.getSolution().col_dual)[: self.model.columns]


def add_cuts(highs: Any, rows: list[Ints]) -> None:
    """At most one of the columns of each row."""
    if rows:
        starts = np.concatenate([[0], np.cumsum([len(row) for row in rows])[:-1]]).astype(np.int32)
        entries = np.concatenate(rows).astype(np.int32)
        count = len(rows)
        highs.addRows(
            count,
            np.full(count, -np.inf),
            np.ones(count),
            len(entries),
            starts,
            entries,
            np.ones(len(entries)),
        )


def kept_of(block: Block, arrangement: Arrangement) -> Kept:
    """The organizations of an arrangement as cores and arcs of units without members."""
    star, arcs = organizations_of(block, arrangement)
    flags = np.zeros(len(block.stars.arc_unit), dtype=np.bool_)
    cores = np.full_like(arcs, -1)
    for row, chosen in enumerate(arcs.tolist()):
        joined = [arc for arc in chosen if arc >= 0]
        holders = [arc for arc in joined if block.problem.t[block.stars.arc_unit[arc]] > 0]
        cores[row, : len(holders)] = holders
        flags[[arc for arc in joined if arc not in holders]] = True
    return Kept(star, cores, flags, 0.0)


def _near(reduction: Reduction, widths: Sequence[float]) -> tuple[float, tuple[float, Kept] | None]:
    """What the largest width gives that is not too much, and how far above the bound it reaches."""
    for near in widths:
        priced = reduction.price_and_keep(near)
        if priced is not None:
            return near, priced
    return 0.0, None


def _keep(reduction: Reduction, widths: Sequence[float]) -> tuple[Kept, float]:
    """What the largest width keeps that is not too much; nothing where even the least is."""
    for delta in widths:
        kept = reduction.keep(delta)
        if kept is not None:
            return kept, delta
    stars = reduction.block.stars
    widest = max(1, int(stars.seats.max())) if stars.count else 1
    nothing = Kept(
        np.zeros(0, dtype=np.int32),
        np.zeros((0, widest), dtype=np.int32),
        np.zeros(len(stars.arc_unit), dtype=np.bool_),
        0.0,
    )
    return nothing, 0.0
