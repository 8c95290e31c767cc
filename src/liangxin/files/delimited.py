"""Text tables: csv and txt with comma, semicolon or tab, in UTF-8 or GB18030."""

from __future__ import annotations

import csv
import io
from typing import Final

from liangxin.findings import InputError, Place

_DELIMITERS: Final = (",", "\t", ";", "，", "|")


def read_delimited(file: str, raw: bytes) -> tuple[list[list[str]], bool]:
    """Rows of text cells, each as long as the longest, and whether the text ends in the middle of a row; the encoding
    and the delimiter are found out.

    Raises:
        InputError: neither UTF-8 nor GB18030, a quotation mark that is never closed, or no text at all.
    """
    text = _decode(file, raw)
    if "\x00" in text:
        raise InputError.of(
            "wrong_file", "这不是文本表格", "This is not a text table", place=Place(file=file)
        )
    delimiter = _delimiter(text)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as wrong:
        raise InputError.of(
            "bad_csv",
            f"CSV 的写法不对，多半是引号不成对：{wrong}",
            f"The CSV is malformed, most likely an unmatched quotation mark: {wrong}",
            place=Place(file=file),
        ) from None
    width = max(map(len, rows), default=0)
    cut = not text.endswith(("\n", "\r")) and len(rows) > 2 and len(rows[-1]) < min(map(len, rows[:-1]))
    while rows and not any(cell.strip() for cell in rows[-1]):
        rows.pop()
    return [row if len(row) == width else row + [""] * (width - len(row)) for row in rows], cut


def _decode(file: str, raw: bytes) -> str:
    marked = raw.startswith((b"\xff\xfe", b"\xfe\xff"))  # Excel's "Unicode text"
    encodings = ("utf-16",) if marked else ("utf-8-sig", "gb18030")
    wrong_at = 0
    for encoding in encodings:
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError as wrong:
            wrong_at = wrong.start
            if encoding == "utf-8-sig":
                _refuse_mixture(file, raw, wrong)
            continue
        return text
    raise InputError.of(
        "encoding",
        "认不出文件的编码（应是 UTF-8、GB18030 或 Excel 的“Unicode 文本”）",
        "The encoding is neither UTF-8 nor GB18030 nor the “Unicode text” of Excel",
        place=Place(file=file, line=raw.count(b"\n", 0, wrong_at) + 1),
    )


def _refuse_mixture(file: str, raw: bytes, wrong: UnicodeDecodeError) -> None:
    """Two encodings in one file (rows pasted together from two), or UTF-8 that ends in the middle of a character: read as
    GB18030 such lines would become other characters that look like names."""
    if wrong.reason == "unexpected end of data" and wrong.end >= len(raw):
        raise InputError.of(
            "damaged",
            "文件在一个字的中间断了，没有下载完或没有复制完。请重新取一份",
            "The file ends in the middle of a character: it was not fully downloaded or copied. Get it again",
            place=Place(file=file, line=raw.count(b"\n") + 1),
        )
    kinds = [_kind(line) for line in raw.splitlines()]
    if "utf-8" in kinds:
        fewer = min(("utf-8", "other"), key=kinds.count)
        lines = [number for number, kind in enumerate(kinds, start=1) if kind == fewer]
        shown = "、".join(map(str, lines[:20])) + ("…" if len(lines) > 20 else "")
        raise InputError.of(
            "mixed_encodings",
            f"文件里有两种编码：第{shown}行与其余的行不同，那里的字会变成乱码。请在 Excel 里打开，改好这些行，另存为 .xlsx",
            f"Two encodings in one file: lines {shown.replace('、', ', ')} differ from the rest and would read as garbled characters. Open it in Excel, correct these lines and save as .xlsx",
            place=Place(file=file, line=lines[0]),
        )


_SURE_BYTES: Final = 9  # three characters: fewer bytes of GB18030 may be good UTF-8 by chance


def _kind(line: bytes) -> str:
    """``utf-8`` where a line surely is, ``other`` where it is not, empty where it could be both."""
    high = sum(byte >= 0x80 for byte in line)
    try:
        line.decode("utf-8-sig")
    except UnicodeDecodeError:
        return "other"
    return "utf-8" if high >= _SURE_BYTES else ""


def _delimiter(text: str) -> str:
    """The one that stands most often, and about equally often, in the first lines."""
    lines = [line for line in text[:50_000].splitlines()[:20] if line.strip()]
    return max(_DELIMITERS, key=lambda mark: sorted(line.count(mark) for line in lines)[len(lines) // 2 :])
