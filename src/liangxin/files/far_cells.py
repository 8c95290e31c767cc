"""Cells far away from the table: a blank or a format in row 1,048,576 must not cost what a million rows cost.

The parser lays a sheet out from its first cell to its last, so one stray cell makes gigabytes of a small file. Here such
a sheet is found by its XML before it is laid out, its stray cells are taken out, and those that held something are named.
Sheets without stray cells are not touched. Only xlsx can reach so far; an old .xls ends at row 65,536 and column 256.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from liangxin.files.sheet_facts import Position, cells_of, rows_of, sheet_parts

if TYPE_CHECKING:
    from lxml.etree import _Element

SPARSE_CELLS: Final = 1_000_000
"""A sheet laid out in fewer cells than these costs little, however few of them are filled."""

MOST_CELLS: Final = 30_000_000
"""Cells that are laid out at most: 100,000 rows of 300 columns."""

_GAP_ROWS: Final = 1_000  # empty rows, or columns, after which whatever follows is not part of the table
_GAP_COLUMNS: Final = 100
_UNUSUAL: Final = (
    b" r='",
    b"r =",
    b":row",
    b":c ",
)  # single quotes, blanks before "=", prefixes: all allowed, all rare
_ROW: Final = re.compile(rb"<(?:[\w.-]+:)?row\s[^>]*?\br\s*=\s*[\"'](\d{1,9})[\"']")
_USUAL_ROW: Final = re.compile(rb'<row [^>]*?\br="(\d{1,9})"')
_FAR: Final = re.compile(rb"=\s*[\"'](?:[A-Za-z]{3}|[D-Zd-z][A-Za-z])\d")
_USUAL_FAR: Final = re.compile(rb'r="(?:[A-Za-z]{3}|[D-Zd-z][A-Za-z])\d')
_REFERENCE: Final = re.compile(rb"=\s*[\"']([A-Za-z]{1,3})(\d{1,9})[\"']")
_NEAR_COLUMNS: Final = 104  # columns up to CZ: what _FAR does not find


@dataclass(frozen=True, slots=True)
class Trimmed:
    """``raw``: the workbook without its far cells; ``far``: by sheet, the far cells that held something.
    ``too_large``: sheets with more cells than can be laid out even so, with rows and columns."""

    raw: bytes
    far: Mapping[str, tuple[Position, ...]]
    too_large: Mapping[str, tuple[int, int]]
    sheets: Mapping[str, bytes]  # by sheet: its XML as it is now
    replaced: Mapping[str, bytes]  # by part of the archive: the XML of sheets that are not as they came


def without_far_cells(raw: bytes) -> Trimmed:
    """A workbook whose sheets can be laid out at the cost of what is in them. What is no xlsx stays as it is."""
    far: dict[str, tuple[Position, ...]] = {}
    too_large: dict[str, tuple[int, int]] = {}
    replaced: dict[str, bytes] = {}
    sheets: dict[str, bytes] = {}
    if not raw.startswith(b"PK"):
        return Trimmed(raw, far, too_large, sheets, replaced)
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        blanks: frozenset[str] | None = None
        for name, part in sheet_parts(archive).items():
            xml = sheets[name] = archive.read(part)
            rows, columns = extent(xml)
            if rows * columns <= SPARSE_CELLS or rows * columns <= 8 * _cells(xml):
                if rows * columns > MOST_CELLS:
                    too_large[name] = rows, columns
                continue
            blanks = _blank_texts(archive) if blanks is None else blanks
            sheets[name], far[name], left = _trim(xml, blanks)
            replaced[part] = sheets[name]
            if left[0] * left[1] > MOST_CELLS:
                too_large[name] = left
        if not replaced:
            return Trimmed(raw, far, too_large, sheets, replaced)
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as copy:
            for item in archive.infolist():
                copy.writestr(item.filename, replaced.get(item.filename) or archive.read(item.filename))
    return Trimmed(made.getvalue(), far, too_large, sheets, replaced)


def extent(xml: bytes) -> tuple[int, int]:
    """Rows and columns that a sheet would be laid out in, never fewer; however its XML is written."""
    usual = not any(mark in xml for mark in _UNUSUAL)  # five times quicker to search
    rows = max(map(int, (_USUAL_ROW if usual else _ROW).findall(xml)), default=1)
    if rows > 1 and (_USUAL_FAR if usual else _FAR).search(xml) is None:
        return rows, _NEAR_COLUMNS
    references = _REFERENCE.findall(xml)
    columns = max((_number(letters) for letters, _ in references), default=1)
    return max([rows, *(int(row) for _, row in references)]), max(columns, _NEAR_COLUMNS)


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _cells(xml: bytes) -> int:
    return xml.count(b"<c ") or xml.count(b"<c>") + xml.count(b":c ") + xml.count(b":c>")


def _blank_texts(archive: zipfile.ZipFile) -> frozenset[str]:
    """Numbers of the shared texts that are empty or blank."""
    from lxml import etree

    if "xl/sharedStrings.xml" not in archive.namelist():
        return frozenset()
    parsed = etree.fromstring(
        archive.read("xl/sharedStrings.xml"),
        etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True),
    )
    texts = parsed.iterchildren("{*}si")
    return frozenset(str(index) for index, text in enumerate(texts) if not "".join(text.itertext()).strip())


def _holds(cell: _Element, blanks: Collection[str]) -> bool:
    for child in cell:
        tag = child.tag.rpartition("}")[2] if isinstance(child.tag, str) else ""
        text = "".join(child.itertext()).strip()
        if tag == "f" or (tag == "is" and text):
            return True
        if tag == "v" and text and not (cell.get("t") == "s" and text in blanks):
            return True
    return False


def _trim(xml: bytes, blanks: Collection[str]) -> tuple[bytes, tuple[Position, ...], tuple[int, int]]:
    """The sheet with no cell beyond the first wide gap, the filled cells beyond, and the rows and columns left."""
    from lxml import etree

    filled = [
        (number, column)
        for number, row in rows_of(xml)
        for column, cell in cells_of(row)
        if _holds(cell, blanks)
    ]
    last_row = _before_gap((row for row, _ in filled), _GAP_ROWS)
    last_column = _before_gap((column for row, column in filled if row <= last_row), _GAP_COLUMNS)
    sheet = etree.fromstring(xml, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True))
    for data in sheet.iter("{*}sheetData"):
        number = -1
        for row in list(data):
            named = row.get("r")
            number = int(named) - 1 if named else number + 1
            if number > last_row:
                data.remove(row)
                continue
            for column, cell in list(cells_of(row)):
                if column > last_column:
                    row.remove(cell)
    far = tuple(place for place in filled if place[0] > last_row or place[1] > last_column)
    return etree.tostring(sheet, xml_declaration=True, encoding="UTF-8"), far, (last_row + 1, last_column + 1)


def _before_gap(places: Iterable[int], gap: int) -> int:
    """The last place before the first gap, starting from 0."""
    last = 0
    for place in sorted(set(places)):
        if place - last > gap:
            break
        last = place
    return last
