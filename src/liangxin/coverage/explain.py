"""Every rule's verdict on one unit: yes, no or 待核, with its clause, its words and the facts it used."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import polars as pl

from liangxin.coverage.classify import Classification
from liangxin.coverage.saying import speaker_of
from liangxin.coverage.tally import listing
from liangxin.coverage.verdicts import RuleGroup, verdict_column, verdicts
from liangxin.policy.model import Clause, Expression
from liangxin.registry.fields import FIELDS, FieldType
from liangxin.wording import LANGUAGES, Lang, Text


@dataclass(frozen=True, slots=True)
class Verdict:
    """``says``: True, False or None (待核). ``because``: the unit's own facts in words. ``facts``: the fields used."""

    group: RuleGroup
    id: str
    label: Text
    clause: Clause | None
    says: bool | None
    rule: Text
    because: Text
    facts: dict[str, Any]


@dataclass(frozen=True, slots=True)
class IndicatorPlace:
    """Where the unit stands in one indicator."""

    id: str
    label: Text
    clause: Clause
    parts: tuple[str, ...]  # of numerator, denominator, missing, unknown; empty: outside


def explain(
    classification: Classification,
    unit_id: str,
    groups: Collection[RuleGroup] | None = None,
    languages: Collection[Lang] = LANGUAGES,
    called: Mapping[str, str] = MappingProxyType({}),
) -> tuple[Verdict, ...]:
    """The verdict of every rule on the unit, in the policy's order. KeyError when the ledger has no such unit.

    ``groups``: only rules of these groups. ``languages``: ``because`` is empty in the others.
    ``called``: what areas, associations … are called by their ids, for ``because``; an id that is not in it stays. All sentences are made by one query, so that a page can show them at once.
    """
    row = _row(classification, unit_id)
    policy = classification.policy
    said = verdicts(row, policy, groups).row(0, named=True)
    facts = row.row(0, named=True)
    rules = [each for each in _rules(classification) if groups is None or each[0] in groups]
    words = (
        _with_names(row, called)
        .select(
            pl.coalesce(
                speaker_of(policy, lang).because(rule, said[verdict_column(group, id)]), pl.lit("")
            ).alias(f"{lang}:{group}:{id}")
            for lang in languages
            for group, id, _, _, rule in rules
        )
        .row(0, named=True)
    )
    return tuple(
        Verdict(
            group,
            id,
            label,
            clause,
            said[verdict_column(group, id)],
            rule.words(),
            Text(*(words.get(f"{lang}:{group}:{id}", "") for lang in LANGUAGES)),
            {name: facts[name] for name in row.columns if name in used},
        )
        for group, id, label, clause, rule in rules
        for used in (rule.fields,)  # found by a walk through the rule: once, not once a column
    )


def indicator_places(classification: Classification, unit_id: str) -> tuple[IndicatorPlace, ...]:
    """The lists of ``coverage.listing`` that hold the unit, for each indicator."""
    one = Classification(_row(classification, unit_id), classification.policy)
    return tuple(
        IndicatorPlace(
            item.id,
            item.label,
            item.clause,
            tuple(
                part
                for part in ("denominator", "numerator", "missing", "unknown")
                if listing(one, item.id, part).height
            ),
        )
        for item in classification.policy.indicators
    )


def _with_names(row: pl.DataFrame, called: Mapping[str, str]) -> pl.DataFrame:
    """Names where the ledger holds ids, so that a sentence says 机械行业协会 and not S3. The verdicts are drawn before."""
    if not called:
        return row
    single = [name for name in row.columns if name in FIELDS and FIELDS[name].type is FieldType.REFERENCE]
    several = [name for name in row.columns if name in FIELDS and FIELDS[name].type is FieldType.REFERENCES]
    return row.with_columns(
        *(pl.col(name).replace(called) for name in single),
        *(pl.col(name).list.eval(pl.element().replace(called)) for name in several),
    )


def _row(classification: Classification, unit_id: str) -> pl.DataFrame:
    row = classification.frame.filter(pl.col("unit_id") == unit_id).head(1)
    if row.is_empty():
        raise KeyError(unit_id)
    return row


def _rules(
    classification: Classification,
) -> Iterator[tuple[RuleGroup, str, Text, Clause | None, Expression]]:
    policy = classification.policy
    for scope in policy.scope:
        yield "scope", scope.id, scope.label, scope.clause, scope.when
    for unit_class in policy.classes:
        yield "class", unit_class.id, unit_class.label, unit_class.clause, unit_class.when
    for form in policy.forms.values():
        yield "form", form.id, form.label, form.clause, form.when
    for conflict in policy.conflicts:
        if conflict.subject == "unit":
            yield "conflict", conflict.id, conflict.message, conflict.clause, conflict.when
    for leaf in policy.statuses:
        yield "status", leaf.id, leaf.label, leaf.clause, leaf.when
    for have in policy.haves.items:
        yield "have", have.id, have.label, policy.haves.clause, have.when
    for size in policy.size_lists:
        yield "list", size.id, size.label, size.clause, size.when
