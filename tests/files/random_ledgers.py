"""Random ledgers in random layouts, and whether a reading of one differs silently from what was written.

The words here (headers, totals, notes, headings, spellings) are written for themselves: none is taken from the reader's
own lists. A difference is silent where a value, a missing unit or a row too many is named by no finding.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any, Final

from liangxin.files.headers import column_letter
from liangxin.files.ledger import LedgerFile, read_ledger
from liangxin.findings import Finding, InputError
from liangxin.registry.codes import check_character, organization_check_character

FIRST = "永恒金鑫华瑞宏达顺发兴隆嘉禾德胜万通天成海纳百川正源久安康泰同济明辉利民东升新科蓝天绿洲红星白云大地长江黄河"
TRADES = (
    "电机",
    "机械",
    "纺织",
    "五金",
    "塑料",
    "食品",
    "包装",
    "印刷",
    "服饰",
    "茶叶",
    "轴承",
    "家具",
    "物流",
    "软件",
    "建材",
    "餐饮",
    "汽车配件",
)
ENDS = (
    "有限公司",
    "股份有限公司",
    "厂",
    "有限责任公司",
    "经营部",
    "商行",
    "店",
    "加工厂",
    "专业合作社",
    "中心",
    "（普通合伙）",
    "工作室",
    "超市",
)
ODD_NAMES = (
    "总计电子有限公司",
    "合计量具厂",
    "注浆设备有限公司",
    "说明书印刷厂",
    "日期饮料店",
    "平均律琴行",
    "一二三超市",
    "小计餐馆",
    "审计师事务所",
    "统计软件有限公司",
    "负责任养殖场",
    "累计百货店",
    "说得好茶馆",
    "备注册商标代理有限公司",
    "单位名称设计工作室",
    "第一机械厂",
    "八一五金店",
    "联系电器有限公司",
    "长乐（东村）纺织有限公司",
    "A&B服饰有限公司",
    "365便利店",
    "其中味酒楼",
    "共计天下物流有限公司",
)
VILLAGES = ("东村", "西岸村", "南山社区", "北塘村", "河头村", "新桥社区", "石门村", "大塘沿村")
KINDS = {
    "enterprise": ("企业", "企业", "公司"),
    "household": ("个体工商户", "个体户"),
    "cooperative": ("农民专业合作社", "合作社"),
}
HEADERS: Final[dict[str, tuple[str, ...]]] = {
    "unit_id": ("编号", "单位编号", "编 号"),
    "uscc": ("统一社会信用代码", "信用代码", "统一社会\n信用代码", "社会信用代码（18位）"),
    "name": ("单位名称", "企业名称", "单位全称", "单 位 名 称", "名称", "企业（单位）名称", "＊单位名称"),
    "kind": ("单位类别", "类别", "单位类型"),
    "staff": ("从业人数", "职工人数", "员工总数", "从业人员（人）", "职工总人数", "年末从业人数", "用工人数"),
    "revenue": ("年营业收入（万元）", "营业收入(万元)", "年销售额（万元）", "主营业务收入（万元）", "年营业收入（元）", "营业收入（亿元）", "2010年营业收入（万元）"),
    "full_members": ("正式党员数", "正式党员", "正式党员（名）"),
    "probationary_members": ("预备党员数", "预备党员"),
    "village": ("村(社区)", "所在村", "村（社区）", "所属村"),
    "surveyed_on": ("摸底日期", "调查日期", "摸底时间"),
    "remark": ("备注", "备 注"),
}  # fmt: skip
UNKNOWN_HEADERS = ("法人代表", "企业地址", "是否规上", "其中：女职工", "主要产品", "经办")
TOTALS = ("合计", "小计", "总计", "合  计", "小　计", "本页合计", "全镇合计", "{v}小计", "{v}合计", "累计", "共计", "总数", "平均", "TOTAL", "合计（{n}家）", "总计：", "以上合计", "汇总", "合计{n}家", "工业企业小计", "全部合计", "合计数")  # fmt: skip
NOTES = (
    "注：本表由各村填写，于月底前报送。", "填表人：王某", "审核：李某　　日期：2011.8.20", "说明：从业人数按年末数填", "以上数据截止2011年7月底", "（以下空白）",
    "制表：组织办", "1.停产企业不填", "2、党员数不含离退休党员", "联系人：张某 13800000000", "※数据以村委会核实为准", "单位（盖章）", "————", "本表一式两份，镇村各一份",
    "备注：空白处表示不详", "领导签字：", "第 1 页 共 3 页", "*为规上企业", "报送时间：2011年8月",
)  # fmt: skip
HEADINGS = ("一、{v}", "（一）{v}", "{v}", "{v}（{n}家）", "1、{v}", "第一部分 {v}", "{v}：", "一、工业企业", "二、商贸服务业", "规模以上企业", "个体工商户部分")  # fmt: skip
TITLES = ("长乐镇两新组织摸底情况表", "附件2", "2011年非公企业基本情况统计表", "填报单位：长乐镇　　　　　　填报日期：2011年8月", "摸底台账（第一批）", "单位：家、人、万元")  # fmt: skip
_CHINESE = "零一二三四五六七八九"


@dataclass(slots=True)
class Unit:
    sheet: str
    row: int
    facts: dict[str, Any]


@dataclass(slots=True)
class Written:
    """A ledger as written. ``columns``: by sheet, field: column (from 0); ``header``: by sheet, the header's last row."""

    path: Path
    units: list[Unit] = field(default_factory=list)
    columns: dict[str, dict[str, int]] = field(default_factory=dict)
    header: dict[str, int] = field(default_factory=dict)
    sheets: dict[str, list[list[Any]]] = field(default_factory=dict)
    merges: dict[str, list[tuple[int, int, int, int]]] = field(default_factory=dict)
    hidden: set[str] = field(default_factory=set)


def credit_code(random: Random) -> str:
    body = "".join(random.choice("0123456789ABCDEFGHJKLMNPQRTUWXY") for _ in range(8))
    start = "91330683" + body + organization_check_character(body)
    return start + check_character(start)


def make_units(random: Random, count: int, village: str | None) -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = []
    names: set[str] = set()
    while len(made) < count:
        odd = random.random() < 0.12
        name = (
            random.choice(ODD_NAMES)
            if odd
            else "".join(random.sample(FIRST, random.choice((2, 2, 3))))
            + random.choice(TRADES)
            + random.choice(ENDS)
        )
        if name in names:
            continue
        names.add(name)
        full = random.choice((0, 0, 0, 1, 2, 3, 5, 12))
        made.append(
            {
                "unit_id": f"{random.choice(('', 'CL', 'A-'))}{len(made) + 1:03d}",
                "uscc": credit_code(random) if random.random() < 0.85 else None,
                "name": name,
                "kind": random.choice(list(KINDS)),
                "staff": random.choice((0, 3, 8, 15, 50, 79, 80, 120, 300, 1200, random.randrange(500))),
                "revenue": random.choice(
                    (0.0, 12.5, 40.0, 500.0, 499.99, 2600.0, 12000.0, float(random.randrange(5000)))
                ),
                "full_members": full,
                "probationary_members": random.choice((0, 0, 0, 1, 2)),
                "village": village or random.choice(VILLAGES),
                "surveyed_on": date(2011, 8, 1) + timedelta(days=random.randrange(30)),
                "remark": random.choice((None, None, "新办企业", "租用厂房；待迁", "合计两处厂房")),
            }
        )
        for name_ in ("staff", "revenue", "full_members", "probationary_members", "surveyed_on"):
            if random.random() < 0.06:
                made[-1][name_] = None
    return made


def chinese(number: int) -> str:
    """三百二十; from 1 to 9,999, as people write it in full."""
    parts: list[str] = []
    gap = False
    for unit, word in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // unit % 10
        if digit:
            if gap and parts:
                parts.append("零")
            parts.append(("" if digit == 1 and unit == 10 and not parts else _CHINESE[digit]) + word)
            gap = False
        else:
            gap = True
    return "".join(parts)


def spell_count(random: Random, value: int | None, plain: bool) -> Any:
    if value is None:
        return random.choice((None, None, "待核", "不详"))
    if plain or random.random() < 0.7:
        return value
    wide = str.maketrans("0123456789", "０１２３４５６７８９")
    choices: list[Any] = [
        str(value),
        f"{value}人",
        str(value).translate(wide),
        f"{value} ",
        float(value),
        f" {value}",
        f"{value}名",
    ]
    if 0 < value < 10_000:
        choices.append(chinese(value))
    if value >= 1000:
        choices += [f"{value:,}", f"{value // 1000} {value % 1000:03d}"]
    return random.choice(choices)


def spell_money(random: Random, value: float | None, header: str, plain: bool) -> Any:
    if value is None:
        return random.choice((None, "待核"))
    scaled = value * 10000 if "（元）" in header else value / 10000 if "亿元" in header else value
    scaled = round(scaled, 8)
    if plain or random.random() < 0.75:
        return int(scaled) if float(scaled).is_integer() else scaled
    choices: list[Any] = [
        f"{value:g}万元" if value < 1e6 else f"{value:.0f}万元",
        f"{value * 10000:.0f}元",
        f"{value:.2f}万",
    ]
    if value >= 10000 and float(value / 10000).is_integer():
        choices.append(f"{value / 10000:.0f}亿")
    if 0 < value < 10_000 and float(value).is_integer():
        choices.append(f"{chinese(int(value))}万元")
    return random.choice(choices)


def spell_date(random: Random, value: date | None, plain: bool) -> Any:
    if value is None:
        return None
    if plain:
        return value
    d = value
    return random.choice(
        (
            d,
            d.isoformat(),
            f"{d.year}年{d.month}月{d.day}日",
            f"{d.year}.{d.month}.{d.day}",
            f"{d.year}/{d.month:02d}/{d.day:02d}",
            d.strftime("%Y%m%d"),
        )
    )


def spell_text(random: Random, value: str | None, plain: bool) -> Any:
    if value is None or plain or random.random() < 0.85:
        return value
    return random.choice(
        (
            f" {value}",
            f"{value}　",
            value.replace("（", "(").replace("）", ")") if "（" not in value else value,
            f"{value}\u200b",
            f"\ufeff{value}",
        )
    )


def make_ledger(random: Random, folder: Path, kind: str) -> Written:
    """Write one; ``kind``: openpyxl, xlsxwriter, csv, gbk."""
    text = kind in ("csv", "gbk")
    path = folder / f"ledger-{random.randrange(10**9)}.{'csv' if text else 'xlsx'}"
    written = Written(path)
    several = not text and random.random() < 0.25
    names = (
        random.sample(VILLAGES, random.choice((2, 3, 4)))
        if several
        else [random.choice(("Sheet1", "台账", "摸底表"))]
    )
    fields = [name for name in HEADERS if name == "name" or random.random() < 0.75]
    if random.random() < 0.5 and "unit_id" in fields:
        fields.remove("unit_id")
    if random.random() < 0.3:
        random.shuffle(fields)
    headers = {name: random.choice(HEADERS[name]) for name in fields}
    layout = _Layout(random, fields, headers, text=text)
    if several and random.random() < 0.25:
        _add_summary(random, written, names)
    for name in names:
        layout.sheet(written, "" if text else name, name if several else None)
    if not text and random.random() < 0.2:
        written.sheets["填表说明"] = [["请如实填写"], ["一、填报范围"], ["二、填报时间"]]
    if not text and random.random() < 0.1:
        first = next(iter(written.columns))
        written.sheets["底稿"] = [list(row) for row in written.sheets[first]]
        written.hidden.add("底稿")
    {"openpyxl": _by_openpyxl, "xlsxwriter": _by_xlsxwriter, "csv": _by_csv, "gbk": _by_csv}[kind](
        written, kind
    )
    return written


def _add_summary(random: Random, written: Written, villages: list[str]) -> None:
    rows: list[list[Any]] = [["各村汇总表"], ["村名", "企业数", "从业人数", "正式党员数"]]
    if random.random() < 0.5:
        rows[1][0] = "单位名称"
    rows += [
        [village, random.randrange(30), random.randrange(900), random.randrange(40)] for village in villages
    ]
    rows.append(["合计", 40, 1000, 50])
    written.sheets["汇总"] = rows


class _Layout:
    """One layout, used for every sheet of a workbook."""

    def __init__(self, random: Random, fields: list[str], headers: dict[str, str], *, text: bool) -> None:
        self.random, self.headers, self.text = random, headers, text
        self.sequence = random.random() < 0.7
        self.columns: list[str] = (["#"] if self.sequence else []) + fields
        for extra in random.sample(UNKNOWN_HEADERS, random.choice((0, 0, 0, 1, 2))):
            self.columns.insert(random.randrange(1, len(self.columns) + 1), f"?{extra}")
        members = "full_members" in fields and "probationary_members" in fields
        self.of_which = members and random.random() < 0.25
        self.two_levels = members and not self.of_which and random.random() < 0.3
        if self.two_levels or self.of_which:  # they stand beside each other
            self.columns.remove("probationary_members")
            self.columns.insert(self.columns.index("full_members") + 1, "probationary_members")
        self.plain = random.random() < 0.4
        self.titles = random.sample(TITLES[:-1], random.choice((0, 0, 1, 1, 2)))
        self.totals = random.random() < 0.5
        self.headings = random.random() < 0.25
        self.notes = random.random() < 0.5

    def sheet(self, written: Written, name: str, village: str | None) -> None:
        random = self.random
        rows: list[list[Any]] = []
        merges: list[tuple[int, int, int, int]] = []
        width = len(self.columns)
        for title in self.titles:
            if not self.text and random.random() < 0.5 and width > 1:
                merges.append((len(rows), 0, len(rows), width - 1))
            rows.append([title])
        if random.random() < 0.2 and rows:
            rows.append([])
        rows += self._header(len(rows), merges)
        header = rows[-1]
        written.header[name] = len(rows)
        written.columns[name] = {
            column: index for index, column in enumerate(self.columns) if column in HEADERS
        }
        if random.random() < 0.15:
            rows.append(
                [
                    {"staff": "人", "revenue": None, "full_members": "人", "probationary_members": "人"}.get(
                        c
                    )
                    for c in self.columns
                ]
            )
            if sum(cell is not None for cell in rows[-1]) < 3:
                rows.pop()
        units = make_units(random, random.choice((2, 3, 5, 9, 20)), village)
        number = 0
        blocks = self._blocks(units)
        for block_village, block in blocks:
            if len(blocks) > 1:
                self._heading(rows, merges, block_village, len(block))
            for unit in block:
                number += 1
                rows.append(self._row(unit, number))
                facts = {c: unit[c] for c in self.columns if c in HEADERS}
                written.units.append(Unit(name, len(rows), facts))
                self._between(rows, header)
            if self.totals and (len(blocks) > 1 or random.random() < 0.3):
                self._total(rows, merges, block, block_village)
        if self.totals:
            self._total(rows, merges, units, "全镇")
        if self.sequence and random.random() < 0.15:
            default = random.choice((None, "企业"))
            for _ in range(random.choice((1, 3, 10))):
                number += 1
                rows.append([number if c == "#" else default if c == "kind" else None for c in self.columns])
        if self.notes:
            self._notes(rows, merges)
        written.sheets[name], written.merges[name] = rows, merges

    def _header(self, at: int, merges: list[tuple[int, int, int, int]]) -> list[list[Any]]:
        words = [
            "序号" if c == "#" else c[1:] if c.startswith("?") else self.headers[c] for c in self.columns
        ]
        if self.of_which:
            words[self.columns.index("full_members")] = self.random.choice(("党员总数", "党员数", "党员人数"))
            words[self.columns.index("probationary_members")] = self.random.choice(
                ("其中：预备党员", "其中预备党员数", "其中:预备")
            )
        if not self.two_levels:
            return [words]
        lower: list[Any] = [None] * len(words)
        place = self.columns.index("full_members")
        upper = list(words)
        upper[place], upper[place + 1] = self.random.choice(("党员数", "党员情况", "党员")), None
        lower[place], lower[place + 1] = self.random.choice(
            (("正式", "预备"), ("正式党员", "预备党员"), ("正式党员数", "预备党员数"))
        )
        if not self.text:
            merges.append((at, place, at, place + 1))
            if self.random.random() < 0.7:
                merges += [(at, c, at + 1, c) for c in range(len(words)) if c not in (place, place + 1)]
        return [upper, lower]

    def _blocks(self, units: list[dict[str, Any]]) -> list[tuple[str, list[dict[str, Any]]]]:
        if not self.headings or "village" not in self.columns:
            return [("", units)]
        villages = sorted({unit["village"] for unit in units})
        return [(village, [unit for unit in units if unit["village"] == village]) for village in villages]

    def _row(self, unit: dict[str, Any], number: int) -> list[Any]:
        return [self._cell(column, unit, number) for column in self.columns]

    def _cell(self, column: str, unit: dict[str, Any], number: int) -> Any:
        random = self.random
        if column == "#":
            return number
        if column.startswith("?"):
            return random.choice(("张某", "某路1号", "是", 12, None))
        value = unit[column]
        if column == "kind":
            return random.choice(KINDS[value])
        if column in ("staff", "full_members", "probationary_members"):
            if column == "full_members" and self.of_which and value is not None:
                value = (
                    value + unit["probationary_members"]
                    if unit["probationary_members"] is not None
                    else value
                )
            return spell_count(random, value, self.plain)
        if column == "revenue":
            return spell_money(random, value, self.headers["revenue"], self.plain)
        if column == "surveyed_on":
            return spell_date(random, value, self.plain)
        return spell_text(random, value, self.plain or column in ("unit_id",))

    def _between(self, rows: list[list[Any]], header: list[Any]) -> None:
        chance = self.random.random()
        if chance < 0.02:
            rows.append([])
        elif chance < 0.03 and not self.two_levels:
            rows.append(list(header))

    def _heading(
        self, rows: list[list[Any]], merges: list[tuple[int, int, int, int]], village: str, count: int
    ) -> None:
        words = self.random.choice(HEADINGS).format(v=village, n=count)
        place = self.random.choice((0, self.columns.index("name")))
        row: list[Any] = [None] * len(self.columns)
        row[place] = words
        if not self.text and self.random.random() < 0.5 and place == 0 and len(row) > 1:
            merges.append((len(rows), 0, len(rows), len(row) - 1))
        rows.append(row)

    def _total(
        self,
        rows: list[list[Any]],
        merges: list[tuple[int, int, int, int]],
        units: list[dict[str, Any]],
        village: str,
    ) -> None:
        random = self.random
        label = random.choice(TOTALS).format(v=village or "本村", n=len(units))
        row: list[Any] = [None] * len(self.columns)
        for index, column in enumerate(self.columns):
            if column in ("staff", "full_members", "probationary_members") and random.random() < 0.9:
                row[index] = sum(unit[column] or 0 for unit in units)
        place = random.choice((0, self.columns.index("name"), self.columns.index("name")))
        row[place] = label
        if not self.text and place == 0 and self.columns.index("name") > 0 and random.random() < 0.5:
            merges.append((len(rows), 0, len(rows), self.columns.index("name")))
        rows.append(row)

    def _notes(self, rows: list[list[Any]], merges: list[tuple[int, int, int, int]]) -> None:
        random = self.random
        if random.random() < 0.5:
            rows.append([])
        place = random.choice((0, 0, self.columns.index("name")))
        for note in random.sample(NOTES, random.choice((1, 2, 4))):
            row: list[Any] = [None] * len(self.columns)
            row[place] = note
            if not self.text and place == 0 and len(row) > 1 and random.random() < 0.4:
                merges.append((len(rows), 0, len(rows), len(row) - 1))
            rows.append(row)


def _by_openpyxl(written: Written, _: str) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.active)  # type: ignore[arg-type]
    for name, rows in written.sheets.items():
        page = book.create_sheet(name)
        page.sheet_state = "hidden" if name in written.hidden else "visible"
        for row in rows:
            page.append(row)
        for first, left, last, right in written.merges.get(name, ()):
            page.merge_cells(
                start_row=first + 1, start_column=left + 1, end_row=last + 1, end_column=right + 1
            )
    book.save(written.path)


def _by_xlsxwriter(written: Written, _: str) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(str(written.path)) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for name, rows in written.sheets.items():
            page = book.add_worksheet(name)
            if name in written.hidden:
                page.hide()
            for first, left, last, right in written.merges.get(name, ()):
                page.merge_range(first, left, last, right, "")
            for number, row in enumerate(rows):
                for index, cell in enumerate(row):
                    if isinstance(cell, date):
                        page.write_datetime(number, index, cell, day)
                    elif cell is not None:
                        page.write(number, index, cell)


def _by_csv(written: Written, kind: str) -> None:
    (rows,) = written.sheets.values()
    width = max(map(len, rows))
    encoding = "gb18030" if kind == "gbk" else "utf-8-sig"
    with written.path.open("w", encoding=encoding, newline="") as opened:
        writer = csv.writer(opened)
        writer.writerows(
            [["" if cell is None else cell for cell in row] + [""] * (width - len(row)) for row in rows]
        )


# Comparing


def differences(written: Written, path: Path | None = None) -> list[str]:
    """What a reading says otherwise than was written, and no finding names. Empty for a refusal, which is no silence."""
    try:
        ledger = read_ledger(path or written.path)
    except InputError:
        return []
    return list(_differences(written, ledger))


def _differences(written: Written, ledger: LedgerFile) -> Any:
    rows, columns = _named(ledger.findings, written)
    left_out = {
        finding.place.sheet
        for finding in ledger.findings
        if finding.code in ("copied_sheet", "summary_sheet", "other_sheet", "hidden_sheet", "empty_part")
    }
    place_of = {value: key for key, value in ledger.layout.units().items()}
    read = {place_of[index]: facts for index, facts in enumerate(ledger.frame.iter_rows(named=True))}
    expected = {(unit.sheet, unit.row): unit.facts for unit in written.units}
    for place, facts in expected.items():
        if place not in read:
            if place not in rows and place[0] not in left_out:
                yield f"{place}: unit {facts['name']} is missing"
            continue
        for name, value in facts.items():
            found = read[place][name]
            if name == "village" and found is None and value is None:
                continue
            if not _same(found, value) and (*place, name) not in rows and (place[0], name) not in columns:
                yield f"{place}: {name} is {found!r}, was {value!r}"
    for place, facts in read.items():
        if place not in expected and place not in rows:
            yield f"{place}: {facts['name']} is no unit"


def _same(found: Any, value: Any) -> bool:
    if isinstance(value, float) and found is not None:
        return abs(float(found) - value) < 1e-6
    return bool(found == value)


def _named(findings: tuple[Finding, ...], written: Written) -> tuple[set[Any], set[tuple[str, str]]]:
    """Rows (sheet, row), cells (sheet, row, field) and columns (sheet, field) that findings name."""
    rows: set[Any] = set()
    columns: set[tuple[str, str]] = set()
    for finding in findings:
        sheet, row = finding.place.sheet, finding.place.row
        if finding.code == "given_id":
            columns |= {(name, "unit_id") for name in written.columns}
            continue
        header = written.header.get(sheet, 0)
        letters = set(re.findall(r"（([A-Z]{1,2})）", finding.message.zh)) | {
            finding.place.cell.rstrip("0123456789")
        }
        own = {column_letter(index): name for name, index in written.columns.get(sheet, {}).items()}
        named = {own[letter] for letter in letters if letter in own} | {finding.column_of}
        if row is not None and row > header:
            rows |= {(sheet, row, name) for name in named}
            if finding.code in (
                "perhaps_no_unit",
                "perhaps_a_unit",
                "missing_name",
                "second_table",
                "long_row",
            ):
                rows.add((sheet, row))
        else:
            columns |= {(sheet, name) for name in named}
        listed = re.search(r"第([\d、]+)…?行", finding.message.zh)
        if row is None and listed:
            rows |= {(sheet, int(each)) for each in listed[1].split("、")}
    return rows, columns
