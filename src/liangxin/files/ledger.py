"""The ledger in and out: xlsx, xls, csv and parquet become one frame with every finding by cell, and back."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from liangxin.files.columns import Conversion, convert
from liangxin.files.grid import open_grids
from liangxin.files.headers import Mapper
from liangxin.files.layout import Layout, Part
from liangxin.files.ledger_writing import write_ledger
from liangxin.files.parquet import is_parquet, read_parquet
from liangxin.files.places_said import fill_places
from liangxin.files.sheet_choice import Source, choose_sheets
from liangxin.files.sheet_findings import sheet_findings
from liangxin.files.stamps import Stamp, find_stamps, read_state
from liangxin.findings import Finding, InputError, Place, Severity
from liangxin.registry.checks import check_units
from liangxin.registry.identity import give_ids
from liangxin.registry.references import resolve_references, resolve_units
from liangxin.registry.unit_finding import UnitFinding
from liangxin.wording import Text

if TYPE_CHECKING:
    import polars as pl

    from liangxin.registry.town import Town

__all__ = ["Layout", "LedgerFile", "Part", "read_ledger", "write_ledger"]

Progress = Callable[[float], None]
"""Told the share of the rows that are read, 0 to 1."""


@dataclass(frozen=True, slots=True)
class LedgerFile:
    """A ledger as read. ``frame`` has exactly ``ledger_schema()``; a cell that could not be read is null there and an
    ERROR in ``findings``, which are in the order of the sheets. Callers decide whether errors stop them.

    ``unnumbered``: units whose number is not the file's, but made from their code or name. ``stamps``: from which state each row was exported, None where it has no stamp; empty where there is no such column.
    ``state``: the workbook's own, for a copy whose column of stamps was cut off.
    """

    frame: pl.DataFrame
    findings: tuple[Finding, ...]
    path: Path
    layout: Layout
    unnumbered: frozenset[int] = frozenset()
    stamps: tuple[Stamp | None, ...] = ()
    state: Stamp | None = None

    @property
    def errors(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.severity is Severity.ERROR)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.severity is Severity.WARNING)

    def units_of(self, findings: tuple[Finding, ...]) -> set[int]:
        """The units (rows of the frame) that some findings are about."""
        units = self.layout.units()
        places = {(finding.place.sheet, finding.place.row) for finding in findings if finding.place.row}
        return {units[place] for place in places if place in units}

    def accepted(self) -> LedgerFile:
        """The same ledger when it has no errors.

        Raises:
            InputError: all errors at once.
        """
        if self.errors:
            raise InputError(self.errors)
        return self


def read_ledger(
    path: Path | str,
    *,
    town: Town | None = None,
    sheet: str | None = None,
    mapping: Mapping[str, str] | Mapper | None = None,
    name: str | None = None,
    progress: Progress | None = None,
    units: pl.DataFrame | None = None,
) -> LedgerFile:
    """Read a ledger and check it.

    Args:
        path: xlsx, xls, ods, csv, txt or parquet; told by content, not by name.
        town: when given, areas, associations, groups, instructors and organizations become its ids; unknown ones are
            errors with the nearest names.
        sheet: the sheet to read; else all that are a ledger together, such as one for each village.
        mapping: what somebody said of this town's headers: header as written (levels joined by "/") -> field name, ""
            for a column to leave out; or a function from a sheet's headers to that.
        name: what the user calls the file, for findings, where ``path`` has a name of its own.
        progress: told how far reading is.
        units: ``unit_id`` and ``name`` of the town's ledger, where the file is only a part of it: leading enterprises and
            chain links may be any of them.

    Raises:
        InputError: the file cannot be used at all: wrong kind, protected, damaged, no header, no names, no such sheet.
        OSError: the file cannot be opened.
    """
    path = Path(path)
    mapper = mapping if callable(mapping) or mapping is None else _always(mapping)
    tell = progress or (lambda _: None)
    try:
        with _without_cycle_collection():
            ledger = _read(path, town, sheet, mapper, tell, units)
    except InputError as refused:
        if name is None:
            raise
        raise InputError(_renamed(finding, name) for finding in refused.findings) from refused
    if name is not None:
        findings = tuple(_renamed(finding, name) for finding in ledger.findings)
        ledger = replace(ledger, findings=findings, layout=replace(ledger.layout, file=name))
    return ledger


def _always(mapping: Mapping[str, str]) -> Mapper:
    return lambda _: mapping


def _renamed(finding: Finding, name: str) -> Finding:
    return replace(finding, place=replace(finding.place, file=name)) if finding.place.file else finding


@contextmanager
def _without_cycle_collection() -> Iterator[None]:
    """Millions of new lists and strings make Python look for garbage cycles again and again; there are none."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _known_names(town: Town | None) -> frozenset[str]:
    return frozenset() if town is None else frozenset(item.name for item in town.associations)


def _read(
    path: Path,
    town: Town | None,
    sheet: str | None,
    mapper: Mapper | None,
    tell: Progress,
    units: pl.DataFrame | None,
) -> LedgerFile:
    if is_parquet(path):
        conversion, columns = read_parquet(path, _known_names(town))
        part = Part("", 1, range(2, conversion.frame.height + 2), columns)
        return _checked(path, conversion, Layout(path.name, (part,)), town, units)
    grids = open_grids(path, sheet)
    tell(0.5)
    sources, notes = choose_sheets(grids, mapper, named=sheet is not None)
    if not any(source.rows.units for source in sources):
        raise _no_units(sources)
    total = sum(len(source.rows.units) for source in sources)
    read = 0
    conversions: list[Conversion] = []
    for source in sources:
        conversions.append(_convert(source, town, alone=len(sources) == 1))
        read += len(source.rows.units)
        tell(0.5 + 0.3 * read / total)
    layout = Layout(path.name, tuple(_part(source) for source in sources))
    ledger = _checked(path, _joined(conversions, notes), layout, town, units)
    stamps = [find_stamps(source.grid, source.header, source.rows.units) for source in sources]
    tell(1.0)
    return replace(ledger, stamps=_through_all(stamps), state=read_state(path))


def _through_all(stamps: list[tuple[Stamp | None, ...] | None]) -> tuple[Stamp | None, ...]:
    """The stamps of all sheets; none where no sheet has the column."""
    if all(each is None for each in stamps):
        return ()
    return tuple(stamp for each in stamps for stamp in each or ())


def _part(source: Source) -> Part:
    header = source.header
    return Part(
        source.grid.sheet,
        header.last + 1,
        [row + 1 for row in source.rows.units],
        header.columns,
        tuple(column.header for column in header.others),
        header.fields,
    )


def _convert(source: Source, town: Town | None, *, alone: bool) -> Conversion:
    conversion = convert(source.grid, source.header, source.rows.units, _known_names(town))
    conversion.findings += sheet_findings(source)
    frame, said = fill_places(conversion.frame, source, town, by_sheet=not alone)
    return Conversion(frame, conversion.by_unit, conversion.findings + said)


def _joined(conversions: list[Conversion], notes: list[Finding]) -> Conversion:
    """One frame of all sheets; units are counted on from sheet to sheet."""
    import polars as pl

    if len(conversions) == 1:
        only = conversions[0]
        return Conversion(only.frame, only.by_unit, only.findings + notes)
    by_unit: list[UnitFinding] = []
    before = 0
    for conversion in conversions:
        by_unit += [replace(item, unit=item.unit + before) for item in conversion.by_unit]
        before += conversion.frame.height
    frame = pl.concat([conversion.frame for conversion in conversions])
    return Conversion(frame, by_unit, [finding for each in conversions for finding in each.findings] + notes)


def _no_units(sources: list[Source]) -> InputError:
    """Nothing below the header, or nothing that was computed."""
    findings: list[Finding] = []
    for source in sources:
        conversion = convert(source.grid, source.header, [], ())
        findings += [finding for finding in conversion.findings if finding.severity is Severity.ERROR]
        findings.append(
            Finding(
                "no_units",
                Text("表头下面没有单位", "There are no units below the header"),
                Place(file=source.grid.file, sheet=source.grid.sheet, row=source.header.last + 1),
            )
        )
    return InputError(findings)


# Checks, and findings in the order of the sheets


def _checked(
    path: Path, conversion: Conversion, layout: Layout, town: Town | None, units: pl.DataFrame | None
) -> LedgerFile:
    unnumbered = frozenset(conversion.frame["unit_id"].is_null().arg_true().to_list())
    frame, given = give_ids(conversion.frame)
    found = [*conversion.by_unit, *given]
    if town is not None:
        frame, unresolved = resolve_references(frame, town)
        found += unresolved
    frame, unlinked = resolve_units(frame, units)
    found += unlinked
    found += check_units(frame, town)
    order = [{name: column.index for name, column in part.columns.items()} for part in layout.parts]
    placed: list[tuple[tuple[int, int, int], Finding]] = []
    numbers = {part.sheet: number for number, part in enumerate(layout.parts)}
    for item in found:
        finding = _placed(item, layout)
        part = numbers[finding.place.sheet]
        column = order[part].get(finding.column_of, -1)
        placed.append(((part, finding.place.row or 0, column), finding))
    placed.sort(key=lambda pair: pair[0])
    findings = (*conversion.findings, *(finding for _, finding in placed))
    return LedgerFile(frame, findings, path, layout, unnumbered)


def _placed(item: UnitFinding, layout: Layout) -> Finding:
    finding = item.finding
    message = finding.message
    if item.related:
        message = message.fill(rows=_related(item, layout))
    return replace(finding, message=message, place=layout.place(item.unit, finding.column_of))


def _related(item: UnitFinding, layout: Layout) -> Text:
    """The rows of other units; in another sheet with its name."""
    own, _ = layout.part_of(item.unit)
    shown: list[str] = []
    for unit in item.related[:10]:
        part, index = layout.part_of(unit)
        shown.append(f"{part.rows[index]}" if part is own else f"{part.rows[index]}（{part.sheet}）")
    return Text("、".join(shown), ", ".join(shown))
