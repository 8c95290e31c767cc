"""Return, take back, revise, hand over, delegate, ask for an opinion, remind, copy: who, when, and what follows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from tests.procedure.town_office import (
    COUNTY,
    DEPUTY,
    EVIDENCE,
    LEADER,
    LEADING,
    MEMBER,
    MINUTES,
    OFFICE,
    OTHER,
    SECRETARY,
    VOTE,
    august,
    joint,
    number,
    plan,
    replied,
    requested,
    submitted,
    take,
    today,
)

from liangxin.findings import InputError
from liangxin.procedure import (
    Act,
    Actor,
    Answer,
    Case,
    CopyTo,
    Countersign,
    Delegate,
    Delegation,
    HandOver,
    Remind,
    Return,
    Revise,
    Start,
    TakeBack,
    Today,
    Withdraw,
    apply,
    handler,
    judge,
    judge_delegation,
    options,
    start,
    waiting,
)
from liangxin.registry.access import Action

REPLY = take("reply_elect", minutes=MINUTES, serial=number(44))


def codes(case: Case, act: Act, actor: Actor, when: Today | None = None) -> list[str]:
    return [finding.code for finding in judge(case, act, actor, when or today(august(12)))]


# 退回 return


@pytest.mark.clause("5.2")
def test_returned_to_any_step_it_has_passed() -> None:
    """From the committee to the leading group or to the draft; revised there and sent again, with a new time limit."""
    case = apply(submitted(plan(upgrades=1)), take("report"), LEADING, today(august(11)))
    assert ["draft", "leading_group"] == [step.id for step in case.earlier_steps()]
    back = apply(case, Return("draft", "名册不全"), SECRETARY, today(august(12)))
    assert ("draft", None) == (back.step.id, back.due)
    again = apply(back, Revise(plan(upgrades=1, units=3)), LEADER, today(august(13)))
    again = apply(again, take("submit"), LEADER, today(august(15)))
    assert (3, date(2011, 8, 18)) == (again.matter.figures.units, again.due and again.due.on)
    assert (
        "leading_group"
        == apply(case, Return("leading_group", "请复核"), SECRETARY, today(august(12))).step.id
    )


def test_a_return_has_its_reason_and_a_step() -> None:
    """Both missing: both are said."""
    assert ["procedure.words", "procedure.no_return"] == codes(submitted(), Return("carry_out", ""), LEADING)
    assert ["procedure.no_return"] == codes(submitted(), Return("nowhere", "错"), LEADING)


def test_nothing_goes_back_behind_a_reply() -> None:
    """The tree has changed and a number is out: only annulment is left."""
    case = replied()
    assert () == case.earlier_steps()
    assert ["procedure.no_return"] == codes(case, Return("request", "有误"), LEADER)
    assert ["procedure.decided"] == codes(case, Withdraw("有误"), LEADER)


def test_a_reported_result_goes_back_to_the_election() -> None:
    """Behind the reply, but not behind the result."""
    case = apply(replied(), take("report_result", vote=VOTE), LEADER, today(august(13)))
    assert ["election"] == [step.id for step in case.earlier_steps()]
    assert "election" == apply(case, Return("election", "计票有误"), SECRETARY, today(august(14))).step.id


# 撤回 take back


def test_the_initiator_takes_it_back_until_somebody_decides() -> None:
    """To the first step; nobody else can, and before it is sent there is nothing to take back."""
    case = requested()
    assert ["procedure.not_initiator"] == codes(case, Withdraw("有误"), MEMBER)
    assert ["procedure.words"] == codes(case, Withdraw(" "), LEADER)
    back = apply(case, Withdraw("名册要改"), LEADER, today(august(11)))
    assert "request" == back.step.id
    assert ["procedure.not_sent"] == codes(back, Withdraw("再撤"), LEADER)


# 修改 revise


def test_the_matter_is_revised_at_the_first_step_only() -> None:
    """Not another kind, not another group's, and it must hold together."""
    case = start("c1", "founding", joint(), LEADER, today())
    assert [] == codes(case, Revise(replace(joint(), title="新的请示")), MEMBER)
    assert ["procedure.another_matter"] == codes(case, Revise(replace(joint(), task_group="G2")), OFFICE)
    assert ["procedure.title"] == codes(case, Revise(replace(joint(), title="")), LEADER)
    assert ["procedure.not_first_step"] == codes(requested(), Revise(joint()), SECRETARY)
    assert ["procedure.started"] == codes(case, Start("founding", joint()), LEADER)


# 转办 hand over


def test_a_case_handed_over_waits_for_that_person() -> None:
    """By a day of its own; the others with the right are told, and can hand it on so that nobody's absence stops it."""
    case = apply(requested(), HandOver(DEPUTY, august(20)), SECRETARY, today(august(11)))
    assert "deputy" == waiting(case).person
    assert ["procedure.handed_over"] == codes(case, REPLY, SECRETARY)
    assert [] == codes(case, REPLY, DEPUTY)
    case = apply(case, HandOver(SECRETARY, august(20)), SECRETARY, today(august(12)))
    assert [] == codes(case, REPLY, SECRETARY)
    assert None is apply(case, REPLY, SECRETARY, today(august(12))).assignment


@pytest.mark.parametrize(
    ("act", "actor", "code"),
    [
        (HandOver(OFFICE, august(20)), SECRETARY, "procedure.may_not_handle"),
        (HandOver(DEPUTY, august(11)), SECRETARY, "procedure.past"),
        (HandOver(DEPUTY, august(20)), OFFICE, "procedure.not_allowed"),
    ],
)
def test_a_hand_over_that_cannot_be(act: HandOver, actor: Actor, code: str) -> None:
    """To somebody without the right, by a day gone by, or by somebody whose step it is not."""
    assert [code] == codes(requested(), act, actor)


def test_it_is_not_handed_to_whoever_has_it() -> None:
    """That would only look like something done."""
    case = apply(requested(), HandOver(DEPUTY, august(20)), SECRETARY, today(august(11)))
    assert ["procedure.already_with"] == codes(case, HandOver(DEPUTY, august(21)), SECRETARY)


# 委托 delegate


def test_a_delegation_holds_for_its_days() -> None:
    """The leader is away from 12 to 14 August: a member of the group acts in the leader's place then, and not after."""
    case = apply(replied(), Delegate(MEMBER, august(12), august(14)), LEADER, today(august(12)))
    report = take("report_result", vote=VOTE)
    assert [] == codes(case, report, MEMBER, today(august(14)))
    assert ["procedure.not_allowed"] == codes(case, report, MEMBER, today(august(15)))
    assert [] == codes(case, report, LEADER, today(august(13)))  # who delegates keeps the right
    done = apply(case, report, MEMBER, today(august(13)))
    assert ("member", "leader") == (
        done.history[-1].by.person.id,
        done.history[-1].in_place_of and done.history[-1].in_place_of.id,
    )


def test_a_delegation_for_all_cases() -> None:
    """One that the site keeps: the same right, on every case of the giver."""
    standing = (Delegation(LEADER, MEMBER.person, august(10), august(20)),)
    capacity = handler(replied(), MEMBER, august(20), standing)
    assert capacity is not None and LEADER.person == capacity.in_place_of
    assert None is handler(replied(), MEMBER, august(21), standing)
    assert None is handler(replied(), OTHER, august(20), standing)  # who is not named stands in for nobody


def test_a_case_handed_over_is_done_by_the_stand_in() -> None:
    """Handed to the deputy, who is away: whoever stands in for the deputy can go on."""
    case = apply(requested(), HandOver(DEPUTY, august(20)), SECRETARY, today(august(11)))
    standing = (Delegation(DEPUTY, SECRETARY.person, august(11), august(20)),)
    assert [] == codes(case, REPLY, SECRETARY, today(august(12), standing=standing))


@pytest.mark.parametrize(
    ("act", "actor", "expected"),
    [
        (Delegate(MEMBER, august(11), august(14)), LEADER, ["procedure.delegation_days"]),
        (Delegate(MEMBER, august(14), august(13)), LEADER, ["procedure.delegation_days"]),
        (Delegate(LEADER, august(12), august(13)), LEADER, ["procedure.to_oneself"]),
        (Delegate(OTHER, august(12), august(13)), LEADER, ["procedure.may_not_read"]),
        (Delegate(MEMBER, august(12), august(13)), MEMBER, ["procedure.not_allowed", "procedure.to_oneself"]),
    ],
)
def test_a_delegation_that_cannot_be(act: Delegate, actor: Actor, expected: list[str]) -> None:
    """Its days, its persons, and the right that is given on."""
    assert expected == codes(replied(), act, actor)


def test_a_bodys_word_stays_in_the_body() -> None:
    """The committee's decision is delegated within the committee, never to the office."""
    assert ["procedure.collective"] == codes(requested(), Delegate(OFFICE, august(12), august(13)), SECRETARY)
    assert [] == codes(requested(), Delegate(DEPUTY, august(12), august(13)), SECRETARY)
    findings = judge_delegation(LEADING, OFFICE, august(12), august(13), august(12), "G1")
    assert ["procedure.collective"] == [finding.code for finding in findings]


# 加签 opinion


def test_the_case_waits_for_the_opinion() -> None:
    """Until the answer, nobody goes on with it; afterwards it is where it was, and the opinion is in the log."""
    case = apply(requested(), Countersign(OFFICE, august(15), "名册是否属实"), SECRETARY, today(august(11)))
    assert ("office",) == waiting(case).asked
    assert ["procedure.waits_for_opinion"] == codes(case, REPLY, SECRETARY)
    assert ["procedure.not_asked"] == codes(case, Answer(True, "属实"), LEADER)
    assert ["procedure.words"] == codes(case, Answer(True, ""), OFFICE)
    case = apply(case, Answer(True, "属实"), OFFICE, today(august(12)))
    assert [] == codes(case, REPLY, SECRETARY)
    assert Answer(True, "属实") == case.history[-1].act


def test_a_question_is_taken_back() -> None:
    """So that an opinion that never comes does not stop the case."""
    case = apply(requested(), Countersign(OFFICE, august(15), "请核"), SECRETARY, today(august(11)))
    assert ["procedure.words", "procedure.no_question"] == codes(case, TakeBack("leader", ""), SECRETARY)
    case = apply(case, TakeBack("office", "已另行核实"), DEPUTY, today(august(12)))
    assert [] == codes(case, REPLY, SECRETARY)
    assert ["procedure.not_asked"] == codes(case, Answer(True, "属实"), OFFICE)


def test_a_return_ends_the_questions() -> None:
    """What is returned is not waited for."""
    case = apply(requested(), Countersign(OFFICE, august(15), "请核"), SECRETARY, today(august(11)))
    assert () == apply(case, Return("request", "先改"), SECRETARY, today(august(12))).questions


@pytest.mark.parametrize(
    ("act", "code"),
    [
        (Countersign(OFFICE, august(15), " "), "procedure.words"),
        (Countersign(OFFICE, august(11), "请核"), "procedure.past"),
        (Countersign(COUNTY, august(15), "请核"), "procedure.may_not_read"),
        (Countersign(SECRETARY, august(15), "请核"), "procedure.to_oneself"),
    ],
)
def test_a_question_that_cannot_be(act: Countersign, code: str) -> None:
    """Without words, by a day gone by, to somebody who may not read the units, or to oneself."""
    assert [code] == codes(requested(), act, SECRETARY)


def test_nobody_is_asked_twice() -> None:
    """One open question for each person."""
    case = apply(requested(), Countersign(OFFICE, august(15), "请核"), SECRETARY, today(august(11)))
    assert ["procedure.asked_already"] == codes(case, Countersign(OFFICE, august(16), "再核"), SECRETARY)


# 催办、抄送 remind, copy


def test_those_who_had_it_can_remind_and_copy() -> None:
    """The initiator can; another group, or the office that never had it, cannot."""
    remind, copy = Remind(august(20)), CopyTo((OFFICE,))
    assert [] == codes(requested(), remind, LEADER) + codes(requested(), copy, LEADER)
    assert ["procedure.not_involved"] == codes(requested(), remind, OFFICE)
    assert ["procedure.not_involved"] == codes(requested(), CopyTo((LEADER,)), OTHER)
    assert ["procedure.past"] == codes(requested(), Remind(august(11)), LEADER)
    case = apply(requested(), copy, LEADER, today(august(11)))
    assert (OFFICE.person,) == apply(case, copy, LEADER, today(august(11))).copies  # once, however often sent


def test_a_copy_goes_to_readers_of_the_units_only() -> None:
    """Nobody sees a roster by being copied in."""
    assert ["procedure.may_not_read", "procedure.may_not_read"] == codes(
        requested(), CopyTo((OTHER, COUNTY)), LEADER
    )
    assert ["procedure.nobody"] == codes(requested(), CopyTo(()), LEADER)


# For every act


def test_somebody_was_first() -> None:
    """Two approve at once: the second is told who was first and when, and nothing else."""
    seen = submitted()
    first = apply(seen, take("approve"), LEADING, today(august(11)), version=seen.version)
    with pytest.raises(InputError) as refused:
        apply(first, take("approve"), LEADING, today(august(11)), version=seen.version)
    (finding,) = refused.value.findings
    assert "procedure.overtaken" == finding.code
    assert "领导小组已于2011-08-11先办了（现在是“推进组实施”），请重新打开再看" == finding.message.zh


def test_days_run_forward() -> None:
    """An act is not entered before the last one, and a document lies between the step's first day and today."""
    case = replied()
    assert ["procedure.earlier"] == codes(case, take("file"), LEADER, today(august(11)))
    early = take("report_result", on=august(11), vote=None)
    assert "procedure.document_day" in codes(case, early, LEADER, today(august(13)))
    late = take("report_result", on=august(14), vote=None)
    assert "procedure.document_day" in codes(case, late, LEADER, today(august(13)))


def test_the_document_of_an_earlier_day() -> None:
    """Entered on Monday, decided on Friday: the time limit and the tree follow the document."""
    case = apply(requested(), replace(REPLY, on=august(12)), SECRETARY, today(august(15)))
    assert (august(12), date(2011, 9, 12)) == (case.since, case.due and case.due.on)


def test_no_way_from_here() -> None:
    """The ways that are open are named."""
    (finding,) = judge(requested(), take("file", evidence=EVIDENCE), OFFICE, today(august(12)))
    assert "procedure.no_such_way" == finding.code
    assert "批复同意，组织选举、研究不同意" == (finding.accepted and finding.accepted.zh)


@pytest.mark.parametrize(
    "act",
    [
        Return("request", "错"),
        Withdraw("错"),
        HandOver(DEPUTY, august(20)),
        Delegate(DEPUTY, august(13), august(14)),
        Countersign(OFFICE, august(20), "请核"),
        TakeBack("office", "错"),
        Remind(august(20)),
        Revise(joint()),
    ],
    ids=lambda act: type(act).__name__,
)
def test_a_closed_case_stays_closed(act: Act) -> None:
    """Refused is refused: another case can be begun."""
    refuse = take("refuse", minutes=MINUTES, reason="不成熟")
    case = apply(requested(), refuse, SECRETARY, today(august(12)))
    assert "procedure.closed" in codes(case, act, SECRETARY)


# What is offered


@pytest.mark.parametrize("case", [submitted(), requested(), replied()], ids=["plan", "request", "replied"])
@pytest.mark.parametrize(
    "actor", [LEADER, MEMBER, OFFICE, LEADING, SECRETARY, OTHER, COUNTY], ids=lambda a: a.person.id
)
def test_only_what_can_be_done_is_offered(case: Case, actor: Actor) -> None:
    """No button ends in "you may not": what is offered is refused at most for what is still missing."""
    offered = options(case, actor, today(august(12)))
    rights = {"procedure.not_allowed", "procedure.handed_over", "procedure.not_involved", "procedure.guard", "procedure.closed",
              "procedure.no_return", "procedure.not_initiator", "procedure.decided", "procedure.not_asked"}  # fmt: skip
    other = DEPUTY if actor.may(Action.DECIDE, "G1") else OFFICE
    acts: list[tuple[bool, Act]] = [
        *((way in offered.ways, take(way.id)) for way in case.procedure.from_step(case.step.id)),
        *((step in offered.returns, Return(step.id, "错")) for step in case.earlier_steps()),
        (offered.withdraw, Withdraw("错")),
        (offered.hand_over, HandOver(other, august(20))),
        (offered.delegate, Delegate(other, august(13), august(14))),
        (offered.countersign, Countersign(other, august(20), "请核")),
        (offered.answer, Answer(True, "属实")),
        (offered.remind, Remind(august(20))),
        (offered.copy_to, CopyTo((OFFICE,))),
    ]
    for is_offered, act in acts:
        assert is_offered is not bool(rights & set(codes(case, act, actor))), act
