"""By blocks: within the rules, the bound below what one piece finds, the same answer in one process and in two."""

from __future__ import annotations

import numpy as np
import pytest
from made_problem import made_problem

from liangxin.planning import solve as solving
from liangxin.planning import townwide
from liangxin.planning.check import check
from liangxin.planning.options import PlanOptions
from liangxin.planning.partition import blocks, components, restrict
from liangxin.planning.solution import Solution

TOWN = made_problem(900, 11, share=0.3)
OUT_OF_REACH = made_problem(900, 11, share=0.6)


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(townwide, "LARGEST_BLOCK", 400)


@pytest.fixture
def by_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("liangxin.planning.runs.ONE_PIECE", 500)


def solved(processes: int = 1, problem: object = TOWN) -> Solution:
    return solving(problem, PlanOptions(processes=processes, gap=1e-4))  # type: ignore[operator]


def test_blocks_are_within_the_rules_and_bounded(by_blocks: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The one-piece optimum lies between the blocks' bound and the blocks' arrangement."""
    found = solved()
    monkeypatch.setattr("liangxin.planning.runs.ONE_PIECE", 5_000)
    best = solved()
    assert check(TOWN, found.arrangement) == []
    assert found.bound <= best.objective + 1e-6
    assert best.bound <= found.objective + 1e-6


def test_two_processes_give_what_one_gives(by_blocks: None) -> None:
    one, two = solved(1), solved(2)
    assert one.arrangement.form.tolist() == two.arrangement.form.tolist()
    assert one.arrangement.host.tolist() == two.arrangement.host.tolist()


def test_a_target_out_of_reach_is_reached_as_far_as_the_whole_town_can(
    by_blocks: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Blocks alone would reach fewer: organizations across them are kept."""
    found = solved(problem=OUT_OF_REACH)
    monkeypatch.setattr("liangxin.planning.runs.ONE_PIECE", 5_000)
    best = solved(problem=OUT_OF_REACH)
    assert found.stages.proven
    assert found.stages.reached == best.stages.reached
    assert found.bound <= best.objective + 1e-6
    assert found.objective <= 1.05 * best.objective


def test_blocks_are_a_partition() -> None:
    parts = blocks(TOWN, 400)
    assert np.sort(np.concatenate(parts)).tolist() == list(range(TOWN.n))


def test_blocks_come_close_to_what_is_proven(by_blocks: None) -> None:
    """Cut where associations connect, the town is still solved to a fifth of a percent."""
    assert solved().gap <= 0.002


def test_nothing_but_associations_connects_pieces() -> None:
    for units in components(TOWN, with_associations=False):
        inside = set(units.tolist())
        same = np.flatnonzero(np.isin(TOWN.territory, TOWN.territory[units]))
        assert set(same.tolist()) <= inside


def test_a_part_keeps_its_facts() -> None:
    units = np.array([3, 5, 8, 13], np.int32)
    part = restrict(TOWN, units)
    assert part.unit_ids == tuple(TOWN.unit_ids[unit] for unit in units)
    assert part.t.tolist() == TOWN.t[units].tolist()
    assert [part.associations.of(0).tolist()] == [TOWN.associations.of(3).tolist()]
