"""Copies of the ledger that were handed out: the stamps they carry, and what each row was when it was taken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Count

from liangxin.files.ledger_writing import Stamps
from liangxin.files.stamps import Stamp, write_state
from liangxin.registry.fields import FIELDS, FieldType
from liangxin.web.areas.models import Town
from liangxin.web.units.live import NAMES, Live, parsed
from liangxin.web.units.models import Change, ChangeSet, Unit

_IN_QUERY: Final = 900


def ledger_key(town: Town) -> str:
    """Tells this ledger from any other, also from one that was set up anew for the same town."""
    first = ChangeSet.objects.filter(town=town).order_by("pk").values_list("at", flat=True).first()
    return f"{town.code}@{int(first.timestamp()) if first is not None else 0}"


def stamps_for(town: Town, shown: Live, unit_ids: Sequence[str]) -> Stamps | None:
    """The stamps of rows that leave the site. None for the ledger of an earlier day: it is read, not filled in."""
    if shown.day is not None:
        return None
    key = ledger_key(town)
    versions = dict(Unit.objects.filter(town=town).values_list("unit_id", "version"))
    later = _changes_after(town, shown.seq)  # written while this is being made
    rows = [str(Stamp.of(key, id, shown.seq, versions[id] - later.get(id, 0))) for id in unit_ids]
    return Stamps(write_state(shown.seq, key), rows)


def _changes_after(town: Town, seq: int) -> dict[str, int]:
    rows = Change.objects.filter(town=town, pk__gt=seq).order_by()
    return dict(rows.values("unit__unit_id").annotate(n=Count("pk")).values_list("unit__unit_id", "n"))


@dataclass(frozen=True, slots=True)
class Taken:
    """A row as it was when the copy was taken. ``facts``: every field of the ledger, in its own type."""

    seq: int
    facts: Mapping[str, Any]


def taken_rows(
    town: Town, stamps: Mapping[str, Stamp], state: Stamp | None = None, unstamped: Sequence[str] = ()
) -> dict[str, Taken]:
    """What each unit was in the state that its stamp names; units whose stamp is not theirs are left out.

    A stamp counts only where unit, ledger and version agree: of another ledger, moved to another row, or of a history
    that a restored backup no longer has, it says nothing.

    Args:
        stamps: by unit number. ``state``: the workbook's own, for the units ``unstamped``.
    """
    key = ledger_key(town)
    wanted = {id: (each.seq, each.version) for id, each in stamps.items() if each.is_of(key, id)}
    if state is not None and state.is_of(key, ""):
        wanted |= dict.fromkeys(unstamped, (state.seq, 0))
    found: dict[str, Taken] = {}
    ids = list(wanted)
    for start in range(0, len(ids), _IN_QUERY):
        part = ids[start : start + _IN_QUERY]
        units = {unit.pk: unit for unit in Unit.objects.filter(town=town, unit_id__in=part)}
        rows: dict[int, dict[str, Any] | None] = {
            pk: {name: getattr(unit, name) for name in NAMES} for pk, unit in units.items()
        }
        since = dict.fromkeys(units, 0)
        first = min(wanted[id][0] for id in part)
        later = Change.objects.filter(town=town, pk__gt=first, unit_id__in=list(units)).order_by("-pk")
        for pk, unit_pk, before, after in later.values_list("pk", "unit_id", "before", "after"):
            if pk <= wanted[units[unit_pk].unit_id][0]:
                continue
            since[unit_pk] += 1
            if before is None:
                rows[unit_pk] = None
            elif after is not None and (row := rows[unit_pk]) is not None:
                row.update({name: parsed(name, value) for name, value in before.items() if name in row})
            elif after is None:
                rows[unit_pk] = {name: parsed(name, before.get(name)) for name in NAMES}
        for pk, unit in units.items():
            seq, version = wanted[unit.unit_id]
            row = rows[pk]
            if row is not None and (version == 0 or version == unit.version - since[pk]):
                found[unit.unit_id] = Taken(seq, {name: _core(name, value) for name, value in row.items()})
    return found


def _core(name: str, value: Any) -> Any:
    """A column's value as the ledger frame has it: several references as a list."""
    if FIELDS[name].type is FieldType.REFERENCES and isinstance(value, str):
        return [part for part in value.split(";") if part]
    return value


def replaced_values(town: Town, cells: Mapping[str, Mapping[str, Any]]) -> dict[tuple[str, str], Change]:
    """Which of these values stood in the ledger before and were replaced by somebody: (unit number, field): by which change.

    Args:
        cells: by unit number and field, the value as a change keeps it. What was undone, and undoing, replaced nothing.
    """
    found: dict[tuple[str, str], Change] = {}
    ids = list(cells)
    for start in range(0, len(ids), _IN_QUERY):
        rows = (
            Change.objects.filter(
                town=town,
                unit__unit_id__in=ids[start : start + _IN_QUERY],
                before__isnull=False,
                after__isnull=False,
                change_set__undone_by__isnull=True,
            )
            .exclude(change_set__kind="undo")
            .select_related("unit", "change_set__by")
            .order_by("pk")
        )
        for change in rows:
            id, before, after = change.unit.unit_id, change.before or {}, change.after or {}
            for name, value in cells[id].items():
                if name in after and before.get(name) == value != after[name]:
                    found[id, name] = change
    return found
