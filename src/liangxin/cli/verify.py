"""``liangxin verify``: is the audit chain whole, and does every figure agree with its list and the ledger."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from liangxin.cli import site_folder
from liangxin.cli.language import say, tell
from liangxin.findings import Finding, InputError
from liangxin.wording import Text

if TYPE_CHECKING:
    from liangxin.web.audit.agreement import Agreed
    from liangxin.web.audit.anchors import Anchor
    from liangxin.web.audit.rows import Compared
    from liangxin.web.audit.verifying import Fault, Walked


@dataclass(slots=True)
class _Anchors:
    read: list[Anchor] = field(default_factory=list)
    notes: list[Text] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


@click.command(
    help=say(
        "核对网站的数据：审计记录有没有被改动、删除、插入或截去；每个指标的分子、名单和台账是否一致。"
        "\n\n例：liangxin verify --data 两新数据 --anchor 优盘/2026-11-27.json",
        "Verify a site's data: no audit event changed, removed, inserted or cut off; numerator, list and ledger agree for "
        "every indicator.\n\nExample: liangxin verify --data liangxin-data --anchor usb/2026-11-27.json",
    )
)
@site_folder.option
@click.option(
    "--anchor",
    "given",
    multiple=True,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help=say("另存在别处的锚点文件，可以给几个", "An anchor kept elsewhere; may be given several times"),
)
@click.option(
    "--make-anchor",
    "wanted",
    type=click.Path(path_type=Path, dir_okay=False),
    help=say("核对无误后，把现在的链尾签名存成文件", "When all is well, sign the chain's end into this file"),
)
@click.option("--json", "as_json", is_flag=True, help=say("输出 JSON", "Print JSON"))
def command(data: Path, given: tuple[Path, ...], wanted: Path | None, as_json: bool) -> None:
    from liangxin.cli.progress import stages
    from liangxin.web.backup.opening import open_site

    open_site(data.resolve())
    from liangxin.web.audit.agreement import check_all
    from liangxin.web.audit.rows import check_rows
    from liangxin.web.audit.services import make_anchor
    from liangxin.web.audit.verifying import walk

    if wanted is not None and wanted.exists():
        raise InputError.of(
            "anchor-exists",
            "这个文件已经有了，换一个名字",
            "This file exists; choose another name",
            found=str(wanted),
        )
    anchors = _anchors(given)
    with stages() as watched:
        watched.begin(Text("核对审计链", "Checking the audit chain"))
        walked = walk(anchors.read)
        watched.begin(Text("逐行核对", "Comparing rows with the chain"))
        compared = check_rows()
        towns = check_all(watched.begin)
    faults = [*walked.faults, *compared.faults, *(fault for town in towns for fault in town.faults)]
    findings = anchors.findings + [Finding(fault.code, fault.message) for fault in faults]
    if as_json:
        click.echo(
            json.dumps(_document(walked, anchors, compared, towns, faults), ensure_ascii=False, indent=2)
        )
        if findings:
            raise SystemExit(1)
    else:
        _print(walked, anchors, compared, towns)
        if findings:
            raise InputError(findings)
        click.echo(say("没有发现问题。", "Nothing wrong was found."))
    if wanted is not None:
        make_anchor(wanted)
        if not as_json:
            click.echo(
                say(
                    f"锚点已存到 {wanted}，请放到别的地方保管。",
                    f"The anchor is in {wanted}; keep it elsewhere.",
                )
            )


def _anchors(given: tuple[Path, ...]) -> _Anchors:
    """Those that the site made day by day, and those that were kept elsewhere."""
    from liangxin.web.audit import anchors

    found = _Anchors()
    own = anchors.public_key()
    for path in [*sorted(anchors.folder().glob("*.json")), *given]:
        try:
            anchor = anchors.read(path)
        except InputError as refused:
            found.findings += refused.findings
            continue
        found.read.append(anchor)
        if anchor.public_key != own:
            known = own[:16] if own else "—"
            note = Text(
                "锚点 {file} 出自另一把密钥（{key}…，本站是 {own}…）：如果不是从备份恢复到新机器，就要查",
                "anchor {file} is signed by another key ({key}…, this site's is {own}…): unless it was restored on a new machine, find out why",
            )
            found.notes.append(note.fill(file=path.name, key=anchor.public_key[:16], own=known))
    return found


def _print(walked: Walked, anchors: _Anchors, compared: Compared, towns: list[Agreed]) -> None:
    newest = max((anchor.day for anchor in anchors.read), default=None)
    click.echo(
        say(
            f"审计链：{walked.events:,} 条；锚点 {len(anchors.read)} 个"
            + (f"，最新 {newest}" if newest else ""),
            f"Audit chain: {walked.events:,} events; {len(anchors.read)} anchors"
            + (f", the newest of {newest}" if newest else ""),
        )
    )
    click.echo(
        say(
            f"逐行核对：{compared.rows:,} 行，{'一致' if not compared.faults else f'{len(compared.faults)} 处不符'}",
            f"Rows compared with the chain: {compared.rows:,}, {'agree' if not compared.faults else f'{len(compared.faults)} faults'}",
        )
    )
    for town in towns:
        click.echo(
            say(
                f"{town.town.name}：{town.indicators} 项指标（分子、名单、台账）、{town.units:,} 家单位（现值、历史）、"
                f"{town.entries:,} 笔党组织变动，{'一致' if not town.faults else f'{len(town.faults)} 处不符'}",
                f"{town.town.name}: {town.indicators} indicators (numerator, list, ledger), {town.units:,} units (value, history), "
                f"{town.entries:,} entries of the organizations' journal, {'agree' if not town.faults else f'{len(town.faults)} faults'}",
            )
        )
    for note in [*anchors.notes, *compared.notes, *(note for town in towns for note in town.notes)]:
        click.echo(say("注意：", "Note: ") + tell(note))


def _document(
    walked: Walked, anchors: _Anchors, compared: Compared, towns: list[Agreed], faults: list[Fault]
) -> dict[str, Any]:
    return {
        "format": "liangxin.verify/1",
        "ok": not faults and not anchors.findings,
        "events": walked.events,
        "rows": compared.rows,
        "notes": [note.as_dict() for note in compared.notes],
        "anchors": [anchor.as_json() for anchor in anchors.read],
        "towns": [
            {
                "code": town.town.code,
                "units": town.units,
                "entries": town.entries,
                "indicators": {
                    id: {
                        "numerator": rate.numerator,
                        "denominator": rate.denominator,
                        "unknown": rate.unknown,
                    }
                    for id, rate in town.rates.items()
                },
                "notes": [note.as_dict() for note in town.notes],
            }
            for town in towns
        ],
        "faults": [
            *(
                {"code": each.code, "seq": None, "zh": each.sentence("zh"), "en": each.sentence("en")}
                for each in anchors.findings
            ),
            *({"code": each.code, "seq": each.seq, **each.message.as_dict()} for each in faults),
        ],
    }
