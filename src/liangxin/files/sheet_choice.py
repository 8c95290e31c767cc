"""Which sheets of a workbook are the ledger: one, or one for each village, or none that can be told."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from liangxin.files.grid import Grid
from liangxin.files.header_words import plain
from liangxin.files.headers import (
    LEDGER_LIKE,
    LOWER_ROWS,
    SEARCHED_ROWS,
    Header,
    Mapper,
    column_letter,
    find_header,
    with_mapping,
)
from liangxin.files.row_words import is_organization, is_total, place_in
from liangxin.files.rows import UnitRows, unit_rows
from liangxin.findings import Finding, InputError, Place, Severity
from liangxin.registry.fields import FIELDS, Reader
from liangxin.registry.text import fold
from liangxin.wording import Text


@dataclass(frozen=True, slots=True)
class Source:
    """A sheet that is read: its cells, its header and what its rows are."""

    grid: Grid
    header: Header
    rows: UnitRows

    def texts(self, field: str) -> set[str]:
        """What its units say in a column, folded."""
        column = self.header.columns.get(field)
        if column is None:
            return set()
        cells = (self.grid.rows[row][column.index] for row in self.rows.units)
        return {fold(cell) for cell in cells if isinstance(cell, str) and cell.strip()}


def choose_sheets(
    grids: Sequence[Grid], mapper: Mapper | None, *, named: bool
) -> tuple[list[Source], list[Finding]]:
    """The sheets to read, in their order, and a word about each that is left out though it could be one.

    Args:
        mapper: what somebody said of headers.
        named: somebody named the sheet: it is read alone, whatever it looks like.

    Raises:
        InputError: there is no ledger; it lacks a column; or several sheets hold the same units, and nobody knows which counts.
    """
    found = [
        (grid, with_mapping(header, mapper(header.titles)) if mapper else header)
        for grid in grids
        if (named or not grid.hidden) and (header := find_header(grid)) is not None
    ]
    if not found:
        raise _no_header(grids)
    whole = [pair for pair in found if "name" in pair[1].columns]
    if not whole:
        grid, header = max(found, key=lambda pair: len(pair[1].columns))
        _refuse_register(grid, header)
        _refuse_incomplete(grid, header)
    main_grid, main_header = max(whole, key=lambda pair: len(pair[1].columns))
    _refuse_register(main_grid, main_header)
    like = [
        pair
        for pair in whole
        if pair[0] is main_grid or (len(pair[1].columns) >= LEDGER_LIKE and not _is_register(pair[1]))
    ]
    for grid, header in like:
        _refuse_incomplete(grid, header)
    sources = [Source(grid, header, unit_rows(grid, header)) for grid, header in like]
    if named or len(grids) == 1:
        return sources, []
    chosen, notes = _together(sources, main_grid, {grid.sheet for grid in grids})
    return chosen, [*notes, *_about_others(grids, found, sources)]


def _together(sources: list[Source], main_grid: Grid, sheets: set[str]) -> tuple[list[Source], list[Finding]]:
    """Sheets that hold different units are one ledger. Summaries, templates and copies are not read, and said."""
    notes: list[Finding] = []
    readable: list[Source] = []
    if _is_register_workbook(sheets):
        return [source for source in sources if source.grid is main_grid], notes
    places = {fold(sheet) for sheet in sheets}
    for source in sources:
        others = [other for other in sources if other is not source]
        if others and source.rows.units and _is_summary(source, others, places):
            notes.append(_left_out(source.grid, "summary_sheet", _SUMMARY))
        elif others and not source.rows.units:
            notes.append(_left_out(source.grid, "empty_part", _EMPTY))
        elif others and source.grid is not main_grid and _OLD.search(source.grid.sheet):
            notes.append(_left_out(source.grid, "other_sheet", _NOT_READ))
        else:
            readable.append(source)
    if not readable:
        return sources[:1], []
    main = max(readable, key=lambda source: (source.grid is main_grid, len(source.header.columns)))
    names, codes = main.texts("name"), main.texts("uscc")
    for source in [each for each in readable if each is not main]:
        own_names, own_codes = source.texts("name"), source.texts("uscc")
        shared = len(own_names & names)
        if own_names and own_names <= names and (not own_codes or own_codes <= codes or not codes):
            notes.append(_left_out(source.grid, "copied_sheet", _COPY.fill(sheet=main.grid.sheet)))
            readable.remove(source)
        elif 2 * shared >= len(own_names) and own_names:
            raise InputError([_overlap(source.grid, main.grid, shared)])
        else:
            names, codes = names | own_names, codes | own_codes
    return readable, notes


_OLD: Final = re.compile(
    r"旧|备份|副本|历史|作废|模[板版]|样[表本张]|示例|范例|^例|去年|上年|old|copy|backup|template|sample",
    re.IGNORECASE,
)
_NOT_READ: Final = Text(
    "这张工作表也像台账，没有读；要读它，用 --sheet 指定",
    "This sheet looks like a ledger too and was not read; name it with --sheet to read it",
)
_SUMMARY: Final = Text(
    "这张工作表像汇总表（名称是村、片或合计），没有读；要读它，用 --sheet 指定",
    "This sheet looks like a summary (its names are places or totals) and was not read; name it with --sheet to read it",
)
_COPY: Final = Text(
    "这张工作表里的单位都已在“{sheet}”里，没有再读",
    'All units of this sheet are in "{sheet}" already; it was not read',
)
_EMPTY: Final = Text("这张工作表有台账的表头，没有单位", "This sheet has a ledger's header and no units")
_NAMELESS: Final = Text(
    "这张工作表有台账的栏目，没有“单位名称”列，没有读",
    "This sheet has columns of a ledger but none for the name; it was not read",
)
_HIDDEN: Final = Text(
    "这张隐藏的工作表像台账，没有读；要读它，请取消隐藏，或用 --sheet 指定",
    "This hidden sheet looks like a ledger and was not read; unhide it, or name it with --sheet",
)


def _left_out(grid: Grid, code: str, message: Text) -> Finding:
    return Finding(code, message, Place(file=grid.file, sheet=grid.sheet), severity=Severity.WARNING)


def _overlap(grid: Grid, main: Grid, shared: int) -> Finding:
    return Finding(
        "overlapping_sheets",
        Text(
            f"这张工作表有{shared}家单位也在“{main.sheet}”里，不知以哪张为准。请删去多余的一张，或用 --sheet 指定",
            f'{shared} units of this sheet are in "{main.sheet}" too; nobody knows which counts. Delete one of both, or name one with --sheet',
        ),
        Place(file=grid.file, sheet=grid.sheet),
    )


def _is_summary(source: Source, others: Sequence[Source], sheets: set[str]) -> bool:
    """Its names are places, the other sheets, or values of the other sheets' place columns: not units."""
    column = source.header.columns["name"].index
    names = [str(source.grid.rows[row][column]).strip() for row in source.rows.units]
    placed = sheets | {
        text for other in others for field in ("village", "area", "park") for text in other.texts(field)
    }
    no_units = [
        name
        for name in names
        if fold(name) in placed
        or is_total(name)
        or (place_in(name) is not None and not is_organization(name))
    ]
    return len(no_units) > 0.6 * len(names)


def _about_others(
    grids: Sequence[Grid], found: Iterable[tuple[Grid, Header]], sources: Sequence[Source]
) -> list[Finding]:
    """Sheets that could not be sources: without a name column, or hidden."""
    used = {source.grid.sheet for source in sources}
    notes = [
        _left_out(grid, "other_sheet", _NAMELESS)
        for grid, header in found
        if grid.sheet not in used and "name" not in header.columns and len(header.columns) > LEDGER_LIKE
    ]
    return notes + [
        _left_out(grid, "hidden_sheet", _HIDDEN) for grid in grids if grid.hidden and _is_ledger(grid)
    ]


def _is_ledger(grid: Grid) -> bool:
    header = find_header(grid)
    return header is not None and "name" in header.columns and len(header.columns) >= LEDGER_LIKE


_OWN_SHEETS: Final = (
    frozenset({"台账", "汇总", "未能归片", "登记信息", "范围外"}),
    frozenset({"Ledger", "Summary", "Not placed", "Register facts", "Out of scope"}),
)


def _is_register_workbook(sheets: set[str]) -> bool:
    """The workbook of ``liangxin register``: its other sheets say what became of the export."""
    return any(
        len(own & sheets) >= 4 and any(name in sheets for name in ("台账", "Ledger")) for own in _OWN_SHEETS
    )


# What cannot be read


def _no_header(grids: Sequence[Grid]) -> InputError:
    first = next((grid for grid in grids if not grid.hidden), grids[0])
    hidden = [grid.sheet for grid in grids if grid.hidden and _is_ledger(grid)]
    place = Place(file=first.file, sheet=first.sheet)
    if hidden:
        names = "、".join(hidden)
        return InputError.of(
            "hidden_sheet",
            f"看得见的工作表里没有台账的表头；隐藏的工作表“{names}”像台账。请取消隐藏，或用 --sheet 指定",
            f'No visible sheet has a ledger\'s header; the hidden sheet "{names}" looks like a ledger. Unhide it, or name it with --sheet',
            place=place,
            found=names,
        )
    for grid in grids:
        low = find_header(grid, LOWER_ROWS)
        if low is not None and "name" in low.columns:
            return InputError.of(
                "low_header",
                f"表头在第{low.first + 1}行；表头要在前{SEARCHED_ROWS}行里，请把上面的说明移走",
                f"The header stands in row {low.first + 1}; it must stand in the first {SEARCHED_ROWS} rows. Move away what is above",
                place=Place(file=grid.file, sheet=grid.sheet, row=low.first + 1),
            )
    seen = [str(cell) for row in first.rows[:5] for cell in row if cell != ""][:6]
    return InputError.of(
        "no_header",
        f"前{SEARCHED_ROWS}行里没有找到台账的表头；表头里至少要有“单位名称”",
        f"No ledger header was found in the first {SEARCHED_ROWS} rows; it needs at least a column 单位名称 (name)",
        place=place,
        found="、".join(seen),
    )


_REGISTER_WORDS: Final = frozenset(
    {
        "注册日期",
        "成立日期",
        "注册资金",
        "注册资本",
        "经营范围",
        "注册地址",
        "住所",
        "登记机关",
        "核准日期",
        "法定代表人",
    }
)


def _register_words(header: Header) -> set[str]:
    return {column.header for column in header.others if plain(column.header) in _REGISTER_WORDS}


def _is_register(header: Header) -> bool:
    """A business-register export has names and codes but nothing that a survey finds out."""
    surveyed = [
        name
        for name in header.columns
        if FIELDS[name].reader is not Reader.REGISTER and name not in ("state", "staff", "remark")
    ]
    return len(_register_words(header)) >= 2 and not surveyed


def _refuse_register(grid: Grid, header: Header) -> None:
    if _is_register(header):
        raise InputError.of(
            "register_not_ledger",
            "这是工商登记导出表，不是摸底台账。请先用 liangxin register 把它变成台账",
            "This is a business-register export, not a survey ledger. Turn it into one with liangxin register first",
            place=Place(file=grid.file, sheet=grid.sheet, row=header.last + 1),
            found="、".join(sorted(_register_words(header))),
        )


def _refuse_incomplete(grid: Grid, header: Header) -> None:
    place = Place(file=grid.file, sheet=grid.sheet, row=header.last + 1)
    findings: list[Finding] = []
    if "name" not in header.columns:
        label = FIELDS["name"].label
        accepted = (label.zh, *FIELDS["name"].aliases)
        findings.append(
            Finding(
                "missing_column",
                Text("缺少“单位名称”列", 'The column 单位名称 ("name") is missing'),
                place,
                found="、".join(header.titles[:12]),
                accepted=Text("、".join(accepted), ", ".join(accepted)),
                column_of="name",
            )
        )
    findings += [
        Finding(
            "double_header",
            Text(
                f"两列都是“{FIELDS[name].label.zh}”，不知用哪一列",
                f"Two columns are both {FIELDS[name].label.en}; one must go",
            )
            if name in FIELDS
            else Text("两列都是党员总数，不知用哪一列", "Two columns both count all members; one must go"),
            replace(place, column=second.header, cell=f"{column_letter(second.index)}{place.row}"),
            found=f"{column_letter(first.index)}、{column_letter(second.index)}",
            column_of=name if name in FIELDS else "",
        )
        for name, first, second in header.doubled
    ]
    if findings:
        raise InputError(findings)
