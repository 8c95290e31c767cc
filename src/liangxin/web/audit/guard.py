"""Triggers by which the database itself refuses to change or remove an event, whoever asks and by whatever program.

They stop mistakes and ordinary access. Somebody who owns the database can drop them: that is what the chain, and the
anchors kept elsewhere, are for.
"""

from __future__ import annotations

from typing import Final

from django.db.backends.base.base import BaseDatabaseWrapper

from liangxin.web.audit.chain import START

TABLE: Final = "audit_event"
REFUSAL: Final = "审计记录只能增加 / audit events are only ever added"

# An insert must be the next link: "INSERT OR REPLACE" would else change a row past the other two.
_NEXT: Final = (
    f"NEW.seq <> 1 + coalesce((SELECT max(seq) FROM {TABLE}), 0) OR "
    f"NEW.previous <> coalesce((SELECT hash FROM {TABLE} ORDER BY seq DESC LIMIT 1), '{START}')"
)
_SQLITE: Final = (
    *(
        f"CREATE TRIGGER IF NOT EXISTS audit_event_no_{what.lower()} BEFORE {what} ON {TABLE} "
        f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        for what in ("UPDATE", "DELETE")
    ),
    f"CREATE TRIGGER IF NOT EXISTS audit_event_next BEFORE INSERT ON {TABLE} WHEN {_NEXT} "
    f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
)
_POSTGRESQL: Final = (
    f"CREATE OR REPLACE FUNCTION audit_event_refuse() RETURNS trigger LANGUAGE plpgsql AS "
    f"$$BEGIN RAISE EXCEPTION '{REFUSAL}'; END$$",
    f"CREATE OR REPLACE FUNCTION audit_event_next() RETURNS trigger LANGUAGE plpgsql AS "
    f"$$BEGIN IF {_NEXT} THEN RAISE EXCEPTION '{REFUSAL}'; END IF; RETURN NEW; END$$",
    f"CREATE OR REPLACE TRIGGER audit_event_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {TABLE} "
    "FOR EACH STATEMENT EXECUTE FUNCTION audit_event_refuse()",
    f"CREATE OR REPLACE TRIGGER audit_event_next BEFORE INSERT ON {TABLE} "
    "FOR EACH ROW EXECUTE FUNCTION audit_event_next()",
)
_NAMES: Final = {
    "postgresql": ("audit_event_no_change", "audit_event_next"),
    "sqlite": ("audit_event_no_update", "audit_event_no_delete", "audit_event_next"),
}


def install(connection: BaseDatabaseWrapper) -> None:
    """Put the triggers there; those that are there already are left."""
    with connection.cursor() as cursor:
        for statement in _POSTGRESQL if connection.vendor == "postgresql" else _SQLITE:
            cursor.execute(statement)


def remove(connection: BaseDatabaseWrapper) -> None:
    """Take them away: only to replace a whole site by a backup, and in tests."""
    on_table = f" ON {TABLE}" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        for name in _NAMES[connection.vendor]:
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on_table}")


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """Names of the triggers that are not there: somebody dropped them."""
    table = ("tgname", "pg_trigger") if connection.vendor == "postgresql" else ("name", "sqlite_master")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {table[0]} FROM {table[1]} WHERE {table[0]} LIKE 'audit_event_%'")
        there = {name for (name,) in cursor.fetchall()}
    return [name for name in _NAMES[connection.vendor] if name not in there]
