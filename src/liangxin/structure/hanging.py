"""A hanging tree: boxes under one another, each level indented, elbows on the left; its height is known before it is drawn."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final

from liangxin.structure.content import Node
from liangxin.structure.glyphs import MM_PER_PT, width, wrap, wrap_items
from liangxin.structure.organization import OrganizationType
from liangxin.structure.sheet import Box, Mark, Shape, Sheet, Words

SHAPES: Final[dict[str, Shape]] = {
    "party_committee": "filled",
    "working_committee": "filled",
    "general_branch": "square",
    "joint_general_branch": "double_square",
    "branch": "circle",
    "joint_branch": "double_circle",
    "group": "diamond",
    "leading_group": "square",
}


@dataclass(frozen=True)
class Scale:
    """One size of type with everything that follows from it. ``columns`` of a full sheet."""

    name_pt: float
    columns: int

    @cached_property
    def note_pt(self) -> float:
        return max(6.2, self.name_pt - 1.6)

    @cached_property
    def mark_pt(self) -> float:
        return max(6.0, self.name_pt - 1.8)

    @cached_property
    def em(self) -> float:
        """Millimetres of one Chinese character of a name."""
        return self.name_pt * MM_PER_PT

    @property
    def name_leading(self) -> float:
        return self.em * 1.28

    @property
    def note_leading(self) -> float:
        return self.note_pt * MM_PER_PT * 1.38

    @property
    def pad(self) -> float:
        return self.em * 0.46

    @property
    def gap(self) -> float:
        """Between two boxes."""
        return self.em * 0.62

    @property
    def indent(self) -> float:
        return self.em * 1.5

    @property
    def mark_room(self) -> float:
        return self.em * 2.4


@dataclass(frozen=True, slots=True)
class Lines:
    """The text of a box, wrapped for its width."""

    name: tuple[str, ...]
    note: tuple[str, ...]
    line: tuple[str, ...]
    height: float


def lines_of(node: Node, box_width: float, scale: Scale) -> Lines:
    """How a node's text stands in a box of this width."""
    return _lines(node.organization.name, node.note, node.tag, node.line or "", round(box_width, 3), scale)


@lru_cache(maxsize=65536)
def _lines(
    called: str, figures: tuple[str, ...], tag: str, led_by: str, box_width: float, scale: Scale
) -> Lines:
    room = box_width - scale.mark_room - scale.pad
    name = wrap(called, room, scale.name_pt)
    tag_room = width(tag, scale.note_pt) + scale.pad if tag else 0
    note = wrap_items(figures, room, scale.note_pt, last_room_mm=room - tag_room)
    if tag and not note:
        note = ("",)
    line = wrap(led_by, room - scale.em * 2.4, scale.note_pt) if led_by else ()
    height = (
        2 * scale.pad
        + len(name) * scale.name_leading
        + (len(note) + len(line)) * scale.note_leading
        + (0.2 * scale.em if note or line else 0)
        - (scale.name_leading - scale.em)
    )
    return Lines(name, note, line, height)


def height(node: Node, box_width: float, scale: Scale) -> float:
    """Of the box and everything hanging under it. Asked very often while columns are levelled, so it is kept."""
    key = (box_width, scale.name_pt)
    if key not in node.heights:
        below = sum(scale.gap + height(child, box_width - scale.indent, scale) for child in node.children)
        node.heights[key] = lines_of(node, box_width, scale).height + below
    return node.heights[key]


def draw_box(sheet: Sheet, node: Node, x: float, y: float, box_width: float, scale: Scale) -> Box:
    """One box with its mark, name, figures and line relation."""
    lines = lines_of(node, box_width, scale)
    kind = node.organization.kind
    is_lead = kind.rank >= 3
    box = Box(
        node.organization.id,
        x,
        y,
        box_width,
        lines.height,
        "tint" if node.carries and not is_lead else "paper",
        "ink" if is_lead else "line",
        0.3 if is_lead else 0.18,
    )
    sheet.boxes.append(box)
    left = x + scale.mark_room
    baseline = y + scale.pad + scale.em * 0.86
    draw_mark(sheet, kind, x + scale.mark_room / 2, baseline - scale.em * 0.36, scale.mark_pt)
    tone = "ink" if is_lead else "text"
    sheet.words.append(
        Words(left, baseline, lines.name, scale.name_pt, tone, is_lead, "start", scale.name_leading)  # type: ignore[arg-type]
    )
    baseline += (len(lines.name) - 1) * scale.name_leading + scale.note_leading + 0.14 * scale.em
    if lines.note:
        if any(lines.note):
            sheet.words.append(
                Words(left, baseline, lines.note, scale.note_pt, "grey", False, "start", scale.note_leading)
            )
        if node.tag:
            end = box.right - scale.pad
            last = baseline + (len(lines.note) - 1) * scale.note_leading
            sheet.words.append(Words(end, last, (node.tag,), scale.note_pt, "ink", True, "end"))
        baseline += len(lines.note) * scale.note_leading
    if lines.line:
        middle = baseline - scale.note_pt * MM_PER_PT * 0.36
        sheet.stroke((left, middle), (left + scale.em * 2.0, middle), dashed=True, tone="ink")
        sheet.words.append(
            Words(
                left + scale.em * 2.4,
                baseline,
                lines.line,
                scale.note_pt,
                "grey",
                False,
                "start",
                scale.note_leading,
            )
        )
    return box


def draw_mark(sheet: Sheet, kind: OrganizationType, x: float, y: float, size_pt: float) -> None:
    sheet.marks.append(Mark(x, y, SHAPES[kind.id], kind.mark, size_pt))


def hang(sheet: Sheet, node: Node, x: float, y: float, box_width: float, scale: Scale) -> float:
    """Draw the box and what hangs under it; returns the bottom."""
    box = draw_box(sheet, node, x, y, box_width, scale)
    return hang_children(sheet, node.children, x, box.bottom, box_width, scale)


def hang_children(
    sheet: Sheet, children: list[Node], x: float, top: float, box_width: float, scale: Scale
) -> float:
    """Boxes under one parent whose lower edge is ``top``, on a trunk from that edge."""
    bottom = top
    trunk = x + scale.indent * 0.45
    left = x + scale.indent
    for child in children:
        start = bottom + scale.gap
        at = start + elbow(child, box_width - scale.indent, scale)
        sheet.stroke((trunk, top), (trunk, at), (left, at))
        bottom = hang(sheet, child, left, start, box_width - scale.indent, scale)
    return bottom


def elbow(node: Node, box_width: float, scale: Scale) -> float:
    """How far under a box's upper edge its connecting line meets it: at the middle of the name's first line."""
    return min(lines_of(node, box_width, scale).height / 2, scale.pad + scale.em * 0.5)
