"""Which rows below the header are units, and which are totals, signatures, notes or repeated headers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from liangxin.files.grid import Cell, Grid
from liangxin.files.headers import Header
from liangxin.wording import Text

_TOTAL: Final = re.compile(r"(?:本页|本村|本片|全镇|全县)?[合总小共]计(?:[:：].*|[\d.]+家?)?")
_SIGNATURE: Final = re.compile(
    r"[(（]?(?:单位负责人|负责人|填表人|填报人|填表单位|填报单位|填报日期|填表日期|制表人?|制表日期|审核人?|审批人|经办人|"
    r"联系人|联系电话|统计人|盖章|公章|[(（]盖章[)）]|日期|注|备注|说明|填表说明|填报说明)\s*(?:[:：]|[(（](?:签字|签名|盖章)|盖章$|$)"
)

_SHORT: Final = 8  # characters of a text that may still be a number or a name

SKIPPED: Final[dict[str, Text]] = {
    "blank_row": Text("空行", "blank rows"),
    "totals_row": Text("合计行", "totals"),
    "signature_row": Text("签名、说明行", "signature and note rows"),
    "header_again": Text("重复的表头", "repeated header rows"),
}


@dataclass(frozen=True, slots=True)
class UnitRows:
    """``units``: rows of units; ``skipped``: kind of other row: its rows. All counted from 0."""

    units: list[int]
    skipped: dict[str, list[int]]


def unit_rows(grid: Grid, header: Header) -> UnitRows:
    """Sort the rows below the header. A row that is not clearly something else is a unit, so that nothing is lost."""
    units: list[int] = []
    skipped: dict[str, list[int]] = {}
    name = header.columns["name"].index
    titles = {
        column.index: [grid.rows[row][column.index] for row in range(header.first, header.last + 1)]
        for column in header.columns.values()
    }
    for number in range(header.last + 1, len(grid.rows)):
        row = grid.rows[number]
        named = row[name]
        if (
            isinstance(named, str)
            and named
            and row[0] != ""
            and named[0] not in _SUSPECT
            and (not isinstance(row[0], str) or row[0][0] not in _SUSPECT)
        ):
            units.append(number)
            continue
        kind = _kind(row, name, titles)
        if kind is None:
            units.append(number)
        else:
            skipped.setdefault(kind, []).append(number)
    if units:  # empty rows below the last unit are no news
        skipped["blank_row"] = [row for row in skipped.get("blank_row", []) if row < units[-1]]
    return UnitRows(units, {kind: rows for kind, rows in skipped.items() if rows})


# First characters of any text that _TOTAL, _SIGNATURE or a header may match: all other rows need no closer look.
_SUSPECT: Final = frozenset("合总小共本全(（单负填制审经联统盖公日注备说 \t\n　名企编序")


def _kind(row: Sequence[Cell], name: int, titles: dict[int, list[Cell]]) -> str | None:
    filled = [(index, cell) for index, cell in enumerate(row) if cell != "" and str(cell).strip()]
    if not filled:
        return "blank_row"
    again = sum(cell in titles.get(index, ()) for index, cell in filled)
    if again >= 2 and again == sum(index in titles for index, _ in filled):
        return "header_again"
    texts = [re.sub(r"\s", "", cell) for _, cell in filled if isinstance(cell, str)]
    first = texts[0] if texts else ""
    named = re.sub(r"\s", "", str(row[name]))
    if _TOTAL.fullmatch(named) or (_TOTAL.fullmatch(first) and re.fullmatch(r"(?:[\d.]+[家户个]?)?", named)):
        return "totals_row"
    if _SIGNATURE.match(first) and (
        not named or named == first or _SIGNATURE.match(named) or len(filled) <= 4
    ):
        return "signature_row"
    if not named and len(filled) == 1 and len(first) > _SHORT:
        return "signature_row"  # a sentence alone in its row is a note
    return None
