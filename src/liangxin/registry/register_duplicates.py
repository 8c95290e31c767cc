"""Rows of an export that are the same unit: the same row again, the same code, the same name and address."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from liangxin.registry.addresses import normalise
from liangxin.registry.codes import Code, CodeKind, check_code, tidy
from liangxin.registry.register_rows import COLUMNS, RegisterRow
from liangxin.registry.register_state import read_state
from liangxin.wording import Text

How = Literal["same_row", "same_code", "same_name_and_address"]
HOW: Final[dict[str, Text]] = {
    "same_row": Text("整行重复", "The same row again"),
    "same_code": Text("代码相同", "The same code"),
    "same_name_and_address": Text("名称和地址相同", "The same name and address"),
}
_NO_CODE: Final = frozenset({"", "N/A", "NA", "无", "-", "--", "NULL"})


@dataclass(frozen=True, slots=True)
class Duplicate:
    """``same_as``: the row that stays. ``differs``: columns that the two write differently."""

    how: How
    same_as: RegisterRow
    differs: tuple[str, ...] = ()

    def reason(self) -> Text:
        said = HOW[self.how]
        differs = [COLUMNS[column] for column in self.differs]
        zh = f"{said.zh}，与第{self.same_as.number}行是同一家"
        en = f"{said.en} as row {self.same_as.number}"
        if differs:
            zh += "；写法不同的有：" + "、".join(text.zh for text in differs)
            en += "; they differ in: " + ", ".join(text.en for text in differs)
        return Text(zh, en)


def find_duplicates(rows: Sequence[RegisterRow]) -> dict[int, Duplicate]:
    """Position in ``rows``: of what it is a duplicate. Of each unit the best row stays: good code, still registered, first.

    Sameness is followed through: a row with the code of one and the name and address of another joins the three.
    """
    codes = [_code(row) for row in rows]
    places = [_name_and_address(row) for row in rows]
    leader = list(range(len(rows)))

    def root(position: int) -> int:
        while leader[position] != position:
            leader[position] = leader[leader[position]]
            position = leader[position]
        return position

    for keys in (codes, places):
        first: dict[object, int] = {}
        for position, key in enumerate(keys):
            if key is not None:
                leader[root(position)] = root(first.setdefault(key, position))
    groups: dict[int, list[int]] = {}
    for position in range(len(rows)):
        groups.setdefault(root(position), []).append(position)
    found: dict[int, Duplicate] = {}
    for group in groups.values():
        if len(group) == 1:
            continue
        stays = min(group, key=lambda position: (*_rank(rows[position]), position))
        for position in group:
            if position != stays:
                found[position] = _compare(rows[position], rows[stays], codes[position], codes[stays])
    return found


def _compare(row: RegisterRow, stays: RegisterRow, code: str | None, other: str | None) -> Duplicate:
    differs = tuple(column for column in COLUMNS if row.text(column) != stays.text(column))
    if row.everything and row.everything == stays.everything:
        return Duplicate("same_row", stays)
    return Duplicate(
        "same_code" if code is not None and code == other else "same_name_and_address", stays, differs
    )


def _rank(row: RegisterRow) -> tuple[bool, bool]:
    """Smaller is better."""
    return (
        check_code(row.text("code")).problem is not None,
        read_state(row.text("state")).state in ("deregistered", "moved_out"),
    )


def _code(row: RegisterRow) -> str | None:
    """What tells units apart: the organization code inside a good code, else the code as written if it is long enough."""
    written = row.text("code")
    code = check_code(written)
    if code.problem is None and code.kind is not CodeKind.NONE:
        return organization_code(code)
    text = tidy(written)
    return text if text not in _NO_CODE and code.kind is not CodeKind.NONE and len(text) >= 9 else None


def organization_code(code: Code) -> str:
    """The 9 characters that an organization keeps when its credit code changes (places 9 to 17), else the whole code.

    >>> organization_code(check_code("9133068314633680XL"))
    '14633680X'
    """
    return code.text[8:17] if code.kind is CodeKind.CREDIT_CODE else code.text


def _name_and_address(row: RegisterRow) -> tuple[str, str] | None:
    name = re.sub(r"\s", "", unicodedata.normalize("NFKC", row.text("name")))
    address = normalise(row.text("address"))
    return (name, address) if name and address and address.upper() != "N/A" else None
