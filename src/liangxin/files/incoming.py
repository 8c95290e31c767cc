"""What is looked at before a file that somebody sends is opened or kept: its kind by content, its size unpacked, what is
hidden in it (macros, links to elsewhere, XML entities), and identity numbers, which are not kept whoever wrote them.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePath
from typing import Any, Final

from lxml.etree import LxmlError

from liangxin.files.far_cells import Trimmed, without_far_cells
from liangxin.files.grid import can_be_parsed
from liangxin.files.headers import column_letter
from liangxin.files.panics import is_panic
from liangxin.findings import Finding, InputError, Place
from liangxin.registry.private import REFUSED, identity_numbers, in_code, masked_number, says_identity
from liangxin.wording import Text

MOST_UNPACKED: Final = 600 * 1024 * 1024
MOST_PARTS: Final = 4000
MOST_TIMES: Final = 200  # a part may be this many times larger than packed; sheets of 100,000 rows reach 25
FREE_OF_RATIO: Final = 5 * 1024 * 1024  # an empty sheet packs well: small parts are not held to it
MOST_CELLS: Final = 30_000_000
MOST_COLUMNS: Final = 2_000
MOST_NAMED: Final = 50

_OLE: Final = b"\xd0\xcf\x11\xe0"
_MACRO_NAMES: Final = (".xlsm", ".xltm", ".xlam", ".docm", ".dotm", ".pptm", ".xla")
_PROGRAMS: Final = (
    b"MZ",
    b"\x7fELF",
    b"#!",
    b"\xca\xfe\xba\xbe",
    b"\xcf\xfa\xed\xfe",
)
_ENTITY: Final = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_OUTSIDE: Final = re.compile(rb"<Relationship\b(?=[^>]*TargetMode\s*=\s*[\"']External)[^>]*>", re.IGNORECASE)
_FAR_CELL: Final = re.compile(rb"<c\s[^>]*?\br\s*=\s*[\"'](?:[A-Z]{3}|[D-Z][A-Z])\d")
_CELL: Final = re.compile(rb"<c\s[^>]*?\br\s*=\s*[\"']([A-Z]{1,3})(\d{1,7})[\"']")
_ROW: Final = re.compile(rb"<row\s[^>]*?\br\s*=\s*[\"'](\d{1,9})[\"']")
_FAR_ROW: Final = re.compile(rb"<c\s[^>]*?\br\s*=\s*[\"'][A-Z]{1,3}(\d{6,7})[\"']")
_TAG: Final = re.compile(r"<[^>]*>")
_BREAK: Final = re.compile(r"</(?:w:p|a:p|si|t|comment|text:p)>")
_ESCAPED: Final = re.compile(r"\\u00([0-7][0-9a-fA-F])")
_DAMAGED: Final = (
    zipfile.BadZipFile,
    ValueError,
    NotImplementedError,
    EOFError,
    zlib.error,
    KeyError,
    RuntimeError,
)


def inspect(name: str, raw: bytes) -> None:
    """Look at a file as it came. Raises InputError with everything that stands against it; passes one that is fine.

    Pictures and PDFs are only told by their content; what is written in them is not read.
    """
    findings: list[Finding] = []
    place = Place(file=PurePath(name).name)
    if name.lower().endswith(_MACRO_NAMES):
        findings.append(_macros(place))
    if raw.startswith(_PROGRAMS):
        findings.append(
            Finding(
                "upload-program",
                Text("这是程序，不能上传", "This is a program and cannot be uploaded"),
                place,
            )
        )
    elif raw.startswith(b"PK"):
        findings += _archive(place, raw)
    elif raw.startswith(_OLE) and ("_VBA_PROJECT".encode("utf-16-le") in raw or b"_VBA_PROJECT" in raw):
        findings.append(_macros(place))
    if findings:
        raise InputError(findings)
    numbers = list(_limited(_identity_numbers(place, raw)))
    if numbers:
        raise InputError(numbers)


def _macros(place: Place) -> Finding:
    return Finding(
        "upload-macros",
        Text("文件里有宏，不能上传", "The file holds macros and cannot be uploaded"),
        place,
        accepted=Text("另存为不带宏的 .xlsx 或 .docx", "save it as .xlsx or .docx without macros"),
    )


def _archive(place: Place, raw: bytes) -> list[Finding]:
    """What is wrong with a packed file, told from its directory before anything is unpacked."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(raw))
    except _DAMAGED:
        return [_damaged(place)]
    parts = archive.infolist()
    swollen = [
        part
        for part in parts
        if part.file_size > FREE_OF_RATIO and part.file_size > MOST_TIMES * max(part.compress_size, 1)
    ]
    total = sum(part.file_size for part in parts)
    if len(parts) > MOST_PARTS or total > MOST_UNPACKED or swollen:
        said = Text(
            f"展开后有{total / 1048576:,.0f}兆、{len(parts):,}个部分，不像正常的文件，没有打开",
            f"Unpacked it is {total / 1048576:,.0f} MB in {len(parts):,} parts: not a usual file; it was not opened",
        )
        return [Finding("upload-bomb", said, place, accepted=_UNPACKED)]
    if any(part.filename.startswith(("/", "\\")) or ".." in PurePath(part.filename).parts for part in parts):
        return [_damaged(place)]
    findings: list[Finding] = []
    trimmed: Trimmed | None = None
    for part in parts:
        low = part.filename.lower()
        if "vbaproject" in low:
            findings.append(_macros(place))
        elif low.endswith((".xml", ".rels", ".vml")):
            try:
                xml = _read(archive, part)
            except _DAMAGED:
                return [_damaged(place)]
            if low.startswith("xl/worksheets/") and _too_far(xml):
                # blank far cells cost the reader nothing; filled ones are an error to it, and are refused here
                trimmed = trimmed or without_far_cells(raw)
                xml = xml if any(trimmed.far.values()) else trimmed.replaced.get(part.filename, xml)
            findings += _part(place, low, xml)
    return list({each.code: each for each in findings}.values())


_UNPACKED: Final = Text(
    f"展开后不超过{MOST_UNPACKED // 1048576}兆", f"at most {MOST_UNPACKED // 1048576} MB unpacked"
)


def _read(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bytes:
    """A part, never more than it said it is: a directory may lie."""
    with archive.open(part) as opened:
        xml = opened.read(part.file_size + 1)
    if len(xml) > part.file_size:
        raise zipfile.BadZipFile
    return xml


def _part(place: Place, name: str, xml: bytes) -> Iterator[Finding]:
    if b"\x00" in xml[:200]:
        xml = xml.decode("utf-16", "replace").encode()  # a declaration could hide in the other encoding
    if _ENTITY.search(xml):
        said = Text(
            "文件里有 XML 实体声明，不能上传", "The file declares XML entities and cannot be uploaded"
        )
        yield Finding("upload-entity", said, place)
    if name.endswith("[content_types].xml") and b"macroEnabled" in xml:
        yield _macros(place)
    if "externallinks/" in name or any(
        b"/hyperlink" not in link for link in _OUTSIDE.findall(xml) if name.endswith(".rels")
    ):
        said = Text(
            "文件里有指向别处的链接，不能上传", "The file links to other files and cannot be uploaded"
        )
        accepted = Text("在 Excel 里断开链接，只留数值", "break the links in Excel and keep the values")
        yield Finding("upload-links", said, place, accepted=accepted)
    if "/worksheets/" in name and not name.endswith(".rels") and _too_far(xml):
        columns, rows = _extent(xml)
        said = Text(
            f"工作表大到第{rows:,}行、第{columns:,}列，多半是误填了很远的格子",
            f"The sheet reaches row {rows:,} and column {columns:,}; most likely a far cell was filled by mistake",
        )
        yield Finding(
            "upload-extent",
            said,
            place,
            accepted=Text("删去多余的行和列", "delete the rows and columns beyond"),
        )


def _too_far(xml: bytes) -> bool:
    columns, rows = _extent(xml)
    return columns > MOST_COLUMNS or columns * rows > MOST_CELLS


def _extent(xml: bytes) -> tuple[int, int]:
    """Columns and rows that a reader would lay out. One cell far away makes a huge sheet of a small file."""
    rows = max((int(number) for number in _ROW.findall(xml)), default=1)
    rows = max((int(number) for number in _FAR_ROW.findall(xml)), default=rows) if rows < 100_000 else rows
    if not _FAR_CELL.search(xml):
        return 104, rows
    columns = max(_number(letters) for letters, _ in _CELL.findall(xml))
    return columns, rows


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _damaged(place: Place) -> Finding:
    return Finding(
        "damaged", Text("文件不完整或已损坏，请重新取一份", "The file is damaged; get it again"), place
    )


def _limited(findings: Iterator[Finding]) -> Iterator[Finding]:
    for count, each in enumerate(findings):
        if count == MOST_NAMED:
            return
        yield each


def _found(place: Place, number: str) -> Finding:
    return Finding("identity_number", REFUSED, place, masked_number(number))


def _identity_numbers(place: Place, raw: bytes) -> Iterator[Finding]:
    if raw.startswith((b"%PDF-", b"\xff\xd8\xff", b"\x89PNG")):
        return
    if raw.startswith((b"PK", _OLE)):
        yield from _in_sheets(place, raw)
        if raw.startswith(b"PK"):
            yield from _in_parts(place, raw)
            yield from _in_far_cells(place, raw)
    elif raw.startswith(b"PAR1"):
        yield from _in_parquet(place, raw)
    else:
        yield from _in_text(place, raw)


def _in_sheets(place: Place, raw: bytes) -> Iterator[Finding]:
    """Cells of every sheet, hidden ones too. Damaged and protected workbooks are refused by whoever opens them."""
    import python_calamine as calamine

    if raw.startswith(_OLE) and not can_be_parsed(raw):
        return
    try:
        book = calamine.load_workbook(io.BytesIO(without_far_cells(raw).raw))
        sheets = [
            (name, book.get_sheet_by_name(name).to_python(skip_empty_area=False)) for name in book.sheet_names
        ]
    except (calamine.CalamineError, *_DAMAGED, OSError, LxmlError):
        return
    except BaseException as wrong:
        if is_panic(wrong):
            return
        raise
    for name, rows in sheets:
        headed: set[int] = set()
        for at, row in enumerate(rows, start=1):
            for column, cell in enumerate(row):
                words = _words(cell)
                if isinstance(cell, str) and len(cell) < 30 and at <= 10 and says_identity(cell):
                    headed.add(column)
                if len(words) < 15:
                    continue
                numbers = in_code(words)
                if not numbers and column in headed and sum(map(str.isdigit, words)) >= 15:
                    numbers = (words,)
                if not numbers and not isinstance(cell, str):
                    numbers = identity_numbers(
                        f"身份证{words}"
                    )  # 18 digits typed as a number: the last are lost
                for number in numbers[:1]:
                    yield _found(
                        Place(file=place.file, sheet=name, row=at, cell=f"{column_letter(column)}{at}"),
                        number,
                    )


def _words(cell: Any) -> str:
    if isinstance(cell, str):
        return cell
    if isinstance(cell, float | int) and not isinstance(cell, bool) and abs(cell) >= 1e14:
        return f"{int(cell)}" if abs(cell) < 1e19 else ""
    return ""


def _in_parts(place: Place, raw: bytes) -> Iterator[Finding]:
    """Paragraphs of a Word file; comments, text boxes and properties of a workbook."""
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        for part in archive.infolist():
            low = part.filename.lower()
            if not low.endswith(".xml") or "/worksheets/" in low or low.endswith("sharedstrings.xml"):
                continue
            if not low.startswith(
                ("word/", "xl/comments", "xl/drawings", "xl/threaded", "docprops/", "content")
            ):
                continue
            text = _read(archive, part).decode("utf-8", "replace")
            for paragraph in _BREAK.split(text):
                for number in identity_numbers(_TAG.sub("", paragraph))[:1]:
                    yield _found(place, number)


def _in_far_cells(place: Place, raw: bytes) -> Iterator[Finding]:
    """Cells that the reader leaves out because they stand too far away: the file that is kept holds them all the same."""
    try:
        trimmed = without_far_cells(raw)
    except (*_DAMAGED, OSError, LxmlError):
        return
    if not trimmed.replaced:
        return
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        for part in archive.infolist():
            if part.filename in trimmed.replaced or part.filename.lower().endswith("sharedstrings.xml"):
                text = _read(archive, part).decode("utf-8", "replace")
                for words in _TAG.split(text):
                    for number in in_code(words)[:1]:
                        yield _found(place, number)


def _in_parquet(place: Place, raw: bytes) -> Iterator[Finding]:
    import polars as pl

    try:
        frame = pl.read_parquet(io.BytesIO(raw))
    except (pl.exceptions.PolarsError, OSError):
        return
    except BaseException as wrong:
        if is_panic(wrong):
            return
        raise
    for column in frame.select(pl.col(pl.String)).iter_columns():
        long = column.str.count_matches(r"\p{Nd}").fill_null(0) >= 15
        for at in long.arg_true().to_list():
            for number in in_code(column[at])[:1]:
                yield _found(Place(file=place.file, row=at + 2, column=column.name), number)


def _in_text(place: Place, raw: bytes) -> Iterator[Finding]:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = raw.decode("utf-16", "replace")
    else:
        try:
            text = raw.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = raw.decode("gb18030", "replace")
    if "\\u" in text:  # JSON may write a digit as \u0031
        text = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    for at, line in enumerate(text.splitlines(), start=1):
        if sum(map(str.isdigit, line)) < 15:
            continue
        for cell in re.split(r"[,;\t，|\"]", line):
            for number in in_code(cell)[:1]:
                yield _found(Place(file=place.file, line=at), number)
