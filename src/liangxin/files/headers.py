"""Which rows of a sheet are its header, and which column holds which field.

Office ledgers have title rows above, headers of two or three rows with merged cells ("党员数" over "正式 | 预备 | 流动"),
units in brackets ("年营业收入（元）") and their own words. All of it is recognised by the one table of fields.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Final

from liangxin.files.grid import Cell, Grid
from liangxin.files.header_words import ALL_MEMBERS, Meaning, find_meaning, is_part
from liangxin.registry.fields import FIELDS
from liangxin.registry.numbers import ONE, is_money
from liangxin.registry.reading import narrow
from liangxin.registry.text import fold

ERROR_COLUMN: Final = "错误信息"
"""The column that a checked workbook comes back with; never data."""
STAMP_COLUMN: Final = "导出版本"
"""The column by which an exported ledger is known when it comes back (``stamps``); never data."""

SEARCHED_ROWS: Final = 30
"""A header must stand in these first rows of its sheet."""

LOWER_ROWS: Final = 200
"""Rows that are searched for a header that stands too low, to say where it is."""

LEDGER_LIKE: Final = 3
"""Fields, the name among them, that a header names at least when it is a ledger's."""

_MOST_HEADER_ROWS: Final = 3
_MONEY: Final[Mapping[str, Decimal]] = {
    "元": Decimal("0.0001"),
    "千元": Decimal("0.1"),
    "万元": ONE,
    "百万元": Decimal(100),
    "亿元": Decimal(10_000),
}
_UNIT_IN_HEADER: Final = re.compile(
    r"[(/:,，、]\s*(?:(?:计量)?单位[:：]?)?(?:人民币)?(亿元|百万元|万元|千元|元|亿|百万|万)(?:人民币)?\s*\)?$"
)
_UNIT_IN_TITLE: Final = re.compile(r"(?:计量|金额)?单位[:：](?:人民币)?(?P<units>[^()]*)")
_UNIT_CELL: Final = re.compile(r"\(?(人|家|个|名|万元|元|千元|亿元|度|°|%|日期|年月日)\)?|")
_COLUMN_NUMBER: Final = re.compile(r"\(?(\d{1,2}|[甲乙丙丁戊己庚辛]|[A-Z]{1,2})\)?|")


@dataclass(frozen=True, slots=True)
class Column:
    """Where a field stands. ``header`` is as the user wrote it (levels joined by "/"); ``scale`` see ``read_value``.
    ``less``: the field that is to be subtracted: full members, where the sheet has all members and probationary ones."""

    index: int
    header: str
    scale: Decimal = ONE
    less: str = ""


@dataclass(frozen=True, slots=True)
class Header:
    """``first`` and ``last`` are the header's rows, counted from 0. ``others``: columns that are no field.

    ``doubled``: field, and two columns that both name it equally well; ``rivals``: field, the column taken and one that
    names it less well; ``left_out``: columns that somebody said to leave out; ``above``: row of a lesser header further up, with rows of its own; ``all_members``: all members together, to be compared with their parts; ``only_total``: the full
    members are read from a count that may hold probationary ones.
    """

    first: int
    last: int
    columns: Mapping[str, Column]
    others: tuple[Column, ...] = ()
    doubled: tuple[tuple[str, Column, Column], ...] = ()
    rivals: tuple[tuple[str, Column, Column], ...] = ()
    all_members: Column | None = None
    only_total: bool = False
    left_out: tuple[Column, ...] = ()
    above: int | None = None

    @property
    def titles(self) -> tuple[str, ...]:
        """The headers of all columns as the user wrote them, from left to right."""
        return tuple(self.fields)

    @property
    def fields(self) -> dict[str, str]:
        """The header of every column, from left to right, and the field it is read as; "" where it is none."""
        of_column = {column.index: name for name, column in self.columns.items()}
        every = (*self.columns.values(), *self.others, *self.left_out)
        ordered = sorted(every, key=lambda column: column.index)
        return {column.header: of_column.get(column.index, "") for column in ordered}


Mapper = Callable[[Sequence[str]], Mapping[str, str]]
"""From a sheet's headers (as written, levels joined by "/") to what somebody said of some: header -> field, "" to leave out."""


def with_mapping(header: Header, mapping: Mapping[str, str]) -> Header:
    """The header with columns read as the fields somebody said they are, whether they were recognised or not.

    ``mapping``: header as the user wrote it -> field name, or "" to leave the column out without a word. A column that
    was taken for the field before is left to itself; two columns said to be the same field are ``doubled``.
    """
    every = [*header.columns.items(), *(("", column) for column in header.others)]
    columns: dict[str, Column] = {}
    others: list[Column] = []
    doubled = list(header.doubled)
    left_out = [column for _, column in every if mapping.get(column.header) == ""]
    for _, column in every:
        field = mapping.get(column.header)
        if not field:
            continue
        said = replace(column, less="") if is_money(FIELDS[field]) else replace(column, scale=ONE, less="")
        if field in columns:
            doubled.append((field, columns[field], said))
        else:
            columns[field] = said
    for field, column in every:
        if column.header in mapping:
            continue
        if field and field not in columns:
            columns[field] = column
        else:
            others.append(column)
    said_of = {column.index for name, column in columns.items() if mapping.get(column.header) == name}
    kept = {name: column for name, column in columns.items() if not column.less or column.less in columns}
    return replace(
        header,
        columns=kept,
        others=tuple(others),
        left_out=tuple(left_out),
        doubled=tuple(
            item
            for item in doubled
            if item[1].header not in mapping
            or item[2].index in said_of
            or mapping.get(item[2].header) == item[0]
        ),
        rivals=tuple(
            item for item in header.rivals if kept.get(item[0]) == item[1] and item[2].header not in mapping
        ),
        all_members=None
        if header.all_members and header.all_members.header in mapping
        else header.all_members,
        only_total=header.only_total
        and "full_members" in kept
        and kept["full_members"].header not in mapping,
    )


def layout_key(titles: Sequence[str]) -> str:
    """One short word for all sheets with the same headers, whatever their order and width: a layout of lists."""
    folded = sorted(fold(title) for title in titles)
    return hashlib.sha256("\x1f".join(folded).encode()).hexdigest()[:16]


def column_letter(index: int) -> str:
    """Excel's letter of a column counted from 0.

    >>> column_letter(0), column_letter(27)
    ('A', 'AB')
    """
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_index(letters: str) -> int:
    """The column, counted from 0, of Excel's letters.

    >>> column_index("A"), column_index("AB")
    (0, 27)
    """
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - 64
    return index - 1


def find_header(grid: Grid, rows: int = SEARCHED_ROWS) -> Header | None:
    """The rows that name the most fields; None when no rows name any. A ledger's header with units below it is not given
    up for a second table further down."""
    top = _with_merges_filled(grid, rows)
    found: list[Header] = []
    for first in range(len(top)):
        if not any(isinstance(cell, str) and cell for cell in top[first]):
            continue
        heights = [
            _read(top, first, height)
            for height in range(1, _MOST_HEADER_ROWS + 1)
            if first + height <= len(top)
        ]
        best = max(heights, key=_worth)
        if best.columns:
            found.append(best)
    if not found:
        return None
    best = max(found, key=_worth)
    earlier = [
        header
        for header in found
        if header.last + 1 < best.first and "name" in header.columns and len(header.columns) >= LEDGER_LIKE
    ]
    chosen = max(earlier, key=_worth) if earlier else best
    above = [
        header.first
        for header in found
        if header.last + 1 < chosen.first and "name" in header.columns and len(header.columns) > 1
    ]
    return replace(_finish(top, chosen), above=min(above, default=None))


def _worth(header: Header) -> tuple[int, int, int, int]:
    """More fields, then fewer that two columns name alike (a lower level tells them apart), then fewer rows (a title above
    would fit as an upper level as well), then the upper one."""
    return len(header.columns), -len(header.doubled), header.first - header.last, -header.first


def names_fields(row: Sequence[Cell]) -> int:
    """How many different fields the cells of one row name: many where it is another header."""
    found = {
        meaning.field for cell in row if isinstance(cell, str) and (meaning := _lookup([cell])) is not None
    }
    return len(found)


def _lookup(texts: Sequence[str]) -> Meaning | None:
    """The field that a column's header levels (top to bottom) name; a level that is only a unit of measure says nothing."""
    levels = [text for text in texts if not _UNIT_CELL.fullmatch(narrow(text).replace(" ", ""))]
    return find_meaning(levels) if levels and len(levels[-1]) <= _LONGEST_HEADER else None


_LONGEST_HEADER: Final = 60


def _levels(top: Sequence[Sequence[Cell]], first: int, height: int, index: int) -> list[str]:
    texts: list[str] = []
    for row in top[first : first + height]:
        cell = row[index]
        text = cell.strip() if isinstance(cell, str) else ""
        if text and (not texts or texts[-1] != text):
            texts.append(text)
    return texts


@dataclass(slots=True)
class _Candidates:
    """The columns that may be each field, while a header is read."""

    best: dict[str, tuple[Meaning, Column]] = field(default_factory=dict)
    others: list[Column] = field(default_factory=list)
    doubled: list[tuple[str, Column, Column]] = field(default_factory=list)
    rivals: list[tuple[str, Column, Column]] = field(default_factory=list)

    def add(self, meaning: Meaning, column: Column) -> None:
        name = meaning.field
        if name not in self.best:
            self.best[name] = meaning, column
            return
        former_meaning, former = self.best[name]
        first, second = _order(former_meaning), _order(meaning)
        if first == second:
            self.doubled.append((name, former, column))
            return
        if second < first:
            self.best[name] = meaning, column
            former, column = column, former
        self.others.append(column)
        self.rivals.append((name, former, column))


def _order(meaning: Meaning) -> tuple[int, int, bool]:
    return meaning.rank, -meaning.year, not meaning.whole


def _read(top: Sequence[Sequence[Cell]], first: int, height: int) -> Header:
    found = _Candidates()
    for index in range(len(top[first])):
        texts = _levels(top, first, height, index)
        if not texts or texts[-1] in (ERROR_COLUMN, STAMP_COLUMN):
            continue
        known = _lookup(texts)
        if known is None or is_part(texts[-1]):
            texts = _with_parent(top, first, height, index, texts)
            known = _lookup(texts)
        column = Column(index, "/".join(re.sub(r"\s+", "", text) for text in texts))
        if known is None:
            found.others.append(column)
        else:
            found.add(known, column)
    # two aliases are no contradiction where the field's own name is there as well
    doubled = [item for item in found.doubled if found.best[item[0]][1] in item[1:]]
    rivals = [(name, found.best[name][1], lost) for name, _, lost in found.rivals if name != ALL_MEMBERS]
    columns = {name: column for name, (_, column) in found.best.items() if name != ALL_MEMBERS}
    header = Header(first, first + height - 1, columns, tuple(found.others), tuple(doubled), tuple(rivals))
    every = found.best.get(ALL_MEMBERS)
    return header if every is None else _with_all_members(header, every[1])


def _with_all_members(header: Header, every: Column) -> Header:
    """What a count of all members is good for: to check its parts, to reckon the full ones, or, where nothing else is
    there, to stand for them."""
    if "full_members" in header.columns:
        return replace(header, others=(*header.others, every), all_members=every)
    if "probationary_members" in header.columns:
        reckoned = replace(every, less="probationary_members")
        return replace(header, columns={**header.columns, "full_members": reckoned})
    return replace(header, columns={**header.columns, "full_members": every}, only_total=True)


def _with_parent(
    top: Sequence[Sequence[Cell]], first: int, height: int, index: int, texts: list[str]
) -> list[str]:
    """In a csv merged headers have lost their right part: take the nearest header to the left of the upper level. "其中：
    预备" in a header of one row is a part of the nearest column to the left that is none."""
    if height == 1 and is_part(texts[-1]):
        for left in range(index - 1, -1, -1):
            whole = top[first][left]
            if isinstance(whole, str) and whole.strip() and not is_part(whole):
                return [whole.strip(), *texts]
    if height == 1 or len(texts) != 1 or not top[first + height - 1][index] or top[first][index]:
        return texts
    for left in range(index - 1, -1, -1):
        parent = top[first][left]
        if isinstance(parent, str) and parent.strip():
            return [parent.strip(), *texts]
    return texts


def _with_merges_filled(grid: Grid, rows: int) -> list[list[Cell]]:
    top = [list(row) for row in grid.rows[:rows]]
    for (first_row, first_column), (last_row, last_column) in grid.merges:
        if first_row >= len(top) or first_column >= grid.width:
            continue
        value = top[first_row][first_column]
        for row in top[first_row : last_row + 1]:
            row[first_column : last_column + 1] = [value] * len(row[first_column : last_column + 1])
    return top


def _finish(top: Sequence[Sequence[Cell]], header: Header) -> Header:
    """Take in a row of units or column numbers below, and find what each money column is counted in."""
    last = header.last
    while last + 1 < len(top) and last - header.first < _MOST_HEADER_ROWS + 1 and is_caption(top[last + 1]):
        last += 1
    title = _title_unit(top[: header.first])

    def scaled(column: Column) -> Column:
        return replace(column, scale=_scale(top[: last + 1], column.index, title))

    columns = {
        name: scaled(column) if is_money(FIELDS[name]) else column for name, column in header.columns.items()
    }
    # somebody may yet say that a column not known here is money (see with_mapping)
    others = tuple(scaled(column) for column in header.others)
    return replace(header, last=last, columns=columns, others=others)


def is_caption(row: Sequence[Cell]) -> bool:
    """A row of units ("人", "（万元）") or of column numbers (甲, 乙, 1, 2 ...), at least three of them."""
    texts = [
        narrow(str(int(cell) if isinstance(cell, float) else cell)).strip() for cell in row if cell != ""
    ]
    if len(texts) < 3:
        return False
    if all(_UNIT_CELL.fullmatch(text) for text in texts):
        return True
    numbers = [text.strip("()") for text in texts if text.strip("()").isdigit()]
    counted = numbers == [str(int(numbers[0]) + step) for step in range(len(numbers))] if numbers else False
    return counted and len(numbers) >= 3 and all(_COLUMN_NUMBER.fullmatch(text) for text in texts)


def _title_unit(rows: Sequence[Sequence[Cell]]) -> str | None:
    for row in rows:
        for cell in row:
            stated = _UNIT_IN_TITLE.search(fold(cell)) if isinstance(cell, str) else None
            units = re.split(r"[/、,;，；]", stated["units"]) if stated else []
            money = next((unit for unit in units if unit in _MONEY), None)
            if money is not None:
                return money
    return None


def _scale(top: Sequence[Sequence[Cell]], index: int, title: str | None) -> Decimal:
    """By the unit nearest above the cells: a row of units, the header, a level above it, the table's title."""
    for row in reversed(top):
        text = fold(row[index]) if isinstance(row[index], str) else ""
        stated = _UNIT_IN_HEADER.search(text) or re.fullmatch(r"\(?(亿元|百万元|万元|千元|元)\)?", text)
        if stated is not None:
            return _MONEY[stated.group(1) if stated.group(1).endswith("元") else f"{stated.group(1)}元"]
    return _MONEY[title] if title is not None else ONE
