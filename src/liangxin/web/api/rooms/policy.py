"""Every rule of the town's policy in words, with its clause and what it holds now."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from liangxin.registry.access import Action
from liangxin.web.api.schemas import TownCode, Words
from liangxin.web.api.service import REFUSED, TOWN, allowed
from liangxin.web.policies import reading
from liangxin.web.policies.queries import today
from liangxin.web.units.live import live

router = Router(tags=["policy"])


class RuleNumberOut(Schema):
    """``query``: the units list's own parameters that open exactly these; empty where no list does.
    ``withheld``: too small to be told to this reader; ``value`` is 0 and not the real one."""

    value: int
    words: Words
    query: str
    withheld: bool


class RuleOut(Schema):
    """``overlay``: the overlay that added or changed the rule."""

    id: str
    label: Words
    lines: list[Words]
    clause: str
    numbers: list[RuleNumberOut]
    overlay: str


class RulesOut(Schema):
    id: str
    title: Words
    rules: list[RuleOut]


class PolicyInWordsOut(Schema):
    id: str
    overlays: list[str]
    day: date
    sections: list[RulesOut]


@router.get(f"{TOWN}/policy", response={200: PolicyInWordsOut, **REFUSED})
def policy(request: HttpRequest, town: TownCode) -> Any:
    """By which rule? Numbers are of the units that you may read."""
    permit = allowed(request, town, Action.SEE_FIGURES)
    shown = live(permit.town)
    return {
        "id": shown.policy.id,
        "overlays": list(shown.policy.overlays),
        "day": today(permit.town),
        "sections": [
            {
                "id": section.id,
                "title": section.title.as_dict(),
                "rules": [
                    {
                        "id": rule.anchor,
                        "label": rule.label.as_dict(),
                        "lines": [each.as_dict() for each in rule.lines],
                        "clause": rule.clause.id if rule.clause is not None else "",
                        "numbers": [
                            {
                                "value": each.value,
                                "words": each.words.as_dict(),
                                "query": each.query.lstrip("?"),
                                "withheld": each.withheld,
                            }
                            for each in rule.numbers
                        ],
                        "overlay": rule.overlay,
                    }
                    for rule in section.rules
                ],
            }
            for section in reading.sections(permit, shown)
        ],
    }
