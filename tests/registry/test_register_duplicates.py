"""Rows that are the same unit: which stays, which goes, and why."""

from __future__ import annotations

from liangxin.registry.codes import ALPHABET, check_character, organization_check_character
from liangxin.registry.register_duplicates import find_duplicates
from liangxin.registry.register_rows import RegisterRow


def credit_code(number: int, prefix: str = "91") -> str:
    """A made-up code that passes every check of GB 32100; no unit has an organization code of seven zeros."""
    body = f"{prefix}330000{number:08d}"
    body += organization_check_character(body[8:])
    return body + check_character(body)


def row(number: int, **cells: str) -> RegisterRow:
    return RegisterRow(number, cells, tuple(cells.values()))


def test_the_same_row_again() -> None:
    """The first stays."""
    cells = {"name": "某市甲电器厂", "code": credit_code(1), "address": "柳溪镇"}
    found = find_duplicates([row(2, **cells), row(3, **cells)])
    assert {position: (item.how, item.same_as.number) for position, item in found.items()} == {
        1: ("same_row", 2)
    }


def test_the_same_code_under_two_names_says_what_differs() -> None:
    found = find_duplicates(
        [row(2, name="某市甲厂", code=credit_code(1)), row(3, name="某市甲有限公司", code=credit_code(1))]
    )
    assert found[1].how == "same_code"
    assert found[1].differs == ("name",)
    assert "第2行" in found[1].reason().zh


def test_an_organization_whose_credit_code_changed_is_the_same() -> None:
    """Places 9 to 17 stay when 92 becomes 91; a 9-character code from before 2015 is those nine."""
    new, old = credit_code(1, "91"), credit_code(1, "92")
    found = find_duplicates(
        [row(2, name="甲厂", code=old), row(3, name="甲公司", code=new), row(4, name="甲", code=new[8:17])]
    )
    assert sorted(found) == [1, 2]


def test_the_same_name_and_address_without_codes() -> None:
    found = find_duplicates(
        [
            row(2, name="某市甲电器厂", address="某市柳溪镇上杨村1号"),
            row(3, name="某市甲 电器厂", address="某市柳溪镇上杨村１号（变）"),
            row(4, name="某市甲电器厂", address="某市柳溪镇石桥村"),
        ]
    )
    assert {position: item.how for position, item in found.items()} == {1: "same_name_and_address"}


def test_rows_without_code_or_address_are_never_taken_as_one() -> None:
    rows = [row(2, name="某市甲厂", code="N/A", address="N/A"), row(3, name="某市甲厂", code="", address="")]
    assert find_duplicates(rows) == {}


def test_the_row_with_the_good_code_stays() -> None:
    bad = credit_code(1)[:-1] + next(c for c in ALPHABET if c != credit_code(1)[-1])
    rows = [
        row(2, name="甲厂", code=bad, address="柳溪镇1号"),
        row(3, name="甲厂", code=credit_code(1), address="柳溪镇1号"),
    ]
    found = find_duplicates(rows)
    assert {position: item.same_as.number for position, item in found.items()} == {0: 3}


def test_the_row_that_is_still_registered_stays() -> None:
    rows = [
        row(2, name="甲厂", code=credit_code(1), state="注销"),
        row(3, name="甲厂", code=credit_code(1), state="存续"),
    ]
    assert {position: item.same_as.number for position, item in find_duplicates(rows).items()} == {0: 3}


def test_sameness_is_followed_through() -> None:
    """The third has the code of the first and the name and address of the second: one unit, two duplicates."""
    rows = [
        row(2, name="甲厂", code=credit_code(1)),
        row(3, name="乙厂", address="柳溪镇5号"),
        row(4, name="乙厂", code=credit_code(1), address="柳溪镇5号"),
    ]
    assert sorted(find_duplicates(rows)) == [1, 2]
