"""Names in a ledger become ids of the town file; what is unknown is said with the nearest names."""

from __future__ import annotations

from typing import Any

import polars as pl
from tests.registry.ledger_frame import ledger

from liangxin.registry.identity import give_ids
from liangxin.registry.references import resolve_references, resolve_units
from liangxin.registry.town import Area, Association, Instructor, OrganizationRecord, TaskGroup, Town

TOWN = Town(
    "长乐镇",
    "330683101",
    (
        Area("A1", "第一工作片", "work_area"),
        Area("A2", "第二工作片", "work_area"),
        Area("V1", "上水村", "village", "A1", aliases=("上水",)),
        Area("V2", "新村", "village", "A1"),
        Area("V3", "新村", "village", "A2"),
        Area("P1", "工业园区东片", "park_area", "A1"),
        Area("M1", "五金市场", "market", "A1"),
    ),
    associations=(Association("S1", "电机行业协会"), Association("S2", "领带行业协会")),
    instructors=(Instructor("I1"),),
    task_groups=(TaskGroup("G1", "第一推进组"),),
    organizations=(OrganizationRecord("O1", "第一工作片党总支", "general_branch"),),
)


def resolved(unit: dict[str, Any], town: Town = TOWN) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """The changed facts of one unit, and (field, accepted) of its findings."""
    frame, found = resolve_references(ledger(unit), town)
    said = [
        (item.finding.column_of, item.finding.accepted.zh if item.finding.accepted else item.finding.code)
        for item in found
    ]
    return {name: frame[name][0] for name in unit}, said


def test_ids_and_names() -> None:
    """Both are accepted in every reference column, aliases too."""
    unit = {
        "area": "第一工作片",
        "village": "上水",
        "park": "P1",
        "venue": "五金市场",
        "association": ["领带行业协会", "S1"],
        "instructor_id": "I1",
        "task_group": "第一推进组",
        "organization_id": "第一工作片党总支",
        "superior_id": "O1",
    }
    facts, said = resolved(unit)
    facts["association"] = list(facts["association"])
    assert facts == {
        "area": "A1",
        "village": "V1",
        "park": "P1",
        "venue": "M1",
        "association": ["S2", "S1"],
        "instructor_id": "I1",
        "task_group": "G1",
        "organization_id": "O1",
        "superior_id": "O1",
    }
    assert said == []


def test_an_unknown_name_is_null_with_the_nearest() -> None:
    """Nothing is placed by guess."""
    assert resolved({"area": "第一工作区"}) == ({"area": None}, [("area", "第一工作片、第二工作片")])


def test_a_market_is_no_village() -> None:
    """A name of the town file, but of another kind."""
    facts, said = resolved({"village": "五金市场"})
    assert facts == {"village": None}
    assert [field for field, _ in said] == ["village"]


def test_two_villages_of_one_name() -> None:
    """The one in the unit's work area; without it the ids are asked for."""
    assert resolved({"village": "新村", "area": "第二工作片"}) == ({"village": "V3", "area": "A2"}, [])
    assert resolved({"village": "新村", "area": "A1"})[0] == {"village": "V2", "area": "A1"}
    assert resolved({"village": "新村"}) == ({"village": None}, [("village", "V2、V3")])


def test_one_of_several_associations_unknown() -> None:
    """The known one stays."""
    facts, said = resolved({"association": ["电机行业协会", "丝绸协会"]})
    assert list(facts["association"]) == ["S1"]
    assert [field for field, _ in said] == ["association"]


def test_a_town_file_that_lists_none() -> None:
    """The words are kept as written, and that is said once."""
    bare = Town("镇", "1", TOWN.areas)
    assert resolved({"organization_id": "某支部"}, bare) == (
        {"organization_id": "某支部"},
        [("organization_id", "no_section")],
    )


def test_leaders_and_chain_links_by_id_or_name() -> None:
    """They are units of the same ledger."""
    frame, found = resolve_units(
        ledger(
            {"name": "金箭电机厂"},
            {"leader_unit_id": "金箭电机厂", "chain_unit_ids": ["U0", "金箭电机厂2"]},
            {"leader_unit_id": "U0"},
        )
    )
    assert frame["leader_unit_id"].to_list() == [None, "U0", "U0"]
    assert frame["chain_unit_ids"].to_list() == [None, ["U0"], None]
    assert [(item.unit, item.finding.found) for item in found] == [(1, "金箭电机厂2")]


def test_the_nearest_among_very_many() -> None:
    """Also where comparing with every name would take too long."""
    units = [{"name": f"长乐{number}号电机厂"} for number in range(2500)]
    _, found = resolve_units(ledger(*units, {"leader_unit_id": "长乐1234号机电厂"}))
    accepted = found[0].finding.accepted
    assert accepted is not None
    assert accepted.zh.split("、")[0] == "长乐1234号电机厂"


def test_ids_that_are_missing_are_given_and_stay() -> None:
    """From the code, else from name and place: the same whatever the row; ids that are there are kept."""
    units = [
        {"unit_id": None, "uscc": "9133068314633680XL"},
        {"unit_id": None, "name": "甲厂", "uscc": "无（未办照）"},
        {"unit_id": None, "name": "甲厂", "village": "V1"},
        {"unit_id": "U7"},
    ]
    frame, found = give_ids(ledger(*units))
    again, _ = give_ids(ledger(*units[::-1]).with_columns(name=pl.Series(ledger(*units)["name"].reverse())))
    assert frame["unit_id"].to_list() == again["unit_id"].reverse().to_list()
    assert (
        frame["unit_id"][0] == "14633680X"
    )  # the organization code inside the credit code, as in the register
    assert frame["unit_id"][3] == "U7"
    assert frame["unit_id"].n_unique() == 4
    assert [(item.unit, item.finding.code) for item in found] == [(0, "given_id")]


def test_nothing_to_give() -> None:
    """A complete ledger is left as it is."""
    frame = ledger({}, {})
    assert give_ids(frame) == (frame, []) or give_ids(frame)[0].equals(frame)


def test_units_of_the_towns_ledger_are_known_in_a_part_of_it() -> None:
    """By number and by name; a name that both have is the ledger's unit; a new one is the list's own."""
    town = ledger({"unit_id": "CL1", "name": "甲厂"}, {"unit_id": "CL2", "name": "乙厂"})
    part = ledger(
        {"unit_id": "U1", "name": "乙厂", "leader_unit_id": "CL1", "chain_unit_ids": ["甲厂", "新厂"]},
        {"unit_id": "U2", "name": "新厂", "leader_unit_id": "乙厂"},
        {"unit_id": "U3", "name": "丁厂", "leader_unit_id": "丙厂"},
    )
    frame, found = resolve_units(part, town)
    assert ["CL1", "CL2", None] == frame["leader_unit_id"].to_list()
    assert ["CL1", "U2"] == frame["chain_unit_ids"][0].to_list()
    assert [(2, "unknown_reference")] == [(item.unit, item.finding.code) for item in found]
