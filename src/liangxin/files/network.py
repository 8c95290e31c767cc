"""Annex 1 written out: ``network.svg`` (all sheets under one another, text as text) and ``network.pdf`` (A3, a sheet a page)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from importlib import resources
from pathlib import Path
from typing import Any, Final
from xml.sax.saxutils import escape, quoteattr

from liangxin.findings import InputError
from liangxin.structure.sheet import COLOURS, PAGE_HEIGHT, PAGE_WIDTH, Chart, Mark, Sheet, Words

SVG_FONTS: Final = '"Noto Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei", "PingFang SC", sans-serif'
PDF_FONTS: Final = ("Noto Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei", "PingFang SC", "SimHei")
"""The first that the machine has is used; the widths of ``structure.glyphs`` hold for each."""

_SHEET_GAP: Final = 8.0
_PT: Final = 25.4 / 72
_BASELINE: Final = 0.36  # of the type size: from the middle of a Chinese character down to its baseline
# XML 1.0 has no place for these, not even escaped; a name that holds one shows U+FFFD instead.
_NOT_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def write_network(chart: Chart, folder: Path, *, font: str | None = None) -> tuple[Path, Path]:
    """Write both files into ``folder`` and return their paths. ``font``: another font family for the PDF.

    Raises:
        InputError: the machine has no Chinese font for the PDF, or not the one asked for.
    """
    pdf = network_pdf(chart, font=font)
    svg_path, pdf_path = folder / "network.svg", folder / "network.pdf"
    svg_path.write_text(network_svg(chart), encoding="utf-8", newline="\n")
    pdf_path.write_bytes(pdf)
    return svg_path, pdf_path


# SVG


def network_svg(chart: Chart) -> str:
    """One SVG of all sheets, in millimetres; a box carries its organization's id as ``data-organization``."""
    height = len(chart.sheets) * (PAGE_HEIGHT + _SHEET_GAP) - _SHEET_GAP
    parts = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{PAGE_WIDTH:g}mm" height="{height:g}mm"'
        f' viewBox="0 0 {PAGE_WIDTH:g} {height:g}" font-family={quoteattr(SVG_FONTS)} lang="zh-CN">',
        f"<title>{_text(chart.title)}</title>",
    ]
    for number, sheet in enumerate(chart.sheets):
        y = number * (PAGE_HEIGHT + _SHEET_GAP)
        parts.append(f'<g id="sheet-{number + 1}" transform="translate(0 {y:g})">')
        parts.append(f'<rect width="{PAGE_WIDTH:g}" height="{PAGE_HEIGHT:g}" fill="{COLOURS["paper"]}"/>')
        parts += _sheet_svg(sheet)
        parts.append("</g>")
    parts.append("</svg>\n")
    return "\n".join(parts)


def _sheet_svg(sheet: Sheet) -> Iterator[str]:
    for box in sheet.boxes:
        organization = f" data-organization={quoteattr(_clean(box.id))}" if box.id else ""
        yield (
            f'<rect x="{box.x:.2f}" y="{box.y:.2f}" width="{box.width:.2f}" height="{box.height:.2f}"'
            f' fill="{COLOURS[box.fill]}" stroke="{COLOURS[box.edge]}" stroke-width="{box.edge_mm:g}"{organization}/>'
        )
    for stroke in sheet.strokes:
        points = " ".join(f"{x:.2f},{y:.2f}" for x, y in stroke.points)
        dashes = ' stroke-dasharray="1.4 1"' if stroke.dashed else ""
        yield (
            f'<polyline points="{points}" fill="none" stroke="{COLOURS[stroke.tone]}"'
            f' stroke-width="{stroke.width_mm:g}"{dashes}/>'
        )
    for mark in sheet.marks:
        yield from _mark_svg(mark)
    for words in sheet.words:
        yield _words_svg(words)


def _mark_svg(mark: Mark) -> Iterator[str]:
    x, y, r = mark.x, mark.y, mark.half
    line = f'fill="{COLOURS["paper"]}" stroke="{COLOURS["ink"]}" stroke-width="0.2"'

    def square(half: float, style: str) -> str:
        return f'<rect x="{x - half:.2f}" y="{y - half:.2f}" width="{2 * half:.2f}" height="{2 * half:.2f}" {style}/>'

    match mark.shape:
        case "filled":
            yield square(r, f'fill="{COLOURS["ink"]}"')
        case "square":
            yield square(r, line)
        case "double_square":
            yield square(r + 0.45, line)
            yield square(r, line)
        case "circle":
            yield f'<circle cx="{x:.2f}" cy="{y:.2f}" r="{r:.2f}" {line}/>'
        case "double_circle":
            yield f'<circle cx="{x:.2f}" cy="{y:.2f}" r="{r + 0.45:.2f}" {line}/>'
            yield f'<circle cx="{x:.2f}" cy="{y:.2f}" r="{r:.2f}" {line}/>'
        case "diamond":
            d = r * 1.35
            yield f'<path d="M{x:.2f} {y - d:.2f}l{d:.2f} {d:.2f}l{-d:.2f} {d:.2f}l{-d:.2f} {-d:.2f}z" {line}/>'
    yield _words_svg(_letter(mark))


def _letter(mark: Mark) -> Words:
    """The character in a mark, centred."""
    baseline = mark.y + mark.size_pt * _PT * _BASELINE
    tone = "paper" if mark.shape == "filled" else "ink"
    return Words(mark.x, baseline, (mark.letter,), mark.size_pt, tone, False, "middle")  # type: ignore[arg-type]


def _words_svg(words: Words) -> str:
    weight = ' font-weight="700"' if words.bold else ""
    anchor = f' text-anchor="{words.anchor}"' if words.anchor != "start" else ""
    head = (
        f'<text x="{words.x:.2f}" y="{words.y:.2f}" font-size="{words.size_pt * _PT:.3f}"'
        f' fill="{COLOURS[words.tone]}"{weight}{anchor}>'
    )
    if len(words.lines) == 1:
        return f"{head}{_text(words.lines[0])}</text>"
    spans = "".join(
        f'<tspan x="{words.x:.2f}" y="{words.y + number * words.leading:.2f}">{_text(line)}</tspan>'
        for number, line in enumerate(words.lines)
    )
    return f"{head}{spans}</text>"


def _clean(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)


def _text(text: str) -> str:
    return escape(_clean(text))


# PDF


def network_pdf(chart: Chart, *, font: str | None = None) -> bytes:
    """The chart as an A3 PDF, drawn by typst from the same sheets. The same chart gives the same bytes."""
    import typst

    fonts = typst.Fonts()  # looked up once: finding the machine's fonts takes longer than drawing
    inputs = {
        "chart": json.dumps(_as_data(chart), ensure_ascii=False),
        "font": font or _chinese_font(fonts.families()),
    }
    template = resources.files("liangxin.files").joinpath("network.typ").read_bytes()
    compiler = typst.Compiler(template, font_paths=fonts, sys_inputs=inputs)
    pdf, warnings = compiler.compile_with_warnings(format="pdf", timestamp=0)
    if warnings:
        raise InputError.of(
            "pdf_font",
            "生成PDF时排版程序有警告，没有写出：" + "；".join(warning.message for warning in warnings),
            "typesetting the PDF gave warnings, so it was not written: "
            + "; ".join(warning.message for warning in warnings),
        )
    assert isinstance(pdf, bytes)
    return pdf


def _chinese_font(families: Sequence[str]) -> str:
    found = next((family for family in PDF_FONTS if family in set(families)), None)
    if found is None:
        raise InputError.of(
            "no_chinese_font",
            "这台电脑没有可用的中文字体，不能生成网络图PDF。请安装其中一种：" + "、".join(PDF_FONTS),
            "This computer has no Chinese font for the network chart's PDF. Install one of: "
            + ", ".join(PDF_FONTS),
        )
    return found


def _as_data(chart: Chart) -> dict[str, Any]:
    """What the template draws: one list of items a sheet, in drawing order."""
    return {
        "title": _clean(chart.title),
        "width": PAGE_WIDTH,
        "height": PAGE_HEIGHT,
        "sheets": [_sheet_data(sheet) for sheet in chart.sheets],
    }


def _sheet_data(sheet: Sheet) -> dict[str, Sequence[Any]]:
    return {
        "strokes": [
            {
                "points": [[round(x, 3), round(y, 3)] for x, y in stroke.points],
                "dashed": stroke.dashed,
                "colour": COLOURS[stroke.tone],
                "width": stroke.width_mm,
            }
            for stroke in sheet.strokes
        ],
        "boxes": [
            {
                "x": box.x,
                "y": box.y,
                "width": box.width,
                "height": box.height,
                "fill": COLOURS[box.fill],
                "edge": COLOURS[box.edge],
                "line": box.edge_mm,
            }
            for box in sheet.boxes
        ],
        "marks": [
            {"x": mark.x, "y": mark.y, "half": mark.half, "shape": mark.shape, "ink": COLOURS["ink"]}
            for mark in sheet.marks
        ],
        "words": [
            {
                "x": words.x,
                "y": words.y + number * words.leading,
                "text": _clean(line),
                "size": words.size_pt,
                "colour": COLOURS[words.tone],
                "bold": words.bold,
                "anchor": words.anchor,
            }
            for words in [*map(_letter, sheet.marks), *sheet.words]
            for number, line in enumerate(words.lines)
        ],
    }
