"""Writes to units. Each is one transaction: it checks, saves, and records the change that can be undone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from liangxin.registry.fields import FIELDS, FieldType
from liangxin.registry.pinyin import search_keys
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
    gone = _taken_out(town, [str(edit.values.get("unit_id", "")) for edit in edits if edit.unit is None])
    current = {unit.pk: unit for unit in _locked([edit.unit.pk for edit in edits if edit.unit is not None])}
    for edit in edits:
        wanted = {name: stored(name, value) for name, value in edit.values.items()}
        if edit.unit is None and (unit := gone.get(str(wanted.get("unit_id", "")))) is not None:
            _bring_back(unit, wanted)
            updated.append(unit)
            facts = {name: as_json(value) for name, value in wanted.items() if value is not None}
            changes.append(Change(change_set=change_set, town=town, unit=unit, before=None, after=facts))
            continue
        if edit.unit is None:
            unit = Unit(town=town, initials=search_keys(str(wanted.get("name") or "")), **wanted)
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
            unit.initials = search_keys(unit.name or "")
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
        update_fields=[*NAMES, "initials", "version", "removed", "merged_into"],
        batch_size=500,
    )
    Change.objects.bulk_create(changes, batch_size=1000)
    if changes and kind not in TOLD_LATER:
        tell(change_set, [(each.unit_id, each.before, each.after) for each in changes])
    return change_set


def _taken_out(town: Town, unit_ids: list[str]) -> dict[str, Unit]:
    """Units of these numbers that were taken out of the ledger: a number is one unit for life."""
    found: dict[str, Unit] = {}
    for start in range(0, len(unit_ids), 900):
        rows = Unit.objects.filter(town=town, removed=True, unit_id__in=unit_ids[start : start + 900])
        found |= {unit.unit_id: unit for unit in rows}
    return found


def _bring_back(unit: Unit, wanted: Mapping[str, Any]) -> None:
    """A unit that was taken out is entered again: with what is entered, and nothing of what it was."""
    for name in NAMES:
        setattr(unit, name, wanted.get(name))
    unit.initials = search_keys(unit.name or "")
    unit.removed, unit.merged_into = False, None
    unit.version += 1


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
    """What an undo did.

    ``taken_back``: units of which something was taken back. ``kept``: units of which something stayed, and of which
    fields (none: the unit as a whole), because it is no longer what the change set wrote.
    """

    change_set: ChangeSet
    taken_back: int
    kept: tuple[Unit, ...]
    kept_fields: Mapping[int, tuple[str, ...]]  # by the unit's key


@transaction.atomic
def undo(change_set: ChangeSet, by: User, mine: Callable[[Unit], bool] = lambda unit: True) -> Undone:
    """Take a change set back, field by field: what is still as it wrote it becomes what it was before.

    A value that was changed since stays, whoever changed it; the other fields of the unit go back all the same. A unit
    that the set added goes as a whole, and only where nothing of it was changed since. ``mine``: whose units may be
    touched; others stay.
    """
    town = change_set.town
    Town.objects.select_for_update().get(pk=town.pk)
    kept: dict[int, Unit] = {}
    kept_fields: dict[int, tuple[str, ...]] = {}
    edits: list[Edit] = []
    removed: list[Change] = []
    returned: list[Change] = []
    for change in change_set.changes.select_related("unit").order_by("-pk"):
        unit = change.unit
        back, stays = _what_goes_back(change) if mine(unit) else ({}, tuple(change.after or ()))
        if stays or not mine(unit):
            kept[unit.pk] = unit
            kept_fields[unit.pk] = stays
        if back is None:
            (removed if change.before is None else returned).append(change)
        elif back:
            edits.append(Edit(unit, back))
    done = write(town, by, "undo", _undo_title(change_set), edits, undoes=change_set)
    _set_removed(done, removed, True)
    _set_removed(done, returned, False)
    tell(done, kept=len(kept))
    units = tuple(kept.values())
    return Undone(done, len(edits) + len(removed) + len(returned), units, kept_fields)


def _what_goes_back(change: Change) -> tuple[dict[str, Any] | None, tuple[str, ...]]:
    """Values that go back, None for the unit as a whole; and the fields that stay because they are another's by now."""
    unit, before, after = change.unit, change.before, change.after
    if after is None:
        return (None, ()) if unit.removed else ({}, ())  # back already
    if before is None:
        if unit.removed:
            return {}, ()  # gone already
        changed = tuple(name for name in NAMES if as_json(getattr(unit, name)) != after.get(name))
        return ({}, changed) if changed else (None, ())
    if unit.removed:
        return {}, tuple(after)
    written = [name for name in after if as_json(getattr(unit, name)) == after[name]]
    stays = tuple(
        name for name in after if name not in written and as_json(getattr(unit, name)) != before.get(name)
    )
    return {name: parsed(name, before.get(name)) for name in written}, stays


def _undo_title(change_set: ChangeSet) -> Text:
    """撤销：… of what was done; 恢复：… of what was undone, however often."""
    root, undone = change_set, 0
    while root.undoes is not None:
        root, undone = root.undoes, undone + 1
    zh, en = ("恢复：", "Restore: ") if undone % 2 else ("撤销：", "Undo: ")
    return Text(zh + root.title.get("zh", ""), en + root.title.get("en", ""))


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
        change.unit.merged_into = None
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
    Unit.objects.bulk_update(
        [change.unit for change in changes], ["removed", "merged_into", "version"], batch_size=500
    )
    Change.objects.bulk_create(rows, batch_size=1000)
