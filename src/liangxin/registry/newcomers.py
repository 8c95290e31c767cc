"""What a unit that is new to a ledger gets from its village: work area, task group, and the next number of the ledger's kind."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from liangxin.registry.places import PLACE_FIELDS, Places
from liangxin.registry.town import Town

if TYPE_CHECKING:
    import polars as pl

_NUMBER: Final = re.compile(r"(.*?)(\d{1,15})", re.ASCII | re.DOTALL)
_DIGEST: Final = re.compile(r"U[0-9a-f]{12}", re.ASCII)
_MOST: Final = 0.5  # a kind of number that more than this share of the units has is the kind of all


def fill_belonging(
    rows: Sequence[Mapping[str, Any]], ledger: pl.DataFrame, town: Town
) -> list[dict[str, Any]]:
    """Area and task group of new units where they are not filled in: only what follows without a guess.

    The area is that of the village, park or venue by the town file. The group is the one that all units of the same kind
    in the same place are in; else the only one that is responsible for the place or the nearest above it; else, of
    several responsible ones, the only one that units of the same kind in the same area are in.

    Returns:
        For each row the fields to add, none where nothing follows.
    """
    places = Places.of(town)
    responsible: defaultdict[str, set[str]] = defaultdict(set)
    for each in town.task_groups:
        for place in each.responsible_for:
            responsible[place].add(each.id)
    in_use: defaultdict[tuple[str, str | None], set[str]] = defaultdict(
        set
    )  # (place, kind): groups of its units
    for group_id, kind, *at in ledger.select("task_group", "kind", *PLACE_FIELDS).iter_rows():
        for place in at:
            if place is not None and group_id is not None:
                in_use[place, kind].add(group_id)
    found: list[dict[str, Any]] = []
    for row in rows:
        stated = [row[name] for name in PLACE_FIELDS if row.get(name)]
        added: dict[str, Any] = {}
        if row.get("area") is None:
            areas = {area for place in stated if (area := places.work_area(place)) is not None}
            if len(areas) == 1:
                added["area"] = areas.pop()
        if row.get("task_group") is None:
            area = row.get("area") or added.get("area")
            line = [above.id for place in stated for above in places.ancestors(place)] or [area or ""]
            asked = next((responsible[place] for place in line if responsible.get(place)), set[str]())
            own = [
                in_use.get((line[0], row.get("kind")), set()) if line[0] != area else set(),
                asked,
                asked & in_use.get((area or "", row.get("kind")), set()),
            ]
            group = next((next(iter(groups)) for groups in own if len(groups) == 1), None)
            if group is not None:
                added["task_group"] = group
        found.append(added)
    return found


def next_numbers(
    rows: Sequence[Mapping[str, Any]], ledger: pl.DataFrame, taken: Iterable[str] = ()
) -> list[str | None]:
    """The next free number for each new unit, of the kind that the units of its village have, else of its area, else of
    the whole ledger: CL00017 is followed by CL00018.

    None where the ledger has no kind of number of its own: most of its units are known by code or by a made-up number.

    Args:
        taken: numbers that are not free although they are not in the ledger.
    """
    kinds: dict[tuple[str, str | None], Counter[tuple[str, int] | None]] = defaultdict(Counter)
    highest: Counter[str] = Counter()
    for number in taken:
        if (kind := _kind(number, None)) is not None:
            highest[kind[0]] = max(highest[kind[0]], int(number[len(kind[0]) :]))
    for number, code, village, area in ledger.select("unit_id", "uscc", "village", "area").iter_rows():
        kind = _kind(number, code)
        for key in (("village", village), ("area", area), ("", None)):
            kinds[key][kind] += 1
        if kind is not None:
            highest[kind[0]] = max(highest[kind[0]], int(number[len(kind[0]) :]))
    given: list[str | None] = []
    for row in rows:
        keys = (("village", row.get("village")), ("area", row.get("area")), ("", None))
        usual = next((kind for key in keys if (key[1] or not key[0]) and (kind := _usual(kinds[key]))), None)
        if usual is None:
            given.append(None)
            continue
        prefix, width = usual
        highest[prefix] += 1
        given.append(f"{prefix}{highest[prefix]:0{width}d}")
    return given


def _kind(number: str, code: str | None) -> tuple[str, int] | None:
    """What stands before the running number, and its digits; None for a number made from code or name."""
    if _DIGEST.fullmatch(number) or (code and number in code):
        return None
    found = _NUMBER.fullmatch(number)
    return (found[1], len(found[2])) if found is not None else None


def _usual(counted: Counter[tuple[str, int] | None]) -> tuple[str, int] | None:
    """The kind that most have."""
    by_prefix: Counter[str | None] = Counter()
    for kind, count in counted.items():
        by_prefix[kind[0] if kind is not None else None] += count
    if not by_prefix:
        return None
    prefix, count = by_prefix.most_common(1)[0]
    if prefix is None or count <= _MOST * counted.total():
        return None
    return prefix, _width(counted, prefix)


def _width(counted: Counter[tuple[str, int] | None], prefix: str) -> int:
    """Digits that a running number is filled up to: the fewest in use (CL9999 goes on as CL10000)."""
    return min(kind[1] for kind in counted if kind is not None and kind[0] == prefix)
