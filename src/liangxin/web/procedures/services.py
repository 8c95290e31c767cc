"""Writes of cases. The core judges each act; what it gives is stored with all that follows from it, or nothing is.

A reply is one transaction: the event, its serial number, the entries of the tree's journal, the units' ledger, the
document's facts and the audit events. The town's row is locked first, so two people at once come one after the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Final

from django.db import transaction
from django.http import Http404

from liangxin import procedure
from liangxin.findings import Finding, InputError, Place
from liangxin.procedure import (
    Act,
    Matter,
    Need,
    ProcedureId,
    Revise,
    Serial,
    Take,
    Transition,
    annulments,
    earliest,
    event_to_json,
    performed,
    waiting,
)
from liangxin.procedure.handling import has_in_hand
from liangxin.registry import private
from liangxin.registry.access import Action
from liangxin.structure import Operation
from liangxin.web.accounts import two_step
from liangxin.web.accounts.models import User
from liangxin.web.accounts.permission import Permit
from liangxin.web.areas.models import Town
from liangxin.web.audit import fingerprint
from liangxin.web.audit.services import record
from liangxin.web.organizations import services as organizations
from liangxin.web.organizations.queries import tree_of
from liangxin.web.plans.models import PlanRun
from liangxin.web.policies.queries import load, today
from liangxin.web.procedures import evidence, numbers, papers
from liangxin.web.procedures.actors import actor_of
from liangxin.web.procedures.evidence import Received
from liangxin.web.procedures.models import Case, CaseEvent, Evidence, Party
from liangxin.web.procedures.queries import core_case, issuing_register, judged_by, visible
from liangxin.web.procedures.saying import act_name
from liangxin.web.units.live import live
from liangxin.wording import Text

MOST_AT_ONCE: Final = 200


@transaction.atomic
def start(
    permit: Permit,
    id: ProcedureId,
    matter: Matter,
    *,
    plan: PlanRun | None = None,
    approved_by: Case | None = None,
) -> Case:
    """发起 a case. InputError with every reason, also where the same is under way for the organization already."""
    permit.require(Action.PROPOSE)
    two_step.require(permit)
    refuse_identity_numbers(matter)
    town = Town.objects.select_for_update().get(pk=permit.town.pk)
    _refuse_twice(town, matter)
    now = today(town)
    stored = Case.objects.create(
        town=town,
        procedure=id,
        kind=matter.kind.value,
        title=matter.title,
        step="",
        initiator=permit.user,
        task_group=matter.task_group,
        organization=matter.organization,
        since=now,
        plan=plan,
        approved_by=approved_by,
    )
    core = procedure.start(stored.key, id, matter, actor_of(permit), judged_by(permit))
    kept = store(stored, core, permit.user)
    record(permit.user, town, "case.start", "case", stored.pk, detail={"kind": stored.kind, **kept})
    return stored


def _refuse_twice(town: Town, matter: Matter) -> None:
    if not matter.organization:
        return
    under_way = Case.objects.filter(
        town=town, kind=matter.kind.value, organization=matter.organization, closed=False
    ).first()
    if under_way is not None:
        raise InputError.of(
            "procedure.under_way",
            f"同一个党组织的这件事正在办理：{under_way.title}（{under_way.initiator}发起）",
            f"the same is under way for this organization: {under_way.title} (begun by {under_way.initiator})",
            column_of="organization",
        )


def refuse_identity_numbers(said: Act | Matter) -> None:
    """Whatever somebody wrote with an act or in a matter: no identity number is kept."""
    words = {
        each.name: value
        for each in fields(said)
        if isinstance(value := getattr(said, each.name), str) and value
    }
    for at, operation in enumerate(said.operations if isinstance(said, Matter) else ()):
        words[f"operation-{at}"] = str(getattr(operation, "name", "") or "")
        words[f"reason-{at}"] = operation.basis.reason.zh if operation.basis.reason is not None else ""
    private.refuse(words)


def act(permit: Permit, key: int, deed: Act, version: int | None, uploads: Sequence[Received] = ()) -> Case:
    """Do one act on a case the person may see. InputError with every reason; where somebody was first, who and when.

    The files of a refused act are not kept.
    """
    two_step.require(permit)
    read_ahead(permit.town, deed)
    kept: list[Evidence] = []
    try:
        with transaction.atomic():
            town = Town.objects.select_for_update().get(pk=permit.town.pk)
            stored = locked_case(permit, key)
            kept = evidence.keep(stored, permit.user, tuple(uploads))
            return _act(permit, town, stored, deed, version)
    except BaseException:
        for each in kept:
            each.file.delete(save=False)
        raise


@dataclass(frozen=True, slots=True)
class Chosen:
    """One of several cases as the person saw it."""

    key: int
    version: int


def refuse_number_of(cases: int) -> None:
    """InputError where so many cases are not done at once."""
    if not 1 <= cases <= MOST_AT_ONCE:
        raise InputError.of(
            "procedure.how_many", f"一次可办1至{MOST_AT_ONCE}件", f"1 to {MOST_AT_ONCE} cases at once", found=str(cases)
        )  # fmt: skip


@transaction.atomic
def act_on_all(permit: Permit, chosen: Sequence[Chosen], deed: Take) -> list[Case]:
    """The same transition for several cases, each judged by itself and each with a number of its own; all or none.

    InputError names the case of each reason.
    """
    two_step.require(permit)
    refuse_number_of(len(chosen))
    read_ahead(permit.town, deed)
    town = Town.objects.select_for_update().get(pk=permit.town.pk)
    findings: list[Finding] = []
    done: list[Case] = []
    for each in chosen:
        stored = locked_case(permit, each.key)
        try:
            with transaction.atomic():  # what a refused one left does not stand in the way of the next
                done.append(_act(permit, town, stored, deed, each.version))
        except InputError as refused:
            findings += [replace(finding, place=Place(file=stored.title)) for finding in refused.findings]
    if findings:
        raise InputError(findings)
    return done


_CHANGING: Final = {
    way.id for table in procedure.PROCEDURES.values() for way in table.transitions.values() if way.effect
}


def read_ahead(town: Town, deed: Act) -> None:
    """What others wrote since is read before the town is locked, so that the lock is held for this act only. The
    ledger only where the act changes the tree, which is judged on it."""
    tree_of(town)
    if isinstance(deed, Take) and deed.transition in _CHANGING:
        live(town)


def locked_case(permit: Permit, key: int) -> Case:
    stored = visible(permit).select_for_update().filter(pk=key).first()
    if stored is None:
        raise Http404
    return stored


def _act(permit: Permit, town: Town, stored: Case, deed: Act, version: int | None) -> Case:
    refuse_identity_numbers(deed.matter if isinstance(deed, Revise) else deed)
    stored.town = town
    before = core_case(stored)
    way = before.procedure.transitions.get(deed.transition) if isinstance(deed, Take) else None
    judging = judged_by(permit)
    if isinstance(deed, Take) and way is not None:
        day = deed.on or judging.day
        if Need.SERIAL in way.needs:
            register = issuing_register(town, day.year, deed.serial.body if deed.serial is not None else "")
            judging = replace(judging, register=register)
            # No number chosen: the next one, which only now, under the lock, is certain.
            deed = replace(deed, on=day, serial=deed.serial or register.next)
    after = procedure.apply(before, deed, actor_of(permit), judging, version=version)
    kept = store(stored, after, permit.user)
    detail: dict[str, object] = {"step": after.step.id, **kept}
    if isinstance(deed, Take) and way is not None:
        detail |= _take(permit, town, stored, before, after, deed, way)
    if before.closed is False and after.closed and stored.plan_id:
        detail["plan"] = stored.plan_id
    name = deed.transition if isinstance(deed, Take) else act_name(type(deed))
    reason = str(getattr(deed, "reason", "") or getattr(deed, "words", "") or getattr(deed, "question", ""))
    record(permit.user, town, "case.act", "case", stored.pk, reason=reason, detail=detail | {"act": name})
    return stored


def _take(
    permit: Permit,
    town: Town,
    stored: Case,
    before: procedure.Case,
    after: procedure.Case,
    deed: Take,
    way: Transition,
) -> dict[str, object]:
    """What a transition brings with it: its number, what it does to the tree and the ledger, its document."""
    day = deed.on or today(town)
    detail: dict[str, object] = {}
    standing = procedure.standing_for(after, tree_of(town), day)
    if deed.serial is not None:
        numbers.issue(stored, permit.user, deed.serial, day, numbers.words_of(stored, way.label))
        detail["serial"] = deed.serial.text
    if way.effect:
        operations, title = _effect(town, before, after, deed, way, deed.serial)
        tree = organizations.perform(town, permit.user, operations, title)
        detail["entries"] = len(operations)
        detail["journal"] = max((entry.number for entry in tree.journal), default=0)
    if made := papers.issue(stored, after, town, load(town), standing, by=permit.user):
        detail["document"] = made
    return detail


def _effect(
    town: Town,
    before: procedure.Case,
    after: procedure.Case,
    deed: Take,
    way: Transition,
    serial: Serial | None,
) -> tuple[Sequence[Operation], Text]:
    assert serial is not None, "the table asks for a number wherever the tree changes"
    title = Text("{serial}：{title}", "{serial}: {title}").fill(serial=serial.text, title=before.matter.title)
    if way.effect == "perform":
        return performed(after), title
    day = deed.on or today(town)
    return annulments(before, tree_of(town), serial, day, deed.reason), title


def store(stored: Case, core: procedure.Case, by: User) -> dict[str, object]:
    """The newest event, and the columns that follow from the case as it now is. Gives the event's number and its
    fingerprint for the audit event that is to tell of it."""
    event = core.history[-1]
    document = event_to_json(event)
    CaseEvent.objects.create(case=stored, number=event.number, document=document, by=by)
    waits = waiting(core)
    due = earliest(core)
    stored.version = core.version
    stored.step = core.step.id
    stored.closed = core.closed
    stored.title = core.matter.title[:200]
    stored.organization = core.matter.organization
    stored.action = waits.action.value if waits.action is not None else ""
    stored.handler_id = int(waits.person) if waits.person is not None else None
    stored.asking = bool(waits.asked)
    stored.since = core.since
    stored.due = due.on if due is not None and not core.closed else None
    stored.save()
    _store_parties(stored, core, by)
    return {"version": event.number, "sha256": fingerprint.of_case_event(document)}


def _store_parties(stored: Case, core: procedure.Case, by: User) -> None:
    if core.version > 1:
        Party.objects.bulk_create(  # one statement, whether the person acted on it before or not
            [Party(case=stored, user=by, part=Party.ACTED)],
            update_conflicts=True,
            unique_fields=["case", "user", "part"],
            update_fields=["at"],
        )
        stored.parties.filter(part__in=(Party.ASKED, Party.DELEGATE)).delete()
    rows: dict[tuple[int, str], Party] = {}
    for question in core.questions:
        asked = int(question.to.person.id)
        rows[asked, Party.ASKED] = Party(case=stored, user_id=asked, part=Party.ASKED)
    for delegation in core.delegations:
        if core.closed:
            break
        taker = int(delegation.taker.id)
        days = {"since": delegation.since, "until": delegation.until}
        if any(question.to.person.id == delegation.giver.person.id for question in core.questions):
            rows.setdefault((taker, Party.ASKED), Party(case=stored, user_id=taker, part=Party.ASKED, **days))
        if has_in_hand(core, delegation.giver):
            known = rows.get((taker, Party.DELEGATE))
            if known is not None and known.since is not None and known.until is not None:
                days = {
                    "since": min(known.since, delegation.since),
                    "until": max(known.until, delegation.until),
                }
            rows[taker, Party.DELEGATE] = Party(case=stored, user_id=taker, part=Party.DELEGATE, **days)
    Party.objects.bulk_create(rows.values())
    if not core.copies:
        return
    known_copies = set(stored.parties.filter(part=Party.COPIED).values_list("user_id", flat=True))
    Party.objects.bulk_create(
        Party(case=stored, user_id=int(person.id), part=Party.COPIED)
        for person in core.copies
        if int(person.id) not in known_copies
    )


@transaction.atomic
def opened(permit: Permit, case: Case, action: str, detail: dict[str, object]) -> None:
    """Somebody opened a file of the case: the log says who."""
    record(permit.user, permit.town, action, "case", case.pk, detail=detail)


@transaction.atomic
def start_all(
    permit: Permit,
    asked: Sequence[tuple[ProcedureId, Matter]],
    *,
    plan: PlanRun | None,
    approved_by: Case | None = None,
) -> list[Case]:
    """Several cases, all or none; InputError names the matter of each reason."""
    refuse_number_of(len(asked))
    findings: list[Finding] = []
    made: list[Case] = []
    for id, matter in asked:
        try:
            made.append(start(permit, id, matter, plan=plan, approved_by=approved_by))
        except InputError as refused:
            findings += [replace(finding, place=Place(file=matter.title)) for finding in refused.findings]
    if findings:
        raise InputError(findings)
    return made
