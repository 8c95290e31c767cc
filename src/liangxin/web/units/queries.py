"""Reads of units: which rows a person may see, the filters of the list, the rows of a page."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Final

from django.http import HttpRequest

from liangxin.registry import town as core
from liangxin.registry.access import Action, Reach
from liangxin.registry.fields import FIELDS, FieldType
from liangxin.registry.pinyin import by_sound
from liangxin.registry.text import fold, fold_column
from liangxin.web.accounts.permission import Permit
from liangxin.web.areas.models import Town
from liangxin.web.units.live import Live
from liangxin.web.units.models import Unit
from liangxin.wording import Text

if TYPE_CHECKING:
    import polars as pl

    from liangxin.coverage import Part

PAGE_SIZE: Final = 50
DEFAULT_COLUMNS: Final = (
    "unit_id", "name", "kind", "area", "staff", "revenue", "full_members", "organization_form", "task_group"
)  # fmt: skip
PLACE_FIELDS: Final = ("area", "village", "park", "venue")
BY_SOUND: Final = frozenset(
    name
    for name, field in FIELDS.items()
    if field.type is FieldType.TEXT and name not in ("unit_id", "uscc", "industry")
)
"""Columns of Chinese texts, which people look through by pinyin."""

CHOICE_FILTERS: Final = ("kind", "ownership", "state", "organization_form", "task_group")
USUAL: Final = "usual"  # asks for the usual columns
UNKNOWN: Final = "?"  # the value of a filter that asks for 待核
NOWHERE: Final = "nowhere"  # the place of units that no place holds
ANY: Final = "any"  # any of the eight clears


@dataclass(frozen=True, slots=True)
class Filter:
    """What the list shows, from the query string. An unknown name or value is dropped and said in ``refused``."""

    words: str = ""
    place: str = ""  # an area id of any kind
    choices: Mapping[str, str] = field(default_factory=dict, hash=False)
    unit_class: str = ""
    indicator: tuple[str, Part] | None = None  # (id, part)
    missing: str = ""  # a field that is 待核
    waits: str = ""  # a field that is 待核 and keeps a rule undecided
    conflict: str = ""
    left: str = ""  # a scope rule: the units that it leaves out of the base
    in_base: bool = False  # only units of the base
    unclear: str = ""  # one of the eight clears that is not clear; ANY: any of them
    sort: str = ""
    descending: bool = False
    refused: tuple[Text, ...] = ()

    @classmethod
    def read(cls, given: Mapping[str, str], shown: Live) -> Filter:
        from liangxin.coverage.tally import PARTS

        refused: list[Text] = []
        choices: dict[str, str] = {}
        for name in CHOICE_FILTERS:
            value = given.get(name, "")
            known = FIELDS[name].choices
            if value and known is not None and value not in known and value != UNKNOWN:
                refused.append(
                    Text(
                        f"“{FIELDS[name].label.zh}”没有“{value}”这一项",
                        f'{FIELDS[name].label.en} has no "{value}"',
                    )
                )
            elif value:
                choices[name] = value
        classes = {each.id for each in shown.policy.classes}
        indicator_id, _, part = given.get("indicator", "").partition(":")
        indicators = {each.id for each in shown.policy.indicators}
        asked = next((each for each in PARTS if each == (part or "denominator")), None)
        indicator = (indicator_id, asked) if indicator_id in indicators and asked is not None else None
        if given.get("indicator") and indicator is None:
            refused.append(Text(f"没有指标“{given['indicator']}”", f'No indicator "{given["indicator"]}"'))
        if given.get("day") and not _is_day(given["day"]):
            refused.append(Text(f"“{given['day'][:20]}”不是日期", f'"{given["day"][:20]}" is no date'))
        sort = given.get("sort", "")
        clears = {ANY, *(each.id for each in shown.policy.clears)}
        return cls(
            words=given.get("q", "").strip()[:80],
            place=given.get("place", "")[:40],
            choices=choices,
            unit_class=given.get("class", "") if given.get("class", "") in classes else "",
            indicator=indicator,
            missing=given.get("missing", "") if given.get("missing", "") in FIELDS else "",
            waits=given.get("waits", "") if given.get("waits", "") in FIELDS else "",
            conflict=given.get("conflict", "")
            if given.get("conflict", "") in {each.id for each in shown.policy.conflicts}
            else "",
            left=given.get("left", "")
            if given.get("left", "") in {each.id for each in shown.policy.scope}
            else "",
            in_base=given.get("scope") == "1",
            unclear=given.get("unclear", "") if given.get("unclear", "") in clears else "",
            sort=sort.lstrip("-") if sort.lstrip("-") in FIELDS else "",
            descending=sort.startswith("-"),
            refused=tuple(refused),
        )


def _is_day(words: str) -> bool:
    try:
        date.fromisoformat(words)
    except ValueError:
        return False
    return True


def readable(permit: Permit, shown: Live, action: Action = Action.READ_UNITS) -> pl.DataFrame:
    """The classified rows on which the person may do ``action``: their groups' own, or the whole town's."""
    import polars as pl

    frame = shown.classified.frame
    match permit.reach(action):
        case Reach.TOWN:
            return frame
        case Reach.GROUP:
            return frame.filter(pl.col("task_group").is_in(sorted(permit.groups(action))))
        case _:
            return frame.clear()


def rows_found(permit: Permit, shown: Live, wanted: Filter) -> pl.Series:
    """The row numbers that a filter asks for, of those the person may read, in the order asked for.

    Looked for once in a state of the ledger: turning pages and going from unit to unit ask the same again.
    """
    key = ("rows found", permit.scope(Action.READ_UNITS), permit.town.version, wanted)
    return shown.once(key, lambda: _rows_found(permit, shown, wanted))


def _rows_found(permit: Permit, shown: Live, wanted: Filter) -> pl.Series:
    import polars as pl

    match permit.scope(Action.READ_UNITS):
        case Reach.TOWN, _:
            conditions = []
        case Reach.GROUP, groups:
            conditions = [pl.col("task_group").is_in(sorted(groups))]
        case _:
            conditions = [pl.lit(False)]
    rows = shown.classified.frame.lazy().with_row_index("row number")
    for condition in (*conditions, *_conditions(permit, shown, wanted)):
        rows = rows.filter(condition)
    if wanted.sort:
        by = by_sound(pl.col(wanted.sort)) if wanted.sort in BY_SOUND else pl.col(wanted.sort)
        rows = rows.sort(by, descending=wanted.descending, nulls_last=True, maintain_order=True)
    return rows.select("row number").collect().to_series()


def found(permit: Permit, shown: Live, wanted: Filter) -> pl.DataFrame:
    """The rows that a filter asks for, of those the person may read, in the order asked for."""
    return shown.classified.frame[rows_found(permit, shown, wanted)]


def _conditions(permit: Permit, shown: Live, wanted: Filter) -> Iterator[pl.Expr]:
    import polars as pl

    from liangxin.coverage import listing

    if wanted.indicator:
        behind = listing(shown.classified, *wanted.indicator)
        yield pl.col("unit_id").is_in(behind["unit_id"].implode())
    if wanted.place:
        yield inside(permit.town.as_core(), wanted.place)
    for name, value in wanted.choices.items():
        yield pl.col(name).is_null() if value == UNKNOWN else pl.col(name) == value
    if wanted.unit_class:
        yield pl.col("classes").list.contains(wanted.unit_class)
    if wanted.missing:
        yield pl.col(wanted.missing).is_null()
    if wanted.waits:
        yield pl.col("unknown").list.contains(wanted.waits) & pl.col("in_scope")
    if wanted.conflict:
        yield pl.col("conflicts").list.contains(wanted.conflict) & pl.col("in_scope")
    if wanted.left:
        yield pl.col("left_out") == wanted.left
    if wanted.in_base:
        yield pl.col("in_scope")
    if wanted.unclear == ANY:
        yield (pl.col("not_clear").list.len() > 0) & pl.col("in_scope")
    elif wanted.unclear:
        yield pl.col("not_clear").list.contains(wanted.unclear) & pl.col("in_scope")
    if wanted.words:
        yield _matches(permit, wanted.words)


def _matches(permit: Permit, words: str) -> pl.Expr:
    """Every one of the words is in the name or code, begins the number, or is how the name sounds; brackets, width, case
    and blanks do not count."""
    import polars as pl

    name = fold_column(pl.col("name"))
    every = pl.lit(True)
    for word in words.split():
        folded = fold(word)
        expression = name.str.contains(folded, literal=True) | fold_column(pl.col("unit_id")).str.starts_with(
            folded
        )
        if folded.isascii():
            expression |= pl.col("uscc").str.contains(folded.upper(), literal=True).fill_null(False)
            if folded.isalpha():
                sounding = Unit.objects.filter(town=permit.town, initials__contains=folded)
                expression |= pl.col("unit_id").is_in(list(sounding.values_list("unit_id", flat=True)))
        every &= expression
    return every


def inside(town: core.Town, place: str) -> pl.Expr:
    """Rows whose area, village, park or venue is this place or lies in it."""
    import polars as pl

    if place == NOWHERE:
        known = [area.id for area in town.areas]
        return ~pl.any_horizontal([pl.col(name).is_in(known) for name in PLACE_FIELDS]).fill_null(False)
    below = {place}
    grew = True
    while grew:
        more = {area.id for area in town.areas if area.parent in below} - below
        below |= more
        grew = bool(more)
    ids = sorted(below)
    return pl.any_horizontal([pl.col(name).is_in(ids) for name in PLACE_FIELDS]).fill_null(False)


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of the list: the field, its value with names for ids, and how the page treats it."""

    field: str
    value: Hashable
    is_number: bool
    editable: bool


@dataclass(frozen=True, slots=True)
class UnitRow:
    unit_id: str
    cells: tuple[Cell, ...]


def unit_rows(
    shown: Live, numbers: pl.Series, permit: Permit, columns: tuple[str, ...], editable: Set[str]
) -> list[UnitRow]:
    """Rows for the page: names of places and organizations instead of ids, and only fields the person may read."""
    from liangxin.web.units.sheets import names as names_of

    allowed = set(permit.fields)
    listed = tuple(name for name in columns if name in allowed)
    town = permit.town.as_core()
    names = {each.id: each.name for each in town.areas}
    names |= {each.id: each.name for each in town.task_groups}
    names |= {each.id: each.name for each in town.associations}
    names |= names_of(permit.town, "organizations")

    def said(name: str, value: Hashable | list[str]) -> Hashable:
        if isinstance(value, list):
            return tuple(value)
        return (
            names.get(value, value)
            if isinstance(value, str) and FIELDS[name].type is FieldType.REFERENCE
            else value
        )

    rows = shown.frame.select("unit_id", *(name for name in listed if name != "unit_id"))[numbers]
    return [
        UnitRow(
            row["unit_id"],
            tuple(
                Cell(name, said(name, row[name]), FIELDS[name].minimum is not None, name in editable)
                for name in listed
            ),
        )
        for row in rows.iter_rows(named=True)
    ]


def columns(request: HttpRequest, permit: Permit) -> tuple[str, ...]:
    """The columns of the list: those just chosen, else those remembered in this session, else the usual ones."""
    allowed = set(permit.fields)
    asked = request.GET.getlist("column")
    if asked == [USUAL]:
        request.session.pop("unit_columns", None)
    chosen = [name for name in asked if name in allowed]
    if chosen:
        request.session["unit_columns"] = [
            "unit_id",
            "name",
            *(name for name in chosen if name not in ("unit_id", "name")),
        ]
    remembered = request.session.get("unit_columns") or DEFAULT_COLUMNS
    return tuple(name for name in remembered if name in allowed)


def units_of(town: Town, unit_ids: list[str]) -> Iterator[Unit]:
    for start in range(0, len(unit_ids), 900):
        yield from Unit.objects.filter(town=town, unit_id__in=unit_ids[start : start + 900], removed=False)


def neighbours(
    permit: Permit, shown: Live, unit_id: str, given: Mapping[str, str]
) -> tuple[str | None, str | None, int, int]:
    """The previous and the next unit of the list one came from, the place in it and its length."""
    listed = rows_found(permit, shown, Filter.read(given, shown))
    places = (listed == shown.number_of(unit_id)).arg_true()
    if not len(places):
        return None, None, 0, len(listed)
    at, ids = int(places[0]), shown.frame["unit_id"]
    return (
        ids[int(listed[at - 1])] if at else None,
        ids[int(listed[at + 1])] if at + 1 < len(listed) else None,
        at + 1,
        len(listed),
    )
