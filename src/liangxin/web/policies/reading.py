"""The policy as an office person reads it: every rule with its words, its clause, and what it holds now."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from liangxin.policy.model import Clause, Indicator, Policy
from liangxin.registry.access import Action
from liangxin.registry.fields import FIELDS
from liangxin.registry.small_counts import small, withhold
from liangxin.web.accounts.permission import Permit
from liangxin.web.areas.models import Town
from liangxin.web.overview.queries import readable_rates
from liangxin.web.policies import in_words
from liangxin.web.policies.queries import choices, chosen, load_choice, today
from liangxin.web.units.live import Live
from liangxin.web.units.queries import readable
from liangxin.wording import Text

if TYPE_CHECKING:
    import polars as pl

    from liangxin.coverage import Rate


@dataclass(frozen=True, slots=True)
class Number:
    """A count of now; ``query`` opens the units list on exactly these units, empty where no list does.

    ``withheld``: too small to be told to this reader; then ``value`` is 0 and not the real one.
    """

    value: int
    words: Text
    query: str = ""
    withheld: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """``overlay``: the overlay that added or changed the rule."""

    anchor: str
    label: Text
    lines: tuple[Text, ...]  # the rule in words, then its limits and targets
    clause: Clause | None
    numbers: tuple[Number, ...] = ()
    overlay: str = ""
    mark: Text | None = None  # a word on it: required, error, warning


@dataclass(frozen=True, slots=True)
class Section:
    id: str
    title: Text
    intro: Text
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class ParameterValue:
    """One dated value of a parameter; ``now``: the one in force."""

    start: date
    words: Text
    source: Text
    now: bool


def _changed(permit: Permit, policy: Policy) -> Callable[[str, str, object], str]:
    """(section, id, rule) -> the last overlay that made the rule what it is, or nothing."""
    choice = chosen(permit.town, policy.as_of)
    layers = [
        load_choice(replace(choice, overlays=choice.overlays[:count]), policy.as_of)
        for count in range(len(choice.overlays))
    ]
    layers.append(policy)

    def by(section: str, id: str, rule: object) -> str:
        for at in range(len(layers) - 1, 0, -1):
            if _find(layers[at - 1], section, id) != _find(layers[at], section, id):
                return choice.overlays[at - 1]
        return ""

    return by


def _find(policy: Policy, section: str, id: str) -> object:
    rules = getattr(policy, section)
    if isinstance(rules, Mapping):
        return rules.get(id)
    if section == "haves":
        return rules.items
    return next((rule for rule in rules if rule.id == id), None)


def sections(permit: Permit, shown: Live) -> list[Section]:
    """Every rule of the policy, in the order in which a unit meets them."""
    import polars as pl

    policy = shown.policy
    lists = permit.may(Action.READ_UNITS)
    frame = readable(permit, shown) if lists else shown.classified.frame
    overlay = _changed(permit, policy)
    rates = readable_rates(permit, today(permit.town))

    def number(value: int, words: Text, **query: str) -> Number:
        if not lists and small(value):  # the whole town's, told to somebody who may read no unit of it
            return Number(0, words, withheld=True)
        return Number(value, words, "?" + urlencode(query) if lists and query else "")

    now, open_ = Text("家", "units"), Text("家待核", "to verify")
    left = _counts(frame, pl.col("left_out"))
    base = frame.filter("in_scope")
    held = _counts(frame.explode("classes"), pl.col("classes"))
    conflicts = _counts(base.explode("conflicts"), pl.col("conflicts"))
    possible = _counts(base.explode("possible_forms"), pl.col("possible_forms"))
    lines = _counts(base, pl.col("size_list"))
    states = _counts(base, pl.col("status"))
    untold = set() if lists else _withheld_parts(states)
    not_clear = _counts(base.explode("not_clear"), pl.col("not_clear"))
    haves = _counts(base.explode("haves"), pl.col("haves"))
    return [
        Section(
            "scope",
            Text("基数：哪些单位不计入", "The base: which units are left out"),
            Text("符合任何一条即移出基数；情况待核的仍留在基数里。", "Any of these leaves a unit out; what is to verify stays in."),
            tuple(
                Rule(f"scope-{each.id}", each.label, (each.when.words(),), each.clause,
                     (number(left.get(each.id, 0), now, left=each.id),), overlay("scope", each.id, each))
                for each in policy.scope
            ),
        ),
        Section(
            "classes",
            Text("类别：哪些单位要组建", "Classes: which units are to be organized"),
            Text("“必须覆盖”的类别一家不能少。", "Every unit of a class that must be covered counts."),
            tuple(
                Rule(
                    f"class-{each.id}", each.label,
                    (each.when.words(), *((in_words.ASKED[each.asked_form],) if each.asked_form else ()), *in_words.period(each.period)),
                    each.clause,
                    (number(held.get(each.id, 0), now, **{"class": each.id}),
                     *_open(int(frame[f"is_{each.id}"].null_count()), open_)),
                    overlay("classes", each.id, each),
                    Text("必须覆盖", "must be covered") if each.required else None,
                )
                for each in policy.classes
            ),
        ),
        Section(
            "indicators",
            Text("指标：怎么算", "Indicators: how they are counted"),
            Text("只计基数内的单位。", "Units of the base only."),
            tuple(
                Rule(f"indicator-{each.id}", each.label, in_words.indicator(policy, each), each.clause,
                     _rate(rates[each.id], each, number if permit.may(Action.READ_UNITS) and frame.height == shown.frame.height else None),
                     overlay("indicators", each.id, each))
                for each in policy.indicators
            ),
        ),
        Section(
            "forms",
            Text("组建形式：条件和上限", "Forms: conditions and limits"),
            Text("按先后顺序，前面的优先。", "In this order, the first that fits comes first."),
            tuple(
                Rule(f"form-{each.id}", each.label, in_words.form(each), each.clause,
                     (number(possible.get(each.id, 0), Text("家可采取", "units can take it")),), overlay("forms", each.id, each),
                     None if each.is_organization else Text("不算组建", "no organization"))
                for each in policy.forms.values()
            ),
        ),
        Section(
            "conflicts",
            Text("冲突：要指出来的矛盾", "Conflicts to point at"),
            Text("", ""),
            tuple(
                Rule(
                    f"conflict-{each.id}", in_words.message(each.message, policy), (each.when.words(),), each.clause,
                    (number(conflicts.get(each.id, 0), now, conflict=each.id),) if each.subject == "unit" else (),
                    overlay("conflicts", each.id, each),
                    Text("违反", "breaks a rule") if each.severity == "error" else Text("提醒", "to look at"),
                )
                for each in policy.conflicts
            ),
        ),
        Section(
            "clears",
            Text("八清：摸底要查清什么", "The clears: what the survey finds out"),
            Text("", ""),
            tuple(
                Rule(
                    f"clear-{each.id}", each.label,
                    (
                        Text(
                            ("、" if each.need == "all" else "或").join(FIELDS[name].label.zh for name in each.fields),
                            (", " if each.need == "all" else " or ").join(FIELDS[name].label.en for name in each.fields),
                        ),
                        *((Text("只问：{w}", "asked only where {w}").fill(w=each.when.words()),) if each.when else ()),
                    ),
                    None,
                    (number(not_clear.get(each.id, 0), Text("家未清", "not clear")),),
                    overlay("clears", each.id, each),
                )
                for each in policy.clears
            ),
        ),
        Section(
            "haves",
            Text("四个有：工作覆盖", "The four haves: work coverage"),
            Text("有其中一项即为工作覆盖。", "One of them is enough.")
            if policy.haves.need == "any"
            else Text("各项都要有。", "All of them are needed."),
            tuple(
                Rule(f"have-{each.id}", each.label, (each.when.words(),), policy.haves.clause,
                     (number(haves.get(each.id, 0), Text("家有", "have it")),), overlay("haves", each.id, each))
                for each in policy.haves.items
            ),
        ),
        Section(
            "lists",
            Text("规模名单", "Lists by size"),
            Text("摸底后分别列出的名单。", "The lists made after the survey."),
            tuple(
                Rule(f"list-{each.id}", each.label, (each.when.words(),), each.clause,
                     (number(lines.get(each.id, 0), now),), overlay("size_lists", each.id, each))
                for each in policy.size_lists
            ),
        ),
        Section(
            "statuses",
            Text("年报状态", "States of the annual return"),
            Text("每家只属于其中一种。", "Each unit is in exactly one."),
            tuple(
                Rule(f"status-{each.id}", each.label, (each.when.words(),), each.clause,
                     (Number(0, now, withheld=True) if each.id in untold else number(states.get(each.id, 0), now),),
                     overlay("statuses", each.id, each))
                for each in policy.statuses
            ),
        ),
    ]  # fmt: skip


def _counts(frame: pl.DataFrame, key: pl.Expr) -> dict[str, int]:
    return {id: count for id, count in frame.group_by(key.alias("_key")).len().iter_rows() if id is not None}


def _withheld_parts(counts: Mapping[str, int]) -> set[str]:
    """Of parts that add up to a number which everybody reads: the small ones, and those that would give them away."""
    found = withhold(list(counts.values()))
    return {id for id, gone in zip(counts, found.parts, strict=True) if gone or found.total}


def _open(count: int, words: Text) -> tuple[Number, ...]:
    return (Number(count, words),) if count else ()


def _rate(rate: Rate, each: Indicator, number: Callable[..., Number] | None) -> tuple[Number, ...]:
    """Figures are the whole town's; they open lists only for those who read the whole town."""
    made = number or (lambda value, words, **query: Number(value, words))
    if rate.hidden:
        return (Number(0, Text("分子、分母", "covered and base"), withheld=True),)
    if each.measure == "average":  # units for each organization: the lower number is not of units
        return (
            made(rate.numerator, Text("家", "units"), indicator=f"{each.id}:numerator"),
            Number(rate.denominator, Text("个党组织", "organizations")),
        )
    parts = [
        ("numerator", rate.numerator, Text("分子", "covered")),
        ("denominator", rate.denominator, Text("分母", "base")),
    ]
    if rate.unknown:
        parts.append(("unknown", rate.unknown, Text("待核", "to verify")))
    return tuple(made(value, words, indicator=f"{each.id}:{part}") for part, value, words in parts)


def parameters(policy: Policy) -> list[tuple[str, Text, list[ParameterValue]]]:
    """(anchor, label, values by date)."""
    listed = []
    for each in policy.parameters.values():
        unit = each.unit or Text("", "")
        current = each.on(policy.as_of)
        values = [
            ParameterValue(
                value.start,
                in_words.value(value.value, unit),
                value.source,
                value == current,
            )
            for value in each.values
        ]
        listed.append((f"parameter-{each.id}", each.label, values))
    return listed


def clauses(policy: Policy, made: Iterable[Section]) -> list[tuple[Clause, list[tuple[str, Text]]]]:
    """Every clause with the rules that rest on it."""
    citing: dict[str, list[tuple[str, Text]]] = {}
    for section in made:
        for rule in section.rules:
            if rule.clause is not None:
                citing.setdefault(rule.clause.id, []).append((rule.anchor, rule.label))
    return [(clause, citing.get(clause.id, [])) for clause in policy.clauses.values()]


def overlay_titles(town: Town, policy: Policy) -> list[tuple[str, Text]]:
    titles = {each.id: each.title for each in choices(town)}
    return [(id, titles.get(id, Text(id, id))) for id in policy.overlays]
