"""``liangxin plan``: from a ledger to the plan and all its files."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from liangxin.cli.language import say

if TYPE_CHECKING:
    import polars as pl

    from liangxin.cli.progress import Stages
    from liangxin.engine.town_run import TownResult
    from liangxin.findings import Finding
    from liangxin.planning.options import PlanOptions, Progress
    from liangxin.policy.model import Policy
    from liangxin.registry.town import Town

_FILE = click.Path(path_type=Path)
_FOLDER = click.Path(path_type=Path, file_okay=False)


@click.command(
    help=say(
        "从台账到组建方案：归类、求解、编入组织体系，写出方案、名册、公文、网络图和地图。"
        "台账有错误时全部列出，不写任何文件。\n\n"
        "例：liangxin plan 台账.xlsx --town town.yaml --as-of 2011-08-15 --out 方案",
        "From a ledger to the plan: classify, solve, arrange, and write the plan, rosters, documents, chart and map. "
        "When the ledger has errors all are listed and nothing is written.\n\n"
        "Example: liangxin plan ledger.xlsx --town town.yaml --as-of 2011-08-15 --out plan",
    )
)
@click.argument("ledger", type=_FILE)
@click.option("--town", "town_file", type=_FILE, required=True, help=say("镇的文件", "The town's file"))
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
    "--previous",
    type=_FILE,
    help=say("上一次的 plan.json：只动必须动的", "An earlier plan.json: only what must move moves"),
)
@click.option(
    "--pin",
    "pin_file",
    type=_FILE,
    help=say("人工确定的安排（yaml）", "What people have decided beforehand (yaml)"),
)
@click.option(
    "--time-limit",
    type=click.FloatRange(0, min_open=True),
    default=60.0,
    show_default=True,
    help=say("求解最多用多少秒", "Most seconds for the solver"),
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
@click.option(
    "--documents",
    type=click.Choice(["zh", "en"]),
    default="zh",
    show_default=True,
    help=say("名册和公文用的语言", "Language of rosters and documents"),
)
@click.option(
    "--template",
    "templates",
    type=_FOLDER,
    help=say("本单位 Word 模板所在的文件夹", "Folder with the office's own Word templates"),
)
@click.option("--out", type=_FOLDER, required=True, help=say("输出文件夹", "Folder to write to"))
@click.option("--json", "as_json", is_flag=True, help=say("结果摘要输出为 JSON", "Print the summary as JSON"))
def command(
    ledger: Path,
    town_file: Path,
    policy_name: str,
    overlays: tuple[str, ...],
    as_of: datetime | None,
    previous: Path | None,
    pin_file: Path | None,
    time_limit: float,
    gap: float,
    seed: int,
    documents: str,
    templates: Path | None,
    out: Path,
    as_json: bool,
) -> None:
    from liangxin.cli.progress import stages
    from liangxin.engine.town_files import write_all
    from liangxin.engine.town_run import run_town
    from liangxin.files.whole import output_folder
    from liangxin.wording import Text

    day = as_of.date() if as_of else date.today()
    with stages() as stage, output_folder(out) as folder:
        inputs = _Inputs(ledger, town_file, policy_name, overlays, day, previous, pin_file)
        options = inputs.options(time_limit, gap, seed, _follow(stage))
        result = run_town(inputs.frame, inputs.town, inputs.policy, options, on_stage=stage.begin)
        write_all(
            result,
            folder,
            lang="en" if documents == "en" else "zh",
            templates=templates,
            on_file=lambda output: stage.begin(Text("写出 {name}", "write {name}").fill(name=output.name)),
        )
        stage.begin(Text("保存", "save"))
    if as_json:
        click.echo(json.dumps(summary_document(result, out), ensure_ascii=False, allow_nan=False, indent=2))
    else:
        from liangxin.cli.plan_summary import print_summary

        print_summary(result, out)


def _follow(shown: Stages) -> Progress:
    """The solver's progress on the bar; compiling, once after an installation, is a stage of its own."""
    from liangxin.engine.town_run import PLANNING
    from liangxin.wording import Text

    compiling = Text(
        "首次使用，先编译（只此一次，不计入时限）", "first use: compiling (once, outside the limit)"
    )

    def tell(stage: str, share: float) -> None:
        if stage == "compile":
            shown.begin(compiling if share < 1.0 else PLANNING)
        else:
            shown.share(share)

    return tell


class _Inputs:
    """Everything read and checked together: what is wrong in any of the files is raised at once."""

    def __init__(
        self,
        ledger: Path,
        town_file: Path,
        policy_name: str,
        overlays: tuple[str, ...],
        day: date,
        previous: Path | None,
        pin_file: Path | None,
    ) -> None:
        from liangxin.cli.indicators import read_ledger_frame
        from liangxin.files.pins import read_pins
        from liangxin.files.plan_json import read_plan
        from liangxin.files.town import read_town
        from liangxin.findings import InputError
        from liangxin.policy import read_policy

        found: list[Finding] = []
        town: Town | None = None
        policy: Policy | None = None
        frame: pl.DataFrame | None = None
        self.previous = None
        self.pins = None
        try:
            town = read_town(town_file)
        except InputError as refused:
            found += refused.findings
        try:
            policy = read_policy(policy_name, as_of=day, overlays=overlays)
        except InputError as refused:
            found += refused.findings
        try:
            frame = read_ledger_frame(ledger, town)
        except InputError as refused:
            found += refused.findings
        try:
            self.previous = read_plan(previous) if previous is not None else None
        except InputError as refused:
            found += refused.findings
        if pin_file is not None and frame is not None:
            try:
                self.pins = read_pins(pin_file, dict(frame.select("unit_id", "name").iter_rows()))
            except InputError as refused:
                found += refused.findings
        if found or town is None or policy is None or frame is None:
            raise InputError(found)
        self.town, self.policy, self.frame = town, policy, frame

    def options(self, time_limit: float, gap: float, seed: int, progress: Progress) -> PlanOptions:
        from liangxin.planning.options import Pins, PlanOptions

        return PlanOptions(
            time_limit=time_limit,
            gap=gap,
            seed=seed,
            previous=self.previous,
            pins=self.pins or Pins(),
            progress=progress,
        )


def summary_document(result: TownResult, out: Path) -> dict[str, Any]:
    """What a script wants to know: the indicators, the solver's report, and the files with their sizes."""
    from liangxin.engine.town_files import OUTPUTS
    from liangxin.files.plan_json import plan_document

    document = plan_document(result.plan)
    return {
        **{key: document[key] for key in ("policy", "as_of", "roster", "indicators", "infeasible", "solver")},
        "organizations": len(document["organizations"]),
        "moved": len(document["moved"]),
        "files": [
            {"path": str(out / output.name), "bytes": (out / output.name).stat().st_size}
            for output in OUTPUTS
        ],
    }
