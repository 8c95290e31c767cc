"""Writes to units. Each is one transaction: it checks, saves, and records the change that can be undone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from liangxin.registry.fields import FIELDS, FieldType
from liangxin.web.accounts.models import User
from liangxin.web.areas.models import Town
from liangxin.web.audit import fingerprint
from liangxin.web.audit.services import record
from liangxin.web.units.live import NAMES, parsed
from liangxin.web.units.models import Change, ChangeSet, Unit
from liangxin.wording import Text

# Kinds whose callers add rows of their own to the change set, and tell of it when all are there.
TOLD_LATER: Final = frozenset({"undo", "merge", "unmerge"})


@dataclass(frozen=True, slots=True)
class Edit:
    """What one unit should become: ``values`` by field. ``version`` is the one the person saw (None: whatever it is)."""

    unit: Unit | None  # None: a new unit
    values: Mapping[str, Any]
    version: int | None = None
    seen: Mapping[str, Any] | None = None  # the values the person saw, to merge disjoint edits of two people


@dataclass(frozen=True, slots=True)
class Clash:
    """A field that somebody else changed meanwhile to something else: both values are shown, nothing is lost."""

    unit: Unit
    field: str
    theirs: Any
    ours: Any


class EditConflict(Exception):
    def __init__(self, clashes: Sequence[Clash]) -> None:
        self.clashes = tuple(clashes)
        super().__init__(f"{len(self.clashes)} fields changed by someone else")


def stored(name: str, value: Any) -> Any:
    """A core value as its column keeps it: several references joined, an empty text as 待核."""
    if value == "" or value == []:
        return None
    if FIELDS[name].type is FieldType.REFERENCES and not isinstance(value, str) and value is not None:
        return ";".join(value)
    return value


def as_json(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def pinyin_initials(name: str) -> str:
    """长乐电机厂 as "cldjc", for search by initials."""
    from pypinyin import Style, lazy_pinyin

    return "".join(part[:1] for part in lazy_pinyin(name, style=Style.FIRST_LETTER)).lower()[:120]


@transaction.atomic
def write(
    town: Town,
    by: User | None,
    kind: str,
    title: Text,
    edits: Iterable[Edit],
    undoes: ChangeSet | None = None,
    at: datetime | None = None,
) -> ChangeSet:
    """Apply edits as one change set. Raises EditConflict (nothing written) where two people changed the same field.

    ``at``: when it happened, for a history that is brought along; otherwise now. An edit that changes nothing leaves no trace. Callers have checked the values (``registry.checks``) and the permit.
    """
    # One writer a town at a time: changes become visible in the order of their keys, as the live frame needs.
    Town.objects.select_for_update().get(pk=town.pk)
    change_set = ChangeSet.objects.create(
        town=town, at=at or timezone.now(), by=by, kind=kind, title=title.as_dict(), undoes=undoes
    )
    changes: list[Change] = []
    clashes: list[Clash] = []
    created: list[tuple[Unit, dict[str, Any]]] = []
    updated: list[Unit] = []
    edits = list(edits)
    current = {unit.pk: unit for unit in _locked([edit.unit.pk for edit in edits if edit.unit is not None])}
    for edit in edits:
        wanted = {name: stored(name, value) for name, value in edit.values.items()}
        if edit.unit is None:
            unit = Unit(town=town, initials=pinyin_initials(str(wanted.get("name", ""))), **wanted)
            created.append((unit, wanted))
            continue
        unit = current[edit.unit.pk]
        differing = {name: value for name, value in wanted.items() if getattr(unit, name) != value}
        if edit.version is not None and edit.version != unit.version:
            clashes += _clashes(unit, differing, edit.seen)
        if not differing:
            continue
        before = {name: as_json(getattr(unit, name)) for name in differing}
        for name, value in differing.items():
            setattr(unit, name, value)
        if "name" in differing:
            unit.initials = pinyin_initials(unit.name)
        unit.version += 1
        updated.append(unit)
        after = {name: as_json(value) for name, value in differing.items()}
        changes.append(Change(change_set=change_set, town=town, unit=unit, before=before, after=after))
    if clashes:
        raise EditConflict(clashes)
    for unit, made in zip(
        Unit.objects.bulk_create([unit for unit, _ in created], batch_size=500), created, strict=True
    ):
        after = {name: as_json(value) for name, value in made[1].items() if value is not None}
        changes.append(Change(change_set=change_set, town=town, unit=unit, before=None, after=after))
    # An upsert by key: bulk_update would write a CASE for each of 45 columns and row, fifty times slower.
    Unit.objects.bulk_create(
        updated,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=[*NAMES, "initials", "version"],
        batch_size=500,
    )
    Change.objects.bulk_create(changes, batch_size=1000)
    if changes and kind not in TOLD_LATER:
        tell(change_set, [(each.unit_id, each.before, each.after) for each in changes])
    return change_set


def tell(change_set: ChangeSet, rows: list[tuple[int, Any, Any]] | None = None, **facts: Any) -> None:
    """The audit event of a change set, with the fingerprint of its rows (unit key, before, after)."""
    if rows is None:
        rows = list(change_set.changes.order_by("pk").values_list("unit_id", "before", "after"))
    names = {name for _, before, after in rows for name in (after or before or {})}
    record(
        change_set.by,
        change_set.town,
        f"units.{change_set.kind}",
        "change_set",
        change_set.pk,
        detail={
            "units": len(rows),
            "fields": sorted(names),
            "sha256": fingerprint.of_changes(rows),
            **facts,
        },
    )


def _locked(keys: list[int]) -> Iterable[Unit]:
    for start in range(0, len(keys), 900):
        yield from Unit.objects.select_for_update().filter(pk__in=keys[start : start + 900])


def _clashes(unit: Unit, differing: Mapping[str, Any], seen: Mapping[str, Any] | None) -> list[Clash]:
    """The fields of ours that somebody changed since we saw them. Without what was seen, every differing field."""
    return [
        Clash(unit, name, getattr(unit, name), value)
        for name, value in differing.items()
        if seen is None or as_json(stored(name, seen.get(name))) != as_json(getattr(unit, name))
    ]


@dataclass(frozen=True, slots=True)
class Undone:
    """What an undo did: its change set, and the units it left alone because somebody edited them since."""

    change_set: ChangeSet
    taken_back: int
    kept: tuple[Unit, ...]


@transaction.atomic
def undo(change_set: ChangeSet, by: User) -> Undone:
    """Take a whole change set back. Units edited since are kept as they are and listed; the rest return to before."""
    town = change_set.town
    title = Text("撤销：" + change_set.title.get("zh", ""), "Undo: " + change_set.title.get("en", ""))
    kept: list[Unit] = []
    edits: list[Edit] = []
    removed: list[Change] = []
    returned: list[Change] = []
    last: dict[int, int] = {}
    mine = list(change_set.changes.select_related("unit"))
    for start in range(0, len(mine), 900):
        keys = [change.unit_id for change in mine[start : start + 900]]
        rows = Change.objects.filter(unit_id__in=keys, pk__gt=mine[0].pk if mine else 0).exclude(
            change_set=change_set
        )
        for unit_key, pk in rows.values_list("unit_id", "pk"):
            last[unit_key] = max(pk, last.get(unit_key, 0))
    for change in mine:
        if last.get(change.unit_id, 0) > change.pk:
            kept.append(change.unit)
        elif change.before is None:
            removed.append(change)
        elif change.after is None:
            returned.append(change)
        else:
            edits.append(
                Edit(change.unit, {name: parsed(name, value) for name, value in change.before.items()})
            )
    done = write(town, by, "undo", title, edits, undoes=change_set)
    _set_removed(done, removed, True)
    _set_removed(done, returned, False)
    tell(done, kept=len(kept))
    return Undone(done, len(edits) + len(removed) + len(returned), tuple(kept))


def _set_removed(change_set: ChangeSet, changes: list[Change], removed: bool) -> None:
    """Take created units out of the lists, or put them back. The rows stay: nothing is deleted."""
    rows: list[Change] = []
    for change in changes:
        facts = {
            name: as_json(getattr(change.unit, name))
            for name in NAMES
            if getattr(change.unit, name) is not None
        }
        change.unit.removed = removed
        change.unit.version += 1
        rows.append(
            Change(
                change_set=change_set,
                town=change_set.town,
                unit=change.unit,
                before=facts if removed else None,
                after=None if removed else facts,
            )
        )
    Unit.objects.bulk_update([change.unit for change in changes], ["removed", "version"], batch_size=500)
    Change.objects.bulk_create(rows, batch_size=1000)
