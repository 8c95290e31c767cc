"""The addresses under which cases are begun and acted on. Each asks the permit first and calls what the page calls."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Path, Query, Router

from liangxin.registry.access import Action
from liangxin.web.api import case_reads, case_writes, cases
from liangxin.web.api.case_schemas import (
    ActIn,
    AskedOut,
    BegunOut,
    FoundingsIn,
    NumbersOut,
    OptionsOut,
    PlanIn,
    ProposalOut,
    RegisterIn,
    RequestIn,
    ReserveIn,
    ReviseIn,
    StandInIn,
    StandInOut,
    TogetherIn,
    VoidIn,
)
from liangxin.web.api.cases import CaseDetailOut, CaseFilter, CaseOut, CasesOut, Tab, out
from liangxin.web.api.schemas import Key, PageNumber, PageSize, Refusal, TownCode
from liangxin.web.api.service import REFUSED, Answers, allowed, gives
from liangxin.web.procedures import beginning, evidence, numbers, papers, services, standing_in
from liangxin.web.ui.attachment import CONTENT_TYPES
from liangxin.wording import Lang

router = Router(tags=["cases"])
ACTED: Answers = {200: CaseOut, 409: Refusal, **REFUSED}
BEGUN: Answers = {200: BegunOut, 409: Refusal, **REFUSED}
Ending = Annotated[Literal["docx", "pdf"], Path()]


@router.get("/towns/{town}/cases", response={200: CasesOut, **REFUSED})
def case_list(
    request: HttpRequest,
    town: TownCode,
    wanted: Query[CaseFilter],
    tab: Tab = "all",
    page: PageNumber = 1,
    size: PageSize = 50,
) -> Any:
    """Cases of the procedures: those that wait for you (todo), that you handled, began or got a copy of, or all.

    Who reads no unit of the town gets the number of cases at each step, and none of them."""
    permit = allowed(request, town, Action.SEE_FIGURES)
    return cases.listed(permit, tab, wanted.model_dump(), page, size)


@router.get("/towns/{town}/cases/{pk}", response={200: CaseDetailOut, **REFUSED})
def case_detail(request: HttpRequest, town: TownCode, pk: Key) -> Any:
    return cases.one(allowed(request, town, Action.READ_UNITS), pk)


@router.post("/towns/{town}/cases", response=ACTED)
def begin(request: HttpRequest, town: TownCode, body: RequestIn) -> Any:
    """Draw up a request. 409 where the same is under way for the organization, with whose it is."""
    return out(case_writes.request(allowed(request, town, Action.PROPOSE), body))


@router.post("/towns/{town}/cases-together", response=BEGUN)
def together(request: HttpRequest, town: TownCode, body: TogetherIn) -> Any:
    """The same transition for several like cases, all or none; by one document under one number where asked for."""
    done = case_writes.together(allowed(request, town, Action.READ_UNITS), body)
    return {"cases": [each.pk for each in done]}


@router.post("/towns/{town}/cases/{pk}/acts", response=ACTED)
def act(request: HttpRequest, town: TownCode, pk: Key, body: ActIn) -> Any:
    """Act on a case: go on by a transition, or return, hand over, ask, answer, remind … 409 says who was first."""
    return out(case_writes.act(allowed(request, town, Action.READ_UNITS), pk, body))


@router.get("/towns/{town}/cases/{pk}/options", response={200: OptionsOut, **REFUSED})
def options(request: HttpRequest, town: TownCode, pk: Key) -> Any:
    """What you may do with a case now, what each act needs, and what stands against it."""
    return case_reads.options_of(allowed(request, town, Action.READ_UNITS), pk)


@router.post("/towns/{town}/cases/{pk}/revise", response=ACTED)
def revise(request: HttpRequest, town: TownCode, pk: Key, body: ReviseIn) -> Any:
    """Change the matter before it is sent."""
    return out(case_writes.revise(allowed(request, town, Action.PROPOSE), pk, body))


@router.get("/towns/{town}/plan-cases", response={200: list[ProposalOut], **REFUSED})
def proposals(request: HttpRequest, town: TownCode) -> Any:
    """The parts of the published plan that you may send to the leading group."""
    return case_reads.proposals(allowed(request, town, Action.PROPOSE))


@router.post("/towns/{town}/plan-cases", response=BEGUN)
def begin_plan(request: HttpRequest, town: TownCode, body: PlanIn) -> Any:
    """Send parts of the published plan; those under way already are passed over."""
    permit = allowed(request, town, Action.PROPOSE)
    made = beginning.begin_plan(permit, body.groups)
    return {"cases": [each.pk for each in made]}


@router.get("/towns/{town}/cases/{pk}/foundings", response={200: list[AskedOut], **REFUSED})
def foundings(request: HttpRequest, town: TownCode, pk: Key) -> Any:
    """The organizations that an approved plan asks for."""
    stored = case_writes.asked_of_plan(allowed(request, town, Action.PROPOSE), pk)
    return case_reads.foundings(stored)


@router.post("/towns/{town}/cases/{pk}/foundings", response=BEGUN)
def begin_foundings(request: HttpRequest, town: TownCode, pk: Key, body: FoundingsIn) -> Any:
    """Draw up the requests of organizations of an approved plan."""
    permit = allowed(request, town, Action.PROPOSE)
    stored = case_writes.asked_of_plan(permit, pk)
    made = beginning.begin_foundings(permit, stored, body.organizations)
    return {"cases": [each.pk for each in made]}


@router.get(
    "/towns/{town}/cases/{pk}/papers/{file}.{ending}",
    response={**REFUSED},
    openapi_extra=gives("docx", "pdf"),
)
def paper(request: HttpRequest, town: TownCode, pk: Key, file: Key, ending: Ending, lang: Lang = "zh") -> Any:
    """A document of the case as Word or PDF; written in the case's log."""
    permit = allowed(request, town, Action.READ_UNITS)
    stored = case_writes.stored_case(permit, pk)
    found = stored.papers.filter(pk=file).first()
    if found is None:
        raise Http404
    made = papers.made(found, ending, lang)
    services.opened(permit, stored, "case.paper", {"document": found.kind, "serial": found.serial})
    answer = HttpResponse(made, content_type=CONTENT_TYPES[ending])
    answer.headers["Content-Disposition"] = papers.disposition(found, stored, ending)
    return answer


@router.get(
    "/towns/{town}/cases/{pk}/evidence/{file}",
    response={**REFUSED},
    openapi_extra={
        "responses": {
            200: {"description": "The file", "content": {kind: {} for kind in evidence.TYPES.values()}}
        }
    },
)
def evidence_file(request: HttpRequest, town: TownCode, pk: Key, file: Key) -> Any:
    """A file that shows work done; written in the case's log."""
    permit = allowed(request, town, Action.READ_UNITS)
    stored = case_writes.stored_case(permit, pk)
    found = stored.evidence.filter(pk=file).first()
    if found is None:
        raise Http404
    services.opened(permit, stored, "case.evidence", {"file": found.name})
    with found.file.open("rb") as content:
        return HttpResponse(content.read(), content_type=evidence.TYPES[found.kind])


@router.get("/towns/{town}/stand-ins", response={200: list[StandInOut], **REFUSED})
def stand_ins(request: HttpRequest, town: TownCode) -> Any:
    """委托 of all of one's cases: given by you and to you."""
    return case_reads.stand_ins(allowed(request, town, Action.READ_UNITS))


@router.post("/towns/{town}/stand-ins", response={200: StandInOut, **REFUSED})
def stand_in(request: HttpRequest, town: TownCode, body: StandInIn) -> Any:
    """Let another person act on all of your cases for some days."""
    permit = allowed(request, town, Action.READ_UNITS)
    return case_reads.stand_in_out(permit, case_writes.stand_in(permit, body))


@router.post("/towns/{town}/stand-ins/{pk}/end", response={200: StandInOut, **REFUSED})
def end_stand_in(request: HttpRequest, town: TownCode, pk: Key) -> Any:
    """收回: from now on."""
    permit = allowed(request, town, Action.READ_UNITS)
    return case_reads.stand_in_out(permit, standing_in.end(permit, pk))


@router.get("/towns/{town}/numbers", response={200: NumbersOut, **REFUSED}, tags=["numbers"])
def register(
    request: HttpRequest, town: TownCode, series: str = "", page: PageNumber = 1, size: PageSize = 50
) -> Any:
    """The register of serial numbers, newest first; ``series``: such as 长委〔2011〕, the newest by default."""
    return case_reads.numbers(allowed(request, town, Action.READ_UNITS), series, page, size)


@router.post("/towns/{town}/numbers/open", response={200: NumbersOut, **REFUSED}, tags=["numbers"])
def open_register(request: HttpRequest, town: TownCode, body: RegisterIn) -> Any:
    """Open a register by body and year that begins after the numbers on paper."""
    permit = allowed(request, town, Action.READ_UNITS)
    numbers.require_keeper(permit)
    kept = numbers.open_register(permit, "".join(body.body.split()), body.year, body.first, body.issuer)
    return case_reads.numbers(permit, str(kept), 1, 50)


@router.post("/towns/{town}/numbers/reserve", response={200: NumbersOut, **REFUSED}, tags=["numbers"])
def reserve(request: HttpRequest, town: TownCode, body: ReserveIn) -> Any:
    """预留 the next number of this year."""
    permit = allowed(request, town, Action.READ_UNITS)
    serial = numbers.reserve(permit, body.what.strip())
    return case_reads.numbers(permit, f"{serial.body}〔{serial.year}〕", 1, 50)


@router.post("/towns/{town}/numbers/{pk}/void", response={200: NumbersOut, **REFUSED}, tags=["numbers"])
def void(request: HttpRequest, town: TownCode, pk: Key, body: VoidIn) -> Any:
    """作废 a reserved number; it is never given again."""
    permit = allowed(request, town, Action.READ_UNITS)
    serial = numbers.void(permit, pk, body.reason.strip())
    return case_reads.numbers(permit, f"{serial.body}〔{serial.year}〕", 1, 50)
