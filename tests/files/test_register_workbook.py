"""The workbook: its ledger reads back without errors, and every row of the export stands on exactly one sheet."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from liangxin.files.ledger import read_ledger
from liangxin.files.register import RegisterFile
from liangxin.files.register_tables import REASONS, reason_counts, sheets
from liangxin.files.register_workbook import ledger_frame, write_register_workbook
from liangxin.findings import InputError
from liangxin.registry.codes import check_character, organization_check_character
from liangxin.registry.fields import ledger_schema
from liangxin.registry.register_rows import Outcome, RegisterRow, SortedRegister
from liangxin.registry.register_sorting import sort_register
from liangxin.registry.town import Area, Town

TOWN = Town(
    "柳溪镇",
    "990000101",
    (
        Area("A1", "第一工作片", "work_area"),
        Area("V1", "上杨村", "village", "A1"),
        Area("P1", "工业园区", "park", "A1"),
    ),
)


def credit_code(number: int) -> str:
    body = f"91330000{number:08d}"
    body += organization_check_character(body[8:])
    return body + check_character(body)


def made() -> tuple[SortedRegister, RegisterFile]:
    rows = [
        ("某市甲电器厂", credit_code(1), "个人独资企业", "50万人民币", "柳县柳溪镇上杨村", "生产：油烟机。"),
        ("某市甲电器厂", credit_code(1), "个人独资企业", "50万人民币", "柳县柳溪镇上杨村", "生产：油烟机。"),
        ("=某市乙有限公司", "坏代码12345", "N/A", "若干", "柳县柳溪镇新村路3号", "销售：茶叶。"),
        ("某市丙商店", credit_code(3), "集体所有制", "N/A", "柳县柳溪镇上杨村", ""),
        ("某市丁厂", credit_code(4), "N/A", "N/A", "柳县青石镇", ""),
        ("", credit_code(5), "N/A", "N/A", "柳县柳溪镇", ""),
        ("某市戊厂", "", "个体工商户", "N/A", "柳县柳溪镇工业园区", "加工：电机配件。"),
    ]
    names = ("name", "code", "type", "capital", "address", "scope")
    export = tuple(
        RegisterRow(number, dict(zip(names, cells, strict=True)), cells)
        for number, cells in enumerate(rows, 2)
    )
    columns = {name: (name,) for name in names}
    source = RegisterFile(Path("导出.csv"), "", export, columns, ("法定代表人",), ("省份",), 1)
    return sort_register(export, TOWN), source


def test_the_ledger_reads_back_as_it_was_made(tmp_path: Path) -> None:
    """No errors, the same units, places resolved to the town's ids; members and organization are not yet known."""
    result, source = made()
    path = tmp_path / "台账.xlsx"
    write_register_workbook(path, result, source, TOWN, as_of=date(2011, 8, 15))
    read = read_ledger(path, town=TOWN)
    assert [finding.sentence("zh") for finding in read.errors] == []
    assert read.frame.schema == ledger_schema()
    assert read.frame["name"].to_list() == ["某市甲电器厂", "=某市乙有限公司", "某市戊厂"]
    assert read.frame["area"].to_list() == ["A1", None, "A1"]
    assert read.frame["uscc"].to_list() == [credit_code(1), None, None]
    assert read.frame["full_members"].null_count() == read.frame.height == 3
    assert read.frame["industry"].null_count() == 3


def test_every_row_stands_on_exactly_one_sheet() -> None:
    result, source = made()
    tables = {table.sheet.zh: table for table in sheets(result, source)}
    outside = [
        *tables["范围外"].column("导出表行号"),
        *tables["重复"].column("导出表行号"),
        *tables["缺名称"].column("导出表行号"),
    ]
    ledger = [row.row.number for row in result.ledger]
    assert sorted([*outside, *ledger]) == [row.row.number for row in result.rows]
    assert ledger_frame(result, TOWN).height == len(ledger)


def test_the_summary_adds_up_to_the_export() -> None:
    result, source = made()
    summary = sheets(result, source)[0]
    assert sum(count for *_, count in reason_counts(result)) == len(source.rows) == 7
    assert sum(cell for cell in summary.column("行数") if isinstance(cell, int)) == 7
    assert any("法定代表人" in note.zh for note in summary.notes)


def test_names_to_add_are_counted() -> None:
    result, source = made()
    table = next(table for table in sheets(result, source) if table.sheet.zh == "待补地名")
    assert table.rows == (("新村路", 1, "柳县柳溪镇新村路3号", None),)


def test_every_reason_that_a_row_can_have_has_words() -> None:
    result, _ = made()
    assert {row.reason_id for row in result.rows} <= set(REASONS)
    assert all(text.zh and text.en for text in REASONS.values())
    assert {row.outcome for row in result.rows} == set(Outcome)


def test_an_export_without_a_single_unit_still_makes_a_workbook(tmp_path: Path) -> None:
    source = RegisterFile(Path("空.csv"), "", (), {"name": ("企业名称",)}, (), (), 0)
    path = tmp_path / "台账.xlsx"
    write_register_workbook(path, sort_register([], TOWN), source, TOWN, as_of=date(2011, 8, 15), lang="en")
    assert path.stat().st_size > 0


def test_another_ending_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    result, source = made()
    with pytest.raises(InputError):
        write_register_workbook(tmp_path / "台账.csv", result, source, TOWN, as_of=date(2011, 8, 15))
    assert list(tmp_path.iterdir()) == []
