"""Compiling what is compiled before anybody waits for it: at set-up, or once before the first plan, outside its time limit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from liangxin.planning.forms import ALL_FORMS, MOBILE, ORGANIZED, VILLAGE, bit
from liangxin.planning.problem import Limits, Problem, Weights, links

if TYPE_CHECKING:
    from collections.abc import Callable


def warm_up(tell: Callable[[str, float], None] = lambda stage, share: None) -> bool:
    """Compile, or load from the cache, everything that planning compiles; whether there was anything to do."""
    from liangxin.planning import cores, pricing

    functions = (pricing.price_stars, pricing.bound_arcs, cores.list_cores)
    if all(function.signatures for function in functions):
        return False
    tell("compile", 0.0)
    from liangxin.planning.clock import Clock
    from liangxin.planning.options import PlanOptions
    from liangxin.planning.runs import Run

    run = Run(_four_units(), PlanOptions(gap=0.0), Clock())
    run.lower_cost()
    tell("compile", 1.0)
    return True


def _four_units() -> Problem:
    """Four neighbours with two, one, one and no members: enough to go through every compiled function."""
    t = np.array([2, 1, 1, 0], dtype=np.int32)
    n = len(t)
    zeros = np.zeros(n, dtype=np.int32)
    return Problem(
        unit_ids=tuple(f"{unit}" for unit in range(n)),
        t=t,
        members=t.copy(),
        staff=np.full(n, 10, dtype=np.int32),
        x_km=np.linspace(0.0, 0.3, n),
        y_km=np.zeros(n),
        industry=np.full(n, 3811, dtype=np.int32),
        industry_digits=np.full(n, 4, dtype=np.int32),
        territory=zeros,
        in_park=np.zeros(n, dtype=np.bool_),
        associations=links([[] for _ in range(n)]),
        work_area=zeros,
        place=zeros,
        can_lead=np.zeros(n, dtype=np.bool_),
        chain=links([[] for _ in range(n)]),
        required=t > 0,
        in_base=np.ones(n, dtype=np.bool_),
        covering=np.full(n, bit(*ORGANIZED, VILLAGE), dtype=np.int32),
        counted=np.full(n, bit(*ORGANIZED), dtype=np.int32),
        allowed=np.full(n, ALL_FORMS & ~bit(MOBILE), dtype=np.int32),
        pinned_host=np.full(n, -1, dtype=np.int32),
        previous_form=np.full(n, -1, dtype=np.int32),
        previous_host=np.full(n, -1, dtype=np.int32),
        territory_ids=("",),
        association_ids=(),
        work_area_ids=("",),
        place_ids=("",),
        place_x_km=np.zeros(1),
        place_y_km=np.zeros(1),
        limits=Limits(),
        weights=Weights(
            per_unit=np.array([0.0, 0.1, 0.3, 0.45, 0.25, 0.35, 0.9, 0.0, 0.0]),
            per_organization=np.array([0.0, 0.2, 0.2, 0.2, 0.1, 0.2, 0.0, 0.0, 0.0]),
        ),
        establishment_needed=0,
        work_coverage_share=0.0,
        instructors=0,
        instructor_capacity=25.0,
        stays=np.zeros(n, dtype=np.bool_),
        policy_forms=np.full(n, ALL_FORMS, dtype=np.int32),
    )
