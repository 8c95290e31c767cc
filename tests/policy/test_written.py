"""Numbers and days of a policy as people write them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from tests.policy.writing import HEAD, county

from liangxin.policy import check_policy, check_policy_text, parse_policy
from liangxin.policy.written import read_day, read_number

TARGET = "indicators:\n  '1.4': {{target: {}, due: {}}}\n"


@pytest.mark.parametrize(
    ("written", "value"),
    [("60％", 0.6), ("６０%", 0.6), ("60%", 0.6), ("0.6", 0.6), ("２０", 20), ("1/2", None), ("六成", None)],
)
def test_numbers(written: str, value: float | None) -> None:
    assert value == read_number(written)


@pytest.mark.parametrize(
    "written", ["2021-12-31", "2021年12月31日", "２０２１年１２月３１日", "2021.12.31", "20211231"]
)
def test_days(written: str) -> None:
    assert date(2021, 12, 31) == read_day(written)


@pytest.mark.parametrize("written", ["2021-02-30", "2021年13月1日", "44561", "年底", ""])
def test_no_days(written: str) -> None:
    assert read_day(written) is None


def test_in_a_policy() -> None:
    """Targets, due days, a parameter's number and its first day; the same first day is replaced, however written."""
    policy = parse_policy(
        HEAD + TARGET.format("60％", "2021年12月31日") + "parameters:\n  staff_large: {values: "
        "[{from: 2011年8月9日, value: １００, source: 某}]}\n",
        as_of=date(2021, 6, 1),
    )
    (rate,) = (each for each in policy.indicators if each.id == "1.4")
    assert (0.6, date(2021, 12, 31)) == (rate.target, rate.due)
    assert [100] == [each.value for each in policy.parameters["staff_large"].values]


@pytest.mark.parametrize("written", ["+10%", "＋10%", "-5%", "'≥60%'"])
def test_a_sign_is_refused(tmp_path: Path, written: str) -> None:
    """ "+10%" once passed and meant 10%."""
    (finding,) = check_policy(county(tmp_path, TARGET.format(written, "2021-12-31")))
    assert ("policy_number", 7) == (finding.code, finding.place.line)


def test_not_decided() -> None:
    """待定 is no target, and no error."""
    text = HEAD + TARGET.format("待定", "2021-12-31")
    assert () == check_policy_text(text)
    assert [None] == [
        each.target for each in parse_policy(text, as_of=date(2021, 6, 1)).indicators if each.id == "1.4"
    ]


def test_chinese_alone() -> None:
    """A label in Chinese stands in English too."""
    text = HEAD.replace("{zh: 某县, en: a county}", "某县") + "indicators:\n  '1.4': {label: {zh: 组建率}}\n"
    policy = parse_policy(text, as_of=date(2021, 6, 1))
    assert ("某县", "某县") == (policy.title.zh, policy.title.en)


def test_a_form_that_the_policy_does_not_have(tmp_path: Path) -> None:
    """An indicator over it once passed the check, and counting broke."""
    lines = "forms:\n  mobile: {withdrawn: true}\nindicators:\n  '1.4': {forms: [separate, mobile]}\n"
    found = [finding for finding in check_policy(county(tmp_path, lines)) if finding.place.line == 9]
    assert ["policy_name"] == [finding.code for finding in found]
