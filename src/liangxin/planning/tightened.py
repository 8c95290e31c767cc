"""A block's relaxation made tighter by subset-row cuts, its columns generated until the bound holds for the whole block."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from liangxin.planning.cuts import ByUnit, triples
from liangxin.planning.highs import new_solver
from liangxin.planning.integer import IntegerModel
from liangxin.planning.master import right_side
from liangxin.planning.reduction import Kept, Reduction

if TYPE_CHECKING:
    from collections.abc import Callable

    from liangxin.planning.block import Block, Prices
    from liangxin.planning.cuts import Triple
    from liangxin.planning.generation import Relaxation
    from liangxin.planning.problem import Floats, Ints

_CUT_ROUNDS: Final = 20
_ROUNDS: Final = 12
_FIRST_DELTAS: Final = (0.1, 0.08, 0.04, 0.02)
_NEAR: Final = (0.1, 0.05, 0.02, 0.0)
"""How far above the bound columns are taken in while they are generated: the first that is not too much."""


class Tightened:
    """The relaxation over cores with subset-row cuts.

    ``bound`` is proven for the whole block (fixed units included) at ``duals``: Lagrangian, all organizations priced with
    the cuts' duals in. ``complete``: everything within this much of the bound is kept. ``used``: what the relaxation's
    solution does for the town-wide rows, fixed units left out. ``scale``: what a gap is measured against, the block's cost
    without what its organizations are worth for the town.
    """

    def __init__(self, relaxation: Relaxation, prices: Prices | None, ceiling: Floats | None = None) -> None:
        """``ceiling`` [active]: for this price a unit may be served from outside the block (infinite: it may not)."""
        self.block = relaxation.master.block
        self.prices, self.ceiling = prices, ceiling
        self.bound, self.duals = relaxation.bound, relaxation.duals
        self.reduction = Reduction.of(relaxation)
        self.kept = _keep(self.reduction)
        self.complete = self.kept.delta
        self.used = relaxation.master.used()
        worth = 0.0 if prices is None else float(self.used @ prices.array())
        self.scale = max(abs(self.bound + worth), 1.0)
        self.cuts: list[Triple] = []
        self.settled = False
        self._open: _Open | None = None

    def reprice(self, prices: Prices) -> None:
        """Other prices for the town-wide rows, with the columns and cuts found so far; ``settle`` finds the bound."""
        self.prices, self.bound, self.settled, self._open = prices, -np.inf, False, None

    def settle(self, tolerance: float, stop: Callable[[], bool] = lambda: False) -> None:
        """Cut and generate until the bound is within ``tolerance`` of the relaxation's value: then it is ``settled``."""
        for turn in range(_ROUNDS):
            now = self.open()
            self._cut(now)
            self.used = now.used()
            row = np.array(now.highs.getSolution().row_dual)
            duals = now.model.duals(row)
            weights = np.minimum(row[len(row) - len(self.cuts) :], 0.0)
            reduction = Reduction(self.block, duals, list(zip(self.cuts, weights.tolist(), strict=True)))
            near, priced = _near(reduction)
            if priced is None:
                return
            saved, found = priced
            bound = right_side(self.block, duals, free=self.prices is None) + float(weights.sum()) + saved
            bound += (
                float(np.minimum(reduction.pricer.single_reduced(duals), 0.0).sum()) + self.block.fixed_cost
            )
            if bound > self.bound:
                self.bound, self.duals, self.reduction, self.complete = bound, duals, reduction, near
            self.settled = now.value - bound <= tolerance
            self._take_in(found)
            if self.settled or self._open is now or (stop() and turn > 0):
                return

    def widen(self, delta: float) -> bool:
        """Keep everything within ``delta`` of the bound; False where that is too much."""
        priced = self.reduction.price_and_keep(delta)
        if priced is None:
            return False
        self._take_in(priced[1])
        self.complete = delta
        return True

    def open(self) -> _Open:
        """The model over what is kept, with the cuts found so far, its relaxation solved."""
        if self._open is None:
            self._open = _Open(self.block, self.kept, self.prices, self.ceiling)
            self._open.add(self.cuts)
            self._open.highs.run()
        return self._open

    def close(self) -> None:
        """Give the model's memory back; the columns, the cuts and the bound stay."""
        self._open = None

    def _take_in(self, found: Kept) -> None:
        wider = self.kept.with_also(found)
        if wider.size > self.kept.size:
            self.kept, self._open = wider, None

    def _cut(self, now: _Open) -> None:
        for _ in range(_CUT_ROUNDS):
            value = np.array(now.highs.getSolution().col_value)[: now.model.first_x]
            found = triples(now.units, now.columns, value)
            if not found:
                return
            self.cuts += found
            now.add(found)
            now.highs.run()


class _Open:
    """A model in the solver. ``rows``: of each cut, the cores in it."""

    def __init__(self, block: Block, kept: Kept, prices: Prices | None, ceiling: Floats | None) -> None:
        self.model = IntegerModel(block, kept, prices)
        self.fixed_cost = block.fixed_cost
        self.highs = new_solver()
        self.highs.passModel(self.model.highs())
        if ceiling is not None:
            row = np.flatnonzero(np.isfinite(ceiling)).astype(np.int32)
            starts, ones = np.arange(len(row), dtype=np.int32), np.ones(len(row))
            self.highs.addCols(len(row), ceiling[row], np.zeros(len(row)), ones, len(row), starts, row, ones)
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

    def used(self) -> Floats:
        return self.model.used(np.array(self.highs.getSolution().col_value))

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


def _near(reduction: Reduction) -> tuple[float, tuple[float, Kept] | None]:
    """What the largest of ``_NEAR`` gives that is not too much, and how far above the bound it reaches."""
    for near in _NEAR:
        priced = reduction.price_and_keep(near)
        if priced is not None:
            return near, priced
    return 0.0, None


def _keep(reduction: Reduction) -> Kept:
    """What the largest delta keeps that is not too much."""
    for delta in _FIRST_DELTAS:
        kept = reduction.keep(delta)
        if kept is not None:
            return kept
    raise RuntimeError("no delta is small enough for this block")
