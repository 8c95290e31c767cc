"""``liangxin register``: a business-register export becomes a survey ledger, every row accounted for."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from liangxin.cli.language import language, say, tell

if TYPE_CHECKING:
    from liangxin.cli.progress import Stages
    from liangxin.files.register import RegisterFile
    from liangxin.registry.register_rows import SortedRegister
    from liangxin.registry.town import Town

_MANY_ROWS = 5_000  # from here on it takes about two seconds


@click.command(
    help=say(
        "把工商登记的导出表（csv、xlsx）变成摸底台账：分清单位类别、经济类型，范围内外写明原因，按地址归片，"
        "建议行业；其余一律待核。导出多少行，各去向加起来就是多少行。\n\n"
        "例：liangxin register 登记导出.csv --town 镇.yaml --out 台账.xlsx",
        "Turn a business-register export (csv, xlsx) into a survey ledger: kind, ownership, in or out of scope with the "
        "reason, area by the address, a suggested industry; all else not yet known. Rows in equal rows out by outcome.\n\n"
        "Example: liangxin register export.csv --town town.yaml --out ledger.xlsx",
    )
)
@click.argument("register", type=click.Path(path_type=Path))
@click.option(
    "--town",
    "town_file",
    type=click.Path(path_type=Path),
    required=True,
    help=say("镇的文件：片、村、园区和地名别名", "The town's file: areas, villages, parks and their aliases"),
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    required=True,
    help=say("写出的台账（.xlsx）", "Ledger to write (.xlsx)"),
)
@click.option(
    "--sheet",
    help=say("读哪张工作表，默认最像登记表的那张", "Sheet to read; else the one most like an export"),
)
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    help=say("表上写的截止日期，默认今天", "The day written on the tables; today by default"),
)
@click.option("--json", "as_json", is_flag=True, help=say("输出 JSON", "Print JSON"))
def command(
    register: Path, town_file: Path, out: Path, sheet: str | None, as_of: datetime | None, as_json: bool
) -> None:
    from liangxin.cli.progress import stages
    from liangxin.files.register import read_register
    from liangxin.files.register_workbook import write_register_workbook
    from liangxin.files.town import read_town
    from liangxin.wording import Text

    town = read_town(town_file)
    with stages() as steps:
        steps.begin(Text("读登记导出表", "Reading the export"))
        source = read_register(register, sheet=sheet)
        steps.begin(Text("逐行分类", "Sorting the rows"))
        result = _sort(source, town, steps)
        steps.begin(Text("写台账", "Writing the ledger"))
        day = as_of.date() if as_of else date.today()
        write_register_workbook(out, result, source, town, as_of=day, lang=language())
    if as_json:
        click.echo(json.dumps(document(result, source, out), ensure_ascii=False, indent=2))
    else:
        _print(result, source, out)


def _sort(source: RegisterFile, town: Town, steps: Stages) -> SortedRegister:
    from liangxin.registry.register_sorting import sort_register

    rows, done = len(source.rows), 0
    every = max(rows // 100, 1)

    def tick() -> None:
        nonlocal done
        done += 1
        if done % every == 0:
            steps.share(done / rows)

    return sort_register(source.rows, town, on_row=tick if rows >= _MANY_ROWS else None)


def document(result: SortedRegister, source: RegisterFile, out: Path) -> dict[str, Any]:
    """``liangxin.register/1``: the counts; ``rows`` is the sum of ``outcomes`` and of ``reasons``."""
    from liangxin.files.register_tables import REASONS, reason_counts

    return {
        "format": "liangxin.register/1",
        "rows": len(result.rows),
        "blank_rows": source.blank_rows,
        "outcomes": {outcome.value: count for outcome, count in result.counts().items()},
        "reasons": [
            {"outcome": outcome.value, "id": reason, "label": REASONS[reason].as_dict(), "rows": count}
            for outcome, reason, count in reason_counts(result)
        ],
        "suggested_industries": sum(row.suggestion is not None for row in result.ledger),
        "unreadable": len(result.unreadable),
        "dropped_columns": list(source.dropped),
        "unused_columns": list(source.unused),
        "out": str(out),
    }


def _print(result: SortedRegister, source: RegisterFile, out: Path) -> None:
    from liangxin.cli.columns import aligned
    from liangxin.files.register_tables import REASONS, reason_counts
    from liangxin.registry.register_rows import OUTCOMES

    table = [[say("去向", "Outcome"), say("原因", "Reason"), say("行数", "Rows")]]
    table += [
        [tell(OUTCOMES[outcome]), tell(REASONS[reason]), f"{count:,}"]
        for outcome, reason, count in reason_counts(result)
    ]
    table.append([say("合计", "Total"), "", f"{sum(result.counts().values()):,}"])
    for line in aligned(table, right=[2]):
        click.echo(line)
    ledger = len(result.ledger)
    suggested = sum(row.suggestion is not None for row in result.ledger)
    click.echo("")
    click.echo(
        say(
            f"导出表 {len(result.rows):,} 行，台账 {ledger:,} 家；其中 {suggested:,} 家有行业建议。",
            f"{len(result.rows):,} rows in the export, {ledger:,} units in the ledger, {suggested:,} with a suggested industry.",
        )
    )
    if result.unreadable:
        click.echo(
            say(
                f"读不懂的写法 {len(result.unreadable):,} 处，列在“读不懂的写法”表里，按待核处理。",
                f"{len(result.unreadable):,} spellings could not be read; they are listed on their own sheet and taken as not yet known.",
            )
        )
    if source.dropped:
        click.echo(
            say(
                f"含个人信息的列已丢弃：{'、'.join(source.dropped)}。",
                f"Columns with persons' data were dropped: {', '.join(source.dropped)}.",
            )
        )
    click.echo(say(f"已写出 {out}。", f"Wrote {out}."))
