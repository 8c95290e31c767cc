"""The same workbook back: errors in their rows, wrong cells red, everything else untouched, and it reads again."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.styles import Font, PatternFill
from openpyxl.workbook import Workbook

from liangxin.files import annotated
from liangxin.files.annotated import write_annotated
from liangxin.files.ledger import read_ledger
from liangxin.findings import InputError

RED, AMBER = "00FFC7CE", "00FFEB9C"


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """Two header rows, four units, a second sheet with a formula, formats of the office's own."""
    made = openpyxl.Workbook()
    page = made.active
    assert page is not None
    page.title = "台账"
    rows: list[list[Any]] = [
        ["长乐镇台账"],
        ["编号", "单位名称", "统一社会信用代码", "党员数", None, "工作片", "摸底日期"],
        [None, None, None, "正式", "预备", None, None],
        ["1", "甲厂", "9133068314633680XL", 3, 0, "第一片", date(2011, 8, 9)],
        ["2", "乙厂", 913306831463368000, "几", 0, None, date(2011, 8, 9)],
        ["3", "丙厂", None, "约5", 0, None, None],
        ["合计", None, None, "=SUM(D4:D6)", None, None, None],
    ]
    for row in rows:
        page.append(row)
    for merge in ("A1:G1", "A2:A3", "B2:B3", "C2:C3", "D2:E2", "F2:F3", "G2:G3", "F4:F6"):
        page.merge_cells(merge)
    page["A4"].fill = PatternFill("solid", fgColor="00B0F0")
    page["B4"].font = Font(name="楷体", size=14)
    page.column_dimensions["B"].width = 33
    made.create_sheet("说明")["A1"] = "=1+1"
    made.save(tmp_path / "台账.xlsx")
    return tmp_path / "台账.xlsx"


def returned(path: Path, name: str = "错误.xlsx") -> Workbook:
    write_annotated(path.with_name(name), read_ledger(path))
    return openpyxl.load_workbook(path.with_name(name))


def test_errors_stand_in_their_rows(book: Path) -> None:
    """In a column at the right; rows without errors have none."""
    page = returned(book)["台账"]
    assert [page.cell(row, 8).value for row in (3, 4)] == ["错误信息", None]
    assert page.cell(5, 8).value == (
        "“统一社会信用代码”列：这一格是数字格式，Excel 只保留15位，后面几位已丢失；请把单元格设为文本后重新填写\n"
        "“党员数/正式”列：不是数字。可填：整数（人），0至20000"
    )
    assert page.cell(6, 8).value == "（核对）“党员数/正式”列：“约”不是确数，按5计"


def test_wrong_cells_are_red_and_doubtful_ones_amber(book: Path) -> None:
    """And the cell of a code that lost digits is text now, so that the code typed again stays whole."""
    page = returned(book)["台账"]
    fills = {
        cell.coordinate: cell.fill.fgColor.rgb
        for row in page.iter_rows()
        for cell in row
        if cell.fill.fill_type
    }
    assert fills == {"A4": "0000B0F0", "C5": RED, "D5": RED, "D6": AMBER}
    assert page["C5"].number_format == "@"


def test_everything_else_stays(book: Path) -> None:
    """Formats, widths, merged cells, formulas, other sheets."""
    made = returned(book)
    page = made["台账"]
    assert made.sheetnames == ["台账", "说明", "检查结果"]
    assert made["说明"]["A1"].value == "=1+1"
    assert page["D7"].value == "=SUM(D4:D6)"
    assert (page["B4"].font.name, page["B4"].font.size, page.column_dimensions["B"].width) == ("楷体", 14, 33)
    assert "F4:F6" in {str(merge) for merge in page.merged_cells.ranges}


def test_corrected_it_reads_again(book: Path) -> None:
    """The error column is no data; a second check clears the first one's marks and uses the same column."""
    made = returned(book)
    page = made["台账"]
    page["C5"], page["D5"] = "9133068314634982X4", 4
    made.save(book.with_name("改好.xlsx"))
    again = read_ledger(book.with_name("改好.xlsx"))
    assert again.errors == ()
    assert again.frame["full_members"].to_list() == [3, 4, 5]
    assert "unused_column" not in {finding.code for finding in again.findings}
    page = returned(book.with_name("改好.xlsx"), "再查.xlsx")["台账"]
    assert page.max_column == 8
    assert (page["C5"].fill.fill_type, page["D6"].fill.fgColor.rgb) == (None, AMBER)
    assert page["H5"].value is None


def test_a_large_workbook_is_written_anew(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same cells at the same places, merged ones taken apart, all sheets; and it reads as the same ledger."""
    monkeypatch.setattr(annotated, "EDITABLE_CELLS", 0)
    made = returned(book)
    page = made["台账"]
    assert [page.cell(row, 8).value is not None for row in range(1, 8)] == [
        False,
        False,
        True,
        False,
        True,
        True,
        False,
    ]
    assert page["D5"].fill.fgColor.rgb == "FFFFC7CE"
    assert [page.cell(row, 6).value for row in (4, 5, 6)] == ["第一片"] * 3
    first, again = read_ledger(book), read_ledger(book.with_name("错误.xlsx"))
    assert again.frame.equals(first.frame)
    assert [finding.code for finding in again.errors] == [finding.code for finding in first.errors]


@pytest.mark.parametrize("ending", [".csv", ".parquet"])
def test_text_and_parquet_come_back_as_a_workbook(tmp_path: Path, ending: str) -> None:
    """With the same columns in the same rows."""
    import polars as pl

    table = pl.DataFrame({"编号": ["1", "2"], "单位名称": ["甲厂", "=乙厂"], "从业人数": ["80", "x"]})
    path = tmp_path / f"台账{ending}"
    if ending == ".csv":
        table.write_csv(path)
    else:
        table.write_parquet(path)
    write_annotated(tmp_path / "错误.xlsx", read_ledger(path))
    page = openpyxl.load_workbook(tmp_path / "错误.xlsx").worksheets[0]
    assert [[cell.value for cell in row] for row in page.iter_rows(max_col=3)] == [
        ["编号", "单位名称", "从业人数"],
        ["1", "甲厂", "80"],
        ["2", "=乙厂", "x"],
    ]
    assert page["B3"].data_type == "s"
    assert str(page["D3"].value).startswith("“从业人数”列：不是数字")


def test_the_ledger_itself_is_not_overwritten(book: Path) -> None:
    """Nor is another kind of file made."""
    ledger = read_ledger(book)
    before = book.read_bytes()
    for target in (book, book.with_suffix(".csv")):
        with pytest.raises(InputError):
            write_annotated(target, ledger)
    assert book.read_bytes() == before
