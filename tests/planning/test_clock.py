"""Whatever stops the search, wherever: within the rules, nothing left out that can be covered, never worse than the first answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from brute_force import optimum
from made_problem import blank, made_problem
from test_solve import tiny_problem

from liangxin.planning import runs
from liangxin.planning.clock import Clock
from liangxin.planning.cost import cost
from liangxin.planning.first import answer_first
from liangxin.planning.options import Cancellation, Cancelled, PlanOptions
from liangxin.planning.problem import Problem
from liangxin.planning.scale import normal_weights, scaled_weights
from liangxin.planning.solve import solve
from liangxin.planning.stages import Shortfall, measure_shortfall

LIMIT = 60.0


def ending_after(looks: int) -> Callable[[], float]:
    """A clock that has run out once it was looked at so many times."""
    seen = 0

    def now() -> float:
        nonlocal seen
        seen += 1
        return 0.0 if seen <= looks else 2 * LIMIT

    return now


@pytest.mark.parametrize("looks", [*range(1, 20), 25, 32, 40, 60])
@pytest.mark.parametrize("share", [0.3, 0.6])
def test_a_clock_that_ends_at_any_look(looks: int, share: float) -> None:
    """The target in reach and out of reach."""
    problem = made_problem(150, 3, share=share)
    first = answer_first(problem)
    solution = solve(problem, PlanOptions(time_limit=LIMIT, gap=0.0), now=ending_after(looks))
    assert runs.within_rules(problem, solution.arrangement)
    reached = measure_shortfall(problem, solution.arrangement)
    assert reached == solution.stages.reached
    assert (reached, solution.objective) <= (
        measure_shortfall(problem, first),
        cost(problem, first).total + 1e-9,
    )
    assert solution.stages.bound <= reached
    assert 0.0 <= solution.gap <= 1.0


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("looks", [1, 3, 5, 8, 13])
def test_nothing_false_is_proven_when_the_clock_ends(seed: int, looks: int) -> None:
    problem = tiny_problem(2 + seed % 5, seed, pins=False)
    shortfall, best, _ = optimum(problem)
    solution = solve(problem, PlanOptions(time_limit=LIMIT, gap=0.0), now=ending_after(looks))
    assert solution.stages.bound <= shortfall <= solution.stages.reached
    if solution.stages.reached == shortfall:
        assert solution.bound <= best + 1e-6


def test_a_cancelled_clock_says_so_wherever_it_is_looked_at() -> None:
    cancellation = Cancellation()
    clock = Clock(100.0, cancellation, lambda: 0.0)
    assert clock.left() == 100.0
    assert clock.shortened(7.0).left() == 7.0
    cancellation.request()
    with pytest.raises(Cancelled):
        clock.shortened(7.0).over()


def weighed(problem: Problem, factor: float) -> Problem:
    return replace(problem, weights=scaled_weights(problem.weights, factor))


@pytest.mark.parametrize("factor", [100.0, 0.01, 3.7])
@pytest.mark.parametrize("share", [0.3, 0.6])
def test_all_weights_times_a_constant_change_no_decision(factor: float, share: float) -> None:
    """The same arrangement bit for bit, the same gap, the cost times the constant; also with 1.4 out of reach."""
    problem = made_problem(200, 5, share=share)
    one, other = solve(problem), solve(weighed(problem, factor))
    assert one.arrangement.form.tolist() == other.arrangement.form.tolist()
    assert one.arrangement.host.tolist() == other.arrangement.host.tolist()
    assert other.objective == pytest.approx(factor * one.objective)
    assert other.bound == pytest.approx(factor * one.bound)
    assert (
        normal_weights(problem.weights)[0].distance
        == normal_weights(weighed(problem, factor).weights)[0].distance
    )


@pytest.mark.parametrize("seed", range(24))
def test_one_weight_of_ten_thousand_changes_no_stage(seed: int) -> None:
    problem = tiny_problem(2 + seed % 5, seed, pins=False)
    problem = replace(problem, weights=replace(problem.weights, distance=10_000.0))
    shortfall, best, _ = optimum(problem)
    solution = solve(problem, PlanOptions(gap=0.0))
    assert solution.stages.reached == shortfall
    assert solution.stages.proven
    assert solution.objective >= best - 1e-4 * max(best, 1.0)
    assert solution.bound <= best + 1e-4 * max(best, 1.0)


def test_weights_of_nothing_leave_the_stages() -> None:
    """All arrangements cost nothing: any is optimal that leaves the least unmet."""
    problem = weighed(made_problem(150, 4, share=0.6), 0.0)
    solution = solve(problem)
    assert solution.status == "optimal"
    assert solution.stages.proven


def test_no_members_at_all() -> None:
    """Nothing can be founded: that is proven, and nobody is said to be coverable who is not."""
    problem = blank(30, required=np.arange(30) < 10, establishment_needed=11)
    solution = solve(problem)
    assert solution.stages.proven
    assert solution.stages.reached == Shortfall(0, 11, 0.0)
