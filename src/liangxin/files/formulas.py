"""Formulas: those that were never computed, those that give an error, and texts that must not become one.

The parser reads the first two as empty cells. Taken for empty they would silently become 待核, so they are found in the sheet's XML and said.
"""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass
from typing import Final
from xml.etree import ElementTree

_BEGINS: Final = ("=", "+", "-", "@", "\t", "\r")


def as_text(words: str) -> str:
    """A text for a CSV that no table program takes for a formula: with an apostrophe before what would begin one.

    >>> as_text("=1+1"), as_text("-5"), as_text("甲厂")
    ("'=1+1", '-5', '甲厂')
    """
    if not words.startswith(_BEGINS) or _NUMBER.fullmatch(words):
        return words
    return "'" + words


def from_text(words: str) -> str:
    """What ``as_text`` was given."""
    return words[1:] if words[:1] == "'" and words[1:].startswith(_BEGINS) else words


_NUMBER: Final = re.compile(r"[+-]?\d+(?:\.\d+)?")
_MAIN: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION_ID: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_FORMULA: Final = re.compile(rb"<f[ >/]")
_ERROR: Final = re.compile(rb'<c (?=[^>]*\bt="e")[^>]*\br="([A-Z]+\d+)"')
_REFERENCE: Final = re.compile(rb'\br="([A-Z]+\d+)"')
_VALUE: Final = re.compile(rb"<v(?:\s[^>]*)?>[^<]")


@dataclass(frozen=True, slots=True)
class Faults:
    """Cells by their name ("H5"). ``unvalued``: formulas without a stored value; ``errors``: #N/A, #REF! and their kin."""

    unvalued: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()


def find_faults(raw: bytes, sheet: str) -> Faults:
    """The faulty cells of ``sheet``; none are found in files that are not xlsx."""
    if not raw.startswith(b"PK"):
        return Faults()
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        part = _part_of(archive, sheet)
        if part is None:
            return Faults()
        xml = archive.read(part)
    return Faults(
        _unvalued(xml), tuple(cell.decode() for cell in _ERROR.findall(xml)) if b't="e"' in xml else ()
    )


def _part_of(archive: zipfile.ZipFile, sheet: str) -> str | None:
    names = set(archive.namelist())
    if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= names:
        return None
    book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
    relation = next(
        (item.get(_RELATION_ID) for item in book.iter(f"{_MAIN}sheet") if item.get("name") == sheet), None
    )
    for item in ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels")):
        if item.get("Id") == relation:
            target = item.get("Target", "")
            part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            return part if part in names else None
    return None


def _unvalued(xml: bytes) -> tuple[str, ...]:
    found: list[str] = []
    for formula in _FORMULA.finditer(xml):
        start = xml.rfind(b"<c ", 0, formula.start())
        end = xml.find(b"</c>", formula.start())
        cell = xml[start : end if end >= 0 else len(xml)]
        opening = cell[: cell.find(b">")]
        computed = _VALUE.search(cell) or (
            b't="str"' in opening and b"<v" in cell
        )  # an empty text is a value
        reference = _REFERENCE.search(opening)
        if not computed and reference is not None:
            found.append(reference.group(1).decode())
    return tuple(found)
