"""会议纪要 of the committee meeting that decided, and the 通知 by which a decision is passed on to those who carry it out."""

from __future__ import annotations

from collections.abc import Sequence

from liangxin.procedure.case import Case, Event
from liangxin.procedure.matter import Kind
from liangxin.procedure.paper import Annex, Block, Head, Heading, Paper, PaperKind, Paragraph
from liangxin.procedure.paper_case import (
    facts_of,
    name_of,
    points_under,
    request_title,
    take_of,
)
from liangxin.procedure.paper_office import Office, no_number, sender
from liangxin.procedure.paper_words import Names, day_words, deed, same
from liangxin.structure import DayTree
from liangxin.wording import Text, join


def minutes(case: Case, event: Event, office: Office, tree: DayTree) -> Paper:
    """会议纪要: the day, how many were there and in favour, and what was decided. Persons are counted, not named."""
    matter, act = case.matter, take_of(event)
    names = Names.of(tree, matter.roster, office.places)
    about = same(matter.title) if matter.kind is Kind.PLAN else request_title(matter, names)
    refused = act.transition == "refuse"
    if refused:
        decided = [
            Text(
                "会议研究，不同意该事项。理由：{reason}。", "The meeting did not agree. Reason: {reason}."
            ).fill(reason=act.reason.rstrip("。."))
        ]
    elif matter.operations:
        decided = [
            Text("会议同意{deed}。", "The meeting agreed: to {deed}.").fill(deed=deed(each, names))
            for each in matter.operations
        ]
    else:
        decided = [Text("会议同意该方案。", "The meeting agreed to the plan.")]
    copies = (office.leading_group, sender(matter, tree, office)) if not refused else (office.leading_group,)
    quoted = Text("《{about}》", "“{about}”").fill(about=about)
    return minutes_of(case, event, office, quoted, decided, copies, names)


def minutes_of(
    case: Case,
    event: Event,
    office: Office,
    about: Text,
    decided: Sequence[Text],
    copies: Sequence[Text],
    names: Names,
    annexes: tuple[Annex, ...] = (),
) -> Paper:
    """``about``: what was considered, its title in quotes; ``decided``: a sentence for each point; ``case``: whose event is the meeting's."""
    day, held = case.day_of(event), take_of(event).minutes
    assert held is not None, "the table asks for the meeting wherever the committee decides"
    blocks: list[Block] = [
        Paragraph(
            Text(
                "{day}，{committee}召开会议。应到{entitled}人，实到{present}人，符合议事规则。现将会议研究事项纪要如下：",
                "{committee} met on {day}: {entitled} entitled, {present} present. What was considered:",
            ).fill(
                day=day_words(held.held_on),
                committee=office.committee,
                entitled=held.entitled,
                present=held.present,
            )
        ),
        Heading(1, Text("一、研究事项", "1. Matter")),
        Paragraph(Text("会议研究了{about}。", "The meeting considered {about}.").fill(about=about)),
        Heading(1, Text("二、表决情况", "2. Vote")),
        Paragraph(
            Text("实到{present}人，赞成{favour}人。", "{present} present, {favour} in favour.").fill(
                present=held.present, favour=held.in_favour
            )
        ),
        Heading(1, Text("三、议定事项", "3. Decision")),
    ]
    blocks += [Paragraph(words) for words in decided]
    return Paper(
        PaperKind.MINUTES,
        Text("关于研究{about}的会议纪要", "Minutes on {about}").fill(about=about),
        tuple(blocks),
        office.style.id,
        head=Head(
            Text("{committee}会议纪要", "Minutes of {committee}").fill(committee=office.committee),
            no_number(day),
        ),
        annexes=annexes,
        day=day,
        imprint=office.imprint(day, "纪要", *copies),
        facts=facts_of(case, office, names),
    )


def notice(case: Case, event: Event, office: Office, tree: DayTree) -> Paper:
    """通知: of the working committee on an organization agreed to, of the leading group on a plan."""
    matter, day, act = case.matter, case.day_of(event), take_of(event)
    names = Names.of(tree, matter.roster, office.places)
    serial = act.serial.text if act.serial is not None else ""
    by = (
        Text("尽快", "soon")
        if event.due is None
        else Text("于{day}前", "by {day}").fill(day=day_words(event.due.on))
    )
    if matter.kind is Kind.PLAN:
        body, to = office.leading_group, office.group(matter.task_group)
        title = Text("关于组织实施《{title}》的通知", "Notice to carry out “{title}”").fill(
            title=matter.title
        )
        basis = (
            Text(
                "镇党委已批复同意《{title}》（{serial}）", "The committee has agreed to “{title}” ({serial})"
            )
            if serial
            else Text("《{title}》已经领导小组审批同意", "The leading group has approved “{title}”")
        ).fill(title=matter.title, serial=serial)
        points = [
            Text("请{by}完成实施。", "Carry it out {by}.").fill(by=by),
            Text(
                "按“一企一策”逐户落实，每个党组织报送请示。",
                "Unit by unit, with a request for each organization.",
            ),
            Text("完成后报送佐证材料。", "When done, send the evidence."),
        ]
    else:
        name = name_of(matter, names)
        body, to = office.working_committee, sender(matter, tree, office)
        title = Text("关于做好{name}组建后续工作的通知", "Notice on what follows for {name}").fill(name=name)
        if matter.kind not in (Kind.FOUND, Kind.SPLIT_OFF, Kind.UPGRADE):
            title = Text("关于做好{name}设置调整后续工作的通知", "Notice on what follows for {name}").fill(
                name=name
            )
        deeds = join((deed(each, names) for each in matter.operations), "；", "; ")
        basis = Text(
            "{committee}已批复同意{deeds}（{serial}）", "{committee} has agreed to {deeds} ({serial})"
        ).fill(committee=office.committee, deeds=deeds, serial=serial)
        points = _next(act.transition, by)
    return Paper(
        PaperKind.NOTICE,
        title,
        (
            Paragraph(Text("{basis}。现将有关事项通知如下：", "{basis}. Please note:").fill(basis=basis)),
            *points_under(points),
        ),
        office.style.id,
        head=office.head(body, no_number(day)),
        addressees=to,
        signed=body,
        day=day,
        imprint=office.imprint(day, "通知", office.committee, by=body),
        facts=facts_of(case, office, names),
        by="leading_group" if matter.kind is Kind.PLAN else "working_committee",
    )


def _next(transition: str, by: Text) -> list[Text]:
    if transition == "reply_elect":
        points = [
            Text(
                "{by}召开党员大会完成选举，报告选举结果。", "Hold the election {by} and report its result."
            ).fill(by=by)
        ]
    else:
        points = [Text("{by}完成备案。", "File it {by}.").fill(by=by)]
    points.append(
        Text("及时办理党员组织关系和台账变更。", "Bring members' relations and the ledger up to date.")
    )
    return points
