"""The names of a town's areas, found in what an address says after the town: the longest first, each standing alone.

A village's name also counts without 村 where nothing follows that would make it part of another name ("下曹" in "工业园区(下曹)",
but not "长安" in "长安路"), and without the town's own name before it ("六村" is 长乐六村) where no other area is called so.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import Final

from liangxin.registry.addresses import normalise
from liangxin.registry.town import Area, Town

_ROAD_AFTER: Final = "路街巷弄道"
_ROADLIKE: Final = re.compile(r"^(?:大?[路街巷弄道]|[东南西北中]?[路街]|大道|桥头?)")
_BOUNDARY_BEFORE: Final = frozenset("镇乡村区路街道号弄内侧边里楼幢层")
_AFTER_A_STEM: Final = re.compile(r"^(?:$|[^一-鿿]|村|社区|居委|工业|个私|原|自然村|附近|旁|边|内)")
_COMMITTEE: Final = re.compile(r"(?:村委会|居委会|行政村|村|社区)$")
_TOWN_NAME: Final = re.compile(r"[一-鿿]{2,4}?(?:街道|镇|乡)")
_OTHER_WORDS: Final[tuple[tuple[str, str], ...]] = (
    ("居委会", "社区"),
    ("居委会", "居委"),
    ("社区", "居委会"),
    ("社区", "居委"),
)


@dataclass(frozen=True, slots=True)
class AreaName:
    """A name under which an area is found. ``stem``: without its last word."""

    text: str
    area: Area
    stem: bool


class AreaNames:
    """The names and aliases of one town's areas."""

    def __init__(self, town: Town) -> None:
        self._by_text: defaultdict[str, list[AreaName]] = defaultdict(list)
        for name in _names(town):
            self._by_text[name.text].append(name)
        self._lengths = sorted({len(text) for text in self._by_text}, reverse=True)
        self._full = frozenset(
            text for text, names in self._by_text.items() if any(not name.stem for name in names)
        )

    def is_full_name(self, text: str) -> bool:
        return text in self._full

    def begins(self, text: str) -> bool:
        """Whether a text begins with the full name of an area."""
        return any(text[:length] in self._full for length in self._lengths)

    def holds_full_name(self, text: str) -> bool:
        return any(not name.stem for name in self.search(text))

    def search(self, text: str) -> list[AreaName]:
        """All areas that the text names; of overlapping names the longest."""
        spots = [
            (-length, start)
            for length in self._lengths
            for start in range(len(text) - length + 1)
            if text[start : start + length] in self._by_text
        ]
        if not spots:
            return []
        taken = [False] * len(text)
        found: list[AreaName] = []
        for minus, start in sorted(spots):
            end = start - minus
            if any(taken[start:end]):
                continue
            # areas of one name are all candidates for the same words
            alone = [name for name in self._by_text[text[start:end]] if _stands_alone(text, start, end, name)]
            if alone:
                taken[start:end] = [True] * (end - start)
                full = [name for name in alone if not name.stem]
                found.extend(full or alone)
        listed = list(dict.fromkeys(found))
        # a former town says less than a village in it
        return [name for name in listed if not _TOWN_NAME.fullmatch(name.text)] or listed


def _stands_alone(text: str, start: int, end: int, name: AreaName) -> bool:
    before, after = text[start - 1 : start], text[end:]
    if before and "一" <= before <= "鿿" and before not in _BOUNDARY_BEFORE:
        return False  # part of a longer name: "四村" in "开元四村"
    if name.stem:
        return _AFTER_A_STEM.match(after) is not None
    return name.text[-1] in _ROAD_AFTER or _ROADLIKE.match(after) is None


def _names(town: Town) -> list[AreaName]:
    """Names and aliases; a village or community also without its last word, with another word for its committee, and
    without the town's name before it where that is nobody else's."""
    full: dict[tuple[str, str], AreaName] = {}
    stems: dict[tuple[str, str], AreaName] = {}
    for area in town.areas:
        for text in (area.name, *area.aliases):
            plain = normalise(text)
            if plain:
                full[plain, area.id] = AreaName(plain, area, False)
    root = re.sub(r"(?:街道|镇|乡)$", "", town.name)
    written = {text for text, _ in full}
    for text, id in list(full):
        area = full[text, id].area
        if area.kind not in ("village", "community"):
            continue
        others = [text.removesuffix(word) + other for word, other in _OTHER_WORDS if text.endswith(word)]
        if len(root) >= 2 and text.startswith(root) and len(rest := text.removeprefix(root)) >= 2:
            others.append(rest)
        for other in others:
            if other not in written:
                full[other, id] = AreaName(other, area, False)
        cut = _COMMITTEE.sub("", text)
        if cut != text and len(cut) >= 2 and cut != root:
            stems[cut, id] = AreaName(cut, area, True)
    return [*full.values(), *(name for key, name in stems.items() if key not in full)]
