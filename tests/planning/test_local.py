"""A move judged on what it touches only says the same as the whole town judged before and after."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from liangxin.planning.build import build_problem
from liangxin.planning.check import check
from liangxin.planning.cost import cost
from liangxin.planning.forms import ALONE, NAMES, NONE, VILLAGE
from liangxin.planning.local import around, extra_cost, violations_near
from liangxin.planning.problem import Arrangement, Problem
from liangxin.planning.terms import terms


@lru_cache(maxsize=1)
def problem() -> Problem:
    from liangxin.coverage import classify
    from liangxin.policy import load_policy
    from liangxin.sample import make_town

    sample = make_town(60, seed=5)
    return build_problem(
        classify(sample.ledger, load_policy("changle-2011-44", as_of=date(2011, 8, 15))), sample.town
    )


@st.composite
def arrangements(draw: st.DrawFn) -> Arrangement:
    """Any forms and hosts at all, allowed or not."""
    n = problem().n
    forms = draw(st.lists(st.integers(0, len(NAMES) - 1), min_size=n, max_size=n))
    hosts = draw(st.lists(st.integers(0, min(n, 9) - 1), min_size=n, max_size=n))
    for unit, form in enumerate(forms):
        if form in ALONE:
            hosts[unit] = unit
        elif form in (VILLAGE, NONE):
            hosts[unit] = -1
    return Arrangement(np.array(forms, dtype=np.int32), np.array(hosts, dtype=np.int32))


@given(arrangements(), arrangements(), st.integers(1, 4))
def test_the_extra_cost_is_the_difference_of_the_whole(
    before: Arrangement, other: Arrangement, few: int
) -> None:
    """For any few units moved anywhere."""
    after = before.copy()
    after.form[:few], after.host[:few] = other.form[:few], other.host[:few]
    whole = cost(problem(), after).total - cost(problem(), before).total
    assert extra_cost(problem(), before, after) == pytest.approx(whole, abs=1e-9)


@given(arrangements(), arrangements(), st.integers(1, 4))
def test_what_changes_in_the_whole_check_is_found_near(
    before: Arrangement, other: Arrangement, few: int
) -> None:
    """No broken or mended rule of the whole town is missed, none is invented."""
    after = before.copy()
    after.form[:few], after.host[:few] = other.form[:few], other.host[:few]
    near = around(before, after)
    whole = set(check(problem(), after)) ^ set(check(problem(), before))
    local = set(violations_near(problem(), after, near)) ^ set(violations_near(problem(), before, near))
    assert whole == local


@given(arrangements())
def test_the_terms_add_up_to_the_cost(arrangement: Arrangement) -> None:
    """Comparing term by term leaves nothing out."""
    assert sum(terms(problem(), arrangement).values()) == pytest.approx(
        cost(problem(), arrangement).total, abs=1e-9
    )
