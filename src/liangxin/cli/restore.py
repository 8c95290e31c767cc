"""``liangxin restore``: a backup put back, whole or not at all, with every indicator as it was."""

from __future__ import annotations

from pathlib import Path

import click

from liangxin.cli import site_folder
from liangxin.cli.language import say


@click.command(
    help=say(
        "从备份恢复网站。先核对整个文件，再在一个事务里写入，恢复后每个指标必须与备份时相同，否则全部退回。恢复前请停下网站。"
        "\n\n例：liangxin restore 备份/2011-08-31.lxb --data 新的数据文件夹",
        "Restore a site from a backup. The file is checked first, all is written in one transaction, and every indicator must "
        "be what it was, else all is rolled back. Stop the site before.\n\n"
        "Example: liangxin restore backups/2011-08-31.lxb --data new-data",
    )
)
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@site_folder.option
@click.option(
    "--replace",
    is_flag=True,
    help=say("用备份替换网站里已有的数据", "Replace what the site holds by the backup"),
)
@click.option(
    "--signer",
    help=say(
        "签名密钥的指纹，从备份以外的地方得来（打印件、审计页、锚点文件）；本站自己的密钥签的不用写",
        "Fingerprint of the key that signed, known from elsewhere than the file (printed, the Audit page, an anchor); "
        "not needed where this site's own key signed",
    ),
)
def command(file: Path, data: Path, replace: bool, signer: str | None) -> None:
    from liangxin.cli.backup import figures
    from liangxin.cli.progress import stages
    from liangxin.web.backup.opening import open_site

    open_site(data.resolve(), must_exist=False)
    from liangxin.web.backup.restoring import restore

    with stages() as watched:
        done = restore(file, replace=replace, signer=signer, told=watched.at)
    manifest = done.manifest
    click.echo(
        say(
            f"已恢复 {manifest.made[:16].replace('T', ' ')}（UTC）的备份：{len(done.towns)} 个镇，{done.rows:,} 行，{len(manifest.uploads)} 个上传的文件",
            f"Restored the backup of {manifest.made[:16].replace('T', ' ')} (UTC): towns: {len(done.towns)}, rows: {done.rows:,}, uploads: {len(manifest.uploads)}",
        )
    )
    for town in done.towns:
        click.echo(
            say(
                f"{town.name}：{town.units:,} 家单位，{len(town.indicators)} 项指标与备份时全部相同：",
                f"{town.name}: {town.units:,} units, all {len(town.indicators)} indicators as in the backup: ",
            )
            + figures(town.indicators)
        )
    click.echo(
        say(
            f"下一步：把原来的密钥文件放回 {data}，再启动网站（liangxin serve --data {data}）。",
            f"Next: put the original key files back into {data}, then start the site (liangxin serve --data {data}).",
        )
    )
