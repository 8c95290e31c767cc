"""The figures that are not lists of units, as tables that Excel draws: indicators of now, the annual return."""

from __future__ import annotations

from typing import TYPE_CHECKING

from liangxin.coverage import Classification, count
from liangxin.coverage.annual import annual_return
from liangxin.files.plan_tables import met, span
from liangxin.files.tables import Cell, Column, Kind, Table
from liangxin.wording import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

MEASURED_IN = Text("家", "units")


def indicators(town: str, classification: Classification) -> Table:
    """Every rate of the policy as it stands, one row each."""
    rates = count(classification)
    rows: list[tuple[Cell, ...]] = []
    for each in classification.policy.indicators:
        rate = rates[each.id]
        value: Cell = "—" if rate.value is None else rate.value
        if each.measure == "average" and rate.value is not None:
            value = f"{rate.value:.2f}"
        clause = each.clause.id if each.clause.id[:1].isdigit() else None
        rows.append(
            (
                clause,
                each.label,
                each.target,
                each.due,
                rate.numerator,
                rate.denominator,
                value,
                rate.unknown,
                span(rate),
                met(rate, each.target),
            )
        )
    columns = (
        Column(Text("条款", "Clause"), Kind.CODE, 8),
        Column(Text("指标", "Indicator"), Kind.WRAPPED, 44, narrowest=30),
        Column(Text("目标", "Target"), Kind.SHARE),
        Column(Text("时限", "Due"), Kind.DATE, 11, narrowest=10),
        Column(Text("分子", "Numerator"), Kind.COUNT),
        Column(Text("分母", "Denominator"), Kind.COUNT),
        Column(Text("完成率", "Rate"), Kind.SHARE, narrowest=7),
        Column(Text("待核", "To verify"), Kind.COUNT),
        Column(Text("可能范围", "Range"), Kind.CODE, 16, narrowest=10),
        Column(Text("是否达标", "Met"), Kind.WRAPPED, 26, narrowest=8),
    )
    title = Text(f"{town}非公有制企业党建覆盖指标完成情况", f"{town}: coverage indicators")
    note = Text(
        "“待核”为因情况未核实、是否计入尚不能确定的单位数；“可能范围”为待核单位全部不利或全部有利时的比率。分母为零时记“—”。",
        "“To verify” counts units that may or may not belong, for want of facts; the range is the rate if all of them turn"
        " out against or in favour. An empty denominator shows —.",
    )
    return Table(
        Text("指标", "Indicators"),
        title,
        columns,
        tuple(rows),
        MEASURED_IN,
        notes=(note,),
        counted=Text("项", "indicators"),
    )


def annual(town: str, classification: Classification, types: Mapping[str, str]) -> Table:
    """The annual return's table: states of organization down, the return's columns across."""
    made = annual_return(classification, types)
    indent = {"total": "", "group": "", "leaf": "　", "part": "　　其中："}
    columns = [Column(Text("组建状态", "State"), Kind.WRAPPED, 44, narrowest=24)]
    for _, label in made.columns:
        columns.append(Column(label, Kind.COUNT, narrowest=8))
        columns.append(
            Column(Text("待核（{label}）", "To verify ({label})").fill(label=label), Kind.COUNT, narrowest=8)
        )
    rows: list[tuple[Cell, ...]] = []
    for row in made.rows:
        cells: list[Cell] = [
            Text(indent[row.level] + row.label.zh, indent[row.level].replace("其中：", "") + row.label.en)
        ]
        for id, _ in made.columns:
            cells += [row.counts[id].certain, row.counts[id].unknown]
        rows.append(tuple(cells))
    title = Text(f"{town}非公有制经济组织和社会组织党组织建立情况", f"{town}: annual return")
    note = Text(
        f"联合党支部 {made.joint_branches} 个（台账写明的）。“其中”各行是上一行的细分，不再相加。",
        f"{made.joint_branches} joint branches named in the ledger. Rows set deeper split the row above and are not added.",
    )
    return Table(
        Text("年报统计表", "Annual return"),
        title,
        tuple(columns),
        tuple(rows),
        MEASURED_IN,
        frozen=1,
        notes=(note,),
        counted=Text("行", "lines"),
    )
