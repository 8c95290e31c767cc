"""The plan's procedure (5.2): group, leading group, town committee for important matters, reply, carrying out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from tests.procedure.town_office import (
    EVERYBODY,
    EVIDENCE,
    LEADER,
    LEADING,
    MEMBER,
    MINUTES,
    SECRETARY,
    august,
    number,
    plan,
    policy,
    submitted,
    take,
    today,
)

from liangxin.policy import read_policy
from liangxin.policy.model import ProcedureRules
from liangxin.procedure import Actor, Case, Take, apply, important, judge, start


@pytest.mark.clause("5.2")
def test_an_ordinary_plan_ends_with_the_leading_group() -> None:
    """Approved within 3 working days, carried out by the group with evidence."""
    case = submitted()
    assert ("leading_group", date(2011, 8, 15)) == (case.step.id, case.due and case.due.on)  # over a weekend
    case = apply(case, take("approve"), LEADING, today(august(12)))
    assert ("carry_out", date(2011, 9, 11)) == (case.step.id, case.due and case.due.on)
    assert ["procedure.missing"] == [
        finding.code for finding in judge(case, take("finish"), LEADER, today(august(20)))
    ]
    case = apply(case, take("finish", evidence=EVIDENCE), LEADER, today(august(20)))
    assert ("done", True) == (case.step.id, case.closed)


@pytest.mark.clause("5.2")
@pytest.mark.parametrize(
    ("figures", "reasons"),
    [
        ({}, []),
        ({"units": 99}, []),
        ({"units": 100}, ["many_units"]),
        ({"general_branches": 1}, ["general_branch"]),
        ({"upgrades": 1, "dissolved": 2}, ["upgrade", "dissolving"]),
        ({"required_left_out": 1}, ["left_out"]),
        ({"conflicts": 5, "organizations": 30}, []),
    ],
)
def test_what_is_important(figures: dict[str, int], reasons: list[str]) -> None:
    """By the policy's list; the leading group cannot approve such a plan by itself, and must not report the others."""
    about = plan(**figures)
    assert reasons == [each.id for each in important(about, policy())]
    case = submitted(about)
    codes = [finding.code for finding in judge(case, take("approve"), LEADING, today(august(11)))]
    assert (["procedure.guard"] if reasons else []) == codes
    codes = [finding.code for finding in judge(case, take("report"), LEADING, today(august(11)))]
    assert ([] if reasons else ["procedure.guard"]) == codes


def test_a_policy_without_a_list_calls_nothing_important() -> None:
    """A county may leave it all to the leading group."""
    assert () == important(plan(units=500, upgrades=3), replace(policy(), procedure=ProcedureRules()))


def test_what_cannot_be_decided_goes_to_the_committee(tmp_path: Path) -> None:
    """A county's rule about the share of conflicts, and a plan whose units are not counted yet."""
    path = tmp_path / "county.yaml"
    path.write_text(
        """format: liangxin.policy/1
id: county
based_on: changle-2011-44
title: {zh: 县, en: county}
issued_on: 2011-08-09
procedure:
  important:
    share: {clause: "5.2", label: {zh: 矛盾多, en: Many conflicts}, when: plan_conflicts / plan_units > 0.2}
""",
        encoding="utf-8",
    )
    county = read_policy(path, as_of=august(10))
    assert ["share"] == [each.id for each in important(plan(units=0), county)]
    assert [] == [each.id for each in important(plan(units=10, conflicts=2), county)]
    assert ["share"] == [each.id for each in important(plan(units=10, conflicts=3), county)]


@pytest.mark.clause("5.2")
def test_an_important_plan_goes_to_the_committee() -> None:
    """Reported, replied to with minutes and number, carried out by the group."""
    case = apply(submitted(plan(upgrades=1)), take("report"), LEADING, today(august(11)))
    assert ("committee", date(2011, 9, 11)) == (case.step.id, case.due and case.due.on)
    reply = take("reply", minutes=MINUTES, serial=number(44))
    case = apply(case, reply, SECRETARY, today(august(12)))
    assert ("carry_out", ("reply", number(44))) == (case.step.id, case.serials[0])


@pytest.mark.clause("5.2")
def test_the_leading_group_may_refer_any_plan() -> None:
    """One that is not on the list too, with a reason."""
    refer = take("report_anyway")
    case = submitted()
    assert ["procedure.missing"] == [f.code for f in judge(case, refer, LEADING, today(august(11)))]
    assert "committee" == apply(case, replace(refer, reason="涉及面广"), LEADING, today(august(11))).step.id


@pytest.mark.parametrize(
    ("way", "actor"), [("reject", LEADING), ("refuse", SECRETARY)], ids=["leading_group", "committee"]
)
def test_a_refusal_has_its_reason(way: str, actor: Actor) -> None:
    """Refused by either body, the case is closed."""
    case = submitted(plan(upgrades=1))
    if way == "refuse":
        case = apply(case, take("report"), LEADING, today(august(11)))
    act = take(way, minutes=MINUTES)
    assert ["procedure.missing"] == [f.code for f in judge(case, act, actor, today(august(12)))]
    assert "refused" == apply(case, replace(act, reason="依据不足"), actor, today(august(12))).step.id


def test_an_approved_plan_is_annulled_by_a_later_document() -> None:
    """Also when it is done; the log keeps everything."""
    case = apply(submitted(), take("approve"), LEADING, today(august(12)))
    case = apply(case, take("finish", evidence=EVIDENCE), LEADER, today(august(20)))
    annul = take("annul", reason="方案重做", serial=number(60))
    case = apply(case, annul, SECRETARY, today(august(25)))
    assert ("annulled", 5) == (case.step.id, len(case.history))


def test_a_draft_is_given_up() -> None:
    """With a reason; nothing follows."""
    case = start("p1", "plan_approval", plan(), MEMBER, today())
    case = apply(case, take("give_up", reason="重复"), LEADER, today())
    assert ("given_up", True) == (case.step.id, case.closed)


def test_a_plan_without_units_is_not_submitted() -> None:
    """The roster is what is approved."""
    case = start("p1", "plan_approval", replace(plan(), roster=()), LEADER, today())
    assert ["还缺：单位名册"] == [f.message.zh for f in judge(case, take("submit"), LEADER, today())]


def cases() -> dict[str, Case]:
    important_one = submitted(plan(upgrades=1))
    return {
        "submit": start("p1", "plan_approval", plan(), LEADER, today()),
        "give_up": start("p1", "plan_approval", plan(), LEADER, today()),
        "approve": submitted(),
        "report": important_one,
        "report_anyway": submitted(),
        "reject": submitted(),
        "reply": apply(important_one, take("report"), LEADING, today(august(11))),
        "refuse": apply(important_one, take("report"), LEADING, today(august(11))),
        "finish": apply(submitted(), take("approve"), LEADING, today(august(11))),
        "annul": apply(submitted(), take("approve"), LEADING, today(august(11))),
    }


@pytest.mark.clause("5.2")
@pytest.mark.parametrize("actor", EVERYBODY, ids=lambda actor: actor.person.id)
@pytest.mark.parametrize(
    ("way", "allowed"),
    [
        ("submit", {"leader", "member", "office"}),
        ("give_up", {"leader", "member", "office"}),
        ("approve", {"leading"}),
        ("report", {"leading"}),
        ("report_anyway", {"leading"}),
        ("reject", {"leading"}),
        ("reply", {"secretary"}),
        ("refuse", {"secretary"}),
        ("finish", {"leader", "office"}),
        ("annul", {"secretary"}),
    ],
)
def test_who_may_do_what(actor: Actor, way: str, allowed: set[str]) -> None:
    """Each transition by each role; whoever may not is told whose step it is."""
    act = Take(transition=way, reason="理由", minutes=MINUTES, serial=number(44), evidence=EVIDENCE)
    codes = [finding.code for finding in judge(cases()[way], act, actor, today(august(12)))]
    assert ([] if actor.person.id in allowed else ["procedure.not_allowed"]) == codes


def test_the_refusal_names_the_roles() -> None:
    """In both languages."""
    (finding,) = judge(submitted(), take("approve"), LEADER, today(august(11)))
    assert "“领导小组审批”由领导小组办理，您没有这项权限" == finding.message.zh
    assert (
        "“the leading group considers” is for leading group; you do not have this right" == finding.message.en
    )
