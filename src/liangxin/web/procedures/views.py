"""The lists of cases, and one case with what can be done with it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from liangxin.findings import Finding, InputError
from liangxin.procedure import (
    PROCEDURES,
    Kind,
    Take,
    Urgency,
    alike,
    count_vote,
    election_due,
    judge_vote,
    options,
    rule_on,
    time_left,
)
from liangxin.registry.access import Action
from liangxin.web.accounts.permission import TownRequest, in_town
from liangxin.web.documents.papers import PAPER_ENDINGS
from liangxin.web.policies.queries import load, today
from liangxin.web.procedures import evidence, jointly, pages, papers, queries, saying, services
from liangxin.web.procedures.actors import actor_of, people
from liangxin.web.procedures.models import Case
from liangxin.web.procedures.reading import Reader
from liangxin.web.ui.attachment import CONTENT_TYPES
from liangxin.web.ui.language import current, told
from liangxin.wording import Text

PAGE_SIZE: Final = 50
LIMITS: Final = {"overdue": Text("已超期", "overdue"), "soon": Text("快到期", "due soon")}
# the word's colour by urgency; the word itself says how many days
MARKS: Final = {Urgency.OVERDUE: "broken", Urgency.TODAY: "soon", Urgency.SOON: "soon"}


@in_town(Action.SEE_FIGURES)
def index(request: TownRequest) -> HttpResponse:
    """Somebody came to see what waits for them, and how long still; or what became of what they did or began."""
    if not request.permit.may(Action.READ_UNITS):
        tables = {str(id): table for id, table in PROCEDURES.items()}
        counted = [
            (tables[procedure].label, tables[procedure].steps[step].label, n)
            for procedure, step, n in queries.of_steps(request.town)
        ]
        return render(request, "procedures/counts.html", {"counted": counted})
    tab = request.GET.get("tab", "todo")
    tab = tab if tab in queries.TABS else "todo"
    asked = {name: request.GET.get(name, "") for name in ("q", "kind", "group", "limit")}
    found = queries.filtered(queries.listed(request.permit, tab), request.town, asked)
    page = Paginator(found.select_related("initiator", "handler"), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    now, policy = today(request.town), load(request.town)
    lines = queries.lines(request.permit, page.object_list)
    groups = {group.id: group.name for group in request.town.as_core().task_groups}
    tasks = [line.task for line in lines if line.task is not None]
    several = {task.case.id for group in alike(tasks) if len(group) > 1 for task in group}
    context = {
        "tab": tab,
        "tabs": [(id, words, n) for (id, words), n in zip(queries.TABS.items(), queries.counts(request.permit).values(), strict=True)],
        "rows": [
            {
                "line": line,
                "due": _due(line, now, policy),
                "group": groups.get(line.stored.task_group, line.stored.task_group),
                "units": len(line.core.matter.roster),
                "full_members": line.core.matter.full_members,
                "together": line.stored.key in several,
            }
            for line in lines
        ],
        "page": page,
        "found": page.paginator.count,
        "asked": asked,
        "filtered": any(asked.values()),
        "kinds": [(kind.value, kind.label) for kind in Kind],
        "groups": groups.items(),
        "limits": LIMITS.items(),
        "may_propose": request.permit.may(Action.PROPOSE),
        "several": bool(several),
    }  # fmt: skip
    return render(request, "procedures/index.html", context)


def _due(line: queries.Line, now: Any, policy: Any) -> dict[str, Any] | None:
    """The time limit: the day, the word beside the colour, how it was counted."""
    from liangxin.procedure import earliest, urgency

    due = line.task.due if line.task is not None else earliest(line.core)
    if line.stored.closed or due is None:
        return None
    return {
        "on": due.on,
        "words": time_left(due, now),
        "mark": MARKS.get(urgency(due, now, policy), ""),
        "counted": due.counted,
        "reminders": line.task.reminders if line.task is not None else 0,
    }


def stored_case(request: TownRequest, key: int) -> Case:
    found = queries.visible(request.permit).select_related("initiator", "handler", "plan", "approved_by")
    case: Case = get_object_or_404(found, pk=key)
    case.town = request.town
    return case


@in_town(Action.READ_UNITS)
def case(request: TownRequest, key: int) -> HttpResponse:
    """Somebody came to decide a case, and first to see what it is, who is in it, what it changes and what is missing."""
    return case_page(request, stored_case(request, key))


def case_page(
    request: TownRequest,
    stored: Case,
    *,
    tried: str = "",
    given: QueryDict | None = None,
    findings: Sequence[Finding] = (),
    status: int = 200,
) -> HttpResponse:
    """``tried``: the act that was refused; its form stays open with what was typed."""
    from liangxin.web.organizations.queries import day_tree

    permit, town = request.permit, request.town
    core = queries.core_case(stored)
    now, policy = today(town), load(town)
    judging = queries.judged_by(permit)
    open_ = options(core, actor_of(permit), judging)
    register = queries.register_of(town, now.year)
    line = queries.lines(permit, [stored])[0]
    forms = pages.way_forms(core, open_.ways, permit, judging, register)
    others = pages.other_forms(core, open_, permit, judging)
    changes, impossible = saying.would_change(town, core, now)
    at = dict(stored.events.values_list("number", "at"))
    lang = current()

    def shown(form: pages.Form) -> dict[str, Any]:
        mine = form.name == tried
        return pages.shown(form, given if mine else None, findings if mine else (), lang)

    attached = {line.unit for line in core.matter.attached()}
    groups = {group.id: group.name for group in town.as_core().task_groups}
    standing = day_tree(town, now)
    context: dict[str, Any] = {
        "stored": stored,
        "core": core,
        "kind": core.matter.kind.label,
        "due": _due(line, now, policy),
        "group": groups.get(stored.task_group, ""),
        "organization": standing.organizations.get(stored.organization),
        "operations": saying.operations(core.matter.operations, standing),
        "changes": changes,
        "impossible": impossible,
        "figures": saying.figures(core.matter),
        "important": saying.why_important(core.matter, policy),
        "warnings": saying.warnings(town, core),
        "roster": [(each, each.unit in attached) for each in core.matter.roster],
        "full_members": core.matter.full_members,
        "attached": bool(attached),
        "unsigned": sum(each.commitment_on is None for each in core.matter.attached()),
        "electing": election_due(core.matter, policy),
        "steps": saying.steps(core, policy),
        "may_revise": open_.revise
        and core.matter.kind is not Kind.PLAN
        and bool(core.matter.roster or election_due(core.matter, policy)),
        "leaderships": saying.leaderships(),
        "ways": [shown(form) for form in forms],
        "others": [shown(form) for form in others],
        "answer": shown(pages.answer_form()) if open_.answer else None,
        "questions": [(each, str(permit.user.pk) == each.asked_by.id or bool(open_.returns)) for each in core.questions],
        "rule": pages.election_rule(judging) if any(form.vote for form in forms) else None,
        "history": [
            {
                "event": event,
                "at": at.get(event.number),
                "deed": saying.deed(core, event),
                "words": saying.written(event),
                "particulars": saying.particulars(event, policy),
                "step": core.procedure.steps[event.step].label if event.step else None,
            }
            for event in reversed(core.history)
        ],
        "papers": papers.listed(stored),
        "together": jointly.decided_with(permit, stored, core),
        "evidence": list(stored.evidence.all()),
        "foundings": list(stored.foundings.select_related("initiator").order_by("pk")),
        "may_found": stored.kind == Kind.PLAN.value and stored.step == "carry_out" and permit.may(Action.PROPOSE),
        "tried": tried,
        "sentences": [each.sentence(lang) for each in findings],
        "today": now,
    }  # fmt: skip
    return render(request, "procedures/case.html", context, status=status)


@require_POST
@in_town(Action.READ_UNITS)
def act(request: TownRequest, key: int, name: str) -> HttpResponse:
    """The button: the act is read, judged and done; or the page comes back with every reason and what was typed."""
    stored = stored_case(request, key)
    try:
        core = queries.core_case(stored)
        uploads = evidence.receive(request.FILES.getlist("evidence"))
        reader = Reader(request.POST, people(request.town), today(request.town))
        deed = reader.act(name, core, tuple(each.named for each in uploads))
        if name == "annul" and request.POST.get("scope") == "whole":
            assert isinstance(deed, Take), "annul is a transition"
            done = jointly.annul_whole(request.permit, key, deed, version_of(request.POST))
        else:
            done = services.act(request.permit, key, deed, version_of(request.POST), uploads)
    except InputError as refused:
        stored.refresh_from_db()
        status = 409 if refused.findings[0].code == "procedure.overtaken" else 422
        return case_page(
            request, stored, tried=name, given=request.POST, findings=refused.findings, status=status
        )
    words = Text("已办理：{what}", "Done: {what}").fill(what=saying.act_label(core, deed))
    messages.success(request, words.in_language(current()))
    return redirect("procedures-case", town=request.town.code, key=done.pk)


def version_of(given: QueryDict) -> int:
    """The version on the screen. Without one the act is refused as overtaken: nothing is done that was not seen."""
    words = given.get("version", "")
    return int(words) if words.isascii() and words.isdigit() and len(words) < 9 else 0


@in_town(Action.READ_UNITS)
def vote(request: TownRequest, key: int) -> HttpResponse:
    """While the numbers of an election are typed: who is needed, who is elected, said at once by the rule of its day."""
    stored = stored_case(request, key)
    core = queries.core_case(stored)
    policy = load(request.town)
    reader = Reader(request.GET, {}, today(request.town))
    typed = reader.vote()
    findings = [*reader.findings, *judge_vote(typed, policy, core.matter.organization_type)]
    complete = all(request.GET.get(name, "").strip() for name in ("vote_entitled", "vote_present", "votes"))
    rule = rule_on(policy, typed.held_on)
    result = count_vote(typed, rule) if complete and not findings else None
    context = {
        "rule": rule.words,
        "least_present": rule.least_present(typed.entitled) if typed.entitled else None,
        "least_votes": rule.least_votes(typed.entitled, typed.present) if typed.entitled and typed.present else None,
        "result": result,
        "sentences": told(findings) if complete else [],
    }  # fmt: skip
    return render(request, "procedures/_vote.html", context)


@in_town(Action.READ_UNITS)
def evidence_file(request: TownRequest, key: int, file: int) -> FileResponse:
    """One uploaded file, sent as a download under its own name and kind."""
    stored = stored_case(request, key)
    found = stored.evidence.filter(pk=file).first()
    if found is None:
        raise Http404
    services.opened(request.permit, stored, "case.evidence", {"file": found.name})
    return FileResponse(
        found.file.open("rb"),
        as_attachment=True,
        filename=found.name,
        content_type=evidence.TYPES[found.kind],
    )


@in_town(Action.READ_UNITS)
def paper(request: TownRequest, key: int, file: int, ending: str) -> HttpResponse:
    """A document of the case as docx to edit or PDF to print, made from the facts it was issued with."""
    stored = stored_case(request, key)
    found = stored.papers.filter(pk=file).first()
    if found is None or ending not in PAPER_ENDINGS:
        raise Http404
    try:
        made = papers.made(found, ending, current())
    except InputError as refused:
        return case_page(request, stored, findings=refused.findings, status=422)
    services.opened(request.permit, stored, "case.paper", {"document": found.kind, "serial": found.serial})
    response = HttpResponse(made, content_type=CONTENT_TYPES[ending])
    response.headers["Content-Disposition"] = papers.disposition(found, stored, ending)
    return response
