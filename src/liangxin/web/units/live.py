"""The ledger of a town as one Polars frame that follows every commit: the core computes on it, pages count from it.

Each process keeps the frame and the last change it has seen. A request asks for changes since then (one indexed query)
and replaces just those rows, so a write shows in every number at the next request, in every process.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any, TypeVar, cast

from django.db.models import Max, QuerySet
from django.utils import timezone

from liangxin.registry.fields import FIELDS, FieldType, ledger_schema
from liangxin.web.areas.models import Town
from liangxin.web.ui import committed
from liangxin.web.ui.memory import MEMORY, Key
from liangxin.web.units.models import Change, Unit

if TYPE_CHECKING:
    import polars as pl

    from liangxin.coverage import Classification
    from liangxin.policy.model import Policy

T = TypeVar("T")
NAMES = tuple(FIELDS)
_UNIT_ID = NAMES.index("unit_id")
RELOAD_FROM = 5000  # more changed rows than this (an import): reading everything anew is quicker


@dataclass(frozen=True, slots=True)
class Live:
    """``frame``: ledger columns; ``classified``: the same rows with coverage's result columns. Same row order.

    ``day``: the earlier day at whose end the ledger stood so; None is this moment.
    """

    seq: int
    policy: Policy
    frame: pl.DataFrame
    classified: Classification
    day: date | None = None
    _counted: dict[Key, Any] | None = field(
        default=None, repr=False, compare=False
    )  # of a state that is not kept
    _state: object = field(default_factory=object, repr=False, compare=False)  # tells it apart in MEMORY

    def once(self, name: Key, count: Callable[[], T]) -> T:
        """What ``count`` finds in this state of the ledger, counted the first time only: a state never changes, so
        neither does what it holds. ``name`` tells apart all that the result depends on besides the state: whose units, of
        which version of the town file. Callers do not change what they get."""
        if self._counted is None:
            return MEMORY.get(("counted", self._state, *name), count)
        if name not in self._counted:
            self._counted[name] = count()
        return cast("T", self._counted[name])

    def number_of(self, unit_id: str) -> int | None:
        """The number of the unit's row in both frames; None where the ledger has no such unit."""
        import polars as pl

        numbers = self.frame.select(pl.arg_where(pl.col("unit_id") == unit_id)).to_series()
        return int(numbers[0]) if len(numbers) else None

    def row_of(self, unit_id: str) -> pl.DataFrame:
        """The unit's classified row. LookupError where the ledger has no such unit."""
        number = self.number_of(unit_id)
        if number is None:
            raise LookupError(unit_id)
        return self.classified.frame.slice(number, 1)


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


def last_change(town: Town) -> int:
    """The number of the ledger's last change, 0 before the first."""
    return Change.objects.filter(town=town).aggregate(last=Max("pk"))["last"] or 0


def live(town: Town) -> Live:
    """The town's ledger and its classification as of the last commit."""
    import polars as pl

    from liangxin.coverage import Classification, classify

    policy = policy_of(town)
    key = ("live", town.pk, policy.key)  # the newest state: it says itself up to which change it has followed
    newest = last_change(town)
    known: Live | None = MEMORY.find(key)
    if known is not None and known.seq == newest:
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
            _in_place(known.frame, known.frame.filter(stays), fresh),
            Classification(
                frame=_in_place(known.classified.frame, known.classified.frame.filter(stays), part.frame),
                policy=policy,
            ),
        )
    if committed.undecided():
        return replace(found, _counted={})  # it may hold what is rolled back later: true here, not for others
    MEMORY.keep(key, found)
    return found


def _in_place(before: pl.DataFrame, stays: pl.DataFrame, fresh: pl.DataFrame) -> pl.DataFrame:
    """Fresh rows where the old ones of the same unit stood, new units last: a list does not jump when it is mended."""
    import polars as pl

    position = before.select("unit_id", pl.int_range(pl.len()).alias("position"))
    mixed = pl.concat([stays, fresh]).join(position, on="unit_id", how="left", maintain_order="left")
    return mixed.sort("position", nulls_last=True, maintain_order=True).drop("position")


def end_of(day: date) -> datetime:
    """The last moment of a day in the town's time zone."""
    return timezone.make_aware(datetime.combine(day, time(23, 59, 59, 999_999)))


def on_day(town: Town, day: date) -> Live:
    """The ledger at the end of an earlier day, classified by that day's rules; for today and later, the live one."""
    from liangxin.coverage import classify
    from liangxin.web.policies.queries import load, today

    if day >= today(town):
        return live(town)
    policy = load(town, day)
    newest = last_change(town)
    key = ("day", town.pk, newest, policy.key, day)
    known: Live | None = MEMORY.find(key)
    if known is not None:
        return known
    frame = as_of(town, end_of(day))
    found = Live(newest, policy, frame, classify(frame, policy), day)
    if committed.undecided():
        return replace(found, _counted={})
    MEMORY.keep(key, found)
    return found


def asked(town: Town, day: str | None) -> Live:
    """The ledger of the day named in a query string; unreadable or none: of this moment."""
    try:
        return on_day(town, date.fromisoformat(day)) if day else live(town)
    except ValueError:
        return live(town)


def as_of(town: Town, moment: datetime) -> pl.DataFrame:
    """The ledger as it stood at a moment: today's rows with every later change taken back, newest first."""
    return _taken_back(town, Change.objects.filter(town=town, change_set__at__gt=moment))


def as_of_change(town: Town, seq: int) -> pl.DataFrame:
    """The ledger as it stood after the change of that number: what a plan or another record was made on."""
    return _taken_back(town, Change.objects.filter(town=town, pk__gt=seq))


def _taken_back(town: Town, changes: QuerySet[Change]) -> pl.DataFrame:
    befores: dict[int, list[dict[str, Any] | None]] = {}  # newest first
    later = changes.order_by("-pk").values_list("unit_id", "before")
    for key, before in later.iterator(chunk_size=2000):
        befores.setdefault(key, []).append(before)
    rows: dict[str, dict[str, Any] | None] = {}
    keys = list(befores)
    for start in range(0, len(keys), 900):
        units = Unit.objects.filter(pk__in=keys[start : start + 900]).values_list("pk", *NAMES)
        for key, *values in units:
            row: dict[str, Any] | None = dict(zip(NAMES, values, strict=True))
            unit_id = values[_UNIT_ID]
            now = dict(row or {})
            for before in befores[key]:
                if before is None:
                    row = None  # it was not there yet
                    continue
                row = dict(now) if row is None else row
                row.update({name: parsed(name, value) for name, value in before.items() if name in FIELDS})
            rows[unit_id] = row
    return _with_rows(live(town).frame, rows)


def _with_rows(frame: pl.DataFrame, rows: dict[str, dict[str, Any] | None]) -> pl.DataFrame:
    import polars as pl

    if not rows:
        return frame
    old = to_frame([tuple(row[name] for name in NAMES) for row in rows.values() if row is not None])
    return _in_place(frame, frame.filter(~pl.col("unit_id").is_in(list(rows))), old)


def parsed(name: str, value: Any) -> Any:
    """A value as a change stores it (JSON) back in its own type."""
    if value is not None and FIELDS[name].type is FieldType.DATE and isinstance(value, str):
        return date.fromisoformat(value)
    return value
