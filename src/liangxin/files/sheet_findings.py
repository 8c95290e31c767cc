"""What is said about a sheet as a whole: rows that are no units or look like none, columns that are no fields, cells that
lie outside the table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from liangxin.files.grid import Grid
from liangxin.files.headers import STAMP_COLUMN, Column, Header, column_letter
from liangxin.files.rows import SKIPPED
from liangxin.files.sheet_choice import Source
from liangxin.findings import Finding, Place, Severity
from liangxin.registry.fields import FIELDS
from liangxin.wording import Text

_MOST_ROWS: Final = 40  # rows that a sentence names
_MOST_DOUBTS: Final = 200  # rows that get a finding of their own
_MOST_COLUMNS: Final = 5  # unused columns that get a finding of their own
_NAMED_COLUMNS: Final = 12


def sheet_findings(source: Source) -> Iterator[Finding]:
    """Everything there is to say about a sheet that was read, but for its cells."""
    yield from _skipped(source)
    yield from _doubts(source)
    yield from _outside(source.grid, source.header)
    yield from _shown_otherwise(source)
    yield from _unused(source.grid, source.header)
    yield from _chosen(source.grid, source.header)


def list_rows(rows: Sequence[int]) -> Text:
    """Rows counted from 0 as Excel numbers them."""
    shown = "、".join(str(row + 1) for row in rows[:_MOST_ROWS]) + ("…" if len(rows) > _MOST_ROWS else "")
    return Text(shown, shown.replace("、", ", "))


def _skipped(source: Source) -> Iterator[Finding]:
    place = Place(file=source.grid.file, sheet=source.grid.sheet)
    for kind, every in source.rows.skipped.items():
        rows = [row for row in every if row not in source.rows.left]
        if rows:
            message = Text(
                f"跳过{SKIPPED[kind].zh}{len(rows)}行：第{{rows}}行",
                f"Skipped {len(rows)} {SKIPPED[kind].en}: {{rows}}",
            )
            yield Finding(kind, message.fill(rows=list_rows(rows)), place, severity=Severity.WARNING)
    if source.rows.second is not None:
        row = source.rows.second + 1
        yield Finding(
            "second_table",
            Text(
                f"从第{row}行起是另一张表（表头不同），没有读。请把它移到另一张工作表",
                f"A second table begins in row {row} (with another header) and was not read. Move it to a sheet of its own",
            ),
            replace(place, row=row),
        )


def _doubts(source: Source) -> Iterator[Finding]:
    """要核对：像不是单位. Each by its row; a great many are said together."""
    name = source.header.columns["name"]
    for code, doubtful, message in (
        ("perhaps_no_unit", source.rows.kept, _KEPT),
        ("perhaps_a_unit", source.rows.left, _LEFT),
    ):
        for row in list(doubtful)[:_MOST_DOUBTS]:
            place = Place(
                source.grid.file,
                source.grid.sheet,
                row + 1,
                name.header,
                f"{column_letter(name.index)}{row + 1}",
            )
            found = doubtful[row] if len(doubtful[row]) <= 60 else doubtful[row][:59] + "…"
            yield Finding(code, message, place, found, severity=Severity.WARNING, column_of="name")
        rest = list(doubtful)[_MOST_DOUBTS:]
        if rest:
            more = Text("{same}：另有第{rows}行", "{same}: also rows {rows}").fill(
                same=message, rows=list_rows(rest)
            )
            yield Finding(
                code, more, Place(file=source.grid.file, sheet=source.grid.sheet), severity=Severity.WARNING
            )


_KEPT: Final = Text(
    "像不是单位，先按单位读了；不是的请删去这一行",
    "This looks like no unit; it was read as one. Delete the row if it is none",
)
_LEFT: Final = Text(
    "像不是单位，没有读；是单位的，请补上信用代码或类别等情况",
    "This looks like no unit and was not read; if it is one, fill in its code, kind or the like",
)


def _outside(grid: Grid, header: Header) -> Iterator[Finding]:
    """Cells beyond the header, cells far away, and a text that breaks off."""
    place = Place(file=grid.file, sheet=grid.sheet)
    if header.above is not None:
        row = header.above + 1
        yield Finding(
            "table_above",
            Text(
                f"第{row}行是另一张表的表头，到第{header.first}行为止没有读；里面有单位的，请移到另一张工作表",
                f"Row {row} is the header of another table, which was not read down to row {header.first}; if it holds units, move it to a sheet of its own",
            ),
            replace(place, row=row),
        )
    titled = [column.index for column in (*header.columns.values(), *header.others)]
    titled += [
        index
        for row in grid.rows[header.first : header.last + 1]
        for index, cell in enumerate(row)
        if cell == STAMP_COLUMN
    ]
    last = max(titled)
    width = grid.width
    if width > last + 1:
        rows = [
            number
            for number in range(header.last + 1, len(grid.rows))
            if any(cell != "" and str(cell).strip() for cell in grid.rows[number][last + 1 :])
        ]
        errors = {row[last + 1] for row in grid.rows[header.first : header.last + 1]} == {_ERROR_COLUMN}
        if rows and not errors:
            text_file = not grid.sheet
            message = Text(
                f"{len(rows)}行的格子比表头多：第{{rows}}行"
                + (
                    "。多半是单元格里有没加引号的逗号，后面的格子可能错位"
                    if text_file
                    else "（没有表头的列不读）"
                ),
                f"{len(rows)} rows have more cells than the header: {{rows}}"
                + (
                    ". Most likely a cell holds an unquoted comma, and the cells after it are out of place"
                    if text_file
                    else " (columns without a header are not read)"
                ),
            )
            severity = Severity.ERROR if text_file else Severity.WARNING
            first = replace(place, row=rows[0] + 1) if text_file else place
            yield Finding("long_row", message.fill(rows=list_rows(rows)), first, severity=severity)
    if grid.cut:
        yield Finding(
            "cut_file",
            Text(
                "最后一行不完整，文件可能没有下载完或没有复制完。请重新取一份",
                "The last row is incomplete: the file may not be fully downloaded or copied. Get it again",
            ),
            replace(place, row=len(grid.rows)),
        )
    if grid.far:
        cells = "、".join(f"{column_letter(column)}{row + 1}" for row, column in grid.far[:20])
        yield Finding(
            "far_cells",
            Text(
                f"有{len(grid.far)}个格子离表格很远，没有读：{cells}。没有用的请删去",
                f"{len(grid.far)} cells far away from the table were not read: {cells.replace('、', ', ')}. Delete them if they are of no use",
            ),
            place,
        )


_ERROR_COLUMN: Final = "错误信息"


def _shown_otherwise(source: Source) -> Iterator[Finding]:
    """Units in rows that nobody sees, or that are struck through: read like all others, and said."""
    place = Place(file=source.grid.file, sheet=source.grid.sheet)
    units = set(source.rows.units)
    for code, rows, zh, en in (
        ("hidden_rows", source.grid.facts.hidden_rows, "隐藏（或被筛选掉）的", "hidden (or filtered out)"),
        ("struck_rows", source.grid.facts.struck_rows, "加了删除线的", "struck through"),
    ):
        hidden = [row for row in rows if row in units]
        if hidden:
            message = Text(
                f"{zh}{len(hidden)}行也按单位读了：第{{rows}}行。不要的请删去",
                f"{len(hidden)} rows that are {en} were read as units as well: {{rows}}. Delete those you do not want",
            )
            yield Finding(code, message.fill(rows=list_rows(hidden)), place, severity=Severity.WARNING)


def _unused(grid: Grid, header: Header) -> Iterator[Finding]:
    place = Place(file=grid.file, sheet=grid.sheet)
    said = {lost.index for _, _, lost in header.rivals}
    unused = [column for column in header.others if column.index not in said]
    if len(unused) <= _MOST_COLUMNS:
        for column in unused:
            yield Finding(
                "unused_column",
                Text("这一列没有用到", "This column is not used"),
                _head(place, header, column),
                severity=Severity.WARNING,
            )
        return
    names = "、".join(
        f"{column.header}（{column_letter(column.index)}）" for column in unused[:_NAMED_COLUMNS]
    )
    more = "……" if len(unused) > _NAMED_COLUMNS else ""
    yield Finding(
        "unused_column",
        Text(f"{len(unused)}列没有用到：{names}{more}", f"{len(unused)} columns are not used: {names}{more}"),
        replace(place, row=header.last + 1),
        severity=Severity.WARNING,
    )


def _chosen(grid: Grid, header: Header) -> Iterator[Finding]:
    """Which of several columns was taken for a fact, and what stands for the full members."""
    place = Place(file=grid.file, sheet=grid.sheet)
    for name, taken, lost in header.rivals:
        label = FIELDS[name].label
        yield Finding(
            "two_candidates",
            Text(
                f"“{label.zh}”用的是“{taken.header}”列，这一列没有用",
                f'{label.en} is read from the column "{taken.header}"; this one is not used',
            ),
            _head(place, header, lost),
            severity=Severity.WARNING,
            column_of=name,
        )
    members = header.columns.get("full_members")
    if members is not None and (members.less or header.only_total):
        message = (
            Text(
                "这一列是党员总数，正式党员数按“总数减预备党员数”算出",
                "This column counts all members; full members are computed as all less probationary ones",
            )
            if members.less
            else Text(
                "只有党员总数，没有分正式和预备：按正式党员数读，其中有预备党员的请分开写",
                "Only all members are counted: read as full members. Write probationary ones in a column of their own",
            )
        )
        yield Finding(
            "members_reckoned" if members.less else "only_total",
            message,
            _head(place, header, members),
            severity=Severity.WARNING,
            column_of="full_members",
        )


def _head(place: Place, header: Header, column: Column) -> Place:
    row = header.last + 1
    return replace(place, row=row, column=column.header, cell=f"{column_letter(column.index)}{row}")
