"""A card's conditions as expressions of the policy language."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from liangxin.policy.drafting.model import Base, Card, Condition
from liangxin.registry import industries

_BASES: Final[dict[Base, str]] = {
    "enterprise": "in_base",
    "social": 'kind in ["social_group", "civil_non_enterprise"]',
    "social_group": 'kind == "social_group"',
    "civil_non_enterprise": 'kind == "civil_non_enterprise"',
    "intermediary": 'kind == "intermediary"',
    "two_new": 'kind in ["enterprise", "social_group", "civil_non_enterprise", "intermediary"]',
}
SCALE: Final = "revenue >= 2000"
"""规模以上: industrial statistics take a revenue of 20 million yuan or more from main business; marked for checking."""


def expression_of(base: Base) -> str:
    return _BASES[base]


def denominator_of(card: Card) -> str:
    parts = [_BASES[card.base], *(part for each in card.conditions if (part := _written(each)))]
    return " and ".join(f"({part})" if " or " in part else part for part in parts)


def numerator_of(card: Card, all_forms: str) -> list[str]:
    """The lines of an indicator that say what is counted."""
    unfounded = any(each.field == "unfounded" for each in card.conditions)
    return {
        "coverage": [f"forms: {all_forms}"],
        "establishment": [],
        "separate": ["forms: [separate, seconded]"],
        "members": ["numerator: any_member", "forms: []"],
        "work_coverage": [
            f"numerator: {'work_covered' if unfounded else 'has_organization or work_covered'}",
            "forms: []",
        ],
    }[card.measure]


def _written(condition: Condition) -> str:
    if condition.any_of:
        word = " and " if condition.field == "all" else " or "
        return word.join(part for each in condition.any_of if (part := _written(each)))
    if condition.field == "members" and condition.sign == ">=" and condition.value == 1:
        return "any_member"
    if condition.field == "trade":
        return f"industry in [{', '.join(_quoted(code) for code in _trade())}]"
    if condition.field == "registered_capital":
        return ""
    fixed = {"scale": SCALE, "unfounded": "not has_organization", "no_members": "not any_member"}
    if condition.field in fixed:
        return fixed[condition.field]
    field = {"full_members": "forming_members"}.get(condition.field, condition.field)
    return f"{field} {condition.sign} {condition.value:.10g}"


def _quoted(code: str) -> str:
    return f'"{code}"'


@lru_cache(maxsize=1)
def _trade() -> tuple[str, ...]:
    """Division 64 of GB/T 4754: internet and related services."""
    return tuple(sorted(code for code in industries.table() if code.startswith("64")))
