"""Names and types of an expression: everything that is wrong with it, with its place, before it is ever run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from liangxin.policy.meaning import (
    ARITHMETIC,
    COMPARISONS,
    Column,
    Constant,
    Operation,
    Part,
    Plain,
    simplified,
)
from liangxin.policy.names import NAMES, Subject, ValueType
from liangxin.policy.suggestions import instead
from liangxin.policy.syntax import Applied, Literal, Named, SyntaxProblem, Written, parse
from liangxin.wording import Text

_C, _N, _D = ValueType.CONDITION, ValueType.NUMBER, ValueType.DATE
FUNCTIONS: Final[dict[str, tuple[ValueType, ...]]] = {
    "known_part()": (_N,),
    "add_months()": (_D, _N),
    "add_days()": (_D, _N),
    "days_between()": (_D, _D),
    "min()": (_N, _N),
    "max()": (_N, _N),
}
"""What each function takes. ``known_part(x)``: x as far as it is known, 0 where it is not - a lower bound, so named."""
_RESULTS: Final = {"add_months()": _D, "add_days()": _D}


@dataclass(frozen=True, slots=True)
class Scope:
    """The names that a rule sees. ``rules``: checked definitions and classes; None where one is itself wrong."""

    subject: Subject
    as_of: date
    parameters: Mapping[str, Plain] = field(default_factory=dict)
    rules: Mapping[str, Part | None] = field(default_factory=dict)

    def candidates(self) -> list[str]:
        return [*NAMES[self.subject], *self.parameters, *self.rules, "as_of"]


@dataclass(frozen=True, slots=True)
class ExpressionProblem:
    """``at``: 0-based place in the expression's text."""

    code: str
    at: int
    message: Text
    found: str = ""
    accepted: Text | None = None


def constant(value: Plain) -> Constant:
    if isinstance(value, bool):
        return Constant(value, _C)
    if isinstance(value, (int, float)):
        return Constant(value, _N)
    return Constant(value, _D if isinstance(value, date) else ValueType.TEXT)


def check(
    source: str, scope: Scope, needed: ValueType | None = None
) -> tuple[Part | None, list[ExpressionProblem]]:
    """The checked expression, or None and everything that is wrong with it."""
    try:
        tree = parse(source)
    except SyntaxProblem as wrong:
        return None, [
            ExpressionProblem("expression_syntax", wrong.at, wrong.message, wrong.found, wrong.accepted)
        ]
    checker = _Checker(scope)
    part = checker.part(tree)
    if part is not None and needed is not None and part.type is not needed:
        checker.mismatch(_start(tree), needed, part.type, source)
    return (None if checker.problems else part), checker.problems


def names_in(tree: Written) -> Iterator[Named]:
    """Every name of a tree, in order of reading."""
    if isinstance(tree, Named):
        yield tree
    elif isinstance(tree, Applied):
        for operand in tree.operands:
            yield from names_in(operand)


def _start(tree: Written) -> int:
    return (
        min([tree.at, *(_start(operand) for operand in tree.operands)])
        if isinstance(tree, Applied)
        else tree.at
    )


class _Checker:
    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.problems: list[ExpressionProblem] = []
        self.names = NAMES[scope.subject]
        self.by_label = {name.label.zh: name for name in self.names.values()}

    def problem(
        self, code: str, at: int, message: Text, found: str = "", accepted: Text | None = None
    ) -> None:
        self.problems.append(ExpressionProblem(code, at, message, found, accepted))

    def mismatch(self, at: int, needed: ValueType, given: ValueType, found: str = "") -> None:
        self.problem(
            "expression_type",
            at,
            Text("这里要{needed}，写的是{given}", "{needed} is needed here, this is {given}").fill(
                needed=needed.label, given=given.label
            ),
            found,
        )

    def part(self, tree: Written) -> Part | None:
        if isinstance(tree, Literal):
            return constant(tree.value)
        return self.named(tree) if isinstance(tree, Named) else self.applied(tree)

    def named(self, tree: Named) -> Part | None:
        name = self.names.get(tree.name) or self.by_label.get(tree.name)
        if name is not None:
            return Column(name)
        if tree.name == "as_of":
            return constant(self.scope.as_of)
        if tree.name in self.scope.parameters:
            return constant(self.scope.parameters[tree.name])
        if tree.name in self.scope.rules:
            return self.scope.rules[tree.name]
        self.unknown(tree)
        return None

    def unknown(self, tree: Named) -> None:
        elsewhere = [
            subject
            for subject, names in NAMES.items()
            if tree.name in names and subject != self.scope.subject
        ]
        if Subject.PROPOSAL in elsewhere or (elsewhere and self.scope.subject is Subject.PROPOSAL):
            message = Text(
                "“{name}”用不上：方案的合计数（plan_…）只写在重大问题里，重大问题也只看这些数",
                "“{name}” has no place here: a plan's counts (plan_…) belong to important matters, which see nothing else",
            )
        elif Subject.ORGANIZATION in elsewhere:
            message = Text(
                "“{name}”是党组织的事实，这条规则看的是单位",
                "“{name}” is a fact of an organization; this rule is about a unit",
            )
        elif Subject.UNIT in elsewhere:
            message = Text(
                "“{name}”是单位的字段，这条规则看的是党组织",
                "“{name}” is a field of a unit; this rule is about an organization",
            )
        elif Subject.COUNTED_UNIT in elsewhere:
            message = Text("“{name}”只能写在指标里", "“{name}” can only be used in an indicator")
        else:
            message = Text(
                "没有叫“{name}”的字段、参数或定义", "No field, parameter or definition is called “{name}”"
            )
        labels = [label for label in self.by_label if label.isidentifier()]
        accepted = None if elsewhere else instead(tree.name, [*self.scope.candidates(), *labels], at_most=0)
        self.problem("expression_name", tree.at, message.fill(name=tree.name), "", accepted)

    def applied(self, tree: Applied) -> Part | None:
        if tree.operator.endswith("()"):
            return self.function(tree)
        operands = [self.part(operand) for operand in tree.operands]
        self.settle_choices(tree, operands)
        if any(operand is None for operand in operands):
            return None
        known = [operand for operand in operands if operand is not None]
        before = len(self.problems)
        result = self.typed(tree, known)
        return (
            None
            if len(self.problems) > before
            else simplified(Operation(tree.operator, tuple(known), result))
        )

    def typed(self, tree: Applied, operands: list[Part]) -> ValueType:
        """The type of the result; a problem is noted for each operand that does not fit."""
        match tree.operator:
            case "and" | "or" | "not":
                self.all_of(_C, tree.operands, operands)
            case "known" | "unknown":
                if isinstance(operands[0], Constant):
                    self.problem(
                        "expression_type",
                        _start(tree.operands[0]),
                        Text("常数总是已知的", "A constant is always known"),
                    )
            case "in":
                for written, item in zip(tree.operands[1:], operands[1:], strict=True):
                    if not isinstance(item, Constant):
                        self.problem(
                            "expression_type",
                            written.at,
                            Text("in [...] 里只能写常数", "in [...] takes constants only"),
                        )
                self.alike(tree, operands, ordered=False)
            case "between":
                self.alike(tree, operands, ordered=True)
            case "contains":
                if operands[0].type is not ValueType.LIST:
                    self.mismatch(_start(tree.operands[0]), ValueType.LIST, operands[0].type)
                self.all_of(ValueType.TEXT, tree.operands[1:], operands[1:])
            case "if":
                self.all_of(_C, tree.operands[:1], operands[:1])
                self.alike(Applied("if", tree.operands[1:], tree.at), operands[1:], ordered=False)
                return operands[1].type
            case operator if operator in COMPARISONS:
                self.alike(tree, operands, ordered=operator not in ("==", "!="))
            case operator if operator in ARITHMETIC or operator in ("/", "negative"):
                self.all_of(_N, tree.operands, operands)
                return _N
        return _C

    def all_of(self, needed: ValueType, written: Sequence[Written], operands: Sequence[Part]) -> None:
        for tree, operand in zip(written, operands, strict=True):
            if operand.type is not needed:
                self.mismatch(_start(tree), needed, operand.type)

    def alike(self, tree: Applied, operands: list[Part], *, ordered: bool) -> None:
        first = operands[0].type
        if ordered and first not in (_N, _D):
            self.problem(
                "expression_type",
                _start(tree.operands[0]),
                Text(
                    "只有数字和日期能比大小，写的是{given}",
                    "Only numbers and dates have an order; this is {given}",
                ).fill(given=first.label),
            )
        elif first is ValueType.LIST:
            self.problem(
                "expression_type",
                _start(tree.operands[0]),
                Text("列表要用 contains 比较", "A list is compared with contains"),
            )
        else:
            for written, operand in zip(tree.operands[1:], operands[1:], strict=True):
                if operand.type is not first:
                    self.problem(
                        "expression_type",
                        _start(written),
                        Text("{left}不能与{right}比较", "{left} cannot be compared with {right}").fill(
                            left=first.label, right=operand.type.label
                        ),
                    )

    def settle_choices(self, tree: Applied, operands: list[Part | None]) -> None:
        """A text compared with a choice must be one of its values; the value's Chinese words are accepted too."""
        if tree.operator not in ("==", "!=", "in"):
            return
        names = [o.name for o in operands if isinstance(o, Column) and o.name.choices is not None]
        if not names or (choices := names[0].choices) is None:
            return
        stored = {words.zh: value for value, words in choices.items()}
        for place, operand in enumerate(operands):
            if not isinstance(operand, Constant) or not isinstance(operand.value, str):
                continue
            if operand.value in choices:
                continue
            if operand.value in stored:
                operands[place] = constant(stored[operand.value])
                continue
            message = Text("“{label}”没有“{value}”这个取值", "“{label}” has no value “{value}”")
            self.problem(
                "expression_choice",
                tree.operands[place].at,
                message.fill(label=names[0].label, value=operand.value),
                "",
                instead(operand.value, choices),
            )
            operands[place] = None

    def function(self, tree: Applied) -> Part | None:
        takes = FUNCTIONS.get(tree.operator)
        if takes is None:
            name = tree.operator.removesuffix("()")
            message = Text("没有叫“{name}”的函数", "No function is called “{name}”").fill(name=name)
            known = [function.removesuffix("()") for function in FUNCTIONS]
            self.problem("expression_name", tree.at, message, "", instead(name, known))
            return None
        if len(takes) != len(tree.operands):
            self.problem(
                "expression_type",
                tree.at,
                Text(
                    "{name} 要 {needed} 个值，写了 {given} 个",
                    "{name} takes {needed} values, {given} are given",
                ).fill(name=tree.operator, needed=len(takes), given=len(tree.operands)),
            )
            return None
        operands = [self.part(operand) for operand in tree.operands]
        if any(operand is None for operand in operands):
            return None
        known_operands = [operand for operand in operands if operand is not None]
        before = len(self.problems)
        for needed, written, operand in zip(takes, tree.operands, known_operands, strict=True):
            self.all_of(needed, [written], [operand])
        if tree.operator in ("add_months()", "add_days()"):
            by = known_operands[1]
            whole = (
                isinstance(by, Constant) and isinstance(by.value, (int, float)) and by.value == int(by.value)
            )
            if not whole:
                self.problem(
                    "expression_type",
                    _start(tree.operands[1]),
                    Text("月数、天数要写整数或参数", "Months and days are a whole number or a parameter"),
                )
            elif isinstance(by, Constant) and isinstance(by.value, float):
                known_operands[1] = constant(int(by.value))
        if len(self.problems) > before:
            return None
        return Operation(tree.operator, tuple(known_operands), _RESULTS.get(tree.operator, _N))
