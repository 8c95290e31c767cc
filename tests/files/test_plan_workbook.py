"""plan.xlsx: every list is there, its totals are the plan's numbers, and it prints as an office hands it in."""

from __future__ import annotations

import subprocess
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from liangxin.coverage import listing
from liangxin.coverage.rate import Rate
from liangxin.files.dossier import Dossier
from liangxin.files.office_sheet import sheet_name
from liangxin.files.plan_tables import met, span, unit_names
from liangxin.files.plan_workbook import plan_sheets, write_plan_workbook
from liangxin.files.tables import Column, Kind, Table, lines_needed, width
from liangxin.wording import LANGUAGES, Lang, Text


@pytest.fixture(scope="module")
def workbook(dossier: Dossier, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("xlsx") / "plan.xlsx"
    write_plan_workbook(path, dossier)
    return path


@pytest.fixture(scope="module")
def sheets(workbook: Path) -> dict[str, Any]:
    book = openpyxl.load_workbook(workbook)
    return {sheet.title: sheet for sheet in book}


def records(sheet: Any) -> list[dict[str, Any]]:
    """The rows between the header and the total, by header."""
    grid = [list(row) for row in sheet.iter_rows(values_only=True)]
    headers = grid[3]
    end = next(at for at, row in enumerate(grid) if at > 3 and str(row[0]).startswith(("合计", "无", "没有")))
    return [dict(zip(headers, row, strict=True)) for row in grid[4:end]]


def test_every_list_has_its_sheet(sheets: dict[str, Any]) -> None:
    """Contents first, then the lists that 4.1 and the plan ask for."""
    assert list(sheets) == [
        "目录",
        "指标",
        "一企一策名册",
        "拟建党组织",
        "应建未建名册",
        "有党员未建名册",
        "剥离名单",
        "指导员联系名单",
        "30人以下",
        "30-49人",
        "50-79人且500万元以下",
        "80人以上以及50-79人且500万元以上",
        "民办非企业单位",
        "社会中介组织",
        "社会团体",
        "规模待核",
        "移出基数",
        "未满足",
    ]  # fmt: skip


@pytest.mark.clause("4.1")
def test_one_measure_for_each(dossier: Dossier, sheets: dict[str, Any]) -> None:
    """Every unit of the base is on the roster once, with a measure; nothing is due where nothing changes."""
    roster = records(sheets["一企一策名册"])
    assert {row["编号"] for row in roster} == {unit.unit_id for unit in dossier.plan.units}
    assert len(roster) == dossier.plan.roster.in_scope
    assert all(row["对策措施"] and row["状态"] and row["推进组"] for row in roster)
    hosts = {row["编号"]: row["对策措施"] for row in roster}
    assert hosts["2"] == "作为主单位牵头，会同2家单位筹建联合党组织，收齐挂靠承诺书后报批"
    assert hosts["3"] == "签订挂靠承诺书，由主单位永顺&<兴达>电机厂牵头加入联合党组织"
    assert hosts["5"] == "与下水村党组织协商挂靠，单位签订挂靠承诺书"
    assert hosts["8"] == "已具备单独组建条件，从“新昌联合党支部”剥离，另行报批成立"


@pytest.mark.clause("4.1")
def test_size_lists_lose_nobody(dossier: Dossier, sheets: dict[str, Any]) -> None:
    """The lists by size class and the one of unknown size together are the base, each unit once."""
    names = list(sheets)[8:16]
    listed = [row["编号"] for name in names for row in records(sheets[name])]
    assert sorted(listed) == sorted(row["unit_id"] for row in dossier.in_scope)
    assert [row["编号"] for row in records(sheets["规模待核"])] == ["7"]
    assert [row["编号"] for row in records(sheets["民办非企业单位"])] == ["12"]


@pytest.mark.clause("1.1", "4.1")
def test_number_is_list_is_sheet(dossier: Dossier, sheets: dict[str, Any]) -> None:
    """What 1.1 lacks is the same on the indicator sheet, in the list behind it, and on the roster."""
    indicator = next(row for row in records(sheets["指标"]) if row["条款"] == "1.1")
    missing = set(listing(dossier.classification, "1.1", "missing")["unit_id"])
    roster = {row["编号"] for row in records(sheets["有党员未建名册"])}
    assert indicator["现状：分母"] - indicator["现状：分子"] == len(missing)
    assert missing == {id for id in roster if dossier.units[id]["kind"] == "enterprise"}


def test_indicators_are_the_plan_s(dossier: Dossier, sheets: dict[str, Any]) -> None:
    """Every indicator with both its numbers, before and after."""
    rows = {row["指标"]: row for row in records(sheets["指标"])}
    for change in dossier.plan.indicators:
        row = rows[change.label.zh]
        assert (row["现状：分子"], row["现状：分母"]) == (change.before.numerator, change.before.denominator)
        assert (row["方案后：分子"], row["方案后：分母"]) == (
            change.after.numerator,
            change.after.denominator,
        )
        assert row["方案后：待核"] == change.after.unknown


@pytest.mark.clause("2.3", "2.5")
def test_register_of_organizations(sheets: dict[str, Any]) -> None:
    """Lead unit first among the units, totals of members, blanks for request and reply."""
    rows = {row["党组织名称"]: row for row in records(sheets["拟建党组织"])}
    joint = rows["永顺&<兴达>电机厂联合党支部"]
    assert joint["主单位"] == "永顺&<兴达>电机厂"
    assert joint["所含单位"] == "永顺&<兴达>电机厂、=SUM(A1)机械厂、𠮷祥五金厂"
    assert (joint["单位数"], joint["正式党员合计"], joint["上级党组织"]) == (3, 4, "第一工作片党总支")
    assert joint["请示文号及日期"] is None
    assert rows["新昌联合党支部"]["状态"] == "拟撤销"


def test_a_long_list_of_names_says_where_the_rest_is(dossier: Dossier) -> None:
    """Excel shows at most 409 points of a row, so names beyond the fortieth are counted, not cut."""
    shown = unit_names(dossier, ["2"] * 41).zh
    assert shown.count("永顺&<兴达>电机厂") == 40
    assert shown.endswith("等41家，见“一企一策名册”")
    assert unit_names(dossier, ["2", "3"]).zh == "永顺&<兴达>电机厂、=SUM(A1)机械厂"


@pytest.mark.clause("2.1")
def test_split_off(sheets: dict[str, Any]) -> None:
    """A unit of a joint organization with three full members is on the list, and no other."""
    assert [row["编号"] for row in records(sheets["剥离名单"])] == ["8"]


@pytest.mark.clause("1.5", "4.5")
def test_whom_each_instructor_contacts(sheets: dict[str, Any]) -> None:
    """Instructor by instructor, who is idle, and who has nobody; the units' own column says the same."""
    lines = [(row["党建工作指导员"], row["安排"], row["编号"]) for row in records(sheets["指导员联系名单"])]
    assert lines == [
        ("I1", "联系", "6"),
        ("I1", "联系", "9"),
        ("I2", "没有安排单位", None),
        (None, "没有指导员联系", "5"),
        (None, "没有指导员联系", "7"),
    ]
    column = {row["编号"]: row["党建工作指导员"] for row in records(sheets["一企一策名册"])}
    assert {id_ for id_, instructor in column.items() if instructor} == {"6", "9"}
    said = "".join(
        str(cell) for row in sheets["指导员联系名单"].iter_rows(values_only=True) for cell in row if cell
    )
    assert "4家：由指导员联系2家，没有指导员联系2家" in said


def test_who_left_the_base_and_why(sheets: dict[str, Any]) -> None:
    """Each with the rule that leaves it out."""
    left = {row["编号"]: row["移出理由"] for row in records(sheets["移出基数"])}
    assert left == {"10": "停业", "11": "已注销"}


def test_should_but_not_yet(sheets: dict[str, Any]) -> None:
    """Required classes and three full members; a unit that is 待核 is not on it."""
    listed = {row["编号"] for row in records(sheets["应建未建名册"])}
    assert listed == {"1", "2", "3", "4", "5"}


def test_what_cannot_be_met(dossier: Dossier, sheets: dict[str, Any]) -> None:
    """Every infeasible part with its units by name."""
    rows = records(sheets["未满足"])
    assert [row["涉及单位"] for row in rows] == ["新联机械有限公司"]
    assert rows[0]["未满足的要求及原因"] == dossier.plan.infeasible[0].text.zh


def test_unknown_is_neither_zero_nor_empty(sheets: dict[str, Any]) -> None:
    """A fact not yet known says so; zero is zero."""
    rows = {row["编号"]: row for row in records(sheets["一企一策名册"])}
    assert rows["7"]["从业人数"] == "待核"
    assert rows["7"]["备注"] == "待核：从业人数、正式党员数"
    assert rows["6"]["正式党员"] == 0


def test_no_formula_from_a_name(workbook: Path) -> None:
    """A name that begins with = is text; the only formulas are the totals that follow the filter."""
    with zipfile.ZipFile(workbook) as archive:
        xml = "".join(archive.read(name).decode() for name in archive.namelist() if "worksheets/" in name)
    formulas = [part.split("</f>")[0] for part in xml.split("<f>")[1:]]
    assert formulas
    assert all(formula.startswith("SUBTOTAL(109,") for formula in formulas)


def test_codes_are_text(sheets: dict[str, Any]) -> None:
    """Eighteen digits stay eighteen digits."""
    cell = next(row[3] for row in sheets["一企一策名册"].iter_rows(min_row=5) if row[1].value == "1")
    assert (cell.value, cell.number_format) == ("91330683700000001X", "@")


def test_amounts_show_decimals_only_where_there_are_some(dossier: Dossier, tmp_path: Path) -> None:
    """Excel shows 430 under #,##0.## as "430."; so whole amounts have a format of their own."""
    assert {row["revenue"] for row in dossier.in_scope} >= {100.0, 450.0}
    write_plan_workbook(tmp_path / "plan.xlsx", dossier)
    sheet = openpyxl.load_workbook(tmp_path / "plan.xlsx")["一企一策名册"]
    at = [cell.value for cell in sheet[4]].index("年营业收入")
    formats = {
        row[at].number_format
        for row in sheet.iter_rows(min_row=5, max_row=14)
        if isinstance(row[at].value, int | float)
    }
    assert formats == {"#,##0"}


@pytest.mark.parametrize("column", ["从业人数", "年营业收入", "正式党员"])
def test_totals_are_sums(dossier: Dossier, workbook: Path, column: str) -> None:
    """The stored total is the sum of what is known."""
    sheet = openpyxl.load_workbook(workbook, data_only=True)["一企一策名册"]
    headers = [cell.value for cell in sheet[4]]
    total = next(row for row in sheet.iter_rows(min_row=5) if str(row[0].value).startswith("合计"))
    field = {"从业人数": "staff", "年营业收入": "revenue", "正式党员": "full_members"}[column]
    known = [row[field] for row in dossier.in_scope if row[field] is not None]
    assert total[headers.index(column)].value == sum(known)
    assert total[0].value == "合计 10 家"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_sheet_prints_as_an_office_hands_it_in(dossier: Dossier, tmp_path: Path, lang: Lang) -> None:
    """Title, units of measure, signature row, print area, landscape, one page wide, repeated header, frozen panes."""
    write_plan_workbook(tmp_path / "plan.xlsx", dossier, lang)
    book = openpyxl.load_workbook(tmp_path / "plan.xlsx")
    signed = "填表人：" if lang == "zh" else "Filled in by:"
    measured = "单位：" if lang == "zh" else "Units:"
    for sheet in book.worksheets[1:]:
        values = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None]
        assert any(value.startswith(signed) for value in values)
        assert any(value.startswith(measured) for value in values)
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.page_setup.paperSize in (8, 9)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.page_setup.fitToWidth in (None, 1)  # 1 is what the format means when it says nothing
        assert sheet.page_setup.fitToHeight == 0  # as many pages down as it takes
        assert sheet.print_title_rows == "$1:$4"
        assert sheet.print_area
        assert sheet.freeze_panes is not None
        assert "&P" in (sheet.oddFooter.center.text or "")


def test_english_labels(dossier: Dossier, tmp_path: Path) -> None:
    """No Chinese is left in headers and titles of the English workbook; names of places and units stay."""
    tables = write_plan_workbook(tmp_path / "plan.xlsx", dossier, "en")
    book = openpyxl.load_workbook(tmp_path / "plan.xlsx")
    assert len(tables) + 1 == len(book.sheetnames)
    assert book.sheetnames[2] == "One measure each"
    headers = [str(cell.value) for sheet in book.worksheets[1:] for cell in sheet[4]]
    assert all(header.isascii() for header in headers)


def test_contents_count_the_rows(dossier: Dossier, sheets: dict[str, Any]) -> None:
    """The first sheet says how many rows each list has, and a click goes there."""
    rows = list(sheets["目录"].iter_rows(min_row=4))
    said = {row[1].value: row[3].value for row in rows if row[1].value}
    for table, name in zip(plan_sheets(dossier), list(sheets)[1:], strict=True):
        assert said[name] == f"{len(table.rows)} {table.counted.zh}"
    assert rows[0][1].hyperlink.location == "'指标'!A1"


def test_widths_and_lines() -> None:
    """A Chinese character takes two places; a long text needs as many lines as its room says."""
    assert width("ab厂") == 4
    assert width("𠮷") == 2
    assert lines_needed("一二三四五六", 4) == 3
    assert lines_needed("ab\ncd", 10) == 2


def test_sheet_names_that_excel_refuses() -> None:
    """Signs that Excel refuses are replaced, 31 characters at most, each name once."""
    taken: set[str] = set()
    assert sheet_name("甲/乙[1]", taken) == "甲-乙-1-"
    assert sheet_name("甲/乙[1]", taken) == "甲-乙-1-_2"
    assert len(sheet_name("长" * 40, taken)) == 31
    assert len(sheet_name("长" * 40, taken)) == 31


def test_a_row_too_long_is_refused() -> None:
    """A row that does not fit under its headers is a mistake of ours and says so."""
    with pytest.raises(ValueError, match="2 cells under 1 headers"):
        Table(
            Text("甲", "a"),
            Text("甲", "a"),
            (Column(Text("甲", "a"), Kind.TEXT),),
            (("x", "y"),),
            Text("家", "u"),
        )


@pytest.mark.parametrize(
    ("rate", "target", "said"),
    [
        (Rate(10, 10, 0, 1.0, 1.0), 1.0, "达标"),
        (Rate(9, 10, 0, 0.9, 0.9), 1.0, "未达标"),
        (Rate(0, 0), 1.0, "基数为零"),
        (Rate(0, 0, 94, 0.0, 1.0), 1.0, "基数待核"),
        (Rate(9, 10), None, "未设目标"),
        (Rate(35, 100, 5, 0.33, 0.38), 0.35, "达标，待核后可能变化"),
        (Rate(34, 100, 5, 0.33, 0.38), 0.35, "未达标，待核后可能达标"),
    ],
)
def test_met_or_not(rate: Rate, target: float | None, said: str) -> None:
    """Met, not met, or open while facts are 待核; exactly the target is met."""
    assert met(rate, target).zh == said


def test_range_of_a_rate() -> None:
    """A range only where something is open."""
    assert span(Rate(1, 2, 0, 0.5, 0.5)) is None
    assert span(Rate(1, 2, 1, 0.5, 0.75)) == "50.0%—75.0%"


@pytest.mark.office
@pytest.mark.slow
def test_libreoffice_opens_every_sheet(workbook: Path, tmp_path: Path) -> None:
    """Every sheet converts, and no name is cut: each unit's whole name is on the page."""
    subprocess.run(
        [
            "soffice",
            f"-env:UserInstallation=file://{tmp_path}/profile",
            "--headless",
            "--convert-to",
            "pdf",
            "--outdir",
            str(tmp_path),
            str(workbook),
        ],
        check=True,
        capture_output=True,
        timeout=180,
    )
    text = subprocess.run(
        ["pdftotext", str(tmp_path / "plan.pdf"), "-"], check=True, capture_output=True, text=True
    ).stdout
    flat = "".join(text.split())
    for words in ("石溪镇“两新”组织党建“一企一策”名册", "永顺&<兴达>电机厂", "𠮷祥五金厂", "填表人："):
        assert words in flat
    pages = flat.count("页，共")
    assert pages == 18
