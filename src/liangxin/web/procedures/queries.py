"""Reads of cases: which a person may see, which wait for them, one case as the core folds it, the registers of numbers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import reduce
from operator import or_
from typing import Final

from django.db.models import Count, Q, QuerySet

from liangxin.findings import InputError
from liangxin.procedure import (
    Case as CoreCase,
)
from liangxin.procedure import (
    Delegation,
    Event,
    Register,
    SerialLine,
    SerialState,
    Task,
    Today,
    event_from_json,
    fold,
    parse_serial,
    to_do,
)
from liangxin.registry.access import Action, Reach
from liangxin.registry.text import clean
from liangxin.web.accounts.permission import Permit
from liangxin.web.accounts.permission import permit as permit_of
from liangxin.web.areas.models import Town
from liangxin.web.policies.queries import load, today
from liangxin.web.procedures.actors import actor_of, person_of
from liangxin.web.procedures.models import Case, CaseEvent, Party, SerialRegister, StandIn
from liangxin.wording import Text

# What a step may ask of whoever handles it.
HANDLING: Final = (Action.PROPOSE, Action.APPROVE, Action.DECIDE, Action.CARRY_OUT)
TABS: Final = {
    "todo": Text("待办", "To do"),
    "done": Text("已办", "Handled"),
    "copied": Text("抄送", "Copies"),
    "mine": Text("我发起的", "Started by me"),
    "all": Text("全部", "All"),
}
MOST_SHOWN: Final = 99  # in the navigation
MOST_OF_ONE: Final = 30  # on an organization's page


def visible(permit: Permit) -> QuerySet[Case]:
    """The cases whose units the person may read: the town's, or those of the person's own groups."""
    cases = Case.objects.filter(town=permit.town)
    match permit.reach(Action.READ_UNITS):
        case Reach.TOWN:
            return cases
        case Reach.GROUP:
            return cases.filter(task_group__in=permit.groups(Action.READ_UNITS))
        case _:
            return cases.none()


def waiting_for(permit: Permit) -> QuerySet[Case]:
    """待办: open cases at a step of the person's, or handed over, delegated or put as a question to them.

    The same as ``procedure.to_do`` says of each case; here it is one query over the columns.
    """
    now = today(permit.town)
    parts = Party.objects.filter(user=permit.user)
    delegated = parts.filter(part=Party.DELEGATE, since__lte=now, until__gte=now).values("case_id")
    in_time = (Q(since=None) | Q(since__lte=now)) & (Q(until=None) | Q(until__gte=now))
    asked = Q(pk__in=parts.filter(in_time, part=Party.ASKED).values("case_id"))
    in_hand = _of_step(permit) | Q(pk__in=delegated)
    for giver in stood_in_for(permit):
        in_hand |= _of_step(giver)
        theirs = Party.objects.filter(user=giver.user, part=Party.ASKED, since=None)
        asked |= Q(pk__in=theirs.values("case_id"))
    return visible(permit).filter(Q(closed=False) & ((Q(asking=False) & in_hand) | asked))


def _of_step(permit: Permit) -> Q:
    """Cases at a step that the person's roles reach and that nobody else has by name."""
    found = Q(pk__in=[])
    for action in HANDLING:
        reached = permit.reach(action)
        if reached is Reach.TOWN:
            found |= Q(action=action.value)
        elif reached is Reach.GROUP:
            found |= Q(action=action.value, task_group__in=permit.groups(action))
    return found & (Q(handler__isnull=True) | Q(handler=permit.user))


def stood_in_for(permit: Permit) -> list[Permit]:
    """Those for whom the person acts today, with what each of them may do."""
    now = today(permit.town)
    rows = StandIn.objects.filter(
        taker=permit.user, town=permit.town, since__lte=now, until__gte=now, ended=False
    )
    return [permit_of(row.giver, permit.town) for row in rows.select_related("giver") if row.giver.is_active]


def standing(permit: Permit) -> tuple[Delegation, ...]:
    """The same as the core has it: delegations to this person that hold today."""
    now = today(permit.town)
    taker = person_of(permit.user)
    return tuple(Delegation(actor_of(giver), taker, now, now) for giver in stood_in_for(permit))


def listed(permit: Permit, tab: str) -> QuerySet[Case]:
    """The cases of a tab, in its order: what waits by time limit, the others by the latest change."""
    match tab:
        case "todo":
            from django.db.models import F

            return waiting_for(permit).order_by(F("due").asc(nulls_last=True), "since", "pk")
        case "mine":
            found = visible(permit).filter(initiator=permit.user)
        case "done" | "copied":
            part = Party.ACTED if tab == "done" else Party.COPIED
            found = visible(permit).filter(parties__user=permit.user, parties__part=part)
        case _:
            found = visible(permit)
    return found.order_by("-changed", "-pk")


def counts(permit: Permit) -> dict[str, int]:
    return {tab: listed(permit, tab).count() for tab in TABS}


def waiting_count(permit: Permit) -> int:
    """How many wait, for the navigation: counted no further than is shown."""
    return waiting_for(permit).order_by()[: MOST_SHOWN + 1].count()


def of_steps(town: Town) -> list[tuple[str, str, int]]:
    """Procedure, step and number of cases: all that a county reader gets to see."""
    rows = Case.objects.filter(town=town).order_by().values_list("procedure", "step").annotate(n=Count("pk"))
    return [(procedure, step, n) for procedure, step, n in rows]


_NARROW: Final = str.maketrans("（）", "()")
_WIDE: Final = str.maketrans("()", "（）")


def filtered(cases: QuerySet[Case], town: Town, asked: dict[str, str]) -> QuerySet[Case]:
    """Narrowed by words of the title, kind, group and time limit."""
    if words := asked.get("q", "").strip()[:80]:
        titled = Q()
        for word in words.split():
            forms = {clean(word), word.translate(_NARROW), word.translate(_WIDE)}
            titled &= reduce(or_, (Q(title__icontains=form) for form in sorted(forms)))
        cases = cases.filter(titled | Q(organization=words))
    if kind := asked.get("kind"):
        cases = cases.filter(kind=kind)
    if group := asked.get("group"):
        cases = cases.filter(task_group=group)
    if limit := asked.get("limit"):
        now = today(town)
        soon = load(town).parameters.get("due_soon_days")
        until = now + timedelta(days=int(float(soon.on(now).value)) if soon is not None else 0)
        cases = cases.filter(closed=False)
        cases = (
            cases.filter(due__lt=now) if limit == "overdue" else cases.filter(due__gte=now, due__lte=until)
        )
    return cases


def core_case(stored: Case) -> CoreCase:
    """The case folded from its log."""
    documents = stored.events.order_by("number").values_list("document", flat=True)
    return fold(stored.key, [event_from_json(document) for document in documents])


def core_cases(stored: Iterable[Case]) -> dict[int, CoreCase]:
    """Several cases with one query, in the order given."""
    keys = [each.pk for each in stored]
    events: dict[int, list[Event]] = {key: [] for key in keys}
    rows = CaseEvent.objects.filter(case__in=keys).order_by("case", "number")
    for key, document in rows.values_list("case_id", "document"):
        events[key].append(event_from_json(document))
    return {key: fold(str(key), log) for key, log in events.items()}


@dataclass(frozen=True, slots=True)
class Line:
    """A case in a list. ``task`` is what the core says of it where it waits for this person."""

    stored: Case
    core: CoreCase
    task: Task | None
    due: date | None


def lines(permit: Permit, page: Iterable[Case]) -> list[Line]:
    """The cases of one page with what the core says of each."""
    page = list(page)
    cases = core_cases(page)
    now, policy = today(permit.town), load(permit.town)
    tasks = {
        task.case.id: task for task in to_do(cases.values(), actor_of(permit), now, policy, standing(permit))
    }
    return [Line(each, cases[each.pk], tasks.get(each.key), each.due) for each in page]


def judged_by(permit: Permit, register: Register | None = None) -> Today:
    """What an act of this person is judged by now. Whether the tree can take a reply, the tree says as it is written."""
    return Today(today(permit.town), load(permit.town), standing(permit), register)


def body_of(town: Town) -> str:
    """The code of the body that issues the town's documents: of its newest register, else of its policy's style.
    Empty where there is no register yet and the policy does not say it (a drafted one: 待定)."""
    newest = SerialRegister.objects.filter(town=town, issuer="").order_by("-year", "-pk").first()
    if newest is not None:
        return newest.body
    try:
        return parse_serial(load(town).style.serial).body
    except InputError:
        return ""


def register_of(town: Town, year: int, body: str = "") -> Register:
    """The register of a body in a year as the core has it; one with no number yet where none is kept, for reading."""
    body = body or body_of(town)
    stored = SerialRegister.objects.filter(town=town, body=body, year=year).first()
    return core_register(stored) if stored is not None else Register(body, year)


def issuing_register(town: Town, year: int, body: str = "") -> Register:
    """The register that a document takes its number from. InputError where it is not known whose number that would be."""
    found = register_of(town, year, body)
    if not found.body:
        raise InputError.of(
            "serial.no_body",
            "还不知道发文机关代字：先在“办理 → 发文字号”开设登记",
            "The code of the issuing body is not known: open a register under Procedures, Serial numbers first",
            accepted=Text("机关代字，如“长委”", "the body’s code, such as “长委”"),
        )
    return found


def core_register(stored: SerialRegister) -> Register:
    rows = stored.numbers.order_by("number").values_list("number", "state", "on", "case_id", "what", "reason")
    return Register(
        stored.body,
        stored.year,
        stored.first,
        tuple(
            SerialLine(number, SerialState(state), on, str(case or ""), what, reason)
            for number, state, on, case, what, reason in rows
        ),
    )


def cases_of(permit: Permit, organization: str) -> list[Case]:
    """The cases about an organization that the person may see, the newest first."""
    return list(visible(permit).filter(organization=organization)[:MOST_OF_ONE])
