"""Acts on cases through the API: what was sent is read by the pages' own readers and done by the pages' own services."""

from __future__ import annotations

import base64
import binascii
from typing import Any, Final

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404, QueryDict

from liangxin.findings import InputError
from liangxin.procedure import PROCEDURES, Kind, Revise, Take
from liangxin.web.accounts.permission import Permit
from liangxin.web.api.case_schemas import (
    ActIn,
    DeedIn,
    FileIn,
    RequestIn,
    ReviseIn,
    StandInIn,
    TogetherIn,
)
from liangxin.web.organizations import forms
from liangxin.web.organizations.queries import day_tree
from liangxin.web.policies.queries import today
from liangxin.web.procedures import beginning, evidence, jointly, queries, services, standing_in
from liangxin.web.procedures.actors import people, readers
from liangxin.web.procedures.models import Case
from liangxin.web.procedures.reading import Reader
from liangxin.web.procedures.services import Chosen

# The field of the page's form under which the words of such an act are read.
_WORDS_OF: Final = {"countersign": "question", "answer": "opinion", "remind": "words"}


def stored_case(permit: Permit, key: int) -> Case:
    """A case that the person may see. 404 otherwise: another group's cases do not exist for one."""
    stored = queries.visible(permit).select_related("plan").filter(pk=key).first()
    if stored is None:
        raise Http404
    stored.town = permit.town
    return stored


def act(permit: Permit, key: int, body: ActIn) -> Case:
    """One act, as the case's page does it."""
    stored = stored_case(permit, key)
    uploads = evidence.receive([_upload(each) for each in body.evidence])
    reader = Reader(_form(body), people(permit.town), today(permit.town))
    core = queries.core_case(stored)
    deed = reader.act(body.act, core, tuple(each.named for each in uploads))
    if (
        body.whole
        and isinstance(deed, Take)
        and core.procedure.transitions[deed.transition].effect == "annul"
    ):
        return jointly.annul_whole(permit, key, deed, body.version)
    return services.act(permit, key, deed, body.version, uploads)


def together(permit: Permit, body: TogetherIn) -> list[Case]:
    """The same transition for several cases, as the page of several does it."""
    ways = {id: way for table in PROCEDURES.values() for id, way in table.transitions.items()}
    way = ways.get(body.act)
    if way is None:
        raise InputError.of("procedure.no_act", "没有这种办法", "There is no such act", found=body.act[:40])
    reader = Reader(_form(body), {}, today(permit.town))
    deed = reader.take(way)
    if reader.findings:
        raise InputError(reader.findings)
    chosen = [Chosen(each.id, each.version) for each in body.cases]
    return (jointly.act_jointly if body.one_document else services.act_on_all)(permit, chosen, deed)


def request(permit: Permit, body: RequestIn) -> Case:
    """A request drawn up by hand."""
    kind = forms.KINDS[body.kind]
    now = day_tree(permit.town, today(permit.town))
    if kind.of_one and body.organization not in now.organizations:
        raise Http404
    given = QueryDict(mutable=True)
    for name, value in body.values.items():
        given.setlist(name, value if isinstance(value, list) else [value])
    given["organization"], given["leadership"] = body.organization, body.leadership
    matter = beginning.matter_asked(permit, kind, body.organization, now, given)
    return services.start(permit, "founding", matter)


def asked_of_plan(permit: Permit, key: int) -> Case:
    """A plan's case whose organizations the person may ask for."""
    stored = stored_case(permit, key)
    if stored.kind != Kind.PLAN.value or not beginning.may_begin(permit, stored.task_group):
        raise Http404
    return stored


def revise(permit: Permit, key: int, body: ReviseIn) -> Case:
    """The matter before it is sent, as the case's page changes it."""
    matter = queries.core_case(stored_case(permit, key)).matter
    days = {line.unit: body.commitments.get(line.unit, line.commitment_on) for line in matter.attached()}
    changed = beginning.revised(permit.town, matter, days, body.leadership, refresh=body.refresh)
    return services.act(permit, key, Revise(changed), body.version)


def stand_in(permit: Permit, body: StandInIn) -> Any:
    groups = standing_in.groups_of(permit)
    taker = dict(readers(permit.town, groups[0] if groups else "")).get(body.to)
    if taker is None:
        raise InputError.of(
            "procedure.to", "请选一个人", "choose a person", found=str(body.to), column_of="to"
        )
    return standing_in.give(permit, taker, body.since, body.until, body.reason)


def _upload(file: FileIn) -> SimpleUploadedFile:
    try:
        return SimpleUploadedFile(file.name, base64.b64decode(file.content, validate=True))
    except (binascii.Error, ValueError) as wrong:
        raise InputError.of(
            "evidence-base64", "文件内容不是base64", "the file's content is not base64", found=file.name, column_of="evidence"
        ) from wrong  # fmt: skip


def _form(body: DeedIn) -> QueryDict:
    """As the page's form would send it, so that one reader serves both."""
    form = QueryDict(mutable=True)
    words: dict[str, object] = {"on": body.on, "reason": body.reason, "serial": body.serial}
    if body.minutes is not None:
        words |= {f"minutes_{name}": value for name, value in body.minutes.model_dump().items()}
    if body.vote is not None:
        vote = body.vote.model_dump()
        words |= {f"vote_{name}": value for name, value in vote.items() if name != "votes"}
        words["votes"] = " ".join(map(str, vote["votes"]))
    if isinstance(body, ActIn):
        words |= {"step": body.step, "by": body.by, "since": body.since, "until": body.until}
        words |= {"from_person": body.person, "agrees": "yes" if body.agrees else "no"}
        words[_WORDS_OF.get(body.act, "words")] = body.words
        form.setlist("to", [str(each) for each in body.to])
    for name, value in words.items():
        if value is not None:
            form[name] = str(value)
    return form
