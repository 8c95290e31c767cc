"""Numbers as people write them: full width, thousands, 万 and 亿, 人 and 元, 约 and 以上."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Final

from liangxin.registry.fields import Field, FieldType
from liangxin.registry.reading import Reading, narrow, nothing_said, refuse, remark
from liangxin.registry.spellings import NONE_WORDS, NOTHING
from liangxin.wording import Text

ONE: Final = Decimal(1)
_NUMBER: Final = re.compile(
    r"(?P<before>大约|约为|约|大概|将近|接近|近|超过|超|逾|多于|不少于|至少|>=|≥|>)?"
    r"(?:人民币|¥|￥|RMB)?"
    r"(?P<number>[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:[eE][-+]?\d+)?)"
    r"(?P<more>余|多|来)?"
    r"(?P<tens>亿|千万|百万|十万|万|千)?"
    r"(?P<more2>余|多)?"
    r"(?P<unit>元|人民币|人|名|个|位|家|户|°|度)?"
    r"(?P<after>以上|及以上|左右|上下|余|多|\+)?"
)
_TENS: Final[Mapping[str, Decimal]] = {
    "亿": Decimal(10**8),
    "千万": Decimal(10**7),
    "百万": Decimal(10**6),
    "十万": Decimal(10**5),
    "万": Decimal(10**4),
    "千": Decimal(10**3),
}
_TEN_THOUSAND: Final = Decimal(10**4)


def is_money(field: Field) -> bool:
    """Whether the field is kept in 万元, so that 元 and 亿元 are to be converted."""
    return field.unit is not None and field.unit.zh == "万元"


def _accepted_number(field: Field) -> Text:
    zh, en = ("整数", "a whole number") if field.type is FieldType.INTEGER else ("数字", "a number")
    if field.unit is not None:
        zh, en = f"{zh}（{field.unit.zh}）", f"{en} ({field.unit.en})"
    if field.minimum is not None and field.maximum is not None:
        zh += f"，{field.minimum:g}至{field.maximum:g}"
        en += f", {field.minimum:g} to {field.maximum:g}"
    elif field.minimum is not None:
        zh += f"，不小于{field.minimum:g}"
        en += f", at least {field.minimum:g}"
    return Text(zh, en)


def read_number(field: Field, written: object, scale: Decimal = ONE) -> Reading:
    """Read a number in the field's unit; ``scale`` as in ``values.read_value``."""
    if isinstance(written, (bool, date, time, timedelta)):
        return refuse(
            "not_a_number",
            "单元格是日期或真假值，不是数字",
            "The cell is a date or a truth value, not a number",
            _accepted_number(field),
        )
    if isinstance(written, (int, float)):
        if written != written or written in (float("inf"), float("-inf")):
            return refuse("not_a_number", "不是数字", "This is not a number", _accepted_number(field))
        return _in_range(field, Decimal(repr(written)) * scale, "")
    text = str(written)
    if text in NOTHING:
        return nothing_said(text)
    if text.lower() in NONE_WORDS:
        return remark(
            0 if field.type is FieldType.INTEGER else 0.0,
            "none_is_zero",
            f"“{text}”按0计",
            f'"{text}" is taken as 0',
        )
    parts = _NUMBER.fullmatch(re.sub(r"\s", "", narrow(text)))
    if parts is None:
        return refuse("not_a_number", "不是数字", "This is not a number", _accepted_number(field))
    number = Decimal(parts["number"].replace(",", "")) * _factor(field, parts, scale)
    about = parts["before"] or parts["more"] or parts["more2"] or parts["after"] or ""
    return _in_range(field, number, about)


def _factor(field: Field, parts: re.Match[str], scale: Decimal) -> Decimal:
    """What the written number is multiplied by: its own unit wins over the header's."""
    tens, unit = parts["tens"], parts["unit"]
    if not is_money(field):
        return _TENS[tens] if tens else ONE
    if tens:
        return _TENS[tens] / _TEN_THOUSAND
    return ONE / _TEN_THOUSAND if unit == "元" else scale


def _in_range(field: Field, number: Decimal, about: str) -> Reading:
    whole = field.type is FieldType.INTEGER
    if whole and number != number.to_integral_value():
        return refuse("not_whole", "应是整数", "This should be a whole number", _accepted_number(field))
    if field.minimum is not None and number < Decimal(repr(field.minimum)):
        return refuse("out_of_range", "数太小", "The number is too small", _accepted_number(field))
    if field.maximum is not None and number > Decimal(repr(field.maximum)):
        return refuse("out_of_range", "数太大", "The number is too large", _accepted_number(field))
    value: int | float = int(number) if whole else float(number)
    if about:
        return remark(
            value,
            "approximate",
            f"“{about}”不是确数，按{value:g}计",
            f'"{about}" is no exact figure; taken as {value:g}',
        )
    return Reading(value)
