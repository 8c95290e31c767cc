"""The rosters that follow from a classification, before any plan: frames of its rows, in the ledger's order."""

from __future__ import annotations

from typing import Final

import polars as pl

from liangxin.coverage.classify import Classification
from liangxin.coverage.rate import Rate
from liangxin.coverage.tally import count, has_members
from liangxin.policy.model import Policy
from liangxin.registry.fields import FIELDS
from liangxin.wording import LANGUAGES, Lang, Text

MUST_FORM_FROM: Final = 3
"""Full members from which an organization must be formed: Party constitution, article 30, whatever a notice asks."""

_MEASURES: Final = {
    "separate": Text(
        "指导单位准备请示，报批后选举，单独组建", "help it prepare its request and elect; found its own"
    ),
    "seconded": Text(
        "选派党建工作指导员1名，转入组织关系后单独组建",
        "second one instructor, move the membership relation in, found its own",
    ),
    "mobile": Text(
        "与流出地党组织商定后成立流动党员支部",
        "agree with the members' place of origin, found a mobile-member branch",
    ),
    "park": Text("在{park}内与相近企业联合组建", "found a joint organization within {park}"),
    "industry": Text("依托{association}联合组建", "found a joint organization under {association}"),
    "leader": Text(
        "由龙头企业牵头，与周边、上下游企业联合组建",
        "found a joint organization led by a leading enterprise with its neighbours and chain",
    ),
    "zone": Text("在{venue}按网格联合组建", "found a joint organization by grid in {venue}"),
    "village": Text("挂靠{village}党组织", "affiliate with the organization of {village}"),
}
_PLACES: Final = {
    "park": Text("所在园区", "its park"),
    "association": Text("所属协会（商会）", "its association"),
    "venue": Text("所在区域", "its zone"),
    "village": Text("所在村（社区）", "its village or community"),
}
_NO_FORM: Final = Text(
    "党员编入就近党组织过组织生活，培养发展党员，条件具备时组建（4.4）",
    "members take part in the nearest organization; train applicants, found when possible (4.4)",
)


def members_without_organization(classification: Classification) -> pl.DataFrame:
    """Clause 4.1: units that certainly have a member and certainly no organization, with ``measure_zh``, ``measure_en``.

    One measure for each (一企一策): the first form of the policy's order that is possible, where the unit is; what has
    to be cleared up first.
    """
    policy = classification.policy
    rows = classification.frame.filter(
        (pl.col("in_scope") & (pl.col("organization_form") == "none") & has_members(policy)).fill_null(False)
    )
    return rows.with_columns(_measure(policy, lang).alias(f"measure_{lang}") for lang in LANGUAGES)


def should_but_not_yet(classification: Classification) -> pl.DataFrame:
    """应建未建: a required class or at least three full members, and certainly no organization."""
    asked = pl.col("required") | (pl.col("full_members") >= MUST_FORM_FROM).fill_null(False)
    return classification.frame.filter(
        pl.col("in_scope") & asked & (pl.col("organization_form") == "none").fill_null(False)
    )


def size_lists(classification: Classification) -> dict[str, pl.DataFrame]:
    """The lists by size class of 4.1 by id, and under "unknown" the units of the base that no list certainly holds."""
    base = classification.frame.filter("in_scope")
    lists = {
        item.id: base.filter((pl.col("size_list") == item.id).fill_null(False))
        for item in classification.policy.size_lists
    }
    return {**lists, "unknown": base.filter(pl.col("size_list").is_null())}


def split_off(classification: Classification) -> pl.DataFrame:
    """Clause 2.1: units of a joint organization that certainly have three full members by now."""
    joint = [form.id for form in classification.policy.forms.values() if form.arrangement == "joint"]
    return classification.frame.filter(
        (
            pl.col("in_scope")
            & pl.col("organization_form").is_in(joint)
            & (pl.col("full_members") >= MUST_FORM_FROM)
        ).fill_null(False)
    )


def left_base(classification: Classification) -> pl.DataFrame:
    """Units that a scope rule leaves out, with ``why_zh``, ``why_en`` (the rule's label) and ``clause``."""
    rules = classification.policy.scope
    left = pl.col("left_out")
    return classification.frame.filter(~pl.col("in_scope")).with_columns(
        left.replace({rule.id: rule.label.zh for rule in rules}).alias("why_zh"),
        left.replace({rule.id: rule.label.en for rule in rules}).alias("why_en"),
        left.replace({rule.id: rule.clause.id for rule in rules}).alias("clause"),
    )


def base_effect(classification: Classification) -> dict[str, tuple[Rate, Rate]]:
    """Every indicator as if nobody had left the base, and as it is: what the change of base alone does to the rate."""
    everybody = Classification(
        classification.frame.with_columns(in_scope=pl.lit(True), scope_known=pl.lit(True)),
        classification.policy,
    )
    whole, now = count(everybody), count(classification)
    return {id: (whole[id], now[id]) for id in now}


def left_since(previous: Classification, current: Classification) -> pl.DataFrame:
    """Units of an earlier roster's base that are not in this one's: ``unit_id``, ``name``, ``left_out``.

    ``left_out`` is the scope rule, or null for a unit that the newer ledger does not hold at all.
    """
    before = previous.frame.filter("in_scope").select("unit_id", "name")
    now = current.frame.select("unit_id", "in_scope", "left_out")
    joined = before.join(now, on="unit_id", how="left", maintain_order="left")
    return joined.filter(~pl.col("in_scope").fill_null(False)).select("unit_id", "name", "left_out")


def _measure(policy: Policy, lang: Lang) -> pl.Expr:
    """First what must be cleared up, then the first form that is possible."""
    comma = "，" if lang == "zh" else ", "
    possible = pl.col("possible_forms")
    chosen = pl.coalesce(
        [
            pl.when(possible.list.contains(form.id)).then(_filled(form.id, form.clause.id, lang))
            for form in policy.forms.values()
            if form.id in _MEASURES
        ]
        + [pl.lit(_NO_FORM.in_language(lang))]
    )
    asked = [scope.when for scope in policy.scope] + [item.when for item in policy.classes]
    needed = [name for name in FIELDS if any(name in rule.fields for rule in asked)]
    labels = {name: _small(FIELDS[name].label, lang) for name in needed}
    open_ = pl.col("unknown").list.set_intersection(needed)
    listed = open_.list.eval(pl.element().replace(labels)).list.join("、" if lang == "zh" else ", ")
    first = pl.when(open_.list.len() > 0).then(
        pl.lit("先查清" if lang == "zh" else "first find out: ") + listed
    )
    stop = "。" if lang == "zh" else "."
    return pl.concat_str([first, chosen], separator=comma, ignore_nulls=True) + stop


def _small(label: Text, lang: Lang) -> str:
    """A label inside a sentence."""
    return label.zh if lang == "zh" else label.en.lower()


def _filled(form: str, clause: str, lang: Lang) -> pl.Expr:
    """The measure of a form with the unit's own park, association, venue or village in its place."""
    template = _MEASURES[form].in_language(lang)
    cited = f"（{clause}）" if lang == "zh" else f" ({clause})"
    for place, otherwise in _PLACES.items():
        before, mark, after = template.partition("{" + place + "}")
        if mark:
            value = pl.col(place)
            if place == "association":
                value = pl.when(value.list.len() > 0).then(value.list.join("、" if lang == "zh" else ", "))
            elif place == "venue":
                value = pl.coalesce("venue", "village")
            return pl.lit(before) + value.fill_null(otherwise.in_language(lang)) + pl.lit(after + cited)
    return pl.lit(template + cited)
