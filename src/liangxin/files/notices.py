"""The text of a notice from a Word, text or PDF file. Cells of a table are parted by tabs, rows by line ends."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from typing import Final

from liangxin.files.incoming import inspect
from liangxin.findings import InputError, Place
from liangxin.wording import Text

MOST_BYTES: Final = 30 * 1024 * 1024
MOST_PAGES: Final = 150
_KINDS: Final = Text(
    "Word（.docx）、文本（.txt）或有文字的 PDF", "Word (.docx), text (.txt) or a PDF with text in it"
)


def read_notice(path: Path) -> str:
    """The text of the file. Raises InputError for what cannot be read, in words; OSError as the disk says."""
    if path.stat().st_size > MOST_BYTES:
        raise _refused(
            path.name,
            "notice_large",
            f"文件太大：{path.stat().st_size / 1048576:.0f}兆",
            f"The file is too large: {path.stat().st_size / 1048576:.0f} MB",
            Text(f"不超过{MOST_BYTES // 1048576}兆", f"at most {MOST_BYTES // 1048576} MB"),
        )
    return decode_notice(path.name, path.read_bytes())


def decode_notice(name: str, raw: bytes) -> str:
    """As ``read_notice``, of bytes that somebody sent."""
    inspect(name, raw)
    if raw.startswith(b"%PDF-"):
        text = _of_pdf(name, raw)
    elif raw.startswith(b"PK"):
        text = _of_word(name, raw)
    elif raw.startswith(b"\xd0\xcf\x11\xe0"):
        raise _refused(
            name,
            "notice_kind",
            "这是旧格式的 Word 文件（.doc、.wps）",
            "This is a Word file of the old kind (.doc, .wps)",
            Text("另存为 .docx", "save it as .docx"),
        )
    else:
        text = _of_text(name, raw)
    if not text.strip():
        raise _refused(
            name,
            "notice_scan" if not raw.startswith(b"PK") and raw.strip() else "notice_empty",
            "文件里没有文字，可能是扫描件",
            "There is no text in the file; it may be a scan",
            Text("先用识别软件转成文字，核对后再来", "turn it into text first, and check that text"),
        )
    return text


def _of_text(name: str, raw: bytes) -> str:
    if b"\x00" in raw and not raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _refused(name, "notice_kind", "不认识这种文件", "This kind of file is not known", _KINDS)
    for encoding in ("utf-16",) if raw.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise _refused(name, "notice_kind", "读不出文字", "The text cannot be read", _KINDS)


def _of_word(name: str, raw: bytes) -> str:
    import docx
    from docx.table import Table
    from docx.text.paragraph import Paragraph

    try:
        document = docx.Document(io.BytesIO(raw))
    except (ValueError, KeyError, zipfile.BadZipFile):
        raise _refused(name, "notice_kind", "不是 Word 文件", "This is no Word file", _KINDS) from None
    lines: list[str] = []
    for part in document.iter_inner_content():
        if isinstance(part, Paragraph):
            lines.append(part.text)
        elif isinstance(part, Table):
            for row in part.rows:
                cells = dict.fromkeys(row.cells)  # a merged cell comes as often as the columns it spans
                lines.append("\t".join(" ".join(cell.text.split()) for cell in cells))
    return "\n".join(lines)


def _of_pdf(name: str, raw: bytes) -> str:
    import pypdf
    from pypdf.errors import PyPdfError

    try:
        reader = pypdf.PdfReader(io.BytesIO(raw))
        if reader.is_encrypted and not reader.decrypt(""):
            raise _refused(
                name, "notice_locked", "PDF 有密码", "The PDF has a password", Text("去掉密码", "remove it")
            )
        if len(reader.pages) > MOST_PAGES:
            raise _refused(
                name,
                "notice_long",
                f"太长：{len(reader.pages)}页；请只留通知本身",
                f"Too long: {len(reader.pages)} pages; keep the notice alone",
                Text(f"不超过{MOST_PAGES}页", f"at most {MOST_PAGES} pages"),
            )
        lines = [line for page in reader.pages for line in page.extract_text().splitlines()]
    except (PyPdfError, ValueError, KeyError, TypeError, RecursionError):
        raise _refused(
            name, "damaged", "PDF 不完整或已损坏", "The PDF is damaged", Text("重新取一份", "get it again")
        ) from None
    return _rejoined(lines)


_PAGE_NUMBER: Final = re.compile(r"\s*[-—－ ]*\d{1,3}[-—－ ]*\s*")
_NEW: Final = re.compile(
    r"\s*(?:[一二三四五六七八九十]+、|[（(][一二三四五六七八九十]+[）)]|\d{1,2}[.、．)]|附件)"
)


def _rejoined(lines: list[str]) -> str:
    """A PDF breaks a paragraph at the edge of the page: lines as long as the page is wide go on in the next."""
    lines = [line.rstrip() for line in lines if line.strip() and not _PAGE_NUMBER.fullmatch(line)]
    width = max((len(line) for line in lines), default=0)
    text = ""
    for line in lines:
        goes_on = text and not text.endswith("\n") and not _NEW.match(line)
        text += line.strip() if goes_on else ("" if text.endswith("\n") or not text else "\n") + line.strip()
        if len(line) < 0.85 * width:
            text += "\n"
    return text


def _refused(name: str, code: str, zh: str, en: str, accepted: Text) -> InputError:
    return InputError.of(code, zh, en, place=Place(file=name), accepted=accepted)
