"""``liangxin fleet``: the same for many towns at once, in this process, in local processes or on a Dask cluster."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from liangxin.cli.language import language, say, tell
from liangxin.wording import Text

if TYPE_CHECKING:
    from liangxin.engine.engines import Engine
    from liangxin.engine.fleet import FleetResult, TownState
    from liangxin.engine.fleet_job import Kind, Task

_FOLDER = click.Path(path_type=Path, file_okay=False)


@click.group(
    help=say(
        "一次算许多镇。DIR 里每个镇一个子文件夹，放 town.yaml 和台账（ledger.xlsx、ledger.csv、ledger.parquet，"
        "或分区的 *.parquet）。一个镇出错不影响其他镇；错误都在汇总里。\n\n"
        "例：liangxin fleet plan 全市 --as-of 2011-08-15 --engine processes --out 全市方案",
        "Many towns at once. Each subfolder of DIR is a town with town.yaml and a ledger (ledger.xlsx, ledger.csv, "
        "ledger.parquet, or *.parquet of a partition). A town that fails does not stop the others; its errors are in the "
        "summary.\n\nExample: liangxin fleet plan county --as-of 2011-08-15 --engine processes --out county-plan",
    )
)
def command() -> None:
    """The group ``fleet``."""


def _shared(function: Callable[..., None]) -> Callable[..., None]:
    """The options that both commands have."""
    options = (
        click.argument("folder", metavar="DIR", type=click.Path(path_type=Path)),
        click.option("--out", type=_FOLDER, required=True, help=say("输出文件夹", "Folder to write to")),
        click.option(
            "--policy",
            "policy_name",
            default="changle-2011-44",
            show_default=True,
            metavar="ID|FILE",
            help=say("政策编号或文件", "Policy id or file"),
        ),
        click.option(
            "--overlay",
            "overlays",
            multiple=True,
            metavar="ID",
            help=say("叠加的规则，可多次", "Overlay; may be repeated"),
        ),
        click.option(
            "--as-of",
            type=click.DateTime(["%Y-%m-%d"]),
            help=say("截止日期，默认今天", "As of this day; today by default"),
        ),
        click.option(
            "--engine",
            "engine_name",
            type=click.Choice(["process", "processes", "dask"]),
            default="process",
            show_default=True,
            help=say(
                "在哪里算：本进程、本机多个进程、Dask 集群",
                "Where: this process, processes of this machine, a Dask cluster",
            ),
        ),
        click.option(
            "--processes",
            type=click.IntRange(1),
            help=say("本机用几个进程，默认按核数", "How many local processes; as many as cores by default"),
        ),
        click.option(
            "--scheduler",
            metavar="ADDRESS",
            help=say("Dask 调度器地址，如 tcp://主机:8786", "Dask scheduler, e.g. tcp://host:8786"),
        ),
        click.option(
            "--resume",
            is_flag=True,
            help=say(
                "输入没变、结果完整的镇不再重算",
                "Skip towns whose inputs are unchanged and whose result is whole",
            ),
        ),
        click.option(
            "--json", "as_json", is_flag=True, help=say("把汇总输出为 JSON", "Print the summary as JSON")
        ),
    )
    for option in reversed(options):
        function = option(function)
    return function


@command.command(
    "plan",
    help=say(
        "每个镇做出组建方案和全部文件，再汇总。\n\n例：liangxin fleet plan 全市 --as-of 2011-08-15 --resume --out 全市方案",
        "The plan and all its files for each town, and the summary.\n\n"
        "Example: liangxin fleet plan county --as-of 2011-08-15 --resume --out county-plan",
    ),
)
@_shared
@click.option(
    "--time-limit",
    type=click.FloatRange(0, min_open=True),
    default=60.0,
    show_default=True,
    help=say("每个镇求解最多用多少秒", "Most seconds for the solver, each town"),
)
@click.option(
    "--gap",
    type=click.FloatRange(0, 1),
    default=0.001,
    show_default=True,
    help=say("离已证明的下界多近就停", "Stop this close to the proven bound"),
)
@click.option(
    "--seed",
    type=click.IntRange(0),
    default=0,
    show_default=True,
    help=say("种子：同样的输入和种子，方案相同", "The same input and seed give the same plan"),
)
def plan_command(time_limit: float, gap: float, seed: int, **shared: Any) -> None:
    _run("plan", time_limit=time_limit, gap=gap, seed=seed, **shared)


@command.command(
    "indicators",
    help=say(
        "每个镇算各项指标，再汇总。\n\n例：liangxin fleet indicators 全市 --as-of 2011-08-15 --out 全市指标",
        "The indicators of each town, and the summary.\n\n"
        "Example: liangxin fleet indicators county --as-of 2011-08-15 --out county-indicators",
    ),
)
@_shared
def indicators_command(**shared: Any) -> None:
    _run("indicators", **shared)


def _run(
    kind: Kind,
    *,
    folder: Path,
    out: Path,
    policy_name: str,
    overlays: tuple[str, ...],
    as_of: datetime | None,
    engine_name: str,
    processes: int | None,
    scheduler: str | None,
    resume: bool,
    as_json: bool,
    **options: Any,
) -> None:
    if scheduler is not None and engine_name != "dask":
        raise click.UsageError(
            say("--scheduler 只用于 --engine dask", "--scheduler is for --engine dask only")
        )
    if processes is not None and engine_name != "processes":
        raise click.UsageError(
            say("--processes 只用于 --engine processes", "--processes is for --engine processes only")
        )
    from liangxin.engine.fleet import run_fleet
    from liangxin.engine.fleet_job import Task
    from liangxin.engine.fleet_summary import summary_document, write_summary
    from liangxin.files.whole import output_folder
    from liangxin.policy import read_policy

    day = as_of.date() if as_of else date.today()
    policy = read_policy(policy_name, as_of=day, overlays=overlays)
    task: Task = Task(kind, policy, lang=language(), **options)
    from liangxin.cli.progress import stages

    with stages() as stage:
        stage.begin(Text("计算各镇", "work on the towns"))
        result = run_fleet(
            folder,
            out,
            task,
            _engine(engine_name, processes, scheduler),
            resume=resume,
            on_town=lambda state, done, all_: _told(state, done / all_, stage.share),
        )
        stage.begin(Text("汇总", "summary"))
        with output_folder(out) as scratch:
            write_summary(scratch, result, language())
    if as_json:
        click.echo(json.dumps(summary_document(result), ensure_ascii=False, allow_nan=False, indent=2))
    else:
        _print(result, out)
    if result.failed:
        raise SystemExit(1)


def _engine(name: str, processes: int | None, scheduler: str | None) -> Engine:
    from liangxin.engine.engines import DaskCluster, InProcess, LocalProcesses

    if name == "process":
        return InProcess()
    if name == "dask":
        return DaskCluster(scheduler)
    import os

    return LocalProcesses(processes or os.cpu_count() or 1)


def _told(state: TownState, share: float, show: Callable[[float], None]) -> None:
    """A failed town is named at once, with its reasons, on standard error."""
    from liangxin.engine.fleet_summary import errors

    for finding in errors(state):
        click.echo(f"{state.name}{say('：', ': ')}{finding.sentence(language())}", err=True)
    show(share)


def _print(result: FleetResult, out: Path) -> None:
    from liangxin.cli.columns import aligned
    from liangxin.cli.indicators import shown
    from liangxin.coverage.rate import Rate
    from liangxin.engine.fleet_summary import SUMMARY_JSON, SUMMARY_XLSX, totals

    added = totals(result.towns)
    kept = sum(town.resumed for town in result.towns)
    click.echo(
        say(
            f"{len(result.towns)} 个镇：完成 {added['towns'] - kept}，沿用 {kept}，没有结果 {added['failed']}；"
            f"共 {added.get('units', 0):,} 家单位。",
            f"{len(result.towns)} towns: {added['towns'] - kept} done, {kept} kept, {added['failed']} without a result; "
            f"{added.get('units', 0):,} units in all.",
        )
    )
    stages = ["before"] if result.task.kind == "indicators" else ["before", "after"]
    rows = [
        [say("编号", "Id"), say("指标", "Indicator"), say("现状", "Now"), say("方案后", "After")][
            : 2 + len(stages)
        ]
    ]
    items = {item.id: item for item in result.task.policy.indicators}
    for each in added["indicators"]:
        rates = [Rate(each[stage]["numerator"], each[stage]["denominator"]) for stage in stages]
        item = items[each["id"]]
        counts = [f"{shown(item, rate)}  {rate.numerator:,}/{rate.denominator:,}" for rate in rates]
        rows.append([item.id, tell(item.label), *counts])
    for line in aligned(rows, right=range(2, 4)):
        click.echo(line)
    for name in (SUMMARY_XLSX, SUMMARY_JSON):
        click.echo(f"  {out / name}")
