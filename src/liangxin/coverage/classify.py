"""From a ledger and a policy to what the policy asks of each unit and what is possible there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import polars as pl

from liangxin.coverage.awaiting import any_awaited
from liangxin.coverage.chosen import chosen
from liangxin.coverage.verdicts import require_ledger_columns, unit_rules, verdict_column, verdicts
from liangxin.policy.model import Policy

_SURVEYED: Final = ("scope", "class", "form", "status", "list")


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
    left_out = _left_out(ruled, policy)
    in_scope = left_out.is_null().alias("in_scope")
    inside = pl.lit(in_scope)

    columns: list[pl.Series] = [in_scope, left_out, _scope_known(ruled, policy, in_scope)]
    classes = ruled.select(
        _only(inside, pl.col(verdict_column("class", rule.id))).alias(f"is_{rule.id}")
        for rule in policy.classes
    )
    columns += classes.get_columns()
    columns.append(chosen(classes, [rule.id for rule in policy.classes]).alias("classes"))
    columns += classes.select(_required(policy), _asked_form(policy)).get_columns()

    forms = ruled.select(_only(inside, pl.col(verdict_column("form", id))).alias(id) for id in policy.forms)
    columns.append(chosen(forms, list(policy.forms)).alias("possible_forms"))
    columns.append(ruled.select(_status(policy, inside).alias("status")).to_series())
    broken = [rule.id for rule in policy.conflicts if rule.subject == "unit"]
    conflicts = ruled.select(_only(inside, pl.col(verdict_column("conflict", id))).alias(id) for id in broken)
    columns.append(chosen(conflicts, broken).alias("conflicts"))
    columns.append(_unknown(ledger, ruled, policy, in_scope).alias("unknown"))
    columns += [ruled[f"definition:{id}"].cast(pl.Int64).alias(id) for id in ("members", "forming_members")]
    columns += _clears(ledger, policy)
    haves = ruled.select(verdict_column("have", item.id) for item in policy.haves.items)
    columns.append(chosen(haves, [item.id for item in policy.haves.items]).alias("haves"))
    combine = pl.all_horizontal if policy.haves.need == "all" else pl.any_horizontal
    columns.append(haves.select(combine(pl.all()).alias("work_covered")).to_series())
    columns.append(ruled.select(_first_certain(policy, inside).alias("size_list")).to_series())
    return Classification(ledger.with_columns(columns), policy)


def _left_out(ruled: pl.DataFrame, policy: Policy) -> pl.Series:
    """The first scope rule that certainly leaves the unit out."""
    reasons = [
        pl.when(pl.col(verdict_column("scope", rule.id))).then(pl.lit(rule.id)) for rule in policy.scope
    ]
    if not reasons:
        return pl.Series("left_out", [None] * ruled.height, dtype=pl.String)
    return ruled.select(pl.coalesce(reasons).alias("left_out")).to_series()


def _scope_known(ruled: pl.DataFrame, policy: Policy, in_scope: pl.Series) -> pl.Series:
    """False where the unit is only in the base because a scope rule is 待核."""
    undecided = [pl.col(verdict_column("scope", rule.id)).is_null() for rule in policy.scope]
    return ruled.select(
        (~(pl.any_horizontal(undecided or [pl.lit(False)]) & pl.lit(in_scope))).alias("scope_known")
    ).to_series()


def _only(inside: pl.Expr, rule: pl.Expr) -> pl.Expr:
    """The rule inside the base; certainly false outside."""
    return pl.when(inside).then(rule).otherwise(False)


def _required(policy: Policy) -> pl.Expr:
    required = [pl.col(f"is_{rule.id}").fill_null(False) for rule in policy.classes if rule.required]
    return pl.any_horizontal(required or [pl.lit(False)]).alias("required")


def _asked_form(policy: Policy) -> pl.Expr:
    """``separate`` where any certain class asks for it, else ``any`` where one asks for that."""

    def asks(form: str) -> pl.Expr:
        asking = [
            pl.col(f"is_{rule.id}").fill_null(False) for rule in policy.classes if rule.asked_form == form
        ]
        return pl.any_horizontal(asking or [pl.lit(False)])

    separate = pl.when(asks("separate")).then(pl.lit("separate"))
    return separate.when(asks("any")).then(pl.lit("any")).alias("asked_form")


def _unknown(ledger: pl.DataFrame, ruled: pl.DataFrame, policy: Policy, in_scope: pl.Series) -> pl.Series:
    """Fields that are 待核 and that an undecided scope rule, class, form, status or size list of the unit waits for.

    Conflict rules and the four haves are left out: they point at things to look at, and work coverage has the unknown
    list of its own indicator; with them every unit not yet visited would name a dozen fields.
    """
    rules = [
        (verdict_column(group, id), rule) for group, id, rule in unit_rules(policy) if group in _SURVEYED
    ]
    undecided = ruled.select(pl.any_horizontal(pl.col(column).is_null() for column, _ in rules)).to_series()
    rows = (undecided & in_scope).arg_true()
    waits = any_awaited([rule for _, rule in rules])
    fields = [name for name in ledger.columns if name in waits]
    few = ledger[rows].lazy().select(waits[name].alias(name) for name in fields).collect()
    lists = pl.DataFrame({"row": rows, "unknown": chosen(few, fields)})
    every = pl.DataFrame({"row": pl.arange(ledger.height, dtype=pl.UInt32, eager=True)})
    return every.join(lists, on="row", how="left", maintain_order="left")["unknown"].fill_null([])


def _clears(ledger: pl.DataFrame, policy: Policy) -> list[pl.Series]:
    """Two lists: the clears 八清 that are clear, and those that are asked of the unit and are not."""
    wanted: list[pl.Expr] = []
    for item in policy.clears:
        asked = pl.lit(True) if item.when is None else item.when.polars().fill_null(True)
        clear = item.clear.polars()
        wanted += [(asked & clear).alias(f"clear:{item.id}"), (asked & ~clear).alias(f"open:{item.id}")]
    seen = ledger.lazy().with_columns(wanted).select(pl.col("^(clear|open):.*$")).collect()
    ids = [item.id for item in policy.clears]
    return [
        chosen(seen.select(f"clear:{id}" for id in ids), ids).alias("clear"),
        chosen(seen.select(f"open:{id}" for id in ids), ids).alias("not_clear"),
    ]


UNDECIDED_STATUS: Final = "unknown"
"""``status`` of a unit for which no leaf of the return is certain."""


def _status(policy: Policy, inside: pl.Expr) -> pl.Expr:
    leaves: list[pl.Expr] = [
        pl.when(pl.col(verdict_column("status", leaf.id))).then(pl.lit(leaf.id)) for leaf in policy.statuses
    ]
    return pl.when(inside).then(pl.coalesce([*leaves, pl.lit(UNDECIDED_STATUS)]))


def _first_certain(policy: Policy, inside: pl.Expr) -> pl.Expr:
    lists: list[pl.Expr] = [
        pl.when(inside & pl.col(verdict_column("list", item.id))).then(pl.lit(item.id))
        for item in policy.size_lists
    ]
    return pl.coalesce(lists or [pl.lit(None, dtype=pl.String)])
