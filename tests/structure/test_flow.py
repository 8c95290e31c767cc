"""Columns: what is drawn is as high as was reckoned, in order, and tall blocks go on in the next column."""

from __future__ import annotations

import pytest
from tests.structure.made_town import DAY, big_tree, made_town
from tests.structure.test_network import rectangle

from liangxin.structure.content import Node, count_members, gather
from liangxin.structure.flow import draw_columns, level
from liangxin.structure.hanging import Scale, draw_box
from liangxin.structure.sheet import Sheet

SCALE = Scale(9, 6)
COLUMN = 55.0


def nodes() -> list[Node]:
    """Everything under the first work area."""
    tree, frame = big_tree()
    today = tree.on(DAY)
    return gather(today, made_town(), count_members(today, frame)).panels[0].nodes


@pytest.mark.parametrize(("columns", "room"), [(1, 1000.0), (3, 230.0), (6, 120.0)])
def test_what_is_drawn_is_as_high_as_was_reckoned(columns: int, room: float) -> None:
    """From the bus to the lowest box: the flow's height and the space under the bus."""
    flow = level(nodes(), columns, COLUMN, room, SCALE)
    assert flow is not None
    sheet = Sheet()
    draw_columns(sheet, flow.columns, 0, 0, 62, COLUMN, SCALE)
    assert max(box.bottom for box in sheet.boxes) == pytest.approx(flow.height + SCALE.gap * 1.5)


def test_the_order_stays() -> None:
    """Down the first column, then down the next."""
    flow = level(nodes(), 6, COLUMN, 120, SCALE)
    assert flow is not None
    sheet = Sheet()
    draw_columns(sheet, flow.columns, 0, 0, 62, COLUMN, SCALE)
    expected = [each.organization.id for node in nodes() for each in node.walk()]
    assert expected == [box.id for box in sheet.boxes]


def test_a_block_that_goes_on_says_so() -> None:
    """Its name stands over the rest of it, with （续）."""
    flow = level(nodes(), 6, COLUMN, 120, SCALE)
    assert flow is not None
    continued = [block for column in flow.columns for block in column if block.continued]
    assert continued
    assert {f"{block.node.organization.name}（续）" for block in continued} == {
        block.caption for block in continued
    }


def test_nothing_is_squeezed_into_too_little_room() -> None:
    """Too few columns for the room: None, not an overflow."""
    assert level(nodes(), 1, COLUMN, 60, SCALE) is None


def test_a_long_name_of_a_line_is_wrapped_inside_its_box() -> None:
    """It stays in the box, whole, under the figures."""
    node = nodes()[-1]
    node.line = "长乐镇个体劳动者和私营企业家协会（含流动商户及电子商务经营户）联合党总支"
    sheet = Sheet()
    box = draw_box(sheet, node, 10, 10, COLUMN, SCALE)
    for words in sheet.words:
        room = rectangle(words)
        assert room.right <= box.right
        assert room.bottom <= box.bottom
    assert node.line in {"".join(words.lines) for words in sheet.words}
