"""The cheapest way to give each unit one of the people who have room: a transport problem, solved to its proven optimum.

    min   sum cost[u, p] x[u, p]
    s.t.  each unit in ``must`` once, the others at most once; each person at most ``room``; ``total`` in all

The matrix is that of a flow, so the linear program has whole answers. Only arcs that are cheap for a unit or for a person are
put in at first; the dual prices then say of every other arc whether it could help, and those that could are added until
none can. Costs are asked for some units at a time: no town is too large for the memory.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from liangxin.planning.highs import new_solver

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]
    CostOf = Callable[[Ints], Floats]
    """Rows of units to their costs, shape (rows, people)."""

_FIRST_ARCS: Final = 4
_ARCS_A_ROUND: Final = 2  # of a unit
_ENTRIES_AT_ONCE: Final = 2_000_000
_TOLERANCE: Final = 1e-7


def transport(cost_of: CostOf, must: Flags, room: Ints, total: int) -> Ints:
    """By unit, the person it is given, or -1. Every pair is allowed; ``must`` has one entry a unit, ``room`` one a person.

    Raises:
        ValueError: ``total`` is more than there are units or room, or less than the units in ``must``.
    """
    units, people = len(must), len(room)
    given = np.full(units, -1, dtype=np.int64)
    if total > min(units, int(room.sum())) or total < int(must.sum()):
        raise ValueError(
            f"{total} cannot be given: {units} units, {int(must.sum())} must, room {int(room.sum())}"
        )
    if total == 0:
        return given
    held = _first_arcs(cost_of, must, room, total)
    arcs = np.argwhere(held)
    solver = _model(must, room, total)
    _add(solver, _costs(cost_of, arcs), arcs, units, people)
    while True:
        solver.run()
        wanting = _wanting(cost_of, np.asarray(solver.getSolution().row_dual), held)
        if not len(wanting):
            break
        _add(solver, _costs(cost_of, wanting), wanting, units, people)
        held[tuple(wanting.T)] = True
        arcs = np.concatenate([arcs, wanting])
    chosen = arcs[np.asarray(solver.getSolution().col_value) > 0.5]
    given[chosen[:, 0]] = chosen[:, 1]
    return given


def _pieces(units: int, people: int) -> Iterator[Ints]:
    step = max(1, _ENTRIES_AT_ONCE // max(people, 1))
    for start in range(0, units, step):
        yield np.arange(start, min(start + step, units))


def _first_arcs(cost_of: CostOf, must: Flags, room: Ints, total: int) -> Flags:
    """The cheapest people of each unit, twice as many units for each person as there is room, and one answer."""
    units, people = len(must), len(room)
    held = np.zeros((units, people), dtype=np.bool_)
    held[_any_answer(must, room, total)] = True
    wanted = int(min(2 * room.max() + 1, units))
    rows, costs = np.zeros((0, people), dtype=np.int64), np.zeros((0, people))
    few = min(_FIRST_ARCS, people)
    for piece in _pieces(units, people):
        cost = cost_of(piece)
        near = np.argpartition(cost, few - 1, axis=1)[:, :few]
        held[piece[:, None], near] = True
        costs = np.concatenate([costs, cost])
        rows = np.concatenate([rows, np.repeat(piece[:, None], people, axis=1)])
        if len(costs) > wanted:
            best = np.argpartition(costs, wanted - 1, axis=0)[:wanted]
            costs, rows = np.take_along_axis(costs, best, axis=0), np.take_along_axis(rows, best, axis=0)
    held[rows, np.arange(people)[None, :]] = True
    return held


def _wanting(cost_of: CostOf, prices: Floats, held: Flags) -> Ints:
    """Of each unit, the few arcs that at these prices would help most, where any would."""
    units, people = held.shape
    few = min(_ARCS_A_ROUND, people)
    found: list[Ints] = []
    for piece in _pieces(units, people):
        reduced = cost_of(piece) - prices[piece, None] - prices[None, units : units + people] - prices[-1]
        reduced[held[piece]] = np.inf
        piece = piece[helps := reduced.min(axis=1) < -_TOLERANCE]
        reduced = reduced[helps]
        best = np.argpartition(reduced, few - 1, axis=1)[:, :few]
        row, place = np.nonzero(np.take_along_axis(reduced, best, axis=1) < -_TOLERANCE)
        found.append(np.column_stack([piece[row], best[row, place]]))
    return np.concatenate(found)


def _costs(cost_of: CostOf, arcs: Ints) -> Floats:
    """The costs of these arcs; units ascend or not."""
    costs = np.empty(len(arcs))
    people = int(arcs[:, 1].max()) + 1
    units, place = np.unique(arcs[:, 0], return_inverse=True)
    for piece in _pieces(len(units), people):
        here = np.flatnonzero((place >= piece[0]) & (place <= piece[-1]))
        costs[here] = cost_of(units[piece])[place[here] - piece[0], arcs[here, 1]]
    return costs


def _any_answer(must: Flags, room: Ints, total: int) -> tuple[Ints, Ints]:
    """Arcs of one answer, whatever it costs, so that the first program has one."""
    order = np.argsort(~must, kind="stable")[:total]
    return order, np.repeat(np.arange(len(room)), room)[:total]


def _model(must: Flags, room: Ints, total: int) -> Any:
    """The rows: a unit each, a person each, and how many in all."""
    solver = new_solver()
    lower = np.concatenate([must.astype(np.float64), np.zeros(len(room)), [float(total)]])
    upper = np.concatenate([np.ones(len(must)), room.astype(np.float64), [float(total)]])
    rows = len(lower)
    solver.addRows(
        rows, lower, upper, 0, np.zeros(rows, dtype=np.int32), np.empty(0, dtype=np.int32), np.empty(0)
    )
    return solver


def _add(solver: Any, costs: Floats, arcs: Ints, units: int, people: int) -> None:
    count = len(arcs)
    entries = np.column_stack([arcs[:, 0], units + arcs[:, 1], np.full(count, units + people)])
    solver.addCols(
        count,
        costs,
        np.zeros(count),
        np.ones(count),
        3 * count,
        np.arange(0, 3 * count, 3, dtype=np.int32),
        entries.astype(np.int32).ravel(),
        np.ones(3 * count),
    )
