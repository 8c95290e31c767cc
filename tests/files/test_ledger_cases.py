"""Made-up ledgers that were once read wrong, each an example of a kind: read right, or said."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from liangxin.files.annotated import FINDINGS_SHEET, write_annotated
from liangxin.files.ledger import LedgerFile, read_ledger
from liangxin.findings import InputError
from liangxin.registry.fields import FIELDS
from liangxin.registry.values import read_value

CASES = Path(__file__).parent / "cases" / "ledger"
NAMES = ["甲丰电机有限公司", "乙盛机械厂", "丙源纺织有限公司", "丁和塑料厂", "戊兴五金有限公司"]


def read(name: str, **options: Any) -> LedgerFile:
    return read_ledger(CASES / name, **options)


def codes(ledger: LedgerFile) -> set[str]:
    return {finding.code for finding in ledger.findings} - {"given_id", "unused_column"}


def refusal(name: str) -> tuple[str, str]:
    with pytest.raises(InputError) as refused:
        read(name)
    (finding,) = refused.value.findings
    return finding.code, finding.sentence("zh")


# Which rows are units


@pytest.mark.parametrize(
    ("name", "units", "said"),
    [
        ("05-subtotals-in-name.xlsx", 4, {"totals_row"}),
        ("06-notes-below.xlsx", 4, {"signature_row"}),
        ("06b-notes-in-name-col.xlsx", 4, {"signature_row"}),
        ("07-group-rows.xlsx", 5, {"group_row", "place_said_once"}),
        ("08-prenumbered-empty-rows.xlsx", 5, {"numbered_row"}),
        ("02-filtered-hidden-rows.xlsx", 5, {"hidden_rows"}),
        ("20-struck-through-row.xlsx", 5, {"struck_rows"}),
        ("18b-space-in-last-row.xlsx", 5, set()),
        ("17-300-columns.xlsx", 5, set()),
        ("26-traditional.xlsx", 5, set()),
    ],
)
def test_units_and_what_is_said(name: str, units: int, said: set[str]) -> None:
    """Exactly the units are read, nothing is an error, and what was left out is said."""
    ledger = read(name)
    assert ledger.frame["name"].to_list() == NAMES[:units]
    assert (ledger.errors, codes(ledger)) == ((), said)


def test_headings_give_the_village() -> None:
    """Units that name none get the one of the heading above them."""
    assert read("07-group-rows.xlsx").frame["village"].to_list() == ["东村", "东村", "西村", "西村", "南村"]


def test_a_second_table_is_one_message() -> None:
    """Where it begins; the units above are read, the rows below are not."""
    ledger = read("09-two-tables-stacked.xlsx")
    assert ledger.frame["name"].to_list() == NAMES[:3]
    assert [(finding.code, finding.place.row) for finding in ledger.errors] == [("second_table", 7)]


def test_a_sheet_for_each_village_is_one_ledger() -> None:
    """All 8 units; a cell of the third sheet is named by that sheet."""
    ledger = read("04-sheet-per-village.xlsx")
    assert ledger.frame.height == 8
    assert [part.sheet for part in ledger.layout.parts] == ["东村", "西村", "南村"]
    place = ledger.layout.place(7, "staff")
    assert (place.sheet, place.cell) == ("南村", "E5")


# Which column it is


@pytest.mark.parametrize("name", ["11-total-of-which-prob.xlsx", "11b-dangyuanshu-of-which-prob.xlsx"])
def test_probationary_members_are_part_of_all(name: str) -> None:
    """3 members, 1 of them probationary, are 2 full ones."""
    ledger = read(name)
    assert ledger.frame.select("full_members", "probationary_members").rows() == [(2, 1), (4, 0)]
    assert "members_reckoned" in codes(ledger)


def test_sales_are_the_revenue_and_output_is_said() -> None:
    """In 亿元, turned into 万元."""
    ledger = read("14e-sales-yi-and-output.xlsx")
    assert ledger.frame["revenue"].to_list() == [12000.0, 500.0]
    assert codes(ledger) == {"two_candidates"}


def test_other_words_are_known_and_nothing_is_suggested_by_letters() -> None:
    ledger = read("52-other-words.xlsx")
    facts = ("staff", "revenue", "full_members", "probationary_members", "organization_form")
    assert ledger.frame.select(facts).rows() == [(60, 800.0, 2, 1, "separate")]
    assert not any(finding.accepted for finding in ledger.findings if finding.code == "unused_column")


def test_unused_columns_are_one_line() -> None:
    ledger = read("17-300-columns.xlsx")
    assert sum(finding.code == "unused_column" for finding in ledger.findings) == 1


# What the cell says


@pytest.mark.parametrize(
    ("file", "field"), [("14-staff-texts.xlsx", "staff"), ("14b-revenue-texts.xlsx", "revenue")]
)
def test_amounts_in_words(file: str, field: str) -> None:
    """The column 备注 holds what each is; None is refused."""
    page = openpyxl.load_workbook(CASES / file).active
    assert page is not None
    for _, _, written, expected in page.iter_rows(min_row=2, values_only=True):
        value = read_value(FIELDS[field], written).value
        assert (written, None if value is None else float(value)) == (
            written,
            None if expected == "None" else float(str(expected)),
        )


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("41-biff.xls", {"formula_without_value"}),
        ("41b-wps.et", {"formula_without_value"}),
        ("43b-strict-uncached-formula.xlsx", {"formula_without_value"}),
        ("44b-no-refs-error-and-formula.xlsx", {"formula_without_value", "formula_error"}),
        ("44c-single-quoted-xml.xlsx", {"formula_without_value", "formula_error"}),
        ("42h-sci.csv", {"lost_digits"}),
        ("42m-utf8-cut.csv", {"cut_file", "not_a_date"}),
        ("42r-long-row.csv", {"long_row"}),
    ],
)
def test_what_cannot_be_read_is_an_error(name: str, said: set[str]) -> None:
    """In every format and spelling of it."""
    assert {finding.code for finding in read(name).errors} == said


def test_numbers_keep_the_zeros_they_are_shown_with() -> None:
    assert read("50-id-formats.xlsx").frame["unit_id"].to_list() == ["001", "002", "003", "3"]


def test_a_code_quoted_for_excel() -> None:
    """="9133…" is the code."""
    ledger = read("42f-equals-quoted.csv")
    assert (ledger.errors, ledger.frame["uscc"][0]) == ((), "91330683XL0000015D")


# Files that are refused


@pytest.mark.parametrize(
    ("name", "code", "words"),
    [
        ("24c-rar-renamed.xlsx", "wrong_file", "压缩包"),
        ("29b-header-in-row-45.xlsx", "low_header", "第45行"),
        ("42l-gbk-mixed.csv", "mixed_encodings", "第7行"),
        ("46-hidden-sheet-only.xlsx", "hidden_sheet", "“台账”"),
    ],
)
def test_refused_with_the_reason(name: str, code: str, words: str) -> None:
    found, sentence = refusal(name)
    assert (found, words in sentence) == (code, True)


# The workbook back


@pytest.mark.parametrize(
    "name",
    [
        "02-filtered-hidden-rows.xlsx",
        "04-sheet-per-village.xlsx",
        "09-two-tables-stacked.xlsx",
        "17-300-columns.xlsx",
        "18b-space-in-last-row.xlsx",
        "24f-xlsx-named.csv",
        "40-xlsx-named.xls",
        "41-biff.xls",
        "41b-wps.et",
        "42r-long-row.csv",
        "43-strict.xlsx",
        "43b-strict-uncached-formula.xlsx",
        "44b-no-refs-error-and-formula.xlsx",
        "44c-single-quoted-xml.xlsx",
    ],
)
def test_the_workbook_comes_back_with_everything(tmp_path: Path, name: str) -> None:
    """Whatever the file is called or however it is written: every finding that was counted is in it."""
    ledger = read(name)
    write_annotated(tmp_path / "back.xlsx", ledger)
    book = openpyxl.load_workbook(tmp_path / "back.xlsx")
    listed = book[FINDINGS_SHEET]
    assert listed.max_row == len(ledger.findings) + 1
    assert [row[5] for row in listed.iter_rows(min_row=2, values_only=True)] == [
        finding.message.zh for finding in ledger.findings
    ]
    for part in ledger.layout.parts:
        page = book[part.sheet or "台账"]
        assert page.cell(part.header_row, part.columns["name"].index + 1).value == "单位名称"
