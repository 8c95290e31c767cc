"""One method on one town of any likeness, in a process of its own: ``python -m benchmarks.likeness_run`` with one JSON object.

``{"method": ..., "town": ..., "units": ..., "seed": ..., "limit": seconds, "villages": counts for 1.4?, "search": seconds}``.
Prints one line of JSON: what was reached, the bound, seconds by the clock and of processor time (children too), memory.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import Any, Final

from benchmarks.measured import own_peak_kb
from liangxin.coverage import classify
from liangxin.planning.build import build_problem
from liangxin.planning.check import check
from liangxin.planning.problem import Arrangement, Problem
from liangxin.policy import load_policy
from liangxin.policy.loading import available, parse_policy
from liangxin.policy.model import Policy
from liangxin.sample import SampleTown, make_market_town, make_town_like

OURS: Final = "Liangxin"
DAY: Final = date(2011, 8, 15)
POLICY: Final = "changle-2011-44"
OVERLAY: Final = "distance-only"
"""The formula that peers and outside checks know; used where the package has it."""
TOWNS: Final[Mapping[str, Callable[[int, int], SampleTown]]] = {
    "town": partial(make_town_like, "town"),
    "market": partial(make_town_like, "market"),
    "buildings": partial(make_town_like, "buildings"),
    "villages": partial(make_town_like, "villages"),
    "register": partial(make_town_like, "register"),
    "market, all alike": partial(make_market_town, stalls="alike"),
    "market, one position": partial(make_market_town, stalls="one_position"),
    "market, spread": partial(make_market_town, stalls="spread"),
    "market, one member each": partial(make_market_town, stalls="spread", members="one"),
    "market, two members each": partial(make_market_town, stalls="spread", members="two"),
}
_VILLAGES_COUNT: Final = """format: liangxin.policy/1
id: villages-count
title: {zh: 村企联建计入总体组建率, en: Village affiliation counts for 1.4}
issued_on: 2011-08-10
based_on: changle-2011-44
indicators:
  "1.4": {forms: [separate, seconded, park, industry, leader, zone, village, mobile]}
"""


def policy_of(villages_count: bool) -> Policy:
    overlays = (OVERLAY,) if any(each.id == OVERLAY for each in available()) else ()
    if villages_count:
        return parse_policy(_VILLAGES_COUNT, as_of=DAY, overlays=overlays)
    return load_policy(POLICY, as_of=DAY, overlays=overlays)


def problem_of(town: str, units: int, seed: int, villages_count: bool) -> Problem:
    sample = TOWNS[town](units, seed)
    return build_problem(classify(sample.ledger, policy_of(villages_count)), sample.town)


def solve(asked: dict[str, Any], problem: Problem) -> tuple[Arrangement, dict[str, Any]]:
    if asked["method"] == OURS:
        from liangxin.planning.options import PlanOptions
        from liangxin.planning.solve import solve as liangxin_solve

        found = liangxin_solve(problem, PlanOptions(time_limit=asked["limit"], processes=1))
        return found.arrangement, {"bound": found.bound, "gap": found.gap, "status": found.status}
    from benchmarks.peers.local_search import search_locally
    from benchmarks.peers.methods import PEERS
    from benchmarks.peers.repair import priced

    arrangement = priced(problem, PEERS[asked["method"]](problem, 0))
    if asked["search"]:
        before = judged(problem, arrangement)
        arrangement, moves = search_locally(problem, arrangement, asked["search"])
        return arrangement, {"before_search": before, "moves": moves}
    return arrangement, {}


def judged(problem: Problem, arrangement: Arrangement) -> dict[str, Any]:
    """Uncovered, short of 1.4 and cost; and the rules broken beside the two targets, which stages speak of."""
    from benchmarks.peers.local_search import judge

    uncovered, short, objective = judge(problem, arrangement)
    broken = {violation.code for violation in check(problem, arrangement)}
    return {
        "uncovered": uncovered,
        "short": short,
        "objective": objective,
        "violations": sorted(broken - {"required", "establishment", "work_coverage"}),
    }


def processor_seconds() -> float:
    return sum(
        usage.ru_utime + usage.ru_stime
        for usage in (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    )


def main(arguments: list[str]) -> None:
    asked = json.loads(arguments[0])
    solve({**asked, "limit": 5.0, "search": 0}, problem_of("town", 120, 0, asked["villages"]))  # warm-up
    problem = problem_of(asked["town"], asked["units"], asked["seed"], asked["villages"])
    began, busy = time.perf_counter(), processor_seconds()
    arrangement, said = solve(asked, problem)
    measured = {
        "seconds": time.perf_counter() - began,
        "processor": processor_seconds() - busy,
        "own_peak_kb": own_peak_kb(),
        "needed": problem.establishment_needed,
        "base": problem.base_size,
    }
    print(json.dumps(said | judged(problem, arrangement) | measured))


if __name__ == "__main__":
    main(sys.argv[1:])
