"""``liangxin check``: all errors of a ledger by row and column, and the same workbook back with them in it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from liangxin.cli.language import language, say
from liangxin.cli.progress import stages
from liangxin.findings import Finding, InputError
from liangxin.wording import Text, counted

if TYPE_CHECKING:
    from liangxin.files.ledger import LedgerFile

_WARNINGS_SHOWN: Final = 30


@click.command(
    help=say(
        "检查台账：读 xlsx、xls、csv、parquet，所有错误一次列出，写明行、列、填了什么、可填什么。"
        "有错误时退出码为1。\n\n例：liangxin check 台账.xlsx --town 镇.yaml --out 台账-错误.xlsx",
        "Check a ledger (xlsx, xls, csv, parquet): all errors at once with row, column, what was found and what is "
        "accepted. Exit code 1 when there are errors.\n\n"
        "Example: liangxin check ledger.xlsx --town town.yaml --out ledger-errors.xlsx",
    )
)
@click.argument("ledger", type=click.Path(path_type=Path))
@click.option(
    "--town",
    "town_file",
    type=click.Path(path_type=Path),
    help=say(
        "镇的文件：核对工作片、村、园区、党组织等名称",
        "The town's file: names of areas, organizations ... are looked up",
    ),
)
@click.option(
    "--sheet",
    help=say(
        "工作表名，默认把像台账的各张（如一村一张）一起读",
        "The sheet; by default all that are a ledger together, such as one a village",
    ),
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="FILE.xlsx",
    help=say("同一张表，加“错误信息”列，错的格标红", "The same workbook with an error column and red cells"),
)
@click.option("--json", "as_json", is_flag=True, help=say("输出 JSON", "Print JSON"))
def command(ledger: Path, town_file: Path | None, sheet: str | None, out: Path | None, as_json: bool) -> None:
    from liangxin.files.annotated import write_annotated
    from liangxin.files.check_json import checked, refused
    from liangxin.files.ledger import read_ledger
    from liangxin.files.town import read_town

    try:
        with stages() as progress:
            town = None if town_file is None else read_town(town_file)
            progress.begin(Text("读台账并检查", "Reading and checking"))
            found = read_ledger(ledger, town=town, sheet=sheet, progress=progress.share)
            if out is not None:
                progress.begin(Text("写带错误信息的表", "Writing the errors into the workbook"))
                write_annotated(out, found, language(), progress.share)
    except InputError as unusable:
        if not as_json:
            raise
        click.echo(json.dumps(refused(ledger.name, unusable.findings), ensure_ascii=False, indent=2))
        raise SystemExit(1) from None
    if as_json:
        click.echo(json.dumps(checked(found), ensure_ascii=False, indent=2))
    else:
        _tell(found, out)
    if found.errors:
        raise SystemExit(1)


def _tell(found: LedgerFile, out: Path | None) -> None:
    units = found.frame.height
    wrong = len(found.units_of(found.errors))
    doubtful = len(found.units_of(found.warnings))
    sheet = (
        say(f"，工作表“{found.layout.sheet}”", f', sheet "{found.layout.sheet}"')
        if found.layout.sheet
        else ""
    )
    click.echo(
        say(
            f"{found.path.name}{sheet}：读到{units}家单位，无错误{units - wrong}家，有错误{wrong}家；"
            f"错误{len(found.errors)}处，要核对{len(found.warnings)}处（{doubtful}家）。",
            f"{found.path.name}{sheet}: {counted(units, 'unit', 'units')} read, {units - wrong} without errors, {wrong} with errors; "
            f"{counted(len(found.errors), 'error', 'errors')}, {len(found.warnings)} to check ({counted(doubtful, 'unit', 'units')}).",
        )
    )
    _list(say("错误", "Errors"), found.errors, found)
    shown = found.warnings[:_WARNINGS_SHOWN]
    _list(say("要核对", "To check"), shown, found)
    if len(shown) < len(found.warnings):
        rest = Counter(finding.code for finding in found.warnings[_WARNINGS_SHOWN:])
        click.echo(
            say(
                f"  ……另有{rest.total()}处要核对，都在 --out 的表里",
                f"  ... and {rest.total()} more to check, all in the workbook of --out",
            )
        )
    if out is not None:
        click.echo(say(f"带错误信息的表：{out}", f"The workbook with the errors: {out}"))
    elif found.errors:
        click.echo(
            say(
                "加 --out 文件.xlsx，可把错误标在表里。",
                "Add --out FILE.xlsx to have the errors marked in the workbook.",
            )
        )


def _list(title: str, findings: Sequence[Finding], found: LedgerFile) -> None:
    if not findings:
        return
    click.echo(say(f"{title}：", f"{title}:"))
    prefix = found.path.name + " "
    for finding in findings:
        sentence = finding.sentence(language()).removeprefix(prefix)
        if found.layout.sheet and len(found.layout.parts) == 1:
            place = say(f"工作表“{found.layout.sheet}” ", f'sheet "{found.layout.sheet}" ')
            sentence = sentence.removeprefix(place)
        click.echo(f"  {sentence}")
