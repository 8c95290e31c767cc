"""What an office's programmer would write in a day: ``python -m benchmarks.peers.by_hand LEDGER.xlsx OUT``.

Reads the ledger with openpyxl, puts the enterprises that 1.1-1.3 ask for with their nearest neighbours of the same village
or park until there are three full members (at most five units), and writes a workbook and a Word list. It checks nothing,
does not know the target of 1.4, and gives no reason.
"""

from __future__ import annotations

import math
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

import docx
import openpyxl

MOST_UNITS, MEMBERS = 5, 3
Row = dict[str, Any]


def read(path: Path) -> list[Row]:
    sheet = openpyxl.load_workbook(path, read_only=True)["台账"]
    rows = sheet.iter_rows(min_row=3, values_only=True)
    header = [str(cell) for cell in next(rows)]
    return [dict(zip(header, row, strict=True)) for row in rows if row[0]]


def asked_for(row: Row) -> bool:
    staff, revenue = row["从业人数"] or 0, row["年营业收入(万元)"] or 0
    members = (row["正式党员数"] or 0) + (row["预备党员数"] or 0)
    return bool(members) or staff >= 80 or (staff >= 50 and revenue >= 500)


def group(rows: list[Row]) -> list[list[Row]]:
    places: dict[Any, list[Row]] = defaultdict(list)
    for row in rows:
        if row["单位类别"] == "企业" and row["经营状况"] in ("正常", None):
            places[row["园区"] or row["村(社区)"]].append(row)
    groups = []
    for units in places.values():
        free = list(units)
        for row in [each for each in units if asked_for(each)]:
            if row not in free:
                continue
            free.remove(row)
            made = [row]
            while sum(each["正式党员数"] or 0 for each in made) < MEMBERS and len(made) < MOST_UNITS:
                near = [each for each in free if each["正式党员数"]]
                if not near:
                    break
                nearest = min(near, key=lambda each: distance(row, each))
                free.remove(nearest)
                made.append(nearest)
            groups.append(made)
    return groups


def distance(one: Row, other: Row) -> float:
    if None in (one["经度"], one["纬度"], other["经度"], other["纬度"]):
        return math.inf
    return math.hypot(one["经度"] - other["经度"], one["纬度"] - other["纬度"])


def write(groups: list[list[Row]], rows: list[Row], folder: Path) -> None:
    folder.mkdir(parents=True)
    book = openpyxl.Workbook()
    units, organizations = book.active, book.create_sheet("党组织")
    assert units is not None
    units.append(["编号", "单位名称", "党组织"])
    organizations.append(["党组织", "单位数", "正式党员数"])
    names = {id(row): f"第{number}党组织" for number, made in enumerate(groups, start=1) for row in made}
    for row in rows:
        units.append([row["编号"], row["单位名称"], names.get(id(row), "未建")])
    for number, made in enumerate(groups, start=1):
        organizations.append([f"第{number}党组织", len(made), sum(each["正式党员数"] or 0 for each in made)])
    book.save(folder / "plan.xlsx")
    document = docx.Document()
    document.add_heading("实施方案", 0)
    table = document.add_table(rows=1, cols=2)
    for number, made in enumerate(groups[:200], start=1):
        cells = table.add_row().cells
        cells[0].text, cells[1].text = f"第{number}党组织", "、".join(str(each["单位名称"]) for each in made)
    document.save(str(folder / "plan.docx"))


def main(arguments: list[str]) -> None:
    rows = read(Path(arguments[0]))
    write(group(rows), rows, Path(arguments[1]))


if __name__ == "__main__":
    main(sys.argv[1:])
