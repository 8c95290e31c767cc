"""The rosters of clause 4.1, the split-off list and who left the base."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.coverage.ledgers import FACTS, ledger, notice

from liangxin.coverage import classify, count
from liangxin.coverage.rosters import (
    base_effect,
    left_base,
    left_since,
    members_without_organization,
    should_but_not_yet,
    size_lists,
    split_off,
)


def ids(frame: pl.DataFrame) -> list[str]:
    return frame["unit_id"].to_list()


@pytest.mark.clause("4.1")
def test_one_measure_for_each_unit_with_members_and_no_organization() -> None:
    """一企一策: by the form that is possible there, with the unit's own park; what is 待核 comes first."""
    roster = members_without_organization(
        classify(
            ledger(
                {"full_members": 3},
                {"full_members": 2, "staff": 60},
                {"full_members": 1, "park": "东片", "area": None},
                {"full_members": None, "probationary_members": 1, "staff": None},
                {"full_members": 1, "organization_form": "park"},
                {"full_members": 0},
                {"full_members": 1, "organization_form": None},
            ),
            notice(),
        )
    )
    assert dict(zip(ids(roster), roster["measure_zh"], strict=True)) == {
        "U1": "指导单位准备请示，报批后选举，单独组建（2.1）。",
        "U2": "选派党建工作指导员1名，转入组织关系后单独组建（2.2）。",
        "U3": "在东片内与相近企业联合组建（2.3）。",
        "U4": "先查清从业人数、正式党员数，党员编入就近党组织过组织生活，培养发展党员，条件具备时组建（4.4）。",
    }
    assert roster["measure_en"][2] == "found a joint organization within 东片 (2.3)."


@pytest.mark.clause("1.1", "1.2", "4.1")
def test_should_but_not_yet() -> None:
    """Required or three full members, and certainly no organization; 待核 is not on the roster."""
    units = [
        {"full_members": 3},
        {"staff": 80},
        {"staff": 79},
        {"staff": None},
        {"staff": 80, "organization_form": None},
    ]
    units.append({"staff": 80, "organization_form": "park"})
    units.append({"kind": "social_group", "full_members": 3})
    assert ["U1", "U2", "U7"] == ids(should_but_not_yet(classify(ledger(*units), notice())))


@pytest.mark.clause("2.1")
def test_split_off() -> None:
    """Three full members inside a joint organization; two, or not yet known, are not on the list."""
    joint = {"organization_form": "zone", "organization_id": "O1"}
    units = [{**joint, "full_members": 3}, {**joint, "full_members": 2}, {**joint, "full_members": None}]
    assert ["U1"] == ids(split_off(classify(ledger(*units, {"full_members": 3}), notice())))


@pytest.mark.clause("4.1")
@given(st.lists(FACTS, max_size=8))
@settings(max_examples=25, deadline=None)
def test_size_lists_lose_nobody(units: list[dict[str, Any]]) -> None:
    """Every unit of the base is on exactly one list, those of unknown size on their own."""
    classification = classify(ledger(*units), notice())
    listed = [id for rows in size_lists(classification).values() for id in ids(rows)]
    assert sorted(listed) == sorted(ids(classification.frame.filter("in_scope")))


@pytest.mark.clause("1.4")
def test_who_left_the_base_and_what_it_does_to_the_rate() -> None:
    """One of four closed: 1/4 becomes 1/3, and the list says why."""
    classification = classify(
        ledger({"organization_form": "separate", "full_members": 3}, {}, {}, {"state": "deregistered"}),
        notice(),
    )
    left = left_base(classification)
    assert [("U4", "已注销", "deregistered", "4.1")] == left.select(
        "unit_id", "why_zh", "why_en", "clause"
    ).rows()
    whole, now = base_effect(classification)["1.4"]
    assert ((1, 4), (1, 3)) == ((whole.numerator, whole.denominator), (now.numerator, now.denominator))
    assert now == count(classification)["1.4"]


def test_who_left_since_an_earlier_roster() -> None:
    """Closed since, and no longer in the ledger at all; who was outside before has not left."""
    before = classify(ledger({}, {}, {}, {"state": "shell"}), notice())
    after = classify(ledger({}, {"state": "moved_out"}), notice())
    assert [("U2", "moved_out"), ("U3", None)] == left_since(before, after).select(
        "unit_id", "left_out"
    ).rows()
