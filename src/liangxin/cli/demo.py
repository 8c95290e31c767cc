"""``liangxin demo``: a made-up town from its register to its documents."""

from __future__ import annotations

import importlib
import importlib.util
from datetime import date
from pathlib import Path
from typing import Final

import click

from liangxin.cli.language import say, tell

AS_OF: Final = date(2011, 8, 15)
"""A day of the drive: after the survey, before the establishment is due."""
SITE: Final = "liangxin.web.demo"
"""The module that shows a demo folder as a site, with ``serve(folder, port)``."""


@click.command(
    help=say(
        "造一个示范镇，从名册一路做到文件：生成台账，检查，求组建方案，写出全部文件。\n\n"
        "例：liangxin demo --units 2000 --out 示范",
        "Make a demo town and take it the whole way: ledger, check, plan, all documents.\n\n"
        "Example: liangxin demo --units 2000 --out demo",
    )
)
@click.option(
    "--units",
    type=click.IntRange(1, 1_000_000),
    default=2000,
    show_default=True,
    help=say("单位总数", "How many units"),
)
@click.option(
    "--seed",
    type=click.IntRange(0),
    default=7,
    show_default=True,
    help=say("种子：换一个数就是另一个镇", "Another number is another town"),
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("out/demo"),
    show_default=True,
    help=say("输出文件夹", "Folder to write to"),
)
@click.option(
    "--serve/--no-serve",
    default=None,
    help=say("写完后是否打开网站", "Serve the site afterwards, or not"),
)
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    default=8000,
    show_default=True,
    help=say("网站端口", "Port of the site"),
)
def command(units: int, seed: int, out: Path, serve: bool | None, port: int) -> None:
    import json

    from liangxin.cli.indicators import read_ledger_frame
    from liangxin.cli.plan_summary import print_summary, size
    from liangxin.cli.progress import stages
    from liangxin.cli.town import areas_geojson
    from liangxin.engine.town_files import write_all
    from liangxin.engine.town_run import run_town
    from liangxin.files.ledger import write_ledger
    from liangxin.files.town import read_town, write_town
    from liangxin.files.whole import output_folder
    from liangxin.policy import load_policy
    from liangxin.sample import make_town
    from liangxin.wording import Text

    made = (
        ("ledger.xlsx", Text("摸底台账，可以打开修改后再用", "the survey ledger, to open and change")),
        ("ledger.parquet", Text("同一本台账，供程序快速读取", "the same ledger, for programs")),
        (
            "town.yaml",
            Text("镇的区域、协会、指导员、推进组和已有党组织", "areas, associations, instructors, groups"),
        ),
        ("areas.geojson", Text("区域地图", "the map of areas")),
    )
    with stages() as stage, output_folder(out) as folder:
        stage.begin(Text("造一个示范镇", "make a demo town"))
        sample = make_town(units, seed)
        stage.begin(Text("写出台账和镇的文件", "write the ledger and the town's file"))
        write_ledger(folder / "ledger.xlsx", sample.ledger)
        sample.ledger.write_parquet(folder / "ledger.parquet")
        write_town(folder / "town.yaml", sample.town)
        (folder / "areas.geojson").write_text(
            json.dumps(areas_geojson(sample.town), ensure_ascii=False) + "\n", encoding="utf-8"
        )
        # From here on as a user would: what was written is read again and checked.
        stage.end()
        town = read_town(folder / "town.yaml")
        frame = read_ledger_frame(folder / "ledger.xlsx", town)
        policy = load_policy("changle-2011-44", as_of=AS_OF)
        result = run_town(frame, town, policy, on_stage=stage.begin)
        write_all(
            result,
            folder,
            on_file=lambda output: stage.begin(Text("写出 {name}", "write {name}").fill(name=output.name)),
        )
        stage.begin(Text("保存", "save"))
    print_summary(result, out)
    from liangxin.cli.columns import aligned

    rows = [(f"  {name}", size((out / name).stat().st_size), tell(purpose)) for name, purpose in made]
    for line in aligned(rows, right=(1,)):
        click.echo(line)
    _serve(out, serve, port)


def _serve(folder: Path, asked: bool | None, port: int) -> None:
    """Show the folder as a site where this installation can; say so where it was asked for and cannot be."""
    if asked is False:
        return
    try:
        there = importlib.util.find_spec(SITE) is not None
    except ModuleNotFoundError:
        there = False
    if there:
        importlib.import_module(SITE).serve(folder, port)
    elif asked:
        click.echo(
            say(
                "这个版本还不能把示范镇放到网站上；文件已写好，直接打开即可。",
                "This version cannot show the demo town as a site yet; the files are written and can be opened.",
            ),
            err=True,
        )
