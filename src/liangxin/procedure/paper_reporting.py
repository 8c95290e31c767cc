"""Reports to the level above: 选举结果报告 to the town committee, 备案报告 to the superior's organization department."""

from __future__ import annotations

from liangxin.procedure.case import Case, Event
from liangxin.procedure.election import Vote, count_vote, rule_on
from liangxin.procedure.paper import Annex, Column, Heading, Paper, PaperKind, Paragraph, Table
from liangxin.procedure.paper_case import (
    asked,
    facts_of,
    name_of,
    paragraphs,
    request_title,
    result_title,
    take_of,
    title_of_reply,
)
from liangxin.procedure.paper_office import Office, no_number, sender, sending_body
from liangxin.procedure.paper_words import (
    Names,
    day_words,
    deed,
    same,
)
from liangxin.structure import DayTree
from liangxin.wording import Text, join


def election_report(case: Case, event: Event, office: Office, tree: DayTree) -> Paper:
    """选举结果报告. Candidates are ballot numbers; the place of their names is filled in by hand."""
    matter, day, vote = case.matter, case.day_of(event), take_of(event).vote
    assert vote is not None, "the table asks for the vote before a result is reported"
    names = Names.of(tree, matter.roster, office.places)
    name = name_of(matter, names)
    rule = rule_on(office.policy, vote.held_on)
    result = count_vote(vote, rule)
    opening = Text(
        "根据{basis}，{name}于{day}召开党员大会，选举产生领导班子。现将选举结果报告如下：",
        "As {basis} asks, {name} held its members' meeting on {day} and elected its leaders. The result:",
    ).fill(basis=_basis(case), name=name, day=day_words(vote.held_on))
    elected = same("、".join(map(str, result.elected)))
    return Paper(
        PaperKind.ELECTION_REPORT,
        result_title(name),
        (
            Paragraph(opening),
            Heading(1, Text("一、到会情况", "1. Presence")),
            Paragraph(
                Text(
                    "应到会有选举权的党员{entitled}名，实到会{present}名。按规定，{rule}。本次选举有效。",
                    "Members with a vote: {entitled}; present: {present}. By the rule: {rule}. This election is valid.",
                ).fill(entitled=vote.entitled, present=vote.present, rule=rule.words)
            ),
            Heading(1, Text("二、选举结果", "2. Result")),
            Paragraph(
                Text(
                    "应选{seats}名，候选人{candidates}名，当选须得{votes}票。第{elected}号候选人当选，得票情况如下：",
                    "Seats: {seats}; candidates: {candidates}; votes needed: {votes}; elected: {elected}. The votes:",
                ).fill(
                    seats=vote.seats, candidates=len(vote.votes), votes=result.least_votes, elected=elected
                )
            ),
            _votes(vote.votes, result.elected),
            *(Paragraph(words) for words in _other_ballots(vote)),
            Paragraph(Text("以上报告，请予审批。", "Reported for approval.")),
        ),
        office.style.id,
        head=office.head(sender(matter, tree, office), no_number(day), signer=""),
        addressees=office.committee,
        signed=sender(matter, tree, office),
        day=day,
        imprint=office.imprint(day, "报告", by=sender(matter, tree, office)),
        facts=facts_of(case, office, names),
        by=sending_body(matter, tree),
    )


def _other_ballots(vote: Vote) -> list[Text]:
    """What was filled before this ballot, and the seats that the meeting left open."""
    said: list[Text] = []
    if vote.earlier:
        said.append(
            Text("此前的投票已选出{count}名。", "Elected in earlier ballots: {count}.").fill(
                count=vote.earlier
            )
        )
    if vote.reduced_to is not None:
        said.append(
            Text(
                "经到会有选举权的党员过半数同意，应选名额减为{count}名，不再选举。",
                "More than half of those present agreed to leave it at these seats: {count}.",
            ).fill(count=vote.reduced_to)
        )
    return said


def _votes(votes: tuple[int, ...], elected: tuple[int, ...]) -> Table:
    columns = (
        Column(Text("选票序号", "Ballot no."), 26, number=True),
        Column(Text("姓名", "Name"), 60),
        Column(Text("赞成票", "Votes"), 30, number=True),
        Column(Text("结果", "Result"), 40),
    )
    rows = tuple(
        (
            same(number),
            same(""),
            same(count),
            Text("当选", "elected") if number in elected else Text("未当选", "not elected"),
        )
        for number, count in enumerate(votes, start=1)
    )
    note = Text("姓名由报告单位手工填写。", "Names are written in by hand.")
    return Table(columns, rows, note=note)


def _basis(case: Case) -> Text:
    replied = case.reply
    if replied is None or replied[1].serial is None:
        return Text("有关规定", "the rules")
    return Text("批复（{serial}）要求", "the reply {serial}").fill(serial=replied[1].serial.text)


def filing_report(case: Case, event: Event, office: Office, tree: DayTree) -> Paper:
    """备案报告 to the level above, with each document by number and day."""
    matter, day = case.matter, case.day_of(event)
    names = Names.of(tree, matter.roster, office.places)
    name = name_of(matter, names)
    said = [
        Text("{day}，{sender}报送《{title}》。", "On {day} {sender} sent the “{title}”.").fill(
            day=day_words(case.day_of(sent[0])),
            sender=sender(matter, tree, office),
            title=request_title(matter, names),
        )
        for sent in [case.last("submit")]
        if sent is not None
    ]
    replied = case.reply
    if replied is not None:
        deeds = join((deed(each, names) for each in matter.operations), "；", "; ")
        said.append(
            Text(
                "{day}，我委{meeting}批复同意{deeds}（{serial}）。",
                "On {day} the committee{meeting} agreed to {deeds} ({serial}).",
            ).fill(
                day=day_words(case.day_of(replied[0])),
                meeting=same("")
                if replied[1].minutes is None
                else Text("经{day}会议研究，", " (meeting of {day})").fill(
                    day=day_words(replied[1].minutes.held_on)
                ),
                deeds=deeds,
                serial=replied[1].serial.text if replied[1].serial is not None else "",
            )
        )
    vote, result = case.vote, case.last("reply_result")
    if vote is not None and result is not None:
        said.append(
            Text(
                "{day}，{name}召开党员大会选举，选出{count}名；{approved}，我委批复同意选举结果（{serial}）。",
                "On {day} {name} elected {count}; on {approved} the committee approved the result ({serial}).",
            ).fill(
                day=day_words(vote.held_on),
                name=name,
                count=vote.earlier + len(count_vote(vote, rule_on(office.policy, vote.held_on)).elected),
                approved=day_words(case.day_of(result[0])),
                serial=result[1].serial.text if result[1].serial is not None else "",
            )
        )
    enclosed = [
        Annex(
            same(""),
            Text("{title}（{serial}）", "{title} ({serial})").fill(title=title, serial=act.serial.text),
            (),
        )
        for title, act in (
            (title_of_reply(case, names), replied[1] if replied else None),
            (
                Text("关于{name}选举结果的批复", "Reply on the election of {name}").fill(name=name),
                result[1] if result else None,
            ),
        )
        if act is not None and act.serial is not None
    ]
    to = join(office.style.copy_to, "、", ", ")
    return Paper(
        PaperKind.FILING_REPORT,
        Text("关于{asked}的备案报告", "Filing report: {asked}").fill(asked=asked(matter, names)),
        (
            Paragraph(
                Text("现将{asked}的有关情况报告如下，请予备案。", "For filing, the facts of {asked}:").fill(
                    asked=asked(matter, names)
                )
            ),
            *paragraphs(said),
            Paragraph(Text("特此报告。", "Reported for filing.")),
        ),
        office.style.id,
        head=office.head(office.committee, office.unnumbered(day), signer=""),
        addressees=to if office.style.copy_to else None,
        annexes=tuple(enclosed),
        signed=office.committee,
        day=day,
        imprint=office.imprint(day, "报告"),
        facts=facts_of(case, office, names),
    )
