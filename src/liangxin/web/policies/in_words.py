"""The parts of a rule in words: its limits, its period, what an indicator counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from liangxin.policy.model import Form, Indicator, Policy
from liangxin.registry.fields import FIELDS
from liangxin.wording import Text, join

if TYPE_CHECKING:
    pass

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


def period(period: Any) -> tuple[Text, ...]:
    if period.start is None and period.end is None:
        return ()
    return (
        Text(
            f"{period.start or ''} 至 {period.end or ''}有效",
            f"in force from {period.start or '…'} to {period.end or '…'}",
        ),
    )


def indicator(policy: Policy, each: Indicator) -> tuple[Text, ...]:
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


def form(each: Form) -> tuple[Text, ...]:
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


def message(message: Text, policy: Policy) -> Text:
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


def value(value: float | bool | str, unit: Text) -> Text:
    if isinstance(value, bool):
        return Text("是", "yes") if value else Text("否", "no")
    words = f"{value:g}" if isinstance(value, int | float) else value
    return Text(f"{words} {unit.zh}".strip(), f"{words} {unit.en}".strip())
