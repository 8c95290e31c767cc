"""Values that wait: the copy says one thing, the ledger another by now, and a person decides. One queue for a town."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from liangxin.registry.fields import FIELDS, Field
from liangxin.web.accounts.permission import Permit
from liangxin.web.areas.models import Town
from liangxin.web.audit.services import record
from liangxin.web.imports.models import Import, WaitingValue
from liangxin.web.units import previews
from liangxin.web.units.live import last_change
from liangxin.web.units.models import Change, ChangeSet, Unit
from liangxin.web.units.services import as_json, stored

if TYPE_CHECKING:
    from liangxin.web.imports.dry_runs import DryRun

_IN_QUERY: Final = 900


@dataclass(frozen=True, slots=True)
class Waiting:
    """A cell with both values. ``copy``, ``ledger`` and ``taken`` as a change keeps them; ``by``, ``at`` and ``change_set``:
    whose the ledger's value is, since when, and what brought it; ``source``: the list that the copy's value came with."""

    key: int
    unit: Unit
    field: Field
    copy: Any
    ledger: Any
    taken: Any
    since: bool
    source: Import
    by: str
    at: datetime | None
    change_set: ChangeSet | None


def keep(source: Import, run: DryRun) -> None:
    """Put what waits of a list into the queue. Inside the transaction that takes the list in."""
    units: dict[str, Unit] = {}
    ids = [row.unit_id for row in run.rows if row.waits and row.unit_id is not None]
    for start in range(0, len(ids), _IN_QUERY):
        rows = Unit.objects.filter(town=source.town, unit_id__in=ids[start : start + _IN_QUERY])
        units |= {unit.unit_id: unit for unit in rows}
    made = [
        WaitingValue(
            town=source.town,
            source=source,
            unit=units[row.unit_id or ""],
            field=name,
            copy=as_json(stored(name, wait.copy)),
            taken=as_json(stored(name, wait.taken)),
            since=wait.since,
            ledger=as_json(getattr(units[row.unit_id or ""], name)),
        )
        for row in run.rows
        for name, wait in row.waits.items()
    ]
    WaitingValue.objects.bulk_create(made, batch_size=500)


def _undecided(town: Town) -> QuerySet[WaitingValue]:
    """Not decided, or decided by what was undone since; of imports that stand, and of units that are in the ledger or were
    merged into one that is."""
    undone = Q(change_set__undone_by__isnull=False, change_set__undone_by__undone_by__isnull=True)
    return WaitingValue.objects.filter(
        Q(decided="") | undone,
        Q(unit__removed=False) | Q(unit__merged_into__removed=False),
        town=town,
        source__change_set__isnull=False,
    ).exclude(
        source__change_set__undone_by__isnull=False, source__change_set__undone_by__undone_by__isnull=True
    )


def open_values(permit: Permit, *, keys: Collection[int] | None = None) -> list[Waiting]:
    """What waits, in the order of the lists, each question once: the newest list that asks it. In fields that the person
    may read. ``keys``: only these."""
    rows = _undecided(permit.town).filter(field__in=permit.fields)
    if keys is not None:
        rows = rows.filter(pk__in=list(keys))
    asked: dict[tuple[int, str, str], WaitingValue] = {}
    related = ("unit__town", "unit__merged_into__town", "source__by", "source__change_set")
    for each in rows.select_related(*related).order_by("pk"):
        unit = _unit_now(each)
        if as_json(getattr(unit, each.field)) != each.copy:
            asked[unit.pk, each.field, repr(each.copy)] = each
    found = sorted(asked.values(), key=lambda each: (each.source_id, each.pk))
    whose = last_writers(permit.town, {_unit_now(each).pk for each in found})
    return [_shown(each, whose.get((_unit_now(each).pk, each.field))) for each in found]


def _unit_now(each: WaitingValue) -> Unit:
    return each.unit.merged_into if each.unit.removed and each.unit.merged_into is not None else each.unit


def count_open(permit: Permit) -> int:
    rows = _undecided(permit.town).filter(field__in=permit.fields).select_related("unit__merged_into")
    return len(
        {
            (_unit_now(each).pk, each.field, repr(each.copy))
            for each in rows
            if as_json(getattr(_unit_now(each), each.field)) != each.copy
        }
    )


def _shown(each: WaitingValue, last: Change | None) -> Waiting:
    made = last.change_set if last is not None else None
    unit = _unit_now(each)
    return Waiting(
        each.pk,
        unit,
        FIELDS[each.field],
        each.copy,
        as_json(getattr(unit, each.field)),
        each.taken,
        each.since,
        each.source,
        str(made.by) if made is not None and made.by_id else "",
        made.at if made is not None else None,
        made,
    )


def last_writers(town: Town, units: Collection[int]) -> dict[tuple[int, str], Change]:
    """(unit, field): the last change that wrote it."""
    found: dict[tuple[int, str], Change] = {}
    keys = list(units)
    for start in range(0, len(keys), _IN_QUERY):
        rows = Change.objects.filter(
            town=town, unit_id__in=keys[start : start + _IN_QUERY], after__isnull=False
        )
        for change in rows.select_related("change_set__by").order_by("pk"):
            for name in change.after or ():
                found[change.unit_id, name] = change
    return found


def token(town: Town, found: Sequence[Waiting]) -> str:
    """Binds a decision to the values that it was made on."""
    return previews.make_token(
        last_change(town), sorted((each.key, each.ledger, each.copy) for each in found)
    )


def settle(permit: Permit, found: Sequence[Waiting], take: str, done: ChangeSet | None) -> None:
    """Write down what was decided; the same question of another list is answered with it."""
    for each in found:
        same = Q(unit=each.unit, field=each.field.name, copy=each.copy)
        opened = Q(decided="") | Q(change_set__undone_by__isnull=False)
        keys = WaitingValue.objects.filter(Q(pk=each.key) | same & opened, town=permit.town).values_list("pk")
        WaitingValue.objects.filter(pk__in=[pk for (pk,) in keys]).update(
            decided=take, by=permit.user, at=timezone.now(), change_set=done, ledger=each.ledger
        )
    detail = {"values": len(found), "take": take, "fields": sorted({each.field.name for each in found})}
    record(permit.user, permit.town, "import.decide", "import", found[0].source.pk, detail=detail)


def answered(town: Town, unit_ids: Sequence[str]) -> set[tuple[str, str, Any, Any]]:
    """Questions that were answered for the ledger's value: unit number, field, the copy's value, the ledger's."""
    if not unit_ids:
        return set()
    rows = WaitingValue.objects.filter(town=town, decided=WaitingValue.LEDGER).annotate(
        number=F("unit__unit_id")
    )
    return set(rows.values_list("number", "field", "copy", "ledger"))
