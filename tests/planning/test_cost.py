"""The cost function by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from made_problem import blank, made_problem

from liangxin.planning.cost import cost, pair_cost, stability_cost, unit_cost
from liangxin.planning.forms import INDUSTRY, LEADER, NONE, PARK, SECONDED, SEPARATE, VILLAGE, ZONE
from liangxin.planning.problem import Arrangement, Problem, links
from liangxin.planning.stars import arc_costs


def pair(away: float, first: int, second: int, linked: bool = False) -> Problem:
    return blank(
        2,
        x_km=np.array([0.0, away]),
        industry=np.array([first, second], np.int32),
        chain=links([[1], [0]] if linked else [[], []]),
    )


@pytest.mark.parametrize(
    ("away", "second", "linked", "expected"),
    [
        (0.0, 3811, False, 0.35),
        (1.0, 3811, False, 0.35 + 0.5),
        (9.0, 3811, False, 0.35 + 3.0),
        (0.0, 3812, False, 0.35 + 0.5 * 0.25),
        (0.0, 3821, False, 0.35 + 0.5 * 0.5),
        (0.0, 1751, False, 0.35 + 0.5),
        (0.0, 3811, True, 0.35 - 0.3),
    ],
)
def test_distance_industry_and_chain(away: float, second: int, linked: bool, expected: float) -> None:
    assert pair_cost(pair(away, 3811, second, linked), 1, 0, ZONE) == pytest.approx(expected)


def test_the_sum_never_falls_below_two_hundredths() -> None:
    assert pair_cost(pair(0.0, 3811, 3811, linked=True), 1, 0, LEADER) == 0.02


def test_an_unknown_industry_is_as_far_as_any() -> None:
    problem = replace(pair(0.0, 3811, 3811), industry_digits=np.array([4, 0], np.int32))
    assert pair_cost(problem, 1, 0, PARK) == pytest.approx(0.30 + 0.5)


def test_the_host_of_a_leader_led_organization_pays_nothing() -> None:
    assert unit_cost(blank(1), 0, LEADER, 0) == 0.0
    assert unit_cost(blank(1), 0, PARK, 0) == 0.30


@pytest.mark.parametrize(
    ("form", "host", "expected"), [(ZONE, 0, 0.0), (ZONE, 1, 0.15), (PARK, 0, 0.15), (NONE, -1, 0.15)]
)
def test_stability(form: int, host: int, expected: float) -> None:
    problem = blank(
        2, previous_form=np.array([-1, ZONE], np.int32), previous_host=np.array([-1, 0], np.int32)
    )
    assert stability_cost(problem, 1, form, host) == expected
    assert stability_cost(problem, 0, form, host) == 0.0


@pytest.mark.clause("2.7")
def test_a_village_beyond_its_fifteenth_unit_costs_more() -> None:
    n = 17
    everyone = Arrangement(np.full(n, VILLAGE, np.int32), np.full(n, -1, np.int32))
    found = cost(blank(n), everyone)
    assert found.total == pytest.approx(17 * 0.90 + 2 * 0.30)
    assert found.per_place == {0: pytest.approx(found.total)}


def test_a_whole_arrangement() -> None:
    """Seconded 0.20 + 0.10; zone 0.20 + 0.35 + 0.35; separate 0."""
    form = np.array([SECONDED, ZONE, ZONE, SEPARATE, NONE], np.int32)
    host = np.array([0, 1, 1, 3, -1], np.int32)
    found = cost(blank(5), Arrangement(form, host))
    assert found.total == pytest.approx(0.30 + 0.90)
    assert found.per_organization == {
        (SECONDED, 0): pytest.approx(0.3),
        (ZONE, 1): pytest.approx(0.9),
        (SEPARATE, 3): 0.0,
    }


@pytest.mark.parametrize("form", [ZONE, PARK, INDUSTRY, LEADER])
def test_the_solvers_arrays_are_the_same_function(form: int) -> None:
    problem = made_problem(120, 5)
    rng = np.random.default_rng(1)
    before = rng.choice([-1, ZONE, PARK, VILLAGE], 120).astype(np.int32)
    problem = replace(
        problem, previous_form=before, previous_host=rng.integers(-1, 120, 120).astype(np.int32)
    )
    units = np.arange(1, 120, dtype=np.int32)
    expected = [unit_cost(problem, int(unit), form, 0) for unit in units]
    assert arc_costs(problem, 0, form, units).tolist() == pytest.approx(expected)
