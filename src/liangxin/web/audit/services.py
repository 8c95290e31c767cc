"""Add an event to the chain, in the caller's transaction: what is rolled back leaves no event, what is done leaves one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.utils import timezone

from liangxin.web.accounts.models import User
from liangxin.web.areas.models import Town
from liangxin.web.audit import anchors, covered, watching
from liangxin.web.audit.anchors import Anchor
from liangxin.web.audit.chain import canonical, digest
from liangxin.web.audit.models import Event, Head
from liangxin.wording import Text

if TYPE_CHECKING:
    from liangxin.web.accounts.permission import Permit

# Numbers by which a person is found: an identity number, a mobile telephone. They are not kept, whoever typed them.
_PERSONAL: Final = re.compile(
    r"(?<![0-9A-Za-z])(?:\d{17}[\dXx]|\d{15}|(?:\+?86[- ]?)?1[3-9]\d{9})(?![0-9A-Za-z])"
)
LONGEST_REASON: Final = 500
COVERED_AT_ONCE: Final = 2000  # rows in one event


def last_event() -> int:
    """The number of the chain's newest event: between two events nothing that it vouches for has changed."""
    return int(Head.objects.values_list("seq", flat=True).get(pk=1))


def record(
    actor: User | None,
    town: Town | None,
    action: str,
    object_kind: str,
    object_id: str | int,
    *,
    reason: str = "",
    detail: Mapping[str, Any] | None = None,
) -> Event:
    """Append one event. Call it last in the transaction: from here to the commit, other writers wait for it.

    Args:
        actor: who did it; None for the system itself (a job of the night, a failed sign-in of nobody known).
        town: None for what concerns the site as a whole.
        action: a word of ``liangxin.web.audit.words.ACTIONS``.
        object_kind, object_id: what it was done to; a word of ``OBJECTS`` and the object's own id.
        reason: in the person's own words, where one was asked for.
        detail: JSON facts: numbers, names of fields, file names. Never the values of personal fields.
    """
    with transaction.atomic(savepoint=False):
        facts = _hidden_in(dict(detail or {}))
        if told := watching.take():
            facts["told"] = told
        head = Head.objects.select_for_update().get(pk=1)
        event = Event(
            seq=head.seq + 1,
            at=timezone.now(),
            actor=actor.username if actor is not None else "",
            town=town.code if town is not None else "",
            action=action,
            object_kind=object_kind,
            object_id=str(object_id)[:200],
            reason=hidden(reason.strip())[:LONGEST_REASON],
            detail=canonical(facts),
            previous=head.hash,
        )
        event.hash = digest(event)
        anchors.before_first_of_day(head, event.at)
        event.save(force_insert=True)
        Head.objects.filter(pk=1).update(seq=event.seq, hash=event.hash)
    return event


def hidden(words: str) -> str:
    """The words without numbers by which a person is found."""
    return _PERSONAL.sub("***", words)


def _hidden_in(value: Any) -> Any:
    if isinstance(value, str):
        return hidden(value)
    if isinstance(value, Mapping):
        return {str(name): _hidden_in(each) for name, each in value.items()}
    return [_hidden_in(each) for each in value] if isinstance(value, list | tuple) else value


def cover(tables: Iterable[str] | None = None) -> int:
    """Take the fingerprints of all rows as they are now: at the first start of a version that keeps them, or of
    ``tables`` that a migration has rewritten. Gives the number of rows."""
    rows = 0
    with transaction.atomic():
        watching.take()  # they are among the rows
        for model in covered.models():
            table = model._meta.db_table
            if tables is not None and table not in tables:
                continue
            found = covered.fingerprints(model)
            while some := dict(islice(found, COVERED_AT_ONCE)):
                detail = {"rows": len(some), "told": {table: some}}
                record(None, None, "audit.cover", "rows", table, detail=detail)
                rows += len(some)
    return rows


def cover_what_was_before() -> int:
    """On a site of before fingerprints of rows were kept: all rows there are, once."""
    known = Event.objects.filter(detail__contains='"told":{').exists()
    return 0 if known else cover()


def make_anchor(path: Path) -> None:
    """Sign the chain's end of now into a file, to be kept elsewhere. The event that tells of it is the last it covers."""
    with transaction.atomic():
        event = record(None, None, "audit.anchor", "audit", path.name)
        anchors.write(anchors.sign(timezone.localdate(), event.seq, event.hash), path)


def exported(permit: Permit, rows: int, chosen: Text) -> int:
    """The log itself is about to leave the site. Gives the number of the event that says so."""
    detail = {"rows": rows, "filter": chosen.zh}
    return record(permit.user, permit.town, "audit.export", "audit", "", detail=detail).seq


def anchored_for(permit: Permit) -> Anchor:
    """The chain's end of now, signed, for a person to take along."""
    with transaction.atomic():
        event = record(permit.user, permit.town, "audit.anchor", "audit", "")
        return anchors.sign(timezone.localdate(), event.seq, event.hash)
