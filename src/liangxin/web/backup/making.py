"""Make a backup while people work: everything is read in one snapshot, whatever is written meanwhile."""

from __future__ import annotations

import copy
import hashlib
import uuid
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from django.apps import apps
from django.conf import settings
from django.db import connection, connections, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Model
from django.utils import timezone

from liangxin import __version__
from liangxin.findings import InputError
from liangxin.web.audit import anchors
from liangxin.web.audit.chain import moment
from liangxin.web.audit.services import record
from liangxin.web.backup import layout
from liangxin.web.backup.figures import count_all
from liangxin.web.backup.layout import Manifest, TableFile, UploadFile
from liangxin.wording import Text

SNAPSHOT: Final = "snapshot"
CHUNK: Final = 1 << 20

Told = Callable[[Text, float], None]


def make_backup(path: Path, told: Told = lambda words, share: None) -> Manifest:
    """Write the whole site into ``path``; it is there whole or not at all. Raises InputError where ``path`` exists."""
    from liangxin.files.whole import output_file

    if path.exists():
        raise InputError.of(
            "backup-exists", "这个文件已经有了，没有覆盖；换一个名字", "The file exists and was not replaced; choose another name",
            found=str(path),
        )  # fmt: skip
    id = str(uuid.uuid4())
    record(None, None, "site.backup", "backup", id, detail={"file": path.name})
    with output_file(path) as scratch:
        scratch.chmod(0o600)
        with (
            zipfile.ZipFile(scratch, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive,
            snapshot() as using,
        ):
            told(Text("核算指标", "Counting the indicators"), 0.0)
            towns = count_all(using)
            migrations = _migrations(using)
            tables = list(_tables(archive, using, told))
            uploads = list(_uploads(archive, told))
            manifest = _signed(
                Manifest(
                    id,
                    moment(timezone.now()),
                    __version__,
                    connection.vendor,
                    migrations,
                    tables,
                    uploads,
                    towns,
                    "",
                )
            )
            archive.writestr(layout.MANIFEST, manifest.as_text())
    path.chmod(0o600)  # it holds what the database holds: for its owner only
    return manifest


@contextmanager
def snapshot() -> Iterator[str]:
    """A second connection on which every query sees the database of one moment, and which keeps no writer waiting."""
    options = copy.deepcopy(connection.settings_dict)
    if connection.vendor == "postgresql":
        from psycopg import IsolationLevel

        options["OPTIONS"] = options.get("OPTIONS", {}) | {"isolation_level": IsolationLevel.REPEATABLE_READ}
    else:
        options["OPTIONS"] = options.get("OPTIONS", {}) | {
            "transaction_mode": "DEFERRED"
        }  # reads; takes no lock
    connections.settings[SNAPSHOT] = options
    try:
        with transaction.atomic(using=SNAPSHOT):
            yield SNAPSHOT
    finally:
        connections[SNAPSHOT].close()
        del connections[SNAPSHOT]
        del connections.settings[SNAPSHOT]


def models() -> list[type[Model]]:
    """Every table of the site that holds something of its own."""
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and model._meta.db_table not in layout.LEFT_OUT
    ]


def _migrations(using: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for app, name in sorted(MigrationRecorder(connections[using]).applied_migrations()):
        found.setdefault(app, []).append(name)
    return found


def _tables(archive: zipfile.ZipFile, using: str, told: Told) -> Iterator[TableFile]:
    wanted = models()
    for at, model in enumerate(wanted):
        told(Text("备份数据", "Backing up the data"), at / len(wanted))
        name = model._meta.db_table
        with archive.open(f"tables/{name}.jsonl", "w", force_zip64=True) as file:
            yield dumped(model, using, file.write)


def dumped(model: type[Model], using: str, write: Callable[[bytes], Any]) -> TableFile:
    """Every row of a table in the order of its key, as lines."""
    names = [field.attname for field in layout.columns(model)]
    rows, made = 0, hashlib.sha256()
    values = model._base_manager.using(using).order_by("pk").values_list(*names)
    for row in values.iterator(chunk_size=2000):
        line = layout.line(row)
        made.update(line)
        write(line)
        rows += 1
    return TableFile(
        model._meta.db_table,
        [
            field.column for field in layout.columns(model) if field.column is not None
        ],  # concrete: all have one
        rows,
        made.hexdigest(),
    )


def _uploads(archive: zipfile.ZipFile, told: Told) -> Iterator[UploadFile]:
    """Files are written before the rows that name them, so each that the snapshot names is there."""
    root = Path(settings.MEDIA_ROOT)
    paths = sorted(path for path in root.rglob("*") if path.is_file())
    for at, path in enumerate(paths):
        told(Text("备份上传的文件", "Backing up uploads"), at / len(paths))
        name = path.relative_to(root).as_posix()
        try:
            opened = path.open("rb")
        except FileNotFoundError:
            continue  # removed since it was listed: no row of the snapshot needs it
        size, made = 0, hashlib.sha256()
        with opened, archive.open(f"uploads/{name}", "w", force_zip64=True) as file:
            while chunk := opened.read(CHUNK):
                made.update(chunk)
                size += len(chunk)
                file.write(chunk)
        yield UploadFile(name, size, made.hexdigest())


def _signed(manifest: Manifest) -> Manifest:
    from dataclasses import replace

    manifest = replace(manifest, public_key=anchors.made_public_key())
    return replace(manifest, signature=anchors.signing_key().sign(manifest.signed_text()).hex())


def keys_beside() -> list[str]:
    """The key files in the data folder. They are in no backup: a backup that is stolen must not open what they lock."""
    return sorted(path.name for path in Path(settings.DATA).iterdir() if "key" in path.name)
