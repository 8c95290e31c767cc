"""What each rule of a policy says of each unit: true, false or 待核 (null). Nothing is concluded from it yet."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Literal

import polars as pl

from liangxin.findings import Finding, InputError
from liangxin.policy.model import Expression, Policy
from liangxin.registry.fields import FIELDS, ledger_schema
from liangxin.wording import Text

RuleGroup = Literal["scope", "class", "form", "conflict", "status", "have", "list"]


def unit_rules(policy: Policy) -> Iterator[tuple[RuleGroup, str, Expression]]:
    """Every rule that is asked of one unit: its group, id and condition, in the policy's order."""
    yield from (("scope", rule.id, rule.when) for rule in policy.scope)
    yield from (("class", rule.id, rule.when) for rule in policy.classes)
    yield from (("form", form.id, form.when) for form in policy.forms.values())
    yield from (("conflict", rule.id, rule.when) for rule in policy.conflicts if rule.subject == "unit")
    yield from (("status", leaf.id, leaf.when) for leaf in policy.statuses)
    yield from (("have", item.id, item.when) for item in policy.haves.items)
    yield from (("list", item.id, item.when) for item in policy.size_lists)


def verdict_column(group: RuleGroup, id: str) -> str:
    return f"{group}:{id}"


def verdicts(
    ledger: pl.DataFrame, policy: Policy, groups: Collection[RuleGroup] | None = None
) -> pl.DataFrame:
    """One Boolean column a rule (``verdict_column``), one number column a definition (``definition:ID``).

    All rules, or those of some groups, go into one query, so what several rules share is worked out once.
    """
    wanted = [
        rule.polars().cast(pl.Boolean).alias(verdict_column(group, id))
        for group, id, rule in unit_rules(policy)
        if groups is None or group in groups
    ]
    wanted += [
        definition.expression.polars().alias(f"definition:{definition.id}")
        for definition in policy.definitions.values()
    ]
    # with_columns, not select: a rule that is a constant (`when: true`) is then as long as the ledger.
    names = [expression.meta.output_name() for expression in wanted]
    return ledger.lazy().with_columns(wanted).select(names).collect()


def require_ledger_columns(ledger: pl.DataFrame) -> None:
    """InputError naming every column that is absent or of the wrong type."""
    findings: list[Finding] = []
    for name, wanted in ledger_schema().items():
        field = FIELDS[name]
        if name not in ledger.columns:
            findings.append(
                Finding(
                    "column_missing",
                    Text("台账缺少“{label}”列", 'the ledger has no column "{label}"').fill(label=field.label),
                    column_of=name,
                )
            )
        elif ledger.schema[name] != wanted:
            findings.append(
                Finding(
                    "column_type",
                    Text("“{label}”列的类型不对", 'column "{label}" has the wrong type').fill(
                        label=field.label
                    ),
                    found=str(ledger.schema[name]),
                    accepted=Text(str(wanted), str(wanted)),
                    column_of=name,
                )
            )
    if findings:
        raise InputError(findings)
