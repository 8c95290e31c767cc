"""Which rows below the header are units, and which are totals, headings, notes, numbered blanks or a second table.

A row is told by its shape: what units of this sheet usually fill in, whether its numbers are the sums of the rows above
or below, whether cells are merged, whether it stands below the last unit. Words only support that. What is certainly no
unit is left out and named by kind and row; what is probably none is left out or kept, and named by its own row: nothing
becomes a unit silently and nothing is left silently.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from liangxin.files.grid import Cell, Grid
from liangxin.files.header_words import plain
from liangxin.files.headers import LEDGER_LIKE, Header, is_caption, names_fields
from liangxin.files.row_words import (
    ends_as_total,
    is_count,
    is_marked,
    is_note,
    is_numbered_heading,
    is_organization,
    is_total,
    place_in,
)
from liangxin.files.usual_rows import SAMPLE, SEQUENCE, Sums, name_merges, usual_shape
from liangxin.registry.fields import FIELDS, FieldType
from liangxin.wording import Text

SKIPPED: Final[dict[str, Text]] = {
    "blank_row": Text("空行", "blank rows"),
    "totals_row": Text("合计行", "totals"),
    "signature_row": Text("签名、说明行", "signature and note rows"),
    "header_again": Text("重复的表头", "repeated header rows"),
    "group_row": Text("分组标题行", "headings of groups"),
    "numbered_row": Text("只有序号、没有单位的行", "numbered rows without a unit"),
    "continued_row": Text("合并单元格的续行", "rows that continue a merged cell"),
}
"""Kinds of rows that are certainly no units."""

_CODE_LENGTH: Final = 8


@dataclass(slots=True)
class UnitRows:
    """``units``: rows of units; ``skipped``: kind of other row: its rows; ``kept``: units that look like none, and
    ``left``: rows left out that may be units, each with the words that stand in it. ``headings``: row of a heading: its
    words; ``second``: the row where another table begins, from which nothing is read. All rows are counted from 0."""

    units: list[int] = field(default_factory=list)
    skipped: dict[str, list[int]] = field(default_factory=dict)
    kept: dict[int, str] = field(default_factory=dict)
    left: dict[int, str] = field(default_factory=dict)
    headings: dict[int, str] = field(default_factory=dict)
    second: int | None = None


def unit_rows(grid: Grid, header: Header) -> UnitRows:
    """Sort the rows below the header."""
    sorter = _Sorter(grid, header)
    return sorter.sort()


class _Sorter:
    def __init__(self, grid: Grid, header: Header) -> None:
        self.grid, self.header = grid, header
        self.name = header.columns["name"].index
        self.code = header.columns["uscc"].index if "uscc" in header.columns else None
        self.numeric = [
            column.index
            for name, column in header.columns.items()
            if FIELDS[name].type in (FieldType.INTEGER, FieldType.NUMBER) and name not in ("lon", "lat")
        ]
        self.choices = {
            column.index
            for name, column in header.columns.items()
            if FIELDS[name].type in (FieldType.CHOICE, FieldType.BOOLEAN)
        }
        self.titles = {
            index: {grid.rows[row][index] for row in range(header.first, header.last + 1)} - {""}
            for index in range(grid.width)
        }
        self.above = {
            str(cell).strip() for row in grid.rows[: header.first] for cell in row if isinstance(cell, str)
        }
        self.usual = usual_shape(grid, header, self.name)
        self.merged_down, self.merged_wide = name_merges(grid, self.name)
        self.found = UnitRows()
        self.block, self.block_added = Sums(), 0  # of the units since the last total or heading
        self.whole, self.whole_added = Sums(), 0

    def sort(self) -> UnitRows:
        rows = self.grid.rows
        name, code, sure = self.name, self.code, self._is_sure
        for number in range(self.header.last + 1, len(rows)):
            row = rows[number]
            if sure(row, name, code):
                self._unit(number, row)
                continue
            filled = [(index, cell) for index, cell in enumerate(row) if cell != "" and str(cell).strip()]
            if not filled:
                self._skip("blank_row", number)
            elif self._is_header(number, filled):
                self._skip("header_again", number)
            elif self._begins_table(filled):
                self.found.second = number
                break
            elif row[name] == "" or not str(row[name]).strip():
                self._nameless(number, row, filled)
            else:
                self._named(number, row, filled)
        self._tidy()
        return self.found

    def _is_sure(self, row: Sequence[Cell], name: int, code: int | None) -> bool:
        """A name and a code: nothing else needs to be asked."""
        if code is None:
            return False
        written, named = row[code], row[name]
        return (
            isinstance(written, str)
            and len(written) >= _CODE_LENGTH
            and written.isascii()
            and written[-4:].isalnum()
            and any(map(str.isdigit, written))
            and isinstance(named, str)
            and len(named) > 1
            and not named.isspace()
        )

    # What a row turns out to be

    def _unit(self, number: int, row: Sequence[Cell]) -> None:
        self.found.units.append(number)

    def _doubtful_unit(self, number: int, row: Sequence[Cell]) -> None:
        self.found.kept[number] = str(row[self.name]).strip()
        self._unit(number, row)

    def _skip(self, kind: str, number: int) -> None:
        self.found.skipped.setdefault(kind, []).append(number)

    def _total(self, number: int) -> None:
        self._skip("totals_row", number)
        self._begin_block()

    def _heading(self, number: int, text: str) -> None:
        self._skip("group_row", number)
        self.found.headings[number] = text
        self._begin_block()

    def _begin_block(self) -> None:
        self.block, self.block_added = Sums(), len(self.found.units)

    # Rows that are no data

    def _is_header(self, number: int, filled: list[tuple[int, Cell]]) -> bool:
        again = sum(cell in self.titles[index] for index, cell in filled)
        if again == len(filled) and (again >= 2 or self._after_header(number)):
            return True
        if len(filled) == 1 and isinstance(filled[0][1], str) and len(filled[0][1].strip()) > 3:
            return (
                filled[0][1].strip() in self.above
            )  # the title, printed again above the header of the next page
        return self._after_header(number) and is_caption(self.grid.rows[number])

    def _after_header(self, number: int) -> bool:
        return self.found.skipped.get("header_again", [-1])[-1] == number - 1

    def _begins_table(self, filled: list[tuple[int, Cell]]) -> bool:
        """A row of words of which most name fields is the header of another table."""
        words = [cell for _, cell in filled if isinstance(cell, str)]
        if len(words) < LEDGER_LIKE or len(words) < len(filled):
            return False
        named = names_fields(words)
        numbered = sum(plain(word) in SEQUENCE for word in words)
        return named >= LEDGER_LIKE and 2 * (named + numbered) >= len(words)

    # Rows without a name

    def _nameless(self, number: int, row: Sequence[Cell], filled: list[tuple[int, Cell]]) -> None:
        texts = [(index, str(cell).strip()) for index, cell in filled if isinstance(cell, str)]
        label = texts[0][1] if texts else ""
        numbers = self._numbers(row)
        wide = number in self.merged_wide
        if self._has_code(row):
            self._unit(number, row)  # its missing name is an error
        elif number in self.merged_down:
            self._continued(number, filled)
        elif (label and (is_total(label) or (numbers and ends_as_total(label)))) or (
            numbers and not self._has_sequence(row) and self._sums_up(number, numbers)
        ):
            self._total(number)
        elif self._is_numbered_blank(filled):
            self._skip("numbered_row", number)
        elif numbers or self._has_sequence(row):
            self._unit(number, row)
        elif len(filled) == 1 and label:
            self._alone(number, label, wide=wide)
        elif any(is_note(text) for _, text in texts) or not self._reads(texts):
            self._skip("signature_row", number)
        else:
            self._unit(number, row)

    def _continued(self, number: int, filled: list[tuple[int, Cell]]) -> None:
        self._skip("continued_row", number)
        own = [str(cell).strip() for index, cell in filled if index not in self._shared(number)]
        if own:
            self.found.left[number] = "、".join(own[:6])

    def _shared(self, number: int) -> set[int]:
        return {
            column
            for (first, left), (last, right) in self.grid.merges
            if first < number <= last
            for column in range(left, right + 1)
        }

    def _reads(self, texts: list[tuple[int, str]]) -> bool:
        """Whether any text stands where a fact of a unit does: a choice's word, a date."""
        from liangxin.registry.values import read_value

        by_index = {column.index: FIELDS[name] for name, column in self.header.columns.items()}
        return any(
            by_index[index].type in (FieldType.CHOICE, FieldType.DATE, FieldType.BOOLEAN)
            and read_value(by_index[index], text).value is not None
            for index, text in texts
            if index in by_index
        )

    def _is_numbered_blank(self, filled: list[tuple[int, Cell]]) -> bool:
        """Nothing but a number and what is filled in beforehand in every row."""
        facts = [
            (index, cell) for index, cell in filled if index != self.usual.sequence and not self._is_id(index)
        ]
        numbering = [cell for index, cell in filled if index == self.usual.sequence or self._is_id(index)]
        return all(map(self._numbers_it, numbering)) and (
            (bool(numbering) and len(facts) == 1 and facts[0][0] in self.choices)
            or all(cell in self.usual.defaults.get(index, ()) or cell in (0, "0") for index, cell in facts)
        )

    def _is_id(self, index: int) -> bool:
        column = self.header.columns.get("unit_id")
        return column is not None and column.index == index

    def _alone(self, number: int, label: str, *, wide: bool) -> None:
        """One text in a row without a name: a heading where units follow, else a note."""
        if is_numbered_heading(label) or (place_in(label) and not is_organization(label)):
            self._heading(number, label)
        elif is_note(label):
            self._skip("signature_row", number)
        elif wide and self._units_follow(number):
            self._heading(number, label)
        elif self._units_follow(number):
            self._heading(number, label)
            self.found.left[number] = label
        else:
            self._skip("signature_row", number)
            if is_organization(label):
                self.found.left[number] = label

    # Rows with a name

    def _named(self, number: int, row: Sequence[Cell], filled: list[tuple[int, Cell]]) -> None:
        named = str(row[self.name]).strip()
        numbers = self._numbers(row)
        identified = self._is_identified(row)
        label = self._label_before(row)
        alone = len([index for index, _ in filled if index != self.name]) == 0
        if self._has_code(row):
            self._unit(number, row)
        elif label and is_total(label) and (is_count(named) or is_total(named)):
            self._total(number)
        elif is_total(named):
            if identified and not self._sums_up(number, numbers):
                self._doubtful_unit(number, row)
            else:
                self._total(number)
        elif number in self.merged_wide:
            self._alone(number, named, wide=True)
        elif identified:
            doubt = ends_as_total(named) or (is_note(named) and not is_organization(named))
            (self._doubtful_unit if doubt else self._unit)(number, row)
        elif (ends_as_total(named) and (numbers or self._only_numbers(filled))) or (
            numbers and len(numbers) > 1 and not is_organization(named) and self._sums_up(number, numbers)
        ):
            self._total(number)
        elif alone and self.usual.filled > 1:
            self._only_name(number, row, named)
        elif not self.usual.identity or is_organization(named):
            doubt = (
                ends_as_total(named)
                or (numbers and self._sums_up(number, numbers))
                or (is_note(named) and not is_organization(named))
            )
            (self._doubtful_unit if doubt else self._unit)(number, row)
        else:
            self._doubtful_unit(number, row)

    def _only_name(self, number: int, row: Sequence[Cell], named: str) -> None:
        """A name and nothing else, where units usually say more."""
        if is_numbered_heading(named) and self._units_follow(number):
            self._heading(number, named)
        elif is_organization(named) and place_in(named) is None and not is_marked(named):
            self._doubtful_unit(number, row)
        elif is_note(named) or not self._units_follow(number):
            self._skip("signature_row", number)
            if not is_note(named):
                self.found.left[number] = named
        else:
            self._heading(number, named)
            if place_in(named) is None:
                self.found.left[number] = named

    def _only_numbers(self, filled: list[tuple[int, Cell]]) -> bool:
        """Whether nothing but numbers stands beside the name."""
        return not any(isinstance(cell, str) for index, cell in filled if index != self.name)

    # What cells say

    def _has_code(self, row: Sequence[Cell]) -> bool:
        if self.code is None:
            return False
        cell = row[self.code]
        if isinstance(cell, (int, float)) and not isinstance(cell, bool):
            return abs(cell) >= 10**_CODE_LENGTH
        text = str(cell).strip()
        return len(text) >= _CODE_LENGTH and any(map(str.isdigit, text)) and text.replace(" ", "").isascii()

    def _has_sequence(self, row: Sequence[Cell]) -> bool:
        return self.usual.sequence is not None and self._numbers_it(row[self.usual.sequence])

    def _numbers_it(self, cell: Cell) -> bool:
        """Whether a cell of the column that numbers the rows does: "合计" or "填表人：张三" in it does not."""
        if not isinstance(cell, str):
            return True
        text = cell.strip()
        return any(map(str.isdigit, text)) and len(text) <= 20 and not is_total(text) and not is_note(text)

    def _is_identified(self, row: Sequence[Cell]) -> bool:
        """Whether the row has a code, or fills in a column that units usually fill in and other rows do not."""
        return self._has_code(row) or any(
            self._numbers_it(row[column]) if column == self.usual.sequence else True
            for column in self.usual.identity
            if self._said(row, column)
        )

    def _label_before(self, row: Sequence[Cell]) -> str:
        """The first text left of the name."""
        texts = (str(cell).strip() for cell in row[: self.name] if isinstance(cell, str) and cell.strip())
        return next(texts, "")

    def _said(self, row: Sequence[Cell], column: int) -> bool:
        return row[column] != "" and str(row[column]).strip() != ""

    def _numbers(self, row: Sequence[Cell]) -> dict[int, float]:
        return {
            column: float(cell)
            for column in self.numeric
            if isinstance(cell := row[column], (int, float)) and not isinstance(cell, bool) and cell != 0
        }

    def _sums_up(self, number: int, numbers: Mapping[int, float]) -> bool:
        """Whether the numbers of a row are the sums or the averages of units above it, or of the units below."""
        if not numbers:
            return False
        units = self.found.units
        self._add(self.block, units[self.block_added :])
        self._add(self.whole, units[self.whole_added :])
        self.block_added = self.whole_added = len(units)
        return any(sums.explain(numbers) for sums in (self.block, self.whole, self._below(number)))

    def _add(self, sums: Sums, rows: Sequence[int]) -> None:
        """Units are only added up when a row asks whether it is their sum."""
        for row in rows:
            for column, value in self._numbers(self.grid.rows[row]).items():
                sums.add(column, value)
            sums.count += 1

    def _below(self, number: int) -> Sums:
        sums = Sums()
        for row in self.grid.rows[number + 1 : number + 1 + SAMPLE]:
            if not self._said(row, self.name) or not self._is_identified(row):
                break
            for column, value in self._numbers(row).items():
                sums.add(column, value)
            sums.count += 1
        return sums

    def _units_follow(self, number: int) -> bool:
        """Whether a unit comes within the next rows."""
        for row in self.grid.rows[number + 1 : number + 6]:
            if not self._said(row, self.name):
                continue
            if self._is_identified(row):
                return True
            if not self.usual.identity and sum(cell != "" for cell in row) >= self.usual.filled:
                return True
        return False

    def _tidy(self) -> None:
        """Empty rows below the last unit are no news; numbered blanks are one kind whether or not a name follows."""
        found = self.found
        if found.units:
            found.skipped["blank_row"] = [
                r for r in found.skipped.get("blank_row", []) if r < found.units[-1]
            ]
        found.skipped = {kind: rows for kind, rows in found.skipped.items() if rows}
