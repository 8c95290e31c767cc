"""By blocks: within the rules, the bound below what one piece finds, the same answer in one process and in two."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pytest
from made_problem import made_problem

from liangxin.planning import townwide
from liangxin.planning.check import check
from liangxin.planning.cost import cost
from liangxin.planning.options import PlanOptions
from liangxin.planning.partition import blocks, components, restrict
from liangxin.planning.problem import Arrangement, Problem, links
from liangxin.planning.solve import solve

TOWN = made_problem(900, 11, share=0.3)


def by_blocks(problem: Problem, processes: int) -> tuple[Arrangement, float]:
    arrangement, bound, _ = townwide.solve_by_blocks(
        problem, PlanOptions(processes=processes), time.monotonic()
    )
    return arrangement, bound


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(townwide, "LARGEST_BLOCK", 400)


def test_blocks_are_within_the_rules_and_bounded() -> None:
    """The one-piece optimum lies between the blocks' bound and the blocks' arrangement."""
    best = solve(TOWN, PlanOptions(gap=1e-4))
    arrangement, bound = by_blocks(TOWN, 1)
    assert check(TOWN, arrangement) == []
    assert bound <= best.objective + 1e-6
    assert best.bound <= cost(TOWN, arrangement).total + 1e-6


def test_two_processes_give_what_one_gives() -> None:
    one, two = by_blocks(TOWN, 1), by_blocks(TOWN, 2)
    assert one[0].form.tolist() == two[0].form.tolist()
    assert one[0].host.tolist() == two[0].host.tolist()
    assert one[1] == two[1]


def test_blocks_are_a_partition() -> None:
    parts, _ = blocks(TOWN, 400)
    assert np.sort(np.concatenate(parts)).tolist() == list(range(TOWN.n))


def test_a_closed_block_shares_no_association_with_another() -> None:
    """One association over two blocks opens both; the others stay closed."""
    parts, closed = blocks(TOWN, 400)
    member_of = [
        {int(each) for unit in units.tolist() for each in TOWN.associations.of(unit)} for units in parts
    ]
    for index, own in enumerate(closed):
        others = set().union(*(each for at, each in enumerate(member_of) if at != index))
        assert own == member_of[index].isdisjoint(others)
    assert not all(closed)
    alone = replace(TOWN, associations=links([[] for _ in range(TOWN.n)]))
    assert all(blocks(alone, 400)[1])


def test_blocks_come_close_to_what_is_proven() -> None:
    """Cut where associations connect, the town is still solved to a fifth of a percent."""
    arrangement, bound = by_blocks(TOWN, 1)
    objective = cost(TOWN, arrangement).total
    assert objective - bound <= 0.002 * objective


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
