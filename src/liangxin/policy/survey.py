"""Sections of a policy about the survey and the work: size lists and clears of 4.1, haves of 4.4."""

from __future__ import annotations

from collections.abc import Mapping

from liangxin.policy.expression import CheckedExpression
from liangxin.policy.meaning import Column, Constant, Operation, Part
from liangxin.policy.model import Clause, ClearItem, HaveItem, Haves, SizeList
from liangxin.policy.names import UNIT_NAMES, ValueType
from liangxin.policy.rules import RuleReader
from liangxin.policy.suggestions import instead
from liangxin.wording import Text


def read_size_lists(rules: RuleReader) -> tuple[SizeList, ...]:
    return tuple(
        SizeList(id, rules.clause(rule), rule.text("label"), rule.condition("when", rules.unit))
        for id, rule in rules.each("size_lists")
    )


def read_haves(rules: RuleReader) -> Haves:
    rule = rules.document.inner("haves")
    if rule is None:
        return Haves(Clause("", Text("", "")), (), "any")
    rule.asked |= {"from", "to"}
    clause = rules.clause(rule)
    need = rule.one_of("need", ("all", "any"))
    items: list[HaveItem] = []
    section = rule.inner("items")
    for id in section.table.entries if section is not None else ():
        item = section.inner(id) if section is not None else None
        if item is not None:
            items.append(HaveItem(id, item.text("label"), item.condition("when", rules.unit)))
            item.finish()
    rule.finish()
    return Haves(clause, tuple(items), need)  # type: ignore[arg-type]


def read_clears(rules: RuleReader) -> tuple[ClearItem, ...]:
    found: list[ClearItem] = []
    for id, rule in rules.each("clears"):
        fields = rule.names("fields", tuple(UNIT_NAMES), need=True)
        need = rule.one_of("need", ("all", "any"), "all")
        only_where: dict[str, CheckedExpression] = {}
        inner = rule.inner("only_where", need=False)
        for name in inner.table.entries if inner is not None else ():
            if inner is not None:
                if name not in fields:
                    inner.wrong(
                        "policy_name",
                        Text(
                            "“{name}”不在这一项的 fields 里",
                            "“{name}” is not among the fields of this item",
                        ).fill(name=name),
                        inner.table.place_of_key(name),
                        "",
                        instead(name, fields),
                    )
                only_where[name] = inner.condition(name, rules.unit)
        found.append(
            ClearItem(
                id,
                rule.text("label"),
                fields,
                need,  # type: ignore[arg-type]
                _clear(fields, need, only_where),
                rule.optional_condition("when", rules.unit),
                dict(only_where),
            )
        )
    return tuple(found)


def _clear(
    fields: tuple[str, ...], need: str, only_where: Mapping[str, CheckedExpression]
) -> CheckedExpression:
    """ "All (any) of the fields are known", a field of ``only_where`` only where that is, or may be, so.

    Where a field is not asked, it settles nothing: it neither spoils "all" nor fulfils "any".
    """
    condition = ValueType.CONDITION
    parts: list[Part] = []
    for field in fields:
        known: Part = Operation("known", (Column(UNIT_NAMES[field]),), condition)
        if field in only_where:
            asked = only_where[field].part
            known = (
                Operation(
                    "or",
                    (known, Operation("certain", (Operation("not", (asked,), condition),), condition)),
                    condition,
                )
                if need == "all"
                else known
            )
        parts.append(known)
    joined: Part = (
        Operation("and" if need == "all" else "or", tuple(parts), condition)
        if len(parts) > 1
        else parts[0]
        if parts
        else Constant(True, condition)
    )
    return CheckedExpression(f"{need} of {', '.join(fields)}", joined)
