"""A row of cards on the overview: for each panel its head, its figures by type, and the organizations it rests on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from liangxin.structure.content import Panel
from liangxin.structure.glyphs import MM_PER_PT, wrap
from liangxin.structure.hanging import Scale, draw_box, lines_of
from liangxin.structure.organization import ORGANIZATION_TYPES
from liangxin.structure.sheet import MARGIN, PAGE_WIDTH, Box, Sheet, Tone, Words
from liangxin.wording import Lang, Text

CARDS_IN_ROW: Final = 10
_GAP_MM: Final = 3.2
_SIDE_MM: Final = 2.0
_FIGURE_MM: Final = 11.0
WIDTH_MM: Final = (PAGE_WIDTH - 2 * MARGIN - (CARDS_IN_ROW - 1) * _GAP_MM) / CARDS_IN_ROW


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a card's table: words on the left, a figure on the right; a heading has a rule above it."""

    words: tuple[str, ...]
    figure: str
    heading: bool = False


class CardRow:
    """Up to ten panels side by side in one type size; every head and every table of the row is equally high."""

    def __init__(
        self,
        panels: Sequence[tuple[int, Panel]],
        pages: Mapping[int, int],
        scale: Scale,
        *,
        with_carriers: bool,
        lang: Lang,
    ) -> None:
        self.lang = lang
        self.panels = panels
        self.scale = scale
        self.names = {
            index: replace(panel.head, note=()) if panel.head else None for index, panel in panels
        }  # heads with their figures in the table below
        self.row_pt = max(7.0, scale.name_pt - 1)
        self.row_mm = self.row_pt * MM_PER_PT * (1.5 + 0.12 * (scale.name_pt - 8))
        self.rows = {index: self._rows(panel, pages.get(index), with_carriers) for index, panel in panels}
        self.heads = max(self._head(index, panel) for index, panel in panels)
        self.tables = (
            max(
                sum(len(row.words) * self.row_mm + (self._rule if row.heading else 0) for row in rows)
                for rows in self.rows.values()
            )
            + self.row_mm * 0.7
        )

    @property
    def height(self) -> float:
        return self.heads + self.tables

    @property
    def _rule(self) -> float:
        return self.row_mm * 0.45

    def draw(self, sheet: Sheet, y: float) -> dict[int, float]:
        """Draw the row with its upper edge at ``y``; returns the x of each card's middle by panel."""
        used = len(self.panels) * WIDTH_MM + (len(self.panels) - 1) * _GAP_MM
        left = (PAGE_WIDTH - used) / 2
        middles: dict[int, float] = {}
        for index, panel in self.panels:
            self._draw_head(sheet, index, panel, left, y)
            self._draw_table(sheet, self.rows[index], left, y + self.heads)
            middles[index] = left + WIDTH_MM / 2
            left += WIDTH_MM + _GAP_MM
        return middles

    def _head(self, index: int, panel: Panel) -> float:
        head = self.names[index]
        if head is not None:
            return lines_of(head, WIDTH_MM, self.scale).height
        return (
            len(wrap(panel.name, WIDTH_MM, self.scale.name_pt)) * self.scale.name_leading + 2 * self.scale.pad
        )

    def _rows(self, panel: Panel, page: int | None, with_carriers: bool) -> list[Row]:
        inside = [node for node in panel.walk() if node is not panel.head]
        carriers = [node for node in inside if node.carries]
        rows: list[Row] = []

        def add(words: Text, figure: str, heading: bool = False) -> None:
            room = WIDTH_MM - 2 * _SIDE_MM - _FIGURE_MM * (0.7 if len(figure) < 3 else 1)
            rows.append(Row(wrap(words.in_language(self.lang), room, self.row_pt), figure, heading))

        total = panel.total()
        add(Text("单位", "units"), str(total.units))
        add(Text("正式党员", "full members"), str(total.full_members))
        if total.unknown:
            add(Text("待核单位", "units not yet known"), str(total.unknown))
        if total.graduates:
            add(Text("大学生流动党员", "graduate mobile members"), str(total.graduates))
        add(Text("党组织", "organizations"), str(total.organizations), heading=True)
        for kind in ORGANIZATION_TYPES.values():
            of_kind = [node for node in inside if node.organization.kind is kind]
            if of_kind:
                add(kind.label, str(len(of_kind)))
        add(Text("其中新建", "new ones"), str(sum(node.is_new for node in inside)))
        by_line = sum(node.line is not None for node in inside)
        if by_line:
            add(Text("条线联系", "led by line"), str(by_line))
        if page is not None:
            add(Text("详见", "see"), Text("第{page}页", "p. {page}").fill(page=page).in_language(self.lang))
        if with_carriers and carriers:
            add(Text("依托组织", "through"), Text("下设", "under it").in_language(self.lang), heading=True)
            for node in carriers:
                add(Text(node.organization.name, node.organization.name), str(node.total.organizations))
        return rows

    def _draw_head(self, sheet: Sheet, index: int, panel: Panel, x: float, y: float) -> None:
        head = self.names[index]
        if head is not None:
            box = draw_box(sheet, head, x, y, WIDTH_MM, self.scale)
            # Heads of one row end on one line, so that the tables begin on one line.
            sheet.boxes[-1] = Box(box.id, x, y, WIDTH_MM, self.heads, box.fill, box.edge, box.edge_mm)
            return
        lines = wrap(panel.name, WIDTH_MM, self.scale.name_pt)
        baseline = y + self.scale.pad + self.scale.em
        sheet.words.append(
            Words(
                x + WIDTH_MM / 2,
                baseline,
                lines,
                self.scale.name_pt,
                "ink",
                True,
                "middle",
                self.scale.name_leading,
            )
        )

    def _draw_table(self, sheet: Sheet, rows: Sequence[Row], x: float, y: float) -> None:
        sheet.boxes.append(Box("", x, y, WIDTH_MM, self.tables))
        baseline = y + self.row_mm * 0.35
        right = x + WIDTH_MM - _SIDE_MM
        for row in rows:
            if row.heading:
                baseline += self._rule
                sheet.stroke((x + _SIDE_MM, baseline), (right, baseline))
            tone: Tone = "grey" if row.heading else "text"
            first = baseline + self.row_mm * 0.72
            sheet.words.append(Words(x + _SIDE_MM, first, row.words, self.row_pt, tone, leading=self.row_mm))
            baseline += len(row.words) * self.row_mm
            last = baseline - self.row_mm * 0.28
            sheet.words.append(Words(right, last, (row.figure,), self.row_pt, tone, anchor="end"))
