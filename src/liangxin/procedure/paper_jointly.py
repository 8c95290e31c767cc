"""One reply for several organizations under one number 关于同意成立某某等几个党组织的批复, its minutes, and its annulment.

Each organization is listed: in the text where they are few, in an annexed list where they are many.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from liangxin.procedure.case import Case
from liangxin.procedure.matter import Matter
from liangxin.procedure.paper import Annex, Block, Column, Paper, PaperKind, Paragraph, Table
from liangxin.procedure.paper_annulling import annulment_of, reply_named, taken_back, to_do
from liangxin.procedure.paper_case import (
    asked,
    facts_of,
    meeting,
    name_of,
    number_of,
    points_under,
    request_title,
    take_of,
)
from liangxin.procedure.paper_meeting import minutes_of
from liangxin.procedure.paper_office import Office, sender
from liangxin.procedure.paper_replying import what_follows
from liangxin.procedure.paper_roster import members, roster_note, sum_of
from liangxin.procedure.paper_words import NAMED_UNITS, Names, counted, deed, listed, same
from liangxin.structure import DayTree
from liangxin.wording import Text, join

NAMED_ORGANIZATIONS: Final = 10
"""So many organizations have a point each in the text; more are on an annexed list."""


def joint_title(cases: Sequence[Case], names: Names) -> Text:
    """The title of the one reply: 关于同意成立甲党支部等3个党组织的批复."""
    return Text("关于同意{asked}的批复", "Reply agreeing to {asked}").fill(asked=_asked(cases, names))


def _asked(cases: Sequence[Case], names: Names) -> Text:
    return asked(cases[0].matter, names, _called(cases, names))


def _called(cases: Sequence[Case], names: Names) -> Text:
    return Text("{first}等{count}个党组织", "{first} and others, {count} organizations").fill(
        first=name_of(cases[0].matter, names), count=len(cases)
    )


def joint_reply(cases: Sequence[Case], office: Office, tree: DayTree) -> Paper:
    """批复 on all of the cases, under the number of their last event."""
    event = cases[0].history[-1]
    day, act, names = cases[0].day_of(event), take_of(event), _names(cases, office, tree)
    opening = Text(
        "你们《{first}》等{count}件请示收悉。经{meeting}研究，现批复如下：",
        "Your “{first}” and others, {count} requests, have been received. The committee{meeting} has considered them and replies:",
    ).fill(first=request_title(cases[0].matter, names), count=len(cases), meeting=meeting(act))
    points, annexes = _decided(cases, names, day, Text("同意{deed}。", "Agreed: {deed}."))
    follows = [each for case in cases for each in what_follows(case.history[-1], case.matter)]
    points += list(dict.fromkeys(follows))
    return Paper(
        PaperKind.REPLY,
        _shared_title(cases),
        (Paragraph(opening), *points_under(points), Paragraph(Text("此复。", "This is our reply."))),
        office.style.id,
        head=office.head(office.committee, number_of(act, office, day)),
        addressees=_senders(cases, office, tree),
        annexes=annexes,
        signed=office.committee,
        day=day,
        imprint=office.imprint(day, "批复", *office.style.copy_to),
        facts=_facts(cases, office, names),
    )


def joint_minutes(cases: Sequence[Case], office: Office, tree: DayTree) -> Paper:
    """会议纪要 of the one meeting that decided all of the cases."""
    event = cases[0].history[-1]
    names = _names(cases, office, tree)
    about = Text("《{first}》等{count}件请示", "“{first}” and others, {count} requests").fill(
        first=request_title(cases[0].matter, names), count=len(cases)
    )
    decided, annexes = _decided(
        cases, names, cases[0].day_of(event), Text("会议同意{deed}。", "The meeting agreed: {deed}.")
    )
    copies = (office.leading_group, _senders(cases, office, tree))
    return minutes_of(cases[0], event, office, about, decided, copies, names, annexes)


def joint_annulment(cases: Sequence[Case], office: Office, tree: DayTree) -> Paper:
    """废止 of the one reply for all of the cases it still held for."""
    event = cases[0].history[-1]
    names = _names(cases, office, tree)
    back: tuple[Block, ...]
    if len(cases) > NAMED_ORGANIZATIONS:
        deeds = Text("{asked}，见附件", "{asked}, as annexed").fill(asked=_asked(cases, names))
        back = taken_back(deeds)
    else:
        back = taken_back(to_do(join((_deeds(case.matter, names) for case in cases), "；", "; ")))
    return annulment_of(
        cases[0],
        event,
        office,
        reply_named(cases[0], names),
        _senders(cases, office, tree),
        back,
        _facts(cases, office, names),
        (_list(cases, names, ""),) if len(cases) > NAMED_ORGANIZATIONS else (),
    )


def _names(cases: Sequence[Case], office: Office, tree: DayTree) -> Names:
    return Names.of(tree, [line for case in cases for line in case.matter.roster], office.places)


def _shared_title(cases: Sequence[Case]) -> Text:
    shared = take_of(cases[0].history[-1]).jointly
    assert shared is not None, "cases decided together have it in their last event"
    return shared.title


def _senders(cases: Sequence[Case], office: Office, tree: DayTree) -> Text:
    return join(dict.fromkeys(sender(case.matter, tree, office) for case in cases), "、", ", ")


def _deeds(matter: Matter, names: Names) -> Text:
    return join((deed(each, names) for each in matter.operations), "；", "; ")


def _decided(
    cases: Sequence[Case], names: Names, day: date, agreed: Text
) -> tuple[list[Text], tuple[Annex, ...]]:
    """A point for each organization, or one point and the list; with the roster where the units are many."""
    many = len(cases) > NAMED_ORGANIZATIONS
    units = sum(len(case.matter.roster) for case in cases)
    rostered = units > NAMED_UNITS
    points = [agreed.fill(deed=to_do(_deeds(case.matter, names))) for case in cases]
    annexes: list[Annex] = []
    if many:
        words = Text("{asked}，名单见附件{number}", "{asked}, as in annex {number}").fill(
            asked=_asked(cases, names), number="1" if rostered else ""
        )
        points = [agreed.fill(deed=Text(words.zh, words.en.rstrip()))]
        annexes.append(_list(cases, names, "1" if rostered else ""))
    if rostered:
        number = "2" if many else ""
        annexed = Text(
            "所属单位{count}家，名册见附件{number}。", "The {count} units are on the roster, annex {number}."
        ).fill(count=units, number=number)
        points.append(Text(annexed.zh, annexed.en.replace(" .", ".")))
        annexes.append(_roster(cases, names, day, number))
    return points, tuple(annexes)


def _mark(number: str) -> Text:
    return Text(f"附件{number}", f"Annex {number}".strip())


def _list(cases: Sequence[Case], names: Names, number: str) -> Annex:
    """One line an organization: what is agreed to, its units and members."""
    columns = (
        Column(Text("序号", "No."), 14, number=True),
        Column(Text("批复事项", "Agreed"), 98),
        Column(Text("单位数", "Units"), 20, number=True),
        Column(Text("正式党员", "Full members"), 24, number=True),
    )
    rows = tuple(
        (
            same(at),
            _deeds(case.matter, names),
            same(len(case.matter.roster)),
            counted(case.matter.full_members),
        )
        for at, case in enumerate(cases, start=1)
    )
    total = (
        same(""),
        Text("合计{count}个党组织", "in all: {count} organizations").fill(count=len(cases)),
        same(sum(len(case.matter.roster) for case in cases)),
        sum_of([line.full_members for case in cases for line in case.matter.roster]),
    )
    title = Text("{called}名单", "List: {called}").fill(called=_called(cases, names))
    return Annex(_mark(number), title, (Table(columns, rows, total=total),))


def _roster(cases: Sequence[Case], names: Names, day: date, number: str) -> Annex:
    """One line a unit, under the organization it belongs to."""
    columns = (
        Column(Text("序号", "No."), 14, number=True),
        Column(Text("党组织", "Organization"), 49),
        Column(Text("单位名称", "Unit"), 49),
        Column(Text("正式党员", "Full members"), 22, number=True),
        Column(Text("预备党员", "On probation"), 22, number=True),
    )
    lines = [(case, line) for case in cases for line in case.matter.roster]
    rows = tuple(
        (
            same(at),
            name_of(case.matter, names),
            same(line.name),
            counted(line.full_members),
            counted(line.probationary_members),
        )
        for at, (case, line) in enumerate(lines, start=1)
    )
    total = (
        same(""),
        Text("合计", "in all"),
        Text("{count}家", "{count}").fill(count=len(lines)),
        sum_of([line.full_members for _, line in lines]),
        sum_of([line.probationary_members for _, line in lines]),
    )
    title = Text("{called}单位名册", "Roster: {called}").fill(called=_called(cases, names))
    note = roster_note([line for _, line in lines], day)
    return Annex(_mark(number), title, (Table(columns, rows, total=total, note=note),))


def _facts(cases: Sequence[Case], office: Office, names: Names) -> dict[str, Text]:
    """Those of one case, with organization, units and members of all."""
    lines = [line for case in cases for line in case.matter.roster]
    return {
        **facts_of(cases[0], office, names),
        "organization": _called(cases, names),
        "units": same(len(lines)),
        "members": members(lines) if lines else same(""),
        "unit_names": listed([line.name for line in lines]),
    }
