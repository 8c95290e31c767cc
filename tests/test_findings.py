"""Where a finding stands, in words: a file's column, a form's field."""

from __future__ import annotations

import pytest

from liangxin.findings import Finding, Place
from liangxin.wording import Text

BAD = Text("不是数字", "not a number")


@pytest.mark.parametrize(
    ("place", "zh", "en"),
    [
        (Place(sheet="台账", row=3, column="从业人数"), "工作表“台账” 第3行 “从业人数”列：不是数字", 'sheet "台账" row 3 column "从业人数": not a number'),
        (Place(field=Text("从业人数", "Staff")), "“从业人数”栏：不是数字", 'field "Staff": not a number'),
        (Place(subject="长乐电机厂", field=Text("从业人数", "Staff")), "长乐电机厂 “从业人数”栏：不是数字", '长乐电机厂 field "Staff": not a number'),
        (Place(subject="长乐电机厂"), "长乐电机厂：不是数字", "长乐电机厂: not a number"),
        (Place(), "不是数字", "not a number"),
    ],
)  # fmt: skip
def test_where_it_stands(place: Place, zh: str, en: str) -> None:
    """A file's header is quoted as the user wrote it; a form's label is said in the reader's language."""
    finding = Finding("not_a_number", BAD, place)
    assert (zh, en) == (finding.sentence("zh"), finding.sentence("en"))
