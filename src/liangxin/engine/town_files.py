"""The folder of files that one town's run hands in: which there are, what each is for, and writing them all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from liangxin.engine.town_run import TownResult
from liangxin.wording import Lang, Text

if TYPE_CHECKING:
    from liangxin.files.dossier import Dossier


@dataclass(frozen=True, slots=True)
class Output:
    """One file by its name in the folder, and one line on what it is for."""

    name: str
    purpose: Text


OUTPUTS: Final = (
    Output(
        "implementation-plan.docx",
        Text("实施方案（公文格式），修改后报领导小组", "the implementation plan, an official document"),
    ),
    Output(
        "implementation-plan.pdf",
        Text("同一份实施方案，PDF/A，供印发和存档", "the same plan as PDF/A, to print and to keep"),
    ),
    Output(
        "plan.xlsx",
        Text(
            "“一企一策”名册、党组织登记表、各类名单和指标，打印即可上会",
            "one measure for each unit, register of organizations, lists and indicators, ready to print",
        ),
    ),
    Output(
        "network.pdf",
        Text("附件1：党组织分布网络图（A3，打印）", "annex 1: network chart of organizations (A3)"),
    ),
    Output("network.svg", Text("附件1：同一张图，供网页使用", "annex 1: the same chart for web pages")),
    Output("task-groups.docx", Text("附件2：推进组名单", "annex 2: roster of the task groups")),
    Output(
        "map.geojson",
        Text(
            "地图数据：单位位置和组建关系，不含党员信息", "map data: units and links, nothing about members"
        ),
    ),
    Output(
        "indicators.json",
        Text("各项指标前后对比，供其他系统读取", "the indicators before and after, for other systems"),
    ),
    Output(
        "plan.json",
        Text("完整方案，下次用 --previous 接着做", "the whole plan; give it to --previous to go on from it"),
    ),
)
"""In the order in which an office opens them."""


def dossier_of(result: TownResult) -> Dossier:
    """The one place that every document of the town takes its facts from."""
    from liangxin.files.dossier import Dossier

    today = result.tree.on(result.plan.as_of)
    names = {id: each.name for id, each in today.organizations.items()}
    return Dossier(result.classification, result.plan, result.town, names)


def write_all(
    result: TownResult,
    folder: Path,
    *,
    lang: Lang = "zh",
    templates: Path | None = None,
    on_file: Callable[[Output], None] | None = None,
    only: frozenset[str] | None = None,
) -> tuple[Output, ...]:
    """Write the files of OUTPUTS into ``folder``; gives back what was written.

    ``only``: names of the files wanted, None for all; network.pdf and network.svg come together.
    ``lang``: the language of workbook and documents. ``templates``: a folder with the office's own Word templates.
    ``on_file`` is told each file as it is begun.

    Raises:
        InputError: a template cannot be used, or the machine has no Chinese font for the chart.
    """
    from liangxin.files.geojson import write_map
    from liangxin.files.implementation_plan import write_implementation_plan, write_implementation_plan_pdf
    from liangxin.files.indicators_json import write_indicators
    from liangxin.files.plan_json import write_plan
    from liangxin.files.plan_workbook import write_plan_workbook
    from liangxin.files.task_groups import write_task_groups

    dossier = dossier_of(result)
    writers: dict[str, Callable[[Path], object]] = {
        "implementation-plan.docx": lambda path: write_implementation_plan(path, dossier, lang, templates),
        "implementation-plan.pdf": lambda path: write_implementation_plan_pdf(path, dossier, lang, templates),
        "plan.xlsx": lambda path: write_plan_workbook(path, dossier, lang),
        "network.pdf": lambda path: write_chart(result, path.parent, lang),
        "task-groups.docx": lambda path: write_task_groups(path, dossier, lang, templates),
        "map.geojson": lambda path: write_map(path, dossier, lang),
        "indicators.json": lambda path: write_indicators(path, result.plan, result.town),
        "plan.json": lambda path: write_plan(path, result.plan),
    }
    wanted = tuple(output for output in OUTPUTS if only is None or output.name in only)
    for output in wanted:
        if output.name not in writers:
            continue  # the chart writes both of its files at once
        if on_file is not None:
            on_file(output)
        writers[output.name](folder / output.name)
    return wanted


def write_chart(result: TownResult, folder: Path, lang: Lang = "zh") -> tuple[Path, Path]:
    """Annex 1 of the plan's day as network.svg and network.pdf; what the plan founds is marked as new."""
    from liangxin.files.network import write_network
    from liangxin.structure.content import count_members
    from liangxin.structure.network import draw_network

    day = result.plan.as_of
    today = result.tree.on(day)
    counts = count_members(today, result.classification.frame)
    return write_network(draw_network(today, result.town, counts, lang=lang), folder)
