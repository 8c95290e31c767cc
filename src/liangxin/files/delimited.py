"""Text tables: csv and txt with comma, semicolon or tab, in UTF-8 or GB18030."""

from __future__ import annotations

import csv
import io
from typing import Final

from liangxin.findings import InputError, Place

_DELIMITERS: Final = (",", "\t", ";", "，", "|")


def read_delimited(file: str, raw: bytes) -> list[list[str]]:
    """Rows of text cells, each as long as the longest; the encoding and the delimiter are found out.

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
    while rows and not any(cell.strip() for cell in rows[-1]):
        rows.pop()
    return [row if len(row) == width else row + [""] * (width - len(row)) for row in rows]


def _decode(file: str, raw: bytes) -> str:
    marked = raw.startswith((b"\xff\xfe", b"\xfe\xff"))  # Excel's "Unicode text"
    encodings = ("utf-16",) if marked else ("utf-8-sig", "gb18030")
    wrong_at = 0
    for encoding in encodings:
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError as wrong:
            wrong_at = wrong.start
    raise InputError.of(
        "encoding",
        "认不出文件的编码（应是 UTF-8、GB18030 或 Excel 的“Unicode 文本”）",
        "The encoding is neither UTF-8 nor GB18030 nor the “Unicode text” of Excel",
        place=Place(file=file, line=raw.count(b"\n", 0, wrong_at) + 1),
    )


def _delimiter(text: str) -> str:
    """The one that stands most often, and about equally often, in the first lines."""
    lines = [line for line in text[:50_000].splitlines()[:20] if line.strip()]
    return max(_DELIMITERS, key=lambda mark: sorted(line.count(mark) for line in lines)[len(lines) // 2 :])
