"""Exports of several providers, as files: csv in two encodings, xlsx, titles above, persons' columns dropped."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from liangxin.files.register import read_register
from liangxin.findings import InputError

LOCAL = "企业名称,统一社会信用代码,注册日期,企业类型,注册资金,经营范围,所在省份,地区,注册地址\n某市甲电器厂,91330000000000027U,1998-07-01,N/A,50万人民币,生产：电机。,某江,某州,柳县柳溪镇上杨村\n"


def written(tmp_path: Path, text: str, encoding: str = "utf-8", name: str = "导出.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    found = read_register(written(tmp_path, LOCAL, encoding))
    assert [row.text("name") for row in found.rows] == ["某市甲电器厂"]
    assert found.rows[0].number == 2
    assert found.columns["address"] == ("注册地址",)
    assert found.unused == ("所在省份", "地区")


def test_persons_columns_are_dropped_on_reading_and_named(tmp_path: Path) -> None:
    """Legal representatives, phones and identity numbers are not even part of what tells duplicates."""
    text = "公司名称,法定代表人,统一社会信用代码,电话,更多电话,身份证号,邮箱,注册地址\n甲厂,张三,,13800000000,,11010519491231002X,a@b.cn,柳溪镇\n"
    found = read_register(written(tmp_path, text))
    assert found.dropped == ("法定代表人", "电话", "更多电话", "身份证号", "邮箱")
    assert "张三" not in repr(found.rows)
    assert "11010519491231002X" not in repr(found.rows)


def test_the_headers_of_the_providers(tmp_path: Path) -> None:
    """公示系统, 天眼查, 企查查 and a local bureau name the same things differently."""
    for text in (
        "企业名称,统一社会信用代码/注册号,类型,成立日期,注册资本,住所,经营范围,登记机关,登记状态\n甲,9,乙,丙,丁,戊,己,庚,辛\n",
        "公司名称,经营状态,注册资本,成立日期,统一社会信用代码,企业类型,参保人数,企业地址,经营范围\n甲,辛,丁,丙,9,乙,3,戊,己\n",
        "企业名称,登记状态,注册资金(万元),注册时间,信用代码,公司类型,注册地址,业务范围,所属行业,经度,纬度\n甲,辛,丁,丙,9,乙,戊,己,38,1,2\n",
    ):
        cells = read_register(written(tmp_path, text)).rows[0].cells
        read = {
            key: cells[key]
            for key in ("name", "code", "type", "founded_on", "capital", "address", "scope", "state")
        }
        assert read == {
            "name": "甲",
            "code": "9",
            "type": "乙",
            "founded_on": "丙",
            "capital": "丁",
            "address": "戊",
            "scope": "己",
            "state": "辛",
        }


def test_of_several_codes_the_first_that_is_filled_in_is_read(tmp_path: Path) -> None:
    text = "企业名称,注册号,统一社会信用代码,地址\n甲,330000000000001,N/A,柳溪镇\n乙,330000000000002,91330000000000027U,柳溪镇\n"
    found = read_register(written(tmp_path, text))
    assert [row.text("code") for row in found.rows] == ["330000000000001", "91330000000000027U"]


def test_a_workbook_with_titles_above_and_blank_rows_within(tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    book.active.title = "说明"
    book.active.append(["本表由市场监管所导出"])
    sheet = book.create_sheet("企业")
    sheet.append(["柳溪镇企业登记情况"])
    sheet.append([])
    sheet.append(["企业名称", "注册号", "成立日期", "地址"])
    sheet.append(["甲厂", "330000000000001", date(1998, 7, 1), "柳溪镇"])
    sheet.append([])
    sheet.append(["乙厂", 330000000000002, "1999年8月", "柳溪镇"])
    path = tmp_path / "导出.xlsx"
    book.save(path)
    found = read_register(path)
    assert (found.sheet, found.blank_rows) == ("企业", 1)
    assert [(row.number, row.text("code"), row.text("founded_on")) for row in found.rows] == [
        (4, "330000000000001", "1998-07-01"),
        (6, "330000000000002", "1999年8月"),
    ]


def test_a_file_without_a_name_column_is_refused_with_what_is_accepted(tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        read_register(written(tmp_path, "企业名字,地址\n甲,乙\n"))
    (finding,) = refused.value.findings
    assert finding.code == "no_register_header"
    assert "企业名字" in finding.found
    assert "“企业名字”是不是“企业名称”" in finding.message.zh
    assert finding.accepted is not None


@pytest.mark.parametrize(
    ("content", "code"), [(b"", "empty_file"), (b"%PDF-1.4", "wrong_file"), (b"PK\x03\x04broken", "damaged")]
)
def test_files_that_are_no_table(tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(content)
    with pytest.raises(InputError) as refused:
        read_register(path)
    assert [finding.code for finding in refused.value.findings] == [code]


def test_formulas_without_stored_values_are_refused_by_cell(tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    book.active.append(["企业名称", "地址"])
    book.active.append(["=A3", "柳溪镇"])
    path = tmp_path / "公式.xlsx"
    book.save(path)
    with pytest.raises(InputError) as refused:
        read_register(path)
    assert [(f.code, f.place.cell) for f in refused.value.findings] == [("formula_without_value", "A2")]
