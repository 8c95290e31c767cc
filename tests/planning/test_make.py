"""From a ledger to a plan: what stands stays, what breaks is repaired, pins hold, and everything has a reason."""

from __future__ import annotations

import pytest
from small_town import classified, town, unit

from liangxin.planning import Pin, Pins, PlanOptions, build_problem, check, compare, cost, make_plan
from liangxin.planning.plan import Plan, UnitDecision
from liangxin.planning.solve import solve
from liangxin.registry.town import OrganizationRecord


def decision(plan: Plan, unit_id: str) -> UnitDecision:
    return next(each for each in plan.units if each.unit_id == unit_id)


def forms(plan: Plan) -> dict[str, str]:
    return {each.unit_id: each.form for each in plan.units}


def joint(*units: str, host: str) -> tuple[OrganizationRecord, dict[str, str]]:
    record = OrganizationRecord("O1", "水竹村联合党支部", "joint_branch", area="V1", form="zone", host=host)
    return record, {"organization_id": "O1", "organization_form": "zone"}


@pytest.mark.clause("2.1", "3.2")
def test_three_full_members_stand_alone() -> None:
    plan = make_plan(classified(unit("甲", 3)), town())
    found = decision(plan, "甲")
    assert (found.form, found.change, found.clause) == ("separate", "new", "2.1")
    assert found.reason.zh == "有3名正式党员，达到3名，单独组建。"
    assert plan.organizations[0].name == "甲有限公司党支部"


@pytest.mark.clause("2.2", "4.5")
def test_exactly_two_members_and_many_staff_get_an_instructor() -> None:
    plan = make_plan(classified(unit("甲", 2, staff=90)), town())
    assert forms(plan) == {"甲": "seconded"}
    assert plan.organizations[0].instructor_id == "I0"
    assert decision(plan, "甲").conflicts[0].id == "stand_alone_without_three"


@pytest.mark.clause("2.3")
def test_units_of_one_park_join() -> None:
    park = {"park": "P1", "village": "V1"}
    plan = make_plan(classified(unit("甲", 2, **park), unit("乙", 1, **park)), town())
    assert forms(plan) == {"甲": "park", "乙": "park"}
    (made,) = plan.organizations
    assert (made.full_members, made.type) == (3, "joint_branch")
    assert made.name == "工业园区东片联合党支部"
    assert "合计正式党员3名" in decision(plan, "甲").reason.zh


@pytest.mark.clause("2.7", "3.3a")
def test_where_nothing_else_fits_the_village() -> None:
    plan = make_plan(classified(unit("甲", 1)), town())
    assert (forms(plan)["甲"], plan.organizations[0].host) == ("village", "V1")


@pytest.mark.clause("2.1")
def test_an_organization_that_keeps_the_rules_stays() -> None:
    """Even where another arrangement would be cheaper: 丙 is nearer to 甲 than 乙 is."""
    record, inside = joint("甲", "乙", host="甲")
    plan = make_plan(
        classified(unit("甲", 2, **inside), unit("乙", 1, lon=120.63, **inside), unit("丙", 1)), town(record)
    )
    stays = next(each for each in plan.organizations if each.organization_id == "O1")
    assert {"甲", "乙"} <= set(stays.unit_ids)
    assert (decision(plan, "甲").change, decision(plan, "乙").change) == ("kept", "kept")
    assert stays.name == "水竹村联合党支部"


@pytest.mark.clause("2.1")
def test_a_unit_that_can_stand_alone_is_split_off_and_the_rest_stays() -> None:
    record, inside = joint("甲", "乙", "丙", host="甲")
    plan = make_plan(
        classified(unit("甲", 2, **inside), unit("乙", 1, **inside), unit("丙", 3, **inside)), town(record)
    )
    assert (decision(plan, "丙").form, decision(plan, "丙").change) == ("separate", "split_off")
    assert next(each for each in plan.organizations if each.organization_id == "O1").unit_ids == ("甲", "乙")


def test_an_organization_that_broke_a_rule_is_dissolved() -> None:
    record, inside = joint("甲", "乙", host="甲")
    plan = make_plan(classified(unit("甲", 1, **inside), unit("乙", 0, **inside)), town(record))
    ended = next(each for each in plan.organizations if each.organization_id == "O1")
    assert (ended.status, ended.unit_ids) == ("dissolved", ())
    assert decision(plan, "甲").form == "village"


def test_an_organization_whose_members_are_not_known_is_taken_at_its_word() -> None:
    """待核 is not zero: the branch stays, and its unknown members are in no figure."""
    record = OrganizationRecord("O2", "甲有限公司党支部", "branch", form="separate", host="甲")
    ledger = classified(unit("甲", None, organization_id="O2", organization_form="separate"))
    plan = make_plan(ledger, town(record))
    assert (decision(plan, "甲").form, decision(plan, "甲").change) == ("separate", "kept")
    assert plan.organizations[0].full_members == 0
    assert "待核" in decision(plan, "甲").reason.zh


def test_everything_unknown_requires_nothing() -> None:
    blank = {"staff": None, "revenue": None, "probationary_members": None, "mobile_members": None}
    plan = make_plan(classified(*(unit(name, None, **blank) for name in "甲乙丙")), town())
    assert set(forms(plan).values()) == {"none"}
    assert all("full_members" in each.unknown for each in plan.units)


def test_an_empty_ledger_has_an_empty_plan() -> None:
    plan = make_plan(classified(unit("甲", 3, state="deregistered")), town())
    assert (plan.units, plan.organizations, plan.solver.objective) == ((), (), 0.0)
    assert (plan.roster.units, plan.roster.in_scope, plan.roster.left_out) == (1, 0, {"deregistered": 1})


@pytest.mark.clause("1.4")
def test_a_rate_out_of_reach_is_named_with_both_numbers() -> None:
    plan = make_plan(classified(unit("甲", 3), *(unit(f"乙{n}") for n in range(9))), town())
    (named,) = plan.infeasible
    assert named.clause == "1.4"
    assert named.text.zh == "总体组建率最多做到1家（10.0%），需要4家（40.0%），共10家"


@pytest.mark.clause("1.5")
def test_too_few_instructors_are_named_with_both_numbers() -> None:
    units = [unit("甲", 3), *(unit(f"乙{n}") for n in range(4))]
    plan = make_plan(classified(*units), town(instructors=0))
    assert [each.clause for each in plan.infeasible] == ["1.4", "1.5"]
    assert "0名指导员联系以后覆盖0家，需要2家（未建4家）" in plan.infeasible[1].text.zh


@pytest.mark.clause("1.1")
def test_a_required_unit_that_no_form_fits_is_named() -> None:
    plan = make_plan(
        classified(unit("甲", 1, village=None, park="P1"), unit("乙", 1, village=None, park="P1")), town()
    )
    named = plan.infeasible[0]
    assert (named.clause, named.unit_ids) == ("1.1", ("甲",))
    assert "工业园区东片内可联合的单位共有2名正式党员，需要3名；村（社区）待核，无从挂靠" in named.text.zh


class TestPins:
    units = (unit("甲", 2), unit("乙", 1), unit("丙", 2), unit("丁", 1))

    def plan(self, pins: Pins) -> Plan:
        return make_plan(classified(*self.units), town(), options=PlanOptions(pins=pins))

    def test_a_form(self) -> None:
        plan = self.plan(Pins(pin=(Pin("甲", "village"),)))
        assert forms(plan)["甲"] == "village"

    def test_a_host(self) -> None:
        plan = self.plan(Pins(pin=(Pin("丁", "zone", "丙"),)))
        made = next(each for each in plan.organizations if "丁" in each.unit_ids)
        assert made.host == "丙"
        assert "按人工指定" in decision(plan, "丁").reason.zh

    def test_forbid(self) -> None:
        plan = self.plan(Pins(forbid=(Pin("甲", "zone"), Pin("乙", "zone"), Pin("丙", "zone"))))
        assert set(forms(plan).values()) == {"village"}

    def test_together(self) -> None:
        plan = self.plan(Pins(together=(("甲", "丙"),)))
        assert decision(plan, "甲").organization_id == decision(plan, "丙").organization_id is not None

    def test_apart(self) -> None:
        plan = self.plan(Pins(apart=(("甲", "乙", "丙", "丁"),)))
        assert set(forms(plan).values()) == {"village"}

    def test_pins_that_cannot_be_honoured_are_named(self) -> None:
        pins = Pins(
            pin=(Pin("甲", "separate"), Pin("不在", "village")),
            together=(("甲", "乙", "丙", "丁", "甲2", "乙2"),),
        )
        said = [each.text.zh for each in self.plan(pins).infeasible]
        assert said == [
            "指定甲单独组建做不到：它有2名正式党员",
            "指定的单位不在不在本次范围内",
            "指定的单位甲2、乙2不在本次范围内",
        ]


@pytest.mark.clause("5.2")
def test_planning_again_moves_only_what_the_facts_ask_for() -> None:
    """丁 has three members by now; its old partners stay together."""
    before = classified(unit("甲", 2), unit("乙", 1), unit("丙", 2), unit("丁", 2))
    first = make_plan(before, town())
    after = classified(unit("甲", 2), unit("乙", 1), unit("丙", 2), unit("丁", 3))
    second = make_plan(after, town(), options=PlanOptions(previous=first))
    assert set(second.moved) <= {"丙", "丁"}
    assert decision(second, "丁").form == "separate"
    changes = compare(first, second)
    assert {each.unit_id for each in changes.units} == set(second.moved)


def test_a_plan_compared_with_itself_has_no_difference() -> None:
    plan = make_plan(classified(*TestPins.units), town())
    same = compare(plan, plan)
    assert (same.units, same.extra_cost, same.organizations_founded) == ((), 0.0, ())


def test_costs_of_organizations_add_up_to_the_objective() -> None:
    plan = make_plan(classified(*TestPins.units), town())
    assert sum(each.cost for each in plan.organizations) == pytest.approx(plan.solver.objective)


def test_solver_and_plan_say_the_same() -> None:
    ledger = classified(*TestPins.units)
    problem = build_problem(ledger, town())
    solution = solve(problem)
    assert check(problem, solution.arrangement) == []
    assert make_plan(ledger, town()).solver.objective == pytest.approx(
        cost(problem, solution.arrangement).total
    )


def test_an_alternative_costs_what_its_repair_costs() -> None:
    """甲 (2) and 乙 (1) are joined; as a village unit 甲 leaves 乙 alone, so both are affiliated: 1.80 for 0.90, and the 0.10 of
    a branch with just three full members is gone."""
    plan = make_plan(classified(unit("甲", 2), unit("乙", 1)), town())
    (village,) = [each for each in decision(plan, "甲").alternatives if each.form == "village"]
    assert village.extra_cost >= 0.80 - 1e-4


@pytest.mark.clause("2.2", "4.5")
def test_a_seconded_unit_keeps_its_organization_where_the_town_names_no_instructor() -> None:
    """The file may be behind; the branch stands."""
    record = OrganizationRecord("O3", "甲有限公司党支部", "branch", form="seconded", host="甲")
    ledger = classified(unit("甲", 2, staff=90, organization_id="O3", organization_form="seconded"))
    plan = make_plan(ledger, town(record, instructors=0))
    assert (decision(plan, "甲").form, decision(plan, "甲").change) == ("seconded", "kept")
