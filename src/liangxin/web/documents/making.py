"""What a file to hand out is: what was asked for, what was made, its name, and the line that says who took it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from django.utils import timezone

from liangxin.files.tables import UNITS
from liangxin.findings import InputError
from liangxin.web.accounts.permission import Permit
from liangxin.web.policies.queries import today
from liangxin.web.units.live import Live
from liangxin.wording import Lang, Text

if TYPE_CHECKING:
    from liangxin.files.tables import Table


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody asked for. ``query``: the units list's own parameters, for the ledger."""

    document: str
    kind: str
    query: dict[str, str]
    lang: Lang


@dataclass(frozen=True, slots=True)
class Made:
    """A file in a scratch folder with what the log has to say of it."""

    path: Path
    file_name: str
    title: Text
    filter: Text
    rows: int | None
    fields: tuple[str, ...]


def refuse(code: str, zh: str, en: str) -> InputError:
    return InputError.of(code, zh, en)


def file_name(permit: Permit, table: Text, kind: str, lang: Lang, extra: str = "") -> str:
    """长乐镇应建未建名册2011-08-15.xlsx: town, table, date; nothing a disk refuses."""
    day = today(permit.town).isoformat()
    name = f"{permit.town.name}{table.zh}" if lang == "zh" else f"{permit.town.name}-{table.en}-"
    name = f"{name}{('-' + extra + '-') if extra else ''}{day}"
    return re.sub(r'[\\/:*?"<>|\s\x00-\x1f]+', "_", name)[:120] + f".{kind}"


def _moment(lang: Lang) -> str:
    return timezone.localtime().strftime("%Y-%m-%d %H:%M")


def said(permit: Permit, rows: int | None, chosen: Text, counted: Text = UNITS) -> Text:
    """What stands in the file: number of rows, filter, who exported it and when."""
    number = Text("", "") if rows is None else Text(f"{rows:,} {counted.zh}，", f"{rows:,} {counted.en}, ")
    return Text(
        f"{number.zh}筛选：{chosen.zh}，{permit.user} {_moment('zh')} 导出",
        f"{number.en}filter: {chosen.en}, exported by {permit.user} at {_moment('en')}",
    )


def workbook(
    permit: Permit,
    shown: Live,
    made: list[Table],
    label: Text,
    chosen: Text,
    rows: int | None,
    fields: tuple[str, ...],
    wanted: Wanted,
    folder: Path,
) -> Made:
    from xlsxwriter import Workbook

    from liangxin.files.office_sheet import Heading, Styles, draw, sheet_name

    if wanted.kind != "xlsx":
        raise refuse("document-kind", "这份表导出为 xlsx", "This table comes as xlsx")
    policy = shown.policy
    counted = made[0].counted
    heading = Heading(
        town=permit.town.as_core().bodies.get("committee", permit.town.name),
        as_of=today(permit.town),
        policy=" + ".join((policy.id, *policy.overlays)),
        roster=said(permit, rows, chosen, counted),
    )
    path = folder / f"{wanted.document}.xlsx"
    book = Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": made[0].title.in_language(wanted.lang), "author": str(permit.user)})
    styles, taken = Styles(book, wanted.lang), set[str]()
    for table in made:
        draw(
            book, table, heading, wanted.lang, styles, sheet_name(table.sheet.in_language(wanted.lang), taken)
        )
    book.close()
    return Made(path, file_name(permit, label, "xlsx", wanted.lang), label, chosen, rows, fields)
