"""What a list says of units' organizations becomes operations, or is said by cell; the tree gives the columns back."""

from __future__ import annotations

from datetime import date
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liangxin.structure import Attach, Basis, Record, Release, Transfer, Tree, apply_all
from liangxin.structure.ledger_columns import Derived, Stated, derive_operations, ledger_columns

DAY = date(2011, 8, 15)
TREE = apply_all(
    Tree(),
    [
        Record(on=None, id="T", name="镇党委", type="party_committee", parent=None),
        Record(on=None, id="G", name="片党总支", type="general_branch", parent="T"),
        Record(
            on=None,
            id="J",
            name="联合党支部",
            type="joint_branch",
            parent="G",
            units=("U1", "U2"),
            form="zone",
        ),
        Record(
            on=None, id="S", name="电机厂党支部", type="branch", parent="G", units=("U3",), form="separate"
        ),
        Record(on=None, id="V", name="东村党支部", type="branch", parent="T", area="V1", units=("U4",)),
        Record(on=None, id="L", name="领导小组", type="leading_group", parent="T"),
    ],
)


def derive(*rows: Stated) -> Derived:
    numbers = count(1)
    return derive_operations(
        TREE.on(DAY),
        rows,
        basis=Basis(),
        villages=frozenset({"V1"}),
        records={},
        new_id=lambda: f"N{next(numbers)}",
    )


def said(unit: str, **values: str | None) -> Stated:
    short = {"at": "organization_id", "form": "organization_form", "under": "superior_id"}
    return Stated(unit, {short[name]: value for name, value in values.items()})


def kinds(found: Derived) -> list[str]:
    return [type(each).__name__ for each in found.operations]


@pytest.mark.parametrize(
    ("rows", "operations"),
    [
        ([said("U9", at="J")], ["Attach"]),
        ([said("U9", at="联合党支部", form="zone", under="片党总支")], ["Attach"]),
        ([said("U1", at=None)], ["Release"]),
        ([said("U1", form="none")], ["Release"]),
        ([said("U1", at=None, form="none", under=None)], ["Release"]),
        ([said("U3", form="none")], ["Release", "Dissolve"]),
        ([said("U3", at="J", form="zone")], ["Attach", "Dissolve"]),
        ([said("U3", form="seconded")], ["Adjust"]),
        ([said("U3", under="T")], ["Transfer"]),
        ([said("U1", form="industry"), said("U2", form="industry")], ["Adjust"]),
        ([said("U4", form="village")], []),
        ([said("U9", form="none")], []),
        ([said("U9", form=None)], []),
        (
            [said("U8", at="新厂党支部", form="separate"), said("U9", at="新厂党支部", form="separate")],
            ["Record"],
        ),
    ],
)
def test_what_a_list_says_becomes_operations(rows: list[Stated], operations: list[str]) -> None:
    found = derive(*rows)
    assert (operations, ()) == (kinds(found), found.findings)


@pytest.mark.parametrize(
    ("row", "column", "accepted"),
    [
        (
            said("U9", form="separate"),
            "organization_form",
            "所属党组织，或“未建”",
        ),  # the cell of house.md, finding 1
        (said("U9", under="G"), "superior_id", "空着"),
        (said("U9", at="J", form="none"), "organization_form", None),
        (said("U1", form="separate"), "organization_form", "区域合建"),
        (said("U1", form=None), "organization_form", "区域合建"),
        (said("U1", under="T"), "superior_id", "片党总支"),
        (said("U1", under=None), "superior_id", "片党总支"),
        (said("U3", under="不存在"), "superior_id", "片党总支"),
        (said("U9", at="L"), "organization_id", None),
    ],
)
def test_what_cannot_be_one_is_said_by_cell(row: Stated, column: str, accepted: str | None) -> None:
    found = derive(row)
    ((unit, finding),) = found.findings
    assert (row.unit_id, column) == (unit, finding.column_of)
    assert accepted == (finding.accepted.zh if finding.accepted else None)


def test_a_form_of_one_unit_does_not_change_the_others() -> None:
    """Of two units one says another form: nothing is adjusted, and the sentence says how many there are."""
    found = derive(said("U1", form="industry"))
    assert [] == kinds(found)
    assert "2家单位" in found.findings[0][1].message.zh


places = st.sampled_from([None, "J", "S", "V", "G", "新支部"])
forms = st.sampled_from([None, "none", "zone", "separate", "village"])
above = st.sampled_from([None, "T", "G"])


@settings(max_examples=150)
@given(
    st.dictionaries(
        st.sampled_from(["U1", "U2", "U3", "U4", "U8", "U9"]), st.tuples(places, forms, above), min_size=1
    )
)
def test_the_tree_says_what_was_accepted(rows: dict[str, tuple[str | None, str | None, str | None]]) -> None:
    """Whatever is written: the operations can be done, and a unit without a finding is then as its cells said."""
    found = derive(*(said(unit, at=at, form=form, under=under) for unit, (at, form, under) in rows.items()))
    after = apply_all(TREE, found.operations).on(DAY)
    refused = {unit for unit, _ in found.findings}
    of = after.organization_of()
    for unit, (at, form, under) in rows.items():
        if unit in refused:
            continue
        columns = ledger_columns(after, of.get(unit), frozenset({"V1"}), form)
        name = after.organizations[of[unit]].name if unit in of else None
        assert at in (columns["organization_id"], name)
        assert form is None or form == columns["organization_form"]
        assert under is None or under == columns["superior_id"]


def test_operations_are_dated_today() -> None:
    found = derive(said("U9", at="J"), said("U1", at=None), said("U3", under="T"))
    days = {each.on for each in found.operations}
    assert {DAY} == days
    assert {Attach, Release, Transfer} == {type(each) for each in found.operations}


def test_a_first_list_holds_from_the_first_day() -> None:
    """But not before the organization stood."""
    tree = apply_all(TREE, [Record(on=date(2011, 8, 9), id="N", name="新", type="branch", parent="T")])
    rows = [said("U8", at="J"), said("U9", at="N")]
    found = derive_operations(tree.on(DAY), rows, basis=Basis(), villages=frozenset(), records={},
                              new_id=str, since=date(2011, 8, 1))  # fmt: skip
    assert {"J": date(2011, 8, 1), "N": date(2011, 8, 9)} == {each.to: each.on for each in found.operations}
