"""Start, run, watch and cancel jobs. The table of jobs is the queue: a worker takes the oldest that waits."""

from __future__ import annotations

import importlib
import logging
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connection, transaction
from django.db.models import F, Q
from django.utils import timezone

from liangxin.findings import InputError
from liangxin.web.accounts.models import User
from liangxin.web.areas.models import Town
from liangxin.web.health.refusals import refusal_of
from liangxin.web.jobs.models import Job
from liangxin.wording import Text, join

log = logging.getLogger(__name__)
LOST_AFTER = timedelta(seconds=60)  # a running job without a sign of life for this long is run anew
MOST_ATTEMPTS: Final = 3  # a job that was cut off this often is given up: it may be what ends the worker
INSISTS_FOR: Final = 60.0  # seconds in which the end of a job is written again while the database is held
GIVEN_UP: Final = Text(
    "后台进程做这件事时中断了{times}次（例如内存不够，或者数据库断开），不再自动重试。可以再试一次；还是这样，请告诉系统管理员",
    "The worker was cut off {times:time|times} while it did this (too little memory, say, or the database was gone); it is not tried again by"
    " itself. You may try once more; if it stays so, tell the administrator",
)
stopping = threading.Event()  # this worker was told to end: a running job goes back into the queue
_here: set[int] = set()  # jobs that this worker is running

# kind: "module:function"; the function takes (job, progress) and gives the JSON result.
KINDS: Final[dict[str, str]] = {
    "import": "liangxin.web.imports.services:run_import",
    "plan": "liangxin.web.plans.services:run_plan",
    "documents": "liangxin.web.documents.services:run_documents",
}


class Cancelled(Exception):
    """The person asked the job to stop, or the worker has to; whatever transaction it holds is rolled back."""


class Progress:
    """Given to a job's function: call it now and then with the share done and what is being done."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._last = timezone.now() - timedelta(seconds=1)

    def __call__(self, share: float, stage: Text | None = None) -> None:
        """Raises Cancelled when the person has asked to stop. Writes at most four times a second."""
        now = timezone.now()
        if stage is None and timedelta(0) <= now - self._last < timedelta(milliseconds=250):
            return
        self._last = now
        changes: dict[str, Any] = {"share": min(max(share, 0.0), 1.0), "seen": now}
        if stage is not None:
            changes["stage"] = stage.as_dict()
        try:
            Job.objects.filter(pk=self._job.pk).update(**changes)
        except DatabaseError as failed:
            if connection.in_atomic_block or refusal_of(failed) is None:
                raise
            log.warning("job %s: its progress could not be noted: %s", self._job.pk, failed)
            connection.close()  # the work itself goes on; what it writes in the end says whether it could
        if self.cancelled():
            raise Cancelled

    def cancelled(self) -> bool:
        return stopping.is_set() or Job.objects.filter(pk=self._job.pk, cancel=True).exists()


def start(town: Town, by: User, kind: str, title: Text, payload: dict[str, Any]) -> Job:
    """Queue a job; it starts as soon as the worker is free, also after a restart."""
    if kind not in KINDS:
        raise KeyError(kind)
    job = Job.objects.create(town=town, by=by, kind=kind, title=title.as_dict(), payload=payload)
    if settings.JOBS_AT_ONCE:
        transaction.on_commit(lambda: run(job.pk))
    return job


def ask_to_cancel(job: Job) -> None:
    """A queued job ends at once; a running one at its next sign of life."""
    Job.objects.filter(pk=job.pk).update(cancel=True)
    Job.objects.filter(pk=job.pk, state=Job.QUEUED).update(state=Job.CANCELLED, finished=timezone.now())


def next_queued() -> int | None:
    """The job that has waited longest."""
    return Job.objects.filter(state=Job.QUEUED).order_by("pk").values_list("pk", flat=True).first()


def run(job_pk: int) -> None:
    """What a worker does with one queued job. Raises the database's error where neither work nor end could be written:
    the job then stands as running until ``recover_lost``."""
    _here.add(job_pk)  # before it is claimed: whoever looks for lost jobs leaves it alone
    try:
        claimed = Job.objects.filter(pk=job_pk, state=Job.QUEUED).update(
            state=Job.RUNNING, started=timezone.now(), seen=timezone.now(), attempts=F("attempts") + 1
        )
        if claimed:  # else cancelled meanwhile, or another worker has it
            _work(Job.objects.select_related("town", "by").get(pk=job_pk))
    finally:
        _here.discard(job_pk)


def _work(job: Job) -> None:
    module, _, name = KINDS[job.kind].partition(":")
    work: Callable[[Job, Progress], Any] = getattr(importlib.import_module(module), name)
    try:
        result = work(job, Progress(job))
    except Cancelled:
        if Job.objects.filter(pk=job.pk, cancel=True).exists():
            _end(job, Job.CANCELLED)
        else:  # the worker is told to end: no fault of the job
            Job.objects.filter(pk=job.pk).update(state=Job.QUEUED, attempts=F("attempts") - 1)
    except InputError as refused:
        words = join([Text(each.sentence("zh"), each.sentence("en")) for each in refused.findings[:50]])
        _end(job, Job.FAILED, error=words.as_dict())
    except Exception as failed:
        refusal = refusal_of(failed)
        if refusal is not None and refusal.passes:
            raise  # the database is held or gone: the job is taken up again when it is there
        if refusal is not None:
            log.warning("job %s (%s) could not write: %s", job.pk, job.kind, failed)
            _end(job, Job.FAILED, error=refusal.text.as_dict())
            return
        log.exception("job %s (%s) failed", job.pk, job.kind)
        what = f"{type(failed).__name__}: {failed}"
        _end(
            job,
            Job.FAILED,
            error=Text(
                f"程序出错，没有写入任何数据（{what}）", f"The program failed; nothing was written ({what})"
            ).as_dict(),
        )
    else:
        _end(job, Job.DONE, result=result, share=1.0)


def _end(job: Job, state: str, **changes: Any) -> None:
    """Written again while the database is held or gone: a job that is done is not done twice for want of a turn."""
    until = time.monotonic() + INSISTS_FOR
    while True:
        try:
            Job.objects.filter(pk=job.pk).update(state=state, finished=timezone.now(), **changes)
        except DatabaseError as failed:
            if connection.in_atomic_block or refusal_of(failed) is None or time.monotonic() > until:
                raise
            connection.close()
            time.sleep(1.0)
        else:
            return


def give_sign_of_life() -> None:
    """Say that the jobs of this worker still run, also in a long stage without progress."""
    if _here:
        Job.objects.filter(pk__in=list(_here), state=Job.RUNNING).update(seen=timezone.now())


def recover_lost(*, alone: bool = False) -> int:
    """Queue again what a worker that died left running, or give it up after ``MOST_ATTEMPTS``. Jobs are written so that
    running one twice is safe. ``alone``: there is no other worker on this database, so no silence need be waited for.
    A sign of life from the future (the clock was set back) is none. Gives how many were lost."""
    now = timezone.now()
    lost = Job.objects.filter(state=Job.RUNNING).exclude(pk__in=list(_here))
    if not alone:
        lost = lost.filter(Q(seen__lt=now - LOST_AFTER) | Q(seen__gt=now + LOST_AFTER))
    keys = list(lost.values_list("pk", flat=True))
    if keys:
        left = Job.objects.filter(pk__in=keys, state=Job.RUNNING)
        for times in left.filter(attempts__gte=MOST_ATTEMPTS).values_list("attempts", flat=True).distinct():
            given_up = GIVEN_UP.fill(times=times)
            left.filter(attempts=times).update(state=Job.FAILED, finished=now, error=given_up.as_dict())
        left.filter(cancel=True).update(state=Job.CANCELLED, finished=now)
        left.update(state=Job.QUEUED)
        log.warning("jobs %s were cut off and are taken up again or given up", keys)
    return len(keys)
