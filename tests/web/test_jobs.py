"""Jobs: what a killed worker left is run anew, a cancelled import can be started again, the page follows the end."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
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
def waiting(town: Any, kept: Import, alice: Any, monkeypatch: pytest.MonkeyPatch) -> Job:
    """An import in the queue, as when no worker is free."""
    idle = SimpleNamespace(enqueue=lambda key: None, func=services.run.func)
    monkeypatch.setattr(services, "run", idle)
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


def test_an_import_that_a_killed_worker_left_is_taken_in_once(waiting: Job, kept: Import) -> None:
    """Run again after the first run had committed: nothing is written twice."""
    services.run.func(waiting.pk)
    running(waiting, 70)
    assert 1 == services.recover_lost()
    services.run.func(waiting.pk)
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
    services.run.func(again.pk)
    kept.refresh_from_db()
    assert Import.DONE == kept.state


def test_a_failed_import_says_why_and_can_be_started_again(
    town: Any, waiting: Job, kept: Import, alice: Any, as_person: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A program error ends the job, writes nothing, and does not leave the file waiting for ever."""
    monkeypatch.setattr(imports, "_edits", lambda *given: 1 / 0)
    services.run.func(waiting.pk)
    shown = as_person(alice).get(f"/t/{town.code}/imports/{kept.pk}/").content.decode()
    assert ("ZeroDivisionError" in shown, "导入：新增 1 家" in shown) == (True, True)


def test_the_page_is_shown_anew_when_the_job_has_ended(
    town: Any, waiting: Job, alice: Any, bob: Any, as_person: Any
) -> None:
    """While it waits the bar asks again; ended, the browser is told to load the page; others see nothing of it."""
    address = f"/t/{town.code}/jobs/{waiting.pk}/"
    client = as_person(alice)
    assert "hx-trigger" in client.get(address, headers={"HX-Request": "true"}).content.decode()
    services.run.func(waiting.pk)
    assert "true" == client.get(address, headers={"HX-Request": "true"}).headers.get("HX-Refresh")
    assert 404 == as_person(bob).get(address).status_code


def test_cancel_goes_nowhere_else(town: Any, waiting: Job, alice: Any, as_person: Any) -> None:
    """The way back is only ever a page of this site."""
    response = as_person(alice).post(
        f"/t/{town.code}/jobs/{waiting.pk}/cancel/", {"next": "https://example.org/"}
    )
    assert f"/t/{town.code}/jobs/" == response["Location"]
