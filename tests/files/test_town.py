"""The town file: read whole, refused with every error by line and column, written back the same."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liangxin.files.town import read_town, write_town
from liangxin.findings import InputError
from liangxin.registry.town import Area, Association, Instructor, OrganizationRecord, TaskGroup, Town

CHANGLE = """\
format: liangxin.town/1
town: {name: 长乐镇, code: 330683101}
bodies: {committee: 中共长乐镇委员会, working_committee: 长乐镇两新组织党工委}
areas:
  - {id: A1, name: 第一工作片, kind: work_area, parent: null, centre: [120.621, 29.470]}
  - {id: V11, name: 水竹村, kind: village, parent: A1, centre: [120.630, 29.481], aliases: [水竹]}
  - {id: P1, name: 工业园区东片, kind: park_area, parent: 第一工作片}
associations: [{id: S1, name: 电机行业协会}]
instructors: [{id: I1, full_time: true, channel: seconded, capacity: 30, area: A1}]
task_groups: [{id: G1, name: 第一推进组, responsible_for: [A1]}]
organizations: [{id: O1, name: 第一工作片党总支, type: general_branch, parent: null, area: A1, founded_on: 2008-07-01}]
"""


def refused(tmp_path: Path, text: str) -> list[tuple[str, int | None, int | None]]:
    path = tmp_path / "town.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as error:
        read_town(path)
    return [(found.code, found.place.line, found.place.offset) for found in error.value.findings]


def test_reads_the_town_of_the_notice(tmp_path: Path) -> None:
    """Every part arrives typed; a parent may be written by name, and a code of digits stays text."""
    path = tmp_path / "town.yaml"
    path.write_text(CHANGLE, encoding="utf-8")
    assert read_town(path) == Town(
        name="长乐镇",
        code="330683101",
        bodies={"committee": "中共长乐镇委员会", "working_committee": "长乐镇两新组织党工委"},
        areas=(
            Area("A1", "第一工作片", "work_area", None, (120.621, 29.470)),
            Area("V11", "水竹村", "village", "A1", (120.630, 29.481), aliases=("水竹",)),
            Area("P1", "工业园区东片", "park_area", "A1"),
        ),
        associations=(Association("S1", "电机行业协会"),),
        instructors=(Instructor("I1", True, "seconded", 30, "A1"),),
        task_groups=(TaskGroup("G1", "第一推进组", ("A1",)),),
        organizations=(
            OrganizationRecord("O1", "第一工作片党总支", "general_branch", None, "A1", date(2008, 7, 1)),
        ),
    )


def test_all_errors_at_once_by_line_and_column(tmp_path: Path) -> None:
    """A wrong kind, a wrong key, a double id, an unknown parent and swapped coordinates, each at its place."""
    text = """\
town: {name: 长乐镇, code: "330683101"}
areas:
  - {id: A1, name: 第一工作片, kind: workarea, centre: [29.47, 120.62]}
  - {id: A1, nmae: 水竹村, kind: village}
  - {id: V2, name: 后村, kind: village, parent: A9}
"""
    assert refused(tmp_path, text) == [
        ("not_a_choice", 3, 33),
        ("bad_position", 3, 51),
        ("missing_key", 4, 5),
        ("double_id", 4, 10),
        ("unknown_key", 4, 14),
        ("unknown_reference", 5, 47),
    ]


def test_an_unknown_parent_names_the_nearest(tmp_path: Path) -> None:
    """The sentence offers what was probably meant."""
    path = tmp_path / "town.yaml"
    path.write_text(CHANGLE.replace("parent: 第一工作片}", "parent: 第一工作区}"), encoding="utf-8")
    with pytest.raises(InputError, match="第一工作区。可填：第一工作片"):
        read_town(path)


def test_a_cycle_is_named_in_full(tmp_path: Path) -> None:
    """A1 under V1 under A1 is said once, with the whole ring."""
    path = tmp_path / "town.yaml"
    path.write_text(
        "town: {name: 镇, code: '1'}\nareas:\n"
        "  - {id: A1, name: 甲, kind: work_area, parent: V1}\n"
        "  - {id: V1, name: 乙, kind: village, parent: A1}\n",
        encoding="utf-8",
    )
    with pytest.raises(InputError) as error:
        read_town(path)
    (finding,) = error.value.findings
    assert finding.code == "cycle"
    assert "A1 → V1 → A1" in finding.message.zh
    assert finding.place.line == 3


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("town: {name: 镇\nareas: []\n", ("not_yaml", 2, 6)),
        ("- 1\n", ("not_mapping", 1, 1)),
        ("town: {name: 镇, code: '1'}\n", ("missing_key", 1, 1)),
        ("format: liangxin.plan/1\ntown: {name: 镇, code: '1'}\nareas: []\n", ("format", 1, 9)),
    ],
)
def test_a_file_that_is_something_else(
    tmp_path: Path, text: str, expected: tuple[str, int | None, int | None]
) -> None:
    """Not YAML, not a mapping, no areas, another format: one clear finding."""
    assert refused(tmp_path, text) == [expected]


def test_a_file_in_gb18030_is_refused_by_line(tmp_path: Path) -> None:
    """The line of the first byte that is not UTF-8."""
    path = tmp_path / "town.yaml"
    path.write_bytes(CHANGLE.encode("gb18030"))
    with pytest.raises(InputError) as error:
        read_town(path)
    assert [(item.code, item.place.line) for item in error.value.findings] == [("not_utf8", 2)]


words = st.text(
    st.characters(
        min_codepoint=0x20, max_codepoint=0x9FFF, exclude_categories=("Cc", "Cs", "Co", "Cn", "Zs")
    ),
    min_size=1,
    max_size=8,
)


@st.composite
def towns(draw: st.DrawFn) -> Town:
    ids = draw(st.lists(words, min_size=1, max_size=6, unique=True))
    centre = st.none() | st.tuples(st.floats(73, 136), st.floats(3, 51))
    areas = tuple(
        Area(
            own_id,
            draw(words),
            draw(st.sampled_from(("work_area", "village", "park"))),
            draw(st.sampled_from([None, *ids[:index]])),
            draw(centre),
            aliases=tuple(draw(st.lists(words, max_size=2))),
        )
        for index, own_id in enumerate(ids)
    )
    return Town(
        draw(words),
        draw(words),
        areas,
        associations=tuple(Association(own_id, draw(words)) for own_id in draw(st.sets(words, max_size=3))),
        organizations=tuple(
            OrganizationRecord(own_id, draw(words), "branch", None, draw(st.sampled_from(ids)), day)
            for own_id, day in draw(st.dictionaries(words, st.dates(), max_size=3)).items()
        ),
    )


@settings(max_examples=60, deadline=None)
@given(town=towns())
def test_written_and_read_again_it_is_the_same(tmp_path_factory: pytest.TempPathFactory, town: Town) -> None:
    """For any town: ids that look like numbers, dates, yes or null included."""
    path = tmp_path_factory.mktemp("town") / "town.yaml"
    write_town(path, town)
    assert read_town(path) == town
