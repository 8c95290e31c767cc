"""The section ``naming`` of a policy: how new organizations are called."""

from __future__ import annotations

import re
from typing import Final

from liangxin.policy.model import NamingRules
from liangxin.policy.names import ORGANIZATION_TYPES
from liangxin.policy.reading import Reader
from liangxin.policy.rules import FORM_IDS
from liangxin.policy.suggestions import instead
from liangxin.wording import Text
from liangxin.yaml_tree import Items, Scalar

LEAST_LONGEST: Final = 12
LONGEST: Final = 40
PLACES: Final = ("unit", "lead", "place", "association", "number", "ending")
_PLACE: Final = re.compile(r"\{([^{}]*)\}")


def read_naming(document: Reader) -> NamingRules:
    """Without the section an organization bears the lead unit's short name."""
    rule = document.inner("naming", need=False)
    if rule is None:
        return NamingRules(LONGEST, {}, {})
    rule.asked |= {"from", "to"}
    longest = rule.scalar("longest", need=False)
    number = LONGEST if longest is None else int(rule.as_number(longest, "longest"))
    if longest is not None and number < LEAST_LONGEST:
        message = Text("名称最长不能少于{n}个字", "Names of fewer than {n} characters are too short")
        rule.wrong("policy_number", message.fill(n=LEAST_LONGEST), longest.place, longest.text)
    naming = NamingRules(number, _endings(rule), _patterns(rule))
    rule.finish()
    return naming


def _endings(rule: Reader) -> dict[str, str]:
    inner = rule.inner("endings", need=False)
    if inner is None:
        return {}
    for key in inner.table.keys.values():
        inner.known_name(key, ORGANIZATION_TYPES, "endings")
    return {key: inner.word(key) for key in inner.table.entries}


def _patterns(rule: Reader) -> dict[str, tuple[str, ...]]:
    inner = rule.inner("patterns", need=False)
    if inner is None:
        return {}
    found: dict[str, tuple[str, ...]] = {}
    for form, node in inner.table.entries.items():
        if form not in FORM_IDS:
            message = Text("台账里没有组建形式“{id}”", "The ledger has no form “{id}”").fill(id=form)
            inner.wrong("policy_name", message, inner.table.place_of_key(form), "", instead(form, FORM_IDS))
        found[form] = inner.names(form)
        for item in node.items if isinstance(node, Items) else ():
            if isinstance(item, Scalar):
                _check(inner, item)
    return found


def _check(rule: Reader, pattern: Scalar) -> None:
    """Only places that exist, the ending among them, and something that tells one organization from another."""
    named = _PLACE.findall(pattern.text)
    for name in named:
        if name not in PLACES:
            message = Text("名称里没有“{name}”这个占位", "“{name}” is no place of a name").fill(name=name)
            rule.wrong("policy_naming", message, pattern.place, pattern.text, instead(name, PLACES))
    if "ending" not in named or not set(named) & {"unit", "lead", "place", "association"}:
        rule.wrong(
            "policy_naming",
            Text(
                "名称要有“{ending}”，以及单位、字号、地点、协会中的一个",
                "A name needs “{ending}” and one of unit, lead, place and association",
            ),
            pattern.place,
            pattern.text,
            Text("如 {place}{lead}{ending}", "such as {place}{lead}{ending}"),
        )
