"""Which empty fields keep a rule undecided: those on a path of undecided parts from the rule down to the field.

``(kind is social group and full-time staff >= 1) or staff >= 80`` with kind enterprise and no staff waits for the staff
only: the full-time staff are empty too, but their side is already false.
"""

from __future__ import annotations

import polars as pl

from liangxin.policy.expression import CheckedExpression
from liangxin.policy.meaning import Column, Constant, Part, to_polars
from liangxin.policy.model import Expression

_ALWAYS_KNOWN = ("known", "unknown", "known_part()")
_DECIDABLE = ("and", "or", "if")
"""Operators that can be decided although an operand is not; all others are undecided as soon as one operand is."""


def awaited_fields(rule: Expression) -> dict[str, pl.Expr]:
    """Field -> whether the unit's rule is undecided and waits for it (Boolean, never null)."""
    if isinstance(rule, CheckedExpression):
        return awaited_in(rule.part)
    undecided = rule.polars().is_null()
    return {name: undecided & pl.col(name).is_null() for name in rule.fields}


def awaited_in(part: Part) -> dict[str, pl.Expr]:
    """The same for one part of a rule."""
    if isinstance(part, Column):
        return {part.name.name: pl.col(part.name.name).is_null()}
    if isinstance(part, Constant) or part.operator in _ALWAYS_KNOWN:
        return {}
    found: dict[str, pl.Expr] = {}
    for place, operand in enumerate(part.operands):
        for name, waits in awaited_in(operand).items():
            if part.operator == "if" and place > 0:
                condition = to_polars(part.operands[0])
                waits = waits & (condition if place == 1 else ~condition).fill_null(False)
            found[name] = found[name] | waits if name in found else waits
    if part.operator in _DECIDABLE:
        undecided = to_polars(part).is_null()
        found = {name: undecided & waits for name, waits in found.items()}
    return found


def any_awaited(rules: list[Expression]) -> dict[str, pl.Expr]:
    """The same over several rules: field -> whether any of them waits for it."""
    found: dict[str, list[pl.Expr]] = {}
    for rule in rules:
        for name, waits in awaited_fields(rule).items():
            found.setdefault(name, []).append(waits)
    return {name: pl.any_horizontal(waits) for name, waits in found.items()}
