"""The summary across towns: one row a town, totals that are the sums of the rows, and every reason why a town failed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from liangxin.coverage.rate import Rate
from liangxin.engine.fleet import FleetResult, TownState
from liangxin.files.office_sheet import Heading, Styles, draw, sheet_name
from liangxin.files.tables import Cell, Column, Kind, Table
from liangxin.findings import Finding, Severity
from liangxin.wording import Lang, Text

FORMAT: Final = "liangxin.fleet/1"
SUMMARY_JSON: Final = "summary.json"
SUMMARY_XLSX: Final = "summary.xlsx"
COUNTS: Final = ("units", "in_scope", "organizations", "new_organizations", "infeasible")
_TOWNS: Final = Text("个镇", "towns")


def summary_document(result: FleetResult) -> dict[str, Any]:
    """``liangxin.fleet/1``. A rate across towns is the sum of numerators over the sum of denominators."""
    policy = result.task.policy
    return {
        "format": FORMAT,
        "task": result.task.kind,
        "policy": {"id": policy.id, "overlays": list(policy.overlays)},
        "as_of": policy.as_of.isoformat(),
        "totals": totals(result.towns),
        "towns": [_town_document(town) for town in result.towns],
    }


def totals(towns: tuple[TownState, ...]) -> dict[str, Any]:
    """Counts and rates added up over the towns that have a result."""
    worked = [town.numbers for town in towns if not town.failed]
    added: dict[str, Any] = {"towns": len(worked), "failed": len(towns) - len(worked)}
    for key in COUNTS:
        if any(key in numbers for numbers in worked):
            added[key] = sum(numbers[key] for numbers in worked)
    rates: dict[str, dict[str, Any]] = {}
    for numbers in worked:
        for each in numbers["indicators"]:
            rate = rates.setdefault(
                each["id"], {"id": each["id"], "label": each["label"], "before": None, "after": None}
            )
            for stage in ("before", "after"):
                rate[stage] = _added(rate[stage], each[stage])
    added["indicators"] = list(rates.values())
    return added


def _added(so_far: dict[str, int] | None, more: dict[str, Any] | None) -> dict[str, int] | None:
    if more is None:
        return so_far
    keys = ("numerator", "denominator", "unknown")
    return {key: (so_far[key] if so_far else 0) + more[key] for key in keys}


def _town_document(town: TownState) -> dict[str, Any]:
    return {
        "folder": town.name,
        "status": "failed" if town.failed else "kept" if town.resumed else "done",
        "seconds": round(town.seconds, 3),
        **town.numbers,
        "errors": [
            {"code": finding.code, "zh": finding.sentence("zh"), "en": finding.sentence("en")}
            for finding in errors(town)
        ],
    }


def errors(town: TownState) -> tuple[Finding, ...]:
    """What keeps a failed town from having a result; warnings of a town that has one are not in the summary."""
    return tuple(finding for finding in town.findings if finding.severity is Severity.ERROR)


def summary_tables(result: FleetResult) -> list[Table]:
    """The sheets of the workbook: towns with their rates, and the errors of towns without a result."""
    return [_rates(result), _errors(result)]


def _rates(result: FleetResult) -> Table:
    planned = result.task.kind == "plan"
    shown = [item for item in result.task.policy.indicators if item.due is not None]
    columns = [
        Column(Text("序号", "No."), Kind.COUNT, 6, narrowest=4),
        Column(Text("文件夹", "Folder"), Kind.TEXT, 24, narrowest=8),
        Column(Text("镇", "Town"), Kind.TEXT, 24, narrowest=10),
        Column(Text("代码", "Code"), Kind.CODE, 14),
        Column(Text("结果", "Result"), Kind.TEXT, 10, narrowest=6),
        Column(Text("单位总数", "Units"), Kind.COUNT, total=True),
        Column(Text("列入范围", "In scope"), Kind.COUNT, total=True),
    ]
    if planned:
        columns.append(Column(Text("拟新建组织", "New organizations"), Kind.COUNT, total=True))
    for item in shown:
        columns += [
            Column(Text(f"{item.label.zh}·分子", f"{item.id} numerator"), Kind.COUNT, 12, total=True),
            Column(Text(f"{item.label.zh}·分母", f"{item.id} denominator"), Kind.COUNT, 12, total=True),
            Column(Text(f"{item.label.zh}", f"{item.id} rate"), Kind.SHARE, 12),
        ]
    rows = tuple(
        _row(number, town, [item.id for item in shown], planned)
        for number, town in enumerate(result.towns, start=1)
    )
    added = {
        each["id"]: each["after" if planned else "before"] for each in totals(result.towns)["indicators"]
    }
    across = [
        Text(f"{item.label.zh}{_percent(added.get(item.id))}", f"{item.id} {_percent(added.get(item.id))}")
        for item in shown
    ]
    notes = (
        Text(
            "各镇合计（分子之和除以分母之和）：" + "；".join(text.zh for text in across),
            "All towns together (sum of numerators over sum of denominators): "
            + "; ".join(text.en for text in across),
        ),
        Text(
            "比率按组建方案完成后计算。" if planned else "比率按现状计算。",
            "Rates are as after the plan." if planned else "Rates are as things stand.",
        ),
        Text(
            "没有结果的镇不计入合计，原因见“错误”表。",
            "Towns without a result are not in the sums; the sheet of errors says why.",
        ),
    )
    return Table(
        sheet=Text("汇总", "Summary"),
        title=Text("各镇汇总表", "Summary of the towns"),
        columns=tuple(columns),
        rows=rows,
        measures=Text("家、个、%", "units, organizations, %"),
        notes=notes,
        large_paper=True,
        frozen=3,
        counted=_TOWNS,
    )


def _row(number: int, town: TownState, indicators: list[str], planned: bool) -> tuple[Cell, ...]:
    numbers = town.numbers
    if town.failed:
        state = Text("没有结果", "no result")
        return (number, town.name, None, None, state, *[None] * (2 + planned + 3 * len(indicators)))
    state = Text("沿用", "kept") if town.resumed else Text("完成", "done")
    cells: list[Cell] = [number, town.name, numbers["town"]["name"], numbers["town"]["code"], state]
    cells += [numbers["units"], numbers["in_scope"]]
    if planned:
        cells.append(numbers["new_organizations"])
    rates = {each["id"]: each["after" if planned else "before"] for each in numbers["indicators"]}
    for id in indicators:
        rate = rates[id]
        cells += [rate["numerator"], rate["denominator"], _share(rate)]
    return tuple(cells)


def _share(rate: dict[str, Any]) -> float | str:
    value = Rate(rate["numerator"], rate["denominator"]).value
    return "—" if value is None else value


def _percent(rate: dict[str, Any] | None) -> str:
    share = "—" if rate is None else _share(rate)
    if isinstance(share, str) or rate is None:
        return "—"
    return f"{share:.1%}（{rate['numerator']:,}/{rate['denominator']:,}）"


def _errors(result: FleetResult) -> Table:
    rows = tuple(
        (town.name, finding.code, Text(finding.sentence("zh"), finding.sentence("en")))
        for town in result.towns
        for finding in errors(town)
    )
    return Table(
        sheet=Text("错误", "Errors"),
        title=Text("没有结果的镇及原因", "Towns without a result, and why"),
        columns=(
            Column(Text("镇（文件夹）", "Town (folder)"), Kind.TEXT, 24, narrowest=12),
            Column(Text("错误代码", "Code"), Kind.CODE, 24, narrowest=12),
            Column(Text("说明", "What is wrong"), Kind.WRAPPED, 100, narrowest=40),
        ),
        rows=rows,
        measures=Text("处", "errors"),
        frozen=1,
        counted=Text("处", "errors"),
    )


def write_summary(folder: Path, result: FleetResult, lang: Lang = "zh") -> None:
    """summary.json and summary.xlsx."""
    from xlsxwriter import Workbook

    text = json.dumps(summary_document(result), ensure_ascii=False, allow_nan=False, indent=2)
    (folder / SUMMARY_JSON).write_text(text + "\n", encoding="utf-8")
    policy = result.task.policy
    heading = Heading(
        town="　　　　　　　　" if lang == "zh" else "                ",
        as_of=policy.as_of,
        policy=" + ".join((policy.id, *policy.overlays)),
        roster=Text("{done} / {all} 个镇", "{done} / {all} towns").fill(
            done=len(result.towns) - len(result.failed), all=len(result.towns)
        ),
    )
    book = Workbook(str(folder / SUMMARY_XLSX), {"strings_to_formulas": False, "strings_to_urls": False})
    styles = Styles(book, lang)
    taken: set[str] = set()
    for table in summary_tables(result):
        draw(book, table, heading, lang, styles, sheet_name(table.sheet.in_language(lang), taken))
    book.close()
