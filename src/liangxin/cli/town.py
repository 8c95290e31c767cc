"""``liangxin town``: a made-up town by seed, as ledger, town file and map of areas."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from liangxin.cli.language import say

if TYPE_CHECKING:
    from liangxin.registry.town import Area, Town
    from liangxin.sample import Likeness

MOST_UNITS = 1_000_000
LIKENESSES = (
    "town",
    "market",
    "buildings",
    "villages",
    "register",
)  # as liangxin.sample.Likeness; not imported: start-up


@click.command(
    help=say(
        "按种子生成一个虚构的镇：台账、镇的基本资料和区域地图。同样的数量和种子，在任何电脑上结果都一样。\n\n"
        "例：liangxin town --units 2000 --seed 7 --out 示范镇\n\n　　liangxin town --like market --units 3000 --out 市场镇",
        "Make a made-up town by seed: ledger, town file and map of areas. The same size and seed give the same town on "
        "every computer.\n\nExamples: liangxin town --units 2000 --seed 7 --out demo-town\n\n"
        "liangxin town --like market --units 3000 --out market-town",
    )
)
@click.option(
    "--units",
    type=click.IntRange(1, MOST_UNITS),
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
    "--like",
    "likeness",
    type=click.Choice(LIKENESSES),
    default="town",
    show_default=True,
    help=say(
        "哪一种镇：town 通知那样的镇，market 专业市场镇，buildings 楼宇街区，villages 农村和一家龙头企业，"
        "register 真实工商名册的形状",
        "Which kind: town as in the notice, market of stalls, buildings of offices, villages with one large leader, "
        "register in the shape of a real business register",
    ),
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    help=say("输出文件夹", "Folder to write to"),
)
def command(units: int, seed: int, likeness: Likeness, out: Path) -> None:
    import json

    from liangxin.files.ledger import write_ledger
    from liangxin.files.town import write_town
    from liangxin.files.whole import output_folder
    from liangxin.sample import make_town_like

    sample = make_town_like(likeness, units, seed)
    with output_folder(out) as folder:
        write_ledger(folder / "ledger.xlsx", sample.ledger)
        sample.ledger.write_parquet(folder / "ledger.parquet")
        write_town(folder / "town.yaml", sample.town)
        (folder / "areas.geojson").write_text(
            json.dumps(areas_geojson(sample.town), ensure_ascii=False) + "\n", encoding="utf-8"
        )
    click.echo(
        say(
            f"已生成虚构的{sample.town.name}：{sample.ledger.height} 家单位，{len(sample.town.areas)} 个区域，"
            f"{len(sample.town.organizations)} 个已有党组织。",
            f"Made a made-up town: {sample.ledger.height} units, {len(sample.town.areas)} areas, "
            f"{len(sample.town.organizations)} organizations that stand already.",
        )
    )
    for name in ("ledger.xlsx", "ledger.parquet", "town.yaml", "areas.geojson"):
        click.echo(f"  {out / name}")


def areas_geojson(town: Town) -> dict[str, Any]:
    """The town's areas as a GeoJSON FeatureCollection (WGS 84): boundaries where known, else centres, else no geometry."""
    return {
        "type": "FeatureCollection",
        "name": town.name,
        "features": [_feature(area) for area in town.areas],
    }


def _feature(area: Area) -> dict[str, Any]:
    geometry = area.boundary
    if geometry is None and area.centre is not None:
        geometry = {"type": "Point", "coordinates": list(area.centre)}
    return {
        "type": "Feature",
        "id": area.id,
        "properties": {"id": area.id, "name": area.name, "kind": area.kind, "parent": area.parent},
        "geometry": geometry,
    }
