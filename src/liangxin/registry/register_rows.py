"""A row of a business-register export, and what it became: the types that reading, sorting and writing exchange."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from types import MappingProxyType
from typing import Any, Final

from liangxin.registry.codes import Code
from liangxin.registry.gazetteer import Placement
from liangxin.registry.industry_suggestion import Suggestion
from liangxin.registry.register_capital import Capital
from liangxin.wording import Text

COLUMNS: Final[Mapping[str, Text]] = MappingProxyType(
    {
        "name": Text("单位名称", "Name"),
        "code": Text("统一社会信用代码", "Credit code"),
        "founded_on": Text("成立日期", "Founded on"),
        "type": Text("企业类型", "Type"),
        "capital": Text("注册资本", "Registered capital"),
        "scope": Text("经营范围", "Business scope"),
        "address": Text("地址", "Address"),
        "state": Text("登记状态", "State of registration"),
        "industry": Text("所属行业", "Industry"),
        "staff": Text("从业人数", "Staff"),
        "insured": Text("参保人数", "Insured staff"),
        "lon": Text("经度", "Longitude"),
        "lat": Text("纬度", "Latitude"),
        "authority": Text("登记机关", "Registration authority"),
    }
)
"""What is read of an export. Columns with persons' data are dropped by the reader and never get here."""


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """``number`` is the row as Excel counts it; ``cells`` the texts by the names of ``COLUMNS``; ``everything`` the whole
    row without persons' columns, by which exact duplicates are known."""

    number: int
    cells: Mapping[str, str]
    everything: tuple[str, ...] = ()

    def text(self, column: str) -> str:
        return self.cells.get(column, "").strip()


class Outcome(Enum):
    """Every row has exactly one."""

    PLACED = "placed"
    UNPLACED = "unplaced"
    OUTSIDE = "outside"
    DUPLICATE = "duplicate"
    NAMELESS = "nameless"


OUTCOMES: Final[Mapping[Outcome, Text]] = MappingProxyType(
    {
        Outcome.PLACED: Text("进入台账，已归片（村）", "In the ledger, placed"),
        Outcome.UNPLACED: Text("进入台账，未能归片（村）", "In the ledger, not placed"),
        Outcome.OUTSIDE: Text("范围外", "Out of scope"),
        Outcome.DUPLICATE: Text("重复", "Duplicate"),
        Outcome.NAMELESS: Text("没有单位名称", "Without a name"),
    }
)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A spelling that could not be read. The cell is kept as it was written; the fact is 待核."""

    number: int
    column: str
    written: str
    message: Text
    accepted: Text | None = None


@dataclass(frozen=True, slots=True)
class SortedRow:
    """One row of the export with its outcome. ``reasons``: the first one counts, the others hold as well."""

    row: RegisterRow
    outcome: Outcome
    reason_id: str = ""
    reasons: tuple[Text, ...] = ()
    unit_id: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)  # fields of the ledger
    placement: Placement | None = None
    code: Code | None = None
    founded_on: date | None = None
    capital: Capital | None = None
    suggestion: Suggestion | None = None
    notes: tuple[Text, ...] = ()
    same_as: int | None = None  # of a duplicate: the row that stays


@dataclass(frozen=True, slots=True)
class SortedRegister:
    """Every row in the order of the export, and every spelling that could not be read."""

    rows: tuple[SortedRow, ...]
    unreadable: tuple[Unreadable, ...]

    def of(self, *outcomes: Outcome) -> tuple[SortedRow, ...]:
        return tuple(row for row in self.rows if row.outcome in outcomes)

    @property
    def ledger(self) -> tuple[SortedRow, ...]:
        return self.of(Outcome.PLACED, Outcome.UNPLACED)

    def counts(self) -> dict[Outcome, int]:
        """Rows by outcome; their sum is the number of rows read."""
        found = dict.fromkeys(Outcome, 0)
        for row in self.rows:
            found[row.outcome] += 1
        return found
