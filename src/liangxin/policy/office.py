"""The section ``procedure`` of a policy: time limits, important matters, elections (4.3, 5.2)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, get_args

from liangxin.policy.model import Counting, ImportantMatter, ProcedureRules, Term
from liangxin.policy.names import ORGANIZATION_TYPES
from liangxin.policy.reading import Reader
from liangxin.policy.rules import RuleReader

ELECTION_KINDS: Final = ("found", "change", "split_off", "upgrade", "merge", "dissolve", "transfer")
"""What may be asked for of one organization; ``procedure.matter.Kind`` has the same."""


def read_procedure(rules: RuleReader) -> ProcedureRules:
    """The section as it holds on the day. A time limit names the parameter that holds its number."""
    section = rules.document.inner("procedure", need=False)
    if section is None:
        return ProcedureRules()
    section.asked |= {"from", "to"}
    terms = {id: _term(rules, id, rule) for id, rule in _each(section, "terms")}
    important = tuple(
        ImportantMatter(
            id, rules.clause(rule), rule.text("label"), rule.condition("when", rules.vocabulary.proposal)
        )
        for id, rule in _each(section, "important")
    )
    elections = section.inner("elections", need=False)
    kinds = elections.names("kinds", ELECTION_KINDS) if elections is not None else ()
    types = elections.names("types", ORGANIZATION_TYPES) if elections is not None else ()
    if elections is not None:
        elections.finish()
    section.finish()
    return ProcedureRules(terms, important, frozenset(kinds), frozenset(types))


def _term(rules: RuleReader, id: str, rule: Reader) -> Term:
    numbers = [
        name for name, value in rules.vocabulary.proposal.parameters.items() if type(value) in (int, float)
    ]
    return Term(
        id,
        rules.clause(rule),
        rule.text("label"),
        rule.one_of("count", numbers or ("",)),
        rule.one_of("counted", get_args(Counting)),  # type: ignore[arg-type]
    )


def _each(section: Reader, key: str) -> Iterator[tuple[str, Reader]]:
    table = section.inner(key, need=False)
    if table is None:
        return
    for id in table.table.entries:
        rule = table.inner(id)
        if rule is not None:
            yield id, rule
            rule.finish()
