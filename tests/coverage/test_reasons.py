"""One sentence for each unit, exact about its numbers, in both languages."""

from __future__ import annotations

import re
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.coverage.ledgers import DAY, FACTS, ledger, notice

from liangxin.coverage import classify
from liangxin.coverage.reasons import conflict_sentences, reason, reasons
from liangxin.policy import load_policy


@given(st.lists(FACTS, min_size=1, max_size=8))
@settings(max_examples=25, deadline=None)
def test_sentences_are_whole(units: list[dict[str, Any]]) -> None:
    """Whatever the facts: never empty, no None or null, no doubled comma, one full stop, no Chinese in the English."""
    for _, zh, en in reasons(classify(ledger(*units), notice())).iter_rows():
        assert zh.endswith("。") and en.endswith(".")
        assert len(zh) > 5 and len(en) > 5
        assert not re.search(r"None|null|nan|，，|；；|；。|，。|^；", zh)
        assert not re.search(r"None|null|nan|, ,|; ;|;\.|[\u3400-\u9fff]", en)


@given(FACTS)
@settings(max_examples=25, deadline=None)
def test_one_reason_is_the_same_as_in_the_frame(facts: dict[str, Any]) -> None:
    """A unit's sentence does not depend on who else is in the ledger."""
    alone = reason(classify(ledger(facts), notice()), "U1")
    among = reasons(classify(ledger(facts, {"staff": 500}, {"staff": None}), notice())).row(0)
    assert ("U1", alone.zh, alone.en) == among


@pytest.mark.clause("3.2", "2.2")
def test_both_languages() -> None:
    """86 staff and 2 full members: asked to stand alone, can be seconded."""
    facts = {"staff": 86, "full_members": 2, "village": None, "area": None}
    said = reason(classify(ledger(facts), notice()), "U1")
    assert said.zh == (
        "正式党员2名，应有组织覆盖（1.1）；从业人员86人，达到80人，应有组织覆盖（1.2）、应单独组建（3.2）；"
        "正式党员2名，不足3名，不能单独组建（2.1），可派员帮建（2.2）。"
    )
    assert said.en == (
        "Full members 2, should be covered by an organization (1.1); staff 86, at least 80, should be covered by an "
        "organization (1.2), should stand alone (3.2); full members 2, below 3, cannot stand alone (2.1), possible: "
        "seconded (2.2)."
    )


def test_revenue_is_written_as_an_office_writes_it() -> None:
    """500 and 499.99, not 500.0."""
    classification = classify(
        ledger({"staff": 60, "revenue": 500.0}, {"staff": 80, "revenue": 499.99}), notice()
    )
    assert "年营业收入500万元，达到500万元" in reason(classification, "U1").zh


def test_another_source_is_cited_by_its_name() -> None:
    """党章第三十条, not the policy's id of that clause; nothing is proposed to a unit whose form is possible."""
    policy = load_policy("example-two-years", as_of=DAY)
    facts = {"full_members": 3, "organization_form": "separate", "organization_id": "O1"}
    said = reason(classify(ledger(facts), policy), "U1").zh
    assert "应单独组建（党章第三十条）" in said
    assert said.endswith("现为单独组建（2.1）。")


def test_unknown_unit_is_a_key_error() -> None:
    """Not an empty sentence."""
    with pytest.raises(KeyError):
        reason(classify(ledger({}), notice()), "U9")


def test_an_empty_cell_in_a_conflict_reads_awaited() -> None:
    """A message whose place is 待核 says so; it never says None."""
    classification = classify(ledger({"staff": 80, "name": None}), notice())
    row = conflict_sentences(classification).row(0, named=True)
    assert ("待核按三（二）应单独组建，但正式党员只有0名，不足3名", "3.2", "error") == (
        row["zh"],
        row["clause"],
        row["severity"],
    )


def test_no_conflict_is_an_empty_table() -> None:
    """The columns are there all the same."""
    table = conflict_sentences(classify(ledger({}), notice()))
    assert (0, ["unit_id", "conflict", "clause", "severity", "zh", "en"]) == (table.height, table.columns)
    assert isinstance(table, pl.DataFrame)
