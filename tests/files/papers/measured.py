"""Reads a made PDF back: words with their boxes (poppler), type sizes (pypdf), and rules as pixels. Points, from the top left."""

from __future__ import annotations

import html
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from pypdf import PdfReader

MM = 72 / 25.4
_DOTS = 300
_PIXEL = 72 / _DOTS


@dataclass(frozen=True, slots=True)
class Word:
    text: str
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Rule:
    """A line over the whole width of the text: its upper and lower edge."""

    top: float
    bottom: float
    left: float
    right: float
    red: bool


def pages(pdf: bytes) -> int:
    return len(PdfReader(BytesIO(pdf)).pages)


def words(pdf: bytes, page: int) -> list[Word]:
    made = subprocess.run(
        ["pdftotext", "-bbox", "-f", str(page), "-l", str(page), "-", "-"],
        input=pdf,
        capture_output=True,
        check=True,
    ).stdout.decode()
    pattern = r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</word>'
    return [
        Word(html.unescape(found[4]), *(float(found[at]) for at in range(4)))
        for found in re.findall(pattern, made, re.DOTALL)
    ]


def text(pdf: bytes) -> str:
    """All of it without any space, in reading order."""
    made = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True
    ).stdout
    return "".join(made.decode().split())


def written(pdf: bytes) -> str:
    """All of it without any space, in the order it was written. ``text`` goes by places, and where two marks are set
    closely, as Chinese marks are, it may take the second for the first."""
    made = subprocess.run(["pdftotext", "-raw", "-", "-"], input=pdf, capture_output=True, check=True).stdout
    return "".join(made.decode().split())


def sizes(pdf: bytes, page: int) -> dict[str, tuple[float, str]]:
    """Piece of text -> type size in points and font."""
    found: dict[str, tuple[float, str]] = {}

    def visit(piece: str, _matrix: Any, _text_matrix: Any, font: Any, size: float) -> None:
        if piece.strip():
            found[piece.strip()] = (size, str(font["/BaseFont"]) if font else "")

    PdfReader(BytesIO(pdf)).pages[page - 1].extract_text(visitor_text=visit)
    return found


def rules(pdf: bytes, page: int) -> list[Rule]:
    """Every horizontal line of at least 150 mm, from the top, as drawn at 300 dpi."""
    made = subprocess.run(
        ["pdftoppm", "-r", str(_DOTS), "-f", str(page), "-l", str(page), "-"],
        input=pdf, capture_output=True, check=True,
    ).stdout  # fmt: skip
    head = re.match(rb"P6\n(\d+) (\d+)\n255\n", made)
    assert head is not None, "poppler writes a PPM"
    width, height = int(head[1]), int(head[2])
    return list(_joined(_dark_rows(made[head.end() :], width, height)))


def _dark_rows(pixels: bytes, width: int, height: int) -> Iterator[tuple[int, int, int, bool]]:
    for row in range(height):
        green = pixels[row * width * 3 + 1 : (row + 1) * width * 3 : 3]
        dark = bytes(1 if value < 128 else 0 for value in green)
        longest = max(re.finditer(rb"\x01+", dark), key=lambda run: run.end() - run.start(), default=None)
        if longest is not None and (longest.end() - longest.start()) * _PIXEL > 150 * MM:
            red = pixels[(row * width + longest.start() + 50) * 3] > 200
            yield row, longest.start(), longest.end(), red


def _joined(rows: Iterator[tuple[int, int, int, bool]]) -> Iterator[Rule]:
    run: list[tuple[int, int, int, bool]] = []
    for row in [*rows, (10**9, 0, 0, False)]:
        if run and row[0] != run[-1][0] + 1:
            first, last = run[0], run[-1]
            yield Rule(
                first[0] * _PIXEL, (last[0] + 1) * _PIXEL, first[1] * _PIXEL, first[2] * _PIXEL, first[3]
            )
            run = []
        run.append(row)
