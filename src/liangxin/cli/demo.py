"""``liangxin demo``: a made-up town from its register to its documents."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final

import click

from liangxin.cli.language import say, tell

AS_OF: Final = date(2011, 8, 15)
"""A day of the drive: after the survey, before the establishment is due."""


@click.command(
    help=say(
        "造一个示范镇，从名册一路做到文件：生成台账，检查，求组建方案，写出全部文件，再启动网站。\n\n"
        "例：liangxin demo --units 2000 --out 示范",
        "Make a demo town and take it the whole way: ledger, check, plan, all documents, then the site.\n\n"
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
    default=True,
    help=say(
        "写完后启动网站（默认）；--no-serve 只写文件",
        "Serve the site afterwards (default); --no-serve only writes files",
    ),
)
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    default=8000,
    show_default=True,
    help=say("网站端口", "Port of the site"),
)
def command(units: int, seed: int, out: Path, serve: bool, port: int) -> None:
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
    if serve:
        from liangxin.cli.demo_site import serve_demo

        serve_demo(out, port, today=AS_OF)
