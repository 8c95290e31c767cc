"""``liangxin places``: a town file from the town's code or name, with the official names of its villages and communities."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from liangxin.cli.language import say

if TYPE_CHECKING:
    from liangxin.registry.divisions import Division
    from liangxin.registry.town import Town


@click.command(
    help=say(
        "按统计用区划代码或名称（省、市、县可写可不写）生成镇文件：所有村、社区的正式名称。同名的镇列出来，用代码再选一次；"
        "不写 --out 只列出找到的镇。有了镇文件和工商名册就能开始；工作片在网站“设置—区域”里划，或在文件里写。\n\n"
        "例：liangxin places 330683101 --out 镇.yaml\n\n　　liangxin places 嵊州长乐 --out 镇.yaml",
        "Make a town file from a code of the statistical divisions or a name (province, city and county may be left out): all "
        "villages and communities by their official names. Towns of one name are listed, to be chosen by code; without --out "
        "the towns found are only listed. A register and this file are enough to begin; work areas are drawn on the site "
        "(Settings, Areas) or in the file.\n\nExamples: liangxin places 330683101 --out town.yaml\n\n"
        'liangxin places "嵊州长乐" --out town.yaml',
    )
)
@click.argument("town", nargs=-1, required=True, metavar=say("代码|名称", "CODE|NAME"))
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help=say("写出的镇文件（.yaml）", "Town file to write (.yaml)"),
)
@click.option(
    "--former",
    is_flag=True,
    help=say(
        "连同2017年以来合并掉的村一起写（老地址常写老村名；并到哪个村要自己定）",
        "Also the villages merged since 2017, which old addresses name (into which each went is for you to say)",
    ),
)
@click.option("--json", "as_json", is_flag=True, help=say("输出 JSON", "Print JSON"))
def command(town: tuple[str, ...], out: Path | None, former: bool, as_json: bool) -> None:
    from liangxin.registry.divisions import search_towns
    from liangxin.registry.new_town import draw_town

    words = " ".join(town)
    found = search_towns(words)
    exact = _meant(found, words)
    if out is None or exact is None:
        _list(words, found, as_json=as_json)
        if out is not None or not found:
            raise click.exceptions.Exit(1)
        return
    made = draw_town(exact.code, with_former=former)
    if made is None:  # the code comes from the same table
        raise RuntimeError(f"no town {exact.code}")
    _write(made, exact, out, as_json=as_json)


def _meant(found: list[Division], words: str) -> Division | None:
    """The one town that is meant: the only one found, or the only one whose code or whole name was typed."""
    from liangxin.registry.divisions import stem

    if len(found) == 1:
        return found[0]
    last = words.split()[-1]
    exact = [each for each in found if each.code == last or "".join(each.path) == words.replace(" ", "")]
    if not exact and len(words.split()) > 1:
        exact = [each for each in found if last in (each.name, stem(each.name))]
    return exact[0] if len(exact) == 1 else None


def _list(words: str, found: list[Division], *, as_json: bool) -> None:
    if as_json:
        towns = [{"code": each.code, "name": each.name, "path": list(each.path)} for each in found]
        click.echo(json.dumps({"format": "liangxin.places/1", "found": towns}, ensure_ascii=False, indent=2))
        return
    if not found:
        click.echo(
            say(
                f"没有找到“{words}”。可写9位代码（如 330683101），或镇、街道的名称（如 长乐镇、嵊州长乐）。",
                f'Nothing found for "{words}". Accepted: a code of 9 digits (330683101), or a name such as "嵊州长乐".',
            ),
            err=True,
        )
        return
    click.echo(
        say(
            f"“{words}”有 {len(found)} 个，请用代码再选：",
            f'{len(found)} towns match "{words}"; choose one by its code:',
        )
        if len(found) > 1
        else say("找到：", "Found:")
    )
    for each in found:
        click.echo(f"  {each.code}  {' '.join(each.path)}")
    if len(found) >= 50:
        click.echo(
            say(
                "只列出前50个；前面加上县名可以缩小范围。",
                "Only the first 50; put the county before it to narrow down.",
            )
        )


def _write(town: Town, division: Division, out: Path, *, as_json: bool) -> None:
    from liangxin.files.town import write_town
    from liangxin.registry.divisions import EDITION

    write_town(out, town)
    villages = sum(area.kind == "village" for area in town.areas)
    communities = len(town.areas) - villages
    if as_json:
        document: dict[str, Any] = {
            "format": "liangxin.places/1",
            "found": [{"code": division.code, "name": division.name, "path": list(division.path)}],
            "villages": villages,
            "communities": communities,
            "aliases": list(town.aliases),
            "edition": EDITION,
            "out": str(out),
        }
        click.echo(json.dumps(document, ensure_ascii=False, indent=2))
        return
    click.echo(
        say(
            f"{' '.join(division.path)}（{division.code}）：{villages} 个村、{communities} 个社区，按统计局 {EDITION} 的名称。",
            f"{' '.join(division.path)} ({division.code}): {villages} villages, {communities} communities, as of {EDITION}.",
        )
    )
    if town.aliases:
        click.echo(say(f"曾用名：{'、'.join(town.aliases)}。", f"Former names: {', '.join(town.aliases)}."))
    click.echo(say(f"已写出 {out}。", f"Wrote {out}."))
    click.echo(
        say(
            f"下一步：liangxin register 工商导出.csv --town {out} --out 台账.xlsx",
            f"Next: liangxin register export.csv --town {out} --out ledger.xlsx",
        )
    )
