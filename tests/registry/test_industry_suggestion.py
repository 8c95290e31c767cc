"""The suggested industry: what the words say, no deeper than they agree, and nothing where they disagree."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liangxin.registry import industries
from liangxin.registry.industry_suggestion import LEAST_SCORE, suggest


@pytest.mark.parametrize(
    ("name", "scope", "code"),
    [
        ("某市甲乙电机配件厂", "加工、销售：电机配件。", "381"),
        ("某市甲乙电声有限公司", "制造、销售：扬声器、电声配件（不含纸盆上浆）。", "3984"),
        ("某市甲乙领带有限公司", "生产、销售：领带、围巾。", "1830"),
        ("某市甲乙服装有限公司", "生产、销售：服装、领带。", "18"),
        ("某市甲乙丝织厂", "丝织", "1742"),
        ("某市甲乙茶叶专业合作社", "种植、销售：茶叶。", "0164"),
        ("某市甲乙茶业有限公司", "加工：茶叶。", "1530"),
        ("某市甲乙五金商店", "批发、零售：小五金、五金工具。", "5281"),
        ("某市甲乙贸易有限公司", "批发、零售：化工产品、化工原料。", "5169"),
        ("某市甲乙工艺品厂", "生产：竹编。", "243"),
        ("某市甲乙纺机配件厂", "加工：纺织机械配件。", "3551"),
        ("某市甲乙房地产开发有限公司", "房地产开发。", "7010"),
        ("某市甲乙养殖场", "生猪养殖。", "0313"),
    ],
)
def test_trades(name: str, scope: str, code: str) -> None:
    """Make, grow, wholesale, retail and serve lead the same goods to different industries."""
    found = suggest(name, scope)
    assert found is not None
    assert found.code == code


def test_licence_clauses_and_trade_permits_are_passed_over() -> None:
    plain = suggest("某市甲乙电器厂", "一般经营项目：生产、销售：油烟机。")
    padded = suggest(
        "某市甲乙电器厂",
        "一般经营项目：生产、销售：油烟机；货物进出口、技术进出口。上述经营范围中，凡须凭许可证生产经营的，凭许可证生产经营。",
    )
    assert plain is not None
    assert plain == padded


def test_the_first_items_count_most() -> None:
    first = suggest("某市甲乙有限公司", "生产、销售：弹簧；销售：服装、建材、化工产品。")
    assert first is None or first.code.startswith("34")


def test_words_that_disagree_suggest_nothing() -> None:
    assert suggest("某市甲乙有限公司", "生产：领带、轴承、糕点、家具。") is None


def test_the_words_behind_a_suggestion_are_named() -> None:
    found = suggest("某市甲乙电器厂", "生产、销售：油烟机、燃气灶、消毒柜。")
    assert found is not None
    assert "油烟机" in found.words


@pytest.mark.parametrize(
    ("name", "scope"), [("", ""), ("某市甲乙有限公司", ""), ("某市甲乙有限公司", "N/A"), ("（", "（（，；：")]
)
def test_nothing_to_go_by(name: str, scope: str) -> None:
    assert suggest(name, scope) is None


@given(
    st.text(max_size=30),
    st.text(alphabet="生产销售批零：，、；。（）领带电机茶叶服装五金种植加工凭许可证 a1", max_size=80),
)
def test_any_text_gives_an_industry_of_the_standard_or_none(name: str, scope: str) -> None:
    """Never a crash; a code of 2 to 4 digits that exists, with a score between the least and 1 and at least one word."""
    found = suggest(name, scope)
    if found is not None:
        assert industries.table()[found.code].level != "section"
        assert LEAST_SCORE <= found.score <= 1
        assert found.words


@pytest.mark.parametrize(
    ("name", "scope", "code"),
    [
        ("某市甲乙工贸有限公司", "制造销售：鞋 经销：五金工具 日用百货", "195"),
        ("某市甲乙电缆有限公司", "生产电线、电缆，销售自产产品。", "383"),
        ("某市甲乙布业有限公司", "经销针纺织品。自营和代理各类商品的进出口业务", "513"),
        ("某市甲乙针织有限公司", "生产、加工：针纺织品、服装；批发、零售：针纺织品及原料、服装及辅料", "17"),
        ("某市甲乙汽配有限公司", "制造销售:汽车配件拖拉机配件水暖配件", "367"),
        ("某市甲乙机械有限公司", "制造 销售:轴承、机械配件", "34"),
        ("甲乙银行股份有限公司某市丙支行", "以批准文件所列的经营范围为准。", "662"),
        ("某市甲镇乙村股份经济合作社", "村集体资产经营管理", "7215"),
        ("某市甲乙加油站有限公司", "零售：汽油、柴油；日用百货", "526"),
        ("某市甲乙税务师事务所有限公司", "涉税服务", "7241"),
    ],
)
def test_shapes_of_other_counties(name: str, scope: str, code: str) -> None:
    """Several headings in a sentence, verbs in front, trade beside making, lists that run together, names that tell."""
    found = suggest(name, scope)
    assert found is not None
    assert found.code.startswith(code)


def test_a_representative_office_has_no_industry_of_its_own() -> None:
    assert suggest("甲乙贸易公司某市代表处", "本公司纺织品进出口业务的联络、咨询服务。") is None
