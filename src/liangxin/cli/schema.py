"""``liangxin schema``: the JSON Schema of a format."""

from __future__ import annotations

import json

import click

from liangxin.cli.language import say, tell


@click.command(
    help=say(
        "打印一种文件格式的 JSON Schema；不写名称则列出全部格式。\n\n例：liangxin schema plan",
        "Print the JSON Schema of a format; without a name, list the formats.\n\nExample: liangxin schema plan",
    )
)
@click.argument("name", required=False)
def command(name: str | None) -> None:
    from liangxin.cli.columns import aligned
    from liangxin.files.schemas import FORMATS, schema

    if name is None:
        for line in aligned([(each, tell(words)) for each, words in FORMATS.items()]):
            click.echo(line)
        return
    if name not in FORMATS:
        listed = "、".join(FORMATS), ", ".join(FORMATS)
        raise click.UsageError(
            say(
                f"没有“{name}”这种格式；可用：{listed[0]}",
                f"There is no format {name!r}; there are: {listed[1]}",
            )
        )
    click.echo(json.dumps(schema(name), ensure_ascii=False, indent=2))
