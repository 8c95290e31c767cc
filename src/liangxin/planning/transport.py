"""The cheapest way to give each unit one of the people who have room: a transport problem, solved to its proven optimum.

    min   sum cost[u, p] x[u, p]
    s.t.  each unit in ``must`` once, the others at most once; each person at most ``room``; ``total`` in all

The matrix is that of a flow, so the linear program has whole answers. Only the cheapest arcs are put in at first; the dual
prices then say of every other arc whether it could help, and those that could are added until none can.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from liangxin.planning.highs import new_solver

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]

_FIRST_ARCS: Final = 4
_ARCS_A_ROUND: Final = 20_000
_TOLERANCE: Final = 1e-7


def transport(cost: Floats, must: Flags, room: Ints, total: int) -> Ints:
    """By unit, the person it is given, or -1. ``cost`` is (units, people); every pair is allowed.

    Raises:
        ValueError: ``total`` is more than there are units or room, or less than the units in ``must``.
    """
    units, people = cost.shape
    given = np.full(units, -1, dtype=np.int64)
    if total > min(units, int(room.sum())) or total < int(must.sum()):
        raise ValueError(
            f"{total} cannot be given: {units} units, {int(must.sum())} must, room {int(room.sum())}"
        )
    if total == 0:
        return given
    held = np.zeros((units, people), dtype=np.bool_)
    held[_any_answer(must, room, total)] = True
    cheapest = np.argsort(cost, axis=1, kind="stable")[:, :_FIRST_ARCS]
    held[np.arange(units)[:, None], cheapest] = True
    arcs = np.argwhere(held)
    solver = _model(cost, arcs, must, room, total)
    while True:
        solver.run()
        prices = np.asarray(solver.getSolution().row_dual)
        reduced = cost - prices[:units, None] - prices[None, units : units + people] - prices[-1]
        reduced[held] = np.inf
        wanting = np.argwhere(reduced < -_TOLERANCE)
        if not len(wanting):
            break
        if len(wanting) > _ARCS_A_ROUND:
            order = np.argsort(reduced[tuple(wanting.T)], kind="stable")[:_ARCS_A_ROUND]
            wanting = wanting[np.sort(order)]
        _add(solver, cost, wanting, units, people)
        held[tuple(wanting.T)] = True
        arcs = np.concatenate([arcs, wanting])
    chosen = arcs[np.asarray(solver.getSolution().col_value) > 0.5]
    given[chosen[:, 0]] = chosen[:, 1]
    return given


def _any_answer(must: Flags, room: Ints, total: int) -> tuple[Ints, Ints]:
    """Arcs of one answer, whatever it costs, so that the first program has one."""
    order = np.argsort(~must, kind="stable")[:total]
    return order, np.repeat(np.arange(len(room)), room)[:total]


def _model(cost: Floats, arcs: Ints, must: Flags, room: Ints, total: int) -> Any:
    units, people = cost.shape
    solver = new_solver()
    lower = np.concatenate([must.astype(np.float64), np.zeros(people), [float(total)]])
    upper = np.concatenate([np.ones(units), room.astype(np.float64), [float(total)]])
    rows = len(lower)
    none: Any = np.empty(0)
    solver.addRows(rows, lower, upper, 0, np.zeros(rows, dtype=np.int32), none.astype(np.int32), none)
    _add(solver, cost, arcs, units, people)
    return solver


def _add(solver: Any, cost: Floats, arcs: Ints, units: int, people: int) -> None:
    count = len(arcs)
    entries = np.column_stack([arcs[:, 0], units + arcs[:, 1], np.full(count, units + people)])
    solver.addCols(
        count,
        cost[tuple(arcs.T)],
        np.zeros(count),
        np.ones(count),
        3 * count,
        np.arange(0, 3 * count, 3, dtype=np.int32),
        entries.astype(np.int32).ravel(),
        np.ones(3 * count),
    )
