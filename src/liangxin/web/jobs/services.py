"""Start, run, watch and cancel jobs. The queue itself is django-tasks-db, in the same database."""

from __future__ import annotations

import importlib
import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

from django.db import transaction
from django.utils import timezone
from django_tasks import task

from liangxin.findings import InputError
from liangxin.web.accounts.models import User
from liangxin.web.areas.models import Town
from liangxin.web.jobs.models import Job
from liangxin.wording import Text, join

log = logging.getLogger(__name__)
LOST_AFTER = timedelta(seconds=60)  # a running job without a sign of life for this long is run anew
_here: set[int] = set()  # jobs that this worker is running

# kind: "module:function"; the function takes (job, progress) and gives the JSON result.
KINDS: Final[dict[str, str]] = {
    "import": "liangxin.web.imports.services:run_import",
    "plan": "liangxin.web.plans.services:run_plan",
    "documents": "liangxin.web.documents.services:run_documents",
}


class Cancelled(Exception):
    """The person asked the job to stop; whatever transaction it holds is rolled back."""


class Progress:
    """Given to a job's function: call it now and then with the share done and what is being done."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._last = timezone.now() - timedelta(seconds=1)

    def __call__(self, share: float, stage: Text | None = None) -> None:
        """Raises Cancelled when the person has asked to stop. Writes at most four times a second."""
        now = timezone.now()
        if stage is None and now - self._last < timedelta(milliseconds=250):
            return
        self._last = now
        changes: dict[str, Any] = {"share": min(max(share, 0.0), 1.0), "seen": now}
        if stage is not None:
            changes["stage"] = stage.as_dict()
        Job.objects.filter(pk=self._job.pk).update(**changes)
        if self.cancelled():
            raise Cancelled

    def cancelled(self) -> bool:
        return Job.objects.filter(pk=self._job.pk, cancel=True).exists()


def start(town: Town, by: User, kind: str, title: Text, payload: dict[str, Any]) -> Job:
    """Queue a job; it starts as soon as a worker is free, also after a restart."""
    if kind not in KINDS:
        raise KeyError(kind)
    job = Job.objects.create(town=town, by=by, kind=kind, title=title.as_dict(), payload=payload)
    transaction.on_commit(lambda: run.enqueue(job.pk))
    return job


def ask_to_cancel(job: Job) -> None:
    """A queued job ends at once; a running one at its next sign of life."""
    Job.objects.filter(pk=job.pk).update(cancel=True)
    Job.objects.filter(pk=job.pk, state=Job.QUEUED).update(state=Job.CANCELLED, finished=timezone.now())


@task()
def run(job_pk: int) -> None:
    """What a worker does with one queued job."""
    claimed = Job.objects.filter(pk=job_pk, state=Job.QUEUED).update(
        state=Job.RUNNING, started=timezone.now(), seen=timezone.now()
    )
    if not claimed:
        return  # cancelled meanwhile, or another worker has it
    job = Job.objects.select_related("town", "by").get(pk=job_pk)
    _here.add(job_pk)
    try:
        _work(job)
    finally:
        _here.discard(job_pk)


def _work(job: Job) -> None:
    module, _, name = KINDS[job.kind].partition(":")
    work: Callable[[Job, Progress], Any] = getattr(importlib.import_module(module), name)
    try:
        result = work(job, Progress(job))
    except Cancelled:
        _end(job, Job.CANCELLED)
    except InputError as refused:
        words = join([Text(each.sentence("zh"), each.sentence("en")) for each in refused.findings[:50]])
        _end(job, Job.FAILED, error=words.as_dict())
    except Exception as failed:
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
    Job.objects.filter(pk=job.pk).update(state=state, finished=timezone.now(), **changes)


def give_sign_of_life() -> None:
    """Say that the jobs of this worker still run, also in a long stage without progress."""
    Job.objects.filter(pk__in=list(_here), state=Job.RUNNING).update(seen=timezone.now())


def recover_lost() -> int:
    """Queue again what a killed worker left running. Jobs are written so that running one twice is safe."""
    lost = Job.objects.filter(state=Job.RUNNING, seen__lt=timezone.now() - LOST_AFTER)
    keys = list(lost.values_list("pk", flat=True))
    Job.objects.filter(pk__in=keys).update(state=Job.QUEUED)
    for key in keys:
        run.enqueue(key)
    return len(keys)
