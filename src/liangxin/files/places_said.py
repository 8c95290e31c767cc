"""Where the place of units is said once for many: by a heading above them, or by the name of their sheet."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from typing import TYPE_CHECKING, Final

from liangxin.files.row_words import place_in
from liangxin.files.sheet_choice import Source
from liangxin.findings import Finding, Place, Severity
from liangxin.registry.places import KINDS_OF_FIELD
from liangxin.registry.text import fold
from liangxin.wording import Text

if TYPE_CHECKING:
    import polars as pl

    from liangxin.registry.town import Town

_ENDINGS: Final = (
    ("park", ("园区", "工业园", "产业园", "开发区")),
    ("area", ("工作片", "片区", "片")),
    ("village", ("村民委员会", "村委会", "居民委员会", "居委会", "村", "社区", "居")),
)
_PLACES: Final = ("village", "area", "park", "venue")


def fill_places(
    frame: pl.DataFrame, source: Source, town: Town | None, *, by_sheet: bool
) -> tuple[pl.DataFrame, list[Finding]]:
    """The frame with the place of units that name none, and one finding for each place that was filled in.

    ``by_sheet``: the sheet is one of several, so that its name may be a village's.
    """
    import polars as pl

    said = _said_by_headings(source, town)
    if by_sheet and (place := _field_of(source.grid.sheet, town)) is not None:
        for unit in range(len(source.rows.units)):
            said.setdefault(unit, place)
    if not said:
        return frame, []
    placed = {name: frame[name].to_list() for name in _PLACES}
    filled: Counter[tuple[str, str]] = Counter()
    for unit, (field, name) in said.items():
        # a unit that names its village needs no area, and one that names its area may still lie in a village
        if placed[field][unit] is None and not (field == "area" and placed["village"][unit] is not None):
            placed[field][unit] = name
            filled[field, name] += 1
    findings = [
        Finding(
            "place_said_once",
            Text(
                f"{count}家单位没有写，按小标题或工作表名填了“{name}”",
                f'{count} units do not say it: "{name}" was taken from the heading above or the name of the sheet',
            ),
            Place(file=source.grid.file, sheet=source.grid.sheet),
            severity=Severity.WARNING,
            column_of=field,
        )
        for (field, name), count in filled.items()
    ]
    return frame.with_columns(pl.Series(name, placed[name], dtype=pl.String) for name in _PLACES), findings


def _said_by_headings(source: Source, town: Town | None) -> dict[int, tuple[str, str]]:
    rows = source.rows.units
    said: dict[int, tuple[str, str]] = {}
    headings = sorted(source.rows.headings)
    for position, heading in enumerate(headings):
        place = _field_of(source.rows.headings[heading], town)
        if place is None:
            continue
        until = headings[position + 1] if position + 1 < len(headings) else rows[-1] + 1
        for unit in range(bisect_left(rows, heading), bisect_left(rows, until)):
            said[unit] = place
    return said


def _field_of(text: str, town: Town | None) -> tuple[str, str] | None:
    """The field and the name of a place that a heading or a sheet is called after; by the town file where there is one."""
    core = place_in(text)
    if town is not None:
        for name in {fold(text), fold(core or text)}:
            for area in town.areas:
                if name in map(fold, (area.name, *area.aliases)):
                    field = next((f for f, kinds in KINDS_OF_FIELD.items() if area.kind in kinds), None)
                    if field is not None:
                        return field, area.name
        return None
    if core is None:
        return None
    return next(((field, core) for field, ends in _ENDINGS if core.endswith(ends)), None)
