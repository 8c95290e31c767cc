"""请示: the request for setting up, changing or ending an organization (4.3)."""

from __future__ import annotations

from liangxin.procedure.case import Case, Event
from liangxin.procedure.matter import Kind, Leadership, Matter
from liangxin.procedure.paper import Block, Heading, Paper, PaperKind, Paragraph
from liangxin.procedure.paper_case import (
    asked,
    facts_of,
    name_of,
    paragraphs,
    request_title,
    roster_title,
)
from liangxin.procedure.paper_office import Office, no_number, sender, sending_body
from liangxin.procedure.paper_roster import members, roster_annex
from liangxin.procedure.paper_words import (
    Names,
    deed,
    listed,
    numbered,
)
from liangxin.structure import DayTree
from liangxin.wording import Text


def request(case: Case, event: Event, office: Office, tree: DayTree) -> Paper:
    """请示, from the organization right above (or the working committee) to the town committee."""
    matter, day = case.matter, case.day_of(event)
    names = Names.of(tree, matter.roster, office.places)
    blocks: list[Block] = [Paragraph(_why(matter, names))]
    parts: list[tuple[Text, list[Text]]] = [
        (
            Text("拟办事项", "What is asked for"),
            [Text("拟{deed}。", "To {deed}.").fill(deed=deed(each, names)) for each in matter.operations],
        )
    ]
    if matter.roster:
        parts.append((Text("单位和党员情况", "Units and members"), _situation(matter)))
    parts += _leaders(matter)
    for number, (heading, said) in enumerate(parts, start=1):
        blocks.append(Heading(1, numbered(1, number, heading)))
        blocks += paragraphs(said)
    blocks.append(Paragraph(Text("妥否，请批示。", "Please instruct whether this is in order.")))
    return Paper(
        PaperKind.REQUEST,
        request_title(matter, names),
        tuple(blocks),
        office.style.id,
        head=office.head(sender(matter, tree, office), no_number(day), signer=""),
        addressees=office.committee,
        annexes=(roster_annex(matter, roster_title(matter, names), day),) if matter.roster else (),
        signed=sender(matter, tree, office),
        day=day,
        imprint=office.imprint(day, "请示", by=sender(matter, tree, office)),
        facts=facts_of(case, office, names),
        by=sending_body(matter, tree),
    )


def _why(matter: Matter, names: Names) -> Text:
    """The opening: who has how many members, and by what rule this is asked for."""
    purpose = Text("为扩大党的组织覆盖和工作覆盖，", "To extend the organization and the work of the Party, ")
    if matter.kind in (Kind.FOUND, Kind.SPLIT_OFF) and matter.roster:
        words = Text(
            "{purpose}根据《中国共产党章程》关于成立党的基层组织的规定，{units}现有{members}，经研究，拟成立{name}。现将有关情况请示如下：",
            "{purpose}and by the Party constitution's rule on basic organizations: it is proposed to set up {name} of {units} ({members}). The facts are as follows.",
        )
        return words.fill(
            purpose=purpose,
            units=listed([line.name for line in matter.roster]),
            members=members(matter.roster),
            name=name_of(matter, names),
        )
    return Text(
        "{purpose}根据两新组织党建工作需要，经研究，现就{asked}有关事项请示如下：",
        "{purpose}as the work with two-new organizations needs it, we ask for {asked}. The facts are as follows.",
    ).fill(purpose=purpose, asked=asked(matter, names))


def _situation(matter: Matter) -> list[Text]:
    units = Text(
        "涉及单位{count}家，共有{members}，名册见附件。",
        "Units: {count}, with {members}; the roster is annexed.",
    )
    said = [units.fill(count=len(matter.roster), members=members(matter.roster))]
    attached = matter.attached()
    signed = sum(line.commitment_on is not None for line in attached)
    if attached and signed == len(attached):
        said.append(
            Text(
                "挂靠单位{count}家均已签订《挂靠党支部承诺书》。",
                "Attached units: {count}; each has signed its commitment.",
            ).fill(count=signed)
        )
    elif attached:
        said.append(
            Text(
                "挂靠单位{count}家，已签订《挂靠党支部承诺书》{signed}家。",
                "Attached units: {count}, of which {signed} have signed their commitment.",
            ).fill(count=len(attached), signed=signed)
        )
    return said


def _leaders(matter: Matter) -> list[tuple[Text, list[Text]]]:
    if matter.kind not in (Kind.FOUND, Kind.SPLIT_OFF, Kind.UPGRADE):
        return []
    words = {
        Leadership.ELECTED: Text(
            "经批复同意后，按规定召开党员大会选举产生，选举结果另行报批。",
            "After the reply they are elected by the members' meeting; the result is reported for approval.",
        ),
        Leadership.APPOINTED: Text(
            "书记拟请上级党组织任命。", "The secretary is to be appointed from above."
        ),
        Leadership.TEMPORARY: Text(
            "拟先成立临时党支部，书记请上级党组织指定；党员组织关系不转移。",
            "A temporary branch first, its secretary appointed from above; members' relations do not move.",
        ),
    }[matter.leadership]
    return [(Text("领导班子产生办法", "How its leaders come"), [words])]
