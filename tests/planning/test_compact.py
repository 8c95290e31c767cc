"""Equal units as one: the same optimum as by trying everything, markets of equal stalls at once, names given back one by one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from brute_force import optimum
from made_problem import blank
from test_solve import EXACT, tiny_problem

from liangxin.planning import runs
from liangxin.planning.check import check
from liangxin.planning.classes import group_alike
from liangxin.planning.options import PlanOptions
from liangxin.planning.problem import Problem, links
from liangxin.planning.solve import solve

FACTS = (
    "t", "members", "x_km", "y_km", "industry", "territory", "in_park", "place", "can_lead", "required", "in_base",
    "covering", "counted", "allowed", "previous_form", "previous_host", "policy_forms", "staff", "settled", "wants_alone", "candidate",
)  # fmt: skip


def with_twins(problem: Problem, unit: int) -> Problem:
    """The next unit gets all facts of this one."""
    other = (unit + 1) % problem.n
    changed = {}
    for name in FACTS:
        values = np.array(getattr(problem, name))
        values[other] = values[unit]
        changed[name] = values
    rows = [problem.associations.of(each).tolist() for each in range(problem.n)]
    rows[other] = rows[unit]
    return replace(problem, associations=links(rows), **changed)


@pytest.mark.parametrize("seed", range(60))
def test_the_optimum_of_towns_with_equal_units(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many are alike, and also where nobody is."""
    monkeypatch.setattr(runs, "_ALIKE", 10.0)
    problem = tiny_problem(2 + seed % 5, seed, pins=seed % 4 == 1)
    problem = with_twins(problem, seed % problem.n) if seed % 3 else problem
    shortfall, best, _ = optimum(problem)
    solution = solve(problem, EXACT)
    assert solution.stages.reached == shortfall
    assert solution.objective == pytest.approx(best, abs=1e-5)
    assert best - 1e-4 <= solution.bound <= best + 1e-6


@pytest.mark.parametrize("members", [1, 2])
def test_a_market_of_a_thousand_equal_stalls(members: int) -> None:
    """One position, one trade, every stall with members: two classes, proven at once."""
    n = 1_000
    problem = blank(
        n,
        t=np.full(n, members, np.int32),
        members=np.full(n, members, np.int32),
        required=np.ones(n, bool),
        establishment_needed=n // 3,
    )
    assert group_alike(problem).count == 1
    solution = solve(problem, PlanOptions(time_limit=20))
    assert solution.status == "optimal"
    assert check(problem, solution.arrangement) == []
    assert len(solution.arrangement.groups()) > 0


def test_whoever_is_named_somewhere_is_a_class_of_its_own() -> None:
    problem = blank(6, chain=links([[1], [0], [], [], [], []]), apart=((2, 3),))
    assert group_alike(problem).of_unit.tolist() == [0, 1, 2, 3, 4, 4]


def test_positions_and_trades_keep_units_apart() -> None:
    problem = blank(
        4, x_km=np.array([0.0, 0.0, 1.0, 0.0]), industry=np.array([3811, 3811, 3811, 1751], np.int32)
    )
    assert group_alike(problem).of_unit.tolist() == [0, 0, 1, 2]
