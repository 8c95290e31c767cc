"""An expression as a person says it, in both languages, with the values of the day in place of parameters."""

from __future__ import annotations

from datetime import date
from typing import Final

from liangxin.policy.meaning import Column, Constant, Operation, Part
from liangxin.wording import Text, join

_SIGNS: Final = {"==": "=", "!=": "≠", "<": "<", "<=": "≤", ">": ">", ">=": "≥"}
_BINDING: Final = {"or": 1, "if": 0, "and": 2, "not": 3}
_OPPOSITES: Final = {">=": "<", "<": ">=", ">": "<=", "<=": ">", "==": "!=", "!=": "=="}
_FUNCTIONS: Final = {
    "known_part()": Text("已知的{0}", "the known part of {0}"),
    "add_months()": Text("{0}后{1}个月", "{0} plus {1} months"),
    "add_days()": Text("{0}后{1}天", "{0} plus {1} days"),
    "days_between()": Text("{0}到{1}的天数", "days from {0} to {1}"),
    "min()": Text("{0}与{1}中较小的", "the smaller of {0} and {1}"),
    "max()": Text("{0}与{1}中较大的", "the larger of {0} and {1}"),
}


def phrase(part: Part) -> Text:
    """The part in words: ``staff >= 80`` is "从业人数 ≥ 80" / "Staff ≥ 80"."""
    if isinstance(part, Column):
        return part.name.label
    if isinstance(part, Constant):
        return _value(part.value)
    return _operation(part)


def _operation(part: Operation) -> Text:
    inner = [_inside(part, operand) for operand in part.operands]
    match part.operator:
        case "and":
            return join(inner, " 且 ", " and ")
        case "or":
            return join(inner, " 或 ", " or ")
        case "not":
            return _negated(part.operands[0], inner[0])
        case "known":
            return _put("已查明{0}", "{0} is known", inner)
        case "unknown":
            return _put("{0}未填", "{0} is not filled in", inner)
        case "in":
            return _put("{0}为{1}", "{0} is {1}", [inner[0], _listed(part)])
        case "between":
            return _put("{0}在 {1} 到 {2} 之间", "{0} is between {1} and {2}", inner)
        case "contains":
            return _put("{0}含{1}", "{0} contains {1}", inner)
        case "if":
            return _put("如果{0}则{1}否则{2}", "if {0} then {1} else {2}", inner)
        case "negative":
            return _put("-{0}", "-{0}", inner)
        case "==" | "!=":
            return _equality(part, inner)
    if part.operator in _FUNCTIONS:
        words = _FUNCTIONS[part.operator]
        return _put(words.zh, words.en, inner)
    sign = _SIGNS.get(part.operator, part.operator)
    return _put(f"{{0}} {sign} {{1}}", f"{{0}} {sign} {{1}}", inner)


def _inside(outer: Operation, operand: Part) -> Text:
    said = phrase(operand)
    inner = operand.operator if isinstance(operand, Operation) else ""
    arithmetic = outer.operator in ("*", "/", "-", "negative") and inner in ("+", "-")
    looser = _BINDING.get(inner, 9) < _BINDING.get(outer.operator, 0 if inner != "or" else 9)
    if not (arithmetic or looser) or outer.operator == "not":
        return said
    return Text(f"（{said.zh}）", f"({said.en})")


def _negated(operand: Part, said: Text) -> Text:
    if isinstance(operand, Column):
        return Text(f"没有{said.zh}", f"not {said.en}")
    if isinstance(operand, Operation) and operand.operator in _OPPOSITES:
        return phrase(Operation(_OPPOSITES[operand.operator], operand.operands, operand.type))
    if isinstance(operand, Operation) and operand.operator == "in":
        return _put("{0}不是{1}", "{0} is not {1}", [phrase(operand.operands[0]), _listed(operand)])
    return Text(f"并非（{said.zh}）", f"not ({said.en})")


def _equality(part: Operation, inner: list[Text]) -> Text:
    left, right = part.operands
    if isinstance(right, Constant) and isinstance(right.value, bool):
        agrees = right.value == (part.operator == "==")
        return _put("{0}：是" if agrees else "{0}：否", "{0}: yes" if agrees else "{0}: no", inner)
    if isinstance(left, Column) and isinstance(right, Constant) and isinstance(right.value, str):
        said = _choice(left, right.value)
        if part.operator == "==":
            return _put("{0}为{1}", "{0} is {1}", [inner[0], said])
        return _put("{0}不是{1}", "{0} is not {1}", [inner[0], said])
    sign = _SIGNS[part.operator]
    return _put(f"{{0}} {sign} {{1}}", f"{{0}} {sign} {{1}}", inner)


def _listed(part: Operation) -> Text:
    first = part.operands[0]
    values = [operand.value for operand in part.operands[1:] if isinstance(operand, Constant)]
    said = [
        _choice(first, value) if isinstance(first, Column) and isinstance(value, str) else _value(value)
        for value in values
    ]
    return join(said, "、", " or ")


def _choice(column: Column, value: str) -> Text:
    words = (column.name.choices or {}).get(value)
    return words if words is not None else Text(f"“{value}”", f"“{value}”")


def _value(value: float | int | str | bool | date) -> Text:
    if isinstance(value, bool):
        return Text("真" if value else "假", "true" if value else "false")
    if isinstance(value, date):
        return Text(f"{value.year}年{value.month}月{value.day}日", value.isoformat())
    if isinstance(value, (int, float)):
        return Text(
            f"{value:g}" if isinstance(value, float) else str(value),
            f"{value:g}" if isinstance(value, float) else str(value),
        )
    return Text(f"“{value}”", f"“{value}”")


def _put(zh: str, en: str, inner: list[Text]) -> Text:
    return Text(zh.format(*(text.zh for text in inner)), en.format(*(text.en for text in inner)))
