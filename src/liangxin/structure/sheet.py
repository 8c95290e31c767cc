"""What a chart is made of: boxes, marks, strokes and words in millimetres on A3 landscape sheets. No drawing is done here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, Literal

PAGE_WIDTH: Final = 420.0
PAGE_HEIGHT: Final = 297.0
MARGIN: Final = 14.0
SMALLEST_PT: Final = 6.0
"""No text on a sheet is smaller."""

Tone = Literal["ink", "text", "grey", "line", "paper", "tint"]
Shape = Literal["filled", "square", "double_square", "circle", "double_circle", "diamond"]
Anchor = Literal["start", "middle", "end"]

COLOURS: Final[dict[Tone, str]] = {
    "ink": "#1f3f77",  # ink-blue: what leads, what is new
    "text": "#1c2330",
    "grey": "#566070",  # AA contrast on paper and on tint
    "line": "#8f98a5",
    "paper": "#ffffff",
    "tint": "#f3f5f8",
}


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle. ``id``: the organization it stands for, "" for a frame."""

    id: str
    x: float
    y: float
    width: float
    height: float
    fill: Tone = "paper"
    edge: Tone = "line"
    edge_mm: float = 0.18

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    def overlaps(self, other: Box) -> bool:
        return (
            self.x < other.right and other.x < self.right and self.y < other.bottom and other.y < self.bottom
        )


@dataclass(frozen=True, slots=True)
class Words:
    """Lines of text; ``y`` is the first baseline, ``leading`` the distance between baselines in mm."""

    x: float
    y: float
    lines: tuple[str, ...]
    size_pt: float
    tone: Tone = "text"
    bold: bool = False
    anchor: Anchor = "start"
    leading: float = 0.0


@dataclass(frozen=True, slots=True)
class Stroke:
    """A broken line through points. Dashed: the line relation 条; solid: the territory relation 块."""

    points: tuple[tuple[float, float], ...]
    dashed: bool = False
    tone: Tone = "line"
    width_mm: float = 0.22


@dataclass(frozen=True, slots=True)
class Mark:
    """The type of an organization as a shape with one character, centred on (x, y)."""

    x: float
    y: float
    shape: Shape
    letter: str
    size_pt: float

    @property
    def half(self) -> float:
        """Half the side of the shape, mm."""
        return self.size_pt * 0.3528 * 0.8


@dataclass(slots=True)
class Sheet:
    """One page. Items are drawn in this order: boxes, strokes, marks, words."""

    subject: str = ""
    boxes: list[Box] = field(default_factory=list)
    strokes: list[Stroke] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    words: list[Words] = field(default_factory=list)

    def stroke(self, *points: tuple[float, float], dashed: bool = False, tone: Tone = "line") -> None:
        self.strokes.append(Stroke(points, dashed, tone))


@dataclass(frozen=True, slots=True)
class Chart:
    title: str
    sheets: tuple[Sheet, ...]

    def organizations(self) -> Iterator[str]:
        """The id of every box that stands for an organization, sheet by sheet."""
        return (box.id for sheet in self.sheets for box in sheet.boxes if box.id)
