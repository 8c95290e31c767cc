"""The network chart as a layout: everything on it once, nothing over anything, no text too small or cut."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache
from itertools import combinations

import pytest
from tests.structure.made_town import DAY, arranged, big_tree, ledger, made_town, policy, unit

from liangxin.registry.town import Area
from liangxin.structure import Tree, build_tree
from liangxin.structure.arranged import Arrangement
from liangxin.structure.content import count_members, gather
from liangxin.structure.glyphs import MM_PER_PT, width
from liangxin.structure.network import draw_network
from liangxin.structure.sheet import PAGE_HEIGHT, PAGE_WIDTH, SMALLEST_PT, Box, Chart, Sheet, Words
from liangxin.wording import Lang

MANY_IN_ONE_PARK = 400


@cache
def small() -> tuple[Tree, Chart]:
    rows = [unit("u1", 3, village="V11")]
    frame = ledger(*rows)
    tree = build_tree(made_town(), Arrangement(DAY, (arranged("S", "separate", rows),)), policy(), frame)
    today = tree.on(DAY)
    return tree, draw_network(today, made_town(), count_members(today, frame))


@cache
def big(lang: Lang = "zh") -> tuple[Tree, Chart]:
    tree, frame = big_tree()
    today = tree.on(DAY)
    return tree, draw_network(today, made_town(), count_members(today, frame), lang=lang)


@cache
def crowded() -> tuple[Tree, Chart]:
    """More in one park area than a sheet can hold, and more work areas than a row of cards."""
    town = made_town()
    town = replace(
        town, areas=(*town.areas, *(Area(f"B{n}", f"第{n}新工作片", "work_area") for n in range(24)))
    )
    rows = [unit(f"u{n}", 3, park="P1", village="V11") for n in range(MANY_IN_ONE_PARK)]
    frame = ledger(*rows)
    organizations = tuple(
        arranged(f"S{n}", "separate", [row], name=f"长乐{n}号电机厂党支部") for n, row in enumerate(rows)
    )
    tree = build_tree(town, Arrangement(DAY, organizations), policy(), frame)
    today = tree.on(DAY)
    return tree, draw_network(today, town, count_members(today, frame))


CHARTS = {"small": small, "big": big, "english": lambda: big("en"), "crowded": crowded}
every_chart = pytest.mark.parametrize("which", CHARTS)


def rectangle(words: Words) -> Box:
    """The room that the lines take, by measured widths and the font's height."""
    em = words.size_pt * MM_PER_PT
    wide = max(width(line, words.size_pt) for line in words.lines)
    left = words.x - {"start": 0.0, "middle": wide / 2, "end": wide}[words.anchor]
    return Box("", left, words.y - 0.82 * em, wide, 0.9 * em + (len(words.lines) - 1) * words.leading)


@every_chart
@pytest.mark.clause("A1")
def test_every_organization_has_its_box(which: str) -> None:
    """On several sheets a panel's head stands on the overview and on its own sheet; everything else once."""
    tree, chart = CHARTS[which]()
    today = tree.on(DAY)
    boxes = list(chart.organizations())
    assert set(today.organizations) == set(boxes)
    twice = {id for id in boxes if boxes.count(id) > 1}
    assert twice <= set(today.children["working_committee"])
    assert len(boxes) == len(today.organizations) + len(twice)


@every_chart
def test_no_box_lies_over_another(which: str) -> None:
    """On each sheet, box by box."""
    for sheet in CHARTS[which]()[1].sheets:
        shrunk = [replace(box, width=box.width - 0.01, height=box.height - 0.01) for box in sheet.boxes]
        assert [] == [(a, b) for a, b in combinations(shrunk, 2) if a.overlaps(b)]


@every_chart
def test_everything_is_on_the_page(which: str) -> None:
    """Boxes, words, marks and lines, with at least 5 mm to the edge that a printer cannot reach."""
    for sheet in CHARTS[which]()[1].sheets:
        found = [*sheet.boxes, *map(rectangle, sheet.words)]
        found += [
            Box("", mark.x - mark.half, mark.y - mark.half, 2 * mark.half, 2 * mark.half)
            for mark in sheet.marks
        ]
        found += [Box("", x, y, 0, 0) for stroke in sheet.strokes for x, y in stroke.points]
        outside = [
            each
            for each in found
            if each.x < 5 or each.y < 5 or each.right > PAGE_WIDTH - 5 or each.bottom > PAGE_HEIGHT - 5
        ]
        assert [] == outside


@every_chart
def test_no_words_lie_over_others(which: str) -> None:
    """By measured widths, also the legend, the title and the figures in the cards."""
    for sheet in CHARTS[which]()[1].sheets:
        rooms = [(words.lines, rectangle(words)) for words in sheet.words]
        assert [] == [(a, b) for (a, x), (b, y) in combinations(rooms, 2) if x.overlaps(y)]


@every_chart
def test_words_stay_in_their_box(which: str) -> None:
    """Words that begin in a box end in it."""
    for sheet in CHARTS[which]()[1].sheets:
        for words in sheet.words:
            room = rectangle(words)
            for box in sheet.boxes:
                if box.x <= words.x <= box.right and box.y <= words.y <= box.bottom:
                    assert room.x >= box.x, words
                    assert room.right <= box.right + 0.01, words
                    assert room.y >= box.y - 0.01, words
                    assert room.bottom <= box.bottom + 0.01, words


@every_chart
def test_no_text_is_too_small(which: str) -> None:
    """Nothing below 6 pt, names not below 7.5 pt."""
    for sheet in CHARTS[which]()[1].sheets:
        assert min(words.size_pt for words in sheet.words) >= SMALLEST_PT
        assert min((mark.size_pt for mark in sheet.marks), default=9) >= SMALLEST_PT


@every_chart
def test_every_name_is_whole(which: str) -> None:
    """The lines of a name put together are the name, in the box of its organization."""
    tree, chart = CHARTS[which]()
    organizations = tree.on(DAY).organizations
    for sheet in chart.sheets:
        for box in sheet.boxes:
            if box.id:
                name = "".join(organizations[box.id].name.split())
                assert name in {"".join("".join(words.lines).split()) for words in inside(sheet, box)}


def inside(sheet: Sheet, box: Box) -> list[Words]:
    return [
        words for words in sheet.words if box.x <= words.x <= box.right and box.y <= words.y <= box.bottom
    ]


def test_one_sheet_when_it_fits_else_an_overview_first() -> None:
    """A small town has one sheet; 150 organizations have an overview that names the page of each panel."""
    assert 1 == len(small()[1].sheets)
    chart = big()[1]
    assert "总图" == chart.sheets[0].subject
    said = {line for words in chart.sheets[0].words for line in words.lines}
    for number, sheet in enumerate(chart.sheets[1:], start=2):
        assert "第一工作片党总支" not in sheet.subject or f"第{number}页" in said
        assert f"第{number}页　共{len(chart.sheets)}页" in "".join(
            line for words in sheet.words for line in words.lines
        )


@pytest.mark.clause("3.0")
def test_lines_are_dashed_and_named() -> None:
    """An organization that follows a line shows it: a dashed stroke and the name of the line's organization."""
    tree, chart = big()
    led = [each for each in tree.on(DAY).organizations.values() if each.line is not None]
    assert led
    for each in led:
        sheet, box = next((s, b) for s in chart.sheets for b in s.boxes if b.id == each.id)
        assert any(
            stroke.dashed
            and box.x < stroke.points[0][0] < box.right
            and box.y < stroke.points[0][1] < box.bottom
            for stroke in sheet.strokes
        )
        assert tree.on(DAY).organizations[each.line or ""].name in {
            "".join(words.lines) for words in inside(sheet, box)
        }


def test_figures_add_up() -> None:
    """The committee's figures are those of all panels together, and the ledger's."""
    tree, frame = big_tree()
    today = tree.on(DAY)
    content = gather(today, made_town(), count_members(today, frame))
    assert frame.height == content.root.total.units
    assert frame["full_members"].sum() == content.root.total.full_members
    assert frame["graduate_mobile_members"].sum() == content.root.total.graduates
    panels = [panel.total() for panel in content.panels]
    assert content.root.total.units == sum(total.units for total in panels)
    party = [each for each in today.organizations.values() if each.standing.type != "leading_group"]
    assert len(party) - 1 == content.root.total.organizations


def test_unknown_members_are_said_to_be_unknown() -> None:
    """待核 is neither zero nor left out."""
    rows = [unit("u1", 3, village="V11"), unit("u2", None, village="V11")]
    frame = ledger(*rows)
    organizations = (arranged("S", "separate", rows[:1]), arranged("Q", "mobile", rows[1:]))
    today = build_tree(made_town(), Arrangement(DAY, organizations), policy(), frame).on(DAY)
    content = gather(today, made_town(), count_members(today, frame))
    notes = {node.organization.id: node.note for panel in content.panels for node in panel.walk()}
    assert ("流动党员支部", "正式党员待核") == notes["Q"]
    assert "正式党员3名（另1家待核）" in notes["O-A1"]


def test_what_the_drive_founded_is_marked_new() -> None:
    """Founded organizations are new, recorded ones are not, whenever they were founded; a later day marks fewer."""
    tree, frame = big_tree()
    today = tree.on(DAY)

    def new(since: date | None) -> set[str]:
        content = gather(today, made_town(), count_members(today, frame), new_since=since)
        return {node.organization.id for node in content.root.walk() if node.is_new}

    assert {"working_committee", "organization-P1", "N0"} <= new(None)
    assert not {"committee", "O-A1", "O-P", "organization-V13", "leading_group"} & new(None)
    assert new(None) - {"working_committee"} == new(DAY)


def test_what_is_outside_the_scope_is_not_on_the_chart() -> None:
    """A state enterprise's branch stands in the tree, but the chart is of non-public enterprises, as the plan is."""
    private = unit("u1", 3, village="V11")
    state = unit("u2", 9, village="V11", organization_id="O9", ownership="state")
    frame = ledger(private, state)
    organizations = (arranged("S", "separate", [private]),)
    today = build_tree(made_town(), Arrangement(DAY, organizations), policy(), frame).on(DAY)
    assert "O9" in today.organizations
    classified = frame.with_columns(in_scope=frame["ownership"].is_null())
    chart = draw_network(today, made_town(), count_members(today, classified))
    assert set(today.organizations) - {"O9"} == set(chart.organizations())
