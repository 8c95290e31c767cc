"""Operations of the tree survive the way through JSON."""

from __future__ import annotations

import json
from datetime import date

import pytest

from liangxin.files.operations_json import operation_from_json, operation_to_json
from liangxin.findings import InputError
from liangxin.structure import (
    Annul,
    Attach,
    Basis,
    Dissolve,
    Found,
    Merge,
    Operation,
    Record,
    SplitOff,
    Transfer,
    Upgrade,
)
from liangxin.wording import Text

DAY = date(2011, 8, 20)
BASIS = Basis("2.1", "长委〔2011〕45号", Text("已具备单独组建条件", "now qualifies"))
EACH: list[Operation] = [
    Record(on=None, id="T", name="中共长乐镇委员会", type="party_committee", parent=None),
    Found(
        on=DAY,
        id="B",
        name="支部",
        type="branch",
        parent="T",
        units=("U1", "U2"),
        graduates=("U3",),
        form="park",
        basis=BASIS,
    ),
    Attach(on=DAY, units=("U1",), to="B", graduates=True),
    SplitOff(on=DAY, units=("U1",), id="C", name="新支部", basis=BASIS),
    Upgrade(on=DAY, organization="B", type="general_branch"),
    Merge(on=DAY, organizations=("B", "C"), into="D"),
    Dissolve(on=DAY, organization="B", heir="D"),
    Transfer(on=DAY, organization="B", parent=None, axis="line"),
    Annul(on=DAY, entry=7),
]


@pytest.mark.parametrize("operation", EACH, ids=lambda operation: type(operation).__name__)
def test_round_trip(operation: Operation) -> None:
    """What is written is what is read."""
    assert operation == operation_from_json(json.loads(json.dumps(operation_to_json(operation))))


def test_unknown_kind_names_the_known_ones() -> None:
    """A kind that does not exist is refused with the list of those that do."""
    with pytest.raises(InputError) as refused:
        operation_from_json({"kind": "Abolish"})
    assert "Dissolve" in refused.value.findings[0].sentence("zh")


def test_missing_and_unknown_keys_are_named_at_once() -> None:
    """Both what is too much and what is missing is said."""
    with pytest.raises(InputError) as refused:
        operation_from_json({"kind": "Upgrade", "on": "2011-08-20", "rank": 3})
    assert "多了 rank，少了 organization、type" in refused.value.findings[0].message.zh
