"""Every rule's verdict on one unit."""

from __future__ import annotations

import pytest
from tests.coverage.ledgers import ledger, notice

from liangxin.coverage import classify
from liangxin.coverage.explain import explain, indicator_places

SAID = {
    (verdict.group, verdict.id): verdict
    for verdict in explain(
        classify(ledger({"staff": 60, "revenue": None, "full_members": 2}), notice()), "U1"
    )
}


def test_yes_no_and_not_yet_known() -> None:
    """1.1 holds, 1.2 does not, 1.3 waits for the revenue."""
    assert [True, False, None] == [
        SAID["class", id].says for id in ("has_members", "staff_80", "staff_50_revenue_500")
    ]


def test_because_in_the_units_own_numbers() -> None:
    """What decides, or what is waited for, in both languages."""
    assert SAID["class", "staff_80"].because.zh == "从业人员60人，不足80人"
    assert SAID["class", "staff_80"].because.en == "staff 60, below 80"
    assert SAID["class", "staff_50_revenue_500"].because.zh == "年营业收入待核"
    assert SAID["form", "separate"].because.zh == "正式党员2名，不足3名"


def test_facts_and_clause() -> None:
    """The values that the rule read, and where the rule comes from."""
    verdict = SAID["class", "staff_50_revenue_500"]
    assert verdict.facts == {"kind": "enterprise", "staff": 60, "revenue": None}
    assert verdict.clause is not None and verdict.clause.id == "1.3"


def test_every_rule_is_there() -> None:
    """Scope, classes, forms, unit conflicts, statuses, haves and size lists of the policy, in its order."""
    policy = notice()
    assert [id for group, id in SAID if group == "form"] == list(policy.forms)
    assert [id for group, id in SAID if group == "class"] == [rule.id for rule in policy.classes]
    assert {group for group, _ in SAID} == {"scope", "class", "form", "conflict", "status", "have", "list"}


def test_indicator_places() -> None:
    """Where the unit stands in each indicator; outside is an empty tuple."""
    places = {
        place.id: place.parts for place in indicator_places(classify(ledger({"staff": 80}), notice()), "U1")
    }
    assert (places["1.1"], places["1.2"]) == ((), ("denominator", "missing"))


def test_unknown_unit() -> None:
    """KeyError, so that the command can suggest the nearest."""
    with pytest.raises(KeyError):
        explain(classify(ledger({}), notice()), "U9")


def test_names_where_the_ledger_holds_ids() -> None:
    """The sentence names park and associations; the verdict and the facts are those of the ids."""
    classified = classify(
        ledger({"staff": 60, "full_members": 1, "park": "P1", "association": ["S1", "S9"]}), notice()
    )
    plain = {each.id: each for each in explain(classified, "U1", ("form",))}
    named = {
        each.id: each
        for each in explain(classified, "U1", ("form",), called={"P1": "东片", "S1": "电机协会"})
    }
    assert ("园区：P1", "园区：东片") == tuple(
        each["park"].because.zh.split("，")[-1] for each in (plain, named)
    )
    assert "电机协会" in named["industry"].because.zh and "S9" in named["industry"].because.zh
    assert [(each.says, each.facts) for each in plain.values()] == [
        (each.says, each.facts) for each in named.values()
    ]
