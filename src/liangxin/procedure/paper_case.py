"""What the documents of one case share: what it is called in a title, its numbers, and its facts for an office's template."""

from __future__ import annotations

from datetime import date
from typing import Final

from liangxin.procedure.acts import Take
from liangxin.procedure.case import Case, Event
from liangxin.procedure.matter import Kind, Matter
from liangxin.procedure.paper import Block, Paragraph
from liangxin.procedure.paper_office import Office
from liangxin.procedure.paper_roster import members
from liangxin.procedure.paper_words import Names, day_words, listed, numbered, same
from liangxin.structure import Attach, Found, SplitOff, Upgrade
from liangxin.wording import Text

_ASKED: Final = {
    Kind.FOUND: Text("成立{name}", "founding {name}"),
    Kind.CHANGE: Text("调整{name}设置", "changing {name}"),
    Kind.SPLIT_OFF: Text("剥离成立{name}", "splitting off {name}"),
    Kind.UPGRADE: Text("{name}升格", "upgrading {name}"),
    Kind.MERGE: Text("有关党组织并入{name}", "merging into {name}"),
    Kind.DISSOLVE: Text("撤销{name}", "dissolving {name}"),
    Kind.TRANSFER: Text("调整{name}隶属关系", "transferring {name}"),
}


def name_of(matter: Matter, names: Names) -> Text:
    """The organization in question: as it is to be called, else as it stands."""
    for operation in matter.operations:
        if isinstance(operation, Found | SplitOff):
            return same(operation.name)
        if isinstance(operation, Upgrade) and operation.name is not None:
            return same(operation.name)
    return names.organization(matter.organization)


def asked(matter: Matter, names: Names, called: Text | None = None) -> Text:
    """What is asked for, as titles say it: 成立东片联合党支部. ``called``: instead of the organization's name."""
    words = _ASKED[matter.kind]
    if any(isinstance(each, Attach) for each in matter.operations):
        words = Text("有关单位挂靠{name}", "attaching units to {name}")
    return words.fill(name=called or name_of(matter, names))


def request_title(matter: Matter, names: Names) -> Text:
    in_english = f"Request for {asked(matter, names).en}"
    return Text(matter.title, in_english)


def reply_title(matter: Matter, names: Names) -> Text:
    return Text("关于同意{asked}的批复", "Reply agreeing to {asked}").fill(asked=asked(matter, names))


def title_of_reply(case: Case, names: Names) -> Text:
    """The title under which the case was replied to: its own, or that of the one reply for several cases."""
    replied = case.reply
    shared = replied[1].jointly if replied is not None else None
    return reply_title(case.matter, names) if shared is None else shared.title


def plan_reply_title(matter: Matter) -> Text:
    return Text("关于{title}的批复", "Reply on {title}").fill(title=same(matter.title))


def result_title(name: Text) -> Text:
    return Text("关于{name}选举结果的报告", "Report on the election of {name}").fill(name=name)


def roster_title(matter: Matter, names: Names) -> Text:
    return Text("{name}单位名册", "Roster of {name}").fill(name=name_of(matter, names))


def take_of(event: Event) -> Take:
    if not isinstance(event.act, Take):
        raise ValueError("only a transition makes a document")
    return event.act


def meeting(act: Take) -> Text:
    if act.minutes is None:
        return Text("党委", " itself")
    return Text("{day}党委会议", " meeting on {day}").fill(day=day_words(act.minutes.held_on))


def number_of(act: Take, office: Office, day: date) -> str:
    return office.unnumbered(day) if act.serial is None else act.serial.text


def points_under(points: list[Text]) -> list[Block]:
    if len(points) == 1:
        return [Paragraph(points[0])]
    return [Paragraph(numbered(1, number, words)) for number, words in enumerate(points, start=1)]


def paragraphs(said: list[Text]) -> list[Block]:
    """One as it is; several under 1. 2. 3."""
    if len(said) == 1:
        return [Paragraph(said[0])]
    return [Paragraph(numbered(3, number, words)) for number, words in enumerate(said, start=1)]


def facts_of(case: Case, office: Office, names: Names) -> dict[str, Text]:
    """What an office's own template may use in its own words."""
    matter = case.matter
    replied = case.reply
    return {
        "organization": same("") if matter.kind is Kind.PLAN else name_of(matter, names),
        "committee": office.committee,
        "working_committee": office.working_committee,
        "leading_group": office.leading_group,
        "task_group": office.group(matter.task_group),
        "units": same(len(matter.roster)),
        "members": members(matter.roster) if matter.roster else same(""),
        "unit_names": listed([line.name for line in matter.roster]),
        "reply_serial": same(replied[1].serial.text if replied and replied[1].serial else ""),
        "reason": same(str(getattr(case.history[-1].act, "reason", ""))),
    }
