"""Writes to units. Each is one transaction: it checks, saves, and records the change that can be undone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.utils import timezone

from liangxin.findings import InputError
from liangxin.registry.fields import FIELDS, FieldType
from liangxin.registry.pinyin import search_keys
from liangxin.web.accounts.models import User
from liangxin.web.areas.models import Town
from liangxin.web.audit import fingerprint
from liangxin.web.audit.services import record
from liangxin.web.organizations import placing
from liangxin.web.organizations.models import UndecidedPlace
from liangxin.web.units.live import NAMES
from liangxin.web.units.models import Change, ChangeSet, Unit
from liangxin.wording import Text

if TYPE_CHECKING:
    from liangxin.structure import Operation
    from liangxin.structure.ledger_columns import Stated

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
    *,
    operations: Sequence[Operation] = (),
    stated: Sequence[Stated] = (),
    placed: placing.Placed | None = None,
    removing: frozenset[str] = frozenset(),
    judge: bool = True,
    partly: bool = False,
) -> ChangeSet:
    """Apply edits, and operations of the tree, as one change set.

    Which organization a unit is in is the tree's alone: an edit that names a column of it becomes operations, and the
    columns of every unit that they move follow. An edit that changes nothing leaves no trace. Callers have checked the
    values (``registry.checks``) and the permit.

    Args:
        at: when it happened, for a history that is brought along; otherwise now.
        operations: further operations; ``stated``: what is said of units' organizations besides the edits.
        placed: the operations, judged already, where the edits name no organization.
        removing: units that the caller takes out of the lists in this change set: their row stays as it is.
        judge: operations must leave every organization the policy's minimum of members.
        partly: cells of organizations that cannot be turned into operations are left out, as in an imported list.

    Raises:
        EditConflict: two people changed the same field; nothing is written.
        InputError: what is said of organizations cannot be turned into operations, or the core refuses them.
    """
    # One writer a town at a time: changes become visible in the order of their keys, as the live frame needs.
    Town.objects.select_for_update().get(pk=town.pk)
    change_set = ChangeSet.objects.create(
        town=town, at=at or timezone.now(), by=by, kind=kind, title=title.as_dict(), undoes=undoes
    )
    writing = _Writing(town, [*stated], removing)
    clashes = writing.read(edits)
    if clashes:
        raise EditConflict(clashes)
    if placed is None and (operations or writing.stated):
        placed = placing.place(town, writing.stated, operations, judge=judge)
        if placed.findings and not partly:
            raise InputError([finding for _, finding in placed.findings])
    if placed is not None:
        writing.follow(placed)
        placing.store(change_set, town, by, placed)
        writing.settle(change_set)
    changes = writing.save(change_set)
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


class _Writing:
    """Rows on their way into one change set: what each becomes, and what each was."""

    def __init__(self, town: Town, stated: list[Stated], removing: frozenset[str]) -> None:
        self.town = town
        self.removing = removing
        self.stated = stated
        self.created: list[Unit] = []
        self.returned: dict[int, Unit] = {}  # taken out before, entered again
        self.units: dict[int, Unit] = {}  # rows of now, locked
        self.before: dict[int, dict[str, Any]] = {}  # what is replaced, by row and field
        self.decided: list[Unit] = []

    def read(self, edits: Iterable[Edit]) -> list[Clash]:
        """Put facts into the rows and what is said of organizations into ``stated``. Gives the clashes, if any."""
        edits = list(edits)
        self.units = {
            unit.pk: unit for unit in _locked([edit.unit.pk for edit in edits if edit.unit is not None])
        }
        clashes: list[Clash] = []
        new_ids = [str(edit.values.get("unit_id", "")) for edit in edits if edit.unit is None]
        gone = _taken_out(self.town, new_ids)
        for edit in edits:
            wanted = {name: stored(name, value) for name, value in edit.values.items()}
            if edit.unit is None:
                said = {name: wanted.pop(name) for name in placing.COLUMNS if wanted.get(name) is not None}
                known = gone.get(str(wanted.get("unit_id", "")))
                if known is not None:
                    unit = self.units[known.pk] = self.returned[known.pk] = known
                    _bring_back(unit, wanted)
                else:
                    unit = Unit(town=self.town, initials=search_keys(str(wanted.get("name") or "")), **wanted)
                    self.created.append(unit)
                self._state(unit, said)
                continue
            unit = self.units[edit.unit.pk]
            differing = {name: value for name, value in wanted.items() if getattr(unit, name) != value}
            if edit.version is not None and edit.version != unit.version:
                clashes += _clashes(unit, differing, edit.seen)
            self._state(unit, {name: differing.pop(name) for name in placing.COLUMNS if name in differing})
            self._set(unit, differing)
        return clashes

    def _state(self, unit: Unit, said: Mapping[str, Any]) -> None:
        """A unit that is in no organization may be 未建 or 待核: that is asked at the door and no operation."""
        from liangxin.structure.ledger_columns import Stated

        if said:
            self.stated.append(Stated(unit.unit_id, said))

    def follow(self, placed: placing.Placed) -> None:
        """The columns of every unit that was named or that the operations moved say what the tree says."""
        moved = set(placed.changed_units()) - self.removing
        named = {each.unit_id: each.values for each in self.stated}
        rows = {unit.unit_id: unit for unit in (*self.created, *self.units.values())}
        missing = sorted((moved | set(named)) - set(rows))
        for start in range(0, len(missing), 900):
            found = Unit.objects.select_for_update().filter(
                town=self.town, unit_id__in=missing[start : start + 900], removed=False
            )
            for unit in found:
                rows[unit.unit_id] = self.units[unit.pk] = unit
        asked = {id: unit for id, unit in rows.items() if (id in moved or id in named) and not unit.removed}
        waiting = placing.undecided(self.town)
        columns = placing.columns_of(
            self.town, placed.now, {id: _asked_form(unit, named.get(id, {})) for id, unit in asked.items()}
        )
        for id, unit in asked.items():
            if id in waiting:
                self.decided.append(unit)
            self._set(unit, columns[id])

    def settle(self, change_set: ChangeSet) -> None:
        """An operation put them elsewhere: nothing is left to decide."""
        UndecidedPlace.objects.filter(unit__in=self.decided, decided="").update(
            decided=UndecidedPlace.MOVED, by=change_set.by, at=change_set.at
        )

    def _set(self, unit: Unit, values: Mapping[str, Any]) -> None:
        differing = {name: value for name, value in values.items() if getattr(unit, name) != value}
        if unit.pk is not None and differing:
            before = self.before.setdefault(unit.pk, {})
            for name in differing:
                before.setdefault(name, as_json(getattr(unit, name)))
        for name, value in differing.items():
            setattr(unit, name, value)

    def save(self, change_set: ChangeSet) -> list[Change]:
        self.before = {
            pk: kept
            for pk, before in self.before.items()
            if pk not in self.returned
            and (
                kept := {
                    name: value
                    for name, value in before.items()
                    if as_json(getattr(self.units[pk], name)) != value
                }
            )
        }
        updated = [self.units[pk] for pk in self.before]
        changes: list[Change] = []
        for unit in updated:
            if "name" in self.before[unit.pk]:
                unit.initials = search_keys(unit.name or "")
            unit.version += 1
            after = {name: as_json(getattr(unit, name)) for name in self.before[unit.pk]}
            changes.append(self._change(change_set, unit, self.before[unit.pk], after))
        for unit in (*self.returned.values(), *Unit.objects.bulk_create(self.created, batch_size=500)):
            after = {name: as_json(value) for name in NAMES if (value := getattr(unit, name)) is not None}
            changes.append(self._change(change_set, unit, None, after))
        # An upsert by key: bulk_update would write a CASE for each of 45 columns and row, fifty times slower.
        Unit.objects.bulk_create(
            [*updated, *self.returned.values()],
            update_conflicts=True,
            unique_fields=["id"],
            update_fields=[*NAMES, "initials", "version", "removed", "merged_into"],
            batch_size=500,
        )
        return Change.objects.bulk_create(changes, batch_size=1000)

    def _change(self, change_set: ChangeSet, unit: Unit, before: Any, after: Any) -> Change:
        return Change(change_set=change_set, town=self.town, unit=unit, before=before, after=after)


def _asked_form(unit: Unit, said: Mapping[str, Any]) -> str | None:
    """未建 or 待核 of a unit, as said now, else as it was known."""
    form = said.get("organization_form", unit.organization_form)
    return str(form) if form is not None else None


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
