"""The usual shape of a unit in a sheet, told from its own rows: what units fill in, how rows are numbered, what is merged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from liangxin.files.grid import Cell, Grid
from liangxin.files.header_words import plain
from liangxin.files.headers import Header
from liangxin.files.row_words import is_total
from liangxin.registry.fields import FIELDS, FieldType

SAMPLE: Final = 2_000  # rows by which the usual shape of a unit is told
_USUAL: Final = 0.6  # share of units that fill in a column which units usually fill in
_RICH: Final = (
    0.15  # share of rows with more than a name from which the others are expected to say more as well
)
_DEFAULT: Final = 0.3  # share of rows with one and the same value from which it is filled in beforehand
_MERGED_WIDE: Final = 3  # columns
_NO_IDENTITY: Final = ("name", "area", "village", "park", "venue", "remark", "lon", "lat")
"""Fields that rows of other kinds have as well: a village's subtotal names its village."""

SEQUENCE: Final = frozenset({"序号", "序", "no", "编号", "行号", "顺序号", "number", "排序", "号"})


@dataclass(frozen=True, slots=True)
class Usual:
    """The usual shape of a unit in this sheet, told from the rows that have a name.

    ``identity``: columns that nearly all units fill in and other rows do not; ``filled``: cells that a unit usually has;
    ``defaults``: by column, values that are filled in beforehand.
    """

    sequence: int | None
    identity: frozenset[int]
    filled: int
    defaults: Mapping[int, frozenset[Cell]]


@dataclass(slots=True)
class Sums:
    """Sums of the units so far, by column."""

    sums: dict[int, float] = field(default_factory=dict)
    count: int = 0

    def add(self, column: int, value: float) -> None:
        self.sums[column] = self.sums.get(column, 0.0) + value

    def explain(self, numbers: Mapping[int, float]) -> bool:
        """Whether these are the sums or the averages of at least two units."""
        if self.count < 2:
            return False
        return any(
            all(_near(value, self.sums.get(column, 0.0) / parts) for column, value in numbers.items())
            for parts in (1, self.count)
        )


def _near(value: float, other: float) -> bool:
    """Equal, or equal once rounded to two decimals or to a whole number as averages are."""
    return abs(value - other) <= max(1e-6 * abs(other), 0.005) or (
        value == round(value) and round(other) == value and other > 20
    )


def usual_shape(grid: Grid, header: Header, name: int) -> Usual:
    rows = [
        row
        for row in grid.rows[header.last + 1 : header.last + 1 + SAMPLE]
        if row[name] != "" and not is_total(str(row[name]))
    ]
    every = grid.rows[header.last + 1 : header.last + 1 + SAMPLE]
    sequence = _sequence(header, rows)
    candidates = {column.index for field_name, column in header.columns.items() if _tells(field_name)}
    if sequence is not None:
        candidates.add(sequence)
    full = [row for row in rows if sum(cell != "" for cell in row) >= 2]
    if len(full) < _RICH * len(rows):  # a list of names, of which a few say more
        full = rows
    identity = frozenset(
        index for index in candidates if full and sum(row[index] != "" for row in full) >= _USUAL * len(full)
    )
    counts = sorted(sum(cell != "" for cell in row) for row in full)
    defaults = {index: frozenset(_common(every, index)) for index in range(grid.width)}
    return Usual(sequence, identity, counts[len(counts) // 2] if counts else 0, defaults)


def _tells(name: str) -> bool:
    field = FIELDS[name]
    return name not in _NO_IDENTITY and field.type not in (FieldType.INTEGER, FieldType.NUMBER)


def _common(rows: Sequence[Sequence[Cell]], index: int) -> Iterator[Cell]:
    counted = Counter(row[index] for row in rows if row[index] != "")
    for value, count in counted.most_common(8):
        if count >= 3 and count >= _DEFAULT * sum(counted.values()) and not isinstance(value, float):
            yield value


def _sequence(header: Header, rows: Sequence[Sequence[Cell]]) -> int | None:
    """The column that numbers the rows, by its header or by counting up."""
    mapped = {column.index for name, column in header.columns.items() if name != "unit_id"}
    for column in (*header.others, *header.columns.values()):
        if column.index not in mapped and plain(column.header.split("/")[-1]) in SEQUENCE:
            return column.index
    for index in range(min(header.columns["name"].index, 4)):
        numbers = [row[index] for row in rows[:50] if isinstance(row[index], (int, float))]
        if index not in mapped and len(numbers) > 2 and all(b - a == 1 for a, b in pairwise(numbers)):
            return index
    return None


def name_merges(grid: Grid, name: int) -> tuple[set[int], set[int]]:
    """Rows that continue a name merged downwards; rows with a cell merged over several columns, the name's among them."""
    down: set[int] = set()
    wide: set[int] = set()
    for (first, left), (last, right) in grid.merges:
        if left <= name <= right and last > first:
            down.update(range(first + 1, last + 1))
        if last == first and right - left + 1 >= _MERGED_WIDE and left <= name <= right:
            wide.add(first)
    return down, wide
