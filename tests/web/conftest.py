"""People and a town for the tests of the site: Alice of the office, Bob of a task group, and an outsider."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.db.backends.base.operations import BaseDatabaseOperations
from django.test import Client

from liangxin.registry.access import Role
from liangxin.wording import Text

# Playwright's own loop runs in the test's thread; Django would take that for an async view.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


_empty = BaseDatabaseOperations.execute_sql_flush


def _empty_unguarded(self: BaseDatabaseOperations, statements: list[str]) -> None:
    """Between tests that commit, every table is emptied, which the triggers of the audit chain rightly refuse.
    Django migrates after emptying, and that puts them back."""
    from liangxin.web.audit import guard

    guard.remove(self.connection)
    _empty(self, statements)


if _empty.__name__ != "_empty_unguarded":  # this file is read twice when the browser's tests import it
    BaseDatabaseOperations.execute_sql_flush = _empty_unguarded  # type: ignore[method-assign]


@pytest.fixture(scope="session")
def sample() -> Any:
    from liangxin.sample import make_town

    return make_town(300, seed=3)


def _undecided() -> bool:
    """As on a site: the transaction that a test as a whole is rolled back with is none of the site's."""
    return any(not getattr(block, "_from_testcase", False) for block in connection.atomic_blocks)


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test database is rolled back or emptied, which a site's never is: what was kept of it is forgotten."""
    from liangxin.web.ui import committed

    monkeypatch.setattr(committed, "undecided", _undecided)
    from liangxin.web.ui.memory import MEMORY

    cache.clear()  # attempts and exports that other tests counted
    MEMORY.forget()


Rows = dict[str, list[tuple[Any, ...]]]
_written: dict[int, tuple[object, Rows]] = {}  # by the identity of what was written, which is kept for that


def written_again(what: object, write: Callable[[], None]) -> None:
    """``write`` on a database without rows of its own; the second time the rows it wrote the first time, as they are."""
    if connection.vendor != "sqlite":  # another engine has sequences besides the rows
        write()
    elif id(what) not in _written:
        before = _rows()
        write()
        _written[id(what)] = what, {table: rows for table, rows in _rows().items() if rows != before[table]}
    else:
        _insert(_written[id(what)][1])


def _rows() -> Rows:
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        return {table: list(cursor.execute(f'SELECT * FROM "{table}"')) for table in tables}


def _insert(tables: Rows) -> None:
    """A row that is there already (the head of the audit chain) becomes what it was."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("PRAGMA defer_foreign_keys = ON")  # the tables come in no order
        for table, rows in tables.items():
            places = ", ".join("?" * len(rows[0]))
            cursor.cursor.executemany(f'INSERT OR REPLACE INTO "{table}" VALUES ({places})', rows)


@pytest.fixture
def town(db: None, sample: Any) -> Any:
    """A made-up town of 300 units, standing on 15 August 2011."""
    from liangxin.web.areas.models import Town
    from liangxin.web.areas.services import add_town
    from liangxin.web.units.loading import load_ledger

    def load() -> None:
        stored = add_town(sample.town, drive_starts=date(2011, 8, 1), today=date(2011, 8, 15))
        load_ledger(stored, sample.ledger, None, Text("示范名单", "sample list"))

    written_again(sample, load)
    return Town.objects.get(code=sample.town.code)


@pytest.fixture
def recorded(town: Any) -> Any:
    """The town with its existing organizations and the working committee in the tree."""
    from liangxin.web.organizations import services

    services.record_existing(town)
    services.found_framework(town, None, frozenset({"3.0", "3.1", "5.1"}))
    return town


@pytest.fixture
def own_folder(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of this test, without a key yet: keys and uploads are in it."""
    monkeypatch.delenv("LIANGXIN_PERSONAL_KEY", raising=False)
    settings.DATA = tmp_path
    settings.MEDIA_ROOT = tmp_path / "uploads"
    return tmp_path


@pytest.fixture
def empty_town(db: None, sample: Any) -> Any:
    """The same town before the first import."""
    from liangxin.web.areas.services import add_town

    return add_town(sample.town, drive_starts=date(2011, 8, 1), today=date(2011, 8, 15))


def person(name: str, town: Any, role: Role | None, task_group: str = "") -> Any:
    from liangxin.web.accounts.models import RoleGrant, User

    user = User.objects.create_user(name, password="correct horse battery", display_name=name)
    if role is not None:
        RoleGrant.objects.create(user=user, town=town, role=role.value, task_group=task_group)
    return user


@pytest.fixture
def alice(town: Any) -> Any:
    """Of the organization office: does everything but publish users."""
    return person("alice", town, Role.OFFICE)


@pytest.fixture
def bob(town: Any) -> Any:
    """Member of the first task group: his own units only."""
    return person("bob", town, Role.GROUP_MEMBER, town.as_core().task_groups[0].id)


@pytest.fixture
def outsider(town: Any) -> Any:
    """Signs in, holds no role here."""
    return person("outsider", town, None)


@pytest.fixture
def as_person() -> Iterator[Any]:
    """A test client signed in as somebody: ``as_person(alice).get(...)``."""

    def client(user: Any) -> Client:
        made = Client()
        made.force_login(user)
        return made

    yield client
