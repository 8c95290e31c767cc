"""Which unit of the ledger a row of a list is, and what the row would change of it. Pure; nothing is guessed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Literal

if TYPE_CHECKING:
    import polars as pl

Outcome = Literal["new", "update", "same", "waiting", "failed"]
AMBIGUOUS: Final = -1
_PLACES: Final = ("village", "park", "venue", "area")


@dataclass(frozen=True, slots=True)
class Wait:
    """A cell that says something else than the ledger, where the ledger's value is not simply the older one.

    ``taken``: what the cell held when the copy was taken. ``since``: changed in the copy and in the ledger since. Without
    a stamp (``taken`` is not known, ``since`` False): the copy's value stood in the ledger before and was replaced.
    """

    copy: Any
    taken: Any
    since: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the list: its unit of the ledger (None: new), what it would change, what waits, and why it cannot, if so.

    ``emptied``: cells that were filled when the copy was taken and are empty now; they erase nothing.
    """

    index: int  # row of the list's frame
    unit_id: str | None
    outcome: Outcome
    changes: Mapping[str, object]
    why: str = ""  # "errors", "ambiguous", "taken-out"
    waits: Mapping[str, Wait] = field(default_factory=dict)
    emptied: tuple[str, ...] = ()


def match(
    listed: pl.DataFrame,
    ledger: pl.DataFrame,
    given: Collection[str],
    errors: Mapping[int, Sequence[tuple[str, str]]] | Collection[int] = (),
    *,
    found: Sequence[int | None] | None = None,
    taken: Mapping[int, Mapping[str, Any]] = MappingProxyType({}),
    out: Collection[int] = (),
) -> list[Row]:
    """What every row of ``listed`` would do to the ledger.

    Args:
        given: the fields that the list has columns for; others stay as they are.
        errors: rows with errors, each as (field, what was found), or only the rows.
        found: the row of the ledger that each row is (``find_units``).
        taken: rows with a stamp, and what they were when the copy was taken.
        out: rows whose unit was taken out of the ledger since.
    """
    found = find_units(listed, ledger, {}) if found is None else found
    facts = ledger.rows(named=True)
    rows: list[Row] = []
    for index, (row, at) in enumerate(zip(listed.iter_rows(named=True), found, strict=True)):
        wrong = (errors[index] if isinstance(errors, Mapping) else [("", "")]) if index in errors else ()
        base = taken.get(index)
        unread = frozenset(name for name, text in wrong if base and _is_untouched(row, base, name, text))
        touched = base is not None and any(
            row[name] != base[name] for name in _filled(row, given) if name not in unread
        )
        held = [name for name, _ in wrong if name not in unread]
        if held and (base is None or touched or any(row.get(name, "") is None for name in held)):
            rows.append(Row(index, None, "failed", {}, "errors"))
            continue
        if index in out:
            outcome: Outcome = "failed" if touched else "same"
            rows.append(Row(index, None, outcome, {}, "taken-out"))
        elif at == AMBIGUOUS:
            rows.append(Row(index, None, "failed", {}, "ambiguous"))
        elif at is None:
            values = {name: row[name] for name in _filled(row, given)}
            rows.append(Row(index, None, "new", values | {"unit_id": row["unit_id"]}))
        elif base is None:
            rows.append(compare(index, row, facts[at], given))
        else:
            rows.append(compare_copy(index, row, facts[at], base, given, unread))
    return rows


def _is_untouched(row: Mapping[str, Any], taken: Mapping[str, Any], name: str, written: str) -> bool:
    """Whether a cell that could not be read is still as the copy was handed out: what it names has gone since."""
    value = taken.get(name)
    if isinstance(value, list):  # the parts that could be read are in the row
        return written in value and set(row[name] or ()) <= set(value)
    return value is not None and row[name] is None and written == str(value)


def find_units(
    listed: pl.DataFrame, ledger: pl.DataFrame, gone: Mapping[str, str | None]
) -> list[int | None]:
    """For each row of the list its row of the ledger: by number, by credit code, by whole name, by name and place.

    None where it is new, ``AMBIGUOUS`` where it fits several, or one that another row is already.

    Args:
        gone: numbers that are no longer in the ledger, with the number of the unit that each was merged into.
    """
    numbers = ledger["unit_id"].to_list()
    by_id = {unit_id: row for row, unit_id in enumerate(numbers)}
    by_id |= {id: by_id[into] for id, into in gone.items() if into is not None and into in by_id}
    codes, names = ledger["uscc"].to_list(), ledger["name"].to_list()
    by_code, by_name = _unique(codes), _unique(names)
    by_place = _unique([*zip(names, *(ledger[name].to_list() for name in _PLACES), strict=True)])
    found: list[int | None] = []
    taken: set[int] = set()
    for row in listed.select("unit_id", "uscc", "name", *_PLACES).iter_rows(named=True):
        at = by_id.get(row["unit_id"])
        if at is None and row["uscc"]:
            at = by_code.get(row["uscc"])
        if at is None:
            at = by_name.get(row["name"])
            if at == AMBIGUOUS:
                at = by_place.get((row["name"], *(row[name] for name in _PLACES)), AMBIGUOUS)
            if at is not None and at >= 0 and row["uscc"] and codes[at]:
                at = None  # two codes are two units, whatever their names
        if at is not None and at in taken:
            at = AMBIGUOUS
        if at is not None and at >= 0:
            taken.add(at)
        found.append(at)
    return found


def compare(index: int, row: Mapping[str, Any], now: Mapping[str, Any], given: Collection[str]) -> Row:
    """A row without a stamp against its unit: what it knows and the ledger does not say becomes the ledger's.

    An empty cell leaves what is known: a list that does not know a fact does not erase it.
    """
    changes = {name: row[name] for name in _filled(row, given) if now[name] != row[name]}
    return Row(index, now["unit_id"], "update" if changes else "same", changes)


def compare_copy(
    index: int,
    row: Mapping[str, Any],
    now: Mapping[str, Any],
    taken: Mapping[str, Any],
    given: Collection[str],
    unread: Collection[str] = (),
) -> Row:
    """A row whose state is known: an untouched cell changes nothing, a touched one changes the ledger where the ledger
    still says what the copy was taken with, and waits where it says something else by now.

    Args:
        unread: fields whose cell could not be read though it was not touched.
    """
    changes: dict[str, Any] = {}
    waits: dict[str, Wait] = {}
    for name in _filled(row, given):
        if name in unread or row[name] == taken[name] or row[name] == now[name]:
            continue
        if now[name] == taken[name]:
            changes[name] = row[name]
        else:
            waits[name] = Wait(row[name], taken[name], since=True)
    filled = set(_filled(row, given))
    emptied = tuple(
        name
        for name in given
        if name != "unit_id"
        and name not in filled
        and name not in unread
        and taken.get(name) not in (None, [])
    )
    outcome: Outcome = "update" if changes else "waiting" if waits else "same"
    return Row(index, now["unit_id"], outcome, changes, waits=waits, emptied=emptied)


def _filled(row: Mapping[str, Any], given: Collection[str]) -> list[str]:
    return [name for name in given if name != "unit_id" and row[name] is not None and row[name] != []]


def _unique(values: Sequence[Any]) -> dict[Any, int]:
    """value -> row, or AMBIGUOUS where several rows have it."""
    found: dict[Any, int] = {}
    for row, value in enumerate(values):
        if value:
            found[value] = AMBIGUOUS if value in found else row
    return found
