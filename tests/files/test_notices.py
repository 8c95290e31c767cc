"""The text of a notice from Word, text and PDF; what cannot be read is refused in words."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from liangxin.files.notices import MOST_PAGES, decode_notice, read_notice
from liangxin.findings import InputError

WORDS = "一、目标\n到8月底，从业80人以上企业党组织覆盖率达到100%。"


def word(*paragraphs: str, rows: tuple[tuple[str, ...], ...] = ()) -> bytes:
    import docx

    document = docx.Document()
    for each in paragraphs:
        document.add_paragraph(each)
    if rows:
        table = document.add_table(len(rows), len(rows[0]))
        for at, row in enumerate(rows):
            for column, cell in enumerate(row):
                table.cell(at, column).text = cell
        document.add_paragraph("表后")
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def pdf(source: str) -> bytes:
    import typst

    made = typst.compile(source.encode(), format="pdf")
    assert isinstance(made, bytes)
    return made


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_text(encoding: str) -> None:
    assert WORDS == decode_notice("a.txt", WORDS.encode(encoding))


def test_word_with_a_table() -> None:
    """Paragraphs and tables in the order of the page; a row is a line, its cells parted by tabs."""
    raw = word("一、目标", rows=(("指标", "目标"), ("组建率", "35%")))
    assert "一、目标\n指标\t目标\n组建率\t35%\n表后" == decode_notice("a.docx", raw)


def test_pdf_rejoins_lines() -> None:
    """A paragraph broken by the edge of the page is one again; headings and numbered items are not drawn in."""
    long = "abcdefgh " * 30
    text = decode_notice("a.pdf", pdf(f"#set par(justify: true)\n{long}\n\n1\\. short\n\n2\\. last"))
    lines = text.splitlines()
    assert 3 == len(lines)
    assert ["1. short", "2. last"] == lines[1:]


@pytest.mark.parametrize(
    ("name", "raw", "code"),
    [
        ("a.txt", b"", "notice_empty"),
        ("a.docx", word(), "notice_empty"),
        ("a.pdf", pdf("#rect(width: 50%)"), "notice_scan"),
        ("a.pdf", b"%PDF-1.7\nbroken", "damaged"),
        ("a.docx", b"PK\x03\x04broken", "damaged"),
        ("a.doc", b"\xd0\xcf\x11\xe0" + b"\0" * 600, "notice_kind"),
        ("a.png", b"\x89PNG\r\n\x1a\n\0\0\0", "notice_kind"),
        ("a.pdf", pdf("#pagebreak()\n" * (MOST_PAGES + 1) + "a"), "notice_long"),
    ],
    ids=["empty", "empty-word", "scan", "broken-pdf", "broken-word", "old-word", "picture", "many-pages"],
)
def test_refused(name: str, raw: bytes, code: str) -> None:
    with pytest.raises(InputError) as refused:
        decode_notice(name, raw)
    (finding,) = refused.value.findings
    assert (code, name) == (finding.code, finding.place.file)


def test_an_identity_number_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(WORDS + "\n身份证号11010519491231002X", encoding="utf-8")
    with pytest.raises(InputError) as refused:
        read_notice(path)
    assert ["identity_number"] == [finding.code for finding in refused.value.findings]


def test_a_large_file_is_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    with path.open("wb") as file:
        file.truncate(31 * 1024 * 1024)
    with pytest.raises(InputError) as refused:
        read_notice(path)
    assert ["notice_large"] == [finding.code for finding in refused.value.findings]
