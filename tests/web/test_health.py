"""What watches over a site is told the truth: alive, ready, and what is missing; the page says when jobs do not run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client

from liangxin.web.health import checks
from liangxin.web.running.heartbeat import Heartbeat

STOPPED = ("后台任务没有运行", "Background jobs are not running")


@pytest.fixture
def with_worker(own_folder: Path, settings: Any) -> Heartbeat:
    """A site whose jobs are for a worker, which has given a sign just now."""
    settings.JOBS_AT_ONCE = False
    heartbeat = Heartbeat.of(own_folder)
    heartbeat.give()
    return heartbeat


def ready() -> tuple[int, dict[str, bool]]:
    answer = Client().get("/health/ready")
    return answer.status_code, {each["name"]: each["ok"] for each in answer.json()["checks"]}


ALL = {"database": True, "migrations": True, "disk": True, "worker": True}


@pytest.mark.django_db
def test_ready_where_everything_is_there(with_worker: Heartbeat) -> None:
    assert (200, ALL) == ready()


@pytest.mark.django_db
def test_not_ready_without_a_worker(with_worker: Heartbeat) -> None:
    """Said by name, in both languages."""
    with_worker.path.unlink()
    assert (503, ALL | {"worker": False}) == ready()
    said = Client().get("/health/ready").json()["checks"][-1]
    assert STOPPED == (said["zh"], said["en"])


@pytest.mark.django_db
def test_not_ready_without_room(with_worker: Heartbeat, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "LEAST_FREE", 1 << 62)
    assert (503, ALL | {"disk": False}) == ready()


@pytest.mark.django_db
def test_not_ready_with_a_database_of_another_version(
    with_worker: Heartbeat, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A migration that was not applied yet."""
    from django.db.migrations.recorder import MigrationRecorder

    monkeypatch.setattr(checks, "_current", False)
    MigrationRecorder(connection).record_unapplied("jobs", "0002_attempts")
    assert (503, ALL | {"migrations": False}) == ready()


def test_not_ready_without_a_database(with_worker: Heartbeat, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is alive all the same, and asks nothing of the database for that."""

    def gone() -> None:
        raise OperationalError("could not connect")

    monkeypatch.setattr(connection, "cursor", gone)
    assert (503, ALL | {"database": False, "migrations": False}) == ready()
    assert 200 == Client().get("/health/live").status_code


@pytest.mark.parametrize("lang", ["zh-hans", "en"])
def test_the_page_says_that_jobs_do_not_run(
    town: Any, alice: Any, as_person: Any, with_worker: Heartbeat, lang: str
) -> None:
    """On every page of the town, until the worker is back."""
    client = as_person(alice)
    client.cookies["django_language"] = lang
    words = STOPPED[lang == "en"]
    page = f"/t/{town.code}/jobs/"
    assert words not in client.get(page).content.decode()
    with_worker.path.unlink()
    assert words in client.get(page).content.decode()
