"""Jobs: what a killed worker left is run anew, a cancelled import can be started again, the page follows the end."""

from __future__ import annotations

import errno
import sqlite3
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError
from django.db.models import F
from django.utils import timezone

from liangxin.web.imports import services as imports
from liangxin.web.imports.models import Import
from liangxin.web.jobs import services
from liangxin.web.jobs.models import Job
from liangxin.web.units.models import ChangeSet, Unit


@pytest.fixture
def kept(town: Any, alice: Any) -> Import:
    from tests.web.test_imports import HEADER, workbook

    return imports.receive(town, alice, workbook([HEADER, ["N1", "长乐岚汀试验厂", "企业", "61", ""]]))


def start(kept: Import, by: Any) -> Job:
    """As previewed a moment ago."""
    from liangxin.web.accounts.permission import permit
    from liangxin.web.imports.actions import start_import

    return start_import(permit(by, kept.town), kept, imports.dry_run(kept).seen)


@pytest.fixture
def waiting(town: Any, kept: Import, alice: Any, settings: Any) -> Job:
    """An import in the queue, as when no worker is free."""
    settings.JOBS_AT_ONCE = False
    return start(kept, alice)


def running(job: Job, seconds: int) -> None:
    seen = timezone.now() - timedelta(seconds=seconds)
    Job.objects.filter(pk=job.pk).update(state=Job.RUNNING, started=seen, seen=seen)


@pytest.mark.parametrize(("silent", "found"), [(30, 0), (70, 1)])
def test_a_job_without_a_sign_of_life_is_run_anew(waiting: Job, silent: int, found: int) -> None:
    """After a minute of silence its worker is taken for dead; before that it is left alone."""
    running(waiting, silent)
    assert found == services.recover_lost()
    waiting.refresh_from_db()
    assert (Job.QUEUED if found else Job.RUNNING) == waiting.state


def test_a_worker_speaks_for_its_jobs(waiting: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    """A long stage without progress is no silence: the watch gives the sign for the jobs that run here."""
    running(waiting, 70)
    monkeypatch.setattr(services, "_here", {waiting.pk})
    services.give_sign_of_life()
    assert 0 == services.recover_lost()


@pytest.mark.parametrize(("ahead", "found"), [(30, 0), (3600, 1)])
def test_a_clock_that_was_set_back_keeps_no_job_running(waiting: Job, ahead: int, found: int) -> None:
    """The last sign of life lies in the future: the worker that gave it is not waited for until then."""
    running(waiting, -ahead)
    assert found == services.recover_lost()


def test_who_is_alone_waits_for_no_silence(waiting: Job) -> None:
    """The one worker of a data folder: what runs without it was cut off."""
    running(waiting, 1)
    assert 1 == services.recover_lost(alone=True)
    waiting.refresh_from_db()
    assert Job.QUEUED == waiting.state


def test_a_job_that_ends_its_worker_is_given_up(waiting: Job) -> None:
    """Begun three times and never ended: failed, with the reason in both languages, and not begun a fourth time."""
    for _ in range(services.MOST_ATTEMPTS):
        assert 0 == Job.objects.filter(pk=waiting.pk, state=Job.FAILED).count()
        Job.objects.filter(pk=waiting.pk, state=Job.QUEUED).update(
            state=Job.RUNNING, attempts=F("attempts") + 1
        )
        services.recover_lost(alone=True)
    waiting.refresh_from_db()
    assert Job.FAILED == waiting.state
    assert ("中断了3次" in waiting.error["zh"], "cut off 3 times" in waiting.error["en"]) == (True, True)
    assert services.next_queued() is None


def test_a_job_that_was_to_be_cancelled_is_not_begun_again(waiting: Job) -> None:
    """Cancelled while it ran, and then the worker died."""
    running(waiting, 70)
    services.ask_to_cancel(waiting)
    services.recover_lost()
    waiting.refresh_from_db()
    assert Job.CANCELLED == waiting.state


def test_a_worker_that_has_to_stop_puts_its_job_back(waiting: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing was written, no attempt is counted; the next worker does it."""
    services.stopping.set()
    try:
        services.run(waiting.pk)
    finally:
        services.stopping.clear()
    waiting.refresh_from_db()
    assert (Job.QUEUED, 0) == (waiting.state, waiting.attempts)
    assert 1 == ChangeSet.objects.filter(kind="import").count()
    services.run(waiting.pk)
    waiting.refresh_from_db()
    assert Job.DONE == waiting.state


@pytest.mark.parametrize("error", ["database is locked", "disk full"])
def test_a_job_that_could_not_write(waiting: Job, monkeypatch: pytest.MonkeyPatch, error: str) -> None:
    """A held lock passes: the job is taken up again. A full disk does not: it has failed, and says why."""
    raised: Exception = OSError(errno.ENOSPC, "No space left on device")
    if error == "database is locked":
        cause = sqlite3.OperationalError(error)
        cause.sqlite_errorname = "SQLITE_BUSY"  # type: ignore[misc]
        raised = OperationalError(error)
        raised.__cause__ = cause

    def refuse(*_: Any) -> None:
        raise raised

    monkeypatch.setattr(imports, "_edits", refuse)
    if error == "disk full":
        services.run(waiting.pk)
    else:
        with pytest.raises(OperationalError):
            services.run(waiting.pk)
        assert 1 == services.recover_lost(alone=True)
    waiting.refresh_from_db()
    assert (Job.FAILED if error == "disk full" else Job.QUEUED) == waiting.state
    assert (error != "disk full") or "磁盘满了" in waiting.error["zh"]


def test_an_import_that_a_killed_worker_left_is_taken_in_once(waiting: Job, kept: Import) -> None:
    """Run again after the first run had committed: nothing is written twice."""
    services.run(waiting.pk)
    running(waiting, 70)
    assert 1 == services.recover_lost()
    services.run(waiting.pk)
    waiting.refresh_from_db()
    assert (Job.DONE, 1) == (waiting.state, Unit.objects.filter(name="长乐岚汀试验厂").count())
    assert 2 == ChangeSet.objects.filter(kind="import").count()  # the town's own list, and this one


def test_a_cancelled_import_can_be_started_again(
    town: Any, waiting: Job, kept: Import, alice: Any, as_person: Any
) -> None:
    """Cancelled in the queue: the page says so and offers the import again; a second start works."""
    client = as_person(alice)
    page = f"/t/{town.code}/imports/{kept.pk}/"
    assert "取消导入" in client.get(page).content.decode()
    response = client.post(f"/t/{town.code}/jobs/{waiting.pk}/cancel/", {"next": page})
    assert page == response["Location"]
    shown = client.get(page).content.decode()
    assert ("上次导入取消了" in shown, "导入：新增 1 家" in shown) == (True, True)
    kept.refresh_from_db()
    again = start(kept, alice)
    services.run(again.pk)
    kept.refresh_from_db()
    assert Import.DONE == kept.state


def test_a_failed_import_says_why_and_can_be_started_again(
    town: Any, waiting: Job, kept: Import, alice: Any, as_person: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A program error ends the job, writes nothing, and does not leave the file waiting for ever."""
    monkeypatch.setattr(imports, "_edits", lambda *given: 1 / 0)
    services.run(waiting.pk)
    shown = as_person(alice).get(f"/t/{town.code}/imports/{kept.pk}/").content.decode()
    assert ("ZeroDivisionError" in shown, "导入：新增 1 家" in shown) == (True, True)


def test_the_page_is_shown_anew_when_the_job_has_ended(
    town: Any, waiting: Job, alice: Any, bob: Any, as_person: Any
) -> None:
    """While it waits the bar asks again; ended, the browser is told to load the page; others see nothing of it."""
    address = f"/t/{town.code}/jobs/{waiting.pk}/"
    client = as_person(alice)
    assert "hx-trigger" in client.get(address, headers={"HX-Request": "true"}).content.decode()
    services.run(waiting.pk)
    assert "true" == client.get(address, headers={"HX-Request": "true"}).headers.get("HX-Refresh")
    assert 404 == as_person(bob).get(address).status_code


def test_cancel_goes_nowhere_else(town: Any, waiting: Job, alice: Any, as_person: Any) -> None:
    """The way back is only ever a page of this site."""
    response = as_person(alice).post(
        f"/t/{town.code}/jobs/{waiting.pk}/cancel/", {"next": "https://example.org/"}
    )
    assert f"/t/{town.code}/jobs/" == response["Location"]
