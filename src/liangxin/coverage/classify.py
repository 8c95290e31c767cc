"""From a ledger and a policy to what the policy asks of each unit and what is possible there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import polars as pl

from liangxin.coverage.awaiting import any_awaited
from liangxin.coverage.chosen import chosen, first_certain
from liangxin.coverage.verdicts import (
    RuleGroup,
    require_ledger_columns,
    unit_rules,
    verdict_column,
    verdicts,
)
from liangxin.policy.model import Policy

UNDECIDED_STATUS: Final = "unknown"
"""``status`` of a unit of the base for which no leaf of the return is certain."""
_OF_THE_BASE: Final = ("class", "form", "conflict", "status", "list")
"""Rules that speak of units of the base only; outside they are certainly false."""
_SURVEYED: Final = ("scope", "class", "form", "status", "list")
"""Rules whose missing facts the survey has to find out: see ``_unknown``."""


@dataclass(frozen=True, slots=True)
class Classification:
    """A ledger with the result columns of ``classify`` (docs/rooms.md) and the policy that gave them."""

    frame: pl.DataFrame
    policy: Policy


def classify(ledger: pl.DataFrame, policy: Policy) -> Classification:
    """Say of every unit whether it is in the base, its classes, the form asked for and the forms possible.

    ``ledger`` has exactly the columns of ``registry.fields.ledger_schema()``, one row a unit, null = 待核. The rows
    come back in the same order with the columns of docs/rooms.md added. Three-valued: a fact not yet known makes a class
    null, never false. A unit that a scope rule leaves out has no class, no form and no status.

    Raises InputError when columns are absent or of the wrong type.
    """
    require_ledger_columns(ledger)
    ruled = verdicts(ledger, policy)
    left_out = first_certain(ruled, *_group(policy, "scope"))
    in_scope = left_out.is_null()
    undecided = [pl.col(column).is_null() for column in _group(policy, "scope")[0]]
    scope_known = pl.any_horizontal(undecided or [pl.lit(False)]) & pl.col("in_scope")
    ruled = ruled.with_columns(in_scope.alias("in_scope")).with_columns(
        (~scope_known).alias("scope_known"),
        *(
            pl.when("in_scope").then(pl.col(column)).otherwise(False).alias(column)
            for group in _OF_THE_BASE
            for column in _group(policy, group)[0]
        ),
    )
    clear, not_clear = _clears(ledger, policy)
    classes = [ruled[verdict_column("class", rule.id)].alias(f"is_{rule.id}") for rule in policy.classes]
    return Classification(
        ledger.with_columns(
            ruled["in_scope"],
            left_out.alias("left_out"),
            *classes,
            chosen(ruled, *_group(policy, "class")).alias("classes"),
            _any_certain(ruled, [rule.id for rule in policy.classes if rule.required]).alias("required"),
            _asked_form(ruled, policy).alias("asked_form"),
            chosen(ruled, *_group(policy, "form")).alias("possible_forms"),
            _status(ruled, policy).alias("status"),
            chosen(ruled, *_group(policy, "conflict")).alias("conflicts"),
            _unknown(ledger, ruled, policy).alias("unknown"),
            *(ruled[f"definition:{id}"].cast(pl.Int64).alias(id) for id in ("members", "forming_members")),
            ruled["scope_known"],
            clear.alias("clear"),
            not_clear.alias("not_clear"),
            chosen(ruled, *_group(policy, "have")).alias("haves"),
            _work_covered(ruled, policy).alias("work_covered"),
            first_certain(ruled, *_group(policy, "list")).alias("size_list"),
        ),
        policy,
    )


def _group(policy: Policy, wanted: RuleGroup) -> tuple[list[str], list[str]]:
    """The verdict columns and the ids of one group of rules, in the policy's order."""
    ids = [id for group, id, _ in unit_rules(policy) if group == wanted]
    return [verdict_column(wanted, id) for id in ids], ids


def _any_certain(ruled: pl.DataFrame, classes: Iterable[str]) -> pl.Series:
    columns = [pl.col(verdict_column("class", id)).fill_null(False) for id in classes]
    # with_columns: with no class at all the literal takes the frame's length.
    return ruled.with_columns(any=pl.any_horizontal(columns or [pl.lit(False)]))["any"]


def _asked_form(ruled: pl.DataFrame, policy: Policy) -> pl.Series:
    """``separate`` where any certain class asks for it, else ``any`` where one asks for that."""
    forms = ["separate", "any"]
    asked = pl.DataFrame(
        {
            form: _any_certain(ruled, [rule.id for rule in policy.classes if rule.asked_form == form])
            for form in forms
        }
    )
    return first_certain(asked, forms, forms)


def _status(ruled: pl.DataFrame, policy: Policy) -> pl.Series:
    columns, ids = _group(policy, "status")
    leaves = [*columns, "in_scope"]  # a unit of the base that is on no leaf for certain
    return first_certain(ruled, leaves, [*ids, UNDECIDED_STATUS])


def _work_covered(ruled: pl.DataFrame, policy: Policy) -> pl.Series:
    combine = pl.all_horizontal if policy.haves.need == "all" else pl.any_horizontal
    haves = [pl.col(column) for column in _group(policy, "have")[0]] or [pl.lit(False)]
    return ruled.with_columns(covered=combine(haves))["covered"]


def _unknown(ledger: pl.DataFrame, ruled: pl.DataFrame, policy: Policy) -> pl.Series:
    """Fields that are 待核 and that an undecided scope rule, class, form, status or size list of the unit waits for.

    Conflict rules and the four haves are left out: they point at things to look at, and work coverage has the unknown
    list of its own indicator; with them every unit not yet visited would name a dozen fields.
    """
    rules = [
        (verdict_column(group, id), rule) for group, id, rule in unit_rules(policy) if group in _SURVEYED
    ]
    undecided = pl.any_horizontal([pl.col(column).is_null() for column, _ in rules] or [pl.lit(False)])
    rows = ruled.with_columns(open=undecided & pl.col("in_scope"))["open"].arg_true()
    waits = any_awaited([rule for _, rule in rules])
    fields = [name for name in ledger.columns if name in waits]
    few = ledger[rows].lazy().select(waits[name].alias(name) for name in fields).collect()
    lists = pl.DataFrame({"row": rows, "unknown": chosen(few, fields)})
    every = pl.DataFrame({"row": pl.arange(ledger.height, dtype=pl.UInt32, eager=True)})
    return every.join(lists, on="row", how="left", maintain_order="left")["unknown"].fill_null([])


def _clears(ledger: pl.DataFrame, policy: Policy) -> tuple[pl.Series, pl.Series]:
    """The clears 八清 that are clear, and those that are asked of the unit and are not."""
    wanted: list[pl.Expr] = []
    for item in policy.clears:
        asked = pl.lit(True) if item.when is None else item.when.polars().fill_null(True)
        clear = item.clear.polars()
        wanted += [(asked & clear).alias(f"clear:{item.id}"), (asked & ~clear).alias(f"open:{item.id}")]
    seen = ledger.lazy().with_columns(wanted).select("unit_id", pl.col("^(clear|open):.*$")).collect()
    ids = [item.id for item in policy.clears]
    return (
        chosen(seen, [f"clear:{id}" for id in ids], ids),
        chosen(seen, [f"open:{id}" for id in ids], ids),
    )
