"""Which empty fields keep a rule undecided."""

from __future__ import annotations

from typing import Any

import pytest
from tests.coverage.ledgers import DAY, ledger

from liangxin.coverage.awaiting import awaited_fields
from liangxin.policy.checking import Scope
from liangxin.policy.expression import compiled
from liangxin.policy.names import Subject


@pytest.mark.parametrize(
    ("rule", "facts", "expected"),
    [
        ("staff >= 80", {"staff": None}, ["staff"]),
        ("staff >= 80 and revenue >= 500", {"staff": None, "revenue": 100.0}, []),
        ("staff >= 80 or revenue >= 500", {"staff": None, "revenue": 600.0}, []),
        ('(kind == "social_group" and full_time_staff >= 1) or staff >= 80', {"staff": None}, ["staff"]),
        ("full_members + probationary_members >= 3", {"probationary_members": None}, ["probationary_members"]),
        ("if union then staff >= 80 else revenue >= 500", {"union": True, "staff": None, "revenue": None}, ["staff"]),
        ("if union then staff >= 80 else revenue >= 500", {"staff": None}, ["union"]),
        ("park is known", {}, []),
        ("known_part(full_members) >= 3", {"full_members": None}, []),
        ("not (staff >= 80)", {"staff": None}, ["staff"]),
    ],
)  # fmt: skip
def test_awaited(rule: str, facts: dict[str, Any], expected: list[str]) -> None:
    """Only fields on a path of undecided parts are waited for."""
    checked = compiled(rule, Scope(Subject.UNIT, DAY))
    frame = ledger(facts)
    waits = awaited_fields(checked)
    assert expected == [name for name, wait in waits.items() if frame.select(wait.alias("w"))["w"][0]]
