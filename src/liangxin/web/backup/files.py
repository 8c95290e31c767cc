"""The uploads folder of a restore: unpacked beside the old one, then exchanged with it in the database's transaction.

A restore that is killed between the exchange and the commit leaves the old folder beside the new one. Whether the
database has the restore decides which of the two stays: ``finish_interrupted``, at the next start or restore.
"""

from __future__ import annotations

import json
import shutil
import uuid
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection

from liangxin.findings import InputError, Place
from liangxin.web.backup.layout import Manifest, is_safe

CHUNK = 1 << 20


@dataclass(slots=True)
class Incoming:
    """``put_in_place`` is the last thing before the commit, ``finish`` the first after it."""

    id: str
    target: Path
    scratch: Path
    old: Path
    note: Path

    def put_in_place(self) -> None:
        self.note.write_text(json.dumps({"restore": self.id}), encoding="utf-8")
        if self.target.exists():
            self.target.rename(self.old)
        self.scratch.rename(self.target)

    def finish(self) -> None:
        shutil.rmtree(self.old, ignore_errors=True)
        self.note.unlink(missing_ok=True)

    def take_back(self) -> None:
        if self.note.exists() and not self.scratch.exists():
            shutil.rmtree(self.target, ignore_errors=True)
        if self.old.exists():
            self.old.rename(self.target)
        self.note.unlink(missing_ok=True)


def _incoming(id: str) -> Incoming:
    target = Path(settings.MEDIA_ROOT)
    beside = target.parent
    return Incoming(
        id, target, beside / "uploads.restoring", beside / "uploads.before", beside / "uploads.restore.json"
    )


@contextmanager
def incoming(archive: zipfile.ZipFile, manifest: Manifest) -> Iterator[Incoming]:
    """The uploads unpacked into a scratch folder; whatever goes wrong, the old folder is where it was."""
    made = _incoming(str(uuid.uuid4()))
    shutil.rmtree(made.scratch, ignore_errors=True)
    made.scratch.mkdir(parents=True)
    try:
        for each in manifest.uploads:
            path = _below(made.scratch, each.path)
            path.parent.mkdir(parents=True, exist_ok=True)
            with archive.open(each.member) as source, path.open("xb") as file:
                shutil.copyfileobj(source, file, CHUNK)
        yield made
    except BaseException:
        made.take_back()
        shutil.rmtree(made.scratch, ignore_errors=True)
        raise


def _below(folder: Path, path: str) -> Path:
    """The path joined, and looked at again after joining, whatever was checked of it before: links resolved, it must lie
    in the folder. Raises InputError."""
    joined = (folder / path).resolve()
    if not is_safe(path) or not joined.is_relative_to(folder.resolve()):
        raise InputError.of(
            "backup-path", "备份里的文件名会写到上传文件夹以外，没有改动任何数据",
            "A file of the backup would be written outside the uploads folder; nothing was changed",
            place=Place(file=path),
        )  # fmt: skip
    return joined


def finish_interrupted() -> None:
    """After a restore that was killed: keep the new uploads if the database has that restore, else the old ones."""
    made = _incoming("")
    if not made.note.exists():
        return
    id = json.loads(made.note.read_text(encoding="utf-8"))["restore"]
    if "audit_event" in connection.introspection.table_names():
        from liangxin.web.audit.models import Event

        if Event.objects.filter(action="site.restore", object_id=id).exists():
            made.finish()
            return
    made.take_back()
