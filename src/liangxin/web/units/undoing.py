"""Taking a change set back: values field by field, operations of the tree with them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction

from liangxin.web.accounts.models import User
from liangxin.web.areas.models import Town
from liangxin.web.organizations import placing
from liangxin.web.units.live import NAMES, parsed
from liangxin.web.units.models import Change, ChangeSet, Unit
from liangxin.web.units.services import Edit, as_json, tell, write
from liangxin.wording import Text

if TYPE_CHECKING:
    from liangxin.structure import Operation


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
def undo(
    change_set: ChangeSet,
    by: User,
    mine: Callable[[Unit], bool] = lambda unit: True,
    *,
    organize: bool = True,
) -> Undone:
    """Take a change set back, field by field: what is still as it wrote it becomes what it was before.

    A value that was changed since stays, whoever changed it; the other fields of the unit go back all the same. A unit
    that the set added goes as a whole, and only where nothing of it was changed since. The operations of the tree that were
    done with it are annulled; where others were built upon them, each unit that is still where the set put it goes back.
    ``mine``: whose units may be touched; others stay. ``organize``: whether the tree may be.
    """
    town = change_set.town
    Town.objects.select_for_update().get(pk=town.pk)
    kept: dict[int, Unit] = {}
    kept_fields: dict[int, tuple[str, ...]] = {}
    edits: list[Edit] = []
    removed: list[Change] = []
    returned: list[Change] = []
    places: dict[str, str | None] = {}
    for change in change_set.changes.select_related("unit").order_by("-pk"):
        unit = change.unit
        back, stays = _what_goes_back(change) if mine(unit) else ({}, tuple(change.after or ()))
        if stays or not mine(unit):
            kept[unit.pk] = unit
            kept_fields[unit.pk] = stays
        if (
            back is None
            and not organize
            and (unit.organization_id or (change.before or {}).get("organization_id"))
        ):
            kept[unit.pk] = unit
            kept_fields[unit.pk] = ()
        elif back is None:
            (removed if change.before is None else returned).append(change)
            places[unit.unit_id] = None if change.before is None else change.before.get("organization_id")
        else:
            if back:
                edits.append(Edit(unit, back))
            if mine(unit) and _still_there(change):
                places[unit.unit_id] = (change.before or {})["organization_id"]
    operations: list[Operation] = []
    if organize:
        entries = change_set.operations.values_list("number", flat=True)
        operations = placing.take_back(town, entries, places)
    gone = frozenset(change.unit.unit_id for change in removed)
    done = write(
        town,
        by,
        "undo",
        _undo_title(change_set),
        edits,
        change_set,
        operations=operations,
        removing=gone,
        judge=False,
    )
    _set_removed(done, removed, True)
    _set_removed(done, returned, False)
    for unit, names in _not_put_back(change_set, mine):
        kept[unit.pk] = unit
        kept_fields[unit.pk] = tuple(dict.fromkeys((*kept_fields.get(unit.pk, ()), *names)))
    tell(done, kept=len(kept))
    units = tuple(kept.values())
    taken = {edit.unit.pk for edit in edits if edit.unit is not None} | {
        change.unit_id for change in removed + returned
    }
    taken |= set(done.changes.values_list("unit_id", flat=True))
    return Undone(done, len(taken), units, kept_fields)


def _still_there(change: Change) -> bool:
    """The set put the unit into another organization, and it still is there."""
    before, after, unit = change.before, change.after, change.unit
    if before is None or after is None or unit.removed or "organization_id" not in before:
        return False
    return bool(unit.organization_id == after.get("organization_id"))


def _not_put_back(change_set: ChangeSet, mine: Callable[[Unit], bool]) -> list[tuple[Unit, tuple[str, ...]]]:
    """Units of which the tree did not go back, and which columns say so."""
    found = []
    for change in change_set.changes.filter(before__isnull=False, after__isnull=False).select_related("unit"):
        unit = change.unit
        names = tuple(
            name
            for name in placing.COLUMNS
            if name in (change.after or {}) and getattr(unit, name) != (change.before or {}).get(name)
        )
        if names and mine(unit):
            found.append((unit, names))
    return found


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
    facts = [name for name in after if name not in placing.COLUMNS or _only_asked(change)]
    written = [name for name in facts if as_json(getattr(unit, name)) == after[name]]
    stays = tuple(
        name for name in facts if name not in written and as_json(getattr(unit, name)) != before.get(name)
    )
    return {name: parsed(name, before.get(name)) for name in written}, stays


def _only_asked(change: Change) -> bool:
    """未建 became 待核 or the other way round: what was asked at the door, no operation of the tree."""
    before, after = change.before or {}, change.after or {}
    said = {**before, **after}
    forms = {before.get("organization_form"), after.get("organization_form")}
    return "organization_id" not in said and "superior_id" not in said and forms <= {None, "none"}


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
    town = change_set.town
    if changes and not removed:  # back in the lists, each where the tree has it
        forms: dict[str, str | None] = {
            str(change.unit.unit_id): str(form)
            if (form := change.unit.organization_form) is not None
            else None
            for change in changes
        }
        columns = placing.columns_of(town, placing.today_tree(town), forms)
    for change in changes:
        if not removed:
            for name, value in columns[change.unit.unit_id].items():
                setattr(change.unit, name, value)
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
                town=town,
                unit=change.unit,
                before=facts if removed else None,
                after=None if removed else facts,
            )
        )
    Unit.objects.bulk_update(
        [change.unit for change in changes],
        ["removed", "merged_into", "version", *placing.COLUMNS],
        batch_size=500,
    )
    Change.objects.bulk_create(rows, batch_size=1000)
