"""Does every file of a plan folder say the same? Read from the files alone, as an office would lay them side by side.

``python -m tests.engine.agreement DIR`` prints every difference in a folder that ``liangxin plan`` has made (in Chinese).
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
import openpyxl

from liangxin.registry.fields import FORMS

FIRST_ROW = 5  # title, who fills it in, the day, the header
STATUS = {"existing": "原有", "new": "拟新建", "changed": "调整", "dissolved": "拟撤销"}
Row = dict[str, Any]


def differences(folder: Path) -> list[str]:
    """One line a difference; empty where all agree."""
    plan = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
    book = openpyxl.load_workbook(folder / "plan.xlsx")
    return [
        *_units(plan, rows(book["一企一策名册"])),
        *_organizations(plan, rows(book["拟建党组织"]), rows(book["一企一策名册"])),
        *_indicators(plan, folder, rows(book["指标"])),
        *_map(plan, json.loads((folder / "map.geojson").read_text(encoding="utf-8"))),
        *_chart(plan, (folder / "network.svg").read_text(encoding="utf-8")),
        *_groups(rows(book["一企一策名册"]), tables(folder / "task-groups.docx")[0]),
        *_implementation(plan, tables(folder / "implementation-plan.docx")),
    ]


def rows(sheet: Any) -> list[Row]:
    header = [cell.value for cell in sheet[FIRST_ROW - 1]]
    body = sheet.iter_rows(min_row=FIRST_ROW, values_only=True)
    return [dict(zip(header, row, strict=True)) for row in body if row[1] is not None]


def tables(path: Path) -> list[list[list[str]]]:
    return [
        [[cell.text for cell in row.cells] for row in table.rows] for table in docx.Document(str(path)).tables
    ]


def differ(what: str, left: object, right: object) -> Iterator[str]:
    if left != right:
        yield f"{what}: {left!r} != {right!r}"


def _named(plan: Row) -> dict[str, Row]:
    return {each["organization_id"]: each for each in plan["organizations"]}


def _units(plan: Row, sheet: list[Row]) -> Iterator[str]:
    """plan.json and the roster of measures: who is in it, form, organization, clause, reason."""
    listed = {row["编号"]: row for row in sheet}
    yield from differ("units", {each["unit_id"] for each in plan["units"]}, set(listed))
    organizations = _named(plan)
    for unit in plan["units"]:
        row, id = listed[unit["unit_id"]], unit["unit_id"]
        organization = organizations.get(unit["organization_id"])
        yield from differ(f"{id} form", FORMS[unit["form"]].zh, row["拟采取形式"])
        yield from differ(
            f"{id} organization", organization and organization["name"], row["拟建（所属）党组织"]
        )
        yield from differ(f"{id} clause", unit["clause"], row["依据条款"])
        yield from differ(f"{id} reason", unit["reason"]["zh"], row["理由"])


def _organizations(plan: Row, sheet: list[Row], units: list[Row]) -> Iterator[str]:
    """plan.json and the register of organizations: name, form, lead unit, units, members, superior."""
    names = {row["编号"]: row["单位名称"] for row in units}
    members = {row["编号"]: row["正式党员"] for row in units}
    known = _named(plan)
    yield from differ(
        "organizations",
        Counter(each["name"] for each in known.values()),
        Counter(row["党组织名称"] for row in sheet),
    )
    listed = {row["党组织名称"]: row for row in sheet}
    for each in known.values():
        row, name = listed[each["name"]], each["name"]
        yield from differ(f"{name} form", FORMS[each["form"]].zh, row["组建形式"])
        yield from differ(f"{name} units", len(each["unit_ids"]), row["单位数"])
        yield from differ(f"{name} full members", each["full_members"], row["正式党员合计"])
        yield from differ(f"{name} members", each["members"], row["党员合计"])
        if each["host"] in names:
            yield from differ(f"{name} lead unit", names[each["host"]], row["主单位"])
        if each["parent_id"] in known:
            yield from differ(f"{name} superior", known[each["parent_id"]]["name"], row["上级党组织"])
        certain = [members[id] for id in each["unit_ids"]]
        if all(isinstance(count, int) for count in certain) and each["form"] != "mobile":
            yield from differ(f"{name} full members added up", sum(certain), each["full_members"])


def _indicators(plan: Row, folder: Path, sheet: list[Row]) -> Iterator[str]:
    """plan.json, indicators.json and the sheet: every number before and after."""
    alone = json.loads((folder / "indicators.json").read_text(encoding="utf-8"))["indicators"]
    yield from differ(
        "indicators.json", alone, [{key: each[key] for key in alone[0]} for each in plan["indicators"]]
    )
    yield from differ("rows of the indicators", len(plan["indicators"]), len(sheet))
    for each, row in zip(plan["indicators"], sheet, strict=True):
        for side, words in (("before", "现状"), ("after", "方案后")):
            for key, label in (("numerator", "分子"), ("denominator", "分母"), ("unknown", "待核")):
                yield from differ(
                    f"{each['id']} {side} {key}", each[side][key], row[f"{words}：{label}"] or 0
                )


def _map(plan: Row, geojson: Row) -> Iterator[str]:
    """plan.json and the map: form and organization of every unit with a place; a line for each that is not the lead unit."""
    decided = {each["unit_id"]: each for each in plan["units"]}
    for feature in geojson["features"]:
        facts = feature["properties"]
        if facts["feature"] == "unit" and facts["unit_id"] in decided:
            unit = decided[facts["unit_id"]]
            for key in ("form", "organization_id", "change", "classes"):
                yield from differ(f"map {facts['unit_id']} {key}", unit[key], facts[key])
        if facts["feature"] == "link":
            yield from differ(
                f"map line {facts['unit_id']}",
                decided[facts["unit_id"]]["organization_id"],
                facts["organization_id"],
            )


def _chart(plan: Row, svg: str) -> Iterator[str]:
    """plan.json and annex 1: each organization that stands is drawn."""
    drawn = set(re.findall(r'data-organization="([^"]+)"', svg))
    standing = {each["organization_id"] for each in plan["organizations"] if each["status"] != "dissolved"}
    yield from differ("organizations that annex 1 lacks", set(), standing - drawn)


def _groups(roster: list[Row], table: list[list[str]]) -> Iterator[str]:
    """The roster of measures and annex 2: how many units each task group has."""
    counted = Counter(row["推进组"] for row in roster)
    for row in table[1:]:
        if row[0].isdigit():
            yield from differ(f"units of {row[1]}", counted[row[1]], int(row[3].replace(",", "")))


def _implementation(plan: Row, found: list[list[list[str]]]) -> Iterator[str]:
    """plan.json and 4.2: the targets' counts before and after, and units and organizations of each form."""
    targets = [each for each in plan["indicators"] if each["target"] is not None]
    for each, row in zip(targets, found[0][1:], strict=True):
        for side, cell in (("before", row[2]), ("after", row[3])):
            counts = re.search(r"([\d,]+)/([\d,]+)", cell)
            said = tuple(int(part.replace(",", "")) for part in counts.groups()) if counts else (0, 0)
            yield from differ(
                f"4.2 {each['id']} {side}", (each[side]["numerator"], each[side]["denominator"]), said
            )
    units = Counter(FORMS[each["form"]].zh for each in plan["units"])
    standing = [each for each in plan["organizations"] if each["status"] != "dissolved"]
    organizations = Counter(FORMS[each["form"]].zh for each in standing)
    new = Counter(FORMS[each["form"]].zh for each in standing if each["status"] == "new")
    for row in found[1][1:]:
        if row[0] in units:
            said = tuple(int(cell.replace(",", "") or 0) if cell != "—" else 0 for cell in row[3:6])
            yield from differ(f"4.2 {row[0]}", (units[row[0]], organizations[row[0]], new[row[0]]), said)


if __name__ == "__main__":
    for line in differences(Path(sys.argv[1])):
        print(line)
