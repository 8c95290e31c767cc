"""A reader that panics is damage, said clearly wherever a file is read; characters that nobody sees come in nowhere."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest
from tests.files.test_incoming import good, workbook

from liangxin.files.grid import open_grids
from liangxin.files.incoming import inspect
from liangxin.files.ledger import read_ledger
from liangxin.findings import InputError

PANIC = type("PanicException", (BaseException,), {})  # as pyo3 makes it: no Exception


def panic(*_: Any, **__: Any) -> Any:
    raise PANIC("index out of bounds")


@pytest.fixture
def reader_panics(monkeypatch: pytest.MonkeyPatch) -> None:
    import python_calamine

    monkeypatch.setattr(python_calamine, "load_workbook", panic)
    monkeypatch.setattr(pl, "read_parquet", panic)


@pytest.fixture(params=["xlsx", "parquet"])
def file(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / f"名单.{request.param}"
    if request.param == "xlsx":
        path.write_bytes(good())
    else:
        pl.DataFrame({"单位名称": ["长乐电机厂"]}).write_parquet(path)
    return path


def test_a_panic_is_damage(file: Path, reader_panics: None) -> None:
    with pytest.raises(InputError) as refused:
        read_ledger(file)
    assert ["damaged"] == [each.code for each in refused.value.findings]
    inspect(file.name, file.read_bytes())  # looked through for numbers before that: no error of its own


def test_the_command_says_it(file: Path, reader_panics: None, capsys: pytest.CaptureFixture[str]) -> None:
    from liangxin.cli import main

    with pytest.raises(SystemExit) as ended:
        main(["--lang", "zh", "check", str(file)])
    out, err = capsys.readouterr()
    assert 1 == ended.value.code and "已损坏" in out + err and "Panic" not in out + err


@pytest.mark.parametrize("at", range(0, 100, 9))
def test_no_damage_of_a_parquet_ends_the_reader(at: int, tmp_path: Path) -> None:
    path = tmp_path / "名单.parquet"
    pl.DataFrame({"单位名称": ["长乐电机厂"] * 50, "从业人数": list(range(50))}).write_parquet(path)
    raw = bytearray(path.read_bytes())
    for step in range(8):
        raw[4 + (at * 97 + step * 131) % (len(raw) - 8)] ^= 0xFF
    path.write_bytes(raw)
    try:
        read_ledger(path)
        inspect(path.name, bytes(raw))
    except InputError:
        pass


def test_an_escaped_nul_is_in_no_cell(tmp_path: Path) -> None:
    """``_x0000_`` is how a workbook writes a NUL: in a name, a header and a remark."""

    def fill(sheet: Any) -> None:
        sheet.write_row(0, 0, ["单位名称", "备\x00注", "从业人数"])
        sheet.write_row(1, 0, ["长乐\x00电机厂", "甲\x00乙", 9])

    path = tmp_path / "名单.xlsx"
    path.write_bytes(workbook(fill))
    (grid,) = open_grids(path)
    assert ["单位名称", "备注", "从业人数"] == list(grid.rows[0]) and ["长乐电机厂", "甲乙", 9] == list(
        grid.rows[1]
    )


def test_a_nul_in_a_column_name_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "名单.parquet"
    pl.DataFrame({"单位名称": ["长乐电机厂"], "a\x00b": ["x"]}).write_parquet(path)
    with pytest.raises(InputError) as refused:
        read_ledger(path)
    assert ["character"] == [each.code for each in refused.value.findings]
