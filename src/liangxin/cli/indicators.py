"""``liangxin indicators``: every rate of the policy on one ledger, and the units behind each number."""

from __future__ import annotations

import json
import math
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from liangxin.cli.language import language, say, tell

if TYPE_CHECKING:
    import polars as pl

    from liangxin.coverage import Classification, Rate
    from liangxin.policy.model import Indicator
    from liangxin.registry.town import Town


@click.command(
    help=say(
        "在一本台账上计算各项指标：分子、分母、完成率、待核区间；每个数字都能列出背后的单位。\n\n"
        "例：liangxin indicators 台账.xlsx --as-of 2011-08-15 --list 1.1:missing",
        "Compute every indicator on a ledger: numerator, denominator, rate, the range that facts not yet known leave; "
        "every number can list its units.\n\n"
        "Example: liangxin indicators ledger.xlsx --as-of 2011-08-15 --list 1.1:missing",
    )
)
@click.argument("ledger", type=click.Path(path_type=Path))
@click.option(
    "--policy",
    "policy_name",
    default="changle-2011-44",
    show_default=True,
    metavar="ID|FILE",
    help=say("政策编号或文件", "Policy id or file"),
)
@click.option(
    "--overlay",
    "overlays",
    multiple=True,
    metavar="ID",
    help=say("叠加的规则，可多次", "Overlay; may be repeated"),
)
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    help=say("截止日期，默认今天", "As of this day; today by default"),
)
@click.option(
    "--town",
    "town_file",
    type=click.Path(path_type=Path),
    help=say("镇的文件：名称换成编号", "The town's file: names become ids"),
)
@click.option("--json", "as_json", is_flag=True, help=say("输出 JSON", "Print JSON"))
@click.option(
    "--list",
    "wanted",
    metavar="INDICATOR:PART",
    help=say(
        "列出单位，如 1.1:missing；PART 可为 numerator、denominator、missing、unknown",
        "List units, e.g. 1.1:missing; PART is numerator, denominator, missing or unknown",
    ),
)
def command(
    ledger: Path,
    policy_name: str,
    overlays: tuple[str, ...],
    as_of: datetime | None,
    town_file: Path | None,
    as_json: bool,
    wanted: str | None,
) -> None:
    from liangxin.coverage import classify
    from liangxin.policy import read_policy

    day = as_of.date() if as_of else date.today()
    policy = read_policy(policy_name, as_of=day, overlays=overlays)
    part = _wanted(wanted, [indicator.id for indicator in policy.indicators])
    town = _town(town_file)
    frame = read_ledger_frame(ledger, town)
    classification = classify(frame, policy)
    if part is not None:
        _print_list(classification, *part, as_json=as_json)
    elif as_json:
        click.echo(json.dumps(document(classification, town), ensure_ascii=False, allow_nan=False, indent=2))
    else:
        _print_table(classification)


def _town(path: Path | None) -> Town | None:
    if path is None:
        return None
    from liangxin.files.town import read_town

    return read_town(path)


def read_ledger_frame(path: Path, town: Town | None = None) -> pl.DataFrame:
    """The ledger's frame; every error of the file is raised together (exit 1), warnings go to standard error."""
    from liangxin.cli.progress import stages
    from liangxin.files.ledger import read_ledger
    from liangxin.findings import InputError, Severity
    from liangxin.wording import Text, counted

    with stages() as stage:
        stage.begin(Text("读取台账", "read the ledger"))
        read = read_ledger(path, town=town)
    if any(finding.severity is Severity.ERROR for finding in read.findings):
        raise InputError(read.findings)
    if read.findings:
        count = len(read.findings)
        click.echo(
            say(
                f"台账有 {count} 处提醒，用 liangxin check 查看。",
                f"The ledger has {counted(count, 'warning', 'warnings')}; liangxin check shows {'it' if count == 1 else 'them'}.",
            ),
            err=True,
        )
    return read.frame


def _wanted(wanted: str | None, indicators: list[str]) -> tuple[str, str] | None:
    from liangxin.coverage import PARTS

    if wanted is None:
        return None
    indicator, _, part = wanted.rpartition(":")
    if indicator not in indicators or part not in PARTS:
        raise click.BadParameter(
            say(
                f"“{wanted}”不对。指标有 {'、'.join(indicators)}；部分有 {'、'.join(PARTS)}；写作 {indicators[0]}:missing",
                f"{wanted!r} is not one. Indicators: {', '.join(indicators)}; parts: {', '.join(PARTS)}; "
                f"write {indicators[0]}:missing",
            ),
            param_hint="--list",
        )
    return indicator, part


def document(classification: Classification, town: Town | None = None) -> dict[str, Any]:
    """``liangxin.indicators/1`` as things stand: ``before`` only, since no plan is carried out."""
    from liangxin.coverage import count

    policy, frame = classification.policy, classification.frame
    rates = count(classification)
    made: dict[str, Any] = {"format": "liangxin.indicators/1"}
    if town is not None:
        made["town"] = {"name": town.name, "code": town.code}
    return {
        **made,
        "policy": {"id": policy.id, "overlays": list(policy.overlays)},
        "as_of": policy.as_of.isoformat(),
        "roster": {"units": frame.height, "in_scope": int(frame["in_scope"].sum())},
        "indicators": [
            {
                "id": item.id,
                "label": item.label.as_dict(),
                "before": {
                    "numerator": rates[item.id].numerator,
                    "denominator": rates[item.id].denominator,
                    "unknown": rates[item.id].unknown,
                    "low": rates[item.id].low,
                    "high": rates[item.id].high,
                },
                "target": item.target,
                "due": item.due.isoformat() if item.due else None,
            }
            for item in policy.indicators
        ],
    }


def _print_table(classification: Classification) -> None:
    from liangxin.cli.columns import aligned
    from liangxin.coverage import count

    policy, frame = classification.policy, classification.frame
    rates = count(classification)
    inside = int(frame["in_scope"].sum())
    click.echo(tell(policy.title))
    click.echo(
        say(
            f"截至 {policy.as_of}；台账 {frame.height:,} 家，列入基数 {inside:,} 家，移出 {frame.height - inside:,} 家。",
            f"As of {policy.as_of}; {frame.height:,} units in the ledger, {inside:,} in the base, "
            f"{frame.height - inside:,} left out.",
        )
    )
    click.echo("")
    header = [
        say("编号", "Id"),
        say("指标", "Indicator"),
        say("分子", "Numerator"),
        say("分母", "Denominator"),
        say("现状", "Now"),
        say("待核", "Unknown"),
        say("可能区间", "Range"),
        say("目标", "Target"),
        say("期限", "Due"),
        say("差距", "Gap"),
    ]
    rows = [header, *(_line(item, rates[item.id]) for item in policy.indicators)]
    for line in aligned(rows, right=range(2, 8)):
        click.echo(line)
    click.echo("")
    click.echo(
        say(
            "“—”表示分母为空；待核：还缺事实、位置未定的单位数，区间是查清后可能的最低和最高。",
            '"—": the denominator is empty. Unknown: units whose place waits for a fact; the range is the least and the '
            "most the rate can become.",
        )
    )


def _line(item: Indicator, rate: Rate) -> list[str]:
    average = item.measure == "average"
    span = "" if not rate.unknown or average else f"{percent(rate.low)}–{percent(rate.high)}"
    return [
        item.id,
        tell(item.label),
        f"{rate.numerator:,}",
        f"{rate.denominator:,}",
        shown(item, rate),
        f"{rate.unknown:,}",
        span,
        f"≥ {percent(item.target)}" if item.target is not None else "",
        item.due.isoformat() if item.due else "",
        gap(item, rate),
    ]


def shown(item: Indicator | None, rate: Rate) -> str:
    """The value of a rate as a percentage, of an average as a number."""
    if item is not None and item.measure == "average":
        return f"{rate.value:.2f}" if rate.value is not None else "—"
    return percent(rate.value)


def percent(share: float | None) -> str:
    """One decimal, "—" for none; what is short of 100% never reads 100.0%, what is above 0 never reads 0.0%.

    >>> percent(0.9999), percent(1.0), percent(None)
    ('99.9%', '100.0%', '—')
    """
    if share is None:
        return "—"
    shown = round(share * 100, 1)
    if share < 1:
        shown = min(shown, 99.9)
    if share > 0:
        shown = max(shown, 0.1)
    return f"{shown:.1f}%"


def gap(item: Indicator, rate: Rate) -> str:
    """How many more units are needed for the target on today's denominator."""
    if item.target is None or item.measure == "average" or not rate.denominator:
        return ""
    short = math.ceil(item.target * rate.denominator - 1e-9) - rate.numerator
    if short <= 0:
        return say("已达标", "met")
    return say(f"差 {short:,} 家", f"{short:,} short")


def _print_list(classification: Classification, indicator: str, part: str, *, as_json: bool) -> None:
    from typing import cast

    from liangxin.cli.columns import aligned
    from liangxin.coverage import Part, listing
    from liangxin.coverage.reasons import reasons

    rows = listing(classification, indicator, cast("Part", part))
    said = reasons(classification, rows)
    lang = language()
    if as_json:
        units = [
            {"unit_id": id, "name": name, "reason": {"zh": zh, "en": en}}
            for id, name, zh, en in zip(
                rows["unit_id"], rows["name"], said["reason_zh"], said["reason_en"], strict=True
            )
        ]
        made = {"indicator": indicator, "part": part, "count": rows.height, "units": units}
        click.echo(json.dumps(made, ensure_ascii=False, allow_nan=False, indent=2))
        return
    table = [[say("编号", "No."), say("单位名称", "Name"), say("理由", "Reason")]]
    table += [
        [id, name or "", words]
        for id, name, words in zip(rows["unit_id"], rows["name"], said[f"reason_{lang}"], strict=True)
    ]
    for line in aligned(table):
        click.echo(line)
    click.echo(say(f"共 {rows.height:,} 家。", f"{rows.height:,} units."))
