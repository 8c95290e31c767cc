"""From the text of an expression to a tree: words, operators, precedence. It knows no names and no types.

::

    expression  or_  ["if" expression "then" expression "else" expression]
    or_         and_ {"or" and_}                     或
    and_        not_ {"and" not_}                    且
    not_        ["not"] compared                     非
    compared    sum [ ("==" | "!=" | "<" | "<=" | ">" | ">=") sum
                    | ["not"] "in" "[" sum {"," sum} "]"
                    | ["not"] "between" sum "and" sum
                    | "contains" sum
                    | "is" ("known" | "unknown") ]   已知, 待核
    sum         term {("+" | "-") term}
    term        factor {("*" | "/") factor}
    factor      ["-"] atom
    atom        number | "text" | 2011-08-31 | true | false | name | name "(" sum {"," sum} ")" | "(" expression ")"
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

from liangxin.wording import Text


@dataclass(frozen=True, slots=True)
class Literal:
    value: float | int | str | bool | date
    at: int


@dataclass(frozen=True, slots=True)
class Named:
    name: str
    at: int


@dataclass(frozen=True, slots=True)
class Applied:
    """An operator or function with its operands: and, or, not, ==, in, between, known, contains, +, if, a function ..."""

    operator: str
    operands: tuple[Written, ...]
    at: int


Written = Literal | Named | Applied


class SyntaxProblem(Exception):
    """The text is not an expression. ``at``: 0-based place in the text."""

    def __init__(self, at: int, message: Text, found: str = "", accepted: Text | None = None) -> None:
        super().__init__(message.zh)
        self.at, self.message, self.found, self.accepted = at, message, found, accepted


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str  # number, date, text, name, sign, end
    text: str
    at: int


_TOKEN: Final = re.compile(
    r"""\s*(?:
    (?P<date>\d{4}-\d{1,2}-\d{1,2}\b)
  | (?P<number>\d[\d_]*(?:\.\d+)?)
  | (?P<text>"[^"]*"|'[^']*'|“[^”]*”)
  | (?P<name>[^\W\d]\w*)
  | (?P<sign>==|!=|<=|>=|<>|[<>=≥≤≠()\[\],+\-*/（），])
  )""",
    re.VERBOSE,
)
_SAME: Final = {
    "≥": ">=", "≤": "<=", "≠": "!=", "<>": "!=", "=": "==", "（": "(", "）": ")", "，": ",",
    "且": "and", "并且": "and", "或": "or", "或者": "or", "非": "not", "属于": "in", "包含": "contains",
    "已知": "known", "待核": "unknown", "真": "true", "假": "false",
}  # fmt: skip
KEYWORDS: Final = frozenset(
    {"and", "or", "not", "in", "between", "contains", "is", "known", "unknown"}
    | {"true", "false", "if", "then", "else"}
    | {word for word in _SAME if word.isidentifier()}
)
LONGEST: Final = 200
"""Words and signs in one expression. A rule that a person can read has fewer than fifty."""
DEEPEST: Final = 20
"""Levels of parentheses, functions and if."""
_COMPARISONS: Final = ("==", "!=", "<=", ">=", "<", ">")


@lru_cache(maxsize=1024)
def parse(source: str) -> Written:
    """The tree of an expression. Raises SyntaxProblem at the first thing that cannot be read."""
    tokens = _tokens(source)
    if len(tokens) > LONGEST:
        message = Text("表达式太长，请拆成几个定义", "The expression is too long; split it into definitions")
        raise SyntaxProblem(tokens[LONGEST].at, message)
    return _Parser(tokens).whole()


def _tokens(source: str) -> list[_Token]:
    tokens: list[_Token] = []
    at = 0
    end = len(source.rstrip())
    while at < end:
        match = _TOKEN.match(source, at)
        if match is None or match.lastgroup is None:
            start = at + len(source[at:]) - len(source[at:].lstrip())
            if source[start] in "\"'“":
                raise SyntaxProblem(
                    start, Text("引号没有配对", "This quotation mark is not closed"), source[start:]
                )
            raise SyntaxProblem(
                start, Text("看不懂这个符号", "This sign means nothing here"), source[start : start + 1]
            )
        kind, text = match.lastgroup, match[match.lastgroup]
        tokens.append(_Token(kind, _SAME.get(text, text) if kind != "text" else text, match.start(kind)))
        at = match.end()
    tokens.append(_Token("end", "", end))
    return tokens


class _Parser:
    def __init__(self, tokens: list[_Token]) -> None:
        self.tokens, self.index, self.depth = tokens, 0, 0

    @property
    def now(self) -> _Token:
        return self.tokens[self.index]

    def take(self, *texts: str) -> _Token | None:
        """The current token, moving on, if it is one of these signs or keywords."""
        token = self.now
        if token.kind in ("name", "sign") and token.text in texts:
            self.index += 1
            return token
        return None

    def need(self, text: str) -> _Token:
        token = self.take(text)
        if token is None:
            raise self.unexpected(Text(f"“{text}”", f"“{text}”"))
        return token

    def unexpected(self, accepted: Text) -> SyntaxProblem:
        token = self.now
        if token.kind == "end":
            return SyntaxProblem(
                token.at, Text("表达式没有写完", "The expression ends too early"), "", accepted
            )
        return SyntaxProblem(
            token.at, Text("这里不该是这个词", "This does not belong here"), token.text, accepted
        )

    def whole(self) -> Written:
        tree = self.expression()
        if self.now.kind != "end":
            raise self.unexpected(
                Text("and、or、比较符号，或到此结束", "and, or, a comparison, or the end of the expression")
            )
        return tree

    def expression(self) -> Written:
        self.depth += 1
        if self.depth > DEEPEST:
            raise SyntaxProblem(
                self.now.at,
                Text("括号套得太深，请拆成几个定义", "Nested too deeply; split it into definitions"),
            )
        tree = self.choice()
        self.depth -= 1
        return tree

    def choice(self) -> Written:
        start = self.take("if")
        if start is None:
            return self.chain("or", self.conjunction)
        condition = self.expression()
        self.need("then")
        yes = self.expression()
        self.need("else")
        return Applied("if", (condition, yes, self.expression()), start.at)

    def conjunction(self) -> Written:
        return self.chain("and", self.negation)

    def chain(self, operator: str, part: Callable[[], Written]) -> Written:
        first = part()
        operands = [first]
        at = self.now.at
        while self.take(operator):
            operands.append(part())
        return first if len(operands) == 1 else Applied(operator, tuple(operands), at)

    def negation(self) -> Written:
        token = self.take("not")
        return Applied("not", (self.negation(),), token.at) if token else self.compared()

    def compared(self) -> Written:
        left = self.sum()
        token = self.take(*_COMPARISONS)
        if token:
            return Applied(token.text, (left, self.sum()), token.at)
        if token := self.take("contains"):
            return Applied("contains", (left, self.sum()), token.at)
        said_is = self.take("is")
        if token := self.take("known", "unknown"):
            return Applied(token.text, (left,), token.at)
        if said_is:
            raise self.unexpected(Text("known 或 unknown", "known or unknown"))
        negated = self.take("not")
        if token := self.take("in"):
            found: Written = Applied("in", (left, *self.listed()), token.at)
        elif token := self.take("between"):
            low = self.sum()
            self.need("and")
            found = Applied("between", (left, low, self.sum()), token.at)
        elif negated:
            raise self.unexpected(Text("in 或 between", "in or between"))
        else:
            return left
        return Applied("not", (found,), negated.at) if negated else found

    def listed(self) -> list[Written]:
        self.need("[")
        items = [self.sum()]
        while self.take(","):
            items.append(self.sum())
        self.need("]")
        return items

    def sum(self) -> Written:
        left = self.term()
        while token := self.take("+", "-"):
            left = Applied(token.text, (left, self.term()), token.at)
        return left

    def term(self) -> Written:
        left = self.factor()
        while token := self.take("*", "/"):
            left = Applied(token.text, (left, self.factor()), token.at)
        return left

    def factor(self) -> Written:
        token = self.take("-")
        return Applied("negative", (self.factor(),), token.at) if token else self.atom()

    def atom(self) -> Written:
        token = self.now
        if token.kind == "number":
            self.index += 1
            plain = token.text.replace("_", "")
            return Literal(float(plain) if "." in plain else int(plain), token.at)
        if token.kind == "date":
            self.index += 1
            return Literal(_date(token), token.at)
        if token.kind == "text":
            self.index += 1
            return Literal(token.text[1:-1], token.at)
        if self.take("("):
            inner = self.expression()
            self.need(")")
            return inner
        if truth := self.take("true", "false"):
            return Literal(truth.text == "true", truth.at)
        if token.kind == "name" and token.text not in KEYWORDS:
            self.index += 1
            if not self.take("("):
                return Named(token.text, token.at)
            operands = [self.expression()]
            while self.take(","):
                operands.append(self.expression())
            self.need(")")
            return Applied(f"{token.text}()", tuple(operands), token.at)
        raise self.unexpected(
            Text("名称、数字、日期、“文字”或括号", "a name, a number, a date, “text” or parentheses")
        )


def _date(token: _Token) -> date:
    try:
        year, month, day = (int(part) for part in token.text.split("-"))
        return date(year, month, day)
    except ValueError:
        raise SyntaxProblem(
            token.at,
            Text("没有这一天", "There is no such day"),
            token.text,
            Text("日期，如 2011-08-31", "a date such as 2011-08-31"),
        ) from None
