from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from liangxin.findings import InputError
from liangxin.registry.divisions import EDITION, search_towns
from liangxin.web.accounts.permission import require_user
from liangxin.web.administration.queries import administers_every_town
from liangxin.web.areas.actions import make_town
from liangxin.web.areas.inputs import NewTownInput
from liangxin.web.areas.models import Town
from liangxin.web.ui.inputs import read_form
from liangxin.web.ui.language import current, told
from liangxin.wording import Text

MOST_SHOWN = 20
LONGEST_WORDS = 60


@login_required
def new(request: HttpRequest) -> HttpResponse:
    """The county's administrator came to begin a town: types its name or code, chooses it, and has its villages."""
    if not administers_every_town(require_user(request)):
        raise PermissionDenied
    sentences: list[str] = []
    if request.method == "POST":
        try:
            made = make_town(require_user(request), read_form(NewTownInput, request.POST))
        except InputError as refused:
            sentences = told(refused.findings)
        else:
            number = len(made.as_core().areas)
            words = Text(
                f"已建立{made.name}，有 {number} 个村、社区；接着把它们划给工作片",
                f"{made.name} is there, with {number} villages and communities; now share them out among work areas",
            )
            messages.success(request, words.in_language(current()))
            return redirect("settings-work-areas", town=made.code)
    words_typed = request.POST.get("q", request.GET.get("q", "")).strip()[:LONGEST_WORDS]
    found = search_towns(words_typed, MOST_SHOWN + 1)
    there = set(Town.objects.filter(code__in=[each.code for each in found]).values_list("code", flat=True))
    context = {
        "q": words_typed,
        "found": [(each, "、".join(each.path[:-1]), each.code in there) for each in found[:MOST_SHOWN]],
        "more": len(found) > MOST_SHOWN,
        "chosen": request.POST.get("code") or (found[0].code if len(found) == 1 else ""),
        "former": "former" in request.POST,
        "starts": request.POST.get("starts", ""),
        "sentences": sentences,
        "edition": EDITION,
    }
    piece = request.headers.get("HX-Request") == "true" and request.method == "GET"
    template = "areas/_found.html" if piece else "areas/new.html"
    return render(request, template, context, status=422 if sentences else 200)
