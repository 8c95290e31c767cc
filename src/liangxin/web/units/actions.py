"""What people do to units: permission, lock, check, write, change set and audit event in one place each.

Pages and API call these and nothing below them. Every name is a verb and what it is done to.
"""

from __future__ import annotations

from dataclasses import dataclass

from liangxin.findings import InputError
from liangxin.registry.access import Action
from liangxin.web.accounts.permission import Permit
from liangxin.web.areas.services import locked
from liangxin.web.units import many, previews, services
from liangxin.web.units.models import ChangeSet


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
