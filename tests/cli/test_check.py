"""``liangxin check`` as a person and as a script use it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from liangxin.cli import main
from liangxin.files.ledger import read_ledger

GOOD = "编号,单位名称,从业人数\n1,甲厂,80\n"
BAD = "编号,单位名称,从业人数\n1,甲厂,几十\n1,乙厂,5\n3,丙厂,约5\n"


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Exit code, standard output, standard error."""
    code = 0
    try:
        main(["--lang", "zh", "check", *arguments])
    except SystemExit as ended:
        code = int(ended.code or 0)
    out, err = capsys.readouterr()
    return code, out, err


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "台账.csv"
    path.write_text(BAD, encoding="utf-8")
    return path


def test_a_good_ledger(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit 0 and one line with the counts."""
    (tmp_path / "台账.csv").write_text(GOOD, encoding="utf-8")
    assert run(capsys, str(tmp_path / "台账.csv")) == (
        0,
        "台账.csv：读到1家单位，无错误1家，有错误0家；错误0处，要核对0处（0家）。\n",
        "",
    )


def test_all_errors_by_row_and_column(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit 1; errors first, then what is to be looked at, then what to do."""
    code, out, _ = run(capsys, str(file))
    assert code == 1
    assert out.splitlines() == [
        "台账.csv：读到3家单位，无错误1家，有错误2家；错误3处，要核对1处（1家）。",
        "错误：",
        "  第2行 “编号”列 （A2）：编号与第3行重复。填写的是：1",
        "  第2行 “从业人数”列 （C2）：不是数字。填写的是：几十。可填：整数（人），0至300000",
        "  第3行 “编号”列 （A3）：编号与第2行重复。填写的是：1",
        "要核对：",
        "  第4行 “从业人数”列 （C4）：“约”不是确数，按5计。填写的是：约5",
        "加 --out 文件.xlsx，可把错误标在表里。",
    ]


def test_the_workbook_with_the_errors(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It is written also when there are errors, and is a ledger itself."""
    out = file.with_name("错误.xlsx")
    code, said, _ = run(capsys, str(file), "--out", str(out))
    assert (code, f"带错误信息的表：{out}" in said) == (1, True)
    assert len(read_ledger(out).errors) == 3


def test_json_for_scripts(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The same counts, every finding with its field and cell, both languages."""
    code, out, _ = run(capsys, str(file), "--json")
    found = json.loads(out)
    assert code == 1
    assert {key: found[key] for key in ("format", "units", "units_with_errors", "errors", "warnings")} == {
        "format": "liangxin.check/1",
        "units": 3,
        "units_with_errors": 2,
        "errors": 3,
        "warnings": 1,
    }
    assert found["findings"][1] == {
        "code": "not_a_number",
        "severity": "error",
        "message": {"zh": "不是数字", "en": "This is not a number"},
        "file": "台账.csv",
        "row": 2,
        "column": "从业人数",
        "cell": "C2",
        "field": "staff",
        "found": "几十",
        "accepted": {
            "zh": "整数（人），0至300000",
            "en": "a whole number (people), 0 to 300000",
        },
    }


def test_a_file_that_cannot_be_used(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One message on standard error, nothing on standard output; as JSON where that was asked for."""
    path = tmp_path / "台账.xlsx"
    path.write_bytes(b"%PDF-1.7")
    code, out, err = run(capsys, str(path))
    assert (code, out, err) == (1, "", "台账.xlsx：这是 PDF，不是表格\n")
    code, out, _ = run(capsys, str(path), "--json")
    assert (code, [item["code"] for item in json.loads(out)["findings"]]) == (1, ["wrong_file"])


def test_a_file_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit 1 with its name."""
    code, _, err = run(capsys, str(tmp_path / "没有.xlsx"))
    assert code == 1
    assert "找不到文件或文件夹" in err


def test_names_are_checked_against_the_town(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With --town; errors of the town file itself come by line."""
    (tmp_path / "台账.csv").write_text("编号,单位名称,工作片\n1,甲厂,第一工作区\n", encoding="utf-8")
    town = tmp_path / "镇.yaml"
    town.write_text(
        "town: {name: 镇, code: '1'}\nareas: [{id: A1, name: 第一工作片, kind: work_area}]\n",
        encoding="utf-8",
    )
    code, out, _ = run(capsys, str(tmp_path / "台账.csv"), "--town", str(town))
    assert (code, "没有这个工作片。填写的是：第一工作区。可填：第一工作片" in out) == (1, True)
    town.write_text(
        "town: {name: 镇, code: '1'}\nareas: [{id: A1, name: 第一工作片, kind: 片}]\n", encoding="utf-8"
    )
    code, _, err = run(capsys, str(tmp_path / "台账.csv"), "--town", str(town))
    assert (code, "镇.yaml 第2行第37列" in err) == (1, True)


def test_english(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Real English, the same facts."""
    with pytest.raises(SystemExit):
        main(["check", str(file), "--lang", "en"])
    assert "3 units read, 1 without errors, 2 with errors; 3 errors, 1 to check" in capsys.readouterr().out


def test_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    """No file named: exit 2."""
    assert run(capsys)[0] == 2
