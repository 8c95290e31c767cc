"""Reading a rule from its table, key by key, noting everything that is wrong instead of stopping at the first."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

from liangxin.findings import Finding, Place
from liangxin.policy.checking import Scope, check
from liangxin.policy.expression import CheckedExpression
from liangxin.policy.meaning import Constant
from liangxin.policy.names import ValueType
from liangxin.policy.suggestions import instead
from liangxin.policy.written import read_day, read_number
from liangxin.wording import Text
from liangxin.yaml_tree import Items, Node, Scalar, Table

NOTHING = CheckedExpression("", Constant(False, ValueType.CONDITION))
"""Stands where an expression was refused, so that the rest of the file can still be read. Never leaves the loader."""


class Reader:
    """One table being read. A key asked for is used up; ``finish`` reports the rest as unknown."""

    def __init__(self, table: Table, findings: list[Finding], name: str = "") -> None:
        self.table, self.findings, self.name = table, findings, name
        self.asked: set[str] = {"from", "to", "withdrawn"} if name else set()

    def wrong(
        self, code: str, message: Text, place: Place, found: str = "", accepted: Text | None = None
    ) -> None:
        self.findings.append(Finding(code, message, place, found, accepted))

    def node(self, key: str, *, need: bool = True) -> Node | None:
        self.asked.add(key)
        node = self.table.entries.get(key)
        if node is None and need:
            message = (
                Text("“{name}”缺少“{key}”", "“{name}” lacks “{key}”")
                if self.name
                else Text("缺少“{key}”", "“{key}” is missing")
            )
            self.wrong("policy_missing", message.fill(name=self.name, key=key), self.table.place)
        return node

    def has(self, key: str) -> bool:
        return key in self.table.entries

    def scalar(self, key: str, *, need: bool = True) -> Scalar | None:
        node = self.node(key, need=need)
        if node is None or isinstance(node, Scalar):
            return node
        message = Text("“{key}”后面要写一个值", "“{key}” takes a single value").fill(key=key)
        self.wrong("policy_shape", message, node.place)
        return None

    def word(self, key: str, default: str | None = None) -> str:
        found = self.scalar(key, need=default is None)
        return found.text if found is not None else default or ""

    def one_of(self, key: str, allowed: Collection[str], default: str | None = None) -> str:
        found = self.scalar(key, need=default is None)
        if found is None:
            return default if default is not None else next(iter(allowed))
        self.known_name(found, allowed, key)
        return found.text

    def known_name(self, scalar: Scalar, allowed: Collection[str], what: str) -> bool:
        if scalar.text in allowed:
            return True
        self.wrong(
            "policy_name",
            Text("“{what}”没有“{value}”这一项", "“{value}” is not one of “{what}”").fill(
                what=what, value=scalar.text
            ),
            scalar.place,
            "",
            instead(scalar.text, allowed),
        )
        return False

    def names(
        self, key: str, allowed: Collection[str] | None = None, *, need: bool = False
    ) -> tuple[str, ...]:
        """A list of words, each one of ``allowed``."""
        node = self.node(key, need=need)
        if node is None:
            return ()
        if not isinstance(node, Items):
            self.wrong(
                "policy_shape",
                Text("“{key}”要写成列表：[甲, 乙]", "“{key}” must be a list: [a, b]").fill(key=key),
                node.place,
            )
            return ()
        found: list[str] = []
        for item in node.items:
            if not isinstance(item, Scalar):
                self.wrong("policy_shape", Text("列表里要写名称", "The list holds names only"), item.place)
            elif allowed is None or self.known_name(item, allowed, key):
                found.append(item.text)
        return tuple(found)

    def text(self, key: str) -> Text:
        return self.optional_text(key, need=True) or Text("", "")

    def optional_text(self, key: str, *, need: bool = False) -> Text | None:
        node = self.node(key, need=need)
        return None if node is None else both_languages(node, key, self.findings)

    def citation(self, key: str) -> Text:
        """In both languages, or one word for both: a document's own number and title need no translation."""
        node = self.node(key)
        if isinstance(node, Scalar):
            word = self.word(key)
            return Text(word, word)
        return Text("", "") if node is None else both_languages(node, key, self.findings)

    def texts(self, key: str) -> tuple[Text, ...]:
        node = self.node(key, need=False)
        if node is None:
            return ()
        if isinstance(node, Table):
            return (both_languages(node, key, self.findings),)
        items = node.items if isinstance(node, Items) else (node,)
        return tuple(both_languages(item, key, self.findings) for item in items)

    def day(self, key: str, *, need: bool = False) -> date | None:
        found = self.scalar(key, need=need)
        if found is None or found.text in ("", "null", "~"):
            return None
        day = read_day(found.text)
        if day is None:
            self.wrong(
                "policy_date",
                Text("“{key}”要写日期，而且确有这一天", "“{key}” must be a date that exists").fill(key=key),
                found.place,
                found.text,
                Text("如 2011-08-31", "such as 2011-08-31"),
            )
        return day

    def number(self, key: str, default: float | None = None) -> float:
        found = self.scalar(key, need=default is None)
        if found is None:
            return default or 0.0
        return self.as_number(found, key)

    def as_number(self, scalar: Scalar, key: str) -> float:
        """A number; ``35%`` is 0.35, and so is ``35％``."""
        number = read_number(scalar.text)
        if number is not None:
            return number
        self.wrong(
            "policy_number",
            Text("“{key}”要写数字", "“{key}” must be a number").fill(key=key),
            scalar.place,
            scalar.text,
        )
        return 0.0

    def truth(self, key: str, default: bool | None = None) -> bool:
        found = self.scalar(key, need=default is None)
        if found is None:
            return bool(default)
        if found.text not in ("true", "false"):
            self.wrong(
                "policy_truth",
                Text("“{key}”只能写 true 或 false", "“{key}” is true or false").fill(key=key),
                found.place,
                found.text,
            )
        return found.text == "true"

    def condition(self, key: str, scope: Scope) -> CheckedExpression:
        found = self.scalar(key)
        return NOTHING if found is None else expression(found, scope, self.findings, ValueType.CONDITION)

    def optional_condition(self, key: str, scope: Scope) -> CheckedExpression | None:
        self.asked.add(key)
        return self.condition(key, scope) if self.has(key) else None

    def inner(self, key: str, *, need: bool = True) -> Reader | None:
        node = self.node(key, need=need)
        if node is None:
            return None
        if not isinstance(node, Table):
            self.wrong(
                "policy_shape",
                Text("“{key}”下面要写“名称: 内容”", "“{key}” must hold “name: content”").fill(key=key),
                node.place,
            )
            return None
        return Reader(node, self.findings, f"{self.name}.{key}" if self.name else key)

    def finish(self, also: Iterable[str] = ()) -> None:
        """Report the keys that nobody asked for."""
        known = self.asked | set(also)
        for key in self.table.entries:
            if key not in known:
                message = Text("“{key}”不是这里能写的项", "“{key}” is not a key that belongs here").fill(
                    key=key
                )
                candidates = sorted(known - {"withdrawn"})
                self.wrong("policy_key", message, self.table.place_of_key(key), "", instead(key, candidates))


def both_languages(node: Node, key: str, findings: list[Finding]) -> Text:
    """``{zh: …, en: …}``, or Chinese alone (a plain word, or no ``en``), which then stands in English too."""
    if isinstance(node, Table):
        inner = Reader(node, findings, key)
        chinese = inner.word("zh")
        text = Text(chinese, inner.word("en", chinese))
        inner.finish()
        return text
    if isinstance(node, Scalar) and node.text.strip() not in ("", "null", "~"):
        return Text(node.text, node.text)
    message = Text("“{key}”要写文字，至少有中文", "“{key}” needs words, in Chinese at least").fill(key=key)
    accepted = Text("{zh: 中文, en: 英文}，或只写中文", "{zh: Chinese, en: English}, or Chinese alone")
    findings.append(Finding("policy_text", message, node.place, getattr(node, "text", ""), accepted))
    return Text("", "")


def expression(
    scalar: Scalar, scope: Scope, findings: list[Finding], needed: ValueType | None
) -> CheckedExpression:
    """The expression of a word; its problems are noted at their own line and column."""
    part, problems = check(scalar.text, scope, needed)
    for problem in problems:
        findings.append(
            Finding(
                problem.code, problem.message, scalar.place_of(problem.at), problem.found, problem.accepted
            )
        )
    return NOTHING if part is None else CheckedExpression(scalar.text, part)
