"""An expression of the policy language, checked and ready to run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from liangxin.policy.checking import ExpressionProblem, Scope, check
from liangxin.policy.meaning import Part, columns, to_polars
from liangxin.policy.names import ValueType
from liangxin.policy.phrasing import phrase
from liangxin.wording import Text

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True, slots=True)
class CheckedExpression:
    """Satisfies ``model.Expression``.

    >>> from datetime import date
    >>> from liangxin.policy.checking import Scope
    >>> from liangxin.policy.names import Subject
    >>> rule = compiled("staff >= 80 or revenue >= 500", Scope(Subject.UNIT, date(2011, 8, 15)))
    >>> sorted(rule.fields)
    ['revenue', 'staff']
    >>> rule.words().zh
    '从业人数 ≥ 80 或 年营业收入 ≥ 500'
    """

    source: str
    part: Part

    @property
    def type(self) -> ValueType:
        return self.part.type

    @property
    def fields(self) -> frozenset[str]:
        return columns(self.part)

    def polars(self) -> pl.Expr:
        return to_polars(self.part)

    def words(self) -> Text:
        return phrase(self.part)


class ExpressionRefused(Exception):
    """Raised by ``compiled``; holds everything that is wrong with the expression."""

    def __init__(self, problems: list[ExpressionProblem]) -> None:
        super().__init__("; ".join(f"{problem.at + 1}: {problem.message.zh}" for problem in problems))
        self.problems = problems


def compiled(source: str, scope: Scope, needed: ValueType | None = None) -> CheckedExpression:
    """The expression, checked. Raises ExpressionRefused."""
    part, problems = check(source, scope, needed)
    if part is None:
        raise ExpressionRefused(problems)
    return CheckedExpression(source, part)
