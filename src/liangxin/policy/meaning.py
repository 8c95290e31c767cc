"""A checked expression as a tree of typed parts, and what it means over a Polars frame.

Every part has three values: a fact not yet known is null (待核) and stays null through comparison and arithmetic;
``and``, ``or``, ``not`` follow Kleene's logic, so that "80 staff or unknown" is decided where one side decides it.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from liangxin.policy.names import Name, ValueType

if TYPE_CHECKING:
    import polars as pl

Plain = float | int | str | bool | date


@dataclass(frozen=True, slots=True)
class Constant:
    value: Plain
    type: ValueType


@dataclass(frozen=True, slots=True)
class Column:
    name: Name

    @property
    def type(self) -> ValueType:
        return self.name.type


@dataclass(frozen=True, slots=True)
class Operation:
    operator: str
    operands: tuple[Part, ...]
    type: ValueType


Part = Constant | Column | Operation

COMPARISONS: Final[dict[str, Callable[[Any, Any], Any]]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
ARITHMETIC: Final[dict[str, Callable[[Any, Any], Any]]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
}


def columns(part: Part) -> frozenset[str]:
    """The columns that the part reads."""
    if isinstance(part, Column):
        return frozenset({part.name.name})
    if isinstance(part, Constant):
        return frozenset()
    return frozenset().union(*(columns(operand) for operand in part.operands))


def simplified(part: Operation) -> Part:
    """Settle what constants decide, so that a switch of the policy that is off asks for no facts."""
    values = [operand.value if isinstance(operand, Constant) else None for operand in part.operands]
    if part.operator in ("and", "or"):
        decisive = part.operator == "or"
        if any(value is decisive for value in values):
            return Constant(decisive, ValueType.CONDITION)
        open_ = tuple(operand for operand, value in zip(part.operands, values, strict=True) if value is None)
        if not open_:
            return Constant(not decisive, ValueType.CONDITION)
        return open_[0] if len(open_) == 1 else Operation(part.operator, open_, part.type)
    if part.operator == "not" and values[0] is not None:
        return Constant(not values[0], ValueType.CONDITION)
    if part.operator == "if" and values[0] is not None:
        return part.operands[1] if values[0] else part.operands[2]
    left, right = (*values, None, None)[:2]
    if part.operator in COMPARISONS and left is not None and right is not None:
        return Constant(bool(COMPARISONS[part.operator](left, right)), ValueType.CONDITION)
    if part.operator == "negative" and isinstance(left, (int, float)):
        return Constant(-left, part.type)
    if part.operator in ARITHMETIC and left is not None and right is not None:
        return Constant(ARITHMETIC[part.operator](left, right), part.type)
    return part


def to_polars(part: Part) -> pl.Expr:
    """The part over a frame that has the columns it reads."""
    import polars as pl

    if isinstance(part, Column):
        return pl.col(part.name.name)
    if isinstance(part, Constant):
        return pl.lit(part.value)
    operands = [to_polars(operand) for operand in part.operands]
    first = operands[0]
    match part.operator:
        case "and":
            return _fold(operands, operator.and_)
        case "or":
            return _fold(operands, operator.or_)
        case "not":
            return ~first
        case "known" | "unknown":
            known = first.is_not_null()
            if part.operands[0].type is ValueType.LIST:
                known = known & (first.list.len() > 0).fill_null(False)
            return known if part.operator == "known" else ~known
        case "certain":
            return first.fill_null(False)
        case "in":
            return first.is_in([o.value for o in part.operands[1:] if isinstance(o, Constant)])
        case "between":
            return (first >= operands[1]) & (first <= operands[2])
        case "contains":
            return first.list.contains(operands[1])
        case "negative":
            return -first
        case "/":
            return pl.when(operands[1] != 0).then(first / operands[1])
        case "if":
            return pl.when(first).then(operands[1]).when(~first).then(operands[2])
        case "known_part()":
            return first.fill_null(0)
        case "add_months()":
            return first.dt.offset_by(f"{_whole(part.operands[1])}mo")
        case "add_days()":
            return first.dt.offset_by(f"{_whole(part.operands[1])}d")
        case "days_between()":
            return (operands[1] - first).dt.total_days()
        case "min()":
            return _fold(operands, lambda a, b: pl.when(a <= b).then(a).when(b < a).then(b))
        case "max()":
            return _fold(operands, lambda a, b: pl.when(a >= b).then(a).when(b > a).then(b))
    binary = COMPARISONS.get(part.operator) or ARITHMETIC[part.operator]
    result: pl.Expr = binary(first, operands[1])
    return result


def _fold(operands: list[pl.Expr], joined: Callable[[pl.Expr, pl.Expr], pl.Expr]) -> pl.Expr:
    result = operands[0]
    for operand in operands[1:]:
        result = joined(result, operand)
    return result


def _whole(part: Part) -> int:
    assert isinstance(part, Constant) and isinstance(part.value, int)
    return part.value
