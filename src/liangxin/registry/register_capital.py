"""Registered capital in the spellings of the registers: "2,080(万元人民币)", "32.2800(万美元)", "50万人民币", "205(万)".

Capital is information about a firm. It is never its revenue and is used for none.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from liangxin.registry.reading import narrow
from liangxin.wording import Text

ACCEPTED: Final = Text(
    "如 50万人民币、2,080(万元人民币)、32.28(万美元)、1.2亿元",
    'such as "50万人民币", "32.28万美元", "1.2亿元"',
)
NOT_GIVEN: Final = frozenset({"", "N/A", "NA", "-", "--", "—", "无", "暂无", "未公示", "NULL", "NONE"})
"""What the registers write where they have nothing: not a spelling that could not be read."""

_CURRENCIES: Final[Mapping[str, str]] = {
    "": "CNY", "人民币": "CNY", "人民币元": "CNY", "RMB": "CNY", "CNY": "CNY",
    "美元": "USD", "美金": "USD", "USD": "USD",
    "港元": "HKD", "港币": "HKD", "香港元": "HKD", "HKD": "HKD",
    "欧元": "EUR", "EUR": "EUR", "日元": "JPY", "日圆": "JPY", "JPY": "JPY",
    "英镑": "GBP", "澳元": "AUD", "澳大利亚元": "AUD", "加元": "CAD", "加拿大元": "CAD", "新加坡元": "SGD",
    "台币": "TWD", "新台币": "TWD", "台湾元": "TWD", "澳门元": "MOP", "瑞士法郎": "CHF", "韩元": "KRW",
}  # fmt: skip
_TENS: Final[Mapping[str, Decimal]] = {
    "": Decimal("0.0001"), "万": Decimal(1), "亿": Decimal(10_000), "百万": Decimal(100), "千": Decimal("0.1"),
}  # fmt: skip
_WRITTEN: Final = re.compile(
    r"(?P<front>人民币|美元|港元|港币|欧元)?[¥￥$]?"
    r"(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
    r"\(?(?P<tens>百万|万|亿|千)?(?P<unit>元)?(?P<currency>[一-鿿A-Z]*)\)?"
)


@dataclass(frozen=True, slots=True)
class Capital:
    """``amount`` in 10,000 of ``currency`` (ISO 4217)."""

    amount: Decimal
    currency: str


def read_capital(written: str) -> Capital | Text | None:
    """The capital, None where the register gives none, or why it could not be read.

    >>> read_capital("2,080(万元人民币)")
    Capital(amount=Decimal('2080'), currency='CNY')
    >>> read_capital("32.2800(万美元)")
    Capital(amount=Decimal('32.28'), currency='USD')
    """
    text = re.sub(r"\s", "", narrow(written)).upper()
    if text in NOT_GIVEN:
        return None
    parts = _WRITTEN.fullmatch(text)
    if parts is None:
        return Text("读不出金额", "The amount cannot be read")
    named = parts["currency"] or parts["front"] or ""
    currency = _CURRENCIES.get(named, _CURRENCIES.get(named.removesuffix("元")))
    if currency is None:
        return Text("认不出币种", "The currency is not known")
    amount = Decimal(parts["number"].replace(",", "")) * _TENS[parts["tens"] or ""]
    return Capital(amount.normalize() if amount % 1 else amount.quantize(Decimal(1)), currency)
