"""Cards in words, and conditions as an official writes them: 从业人数>=80."""

from __future__ import annotations

from typing import Final

from liangxin.policy.drafting.model import BASES, MEASURES, Card, Condition
from liangxin.wording import Text

FIELDS: Final[dict[str, Text]] = {
    "staff": Text("从业人数", "staff"),
    "full_members": Text("正式党员", "full members"),
    "members": Text("党员", "members"),
    "mobile_members": Text("流动党员", "mobile members"),
    "member_units": Text("会员单位", "member units"),
    "full_time_staff": Text("专职人员", "full-time staff"),
    "revenue": Text("营业收入", "revenue (10,000 yuan)"),
    "registered_capital": Text("注册资本", "registered capital (10,000 yuan)"),
    "scale": Text("规模以上", "above scale"),
    "no_members": Text("无党员", "no members"),
    "unfounded": Text("未建党组织", "no organization"),
}


def say_condition(condition: Condition) -> Text:
    """
    >>> say_condition(Condition("staff", ">=", 80)).zh
    '从业人数>=80'
    """
    if condition.any_of:
        word = Text(" 且 ", " and ") if condition.field == "all" else Text(" 或 ", " or ")
        said = [say_condition(each) for each in condition.any_of]
        return Text(word.zh.join(each.zh for each in said), word.en.join(each.en for each in said))
    if condition.field == "trade":
        return Text(f"行业 {condition.sign}", f"trade “{condition.sign}”")
    label = FIELDS[condition.field]
    if not condition.sign:
        return label
    tail = f"{condition.sign}{condition.value:.10g}"
    return Text(label.zh + tail, f"{label.en} {condition.sign} {condition.value:.10g}")


_UNITS: Final = {"revenue": "万元", "registered_capital": "万元", "member_units": "家"}
_SIGNS: Final = {">=": "以上", ">": "以上（不含）", "<": "以下（不含）", "<=": "以下", "==": ""}


def phrase_condition(condition: Condition) -> str:
    """As a label of the policy has it, in Chinese.

    >>> phrase_condition(Condition("staff", ">=", 80)), phrase_condition(Condition("members", ">=", 1))
    ('从业人数80人以上', '有党员')
    """
    if condition.any_of:
        word = "且" if condition.field == "all" else "或"
        return word.join(phrase_condition(each) for each in condition.any_of)
    if condition.field == "trade":
        return condition.sign
    if condition.field == "members" and condition.sign == ">=" and condition.value == 1:
        return "有党员"
    label = FIELDS[condition.field].zh
    if not condition.sign:
        return label
    return f"{label}{condition.value:.10g}{_UNITS.get(condition.field, '人')}{_SIGNS[condition.sign]}"


def say_indicator(card: Card) -> Text:
    said = [say_condition(each) for each in card.conditions]
    base, measure = BASES[card.base], MEASURES[card.measure]
    day = card.span.due.isoformat() if card.span else ""
    target = f"{(card.target or 0) * 100:.6g}%"
    zh = base.zh + ("（" + "，".join(each.zh for each in said) + "）" if said else "")
    en = base.en + (" (" + ", ".join(each.en for each in said) + ")" if said else "")
    return Text(
        f"{zh}{measure.zh} ≥ {target}，{day or '期限待定'}",
        f"{en}: {measure.en} ≥ {target}, {day or 'day to be decided'}",
    )
