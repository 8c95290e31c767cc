"""Sections of a policy that are rules over units: scope, classes, statuses, indicators, forms, conflicts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from string import Formatter
from typing import Final, cast, get_args

from liangxin.findings import Place
from liangxin.policy.expression import CheckedExpression
from liangxin.policy.model import (
    AskedForm,
    Clause,
    ConflictRule,
    Definition,
    Form,
    Indicator,
    Measure,
    Period,
    ReturnColumn,
    Role,
    ScopeRule,
    StatusLeaf,
    Together,
    UnitClass,
)
from liangxin.policy.names import NAMES, ORGANIZATION_TYPES, Subject, ValueType
from liangxin.policy.reading import NOTHING, Reader
from liangxin.policy.suggestions import instead
from liangxin.policy.vocabulary import Vocabulary
from liangxin.registry.fields import FORMS
from liangxin.wording import Text
from liangxin.yaml_tree import Scalar, Table

LIMITS: Final = (
    "min_units",
    "max_units",
    "min_full_members",
    "max_members",
    "host_min_full_members",
    "other_max_full_members",
)
FORM_IDS: Final = tuple(form for form in FORMS if form != "none")


class RuleReader:
    """Reads the rules of one document with the vocabulary and clauses of that document."""

    def __init__(self, document: Reader, vocabulary: Vocabulary) -> None:
        self.document, self.vocabulary = document, vocabulary
        self.unit = vocabulary.unit
        self.clauses = self._clauses()

    def each(self, section: str, *, need: bool = True) -> Iterator[tuple[str, Reader]]:
        """Every rule of a section, as (id, reader). What a rule does not use up is reported when the next is asked for."""
        table = self.document.inner(section, need=need)
        if table is None:
            return
        for id in table.table.entries:
            rule = table.inner(id)
            if rule is not None:
                rule.name = f"{section}.{id}"
                rule.asked |= {"from", "to", "withdrawn"}
                yield id, rule
                rule.finish()

    def _clauses(self) -> dict[str, Clause]:
        section = self.document.inner("clauses")
        if section is None:
            return {}
        return {id: Clause(id, section.text(id)) for id in section.table.entries}

    def clause(self, rule: Reader) -> Clause:
        """The clause that a rule names; it must be among the document's ``clauses``."""
        named = rule.scalar("clause")
        if named is None:
            return Clause("", Text("", ""))
        found = self.clauses.get(named.text)
        if found is None:
            rule.wrong(
                "policy_clause",
                Text("“clauses”里没有条款“{id}”", "“clauses” has no clause “{id}”").fill(id=named.text),
                named.place,
                "",
                instead(named.text, self.clauses),
            )
        return found or Clause(named.text, Text("", ""))

    def definitions(self) -> dict[str, Definition]:
        found: dict[str, Definition] = {}
        for id, rule in self.each("definitions", need=False):
            found[id] = Definition(id, rule.text("label"), self.checked(rule, "is"))
        return found

    def checked(self, rule: Reader, key: str) -> CheckedExpression:
        """A definition's expression, which the vocabulary has already checked and reported on."""
        scalar = rule.scalar(key)
        part = self.unit.rules.get(rule.name.partition(".")[2])
        return CheckedExpression(scalar.text, part) if scalar is not None and part is not None else NOTHING

    def scope(self) -> tuple[ScopeRule, ...]:
        return tuple(
            ScopeRule(id, self.clause(rule), rule.text("label"), rule.condition("when", self.unit))
            for id, rule in self.each("scope")
        )

    def classes(self) -> tuple[UnitClass, ...]:
        found: list[UnitClass] = []
        for id, rule in self.each("classes"):
            when = self.checked(rule, "when")
            if when is not NOTHING and when.type is not ValueType.CONDITION:
                scalar = rule.scalar("when")
                rule.wrong(
                    "expression_type",
                    Text("这里要{needed}，写的是{given}", "{needed} is needed here, this is {given}").fill(
                        needed=ValueType.CONDITION.label, given=when.type.label
                    ),
                    scalar.place if scalar else rule.table.place,
                    when.source,
                )
            asked = rule.one_of("asked_form", (*get_args(AskedForm), "null"), "null")
            found.append(
                UnitClass(
                    id,
                    self.clause(rule),
                    rule.text("label"),
                    when,
                    None if asked == "null" else cast(AskedForm, asked),
                    rule.truth("required", False),
                    Period(rule.day("from"), rule.day("to")),
                )
            )
        return tuple(found)

    def statuses(self) -> tuple[StatusLeaf, ...]:
        return tuple(
            StatusLeaf(
                id,
                self.clause(rule),
                rule.text("label"),
                rule.one_of("group", ("separate", "joint", "none")),  # type: ignore[arg-type]
                rule.condition("when", self.unit),
                rule.names("also_by", tuple(ORGANIZATION_TYPES)),
            )
            for id, rule in self.each("statuses")
        )

    def return_columns(self) -> tuple[ReturnColumn, ...]:
        return tuple(
            ReturnColumn(id, rule.text("label"), rule.optional_condition("when", self.unit))
            for id, rule in self.each("return_columns", need=False)
        )

    def forms(self) -> dict[str, Form]:
        found: dict[str, Form] = {}
        for id, rule in self.each("forms"):
            if id not in FORM_IDS:
                rule.wrong(
                    "policy_name",
                    Text("台账里没有组建形式“{id}”", "The ledger has no form “{id}”").fill(id=id),
                    self.place(rule),
                    "",
                    instead(id, FORM_IDS),
                )
            arrangement = rule.one_of("arrangement", ("separate", "joint", "affiliation"))
            found[id] = Form(
                id,
                self.clause(rule),
                rule.text("label"),
                rule.condition("when", self.unit),
                arrangement,  # type: ignore[arg-type]
                rule.truth("is_organization"),
                self.limits(rule),
                cast(Together, rule.one_of("together", get_args(Together), "self")),
                rule.optional_condition("host_when", self.unit),
            )
        return found

    def place(self, rule: Reader) -> Place:
        section, _, id = rule.name.partition(".")
        table = self.document.table.entries.get(section)
        return table.place_of_key(id) if isinstance(table, Table) else rule.table.place

    def limits(self, rule: Reader) -> dict[str, float]:
        """Each limit is a number or the name of a parameter."""
        inner = rule.inner("limits", need=False)
        if inner is None:
            return {}
        found: dict[str, float] = {}
        numbers = {
            id: float(value)
            for id, value in self.unit.parameters.items()
            if isinstance(value, (int, float)) and not isinstance(value, bool)
        }
        for key in LIMITS:
            scalar = inner.scalar(key, need=False)
            if scalar is None:
                continue
            if scalar.text in numbers:
                found[key] = numbers[scalar.text]
            elif scalar.text[:1].isalpha():
                inner.known_name(scalar, numbers, "parameters")
            else:
                found[key] = inner.as_number(scalar, key)
        inner.finish()
        return found

    def indicators(self, forms: Mapping[str, Form]) -> tuple[Indicator, ...]:
        """``forms`` of an indicator: a list of its own, else all forms that are organizations; ``[]`` asks for none.

        A form that the policy does not have is refused: nothing could say whether it is joint.
        """
        organizations = frozenset(id for id, form in forms.items() if form.is_organization)
        found: list[Indicator] = []
        for id, rule in self.each("indicators"):
            own = (
                frozenset(rule.names("forms", tuple(forms) or FORM_IDS))
                if rule.has("forms")
                else organizations
            )
            rule.asked.add("forms")
            found.append(
                Indicator(
                    id,
                    self.clause(rule),
                    rule.text("label"),
                    rule.condition("denominator", self.vocabulary.of(Subject.COUNTED_UNIT)),
                    rule.optional_condition("numerator", self.vocabulary.of(Subject.COUNTED_UNIT)),
                    own,
                    rule.truth("count_without_members", True),
                    self.target(rule),
                    rule.day("due"),
                    rule.word("stage", ""),
                    cast(Measure, rule.one_of("measure", get_args(Measure), "rate")),
                    self.role(rule, [indicator.role for indicator in found]),
                )
            )
        return tuple(found)

    def role(self, rule: Reader, taken: list[Role]) -> Role:
        role = cast(Role, rule.one_of("role", get_args(Role), ""))
        if role and role in taken:
            written = rule.scalar("role")
            message = Text(
                "只能有一项指标的 role 是“{role}”", "Only one indicator can have the role “{role}”"
            )
            rule.wrong(
                "policy_duplicate", message.fill(role=role), written.place if written else rule.table.place
            )
        return role

    def target(self, rule: Reader) -> float | None:
        """A share between 0 and 1 (or 0% and 100%); an average may have any target."""
        written = rule.scalar("target", need=False)
        if written is None or written.text in ("null", "", "待定"):
            return None
        if written.text.strip()[:1] in ("+", "-", "＋", "－", "±", "≥", ">"):
            rule.wrong(
                "policy_number",
                Text(
                    "目标写要达到多少，不带符号；“比上年提高”这样的目标还不能写",
                    "A target is what is to be reached, without a sign; a rise over last year cannot be written yet",
                ),
                written.place,
                written.text,
                Text("如 60%", "such as 60%"),
            )
            return None
        target = rule.as_number(written, "target")
        if not 0 <= target <= 1 and rule.word("measure", "rate") == "rate":
            rule.wrong(
                "policy_number",
                Text("目标要在 0 到 100% 之间", "A target lies between 0 and 100%"),
                written.place,
                written.text,
                Text(f"{target:g}%", f"{target:g}%") if 1 < target <= 100 else None,
            )
        return target

    def conflicts(self) -> tuple[ConflictRule, ...]:
        found: list[ConflictRule] = []
        for id, rule in self.each("conflicts"):
            subject = rule.one_of("subject", ("unit", "organization"), "unit")
            scope = self.vocabulary.of(Subject.ORGANIZATION if subject == "organization" else Subject.UNIT)
            message = rule.text("message")
            self.check_places(
                rule, message, {*NAMES[scope.subject], *scope.parameters, *scope.rules, "as_of"}
            )
            found.append(
                ConflictRule(
                    id,
                    self.clause(rule),
                    subject,  # type: ignore[arg-type]
                    rule.condition("when", scope),
                    message,
                    rule.one_of("severity", ("error", "warning"), "error"),  # type: ignore[arg-type]
                )
            )
        return tuple(found)

    def check_places(self, rule: Reader, message: Text, names: set[str]) -> None:
        """The {places} of a message must be facts that the rule can see."""
        table = rule.table.entries.get("message")
        for language in ("zh", "en"):
            scalar = table.entries.get(language) if isinstance(table, Table) else None
            if not isinstance(scalar, Scalar):
                continue
            try:
                places = [
                    name
                    for _, name, _, _ in Formatter().parse(message.in_language(language))
                    if name is not None
                ]
            except ValueError:
                rule.wrong(
                    "policy_place",
                    Text("花括号没有配对", "A curly bracket is not closed"),
                    scalar.place,
                    scalar.text,
                )
                continue
            for name in places:
                if name not in names:
                    rule.wrong(
                        "policy_place",
                        Text(
                            "句子里的“{{{name}}}”不是可用的名称",
                            "“{{{name}}}” in the sentence is not a known name",
                        ).fill(name=name),
                        scalar.place,
                        "",
                        instead(name, names, at_most=0),
                    )
