"""Kind, ownership and standing: the type first, then code and name; what is not certain stays 待核."""

from __future__ import annotations

import pytest

from liangxin.registry.register_legal_form import legal_form


@pytest.mark.parametrize(
    ("type_", "kind", "ownership", "outside"),
    [
        ("个体工商户", "household", "individual", None),
        ("个人独资企业", "enterprise", "private", None),
        ("普通合伙", "enterprise", "private", None),
        ("有限合伙企业", "enterprise", None, None),
        ("有限责任公司（自然人投资或控股）", "enterprise", "private", None),
        ("有限责任公司(自然人独资)", "enterprise", "private", None),
        ("有限责任公司(非自然人投资或控股的法人独资)", "enterprise", None, None),
        ("有限责任公司(法人独资)", "enterprise", None, None),
        ("有限责任公司(国有独资)", "enterprise", "state", "state"),
        ("全民所有制", "enterprise", "state", "state"),
        ("国有企业", "enterprise", "state", "state"),
        ("集体所有制", "enterprise", "collective", "collective"),
        ("集体分支机构(非法人)", "enterprise", "collective", "branch"),
        ("集体经营单位（非法人）", "enterprise", "collective", "branch"),
        ("股份合作制", "enterprise", None, None),
        ("有限责任公司(台港澳与境内合资)", "enterprise", "hmt", None),
        ("有限责任公司(港澳台法人独资)", "enterprise", "hmt", None),
        ("有限责任公司(中外合资)", "enterprise", "foreign", None),
        ("有限责任公司(外商投资企业法人独资)", "enterprise", None, None),
        ("股份有限公司", "enterprise", None, None),
        ("农民专业合作社", "cooperative", None, None),
        ("分公司", "enterprise", None, "branch"),
        ("个人独资企业分支机构", "enterprise", None, "branch"),
        ("民办非企业单位", "civil_non_enterprise", None, None),
        ("社会团体法人", "social_group", None, None),
    ],
)
def test_types(type_: str, kind: str, ownership: str | None, outside: str | None) -> None:
    form = legal_form("某市甲乙", type_, "")
    assert (form.kind, form.ownership, form.outside, form.known) == (kind, ownership, outside, True)


@pytest.mark.parametrize(
    ("name", "code", "kind", "ownership", "outside"),
    [
        ("某市甲乙电器有限公司", "91", "enterprise", None, None),
        ("某市甲乙电器厂", "91", "enterprise", None, None),
        ("某市甲乙电器厂", "92", "household", "individual", None),
        ("某市甲乙电器厂", "", None, None, None),
        ("某市甲乙茶叶专业合作社", "93", "cooperative", None, None),
        ("某市甲乙协会", "51", "social_group", None, None),
        ("某市甲乙幼儿园", "52", "civil_non_enterprise", None, None),
        ("丙银行股份有限公司某市支行", "91", "enterprise", None, "branch"),
        ("某市甲乙商业有限公司城南店", "91", "enterprise", None, "branch"),
        ("某市甲乙集团公司丁电器有限公司", "91", "enterprise", None, None),
        ("某市甲乙农业生产资料总公司", "91", "enterprise", None, None),
        ("某市甲乙供销合作社农资商店", "91", "enterprise", "collective", "collective"),
        ("某市甲乙供销有限公司", "91", "enterprise", None, None),
        ("某市柳村股份经济合作社", "91", "enterprise", "collective", "collective"),
        ("某市甲乙包装厂（普通合伙）", "91", "enterprise", "private", None),
        ("某市甲乙会计师事务所有限公司", "91", "intermediary", None, None),
        ("外地甲乙连锁有限公司某镇加盟店", "91", "enterprise", None, None),
    ],
)
def test_without_a_type_only_what_is_certain(
    name: str, code: str, kind: str | None, ownership: str | None, outside: str | None
) -> None:
    """N/A stands in four rows of five of a real export: the code and the rules of naming must do."""
    form = legal_form(name, "N/A", code)
    assert (form.kind, form.ownership, form.outside) == (kind, ownership, outside)


def test_a_type_that_contradicts_the_code_is_not_believed() -> None:
    form = legal_form("某市甲乙", "有限责任公司", "92")
    assert (form.kind, form.ownership) == (None, None)
    assert form.notes


def test_an_unknown_type_is_listed_and_the_code_still_counts() -> None:
    form = legal_form("某市甲乙", "乱写", "91")
    assert (form.kind, form.ownership, form.known) == ("enterprise", None, False)
