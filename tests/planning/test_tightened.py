"""The tightened relaxation: its bound holds, what it leaves out cannot be in a better arrangement."""

from __future__ import annotations

import numpy as np
import pytest
from made_problem import made_problem

from liangxin.planning.block import build_block
from liangxin.planning.clock import Clock
from liangxin.planning.cost import cost
from liangxin.planning.cuts import ByUnit
from liangxin.planning.first import answer_first
from liangxin.planning.generation import Relaxation, relax
from liangxin.planning.options import PlanOptions
from liangxin.planning.reduction import Kept
from liangxin.planning.search import Answer, Limits, search, tighten
from liangxin.planning.solve import solve
from liangxin.planning.tightened import Tightened

TOWN = made_problem(300, 2, share=0.3)
EXACT = Limits(gap=1e-4)


START = answer_first(TOWN)
FIRST = Answer(START, cost(TOWN, START).total, -np.inf)


def relaxed() -> Relaxation:
    return relax(build_block(TOWN), START)


def test_the_bound_lies_between_the_relaxation_and_the_optimum() -> None:
    """Cuts raise the bound, and never above the best arrangement."""
    relaxation = relaxed()
    tight = tighten(relaxation, START, EXACT)
    best = solve(TOWN, PlanOptions(gap=0.0))
    assert tight.settled
    assert relaxation.bound < tight.bound <= best.objective + 1e-6


def test_an_arrangement_as_good_as_the_width_is_kept_whole() -> None:
    """Every organization of the optimum is in the model once that is as wide as optimum less bound."""
    best = solve(TOWN, PlanOptions(gap=0.0))
    tight = tighten(relaxed(), START, EXACT)
    assert tight.widen(best.objective - tight.bound + 1e-6)
    now = tight.open(Clock())
    assert now is not None
    value = now.model.values_of(best.arrangement)
    assert value is not None
    assert float(value @ now.model.cost) + tight.block.fixed_cost == pytest.approx(best.objective)


def test_wider_keeps_more() -> None:
    tight = tighten(relaxed(), START, EXACT)
    before = tight.kept.size
    assert tight.widen(0.6)
    assert tight.kept.size > before


def test_too_narrow_a_model_proves_nothing_beyond_its_width(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no more columns may be taken in, the bound stays at the relaxation's plus the width that is complete."""
    monkeypatch.setattr(Tightened, "widen", lambda self, delta: False)
    tight = tighten(relaxed(), START, EXACT)
    answer = search(tight, Limits(gap=0.0), FIRST)
    assert answer.bound <= tight.bound + tight.complete + 1e-9
    assert answer.bound <= answer.value


def test_cores_with_two_units_of_a_triple() -> None:
    rng = np.random.default_rng(4)
    cores = [sorted(rng.choice(12, rng.integers(1, 6), replace=False).tolist()) for _ in range(60)]
    units = np.array([unit for core in cores for unit in core])
    owner = np.array([index for index, core in enumerate(cores) for _ in core])
    index = ByUnit(units, owner)
    for triple in ((0, 1, 2), (3, 7, 11), (0, 5, 30)):
        expected = [i for i, core in enumerate(cores) if len(set(core) & set(triple)) >= 2]
        assert index.with_two(triple).tolist() == expected


def test_both_together_have_nothing_twice() -> None:
    """The order of a core's arcs does not matter."""
    one = Kept(np.array([0, 1]), np.array([[3, 5], [4, -1]]), np.array([True, False]), 0.1)
    other = Kept(np.array([0, 2]), np.array([[5, 3], [6, -1]]), np.array([False, False]), 0.3)
    both = one.with_also(other)
    assert both.core_star.tolist() == [0, 1, 2]
    assert both.arcs.tolist() == [True, False]
    assert both.delta == 0.1
