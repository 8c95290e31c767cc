"""``liangxin policy diff A B``: who moves when the rule changes, on one ledger."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from liangxin.cli.language import language, say, tell

if TYPE_CHECKING:
    from liangxin.coverage.movement import Movement
    from liangxin.coverage.rate import Rate
    from liangxin.policy.model import Policy


@click.command(
    "diff",
    help=say(
        "规则变了，哪些单位的类别、形式、要求、状态跟着变：先列家数，再列名单。A、B 可写“政策+叠加”或“政策@日期”。\n\n"
        "例：liangxin policy diff changle-2011-44 changle-2011-44+branch-regulations-2018 --ledger 台账.xlsx",
        "Which units change class, form, obligation or status when the rule changes: counts first, then the list. "
        "A and B may be written POLICY+OVERLAY or POLICY@DAY.\n\n"
        "Example: liangxin policy diff changle-2011-44 changle-2011-44+branch-regulations-2018 --ledger ledger.xlsx",
    ),
)
@click.argument("a", metavar="A")
@click.argument("b", metavar="B")
@click.option("--ledger", required=True, type=click.Path(path_type=Path), help=say("台账文件", "The ledger"))
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    help=say("截止日期，默认今天", "As of this day; today by default"),
)
@click.option("--json", "as_json", is_flag=True, help=say("输出 JSON", "Print JSON"))
def command(a: str, b: str, ledger: Path, as_of: datetime | None, as_json: bool) -> None:
    from liangxin.cli.indicators import read_ledger_frame
    from liangxin.coverage.movement import movement

    day = as_of.date() if as_of else date.today()
    before, after = _policy(a, day), _policy(b, day)
    moved = movement(read_ledger_frame(ledger), before, after)
    if as_json:
        click.echo(json.dumps(document(moved), ensure_ascii=False, allow_nan=False, indent=2))
    else:
        _print(moved)


def _policy(name: str, day: date) -> Policy:
    """POLICY, POLICY+OVERLAY, or either at a day of its own: POLICY@2018-11-01."""
    from liangxin.policy import read_policy

    base, mark, own_day = name.rpartition("@")
    if not mark or Path(name).exists():
        return read_policy(name, as_of=day)
    try:
        return read_policy(base, as_of=date.fromisoformat(own_day))
    except ValueError:
        words = say("@ 后面要写日期，如 @2018-11-01", "After @ comes a day, such as @2018-11-01")
        raise click.BadParameter(words, param_hint=name) from None


def document(moved: Movement) -> dict[str, Any]:
    return {
        "a": {"id": moved.before.id, "overlays": list(moved.before.overlays)},
        "b": {"id": moved.after.id, "overlays": list(moved.after.overlays)},
        "as_of": moved.after.as_of.isoformat(),
        "units": moved.units,
        "counts": moved.counts(),
        "rates": {id: {"a": _rate(a), "b": _rate(b)} for id, (a, b) in moved.rates.items()},
        "moves": moved.moves.to_dicts(),
    }


def _rate(rate: Rate | None) -> dict[str, Any] | None:
    if rate is None:
        return None
    return {"numerator": rate.numerator, "denominator": rate.denominator, "unknown": rate.unknown}


def _print(moved: Movement) -> None:
    from liangxin.cli.columns import aligned
    from liangxin.coverage.movement import ASPECTS

    def named(policy: Policy) -> str:
        return "+".join((policy.id, *policy.overlays))

    click.echo(f"A  {named(moved.before)}  {tell(moved.before.title)}")
    click.echo(f"B  {named(moved.after)}  {tell(moved.after.title)}")
    counts = moved.counts()
    touched = moved.moves["unit_id"].n_unique()
    click.echo(
        say(
            f"台账 {moved.units:,} 家，有变化的 {touched:,} 家。",
            f"{moved.units:,} units in the ledger, {touched:,} of them change.",
        )
    )
    click.echo("")
    for line in aligned(
        [["  " + tell(ASPECTS[aspect]), f"{count:,}"] for aspect, count in counts.items()], [1]
    ):
        click.echo(line)
    changed = {id: pair for id, pair in moved.rates.items() if pair[0] != pair[1]}
    if changed:
        click.echo("")
        header = ["  " + say("指标", "Indicator"), "A", "B"]
        policies = (moved.before, moved.after)
        rows = [
            ["  " + id, *(_shown(id, rate, policy) for rate, policy in zip(pair, policies, strict=True))]
            for id, pair in changed.items()
        ]
        for line in aligned([header, *rows], [1, 2]):
            click.echo(line)
    if not touched:
        return
    click.echo("")
    table = [[say("编号", "No."), say("单位名称", "Name"), say("变化", "Change"), "A", "B"]]
    for row in moved.moves.iter_rows(named=True):
        table.append(
            [
                row["unit_id"],
                row["name"] or "",
                tell(ASPECTS[row["aspect"]]),
                _said(row["aspect"], row["before"], moved.before),
                _said(row["aspect"], row["after"], moved.after),
            ]
        )
    for line in aligned(table):
        click.echo(line)


def _shown(id: str, rate: Rate | None, policy: Policy) -> str:
    from liangxin.cli.indicators import shown

    if rate is None:
        return say("没有此项", "none")
    indicator = next((item for item in policy.indicators if item.id == id), None)
    return f"{rate.numerator:,}/{rate.denominator:,} {shown(indicator, rate)}"


def _said(aspect: str, value: str | None, policy: Policy) -> str:
    """A result in words: class and form ids become their labels."""
    if value is None:
        return say("无", "none")
    lang = language()
    words: dict[str, str] = {
        "true": say("是", "yes"),
        "false": say("否", "no"),
        "separate": say("单独组建", "separate"),
        "any": say("任何形式", "any form"),
        "unknown": say("待核", "not yet known"),
    }
    if aspect == "classes":
        words = {item.id: item.label.in_language(lang) for item in policy.classes}
    elif aspect == "possible_forms":
        words = {form.id: form.label.in_language(lang) for form in policy.forms.values()}
    elif aspect == "status":
        words |= {leaf.id: leaf.label.in_language(lang) for leaf in policy.statuses}
    return say("、", ", ").join(words.get(item, item) for item in value.split(" "))
