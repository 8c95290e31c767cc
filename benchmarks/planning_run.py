"""One method on one town, in a process of its own: ``python -m benchmarks.planning_run METHOD UNITS SEED``.

Prints one line of JSON. The time runs from the finished problem to the finished arrangement; before it the method has
solved a town of 120 units, so that imports and the loading of compiled code are told apart (``start_up``). A peer's
groups are repaired twice: ``priced`` (what is timed and compared first) and, afterwards, ``plain``.
"""

from __future__ import annotations

import json
import sys
import time
from datetime import date
from typing import Any

from benchmarks.measured import own_peak_kb
from liangxin.coverage import classify
from liangxin.planning.build import build_problem
from liangxin.planning.check import check
from liangxin.planning.cost import cost
from liangxin.planning.problem import Arrangement, Problem
from liangxin.policy import load_policy
from liangxin.sample import make_town

OURS = "Liangxin"
DAY = date(2011, 8, 15)
POLICY = "changle-2011-44+distance-only"  # the objective that the peers know
WARM_UP_UNITS = 120


def problem_of(units: int, seed: int) -> Problem:
    sample = make_town(units, seed)
    return build_problem(classify(sample.ledger, load_policy(POLICY, as_of=DAY)), sample.town)


def solve(method: str, problem: Problem, seed: int) -> tuple[Arrangement, dict[str, Any]]:
    """The arrangement, and what the method says of itself (our solver: bound, gap, status)."""
    if method == OURS:
        from liangxin.planning.options import PlanOptions
        from liangxin.planning.solve import solve as liangxin_solve

        solution = liangxin_solve(problem, PlanOptions(seed=seed, time_limit=600.0))
        return solution.arrangement, {
            "bound": solution.bound,
            "gap": solution.gap,
            "status": solution.status,
        }
    from benchmarks.peers.methods import PEERS, given_up
    from benchmarks.peers.repair import priced

    given_up.clear()
    proposals = PEERS[method](problem, seed)
    return priced(problem, proposals), {"given_up": len(given_up), "proposals": proposals}


def main(arguments: list[str]) -> None:
    method, units, seed = arguments[0], int(arguments[1]), int(arguments[2])
    begun = time.perf_counter()
    solve(method, problem_of(WARM_UP_UNITS, 0), 0)
    warmed = time.perf_counter()
    problem = problem_of(units, seed)
    started = time.perf_counter()
    arrangement, said = solve(method, problem, 0)
    seconds = time.perf_counter() - started
    own_kb = own_peak_kb()
    if "proposals" in said:
        from benchmarks.peers.repair import plain

        said["plain"] = judged(problem, plain(problem, said.pop("proposals")))
    measured = {"seconds": seconds, "start_up": warmed - begun, "own_peak_kb": own_kb}
    print(json.dumps(said | judged(problem, arrangement) | measured))


def judged(problem: Problem, arrangement: Arrangement) -> dict[str, Any]:
    """The objective, and the codes of the rules that are broken."""
    broken = check(problem, arrangement)
    return {
        "objective": cost(problem, arrangement).total,
        "violations": sorted({violation.code for violation in broken}),
    }


if __name__ == "__main__":
    main(sys.argv[1:])
