"""What people do to units: permission, lock, check, write, change set and audit event in one place each.

Pages and API call these and nothing below them. Every name is a verb and what it is done to.
"""

from __future__ import annotations

from dataclasses import dataclass

from liangxin.findings import InputError
from liangxin.registry.access import Action, Reach
from liangxin.web.accounts.permission import Permit
from liangxin.web.areas.services import locked
from liangxin.web.units import many, previews, services, undoing
from liangxin.web.units.models import Change, ChangeSet, Unit


@dataclass(frozen=True, slots=True)
class Changed:
    """What was done, as it was previewed, and the change set that takes it back."""

    prepared: many.Prepared
    change_set: ChangeSet


def change_many(permit: Permit, wanted: many.FieldInput | many.BlockInput, seen: str) -> Changed:
    """Change what the preview with the token ``seen`` showed, as one change set that can be undone.

    Raises:
        InputError: something stands against it, or it was not previewed; then nothing is done.
        StalePreviewError: it would change something else than the preview showed; then nothing is done.
    """
    permit.require(Action.EDIT_UNITS)
    previews.require_token(seen)
    with locked(permit.town):
        prepared = many.prepare(permit, wanted)
        if prepared.checked.errors:
            raise InputError(prepared.checked.errors)
        previews.require_same(permit, seen, prepared.seen, prepared.cells)
        done = services.write(permit.town, permit.user, prepared.kind, prepared.title, prepared.checked.edits)
    return Changed(prepared, done)


class NotUndoableError(Exception):
    """It was undone already, or it is another person's."""


def may_undo(permit: Permit, change_set: ChangeSet) -> bool:
    """Whoever did it, and whoever may import for the whole town; once. What an undo took back can be restored alike."""
    if not permit.may(Action.EDIT_UNITS) or hasattr(change_set, "undone_by"):
        return False
    return change_set.by_id == permit.user.pk or permit.may(Action.IMPORT)


@dataclass(frozen=True, slots=True)
class Undone:
    """``kept``: values that stayed because somebody changed them since, with whose and when. ``left``: units of which
    something stayed, those whose values are not named here among them."""

    change_set: ChangeSet
    taken_back: int
    left: tuple[Unit, ...]
    kept: tuple[previews.Meanwhile, ...]


def undo_change_set(permit: Permit, change_set: ChangeSet) -> Undone:
    """Take back what is still as the change set wrote it, as a change set of its own.

    Raises:
        NotUndoableError: then nothing is done.
    """
    with locked(permit.town):
        found = ChangeSet.objects.select_related("undone_by", "undoes").get(
            pk=change_set.pk, town=permit.town
        )
        if not may_undo(permit, found):
            raise NotUndoableError
        groups = permit.groups(Action.EDIT_UNITS)
        whole = permit.reach(Action.EDIT_UNITS) is Reach.TOWN
        done = undoing.undo(
            found,
            permit.user,
            lambda unit: whole or unit.task_group in groups,
            organize=permit.may(Action.ORGANIZE),
        )
    readable = set(permit.fields)
    cells = {
        unit.unit_id: [name for name in done.kept_fields[unit.pk] if name in readable]
        for unit in done.kept
        if whole or unit.task_group in groups
    }
    last = Change.objects.filter(change_set=found).order_by("-pk").values_list("pk", flat=True).first() or 0
    kept = previews.changed_since(permit.town, last, cells)
    return Undone(done.change_set, done.taken_back, done.kept, tuple(kept))
