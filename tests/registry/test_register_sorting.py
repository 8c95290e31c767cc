"""A register becomes a ledger: one outcome a row, each with its reason, and nothing lost."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liangxin.registry.codes import check_character, organization_check_character
from liangxin.registry.fields import FIELDS
from liangxin.registry.register_rows import COLUMNS, Outcome, RegisterRow, SortedRow
from liangxin.registry.register_sorting import sort_register
from liangxin.registry.town import Area, Town

TOWN = Town(
    "柳溪镇",
    "990000101",
    (
        Area("A1", "第一工作片", "work_area"),
        Area("V1", "上杨村", "village", "A1"),
        Area("P1", "工业园区", "park", "A1"),
    ),
)


def credit_code(number: int, prefix: str = "91") -> str:
    body = f"{prefix}330000{number:08d}"
    body += organization_check_character(body[8:])
    return body + check_character(body)


def row(number: int = 2, **cells: str) -> RegisterRow:
    filled = {
        "name": "某市甲电器厂",
        "code": credit_code(number),
        "address": "柳县柳溪镇上杨村",
        "type": "N/A",
    } | cells
    return RegisterRow(number, filled, tuple(filled.values()))


def only(**cells: str) -> SortedRow:
    (found,) = sort_register([row(**cells)], TOWN).rows  # type: ignore[arg-type]
    return found


@pytest.mark.clause("4.1")
def test_a_private_firm_of_the_town_is_placed_and_all_else_is_not_yet_known() -> None:
    """八清: what the register makes certain is filled in; staff, members and organization wait for the survey."""
    found = only(
        type="个人独资企业", scope="生产、销售：油烟机。", capital="50万人民币", founded_on="1998-07-01"
    )
    assert found.outcome is Outcome.PLACED
    assert found.facts == {
        "unit_id": credit_code(2)[8:17],
        "uscc": credit_code(2),
        "name": "某市甲电器厂",
        "kind": "enterprise",
        "ownership": "private",
        "area": "A1",
        "village": "V1",
    }


@pytest.mark.clause("4.1")
@pytest.mark.parametrize(
    ("cells", "outcome", "reason"),
    [
        ({}, Outcome.PLACED, "placed"),
        ({"address": "柳县柳溪镇"}, Outcome.UNPLACED, "town_only"),
        ({"address": "柳县柳溪镇新村路3号"}, Outcome.UNPLACED, "unknown_place"),
        ({"address": "某路3号"}, Outcome.UNPLACED, "no_town"),
        ({"address": ""}, Outcome.UNPLACED, "no_address"),
        ({"address": "柳县青石镇上杨村"}, Outcome.OUTSIDE, "other_town"),
        ({"state": "注销"}, Outcome.OUTSIDE, "deregistered"),
        ({"state": "迁出"}, Outcome.OUTSIDE, "moved_out"),
        ({"state": "吊销，未注销"}, Outcome.PLACED, "placed"),
        ({"type": "集体所有制"}, Outcome.OUTSIDE, "collective"),
        ({"type": "国有企业"}, Outcome.OUTSIDE, "state"),
        ({"type": "分公司"}, Outcome.OUTSIDE, "branch"),
        ({"name": "乙银行股份有限公司柳县支行"}, Outcome.OUTSIDE, "branch"),
        ({"type": "股份合作制"}, Outcome.PLACED, "placed"),
        ({"name": "  "}, Outcome.NAMELESS, "nameless"),
    ],
)
def test_one_outcome_and_its_reason(cells: dict[str, str], outcome: Outcome, reason: str) -> None:
    """Only what is certain puts a unit out; a doubt keeps it in with 待核."""
    found = only(**cells)
    assert (found.outcome, found.reason_id) == (outcome, reason)
    assert found.reasons


def test_every_reason_is_given_not_only_the_first() -> None:
    found = only(address="柳县青石镇", type="集体分支机构(非法人)", state="注销")
    assert [reason.zh for reason in found.reasons] == [
        "不在本镇：青石镇",
        "已注销",
        "分支机构，没有法人资格，随上级单位统计",
        "集体所有，不是非公有制",
    ]


def test_a_bad_code_is_kept_in_the_remark_and_listed() -> None:
    """It is no code for the ledger, which would refuse it; the row's own number is the id then."""
    wrong = credit_code(2)[:-1] + ("0" if credit_code(2)[-1] != "0" else "1")
    result = sort_register([row(7, code=wrong)], TOWN)
    (found,) = result.rows
    assert found.unit_id == "R00007"
    assert "uscc" not in found.facts
    assert wrong in found.facts["remark"]
    assert [item.column for item in result.unreadable] == ["code"]


def test_an_identity_number_in_the_code_column_is_not_kept_anywhere() -> None:
    """11010519491231002X is the specimen number of GB 11643."""
    result = sort_register([row(2, code="11010519491231002X")], TOWN)
    (found,) = result.rows
    assert "11010519491231002X" not in repr((found.facts, found.notes, found.code, result.unreadable))
    assert result.unreadable


def test_capital_is_never_revenue() -> None:
    found = only(capital="2,080(万元人民币)")
    assert found.capital is not None
    assert "revenue" not in found.facts


def test_a_suggested_industry_never_fills_the_ledger() -> None:
    """The register's own code does; a name of the standard as well; a suggestion never."""
    assert only(scope="生产：油烟机。").suggestion is not None
    assert "industry" not in only(scope="生产：油烟机。").facts
    assert only(industry="C3854").facts["industry"] == "3854"
    assert only(industry="电动机制造").facts["industry"] == "3812"
    assert "industry" not in only(industry="制造业").facts


def test_staff_is_read_and_insured_staff_is_not_staff() -> None:
    assert only(staff="80人").facts["staff"] == 80
    assert "staff" not in only(insured="80").facts


def test_all_that_cannot_be_read_is_listed_by_row_and_column() -> None:
    result = sort_register(
        [
            row(
                5,
                capital="若干",
                founded_on="去年",
                type="乱写",
                state="量子态",
                industry="卖东西",
                staff="很多",
            )
        ],
        TOWN,
    )
    assert {(item.number, item.column) for item in result.unreadable} == {
        (5, column) for column in ("capital", "founded_on", "type", "state", "industry", "staff")
    }


_NAMES = st.one_of(
    st.sampled_from(
        ["某市甲电器厂", "某市乙有限公司", "丙银行股份有限公司柳县支行", "某市供销合作社商店", "", " "]
    ),
    st.text(max_size=12),
)
_CODES = st.one_of(
    st.integers(1, 6).map(credit_code),
    st.integers(1, 6).map(lambda number: credit_code(number, "92")),
    st.integers(1, 6).map(lambda number: credit_code(number)[8:17]),
    st.sampled_from(["", "N/A", "无", "无（未办理）", "123456789012345678", "11010519491231002X"]),
    st.text(alphabet="0123456789ABX ", max_size=19),
)
_ADDRESSES = st.one_of(
    st.sampled_from(
        ["柳县柳溪镇上杨村", "柳溪镇工业园区(上杨)", "柳县青石镇", "柳县经济开发区", "", "N/A", "别市西区1号"]
    ),
    st.text(alphabet="柳县溪镇上杨村青石工业园区()路街道 1号", max_size=15),
)
_ROWS = st.lists(
    st.fixed_dictionaries(
        {"name": _NAMES, "code": _CODES, "address": _ADDRESSES},
        optional={
            "type": st.sampled_from(
                ["N/A", "个体工商户", "集体所有制", "分公司", "有限责任公司(国有独资)", "？？"]
            ),
            "state": st.sampled_from(["存续", "注销", "吊销，未注销", "迁出", "??"]),
            "capital": st.sampled_from(["50万人民币", "N/A", "一些", "32.28(万美元)"]),
            "founded_on": st.sampled_from(["1998-07-01", "去年", ""]),
            "industry": st.sampled_from(["3812", "C", "xx"]),
            "staff": st.sampled_from(["80", "约80人", "许多", "-5"]),
            "scope": st.text(alphabet="生产销售：电机、；（", max_size=12),
        },
    ),
    max_size=25,
)


@pytest.mark.clause("4.1")
@settings(deadline=None)
@given(_ROWS)
def test_no_row_is_lost_whatever_the_export(cells: list[dict[str, str]]) -> None:
    """Rows in = sum over outcomes; every row is there once, in order; ids are unique; facts are fields of the ledger."""
    rows = [RegisterRow(number, item, tuple(item.values())) for number, item in enumerate(cells, start=2)]
    result = sort_register(rows, TOWN)
    assert sum(result.counts().values()) == len(rows)
    assert [found.row.number for found in result.rows] == [item.number for item in rows]
    ids = [found.unit_id for found in result.ledger]
    assert len(set(ids)) == len(ids)
    assert all(ids)
    staying = {found.row.number for found in result.rows if found.outcome is not Outcome.DUPLICATE}
    for found in result.rows:
        assert set(found.facts) <= set(FIELDS)
        assert found.reasons
        assert (found.same_as in staying) == (found.outcome is Outcome.DUPLICATE)
    assert {item.column for item in result.unreadable} <= set(COLUMNS)
