"""Who moves when the rule changes."""

from __future__ import annotations

from datetime import date

from tests.coverage.ledgers import ledger, notice

from liangxin.coverage.movement import ASPECTS, movement
from liangxin.policy import load_policy


def test_nobody_moves_between_a_policy_and_itself() -> None:
    """Every aspect is counted, with zero."""
    moved = movement(ledger({"staff": 90}, {"state": None}), notice(), notice())
    assert moved.counts() == dict.fromkeys(ASPECTS, 0)


def test_a_rule_that_changes_by_date() -> None:
    """From November 2012 no secretary candidate is a conflict: the one unit it touches is listed, before and after."""
    units = ledger({"full_members": 3, "secretary_candidate": False}, {"full_members": 3})
    moved = movement(units, notice(date(2011, 8, 15)), notice(date(2012, 11, 1)))
    assert moved.counts() == {**dict.fromkeys(ASPECTS, 0), "conflicts": 1}
    assert [("U1", "第1厂", "conflicts", None, "no_secretary_candidate")] == moved.moves.rows()


def test_rates_of_indicators_that_only_one_policy_has() -> None:
    """None on the side where the indicator does not exist."""
    other = load_policy("example-two-years", as_of=date(2011, 8, 15))
    rates = movement(ledger({}), notice(), other).rates
    assert rates["1.1"][0] is not None and rates["1.1"][1] is None
    only_new = [id for id, (old, _) in rates.items() if old is None]
    assert only_new == [
        item.id for item in other.indicators if item.id not in {i.id for i in notice().indicators}
    ]
