"""What people do with lists that come in: permission, lock, write, change set and audit event in one place each."""

from __future__ import annotations

from django.db import transaction

from liangxin.findings import InputError
from liangxin.registry.access import Action
from liangxin.web.accounts.permission import Permit
from liangxin.web.imports import services
from liangxin.web.imports.models import Import
from liangxin.web.jobs import services as jobs
from liangxin.web.jobs.models import Job
from liangxin.web.units import previews
from liangxin.web.units.live import last_change
from liangxin.wording import Text


def start_import(permit: Permit, kept: Import, seen: str) -> Job:
    """Queue the import that the preview with the token ``seen`` showed; a second click does not queue it twice.

    Raises:
        InputError: it was started before, was not previewed, or cannot be read any more.
        StalePreviewError: it would do something else by now. The job looks again, under the town's lock.
    """
    permit.require(Action.IMPORT)
    since = previews.require_token(seen)
    if kept.standing != Import.READ:
        raise _started()
    if last_change(permit.town) != since:
        run = services.dry_run(kept)
        previews.require_same(permit, seen, run.seen, run.cells)
    with transaction.atomic():
        stored = Import.objects.select_for_update().get(pk=kept.pk)
        if stored.standing != Import.READ:
            raise _started()
        title = Text(f"导入 {kept.filename}", f"Import {kept.filename}")
        job = jobs.start(permit.town, permit.user, "import", title, {"import": kept.pk, "seen": seen})
        Import.objects.filter(pk=kept.pk).update(state=Import.WAITING, job=job)
    return job


def _started() -> InputError:
    return InputError.of(
        "import-started",
        "这个文件已经在导入或已经导入",
        "This file is being imported or was imported already",
    )
