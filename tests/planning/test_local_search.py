"""Never worse than the obvious: an ordinary greedy answer with local search on top, on towns of every likeness."""

from __future__ import annotations

from datetime import date
from typing import Any, get_args

import pytest
from benchmarks.peers.methods import PEERS
from benchmarks.peers.repair import priced

from liangxin.coverage import classify
from liangxin.planning import PlanOptions
from liangxin.planning.build import build_problem
from liangxin.planning.check import check
from liangxin.planning.clock import Clock
from liangxin.planning.cost import cost
from liangxin.planning.first import answer_first
from liangxin.planning.local_search import search_locally
from liangxin.planning.problem import Arrangement, Problem
from liangxin.planning.solve import solve
from liangxin.planning.stages import measure_shortfall
from liangxin.policy import load_policy
from liangxin.policy.loading import parse_policy
from liangxin.sample import Likeness, make_town_like

DAY = date(2011, 8, 15)
VILLAGES_COUNT = """format: liangxin.policy/1
id: villages-count
title: {zh: 村企联建计入总体组建率, en: Village affiliation counts for 1.4}
issued_on: 2011-08-10
based_on: changle-2011-44
indicators:
  "1.4": {forms: [separate, seconded, park, industry, leader, zone, village, mobile]}
"""
STAGED = {"required", "establishment", "work_coverage"}
TRIES = 8_000


def problem_of(likeness: Likeness, units: int, seed: int, *, villages_count: bool) -> Problem:
    sample = make_town_like(likeness, units, seed)
    policy = (
        parse_policy(VILLAGES_COUNT, as_of=DAY)
        if villages_count
        else load_policy("changle-2011-44", as_of=DAY)
    )
    return build_problem(classify(sample.ledger, policy), sample.town)


def judged(problem: Problem, arrangement: Arrangement) -> tuple[Any, ...]:
    assert {each.code for each in check(problem, arrangement)} <= STAGED
    shortfall = measure_shortfall(problem, arrangement)
    return (
        shortfall.uncovered,
        shortfall.unestablished,
        round(shortfall.unreached, 6),
        cost(problem, arrangement).total,
    )


@pytest.mark.slow
@pytest.mark.parametrize("villages_count", [False, True])
@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("likeness", get_args(Likeness))
def test_nothing_obvious_is_better(likeness: Likeness, seed: int, villages_count: bool) -> None:
    problem = problem_of(likeness, 160, seed, villages_count=villages_count)
    ours = judged(problem, solve(problem, PlanOptions(time_limit=10, processes=1)).arrangement)
    greedy = priced(problem, PEERS["greedy nearest neighbour"](problem, 0))
    for start in (greedy, answer_first(problem)):
        obvious = judged(problem, search_locally(problem, start, Clock(), TRIES)[0])
        assert ours[:3] < obvious[:3] or (ours[:3] == obvious[:3] and ours[3] <= obvious[3] * 1.0005)


def test_it_leaves_an_organization_that_pays_nothing() -> None:
    """An office building: many small organizations are merged, nothing breaks and no stage gets worse."""
    problem = problem_of("buildings", 150, 1, villages_count=True)
    start = answer_first(problem)
    found, kept = search_locally(problem, start, Clock(), 4_000)
    assert kept > 0
    assert judged(problem, found) < judged(problem, start)
    assert len(found.groups()) < len(start.groups())


def test_a_clock_that_is_over_changes_nothing() -> None:
    problem = problem_of("market", 150, 1, villages_count=False)
    start = answer_first(problem)
    found, kept = search_locally(problem, start, Clock(0.0, now=lambda: 1.0), 4_000)
    assert kept == 0
    assert (found.form == start.form).all() and (found.host == start.host).all()
