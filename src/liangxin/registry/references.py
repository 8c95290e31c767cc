"""What a ledger names by id or name (areas, associations, instructors, groups, organizations, units) becomes an id.

An unknown name is an error with the nearest names; the cell becomes null so that nothing is placed by guess. Where the
town file lists none of a kind at all, the words are kept as they are and a warning says so once.
"""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from liangxin.findings import Finding, Severity
from liangxin.registry.fields import FIELDS, FieldType
from liangxin.registry.places import KINDS_OF_FIELD, Places
from liangxin.registry.text import fold
from liangxin.registry.town import Town
from liangxin.registry.unit_finding import UnitFinding
from liangxin.wording import Text

if TYPE_CHECKING:
    import polars as pl

_SECTION: Final = {
    "association": ("associations", Text("行业协会", "associations")),
    "instructor_id": ("instructors", Text("党建工作指导员", "instructors")),
    "task_group": ("task_groups", Text("推进组", "task groups")),
    "organization_id": ("organizations", Text("党组织", "organizations")),
    "superior_id": ("organizations", Text("党组织", "organizations")),
}
_MANY_NAMES: Final = 2_000
_MOST_COMPARED: Final = 200  # different unknown names of one column that get a suggestion
_SHORT_LIST: Final = 12
_UNIT_FIELDS: Final = ("leader_unit_id", "chain_unit_ids")


@dataclass(frozen=True, slots=True)
class _Known:
    """``ids``: written form (id, name or alias): the ids it may mean. ``shown``: names to suggest from."""

    ids: Mapping[str, tuple[str, ...]]
    shown: tuple[str, ...]

    def matching(self, written: Sequence[str]) -> _Known:
        """The same, with the forms that were written and only look different: other brackets, blanks, case, width."""
        unknown = [text for text in written if text not in self.ids]
        if not unknown:
            return self
        folded: dict[str, set[str]] = defaultdict(set)
        for form, ids in self.ids.items():
            folded[fold(form)].update(ids)
        more = {text: tuple(sorted(folded[fold(text)])) for text in unknown if fold(text) in folded}
        return _Known({**self.ids, **more}, self.shown)

    @classmethod
    def of(cls, named: Iterable[tuple[str, Iterable[str]]]) -> _Known:
        """From pairs of id and names. An id wins over a name that reads the same."""
        listed = [(own_id, tuple(names)) for own_id, names in named]
        by_name: dict[str, list[str]] = defaultdict(list)
        for own_id, names in listed:
            for name in names:
                if own_id not in by_name[name]:
                    by_name[name].append(own_id)
        ids = {name: tuple(found) for name, found in by_name.items()} | {
            own_id: (own_id,) for own_id, _ in listed
        }
        return cls(ids, tuple(names[0] if names else own_id for own_id, names in listed))


def resolve_references(frame: pl.DataFrame, town: Town) -> tuple[pl.DataFrame, list[UnitFinding]]:
    """The frame with ids of the town file in its reference columns, and what could not be found there."""

    places = Places.of(town)
    found: list[UnitFinding] = []
    columns: list[pl.Series] = []
    for name, kinds in KINDS_OF_FIELD.items():
        known = _Known.of((a.id, (a.name, *a.aliases)) for a in town.areas if a.kind in kinds)
        columns.append(_resolve(frame, name, known, found, places))
    sections = {
        "associations": _Known.of((item.id, (item.name,)) for item in town.associations),
        "instructors": _Known.of((item.id, ()) for item in town.instructors),
        "task_groups": _Known.of((item.id, (item.name,)) for item in town.task_groups),
        "organizations": _Known.of((item.id, (item.name,)) for item in town.organizations),
    }
    for name, (section, label) in _SECTION.items():
        known = sections[section]
        if known.ids:
            columns.append(_resolve(frame, name, known, found, None))
        elif frame[name].null_count() < frame.height:
            first = int(frame[name].is_not_null().arg_max() or 0)
            found.append(UnitFinding(first, _no_section(name, label)))
    return frame.with_columns(columns), found


def resolve_units(
    frame: pl.DataFrame, ledger: pl.DataFrame | None = None
) -> tuple[pl.DataFrame, list[UnitFinding]]:
    """Leading enterprises and chain links as unit ids of this same ledger, or of the town's where the frame is a part of it.

    Args:
        ledger: ``unit_id`` and ``name`` of all units of the town. A name that is in it is one of its units; only others
            are looked for among the rows of the frame.
    """
    import polars as pl

    own = frame.select("unit_id", "name")
    known_units = own if ledger is None else pl.concat([ledger.select("unit_id", "name"), own])
    ids = known_units["unit_id"].unique().implode()
    named = [
        name
        for name in _UNIT_FIELDS
        if not frame.select(pl.col(name).explode().drop_nulls().is_in(ids).all()).item()
    ]
    if not named:  # all are ids already, as in a ledger that this program wrote
        return frame, []
    taken = set() if ledger is None else set(ledger["name"].drop_nulls())
    pairs = [] if ledger is None else list(ledger.select("unit_id", "name").iter_rows())
    pairs += [(own_id, None if name in taken else name) for own_id, name in own.iter_rows()]
    known = _Known.of((own_id, (name,) if name else ()) for own_id, name in pairs if own_id)
    found: list[UnitFinding] = []
    columns = [_resolve(frame, name, known, found, None) for name in named]
    return frame.with_columns(columns), found


def _no_section(name: str, label: Text) -> Finding:
    return Finding(
        "no_section",
        Text(
            f"镇文件里没有列{label.zh}，这一列按所写的名称使用",
            f"The town file lists no {label.en}; this column is used as written",
        ),
        severity=Severity.WARNING,
        column_of=name,
    )


def _resolve(
    frame: pl.DataFrame, name: str, known: _Known, found: list[UnitFinding], places: Places | None
) -> pl.Series:
    import polars as pl

    column = frame[name]
    several = FIELDS[name].type is FieldType.REFERENCES
    written = (column.explode() if several else column).drop_nulls().unique(maintain_order=True).to_list()
    known = known.matching(written)
    certain = {text: known.ids[text][0] for text in written if len(known.ids.get(text, ())) == 1}
    if len(certain) == len(written):  # the usual case, at full speed
        if several:
            return column.list.eval(pl.element().replace(certain)).alias(name)
        return column.replace(certain).alias(name)
    unknown = [text for text in written if text not in known.ids]
    suggested = {text: _nearest(text, known) for text in unknown[:_MOST_COMPARED]}
    work_areas = frame["area"].to_list() if places is not None else []
    resolved: list[str | list[str] | None] = []
    for unit, cell in enumerate(column.to_list()):
        texts = cell if several and cell is not None else [cell]
        ids: list[str] = []
        for text in texts:
            if text is None:
                continue
            own_id = certain.get(text) or _by_work_area(known, text, places, work_areas, unit)
            if own_id is not None:
                ids.append(own_id)
            else:
                found.append(UnitFinding(unit, _unknown(name, text, known, suggested)))
        resolved.append((ids or None) if several else (ids[0] if ids else None))
    return pl.Series(name, resolved, dtype=column.dtype)


def _by_work_area(
    known: _Known, text: str, places: Places | None, work_areas: list[str | None], unit: int
) -> str | None:
    """Two villages of one name: the one in the unit's work area."""
    if places is None:
        return None
    stated = work_areas[unit]
    if stated is not None and places.areas.get(stated) is None:
        stated = getattr(places.town.area(stated), "id", None)
    fitting = [own_id for own_id in known.ids.get(text, ()) if places.work_area(own_id) == stated]
    return fitting[0] if len(fitting) == 1 else None


def _nearest(text: str, known: _Known) -> Text | None:
    """The names most like ``text``; the whole list where it is short; None where neither helps."""
    names: Sequence[str] = list(known.ids)
    if len(names) > _MANY_NAMES:  # comparing one name in full with 100,000 takes seconds
        names = _with_most_pairs(text, names)
    offered: Sequence[str] = difflib.get_close_matches(text, names, n=3, cutoff=0.5)
    if not offered and len(known.shown) <= _SHORT_LIST:
        offered = known.shown
    return Text("、".join(offered), ", ".join(offered)) if offered else None


def _with_most_pairs(text: str, names: Sequence[str], count: int = 50) -> list[str]:
    """The names that share most pairs of neighbouring characters with ``text``."""
    import polars as pl

    pairs = {text[place : place + 2] for place in range(len(text) - 1)}
    listed = pl.DataFrame({"name": names})
    shared = pl.sum_horizontal(pl.col("name").str.contains(pair, literal=True) for pair in sorted(pairs))
    return listed.select("name", shared=shared).top_k(count, by="shared")["name"].to_list() if pairs else []


def _unknown(name: str, text: str, known: _Known, suggested: Mapping[str, Text | None]) -> Finding:
    ids = known.ids.get(text, ())
    label = FIELDS[name].label
    accepted: Text | None
    if ids:
        message = Text(f"有{len(ids)}个同名的，请写编号", f"{len(ids)} have this name; write the id")
        accepted = Text("、".join(ids), ", ".join(ids))
    else:
        message = Text(
            f"没有这个{label.zh}" if name not in _UNIT_FIELDS else "台账里没有这家单位",
            f"There is no such {label.en.lower()}"
            if name not in _UNIT_FIELDS
            else "No such unit in the ledger",
        )
        accepted = suggested.get(text)
    return Finding("unknown_reference", message, found=text, accepted=accepted, column_of=name)
