"""Where the units of a ledger stand in their file: one part for each sheet that was read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from liangxin.files.headers import Column, column_letter
from liangxin.findings import Place


@dataclass(frozen=True, slots=True)
class Part:
    """One sheet. ``rows[i]`` is the row of its unit i as Excel numbers it; ``header_row`` the last row of the header."""

    sheet: str
    header_row: int
    rows: Sequence[int]
    columns: Mapping[str, Column]
    unknown: tuple[str, ...] = ()  # headers of columns that are no field
    fields: Mapping[str, str] = field(
        default_factory=dict
    )  # header of every column: its field, "" where it is none


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the ledger stood in its file, so that findings name cells and the file can be given back. Units are counted
    through all parts in their order."""

    file: str
    parts: tuple[Part, ...]

    @property
    def sheet(self) -> str:
        """The name of the sheet, or of all sheets."""
        return "、".join(part.sheet for part in self.parts)

    @property
    def rows(self) -> Sequence[int]:
        """The row of each unit in its sheet."""
        if len(self.parts) == 1:
            return self.parts[0].rows
        return [row for part in self.parts for row in part.rows]

    @property
    def header_row(self) -> int:
        """The last row of the first sheet's header."""
        return self.parts[0].header_row

    @property
    def columns(self) -> Mapping[str, Column]:
        """The fields that any sheet has, each where it stands in the first sheet that has it."""
        return {name: column for part in reversed(self.parts) for name, column in part.columns.items()}

    @property
    def unknown(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(header for part in self.parts for header in part.unknown))

    @property
    def fields(self) -> Mapping[str, str]:
        """The header of every column of any sheet, and the field it is read as; "" where it is none."""
        return {header: name for part in reversed(self.parts) for header, name in part.fields.items()}

    def part_of(self, unit: int) -> tuple[Part, int]:
        """The sheet of a unit, and which of its units it is."""
        for part in self.parts:
            if unit < len(part.rows):
                return part, unit
            unit -= len(part.rows)
        raise IndexError(unit)

    def units(self) -> dict[tuple[str, int], int]:
        """Sheet and row of every unit: the unit."""
        places = [(part.sheet, row) for part in self.parts for row in part.rows]
        return {place: unit for unit, place in enumerate(places)}

    def place(self, unit: int, field: str = "") -> Place:
        """The cell of a field of a unit; only the row where the sheet has no such column."""
        part, index = self.part_of(unit)
        row = part.rows[index]
        column = part.columns.get(field)
        if column is None:
            return Place(file=self.file, sheet=part.sheet, row=row)
        return Place(
            file=self.file,
            sheet=part.sheet,
            row=row,
            column=column.header,
            cell=f"{column_letter(column.index)}{row}",
        )
