"""A sheet parsed in two halves is the sheet."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liangxin.files import grid
from liangxin.files.grid import Grid, open_grids
from liangxin.files.sheet_xml import halves, sheet_xml

cells = st.none() | st.integers(0, 9) | st.sampled_from(["甲", "乙厂", ""]) | st.just(date(2011, 8, 9))


def in_halves(path: Path) -> list[Grid]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(grid, "LARGE", 0)
        return open_grids(path)


def saved(path: Path, rows: list[list[Any]], merge: str = "") -> Path:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    for row in rows:
        page.append(row)
    if merge:
        page.merge_cells(merge)
    book.create_sheet("别的")["B2"] = 1
    book.save(path)
    return path


@settings(max_examples=60, deadline=None)
@given(rows=st.lists(st.lists(cells, max_size=4), min_size=1, max_size=9))
def test_the_same_rows_whatever_is_in_them(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[Any]]
) -> None:
    """Empty rows at the cut, halves of different width, one that begins further right, dates, shared texts."""
    path = saved(tmp_path_factory.mktemp("halves") / "a.xlsx", [*rows, [1]])
    assert in_halves(path) == open_grids(path)


def test_merged_cells_and_faults_are_of_the_whole_sheet(tmp_path: Path) -> None:
    """They stand after the rows, or are looked for in all of them."""
    path = saved(tmp_path / "a.xlsx", [["甲", None], *[["=1+1", "乙"]] * 6], merge="A1:B1")
    first = in_halves(path)[0]
    assert first.merges == (((0, 0), (0, 1)),)
    assert first.faults.unvalued == ("A2", "A3", "A4", "A5", "A6", "A7")


def test_it_is_really_cut(tmp_path: Path) -> None:
    """Each half holds some rows; a sheet of one row, or of another form, is not cut."""
    raw = saved(tmp_path / "a.xlsx", [["甲"], ["乙"], ["丙"]]).read_bytes()
    parts = halves(raw, sheet_xml(raw, "Sheet"), tmp_path)  # type: ignore[arg-type]  # it is an xlsx
    assert parts is not None
    counts = [sheet_xml(part.read_bytes(), "Sheet").xml.count(b"<row r=") for part in parts]  # type: ignore[union-attr]
    assert sum(counts) == 3
    assert all(counts)
    single = saved(tmp_path / "b.xlsx", [["甲"]]).read_bytes()
    assert halves(single, sheet_xml(single, "Sheet"), tmp_path) is None  # type: ignore[arg-type]
    assert halves(raw, sheet_xml(raw, "Sheet"), tmp_path / "no such folder") is None  # type: ignore[arg-type]
    assert sheet_xml(b"not a workbook", "Sheet") is None
