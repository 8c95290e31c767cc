"""The planner's own local search from a peer's answer, for so many seconds of processor time; and how answers are ordered."""

from __future__ import annotations

import sys
import time

from liangxin.planning.check import tally
from liangxin.planning.clock import Clock
from liangxin.planning.cost import cost
from liangxin.planning.local_search import search_locally as search_by_clock
from liangxin.planning.problem import Arrangement, Problem


def search_locally(
    problem: Problem, arrangement: Arrangement, seconds: float, seed: int = 0
) -> tuple[Arrangement, int]:
    """The arrangement after ``seconds`` of processor time, and how many moves were kept."""
    clock = Clock(time.process_time() + seconds, now=time.process_time)
    return search_by_clock(problem, arrangement, clock, sys.maxsize, seed)


def judge(problem: Problem, arrangement: Arrangement) -> tuple[int, int, float]:
    """Required units uncovered, units short of 1.4, cost: smaller is better, in this order."""
    bare = sum(
        bool(problem.required[unit]) and not problem.covers(unit, int(arrangement.form[unit]))
        for unit in range(problem.n)
    )
    short = max(problem.establishment_needed - tally(problem, arrangement).established, 0)
    return bare, short, cost(problem, arrangement).total
