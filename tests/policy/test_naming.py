"""The section ``naming``: what may stand in it, and what is refused with its line."""

from __future__ import annotations

from datetime import date

import pytest

from liangxin.findings import InputError
from liangxin.policy.loading import parse_policy

HEAD = """format: liangxin.policy/1
id: county
title: {zh: 县里的规定, en: The county's rules}
issued_on: 2011-08-10
based_on: changle-2011-44
naming:
"""


def test_a_county_calls_its_organizations_as_it_likes() -> None:
    """One form changes, the others stay as they are."""
    naming = parse_policy(
        HEAD + '  longest: 30\n  patterns: {leader: ["{lead}集群{ending}"]}\n', as_of=date(2011, 8, 15)
    ).naming
    assert (naming.longest, naming.patterns["leader"]) == (30, ("{lead}集群{ending}",))
    assert naming.patterns["village"] == ("{place}{ending}",)


@pytest.mark.parametrize(
    ("section", "said"),
    [
        ('  patterns: {park: ["{place}{name}{ending}"]}\n', "名称里没有“name”这个占位"),
        ('  patterns: {park: ["{place}{lead}"]}\n', "名称要有“{ending}”"),
        ('  patterns: {park: ["第{number}{ending}"]}\n', "名称要有“{ending}”"),
        ('  patterns: {parc: ["{place}{ending}"]}\n', "台账里没有组建形式“parc”"),
        ("  longest: 5\n", "名称最长不能少于12个字"),
        ("  longest: 很长\n", "“longest”要写数字"),
        ("  endings: {branche: 党支部}\n", "“endings”没有“branche”这一项"),
        ("  longst: 30\n", "“longst”不是这里能写的项"),
    ],
)
def test_what_cannot_be_a_name_is_refused(section: str, said: str) -> None:
    with pytest.raises(InputError) as refused:
        parse_policy(HEAD + section, as_of=date(2011, 8, 15))
    assert said in refused.value.findings[0].sentence("zh")
    assert refused.value.findings[0].place.line == 7
