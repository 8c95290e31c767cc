"""The audit chain: every event holds the hash of the one before, and the database refuses to change any."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from liangxin.web.audit import guard
from liangxin.web.audit.chain import START, digest
from liangxin.web.audit.models import Event, Head
from liangxin.web.audit.services import record


def in_order() -> list[Event]:
    return list(Event.objects.order_by("seq"))


def test_each_event_holds_the_hash_of_the_one_before(empty_town: Any) -> None:
    """Numbers without a gap, hashes that follow from the row, and a head that says where the chain ends."""
    first = Event.objects.count()
    for number in range(3):
        record(None, empty_town, "units.edit", "change_set", number, detail={"units": number})
    rows = in_order()
    assert list(range(1, first + 4)) == [row.seq for row in rows]
    assert [START, *(row.hash for row in rows[:-1])] == [row.previous for row in rows]
    assert [digest(row) for row in rows] == [row.hash for row in rows]
    head = Head.objects.get(pk=1)
    assert (rows[-1].seq, rows[-1].hash) == (head.seq, head.hash)


def test_what_is_rolled_back_leaves_no_event(empty_town: Any) -> None:
    """An event is part of what it tells of."""
    before = Event.objects.count()
    with pytest.raises(RuntimeError), transaction.atomic():
        record(None, empty_town, "units.edit", "change_set", 1)
        raise RuntimeError
    record(None, empty_town, "units.edit", "change_set", 2)
    assert (before + 1, "2") == (Event.objects.count(), Event.objects.first().object_id)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_event SET actor = 'x'",
        "DELETE FROM audit_event",
        "INSERT INTO audit_event SELECT seq + 5, at, actor, town, action, object_kind, object_id, reason, detail, previous, hash FROM audit_event",
        "INSERT OR REPLACE INTO audit_event SELECT * FROM audit_event",
    ],
)
def test_the_database_refuses(statement: str, empty_town: Any) -> None:
    """Neither change, removal, nor an insert that is not the next link, by whatever program."""
    record(None, empty_town, "units.edit", "change_set", 1)
    if connection.vendor == "postgresql" and "OR REPLACE" in statement:
        statement = "TRUNCATE audit_event"
    with pytest.raises(DatabaseError, match="审计"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert [] == guard.missing(connection)


def test_numbers_that_find_a_person_are_not_kept(empty_town: Any) -> None:
    """An identity number or a telephone typed into a reason or a detail is not written down."""
    event = record(
        None, empty_town, "units.edit", "change_set", 1,
        reason="核对33068119800101123X，电话13912345678。",
        detail={"file": "名单13912345678.xlsx", "rows": 13912345678, "fields": ["staff"]},
    )  # fmt: skip
    assert "核对***，电话***。" == event.reason
    assert {"file": "名单***.xlsx", "rows": 13912345678, "fields": ["staff"]} == event.facts
