"""``liangxin serve``: the site, for an office."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from liangxin.cli import site_folder
from liangxin.cli.language import say, tell
from liangxin.wording import Text


@click.command(
    help=say(
        "启动网站。例：liangxin serve --data 两新数据 --port 8000",
        "Serve the site. Example: liangxin serve --data liangxin-data --port 8000",
    )
)
@click.option("--host", default="127.0.0.1", show_default=True, help=say("监听地址", "Address to listen on"))
@click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help=say("端口", "Port")
)
@site_folder.option
def command(host: str, port: int, data: Path) -> None:
    from liangxin.web.running.holding import check_address, hold_folder
    from liangxin.web.serving import prepare

    with hold_folder(data.resolve(), port):
        check_address(host, port)
        for said in prepare(data.resolve()).said():
            click.echo(tell(said))
        click.echo(
            say(
                f"网站已启动：http://{host}:{port}/ （按 Ctrl+C 停止）",
                f"The site is at http://{host}:{port}/ (Ctrl+C stops it)",
            )
        )
        status = run_site(data.resolve(), host, port)
    sys.exit(status)


def run_site(data: Path, host: str, port: int) -> int:
    """Web server and worker until told to stop; what befalls them is said on the error stream, for the log. The exit code."""
    from liangxin.web.running.supervisor import supervise

    def log(text: Text) -> None:
        click.echo(tell(text), err=True)

    return supervise(data, host, port, log)
