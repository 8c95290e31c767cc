"""批复 of the town committee: on a request, and on the result of an election."""

from __future__ import annotations

from liangxin.procedure.case import Case, Event
from liangxin.procedure.election import count_vote, rule_on, term_end
from liangxin.procedure.matter import Leadership, Matter
from liangxin.procedure.paper import Paper, PaperKind, Paragraph
from liangxin.procedure.paper_case import (
    facts_of,
    meeting,
    name_of,
    number_of,
    points_under,
    reply_title,
    request_title,
    result_title,
    roster_title,
    take_of,
)
from liangxin.procedure.paper_office import Office, sender
from liangxin.procedure.paper_roster import roster_annex
from liangxin.procedure.paper_words import (
    NAMED_UNITS,
    Names,
    day_words,
    deed,
    same,
)
from liangxin.structure import DayTree
from liangxin.wording import Text


def reply(case: Case, event: Event, office: Office, tree: DayTree) -> Paper:
    """批复 of the town committee; it takes effect on its day."""
    matter, day, act = case.matter, case.day_of(event), take_of(event)
    names = Names.of(tree, matter.roster, office.places)
    asked_on = case.last("submit")
    points = [
        Text("同意{deed}。", "Agreed: to {deed}.").fill(deed=deed(each, names)) for each in matter.operations
    ]
    if len(matter.roster) > NAMED_UNITS:
        points.append(
            Text("所属单位{count}家，名册见附件。", "The {count} units are on the annexed roster.").fill(
                count=len(matter.roster)
            )
        )
    points += what_follows(event, matter)
    annexes = (
        (roster_annex(matter, roster_title(matter, names), day),) if len(matter.roster) > NAMED_UNITS else ()
    )
    opening = Text(
        "你们《{title}》{asked}收悉。经{meeting}研究，现批复如下：",
        "Your “{title}”{asked} has been received. The committee{meeting} has considered it and replies:",
    ).fill(
        title=request_title(matter, names),
        asked=same("")
        if asked_on is None
        else Text("（{day}）", " of {day}").fill(day=day_words(case.day_of(asked_on[0]))),
        meeting=meeting(act),
    )
    return Paper(
        PaperKind.REPLY,
        reply_title(matter, names),
        (Paragraph(opening), *points_under(points), Paragraph(Text("此复。", "This is our reply."))),
        office.style.id,
        head=office.head(office.committee, number_of(act, office, day)),
        addressees=sender(matter, tree, office),
        annexes=annexes,
        signed=office.committee,
        day=day,
        imprint=office.imprint(day, "批复", *office.style.copy_to),
        facts=facts_of(case, office, names),
    )


def what_follows(event: Event, matter: Matter) -> list[Text]:
    """What the reply asks for next: the election by its day, or how the secretary comes."""
    act = take_of(event)
    if act.transition == "reply_elect":
        by = (
            Text("抓紧", " soon")
            if event.due is None
            else Text("于{day}前", " by {day}").fill(day=day_words(event.due.on))
        )
        words = Text(
            "请{by}按规定召开党员大会选举产生领导班子，并将选举结果报我委审批。",
            "Hold the election{by} by the rules, and report the result for approval.",
        )
        return [words.fill(by=by)]
    if act.transition == "reply_appoint":
        if matter.leadership is Leadership.TEMPORARY:
            return [
                Text(
                    "临时党支部书记由我委另行指定。",
                    "The secretary of the temporary branch is appointed separately.",
                )
            ]
        return [Text("书记由我委另行任命。", "The secretary is appointed separately.")]
    return []


def result_reply(case: Case, event: Event, office: Office, tree: DayTree) -> Paper:
    """批复 on the result of the election, with the end of the term."""
    matter, day, act = case.matter, case.day_of(event), take_of(event)
    names, vote = Names.of(tree, matter.roster, office.places), case.vote
    assert vote is not None, "the result was reported before it is replied to"
    name = name_of(matter, names)
    result = count_vote(vote, rule_on(office.policy, vote.held_on))
    until = term_end(office.policy, vote.held_on)
    points = [
        Text(
            "同意{name}党员大会{day}的选举结果，选票第{elected}号候选人当选，共{count}名。",
            "The election of {name} on {day} is approved: ballot {elected}, {count} elected.",
        ).fill(
            name=name,
            day=day_words(vote.held_on),
            elected="、".join(map(str, result.elected)),
            count=vote.earlier + len(result.elected),
        ),
        Text(
            "本届任期自选举之日起计算，应于{until}前按期换届。",
            "The term runs from the election; the next is due by {until}.",
        ).fill(until=day_words(until)),
    ]
    opening = Text("你们《{title}》收悉。经研究，现批复如下：", "Your “{title}” has been received. We reply:")
    return Paper(
        PaperKind.RESULT_REPLY,
        Text("关于{name}选举结果的批复", "Reply on the election of {name}").fill(name=name),
        (
            Paragraph(opening.fill(title=result_title(name))),
            *points_under(points),
            Paragraph(Text("此复。", "This is our reply.")),
        ),
        office.style.id,
        head=office.head(office.committee, number_of(act, office, day)),
        addressees=sender(matter, tree, office),
        signed=office.committee,
        day=day,
        imprint=office.imprint(day, "批复", *office.style.copy_to),
        facts=facts_of(case, office, names),
    )
