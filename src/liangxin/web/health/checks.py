"""What a site needs to be of use: database, its version, room on the disk, the worker. Nothing is changed by looking."""

from __future__ import annotations

import logging
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from liangxin.web.running.heartbeat import Heartbeat
from liangxin.wording import Text

log = logging.getLogger(__name__)
LEAST_FREE: Final = 100 * 1024 * 1024  # bytes

DATABASE: Final = (Text("数据库能读", "the database answers"), Text("数据库连不上", "the database cannot be reached"))  # fmt: skip
MIGRATED: Final = (Text("数据库是本版本的", "the database is of this version"), Text("数据库不是本版本的，请重新启动 liangxin serve", "the database is of another version; start liangxin serve anew"))  # fmt: skip
DISK: Final = (Text("数据文件夹能写，有空间", "the data folder can be written and has room"), Text("数据文件夹写不了，或者空间不到 100 MB", "the data folder cannot be written, or has less than 100 MB left"))  # fmt: skip
WORKER: Final = (Text("后台任务在运行", "background jobs are running"), Text("后台任务没有运行", "Background jobs are not running"))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at; ``text`` says how it is."""

    name: str
    good: bool
    text: Text


def check_all() -> tuple[Check, ...]:
    """Database, migrations, disk, worker, in this order."""
    database = _database_answers()
    found = (
        ("database", database, DATABASE),
        ("migrations", database and _is_of_this_version(), MIGRATED),
        ("disk", _has_room(Path(settings.DATA)), DISK),
        ("worker", worker_runs(), WORKER),
    )
    return tuple(Check(name, good, words[0] if good else words[1]) for name, good, words in found)


def worker_runs() -> bool:
    """Whether the worker gave a sign of life of late. True as well where jobs need none (they run at once)."""
    return settings.JOBS_AT_ONCE or not Heartbeat.of(Path(settings.DATA)).silent


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT COUNT(*) FROM django_migrations")
            cursor.fetchone()
    except DatabaseError as failed:
        log.warning("health: the database does not answer: %s", failed)
        return False
    return True


_current = False


def _is_of_this_version() -> bool:
    """Asked until it is once: a newer version of the program is another process."""
    global _current
    if not _current:
        executor = MigrationExecutor(connection)
        _current = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return _current


def _has_room(data: Path) -> bool:
    try:
        return os.access(data, os.W_OK) and shutil.disk_usage(data).free >= LEAST_FREE
    except OSError as failed:
        log.warning("health: the data folder cannot be looked at: %s", failed)
        return False
