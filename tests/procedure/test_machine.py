"""Both procedures as state machines: any people do anything at any time, and what is promised holds throughout.

A small town keeps cases, one tree and one register of numbers. Every accepted act writes all three as the site does, in one
step; every refused act leaves them as they were.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from tests.procedure.town_office import (
    DAY,
    DEPUTY,
    EVERYBODY,
    EVIDENCE,
    LEADER,
    LEADING,
    MEMBER,
    OFFICE,
    SECRETARY,
    plan,
    policy,
    register,
    tree,
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
    HandOver,
    Kind,
    Leadership,
    Matter,
    Minutes,
    Remind,
    Return,
    Revise,
    RosterLine,
    TakeBack,
    Today,
    Vote,
    Withdraw,
    annulments,
    apply,
    apply_jointly,
    event_from_json,
    event_to_json,
    fold,
    joint_effects,
    judge,
    options,
    performed,
    start,
    to_do,
    waiting,
)
from liangxin.procedure.acts import Take
from liangxin.registry.access import Action
from liangxin.structure import (
    Adjust,
    Attach,
    Dissolve,
    Found,
    Merge,
    Operation,
    SplitOff,
    Transfer,
    Tree,
    Upgrade,
    apply_all,
)

PEOPLE = (*EVERYBODY, DEPUTY)
MOST_ORGANIZATIONS = 6


def checked(grown: Tree, case_days: list[Any]) -> None:
    """On each day something happened: one root, every parent stands, no cycle, a unit in one organization only."""
    for day in case_days:
        stands = grown.on(day)
        assert 1 == sum(each.parent is None for each in stands.organizations.values())
        for each in stands.organizations.values():
            assert each.parent is None or each.parent in stands.organizations
            assert each.id not in [above.id for above in stands.ancestors(each.id)]
        held = [unit for each in stands.organizations.values() for unit in each.units]
        assert len(held) == len(set(held))


class Office(RuleBasedStateMachine):
    """Cases of both families, begun, worked on and annulled by everybody."""

    @initialize(data=st.data())
    def open(self, data: st.DataObject) -> None:
        self.day = DAY
        self.tree = tree()
        self.register = register()
        self.cases: dict[str, Case] = {}
        self.versions: dict[str, int] = {}
        self.numbers: list[int] = []
        self.begun = 0
        for _ in range(3):
            self.begin_one(self.matter(data), LEADER)
        for _ in range(data.draw(st.sampled_from((0, 2, 3)))):
            self.send_one_alike()

    def send_one_alike(self) -> None:
        """A request that several of which can be decided by one reply: a general branch, with no unit of its own yet."""
        new = f"N{self.begun + 1}"
        found = Found(on=DAY, id=new, name=new, type="general_branch", parent="T")
        self.begin_one(Matter(Kind.FOUND, f"成立{new}", "G1", organization=new, operations=(found,)), LEADER)
        self.do(self.cases[f"c{self.begun}"], Take(transition="submit"), LEADER)

    # What can be asked for

    def ids(self) -> list[str]:
        return [id for id in sorted(self.tree.on(self.day).organizations) if id != "T"]

    def operations(self, kind: Kind, data: st.DataObject, units: tuple[str, ...]) -> tuple[Operation, ...]:
        one = st.sampled_from(self.ids())
        id, other, new = data.draw(one), data.draw(one), f"N{self.begun}"
        type_ = data.draw(st.sampled_from(("branch", "joint_branch", "group", "general_branch")))
        match kind:
            case Kind.FOUND:
                return (Found(on=DAY, id=new, name=new, type=type_, form="village", parent=id, units=units),)
            case Kind.SPLIT_OFF:
                return (SplitOff(on=DAY, units=units, id=new, name=new, form="village"),)
            case Kind.CHANGE:
                return (Adjust(on=DAY, organization=id, name=new), Adjust(on=DAY, organization=id, area="P1"))
            case Kind.UPGRADE:
                return (Upgrade(on=DAY, organization=id, type="general_branch"),)
            case Kind.MERGE:
                return (Merge(on=DAY, organizations=(id,), into=other),)
            case Kind.DISSOLVE:
                return (Dissolve(on=DAY, organization=id, heir=data.draw(st.sampled_from((other, None)))),)
            case _:
                return (
                    (Transfer(on=DAY, organization=id, parent=other),)
                    if data.draw(st.booleans())
                    else (Attach(on=DAY, units=units, to=id),)
                )

    def matter(self, data: st.DataObject) -> Matter:
        kind = data.draw(st.sampled_from((Kind.FOUND, Kind.SPLIT_OFF, *Kind)))
        if kind is Kind.PLAN:
            return plan(units=data.draw(st.sampled_from((2, 100))), upgrades=data.draw(st.integers(0, 1)))
        units = tuple(
            data.draw(
                st.lists(
                    st.sampled_from([f"u{n}" for n in range(1, 10)]), min_size=1, max_size=3, unique=True
                )
            )
        )
        operations = self.operations(kind, data, units)
        named = any(isinstance(each, Found | SplitOff | Attach) for each in operations)
        signed = data.draw(st.sampled_from((True, True, True, False)))
        lines = (
            tuple(RosterLine(unit, unit, 3, commitment_on=DAY if signed else None) for unit in units)
            if named
            else ()
        )
        leadership = data.draw(st.sampled_from((Leadership.ELECTED, *Leadership)))
        return Matter(kind, f"第{self.begun}件", "G1", lines, operations=operations, leadership=leadership)

    # What people do

    def today(self) -> Today:
        return Today(self.day, policy(), register=self.register, tree=self.tree)

    @precondition(lambda self: len(self.cases) < MOST_ORGANIZATIONS)
    @rule(data=st.data(), actor=st.sampled_from((LEADER, MEMBER, OFFICE, SECRETARY)))
    def begin(self, data: st.DataObject, actor: Actor) -> None:
        self.begin_one(self.matter(data), actor)

    def begin_one(self, about: Matter, actor: Actor) -> None:
        self.begun += 1
        family = "plan_approval" if about.kind is Kind.PLAN else "founding"
        try:
            case = start(f"c{self.begun}", family, about, actor, self.today())
        except InputError:
            assert not actor.may(Action.PROPOSE, "G1")
            return
        self.cases[case.id] = case

    @rule(days=st.integers(1, 5))
    def time_passes(self, days: int) -> None:
        """Within the year: a register is of one."""
        self.day = min(self.day + timedelta(days=days), date(2011, 12, 31))

    def open_cases(self) -> list[str]:
        return sorted(id for id, case in self.cases.items() if not case.closed) or sorted(self.cases)

    @precondition(lambda self: self.cases)
    @rule(data=st.data(), right=st.booleans())
    def anything(self, data: st.DataObject, right: bool) -> None:
        """Anything but a transition, mostly by somebody who has the case in hand or began it."""
        case = self.cases[data.draw(st.sampled_from(self.open_cases()))]
        able = [
            actor for actor in PEOPLE if case.step.action is not None and actor.may(case.step.action, "G1")
        ]
        begun = [actor for actor in PEOPLE if actor.person == case.initiator]
        asked = [question.to for question in case.questions]
        actor = data.draw(st.sampled_from([*able, *begun, *asked] if right else PEOPLE))
        to = data.draw(st.sampled_from([*able, OFFICE, MEMBER] if right else PEOPLE))
        later = self.day + timedelta(days=data.draw(st.integers(0 if right else -1, 9)))
        back = (
            case.earlier_steps() if right and case.earlier_steps() else tuple(case.procedure.steps.values())
        )
        acts: list[Act] = [
            Return(data.draw(st.sampled_from(back)).id, "退"),
            Withdraw("撤"),
            Revise(case.matter),
            HandOver(to, later),
            Delegate(to, self.day, later),
            Countersign(to, later, "问"),
            Answer(True, "可"),
            TakeBack((asked or [to])[0].person.id, "收"),
            Remind(later),
            CopyTo((to,)),
        ]
        self.do(case, data.draw(st.sampled_from(acts)), actor)

    @precondition(lambda self: self.cases)
    @rule(data=st.data(), fills=st.sampled_from((True, True, False)))
    def go_on(self, data: st.DataObject, fills: bool) -> None:
        """Somebody who may takes a transition, with all that it needs."""
        case = self.cases[data.draw(st.sampled_from(self.open_cases()))]
        offers = [(actor, way) for actor in PEOPLE for way in options(case, actor, self.today()).ways]
        onward = [each for each in offers if not case.procedure.steps[each[1].target].final]
        if offers:
            actor, way = data.draw(st.sampled_from(4 * onward + offers))
            self.do(case, self.filled(case, way.id, fills), actor)

    @precondition(lambda self: self.cases)
    @rule(data=st.data(), actor=st.sampled_from(PEOPLE), fills=st.booleans())
    def try_anyway(self, data: st.DataObject, actor: Actor, fills: bool) -> None:
        """Anybody tries any transition from anywhere."""
        case = self.cases[data.draw(st.sampled_from(sorted(self.cases)))]
        self.do(
            case,
            self.filled(case, data.draw(st.sampled_from(list(case.procedure.transitions))), fills),
            actor,
        )

    @precondition(lambda self: len(self.alike()) > 1)
    @rule(data=st.data(), actor=st.sampled_from((SECRETARY, SECRETARY, DEPUTY, OFFICE)))
    def decide_several(self, data: st.DataObject, actor: Actor) -> None:
        """One reply for several that wait for it, or one annulment of the whole of an earlier one."""
        transition, ids = data.draw(st.sampled_from(self.alike()[1:]))
        cases = [self.cases[id] for id in ids]
        act = replace(filled(cases[0], transition, self.register.next, self.day), vote=None)
        before = (self.tree, self.register, dict(self.cases))
        try:
            after = apply_jointly(cases, act, actor, self.today())
        except InputError as refused:
            assert refused.findings
            assert before == (self.tree, self.register, self.cases)
            return
        self.tree = apply_all(self.tree, joint_effects(after, self.tree))
        self.register, serial = self.register.issue(self.day, case=ids[0], what=transition)
        self.numbers.append(serial.number)
        self.cases |= {case.id: case for case in after}

    def alike(self) -> list[tuple[str, list[str]]]:
        """The transitions that several cases could take together; first none, so that there is always one to draw."""
        found: dict[tuple[str, str], list[str]] = {}
        for id, case in sorted(self.cases.items()):
            for way in case.procedure.from_step(case.step.id):
                shared = case.reply[1].jointly if case.reply is not None else None
                key = f"{shared.cases}" if way.effect == "annul" and shared else case.matter.kind.value
                if way.effect == "perform" or (way.effect == "annul" and shared):
                    found.setdefault((way.id, key), []).append(id)
        return [("", []), *((way, ids) for (way, _), ids in sorted(found.items()) if len(ids) > 1)]

    def filled(self, case: Case, transition: str, fills: bool) -> Take:
        return filled(case, transition, self.register.next, self.day, fills=fills)

    def do(self, case: Case, act: Act, actor: Actor) -> None:
        """As the site does it: case, tree and register together, or nothing."""
        findings = judge(case, act, actor, self.today())
        try:
            after = apply(case, act, actor, self.today())
        except InputError as refused:
            assert tuple(findings) == refused.findings and findings
            return
        assert () == findings
        assert case.version + 1 == after.version == len(after.history)
        if isinstance(act, Take):
            way = case.procedure.transitions[act.transition]
            if way.effect == "perform":
                self.tree = apply_all(self.tree, performed(after))
            elif way.effect == "annul":
                assert act.serial is not None
                self.tree = apply_all(
                    self.tree, annulments(after, self.tree, act.serial, self.day, act.reason)
                )
            if act.serial is not None:
                self.register, serial = self.register.issue(
                    self.day, case=case.id, what=way.paper, number=act.serial.number
                )
                self.numbers.append(serial.number)
        self.cases[case.id] = after

    # What holds throughout

    @invariant()
    def no_number_twice_and_none_left_out(self) -> None:
        assert list(range(44, 44 + len(self.numbers))) == sorted(self.numbers)
        told: dict[int, set[tuple[str, ...]]] = {}
        for case in self.cases.values():
            for _, act in case.taken():
                if act.serial is not None:
                    cases = act.jointly.cases if act.jointly is not None else (case.id,)
                    assert case.id in cases
                    told.setdefault(act.serial.number, set()).add(cases)
        assert sorted(told) == sorted(self.numbers)
        assert all(len(documents) == 1 for documents in told.values()), "a number is of one document"

    @invariant()
    def the_tree_is_valid_on_every_day(self) -> None:
        checked(self.tree, [*self.tree.days_of_change(), self.day])

    @invariant()
    def nothing_in_a_log_is_lost(self) -> None:
        """Versions only grow, and a log sent through JSON gives the same case."""
        for id, case in self.cases.items():
            assert self.versions.get(id, 0) <= case.version
            self.versions[id] = case.version
            assert list(range(1, case.version + 1)) == [event.number for event in case.history]
            written = json.loads(json.dumps([event_to_json(event) for event in case.history]))
            assert case == fold(id, map(event_from_json, written))

    @invariant()
    def every_open_case_has_a_way_on(self) -> None:
        """Somebody has it on the list, or an opinion is waited for that can be taken back; and then it goes on."""
        for case in self.cases.values():
            if case.closed:
                assert waiting(case).action is None
                continue
            assert way_on(case, self.day), (case.step.id, case.assignment, case.questions)
            if not any(to_do([case], actor, self.day, policy()) for actor in PEOPLE):
                assert case.questions, case.step.id

    @invariant()
    def time_limits_are_sane(self) -> None:
        """After the step began, and within a quarter of a year by this policy."""
        for case in self.cases.values():
            if case.due is not None:
                assert 0 < (case.due.on - case.since).days <= 92
            assert case.since <= self.day
            days = [event.on for event in case.history]
            assert days == sorted(days)


def filled(case: Case, transition: str, serial: Any, day: Any, *, fills: bool = True) -> Take:
    """A transition with all that any could need; the vote fills the seat or does not."""
    return Take(
        transition=transition,
        reason="理由",
        serial=serial
        if any(need.value == "serial" for need in case.procedure.transitions[transition].needs)
        else None,
        minutes=Minutes(day, 9, 9, 9),
        vote=Vote(day, 3, 3, 1, (3,) if fills else (1,)),
        evidence=EVIDENCE,
    )


def way_on(case: Case, day: Any) -> bool:
    """Can some sequence of rightful acts bring the case to an end? Open questions are taken back, an assignment is handed on,
    then the way that closes it is taken from where it stands, else it is returned or refused."""
    rules = Today(day, policy())
    by_action = {
        Action.PROPOSE: OFFICE,
        Action.APPROVE: LEADING,
        Action.DECIDE: SECRETARY,
        Action.CARRY_OUT: OFFICE,
    }
    seen: set[str] = set()
    while not case.closed:
        assert case.step.action is not None
        actor = by_action[case.step.action]
        if case.assignment is not None and case.assignment.to.person.id != actor.person.id:
            case = apply(case, HandOver(actor, day), actor, rules)
        for question in case.questions:
            case = apply(case, TakeBack(question.to.person.id, "收回"), actor, rules)
        if case.step.id in seen:
            return False
        seen.add(case.step.id)
        ways = [
            way for way in case.procedure.from_step(case.step.id) if way.id not in ("annul", "vote_again")
        ]
        serial = replace(register().next, year=day.year, number=99_000 + len(seen))
        taken = [
            filled(case, way.id, serial, day)
            for way in ways
            if not judge(case, filled(case, way.id, serial, day), actor, rules)
        ]
        if not taken:
            return False
        case = apply(case, taken[-1], actor, rules)
    return True


Office.TestCase.settings = settings(
    max_examples=100, stateful_step_count=60, deadline=None, suppress_health_check=list(HealthCheck)
)


@pytest.mark.slow
@pytest.mark.clause("5.2", "4.3")
class TestOffice(Office.TestCase):
    """No reachable state without a way on, no number twice, the tree valid on every day, versions that only grow."""
