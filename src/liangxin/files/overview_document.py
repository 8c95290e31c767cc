"""The progress page as a Word document: the rates of a day, by part, and what is blocked, with the same numbers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING, Any

from liangxin.coverage.rate import Rate
from liangxin.files import official_page as page
from liangxin.files.word import clean, day
from liangxin.registry.small_counts import LEAST, NOTE, WITHHELD
from liangxin.wording import Lang, Text

if TYPE_CHECKING:
    from docx.document import Document

TargetLine = tuple[Text, Rate, float | None, date | None]


def overview_document(
    town: str,
    on: date,
    targets: Sequence[TargetLine],
    part_label: Text,
    parts: Sequence[tuple[Text, Sequence[Rate]]],
    blocked: Sequence[tuple[Text, int]],
    lang: Lang,
) -> bytes:
    """A docx. ``targets``: label, rate, target, due; ``parts``: a row each, its rates in the order of ``targets``."""
    document = page.new_document(lang)
    say = _Speaker(lang)
    document.add_paragraph(
        clean(
            say(
                Text(
                    f"{town}两新组织党建工作进度表",
                    f"Progress of Party building in two-new organizations, {town}",
                )
            )
        ),
        style=page.TITLE,
    )
    document.add_paragraph(say(Text("截至{day}", "As of {day}")).format(day=day(on, lang)), style=page.NOTE)
    _table(
        document,
        say(Text("一、目标进度", "1. Targets")),
        [
            say(each)
            for each in (
                Text("目标", "Target"),
                Text("已覆盖", "Covered"),
                Text("基数", "Base"),
                Text("待核", "To verify"),
                Text("比例", "Rate"),
                Text("目标值", "Goal"),
                Text("期限", "Due"),
            )
        ],
        [
            [
                say(label),
                *(
                    [_counted(rate, lang)] * 2 + ["—"]
                    if rate.hidden
                    else [str(rate.numerator), str(rate.denominator), str(rate.unknown)]
                ),
                share(rate.value),
                share(target),
                day(due, lang) if due else "—",
            ]
            for label, rate, target, due in targets
        ],
    )
    if parts:
        _table(
            document,
            say(Text("二、", "2. ")) + say(part_label),
            ["", *(say(label) for label, *_ in targets)],
            [
                [
                    say(label),
                    *(_counted(rate, lang) for rate in rates),
                ]
                for label, rates in parts
            ],
        )
    if any(rate.hidden for _, rate, *_ in targets) or any(
        rate.hidden for _, rates in parts for rate in rates
    ):
        document.add_paragraph(say(NOTE.fill(least=LEAST)), style=page.NOTE)
    if blocked:
        _table(
            document,
            say(Text("三、卡在哪里", "3. What is blocked")),
            [say(Text("事项", "Matter")), say(Text("单位（家）", "Units"))],
            [[say(label), str(units)] for label, units in blocked],
        )
    made = BytesIO()
    document.save(made)
    return made.getvalue()


def _counted(rate: Rate, lang: Lang) -> str:
    if rate.hidden:
        return WITHHELD.fill(least=LEAST).in_language(lang)
    return f"{rate.numerator}/{rate.denominator}" if rate.denominator else "—"


def share(value: float | None) -> str:
    """A share with one decimal, as on the page: never 100.0% while something is missing."""
    if value is None:
        return "—"
    return f"{(min(value * 100, 99.9) if value < 1 else value * 100):.1f}%"


class _Speaker:
    def __init__(self, lang: Lang) -> None:
        self.lang = lang

    def __call__(self, text: Text) -> str:
        return text.in_language(self.lang)


def _table(document: Document, caption: str, header: list[str], rows: list[list[str]]) -> None:
    document.add_paragraph(clean(caption), style=page.CAPTION)
    table = document.add_table(rows=1, cols=len(header), style="Table Grid")
    _repeat(table.rows[0])
    for cell, words in zip(table.rows[0].cells, header, strict=True):
        cell.paragraphs[0].style = document.styles[page.CELL_HEADER]
        cell.paragraphs[0].add_run(clean(words))
    for row in rows:
        for at, (cell, words) in enumerate(zip(table.add_row().cells, row, strict=True)):
            cell.paragraphs[0].style = document.styles[page.CELL if at == 0 else page.CELL_NUMBER]
            cell.paragraphs[0].add_run(clean(words))


def _repeat(row: Any) -> None:
    """The header row again on every page."""
    from docx.oxml import OxmlElement

    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
