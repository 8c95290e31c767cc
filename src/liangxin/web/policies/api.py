"""Every rule of the town's policy in words, with its clause and what it holds now; the texts, and which one holds from when."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema

from liangxin.registry.access import Action
from liangxin.web.api.schemas import TownCode, Words
from liangxin.web.api.service import REFUSED, TOWN, allowed, gives
from liangxin.web.policies import actions, reading
from liangxin.web.policies.inputs import AdoptPolicyInput, BringPolicyInput
from liangxin.web.policies.queries import read_text, texts_of, today
from liangxin.web.ui.attachment import attachment
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


class PolicyTextOut(Schema):
    """``number``: of the version, 0 for those that come with the program. ``starts``: the days from which the town decided to work by it."""

    policy: str
    number: int
    title: Words
    is_overlay: bool
    sha256: str
    by: str
    at: datetime | None
    starts: list[date | None]


class AdoptedOut(Schema):
    """The policy as it holds on its first day, or today where that is past."""

    policy: str
    overlays: list[str]
    sha256: str


@router.get(f"{TOWN}/policy-texts", response={200: list[PolicyTextOut], **REFUSED})
def policy_texts(request: HttpRequest, town: TownCode) -> Any:
    """Every policy and overlay that can be chosen, with the versions of those that were brought, newest first."""
    return texts_of(allowed(request, town, Action.SETTINGS).town)


@router.post(f"{TOWN}/policy-texts", response={200: PolicyTextOut, **REFUSED})
def bring_policy(request: HttpRequest, town: TownCode, body: BringPolicyInput) -> Any:
    """Keep a policy's YAML as the next version of its id. 422 names line and column of everything that is wrong.
    It changes no figure until it is chosen; the same text again is the version that it was."""
    permit = allowed(request, town, Action.SETTINGS)
    kept = actions.bring_policy(permit, body)
    return next(
        each for each in texts_of(permit.town) if (each.policy, each.number) == (kept.policy, kept.number)
    )


@router.get(
    f"{TOWN}/policy-texts/{{policy}}/{{number}}.yaml", response={**REFUSED}, openapi_extra=gives("yaml")
)
def policy_text(request: HttpRequest, town: TownCode, policy: str, number: int) -> HttpResponse:
    """One version as it was brought; number 0: a policy that comes with the program."""
    permit = allowed(request, town, Action.SEE_FIGURES)
    return attachment(read_text(permit.town, policy, number).encode(), "yaml", f"{policy}-{number}.yaml")


@router.put(f"{TOWN}/settings/policy", response={200: AdoptedOut, **REFUSED})
def adopt_policy(request: HttpRequest, town: TownCode, body: AdoptPolicyInput) -> Any:
    """Work by a policy from a day on, today where none is said; earlier days keep theirs."""
    policy = actions.adopt_policy(allowed(request, town, Action.SETTINGS), body)
    return {"policy": policy.id, "overlays": list(policy.overlays), "sha256": policy.sha256}


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
