"""What is sent is looked at before it is opened: bombs, macros, links, entities, far cells, identity numbers."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import xlsxwriter

from liangxin.files.incoming import inspect
from liangxin.files.ledger import read_ledger
from liangxin.findings import InputError

NUMBER = "11010519491231002X"


def workbook(fill: Callable[[Any], None], **options: Any) -> bytes:
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, options) as book:
        fill(book.add_worksheet("名单"))
    return made.getvalue()


def good() -> bytes:
    return workbook(lambda sheet: sheet.write_row(0, 0, ["单位名称", "9133068314633680XL", "13812345678"]))


def with_parts(raw: bytes, **parts: bytes) -> bytes:
    made = io.BytesIO(raw)
    with zipfile.ZipFile(made, "a", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/"), content)
    return made.getvalue()


def codes(name: str, raw: bytes) -> list[str]:
    with pytest.raises(InputError) as refused:
        inspect(name, raw)
    assert all(each.place.file == name for each in refused.value.findings)
    return [each.code for each in refused.value.findings]


def test_usual_files_pass() -> None:
    """A workbook, a list as text, a picture, a map with long decimals."""
    inspect("名单.xlsx", good())
    inspect("名单.csv", "单位名称,代码\n长乐电机厂,9133068314633680XL\n".encode("gb18030"))
    inspect("照片.png", b"\x89PNG\r\n\x1a\n" + bytes(100))
    inspect("边界.geojson", b'{"coordinates": [120.330683801012345, 29.330683801012345]}')


def test_bomb_is_not_opened() -> None:
    """A small file that would be large: by its ratio, and by its number of parts."""
    assert ["upload-bomb"] == codes("a.xlsx", with_parts(good(), big=bytes(20 * 1024 * 1024)))
    many = {f"part{number}": b"x" for number in range(4001)}
    assert ["upload-bomb"] == codes("a.xlsx", with_parts(good(), **many))


def test_a_directory_that_lies_is_damage() -> None:
    """A part that unpacks to more than its entry says is not read on."""
    raw = bytearray(with_parts(good(), **{"xl__extra.xml": b"<a>" + b"x" * 5000 + b"</a>"}))
    at = raw.rfind(b"PK\x01\x02")
    raw[at + 24 : at + 28] = (10).to_bytes(4, "little")
    assert ["damaged"] == codes("a.xlsx", bytes(raw))


def test_macros_are_refused_by_name_and_by_content() -> None:
    """Also where the name says xlsx, and in the old format."""
    assert ["upload-macros"] == codes("a.xlsm", good())
    assert ["upload-macros"] == codes("a.xlsx", with_parts(good(), xl__vbaProject_bin=b"x"))
    assert ["upload-macros"] == codes(
        "a.xls", b"\xd0\xcf\x11\xe0" + bytes(50) + "_VBA_PROJECT".encode("utf-16-le")
    )


def test_links_to_elsewhere_are_refused_but_web_addresses_pass() -> None:
    """An external workbook, a template from a server; a hyperlink in a cell is only an address."""
    link = b'<Relationships><Relationship Id="r9" Type="x/attachedTemplate" Target="http://a/b" TargetMode="External"/></Relationships>'
    outside = {"xl/externalLinks/externalLink1.xml": b"<externalLink/>"}
    assert ["upload-links"] == codes("a.xlsx", with_parts(good(), **outside))
    assert ["upload-links"] == codes("a.docx", with_parts(good(), **{"word/_rels/settings.xml.rels": link}))
    inspect("a.xlsx", workbook(lambda sheet: sheet.write_url(0, 0, "https://example.org/")))


def test_entities_are_refused() -> None:
    """A document type in any part, whatever its encoding."""
    xml = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
    assert ["upload-entity"] == codes("a.xlsx", with_parts(good(), **{"xl__other.xml": xml.encode()}))
    assert ["upload-entity"] == codes("a.xlsx", with_parts(good(), **{"xl__other.xml": xml.encode("utf-16")}))


def test_one_far_cell_is_refused() -> None:
    """A filled cell in the last corner would be seventeen thousand million cells."""
    assert ["upload-extent"] == codes(
        "a.xlsx", workbook(lambda sheet: (sheet.write(0, 0, 1), sheet.write(1048575, 16383, 1)))
    )
    assert ["upload-extent"] == codes(
        "a.xlsx", workbook(lambda sheet: (sheet.write(0, 0, 1), sheet.write(999_999, 103, 1)))
    )


@pytest.mark.parametrize(
    "cell",
    ["<c r='XFD1048576'><v>1</v></c>", '<c\n r = "XFD1048576"><v>1</v></c>', "<c\tr='ZZZ9'><v>1</v></c>"],
)
def test_a_far_cell_is_seen_however_it_is_quoted(cell: str) -> None:
    """XML has two quotation marks and any blank; the reader of sheets knows them all."""
    sheet = f"<worksheet><sheetData><row r='1'>{cell}</row></sheetData></worksheet>".encode()
    assert ["upload-extent"] == codes("a.xlsx", with_parts(good(), **{"xl/worksheets/sheet9.xml": sheet}))


def test_programs_are_refused_whatever_they_are_called() -> None:
    """The kind is told by content."""
    assert ["upload-program"] == codes("名单.xlsx", b"MZ\x90\x00")


@pytest.mark.clause("4.1")
def test_identity_numbers_in_any_cell_of_any_sheet(tmp_path: Path) -> None:
    """As text, in a sentence, as a number that lost its last digits, on a hidden sheet, under a header that says so."""

    def fill(sheet: Any) -> None:
        sheet.write_row(0, 0, ["单位名称", "备注", "身份证号"])
        sheet.write_row(1, 0, ["甲厂", f"业主 {NUMBER}", ""])
        sheet.write_row(2, 0, ["乙厂", "", 110105194912310020])
        sheet.write_row(3, 0, ["丙厂", "", "110105198613310021"])

    with pytest.raises(InputError) as refused:
        inspect("名单.xlsx", workbook(fill))
    assert ["B2", "C3", "C4"] == [each.place.cell for each in refused.value.findings]
    assert NUMBER not in str(refused.value)
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        book.add_worksheet("名单").write(0, 0, "单位名称")
        hidden = book.add_worksheet("旧表")
        hidden.hide()
        hidden.write(4, 1, NUMBER.lower())
    with pytest.raises(InputError) as refused:
        inspect("a.xlsx", path.read_bytes())
    assert [("旧表", "B5")] == [(each.place.sheet, each.place.cell) for each in refused.value.findings]


def test_identity_numbers_in_texts_comments_paragraphs_and_columns(tmp_path: Path) -> None:
    """CSV in the older encoding, a comment of a cell, a Word paragraph in pieces, a Parquet column."""
    assert ["identity_number"] == codes("a.csv", f"名称,备注\n甲厂,业主{NUMBER}\n".encode("gb18030"))
    assert ["identity_number"] == codes(
        "a.xlsx", workbook(lambda sheet: (sheet.write(0, 0, "名称"), sheet.write_comment(0, 0, NUMBER)))
    )
    pieces = b"<w:p><w:r><w:t>110105</w:t></w:r><w:r><w:t>19491231002X</w:t></w:r></w:p>"
    assert ["identity_number"] == codes("a.docx", with_parts(good(), **{"word__document.xml": pieces}))
    path = tmp_path / "a.parquet"
    pl.DataFrame({"name": ["甲厂", "乙厂"], "remark": ["", NUMBER]}).write_parquet(path)
    assert ["identity_number"] == codes("a.parquet", path.read_bytes())


def test_old_registration_numbers_pass_in_their_own_cell() -> None:
    """330683 801011 23 and its check digit: a cell that is nothing but a good code."""
    from liangxin.registry.codes import registration_check_digit

    body = "33068380101123"
    inspect("a.csv", f"名称,代码\n甲厂,{body}{registration_check_digit(body)}\n".encode())


def test_blank_far_cells_are_no_harm(tmp_path: Path) -> None:
    """A blank in the last cell costs the reader nothing and passes. What is filled far below passes only near enough to
    be laid out, and an identity number in it is found though the reader leaves it out."""

    def fill(sheet: Any, place: tuple[int, int], words: str) -> None:
        sheet.write_row(0, 0, ["编号", "单位名称"])
        sheet.write_row(1, 0, ["1", "甲厂"])
        sheet.write_string(*place, words)

    blank = workbook(lambda sheet: fill(sheet, (1_048_575, 16_383), " "))
    inspect("a.xlsx", blank)
    (tmp_path / "a.xlsx").write_bytes(blank)
    assert read_ledger(tmp_path / "a.xlsx").frame.height == 1
    below = (50_000, 0)
    inspect("a.xlsx", workbook(lambda sheet: fill(sheet, below, "丙厂")))
    assert ["identity_number"] == codes("a.xlsx", workbook(lambda sheet: fill(sheet, below, NUMBER)))
    (tmp_path / "b.xlsx").write_bytes(workbook(lambda sheet: fill(sheet, below, "丙厂")))
    assert ["far_cells"] == [finding.code for finding in read_ledger(tmp_path / "b.xlsx").errors]
