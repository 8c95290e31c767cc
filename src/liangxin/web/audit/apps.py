from __future__ import annotations

from contextvars import ContextVar
from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate

# A restore compares every table with the backup first, and covers what was before after that.
cover_later: ContextVar[bool] = ContextVar("cover_later", default=False)


class AuditConfig(AppConfig):
    name = "liangxin.web.audit"
    label = "audit"

    def ready(self) -> None:
        from liangxin.web.audit import signing, watching

        watching.watch()
        post_migrate.connect(_guard, sender=self)
        signing.connect()


def _guard(using: str, **_: Any) -> None:
    """After every migration: one that rebuilds the table would have dropped its triggers; a new site needs its head."""
    from django.db import connections

    from liangxin.web.audit import guard
    from liangxin.web.audit.chain import START
    from liangxin.web.audit.models import Head
    from liangxin.web.audit.services import cover_what_was_before

    guard.install(connections[using])
    Head.objects.using(using).get_or_create(pk=1, defaults={"hash": START})
    if using == "default" and not cover_later.get():
        cover_what_was_before()
