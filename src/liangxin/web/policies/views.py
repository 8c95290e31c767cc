from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from liangxin.findings import InputError
from liangxin.registry.access import Action
from liangxin.web.accounts.permission import TownRequest, in_town
from liangxin.web.policies import actions, reading
from liangxin.web.policies.inputs import LONGEST_TEXT, AdoptPolicyInput, BringPolicyInput
from liangxin.web.policies.queries import adoptions, choices, chosen, read_text, texts_of, today
from liangxin.web.policies.timeline import timeline
from liangxin.web.ui.attachment import attachment
from liangxin.web.ui.inputs import read_form, read_values
from liangxin.web.ui.language import said, told
from liangxin.web.units.live import live
from liangxin.wording import Text


@in_town(Action.SEE_FIGURES)
def index(request: TownRequest) -> HttpResponse:
    """Somebody was asked "by which rule?": every rule in words, its clause beside it, and how many units it holds now."""
    shown = live(request.town)
    policy = shown.policy
    day = today(request.town)
    stages, now, span = timeline(policy, day)
    made = reading.sections(request.permit, shown)
    context = {
        "policy": policy,
        "day": day,
        "may_choose": request.permit.may(Action.SETTINGS),
        "overlays": reading.overlay_titles(request.town, policy),
        "sections": made,
        "withheld": any(each.withheld for section in made for rule in section.rules for each in rule.numbers),
        "stages": stages,
        "now": now,
        "span": span,
        "parameters": reading.parameters(policy),
        "clauses": reading.clauses(policy, made),
        "whole_town": not request.permit.may(Action.READ_UNITS)
        or request.permit.reach(Action.READ_UNITS).name == "TOWN",
    }
    return render(request, "policies/index.html", context)


@in_town(Action.SETTINGS)
def texts(request: TownRequest) -> HttpResponse:
    """The office has a notice as a policy file: to see whether it can be used, keep it, and say from which day it holds."""
    sentences: list[str] = []
    if request.method == "POST":
        try:
            kept = actions.bring_policy(request.permit, _brought(request))
        except InputError as refused:
            sentences = told(refused.findings)
        else:
            words = Text(
                "“{title}”已存为第{number}版，选用之后才生效",
                "“{title}” is kept as version {number}; it holds once it is chosen",
            )
            messages.success(request, said(words.fill(title=Text(**kept.title), number=kept.number)))
            return redirect("policy-texts", town=request.town.code)
    return _texts_page(request, sentences, {"starts": today(request.town).isoformat()})


def _brought(request: HttpRequest) -> BringPolicyInput:
    """The file, or the text where none was chosen. InputError where it is no text."""
    upload = request.FILES.get("file")
    if upload is None:
        return read_form(BringPolicyInput, request.POST)
    raw = upload.read(4 * LONGEST_TEXT + 1)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError.of(
            "not_utf8",
            "文件不是 UTF-8 编码，请另存为 UTF-8 后再用",
            "The file is not UTF-8; save it as UTF-8",
        ) from None
    return read_values(BringPolicyInput, {"text": text, "name": (upload.name or "policy.yaml")[-200:]})


@require_POST
@in_town(Action.SETTINGS)
def adopt(request: TownRequest) -> HttpResponse:
    try:
        given = read_form(AdoptPolicyInput, request.POST)
        policy = actions.adopt_policy(request.permit, given)
    except InputError as refused:
        return _texts_page(
            request,
            told(refused.findings),
            request.POST.dict() | {"overlays": request.POST.getlist("overlays")},
        )
    starts = given.starts or today(request.town)
    words = Text(
        "从{day}起按“{title}”办，数字已重新计算", "From {day} on by “{title}”; every number follows it"
    )
    messages.success(request, said(words.fill(day=starts, title=policy.title)))
    return redirect("policy-texts", town=request.town.code)


@in_town(Action.SEE_FIGURES)
def text(request: TownRequest, policy: str, number: int) -> HttpResponse:
    """The text as it was brought, to edit it in an editor or to hand it to a neighbour."""
    return attachment(read_text(request.town, policy, number).encode(), "yaml", f"{policy}-{number}.yaml")


def _texts_page(request: TownRequest, sentences: list[str], given: dict[str, Any]) -> HttpResponse:
    choice = chosen(request.town, today(request.town))
    available = choices(request.town)
    titles = {each.id: each.title for each in available}
    context = {
        "known": texts_of(request.town),
        "policies": [each for each in available if not each.is_overlay],
        "overlays": [each for each in available if each.is_overlay],
        "given": {"policy": choice.policy, "overlays": choice.overlays} | given,
        "pasted": given.get("text", request.POST.get("text", "")),
        "decided": [
            (
                each,
                titles.get(each.policy, Text(each.policy, each.policy)),
                [titles.get(id, Text(id, id)) for id in each.overlays],
            )
            for each in reversed(adoptions(request.town))
        ],
        "sentences": sentences,
    }
    return render(request, "policies/texts.html", context, status=422 if sentences else 200)
