"""The tree of section 3: where each organization stands, what is kept, raised, founded and ended, and on which day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from tests.structure.made_town import (
    DAY,
    arranged,
    big_arrangement,
    big_tree,
    ledger,
    made_town,
    policy,
    unit,
)

from liangxin.findings import InputError
from liangxin.registry.town import Association, OrganizationRecord
from liangxin.structure import (
    ArrangedOrganization,
    Arrangement,
    DayTree,
    Tree,
    build_tree,
    count_graduates,
    parents,
)

AUGUST_1 = date(2011, 8, 1)
JULY_31 = date(2011, 7, 31)


def build(
    rows: list[dict[str, Any]], *organizations: ArrangedOrganization, records: tuple[Any, ...] = ()
) -> Tree:
    town = made_town()
    town = replace(town, organizations=(*town.organizations, *records))
    return build_tree(town, Arrangement(DAY, organizations), policy(), ledger(*rows))


def above(today: DayTree, id: str) -> list[str]:
    return [each.id for each in today.ancestors(id)]


@pytest.mark.clause("3.0", "3.1")
def test_the_working_committee_leads_from_its_day() -> None:
    """Town committee, working committee from the first day of 4.3's milestone; before it, areas were under the town."""
    tree = build([])
    before, after = tree.on(JULY_31), tree.on(AUGUST_1)
    assert "working_committee" not in before.organizations
    assert ["committee"] == above(before, "O-A1")
    assert ["working_committee", "committee"] == above(after, "O-A1")
    assert "中共长乐镇委员会" == after.organizations["committee"].name
    assert "长乐镇两新组织党工委" == after.organizations["working_committee"].name


@pytest.mark.clause("3.3a")
def test_seven_work_areas_keep_their_general_branches() -> None:
    """All seven stay, with their own ids and founding days."""
    today = build([]).on(DAY)
    for number in range(1, 8):
        branch = today.organizations[f"O-A{number}"]
        assert ("general_branch", date(2008, 7, 1)) == (branch.standing.type, branch.since)


@pytest.mark.clause("3.3a", "2.7")
def test_rural_units_attach_through_their_village() -> None:
    """Village organization + two-new group; a village that the town file does not list is recorded when needed."""
    listed, unlisted = unit("u1", 1, village="V12"), unit("u2", 1, village="V13")
    tree = build(
        [listed, unlisted],
        arranged("G1", "village", [listed], host="V12"),
        arranged("G2", "village", [unlisted], host="V13"),
    )
    today = tree.on(DAY)
    assert ["O-V12", "O-A1", "working_committee", "committee"] == above(today, "G1")
    assert "O-A1" == today.organizations["organization-V13"].parent
    assert "一片南溪村党组织" == today.organizations["organization-V13"].name
    assert tree.on(JULY_31).organizations["organization-V13"].since is None


@pytest.mark.clause("3.3b")
def test_the_park_is_raised_and_its_units_stand_under_their_area() -> None:
    """Four areas with joint branches under the park's general branch, which was a joint branch until the plan's day."""
    rows = [unit("u1", 2, park="P3", village="V11"), unit("u2", 1, park="P3", village="V11")]
    tree = build(rows, arranged("J", "park", rows))
    assert "joint_branch" == tree.on(JULY_31).organizations["O-P"].standing.type
    today = tree.on(DAY)
    park = today.organizations["O-P"]
    assert ("general_branch", "长乐工业园区党总支") == (park.standing.type, park.name)
    assert ["organization-P1", "organization-P2", "organization-P3", "organization-P4"] == sorted(
        today.children["O-P"]
    )
    assert ["organization-P3", "O-P", "working_committee", "committee"] == above(today, "J")


@pytest.mark.clause("3.3c")
def test_the_self_employed_stand_under_the_association_by_place() -> None:
    """The association's joint branch becomes a joint general branch; its organizations keep the work area they are in."""
    rows = [unit("u1", 2, kind="household", village="V21"), unit("u2", 1, kind="household", village="V21")]
    today = build(rows, arranged("H", "zone", rows)).on(DAY)
    association = today.organizations["O-S"]
    assert ("joint_general_branch", "个私协会联合党总支") == (association.standing.type, association.name)
    assert ("O-S", "A2") == (today.organizations["H"].parent, today.organizations["H"].standing.area)


@pytest.mark.clause("3.3d")
def test_emerging_organizations_stand_under_their_joint_general_branch() -> None:
    """A law firm's branch, also one that stood under its area until now."""
    new = unit("u1", 3, kind="intermediary", village="V11")
    old = unit("u2", 4, kind="civil_non_enterprise", village="V11", organization_id="O9")
    tree = build(
        [new, old],
        arranged("L", "separate", [new]),
        arranged("O9", "separate", [old], status="existing"),
        records=(
            OrganizationRecord("O9", "O9党组织", "branch", "O-A1", "A1", date(2009, 1, 1), "separate", "u2"),
        ),
    )
    assert "O-A1" == tree.on(JULY_31).organizations["O9"].parent
    assert ["emerging_general_branch"] * 2 == [tree.on(DAY).organizations[id].parent for id in ("L", "O9")]


@pytest.mark.clause("3.3d")
@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ({"V11": 3, "V21": 4}, {"graduates-A1": "branch", "graduates-A2": "branch"}),
        ({"V11": 3, "V21": 1}, {"graduates-A1": "branch"}),
        ({"V11": 2, "V21": 1}, {"graduates": "joint_branch"}),
        ({"V11": 1, "V21": 1}, {"graduates": "group"}),
        ({"V11": 0}, {}),
    ],
)
def test_every_graduate_mobile_member_is_inside(numbers: dict[str, int], expected: dict[str, str]) -> None:
    """By area where there are three, together where there are fewer; the sum equals the ledger's, 待核 is counted apart."""
    rows = [
        unit(f"u{village}", 0, village=village, graduate_mobile_members=count)
        for village, count in numbers.items()
    ]
    rows.append(unit("unknown", 0, village="V31", graduate_mobile_members=None))
    today = build(rows).on(DAY)
    found = {
        each.id: each.standing.type
        for each in today.organizations.values()
        if each.id.startswith("graduates")
    }
    assert expected == found
    count = count_graduates(today, {row["unit_id"]: row["graduate_mobile_members"] for row in rows})
    assert (sum(numbers.values()), True, 1) == (count.in_ledger, count.all_inside, count.unknown)


@pytest.mark.clause("3.4")
def test_a_market_is_attached_to_its_area_and_stands_alone_when_mature() -> None:
    """Few members: under the work area, the association as its line. Fifty members: the market has its own."""
    place = {"venue": "M1", "village": "V11", "kind": "household"}
    few = [unit("u1", 2, **place), unit("u2", 1, **place)]
    other = [unit("u3", 3, **place)]
    today = build([*few, *other], arranged("J", "zone", few), arranged("K", "separate", other)).on(DAY)
    market = today.organizations["J"]
    assert ("O-A1", "O-S", "M1") == (market.parent, market.line, market.standing.area)
    many = [unit("u3", 47, **place)]
    today = build([*few, *many], arranged("J", "zone", few), arranged("K", "separate", many)).on(DAY)
    assert ["organization-M1", "O-A1", "working_committee", "committee"] == above(today, "J")
    assert "五金市场联合党总支" == today.organizations["organization-M1"].name


@pytest.mark.clause("2.4", "3.0")
def test_an_industry_organization_follows_its_association_as_a_line() -> None:
    """It stands in its work area; its line is the organization that the association's own unit is in."""
    rows = [
        unit("u1", 2, village="V31", association=["S1"]),
        unit("u2", 1, village="V32", association=["S1"]),
    ]
    association = unit("u-assoc", 3, kind="social_group", village="V11")
    today = build(
        [*rows, association], arranged("I", "industry", rows), arranged("S", "separate", [association])
    ).on(DAY)
    assert ("O-A3", "S") == (today.organizations["I"].parent, today.organizations["I"].line)


@pytest.mark.clause("2.4")
def test_two_associations_do_not_lead_each_other() -> None:
    """Each association's own unit sits in the other's organization: no line, for it would be a cycle."""
    town = made_town()
    town = replace(
        town, associations=(Association("S1", "电机行业协会", "a1"), Association("S2", "竹业协会", "a2"))
    )
    one = [unit("u1", 2, village="V31", association=["S2"]), unit("a1", 1, village="V31", association=["S2"])]
    two = [unit("u2", 2, village="V32", association=["S1"]), unit("a2", 1, village="V32", association=["S1"])]
    arrangement = Arrangement(DAY, (arranged("I1", "industry", one), arranged("I2", "industry", two)))
    today = build_tree(town, arrangement, policy(), ledger(*one, *two)).on(DAY)
    assert [None, None] == [today.organizations[id].line for id in ("I1", "I2")]


def test_a_policy_without_these_bodies_leaves_all_to_the_territory() -> None:
    """A county whose policy knows no park, association or emerging body: work areas take what is there."""
    plain = replace(policy(), bodies=tuple(body for body in policy().bodies if body.clause.id < "3.3b"))
    place = {"village": "V11", "graduate_mobile_members": 1}
    rows = [
        unit("u1", 3, kind="household", **place),
        unit("u2", 3, kind="intermediary", **place),
        unit("u3", 3, park="P1", **place),
    ]
    organizations = tuple(arranged(f"S{row['unit_id']}", "separate", [row]) for row in rows)
    today = build_tree(made_town(), Arrangement(DAY, organizations), plain, ledger(*rows)).on(DAY)
    assert {"O-A1"} == {today.organizations[each.id].parent for each in organizations}
    assert "working_committee" == today.organizations["graduates-A1"].parent


def test_a_village_that_the_town_file_does_not_list_keeps_apart_from_the_plan_s_group() -> None:
    """The plan calls its new group village-V13; the village's own organization has another id."""
    rows = [unit("u1", 1, village="V13")]
    today = build(rows, arranged("village-V13", "village", rows, host="V13")).on(DAY)
    assert ["organization-V13", "O-A1", "working_committee", "committee"] == above(today, "village-V13")


@pytest.mark.clause("2.1")
def test_a_unit_that_outgrew_its_joint_branch_is_split_off() -> None:
    """The day before it is inside; on the plan's day it has its own, and the journal says split off."""
    rows = [
        unit("u1", 2, village="V41", organization_id="O9"),
        unit("u2", 1, village="V41", organization_id="O9"),
        unit("u3", 3, village="V41", organization_id="O9"),
    ]
    record = OrganizationRecord("O9", "旧联合党支部", "joint_branch", "O-A4", "A4", None, "zone", "u1")
    tree = build(
        rows,
        arranged("O9", "zone", rows[:2], status="changed", name="旧联合党支部"),
        arranged("S", "separate", rows[2:]),
        records=(record,),
    )
    assert ("u1", "u2", "u3") == tree.on(JULY_31).organizations["O9"].units
    assert ("u1", "u2") == tree.on(DAY).organizations["O9"].units
    assert ("u3",) == tree.on(DAY).organizations["S"].units
    assert "剥离成立S党组织" in [entry.operation.label().zh for entry in tree.journal]
    assert "O-A4" == tree.on(DAY).organizations["O9"].parent


def test_what_the_plan_leaves_empty_is_dissolved() -> None:
    """A joint branch whose units all went elsewhere ends on the plan's day, and only then."""
    rows = [
        unit("u1", 3, village="V41", organization_id="O9"),
        unit("u2", 0, village="V41", organization_id="O9"),
    ]
    record = OrganizationRecord("O9", "旧联合党支部", "joint_branch", "O-A4", "A4", None, "zone", "u1")
    tree = build(rows, arranged("S", "separate", rows[:1]), records=(record,))
    assert "O9" in tree.on(JULY_31).organizations
    assert "O9" not in tree.on(DAY).organizations
    assert {"u1": "S"} == tree.on(DAY).organization_of()


def test_types_follow_the_numbers() -> None:
    """49 members a branch, 50 a general branch, 100 a committee; an existing branch is upgraded by date."""
    sizes = {"B": 49, "G": 50, "C": 100}
    rows = {id: unit(f"u{id}", count, village="V51", organization_id=id) for id, count in sizes.items()}
    records = tuple(
        OrganizationRecord(id, f"{id}党组织", "branch", "O-A5", "A5", None, "separate", f"u{id}")
        for id in sizes
    )
    tree = build(
        list(rows.values()),
        *(arranged(id, "separate", [row], status="existing") for id, row in rows.items()),
        records=records,
    )
    assert ["branch"] * 3 == [tree.on(JULY_31).organizations[id].standing.type for id in sizes]
    assert ["branch", "general_branch", "party_committee"] == [
        tree.on(DAY).organizations[id].standing.type for id in sizes
    ]


def test_an_organization_older_than_its_superior_stood_under_the_town() -> None:
    """The village branch of 1990 comes under its work area's general branch in 2008."""
    tree = build([])
    assert "committee" == tree.on(date(2000, 1, 1)).organizations["O-V11"].parent
    assert "O-A1" == tree.on(date(2008, 7, 1)).organizations["O-V11"].parent


def test_records_that_form_a_cycle_are_refused() -> None:
    """The cycle is named."""
    records = (
        OrganizationRecord("X", "甲", "branch", "Y"),
        OrganizationRecord("Y", "乙", "branch", "X"),
    )
    with pytest.raises(InputError, match="X → Y → X"):
        build([], records=records)


def test_a_record_of_no_known_type_or_superior_is_refused_with_what_is_accepted() -> None:
    """Both records are named at once."""
    records = (
        OrganizationRecord("X", "甲", "cell", "O-A1"),
        OrganizationRecord("Y", "乙", "branch", "nobody"),
    )
    with pytest.raises(InputError) as refused:
        build([], records=records)
    assert {"structure.unknown_type", "structure.not_founded"} == {
        finding.code for finding in refused.value.findings
    }


@pytest.mark.clause("3.0", "A1")
def test_the_lists_of_the_tree_are_the_lists_of_the_plan() -> None:
    """150 organizations: the same units in each, every one reached from the town committee, one parent each."""
    arrangement, frame = big_arrangement()
    tree, _ = big_tree()
    today = tree.on(DAY)
    assert 150 == len(arrangement.organizations)
    for each in arrangement.organizations:
        assert set(each.unit_ids) == set(today.organizations[each.id].units)
    assert sorted(frame["unit_id"]) == sorted(today.organization_of())
    assert sorted(today.organizations) == sorted(each.id for _, each in today.walk())
    assert set(parents(tree, DAY)) == set(today.organizations) - {"committee"}
    graduates = dict(zip(frame["unit_id"], frame["graduate_mobile_members"], strict=True))
    assert count_graduates(today, graduates).all_inside
