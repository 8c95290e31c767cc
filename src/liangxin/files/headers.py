"""Which rows of a sheet are its header, and which column holds which field.

Office ledgers have title rows above, headers of two or three rows with merged cells ("党员数" over "正式 | 预备 | 流动"),
units in brackets ("年营业收入（元）") and their own words. All of it is recognised by the one table of fields.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from typing import Final

from liangxin.files.grid import Cell, Grid
from liangxin.registry.fields import FIELDS
from liangxin.registry.numbers import ONE, is_money
from liangxin.registry.reading import narrow

ERROR_COLUMN: Final = "错误信息"
"""The column that a checked workbook comes back with; never data."""

SEARCHED_ROWS: Final = 30  # a header lower than this is no header
_MOST_HEADER_ROWS: Final = 3
_BRACKETS: Final = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^】]*】")
_MONEY: Final[Mapping[str, Decimal]] = {
    "元": Decimal("0.0001"),
    "千元": Decimal("0.1"),
    "万元": ONE,
    "百万元": Decimal(100),
    "亿元": Decimal(10_000),
}
_UNIT_IN_HEADER: Final = re.compile(r"[(\[/:,]\s*(?:单位:?)?(?:人民币)?(亿元|百万元|万元|千元|元)\s*[)\]]?$")
_UNIT_IN_TITLE: Final = re.compile(r"(?:计量)?单位:(?P<units>[^()]*)")
_UNIT_CELL: Final = re.compile(r"\(?(人|家|个|名|万元|元|千元|亿元|度|°|%|日期|年月日)\)?|")
_COLUMN_NUMBER: Final = re.compile(r"\(?(\d{1,2}|[甲乙丙丁戊己庚辛]|[A-Z]{1,2})\)?|")


@dataclass(frozen=True, slots=True)
class Column:
    """Where a field stands. ``header`` is as the user wrote it (levels joined by "/"); ``scale`` see ``read_value``."""

    index: int
    header: str
    scale: Decimal = ONE


@dataclass(frozen=True, slots=True)
class Header:
    """``first`` and ``last`` are the header's rows, counted from 0. ``others``: columns that are no field."""

    first: int
    last: int
    columns: Mapping[str, Column]
    others: tuple[Column, ...] = ()
    doubled: tuple[tuple[str, Column, Column], ...] = ()  # field, and two columns that both name it exactly


def with_mapping(header: Header, mapping: Mapping[str, str]) -> Header:
    """The header with columns that the field table does not know read as the fields somebody said they are.

    ``mapping``: header as the user wrote it -> field name, or "" to leave the column out without a word. A field that
    the sheet has a column for already keeps it.
    """
    columns = dict(header.columns)
    others: list[Column] = []
    for column in header.others:
        field = mapping.get(column.header)
        if field and field not in columns:
            columns[field] = column if is_money(FIELDS[field]) else replace(column, scale=ONE)
        elif field != "":
            others.append(column)
    return replace(header, columns=columns, others=tuple(others))


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


def find_header(grid: Grid) -> Header | None:
    """The rows that name the most fields; None when no rows name any."""
    top = _with_merges_filled(grid)
    best: Header | None = None
    for first in range(len(top)):
        if not any(isinstance(cell, str) and cell for cell in top[first]):
            continue
        for height in range(1, _MOST_HEADER_ROWS + 1):
            if first + height > len(top):
                break
            found = _read(top, first, height)
            if found.columns and (best is None or _worth(found) > _worth(best)):
                best = found
    return None if best is None else _finish(top, best)


def _worth(header: Header) -> tuple[int, int]:
    """More fields, then fewer rows: a title above would fit as an upper level of the header as well."""
    return len(header.columns), header.first - header.last


def plain(text: str) -> str:
    """A header without what differs from office to office: spaces, full width, a star for "required", numbering."""
    bare = re.sub(r"[\s*:;,。、_\"'“”]", "", narrow(text)).lower()
    return re.sub(r"^(?:\d{1,2}[.)]|\(\d{1,2}\)|其中|其:)", "", bare)


@lru_cache(maxsize=1)
def _names() -> dict[str, tuple[int, str]]:
    """Plain header: (rank, field). Rank 0 is the field's own name, higher ones its aliases in their order."""
    names: dict[str, tuple[int, str]] = {}
    for field in FIELDS.values():
        own = (field.label.zh, field.name, field.label.en)
        for rank, word in [(0, word) for word in own] + list(enumerate(field.aliases, start=1)):
            for form in (plain(word), plain(_BRACKETS.sub("", narrow(word)))):
                names.setdefault(form, (rank, field.name))
    return names


def _lookup(texts: Sequence[str]) -> tuple[int, str] | None:
    """The field that a column's header levels (top to bottom) name."""
    names = _names()
    for form in _forms(texts):
        if form in names:
            return names[form]
    return None


def _forms(texts: Sequence[str]) -> Iterator[str]:
    """What the levels may mean together, the most telling first: "党员数" over "正式" is tried as 正式党员数."""
    levels = [text for text in texts if not _UNIT_CELL.fullmatch(narrow(text).replace(" ", ""))]
    variants = [[plain(text) for text in levels]]
    variants.append([plain(_BRACKETS.sub("", narrow(text))) for text in levels])
    for forms in variants:
        if not forms:
            continue
        leaf = forms[-1]
        for above in reversed(forms[:-1]):
            yield above + leaf
            yield leaf + above
        yield "".join(forms)
        yield leaf


def _levels(top: Sequence[Sequence[Cell]], first: int, height: int, index: int) -> list[str]:
    texts: list[str] = []
    for row in top[first : first + height]:
        cell = row[index]
        text = cell.strip() if isinstance(cell, str) else ""
        if text and (not texts or texts[-1] != text):
            texts.append(text)
    return texts


def _read(top: Sequence[Sequence[Cell]], first: int, height: int) -> Header:
    best: dict[str, tuple[int, Column]] = {}
    others: list[Column] = []
    doubled: list[tuple[str, Column, Column]] = []
    for index in range(len(top[first])):
        texts = _levels(top, first, height, index)
        if not texts or texts[-1] == ERROR_COLUMN:
            continue
        known = _lookup(texts)
        if known is None:
            texts = _with_parent(top, first, height, index, texts)
            known = _lookup(texts)
        column = Column(index, "/".join(re.sub(r"\s+", "", text) for text in texts))
        if known is None:
            others.append(column)
            continue
        rank, name = known
        if name not in best:
            best[name] = (rank, column)
            continue
        former_rank, former = best[name]
        if rank == former_rank:
            doubled.append((name, former, column))
        elif rank < former_rank:
            best[name] = (rank, column)
            others.append(former)
        else:
            others.append(column)
    # two aliases are no contradiction where the field's own name is there as well
    doubled = [item for item in doubled if best[item[0]][1] in item[1:]]
    columns = {name: column for name, (_, column) in best.items()}
    return Header(first, first + height - 1, columns, tuple(others), tuple(doubled))


def _with_parent(
    top: Sequence[Sequence[Cell]], first: int, height: int, index: int, texts: list[str]
) -> list[str]:
    """In a csv merged headers have lost their right part: take the nearest header to the left of the upper level."""
    if height == 1 or len(texts) != 1 or not top[first + height - 1][index]:
        return texts
    for left in range(index - 1, -1, -1):
        parent = top[first][left]
        if isinstance(parent, str) and parent.strip():
            return [parent.strip(), *texts]
    return texts


def _with_merges_filled(grid: Grid) -> list[list[Cell]]:
    top = [list(row) for row in grid.rows[:SEARCHED_ROWS]]
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
    while last + 1 < len(top) and last - header.first < _MOST_HEADER_ROWS + 1 and _is_caption(top[last + 1]):
        last += 1
    title = _title_unit(top[: header.first])

    def scaled(column: Column) -> Column:
        return replace(column, scale=_scale(top[: last + 1], column.index, title))

    columns = {
        name: scaled(column) if is_money(FIELDS[name]) else column for name, column in header.columns.items()
    }
    # somebody may yet say that a column not known here is money (see with_mapping)
    others = tuple(scaled(column) for column in header.others)
    return Header(header.first, last, columns, others, header.doubled)


def _is_caption(row: Sequence[Cell]) -> bool:
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
            stated = _UNIT_IN_TITLE.search(narrow(cell).replace(" ", "")) if isinstance(cell, str) else None
            units = re.split(r"[/、,;]", stated["units"]) if stated else []
            money = next((unit for unit in units if unit in _MONEY), None)
            if money is not None:
                return money
    return None


def _scale(top: Sequence[Sequence[Cell]], index: int, title: str | None) -> Decimal:
    """By the unit nearest above the cells: a row of units, the header, a level above it, the table's title."""
    for row in reversed(top):
        text = narrow(str(row[index])).replace(" ", "").replace("\n", "")
        stated = _UNIT_IN_HEADER.search(text) or re.fullmatch(r"(亿元|百万元|万元|千元|元)", text)
        if stated is not None:
            return _MONEY[stated.group(1)]
    return _MONEY[title] if title is not None else ONE
