"""Open a site's database for a command: there, of this version, and reachable, or one clear sentence."""

from __future__ import annotations

import os
from pathlib import Path

from liangxin.findings import InputError
from liangxin.web.folder import keep_private
from liangxin.wording import Text


def open_site(data: Path, *, must_exist: bool = True) -> None:
    """Set Django up on the site in ``data`` (or at DATABASE_URL). Nothing is changed.

    Raises InputError: no site there, a database that cannot be reached, or one that this version has yet to bring up
    to date. With ``must_exist`` False (for restore) the last two of a new site are no errors.
    """
    keep_private()
    if must_exist and not data.is_dir():
        raise _none(data)
    data.mkdir(parents=True, exist_ok=True)
    os.environ["LIANGXIN_DATA"] = str(data)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liangxin.web.settings")
    import django

    django.setup()
    from django.db import OperationalError, connection, connections
    from django.db.backends.sqlite3.base import DatabaseWrapper
    from django.db.migrations.executor import MigrationExecutor

    site = connections["default"]
    if isinstance(site, DatabaseWrapper) and must_exist and not site.is_in_memory_db():
        file = Path(site.settings_dict["NAME"])
        if not file.is_file() or not file.stat().st_size:
            raise _none(data)
    try:
        connection.ensure_connection()
        executor = MigrationExecutor(connection)
    except OperationalError as failed:
        raise InputError.of(
            "site-database", "数据库连不上", "The database cannot be reached", found=str(failed).strip().splitlines()[0]
        ) from None  # fmt: skip
    if not must_exist:
        return
    if not executor.loader.applied_migrations:
        raise _none(data)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise InputError.of(
            "site-older",
            "这个网站的数据库是旧版本的，请先用本版本启动一次（liangxin serve）",
            "The site's database is of an older version; start it once with this one (liangxin serve)",
        )


def _none(data: Path) -> InputError:
    return InputError.of(
        "no-site",
        "这里没有网站的数据",
        "There is no site here",
        found=str(data),
        accepted=Text("liangxin serve 的数据文件夹（--data）", "the data folder of liangxin serve (--data)"),
    )
