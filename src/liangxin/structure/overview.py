"""The first sheet of a chart that needs several: town, working committee, and a card for every panel with its figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from liangxin.structure.cards import CARDS_IN_ROW, CardRow
from liangxin.structure.content import Content, Panel
from liangxin.structure.hanging import Scale, draw_box, lines_of
from liangxin.structure.sheet import MARGIN, PAGE_WIDTH, Sheet, Words
from liangxin.wording import Lang, Text

TOP_SCALE: Final = Scale(12, 1)
CARD_SCALES: Final = (Scale(10, 1), Scale(9.5, 1), Scale(9, 1), Scale(8.5, 1), Scale(8, 1))
_OVERVIEW: Final = Text("总图", "Overview")
_CONTINUED: Final = Text("总图（续）", "Overview, continued")
_TOP_WIDTH: Final = 116.0
_LINES_MM: Final = 12.0  # room for the dashed lines under a row of cards


def draw_top(sheet: Sheet, content: Content, top: float, scale: Scale = TOP_SCALE) -> tuple[float, float]:
    """Town committee, leading groups beside it, working committee below. Returns x and y from where the bus starts."""
    middle = PAGE_WIDTH / 2
    root = draw_box(sheet, content.root, middle - _TOP_WIDTH / 2, top, _TOP_WIDTH, scale)
    left = root.right + 14
    for node in content.beside:
        level = root.y + root.height / 2
        room = min(_TOP_WIDTH, PAGE_WIDTH - MARGIN - left)
        tall = lines_of(node, room, scale).height
        sheet.stroke((root.right, level), (left, level))
        box = draw_box(sheet, node, left, level - tall / 2, room, scale)
        left = box.right + 8
    if content.working is None:
        return middle, root.bottom
    start = root.bottom + 6
    sheet.stroke((middle, root.bottom), (middle, start))
    working = draw_box(sheet, content.working, middle - _TOP_WIDTH / 2, start, _TOP_WIDTH, scale)
    return middle, working.bottom


def draw_overview(content: Content, pages: Mapping[int, int], top: float, bottom: float) -> list[Sheet]:
    """Cards in rows of ten, as many sheets as they need. ``pages``: panel -> the page it is drawn on."""
    sheets = [Sheet(_OVERVIEW.in_language(content.lang))]
    x, y = draw_top(sheets[0], content, top)
    links = content.lines()
    rows = _card_rows(list(enumerate(content.panels)), pages, bottom - y - 9 - _LINES_MM, content.lang)
    for row in rows:
        if y + 9 + row.height + _LINES_MM > bottom:
            sheets.append(Sheet(_CONTINUED.in_language(content.lang)))
            x, y = PAGE_WIDTH / 2, top
        sheet = sheets[-1]
        bus = y + 5
        middles = row.draw(sheet, bus + 4)
        for middle in middles.values():
            sheet.stroke((middle, bus), (middle, bus + 4))
        ends = [x, *middles.values()]
        sheet.stroke((x, y), (x, bus))
        sheet.stroke((min(ends), bus), (max(ends), bus))
        y = bus + 4 + row.height
        _draw_lines(sheet, links, middles, y)
        y += _LINES_MM if links else 5
        if row is not rows[-1]:
            # The next row hangs from the same committee: its trunk comes down at the left edge.
            x = MARGIN - 4
            sheet.stroke((min(ends), bus), (x, bus), (x, y))
    return sheets


def _card_rows(
    panels: Sequence[tuple[int, Panel]], pages: Mapping[int, int], room: float, lang: Lang
) -> list[CardRow]:
    """One row in the largest type that fits; several rows in the smallest, without the lists of villages."""
    if not panels:
        return []
    if len(panels) <= CARDS_IN_ROW:
        for scale in CARD_SCALES:
            row = CardRow(panels, pages, scale, with_carriers=True, lang=lang)
            if row.height <= room:
                return [row]
    return [
        CardRow(panels[start : start + CARDS_IN_ROW], pages, CARD_SCALES[-1], with_carriers=False, lang=lang)
        for start in range(0, len(panels), CARDS_IN_ROW)
    ]


def _draw_lines(
    sheet: Sheet, links: Sequence[tuple[int, int, int]], middles: Mapping[int, float], y: float
) -> None:
    """Dashed lines under a row of cards, from a panel to the panel that leads its organizations by line."""
    shown = [(a, b, many) for a, b, many in links if a in middles and b in middles]
    for depth, target in enumerate(list(dict.fromkeys(b for _, b, _ in shown))[:3]):
        level = y + 4 + depth * 3.2
        sources = [(a, many) for a, b, many in shown if b == target]
        ends = [middles[target] + 2 + depth, *(middles[a] - 2 + depth for a, _ in sources)]
        sheet.stroke((min(ends), level), (max(ends), level), dashed=True, tone="ink")
        sheet.stroke((ends[0], level), (ends[0], y), dashed=True, tone="ink")
        for (_, many), x in zip(sources, ends[1:], strict=True):
            sheet.stroke((x, y), (x, level), dashed=True, tone="ink")
            sheet.words.append(Words(x - 0.8, level - 0.9, (str(many),), 7, "ink", False, "end"))
