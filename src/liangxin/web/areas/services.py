"""Writes to towns."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from django.db import transaction

from liangxin.files.town import format_town
from liangxin.registry import town as core
from liangxin.web.accounts.models import User
from liangxin.web.areas.models import Town
from liangxin.web.audit.services import record
from liangxin.web.organizations.models import CarriedOver


@contextmanager
def locked(town: Town) -> Iterator[None]:
    """One transaction and one writer of the town at a time: what is read inside is what is written on."""
    with transaction.atomic():
        Town.objects.select_for_update().get(pk=town.pk)
        yield


@transaction.atomic
def add_town(
    town: core.Town, *, drive_starts: date, today: date | None = None, by: User | None = None
) -> Town:
    """A new town from its file. ``today`` lets a demo town stand still on a day of its drive. ``by``: None is the command line."""
    stored = Town.objects.create(
        code=town.code,
        name=town.name,
        town_file=format_town(town),
        drive_starts=drive_starts,
        today=today,
    )
    CarriedOver.objects.create(town=stored)  # nothing of an earlier version
    record(by, stored, "town.add", "town", town.code)
    return stored


@transaction.atomic
def save_town(stored: Town, town: core.Town) -> None:
    """Replace what is known of the town itself; the next read of ``as_core`` sees it."""
    locked = Town.objects.select_for_update().get(pk=stored.pk)
    locked.town_file = format_town(town)
    locked.name = town.name
    locked.version += 1
    locked.save(update_fields=["town_file", "name", "version"])
    stored.refresh_from_db()
