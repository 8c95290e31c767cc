"""What the parser does not tell of a sheet: error values, formulas that were never computed, hidden and struck-through
rows, numbers shown with leading zeros, and from which year the workbook counts its days.

The parser reads an error and a formula without a value as an empty cell. Taken for empty they would silently become
待核, so they are looked up in the workbook itself, read by a real parser of its format: XML (xlsx in both spellings of
OOXML, ods) by lxml, the records of an old .xls or .et from its stream. All rows and columns are counted from 0.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from lxml.etree import _Element

Position = tuple[int, int]
"""Row and column of a cell, counted from 0."""

_FORMULA: Final = re.compile(rb"<(?:[\w.-]+:)?f[\s>/]")
_ZEROS: Final = re.compile(r"0{2,}")
_TRUE: Final = ("1", "true", "on")


@dataclass(frozen=True, slots=True)
class SheetFacts:
    """``unvalued``: formulas without a stored value; ``errors``: #N/A, #REF! and their kin; ``padded``: numbers shown
    with leading zeros, and with how many digits; ``day_shift``: what a bare day number of this workbook lacks."""

    unvalued: tuple[Position, ...] = ()
    errors: tuple[Position, ...] = ()
    hidden_rows: tuple[int, ...] = ()
    struck_rows: tuple[int, ...] = ()
    padded: Mapping[Position, int] = field(default_factory=dict)
    day_shift: int = 0


_SHIFT_1904: Final = 1462  # days between the two calendars of Excel


@dataclass(frozen=True, slots=True)
class _Styles:
    """Cell formats by their index: those that strike their text through, and those that pad a number with zeros."""

    struck: frozenset[int] = frozenset()
    zeros: Mapping[int, int] = field(default_factory=dict)


@dataclass(slots=True)
class _Found:
    unvalued: list[Position] = field(default_factory=list)
    errors: list[Position] = field(default_factory=list)
    hidden: list[int] = field(default_factory=list)
    padded: dict[Position, int] = field(default_factory=dict)
    struck: dict[int, int] = field(default_factory=dict)  # row: struck cells with a value
    valued: dict[int, int] = field(default_factory=dict)  # row: cells with a value

    def value(self, row: int, column: int, style: int, styles: _Styles, *, number: bool) -> None:
        """A cell that holds something, for what its format says of it."""
        if styles.struck:
            self.valued[row] = self.valued.get(row, 0) + 1
            if style in styles.struck:
                self.struck[row] = self.struck.get(row, 0) + 1
        if number and style in styles.zeros:
            self.padded[row, column] = styles.zeros[style]

    def facts(self, day_shift: int) -> SheetFacts:
        struck = tuple(row for row, count in self.struck.items() if 2 * count > self.valued[row])
        return SheetFacts(
            tuple(self.unvalued), tuple(self.errors), tuple(self.hidden), struck, self.padded, day_shift
        )


def find_facts(raw: bytes, names: list[str], sheets: Mapping[str, bytes]) -> dict[str, SheetFacts]:
    """The facts of each sheet of a workbook, by its name.

    ``names``: all its sheets in their order; ``sheets``: the XML of the sheets of an xlsx (``far_cells.Trimmed``).
    """
    if raw.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            parts = set(archive.namelist())
            if "content.xml" in parts:
                return _of_ods(archive.read("content.xml"))
            return _of_xlsx(archive, sheets) if "xl/workbook.xml" in parts else {}
    return _of_records(raw, names)


# xlsx


def sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Name of each sheet: the part of the archive that holds it. Both spellings of OOXML."""
    parts = set(archive.namelist())
    if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= parts:
        return {}
    targets = {
        item.get("Id"): item.get("Target", "") for item in _parsed(archive.read("xl/_rels/workbook.xml.rels"))
    }
    found: dict[str, str] = {}
    for sheet in _parsed(archive.read("xl/workbook.xml")).iter("{*}sheet"):
        relation = next((value for key, value in sheet.attrib.items() if str(key).endswith("}id")), None)
        target = targets.get(relation, "")
        part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        if part in parts:
            found[str(sheet.get("name"))] = part
    return found


def _parsed(xml: bytes) -> _Element:
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    return etree.fromstring(xml, parser)


def rows_of(xml: bytes) -> Iterator[tuple[int, _Element]]:
    """The rows of a sheet's XML with their numbers, counted from 0; a row that does not name itself follows the last."""
    from lxml import etree

    events = etree.iterparse(
        io.BytesIO(xml), tag="{*}row", resolve_entities=False, no_network=True, huge_tree=True
    )
    number = -1
    for _, row in events:
        named = row.get("r")
        number = int(named) - 1 if named else number + 1
        yield number, row
        row.clear()


def cells_of(row: _Element) -> Iterator[tuple[int, _Element]]:
    """The cells of a row with their columns, counted from 0; a cell that does not name itself follows the last."""
    column = -1
    for cell in row.iterchildren("{*}c"):
        named = cell.get("r")
        column = _column(named) if named else column + 1
        yield column, cell


def _column(reference: str) -> int:
    index = 0
    for letter in reference:
        if not letter.isalpha():
            break
        index = index * 26 + ord(letter.upper()) - 64
    return index - 1


def _of_xlsx(archive: zipfile.ZipFile, sheets: Mapping[str, bytes]) -> dict[str, SheetFacts]:
    styles = _styles(archive)
    counted = next(_parsed(archive.read("xl/workbook.xml")).iter("{*}workbookPr"), None)
    shift = _SHIFT_1904 if counted is not None and counted.get("date1904") in _TRUE else 0
    found: dict[str, SheetFacts] = {}
    for name, xml in sheets.items():
        worth = _worth_parsing(xml, styles)
        found[name] = _of_sheet(xml, styles).facts(shift) if worth else SheetFacts(day_shift=shift)
    return found


def _worth_parsing(xml: bytes, styles: _Styles) -> bool:
    """Whether anything may be in it that we look for: a large sheet takes 3 s to parse and most have nothing."""
    if styles.struck or styles.zeros or xml.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in xml[:200]:
        return True
    if b'"e"' in xml or b"'e'" in xml or b"hidden" in xml:
        return True
    return (b"<f" in xml or b":f" in xml) and _FORMULA.search(xml) is not None


def _of_sheet(xml: bytes, styles: _Styles) -> _Found:
    from lxml import etree

    found = _Found()
    every_cell = bool(styles.struck or styles.zeros)
    suspects = etree.XPath("*[local-name()='c'][@t='e' or *[local-name()='f']]")
    for number, row in rows_of(xml):
        if row.get("hidden") in _TRUE:
            found.hidden.append(number)
        if not every_cell and not suspects(row):
            continue
        for column, cell in cells_of(row):
            kind = cell.get("t")
            if kind == "e":
                found.errors.append((number, column))
                continue
            formula, valued = False, False
            for child in cell:
                tag = child.tag.rpartition("}")[2] if isinstance(child.tag, str) else ""
                formula = formula or tag == "f"
                valued = valued or tag == "is" or (tag == "v" and (bool(child.text) or kind == "str"))
            if formula and not valued:
                found.unvalued.append((number, column))
            elif valued:
                found.value(number, column, int(cell.get("s", "0")), styles, number=kind in (None, "n"))
    return found


def _styles(archive: zipfile.ZipFile) -> _Styles:
    if "xl/styles.xml" not in archive.namelist():
        return _Styles()
    sheet = _parsed(archive.read("xl/styles.xml"))
    codes = {item.get("numFmtId"): item.get("formatCode", "") for item in sheet.iter("{*}numFmt")}
    fonts = next(sheet.iter("{*}fonts"), None)
    struck_fonts = {
        str(index)
        for index, font in enumerate(() if fonts is None else fonts)
        for strike in font.iterchildren("{*}strike")
        if strike.get("val", "1") in _TRUE
    }
    formats = next(sheet.iter("{*}cellXfs"), None)
    struck: set[int] = set()
    zeros: dict[int, int] = {}
    for index, style in enumerate(() if formats is None else formats):
        if style.get("fontId") in struck_fonts:
            struck.add(index)
        if _ZEROS.fullmatch(codes.get(style.get("numFmtId"), "")):
            zeros[index] = len(codes[style.get("numFmtId")])
    return _Styles(frozenset(struck), zeros)


# ods

_OFFICE: Final = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TABLE: Final = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_CALC: Final = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
_ERROR_TEXT: Final = re.compile(r"#[A-Z/0-9]+[!?]?|Err:\d+")


def _of_ods(xml: bytes) -> dict[str, SheetFacts]:
    from lxml import etree

    found: dict[str, SheetFacts] = {}
    parser = {"resolve_entities": False, "no_network": True, "huge_tree": True}
    for _, table in etree.iterparse(io.BytesIO(xml), tag=f"{_TABLE}table", **parser):
        gathered = _Found()
        number = 0
        for row in table.iter(f"{_TABLE}table-row"):
            if row.get(f"{_TABLE}visibility") in ("collapse", "filter"):
                gathered.hidden.append(number)
            column = 0
            for cell in row:
                if cell.get(f"{_TABLE}formula") is not None:
                    text = "".join(cell.itertext())
                    if cell.get(f"{_CALC}value-type") == "error" or _ERROR_TEXT.fullmatch(text):
                        gathered.errors.append((number, column))
                    elif cell.get(f"{_OFFICE}value-type") is None and not text:
                        gathered.unvalued.append((number, column))
                column += int(cell.get(f"{_TABLE}number-columns-repeated", "1"))
            number += int(row.get(f"{_TABLE}number-rows-repeated", "1"))
        found[str(table.get(f"{_TABLE}name"))] = gathered.facts(0)
        table.clear()
    return found


# xls and et: records of the workbook's stream ([MS-XLS])

_BOUNDSHEET, _DATEMODE, _FONT, _XF, _FORMAT, _END = 0x0085, 0x0022, 0x0031, 0x00E0, 0x041E, 0x000A
_ROW, _FORMULA_CELL, _BOOL_OR_ERROR, _NUMBER, _RK, _MULTIPLE_RK = (
    0x0208,
    0x0006,
    0x0205,
    0x0203,
    0x027E,
    0x00BD,
)
_TEXTS: Final = (0x00FD, 0x0204, 0x00D6)  # LABELSST, LABEL, RSTRING
_ROW_HIDDEN: Final = 0x20
_STRUCK_OUT: Final = 0x08


def _of_records(raw: bytes, names: list[str]) -> dict[str, SheetFacts]:
    import olefile

    try:
        with olefile.OleFileIO(io.BytesIO(raw)) as container:  # type: ignore[no-untyped-call]
            stream = next((name for name in ("Workbook", "Book") if container.exists(name)), None)
            content = b"" if stream is None else container.openstream(stream).read()
    except OSError:
        return {}  # the parser has read it or refused it; a container that only one of both takes is not made up
    starts, shift, styles = _workbook_records(content)
    if len(starts) != len(names):
        return {}
    return {
        name: _sheet_records(content, start, styles).facts(shift)
        for name, start in zip(names, starts, strict=True)
    }


def _records(content: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """Records from a place in the stream to the end of their substream."""
    while at + 4 <= len(content):
        kind, length = struct.unpack_from("<HH", content, at)
        yield kind, content[at + 4 : at + 4 + length]
        if kind == _END:
            return
        at += 4 + length


def _workbook_records(content: bytes) -> tuple[list[int], int, _Styles]:
    starts: list[int] = []
    shift = 0
    struck_fonts: set[int] = set()
    fonts = 0
    codes: dict[int, str] = {}
    formats: list[tuple[int, int]] = []
    for kind, body in _records(content, 0):
        if kind == _BOUNDSHEET:
            starts.append(struct.unpack_from("<I", body)[0])
        elif kind == _DATEMODE:
            shift = _SHIFT_1904 if body[:1] == b"\x01" else 0
        elif kind == _FONT:
            if struct.unpack_from("<H", body, 2)[0] & _STRUCK_OUT:
                struck_fonts.add(fonts if fonts < 4 else fonts + 1)  # index 4 is left out by the format
            fonts += 1
        elif kind == _FORMAT and len(body) > 5:
            wide = body[4] & 1
            codes[struct.unpack_from("<H", body)[0]] = body[5:].decode(
                "utf-16-le" if wide else "latin-1", "replace"
            )
        elif kind == _XF:
            formats.append(struct.unpack_from("<HH", body))
    zeros = {
        index: len(codes[code])
        for index, (_, code) in enumerate(formats)
        if _ZEROS.fullmatch(codes.get(code, ""))
    }
    struck = frozenset(index for index, (font, _) in enumerate(formats) if font in struck_fonts)
    return starts, shift, _Styles(struck, zeros)


def _sheet_records(content: bytes, start: int, styles: _Styles) -> _Found:
    found = _Found()
    empty: list[Position] = []
    computed = False
    for kind, body in _records(content, start):
        if kind == _ROW and struct.unpack_from("<H", body, 12)[0] & _ROW_HIDDEN:
            found.hidden.append(struct.unpack_from("<H", body)[0])
        elif kind in (_FORMULA_CELL, _BOOL_OR_ERROR, _NUMBER, _RK, *_TEXTS):
            row, column, style = struct.unpack_from("<HHH", body)
            if kind == _FORMULA_CELL and body[12:14] == b"\xff\xff":
                if body[6] == 2:
                    found.errors.append((row, column))
                elif body[6] == 3:
                    empty.append((row, column))
                computed = computed or body[6] != 3
            elif kind == _BOOL_OR_ERROR and body[7]:
                found.errors.append((row, column))
            else:
                computed = computed or kind == _FORMULA_CELL
                found.value(row, column, style, styles, number=kind in (_NUMBER, _RK))
        elif kind == _MULTIPLE_RK:
            row, first = struct.unpack_from("<HH", body)
            for offset in range((len(body) - 6) // 6):
                style = struct.unpack_from("<H", body, 4 + 6 * offset)[0]
                found.value(row, first + offset, style, styles, number=True)
    if not computed:  # no formula of the sheet has a value: a program wrote them and nobody computed them
        found.unvalued += empty
    return found
