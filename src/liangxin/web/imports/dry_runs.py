"""What a list would do to the ledger, worked out row by row; nothing is written."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from liangxin.findings import Finding, InputError, Severity
from liangxin.registry.fields import FIELDS
from liangxin.web.areas.models import Town
from liangxin.web.imports import waiting
from liangxin.web.imports.matching import AMBIGUOUS, Outcome, Row, Wait, find_units, match
from liangxin.web.imports.models import ColumnMapping, Import
from liangxin.web.organizations import placing
from liangxin.web.units import previews
from liangxin.web.units.copies import Taken, replaced_values, taken_rows
from liangxin.web.units.live import Live, live
from liangxin.web.units.models import Change, Unit
from liangxin.web.units.services import as_json, stored
from liangxin.wording import Text

if TYPE_CHECKING:
    import polars as pl

    from liangxin.files.ledger import LedgerFile
    from liangxin.files.stamps import Stamp

_REFERENCES = ("leader_unit_id", "chain_unit_ids")
_IN_QUERY = 900


@dataclass(frozen=True)
class DryRun:
    """What an import would do, row by row; nothing is written.

    ``seen``: the token that binds importing it to this preview. ``stamped``: rows whose state is known.
    ``operations``: what happens to the tree of organizations with it.
    ``replaced``: values that stood in the ledger before and were replaced by somebody, by which change.
    """

    ledger: LedgerFile
    rows: tuple[Row, ...]
    seen: str
    stamped: int = 0
    replaced: Mapping[tuple[str, str], Change] = field(default_factory=dict)
    operations: tuple[Text, ...] = ()

    @property
    def counts(self) -> Counter[str]:
        return Counter(row.outcome for row in self.rows)

    @property
    def errors(self) -> tuple[Finding, ...]:
        return self.ledger.errors

    @property
    def waiting(self) -> int:
        """Cells that wait for somebody to decide."""
        return sum(len(row.waits) for row in self.rows)

    @property
    def emptied(self) -> int:
        """Cells that were emptied in the copy, and erase nothing."""
        return sum(len(row.emptied) for row in self.rows)

    @cached_property
    def cells(self) -> dict[str, tuple[str, ...]]:
        """The fields that it depends on, by unit of the ledger."""
        columns = tuple(name for name in self.ledger.layout.columns if name in FIELDS)
        return dict.fromkeys((row.unit_id for row in self.rows if row.unit_id is not None), columns)

    def row_number(self, row: Row) -> int:
        """As Excel numbers it."""
        return self.ledger.layout.rows[row.index]


def dry_run(kept: Import) -> DryRun:
    """Read the file again and match it against the ledger of this moment. InputError where it cannot be read any more."""
    return matched(kept.town, read(kept))


def read(kept: Import) -> LedgerFile:
    """The file as the town's lists are read today. InputError where it cannot be read any more."""
    from liangxin.files.ledger import read_ledger
    from liangxin.web.organizations.queries import known_town

    if not kept.file or not Path(kept.file.path).is_file():
        raise InputError.of(
            "import-gone", "文件已不在，请重新上传", "The file is gone; upload it again", found=kept.filename
        )
    known = tuple(ColumnMapping.objects.filter(town=kept.town).order_by("pk"))
    return read_ledger(
        kept.file.path,
        town=known_town(kept.town),
        sheet=kept.sheet or None,
        mapping=lambda titles: remembered(known, titles),
        name=kept.filename,
        units=live(kept.town).frame,
    )


def remembered(known: Sequence[ColumnMapping], titles: Sequence[str]) -> dict[str, str]:
    """What was said of the headers of a list: of this layout; else, for headers that nothing else tells, of any."""
    from liangxin.files.header_words import find_meaning
    from liangxin.files.headers import layout_key

    layout = layout_key(titles)
    own = {each.header: each.field for each in known if each.layout == layout}
    anywhere = {
        each.header: each.field
        for each in known
        if each.header not in own and each.header in titles and find_meaning(each.header.split("/")) is None
    }
    taken = set(own.values())
    return {header: field for header, field in anywhere.items() if not field or field not in taken} | own


def matched(town: Town, ledger: LedgerFile) -> DryRun:
    """What the list would do to the ledger of this moment."""
    now = live(town)
    gone = _gone(town, ledger, now)
    found = find_units(ledger.frame, now.frame, gone)
    errors = _errors_by_row(ledger)
    ledger = replace(ledger, frame=_completed(town, ledger, now, found, errors))
    given = [name for name in ledger.layout.columns if name in FIELDS]
    taken = _taken(town, ledger, now, found)
    ids = ledger.frame["unit_id"].to_list()
    out = {row for row, id in enumerate(ids) if row in taken and found[row] is None and id in gone}
    facts = {row: each.facts for row, each in taken.items()}
    rows = match(ledger.frame, now.frame, given, errors, found=found, taken=facts, out=out)
    rows = [_with_belonging(row, ledger) if row.outcome == "new" else row for row in rows]
    rows, replaced = _held_back(town, rows, taken)
    rows = _without_decided(town, rows, now)
    rows, findings, operations = _placed(town, rows, ledger)
    ledger = replace(ledger, findings=(*ledger.findings, *findings))
    content = (*_content(rows, now), *(each.as_dict() for each in operations))
    token = previews.make_token(now.seq, content)
    return DryRun(ledger, tuple(rows), token, len(taken), replaced, operations)


def _placed(
    town: Town, rows: list[Row], ledger: LedgerFile
) -> tuple[list[Row], list[Finding], tuple[Text, ...]]:
    """What the list does to the tree of organizations, in sentences. A cell that cannot be turned into an operation is left
    out, with a finding; the rest of its row goes in."""
    from liangxin.structure import difference
    from liangxin.structure.ledger_columns import Stated

    row_of: dict[str, Row] = {}
    stated: list[Stated] = []
    for row in rows:
        said = row.changes if row.outcome in ("new", "update") else {}
        values = {name: str(said[name]) for name in placing.COLUMNS if said.get(name) is not None}
        if values:
            unit_id = row.unit_id or str(ledger.frame["unit_id"][row.index])
            row_of[unit_id] = row
            stated.append(Stated(unit_id, values))
    if not stated:
        return rows, [], ()
    placed = placing.place(town, stated, judge=False)
    out: defaultdict[int, set[str]] = defaultdict(set)
    findings: list[Finding] = []
    for unit_id, each in placed.findings:
        row = row_of[unit_id]
        out[row.index].add(each.column_of)
        message = Text("{why}，这一格没有导入", "{why}; this cell is left out").fill(why=each.message)
        place = ledger.layout.place(row.index, each.column_of)
        findings.append(replace(each, severity=Severity.WARNING, message=message, place=place))
    left = [_without(row, out[row.index]) if row.index in out else row for row in rows]
    return left, findings, tuple(change.text for change in difference(placed.before, placed.now))


def _without(row: Row, names: set[str]) -> Row:
    changes = {name: value for name, value in row.changes.items() if name not in names}
    outcome: Outcome = row.outcome
    if outcome == "update" and not changes:
        outcome = "waiting" if row.waits else "same"
    return replace(row, changes=changes, outcome=outcome)


def _errors_by_row(ledger: LedgerFile) -> dict[int, list[tuple[str, str]]]:
    units = ledger.layout.units()
    errors: defaultdict[int, list[tuple[str, str]]] = defaultdict(list)
    for each in ledger.errors:
        unit = units.get((each.place.sheet, each.place.row or 0))
        if unit is not None:
            errors[unit].append((each.column_of, each.found))
    return errors


def _gone(town: Town, ledger: LedgerFile, now: Live) -> dict[str, str | None]:
    """Numbers of the list that are no longer in the ledger, each with the unit that it was merged into in the end."""
    known = set(now.frame["unit_id"])
    asked = [id for id in ledger.frame["unit_id"].to_list() if id not in known]
    into = dict(
        Unit.objects.filter(town=town, removed=True).values_list("unit_id", "merged_into__unit_id")
        if asked
        else ()
    )
    found: dict[str, str | None] = {}
    for id in asked:
        if id in into:
            last: str | None = into[id]
            seen = {id}
            while last is not None and last not in known and last not in seen:
                seen.add(last)
                last = into.get(last)
            found[id] = last
    return found


def _completed(
    town: Town,
    ledger: LedgerFile,
    now: Live,
    found: Sequence[int | None],
    errors: Mapping[int, object],
) -> pl.DataFrame:
    """The list's frame as the ledger would hold it: new units with their place, group and number; and what refers to a
    unit of the list, with the number that the unit has in the ledger."""
    import polars as pl

    from liangxin.registry.newcomers import fill_belonging, next_numbers

    frame = ledger.frame
    new = [row for row, at in enumerate(found) if at is None and row not in errors]
    facts = frame.rows(named=True)
    added = fill_belonging([facts[row] for row in new], now.frame, town.as_core())
    fresh = {row: facts[row] | more for row, more in zip(new, added, strict=True)}
    unnumbered = [row for row in new if row in ledger.unnumbered]
    if unnumbered:
        out = Unit.objects.filter(town=town, removed=True).values_list("unit_id", flat=True)
        taken = [
            *out,
            *(facts[row]["unit_id"] for row in range(frame.height) if row not in ledger.unnumbered),
        ]
        numbers = next_numbers([fresh[row] for row in unnumbered], now.frame, taken)
        for row, number in zip(unnumbered, numbers, strict=True):
            if number is not None:
                fresh[row]["unit_id"] = number
    ids = now.frame["unit_id"].to_list()
    renamed: dict[str, str] = {}
    for row, at in enumerate(found):
        own = facts[row]["unit_id"]
        final = (
            fresh[row]["unit_id"] if row in fresh else ids[at] if at is not None and at != AMBIGUOUS else own
        )
        if final != own:
            renamed[own] = final
    columns = [
        pl.Series(
            name, [fresh.get(row, facts[row])[name] for row in range(frame.height)], dtype=frame.schema[name]
        )
        for name in ("unit_id", "area", "task_group")
    ]
    frame = frame.with_columns(columns)
    if renamed:
        frame = frame.with_columns(
            pl.col("leader_unit_id").replace(renamed),
            pl.col("chain_unit_ids").list.eval(pl.element().replace(renamed)),
        )
    return frame


def _with_belonging(row: Row, ledger: LedgerFile) -> Row:
    """Area and group of a new unit are its own also where the list has no such column."""
    more = ledger.frame.select("area", "task_group").row(row.index, named=True)
    return replace(row, changes={**{name: value for name, value in more.items() if value}, **row.changes})


def _taken(town: Town, ledger: LedgerFile, now: Live, found: Sequence[int | None]) -> dict[int, Taken]:
    """What each stamped row was when the copy was taken. A stamp is of the number that the row names, or of the unit that
    it is found to be, where the column of numbers was cut off."""
    ids = now.frame["unit_id"].to_list()
    own = ledger.frame["unit_id"].to_list()
    names = [
        own[row] if row not in ledger.unnumbered or at is None or at == AMBIGUOUS else ids[at]
        for row, at in enumerate(found)
    ]
    stamps: dict[str, Stamp] = {
        name: stamp for name, stamp in zip(names, ledger.stamps, strict=False) if stamp is not None
    }
    rest = [] if ledger.stamps else names
    taken = taken_rows(town, stamps, ledger.state, rest)
    return {row: taken[name] for row, name in enumerate(names) if name in taken and found[row] != AMBIGUOUS}


def _held_back(
    town: Town, rows: list[Row], taken: Mapping[int, Taken]
) -> tuple[list[Row], dict[tuple[str, str], Change]]:
    """Values of rows without a stamp that stood in the ledger before and were replaced: a copy of unknown age would turn
    them back, so they wait."""
    cells = {
        row.unit_id: {name: _key(name, value) for name, value in row.changes.items()}
        for row in rows
        if row.outcome == "update" and row.index not in taken and row.unit_id is not None
    }
    replaced = replaced_values(town, cells)
    if not replaced:
        return rows, {}
    held: list[Row] = []
    for row in rows:
        waits = {
            name: Wait(value, None, since=False)
            for name, value in row.changes.items()
            if row.outcome == "update" and (row.unit_id or "", name) in replaced and row.index not in taken
        }
        if waits:
            changes = {name: value for name, value in row.changes.items() if name not in waits}
            row = replace(row, changes=changes, waits=waits, outcome="update" if changes else "waiting")
        held.append(row)
    return held, replaced


def _without_decided(town: Town, rows: list[Row], now: Live) -> list[Row]:
    """A question that was answered for the ledger's value is not asked again while the ledger says so."""
    asked = [row.unit_id for row in rows if row.waits and row.unit_id is not None]
    answered = waiting.answered(town, asked)
    if not answered:
        return rows
    at = {id: place for place, id in enumerate(now.frame["unit_id"].to_list())}
    left: list[Row] = []
    for row in rows:
        if row.waits and row.unit_id is not None:
            facts = now.frame.row(at[row.unit_id], named=True)
            waits = {
                name: each
                for name, each in row.waits.items()
                if (row.unit_id, name, *(_key(name, value) for value in (each.copy, facts[name])))
                not in answered
            }
            outcome: Outcome = "update" if row.changes else "waiting" if waits else "same"
            row = replace(row, waits=waits, outcome=outcome)
        left.append(row)
    return left


def _key(name: str, value: Any) -> Any:
    return as_json(stored(name, value))


def _content(rows: Sequence[Row], now: Live) -> Iterator[Any]:
    """All that the list would do: every row with its outcome, every value with what it takes the place of."""
    known = {unit_id: at for at, unit_id in enumerate(now.frame["unit_id"].to_list())}
    for row in rows:
        if row.unit_id is None or not (row.changes or row.waits):
            yield row.outcome, row.unit_id, row.why, sorted(row.changes.items())
            continue
        before = now.frame.row(known[row.unit_id], named=True)
        changes = [(name, before[name], value) for name, value in sorted(row.changes.items())]
        waits = [(name, before[name], each.copy) for name, each in sorted(row.waits.items())]
        yield row.outcome, row.unit_id, changes, waits
