"""What became of a register, as one workbook: the survey ledger, and beside it every row that did not get in, with why."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from liangxin.files.ledger_writing import draw_ledger
from liangxin.files.office_sheet import Heading, Styles, draw, sheet_name
from liangxin.files.register import RegisterFile
from liangxin.files.register_tables import sheets
from liangxin.files.tables import Table
from liangxin.files.whole import output_file
from liangxin.findings import InputError, Place
from liangxin.registry.fields import FIELDS, ledger_schema
from liangxin.registry.register_rows import SortedRegister
from liangxin.registry.town import Town
from liangxin.wording import Lang, Text

if TYPE_CHECKING:
    import polars as pl


def ledger_frame(result: SortedRegister, town: Town) -> pl.DataFrame:
    """The units of the ledger, of ``ledger_schema()``. Places are written by name where the town file has each name once."""
    import polars as pl

    schema = ledger_schema()
    names = Counter(area.name for area in town.areas)
    words = {area.id: area.name if names[area.name] == 1 else area.id for area in town.areas}
    rows: list[dict[str, Any]] = []
    for row in result.ledger:
        facts = dict(row.facts)
        for field in ("area", "village", "park", "venue"):
            if field in facts:
                facts[field] = words[facts[field]]
        rows.append({name: facts.get(name) for name in schema})
    return pl.DataFrame(rows, schema=schema)


def write_register_workbook(
    path: Path | str,
    result: SortedRegister,
    source: RegisterFile,
    town: Town,
    *,
    as_of: date,
    lang: Lang = "zh",
) -> list[Table]:
    """Write the workbook, whole or not at all; gives back the tables beside the ledger.

    Raises:
        InputError: the name does not end in .xlsx.
        OSError: whatever the disk says; a former file is untouched then.
    """
    from xlsxwriter import Workbook

    path = Path(path)
    if path.suffix.lower() != ".xlsx":
        raise InputError.of(
            "file_ending",
            "要写成 .xlsx：里面有好几张表",
            "The ending must be .xlsx: there are several sheets",
            place=Place(file=path.name),
            found=path.suffix,
            accepted=Text(".xlsx", ".xlsx"),
        )
    tables = sheets(result, source)
    heading = Heading(
        town=town.bodies.get("committee", town.name),
        as_of=as_of,
        policy=Text("工商登记", "business register").in_language(lang),
        roster=Text("{file}，{count} 行", "{file}, {count} rows").fill(
            file=source.path.name, count=f"{len(result.rows):,}"
        ),
    )
    title = f"{town.name}两新组织摸底台账（由工商登记导出表生成）"
    with output_file(path) as scratch:
        book = Workbook(str(scratch), {"strings_to_formulas": False, "strings_to_urls": False})
        draw_ledger(book, ledger_frame(result, town), list(FIELDS), title)
        styles = Styles(book, lang)
        taken = {"台账"}
        for table in tables:
            draw(book, table, heading, lang, styles, sheet_name(table.sheet.in_language(lang), taken))
        book.close()
    return tables
