"""The policy as an office person reads it: every rule with its words, its clause, and what it holds now."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from liangxin.policy.model import Clause, Form, Indicator, Policy
from liangxin.registry.access import Action
from liangxin.registry.fields import FIELDS
from liangxin.web.accounts.permission import Permit
from liangxin.web.units.live import Live
from liangxin.web.units.queries import readable
from liangxin.wording import Text, join

if TYPE_CHECKING:
    import polars as pl

    from liangxin.coverage import Rate

LIMITS: Final[dict[str, Text]] = {
    "min_units": Text("至少 {n} 家", "at least {n} units"),
    "max_units": Text("至多 {n} 家", "at most {n} units"),
    "min_full_members": Text("正式党员合计至少 {n} 名", "at least {n} full members in all"),
    "max_members": Text("党员合计至多 {n} 名", "at most {n} members in all"),
    "host_min_full_members": Text("主单位正式党员至少 {n} 名", "lead unit: at least {n} full members"),
    "other_max_full_members": Text(
        "其余各单位正式党员至多 {n} 名", "other units: at most {n} full members each"
    ),
}
TOGETHER: Final[dict[str, Text]] = {
    "self": Text("只有本单位", "the unit alone"),
    "park": Text("同一园区", "one park"),
    "territory": Text(
        "同一市场、楼宇、街区或村（社区）", "one market, building, street, village or community"
    ),
    "association": Text("同一行业协会（商会）", "one association"),
    "leader": Text("龙头企业周边或上下游", "the neighbourhood or chain of a leading enterprise"),
    "village": Text("所在村（社区）", "its village or community"),
}
ASKED: Final[dict[str, Text]] = {
    "separate": Text("应单独组建", "is to found its own"),
    "any": Text("形式不限", "any form"),
}


@dataclass(frozen=True, slots=True)
class Number:
    """A count of now; ``query`` opens the units list on exactly these units, empty where no list does."""

    value: int
    words: Text
    query: str = ""


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
class Stage:
    """A milestone on the timeline; ``left`` and ``width`` in percent of it, None where the notice gives no day."""

    label: Text
    clause: Clause
    said: Text
    start: date | None
    due: date | None
    left: float | None
    width: float | None
    state: tuple[str, Text]


@dataclass(frozen=True, slots=True)
class ParameterValue:
    """One dated value of a parameter; ``now``: the one in force."""

    start: date
    words: Text
    source: str
    now: bool


def _changed(permit: Permit, policy: Policy) -> Callable[[str, str, object], str]:
    """(section, id, rule) -> the last overlay that made the rule what it is, or nothing."""
    town = permit.town
    layers = [_layer(town, count, policy.as_of) for count in range(len(policy.overlays))]
    layers.append(policy)

    def by(section: str, id: str, rule: object) -> str:
        for at in range(len(layers) - 1, 0, -1):
            if _find(layers[at - 1], section, id) != _find(layers[at], section, id):
                return policy.overlays[at - 1]
        return ""

    return by


def _layer(town: Any, overlays: int, day: date) -> Policy:
    from liangxin.policy import load_policy

    return load_policy(town.policy, overlays=tuple(town.overlays)[:overlays], as_of=day)


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

    from liangxin.coverage import count

    policy = shown.policy
    lists = permit.may(Action.READ_UNITS)
    frame = readable(permit, shown) if lists else shown.classified.frame
    overlay = _changed(permit, policy)
    rates = count(shown.classified)

    def number(value: int, words: Text, **query: str) -> Number:
        return Number(value, words, "?" + urlencode(query) if lists and query else "")

    now, open_ = Text("家", "units"), Text("家待核", "to verify")
    left = _counts(frame, pl.col("left_out"))
    base = frame.filter("in_scope")
    held = _counts(frame.explode("classes"), pl.col("classes"))
    conflicts = _counts(base.explode("conflicts"), pl.col("conflicts"))
    possible = _counts(base.explode("possible_forms"), pl.col("possible_forms"))
    lines = _counts(base, pl.col("size_list"))
    states = _counts(base, pl.col("status"))
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
                    (each.when.words(), *((ASKED[each.asked_form],) if each.asked_form else ()), *_period(each.period)),
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
                Rule(f"indicator-{each.id}", each.label, _indicator(policy, each), each.clause,
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
                Rule(f"form-{each.id}", each.label, _form(each), each.clause,
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
                    f"conflict-{each.id}", _message(each.message, policy), (each.when.words(),), each.clause,
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
                     (number(states.get(each.id, 0), now),), overlay("statuses", each.id, each))
                for each in policy.statuses
            ),
        ),
    ]  # fmt: skip


def _counts(frame: pl.DataFrame, key: pl.Expr) -> dict[str, int]:
    return {id: count for id, count in frame.group_by(key.alias("_key")).len().iter_rows() if id is not None}


def _open(count: int, words: Text) -> tuple[Number, ...]:
    return (Number(count, words),) if count else ()


def _period(period: Any) -> tuple[Text, ...]:
    if period.start is None and period.end is None:
        return ()
    return (
        Text(
            f"{period.start or ''} 至 {period.end or ''}有效",
            f"in force from {period.start or '…'} to {period.end or '…'}",
        ),
    )


def _indicator(policy: Policy, each: Indicator) -> tuple[Text, ...]:
    lines = [Text("分母：{w}", "Base: {w}").fill(w=each.denominator.words())]
    parts: list[Text] = []
    if each.numerator is not None:
        parts.append(each.numerator.words())
    if each.forms:
        forms = [form.label for id, form in policy.forms.items() if id in each.forms]
        parts.append(Text("组建形式为{w}", "form is {w}").fill(w=join(forms, "、", ", ")))
        if not each.count_without_members:
            parts.append(
                Text(
                    "联合组建里没有党员的单位不算",
                    "a unit without members in a joint organization does not count",
                )
            )
    lines.append(Text("分子：{w}", "Covered: {w}").fill(w=join(parts, "；且", "; and ")))
    if each.target is not None:
        due = f"，{each.due} 前" if each.due else ""
        by = f" by {each.due}" if each.due else ""
        lines.append(Text(f"目标：{each.target:.0%}{due}", f"Target: {each.target:.0%}{by}"))
    return tuple(lines)


def _rate(rate: Rate, each: Indicator, number: Callable[..., Number] | None) -> tuple[Number, ...]:
    """Figures are the whole town's; they open lists only for those who read the whole town."""
    made = number or (lambda value, words, **query: Number(value, words))
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


def _form(each: Form) -> tuple[Text, ...]:
    lines = [Text("条件：{w}", "Condition: {w}").fill(w=each.when.words())]
    if each.host_when is not None:
        lines.append(Text("主单位：{w}", "Lead unit: {w}").fill(w=each.host_when.words()))
    lines.append(Text("范围：{w}", "Within: {w}").fill(w=TOGETHER[each.together]))
    limits = [
        LIMITS[name].fill(n=f"{value:g}")
        if name in LIMITS
        else Text(f"{name} {value:g}", f"{name} {value:g}")
        for name, value in each.limits.items()
    ]
    if limits:
        lines.append(Text("上下限：{w}", "Limits: {w}").fill(w=join(limits, "，", ", ")))
    return tuple(lines)


def _message(message: Text, policy: Policy) -> Text:
    """The sentence with "某单位" and labels in its places: {staff} becomes 〔从业人数〕."""
    import re

    def words(name: str, lang: str) -> str:
        if name in policy.parameters:
            return f"{policy.parameters[name].on(policy.as_of).value}"
        label = FIELDS[name].label if name in FIELDS else None
        if name in policy.definitions:
            label = policy.definitions[name].label
        if label is None:
            return "…"
        return f"〔{label.zh}〕" if lang == "zh" else f"[{label.en}]"

    return Text(
        re.sub(r"\{(\w+)[^}]*\}", lambda found: words(found[1], "zh"), message.zh),
        re.sub(r"\{(\w+)[^}]*\}", lambda found: words(found[1], "en"), message.en),
    )


def timeline(policy: Policy, today: date) -> tuple[list[Stage], float | None, tuple[date, date] | None]:
    """The milestones, where today stands among them in percent (None outside), and the timeline's first and last day."""
    days = [day for each in policy.milestones for day in (each.start, each.due) if day]
    if not days:
        return [_stage(each, None, today) for each in policy.milestones], None, None
    first, last = min(days), max(days)
    span = (first, last)
    at = _at(today, span) if first <= today <= last else None
    return [_stage(each, span, today) for each in policy.milestones], at, span


def _at(day: date, span: tuple[date, date]) -> float:
    return 100 * (day - span[0]).days / ((span[1] - span[0]).days + 1)


def _stage(each: Any, span: tuple[date, date] | None, today: date) -> Stage:
    left = width = None
    if span is not None and (each.start or each.due):
        start, due = each.start or each.due, each.due or span[1]
        left = _at(start, span)
        width = _at(due, span) + 100 / ((span[1] - span[0]).days + 1) - left
    if each.due is not None and today > each.due:
        state = ("", Text("期限已过", "past"))
    elif each.start is not None and today < each.start:
        state = ("", Text("未到", "to come"))
    elif each.start is not None or each.due is not None:
        days = (each.due - today).days if each.due else None
        left_words = (
            Text("进行中", "under way") if days is None else Text(f"还有 {days} 天", f"{days} days left")
        )
        state = ("soon" if days is not None and days <= 7 else "action", left_words)
    else:
        state = ("", Text("没有定日期", "no day given"))
    return Stage(each.label, each.clause, each.said, each.start, each.due, left, width, state)


def parameters(policy: Policy) -> list[tuple[str, Text, list[ParameterValue]]]:
    """(anchor, label, values by date)."""
    listed = []
    for each in policy.parameters.values():
        unit = each.unit or Text("", "")
        current = each.on(policy.as_of)
        values = [
            ParameterValue(
                value.start,
                _value(value.value, unit),
                value.source,
                value == current,
            )
            for value in each.values
        ]
        listed.append((f"parameter-{each.id}", each.label, values))
    return listed


def _value(value: float | bool | str, unit: Text) -> Text:
    if isinstance(value, bool):
        return Text("是", "yes") if value else Text("否", "no")
    words = f"{value:g}" if isinstance(value, int | float) else value
    return Text(f"{words} {unit.zh}".strip(), f"{words} {unit.en}".strip())


def clauses(policy: Policy, made: Iterable[Section]) -> list[tuple[Clause, list[tuple[str, Text]]]]:
    """Every clause with the rules that rest on it."""
    citing: dict[str, list[tuple[str, Text]]] = {}
    for section in made:
        for rule in section.rules:
            if rule.clause is not None:
                citing.setdefault(rule.clause.id, []).append((rule.anchor, rule.label))
    return [(clause, citing.get(clause.id, [])) for clause in policy.clauses.values()]


def overlay_titles(policy: Policy) -> list[tuple[str, Text]]:
    from liangxin.policy import available

    titles = {each.id: each.title for each in available()}
    return [(id, titles.get(id, Text(id, id))) for id in policy.overlays]
