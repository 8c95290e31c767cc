"""A small town office for the tests of this room: its people, its tree, its policy, and matters of each kind."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

from liangxin.policy import Policy, load_policy
from liangxin.procedure import (
    Actor,
    Case,
    Evidence,
    Kind,
    Matter,
    Minutes,
    Person,
    PlanFigures,
    Register,
    RosterLine,
    Serial,
    Take,
    Today,
    Vote,
    apply,
    start,
)
from liangxin.registry.access import Grant, Role
from liangxin.structure import (
    Adjust,
    Attach,
    Dissolve,
    Found,
    Merge,
    Operation,
    Record,
    SplitOff,
    Transfer,
    Tree,
    Upgrade,
    apply_all,
)

DAY = date(2011, 8, 10)


def august(day: int) -> date:
    return date(2011, 8, day)


@cache
def policy(name: str = "changle-2011-44", as_of: date = DAY) -> Policy:
    return load_policy(name, as_of=as_of)


def person(id: str, name: str, *grants: Grant) -> Actor:
    return Actor(Person(id, name), grants)


LEADER = person("leader", "第一组组长", Grant(Role.GROUP_LEADER, "G1"))
MEMBER = person("member", "第一组成员", Grant(Role.GROUP_MEMBER, "G1"))
OTHER = person("other", "第二组组长", Grant(Role.GROUP_LEADER, "G2"))
OFFICE = person("office", "组织办", Grant(Role.OFFICE))
LEADING = person("leading", "领导小组", Grant(Role.LEADING_GROUP))
SECRETARY = person("secretary", "镇党委书记", Grant(Role.COMMITTEE))
DEPUTY = person("deputy", "镇党委副书记", Grant(Role.COMMITTEE))
COUNTY = person("county", "县级", Grant(Role.COUNTY_READER))
ADMINISTRATOR = person("administrator", "管理员", Grant(Role.ADMINISTRATOR))
EVERYBODY = (LEADER, MEMBER, OTHER, OFFICE, LEADING, SECRETARY, COUNTY, ADMINISTRATOR)


def today(day: date = DAY, **more: Any) -> Today:
    return Today(day, more.pop("policy", policy()), **more)


def tree() -> Tree:
    """A committee over a general branch; a park's joint branch J0 of u7, u8, u9; two branches B1 and B2."""
    strengths: dict[str, int | None] = {
        "u1": 2,
        "u2": 1,
        "u3": 1,
        "u4": 3,
        "u5": 1,
        "u7": 2,
        "u8": 1,
        "u9": 3,
    }
    old = date(2009, 7, 1)
    return apply_all(
        Tree(strengths),
        [
            Record(on=None, id="T", name="中共长乐镇委员会", type="party_committee", parent=None),
            Record(on=old, id="A", name="第一工作片党总支", type="general_branch", parent="T"),
            Record(
                on=old,
                id="J0",
                name="园区联合党支部",
                type="joint_branch",
                form="park",
                parent="A",
                units=("u7", "u8", "u9"),
            ),
            Record(
                on=old, id="B1", name="甲厂党支部", type="branch", form="separate", parent="A", units=("u4",)
            ),
            Record(
                on=old, id="B2", name="乙厂党支部", type="branch", form="village", parent="A", units=("u5",)
            ),
        ],
    )


def joint() -> Matter:
    """成立: three units, u1 the lead unit; u2 and u3 have signed."""
    return Matter(
        Kind.FOUND,
        "关于成立东片联合党支部的请示",
        "G1",
        (
            RosterLine("u1", "长乐电机厂", 2, 0, host=True),
            RosterLine("u2", "长乐五金厂", 1, 0, commitment_on=august(8)),
            RosterLine("u3", "长乐丝绸厂", 1, 1, commitment_on=august(9)),
        ),
        "J",
        (
            Found(
                on=DAY,
                id="J",
                name="东片联合党支部",
                type="joint_branch",
                form="park",
                host="u1",
                parent="A",
                units=("u1", "u2", "u3"),
            ),
        ),
    )


def matter(kind: Kind) -> Matter:
    """One of each kind that the tree above allows."""
    if kind is Kind.FOUND:
        return joint()
    if kind is Kind.PLAN:
        return plan()
    u9 = RosterLine("u9", "长乐机械厂", 3)
    operations: dict[Kind, tuple[Operation, ...]] = {
        Kind.CHANGE: (Adjust(on=DAY, organization="J0", name="园区第一联合党支部"),),
        Kind.SPLIT_OFF: (SplitOff(on=DAY, units=("u9",), id="S", name="机械厂党支部", host="u9"),),
        Kind.UPGRADE: (Upgrade(on=DAY, organization="J0", type="joint_general_branch"),),
        Kind.MERGE: (Merge(on=DAY, organizations=("B2",), into="B1"),),
        Kind.DISSOLVE: (Dissolve(on=DAY, organization="B2", heir="A"),),
        Kind.TRANSFER: (Transfer(on=DAY, organization="B1", parent="T"),),
    }
    roster = (u9,) if kind is Kind.SPLIT_OFF else ()
    return Matter(kind, f"关于{kind.label.zh}的请示", "G1", roster, "J0", operations[kind])


def attachment() -> Matter:
    """挂靠: u1 comes under B2."""
    return Matter(
        Kind.TRANSFER,
        "关于长乐电机厂挂靠乙厂党支部的请示",
        "G1",
        (RosterLine("u1", "长乐电机厂", 2, commitment_on=august(9)),),
        "B2",
        (Attach(on=DAY, units=("u1",), to="B2"),),
    )


def plan(**figures: int) -> Matter:
    lines = (RosterLine("u1", "长乐电机厂", 2), RosterLine("u2", "长乐五金厂", 1))
    return Matter(Kind.PLAN, "第一组组建方案", "G1", lines, figures=PlanFigures(**{"units": 2, **figures}))


MINUTES = Minutes(august(11), entitled=9, present=8, in_favour=8)
EVIDENCE = (Evidence("会议照片.pdf", "0" * 64),)
VOTE = Vote(august(12), entitled=4, present=4, seats=1, votes=(4,))
FAILED = replace(VOTE, votes=(2,))


def number(of: int) -> Serial:
    return Serial("长委", 2011, of)


def take(transition: str, **more: Any) -> Take:
    return Take(transition=transition, **more)


def requested(about: Matter | None = None) -> Case:
    """A founding case whose request was sent on 10 August."""
    case = start("c1", "founding", about or joint(), LEADER, today())
    return apply(case, take("submit"), LEADER, today())


def replied(about: Matter | None = None) -> Case:
    """Replied to on 12 August by 长委〔2011〕44号; an election follows."""
    reply = take("reply_elect", minutes=MINUTES, serial=number(44))
    return apply(requested(about), reply, SECRETARY, today(august(12)))


def submitted(about: Matter | None = None) -> Case:
    """A plan that was submitted to the leading group on 10 August."""
    case = start("p1", "plan_approval", about or plan(), LEADER, today())
    return apply(case, take("submit"), LEADER, today())


def register(*, first: int = 44) -> Register:
    return Register("长委", 2011, first=first)
