"""plan.xlsx: the lists of the plan as an office hands them in, one sheet each, with a table of contents in front."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from liangxin.files import contact_tables, plan_tables, rosters
from liangxin.files.dossier import Dossier
from liangxin.files.office_sheet import A4, Heading, Styles, draw, sheet_name
from liangxin.files.tables import Table
from liangxin.wording import Lang, Text

if TYPE_CHECKING:
    from xlsxwriter import Workbook

CONTENTS: Final = Text("目录", "Contents")


def plan_sheets(dossier: Dossier) -> list[Table]:
    """Every table of the workbook, in the order of the sheets."""
    return [
        plan_tables.indicators(dossier),
        rosters.one_measure_each(dossier),
        plan_tables.organizations(dossier),
        rosters.should_but_not_yet(dossier),
        rosters.members_without_organization(dossier),
        rosters.split_off(dossier),
        contact_tables.contacts(dossier),
        *rosters.size_lists(dossier),
        rosters.left_base(dossier),
        plan_tables.infeasible(dossier),
    ]


def heading(dossier: Dossier) -> Heading:
    plan = dossier.plan
    return Heading(
        town=dossier.town.bodies.get("committee", dossier.town.name),
        as_of=plan.as_of,
        policy=" + ".join((plan.policy_id, *plan.overlays)),
        roster=Text(
            "共 {units} 家，范围内 {in_scope} 家，校验码 {checksum}",
            "{units} units, {in_scope} in scope, checksum {checksum}",
        ).fill(
            units=f"{plan.roster.units:,}",
            in_scope=f"{plan.roster.in_scope:,}",
            checksum=plan.roster.sha256[:12],
        ),
    )


def write_plan_workbook(path: Path, dossier: Dossier, lang: Lang = "zh") -> list[Table]:
    """Write the workbook; gives back its tables. Names of units and places stay as they are in either language."""
    from xlsxwriter import Workbook

    tables = plan_sheets(dossier)
    said = heading(dossier)
    book = Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False})
    title = Text("{town}组建方案", "{town}: plan").fill(town=dossier.town.name)
    book.set_properties(
        {"title": title.in_language(lang), "comments": f"{said.policy}; {said.roster.in_language(lang)}"}
    )
    styles = Styles(book, lang)
    taken: set[str] = set()
    contents = sheet_name(CONTENTS.in_language(lang), taken)
    names = [sheet_name(table.sheet.in_language(lang), taken) for table in tables]
    _contents(book, contents, title, tables, names, said, lang, styles)
    for table, name in zip(tables, names, strict=True):
        draw(book, table, said, lang, styles, name)
    book.close()
    return tables


def _contents(
    book: Workbook,
    name: str,
    title: Text,
    tables: list[Table],
    names: list[str],
    said: Heading,
    lang: Lang,
    styles: Styles,
) -> None:
    """What each sheet is and how many rows it has; a click goes there."""
    sheet = book.add_worksheet(name)
    for position, characters in enumerate((6, 40, 66, 12)):
        sheet.set_column(position, position, characters)
    sheet.merge_range(0, 0, 0, 3, title.in_language(lang), styles.title())
    sheet.set_row(0, 34)
    source = Text(
        "{town}；截至 {day}；口径：{policy}；名册：{roster}",
        "{town}; as of {day}; policy: {policy}; roster: {roster}",
    ).fill(town=said.town, day=said.as_of.isoformat(), policy=said.policy, roster=said.roster)
    sheet.merge_range(1, 0, 1, 3, source.in_language(lang), styles.get(font_size=9, text_wrap=True))
    sheet.set_row(1, 28)
    headers = (
        Text("序号", "No."),
        Text("工作表", "Sheet"),
        Text("内容", "What it holds"),
        Text("数量", "Rows"),
    )
    for position, label in enumerate(headers):
        sheet.write_string(2, position, label.in_language(lang), styles.header())
    sheet.set_row(2, 22)
    plain, link = styles.get(border=1), styles.get(border=1, font_color="#1F4E9E", underline=1)
    right = styles.get(border=1, align="right")
    for number, (table, tab) in enumerate(zip(tables, names, strict=True), start=1):
        at = 2 + number
        sheet.write_number(at, 0, number, right)
        quoted = tab.replace("'", "''")
        sheet.write_url(at, 1, f"internal:'{quoted}'!A1", link, tab)
        sheet.write_string(at, 2, table.title.in_language(lang), plain)
        count = f"{len(table.rows):,} {table.counted.in_language(lang)}"
        sheet.write_string(at, 3, count, right)
        sheet.set_row(at, 19)
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.center_horizontally()
    sheet.fit_to_pages(1, 0)
    sheet.print_area(0, 0, 2 + len(tables), 3)
    sheet.freeze_panes(3, 0)
    sheet.set_footer("&C&9" + Text("第 &P 页，共 &N 页", "Page &P of &N").in_language(lang))
