"""Large towns: the bound in one piece, the answer by blocks.

The relaxation of the whole town is cheap and its bound needs no blocks. It says how many units of each block should be
established and how many instructors it should use; each block is then a town of its own with these targets. Where the
target is out of reach, organizations of the first answer that reach across blocks stay, and every block keeps its count.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from liangxin.planning.block import Targets, build_block
from liangxin.planning.check import tally
from liangxin.planning.forms import JOINT, SECONDED
from liangxin.planning.memory import give_back_memory
from liangxin.planning.partition import blocks, restrict
from liangxin.planning.problem import Arrangement
from liangxin.planning.worker import Part, solve_parts

if TYPE_CHECKING:
    from liangxin.planning.block import Block
    from liangxin.planning.generation import Relaxation
    from liangxin.planning.problem import Flags, Floats, Ints, Problem
    from liangxin.planning.runs import Run

LARGEST_BLOCK: Final = 2_700
_RELAX_SHARE: Final = 0.5
"""Of the time left: for the relaxation of the whole town."""
_BLOCKS_SHARE: Final = 0.85
"""Of the time left then: for the blocks; the rest tightens the bound."""
_LEAST_SECONDS: Final = 1.0
_MOST_TIGHTENED: Final = 15_000
"""Units; in larger towns the tightened relaxation in one piece takes more memory than an office computer spares."""


@dataclass(frozen=True, slots=True)
class _Shares:
    """What the relaxation does with each unit [n]: how far it counts for 1.4, how far it is seconded."""

    established: Floats
    seconded: Floats


def lower_cost_by_blocks(run: Run) -> None:
    """Stage (d) for a town above ``ONE_PIECE``: ``run`` has a better arrangement and a bound afterwards."""
    from liangxin.planning.generation import relax
    from liangxin.planning.search import Limits, tighten
    from liangxin.planning.tightened import NARROW

    block = build_block(run.problem, Targets(run.shortfall))
    relaxation = relax(block, run.arrangement, run.clock.shortened(_RELAX_SHARE * run.clock.left()))
    run.prices = relaxation.duals.town.times(run.unit)
    bound = relaxation.bound
    shares = _read_shares(block, relaxation)
    run.bound = bound * run.unit
    _tell(run, 0.3)
    del block, relaxation
    give_back_memory()
    if run.clock.left() > _LEAST_SECONDS:
        _solve_blocks(run, shares)
    run.bound = bound * run.unit
    _tell(run, 0.9)
    gap = 1.0 - bound / max(run.value, 1e-9)
    if gap > run.options.gap and run.problem.n <= _MOST_TIGHTENED and run.clock.left() > _LEAST_SECONDS:
        block = build_block(run.problem, Targets(run.shortfall))
        relaxation = relax(block, run.arrangement, run.clock)
        limits = Limits(run.options.gap, clock=run.clock, seed=run.options.seed)
        tight = tighten(relaxation, run.arrangement, limits, NARROW)
        run.bound = max(run.bound, max(bound, tight.bound) * run.unit)


def _tell(run: Run, share: float) -> None:
    run.clock.left()
    if run.options.progress is not None:
        run.options.progress("search", share)


def _read_shares(block: Block, relaxation: Relaxation) -> _Shares:
    problem, stars, master = block.problem, block.stars, relaxation.master
    value = np.array(master.model.getSolution().col_value)
    established, seconded = np.zeros(problem.n), np.zeros(problem.n)
    fixed = np.flatnonzero(block.fixed_form >= 0)
    counts = problem.in_base[fixed] & ((problem.counted[fixed] >> block.fixed_form[fixed] & 1) == 1)
    established[fixed[counts]] = 1.0
    if len(value) != master.columns:  # the clock stopped before a solution
        return _Shares(established, seconded)
    singles = block.singles
    mine = value[master.first_single : master.first_single + len(singles.unit)]
    np.add.at(established, singles.unit, mine * singles.counts)
    np.add.at(seconded, singles.unit, mine * (singles.form == SECONDED))
    organizations = value[master.first_organization :]
    for index in np.flatnonzero(organizations > 1e-9).tolist():
        k, share = int(master.organizations.star[index]), float(organizations[index])
        form = int(stars.form[k])
        arcs = master.organizations.arcs[index]
        units = [*stars.base[k], *stars.arc_unit[arcs[arcs >= 0]].tolist()]
        for unit in units:
            established[unit] += share * (problem.in_base[unit] and problem.counts(unit, form))
    return _Shares(established, seconded)


def _solve_blocks(run: Run, shares: _Shares) -> None:
    """Every block as a town of its own; what they find together is offered to the run."""
    problem, start = run.problem, run.arrangement
    pieces = blocks(problem, LARGEST_BLOCK)
    crossing = _crossing(problem, start, pieces)
    counted = tally(problem, start)
    short = run.shortfall.unestablished > 0
    if short:  # every block keeps its count, and what crosses stays
        pieces = [units[~crossing[units]] for units in pieces]
        inside = problem.in_base & ((problem.counted >> start.form & 1) == 1)
        needed = [int(np.count_nonzero(inside[units])) for units in pieces]
    else:
        needed = _whole(
            [float(shares.established[units].sum()) for units in pieces], problem.establishment_needed
        )
    spare = max(problem.instructors - counted.seconded, 0)
    if short or not shares.seconded.any():
        lent = [int(np.count_nonzero(start.form[units] == SECONDED)) for units in pieces]
    else:
        asked = [float(shares.seconded[units].sum()) for units in pieces]
        lent = _whole(asked, min(int(sum(asked) + 1e-6), counted.seconded + spare))
    seconds = _BLOCKS_SHARE * run.clock.left()
    parts = []
    for units, count, instructors in zip(pieces, needed, lent, strict=True):
        part = replace(
            restrict(problem, units),
            establishment_needed=count,
            instructors=instructors,
            work_coverage_share=0.0,
        )
        parts.append(Part(part, _within(start, units)))
    answers = solve_parts(parts, run.options, run.clock.shortened(seconds))
    together = start.copy() if short else Arrangement.nothing(problem.n)
    for units, answer in zip(pieces, answers, strict=True):
        together.form[units] = answer.form
        together.host[units] = np.where(answer.host >= 0, units[answer.host], -1)
    run.offer(together)


def _whole(shares: list[float], total: int) -> list[int]:
    """Whole numbers near the shares with this sum, the largest remainders rounded up."""
    floors = [int(np.floor(share + 1e-6)) for share in shares]
    rest = total - sum(floors)
    order = sorted(range(len(shares)), key=lambda index: (floors[index] - shares[index], index))
    for index in order[: max(rest, 0)]:
        floors[index] += 1
    return floors


def _crossing(problem: Problem, arrangement: Arrangement, pieces: list[Ints]) -> Flags:
    """Units in organizations that reach across pieces."""
    piece = np.full(problem.n, -1)
    for index, units in enumerate(pieces):
        piece[units] = index
    joint = np.isin(arrangement.form, JOINT)
    away = joint & (piece != piece[np.where(joint, arrangement.host, 0)])
    hosts = np.unique(arrangement.host[away])
    result: Flags = joint & np.isin(arrangement.host, hosts)
    return result


def _within(arrangement: Arrangement, units: Ints) -> Arrangement | None:
    """The arrangement of these units alone; None where one of their organizations reaches beyond them."""
    index = np.full(len(arrangement.form), -1, dtype=np.int32)
    index[units] = np.arange(len(units), dtype=np.int32)
    host = arrangement.host[units]
    own = np.where(host >= 0, index[host], -1).astype(np.int32)
    if ((host >= 0) & (own < 0)).any():
        return None
    return Arrangement(arrangement.form[units].copy(), own)
