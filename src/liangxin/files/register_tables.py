"""The tables beside the ledger of a sorted register: where every row went, what could not be placed, what was not understood."""

from __future__ import annotations

from collections import Counter
from typing import Final

from liangxin.files.register import RegisterFile
from liangxin.files.tables import Cell, Column, Kind, Table
from liangxin.registry import industries
from liangxin.registry.fields import FIELDS
from liangxin.registry.gazetteer import Standing
from liangxin.registry.register_duplicates import HOW
from liangxin.registry.register_legal_form import OUTSIDE
from liangxin.registry.register_rows import COLUMNS, OUTCOMES, Outcome, SortedRegister, SortedRow
from liangxin.wording import Text, join

_ROWS: Final = Text("行", "rows")
_NUMBER: Final = Column(Text("导出表行号", "Row of the export"), Kind.COUNT, narrowest=6)
_NAME: Final = Column(COLUMNS["name"], Kind.WRAPPED, 34)
_CODE: Final = Column(COLUMNS["code"], Kind.CODE, 20)
_ADDRESS: Final = Column(COLUMNS["address"], Kind.WRAPPED, 40)
_TYPE: Final = Column(COLUMNS["type"], Kind.WRAPPED, 20)
_WHY: Final = Column(Text("原因", "Reason"), Kind.WRAPPED, 44)

REASONS: Final[dict[str, Text]] = {
    Standing.PLACED.value: Text("按地址归到片或村（社区）、园区", "Placed by the address"),
    Standing.TOWN_ONLY.value: Text("地址只写到镇", "The address names only the town"),
    Standing.UNKNOWN_PLACE.value: Text("地名不在镇文件里", "The place is not in the town file"),
    Standing.AMBIGUOUS.value: Text(
        "地名可能在几个片，没有认定", "The place may lie in several areas; not decided"
    ),
    Standing.NO_TOWN.value: Text("地址没有写乡镇", "The address names no town"),
    Standing.UNSURE_TOWN.value: Text(
        "地址写的地方是不是本镇，要核实", "Whether the place is in this town is to be checked"
    ),
    Standing.NO_ADDRESS.value: Text("没有地址", "No address"),
    Standing.OTHER_TOWN.value: Text("不在本镇", "In another town"),
    "deregistered": Text("已注销", "Deregistered"),
    "moved_out": Text("已迁出", "Moved out"),
    "nameless": Text("没有单位名称", "Without a name"),
    **OUTSIDE,
    **HOW,
}
"""Every reason id that a row can have, in words."""


def reason_counts(result: SortedRegister) -> list[tuple[Outcome, str, int]]:
    """Rows by outcome and first reason, in the order of the outcomes, the most frequent first. The sum is all rows."""
    counted = Counter((row.outcome, row.reason_id) for row in result.rows)
    order = list(Outcome)
    return [
        (outcome, reason, count)
        for (outcome, reason), count in sorted(
            counted.items(), key=lambda item: (order.index(item[0][0]), -item[1], item[0][1])
        )
    ]


def sheets(result: SortedRegister, source: RegisterFile) -> list[Table]:
    """The tables beside the ledger. Each row of the export stands in the ledger or in exactly one of 范围外, 重复, 缺名称."""
    tables = [
        summary(result, source),
        unplaced(result),
        places_to_add(result),
        suggested_industries(result),
        register_facts(result),
        outside(result),
        duplicates(result),
        unreadable(result),
    ]
    return [*tables, nameless(result)] if result.of(Outcome.NAMELESS) else tables


def summary(result: SortedRegister, source: RegisterFile) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (OUTCOMES[outcome], REASONS[reason], count) for outcome, reason, count in reason_counts(result)
    ]
    read = "、".join(
        f"{COLUMNS[column].zh}←{'/'.join(headers)}" for column, headers in source.columns.items()
    )
    read_en = ", ".join(
        f"{COLUMNS[column].en} <- {'/'.join(headers)}" for column, headers in source.columns.items()
    )
    notes = [
        Text(
            f"导出表 {len(result.rows):,} 行，各去向合计 {len(result.rows):,} 行，一行不少；另有空行 {source.blank_rows:,} 行。",
            f"{len(result.rows):,} rows in the export, {len(result.rows):,} in the outcomes together; {source.blank_rows:,} blank rows besides.",
        ),
        Text(f"读取的列：{read}。", f"Columns read: {read_en}."),
    ]
    if source.dropped:
        notes.append(
            Text(
                f"含个人信息的列读入时已丢弃，没有保存：{'、'.join(source.dropped)}。",
                f"Columns with persons' data were dropped on reading and are kept nowhere: {', '.join(source.dropped)}.",
            )
        )
    if source.unused:
        notes.append(
            Text(
                f"没有用到的列：{'、'.join(source.unused)}。",
                f"Columns not used: {', '.join(source.unused)}.",
            )
        )
    return Table(
        Text("汇总", "Summary"),
        Text("登记导出表的去向", "What became of the export"),
        (
            Column(Text("去向", "Outcome"), narrowest=26),
            Column(Text("原因", "Reason"), narrowest=44, widest=50),
            Column(Text("行数", "Rows"), Kind.COUNT, total=True, narrowest=10),
        ),
        tuple(rows),
        _ROWS,
        notes=tuple(notes),
        counted=Text("项", "lines"),
    )


def unplaced(result: SortedRegister) -> Table:
    rows = [
        (
            row.row.number,
            row.row.text("name"),
            _code(row),
            row.reasons[0],
            _word(row),
            row.row.text("address"),
        )
        for row in result.of(Outcome.UNPLACED)
    ]
    return Table(
        Text("未能归片", "Not placed"),
        Text("已进台账、未能归片的单位", "Units in the ledger that could not be placed"),
        (_NUMBER, _NAME, _CODE, _WHY, Column(Text("地名", "Place named"), widest=18), _ADDRESS),
        tuple(rows),
        Text("家", "units"),
    )


def places_to_add(result: SortedRegister) -> Table:
    """The names that the town file lacks: adding them as aliases places their units at the next run."""
    counted = Counter(
        row.placement.word
        for row in result.of(Outcome.UNPLACED)
        if row.placement is not None
        and row.placement.standing is Standing.UNKNOWN_PLACE
        and row.placement.word
    )
    example: dict[str, str] = {}
    for row in result.of(Outcome.UNPLACED):
        example.setdefault(_word(row) or "", row.row.text("address"))
    return Table(
        Text("待补地名", "Names to add"),
        Text("补进镇文件就能归片的地名", "Places that the town file lacks"),
        (
            Column(Text("地名", "Place"), narrowest=16),
            Column(Text("单位数", "Units"), Kind.COUNT, total=True, narrowest=8),
            Column(Text("地址举例", "An address"), Kind.WRAPPED, 44, 30),
            Column(Text("属于哪个村、片（请填）", "Which village or area (fill in)"), narrowest=24),
        ),
        tuple((word, count, example[word], None) for word, count in counted.most_common()),
        Text("家", "units"),
        frozen=1,
        notes=(
            Text(
                "在镇文件（town.yaml）中把地名写进所属村、片的 aliases，再运行一次即可。",
                "Write the place among the aliases of its village or area in town.yaml and run again.",
            ),
        ),
        counted=Text("个地名", "places"),
    )


def suggested_industries(result: SortedRegister) -> Table:
    """Suggestions only: the ledger's industry column is filled by nothing but the register or the survey."""
    rows: list[tuple[Cell, ...]] = []
    for row in result.ledger:
        found = row.suggestion
        name = industries.name(found.code) if found else None
        rows.append(
            (
                row.unit_id,
                row.row.text("name"),
                found.code if found else None,
                name,
                found.score if found else None,
                "、".join(found.words) if found else None,
                row.row.text("scope")[:200],
            )
        )
    return Table(
        Text("行业建议", "Suggested industries"),
        Text(
            "按名称和经营范围的行业建议（仅供核对）", "Industries suggested by name and scope (to be checked)"
        ),
        (
            Column(FIELDS["unit_id"].label, Kind.CODE, 16),
            _NAME,
            Column(Text("建议行业", "Suggested code"), Kind.CODE, narrowest=8),
            Column(Text("行业名称", "Industry"), Kind.WRAPPED, 24),
            Column(Text("一致度", "Agreement"), Kind.SHARE, narrowest=7),
            Column(Text("依据", "Words"), Kind.WRAPPED, 20),
            Column(COLUMNS["scope"], Kind.WRAPPED, 56),
        ),
        tuple(rows),
        Text("家", "units"),
        notes=(
            Text(
                "建议不进台账的“行业代码”列；核对后请自己填。一致度是各词意见一致的程度，不是准确率；意见不一的不给建议。",
                "A suggestion never enters the ledger's industry column; check it and fill it in yourself. Agreement is how far "
                "the words agree, not how often they are right; where they disagree nothing is suggested.",
            ),
        ),
    )


def register_facts(result: SortedRegister) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for row in result.ledger:
        text = row.row.text
        rows.append(
            (
                row.unit_id,
                text("name"),
                row.founded_on,
                text("type") or None,
                text("capital") or None,
                float(row.capital.amount) if row.capital else None,
                row.capital.currency if row.capital else None,
                text("state") or None,
                text("insured") or None,
                text("lon") or None,
                text("lat") or None,
                text("authority") or None,
                text("address") or None,
                join(row.notes) if row.notes else None,
            )
        )
    return Table(
        Text("登记信息", "Register facts"),
        Text("台账单位的登记信息", "What the register says of the ledger's units"),
        (
            Column(FIELDS["unit_id"].label, Kind.CODE, 16),
            _NAME,
            Column(COLUMNS["founded_on"], Kind.DATE, narrowest=10),
            _TYPE,
            Column(Text("注册资本（原文）", "Capital as written"), Kind.WRAPPED, 18),
            Column(Text("注册资本（万）", "Capital (10,000)"), Kind.AMOUNT, narrowest=10),
            Column(Text("币种", "Currency"), narrowest=6),
            Column(COLUMNS["state"], Kind.WRAPPED, 14),
            Column(COLUMNS["insured"], widest=8),
            Column(COLUMNS["lon"], widest=11),
            Column(COLUMNS["lat"], widest=11),
            Column(COLUMNS["authority"], Kind.WRAPPED, 20),
            _ADDRESS,
            Column(Text("要核实的", "To be checked"), Kind.WRAPPED, 36),
        ),
        tuple(rows),
        Text("家，万", "units, 10,000"),
        large_paper=True,
        notes=(
            Text(
                "注册资本不是营业收入，不参与任何计算。经纬度的坐标系导出表没有说明，所以没有填进台账；参保人数不等于从业人数，也没有填。",
                "Capital is not revenue and is used in no calculation. The export does not say which coordinate system its positions "
                "use, so they are not in the ledger; nor is the number of insured, which is not the staff.",
            ),
        ),
    )


def outside(result: SortedRegister) -> Table:
    counted = Counter(row.reason_id for row in result.of(Outcome.OUTSIDE))
    listed = sorted(
        result.of(Outcome.OUTSIDE), key=lambda row: (-counted[row.reason_id], row.reason_id, row.row.number)
    )
    rows = [
        (
            row.row.number,
            row.row.text("name"),
            _code(row),
            row.reasons[0],
            join(row.reasons[1:]) if len(row.reasons) > 1 else None,
            row.row.text("type") or None,
            row.row.text("address") or None,
        )
        for row in listed
    ]
    return Table(
        Text("范围外", "Out of scope"),
        Text("不在摸底范围的登记，逐行写明原因", "Registrations out of scope, each with its reason"),
        (
            _NUMBER,
            _NAME,
            _CODE,
            Column(Text("原因", "Reason"), Kind.WRAPPED, 34),
            Column(Text("还有", "Also"), Kind.WRAPPED, 30),
            _TYPE,
            _ADDRESS,
        ),
        tuple(rows),
        _ROWS,
        counted=_ROWS,
    )


def duplicates(result: SortedRegister) -> Table:
    rows = [
        (
            row.row.number,
            row.row.text("name"),
            _code(row),
            row.same_as,
            row.reasons[0],
            row.row.text("address"),
        )
        for row in result.of(Outcome.DUPLICATE)
    ]
    return Table(
        Text("重复", "Duplicates"),
        Text("重复登记", "Duplicate rows"),
        (
            _NUMBER,
            _NAME,
            _CODE,
            Column(Text("保留的行", "Row that stays"), Kind.COUNT, narrowest=6),
            Column(Text("说明", "How"), Kind.WRAPPED, 46),
            _ADDRESS,
        ),
        tuple(rows),
        _ROWS,
        counted=_ROWS,
    )


def unreadable(result: SortedRegister) -> Table:
    rows = [
        (item.number, COLUMNS[item.column], item.written, item.message, item.accepted)
        for item in result.unreadable
    ]
    return Table(
        Text("读不懂的写法", "Not understood"),
        Text("读不懂的写法，原样列出", "Spellings that could not be read"),
        (
            _NUMBER,
            Column(Text("列", "Column"), narrowest=10),
            Column(Text("写的是", "Written"), Kind.WRAPPED, 34, 16),
            Column(Text("问题", "Problem"), Kind.WRAPPED, 40, 16),
            Column(Text("可填", "Accepted"), Kind.WRAPPED, 50, 16),
        ),
        tuple(rows),
        Text("处", "places"),
        counted=Text("处", "places"),
    )


def nameless(result: SortedRegister) -> Table:
    rows = [
        (row.row.number, _code(row), row.row.text("address") or None, row.row.text("scope")[:200] or None)
        for row in result.of(Outcome.NAMELESS)
    ]
    return Table(
        Text("缺名称", "Without a name"),
        Text("没有单位名称的行，补上名称再导入", "Rows without a name: add it and run again"),
        (_NUMBER, _CODE, _ADDRESS, Column(COLUMNS["scope"], Kind.WRAPPED, 56)),
        tuple(rows),
        _ROWS,
        counted=_ROWS,
    )


def _code(row: SortedRow) -> str | None:
    """The code as checked: an identity number in its place is not kept."""
    return row.code.text or None if row.code is not None else None


def _word(row: SortedRow) -> str | None:
    return row.placement.word or None if row.placement is not None else None
