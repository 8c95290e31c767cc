"""Writing ledgers: what is written reads back the same, prints as an office hands it in, and runs no formula."""

from __future__ import annotations

import re
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.registry.ledger_frame import ledger

from liangxin.files.ledger import read_ledger, write_ledger
from liangxin.findings import InputError
from liangxin.registry.codes import check_character, organization_check_character
from liangxin.registry.fields import FIELDS, Field, FieldType, ledger_schema

ENDINGS = (".xlsx", ".csv", ".parquet")

# Words as a ledger holds them: no control characters, nothing that means "not known" or "none" by itself.
words = st.text(
    st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5) | st.sampled_from("aZ09=+-@'\"<>&;,（）"),
    min_size=2,
    max_size=12,
).map(lambda text: "甲" + text)
names = words.map(lambda text: text.replace(";", "").replace(",", ""))


def numbers(least: float, most: float) -> st.SearchStrategy[float]:
    """With the 15 digits that Excel keeps."""
    return st.floats(least, most).map(lambda number: min(most, float(f"{number:.15g}")))


@st.composite
def codes(draw: st.DrawFn) -> str:
    body = "91330683" + draw(st.text("0123456789", min_size=8, max_size=8))
    body += organization_check_character(body[8:])
    return body + check_character(body)


def values(field: Field) -> st.SearchStrategy[Any]:
    """What a cell of this field may hold when it is right."""
    special = {
        "unit_id": words,
        "name": words,
        "uscc": codes(),
        "industry": st.sampled_from(["3812", "0111", "38"]),
        "lon": numbers(73, 136),
        "lat": numbers(3, 54),
        "leader_unit_id": st.none(),
        "chain_unit_ids": st.none(),
    }
    if field.name in special:
        return special[field.name]
    if field.choices is not None:
        return st.sampled_from(list(field.choices))
    return {
        FieldType.TEXT: words,
        FieldType.REFERENCE: words,
        FieldType.REFERENCES: st.lists(names, min_size=1, max_size=3, unique=True),
        FieldType.INTEGER: st.integers(0, int(field.maximum or 10**9)),
        FieldType.NUMBER: numbers(0, 1e9),
        FieldType.DATE: st.dates(date(1950, 1, 1), date(2100, 12, 31)),
        FieldType.BOOLEAN: st.booleans(),
    }[field.type]


@st.composite
def ledgers(draw: st.DrawFn) -> pl.DataFrame:
    ids = draw(st.lists(words, min_size=1, max_size=4, unique=True))
    rows = [
        {
            name: own_id
            if name == "unit_id"
            else draw(values(field) if name == "name" else st.none() | values(field))
            for name, field in FIELDS.items()
        }
        for own_id in ids
    ]
    return pl.DataFrame(rows, schema=ledger_schema(), orient="row")


@pytest.mark.parametrize("ending", ENDINGS)
@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(frame=ledgers())
def test_written_and_read_back_it_is_the_same(
    tmp_path_factory: pytest.TempPathFactory, ending: str, frame: pl.DataFrame
) -> None:
    """Every field, every kind of file; empty stays empty, numbers keep the digits that Excel has."""
    path = tmp_path_factory.mktemp("ledger") / f"台账{ending}"
    write_ledger(path, frame)
    assert read_ledger(path).frame.rows() == frame.rows()


def test_chosen_columns_only(tmp_path: Path) -> None:
    """In the ledger's order; the rest reads back as not yet known."""
    frame = ledger({"staff": 80, "full_members": 3})
    write_ledger(tmp_path / "a.xlsx", frame, columns=["staff", "name", "unit_id"])
    read = read_ledger(tmp_path / "a.xlsx")
    assert list(read.layout.columns) == ["unit_id", "name", "staff"]
    assert (read.frame["staff"][0], read.frame["full_members"][0]) == (80, None)


def test_no_cell_is_a_formula(tmp_path: Path) -> None:
    """A name that begins with = + - or @ stays a name, in Excel too."""
    evil = ["=HYPERLINK(1)", "+1+1", "-1厂", "@SUM(1)", "http://a.b/厂"]
    write_ledger(tmp_path / "a.xlsx", ledger(*[{"name": name} for name in evil]))
    assert read_ledger(tmp_path / "a.xlsx").frame["name"].to_list() == evil
    with zipfile.ZipFile(tmp_path / "a.xlsx") as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
        assert b"<f>" not in sheet
        assert b"<hyperlink" not in sheet


def test_codes_and_numbers_with_leading_zeros_are_text(tmp_path: Path) -> None:
    """Excel would drop digits of the one and zeros of the other."""
    write_ledger(
        tmp_path / "a.xlsx", ledger({"unit_id": "007", "uscc": "9133068314633680XL", "industry": "0111"})
    )
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx")["台账"]
    cells = {sheet.cell(3, column).value: sheet.cell(4, column) for column in range(1, sheet.max_column + 1)}
    for header, text in {"编号": "007", "统一社会信用代码": "9133068314633680XL", "行业代码": "0111"}.items():
        assert (cells[header].value, cells[header].data_type, cells[header].number_format) == (text, "s", "@")


def test_it_prints_as_an_office_hands_it_in(tmp_path: Path) -> None:
    """Title, units, frozen and repeated header and first columns, A3 across, filter, signatures in the print area."""
    write_ledger(tmp_path / "a.xlsx", ledger({}, {}), title="长乐镇两新组织摸底台账")
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx")["台账"]
    assert sheet["A1"].value == "长乐镇两新组织摸底台账"
    assert str(sheet["A2"].value).startswith("单位：家、人、万元")
    assert (sheet.freeze_panes, sheet.print_title_rows, sheet.print_title_cols) == ("D4", "$3:$3", "$A:$C")
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 8)
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (3, 0)
    assert sheet.auto_filter.ref == "A3:AP5"
    assert sheet.print_area == "'台账'!$A$1:$AP$7"
    assert all(word in str(sheet["A7"].value) for word in ("填表人", "审核人", "填报日期", "盖章"))


def test_a_csv_opens_in_excel_without_garbling(tmp_path: Path) -> None:
    """UTF-8 with the mark that Excel looks for, and Chinese words."""
    write_ledger(tmp_path / "a.csv", ledger({"kind": "household", "union": False}))
    text = (tmp_path / "a.csv").read_bytes()
    assert text.startswith("\ufeff编号,统一社会信用代码,单位名称,单位类别".encode())
    assert "个体工商户" in text.decode("utf-8-sig")


def test_an_unknown_ending_is_refused(tmp_path: Path) -> None:
    """Before anything is written."""
    with pytest.raises(InputError, match=r"\.xlsx、\.csv、\.parquet"):
        write_ledger(tmp_path / "a.doc", ledger({}))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_a_large_ledger_is_written_with_little_memory(tmp_path: Path) -> None:
    """Above 20,000 units rows are not kept, and empty cells are not written one by one; the content is the same."""
    frame = ledger({"staff": 80, "surveyed_on": date(2011, 8, 9)}).select(
        pl.all().repeat_by(20_001).explode()
    )
    frame = frame.with_columns(
        unit_id="U" + pl.int_range(pl.len()).cast(pl.String),
        name="厂" + pl.int_range(pl.len()).cast(pl.String),
    )
    write_ledger(tmp_path / "a.xlsx", frame)
    assert read_ledger(tmp_path / "a.xlsx").frame.equals(frame)


def test_no_text_becomes_a_formula_and_all_read_back(tmp_path: Path) -> None:
    """In CSV an apostrophe stands before what would begin one, in a workbook the cell is a text; both read back the same."""
    import openpyxl

    names = ["=1+1", "@SUM(A1)", "+86公司", "-减号厂", "'引号厂", "\t制表厂"]
    frame = ledger(*({"unit_id": f"U{at}", "name": name, "remark": name} for at, name in enumerate(names)))
    for kind in ("csv", "xlsx"):
        path = tmp_path / f"ledger.{kind}"
        write_ledger(path, frame)
        assert frame["remark"].str.strip_chars().to_list() == read_ledger(path).frame["remark"].to_list(), (
            kind
        )
    text = (tmp_path / "ledger.csv").read_text(encoding="utf-8-sig")
    assert not re.search(r"(?:^|,)\"?[=+@\t-](?!\d)", text, re.M)
    sheet = openpyxl.load_workbook(tmp_path / "ledger.xlsx").active
    assert not any(cell.data_type == "f" for row in sheet.iter_rows() for cell in row)
