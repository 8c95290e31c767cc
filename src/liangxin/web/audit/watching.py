"""Which covered rows the transaction under way has written: the next audit event of it takes their fingerprints along.

Every write of the ORM is seen: ``save`` and ``delete`` by signals, ``update`` and ``bulk_create`` by the querysets of the
covered models. What a transaction writes after its last event, or with none, gets an event of its own at the commit, so
that no row of the site's own making is ever without one.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import connection, transaction
from django.db.models import Manager, Max, Model, QuerySet
from django.db.models.signals import m2m_changed, post_delete, post_save

from liangxin.web.audit import covered

DEFAULT = "default"


class Written:
    """Keys by model; called at the commit with what no event has taken."""

    def __init__(self) -> None:
        self.keys: dict[type[Model], set[Any]] = {}
        self.closing = False

    def __call__(self) -> None:
        if self.keys:
            from liangxin.web.audit.services import record

            with transaction.atomic():
                self.closing = True
                _set(self)
                record(None, None, "rows.write", "rows", "")

    def take(self) -> dict[str, dict[str, str | None]]:
        """Table -> key -> fingerprint of what the row is now; None where it is no more."""
        taken: dict[str, dict[str, str | None]] = {}
        for model, keys in self.keys.items():
            told: dict[str, str | None] = dict.fromkeys(map(str, sorted(keys)))
            told.update(covered.fingerprints(model, keys))
            taken[model._meta.db_table] = told
        self.keys = {}
        return taken


def take() -> dict[str, dict[str, str | None]]:
    """What this transaction wrote since its last event."""
    written = _present()
    return written.take() if written is not None else {}


def untold() -> dict[type[Model], set[Any]]:
    """Keys that an open transaction of this process has written and no event tells of yet."""
    written = _present()
    return written.keys if written is not None else {}


def mark(model: type[Model], keys: Iterable[Any], using: str | None = DEFAULT) -> None:
    keys = set(keys)
    if using != DEFAULT or not keys:
        return
    written = _present()
    if written is not None:
        written.keys.setdefault(model, set()).update(keys)
        return
    written = Written()
    written.keys[model] = keys
    _set(written)
    transaction.on_commit(written, robust=True)  # outside a transaction: at once


def _set(written: Written) -> None:
    connection.written_rows = written  # type: ignore[attr-defined]  # kept on it, so that it ends with it


def _present() -> Written | None:
    """Of the transaction under way: what one wrote that was rolled back has no callback any more."""
    written: Written | None = getattr(connection, "written_rows", None)
    if written is None or not connection.in_atomic_block:
        return None
    waits = any(entry[1] is written for entry in connection.run_on_commit)
    return written if waits or written.closing else None


class WatchedQuerySet(QuerySet[Any]):
    """Of a covered model."""

    def update(self, **values: Any) -> int:
        if set(values) <= _unwatched(self.model):
            return super().update(**values)
        with transaction.atomic(using=self.db, savepoint=False):
            keys = list(self.order_by().values_list("pk", flat=True))
            done = super().update(**values)
            mark(self.model, keys, self.db)
        return done

    update.alters_data = True  # type: ignore[attr-defined]  # as Django marks what templates may not call

    def bulk_create(self, objs: Iterable[Any], *args: Any, **options: Any) -> list[Any]:
        with transaction.atomic(using=self.db, savepoint=False):
            last = self.model._base_manager.aggregate(last=Max("pk"))["last"] or 0
            made = super().bulk_create(objs, *args, **options)
            keys = {each.pk for each in made if each.pk is not None}
            if len(keys) < len(made):  # the database gave no keys back for those that were there already
                keys |= set(self.model._base_manager.filter(pk__gt=last).values_list("pk", flat=True))
            mark(self.model, keys, self.db)
        return made


def watch() -> None:
    """Once, when every model is loaded."""
    for model in covered.models():
        _watch_manager(model)
        post_save.connect(_saved, sender=model, dispatch_uid=f"watched {model._meta.label}")
        post_delete.connect(_deleted, sender=model, dispatch_uid=f"watched {model._meta.label}")
        if also := covered.COVERED[model._meta.label].also:
            _, through = covered.many_field(model, also)
            m2m_changed.connect(_related, sender=through, dispatch_uid=f"watched {model._meta.label}")


def _watch_manager(model: type[Model]) -> None:
    """The model's manager, whose querysets are watched ones. To a migration it is the one it was."""
    old = model._meta.managers_map["objects"]

    class Watched(type(old).from_queryset(WatchedQuerySet)):  # type: ignore[misc]  # a base known only at the start
        def __eq__(self, other: object) -> bool:
            return isinstance(other, Manager)

        def __hash__(self) -> int:
            return id(self)

        def deconstruct(self) -> Any:
            return old.deconstruct()

    model._meta.local_managers = [each for each in model._meta.local_managers if each.name != "objects"]
    model.add_to_class("objects", Watched())


def _unwatched(model: type[Model]) -> frozenset[str]:
    """Names of the fields that are in no fingerprint."""
    but = covered.COVERED[model._meta.label].but
    return frozenset(field.name for field in model._meta.concrete_fields if field.attname in but) | but


def _saved(sender: type[Model], instance: Model, using: str, update_fields: Any = None, **_: Any) -> None:
    if update_fields is None or not set(update_fields) <= _unwatched(sender):
        mark(sender, [instance.pk], using)


def _deleted(sender: type[Model], instance: Model, using: str, **_: Any) -> None:
    mark(sender, [instance.pk], using)


def _related(instance: Model, action: str, reverse: bool, pk_set: Any, using: str, **_: Any) -> None:
    if action.startswith("post") and not reverse:
        mark(type(instance), [instance.pk], using)
