"""Let blocks of boxes flow into columns of equal room, as level as possible, without tearing a box."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, TypeVar

from liangxin.structure.content import Node
from liangxin.structure.glyphs import MM_PER_PT, wrap
from liangxin.structure.hanging import Scale, elbow, hang, hang_children, height
from liangxin.structure.sheet import Sheet, Words

Found = TypeVar("Found")

TALL_MM: Final = 100.0
"""About half a sheet: blocks up to this height stay in one column."""


@dataclass(slots=True)
class Block:
    """A first-level box with what hangs under it, or (``continued``) the rest of one that began in the column before."""

    node: Node
    caption: str
    continued: bool = False

    def height(self, column: float, scale: Scale) -> float:
        words = caption_height(self.caption, column, scale)
        if not self.continued:
            return words + height(self.node, column, scale)
        return words + sum(
            (scale.gap if place else 0) + height(child, column - scale.indent, scale)
            for place, child in enumerate(self.node.children)
        )


Column = list[Block]


@dataclass(slots=True)
class Flow:
    """Columns of blocks; ``height``: of the tallest."""

    columns: list[Column] = field(default_factory=list)
    height: float = 0.0


def caption_lines(caption: str, column: float, scale: Scale) -> tuple[str, ...]:
    return wrap(caption, column, scale.note_pt)


def caption_height(caption: str, column: float, scale: Scale) -> float:
    lines = caption_lines(caption, column, scale)
    return len(lines) * scale.note_leading + scale.note_pt * MM_PER_PT * 0.3 if lines else 0.0


def blocks(nodes: Sequence[Node], column: float, room: float, scale: Scale) -> list[Block]:
    """One block a node; a node that is taller than a column becomes several."""
    found: list[Block] = []
    for node in nodes:
        found += _split(Block(node, node.caption), column, room, scale)
    return found


def _split(block: Block, column: float, room: float, scale: Scale) -> list[Block]:
    """Children go over to a new part whenever the next one would pass ``room``; the box stays with the first of them."""
    if block.height(column, scale) <= room or len(block.node.children) < 2:
        return [block]
    again = caption_height(block.node.again, column, scale)
    used = Block(replace(block.node, children=[]), block.caption).height(column, scale)
    runs: list[list[Node]] = [[]]
    for child in block.node.children:
        tall = scale.gap + height(child, column - scale.indent, scale)
        if used + tall > room and runs[-1]:
            runs.append([])
            used = again - scale.gap  # the first child of a continued part has no gap above it
        runs[-1].append(child)
        used += tall
    first, *others = (replace(block.node, children=run) for run in runs)
    return [Block(first, block.caption), *(Block(node, node.again, True) for node in others)]


def fill(items: Sequence[Block], column: float, room: float, scale: Scale) -> Flow:
    """From top to bottom, a new column whenever the next block would pass ``room``."""
    flow = Flow()
    used = 0.0
    place = ""  # the caption of the block before: one that goes on is said again only at the head of a column
    for block in items:
        follows = replace(block, caption="") if block.caption == place else block
        gap = scale.gap * 1.5
        if flow.columns and used + gap + follows.height(column, scale) <= room:
            flow.columns[-1].append(follows)
            used += gap + follows.height(column, scale)
        else:
            flow.columns.append([block])
            used = block.height(column, scale)
        place = block.caption
        flow.height = max(flow.height, used)
    return flow


def flow_at(nodes: Sequence[Node], column: float, limit: float, room: float, scale: Scale) -> Flow | None:
    """Columns no higher than ``limit``, or None. A block goes on in another column only when it is a tall one."""
    whole = max(limit, min(room, TALL_MM))
    flow = fill(blocks(nodes, column, whole, scale), column, limit, scale)
    return flow if flow.height <= limit + 1e-6 else None


def lowest(fits: Callable[[float], Found | None], room: float) -> Found | None:
    """What ``fits`` gives for the least height for which it gives anything; None when nothing fits into ``room``."""
    best = fits(room)
    if best is None:
        return None
    low, high = 0.0, room
    while high - low > 0.5:
        middle = (low + high) / 2
        found = fits(middle)
        if found is None:
            low = middle
        else:
            best, high = found, middle
    return best


def level(nodes: Sequence[Node], columns: int, column: float, room: float, scale: Scale) -> Flow | None:
    """The lowest flow in at most so many columns; None when they do not fit into ``room``."""

    def fits(limit: float) -> Flow | None:
        flow = flow_at(nodes, column, limit, room, scale)
        return flow if flow is not None and len(flow.columns) <= columns else None

    return lowest(fits, room)


def draw_columns(
    sheet: Sheet, columns: Sequence[Column], x: float, top: float, pitch: float, column: float, scale: Scale
) -> list[float]:
    """Draw columns from ``x``; their trunks begin at ``top``. Returns the x of each trunk that needs the bus above; a
    column that only goes on with the one before has none."""
    trunks: list[float] = []
    for index, blocks_of in enumerate(columns):
        left = x + index * pitch
        trunk = left + scale.indent * 0.45
        y = top + scale.gap * 1.5
        end = top
        for block in blocks_of:
            if block.caption:
                lines = caption_lines(block.caption, column, scale)
                baseline = y + scale.note_pt * MM_PER_PT * 0.95
                sheet.words.append(
                    Words(
                        left + scale.indent,
                        baseline,
                        lines,
                        scale.note_pt,
                        "grey",
                        True,
                        leading=scale.note_leading,
                    )
                )
                y += caption_height(block.caption, column, scale)
            if block.continued:
                y = hang_children(
                    sheet, block.node.children, left + scale.indent, y - scale.gap, column, scale
                )
            else:
                end = y + elbow(block.node, column, scale)
                sheet.stroke((trunk, end), (left + scale.indent, end))
                y = hang(sheet, block.node, left + scale.indent, y, column, scale)
            y += scale.gap * 1.5
        if end > top:
            trunks.append(trunk)
            sheet.stroke((trunk, top), (trunk, end))
    return trunks
