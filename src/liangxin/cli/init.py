"""``liangxin init``: a new site from a town file, with its first administrator."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from liangxin.cli import site_folder
from liangxin.cli.language import say


@click.command(
    help=say(
        "建立网站的数据库和第一个管理员。例：liangxin init --town town.yaml",
        "Set up the site's database and its first administrator. Example: liangxin init --town town.yaml",
    )
)
@click.option(
    "--town",
    "town_file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help=say("镇的基本资料（town.yaml）", "The town file (town.yaml)"),
)
@site_folder.option
def command(town_file: Path | None, data: Path) -> None:
    from liangxin.files.town import read_town
    from liangxin.web.serving import add_account, prepare

    town = read_town(town_file) if town_file else None
    prepare(data.resolve())
    if town is not None:
        from liangxin.web.areas.models import Town
        from liangxin.web.areas.services import add_town
        from liangxin.web.organizations.services import record_existing

        if Town.objects.filter(code=town.code).exists():
            click.echo(
                say(
                    f"{town.name}（{town.code}）已经在库里，没有改动。",
                    f"{town.name} ({town.code}) is there already; left as it is.",
                )
            )
        else:
            record_existing(add_town(town, drive_starts=date.today()))
            click.echo(say(f"已建立：{town.name}（{town.code}）", f"Added: {town.name} ({town.code})"))
    account = add_account("admin", "administrator")
    if account is not None:
        click.echo(say("管理员账号（密码只显示这一次）：", "Administrator (the password is shown only now):"))
        click.echo(f"  {account.username}  {account.password}")
    click.echo(say(f"下一步：liangxin serve --data {data}", f"Next: liangxin serve --data {data}"))
