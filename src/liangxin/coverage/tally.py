"""Counting: which place each unit takes in an indicator, the rates, and the units behind every number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal, get_args

import polars as pl

from liangxin.coverage.awaiting import any_awaited
from liangxin.coverage.chosen import chosen
from liangxin.coverage.classify import Classification
from liangxin.coverage.planned import as_planned
from liangxin.coverage.rate import Places, Rate
from liangxin.coverage.settling import constants_of, places, settled_places
from liangxin.policy.model import Indicator, Policy
from liangxin.registry.fields import FIELDS

Part = Literal["numerator", "denominator", "missing", "unknown"]
PARTS: Final[tuple[Part, ...]] = get_args(Part)


def count(classification: Classification, forms: pl.DataFrame | None = None) -> dict[str, Rate]:
    """Every indicator of the policy, counted over the base.

    ``forms`` (columns ``unit_id``, ``form`` and, if the plan says so, ``work_covered``) counts as if that plan were
    carried out; units it does not name stay as they are. A rate's numerator and denominator count what is certain;
    ``low`` and ``high`` are the least and the most it can become when the facts that are 待核 are known.
    """
    frame = as_planned(classification, forms)
    stand = _places(frame, classification.policy, classification.policy.indicators)
    return {
        indicator.id: _average(frame, stand, indicator)
        if indicator.measure == "average"
        else _rate(stand, indicator)
        for indicator in classification.policy.indicators
    }


def stand_in(classification: Classification, indicators: Sequence[Indicator]) -> pl.DataFrame:
    """Where each unit stands in these indicators: the flags that every rate and list is made from (``_places``)."""
    return _places(classification.frame, classification.policy, indicators)


def listing(
    classification: Classification,
    indicator_id: str,
    part: Part,
    forms: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """The units behind a number of ``count``, with every column of the classification, in the ledger's order.

    ``missing``: certainly in the denominator and certainly not in the numerator. ``unknown``: 待核, with one more
    column ``awaited``, the fields whose facts would settle the unit's place. So numerator + missing + those of unknown
    that are in the denominator make the denominator.

    Raises KeyError for an indicator the policy does not have, ValueError for another part.
    """
    if part not in PARTS:
        raise ValueError(f"part is one of {', '.join(PARTS)}, not {part!r}")
    indicator = indicator_of(classification.policy, indicator_id)
    frame = as_planned(classification, forms)
    stand = _places(frame, classification.policy, [indicator])
    rows = frame.filter(stand[f"{part}:{indicator.id}"])
    if part == "unknown":
        rows = rows.with_columns(_awaited(rows, indicator, classification.policy))
    return rows


def indicator_of(policy: Policy, indicator_id: str) -> Indicator:
    found = next((item for item in policy.indicators if item.id == indicator_id), None)
    if found is None:
        raise KeyError(indicator_id)
    return found


def _meets(policy: Policy, indicator: Indicator) -> pl.Expr:
    """What puts a unit of the denominator into the numerator: the condition, a form that counts, a member if asked."""
    conditions: list[pl.Expr] = []
    if indicator.numerator is not None:
        conditions.append(indicator.numerator.polars())
    forms = indicator.forms
    if forms:
        form = pl.col("organization_form")
        conditions.append(form.is_in(sorted(forms)))
        joint = _joint_forms(policy, indicator)
        if not indicator.count_without_members and joint:
            conditions.append(~form.is_in(joint) | has_members(policy))
    return pl.all_horizontal(conditions)


def has_members(policy: Policy) -> pl.Expr:
    """At least one member: certain as soon as one count shows it. The policy's ``any_member`` where it defines one."""
    if "any_member" in policy.definitions:
        return policy.definitions["any_member"].expression.polars()
    return (pl.col("full_members") >= 1) | (pl.col("probationary_members") >= 1)


def _member_fields(policy: Policy) -> frozenset[str]:
    if "any_member" in policy.definitions:
        return policy.definitions["any_member"].expression.fields
    return frozenset({"full_members", "probationary_members"})


def _needed_by_numerator(policy: Policy, indicator: Indicator) -> frozenset[str]:
    fields = indicator.numerator.fields if indicator.numerator is not None else frozenset[str]()
    if indicator.forms:
        fields |= {"organization_form"}
        if not indicator.count_without_members:
            fields |= {"full_members", "probationary_members"} | policy.definitions[
                "members"
            ].expression.fields
    return fields


def _places(frame: pl.DataFrame, policy: Policy, indicators: Sequence[Indicator]) -> pl.DataFrame:
    """Where each unit stands in each indicator.

    Columns ``out:ID``, ``miss:ID``, ``meet:ID``: the places a unit of the base can still take; ``denominator:ID``,
    ``numerator:ID``, ``missing:ID``, ``unknown:ID``: whether it is on that list.
    """
    base, sure = pl.col("in_scope"), pl.col("scope_known")
    truths = frame.lazy().with_columns(
        [item.denominator.polars().alias(f"d:{item.id}") for item in indicators]
        + [_meets(policy, item).alias(f"n:{item.id}") for item in indicators]
    )
    columns: list[pl.Expr] = []
    for item in indicators:
        d, n = pl.col(f"d:{item.id}"), pl.col(f"n:{item.id}")
        out, miss, meet = places(d, n)
        columns += [
            (base & (out | ~sure)).alias(f"out:{item.id}"),
            (base & miss).alias(f"miss:{item.id}"),
            (base & meet).alias(f"meet:{item.id}"),
            (base & d.fill_null(False)).alias(f"denominator:{item.id}"),
            (base & (d & n).fill_null(False)).alias(f"numerator:{item.id}"),
            (base & (d & ~n).fill_null(False)).alias(f"missing:{item.id}"),
            (base & d.is_null() & n.is_null()).alias(f"entangled:{item.id}"),
        ]
    found = truths.select(columns).collect()
    for item in indicators:
        found = _disentangled(found, frame, policy, item)
    return found.with_columns(
        (
            (pl.col(f"out:{i.id}") & (pl.col(f"miss:{i.id}") | pl.col(f"meet:{i.id}")))
            | (pl.col(f"miss:{i.id}") & pl.col(f"meet:{i.id}"))
        ).alias(f"unknown:{i.id}")
        for i in indicators
    )


def _disentangled(found: pl.DataFrame, frame: pl.DataFrame, policy: Policy, item: Indicator) -> pl.DataFrame:
    """Narrow the places of units whose denominator and numerator wait for the same fact."""
    shared = item.denominator.fields & _needed_by_numerator(policy, item)
    entangled = found[f"entangled:{item.id}"]
    if not shared or not entangled.any():
        return found
    rows = entangled.arg_true()
    constants = constants_of([item.denominator, item.numerator]) | {1.0}  # 1: has a member
    settled = settled_places(frame[rows], item.denominator.polars(), _meets(policy, item), shared, constants)
    settled = settled.with_columns(pl.col("out") | ~pl.lit(frame["scope_known"][rows]))
    return found.with_columns(
        found[f"{place}:{item.id}"].scatter(rows, settled[place]) for place in ("out", "miss", "meet")
    )


def _rate(places: pl.DataFrame, indicator: Indicator) -> Rate:
    id = indicator.id
    out, miss, meet = (pl.col(f"{place}:{id}") for place in ("out", "miss", "meet"))
    row = places.select(
        numerator=pl.col(f"numerator:{id}").sum(),
        denominator=pl.col(f"denominator:{id}").sum(),
        miss=(~out & miss & ~meet).sum(),
        meet=(~out & ~miss & meet).sum(),
        miss_or_meet=(~out & miss & meet).sum(),
        out_or_miss=(out & miss & ~meet).sum(),
        out_or_meet=(out & ~miss & meet).sum(),
        anywhere=(out & miss & meet).sum(),
    ).row(0, named=True)
    numerator, denominator = row.pop("numerator"), row.pop("denominator")
    stand = Places(**row)
    return Rate(numerator, denominator, stand.unknown, stand.low(), stand.high())


def _average(frame: pl.DataFrame, places: pl.DataFrame, indicator: Indicator) -> Rate:
    """Units for each organization: 平均覆盖户数. A number, not a share, so it has no range of a rate."""
    id = indicator.id
    organizations = frame.filter(places[f"numerator:{id}"])["organization_id"].drop_nulls().n_unique()
    units = int(places[f"numerator:{id}"].sum())
    unknown = int(places[f"unknown:{id}"].sum())
    return Rate(units, organizations, unknown)


def _awaited(rows: pl.DataFrame, indicator: Indicator, policy: Policy) -> pl.Series:
    """Per unit the empty fields that keep its place in the indicator, or in the base, undecided."""
    rules = [indicator.denominator, *([indicator.numerator] if indicator.numerator else [])]
    waits = {name: [wait] for name, wait in any_awaited(rules).items()}
    for name, wait in any_awaited([rule.when for rule in policy.scope]).items():
        waits.setdefault(name, []).append(wait & ~pl.col("scope_known"))
    if "work_covered" in waits:
        covering = pl.any_horizontal(waits.pop("work_covered"))
        for name, wait in any_awaited([item.when for item in policy.haves.items]).items():
            waits.setdefault(name, []).append(wait & covering)
    if indicator.forms:
        waits.setdefault("organization_form", []).append(pl.col("organization_form").is_null())
        if not indicator.count_without_members:
            joint = pl.col("organization_form").is_in(_joint_forms(policy, indicator)).fill_null(True)
            open_ = joint & has_members(policy).is_null()
            for name in _member_fields(policy):
                waits.setdefault(name, []).append(pl.col(name).is_null() & open_)
    fields = [name for name in FIELDS if name in waits]
    empty = rows.lazy().select(pl.any_horizontal(waits[name]).alias(name) for name in fields).collect()
    return chosen(empty, fields).alias("awaited")


def _joint_forms(policy: Policy, indicator: Indicator) -> list[str]:
    return [id for id in sorted(indicator.forms) if policy.forms[id].arrangement == "joint"]
