"""An expression in words, as reasons and explanations show it."""

from __future__ import annotations

from datetime import date

import pytest

from liangxin.policy.checking import Scope
from liangxin.policy.expression import compiled
from liangxin.policy.names import Subject

UNIT = Scope(Subject.UNIT, date(2011, 8, 15), {"staff_large": 80})


@pytest.mark.parametrize(
    ("source", "zh", "en"),
    [
        ("staff >= staff_large", "从业人数 ≥ 80", "Staff ≥ 80"),
        ('kind == "household"', "单位类别为个体工商户", "Kind is self-employed business"),
        ('state != "shell"', "经营状况不是空壳", "State is not shell"),
        ('not ownership in ["state", "collective"]', "经济类型不是国有、集体", "Ownership is not state-owned or collective"),
        ("not (staff >= 80)", "从业人数 < 80", "Staff < 80"),
        ("conditions_mature == false", "条件是否成熟：否", "Conditions mature: no"),
        ("not union", "没有工会", "not Trade union"),
        ("park is unknown", "园区未填", "Park is not filled in"),
        ("(staff > 1 or union) and revenue < 500.5", "（从业人数 > 1 或 工会） 且 年营业收入 < 500.5", "(Staff > 1 or Trade union) and Annual revenue < 500.5"),
        ("surveyed_on <= as_of", "摸底日期 ≤ 2011年8月15日", "Surveyed on ≤ 2011-08-15"),
        ("(staff + 1) * 2 > 3", "（从业人数 + 1） * 2 > 3", "(Staff + 1) * 2 > 3"),
        ("staff between 50 and 79", "从业人数在 50 到 79 之间", "Staff is between 50 and 79"),
    ],
)  # fmt: skip
def test_words(source: str, zh: str, en: str) -> None:
    """Labels for names, words for values, the day's number for a parameter."""
    said = compiled(source, UNIT).words()
    assert (zh, en) == (said.zh, said.en)
