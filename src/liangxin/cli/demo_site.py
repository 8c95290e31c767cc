"""The demo town as a site: what ``liangxin demo`` serves when its files are written."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import click

from liangxin.cli.language import say, tell
from liangxin.cli.serve import run_site


def serve_demo(folder: Path, port: int, *, today: date, host: str = "127.0.0.1") -> None:
    """Load the demo folder's town and ledger into a site of its own beside them, and serve it until Ctrl+C."""
    from liangxin.web.running.holding import check_address, hold_folder

    # A demo is looked at with made-up accounts: nobody would scan a code to see an approval.
    os.environ.setdefault("LIANGXIN_REQUIRE_TOTP", "0")
    data = (folder / "site").resolve()
    with hold_folder(data, port):
        check_address(host, port)
        _load(folder, data, host, port, today)
        status = run_site(data, host, port)
    if status:
        raise SystemExit(status)


def _load(folder: Path, data: Path, host: str, port: int, today: date) -> None:
    """The demo's town into the site, unless it is there, and what one needs to sign in."""
    import polars as pl

    from liangxin.files.town import read_town
    from liangxin.registry.access import ROLE_LABELS, Role
    from liangxin.web import serving

    click.echo(say("正在准备网站…", "Preparing the site…"))
    serving.prepare(data)
    town = read_town(folder / "town.yaml")
    accounts = serving.load_demo(town, pl.read_parquet(folder / "ledger.parquet"), today=today)
    if accounts:
        serving.begin_demo_plan(town)
    click.echo()
    click.echo(
        say(
            f"示范网站：http://{host}:{port}/ （按 Ctrl+C 停止）",
            f"The demo site: http://{host}:{port}/ (Ctrl+C stops it)",
        )
    )
    if accounts:
        click.echo(say("账号和密码（只显示这一次）：", "Accounts and passwords (shown only now):"))
        for account in accounts:
            click.echo(
                f"  {account.username:<13} {account.password}  {tell(ROLE_LABELS[Role(account.role)])}"
            )
    else:
        click.echo(
            say(
                "账号沿用上次的；忘了密码可以删掉 site 文件夹重来。",
                "Accounts are those of the last time; delete the site folder to begin anew.",
            )
        )
