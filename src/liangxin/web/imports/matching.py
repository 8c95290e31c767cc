"""Which unit of the ledger a row of a list is: by number, by credit code, by whole name. Pure; nothing is guessed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import polars as pl

Outcome = Literal["new", "update", "same", "failed"]


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the list: its unit of the ledger (None: new), what it would change, and why it cannot, if so."""

    index: int  # row of the list's frame
    unit_id: str | None
    outcome: Outcome
    changes: dict[str, object]
    why: str = ""  # "errors", "ambiguous", "not-yours"


def match(
    listed: pl.DataFrame, ledger: pl.DataFrame, given: frozenset[str], failed: frozenset[int]
) -> list[Row]:
    """Match every row of ``listed`` with ``ledger``.

    ``given``: the fields that the list has columns for; others stay as they are. An empty cell of the list leaves what
    is known: a list that does not know a fact does not erase it. ``failed``: rows with errors. A number that the
    reader made from code or name and place is the same in every list, so it finds the unit again.
    """
    by_id = {unit_id: row for row, unit_id in enumerate(ledger["unit_id"].to_list())}
    by_code = _unique(ledger["uscc"].to_list())
    by_name = _unique(ledger["name"].to_list())
    facts = ledger.rows(named=True)
    rows: list[Row] = []
    taken: dict[int, int] = {}
    for index, row in enumerate(listed.iter_rows(named=True)):
        if index in failed:
            rows.append(Row(index, None, "failed", {}, "errors"))
            continue
        at = by_id.get(row["unit_id"])
        if at is None and row["uscc"]:
            at = by_code.get(row["uscc"])
        if at is None and not (
            row["uscc"] and by_name.get(row["name"], -1) >= 0 and facts[by_name[row["name"]]]["uscc"]
        ):
            at = by_name.get(row["name"])
        if at is not None and (at == AMBIGUOUS or at in taken):
            rows.append(Row(index, None, "failed", {}, "ambiguous"))
            continue
        values = {
            name: row[name]
            for name in given
            if row[name] is not None and row[name] != [] and name != "unit_id"
        }
        if at is None:
            rows.append(Row(index, None, "new", values | {"unit_id": row["unit_id"]}))
            continue
        taken[at] = index
        changes = {name: value for name, value in values.items() if facts[at][name] != value}
        rows.append(Row(index, facts[at]["unit_id"], "update" if changes else "same", changes))
    return rows


AMBIGUOUS = -1


def _unique(values: list[str | None]) -> dict[str, int]:
    """value -> row, or AMBIGUOUS where several rows have it."""
    found: dict[str, int] = {}
    for row, value in enumerate(values):
        if value:
            found[value] = AMBIGUOUS if value in found else row
    return found
