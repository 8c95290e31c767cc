"""The ledger of a town as one Polars frame that follows every commit: the core computes on it, pages count from it.

Each process keeps the frame and the last change it has seen. A request asks for changes since then (one indexed query)
and replaces just those rows, so a write shows in every number at the next request, in every process.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Max, QuerySet

from liangxin.registry.fields import FIELDS, FieldType, ledger_schema
from liangxin.web.areas.models import Town
from liangxin.web.units.models import Change, Unit

if TYPE_CHECKING:
    import polars as pl

    from liangxin.coverage import Classification
    from liangxin.policy.model import Policy

NAMES = tuple(FIELDS)
RELOAD_FROM = 5000  # more changed rows than this (an import): reading everything anew is quicker
KEPT_TOWNS = 8  # frames kept in memory; the one asked for longest ago goes first
_lock = threading.Lock()
_kept: OrderedDict[tuple[int, str], Live] = OrderedDict()


@dataclass(frozen=True, slots=True)
class Live:
    """``frame``: ledger columns; ``classified``: the same rows with coverage's result columns. Same row order."""

    seq: int
    policy: Policy
    frame: pl.DataFrame
    classified: Classification


def to_frame(rows: list[tuple[Any, ...]]) -> pl.DataFrame:
    """Rows of ``Unit.objects.values_list(*NAMES)`` as a ledger frame."""
    import polars as pl

    schema = ledger_schema()
    columns: dict[str, list[Any]] = {name: [] for name in NAMES}
    if rows:
        for name, values in zip(NAMES, zip(*rows, strict=True), strict=True):
            if FIELDS[name].type is FieldType.REFERENCES:
                columns[name] = [
                    None if value is None else [part for part in value.split(";") if part] for value in values
                ]
            else:
                columns[name] = list(values)
    return pl.DataFrame(columns, schema=schema)


def _rows(town: Town, keys: list[int] | None = None) -> pl.DataFrame:
    units = Unit.objects.filter(town=town, merged_into__isnull=True, removed=False).order_by("pk")
    if keys is not None:
        units = units.filter(pk__in=keys)
    return to_frame(list(units.values_list(*NAMES)))


def _touched(town: Town, since: int, until: int) -> list[int]:
    changes = Change.objects.filter(town=town, pk__gt=since, pk__lte=until)
    return list(changes.values_list("unit_id", flat=True).distinct())


def policy_of(town: Town) -> Policy:
    """The town's policy with its overlays, for today (or the day on which a demo town stands still)."""
    from liangxin.web.policies.queries import load

    return load(town)


def live(town: Town) -> Live:
    """The town's ledger and its classification as of the last commit."""
    import polars as pl

    from liangxin.coverage import Classification, classify

    policy = policy_of(town)
    key = (town.pk, f"{policy.id}/{policy.overlays}/{policy.as_of}")
    newest = Change.objects.filter(town=town).aggregate(last=Max("pk"))["last"] or 0
    with _lock:
        known = _kept.get(key)
        if known is not None and known.seq == newest:
            _kept.move_to_end(key)
            return known
    keys = [] if known is None else _touched(town, known.seq, newest)
    if known is None or len(keys) > RELOAD_FROM:
        frame = _rows(town)
        found = Live(newest, policy, frame, classify(frame, policy))
    else:
        fresh = _rows(town, keys)
        gone = list(Unit.objects.filter(pk__in=keys).values_list("unit_id", flat=True))
        stays = ~pl.col("unit_id").is_in(gone)
        part = classify(fresh, policy)
        found = Live(
            newest,
            policy,
            pl.concat([known.frame.filter(stays), fresh]),
            Classification(
                frame=pl.concat([known.classified.frame.filter(stays), part.frame], how="vertical"),
                policy=policy,
            ),
        )
    if transaction.get_connection().in_atomic_block:
        return found  # it may hold what is rolled back later: true here, not for others
    with _lock:
        _kept[key] = found
        while len(_kept) > KEPT_TOWNS:
            _kept.popitem(last=False)
    return found


def as_of(town: Town, moment: datetime) -> pl.DataFrame:
    """The ledger as it stood at a moment: today's rows with every later change taken back, newest first."""
    return _taken_back(town, Change.objects.filter(town=town, change_set__at__gt=moment))


def as_of_change(town: Town, seq: int) -> pl.DataFrame:
    """The ledger as it stood after the change of that number: what a plan or another record was made on."""
    return _taken_back(town, Change.objects.filter(town=town, pk__gt=seq))


def _taken_back(town: Town, changes: QuerySet[Change]) -> pl.DataFrame:
    later = changes.order_by("-pk").select_related("unit")
    rows: dict[str, dict[str, Any] | None] = {}
    for change in later.iterator(chunk_size=2000):
        unit_id = change.unit.unit_id
        row = rows.get(unit_id, ...)
        if row is ...:
            row = {name: getattr(change.unit, name) for name in NAMES}
        if change.before is None:
            rows[unit_id] = None  # it was not there yet
        else:
            row = dict(row or {name: getattr(change.unit, name) for name in NAMES})
            row.update({name: parsed(name, value) for name, value in change.before.items() if name in FIELDS})
            rows[unit_id] = row
    return _with_rows(live(town).frame, rows)


def _with_rows(frame: pl.DataFrame, rows: dict[str, dict[str, Any] | None]) -> pl.DataFrame:
    import polars as pl

    if not rows:
        return frame
    old = to_frame([tuple(row[name] for name in NAMES) for row in rows.values() if row is not None])
    return pl.concat([frame.filter(~pl.col("unit_id").is_in(list(rows))), old])


def parsed(name: str, value: Any) -> Any:
    """A value as a change stores it (JSON) back in its own type."""
    if value is not None and FIELDS[name].type is FieldType.DATE and isinstance(value, str):
        return date.fromisoformat(value)
    return value
