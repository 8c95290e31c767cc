"""Several like cases at once: each shown with its facts and what stands against it, then one button for all of them."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from liangxin.findings import Finding, InputError
from liangxin.procedure import Need, Register, Take, Transition, judge, options
from liangxin.registry.access import Action
from liangxin.web.accounts.permission import TownRequest, in_town
from liangxin.web.policies.queries import load, today
from liangxin.web.procedures import jointly, pages, queries, saying, services
from liangxin.web.procedures.actors import actor_of
from liangxin.web.procedures.reading import Reader
from liangxin.web.procedures.services import MOST_AT_ONCE, Chosen
from liangxin.web.ui.language import current
from liangxin.wording import Text

_EACH_ITS_OWN: Final = {Need.VOTE, Need.FAILED_VOTE, Need.EVIDENCE}  # asked of each case by itself


def chosen_of(request: HttpRequest) -> list[Chosen]:
    """The ticked cases, with the version that was on the screen ("12:3"; from the list only "12")."""
    found: list[Chosen] = []
    for words in dict.fromkeys(request.POST.getlist("case")):
        key, _, version = words.partition(":")
        if key.isascii() and key.isdigit() and len(key) < 12:
            found.append(Chosen(int(key), int(version) if version.isascii() and version.isdigit() else 0))
    return found[: MOST_AT_ONCE + 1]


@require_POST
@in_town(Action.READ_UNITS)
def together(request: TownRequest) -> HttpResponse:
    """The leading group came to approve what is alike: first the facts of each, then the button that says how many."""
    chosen = chosen_of(request)
    name = request.POST.get("do", "")
    try:
        if not name:
            return _page(request, chosen)
        way = _ways(request, chosen).get(name)
        if way is None:
            raise _not_alike()
        reader = Reader(request.POST, {}, today(request.town))
        deed = reader.take(way)
        if reader.findings:
            raise InputError(reader.findings)
        one = request.POST.get("document") == "one"
        done = (jointly.act_jointly if one else services.act_on_all)(request.permit, chosen, deed)
    except InputError as refused:
        return _page(request, chosen, refused.findings)
    words = Text("已办理{n}件：{way}", "{n} done: {way}").fill(n=len(done), way=way.label)
    messages.success(request, words.in_language(current()))
    return redirect("procedures", town=request.town.code)


def _not_alike() -> InputError:
    return InputError.of(
        "procedure.not_alike",
        "选中的不是同一类、同一环节的事项，请分开办",
        "The cases chosen are not of one kind and step; do them apart",
    )


def _cases(request: TownRequest, chosen: list[Chosen]) -> list[queries.Line]:
    stored = queries.visible(request.permit).filter(pk__in=[each.key for each in chosen])
    return queries.lines(request.permit, stored.select_related("initiator").order_by("pk"))


def _ways(request: TownRequest, chosen: list[Chosen]) -> dict[str, Transition]:
    """The transitions open for every one of the cases, of one procedure, step and kind of matter."""
    lines = _cases(request, chosen)
    alike = {(line.core.procedure.id, line.core.step.id, line.core.matter.kind) for line in lines}
    if len(alike) != 1:
        return {}
    judging, actor = queries.judged_by(request.permit), actor_of(request.permit)
    open_ = [{way.id: way for way in options(line.core, actor, judging).ways} for line in lines]
    return {
        id: way
        for id, way in open_[0].items()
        if all(id in each for each in open_) and not _EACH_ITS_OWN & set(way.needs)
    }


def _documents(way: Transition, lines: list[queries.Line], register: Register) -> list[pages.Field]:
    """One document for all of them, or one each: where a reply may be for several cases at once."""
    if way.effect != "perform":
        return []
    each = Text("每件一个批复，从{serial}起依次编号", "a reply each, numbered from {serial} on").fill(
        serial=register.next.text
    )
    choices = [("", each)]
    if len(lines) > 1 and len({line.stored.task_group for line in lines}) == 1:
        one = Text("合为一个批复，一个文号{serial}", "one reply for all, one number {serial}")
        choices.append(("one", one.fill(serial=register.next.text)))
    return [pages.Field("document", Text("批复", "Replies"), "choice", "", choices)]


def _page(request: TownRequest, chosen: list[Chosen], findings: tuple[Finding, ...] = ()) -> HttpResponse:
    town, lang = request.town, current()
    lines = _cases(request, chosen)
    ways = _ways(request, chosen)
    judging, actor = queries.judged_by(request.permit), actor_of(request.permit)
    groups = {group.id: group.name for group in town.as_core().task_groups}
    register = queries.register_of(town, judging.day.year)
    policy = load(town)
    rows: list[dict[str, Any]] = []
    for line in lines:
        against = {
            way.id: [
                each.message
                for each in judge(line.core, Take(transition=way.id), actor, judging)
                if each.column_of in pages.STANDING
            ]
            for way in ways.values()
        }
        rows.append(
            {
                "line": line,
                "group": groups.get(line.stored.task_group, ""),
                "figures": saying.figures(line.core.matter),
                "important": saying.why_important(line.core.matter, policy),
                "warnings": saying.warnings(town, line.core),
                "blocked": [words for found in against.values() for words in found],
            }
        )
    forms = [
        pages.Form(
            way.id,
            way.label,
            (
                *(field for field in pages.fields_of(way, judging.day, register) if field.name != "serial"),
                *_documents(way, lines, register),
            ),
        )
        for way in ways.values()
    ]
    tried = request.POST.get("do", "")
    context = {
        "rows": rows,
        "step": lines[0].core.step.label if lines and ways else None,
        "kind": lines[0].core.matter.kind.label if lines and ways else None,
        "ways": [
            pages.shown(form, request.POST if form.name == tried else None, findings if form.name == tried else (), lang)
            for form in forms
        ],
        "numbered": {way.id for way in ways.values() if Need.SERIAL in way.needs and way.effect != "perform"},
        "next": register.next.text,
        "alike": bool(ways),
        "sentences": [each.sentence(lang) for each in (findings or (() if ways else _not_alike().findings))],
    }  # fmt: skip
    return render(request, "procedures/together.html", context, status=422 if context["sentences"] else 200)
