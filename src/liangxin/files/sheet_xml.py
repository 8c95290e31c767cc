"""A sheet's XML inside an xlsx, and a workbook with half of a sheet's rows, so that two cores can parse a large one.

Parsing takes most of the time of reading. The parser lets go of Python's lock but works on one core; two workbooks
that share everything but the rows of the sheet are parsed side by side, and their rows stand one below the other.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from xml.etree import ElementTree

LARGE: Final = 20_000_000  # bytes of XML: below, cutting saves less than it costs

_MAIN: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION_ID: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_START, _END, _ROW = b"<sheetData>", b"</sheetData>", b"<row r="


@dataclass(frozen=True, slots=True)
class SheetXml:
    """``part``: the name of the sheet's file inside the archive."""

    part: str
    xml: bytes


def sheet_xml(raw: bytes, sheet: str) -> SheetXml | None:
    """The XML of ``sheet``; None for files that are not xlsx.

    Raises:
        zipfile.BadZipFile, zlib.error, KeyError, EOFError, ElementTree.ParseError: the file is damaged.
    """
    if not raw.startswith(b"PK"):
        return None
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        part = _part_of(archive, sheet)
        return None if part is None else SheetXml(part, archive.read(part))


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


def halves(raw: bytes, sheet: SheetXml, folder: Path) -> tuple[Path, Path] | None:
    """Two workbooks in ``folder``, each with half of the sheet's rows, which keep their numbers; not compressed.

    None where the XML is not of the usual form (rows without numbers, another prefix) or the disk has no room: the
    sheet is then parsed as a whole.
    """
    xml = sheet.xml
    start, end = xml.find(_START), xml.rfind(_END)
    cut = xml.find(_ROW, (start + end) // 2, end) if 0 <= start < end else -1
    if cut < 0 or xml.find(_ROW, start, cut) < 0:
        return None
    above, below = folder / "above.xlsx", folder / "below.xlsx"
    try:
        _write_with(above, raw, sheet.part, xml[:cut], xml[end:])
        _write_with(below, raw, sheet.part, xml[: start + len(_START)], xml[cut:])
    except OSError:
        return None
    return above, below


def _write_with(path: Path, raw: bytes, part: str, *xml: bytes) -> None:
    """The workbook ``raw`` with another XML (in pieces) for one sheet, and without the other sheets."""
    with zipfile.ZipFile(io.BytesIO(raw)) as archive, zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as made:
        for name in archive.namelist():
            if name == part:
                with made.open(name, "w", force_zip64=True) as opened:
                    for piece in xml:
                        opened.write(piece)
            elif not name.startswith("xl/worksheets/"):
                made.writestr(name, archive.read(name))
