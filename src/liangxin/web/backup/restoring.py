"""Put a backup back: all of it in one transaction, or nothing. An older version's backup is brought up to date on the way."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Final

from django.core.management import call_command
from django.core.management.color import no_style
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Model

from liangxin.findings import Finding, InputError, Place
from liangxin.web.audit import anchors, guard, verifying
from liangxin.web.audit.apps import cover_later
from liangxin.web.audit.models import Head
from liangxin.web.audit.services import cover_what_was_before, record
from liangxin.web.backup import files, layout, reading
from liangxin.web.backup.figures import count_all
from liangxin.web.backup.layout import Manifest, TownFigures
from liangxin.web.backup.making import dumped, models
from liangxin.wording import Text

AT_ONCE: Final = 500
CACHE_TABLE: Final = "cache"  # makes itself; holds nothing that lasts

Told = Callable[[Text, float], None]


@dataclass(frozen=True, slots=True)
class Restored:
    manifest: Manifest
    towns: list[TownFigures]  # counted again after the restore; equal to the manifest's
    rows: int


def restore(
    path: Path,
    *,
    replace: bool = False,
    signer: str | None = None,
    told: Told = lambda words, share: None,
) -> Restored:
    """Restore the site of this process from ``path``.

    The file is checked whole before anything is touched. Then, in one transaction: the tables as they were when the
    backup was made, its rows, this version's migrations; and each table, the audit chain and every indicator of every
    town must be what the manifest says, else all is rolled back.

    ``signer``: the fingerprint that the person has from elsewhere, for a backup that another installation signed.

    Raises:
        InputError: the file is no backup, cut short, changed, newer, or signed by a key that is neither this site's nor
            the one named; the site holds data and ``replace`` is not
            given; a figure differs after the restore. Nothing has changed then.
    """
    with reading.opened(path) as (archive, manifest):
        reading.require_known_signer(manifest, signer)
        reading.check(archive, manifest, lambda share: told(Text("核对备份", "Checking the backup"), share))
        if not replace and (held := _held()):
            raise InputError.of(
                "site-not-empty",
                f"网站里已有数据（{held.zh}），没有改动；确实要用备份替换，加 --replace",
                f"The site holds data ({held.en}); nothing was changed. To replace it by the backup, add --replace",
            )
        files.finish_interrupted()
        with files.incoming(archive, manifest) as uploads, _unconstrained(), transaction.atomic():
            _drop_tables()
            executor = MigrationExecutor(connection)
            state = executor.migrate(_last(executor, manifest))
            rows = _load(archive, manifest, state.apps.get_models(include_auto_created=True), told)
            told(Text("升级数据库", "Bringing the database up to date"), 0.0)
            waits = cover_later.set(True)
            call_command("migrate", interactive=False, verbosity=0)
            cover_later.reset(waits)
            call_command("createcachetable", verbosity=0)
            _reset_sequences()
            towns = _compared(manifest, told)
            cover_what_was_before()
            ended = Head.objects.get(pk=1)
            detail = {
                "backup": manifest.id,
                "file": path.name,
                "day": manifest.made,
                "signer": _short(manifest),
            }
            record(None, None, "site.restore", "restore", uploads.id, detail=detail)
            uploads.put_in_place()
        uploads.finish()
        anchors.set_aside(ended)
    return Restored(manifest, towns, rows)


def _short(manifest: Manifest) -> str:
    return anchors.fingerprint_of(manifest.public_key)


def _held() -> Text | None:
    """What the site has that a restore would take away; None for a new one."""
    tables = set(connection.introspection.table_names())
    numbers = {}
    for table in ("areas_town", "accounts_user"):
        if table in tables:
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT count(*) FROM {table}")
                numbers[table] = cursor.fetchone()[0]
    if not any(numbers.values()):
        return None
    towns, accounts = numbers.get("areas_town", 0), numbers.get("accounts_user", 0)
    return Text(f"{towns} 个镇，{accounts} 个账号", f"towns: {towns}, accounts: {accounts}")


class _unconstrained:  # noqa: N801 - a context, named like one
    """SQLite alters tables only while foreign keys are off, and they can be turned off only outside a transaction."""

    def __enter__(self) -> None:
        connection.disable_constraint_checking()

    def __exit__(self, *_: object) -> None:
        connection.enable_constraint_checking()


def _drop_tables() -> None:
    ours = {
        *connection.introspection.django_table_names(only_existing=True),
        "django_migrations",
        CACHE_TABLE,
    }
    there = set(connection.introspection.table_names())
    cascade = " CASCADE" if connection.vendor == "postgresql" else ""
    if guard.TABLE in there:
        guard.remove(connection)
    with connection.cursor() as cursor:
        for table in sorted(ours & there):
            cursor.execute(f"DROP TABLE {connection.ops.quote_name(table)}{cascade}")


def _last(executor: MigrationExecutor, manifest: Manifest) -> list[tuple[str, str]]:
    """The last migrations of each app that the backup had: all before them follow."""
    graph = executor.loader.graph
    had = {(app, name) for app, names in manifest.migrations.items() for name in names} & set(graph.nodes)
    return sorted(
        node
        for node in had
        if not any(child.key in had and child.key[0] == node[0] for child in graph.node_map[node].children)
    )


def _load(archive: zipfile.ZipFile, manifest: Manifest, historical: Any, told: Told) -> int:
    """The rows, through the models as they were when the backup was made."""
    by_table = {model._meta.db_table: model for model in historical}
    with connection.cursor() as cursor:  # what migrations put in is in the backup too
        if connection.vendor == "postgresql":  # migrations may have set them to be checked at once
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        for table in by_table.keys() & set(connection.introspection.table_names(cursor)):
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(table)}")
    loaded = 0
    for at, table in enumerate(manifest.tables):
        told(Text("写入数据", "Writing the data"), at / len(manifest.tables))
        model = by_table.get(table.name)
        if model is None:
            raise InputError.of(
                "backup-table",
                "备份里的表不认识",
                "The backup has a table that is not known",
                found=table.name,
            )
        try:
            loaded += _insert(model, table.columns, _rows(archive, table.member))
        except (DatabaseError, ValueError, TypeError) as refused:
            raise InputError.of(
                "backup-rows",
                "数据库不接受这张表的内容，没有改动任何数据",
                "The database does not take the rows of this table; nothing was changed",
                place=Place(file=table.member),
                found=str(refused).strip().splitlines()[0],
            ) from refused
    connection.check_constraints()
    return loaded


def _rows(archive: zipfile.ZipFile, member: str) -> Iterator[list[Any]]:
    with archive.open(member) as file:
        for line in file:
            yield json.loads(line)


def _insert(model: type[Model], names: list[str], rows: Iterator[list[Any]]) -> int:
    quote = connection.ops.quote_name
    by_column = {field.column: field for field in layout.columns(model)}
    if unknown := [name for name in names if name not in by_column]:
        raise ValueError(f"{model._meta.db_table}: {unknown}")
    fields = [by_column[name] for name in names]
    statement = (
        f"INSERT INTO {quote(model._meta.db_table)} ({', '.join(quote(name) for name in names)}) "
        f"VALUES ({', '.join(['%s'] * len(names))})"
    )
    done = 0
    with connection.cursor() as cursor:
        while some := list(islice(rows, AT_ONCE)):
            cursor.executemany(
                statement,
                [
                    [
                        field.get_db_prep_save(layout.stored(field, value), connection)
                        for field, value in zip(fields, row, strict=True)
                    ]
                    for row in some
                ],
            )
            done += len(some)
    return done


def _reset_sequences() -> None:
    """The next row of each table gets a number that is free."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), models()):
            cursor.execute(statement)


def _compared(manifest: Manifest, told: Told) -> list[TownFigures]:
    """Raises InputError with everything that is not what the manifest says."""
    findings: list[Finding] = []
    told(Text("核对写入的数据", "Checking what was written"), 0.0)
    current = {(app, name) for app, names in manifest.migrations.items() for name in names}
    same_version = current >= set(MigrationExecutor(connection).loader.disk_migrations)
    promised = {table.name: table for table in manifest.tables}
    for model in models():
        table = promised.get(model._meta.db_table)
        if table is None or not same_version:
            continue  # of a table that migrations since have changed only the figures below can be compared
        found = dumped(model, "default", lambda line: None)
        if found.sha256 != table.sha256 and table.name not in _GROWS:
            findings.append(_differs(f"表 {table.name}", f"table {table.name}", table.rows, found.rows))
    findings += [Finding(fault.code, fault.message) for fault in verifying.walk().faults]
    told(Text("核算指标", "Counting the indicators"), 0.5)
    towns = count_all("default", {town.code: town.day for town in manifest.towns})
    if [town.code for town in towns] != [town.code for town in manifest.towns]:
        findings.append(_differs("镇", "towns", len(manifest.towns), len(towns)))
    for was, now in zip(manifest.towns, towns, strict=False):
        if was.units != now.units:
            findings.append(_differs(f"{was.name} 单位数", f"{was.name} units", was.units, now.units))
        findings += [
            _differs(f"{was.name} 指标 {id}", f"{was.name} indicator {id}", rate, now.indicators.get(id))
            for id, rate in was.indicators.items()
            if rate != now.indicators.get(id)
        ]
    if findings:
        raise InputError(findings)
    return towns


# Migrating adds what is new in this version to these.
_GROWS: Final = frozenset({"django_content_type", "auth_permission", "django_site"})


def _differs(zh: str, en: str, was: object, now: object) -> Finding:
    return Finding(
        "restore-differs",
        Text(f"恢复后与备份不符，已全部退回：{zh}，备份里 {was}，恢复后 {now}", f"Not as in the backup, all was rolled back: {en}, {was} in the backup, {now} after it"),
    )  # fmt: skip
