"""Reading ledgers as offices keep them: every layout is understood, every error named by its cell, nothing lost."""

from __future__ import annotations

import contextlib
import io
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liangxin.files.ledger import LedgerFile, read_ledger
from liangxin.findings import InputError
from liangxin.registry.fields import FIELDS, ledger_schema
from liangxin.registry.town import Area, Town

HEADER = ["编号", "单位名称", "从业人数"]


def workbook(path: Path, rows: list[list[Any]], merges: tuple[str, ...] = (), sheet: str = "台账") -> Path:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.title = sheet
    for row in rows:
        page.append(row)
    for merge in merges:
        page.merge_cells(merge)
    book.save(path)
    return path


@pytest.fixture
def read(tmp_path: Path) -> Any:
    """Rows of a sheet, read as a ledger."""

    def reader(rows: list[list[Any]], *merges: str, **options: Any) -> LedgerFile:
        return read_ledger(workbook(tmp_path / "台账.xlsx", rows, merges), **options)

    return reader


def facts(ledger: LedgerFile, *names: str) -> list[tuple[Any, ...]]:
    return ledger.frame.select(names).rows()


def said(ledger: LedgerFile) -> list[tuple[str, str]]:
    return [(finding.code, finding.place.cell) for finding in ledger.findings]


@pytest.mark.clause("4.1")
def test_the_frame_is_exactly_the_schema(read: Any) -> None:
    """Columns that are not there are not yet known."""
    ledger = read([HEADER, ["1", "甲厂", 80]])
    assert dict(ledger.frame.schema) == ledger_schema()
    assert facts(ledger, "unit_id", "name", "staff", "revenue", "association") == [
        ("1", "甲厂", 80, None, None)
    ]
    assert ledger.findings == ()


# Headers


def test_title_and_unit_rows_above(read: Any) -> None:
    """The header is where the fields are named, not in row 1."""
    ledger = read(
        [["长乐镇摸底台账"], ["填报单位：长乐镇", None, "2011年8月"], [], HEADER, ["1", "甲厂", 80]]
    )
    assert facts(ledger, "name", "staff") == [("甲厂", 80)]
    assert (ledger.layout.header_row, list(ledger.layout.rows)) == (4, [5])


def test_a_header_of_two_rows_with_merged_cells(read: Any) -> None:
    """«党员数» over «正式 | 预备 | 流动»; «编号» merged downwards."""
    rows = [
        ["编号", "单位名称", "党员数", None, None, "群团组织", None],
        [None, None, "正式", "预备", "流动", "工会", "妇联"],
        ["1", "甲厂", 3, 1, 0, "有", "无"],
    ]
    ledger = read(rows, "A1:A2", "B1:B2", "C1:E1", "F1:G1")
    names = ("full_members", "probationary_members", "mobile_members", "union", "womens_federation")
    assert facts(ledger, *names) == [(3, 1, 0, True, False)]
    assert ledger.findings == ()


def test_a_header_of_three_rows(read: Any) -> None:
    """«党员情况» over «流动党员» over «其中：大学生流动党员»."""
    rows = [
        ["编号", "单位名称", "党员情况", None, None],
        [None, None, "正式党员", "流动党员", None],
        [None, None, None, "流动党员数", "其中：大学生流动党员"],
        ["1", "甲厂", 3, 2, 1],
    ]
    ledger = read(rows, "A1:A3", "B1:B3", "C1:E1", "C2:C3", "D2:E2")
    assert facts(ledger, "full_members", "mobile_members", "graduate_mobile_members") == [(3, 2, 1)]


def test_merged_headers_in_a_csv(tmp_path: Path) -> None:
    """Where the merge is lost, the upper level reaches to the right."""
    path = tmp_path / "台账.csv"
    path.write_text("编号,单位名称,党员数,,\n,,正式,预备,流动\n1,甲厂,3,1,0\n", encoding="utf-8")
    ledger = read_ledger(path)
    assert facts(ledger, "full_members", "probationary_members", "mobile_members") == [(3, 1, 0)]
    assert ledger.layout.place(0, "mobile_members").column == "党员数/流动"


@pytest.mark.parametrize(
    "field", [field.name for field in FIELDS.values() if field.name not in ("unit_id", "name")]
)
def test_every_header_in_use(read: Any, field: str) -> None:
    """The label, the canonical name, the English label and each alias; with a star and spaces too."""
    known = FIELDS[field]
    for header in (
        known.label.zh,
        f" * {known.label.zh[0]} {known.label.zh[1:]}",
        field,
        known.label.en,
        *known.aliases,
    ):
        ledger = read([["编号", "单位名称", header], ["1", "甲厂", None]])
        assert field in ledger.layout.columns, header


@pytest.mark.clause("1.3")
@pytest.mark.parametrize(
    ("header", "title"),
    [
        ("年营业收入（元）", ""),
        ("年营业收入(单位:元)", ""),
        ("年营业收入", "单位：家、人、元"),
        ("年营业收入\n（元）", "单位：万元"),
    ],
)
def test_money_in_yuan_becomes_ten_thousands(read: Any, header: str, title: str) -> None:
    """The unit stands in the header or above the table; the header's wins."""
    ledger = read(
        [[title or "台账"], ["编号", "单位名称", header], ["1", "甲厂", 5000000], ["2", "乙厂", "4,999,900"]]
    )
    assert facts(ledger, "revenue") == [(500.0,), (499.99,)]


def test_a_row_of_units_or_column_numbers_below_the_header(read: Any) -> None:
    """«人», «元» and 甲 乙 1 2 are no units of the ledger; 元 counts."""
    header = ["编号", "单位名称", "从业人数", "年营业收入", "党员数"]
    ledger = read(
        [
            header,
            [None, None, "（人）", "（元）", "（人）"],
            ["甲", "乙", 1, 2, 3],
            ["1", "甲厂", 80, 5000000, 3],
        ]
    )
    assert facts(ledger, "name", "revenue") == [("甲厂", 500.0)]


def test_the_exact_header_wins_over_an_alias(read: Any) -> None:
    """党员数 may mean full members, but not beside 正式党员数; 序号 is not the number beside 编号."""
    header = ["序号", "编号", "单位名称", "党员数", "正式党员数"]
    ledger = read([header, [1, "CL7", "甲厂", 9, 3]])
    assert facts(ledger, "unit_id", "full_members") == [("CL7", 3)]
    assert said(ledger) == [("unused_column", "A1"), ("unused_column", "D1")]


def test_two_columns_of_the_same_header_are_refused(read: Any) -> None:
    """Nobody knows which one counts."""
    with pytest.raises(InputError) as error:
        read([[*HEADER, "从业人数"], ["1", "甲厂", 80, 90]])
    (finding,) = error.value.findings
    assert (finding.code, finding.place.cell, finding.found) == ("double_header", "D1", "C、D")


def test_an_unknown_column_is_said_with_its_likely_name(read: Any) -> None:
    """Not used, not an error."""
    ledger = read([[*HEADER, "法人手机", "从业人员数量数"], ["1", "甲厂", 80, "13800000000", 80]])
    assert said(ledger)[0] == ("unused_column", "D1")


# Rows


def test_totals_signatures_blanks_and_repeated_headers_are_skipped(read: Any) -> None:
    """And said once each, with their rows."""
    rows = [
        HEADER,
        ["1", "甲厂", 80],
        [],
        ["小计", None, 80],
        HEADER,
        ["2", "合计量具厂", 20],
        ["3", "小计算器店", 2],
        ["合 计", "3家", 102],
        ["填表人：张三", None, "审核人：李四"],
        ["注：本表一式两份"],
        ["本表由各村在八月底前上报"],
    ]
    ledger = read(rows)
    assert facts(ledger, "unit_id", "name") == [("1", "甲厂"), ("2", "合计量具厂"), ("3", "小计算器店")]
    assert {finding.code: finding.message.zh for finding in ledger.findings} == {
        "blank_row": "跳过空行1行：第3行",
        "totals_row": "跳过合计行2行：第4、8行",
        "header_again": "跳过重复的表头1行：第5行",
        "signature_row": "跳过签名、说明行3行：第9、10、11行",
    }


def test_a_lesser_table_above_is_not_lost(read: Any) -> None:
    """Its header names less, so that the one below is the ledger's; its units are not left without a word."""
    ledger = read([["单位名称", "从业人数"], ["丙厂", 5], [], [*HEADER, "工会"], ["1", "甲厂", 80, "有"]])
    assert facts(ledger, "name") == [("甲厂",)]
    assert [(finding.code, finding.place.row) for finding in ledger.errors] == [("table_above", 1)]


@pytest.mark.parametrize(
    ("row", "units", "code"),
    [
        ([None, "长乐镇", 85], 2, "totals_row"),  # no word says so: it is the sum
        ([None, "长乐镇", 99], 3, "perhaps_no_unit"),
        ([None, "以上", 85], 2, "totals_row"),
        ([None, "东村小计", 0], 2, "totals_row"),
        ([None, None, 85], 2, "totals_row"),
        ([None, None, 7], 3, "missing_name"),
        ([None, "鑫源五金店", None], 3, "perhaps_no_unit"),
        (["备忘", None, None], 2, "signature_row"),
    ],
)
def test_a_row_is_what_its_shape_says(read: Any, row: list[Any], units: int, code: str) -> None:
    """A row below two units, with no number of its own."""
    ledger = read(
        [[*HEADER, "党员数"], ["1", "甲厂", 80, 3], ["2", "乙厂", 5, 1], [*row, 4 if row[2] == 85 else None]]
    )
    assert (ledger.frame.height, code in {finding.code for finding in ledger.findings}) == (units, True)


def test_a_unit_merged_over_two_rows(read: Any) -> None:
    """One unit; what stands in its second row alone is said."""
    ledger = read([HEADER, ["1", "甲厂", 80], [None, None, 20], ["2", "乙厂", 5]], "A2:A3", "B2:B3")
    assert facts(ledger, "name", "staff") == [("甲厂", 80), ("乙厂", 5)]
    assert [(f.code, f.place.row) for f in ledger.findings] == [("perhaps_a_unit", 3)]


def test_a_summary_is_no_village(tmp_path: Path) -> None:
    """Its names are the sheets'; the sheets of two villages are one ledger, and a hidden one is said."""
    book = openpyxl.Workbook()
    summary = book.active
    assert summary is not None
    summary.title = "汇总"
    for row in (["单位名称", "从业人数", "党员数"], ["东村", 85, 4], ["西村", 7, 0]):
        summary.append(row)
    for name, units in (
        ("东村", [["1", "甲厂", 80], ["2", "乙厂", 5]]),
        ("西村", [["3", "丙厂", 7]]),
        ("草稿", [["9", "丁厂", 1]]),
    ):
        page = book.create_sheet(name)
        for row in (HEADER, *units):
            page.append(row)
    book["草稿"].sheet_state = "hidden"
    book.save(tmp_path / "a.xlsx")
    ledger = read_ledger(tmp_path / "a.xlsx")
    assert facts(ledger, "name", "village") == [("甲厂", "东村"), ("乙厂", "东村"), ("丙厂", "西村")]
    assert {"summary_sheet", "hidden_sheet"} < {finding.code for finding in ledger.findings}


def test_days_counted_from_1904(tmp_path: Path) -> None:
    """Also where the cell is formatted as a number."""
    book = openpyxl.Workbook()
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    page = book.active
    assert page is not None
    page.append([*HEADER, "摸底日期"])
    page.append(["1", "甲厂", 5, 39302])
    page.append(["2", "乙厂", 5, date(2011, 8, 9)])
    book.save(tmp_path / "a.xlsx")
    assert facts(read_ledger(tmp_path / "a.xlsx"), "surveyed_on") == [(date(2011, 8, 9),)] * 2


@pytest.mark.parametrize(
    ("levels", "field", "value"),
    [
        (["党员情况", "合计", "其中：预备"], "full_members", 2),
        (["党员", "总人数", "预备党员"], "full_members", 2),
        (["从业人数", "总数", "其中：女职工"], "staff", 3),
    ],
)
def test_wholes_and_parts_in_two_levels(read: Any, levels: list[str], field: str, value: int) -> None:
    """总数 and 合计 are the whole of what stands above; 其中 is a part."""
    upper, whole, part = levels
    rows = [
        ["编号", "单位名称", upper, None],
        [None, None, whole, part],
        ["1", "甲厂", 3, 1],
        ["2", "乙厂", 4, 0],
    ]
    assert facts(read(rows, "A1:A2", "B1:B2", "C1:D1"), field)[0] == (value,)


def test_a_row_without_a_name_is_not_lost(read: Any) -> None:
    """It is a unit with an error."""
    ledger = read([HEADER, ["1", None, 80], ["2", "乙厂", 5]])
    assert facts(ledger, "unit_id", "staff") == [("1", 80), ("2", 5)]
    assert said(ledger) == [("missing_name", "B2")]


def test_a_work_area_merged_over_its_units(read: Any) -> None:
    """Each has it; a number merged over two units belongs to nobody knows whom."""
    rows = [
        ["编号", "工作片", "单位名称", "从业人数"],
        ["1", "第一片", "甲厂", 80],
        ["2", None, "乙厂", None],
    ]
    ledger = read(rows, "B2:B3", "D2:D3")
    assert facts(ledger, "area", "staff") == [("第一片", 80), ("第一片", None)]
    assert said(ledger) == [("merged_cell", "D2")]


# Cells


def test_all_errors_at_once_by_cell(read: Any) -> None:
    """In the order of the sheet, each with what was found and what is accepted."""
    header = ["编号", "统一社会信用代码", "单位名称", "单位类别", "从业人数", "摸底日期", "工会"]
    ledger = read(
        [
            header,
            ["1", "9133O68314633680XL", "甲厂", "企业", "几十", date(2011, 8, 9), "有"],
            ["1", 913306831463368000, "乙厂", "工厂", 80.5, "2011年8月", "也许"],
        ]
    )
    assert said(ledger) == [
        ("double_id", "A2"),
        ("code_character", "B2"),
        ("not_a_number", "E2"),
        ("double_id", "A3"),
        ("lost_digits", "B3"),
        ("not_a_choice", "D3"),
        ("not_whole", "E3"),
        ("not_a_date", "F3"),
        ("not_yes_no", "G3"),
    ]
    assert facts(ledger, "uscc", "staff", "surveyed_on") == [
        (None, None, date(2011, 8, 9)),
        (None, None, None),
    ]
    assert ledger.errors[1].sentence("zh") == (
        "台账.xlsx 工作表“台账” 第2行 “统一社会信用代码”列 （B2）：代码里不会有这些字符：第5位“O”（不用 I、O、S、V、Z）。"
        "填写的是：9133O68314633680XL。可填：9133068314633680XL（最像的一个，请核对）"
    )
    assert ledger.errors[0].message.zh == "编号与第3行重复"


def test_an_identity_number_is_refused_and_never_repeated(read: Any) -> None:
    """Neither the frame nor the message holds it."""
    ledger = read([[*HEADER, "备注"], ["1", "甲厂", 80, "身份证11010519491231002X"]])
    assert said(ledger) == [("identity_number", "D2")]
    assert ledger.frame["remark"][0] is None
    assert "19491231" not in ledger.findings[0].sentence("zh")


def test_no_organization_is_more_than_not_known(read: Any) -> None:
    """«无» under 所属党组织 is the form "none"; empty stays 待核; a form that is given is not touched."""
    rows = [["1", "甲厂", "无", None], ["2", "乙厂", None, None], ["3", "丙厂", "未建", "单独组建"]]
    ledger = read([["编号", "单位名称", "所属党组织", "组建形式"], *rows])
    assert facts(ledger, "organization_id", "organization_form") == [
        (None, "none"),
        (None, None),
        (None, "separate"),
    ]
    assert said(ledger) == [("form_without_organization", "D4")]


def test_dates_of_excel(read: Any) -> None:
    """Typed dates, day numbers, texts: all the same day."""
    days = [datetime(2011, 8, 9), 40764, "2011.8.9", 20110809]
    ledger = read([[*HEADER, "摸底日期"], *[[str(n), f"厂{n}", 1, day] for n, day in enumerate(days)]])
    assert facts(ledger, "surveyed_on") == [(date(2011, 8, 9),)] * 4


def test_true_and_one_in_one_column(read: Any) -> None:
    """A truth value is no number, though Python thinks that True equals 1."""
    ledger = read([HEADER, ["1", "甲厂", 1], ["2", "乙厂", True]])
    assert facts(ledger, "staff") == [(1,), (None,)]
    assert said(ledger) == [("not_a_number", "C3")]


def test_formulas_without_values(read: Any) -> None:
    """Written by a program and never opened in Excel: said, not taken for empty."""
    ledger = read([HEADER, ["1", "甲厂", "=40+40"], ["2", "乙厂", "=1+1"]])
    (finding,) = ledger.errors
    assert (finding.code, finding.place.cell) == ("formula_without_value", "C2")
    assert finding.message.zh.startswith("2个公式没有算出的值")


def test_formulas_with_values(tmp_path: Path) -> None:
    """As Excel saves them; an empty text is a value too."""
    path = workbook(tmp_path / "a.xlsx", [HEADER, ["1", "甲厂", "=40+40"], ["2", "乙厂", '=""']])
    _edit_sheet(path, b"<f>40+40</f><v></v>", b"<f>40+40</f><v>80</v>")
    _edit_sheet(path, b'<c r="C3"><f>""</f><v></v>', b'<c r="C3" t="str"><f>""</f><v></v>')
    ledger = read_ledger(path)
    assert (facts(ledger, "staff"), ledger.findings) == ([(80,), (None,)], ())


def test_formulas_that_give_an_error(tmp_path: Path) -> None:
    """#N/A reads as empty in the parser; here it is an error in its cell."""
    path = workbook(tmp_path / "a.xlsx", [HEADER, ["1", "甲厂", "=NA()"], ["2", "乙厂", 5]])
    _edit_sheet(path, b'<c r="C2"><f>NA()</f><v></v>', b'<c r="C2" t="e"><f>NA()</f><v>#N/A</v>')
    ledger = read_ledger(path)
    assert (said(ledger), facts(ledger, "staff")) == ([("formula_error", "C2")], [(None,), (5,)])


def _edit_sheet(path: Path, old: bytes, new: bytes) -> None:
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    edited = parts[sheet].replace(b"<v />", b"<v></v>").replace(b"<v/>", b"<v></v>")
    assert old in edited
    parts[sheet] = edited.replace(old, new)
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


# Sheets


def test_the_sheet_that_looks_like_a_ledger(tmp_path: Path) -> None:
    """Not the cover; another one that could be a ledger is said, and can be named."""
    book = openpyxl.Workbook()
    cover = book.active
    assert cover is not None
    cover.append(["封面"])
    for name, firm in (("台账", "甲厂"), ("旧", "乙厂")):
        page = book.create_sheet(name)
        for row in ([*HEADER, "工会"] if name == "台账" else HEADER, ["1", firm, 80]):
            page.append(row)
    book.save(tmp_path / "a.xlsx")
    ledger = read_ledger(tmp_path / "a.xlsx")
    assert facts(ledger, "name") == [("甲厂",)]
    assert [(finding.code, finding.place.sheet) for finding in ledger.findings] == [("other_sheet", "旧")]
    assert facts(read_ledger(tmp_path / "a.xlsx", sheet="旧"), "name") == [("乙厂",)]
    with pytest.raises(InputError, match="没有这个工作表。填写的是：新。可填：Sheet、台账、旧"):
        read_ledger(tmp_path / "a.xlsx", sheet="新")


# Text files and parquet


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_text_tables(tmp_path: Path, encoding: str, delimiter: str) -> None:
    """In the encodings and with the delimiters in use; a quoted cell may hold the delimiter."""
    path = tmp_path / "a.csv"
    rows = [["编号", "单位名称", "从业人数"], ["1", f'"甲{delimiter}厂"', "80"], ["2", "㙟厂", "5"]]
    path.write_bytes("\r\n".join(delimiter.join(row) for row in rows).encode(encoding))
    ledger = read_ledger(path)
    inside = " " if delimiter == "\t" else delimiter
    assert facts(ledger, "name", "staff") == [(f"甲{inside}厂", 80), ("㙟厂", 5)]


def test_parquet_with_canonical_or_chinese_columns(tmp_path: Path) -> None:
    """Typed or as text; checked as any other."""
    pl.DataFrame({"unit_id": ["1"], "name": ["甲厂"], "staff": [80], "kind": ["enterprise"]}).write_parquet(
        tmp_path / "a"
    )
    pl.DataFrame(
        {"编号": ["1"], "单位名称": ["甲厂"], "从业人数": ["80人"], "单位类别": ["工厂"]}
    ).write_parquet(tmp_path / "b")
    assert facts(read_ledger(tmp_path / "a"), "name", "staff", "kind") == [("甲厂", 80, "enterprise")]
    ledger = read_ledger(tmp_path / "b")
    assert facts(ledger, "name", "staff", "kind") == [("甲厂", 80, None)]
    assert said(ledger) == [("not_a_choice", "D2")]


# With a town


def test_names_become_ids_with_a_town(read: Any) -> None:
    """Unknown ones are errors in their cells."""
    town = Town("镇", "1", (Area("A1", "第一工作片", "work_area"),))
    ledger = read(
        [[*HEADER, "工作片"], ["1", "甲厂", 1, "第一工作片"], ["2", "乙厂", 1, "第一片"]], town=town
    )
    assert facts(ledger, "area") == [("A1",), (None,)]
    assert said(ledger) == [("unknown_reference", "D3")]


# Files that cannot be used


def refusal(path: Path) -> str:
    with pytest.raises(InputError) as error:
        read_ledger(path)
    (finding,) = error.value.findings
    return finding.code


def test_wrong_files_get_one_clear_message(tmp_path: Path) -> None:
    """By content, whatever the name says."""
    good = workbook(tmp_path / "good.xlsx", [HEADER, ["1", "甲厂", 80]]).read_bytes()
    word = io.BytesIO()
    with zipfile.ZipFile(word, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    plain_zip = io.BytesIO()
    with zipfile.ZipFile(plain_zip, "w") as archive:
        archive.writestr("a.txt", "a")
    compound = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 22 + b"\x09" + b"\0" * 600
    cases = {
        "empty_file": b"",
        "damaged": good[: len(good) // 2],
        "wrong_file": word.getvalue(),
        "web_page": "<html><table><tr><td>编号</td></tr></table></html>".encode(),
        "protected": compound + "EncryptedPackage".encode("utf-16-le"),
        "encoding": b"\xff\x81\x00\x00,\xff",
        "bad_csv": '编号,单位名称\n1,"甲厂\n2,乙厂\n'.encode(),
        "no_header": "甲,乙\n1,2\n".encode(),
    }
    for code, content in cases.items():
        (tmp_path / "台账.xls").write_bytes(content)
        assert refusal(tmp_path / "台账.xls") == code
    others = {
        "pdf": b"%PDF-1.7",
        "zip": plain_zip.getvalue(),
        "doc": compound + "WordDocument".encode("utf-16-le"),
    }
    for content in others.values():
        (tmp_path / "台账.xlsx").write_bytes(content)
        assert refusal(tmp_path / "台账.xlsx") == "wrong_file"
    for content in (compound, compound[:100], compound[:44] + b"\xff" * 4 + compound[48:]):
        (tmp_path / "台账.xls").write_bytes(content)  # the last one says that it has 4 billion sectors
        assert refusal(tmp_path / "台账.xls") == "damaged"
    (tmp_path / "台账.parquet").write_bytes(b"PAR1" + b"\0" * 50)
    assert refusal(tmp_path / "台账.parquet") == "damaged"


shares = st.floats(0, 1, exclude_max=True)


@settings(max_examples=60, deadline=None)
@given(changes=st.lists(st.tuples(shares, st.integers(0, 255)), max_size=8), kept=st.just(1.0) | shares)
def test_a_damaged_workbook_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[float, int]], kept: float
) -> None:
    """Whatever bytes are changed or lost: a ledger or a clear message, never a crash."""
    path = tmp_path_factory.mktemp("damaged") / "台账.xlsx"
    raw = bytearray(workbook(path, [HEADER, ["1", "甲厂", "=40+40"]]).read_bytes())
    for share, byte in changes:
        raw[int(share * len(raw))] = byte
    path.write_bytes(raw[: int(kept * len(raw))])
    with contextlib.suppress(InputError):
        read_ledger(path)


@settings(max_examples=60, deadline=None)
@given(start=st.sampled_from([b"", b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf"]), rest=st.binary(max_size=40))
def test_any_text_file_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, start: bytes, rest: bytes
) -> None:
    """Whatever bytes follow the mark of an encoding: a ledger or a clear message, never a crash."""
    path = tmp_path_factory.mktemp("text") / "台账.csv"
    path.write_bytes(start + rest)
    with contextlib.suppress(InputError):
        read_ledger(path)


def test_ledgers_that_are_not_complete(tmp_path: Path) -> None:
    """An empty sheet, a header without units, no name column."""
    path = tmp_path / "台账.xlsx"
    assert refusal(workbook(path, [])) == "empty_sheet"
    assert refusal(workbook(path, [HEADER])) == "no_units"
    assert refusal(workbook(path, [["编号", "从业人数", "工会"], ["1", 80, "有"]])) == "missing_column"


def test_a_missing_file_is_an_os_error(tmp_path: Path) -> None:
    """The command line words it."""
    with pytest.raises(FileNotFoundError):
        read_ledger(tmp_path / "没有.xlsx")


def test_a_business_register_is_pointed_to_its_command(tmp_path: Path) -> None:
    """It has names and codes, but nothing that a survey finds out."""
    path = tmp_path / "登记.csv"
    path.write_text(
        "企业名称,统一社会信用代码,注册日期,企业类型,注册资金,经营范围,注册地址\n甲厂,9133068314633680XL,2011-08-09,私营,10万,电机,某村\n",
        encoding="utf-8",
    )
    with pytest.raises(InputError, match="liangxin register"):
        read_ledger(path)


def test_missing_numbers_are_given(read: Any) -> None:
    """With one warning, not one a row."""
    ledger = read([["单位名称", "从业人数"], ["甲厂", 80], ["乙厂", 5]])
    assert ledger.frame["unit_id"].n_unique() == 2
    assert [finding.code for finding in ledger.findings] == ["given_id"]


def test_accepted_raises_all_errors(read: Any) -> None:
    """For callers that cannot go on."""
    ledger = read([HEADER, ["1", "甲厂", "x"], ["2", "乙厂", "y"]])
    with pytest.raises(InputError) as error:
        ledger.accepted()
    assert len(error.value.findings) == 2
    good = read([HEADER, ["1", "甲厂", 1]])
    assert good.accepted() is good
