"""One reply for several organizations under one number: decided together, written for each, annulled whole or in part."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from tests.procedure.town_office import (
    DAY,
    EVIDENCE,
    LEADER,
    MINUTES,
    SECRETARY,
    VOTE,
    august,
    matter,
    number,
    policy,
    take,
    today,
    tree,
)

from liangxin.findings import InputError
from liangxin.procedure import (
    Case,
    Kind,
    Matter,
    Paper,
    PaperKind,
    Register,
    RosterLine,
    Take,
    Today,
    apply,
    apply_jointly,
    event_from_json,
    event_to_json,
    fold,
    joint_effects,
    office_of,
    papers_of,
    shared_papers,
    standing_for,
    start,
)
from liangxin.procedure.paper import Heading, Paragraph, Table
from liangxin.registry.town import TaskGroup, Town
from liangxin.structure import Annul, Found, Tree, apply_all

TOWN = Town("长乐镇", "330683101", (), task_groups=(TaskGroup("G1", "第一推进组"),))
REPLY = take("reply_elect", minutes=MINUTES, serial=number(44))


def factories(count: int, units: int = 1) -> tuple[list[Case], Tree]:
    """So many requests to found a branch, sent on 10 August, and the tree under which each can be founded."""
    cases, strengths = [], {}
    for at in range(1, count + 1):
        ids = [f"w{at}-{each}" for each in range(1, units + 1)]
        strengths |= dict.fromkeys(ids, 4)
        lines = tuple(
            RosterLine(id, f"第{at}厂{id[-1]}", 4, 0, host=id == ids[0], commitment_on=DAY) for id in ids
        )
        found = Found(on=DAY, id=f"F{at}", name=f"第{at}厂党支部", type="joint_branch" if units > 1 else "branch",
                      form="park" if units > 1 else "separate", host=ids[0], parent="A", units=tuple(ids))  # fmt: skip
        about = Matter(Kind.FOUND, f"关于成立第{at}厂党支部的请示", "G1", lines, f"F{at}", (found,))
        case = start(f"c{at}", "founding", about, LEADER, today())
        cases.append(apply(case, take("submit"), LEADER, today()))
    before = tree()
    return cases, replace(before, strengths={**before.strengths, **strengths})


def on(day: int, grown: Tree) -> Today:
    return today(august(day), tree=grown, register=Register("长委", 2011, first=44))


def replied(count: int, units: int = 1) -> tuple[list[Case], Tree]:
    """Decided by 长委〔2011〕44号 on 12 August, and the tree after it."""
    cases, before = factories(count, units)
    after = apply_jointly(cases, REPLY, SECRETARY, on(12, before))
    return list(after), apply_all(before, joint_effects(after, before))


def refused(cases: list[Case], act: Take, asked: Today, **more: Any) -> set[str]:
    with pytest.raises(InputError) as caught:
        apply_jointly(cases, act, SECRETARY, asked, **more)
    return {each.code for each in caught.value.findings}


@pytest.mark.clause("5.2", "4.3", "A3")
def test_each_case_gets_the_one_number_and_the_tree_all_organizations() -> None:
    cases, grown = replied(3)
    assert {number(44)} == {serial for case in cases for _, serial in case.serials}
    assert {("c1", "c2", "c3")} == {
        case.reply[1].jointly.cases for case in cases if case.reply and case.reply[1].jointly
    }
    assert {"F1", "F2", "F3"} <= set(grown.on(august(12)).organizations)
    assert {"长委〔2011〕44号"} == {
        entry.operation.basis.document
        for entry in grown.journal
        if getattr(entry.operation, "id", "")[:1] == "F"
    }
    for case in cases:
        written = json.loads(json.dumps([event_to_json(event) for event in case.history]))
        assert case == fold(case.id, map(event_from_json, written))


@pytest.mark.clause("5.2")
def test_afterwards_each_goes_its_own_way() -> None:
    """One is elected and filed while the other still waits for its election."""
    (first, second), _ = replied(2)
    first = apply(first, take("report_result", vote=VOTE), LEADER, today(august(15)))
    first = apply(first, take("reply_result", serial=number(45)), SECRETARY, today(august(16)))
    first = apply(first, take("file", evidence=EVIDENCE), LEADER, today(august(17)))
    assert ("done", "election") == (first.step.id, second.step.id)


@pytest.mark.clause("5.2")
def test_one_that_cannot_be_decided_stops_all_and_is_named() -> None:
    cases, before = factories(3)
    gone = replace(before, strengths={**before.strengths, "w2-1": 1})
    with pytest.raises(InputError) as caught:
        apply_jointly(cases, REPLY, SECRETARY, on(12, gone))
    assert {"关于成立第2厂党支部的请示"} == {each.place.file for each in caught.value.findings}
    assert "procedure.overtaken" in refused(cases, REPLY, on(12, before), versions=[2, 1, 2])
    assert {"procedure.missing"} == refused(cases, replace(REPLY, minutes=None), on(12, before))


@pytest.mark.clause("5.2")
def test_two_that_want_the_same_unit_are_not_decided_together() -> None:
    """Each could be done alone: the tree is asked for both at once."""
    cases, before = factories(2)
    found = cases[1].matter.operations[0]
    assert isinstance(found, Found)
    about = replace(cases[1].matter, roster=cases[0].matter.roster,
                    operations=(replace(found, units=("w1-1",), host="w1-1"),))  # fmt: skip
    other = apply(start("c2", "founding", about, LEADER, today()), take("submit"), LEADER, today())
    assert refused([cases[0], other], REPLY, on(12, before))


def test_what_one_document_is_not_for() -> None:
    """One case, one case twice, another kind of matter, another group, a way without an effect, replies apart."""
    cases, before = factories(2)
    asked = on(12, before)
    assert {"procedure.joint_few"} == refused(cases[:1], REPLY, asked)
    assert {"procedure.joint_few"} == refused([cases[0], cases[0]], REPLY, asked)
    change = apply(
        start("x", "founding", matter(Kind.CHANGE), LEADER, today()), take("submit"), LEADER, today()
    )
    assert "procedure.joint_unlike" in refused([cases[0], change], REPLY, asked)
    theirs = replace(cases[1], matter=replace(cases[1].matter, task_group="G2"))
    assert {"procedure.joint_groups"} == refused([cases[0], theirs], REPLY, asked)
    assert "procedure.joint_unlike" in refused(cases, take("refuse", minutes=MINUTES, reason="不成熟"), asked)
    apart = [
        apply(case, replace(REPLY, serial=number(44 + at)), SECRETARY, today(august(12)))
        for at, case in enumerate(cases)
    ]
    annul = take("annul", reason="手续不全", serial=number(46))
    assert "procedure.joint_replies" in refused(apart, annul, on(13, before))


@pytest.mark.clause("5.2")
def test_annulled_as_a_whole_the_tree_is_as_before() -> None:
    cases, grown = replied(3)
    act = take("annul", reason="手续不全", serial=number(45))
    after = apply_jointly(cases, act, SECRETARY, replace(on(13, grown), register=None))
    deeds = joint_effects(after, grown)
    assert all(isinstance(each, Annul) for each in deeds)
    back = apply_all(grown, deeds)
    assert not {"F1", "F2", "F3"} & set(back.on(august(13)).organizations)
    assert {"annulled"} == {case.step.id for case in after}
    assert {number(45)} == {case.serials[-1][1] for case in after}


@pytest.mark.clause("5.2")
def test_annulled_for_one_the_others_stand() -> None:
    cases, grown = replied(3)
    one = apply(
        cases[1],
        take("annul", reason="手续不全", serial=number(45)),
        SECRETARY,
        today(august(13), tree=grown),
    )
    office = office_of(TOWN, policy())
    (paper,) = papers_of(one, one.history[-1], office, standing_for(one, grown, august(13)))
    assert (
        "关于废止《关于同意成立第1厂党支部等3个党组织的批复》（长委〔2011〕44号）中同意成立第2厂党支部的部分的通知"
        == paper.title.zh
    )


def papers(cases: list[Case], grown: Tree) -> dict[PaperKind, Paper]:
    office = office_of(TOWN, policy())
    standing = standing_for(cases[0], grown, cases[0].day_of(cases[0].history[-1]))
    return {each.kind: each for each in shared_papers(cases, office, standing)}


def said(paper: Paper, lang: str = "zh") -> str:
    words = [block.text for block in paper.blocks if isinstance(block, Heading | Paragraph)]
    return "\n".join(getattr(each, lang) for each in (paper.title, *words))


@pytest.mark.clause("5.2", "A3")
def test_the_reply_names_few_in_its_text() -> None:
    cases, grown = replied(3)
    reply, minutes = papers(cases, grown).values()
    assert "关于同意成立第1厂党支部等3个党组织的批复" == reply.title.zh
    assert "长委〔2011〕44号" == reply.serial
    words = said(reply)
    assert "你们《关于成立第1厂党支部的请示》等3件请示收悉" in words
    for at, mark in ((1, "一"), (2, "二"), (3, "三")):
        assert f"{mark}、同意成立第{at}厂党支部，类型为党支部" in words
    assert "四、请于" in words
    assert () == reply.annexes
    assert all(f"会议同意成立第{at}厂党支部" in said(minutes) for at in (1, 2, 3))
    assert "Reply agreeing to founding 第1厂党支部 and others, 3 organizations" == reply.title.en


@pytest.mark.clause("5.2")
@pytest.mark.parametrize(("count", "units", "annexed"), [(10, 1, 1), (11, 1, 2), (40, 3, 2)])
def test_the_reply_lists_many_in_an_annex(count: int, units: int, annexed: int) -> None:
    """Every organization once, whatever their number; every unit once on the roster."""
    cases, grown = replied(count, units)
    reply = papers(cases, grown)[PaperKind.REPLY]
    assert annexed == len(reply.annexes)
    tables = [annex.blocks[0] for annex in reply.annexes]
    assert all(isinstance(table, Table) for table in tables)
    rows = [table.rows for table in tables if isinstance(table, Table)]
    assert count * units == len({row[2].zh for row in rows[-1]}) == len(rows[-1])
    named = "\n".join(row[1].zh for row in rows[0]) if annexed == 2 else said(reply)
    assert all(f"成立第{at}厂党支部，" in named for at in range(1, count + 1))
    marks = [annex.mark.zh for annex in reply.annexes]
    assert (["附件1", "附件2"] if annexed == 2 else ["附件"]) == marks
    assert all(annex.mark.zh in said(reply) for annex in reply.annexes)
    first = "Agreed: to found 第1厂党支部" if annexed == 1 else "Agreed: founding 第1厂党支部 and others"
    assert first in said(reply, "en")


@pytest.mark.clause("5.2")
def test_each_case_keeps_the_shared_papers_and_a_notice_of_its_own() -> None:
    cases, grown = replied(2)
    shared = tuple(papers(cases, grown).values())
    made = [
        papers_of(
            case, case.history[-1], office_of(TOWN, policy()), standing_for(case, grown, august(12)), shared
        )
        for case in cases
    ]
    assert [[PaperKind.REPLY, PaperKind.MINUTES, PaperKind.NOTICE]] * 2 == [
        [each.kind for each in one] for one in made
    ]
    assert made[0][:2] == made[1][:2] == shared
    assert "第2厂党支部" in made[1][2].title.zh


@pytest.mark.clause("5.2")
@pytest.mark.parametrize("count", [2, 12])
def test_the_annulment_of_the_whole_names_the_reply_and_all_it_takes_back(count: int) -> None:
    cases, grown = replied(count)
    act = take("annul", reason="手续不全", serial=number(45))
    after = list(apply_jointly(cases, act, SECRETARY, replace(on(13, grown), register=None)))
    (paper,) = papers(after, grown).values()
    title = f"《关于同意成立第1厂党支部等{count}个党组织的批复》（长委〔2011〕44号）"
    assert f"关于废止{title}的通知" == paper.title.zh
    annexed = [
        row[1].zh
        for annex in paper.annexes
        for table in annex.blocks
        if isinstance(table, Table)
        for row in table.rows
    ]
    told = said(paper) + "\n".join(annexed)
    assert all(f"成立第{at}厂党支部，" in told for at in range(1, count + 1))
