"""``liangxin backup``: the whole site in one file, while people work."""

from __future__ import annotations

from pathlib import Path

import click

from liangxin.cli import site_folder
from liangxin.cli.language import say


@click.command(
    help=say(
        "把整个网站（数据和上传的文件）备份成一个文件，不用停机；SQLite 和 PostgreSQL 通用。密钥不在备份里，要另外保管。"
        "\n\n例：liangxin backup 备份/2011-08-31.lxb --data 两新数据",
        "Back the whole site up (data and uploads) into one file while it runs; the same file for SQLite and PostgreSQL. "
        "Keys are not in it: keep them apart.\n\nExample: liangxin backup backups/2011-08-31.lxb --data liangxin-data",
    )
)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@site_folder.option
def command(file: Path, data: Path) -> None:
    from liangxin.cli.progress import stages
    from liangxin.web.backup.opening import open_site

    open_site(data.resolve())
    from liangxin.web.backup.making import keys_beside, make_backup

    with stages() as watched:
        manifest = make_backup(file, watched.at)
    rows = sum(table.rows for table in manifest.tables)
    size = file.stat().st_size / 1e6
    click.echo(
        say(
            f"已备份到 {file}（{size:.1f} MB）：{len(manifest.towns)} 个镇，{rows:,} 行，{len(manifest.uploads)} 个上传的文件",
            f"Backed up into {file} ({size:.1f} MB): towns: {len(manifest.towns)}, rows: {rows:,}, uploads: {len(manifest.uploads)}",
        )
    )
    for town in manifest.towns:
        click.echo(
            say(f"{town.name}：{town.units:,} 家单位，", f"{town.name}: {town.units:,} units, ")
            + figures(town.indicators)
        )
    from liangxin.web.audit.anchors import fingerprint_of

    signer = fingerprint_of(manifest.public_key)
    click.echo(
        say(
            f"签名指纹：{signer}（打印或抄下来，和备份分开放；换了机器、audit-key 也没有了，恢复时要用它核对）",
            f"Signed by: {signer} (print or note it and keep it apart from the backup: on a new machine without the "
            f"audit-key, a restore asks for it)",
        )
    )
    keys = "、".join(keys_beside())
    click.echo(
        say(
            f"密钥不在备份里：请把 {data} 里的 {keys} 另外复制一份，和备份分开保管。没有它们，加密的个人信息不能恢复。",
            f"Keys are not in the backup: copy {keys} of {data} and keep them apart from it. Without them encrypted personal data cannot be read again.",
        )
    )


def figures(indicators: dict[str, list[int]]) -> str:
    return "  ".join(f"{id} {rate[0]}/{rate[1]}" for id, rate in indicators.items())
