"""月报: the month in figures, from the leading group to the level above: targets then and now, documents, parts, what is blocked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from liangxin.coverage.rate import Rate
from liangxin.procedure.paper import Block, Column, Heading, Paper, PaperKind, Paragraph, Table
from liangxin.procedure.paper_office import Office, no_number
from liangxin.procedure.paper_words import day_words, numbered, same
from liangxin.registry.small_counts import LEAST, WITHHELD
from liangxin.wording import Text, join


@dataclass(frozen=True, slots=True)
class TargetLine:
    """A target of the notice: its rate at the end of the month before and on the day. ``target`` as a share."""

    label: Text
    before: Rate | None
    now: Rate
    target: float
    due: date | None

    @property
    def met(self) -> bool:
        return self.now.value is not None and self.now.value >= self.target


@dataclass(frozen=True, slots=True)
class Month:
    """``day``: the last day counted. ``issued``: documents of the month by kind. ``under_way``, ``late``: cases on the day.

    ``parts``: each work area with its rates, in the order of ``targets``. ``blocked``: what keeps how many units.
    """

    day: date
    targets: tuple[TargetLine, ...]
    issued: Mapping[PaperKind, int]
    under_way: int
    late: int
    parts: tuple[tuple[Text, tuple[Rate, ...]], ...] = ()
    blocked: tuple[tuple[Text, int], ...] = ()

    @property
    def label(self) -> Text:
        return Text(f"{self.day.year}年{self.day.month}月", f"{self.day:%Y-%m}")


def share(value: float | None) -> str:
    """A percentage with one decimal, never 100.0% while one unit is missing; — where there is nothing to count.

    >>> share(0.9999)
    '99.9%'
    """
    if value is None:
        return "—"
    return f"{(min(value * 100, 99.9) if value < 1 else value * 100):.1f}%"


def monthly_report(month: Month, office: Office) -> Paper:
    """The report of the month as an official document to the level above."""
    parts: list[tuple[Text, list[Block]]] = [
        (Text("目标完成情况", "Targets"), _targets(month)),
        (Text("组建办理情况", "Founding"), [Paragraph(_issued(month))]),
    ]
    if month.parts:
        parts.append((Text("分片情况", "By work area"), [parts_table(month.targets, month.parts)]))
    if month.blocked:
        parts.append((Text("存在问题", "What is blocked"), counted_lines(month.blocked)))
    blocks: list[Block] = [
        Paragraph(
            Text(
                "现将{month}两新组织党建工作进展情况报告如下（数据截至{day}）。",
                "Progress of Party building in two-new organizations in {month}, as of {day}.",
            ).fill(month=month.label, day=day_words(month.day))
        )
    ]
    for number, (heading, body) in enumerate(parts, start=1):
        blocks += [Heading(1, numbered(1, number, heading)), *body]
    blocks.append(Paragraph(Text("特此报告。", "Reported herewith.")))
    to = office.style.copy_to
    return Paper(
        PaperKind.MONTHLY_REPORT,
        Text("关于{month}两新组织党建工作进展情况的报告", "Monthly report, {month}").fill(month=month.label),
        tuple(blocks),
        office.style.id,
        head=office.head(office.leading_group, no_number(month.day), signer=""),
        addressees=join(to, "、", ", ") if to else office.committee,
        signed=office.leading_group,
        day=month.day,
        imprint=office.imprint(month.day, "报告", office.committee, by=office.leading_group),
        facts={"leading_group": office.leading_group, "committee": office.committee, "month": month.label},
    )


def _targets(month: Month) -> list[Block]:
    met = sum(line.met for line in month.targets)
    open_ones = [line.label for line in month.targets if not line.met]
    said = Text(
        "{count}项目标已完成{met}项{open}，详见下表。", "Targets met: {met} of {count}{open}; see the table."
    ).fill(
        count=len(month.targets),
        met=met,
        open=Text("，尚未完成的是：{names}", " (not yet: {names})").fill(names=join(open_ones, "、", ", "))
        if open_ones
        else same(""),
    )
    columns = (
        Column(Text("指标", "Indicator"), 50),
        Column(Text("目标", "Target"), 17, number=True),
        Column(Text("上月末", "Before"), 21, number=True),
        Column(Text("本期", "Now"), 21, number=True),
        Column(Text("家数", "Units"), 23, number=True),
        Column(Text("待核", "To verify"), 24, number=True),
    )
    rows = tuple(
        (
            line.label,
            same(share(line.target).replace(".0%", "%")),
            same(share(line.before.value if line.before is not None else None)),
            same(share(line.now.value)),
            same(f"{line.now.numerator}/{line.now.denominator}" if line.now.denominator else "—"),
            same(line.now.unknown),
        )
        for line in month.targets
    )
    return [Paragraph(said), Table(columns, rows)]


def _issued(month: Month) -> Text:
    """Only what happened is said; nothing at all is said too."""
    kinds = (
        (PaperKind.REQUEST, Text("报送请示{count}件", "requests: {count}")),
        (PaperKind.REPLY, Text("批复{count}件", "replies: {count}")),
        (PaperKind.ELECTION_REPORT, Text("报告选举结果{count}件", "elections reported: {count}")),
        (PaperKind.FILING_REPORT, Text("备案{count}件", "filed: {count}")),
        (PaperKind.ANNULMENT, Text("废止{count}件", "annulled: {count}")),
    )
    said = [words.fill(count=month.issued[kind]) for kind, words in kinds if month.issued.get(kind)]
    done = join(said, "，", ", ") if said else Text("没有报送和批复的事项", "no requests and no replies")
    waiting = Text("目前没有在办事项", "Nothing is under way")
    if month.under_way:
        waiting = Text("目前在办{count}件", "Under way: {count}").fill(count=month.under_way)
    if month.late:
        waiting = Text(
            "{waiting}，其中超过时限{late}件", "{waiting}, of which past their time limit: {late}"
        ).fill(waiting=waiting, late=month.late)
    return Text("本月{done}。{waiting}。", "In the month: {done}. {waiting}.").fill(
        done=done, waiting=waiting
    )


def parts_table(targets: tuple[TargetLine, ...], parts: tuple[tuple[Text, tuple[Rate, ...]], ...]) -> Table:
    """已覆盖/基数 of each target; in the order of the town's areas, which is no ranking."""
    width = 122 / max(1, len(targets))
    columns = (
        Column(Text("工作片", "Area"), 34),
        *(Column(line.label, width, number=True) for line in targets),
    )
    rows = tuple(
        (
            label,
            *(_counted(rate) for rate in rates),
        )
        for label, rates in parts
    )
    return Table(columns, rows, note=Text("表中为已覆盖家数/基数。", "Units covered / base."))


def counted_lines(counted: tuple[tuple[Text, int], ...]) -> list[Block]:
    """1. 还没有摸底，12家。 A numbered line for each."""
    return [
        Paragraph(
            numbered(
                3, number, Text("{what}，{count}家。", "{what}: {count} units.").fill(what=label, count=count)
            )
        )
        for number, (label, count) in enumerate(counted, start=1)
    ]


def _counted(rate: Rate) -> Text:
    """A part's rate; one that would show single members is withheld from who may not read the units."""
    if rate.hidden:
        return WITHHELD.fill(least=LEAST)
    return same(f"{rate.numerator}/{rate.denominator}" if rate.denominator else "—")
