"""Numbers as people write them: full width, thousands, 万 and 亿, 人 and 元, 约 and 以上."""

from __future__ import annotations

import re
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Final

from liangxin.registry.amounts import AMOUNT, read_amount
from liangxin.registry.fields import Field, FieldType
from liangxin.registry.reading import Reading, narrow, nothing_said, refuse, remark
from liangxin.registry.spellings import NONE_WORDS, NOTHING
from liangxin.wording import Text

ONE: Final = Decimal(1)
_NUMBER: Final = re.compile(
    r"(?P<before>大约|约为|约|大概|将近|接近|近|超过|超|逾|多于|大于|不少于|至少|>=|≥|>|≈|~)?"
    r"(?P<currency>人民币|¥|RMB)?"
    r"(?P<people>员工|职工|从业人员|人员|用工|工人|共有|共|计)?"
    rf"(?P<number>{AMOUNT}|[0-9]+(?:\.[0-9]+)?[eE][-+]?[0-9]+|[-+][0-9]+(?:\.[0-9]+)?)"
    r"(?P<more>余|多|来)?(?P<tens>[亿千百十万]*)(?P<more2>余|多)?"
    r"(?:\((?P<aside_unit>万元|亿元|千元|元|万|亿|人|名|家|个)\))?"
    r"(?P<unit>元|人民币|RMB|人|名|个|位|家|户|°|度)?(?P<currency2>人民币|RMB)?"
    r"(?:\(含\))?(?P<people2>员工|职工|从业人员|工人)?"
    r"(?P<after>以上|及以上|左右|上下|余|多|\+)?"
    r"(?P<aside>\([^()]*\))?\.?",
    re.IGNORECASE,
)
_TEN_THOUSAND: Final = Decimal(10**4)
_ASIDE: Final = re.compile(
    r"\((?:不?含|其中|包括|另|截至|注|[12]\d{3}年)[^()]*\)|\((?:含|人民币|约|估计|预计|年末|上年)\)"
)
_GROUPED: Final = re.compile(r"(?<![0-9])([0-9]{1,3}(?:\s[0-9]{3})+)(?![0-9])")
_SPACED: Final = re.compile(r"[0-9]\s+[0-9]")


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
    parts = _NUMBER.fullmatch(_closed_up(text))
    number = None if parts is None else _value(field, parts, scale)
    if parts is None or number is None:
        return refuse("not_a_number", "不是数字", "This is not a number", _accepted_number(field))
    if number is _NO_UNIT:
        return refuse(
            "unit_unclear",
            "写了货币符号，没有写元还是万元",
            "There is a currency sign, but not whether it is yuan or 10,000 yuan",
            Text("写明单位，如 500万元 或 5000000元", 'write the unit: "500万元" or "5000000元"'),
        )
    about = parts["before"] or parts["more"] or parts["more2"] or parts["after"] or parts["aside"] or ""
    return _in_range(field, number, about)


_NO_UNIT: Final = Decimal("NaN")


def _closed_up(text: str) -> str:
    """Without blanks, where they do not part two numbers: "1 200" is one, "500 0000" is not."""
    narrowed = narrow(text).replace("￥", "¥").strip()
    narrowed = _GROUPED.sub(lambda group: re.sub(r"\s", "", group[1]), narrowed)
    return narrowed if _SPACED.search(narrowed) else re.sub(r"\s", "", narrowed)


def _value(field: Field, parts: re.Match[str], scale: Decimal) -> Decimal | None:
    """The number in the field's unit; None where it is none. Its own unit wins over the header's."""
    if parts["aside"] and not _ASIDE.fullmatch(parts["aside"]):
        return None
    unit = parts["unit"] or ""
    aside = parts["aside_unit"] or ""
    people = {"人", "名", "位", "户", "家", "个"}
    money = is_money(field)
    if money and (unit in people or aside in people or parts["people"] or parts["people2"]):
        return None
    if not money and (
        "元" in unit + aside or parts["currency"] or parts["currency2"] or unit in ("人民币", "RMB")
    ):
        return None
    try:
        written = (
            parts["number"].replace(",", "")
            if parts["number"][:1] in "+-" or "e" in parts["number"].lower()
            else ""
        )
        tens = parts["tens"] + aside.rstrip("元人名家个")
        number = Decimal(written) if written and not tens else read_amount(parts["number"] + tens)
    except ArithmeticError:
        return None
    if number is None or not money:
        return number
    said_tens = bool(tens) or any(character in parts["number"] for character in "万萬亿億")
    if unit == "元" or aside.endswith("元") or said_tens:
        return number / _TEN_THOUSAND
    return _NO_UNIT if parts["currency"] or parts["currency2"] or unit else number * scale


_LARGEST: Final = Decimal(10**15)
"""No count or sum of a town is larger; up to here every engine keeps a whole number exactly."""


def _in_range(field: Field, number: Decimal, about: str) -> Reading:
    whole = field.type is FieldType.INTEGER
    if whole and number != number.to_integral_value():
        return refuse("not_whole", "应是整数", "This should be a whole number", _accepted_number(field))
    if field.minimum is not None and number < Decimal(repr(field.minimum)):
        return refuse("out_of_range", "数太小", "The number is too small", _accepted_number(field))
    most = _LARGEST if field.maximum is None else Decimal(repr(field.maximum))
    if not -_LARGEST <= number <= most:
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
