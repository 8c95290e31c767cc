"""The stamps of an exported ledger: which state of which row a copy was taken from, so that it can come back.

Each row carries one in a hidden last column (in a csv, the last column). It goes where the row goes: sorted, split by
village, pasted into another workbook, saved by Excel, WPS or LibreOffice. The workbook carries the state of the whole as
a document property as well, for a copy whose last column was cut off.
"""

from __future__ import annotations

import base64
import hashlib
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree

from liangxin.files.headers import STAMP_COLUMN, Header

if TYPE_CHECKING:
    from collections.abc import Sequence

    from liangxin.files.grid import Grid

PROPERTY: Final = "liangxin-state"
_STAMP: Final = re.compile(r"v(\d{1,18})\.(\d{1,9})\.([a-z2-7]{8})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Stamp:
    """``seq``: the ledger's last change when the row was taken; ``version``: the row's. ``check`` binds both to ledger and unit."""

    seq: int
    version: int
    check: str

    @classmethod
    def of(cls, ledger: str, unit_id: str, seq: int, version: int) -> Stamp:
        """``ledger`` tells one ledger from any other, also one set up anew for the same town."""
        content = "\x1f".join((ledger, unit_id, str(seq), str(version)))
        digest = hashlib.sha256(content.encode()).digest()[:5]
        return cls(seq, version, base64.b32encode(digest).decode().lower())

    @classmethod
    def parse(cls, written: object) -> Stamp | None:
        """None for anything that is no stamp."""
        found = _STAMP.fullmatch(written.strip()) if isinstance(written, str) else None
        return cls(int(found[1]), int(found[2]), found[3]) if found is not None else None

    def is_of(self, ledger: str, unit_id: str) -> bool:
        """Whether it was written for this unit of this ledger: a stamp moved to another row is none."""
        return self == Stamp.of(ledger, unit_id, self.seq, self.version)

    def __str__(self) -> str:
        return f"v{self.seq}.{self.version}.{self.check}"


def find_stamps(grid: Grid, header: Header, rows: Sequence[int]) -> tuple[Stamp | None, ...] | None:
    """The stamp of each of these rows of a sheet, None for one that has none that can be read. None where the sheet has no
    column of stamps."""
    for titles in grid.rows[header.first : header.last + 1]:
        for column, title in enumerate(titles):
            if isinstance(title, str) and title.strip() == STAMP_COLUMN:
                return tuple(Stamp.parse(grid.rows[row][column]) for row in rows)
    return None


def write_state(seq: int, ledger: str) -> str:
    """The document property of a ledger taken after change ``seq``."""
    return str(Stamp.of(ledger, "", seq, 0))


def read_state(path: Path) -> Stamp | None:
    """The stamp of the workbook as a whole; None for other files and for workbooks without one."""
    try:
        with zipfile.ZipFile(path) as archive:
            root = ElementTree.fromstring(archive.read("docProps/custom.xml"))
    except (zipfile.BadZipFile, KeyError, ElementTree.ParseError):
        return None
    for each in root:
        if each.get("name") == PROPERTY:
            return Stamp.parse("".join(each.itertext()))
    return None
