"""Rates, their ranges over 待核, and the lists behind every number."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.coverage.ledgers import FACTS, ledger, notice

from liangxin.coverage import PARTS, classify, count, listing
from liangxin.coverage.tally import indicator_of
from liangxin.policy.model import Policy


@given(st.lists(FACTS, max_size=6))
@settings(max_examples=25, deadline=None)
def test_every_number_is_the_length_of_its_list(units: list[dict[str, Any]]) -> None:
    """Numerator, denominator and 待核 of every indicator equal the number of units listed behind them."""
    classification = classify(ledger(*units), notice())
    rates = count(classification)
    shown = {
        id: (rate.numerator, rate.denominator, rate.unknown)
        for id, rate in rates.items()
        if id != "units_per_joint"
    }
    listed = {
        id: tuple(
            listing(classification, id, part).height for part in ("numerator", "denominator", "unknown")
        )
        for id in shown
    }
    assert listed == shown


@given(st.lists(FACTS, max_size=6))
@settings(max_examples=25, deadline=None)
def test_the_denominator_is_the_sum_of_its_parts(units: list[dict[str, Any]]) -> None:
    """Numerator + missing + those of the denominator whose numerator is 待核 = denominator."""
    classification = classify(ledger(*units), notice())
    for indicator in classification.policy.indicators:
        ids = {part: set(listing(classification, indicator.id, part)["unit_id"]) for part in PARTS}
        open_ = (ids["denominator"] & ids["unknown"]) - ids["numerator"] - ids["missing"]
        assert not ids["numerator"] & ids["missing"]
        assert ids["numerator"] | ids["missing"] | open_ == ids["denominator"]


OPEN = {
    "staff": [79, 80],
    "full_members": [0, 1, 2, 3],
    "probationary_members": [0, 1],
    "organization_form": ["none", "separate", "park", "village"],
    "state": ["operating", "deregistered"],
}
SMALL = st.fixed_dictionaries({name: st.sampled_from([None, *values]) for name, values in OPEN.items()})


def completions(unit: dict[str, Any]) -> list[dict[str, Any]]:
    """The unit with its empty cells filled in, in every way."""
    choices = [OPEN[name] if value is None else [value] for name, value in unit.items()]
    return [dict(zip(unit, way, strict=True)) for way in product(*choices)]


def places_reached(unit: dict[str, Any], policy: Policy) -> dict[str, set[str]]:
    """Per indicator where the unit stands once its facts are known, over all ways of knowing them."""
    known = classify(ledger(*completions(unit)), policy)
    everybody = set(known.frame["unit_id"])
    reached: dict[str, set[str]] = {}
    for indicator in policy.indicators:
        base = set(listing(known, indicator.id, "denominator")["unit_id"])
        met = set(listing(known, indicator.id, "numerator")["unit_id"])
        places = {"out": everybody - base, "miss": base - met, "meet": met}
        reached[indicator.id] = {place for place, units in places.items() if units}
    return reached


@given(st.lists(SMALL, min_size=1, max_size=3), st.booleans())
@settings(max_examples=15, deadline=None)
def test_the_range_is_exactly_what_settling_every_fact_gives(
    units: list[dict[str, Any]], count_without_members: bool
) -> None:
    """Filling in every empty cell in every way, the rate reaches low and high and never passes them."""
    notice_ = notice()
    indicators = tuple(
        replace(indicator_of(notice_, id), count_without_members=count_without_members)
        for id in ("1.1", "1.2", "1.4", "due_rate")
    )
    policy = replace(notice_, indicators=indicators)
    reached = [places_reached(unit, policy) for unit in units]
    for id, rate in count(classify(ledger(*units), policy)).items():
        rates = set()
        for way in product(*(sorted(places[id]) for places in reached)):
            base = sum(place != "out" for place in way)
            if base:
                rates.add(way.count("meet") / base)
        assert (rate.low, rate.high) == ((min(rates), max(rates)) if rates else (None, None))


@pytest.mark.clause("1.1", "1.4")
def test_counting_as_if_a_plan_were_carried_out() -> None:
    """Units that the plan names take its form; the others stay as they are; members do not change."""
    classification = classify(
        ledger({"full_members": 1, "park": "P1"}, {"full_members": 2, "park": "P1"}, {"full_members": 1}, {}),
        notice(),
    )
    plan = pl.DataFrame({"unit_id": ["U1", "U2"], "form": ["park", "park"], "organization_id": ["N1", "N1"]})
    before, after = count(classification), count(classification, plan)
    assert (before["1.1"].numerator, before["1.1"].denominator) == (0, 3)
    assert (after["1.1"].numerator, after["1.1"].denominator) == (2, 3)
    assert (after["1.4"].numerator, after["1.4"].denominator) == (2, 4)
    assert ["U1", "U2"] == listing(classification, "1.1", "numerator", plan)["unit_id"].to_list()


@pytest.mark.clause("1.5")
def test_work_coverage_of_a_plan() -> None:
    """Who is work-covered by the plan's instructors counts in 1.5 once the plan is carried out."""
    classification = classify(ledger({}, {}, {}), notice())
    plan = pl.DataFrame({"unit_id": ["U1", "U2"], "form": ["none", "none"], "work_covered": [True, False]})
    rate = count(classification, plan)["1.5"]
    assert (rate.numerator, rate.denominator, rate.unknown) == (1, 3, 1)


def test_a_plan_that_does_not_fit_the_ledger_is_refused() -> None:
    """A unit named twice, a stranger, a form that does not exist."""
    classification = classify(ledger({}), notice())
    for units, forms in ((["U1", "U1"], ["park", "none"]), (["U9"], ["none"]), (["U1"], ["parc"])):
        with pytest.raises(ValueError):
            count(classification, pl.DataFrame({"unit_id": units, "form": forms}))


def test_units_per_joint_organization() -> None:
    """平均覆盖户数: three units in two joint branches are 1.5 each."""
    joint = {"organization_form": "park", "full_members": 1}
    units = [{**joint, "organization_id": id} for id in ("O1", "O1", "O2")]
    rate = count(classify(ledger(*units, {}), notice()))["units_per_joint"]
    assert (rate.numerator, rate.denominator, rate.value) == (3, 2, 1.5)


def test_awaited_names_the_facts_that_would_settle_it() -> None:
    """The unknown list says which empty cells to fill: the form for 1.4, the state because the base waits for it."""
    classification = classify(
        ledger({"organization_form": None, "revenue": None}, {"state": None, "mobile_members": None}),
        notice(),
    )
    awaited = listing(classification, "1.4", "unknown")["awaited"].to_list()
    assert awaited == [["organization_form"], ["state"]]


def test_unknown_indicator_or_part() -> None:
    """KeyError and ValueError, not an empty list."""
    classification = classify(ledger({}), notice())
    with pytest.raises(KeyError):
        listing(classification, "9.9", "missing")
    with pytest.raises(ValueError):
        listing(classification, "1.1", "rest")  # type: ignore[arg-type]


def test_an_empty_ledger_has_rates_without_value() -> None:
    """No unit at all: every rate is a dash and nothing fails."""
    assert {None} == {rate.value for rate in count(classify(ledger(), notice())).values()}
