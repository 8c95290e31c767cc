"""``liangxin register`` from the file to the ledger: counts in two languages, JSON, exit codes, nothing half written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from liangxin.cli import main
from liangxin.files.ledger import read_ledger

TOWN = """format: liangxin.town/1
town: {name: 柳溪镇, code: "330683199"}
areas:
  - {id: A1, name: 第一工作片, kind: work_area}
  - {id: V1, name: 上杨村, kind: village, parent: A1}
"""
EXPORT = """企业名称,法定代表人,统一社会信用代码,企业类型,注册资金,经营范围,注册地址
某市甲电器厂,张三,,个人独资企业,50万人民币,生产：油烟机。,柳县柳溪镇上杨村
某市乙商店,李四,,集体所有制,N/A,零售：百货。,柳县柳溪镇上杨村
某市丙有限公司,王五,,N/A,若干,销售：茶叶。,柳县青石镇
某市丁厂,赵六,,N/A,N/A,,柳县柳溪镇新村路3号
"""


@pytest.fixture
def inputs(tmp_path: Path) -> Path:
    (tmp_path / "镇.yaml").write_text(TOWN, encoding="utf-8")
    (tmp_path / "导出.csv").write_text(EXPORT, encoding="gb18030")
    return tmp_path


def run(folder: Path, *more: str, out: str = "台账.xlsx") -> int:
    arguments = [
        "register",
        str(folder / "导出.csv"),
        "--town",
        str(folder / "镇.yaml"),
        "--out",
        str(folder / out),
    ]
    try:
        main([*arguments, "--as-of", "2011-08-15", *more])
    except SystemExit as ended:
        return int(ended.code or 0)
    return 0


@pytest.mark.clause("4.1")
def test_every_row_is_counted_and_the_ledger_reads_back(
    inputs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A register becomes the first list of the door-to-door survey."""
    assert run(inputs) == 0
    said = capsys.readouterr().out
    lines = [line.split() for line in said.splitlines() if line]
    assert ["合计", "4"] in lines
    assert ["范围外", "不在本镇", "1"] in lines
    assert "法定代表人" in said
    read = read_ledger(inputs / "台账.xlsx").accepted()
    assert read.frame["name"].to_list() == ["某市甲电器厂", "某市丁厂"]


def test_in_english(inputs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(inputs, "--lang", "en") == 0
    said = capsys.readouterr().out
    assert "In another town" in said
    assert "4 rows in the export, 2 units in the ledger" in said


def test_json_counts_add_up(inputs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(inputs, "--json") == 0
    made = json.loads(capsys.readouterr().out)
    assert (
        made["rows"] == sum(made["outcomes"].values()) == sum(item["rows"] for item in made["reasons"]) == 4
    )
    assert made["unreadable"] == 1
    assert made["dropped_columns"] == ["法定代表人"]


def test_an_export_without_names_is_refused_and_nothing_is_written(
    inputs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (inputs / "导出.csv").write_text("地址,电话\n柳溪镇,1\n", encoding="utf-8")
    assert run(inputs) == 1
    assert "找不到表头" in capsys.readouterr().err
    assert not (inputs / "台账.xlsx").exists()


def test_a_wrong_town_file_and_a_wrong_ending_exit_with_one(inputs: Path) -> None:
    assert run(inputs, out="台账.csv") == 1
    (inputs / "镇.yaml").write_text("format: liangxin.town/1\n", encoding="utf-8")
    assert run(inputs) == 1


def test_missing_options_are_wrong_usage() -> None:
    with pytest.raises(SystemExit) as ended:
        main(["register", "导出.csv"])
    assert ended.value.code == 2
