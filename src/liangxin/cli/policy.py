"""``liangxin policy``: list the policies, check one, explain a unit by it, compare two."""

from __future__ import annotations

import importlib
import json
from typing import TYPE_CHECKING, Any, Final

import click

from liangxin.cli.language import language, say, tell

if TYPE_CHECKING:
    from liangxin.findings import Finding

ELSEWHERE: Final[dict[str, tuple[str, str, str]]] = {
    "new": (
        "policy_new",
        "由通知的文字起草一份政策",
        "draft a policy from the text of a notice",
    ),
    "explain": (
        "policy_explain",
        "一个单位按政策怎么定，为什么",
        "what the policy says of one unit, and why",
    ),
    "diff": (
        "policy_diff",
        "两份政策（或两个日期）之间哪些单位变了",
        "which units change between two policies or days",
    ),
}
"""Subcommands with a file of their own, loaded only when called: name to (module, Chinese, English)."""


class PolicyGroup(click.Group):
    """``list`` and ``check`` are here; the others are imported by name when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*self.commands, *ELSEWHERE]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in ELSEWHERE:
            return super().get_command(ctx, cmd_name)
        module = importlib.import_module(f"liangxin.cli.{ELSEWHERE[cmd_name][0]}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        own = [(name, command.get_short_help_str()) for name, command in self.commands.items()]
        others = [(name, say(zh, en)) for name, (_, zh, en) in ELSEWHERE.items()]
        with formatter.section(say("命令", "Commands")):
            formatter.write_dl([*own, *others])


@click.group(
    cls=PolicyGroup,
    help=say(
        "政策规则：列出、检查、解释一个单位、比较两份政策。自己写一份政策见 docs/policy.md。\n\n"
        "例：liangxin policy check 我县.yaml",
        "Policies: list, check, explain a unit, compare two. docs/policy.md says how to write your own.\n\n"
        "Example: liangxin policy check my-county.yaml",
    ),
)
def command() -> None:
    pass


@command.command(
    "list",
    short_help=say("列出自带的政策", "list the policies that come with the program"),
    help=say(
        "列出自带的政策和叠加规则。\n\n例：liangxin policy list",
        "List the policies and overlays that come with the program.\n\nExample: liangxin policy list",
    ),
)
@click.option("--json", "as_json", is_flag=True, help=say("输出 JSON", "Print JSON"))
def list_policies(as_json: bool) -> None:
    from liangxin.policy import available

    policies = available()
    if as_json:
        rows = [
            {
                "id": policy.id,
                "title": policy.title.as_dict(),
                "overlay": policy.is_overlay,
                "issued_on": policy.issued_on.isoformat() if policy.issued_on else None,
            }
            for policy in policies
        ]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    width = max(len(policy.id) for policy in policies)
    for policy in policies:
        kind = say("叠加", "overlay") if policy.is_overlay else say("政策", "policy")
        click.echo(f"{policy.id:<{width}}  {kind}  {policy.issued_on or '—'}  {tell(policy.title)}")


@command.command(
    "check",
    short_help=say("检查一份政策，所有错误一次列出", "check a policy, all errors at once"),
    help=say(
        "检查一份政策文件：每处错误给出行、列和最接近的写法；各个日期的规则都查。"
        "也可以给自带政策的编号，或用“+”叠加。\n\n例：liangxin policy check 我县.yaml",
        "Check a policy file: every error with its line, column and the nearest valid name; the rules of every date "
        "are looked at. An id, or ids joined by “+”, can be given too.\n\nExample: liangxin policy check my-county.yaml",
    ),
)
@click.argument("policy", metavar=say("文件或编号", "FILE|ID"))
@click.option("--json", "as_json", is_flag=True, help=say("输出 JSON", "Print JSON"))
def check(policy: str, as_json: bool) -> None:
    from liangxin.findings import InputError
    from liangxin.policy import check_policy, remark_on_policy

    findings = check_policy(policy)
    remarks = () if findings else remark_on_policy(policy)
    if as_json:
        report = {
            "policy": policy,
            "errors": [_as_json(finding) for finding in findings],
            "remarks": [_as_json(finding) for finding in remarks],
        }
        click.echo(json.dumps(report, ensure_ascii=False, indent=2))
        if findings:
            raise SystemExit(1)
        return
    if findings:
        raise InputError(findings)
    click.echo(say(f"“{policy}”没有错误。", f"“{policy}” has no errors."))
    for remark in remarks:
        click.echo(say("提示：", "Note: ") + remark.sentence(language()))


def _as_json(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "file": finding.place.file,
        "line": finding.place.line,
        "column": finding.place.offset,
        "message": finding.message.as_dict(),
        "found": finding.found,
        "accepted": finding.accepted.as_dict() if finding.accepted else None,
        "sentence": finding.sentence(language()),
    }
