"""Over a frame an expression means what the reference evaluator says, with three truth values."""

from __future__ import annotations

import math
from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.policy.expression_reference import AS_OF, ROWS, Drawn, Row, conditions, numbers

from liangxin.policy.checking import Scope
from liangxin.policy.expression import compiled
from liangxin.policy.names import ORGANIZATION_NAMES, Subject, ValueType
from liangxin.registry.fields import ledger_schema

UNIT = Scope(Subject.UNIT, AS_OF)


def run(source: str, rows: list[dict[str, Any]], scope: Scope = UNIT) -> list[Any]:
    """The expression over a ledger frame of these rows; a fact not given is 待核."""
    schema = ledger_schema()
    frame = pl.DataFrame({name: [row.get(name) for row in rows] for name in schema}, schema=schema)
    return frame.with_columns(result=compiled(source, scope).polars())["result"].to_list()


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(conditions(3), st.lists(ROWS, min_size=1, max_size=6))
def test_a_condition_means_the_same_as_in_the_reference(drawn: Drawn, rows: list[Row]) -> None:
    """Kleene's logic, comparison, lists and dates on random expressions and rows."""
    assert [drawn.value(row) for row in rows] == run(drawn.text, [dict(row) for row in rows])


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(numbers(3), st.lists(ROWS, min_size=1, max_size=6))
def test_a_number_means_the_same_as_in_the_reference(drawn: Drawn, rows: list[Row]) -> None:
    """Arithmetic: unknown in, unknown out; division by zero is unknown. The engine may round the last bit otherwise."""
    expected = [drawn.value(row) for row in rows]
    for wanted, got in zip(expected, run(drawn.text, [dict(row) for row in rows]), strict=True):
        if wanted is None or got is None:
            assert wanted is got
        else:
            assert math.isclose(wanted, got, rel_tol=1e-12, abs_tol=1e-12)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(conditions(3), st.lists(ROWS, min_size=2, max_size=6))
def test_one_row_alone_is_the_same_as_in_a_town(drawn: Drawn, rows: list[Row]) -> None:
    """The rule on one unit that someone is typing is the rule on the whole ledger."""
    plain = [dict(row) for row in rows]
    assert run(drawn.text, plain) == [run(drawn.text, [row])[0] for row in plain]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(conditions(3), ROWS)
def test_the_fields_are_all_that_the_result_depends_on(drawn: Drawn, row: Row) -> None:
    """Blanking every other field changes nothing."""
    expression = compiled(drawn.text, UNIT)
    needed = {name: value for name, value in row.items() if name in expression.fields}
    assert run(drawn.text, [dict(row)]) == run(drawn.text, [needed])


@pytest.mark.parametrize(
    ("source", "row", "expected"),
    [
        ("full_members >= 1 or probationary_members >= 1", {"full_members": 2}, True),
        ("full_members >= 1 or probationary_members >= 1", {"full_members": 0}, None),
        ("full_members >= 1 or probationary_members >= 1", {"probationary_members": 1}, True),
        ("full_members >= 1 or probationary_members >= 1", {"probationary_members": 0}, None),
        ("full_members + probationary_members", {"full_members": 2}, None),
        ("known_part(full_members) + known_part(probationary_members)", {"full_members": 2}, 2),
        ("staff >= 50 and staff < 80 and revenue >= 500", {"staff": 85}, False),
        ("staff >= 50 and staff < 80 and revenue >= 500", {"staff": 60}, None),
        ("staff / full_members", {"staff": 80, "full_members": 0}, None),
        ("association is known", {"association": []}, False),
        ('association contains "S1"', {"association": ["S2", "S1"]}, True),
        ("not union or staff > 1", {"staff": 3}, True),
        ("1 + 2 * 3 - 4 / 2 == 5", {}, True),
        ("not union and conditions_mature", {"union": True}, False),
        ("union or conditions_mature and union", {"union": True}, True),
        ("-staff < 0 and not staff between 1 and 2", {"staff": 3}, True),
        ("if union then 1 else 2", {}, None),
    ],
)
def test_cases(source: str, row: dict[str, Any], expected: Any) -> None:
    """Unknown facts, precedence and edges, one line each."""
    assert [expected] == run(source, [row])


@pytest.mark.parametrize(
    ("start", "months", "expected"),
    [
        (date(2011, 1, 31), 1, date(2011, 2, 28)),
        (date(2012, 1, 31), 1, date(2012, 2, 29)),
        (date(2011, 8, 9), 36, date(2014, 8, 9)),
        (date(2011, 3, 31), -1, date(2011, 2, 28)),
    ],
)
def test_months_end_at_the_last_day_of_the_month(start: date, months: int, expected: date) -> None:
    """A month after 31 January is the last day of February."""
    source = f"add_months(surveyed_on, {months})"
    assert [expected] == run(source, [{"surveyed_on": start}])


def test_days_are_added_and_counted() -> None:
    """Days between two dates, and a day so many days later."""
    row = {"surveyed_on": date(2011, 8, 1)}
    assert [14] == run("days_between(surveyed_on, as_of)", [row])
    assert [date(2011, 8, 31)] == run("add_days(surveyed_on, 30)", [row])


def test_a_switch_that_is_off_asks_for_no_facts() -> None:
    """With mobile members not counted, an unknown number of them does not matter."""
    scope = Scope(Subject.UNIT, AS_OF, {"count_mobile": False})
    source = "if count_mobile then full_members + mobile_members else full_members"
    assert frozenset({"full_members"}) == compiled(source, scope).fields
    assert [3] == run(source, [{"full_members": 3}], scope)


def test_an_organization_rule_reads_organization_columns() -> None:
    """The names of an organization are columns of its own frame."""
    rule = compiled('org_type == "joint_branch" and org_full_members < 3', Scope(Subject.ORGANIZATION, AS_OF))
    frame = pl.DataFrame(
        {"org_type": ["joint_branch", "joint_branch", "branch"], "org_full_members": [2, None, 2]}
    )
    assert [True, None, False] == frame.select(rule.polars()).to_series().to_list()
    assert ValueType.CONDITION is rule.type
    assert rule.fields <= set(ORGANIZATION_NAMES)
