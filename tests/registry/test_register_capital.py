"""Registered capital in the spellings of the registers."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liangxin.registry.register_capital import Capital, read_capital
from liangxin.wording import Text


@pytest.mark.parametrize(
    ("written", "amount", "currency"),
    [
        ("2,080(万元人民币)", "2080", "CNY"),
        ("32.2800(万美元)", "32.28", "USD"),
        ("50万人民币", "50", "CNY"),
        ("5.9万元人民币", "5.9", "CNY"),
        ("205(万)", "205", "CNY"),
        ("205万", "205", "CNY"),
        ("600(万香港元)", "600", "HKD"),
        ("30万人民币元", "30", "CNY"),
        ("1.2亿元", "12000", "CNY"),
        ("500000元", "50", "CNY"),
        ("１００（万元）", "100", "CNY"),
        ("人民币100万元", "100", "CNY"),
        ("100 万欧元", "100", "EUR"),
        ("0.0025万人民币", "0.0025", "CNY"),
    ],
)
def test_spellings(written: str, amount: str, currency: str) -> None:
    assert read_capital(written) == Capital(Decimal(amount), currency)


@pytest.mark.parametrize("written", ["", "N/A", "n/a", "-", "无"])
def test_not_given_is_not_unreadable(written: str) -> None:
    assert read_capital(written) is None


@pytest.mark.parametrize("written", ["约五十万", "50万贝壳", "50万-60万", "abc", "1,2万"])
def test_unreadable_spellings_say_so(written: str) -> None:
    assert isinstance(read_capital(written), Text)


@given(st.text(max_size=20))
def test_never_a_crash(written: str) -> None:
    assert read_capital(written) is None or isinstance(read_capital(written), Capital | Text)
