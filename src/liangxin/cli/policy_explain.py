"""``liangxin policy explain``: what every rule says of one unit, with its clause, its words and the facts it used."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from liangxin.cli.language import language, say, tell

if TYPE_CHECKING:
    import polars as pl

    from liangxin.coverage import Classification
    from liangxin.coverage.explain import Verdict


@click.command(
    "explain",
    help=say(
        "说明每条规则对一个单位的结论：是、否或待核，附条款、原话和所用的事实。\n\n"
        "例：liangxin policy explain E0042 --ledger 台账.xlsx --as-of 2011-08-15",
        "What every rule says of one unit: yes, no or not yet known, with its clause, words and the facts it used.\n\n"
        "Example: liangxin policy explain E0042 --ledger ledger.xlsx --as-of 2011-08-15",
    ),
)
@click.argument("unit_id")
@click.option("--ledger", required=True, type=click.Path(path_type=Path), help=say("台账文件", "The ledger"))
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
@click.option("--json", "as_json", is_flag=True, help=say("输出 JSON", "Print JSON"))
def command(
    unit_id: str,
    ledger: Path,
    policy_name: str,
    overlays: tuple[str, ...],
    as_of: datetime | None,
    as_json: bool,
) -> None:
    from liangxin.cli.indicators import read_ledger_frame
    from liangxin.coverage import classify
    from liangxin.policy import read_policy

    policy = read_policy(policy_name, as_of=as_of.date() if as_of else date.today(), overlays=overlays)
    frame = read_ledger_frame(ledger)
    id = _found(frame, unit_id)
    classification = classify(frame, policy)
    if as_json:
        click.echo(json.dumps(document(classification, id), ensure_ascii=False, allow_nan=False, indent=2))
    else:
        _print(classification, id)


def _found(frame: pl.DataFrame, asked: str) -> str:
    """The unit's id: by id, by credit code or by its whole name; InputError with the nearest ones otherwise."""
    import polars as pl

    from liangxin.findings import InputError
    from liangxin.wording import Text

    for column in ("unit_id", "uscc", "name"):
        rows = frame.filter(pl.col(column) == asked)
        if rows.height == 1:
            return str(rows["unit_id"][0])
    near = list(nearest(asked, frame["unit_id"].drop_nulls(), frame["name"].drop_nulls()))
    names = dict(frame.select("unit_id", "name").iter_rows())
    by_name = {name: id for id, name in names.items()}
    shown = [f"{by_name.get(hit, hit)} {names.get(hit, hit) or ''}".strip() for hit in near]
    raise InputError.of(
        "unit_unknown",
        "台账里没有这个编号、信用代码或单位名称",
        "The ledger has no unit of this number, code or name",
        found=asked,
        accepted=Text("、".join(shown), ", ".join(shown)) if shown else None,
    )


def nearest(asked: str, ids: Iterable[str], names: Iterable[str], most: int = 5) -> list[str]:
    """Ids, then names, like what was asked: names that contain it first, then those spelt nearly so."""
    all_names = list(names)
    inside = [name for name in all_names if asked and asked in name]
    close = get_close_matches(asked, [*ids, *all_names], n=most, cutoff=0.6)
    return list(dict.fromkeys([*inside, *close]))[:most]


def document(classification: Classification, unit_id: str) -> dict[str, Any]:
    import polars as pl

    from liangxin.coverage import Classification as Classified
    from liangxin.coverage.explain import explain, indicator_places
    from liangxin.coverage.reasons import conflict_sentences, reason

    row = classification.frame.filter(pl.col("unit_id") == unit_id)
    one = Classified(row, classification.policy)
    facts = row.row(0, named=True)
    return {
        "unit_id": unit_id,
        "name": facts["name"],
        "policy": {"id": classification.policy.id, "overlays": list(classification.policy.overlays)},
        "as_of": classification.policy.as_of.isoformat(),
        "reason": reason(one, unit_id).as_dict(),
        "in_scope": facts["in_scope"],
        "left_out": facts["left_out"],
        "classes": facts["classes"],
        "asked_form": facts["asked_form"],
        "possible_forms": facts["possible_forms"],
        "status": facts["status"],
        "unknown": facts["unknown"],
        "clear": facts["clear"],
        "not_clear": facts["not_clear"],
        "conflicts": [
            {"id": id, "clause": clause, "severity": severity, "zh": zh, "en": en}
            for _, id, clause, severity, zh, en in conflict_sentences(one).iter_rows()
        ],
        "verdicts": [
            {
                "group": verdict.group,
                "id": verdict.id,
                "label": verdict.label.as_dict(),
                "clause": verdict.clause.id if verdict.clause else None,
                "says": verdict.says,
                "rule": verdict.rule.as_dict(),
                "because": verdict.because.as_dict(),
                "facts": {name: _plain(value) for name, value in verdict.facts.items()},
            }
            for verdict in explain(one, unit_id)
        ],
        "indicators": [
            {"id": place.id, "clause": place.clause.id, "lists": list(place.parts)}
            for place in indicator_places(one, unit_id)
        ],
    }


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _print(classification: Classification, unit_id: str) -> None:
    import polars as pl

    from liangxin.coverage import Classification as Classified
    from liangxin.coverage.explain import explain, indicator_places
    from liangxin.coverage.reasons import conflict_sentences, reason

    policy = classification.policy
    one = Classified(classification.frame.filter(pl.col("unit_id") == unit_id), policy)
    lang = language()
    click.echo(f"{unit_id}  {one.frame['name'][0] or ''}".rstrip())
    click.echo(tell(reason(one, unit_id)))
    for row in conflict_sentences(one).iter_rows(named=True):
        click.echo(
            say("冲突：", "Conflict: ") + row[lang] + say(f"（{row['clause']}）", f" ({row['clause']})")
        )
    titles = {
        "scope": say("基数（下列任何一条成立即移出）", "Base (any of these leaves the unit out)"),
        "class": say("类别", "Classes"),
        "form": say("可行形式", "Forms possible"),
        "conflict": say("冲突规则", "Conflict rules"),
        "status": say("年报状态", "Annual-return status"),
        "have": say("四个有", "The four haves"),
        "list": say("规模名单", "Size lists"),
    }
    verdicts = explain(one, unit_id)
    for group, title in titles.items():
        members = [verdict for verdict in verdicts if verdict.group == group]
        if members:
            click.echo("")
            click.echo(title)
            _print_verdicts(members)
    click.echo("")
    click.echo(say("指标", "Indicators"))
    parts = {
        "denominator": say("在分母", "in the denominator"),
        "numerator": say("在分子", "in the numerator"),
        "missing": say("缺口", "missing"),
        "unknown": say("待核", "not yet known"),
    }
    for place in indicator_places(one, unit_id):
        said = say("、", ", ").join(parts[part] for part in place.parts) or say("不在其内", "outside")
        click.echo(f"  {place.clause.id}  {tell(place.label)}{say('：', ': ')}{said}")


def _print_verdicts(verdicts: list[Verdict]) -> None:
    """One line a verdict with the unit's facts, and under it the rule."""
    from liangxin.cli.columns import aligned

    answers = {True: say("是", "yes"), False: say("否", "no"), None: say("待核", "open")}
    table = [
        [
            "  " + answers[verdict.says],
            verdict.clause.id if verdict.clause else "",
            tell(verdict.label) if verdict.group != "conflict" else verdict.id,
            tell(verdict.because),
        ]
        for verdict in verdicts
    ]
    for line, verdict in zip(aligned(table), verdicts, strict=True):
        click.echo(line)
        click.echo("        " + say("规则：", "rule: ") + tell(verdict.rule))
