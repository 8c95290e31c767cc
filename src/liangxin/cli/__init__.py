"""The command ``liangxin``: one file a command, loaded only when it is called, so that ``--help`` is quick."""

from __future__ import annotations

import importlib
import os
import sys
from typing import Final

import click

from liangxin import __version__
from liangxin.cli.language import choose_language, language, say

# name: (module, what it does in Chinese, in English). Help lists these without importing any command.
COMMANDS: Final[dict[str, tuple[str, str, str]]] = {
    "demo": ("demo", "造一个示范镇，从名册一路做到文件", "make a demo town and take it the whole way"),
    "town": ("town", "按种子生成一个虚构的镇", "make a made-up town by seed"),
    "places": (
        "places",
        "按代码或名称生成镇文件：村、社区的正式名称",
        "make a town file from a code or a name",
    ),
    "check": ("check", "检查台账，所有错误一次列出", "check a ledger, all errors at once"),
    "register": (
        "register",
        "把工商登记导出表变成摸底台账",
        "turn a business-register export into a survey ledger",
    ),
    "plan": ("plan", "从台账到组建方案和全部文件", "from a ledger to the plan and all its files"),
    "indicators": ("indicators", "算五项指标及其名单", "compute the indicators and their lists"),
    "policy": ("policy", "政策规则：列出、检查、解释、比较", "policies: list, check, explain, diff"),
    "fleet": ("fleet", "一次算许多镇", "many towns at once"),
    "init": ("init", "建立网站的数据库和管理员", "set up the site's database and administrator"),
    "roles": (
        "roles",
        "在服务器上确认等第二个人的角色",
        "confirm, on the server, roles that wait for a second person",
    ),
    "serve": ("serve", "启动网站", "serve the site"),
    "backup": ("backup", "不停机备份整个网站", "back the whole site up while it runs"),
    "restore": ("restore", "从备份恢复网站", "restore the site from a backup"),
    "verify": ("verify", "核对审计记录和各项数字", "verify the audit chain and every figure"),
    "privacy": (
        "privacy",
        "更换个人信息密钥，核对清除证明",
        "change the key of personal data, check a proof of purge",
    ),
    "schema": ("schema", "打印各文件格式的 JSON Schema", "print a format's JSON Schema"),
}


class LazyGroup(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"liangxin.cli.{COMMANDS[cmd_name][0]}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section(say("命令", "Commands")):
            formatter.write_dl([(name, say(zh, en)) for name, (_, zh, en) in COMMANDS.items()])


def main(arguments: list[str] | None = None) -> None:
    """Run the command line. Exit codes: 0 done, 1 the input has errors (all listed), 2 wrong usage."""
    given = choose_language(list(sys.argv[1:] if arguments is None else arguments), os.environ)
    from liangxin.cli.click_words import speak
    from liangxin.cli.errors import reporting

    speak(language())

    group = LazyGroup(
        name="liangxin",
        help=say(
            "两新：从第一本名册到组建方案、文件和网络图。",
            "Liangxin: from the first register to the plan, the documents and the chart.",
        ),
        epilog=say(
            "任何命令后加 --help 看用法和例子；--lang zh|en 选语言。",
            "Add --help to any command for its use and an example; --lang zh|en picks the language.",
        ),
        no_args_is_help=True,
    )
    group = click.version_option(__version__, "--version", help=say("显示版本", "Show the version"))(group)
    with reporting():
        ended = group.main(args=given, prog_name="liangxin", standalone_mode=False)
        if (
            isinstance(ended, int) and ended
        ):  # ctx.exit(1) comes back as a value when click does not stand alone
            raise SystemExit(ended)
