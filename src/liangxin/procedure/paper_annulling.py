"""The later document that ends what a reply did: for one organization, or for all of the one reply that decided several."""

from __future__ import annotations

from collections.abc import Mapping

from liangxin.procedure.case import Case, Event
from liangxin.procedure.matter import Kind
from liangxin.procedure.paper import Annex, Block, Paper, PaperKind, Paragraph
from liangxin.procedure.paper_case import (
    asked,
    facts_of,
    number_of,
    plan_reply_title,
    take_of,
    title_of_reply,
)
from liangxin.procedure.paper_office import Office, sender
from liangxin.procedure.paper_words import Names, day_words, deed
from liangxin.structure import DayTree
from liangxin.wording import Text, join


def annulment(case: Case, event: Event, office: Office, tree: DayTree) -> Paper:
    """废止 of the reply on this case; of one reply for several, of the part that is about this one."""
    matter = case.matter
    names = Names.of(tree, matter.roster, office.places)
    is_plan = matter.kind is Kind.PLAN
    ended = reply_named(case, names)
    replied = case.reply
    if replied is not None and replied[1].jointly is not None:
        ended = Text("{ended}中同意{asked}的部分", "the part of {ended} that agrees to {asked}").fill(
            ended=ended, asked=asked(matter, names)
        )
    deeds = join((deed(each, names) for each in matter.operations), "；", "; ")
    return annulment_of(
        case,
        event,
        office,
        ended,
        office.group(matter.task_group) if is_plan else sender(matter, tree, office),
        taken_back(to_do(deeds)) if matter.operations and replied is not None else (),
        facts_of(case, office, names),
    )


def reply_named(case: Case, names: Names) -> Text:
    """The reply that is annulled, by its title and number; a plan that only the leading group approved has no number."""
    matter = case.matter
    replied = case.last("reply", "reply_elect", "reply_appoint")
    title = plan_reply_title(matter) if matter.kind is Kind.PLAN else title_of_reply(case, names)
    if replied is not None and replied[1].serial is not None:
        return Text("《{title}》（{serial}）", "“{title}” ({serial})").fill(
            title=title, serial=replied[1].serial.text
        )
    return Text("对《{title}》的批准", "the approval of “{title}”").fill(
        title=Text(matter.title, matter.title)
    )


def to_do(deeds: Text) -> Text:
    """Deeds as a clause of their own: English has 成立 as “to found”."""
    return Text("{deeds}", "to {deeds}").fill(deeds=deeds)


def taken_back(deeds: Text) -> tuple[Block, ...]:
    words = Text(
        "该批复所作的下列变动同时撤回：{deeds}。此前依据该批复开展的工作，如实存档。",
        "What it did is taken back with it: {deeds}. What was done under it before stays on file.",
    )
    return (Paragraph(words.fill(deeds=deeds)),)


def annulment_of(
    case: Case,
    event: Event,
    office: Office,
    ended: Text,
    to: Text,
    back: tuple[Block, ...],
    facts: Mapping[str, Text],
    annexes: tuple[Annex, ...] = (),
) -> Paper:
    """``ended``: what is annulled; ``back``: what is taken back with it; ``case``: whose event gives day, number and reason."""
    day, act = case.day_of(event), take_of(event)
    opening = Text(
        "因{reason}，经研究，决定自{day}起废止{ended}。",
        "Because of this: {reason}, it is decided to annul {ended} from {day}.",
    ).fill(reason=act.reason.rstrip("。."), day=day_words(day), ended=ended)
    return Paper(
        PaperKind.ANNULMENT,
        Text("关于废止{what}的通知", "Notice annulling {what}").fill(what=ended),
        (Paragraph(opening), *back, Paragraph(Text("特此通知。", "For your attention."))),
        office.style.id,
        head=office.head(office.committee, number_of(act, office, day)),
        addressees=to,
        annexes=annexes,
        signed=office.committee,
        day=day,
        imprint=office.imprint(day, "通知", *office.style.copy_to),
        facts=facts,
    )
