"""``liangxin privacy``: change the key of personal data; check a proof of purge or a hand-over package."""

from __future__ import annotations

from pathlib import Path

import click

from liangxin.cli import site_folder
from liangxin.cli.language import say
from liangxin.findings import InputError
from liangxin.wording import counted


@click.group(
    help=say(
        "个人信息：更换密钥，核对清除证明和移交包。\n\n例：liangxin privacy rotate --data 两新数据",
        "Personal data: change its key, check a proof of purge or a hand-over package."
        "\n\nExample: liangxin privacy rotate --data liangxin-data",
    )
)
def command() -> None:
    pass


@command.command(
    help=say(
        "给每个镇换一把新密钥，重新加密姓名和电话（两步验证的密钥也一样），销毁旧密钥。换之前先备份 personal-key。",
        "Give each town a new key, encrypt names, telephones and the secrets of two-step sign-in anew, destroy the old keys. Keep a copy of personal-key first.",
    )
)
@site_folder.option
def rotate(data: Path) -> None:
    from liangxin.web.backup.opening import open_site

    open_site(data.resolve())
    from liangxin.web.accounts import sealing
    from liangxin.web.areas.models import Town
    from liangxin.web.holders.services import rotate as rotate_town

    secrets = sealing.rotate()
    click.echo(
        say(
            f"两步验证：{secrets} 份密钥已重新加密",
            f"Two-step sign-in: {counted(secrets, 'secret', 'secrets')} under a new key",
        )
    )
    for town in Town.objects.order_by("code"):
        rows = rotate_town(town)
        click.echo(
            say(f"{town.name}：{rows} 人已换新密钥", f"{town.name}: {rows} office holders under a new key")
        )


@command.command(
    help=say(
        "核对清除证明（.json）或移交包（.zip）：有没有被改动。",
        "Check a proof of purge (.json) or a hand-over package (.zip): whether it was changed.",
    )
)
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@site_folder.option
def check(file: Path, data: Path) -> None:
    from liangxin.web.backup.opening import open_site

    open_site(data.resolve())
    from liangxin.web.audit import anchors
    from liangxin.web.closing import package, proof

    facts = package.check(file) if file.suffix == ".zip" else proof.check(_text(file))
    ours = facts["public_key"] == anchors.public_key()
    if "classes" in facts:
        counts = {each["id"]: each["count"] for each in facts["classes"]}
        listed = ", ".join(f"{id} {count}" for id, count in counts.items())
        click.echo(
            say(
                f"{facts['town']['name']}：{facts['purged_at']} 清除，{facts['asked_by']} 申请、{facts['confirmed_by']} 确认；{listed}；"
                f"销毁密钥 {len(facts['keys_destroyed'])} 把",
                f"{facts['town']['name']}: purged {facts['purged_at']}, asked for by {facts['asked_by']}, confirmed by "
                f"{facts['confirmed_by']}; {listed}; {len(facts['keys_destroyed'])} keys destroyed",
            )
        )
    else:
        click.echo(
            say(
                f"{facts['town']['name']}：{len(facts['files'])} 个文件，与清单一致",
                f"{facts['town']['name']}: {len(facts['files'])} files agree with the manifest",
            )
        )
    if not ours:
        click.echo(say("注意：不是本站的密钥签的", "Note: signed by another site's key"))


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise InputError.of("proof", "这不是清除证明", "This is no proof of a purge") from None
