"""Large towns: blocks solved with prices for the town-wide targets, prices found by cutting planes, one bound for all.

The Lagrangian of the town-wide rows (1.4, instructors, 1.5) falls apart into blocks. Its maximum over the prices is found
with a cutting-plane model that has a piece for every block. At those prices every block is solved to integers; the few
units by which 1.4 is then missed or overshot are mended one by one. What is proven: the sum of the blocks' bounds, plus
the prices times what the targets ask, less what organizations by industry across blocks could save (``across``).
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from liangxin.planning.across import loss_across
from liangxin.planning.block import ESTABLISHMENT_SHORT, REACH_SHORT, Prices
from liangxin.planning.highs import new_solver
from liangxin.planning.mending import mend
from liangxin.planning.options import Cancelled, PlanOptions
from liangxin.planning.partition import blocks, restrict
from liangxin.planning.problem import Arrangement, Problem
from liangxin.planning.search import Limits
from liangxin.planning.worker import Crew, Here, Part, Processes, Relaxed

if TYPE_CHECKING:
    from collections.abc import Callable

    from liangxin.planning.problem import Floats

LARGEST_BLOCK: Final = 2_700
_FIRST: Final = Prices(established=0.6)
_ROUNDS: Final = 8
_STEP: Final = np.array([0.3, 0.5, 0.1])
"""How far each price may move in one round."""
_FINE_ROUNDS: Final = 4
_FINE_STEP: Final = _STEP / 6
"""The prices of the tightened relaxations are near those of the plain ones."""
_PROMISE: Final = 1e-4
"""Another round is worth it only for more than this share of the bound."""
_LOW: Final = np.array([0.0, -20.0, 0.0])
_HIGH: Final = np.array([ESTABLISHMENT_SHORT, 0.0, REACH_SHORT])


def solve_by_blocks(
    problem: Problem, options: PlanOptions, started: float
) -> tuple[Arrangement, float, Prices]:
    """An arrangement, the proven bound (unmet targets paid for), and the prices."""
    parts, closed = blocks(problem, LARGEST_BLOCK)
    crew = _crew(
        [Part(restrict(problem, units), own) for units, own in zip(parts, closed, strict=True)], options
    )
    deadline = started + options.time_limit
    limits = Limits(options.gap, deadline=deadline, seed=options.seed)
    try:
        rough, _, _ = _prices(problem, crew.relax, _Course(_FIRST, _STEP, _ROUNDS), deadline)
        _pause(options, 0.2)
        prices, relaxed, _ = _prices(
            problem,
            lambda at: crew.tighten(at, limits),
            _Course(rough, _FINE_STEP, _FINE_ROUNDS),
            started + options.time_limit / 2,
        )
        _pause(options, 0.4)
        answers = crew.search(prices, limits)
    finally:
        crew.close()
    _pause(options, 0.9)
    arrangement = Arrangement.nothing(problem.n)
    for units, answer in zip(parts, answers, strict=True):
        arrangement.form[units] = answer.arrangement.form
        local = answer.arrangement.host
        arrangement.host[units] = np.where(local >= 0, units[local], -1)
    mend(problem, arrangement)
    proven = sum(answer.bound if own else answer.floor for answer, own in zip(answers, closed, strict=True))
    proven += float(prices.array() @ _asked(problem, relaxed))
    proven -= loss_across(problem, parts, [answer.unit_price for answer in answers], prices)
    return arrangement, proven, prices


def _pause(options: PlanOptions, share: float) -> None:
    if options.cancellation is not None and options.cancellation.requested:
        raise Cancelled
    if options.progress is not None:
        options.progress("search", share)


def _crew(parts: list[Part], options: PlanOptions) -> Crew:
    count = options.processes or min(os.cpu_count() or 1, 2)
    if count > 1 and len(parts) > 1:
        try:
            return Processes(parts, min(count, len(parts)))
        except OSError:
            pass  # no process can be started here; one process gives the same answers
    return Here(parts)


def _asked(problem: Problem, relaxed: list[Relaxed]) -> Floats:
    counts = sum(each.fixed_counts for each in relaxed)
    organized = sum(each.fixed_organized for each in relaxed)
    reach = problem.work_coverage_share * (problem.base_size - organized)
    reach -= problem.instructor_capacity * problem.instructors
    return np.array([problem.establishment_needed - counts, float(problem.instructors), reach])


@dataclass(frozen=True, slots=True)
class _Course:
    """Where the search for prices begins, how far each may move in one round, and how many rounds there are."""

    first: Prices
    step: Floats
    rounds: int


def _prices(
    problem: Problem, ask: Callable[[Prices], list[Relaxed]], course: _Course, deadline: float
) -> tuple[Prices, list[Relaxed], float]:
    """The prices of the best Lagrangian bound found, the blocks' relaxations there, and that bound.

    ``ask`` solves the blocks at some prices; what it keeps of them is, at the end, that of the best prices.
    """
    at = course.first.array()
    best: tuple[float, Floats, list[Relaxed]] | None = None
    seen: list[tuple[Floats, list[Relaxed]]] = []
    last = at
    step = course.step.copy()
    for turn in range(course.rounds):
        relaxed = ask(Prices(*at.tolist()))
        last = at
        bound = sum(each.bound for each in relaxed) + float(at @ _asked(problem, relaxed))
        seen.append((at, relaxed))
        if best is None or bound > best[0]:
            best = (bound, at, relaxed)
        else:
            step *= 0.5
        if time.monotonic() > deadline:
            break
        at, promised = _next(problem, seen, best[1], step)
        if promised - best[0] <= _PROMISE * max(abs(best[0]), 1.0) and turn > 0:
            break
    if best is None:
        raise RuntimeError("no price was tried")
    if not np.array_equal(last, best[1]):
        ask(Prices(*best[1].tolist()))
    return Prices(*best[1].tolist()), best[2], best[0]


def _next(
    problem: Problem, seen: list[tuple[Floats, list[Relaxed]]], centre: Floats, step: Floats
) -> tuple[Floats, float]:
    """The prices with the best upper estimate near the centre, and that estimate.

    Columns: three prices, then one value per block; a row says value <= bound + slope x (price - price then).
    """
    import highspy

    parts = len(seen[0][1])
    asked = _asked(problem, seen[0][1])
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = 3 + parts, len(seen) * parts
    lp.sense_ = highspy.ObjSense.kMaximize
    lp.col_cost_ = np.concatenate([asked, np.ones(parts)])
    lp.col_lower_ = np.concatenate([np.maximum(centre - step, _LOW), np.full(parts, -1e9)])
    lp.col_upper_ = np.concatenate([np.minimum(centre + step, _HIGH), np.full(parts, 1e9)])
    columns: list[int] = []
    values: list[float] = []
    starts, upper = [0], []
    for at, relaxed in seen:
        for part, each in enumerate(relaxed):
            columns += [0, 1, 2, 3 + part]
            values += [*each.used.tolist(), 1.0]
            starts.append(len(columns))
            upper.append(each.bound + float(each.used @ at))
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = np.array(starts, dtype=np.int32)
    lp.a_matrix_.index_ = np.array(columns, dtype=np.int32)
    lp.a_matrix_.value_ = np.array(values)
    lp.row_lower_, lp.row_upper_ = np.full(len(upper), -np.inf), np.array(upper)
    highs = new_solver()
    highs.passModel(lp)
    highs.run()
    value = np.array(highs.getSolution().col_value)[:3]
    return np.clip(value, _LOW, _HIGH), float(highs.getInfo().objective_function_value)
