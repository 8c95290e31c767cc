"""Two made-up policies, written with no code, differ from the notice where other notices do."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from liangxin.policy import check_policy, load_policy
from liangxin.policy.model import Expression
from liangxin.registry.fields import ledger_schema


def verdict(expression: Expression, **facts: Any) -> Any:
    schema = ledger_schema()
    frame = pl.DataFrame({name: [facts.get(name)] for name in schema}, schema=schema)
    return frame.with_columns(verdict=expression.polars())["verdict"][0]


def test_two_years() -> None:
    """Thresholds 50 and 100, six clears, ten units, all four haves, a report every half month."""
    policy = load_policy("example-two-years", as_of=date(2021, 6, 1))
    assert (50.0, 100.0) == (policy.parameter("staff_medium"), policy.parameter("staff_large"))
    assert 6 == len(policy.clears)
    assert 10.0 == policy.forms["zone"].limits["max_units"]
    assert "all" == policy.haves.need
    assert 4 == len(policy.haves.items)
    assert 15.0 == policy.parameter("report_every_days")


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"staff": 10, "state": "operating", "park": "P1"}, True),
        ({"staff": 9, "state": "operating", "park": "P1"}, False),
        ({"staff": 10, "state": "suspended", "park": "P1"}, False),
        ({"staff": 10, "state": "operating"}, False),
    ],
)
def test_three_haves(facts: dict[str, Any], expected: bool) -> None:
    """ "三有": a fixed place, ten staff, operating."""
    policy = load_policy("example-two-years", as_of=date(2021, 6, 1))
    assert expected is verdict(policy.definitions["three_haves"].expression, kind="enterprise", **facts)


def test_hundred_days() -> None:
    """Several deadlines in one notice, four clears, no cap on units."""
    policy = load_policy("example-hundred-days", as_of=date(2020, 5, 1))
    assert [date(2020, 7, 9), date(2020, 5, 31), date(2020, 7, 9)] == [item.due for item in policy.indicators]
    assert 4 == len(policy.clears)
    assert 999.0 == policy.forms["park"].limits["max_units"]


@pytest.mark.parametrize(
    ("staff", "revenue", "expected"),
    [(99, 1999.0, False), (100, None, True), (99, 2000.0, True), (99, None, None)],
)
def test_a_rule_in_chinese_words(staff: int, revenue: float | None, expected: bool | None) -> None:
    """20 million yuan or 100 staff, written as 单位类别 = “企业” 且 ..."""
    policy = load_policy("example-hundred-days", as_of=date(2020, 5, 1))
    (rule,) = (rule for rule in policy.classes if rule.id == "above_top")
    assert expected is verdict(rule.when, kind="enterprise", staff=staff, revenue=revenue)


@pytest.mark.parametrize("id", ["example-two-years", "example-hundred-days"])
def test_what_an_example_does_not_say_is_the_notice_s(id: str) -> None:
    """Forms, statuses and weights are those it is based on."""
    example = load_policy(id, as_of=date(2021, 6, 1))
    notice = load_policy("changle-2011-44", as_of=date(2021, 6, 1))
    assert (notice.statuses, notice.planning) == (example.statuses, example.planning)
    assert set(notice.forms) == set(example.forms)


def test_the_policy_of_the_help_page_is_right(tmp_path: Path) -> None:
    """What docs/policy.md shows passes the check."""
    page = (Path(__file__).parents[2] / "docs" / "policy.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    path = tmp_path / "my-county.yaml"
    path.write_text(example, encoding="utf-8")
    assert () == check_policy(path)
