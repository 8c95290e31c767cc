"""A filter as a person says it: what stands above the list, in the file exported from it, and under a saved name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from liangxin.registry.fields import FIELDS
from liangxin.web.accounts.permission import Permit
from liangxin.web.units.live import Live
from liangxin.web.units.queries import ANY, NOWHERE, UNKNOWN, Filter
from liangxin.web.units.sheets import NAMED_BY, names
from liangxin.wording import Text, join

if TYPE_CHECKING:
    from liangxin.policy.model import Policy

PARTS: Final = {
    "numerator": Text("已完成", "covered"),
    "denominator": Text("基数", "base"),
    "missing": Text("缺口", "missing"),
    "unknown": Text("待核", "to verify"),
}


def parts(permit: Permit, shown: Live, wanted: Filter) -> list[tuple[str, Text]]:
    """(parameter of the address, words) for each condition of the filter, in the order of the page."""
    found: list[tuple[str, Text]] = []
    if shown.day is not None:
        found.append(("day", Text(f"{shown.day} 的情况", f"as of {shown.day}")))
    if wanted.words:
        found.append(("q", Text(f"含“{wanted.words}”", f'contains "{wanted.words}"')))
    if wanted.place:
        name = names(permit.town, "areas").get(wanted.place, wanted.place)
        nowhere = Text("没有填位置", "no place given")
        found.append(("place", nowhere if wanted.place == NOWHERE else Text(name, name)))
    found += [(field, _choice(permit, field, value)) for field, value in wanted.choices.items()]
    policy = shown.policy
    found += [("class", each.label) for each in policy.classes if each.id == wanted.unit_class]
    if wanted.indicator:
        part = PARTS[wanted.indicator[1]]
        found += [
            ("indicator", Text(f"{each.label.zh}{part.zh}", f"{each.label.en}, {part.en}"))
            for each in policy.indicators
            if each.id == wanted.indicator[0]
        ]
    for parameter, field in (("missing", wanted.missing), ("waits", wanted.waits)):
        if field:
            label = FIELDS[field].label
            found.append((parameter, Text(f"{label.zh}待核", f"{label.en} to verify")))
    if wanted.unclear == ANY:
        found.append(("unclear", Text("八清还有没清的", "an eight clear is missing")))
    found += [
        ("unclear", Text(f"没有{each.label.zh}", f"not clear: {each.label.en}"))
        for each in policy.clears
        if each.id == wanted.unclear
    ]
    found += [
        ("conflict", in_general(each.message, policy))
        for each in policy.conflicts
        if each.id == wanted.conflict
    ]
    found += [("left", each.label) for each in policy.scope if each.id == wanted.left]
    if wanted.in_base:
        found.append(("scope", Text("列入基数", "in the base")))
    return found


def _choice(permit: Permit, field: str, value: str) -> Text:
    choices: Mapping[str, Any] = FIELDS[field].choices or {}
    if value == UNKNOWN:
        words = Text("待核", "to verify")
    elif field in NAMED_BY:
        name = names(permit.town, NAMED_BY[field]).get(value, value)
        words = Text(name, name)
    else:
        words = choices.get(value, Text(value, value))
    return Text(f"{FIELDS[field].label.zh}{words.zh}", f"{FIELDS[field].label.en} {words.en}")


def in_general(message: Text, policy: Policy) -> Text:
    """A conflict's sentence about one unit as one about many: the name goes, what differs from unit to unit becomes
    dots, and the policy's own numbers stand as they are that day."""
    numbers = {
        id: f"{each.on(policy.as_of).value:g}"
        for id, each in policy.parameters.items()
        if isinstance(each.on(policy.as_of).value, int | float)
    }
    zh = re.sub(r"^(\{name\}|的)[ :：]*的?", "", message.zh)
    en = re.sub(r"^\{name\}(: *)?", lambda found: "" if found[1] else "A unit", message.en)
    zh, en = (re.sub(r"\{([^}]*)\}", lambda found: numbers.get(found[1], "…"), words) for words in (zh, en))
    return Text(zh, en[:1].upper() + en[1:])


def filter_words(permit: Permit, shown: Live, wanted: Filter) -> Text:
    """The whole filter in one line; "全部" without one."""
    said = [words for _, words in parts(permit, shown, wanted)]
    return join(said, "、", ", ") if said else Text("全部", "all")
