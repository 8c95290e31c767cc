"""Drills: disk full, database read-only, held or gone, clock moved. Reading goes on; each write says why it cannot, in
both languages and to programs; nothing is half done."""

from __future__ import annotations

import logging
import resource
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone
from tests.web.conftest import _rows
from tests.web.test_imports import HEADER, workbook

from liangxin.web.health.refusals import Refusal, refusal_of
from liangxin.web.units.models import Unit

pytestmark = pytest.mark.skipif(connection.vendor != "sqlite", reason="the faults are made on SQLite")

READS = ("overview/", "units/", "organizations/", "jobs/", "documents/", "settings/")
Write = Callable[[Client, str, Unit], Any]


@cache
def made_list() -> bytes:
    """An ordinary list to take in; made before anything fails."""
    return bytes(workbook([HEADER, ["N1", "长乐岚汀试验厂", "企业", "61", ""]]).read())


def _cell(client: Client, at: str, unit: Unit) -> Any:
    shown = client.get(f"{at}units/unit/{unit.unit_id}/cell/staff/")
    assert 200 == shown.status_code
    return client.post(
        f"{at}units/unit/{unit.unit_id}/cell/staff/",
        {
            "value": "4321",
            "was": "" if unit.staff is None else unit.staff,
            "version": Unit.objects.get(pk=unit.pk).version,
        },
        headers={"HX-Request": "true"},
    )


WRITES: dict[str, Write] = {
    "a cell": _cell,
    "an import": lambda client, at, unit: client.post(
        f"{at}imports/", {"file": SimpleUploadedFile("名单.xlsx", made_list())}
    ),
    "a saved list": lambda client, at, unit: client.post(f"{at}units/saved/", {"name": "我的名单", "query": "kind=enterprise"}),
    "a planning run": lambda client, at, unit: client.post(f"{at}plans/start/", {"time_limit": "10"}),
    "the API": lambda client, at, unit: client.patch(
        f"/api/v1{at.replace('/t/', '/towns/')}units/{unit.unit_id}",
        {"version": unit.version, "values": {"staff": 4321}, "seen": {"staff": unit.staff}}, content_type="application/json",
    ),
    "signing in": lambda client, at, unit: Client(headers={"Cookie": f"django_language={client.cookies['django_language'].value}"}).post(
        "/accounts/login/", {"login": "alice", "password": "correct horse battery"}
    ),
}  # fmt: skip


@contextmanager
def full_disk() -> Iterator[None]:
    """The system refuses every byte beyond the first 4 KB of a file: no page more for the database, no upload."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    logging.disable()  # what the test prints goes into a file too
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        logging.disable(logging.NOTSET)


@contextmanager
def read_only() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA query_only = ON")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA query_only = OFF")


@contextmanager
def held() -> Iterator[None]:
    """Another program writes and does not end; the site waits a tenth of a second for its turn instead of twenty."""
    other = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    options = connection.settings_dict["OPTIONS"]
    timeout = options["timeout"]
    options["timeout"] = 0.1
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 100")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()
        options["timeout"] = timeout
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA busy_timeout = {1000 * timeout}")


FAULTS: dict[Refusal, Callable[[], AbstractContextManager[None]]] = {
    Refusal.FULL: full_disk,
    Refusal.READ_ONLY: read_only,
    Refusal.BUSY: held,
}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("refusal", FAULTS, ids=lambda each: each.code)
def test_a_site_that_cannot_write(
    town: Any, alice: Any, as_person: Any, refusal: Refusal, settings: Any
) -> None:
    """Each page is read, though the note of the session cannot be written; each write is refused in words; afterwards the
    database is as it was, and the same writes go through."""
    settings.JOBS_AT_ONCE = False
    client, at = as_person(alice), f"/t/{town.code}/"
    client.raise_request_exception = False
    unit = Unit.objects.filter(town=town, removed=False, state="operating").first()
    for page in READS:
        client.get(at + page)
    session = client.session
    session["seen"] = time.time() - 120  # whoever reads is to be noted again
    session.save()
    made_list()
    before = _rows()
    with FAULTS[refusal]():
        read = {page: client.get(at + page).status_code for page in READS}
        answers = {}
        for lang in ("zh", "en"):
            client.cookies["django_language"] = "en" if lang == "en" else "zh-hans"
            answers |= {(name, lang): write(client, at, unit) for name, write in WRITES.items()}
    assert dict.fromkeys(READS, 200) == read
    assert dict.fromkeys(answers, 503) == {name: answer.status_code for name, answer in answers.items()}
    for (name, lang), answer in answers.items():
        if name == "the API":
            assert (refusal.code, refusal.text.as_dict()) == (answer.json()["code"], answer.json()["message"])
        else:
            assert refusal.text.in_language(lang) in answer.content.decode(), (name, lang)  # type: ignore[arg-type]
    assert "#messages" == answers["a cell", "zh"].headers.get("HX-Retarget")
    assert before == _rows()
    assert [] == [
        path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file() and not path.stat().st_size
    ]
    for name, write in WRITES.items():
        assert write(client, at, unit).status_code < 500, name


@pytest.mark.django_db
def test_a_database_that_is_gone_is_said(
    as_person: Any, town: Any, alice: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither page nor API can be opened: a page of its own, which asks the database nothing, and JSON for programs."""
    from psycopg import OperationalError as Refused

    client = as_person(alice)
    client.raise_request_exception = False

    def gone(*_: Any, **__: Any) -> None:
        raise OperationalError("connection refused") from Refused("connection refused")

    monkeypatch.setattr(connection, "cursor", gone)
    page = client.get(f"/t/{town.code}/units/")
    said = client.get(f"/api/v1/towns/{town.code}/units")
    assert (503, 503) == (page.status_code, said.status_code)
    assert Refusal.UNREACHABLE.reading.zh in page.content.decode()
    assert ("database-unreachable", "10") == (said.json()["code"], said.headers["Retry-After"])


@pytest.mark.parametrize("shift", [timedelta(days=-1), timedelta(days=1)], ids=["back", "forth"])
@pytest.mark.django_db
def test_a_clock_that_was_moved(
    town: Any, alice: Any, as_person: Any, shift: timedelta, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Set back or forth a day: pages are read, writes go in, the audit chain holds; set forth, whoever was signed in is
    asked to sign in again, since nobody can tell that from a day without use."""
    from liangxin.web.audit.verifying import walk

    client, at = as_person(alice), f"/t/{town.code}/"
    units = list(Unit.objects.filter(town=town, removed=False, staff__isnull=False)[:2])
    assert 200 == client.get(at + "units/").status_code
    assert 200 == _cell(client, at, units[0]).status_code
    now, wall = timezone.now, time.time
    monkeypatch.setattr(timezone, "now", lambda: now() + shift)
    monkeypatch.setattr(time, "time", lambda: wall() + shift.total_seconds())
    shown = client.get(at + "units/")
    assert (200 if shift < timedelta(0) else 302) == shown.status_code
    again = client if shift < timedelta(0) else as_person(alice)
    assert 200 == _cell(again, at, units[1]).status_code
    assert [4321, 4321] == [Unit.objects.get(pk=unit.pk).staff for unit in units]
    assert () == tuple(walk().faults)
    monkeypatch.setattr(timezone, "now", now)
    monkeypatch.setattr(time, "time", wall)
    assert 200 == as_person(alice).get(at + "units/").status_code


def _caused(kind: type[Exception], **marks: Any) -> Exception:
    """As Django hands it on: its own error, with the engine's behind it."""
    inner = kind("it failed")
    for name, value in marks.items():
        setattr(inner, name, value)
    made = OperationalError("it failed")
    made.__cause__ = inner
    return made


def test_faults_of_the_program_are_no_refusals() -> None:
    """Only what the disk and the database say of themselves is put into these words."""
    from psycopg import errors

    assert Refusal.FULL is refusal_of(_caused(errors.DiskFull))
    assert Refusal.READ_ONLY is refusal_of(_caused(errors.ReadOnlySqlTransaction))
    assert Refusal.BUSY is refusal_of(_caused(errors.LockNotAvailable))
    assert Refusal.UNREACHABLE is refusal_of(_caused(errors.AdminShutdown))
    assert Refusal.FULL is refusal_of(_caused(sqlite3.OperationalError, sqlite_errorname="SQLITE_FULL"))
    assert None is refusal_of(_caused(sqlite3.OperationalError, sqlite_errorname="SQLITE_ERROR"))
    assert None is refusal_of(_caused(errors.UndefinedColumn))
    assert None is refusal_of(ZeroDivisionError())
    assert None is refusal_of(FileNotFoundError(2, "none"))
