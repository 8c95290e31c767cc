"""Writes docs/architecture.md and docs/pictures/architecture.svg from the layers in pyproject.toml and the import graph.

``python tools/architecture.py`` writes both; ``--check`` exits 1 when what is on disk is not what would be written.
"""

from __future__ import annotations

import ast
import sys
import tomllib
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

import grimp

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "liangxin"
PAGE = ROOT / "docs" / "architecture.md"
PICTURE = ROOT / "docs" / "pictures" / "architecture.svg"
WIDTH, BOX, HIGH, STEP = (
    1000,
    150,
    44,
    84,
)  # pixels: the sheet, a room's width and height, from one row to the next


def read_layers() -> list[list[str]]:
    """The rooms row by row, the uppermost first, as import-linter holds them."""
    config = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    (house,) = (each for each in config["tool"]["importlinter"]["contracts"] if each["type"] == "layers")
    rows = [[name.strip() for name in row.replace("|", ":").split(":")] for row in house["layers"]]
    return [["cli", "web"], *(row for row in rows if row not in (["cli"], ["web"]))]


def read_arrows(rooms: Sequence[str]) -> list[tuple[str, str]]:
    """Which room imports from which: (importer, imported), sorted."""
    graph = grimp.build_graph("liangxin", cache_dir=None)
    modules = {room: {f"liangxin.{room}", *graph.find_descendants(f"liangxin.{room}")} for room in rooms}
    room_of = {module: room for room, held in modules.items() for module in held}
    found = {
        (room, room_of[imported])
        for room, held in modules.items()
        for module in held
        for imported in graph.find_modules_directly_imported_by(module)
        if imported in room_of
    }
    return sorted((one, other) for one, other in found if one != other)


def leave_out_implied(arrows: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Without the arrows that follow from two others: the picture shows the steps, the table every use."""
    given = set(arrows)
    rooms = {room for arrow in arrows for room in arrow}

    def reach(start: str, skip: tuple[str, str]) -> set[str]:
        found, waiting = set(), [start]
        while waiting:
            here = waiting.pop()
            new = {to for to in rooms if (here, to) in given and (here, to) != skip} - found
            found |= new
            waiting += new
        return found

    return [(one, other) for one, other in arrows if other not in reach(one, (one, other))]


def read_purpose(room: str, below: str = "") -> str:
    """The first sentence of a room's own docstring."""
    folder = SOURCE / below / room
    path = folder / "__init__.py" if folder.is_dir() else folder.with_suffix(".py")
    said = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return said.partition("\n")[0]


def place_rooms(layers: Sequence[Sequence[str]]) -> dict[str, tuple[float, float]]:
    """The middle of each room's box."""
    places: dict[str, tuple[float, float]] = {}
    for row, rooms in enumerate(layers):
        for at, room in enumerate(rooms):
            places[room] = (WIDTH * (at + 1) / (len(rooms) + 1), 40 + STEP * row)
    return places


def draw(layers: Sequence[Sequence[str]], arrows: Sequence[tuple[str, str]]) -> str:
    """The house as SVG: upper rooms import from lower ones, each arrow from the importer."""
    places = place_rooms(layers)
    height = 40 + STEP * (len(layers) - 1) + HIGH + 10
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-family="sans-serif" font-size="15">',
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        '<path d="M0 0L8 4L0 8z" fill="#7a8794"/></marker></defs>',
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
    ]
    for one, other in arrows:
        lines.append(_arrow(places[one], places[other]))
    for room, (x, y) in places.items():
        lines.append(
            f'<rect x="{x - BOX / 2:g}" y="{y - HIGH / 2:g}" width="{BOX}" height="{HIGH}" rx="4" fill="#f2f5f8" stroke="#1f4e79"/>'
            f'<text x="{x:g}" y="{y + 5:g}" text-anchor="middle" fill="#1b2733">{escape(room)}</text>'
        )
    return "\n".join([*lines, "</svg>", ""])


def _arrow(start: tuple[float, float], end: tuple[float, float]) -> str:
    """From the lower edge of one box to the upper edge of another; a long one bends aside so that it passes no box."""
    (x1, y1), (x2, y2) = start, end
    if y1 == y2:  # two rooms of one row
        side = BOX / 2 if x2 > x1 else -BOX / 2
        return _line(f"M{x1 + side:g} {y1:g}L{x2 - side:g} {y2:g}")
    y1, y2 = y1 + HIGH / 2, y2 - HIGH / 2
    aside = 0 if y2 - y1 < STEP else (y2 - y1) * (0.35 if (x1 + x2) / 2 >= WIDTH / 2 else -0.35)
    middle = (y1 + y2) / 2
    return _line(f"M{x1:g} {y1:g}C{x1 + aside:g} {middle:g} {x2 + aside:g} {middle:g} {x2:g} {y2:g}")


def _line(path: str) -> str:
    return f'<path d="{path}" fill="none" stroke="#7a8794" stroke-width="1.4" marker-end="url(#tip)"/>'


def write_page(layers: Sequence[Sequence[str]], arrows: Sequence[tuple[str, str]]) -> str:
    below: Mapping[str, list[str]] = {
        room: [to for one, to in arrows if one == room] for row in layers for room in row
    }
    lines = [
        "# 房子 / The house",
        "",
        "![](pictures/architecture.svg)",
        "",
        "上面的房间用下面的，从不反过来（`make lint` 检查）。本页和图由 `make docs` 从代码画出，不手改；能从别的箭头推出的箭头不画，表里都有。各房间之间传什么见 [rooms.md](rooms.md)。",
        "",
        "Upper rooms use lower ones, never the other way round (`make lint` holds it). This page and the picture are drawn from the code by `make docs`; arrows that follow from others are left out of the picture and stand in the table; what the rooms hand each other stands in [rooms.md](rooms.md).",
        "",
        "| room | what it holds | uses |",
        "| --- | --- | --- |",
    ]
    for row in layers:
        lines += [f"| `{room}` | {read_purpose(room)} | {', '.join(below[room])} |" for room in row]
    apps = sorted(path.parent.name for path in (SOURCE / "web").glob("*/apps.py"))
    lines += ["", "The apps of `web`: " + ", ".join(f"`{app}`" for app in apps) + ".", ""]
    return "\n".join(lines)


def main() -> int:
    layers = read_layers()
    arrows = read_arrows([room for row in layers for room in row])
    wanted = {PAGE: write_page(layers, arrows), PICTURE: draw(layers, leave_out_implied(arrows))}
    if "--check" in sys.argv:
        old = [
            path
            for path, text in wanted.items()
            if not path.exists() or path.read_text(encoding="utf-8") != text
        ]
        for path in old:
            print(f"{path.relative_to(ROOT)} is not what the code says; run make docs")
        return 1 if old else 0
    for path, text in wanted.items():
        path.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
