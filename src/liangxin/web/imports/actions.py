"""What people do with lists that come in: permission, lock, write, change set and audit event in one place each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from liangxin.findings import InputError
from liangxin.registry.access import Action
from liangxin.registry.fields import FIELDS
from liangxin.web.accounts.permission import Permit
from liangxin.web.areas.models import Town
from liangxin.web.areas.services import locked
from liangxin.web.imports import services, waiting
from liangxin.web.imports.dry_runs import dry_run
from liangxin.web.imports.models import Import, WaitingValue
from liangxin.web.jobs import services as jobs
from liangxin.web.jobs.models import Job
from liangxin.web.units import editing, previews
from liangxin.web.units import services as units_services
from liangxin.web.units.live import last_change, parsed
from liangxin.web.units.models import ChangeSet, Unit
from liangxin.wording import Text, counted


def start_import(permit: Permit, kept: Import, seen: str) -> Job:
    """Queue the import that the preview with the token ``seen`` showed; a second click does not queue it twice.

    Raises:
        InputError: it was started before, was not previewed, or cannot be read any more.
        StalePreviewError: it would do something else by now. The job looks again, under the town's lock.
    """
    permit.require(Action.IMPORT)
    since = previews.require_token(seen)
    if kept.standing != Import.READ:
        raise _started()
    if last_change(permit.town) != since:
        run = dry_run(kept)
        previews.require_same(permit, seen, run.seen, run.cells)
    with transaction.atomic():
        stored = Import.objects.select_for_update().get(pk=kept.pk)
        if stored.standing != Import.READ:
            raise _started()
        title = Text(f"导入 {kept.filename}", f"Import {kept.filename}")
        job = jobs.start(permit.town, permit.user, "import", title, {"import": kept.pk, "seen": seen})
        Import.objects.filter(pk=kept.pk).update(state=Import.WAITING, job=job)
    return job


def _started() -> InputError:
    return InputError.of(
        "import-started",
        "这个文件已经在导入或已经导入",
        "This file is being imported or was imported already",
    )


def decide_values(permit: Permit, keys: Sequence[int], take: str, seen: str) -> ChangeSet | None:
    """Take the copy's value into the ledger, or leave the ledger's, for values that wait; as they were seen.

    Returns:
        The change set that takes the copy's values back, None where the ledger's stay.

    Raises:
        InputError: one of them no longer waits, or cannot stand in the ledger; then nothing is done.
        StalePreviewError: somebody changed one of the ledger's values since.
    """
    permit.require(Action.IMPORT)
    with locked(permit.town):
        found = waiting.open_values(permit, keys=keys)
        if len(found) != len(set(keys)) or not found:
            raise InputError.of(
                "waiting-decided",
                "已经有人定过，或者台账已经一样了",
                "Somebody decided it already, or the ledger says the same by now",
            )
        cells: dict[str, list[str]] = {}
        for each in found:
            cells.setdefault(each.unit.unit_id, []).append(each.field.name)
        previews.require_same(permit, seen, waiting.token(permit.town, found), cells)
        done = _take(permit, found) if take == WaitingValue.COPY else None
        waiting.settle(permit, found, take, done)
    return done


def pair_token(town: Town, first: Unit, second: Unit) -> str:
    """Binds a merge to the two rows as they were seen."""
    rows = [[unit.unit_id, *(getattr(unit, name) for name in FIELDS)] for unit in (first, second)]
    return previews.make_token(last_change(town), sorted(rows, key=lambda row: str(row[0])))


def merge_units(
    permit: Permit, keep: Unit, drop: Unit, picks: Mapping[str, Unit], seen: str | None = None
) -> ChangeSet:
    """Make two rows of one unit one, field by field as picked.

    Args:
        seen: the token of the pair as it was looked at; None where nobody looked.

    Raises:
        InputError: the two cannot be merged. StalePreviewError: somebody changed one of them since.
    """
    permit.require(Action.IMPORT)
    with locked(permit.town):
        keep, drop = (Unit.objects.get(pk=each.pk, town=permit.town) for each in (keep, drop))
        if seen is not None:
            cells = dict.fromkeys((keep.unit_id, drop.unit_id), tuple(FIELDS))
            previews.require_same(permit, seen, pair_token(permit.town, keep, drop), cells)
        return services.merge(permit.town, permit.user, keep, drop, picks)


def _take(permit: Permit, found: Sequence[waiting.Waiting]) -> ChangeSet:
    values: dict[int, dict[str, Any]] = {}
    units: dict[int, Unit] = {}
    for each in found:
        units[each.unit.pk] = each.unit
        values.setdefault(each.unit.pk, {})[each.field.name] = parsed(each.field.name, each.copy)
    checked = editing.check(permit, [(units[pk], given, None, None) for pk, given in values.items()])
    if checked.errors:
        raise InputError(checked.errors)
    if len(found) == 1:
        what = Text(
            f"采用副本的值：{found[0].unit.name}的{found[0].field.label.zh}",
            f"Take the copy's {found[0].field.label.en} of {found[0].unit.name}",
        )
    else:
        number = counted(len(found), "value", "values")
        what = Text(f"采用副本的值（{len(found)}处）", f"Take {number} of a copy")
    return units_services.write(permit.town, permit.user, "edit", what, checked.edits)
