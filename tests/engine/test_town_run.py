"""One town the whole way on a made-up town: the plan stands in the tree, and every document says the same numbers."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from jsonschema import Draft202012Validator
from tests.engine.agreement import FIRST_ROW, differences

from liangxin.coverage import count, listing
from liangxin.engine.town_files import OUTPUTS, write_all
from liangxin.engine.town_run import ARRANGING, CLASSIFYING, PLANNING, TownResult, run_town
from liangxin.files.plan_json import read_plan
from liangxin.files.schemas import schema
from liangxin.planning.options import PlanOptions
from liangxin.policy import load_policy
from liangxin.sample import make_town
from liangxin.wording import Text

DAY = date(2011, 8, 15)


@pytest.fixture(scope="module")
def result() -> TownResult:
    town = make_town(200, 7)
    policy = load_policy("changle-2011-44", as_of=DAY)
    return run_town(town.ledger, town.town, policy, PlanOptions(processes=1))


@pytest.fixture(scope="module")
def folder(result: TownResult, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("town")
    write_all(result, made)
    return made


@pytest.mark.clause("3.0")
def test_every_organization_has_its_superior(result: TownResult) -> None:
    """Whatever stands on the plan's day stands under somebody; the superior is in the tree."""
    today = result.tree.on(DAY).organizations
    standing = [each for each in result.plan.organizations if each.status != "dissolved"]
    assert standing
    assert [] == [each.organization_id for each in standing if each.parent_id not in today]


def test_every_unit_of_the_base_is_decided_once(result: TownResult) -> None:
    """Counts in are counts out."""
    base = result.classification.frame.filter("in_scope")["unit_id"].to_list()
    assert sorted(base) == sorted(decision.unit_id for decision in result.plan.units)


def test_units_and_organizations_agree(result: TownResult) -> None:
    """A unit is in the organization that its decision names, and in no other."""
    by_organization = {
        unit: each.organization_id
        for each in result.plan.organizations
        if each.status != "dissolved"
        for unit in each.unit_ids
    }
    decided = {
        decision.unit_id: decision.organization_id
        for decision in result.plan.units
        if decision.organization_id is not None
    }
    assert by_organization == decided


@pytest.mark.clause("1.1", "1.2", "1.3", "1.4")
def test_indicators_can_be_counted_again(result: TownResult) -> None:
    """Before is the ledger's count; after is the count as planned, by the plan's own forms."""
    planned = pl.DataFrame(
        {
            "unit_id": [decision.unit_id for decision in result.plan.units],
            "form": [decision.form for decision in result.plan.units],
        }
    )
    before, after = count(result.classification), count(result.classification, planned)
    for change in result.plan.indicators:
        assert change.before == before[change.id]
        if change.id in ("1.1", "1.2", "1.3", "1.4"):
            assert change.after == after[change.id]


def test_stages_are_told_in_order() -> None:
    """Whoever watches hears each stage as it begins."""
    heard: list[Text] = []
    town = make_town(40, 1)
    policy = load_policy("changle-2011-44", as_of=DAY)
    run_town(town.ledger, town.town, policy, PlanOptions(processes=1), on_stage=heard.append)
    assert heard == [CLASSIFYING, PLANNING, ARRANGING]


def test_every_file_is_written(folder: Path) -> None:
    """The files of the interface, none empty, none more."""
    assert {path.name for path in folder.iterdir()} == {output.name for output in OUTPUTS}
    assert all((folder / output.name).stat().st_size > 500 for output in OUTPUTS)


@pytest.mark.parametrize(
    ("name", "file"), [("plan", "plan.json"), ("indicators", "indicators.json"), ("map", "map.geojson")]
)
def test_made_files_are_valid(folder: Path, name: str, file: str) -> None:
    """What a real run writes is what the schemas say."""
    document = json.loads((folder / file).read_text(encoding="utf-8"))
    assert [] == [error.message for error in Draft202012Validator(schema(name)).iter_errors(document)]


def test_plan_json_is_the_plan(result: TownResult, folder: Path) -> None:
    """Read again, with superiors."""
    assert read_plan(folder / "plan.json") == result.plan


@pytest.mark.clause("1.1", "4.1")
def test_list_is_sheet(result: TownResult, folder: Path) -> None:
    """What 1.1 lacks is exactly the enterprises on the roster of 4.1."""
    missing = listing(result.classification, "1.1", "missing")["unit_id"].to_list()
    sheet = openpyxl.load_workbook(folder / "plan.xlsx")["有党员未建名册"]
    on_sheet = [row[1].value for row in sheet.iter_rows(min_row=5) if isinstance(row[0].value, int)]
    kinds = dict(result.classification.frame.select("unit_id", "kind").iter_rows())
    assert len(missing) > 0
    assert sorted(missing) == sorted(unit for unit in on_sheet if kinds[unit] == "enterprise")


def test_roster_sheet_is_the_base(result: TownResult, folder: Path) -> None:
    """The roster of measures has as many rows as the base has units."""
    sheet = openpyxl.load_workbook(folder / "plan.xlsx")["一企一策名册"]
    rows = [row for row in sheet.iter_rows(min_row=5, values_only=True) if isinstance(row[0], int)]
    assert len(rows) == result.plan.roster.in_scope


@pytest.mark.clause("4.1", "4.2", "A1", "A2")
def test_all_files_say_the_same(folder: Path) -> None:
    """Roster, register, indicators, map, annexes 1 and 2 and the implementation plan, cell by cell against plan.json."""
    assert [] == differences(folder)


@pytest.mark.parametrize(
    ("sheet", "column"),
    [
        ("一企一策名册", "拟采取形式"),
        ("拟建党组织", "单位数"),
        ("指标", "方案后：分子"),
        ("一企一策名册", "推进组"),
    ],
)
def test_a_cell_that_says_otherwise_is_found(folder: Path, tmp_path: Path, sheet: str, column: str) -> None:
    """One changed cell is one difference at least: the comparison above can fail."""
    shutil.copytree(folder, tmp_path / "changed")
    book = openpyxl.load_workbook(tmp_path / "changed" / "plan.xlsx")
    header = [cell.value for cell in book[sheet][FIRST_ROW - 1]]
    cell = book[sheet].cell(FIRST_ROW, header.index(column) + 1)
    cell.value = cell.value + 1 if isinstance(cell.value, int) else f"{cell.value}甲"
    book.save(tmp_path / "changed" / "plan.xlsx")
    assert differences(tmp_path / "changed")
