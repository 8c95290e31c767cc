"""``liangxin roles``: the second person where a town has one administrator and no county: whoever runs the server."""

from __future__ import annotations

from pathlib import Path

import click

from liangxin.cli import site_folder
from liangxin.cli.language import language, say
from liangxin.findings import InputError


@click.command(
    help=say(
        "列出等第二个人确认的角色；确认或拒绝其中几个，记入审计。\n\n例：liangxin roles --data 两新数据 --confirm 3",
        "List roles that wait for a second person; confirm or refuse some, which the audit log keeps."
        "\n\nExample: liangxin roles --data liangxin-data --confirm 3",
    )
)
@click.option(
    "--confirm",
    multiple=True,
    type=int,
    help=say("确认这个编号，可写几次", "Confirm this number; may be repeated"),
)
@click.option(
    "--refuse",
    multiple=True,
    type=int,
    help=say("拒绝这个编号，可写几次", "Refuse this number; may be repeated"),
)
@site_folder.option
def command(confirm: tuple[int, ...], refuse: tuple[int, ...], data: Path) -> None:
    from liangxin.web.backup.opening import open_site

    open_site(data.resolve())
    from liangxin.registry.access import ROLE_LABELS, Role
    from liangxin.web.accounts.models import PendingGrant
    from liangxin.web.administration import granting

    waiting = {
        each.pk: each
        for each in PendingGrant.objects.select_related("user", "town", "asked_by").order_by("pk")
    }
    unknown = sorted(({*confirm, *refuse} - set(waiting)) | ({*confirm} & {*refuse}))
    if unknown:
        numbers = "、".join(map(str, unknown))
        raise InputError.of(
            "pending",
            f"没有这些编号，或又确认又拒绝：{numbers}；什么都没有做",
            f"No such number, or both confirmed and refused: {numbers}; nothing was done",
        )
    granting.decide([waiting.pop(pk) for pk in {*confirm}], [waiting.pop(pk) for pk in {*refuse}])
    done = len({*confirm}), len({*refuse})
    if any(done):
        click.echo(say(f"确认 {done[0]} 个，拒绝 {done[1]} 个", f"{done[0]} confirmed, {done[1]} refused"))
    for pk, each in waiting.items():
        role = ROLE_LABELS[Role(each.role)].in_language(language())
        asked = say(f"申请人 {each.asked_by.username}", f"asked by {each.asked_by.username}")
        click.echo(f"{pk}  {each.town.name}  {each.user.username}  {role}  {asked}  {each.asked_on:%Y-%m-%d}")
    if not waiting:
        click.echo(say("没有等待确认的角色", "No role waits"))
