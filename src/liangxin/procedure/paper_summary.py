"""总结报告 (4.6): what the drive began with and what it came to, what was not reached and why, and the rules that stay."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from liangxin.coverage.rate import Rate
from liangxin.procedure.paper import Block, Column, Heading, Paper, PaperKind, Paragraph, Table
from liangxin.procedure.paper_monthly import TargetLine, counted_lines, parts_table, share
from liangxin.procedure.paper_office import Office, no_number
from liangxin.procedure.paper_words import day_words, numbered, same
from liangxin.wording import Text, join


@dataclass(frozen=True, slots=True)
class FormLine:
    """A form of setting up: units and organizations (before, now). Organizations: those that units are in."""

    label: Text
    units: tuple[int, int]
    organizations: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Drive:
    """The drive from ``begun`` to ``day``, the last day counted. A target's ``before`` is its rate when the drive began.

    ``units``: on the roster; ``in_scope``: of them in the drive; ``surveyed``: of these, visited; ``clear``: with nothing of
    the eight clears open. ``issued``: documents of the whole drive by kind. ``haves``: enterprises without an organization
    that have each of the four, of ``without`` such enterprises. ``left``: units that should have an organization and have
    none, by the reason in the ledger. ``blocked``: what keeps how many units. ``rules``: what the notice says of institutions.
    """

    begun: date
    day: date
    units: int
    in_scope: int
    surveyed: int
    clear: int
    targets: tuple[TargetLine, ...]
    forms: tuple[FormLine, ...]
    issued: Mapping[PaperKind, int]
    without: int
    haves: tuple[tuple[Text, int], ...]
    parts: tuple[tuple[Text, tuple[Rate, ...]], ...] = ()
    left: tuple[tuple[Text, int], ...] = ()
    blocked: tuple[tuple[Text, int], ...] = ()
    rules: tuple[Text, ...] = ()


def summary_report(drive: Drive, office: Office) -> Paper:
    """The report at the end of the drive as an official document to the level above; a place is left for what only people know."""
    parts: list[tuple[Text, list[Block]]] = [
        (Text("摸底情况", "The survey"), [Paragraph(_survey(drive))]),
        (Text("目标完成情况", "Targets"), _targets(drive)),
        (Text("组织组建情况", "Organizations"), _organizations(drive)),
        (Text("工作覆盖情况", "Work coverage"), _work_coverage(drive)),
    ]
    if drive.parts:
        parts.append((Text("分片情况", "By work area"), [parts_table(drive.targets, drive.parts)]))
    parts.append((Text("没有完成的和原因", "What was not reached, and why"), _not_reached(drive)))
    parts.append((Text("制度和长效机制", "Standing rules"), _standing_rules(drive)))
    blocks: list[Block] = [
        Paragraph(
            Text(
                "专项行动自{begun}开始。现将至{day}的情况总结报告如下。",
                "The drive began on {begun}. This is what it came to by {day}.",
            ).fill(begun=day_words(drive.begun), day=day_words(drive.day))
        )
    ]
    for number, (heading, body) in enumerate(parts, start=1):
        blocks += [Heading(1, numbered(1, number, heading)), *body]
    blocks.append(Paragraph(Text("特此报告。", "Reported herewith.")))
    to = office.style.copy_to
    return Paper(
        PaperKind.SUMMARY_REPORT,
        Text(
            "关于两新组织党组织组建专项行动情况的总结报告",
            "Summary report on the drive to set up Party organizations",
        ),
        tuple(blocks),
        office.style.id,
        head=office.head(office.leading_group, no_number(drive.day), signer=""),
        addressees=join(to, "、", ", ") if to else office.committee,
        signed=office.leading_group,
        day=drive.day,
        imprint=office.imprint(drive.day, "报告", office.committee, by=office.leading_group),
        facts={"leading_group": office.leading_group, "committee": office.committee},
    )


def _survey(drive: Drive) -> Text:
    return Text(
        "名册共{units}家，列入行动范围{in_scope}家。其中已登门摸底{surveyed}家，“八清”全部查清{clear}家。",
        "The roster has {units} units, {in_scope} of them in the drive. {surveyed} of these were visited; all eight facts are clear "
        "of {clear}.",
    ).fill(units=drive.units, in_scope=drive.in_scope, surveyed=drive.surveyed, clear=drive.clear)


def _targets(drive: Drive) -> list[Block]:
    met = [line.label for line in drive.targets if line.met]
    said = Text("{count}项目标完成{met}项。", "{met} of {count} targets were met.").fill(
        count=len(drive.targets), met=len(met)
    )
    columns = (
        Column(Text("指标", "Indicator"), 46),
        Column(Text("目标", "Target"), 16, number=True),
        Column(Text("开始时", "At first"), 19, number=True),
        Column(Text("现在", "Now"), 19, number=True),
        Column(Text("家数", "Units"), 21, number=True),
        Column(Text("待核", "To verify"), 17, number=True),
        Column(Text("完成", "Met"), 18),
    )
    rows = tuple(
        (
            line.label,
            same(share(line.target).replace(".0%", "%")),
            same(share(line.before.value if line.before is not None else None)),
            same(share(line.now.value)),
            same(f"{line.now.numerator}/{line.now.denominator}" if line.now.denominator else "—"),
            same(line.now.unknown),
            Text("完成", "met") if line.met else Text("未完成", "not met"),
        )
        for line in drive.targets
    )
    return [Paragraph(said), Table(columns, rows)]


def _organizations(drive: Drive) -> list[Block]:
    was, now = (sum(line.organizations[side] for line in drive.forms) for side in (0, 1))
    units_was, units_now = (sum(line.units[side] for line in drive.forms) for side in (0, 1))
    said = Text(
        "单位所在的党组织由{was}个增加到{now}个，有党组织的单位由{units_was}家增加到{units_now}家。"
        if now >= was and units_now >= units_was
        else "单位所在的党组织开始时{was}个、现在{now}个，有党组织的单位开始时{units_was}家、现在{units_now}家。",
        "Organizations that units are in: {was} at first, {now} now; units in one: {units_was} at first, {units_now} now.",
    ).fill(was=was, now=now, units_was=units_was, units_now=units_now)
    documents = _documents(drive.issued)
    columns = (
        Column(Text("组建形式", "Form"), 40),
        Column(Text("开始时单位", "Units at first"), 29, number=True),
        Column(Text("现在单位", "Units now"), 29, number=True),
        Column(Text("开始时党组织", "Organizations at first"), 29, number=True),
        Column(Text("现在党组织", "Organizations now"), 29, number=True),
    )
    rows = tuple(
        (line.label, *(same(value) for value in (*line.units, *line.organizations))) for line in drive.forms
    )
    blocks: list[Block] = [Paragraph(said), Table(columns, rows)]
    return [*blocks, Paragraph(documents)] if documents is not None else blocks


def _documents(issued: Mapping[PaperKind, int]) -> Text | None:
    kinds = (
        (PaperKind.REQUEST, Text("请示{count}件", "requests: {count}")),
        (PaperKind.REPLY, Text("批复{count}件", "replies: {count}")),
        (PaperKind.ELECTION_REPORT, Text("选举结果报告{count}件", "elections reported: {count}")),
        (PaperKind.FILING_REPORT, Text("备案{count}件", "filed: {count}")),
        (PaperKind.ANNULMENT, Text("废止{count}件", "annulled: {count}")),
    )
    said = [words.fill(count=issued[kind]) for kind, words in kinds if issued.get(kind)]
    if not said:
        return None
    return Text("行动期间共有{said}。", "In the drive: {said}.").fill(said=join(said, "，", ", "))


def _work_coverage(drive: Drive) -> list[Block]:
    if not drive.without:
        return [Paragraph(Text("没有未建党组织的企业。", "No enterprise is without an organization."))]
    haves = [
        Text("{label}{count}家", "{label}: {count}").fill(label=label, count=count)
        for label, count in drive.haves
    ]
    said = Text(
        "未建党组织的企业{without}家，其中{haves}。",
        "{without} enterprises are without an organization; of them {haves}.",
    ).fill(without=drive.without, haves=join(haves, "，", ", "))
    return [Paragraph(said)]


def _not_reached(drive: Drive) -> list[Block]:
    short = [
        Text("{label}还差{count}家", "{label}: {count} short").fill(label=line.label, count=missing)
        for line in drive.targets
        if not line.met and (missing := _short(line))
    ]
    blocks: list[Block] = []
    if short:
        blocks.append(Paragraph(Text("{said}。", "{said}.").fill(said=join(short, "；", "; "))))
    if drive.left:
        count = sum(units for _, units in drive.left)
        said = Text(
            "应建未建的单位{count}家，按未建原因分：",
            "{count} units should have an organization and have none; by reason:",
        ).fill(count=count)
        blocks += [Paragraph(said), *counted_lines(drive.left)]
    if drive.blocked:
        blocks += [Paragraph(Text("还卡在：", "Still in the way:")), *counted_lines(drive.blocked)]
    return blocks or [
        Paragraph(
            Text("各项目标都已完成，没有应建未建的单位。", "Every target is met, and no unit is left out.")
        )
    ]


def _short(line: TargetLine) -> int:
    """How many more units the target asks for, the base as it is."""
    from math import ceil

    return max(0, ceil(line.target * line.now.denominator - 1e-9) - line.now.numerator)


def _standing_rules(drive: Drive) -> list[Block]:
    """What the notice asks for, then a place for what the town has issued: the program does not know it."""
    blank = Text(
        "已制定的制度和意见（名称和文号由办公室填写）：",
        "Rules and opinions issued (names and numbers, to be filled in by the office):",
    )
    return [*(Paragraph(each) for each in drive.rules), Paragraph(blank)]
