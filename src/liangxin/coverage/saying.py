"""A rule's verdict on a unit in words, with the unit's own numbers: 从业人员86人，达到80人.

Works on a whole frame: every sentence is a Polars expression over the ledger's columns, so that ten thousand reasons are
one query and one reason is the same query on one row.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

import polars as pl

from liangxin.coverage.awaiting import awaited_in
from liangxin.policy.expression import CheckedExpression
from liangxin.policy.meaning import Column, Constant, Operation, Part, to_polars
from liangxin.policy.model import Clause, Expression, Policy
from liangxin.policy.names import ValueType
from liangxin.policy.phrasing import phrase
from liangxin.registry.fields import FIELDS
from liangxin.wording import Lang, Text, join

_Measure = Mapping[Lang, str]  # English counts without a word: not a Text, which has words on both sides
_PERSON: Final[_Measure] = {"zh": "名", "en": ""}
_NOUNS: Final[Mapping[str, tuple[Text, _Measure]]] = {
    "staff": (Text("从业人员", "staff"), {"zh": "人", "en": ""}),
    "revenue": (Text("年营业收入", "annual revenue"), {"zh": "万元", "en": " (10,000 yuan)"}),
    "member_units": (Text("会员单位", "member units"), {"zh": "家", "en": ""}),
    "full_time_staff": (Text("专职工作人员", "full-time staff"), _PERSON),
    "full_members": (Text("正式党员", "full members"), _PERSON),
    "probationary_members": (Text("预备党员", "probationary members"), _PERSON),
    "mobile_members": (Text("流动党员", "mobile members"), _PERSON),
    "graduate_mobile_members": (Text("大学生流动党员", "graduate mobile members"), _PERSON),
    "applicants": (Text("入党积极分子", "applicants in training"), _PERSON),
}
"""Field: its noun and its measure word, as a sentence counts it."""
_YES_NO: Final[Mapping[str, tuple[Text, Text]]] = {
    "conditions_mature": (Text("条件成熟", "conditions mature"), Text("条件不成熟", "conditions not mature")),
    "secretary_candidate": (
        Text("有书记人选", "a secretary candidate"),
        Text("没有书记人选", "no secretary candidate"),
    ),
    "owner_is_secretary": (
        Text("业主兼任书记", "the owner is secretary"),
        Text("业主未兼任书记", "the owner is not secretary"),
    ),
    "union": (Text("已建工会", "a trade union"), Text("未建工会", "no trade union")),
    "youth_league": (Text("已建团组织", "a Youth League"), Text("未建团组织", "no Youth League")),
    "womens_federation": (
        Text("已建妇联", "a women's federation"),
        Text("未建妇联", "no women's federation"),
    ),
}
_COMPARED: Final[Mapping[str, tuple[Text, Text]]] = {
    ">=": (Text("达到{0}", "at least {0}"), Text("不足{0}", "below {0}")),
    ">": (Text("超过{0}", "above {0}"), Text("不超过{0}", "not above {0}")),
    "<=": (Text("不超过{0}", "not above {0}"), Text("超过{0}", "above {0}")),
    "<": (Text("不足{0}", "below {0}"), Text("达到{0}", "at least {0}")),
}
"""Operator: what is said when it holds and when it does not."""
_TURNED: Final = {">=": "<=", "<=": ">=", ">": "<", "<": ">", "==": "==", "!=": "!="}
_NOTHING: Final = pl.lit("")


@dataclass(frozen=True, slots=True)
class Speaker:
    """Says why rules of one policy hold, fail or are undecided, in one language."""

    policy: Policy
    lang: Lang
    # What was said of a rule before, with the rule, so that no other gets its id. Putting it together takes longer than asking it.
    _known: dict[tuple[int, bool | None], tuple[Expression, pl.Expr]] = field(
        default_factory=dict, repr=False, compare=False
    )

    def because(self, rule: Expression, verdict: bool | None) -> pl.Expr:
        """Why ``rule`` gives ``verdict``: a String for each row, to be used on rows where it does give that verdict."""
        known = self._known.get((id(rule), verdict))
        if known is None:
            known = self._known[id(rule), verdict] = (rule, self._because(rule, verdict))
        return known[1]

    def _because(self, rule: Expression, verdict: bool | None) -> pl.Expr:
        if not isinstance(rule, CheckedExpression):
            return self._words(rule.words(), verdict)
        comma = self._tell("，", ", ")
        said = self._say(rule.part, verdict)
        return said.str.split(comma).list.unique(maintain_order=True).list.join(comma)  # nothing twice

    def _tell(self, zh: str, en: str) -> str:
        return zh if self.lang == "zh" else en

    def _say(self, part: Part, verdict: bool | None) -> pl.Expr:
        if isinstance(part, Constant):
            return _NOTHING
        if isinstance(part, Column):
            return self._yes_no(part, verdict)
        if verdict is None:
            return self._awaited(part)
        if part.operator in ("and", "or"):
            return self._joined(part, verdict)
        if part.operator == "not":
            return self._say(part.operands[0], not verdict)
        return self._compared(part, verdict)

    def _joined(self, part: Operation, verdict: bool) -> pl.Expr:
        """What decides: for "and" all that hold or those that fail; for "or" those that hold or all that fail."""
        operands = list(part.operands)
        if part.operator == "and" and verdict:
            operands = [operand for operand in operands if not _is_guard(operand)] or operands
        pieces: list[pl.Expr] = []
        counted: Part | None = None
        for operand in operands:
            said = self._say(operand, verdict)
            if (
                isinstance(operand, Operation)
                and operand.operator in _COMPARED
                and part.operator == "and"
                and verdict
            ):
                if operand.operands[0] == counted:  # 从业人员60人，达到50人，不足80人: counted once
                    said = pl.lit(self._limit(operand, verdict))
                counted = operand.operands[0]
            pieces.append(pl.when((to_polars(operand) == verdict).fill_null(False)).then(said))
        return self._list(pieces)

    def _list(self, pieces: Sequence[pl.Expr]) -> pl.Expr:
        """The pieces that say something, separated by commas."""
        # Each piece once: a condition that repeats its piece would double the expression at every depth of the rule.
        spoken = [piece.replace("", None) for piece in pieces]
        return pl.concat_str(spoken, separator=self._tell("，", ", "), ignore_nulls=True).fill_null("")

    def _yes_no(self, column: Column, verdict: bool | None) -> pl.Expr:
        name = column.name.name
        if verdict is None:
            return self._awaited(column)
        if name in _YES_NO:
            return pl.lit(_YES_NO[name][0 if verdict else 1].in_language(self.lang))
        return self._words(column.name.label, verdict)

    def _words(self, words: Text, verdict: bool | None) -> pl.Expr:
        answer = {True: Text("是", "yes"), False: Text("否", "no"), None: Text("待核", "not yet known")}[
            verdict
        ]
        said = Text("{words}：{answer}", "{words}: {answer}").fill(words=words, answer=answer)
        return pl.lit(said.in_language(self.lang))

    def _awaited(self, part: Part) -> pl.Expr:
        """从业人数待核，年营业收入待核: the empty fields that keep ``part`` undecided."""
        return self._list(
            [
                pl.when(waits).then(pl.lit(self.awaited_words(name)))
                for name, waits in awaited_in(part).items()
            ]
        )

    def awaited_words(self, name: str) -> str:
        return self.label(name) + self._tell("待核", " not yet known")

    def label(self, name: str) -> str:
        field = FIELDS.get(name)
        label = field.label if field else Text("工作覆盖", "work coverage")
        return label.zh if self.lang == "zh" else label.en.lower()

    def _compared(self, part: Operation, verdict: bool) -> pl.Expr:
        left, operator = part.operands[0], part.operator
        right = part.operands[1] if len(part.operands) > 1 else left
        if operator in _TURNED and isinstance(left, Constant):
            left, right, operator = right, left, _TURNED[operator]
        if operator in ("known", "unknown") and isinstance(left, Column):
            return self._filled(left, known=(operator == "known") == verdict)
        if left.type is ValueType.NUMBER and all(
            isinstance(o, Constant) for o in part.operands if o is not left
        ):
            return self._number(left, operator, [o for o in part.operands if o is not left], verdict)
        if isinstance(left, Column) and left.name.choices is not None and operator in ("==", "!=", "in"):
            return self._choice(left)
        if isinstance(left, Column) and isinstance(right, Constant) and isinstance(right.value, date):
            return self._noun(left) + pl.col(left.name.name).cast(pl.String)
        return self._words(phrase(part), verdict)

    def _choice(self, column: Column) -> pl.Expr:
        words = {value: text.in_language(self.lang) for value, text in (column.name.choices or {}).items()}
        said = pl.col(column.name.name).replace(words)
        return pl.lit(self.label(column.name.name) + self._tell("为", " ")) + said

    def _filled(self, column: Column, *, known: bool) -> pl.Expr:
        name = column.name.name
        if not known:
            return pl.lit(self.label(name) + self._tell("未填", " not filled in"))
        value = pl.col(name)
        if column.type is ValueType.LIST:
            value = value.list.join(self._tell("、", ", "))
        return pl.lit(self.label(name) + self._tell("：", ": ")) + number_text(value)

    def _number(self, left: Part, operator: str, others: list[Part], verdict: bool) -> pl.Expr:
        value = to_polars(left)
        measure = self._measure(left)
        counted = self._noun(left) + number_text(value) + pl.lit(measure)
        if self._is_of_people(left):
            none = pl.lit(self._tell("没有", "no ")) + self._noun(left, bare=True)
            counted = pl.when(value == 0).then(none).otherwise(counted)
        limits = [
            float(o.value) for o in others if isinstance(o, Constant) and not isinstance(o.value, (str, date))
        ]
        low, high = f"{limits[0]:g}{measure}", f"{limits[-1]:g}{measure}"
        comma = self._tell("，", ", ")
        below = pl.lit(comma + self._tell(f"不足{low}", f"below {low}"))
        above = pl.lit(comma + self._tell(f"超过{high}", f"above {high}"))
        if operator in _COMPARED:
            if limits == [1.0] and operator == ">=":  # "有/没有", not "达到1名"
                return counted
            return counted + pl.lit(comma + self._compared_words(operator, low, verdict))
        if operator in ("==", "!=", "in"):
            equal = (operator != "!=") == verdict
            if equal or operator != "==":
                return counted
            return counted + pl.when(value < limits[0]).then(below).otherwise(above)
        if operator == "between":
            if verdict:
                span = f"{limits[0]:g}—{high}" if self.lang == "zh" else f"{limits[0]:g} to {high}"
                return counted + pl.lit(comma + self._tell(f"在{span}之间", f"between {span}"))
            return counted + pl.when(value < limits[0]).then(below).otherwise(above)
        return counted

    def _compared_words(self, operator: str, limit: str, verdict: bool) -> str:
        return _COMPARED[operator][0 if verdict else 1].in_language(self.lang).format(limit)

    def _limit(self, part: Operation, verdict: bool) -> str:
        """Only the comparison: 不足80人."""
        left, right = part.operands
        value = (
            f"{float(right.value):g}"
            if isinstance(right, Constant) and not isinstance(right.value, (str, date))
            else ""
        )
        return self._compared_words(part.operator, value + self._measure(left), verdict)

    def _noun(self, part: Part, *, bare: bool = False) -> pl.Expr:
        text = self._named(part)
        return pl.lit(text.in_language(self.lang) + ("" if bare or self.lang == "zh" else " "))

    def _named(self, part: Part) -> Text:
        if isinstance(part, Column):
            known = _NOUNS.get(part.name.name)
            return known[0] if known else Text(part.name.label.zh, part.name.label.en.lower())
        for definition in self.policy.definitions.values():
            rule = definition.expression
            if isinstance(rule, CheckedExpression) and rule.part == part:
                return Text(definition.label.zh.removesuffix("数"), definition.label.en.lower())
        if isinstance(part, Operation) and part.operator == "+":
            return join((self._named(operand) for operand in part.operands), "加", " plus ")
        return phrase(part)

    def _measure(self, part: Part) -> str:
        if isinstance(part, Column):
            known = _NOUNS.get(part.name.name)
            return known[1][self.lang] if known else ""
        return _PERSON[self.lang] if self._is_of_people(part) else ""

    def _is_of_people(self, part: Part) -> bool:
        """Whether the part counts members or the like, of whom a sentence can say 没有."""
        people = {name for name, (_, measure) in _NOUNS.items() if measure is _PERSON}
        return set(_fields_in_order(part)) <= people


def citation(clause: Clause, lang: Lang) -> str:
    """A clause as a sentence cites it: the notice's by number (3.2), another source by its name (党章第三十条).

    The name is what a clause's words begin with, before the colon or the dash; without one the id has to do.
    """
    name, mark, _ = clause.words.in_language(lang).partition("：" if lang == "zh" else " - ")
    return name if mark and not clause.id[:1].isdigit() else clause.id


def number_text(value: pl.Expr) -> pl.Expr:
    """A number as an office writes it: 500, not 500.0."""
    return value.cast(pl.String).str.strip_suffix(".0")


def _is_guard(part: Part) -> bool:
    """A condition on kind, ownership, state: it says which units a rule is for, not why this one meets it."""
    if isinstance(part, Operation) and part.operator in ("==", "!=", "in", "not"):
        first = part.operands[0]
        return (
            _is_guard(first)
            if part.operator == "not"
            else (isinstance(first, Column) and first.name.choices is not None)
        )
    return False


def _fields_in_order(part: Part) -> list[str]:
    if isinstance(part, Column):
        return [part.name.name]
    if isinstance(part, Constant):
        return []
    return list(dict.fromkeys(name for operand in part.operands for name in _fields_in_order(operand)))


_speakers: OrderedDict[tuple[int, Lang], Speaker] = OrderedDict()
_lock = threading.Lock()
SPEAKERS_KEPT: Final = 16


def speaker_of(policy: Policy, lang: Lang) -> Speaker:
    """The one speaker of a policy in a language; the policies asked for last keep theirs."""
    with _lock:
        known = _speakers.pop((id(policy), lang), None) or Speaker(policy, lang)
        _speakers[id(policy), lang] = known
        while len(_speakers) > SPEAKERS_KEPT:
            _speakers.popitem(last=False)
    return known
