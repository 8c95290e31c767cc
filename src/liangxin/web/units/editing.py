"""From what a person typed to edits the core has checked: one unit's form, one cell, a bulk change, a pasted block."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from liangxin.findings import Finding, InputError, Place, Severity
from liangxin.registry import private
from liangxin.registry.access import Action
from liangxin.registry.fields import FIELDS
from liangxin.web.accounts.permission import Permit
from liangxin.web.organizations import placing
from liangxin.web.organizations.placing import COLUMNS
from liangxin.web.units.live import NAMES, live, to_frame
from liangxin.web.units.models import Unit
from liangxin.web.units.services import Edit, stored
from liangxin.wording import Text

if TYPE_CHECKING:
    import polars as pl

    from liangxin.structure.ledger_columns import Stated

NOT_TYPED: Final = frozenset({"unit_id"})  # given once, for life


@dataclass(frozen=True, slots=True)
class Checked:
    """``edits`` that may be saved; ``errors`` that must be mended first; ``warnings`` somebody should look at.

    ``operations``: what they would do to the tree of organizations, in sentences; ``moved``: numbers of the units it moves.
    """

    edits: tuple[Edit, ...]
    errors: tuple[Finding, ...]
    warnings: tuple[Finding, ...]
    operations: tuple[Text, ...] = ()
    moved: tuple[str, ...] = ()


def editable(permit: Permit) -> tuple[str, ...]:
    return tuple(name for name in permit.fields if name not in NOT_TYPED)


def read_typed(typed: Mapping[str, str], place: Place | None = None) -> tuple[dict[str, Any], list[Finding]]:
    """Typed words by field as values, with every finding. A field that cannot be read is not in the values."""
    from liangxin.registry.values import read_value

    values: dict[str, Any] = {}
    findings: list[Finding] = []
    for name, words in typed.items():
        field = FIELDS[name]
        reading = read_value(field, words)
        if reading.message is not None:
            where = place or Place(field=field.label)
            findings.append(
                Finding(
                    reading.code,
                    reading.message,
                    where,
                    private.hidden(words),
                    reading.accepted,
                    reading.severity,
                    name,
                )
            )
        if (
            field.required
            and reading.value is None
            and (reading.message is None or reading.severity is Severity.WARNING)
        ):
            message = Text(f"{field.label.zh}不能空着", f"{field.label.en} cannot be empty")
            findings.append(
                Finding("required", message, Place(field=field.label), words, None, Severity.ERROR, name)
            )
        if reading.message is None or reading.severity is Severity.WARNING:
            values[name] = reading.value
    return values, findings


def check(
    permit: Permit, wanted: Iterable[tuple[Unit, Mapping[str, Any], int | None, Mapping[str, Any] | None]]
) -> Checked:
    """Check units as they would become, by the same checks as an imported ledger.

    Only what the change brings is held against it: an error that the unit had before stays a warning of the list.
    """
    from liangxin.registry.checks import check_units
    from liangxin.registry.references import resolve_references, resolve_units
    from liangxin.web.organizations.queries import known_town

    listed = list(wanted)
    town = known_town(permit.town)
    before = to_frame([tuple(getattr(unit, name) for name in NAMES) for unit, *_ in listed])
    rows = [
        tuple(stored(name, values[name]) if name in values else getattr(unit, name) for name in NAMES)
        for unit, values, *_ in listed
    ]
    after, unresolved = resolve_references(to_frame(rows), town)
    after, unlinked = resolve_units(after, live(permit.town).frame)
    unresolved += unlinked
    resolved = after.rows(named=True)
    edits = tuple(
        Edit(unit, {name: resolved[index][name] for name in values}, version, seen)
        for index, (unit, values, version, seen) in enumerate(listed)
    )
    places = Places() if unresolved else read_places(permit, edits)
    after = _with_columns(after, places.columns)
    had = {(item.unit, item.finding.code) for item in check_units(before, town)}
    found = [
        *unresolved,
        *(item for item in check_units(after, town) if (item.unit, item.finding.code) not in had),
    ]
    errors: list[Finding] = []
    warnings: list[Finding] = []
    for item in found:
        unit = listed[item.unit][0]
        names = [name for name in (item.finding.column_of,) if name]
        if unresolved and item in unresolved and not (set(names) & set(listed[item.unit][1])):
            continue  # a reference that this change did not touch
        where = Place(subject=unit.name, field=FIELDS[names[0]].label if names else None)
        placed = replace(item.finding, place=where)
        (errors if item.finding.severity is Severity.ERROR else warnings).append(placed)
    errors += [*_codes_in_use(permit, listed), *places.errors]
    return Checked(edits, tuple(errors), tuple(warnings), places.sentences, tuple(places.columns))


def _with_columns(frame: pl.DataFrame, columns: Mapping[str, Mapping[str, str | None]]) -> pl.DataFrame:
    """The frame with the columns of organizations as the tree will have them."""
    if not columns:
        return frame
    rows = [
        tuple({**row, **columns.get(row["unit_id"], {})}[name] for name in NAMES)
        for row in _stored_rows(frame)
    ]
    return to_frame(rows)


def _stored_rows(frame: pl.DataFrame) -> list[dict[str, Any]]:
    return [{name: stored(name, value) for name, value in row.items()} for row in frame.rows(named=True)]


@dataclass(frozen=True, slots=True)
class Places:
    """What edits that name organizations do to the tree: ``sentences`` say it, ``columns`` are those of the units that they
    name or move, as they will be."""

    errors: tuple[Finding, ...] = ()
    sentences: tuple[Text, ...] = ()
    columns: Mapping[str, Mapping[str, str | None]] = field(default_factory=dict)


def read_places(permit: Permit, edits: Sequence[Edit]) -> Places:
    """What cannot be turned into operations, by unit and column; what this person may not do; else what would change."""
    from liangxin.structure import difference

    stated = {
        edit.unit.unit_id: edit.unit
        for edit in edits
        if edit.unit is not None
        and any(
            stored(name, edit.values[name]) != getattr(edit.unit, name)
            for name in COLUMNS
            if name in edit.values
        )
    }
    if not stated:
        return Places()
    try:
        placed = placing.place(permit.town, _stated(edits))
    except InputError as refused:
        return Places(tuple(refused.findings))
    errors = [
        replace(found, place=Place(subject=stated[unit].name, field=FIELDS[found.column_of].label))
        for unit, found in placed.findings
    ]
    if not errors and placed.operations and not permit.may(Action.ORGANIZE):
        message = Text(
            "单位在哪个党组织由组织办在“党组织”页办理，这里只能填“未建”或空着",
            "The organization office puts units into organizations; here only “none” or nothing can be written",
        )
        errors = [
            Finding(
                "place-permission", message, Place(subject=unit.name), column_of=_first_place(edits, unit)
            )
            for unit in stated.values()
        ]
    changes = difference(placed.before, placed.now)
    forms = {
        edit.unit.unit_id: edit.values.get("organization_form", edit.unit.organization_form)
        for edit in edits
        if edit.unit is not None and edit.unit.unit_id in stated
    }
    forms |= {unit: None for unit in placed.changed_units() if unit not in forms}
    columns = placing.columns_of(permit.town, placed.now, forms)
    return Places(tuple(errors), tuple(change.text for change in changes), columns)


def _stated(edits: Sequence[Edit]) -> list[Stated]:
    from liangxin.structure.ledger_columns import Stated

    return [
        Stated(edit.unit.unit_id, said)
        for edit in edits
        if edit.unit is not None
        and (
            said := {
                name: value
                for name in COLUMNS
                if name in edit.values
                and (value := stored(name, edit.values[name])) != getattr(edit.unit, name)
            }
        )
    ]


def _first_place(edits: Sequence[Edit], unit: Unit) -> str:
    return next(name for edit in edits if edit.unit is unit for name in COLUMNS if name in edit.values)


def _codes_in_use(permit: Permit, listed: list[Any]) -> list[Finding]:
    """A credit code that another unit of the town has already: a unit counts once."""
    findings: list[Finding] = []
    for unit, values, *_ in listed:
        code = values.get("uscc")
        if not code or code == unit.uscc:
            continue
        other = (
            Unit.objects.filter(town=permit.town, uscc=code, removed=False, merged_into__isnull=True)
            .exclude(pk=unit.pk)
            .first()
        )
        if other is not None:
            message = Text(
                f"{other.unit_id} {other.name} 已经用了这个代码",
                f"{other.unit_id} {other.name} has this code already",
            )
            findings.append(
                Finding(
                    "double_code",
                    message,
                    Place(field=FIELDS["uscc"].label),
                    code,
                    None,
                    Severity.ERROR,
                    "uscc",
                )
            )
    return findings


@dataclass(frozen=True, slots=True)
class Difference:
    """One cell of a preview: what stands, what would stand."""

    unit: Unit
    field: str
    old: Any
    new: Any


def differences(edits: Iterable[Edit]) -> list[Difference]:
    return [
        Difference(edit.unit, name, getattr(edit.unit, name), stored(name, value))
        for edit in edits
        if edit.unit is not None
        for name, value in edit.values.items()
        if getattr(edit.unit, name) != stored(name, value)
    ]


def read_block(
    permit: Permit, text: str
) -> tuple[list[tuple[Unit, dict[str, Any], None, None]], list[Finding]]:
    """A block copied from Excel: a header row, then a row a unit, found by 编号, credit code or whole name.

    Columns the person may not edit, unknown headers and rows that fit no unit or several are findings; nothing is guessed.
    """
    from liangxin.web.units.queries import readable

    lines = [line.split("\t") for line in text.replace("\r\n", "\n").split("\n") if line.strip()]
    if len(lines) < 2:
        raise InputError.of(
            "paste-empty",
            "请连同表头一起复制：第一行是列名，下面每行一个单位",
            "Copy the header too: the first row names the columns, then one unit a row",
        )
    headers = {
        label: name
        for name, field in FIELDS.items()
        for label in (field.label.zh, field.label.en, name, *field.aliases)
    }
    columns = [headers.get(cell.strip()) for cell in lines[0]]
    findings: list[Finding] = []
    allowed = set(editable(permit))
    for cell, name in zip(lines[0], columns, strict=True):
        if name is None and cell.strip():
            findings.append(
                Finding("paste-header", Text("不认识这一列", "Unknown column"), Place(row=1), cell.strip())
            )
        elif name is not None and name not in allowed and name not in ("unit_id", "uscc", "name"):
            findings.append(
                Finding(
                    "paste-column",
                    Text("这一列您不能修改", "You may not change this column"),
                    Place(row=1),
                    cell.strip(),
                )
            )
    keys = [name for name in ("unit_id", "uscc", "name") if name in columns]
    if not keys:
        findings.append(
            Finding(
                "paste-key",
                Text(
                    "要有“编号”“统一社会信用代码”或“单位名称”一列，才知道改的是哪家",
                    "A column 编号, 统一社会信用代码 or 单位名称 must say which unit",
                ),
                Place(row=1),
            )
        )
        return [], findings
    key = keys[0]
    mine = set(readable(permit, live(permit.town), Action.EDIT_UNITS)["unit_id"].to_list())
    units: dict[str, list[Unit]] = {}
    position = columns.index(key)
    asked = {row[position].strip() for row in lines[1:] if len(row) > position}
    for unit in Unit.objects.filter(
        town=permit.town, removed=False, merged_into__isnull=True, **{f"{key}__in": asked}
    ):
        if unit.unit_id in mine:
            units.setdefault(getattr(unit, key), []).append(unit)
    wanted: list[tuple[Unit, dict[str, Any], None, None]] = []
    taken: dict[int, int] = {}  # unit: the row that names it
    for number, row in enumerate(lines[1:], start=2):
        written = row[position].strip() if len(row) > position else ""
        matches = units.get(written, [])
        if len(matches) != 1:
            message = (
                Text("没有这家单位", "No such unit")
                if not matches
                else Text("有几家单位同名，请加编号列", "Several units have this name; add the column 编号")
            )
            findings.append(Finding("paste-unit", message, Place(row=number), written))
            continue
        first = taken.setdefault(matches[0].pk, number)
        if first != number:
            message = Text(
                f"和第{first}行是同一家单位，只能留一行", f"The unit of row {first} again; keep one row"
            )
            findings.append(Finding("paste-twice", message, Place(row=number), written))
            continue
        typed = {
            name: cell
            for name, cell in zip(columns, row, strict=False)
            if name in allowed and name not in keys
        }
        values, wrong = read_typed(typed, Place(row=number))
        findings += [each for each in wrong if each.severity is Severity.ERROR]
        wanted.append((matches[0], values, None, None))
    return wanted, findings
