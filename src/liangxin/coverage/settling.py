"""Where a unit's denominator and numerator hang on the same unknown fact, which places it can really take.

A unit of a joint branch whose members are 待核 is outside "units with members" if it has none, and covered if it has
some: it can never be a unit with members that is not covered. Taking denominator and numerator as independent would
widen the range, so the shared fact is tried with every value that could make a difference.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product
from typing import Any, Final

import polars as pl

from liangxin.policy.expression import CheckedExpression
from liangxin.policy.meaning import Constant, Operation, Part
from liangxin.policy.model import Expression
from liangxin.registry.fields import FIELDS, FieldType

_MOST_TRIALS: Final = 4096  # beyond that the two are taken as independent: a wider range, still a true one


def places(denominator: pl.Expr, numerator: pl.Expr) -> list[pl.Expr]:
    """``out``, ``miss``, ``meet``: whether a unit can be outside, in the denominator only, in both (never null)."""
    inside = denominator.fill_null(True)
    return [
        (~denominator.fill_null(False)).alias("out"),
        (inside & ~numerator.fill_null(False)).alias("miss"),
        (inside & numerator.fill_null(True)).alias("meet"),
    ]


def settled_places(
    rows: pl.DataFrame,
    denominator: pl.Expr,
    numerator: pl.Expr,
    shared: Iterable[str],
    constants: frozenset[float],
) -> pl.DataFrame:
    """``places`` of each row over every value that its empty ``shared`` fields could take."""
    trials = {name: values for name in sorted(shared) if (values := values_to_try(name, constants))}
    total = 1
    for values in trials.values():
        total *= len(values)
    if total > _MOST_TRIALS:
        trials = {}
    possible: pl.DataFrame | None = None
    for combination in product(*trials.values()):
        settled = rows.lazy().with_columns(
            pl.col(name).fill_null(value) for name, value in zip(trials, combination, strict=True)
        )
        seen = settled.select(places(denominator, numerator)).collect()
        possible = seen if possible is None else possible.select(pl.col(c) | seen[c] for c in seen.columns)
    assert possible is not None  # the product of nothing is one empty combination
    return possible


def values_to_try(name: str, constants: frozenset[float]) -> list[Any]:
    """Values of a field on both sides of every number that the rules compare with; nothing for texts and dates."""
    field = FIELDS.get(name)
    if field is None:
        return [True, False] if name == "work_covered" else []
    match field.type:
        case FieldType.BOOLEAN:
            return [True, False]
        case FieldType.CHOICE:
            return list(field.choices or ())
        case FieldType.INTEGER | FieldType.NUMBER:
            step = 1 if field.type is FieldType.INTEGER else 0.01
            near = {field.minimum or 0} | {c + s for c in constants for s in (-step, 0, step)}
            low, high = field.minimum, field.maximum
            fitting = (v for v in near if (low is None or v >= low) and (high is None or v <= high))
            return sorted({int(v) if field.type is FieldType.INTEGER else float(v) for v in fitting})
    return []


def constants_of(expressions: Iterable[Expression | None]) -> frozenset[float]:
    """The numbers that occur in checked expressions, parameters included."""
    return frozenset(
        number
        for expression in expressions
        if isinstance(expression, CheckedExpression)
        for number in _numbers(expression.part)
    )


def _numbers(part: Part) -> Iterator[float]:
    if (
        isinstance(part, Constant)
        and isinstance(part.value, (int, float))
        and not isinstance(part.value, bool)
    ):
        yield float(part.value)
    elif isinstance(part, Operation):
        for operand in part.operands:
            yield from _numbers(operand)
