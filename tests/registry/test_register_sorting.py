"""A register becomes a ledger: one outcome a row, each with its reason, and nothing lost."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.registry.ledger_frame import ledger

from liangxin.registry.checks import check_units
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


JIASHUI = (
    Area("A1", "东片", "work_area"),
    Area("A2", "西片", "work_area"),
    Area("V1", "柳村", "village", "A1"),
    Area("V2", "槐树村", "village", "A2"),
    Area("S1", "人民路", "street", "A1"),
)


def areas_of(town: str, *addresses: str) -> list[str | None]:
    """Of each address: the area it was placed in, "out" and where, or None for what is left to be checked."""
    rows = [row(number, address=address) for number, address in enumerate(addresses, start=2)]
    result = sort_register(rows, Town(town, "330999101", JIASHUI))
    return [
        "out " + each.placement.word
        if each.outcome is Outcome.OUTSIDE and each.placement
        else each.facts.get("area")
        for each in result.rows
    ]


def test_a_province_in_few_rows_puts_nobody_out() -> None:
    """Nine rows in ten begin with the county; the largest firms write the province as well."""
    few = ("浙江省某安市甲水镇柳村100号", "浙江省绍兴市某安市甲水镇槐树村1号")
    assert areas_of("甲水镇", *(f"某安市甲水镇柳村{number}号" for number in range(20)), *few) == [
        "A1"
    ] * 21 + ["A2"]


def test_a_citys_district() -> None:
    assert areas_of(
        "甲水街道",
        "绍城市河桥区甲水街道柳村1号",
        "浙江省绍城市河桥区甲水街道槐树村1号",
        "绍城市河桥区甲水街道人民路3号",
        "绍城市河桥区乙山镇桃村9号",
        "绍城市河桥区丙石街道杏村9号",
    ) == ["A1", "A2", "A1", "out 乙山镇", "out 丙石街道"]


def test_a_town_that_became_a_subdistrict() -> None:
    """Where the divisions do not know the county, the other rank is said, to be checked."""
    rows = ("某安市甲水街道柳村1号", "某安市甲水镇柳村2号", "某安市甲水镇槐树村3号")
    assert areas_of("甲水街道", *rows) == ["A1", "A1", "A2"]
    (found,) = sort_register([row(address=rows[1])], Town("甲水街道", "330999101", JIASHUI)).rows
    assert "同名不同级" in found.reasons[0].zh


def test_doubled_and_short_regions() -> None:
    assert areas_of(
        "甲水镇",
        "浙江省某安市甲水镇柳村1号",
        "浙江省浙江省某安市甲水镇柳村2号",
        "某安甲水镇槐树村3号",
        "浙江某安市甲水镇槐树村4号",
        "浙江省浙江省某安市乙山镇桃村2号",
        "浙江某安乙山镇桃村2号",
    ) == ["A1", "A1", "A2", "A2", "out 乙山镇", "out 乙山镇"]


def test_a_county_that_is_never_written_in_full() -> None:
    assert areas_of("甲水镇", "某安甲水镇柳村1号", "浙江某安甲水镇槐树村") == ["A1", "A2"]
    assert areas_of("甲水街道", "某安市甲水街道办事处柳村", "某安乙山镇桃村") == ["A1", "out 乙山镇"]


@pytest.mark.parametrize(
    ("name", "outcome"),
    [
        ("某省盐业总公司某安支公司", Outcome.OUTSIDE),
        ("某省茶叶有限公司观音岩生态园", Outcome.OUTSIDE),
        ("某省银行股份有限公司某安分理处", Outcome.OUTSIDE),
        ("某省丝业有限责任公司缫丝车间", Outcome.OUTSIDE),
        ("某安市甲水镇服装总公司", Outcome.PLACED),
        ("某安(集团)有限公司", Outcome.PLACED),
        ("某丝绸有限公司(某安)", Outcome.PLACED),
        ("某安丝绸有限公司工会委员会", Outcome.PLACED),
        ("某省供应总公司某安服装厂", Outcome.PLACED),
    ],
)
def test_a_company_followed_by_more_is_a_branch(name: str, outcome: Outcome) -> None:
    assert only(name=name).outcome is outcome


def test_a_company_in_general_followed_by_more_is_to_be_checked() -> None:
    """A 总公司 of old had factories that were units of their own."""
    assert any("分支机构" in note.zh for note in only(name="某省供应总公司某安服装厂").notes)


def test_a_registration_number_as_the_units_number_is_no_identity_number() -> None:
    """330999000219610 has a possible date of birth in it; its check digit makes it a registration number."""
    (found,) = sort_register([row(code="330999000219610")], TOWN).rows
    right, spoiled = (ledger({"unit_id": number}) for number in (found.unit_id, "330999000219619"))
    assert "identity_number" not in {each.finding.code for each in check_units(right)}
    assert "identity_number" in {each.finding.code for each in check_units(spoiled)}
