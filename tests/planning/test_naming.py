"""Names of organizations: by the policy's rules, never with a count, each once, and a living one keeps its own."""

from __future__ import annotations

import re
from dataclasses import replace

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_town import DAY, classified, town, unit

from liangxin.coverage import classify
from liangxin.planning import PlanOptions, make_plan
from liangxin.planning.naming import Naming, Subject, read_number, write_number
from liangxin.policy import load_policy
from liangxin.policy.model import NamingRules
from liangxin.registry.town import OrganizationRecord
from liangxin.sample import make_town_like

RULES = load_policy("changle-2011-44", as_of=DAY).naming
PARK = Subject("park", "joint_branch", "长乐砚柘蘅电机有限公司", "工业园区东片", alone_there=True)


def naming(*founded: str, rules: NamingRules = RULES) -> Naming:
    return Naming(rules, {f"O{number}": name for number, name in enumerate(founded)}, {}, ("长乐镇",))


def test_the_only_joint_organization_of_a_place_bears_its_name() -> None:
    assert naming().give(PARK) == "工业园区东片联合党支部"


def test_of_several_each_bears_its_lead_unit_s_short_name() -> None:
    several = replace(PARK, alone_there=False)
    assert naming().give(several) == "工业园区东片砚柘蘅联合党支部"


@pytest.mark.parametrize(
    ("founded", "name"),
    [
        ("工业园区东片第二联合党支部", "工业园区东片第三联合党支部"),
        ("工业园区东片第2联合党支部", "工业园区东片第3联合党支部"),
        ("五金市场第一联合党支部", "工业园区东片第一联合党支部"),
    ],
)
def test_a_town_that_counts_goes_on_counting(founded: str, name: str) -> None:
    """In its own numerals, in each place from where it was."""
    assert naming(founded).give(PARK) == name


def test_other_forms() -> None:
    given_ = naming()
    industry = Subject(
        "industry", "joint_branch", "长乐澹嵘皋电机厂", "水竹村", "电机行业协会", alone_there=True
    )
    assert given_.give(industry) == "电机行业协会联合党支部"
    assert given_.give(replace(industry, alone_there=False)) == "电机行业协会澹嵘皋联合党支部"
    assert given_.give(Subject("leader", "joint_branch", "长乐珂沣茗机械有限公司")) == "珂沣茗联合党支部"
    assert (
        given_.give(Subject("separate", "branch", "长乐黛鹭帆茶业有限公司")) == "长乐黛鹭帆茶业有限公司党支部"
    )
    assert (
        given_.give(Subject("separate", "party_committee", "长乐筠泓舟电机有限公司"))
        == "长乐筠泓舟电机有限公司党委"
    )
    assert (
        given_.give(Subject("mobile", "branch", "长乐瑭溯笛建筑有限公司"))
        == "长乐瑭溯笛建筑有限公司流动党支部"
    )
    assert given_.give(Subject("village", "group", place="水竹村")) == "水竹村两新党小组"


def test_two_firms_of_one_short_name_get_two_names() -> None:
    given_ = naming()
    several = replace(PARK, alone_there=False)
    names = [given_.give(several) for _ in range(3)]
    assert names == ["工业园区东片砚柘蘅联合党支部", "砚柘蘅联合党支部", "砚柘蘅第二联合党支部"]


def test_a_name_is_never_longer_than_the_policy_says() -> None:
    long = Subject("separate", "branch", "长乐" + "砚" * 60 + "有限公司", "工业园区东片" * 6)
    given_ = naming()
    names = [given_.give(long) for _ in range(12)] + [
        given_.give(replace(long, form="park", type="joint_branch"))
    ]
    assert max(map(len, names)) <= RULES.longest
    assert len(set(names)) == len(names)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["separate", "park", "zone", "industry", "leader", "village", "mobile"]),
            st.text("长乐砚柘电机厂有限公司第一联合", max_size=12),
            st.sampled_from(["", "水竹村", "五金市场"]),
            st.booleans(),
        ),
        max_size=12,
    )
)
def test_every_name_is_given_once_and_is_not_empty(subjects: list[tuple[str, str, str, bool]]) -> None:
    given_ = naming("五金市场第一联合党支部", "砚柘联合党支部")
    names = [
        given_.give(Subject(form, "joint_branch", unit_name, place, "", alone))
        for form, unit_name, place, alone in subjects
    ]
    assert len({*names, "五金市场第一联合党支部", "砚柘联合党支部"}) == len(names) + 2
    assert all(0 < len(name) <= RULES.longest for name in names)


@given(st.integers(1, 999))
def test_numerals_read_back(number: int) -> None:
    assert read_number(write_number(number)) == number


@pytest.mark.clause("2.1")
def test_a_living_organization_keeps_its_name_when_units_join_and_leave() -> None:
    record = OrganizationRecord(
        "O1", "老名字等2家企业联合党支部", "joint_branch", area="V1", form="zone", host="甲"
    )
    inside = {"organization_id": "O1", "organization_form": "zone"}
    plan = make_plan(
        classified(unit("甲", 2, **inside), unit("乙", 1, **inside), unit("丙", 1), unit("丁", 1)),
        town(record),
    )
    stays = next(each for each in plan.organizations if each.organization_id == "O1")
    assert stays.name == "老名字等2家企业联合党支部"


def test_an_upgraded_organization_changes_its_ending_only() -> None:
    """党支部 becomes 党总支 with 60 members."""
    record = OrganizationRecord("O1", "茂源党支部", "branch", area="A1", form="separate", host="甲")
    plan = make_plan(
        classified(unit("甲", 60, staff=300, organization_id="O1", organization_form="separate")),
        town(record),
    )
    assert (plan.organizations[0].name, plan.organizations[0].type) == ("茂源党总支", "general_branch")


def test_a_branch_with_fewer_members_is_not_brought_down() -> None:
    record = OrganizationRecord("O1", "茂源党总支", "general_branch", area="A1", form="separate", host="甲")
    plan = make_plan(
        classified(unit("甲", 20, staff=300, organization_id="O1", organization_form="separate")),
        town(record),
    )
    assert (plan.organizations[0].name, plan.organizations[0].type) == ("茂源党总支", "general_branch")


@pytest.mark.slow
def test_a_new_plan_renames_nothing_of_the_last_and_no_name_counts() -> None:
    """A twentieth of the units lose a member; every organization that goes on keeps its name."""
    sample = make_town_like("town", 300, seed=8)
    policy = load_policy("changle-2011-44", as_of=DAY)
    first = make_plan(
        classify(sample.ledger, policy), sample.town, options=PlanOptions(gap=0.05, time_limit=10)
    )
    names = [each.name for each in first.organizations]
    assert [name for name in names if re.search(r"\d+家|龙头", name)] == []
    assert len(set(names)) == len(names)
    changed = sample.ledger.with_columns(
        full_members=pl.when((pl.int_range(pl.len()) % 20 == 0) & (pl.col("full_members") > 0))
        .then(pl.col("full_members") - 1)
        .otherwise("full_members")
    )
    again = make_plan(
        classify(changed, policy), sample.town, options=PlanOptions(gap=0.05, time_limit=10, previous=first)
    )
    before = {each.organization_id: each.name for each in first.organizations if each.status != "dissolved"}
    assert [
        (before[each.organization_id], each.name)
        for each in again.organizations
        if each.organization_id in before and each.name != before[each.organization_id]
    ] == []
