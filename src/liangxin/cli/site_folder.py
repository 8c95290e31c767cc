"""``--data``: the folder of the site that a command works on."""

from __future__ import annotations

from pathlib import Path

import click

from liangxin.cli.language import say

option = click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("liangxin-data"),
    show_default=True,
    help=say("数据文件夹", "Folder of the database and uploads"),
)
