"""Annex 1, the network chart of organizations: what goes on which sheet. All in millimetres; ``files.network`` draws it.

A small town fits on one sheet: the town on top, every panel as columns side by side. A larger one has an overview and
then its panels one after the other, several on a sheet where they fit, each sheet in the largest type that it can take.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from liangxin.registry.town import Town
from liangxin.structure.content import CONTINUED, NEW, Content, Count, Panel, gather
from liangxin.structure.flow import Column, blocks, draw_columns, fill, flow_at, level, lowest
from liangxin.structure.glyphs import width
from liangxin.structure.hanging import SHAPES, Scale, draw_box, lines_of
from liangxin.structure.organization import ORGANIZATION_TYPES
from liangxin.structure.overview import draw_overview, draw_top
from liangxin.structure.sheet import MARGIN, PAGE_HEIGHT, PAGE_WIDTH, Chart, Mark, Sheet, Tone, Words
from liangxin.structure.tree import DayTree
from liangxin.wording import Lang, Text

_ANNEX: Final = Text("附件1", "Annex 1")
_DRAWN_BY: Final = Text("制图单位：{name}", "Drawn by {name}")
_DAY: Final = Text("{year}年{month}月{day}日", "{iso}")
_PAGE: Final = Text("制图日期：{day}　第{number}页　共{pages}页", "{day}, page {number} of {pages}")
_TERRITORY: Final = Text("块（隶属）", "territory")
_LINE: Final = Text("条（条线联系）", "line")
_NEW_MEANS: Final = Text("本次成立", "founded in this drive")
_FROM_TO: Final = Text("{first}至{last}", "{first} to {last}")
_FOOT_PT: Final = 7.5
BODY_TOP: Final = MARGIN + 19
BODY_BOTTOM: Final = PAGE_HEIGHT - MARGIN - 11
USABLE: Final = PAGE_WIDTH - 2 * MARGIN

ONE_SHEET: Final = (Scale(9, 8), Scale(8.5, 9), Scale(8, 10), Scale(7.5, 10))
TOGETHER: Final = Scale(9, 6)  # panels share a sheet when they fit at this size
LARGEST_FIRST: Final = (Scale(11, 5), Scale(10.5, 5), Scale(10, 5), Scale(9.5, 6), TOGETHER)
ALONE: Final = (Scale(8.5, 6), Scale(8.5, 7), Scale(8, 7), Scale(7.5, 8))


def draw_network(
    today: DayTree,
    town: Town,
    counts: Mapping[str, Count],
    *,
    new_since: date | None = None,
    drawn_by: str = "",
    lang: Lang = "zh",
) -> Chart:
    """The whole chart of one day.

    Args:
        today: the tree on that day; every organization of it gets exactly one detailed box.
        town: for the order and names of areas.
        counts: own figures of each organization, from ``content.count_members``.
        new_since: organizations founded from this day on are marked 新建; all that were founded when None.
        drawn_by: 制图单位; the leading group's name where it is empty.
        lang: of the chart's own words; names stay as they are.
    """
    content = gather(today, town, counts, new_since=new_since, drawn_by=drawn_by, lang=lang)
    if not content.drawn_by and content.beside:
        content.drawn_by = content.beside[0].organization.name
    single = _one_sheet(content)
    sheets = [single] if single is not None else _several(content)
    for number, sheet in enumerate(sheets, start=1):
        _frame(sheet, content, number, len(sheets))
    return Chart(content.title, tuple(sheets))


def _measures(scale: Scale) -> tuple[float, float]:
    """Distance from column to column, and width of a first-level box."""
    pitch = USABLE / scale.columns
    return pitch, pitch - scale.indent - scale.em * 1.1


# One sheet


def _one_sheet(content: Content) -> Sheet | None:
    for scale in ONE_SHEET:
        pitch, column = _measures(scale)
        sheet = Sheet()
        x, y = draw_top(sheet, content, BODY_TOP)
        bus = y + 5
        heads = max(
            (_head_height(panel, pitch - scale.em * 1.1, scale) for panel in content.panels), default=0
        )
        room = BODY_BOTTOM - bus - 4 - heads - 2
        flows = _shared_level(content.panels, column, room, scale)
        if flows is None:
            continue
        used = sum(len(columns) for columns in flows)
        left = MARGIN + (USABLE - used * pitch + scale.em * 1.1) / 2
        centres: list[float] = []
        for panel, columns in zip(content.panels, flows, strict=True):
            span = len(columns) * pitch - scale.em * 1.1
            head_width = min(span, pitch * 1.6)
            top = _draw_head(sheet, panel, left + (span - head_width) / 2, bus + 4, head_width, scale, heads)
            centres.append(left + span / 2)
            sheet.stroke((centres[-1], bus), (centres[-1], bus + 4))
            _draw_panel(sheet, columns, centres[-1], top, left, pitch, column, scale)
            left += len(columns) * pitch
        sheet.stroke((x, y), (x, bus))
        sheet.stroke((min([x, *centres]), bus), (max([x, *centres]), bus))
        return sheet
    return None


def _shared_level(
    panels: Sequence[Panel], column: float, room: float, scale: Scale
) -> list[list[Column]] | None:
    """Columns of every panel for the lowest common height at which all fit side by side."""

    def fits(limit: float) -> list[list[Column]] | None:
        flows = [flow_at(panel.nodes, column, limit, room, scale) for panel in panels]
        columns = [flow.columns or [[]] for flow in flows if flow is not None]
        whole = len(columns) == len(flows) and sum(map(len, columns)) <= scale.columns
        return columns if whole else None

    return lowest(fits, room)


# Several sheets


@dataclass(slots=True)
class _Part:
    """A panel, or a part of one, as it stands on one sheet."""

    index: int
    panel: Panel
    columns: list[Column]
    height: float
    continued: bool = False


def _several(content: Content) -> list[Sheet]:
    """Detail sheets first, for the overview names their pages. A panel with nothing under it is on the overview only."""
    pages = [*_detail_pages(content.panels)]
    overviews = 1
    while True:
        page_of: dict[int, int] = {}
        for number, (_, parts) in enumerate(pages, start=overviews + 1):
            for part in parts:
                page_of.setdefault(part.index, number)
        first = draw_overview(content, page_of, BODY_TOP, BODY_BOTTOM)
        if len(first) == overviews:
            break
        overviews = len(first)
    return [*first, *(_detail(parts, scale, content.lang) for scale, parts in pages)]


def _detail_pages(panels: Sequence[Panel]) -> list[tuple[Scale, list[_Part]]]:
    pages: list[tuple[Scale, list[_Part]]] = []
    waiting: list[tuple[int, Panel]] = []
    for item in enumerate(panels):
        if not item[1].nodes:
            continue
        if _together([*waiting, item], TOGETHER) is not None:
            waiting.append(item)
            continue
        if waiting:
            pages.append(_largest(waiting))
            waiting = []
        if _together([item], TOGETHER) is not None:
            waiting = [item]
        else:
            pages += _alone(*item)
    if waiting:
        pages.append(_largest(waiting))
    return pages


def _room() -> float:
    return BODY_BOTTOM - BODY_TOP


def _around(panel: Panel, scale: Scale) -> float:
    """Height of a panel on a detail sheet besides its columns: head, bus, and the space before the next one."""
    return _head_height(panel, _head_width(scale), _head_scale(scale)) + scale.em * 5.2


def _together(items: Sequence[tuple[int, Panel]], scale: Scale) -> list[_Part] | None:
    """All these panels under one another on one sheet, or None."""
    _, column = _measures(scale)
    parts: list[_Part] = []
    room = _room()
    for index, panel in items:
        around = _around(panel, scale)
        flow = level(panel.nodes, scale.columns, column, room - around, scale)
        if flow is None:
            return None
        room -= around + flow.height
        parts.append(_Part(index, panel, flow.columns, flow.height))
    return parts if room >= 0 else None


def _largest(items: Sequence[tuple[int, Panel]]) -> tuple[Scale, list[_Part]]:
    for scale in LARGEST_FIRST:
        parts = _together(items, scale)
        if parts is not None:
            return scale, parts
    raise AssertionError("these panels fitted at the last of these sizes before")


def _alone(index: int, panel: Panel) -> list[tuple[Scale, list[_Part]]]:
    """One panel on as few sheets as it needs, in the largest type for that number, its columns as level as can be."""
    last = ALONE[-1]
    room = _room() - _around(panel, last)
    whole = fill(blocks(panel.nodes, _measures(last)[1], room, last), _measures(last)[1], room, last)
    fewest = -(-len(whole.columns) // last.columns)
    for scale in (*LARGEST_FIRST, *ALONE):
        _, column = _measures(scale)
        room = _room() - _around(panel, scale)
        flow = level(panel.nodes, fewest * scale.columns, column, room, scale)
        if flow is None:
            continue
        each = -(-len(flow.columns) // fewest)
        return [
            (scale, [_Part(index, panel, flow.columns[start : start + each], room, continued=start > 0)])
            for start in range(0, len(flow.columns), each)
        ]
    raise AssertionError("the last scale gave the number of sheets")


def _detail(parts: Sequence[_Part], scale: Scale, lang: Lang) -> Sheet:
    names = [part.panel.name for part in parts]
    several = _FROM_TO.fill(first=names[0], last=names[-1]).in_language(lang)
    sheet = Sheet(several if len(names) > 2 else "、".join(names))
    pitch, column = _measures(scale)
    y = BODY_TOP
    for part in parts:
        middle = PAGE_WIDTH / 2
        head_scale, head_width = _head_scale(scale), _head_width(scale)
        head = _head_height(part.panel, head_width, head_scale)
        if part.continued:
            name = CONTINUED.fill(name=part.panel.name).in_language(lang)
            sheet.words.append(
                Words(middle, y + head_scale.em * 1.2, (name,), head_scale.name_pt, "ink", True, "middle")
            )
            top = y + head
        else:
            top = _draw_head(sheet, part.panel, middle - head_width / 2, y, head_width, head_scale, head)
        span = len(part.columns) * pitch - scale.em * 1.1
        _draw_panel(sheet, part.columns, middle, top, middle - span / 2, pitch, column, scale)
        y = top + scale.em * 5.2 + part.height
    return sheet


# Shared


def _head_scale(scale: Scale) -> Scale:
    return Scale(scale.name_pt + 1.5, 1)


def _head_width(scale: Scale) -> float:
    return scale.em * 30


def _head_height(panel: Panel, width: float, scale: Scale) -> float:
    return lines_of(panel.head, width, scale).height if panel.head is not None else scale.em * 2


def _draw_head(
    sheet: Sheet, panel: Panel, x: float, y: float, width: float, scale: Scale, room: float
) -> float:
    """The panel's head, or its name where it has no organization of its own. Returns the lower edge."""
    if panel.head is not None:
        return draw_box(sheet, panel.head, x, y, width, scale).bottom
    sheet.words.append(
        Words(x + width / 2, y + scale.em * 1.2, (panel.name,), scale.name_pt, "ink", True, "middle")
    )
    return y + min(room, scale.em * 2)


def _draw_panel(
    sheet: Sheet,
    columns: Sequence[Column],
    middle: float,
    top: float,
    left: float,
    pitch: float,
    column: float,
    scale: Scale,
) -> None:
    """The bus under a head and its columns."""
    filled = [each for each in columns if each]
    if not filled:
        return
    bus = top + scale.em * 1.1
    trunks = draw_columns(sheet, filled, left, bus, pitch, column, scale)
    if not trunks:
        return
    sheet.stroke((middle, top), (middle, bus))
    sheet.stroke((min([middle, *trunks]), bus), (max([middle, *trunks]), bus))


def _frame(sheet: Sheet, content: Content, number: int, pages: int) -> None:
    """Annex number, title, what the sheet shows, legend, who drew it and when, page x of y."""
    words, lang = sheet.words, content.lang
    words.append(Words(MARGIN, MARGIN + 4, (_ANNEX.in_language(lang),), 10, "text"))
    words.append(Words(PAGE_WIDTH / 2, MARGIN + 6, (content.title,), 17, "text", True, "middle"))
    if sheet.subject and pages > 1:
        words.append(Words(PAGE_WIDTH / 2, MARGIN + 12.5, (sheet.subject,), 9, "grey", False, "middle"))
    if content.drawn_by:
        by = _DRAWN_BY.fill(name=content.drawn_by).in_language(lang)
        words.append(Words(PAGE_WIDTH - MARGIN, MARGIN + 4, (by,), _FOOT_PT, "grey", False, "end"))
    base = PAGE_HEIGHT - MARGIN
    sheet.stroke((MARGIN, base - 6), (PAGE_WIDTH - MARGIN, base - 6))
    _legend(sheet, base, lang)
    day = content.drawn_on
    right = _PAGE.fill(
        day=_DAY.fill(year=day.year, month=day.month, day=day.day, iso=day.isoformat()),
        number=number,
        pages=pages,
    )
    words.append(Words(PAGE_WIDTH - MARGIN, base, (right.in_language(lang),), _FOOT_PT, "grey", False, "end"))


def _legend(sheet: Sheet, base: float, lang: Lang) -> None:
    """Every type with its mark, the two kinds of line, and what 新建 means."""
    x = MARGIN

    def say(text: Text, tone: Tone = "grey", bold: bool = False) -> None:
        nonlocal x
        label = text.in_language(lang)
        sheet.words.append(Words(x, base, (label,), _FOOT_PT, tone, bold))
        x += width(label, _FOOT_PT) + 4

    for kind in ORGANIZATION_TYPES.values():
        sheet.marks.append(Mark(x + 2.2, base - 1.0, SHAPES[kind.id], kind.mark, 6.5))
        x += 5.4
        say(kind.label)
    for label, dashed in ((_TERRITORY, False), (_LINE, True)):
        sheet.stroke((x, base - 1), (x + 8, base - 1), dashed=dashed, tone="ink" if dashed else "line")
        x += 9.5
        say(label)
    say(NEW, "ink", True)
    x -= 2.6
    say(_NEW_MEANS)
