"""The two transition tables: every step is reached and has a way to an end, and every word in them means something."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import product

import pytest
from tests.procedure.town_office import matter, plan, policy

from liangxin.procedure import PROCEDURES, Kind, Leadership, Procedure
from liangxin.procedure.guards import meets
from liangxin.procedure.paper import PaperKind
from liangxin.procedure.table import GUARD_LABELS, NEED_LABELS, Guard, Need
from liangxin.registry.access import TABLE, Reach

BOTH = pytest.mark.parametrize("table", PROCEDURES.values(), ids=lambda table: table.id)
POLICIES = (
    policy(),
    policy("changle-2011-44+branch-regulations-2018", date(2021, 8, 1)),
    policy("example-two-years", date(2021, 8, 1)),
    policy("example-hundred-days", date(2020, 5, 1)),
)


def reached(table: Procedure, start: str) -> set[str]:
    found, waiting = {start}, [start]
    while waiting:
        for way in table.from_step(waiting.pop()):
            if way.target not in found:
                found.add(way.target)
                waiting.append(way.target)
    return found


@BOTH
@pytest.mark.clause("5.2")
def test_every_step_is_reached_and_leads_to_an_end(table: Procedure) -> None:
    """From the first step every step can be reached, and from every step a final one."""
    assert set(table.steps) == reached(table, table.first.id)
    for step in table.steps:
        assert any(table.steps[each].final for each in reached(table, step)), step


@BOTH
def test_only_annulling_leaves_a_final_step(table: Procedure) -> None:
    """A closed case stays closed, except that a later document annuls it."""
    for step in table.steps.values():
        if step.final:
            assert {"annul"} >= {way.id for way in table.from_step(step.id)}, step.id


@BOTH
def test_sources_and_targets_exist(table: Procedure) -> None:
    """A transition names steps of its own table."""
    for way in table.transitions.values():
        assert {*way.sources, way.target} <= set(table.steps), way.id


def test_the_families_share_nothing_but_the_end() -> None:
    """Two procedures, never merged: a step that both have is the committee's, or final."""
    plans, foundings = (set(PROCEDURES[id].steps) for id in ("plan_approval", "founding"))
    assert {"committee", "done", "refused", "given_up", "annulled"} == plans & foundings


@BOTH
def test_somebody_has_the_right_to_every_step(table: Procedure) -> None:
    """Each action in the table is given to some role."""
    for action in {way.action for way in table.transitions.values()}:
        assert any(row[action] is not Reach.NONE for row in TABLE.values()), action


@BOTH
@pytest.mark.parametrize("rules", POLICIES, ids=lambda policy: policy.id)
def test_clauses_and_time_limits_are_the_policys(table: Procedure, rules: object) -> None:
    """Every step's time limit is one of each policy that comes with the program."""
    assert {step.term for step in table.steps.values() if step.term} <= set(rules.procedure.terms)  # type: ignore[attr-defined]
    if rules is POLICIES[0]:
        named = {each.clause for each in (*table.steps.values(), *table.transitions.values())}
        assert named <= set(policy().clauses)


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.PLAN])
@pytest.mark.parametrize("leadership", Leadership)
@pytest.mark.parametrize("rules", POLICIES, ids=lambda policy: policy.id)
def test_exactly_one_reply_is_open(kind: Kind, leadership: Leadership, rules: object) -> None:
    """Elected, appointed or no election: for every matter one of the three replies, whatever the policy."""
    about = replace(matter(kind), leadership=leadership)
    ways = [way for way in PROCEDURES["founding"].from_step("committee") if way.effect == "perform"]
    assert 1 == sum(meets(way.guard, about, rules) for way in ways)  # type: ignore[arg-type]


@pytest.mark.parametrize(("units", "upgrades"), list(product((1, 99, 100), (0, 1))))
def test_a_plan_is_important_or_not(units: int, upgrades: int) -> None:
    """The two guards of the leading group exclude each other and leave nothing out."""
    about = plan(units=units, upgrades=upgrades)
    assert meets(Guard.IMPORTANT, about, policy()) is not meets(Guard.NOT_IMPORTANT, about, policy())
    assert meets(Guard.IMPORTANT, about, policy()) is (units == 100 or upgrades == 1)


def test_every_need_and_guard_has_words() -> None:
    """What is missing can be said."""
    assert set(Need) == set(NEED_LABELS)
    assert set(Guard) == set(GUARD_LABELS)


@BOTH
def test_a_change_of_the_tree_has_its_document(table: Procedure) -> None:
    """Whatever changes the tree decides, asks for a serial number, and is made into a paper."""
    for way in table.transitions.values():
        if way.effect:
            assert way.decides and way.paper and Need.SERIAL in way.needs, way.id


@BOTH
def test_every_paper_is_a_kind_of_document(table: Procedure) -> None:
    """What a transition makes can be composed."""
    papers = {way.paper for way in table.transitions.values() if way.paper}
    assert papers <= {kind.value for kind in PaperKind}
