"""The town's areas, associations and task groups as tables that an office edits row by row; all or nothing is saved."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from django.db import transaction

from liangxin.files.town import format_town, parse_town
from liangxin.findings import Finding, InputError, Place
from liangxin.registry import town as core
from liangxin.registry.fields import FIELDS
from liangxin.web.accounts.models import RoleGrant, User
from liangxin.web.accounts.permission import Permit, permit
from liangxin.web.areas.models import Town
from liangxin.web.areas.services import save_town
from liangxin.web.audit.services import record
from liangxin.web.organizations.names import told_words
from liangxin.wording import Text

BODIES: Final = {
    "committee": Text("党委", "Committee"),
    "working_committee": Text("两新工委", "Working committee"),
    "leading_group": Text("领导小组", "Leading group"),
}
AREA_KINDS: Final = {
    "work_area": Text("工作片", "work area"), "village": Text("村", "village"), "community": Text("社区", "community"),
    "park": Text("园区", "park"), "park_area": Text("园区片", "park area"), "market": Text("市场", "market"),
    "building": Text("楼宇", "building"), "street": Text("街区", "street"),
}  # fmt: skip
MOST_ROWS: Final = 2000


@dataclass(frozen=True, slots=True)
class Column:
    """One input of a row. ``options``: a choice; ``place``: an area, typed by name; ``several``: parts between 、 or commas."""

    name: str
    label: Text
    help: Text | None = None
    options: Callable[[core.Town], list[tuple[str, Text]]] | None = None
    several: bool = False
    number: bool = False
    place: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """One table of the town file. ``used_by``: ledger fields that name its rows."""

    id: str
    title: Text
    help: Text
    columns: tuple[Column, ...]
    used_by: tuple[str, ...]


def _kinds(town: core.Town) -> list[tuple[str, Text]]:
    return list(AREA_KINDS.items())


_ID: Final = Column("id", Text("编号", "Id"))
_NAME: Final = Column("name", Text("名称", "Name"))
SECTIONS: Final = {
    each.id: each
    for each in (
        Section(
            "areas",
            Text("区域", "Areas"),
            Text(
                "工作片、村、社区、园区、市场、楼宇和街区。边界用 GeoJSON 导入。",
                "Work areas, villages, communities, parks, markets, buildings, streets. Boundaries come by GeoJSON.",
            ),
            (
                _ID,
                _NAME,
                Column("kind", Text("类别", "Kind"), options=_kinds),
                Column("parent", Text("上级", "In"), place=True),
                Column("lon", Text("经度", "Longitude"), Text("WGS 84", "WGS 84"), number=True),
                Column("lat", Text("纬度", "Latitude"), Text("WGS 84", "WGS 84"), number=True),
                Column(
                    "aliases", Text("别名", "Also called"), Text("顿号分开", "between commas"), several=True
                ),
            ),
            ("area", "village", "park", "venue"),
        ),
        Section(
            "associations",
            Text("行业协会（商会）", "Associations"),
            Text("行业统建按这里的名称认协会。", "Industry joint branches know associations by these names."),
            (_ID, _NAME),
            ("association",),
        ),
        Section(
            "task_groups",
            Text("推进组", "Task groups"),
            Text(
                "附件2按这里生成。负责的区域和成员用顿号分开。",
                "Annex 2 is made from this. Areas and members are set apart by commas.",
            ),
            (
                _ID,
                _NAME,
                Column("head", Text("组长", "Head")),
                Column("responsible_for", Text("负责区域", "Areas"), several=True),
                Column("members", Text("成员", "Members"), several=True),
            ),
            ("task_group",),
        ),
    )
}


def rows_of(town: core.Town, section: Section) -> list[dict[str, str]]:
    """The section as typed words, one mapping a row."""
    return [
        {column.name: _words(town, each, column) for column in section.columns}
        for each in getattr(town, section.id)
    ]


def _words(town: core.Town, each: Any, column: Column) -> str:
    if column.name in ("lon", "lat"):
        return "" if each.centre is None else f"{each.centre[column.name == 'lat']:.6f}".rstrip("0")
    value = getattr(each, column.name)
    if column.place and value:
        return next((area.name for area in town.areas if area.id == value), str(value))
    if column.name == "responsible_for":
        named = {area.id: area.name for area in town.areas}
        return "、".join(named.get(part, part) for part in value)
    return "、".join(value) if column.several else (value or "")


@transaction.atomic
def save_section(
    town: Town, by: User, section: Section, typed: Sequence[Mapping[str, str]], version: int
) -> int:
    """Replace one table of the town file. Rows without id and name are left out. Gives the number of rows.

    Raises:
        InputError: every wrong row by its number; a row left out that units, areas, groups or people still name; or
            somebody else saved the town since ``version``. Then nothing is changed.
    """
    if Town.objects.select_for_update().get(pk=town.pk).version != version:
        raise InputError.of(
            "town-changed",
            "这段时间有人改过镇的资料，请刷新后再改",
            "Somebody changed the town meanwhile; reload and change it again",
        )
    before = town.as_core()
    kept = [row for row in typed if row.get("id", "").strip() or row.get("name", "").strip()]
    findings: list[Finding] = []
    if len(kept) > MOST_ROWS:
        findings.append(
            Finding("town-rows", Text("行数太多", "Too many rows"), found=str(len(kept)), accepted=Text(f"最多 {MOST_ROWS}", f"at most {MOST_ROWS}"))
        )  # fmt: skip
    # An area is named by its id or name: those there were, and in this very table those there will be.
    places = {area.name: area.id for area in before.areas} | {area.id: area.id for area in before.areas}
    if section.id == "areas":
        places |= {
            row.get(name, "").strip(): row.get("id", "").strip() for row in kept for name in ("name", "id")
        }
    made = [_read(before, section, number, row, places, findings) for number, row in enumerate(kept, start=1)]
    findings += _doubled(made)
    findings += _still_used(permit(by, town), before, section, {each["id"] for each in made})
    if findings:
        raise InputError(findings)
    rows = {section.id: tuple(_built(before, section, each) for each in made)}
    after = replace(before, **rows)  # type: ignore[arg-type]  # a section's id is the name of its field
    save_town(town, parse_town(format_town(after)))
    record(by, town, "town.file", "town", town.code, detail={"part": section.id, "rows": len(made)})
    return len(made)


def _read(
    town: core.Town,
    section: Section,
    number: int,
    row: Mapping[str, str],
    places: Mapping[str, str],
    findings: list[Finding],
) -> dict[str, Any]:
    made: dict[str, Any] = {}

    def wrong(code: str, column: Column, found: str, message: Text, accepted: Text | None = None) -> None:
        place = Place(row=number, column=column.label.zh)
        findings.append(Finding(code, message, place, found, accepted))

    for column in section.columns:
        words = row.get(column.name, "").strip()
        if column.name == "aliases" and column.name not in row:
            made[column.name] = None  # a program that does not know the column leaves it as it is
        elif column.several:
            made[column.name] = tuple(part for part in _parts(words))
        elif column.number:
            made[column.name] = _number(words)
            if words and made[column.name] is None:
                wrong("town-number", column, words, Text("不是数字", "Not a number"), Text("例如 120.62", "for example 120.62"))  # fmt: skip
        else:
            made[column.name] = words or None
        if column.options is not None and words and words not in dict(column.options(town)):
            wrong("town-choice", column, words, Text("没有这一项", "There is no such choice"))
        if column.name in ("id", "name", "kind") and not words:
            wrong("required", column, words, Text(f"{column.label.zh}不能空着", f"{column.label.en} cannot be empty"))  # fmt: skip
        if column.name in ("id", "name") and len(words) > 60:
            wrong("town-long", column, words, Text("太长", "Too long"), Text("最多60个字", "at most 60 characters"))  # fmt: skip
    for column in section.columns:
        if column.place and made[column.name] and made[column.name] not in places:
            wrong(
                "town-area", column, made[column.name], Text("镇的区域里没有它", "The town has no such area")
            )
        elif column.place and made[column.name]:
            made[column.name] = places[made[column.name]]
        elif column.name == "responsible_for":
            for part in made[column.name]:
                if part not in places:
                    wrong("town-area", column, part, Text("镇的区域里没有它", "The town has no such area"))
            made[column.name] = tuple(places.get(part, part) for part in made[column.name])
    return made


def _parts(words: str) -> list[str]:
    for mark in (",", "，", ";", "；"):
        words = words.replace(mark, "、")
    return [part.strip() for part in words.split("、") if part.strip()]


def _number(words: str) -> float | None:
    try:
        found = float(words)
    except ValueError:
        return None
    return found if abs(found) <= 180 else None


def _doubled(made: Sequence[Mapping[str, Any]]) -> list[Finding]:
    first: dict[str, int] = {}
    findings = []
    for number, row in enumerate(made, start=1):
        id = row["id"]
        if id in first:
            message = Text(f"和第{first[id]}行的编号相同", f"The id of row {first[id]} again")
            findings.append(Finding("town-double", message, Place(row=number, column=_ID.label.zh), id))
        elif id:
            first[id] = number
    return findings


def _still_used(permit: Permit, before: core.Town, section: Section, kept: set[str | None]) -> list[Finding]:
    """Rows that would go although something still names them."""
    from liangxin.web.units.live import live

    town = permit.town
    frame = live(town).frame
    findings = []
    for each in getattr(before, section.id):
        if each.id in kept:
            continue
        units = 0
        for name in section.used_by:
            column = frame[name]
            units += int(column.list.contains(each.id).sum() if FIELDS[name].type.value == "references" else (column == each.id).sum())  # fmt: skip
        others = [area.name for area in before.areas if section.id == "areas" and area.parent == each.id]
        others += [
            group.name
            for group in before.task_groups
            if section.id == "areas" and each.id in group.responsible_for
        ]
        others += [
            told_words(permit, one.name)
            for one in before.organizations
            if section.id == "areas" and one.area == each.id
        ]
        if section.id == "task_groups":
            others += [
                str(grant.user)
                for grant in RoleGrant.objects.filter(town=town, task_group=each.id).select_related("user")
            ]
        if units or others:
            named = "、".join(others[:5])
            message = Text(
                f"“{each.name}”还不能去掉：{units} 家单位{f'和 {named} ' if named else ''}还在用",
                f"{each.name} cannot be removed yet: {units} units{f' and {named}' if named else ''} still name it",
            )
            findings.append(Finding("town-used", message, found=each.id))
    return findings


def _built(town: core.Town, section: Section, made: Mapping[str, Any]) -> Any:
    """The row as a record; what the table does not show (boundary, own ledger row) stays."""
    old = {each.id: each for each in getattr(town, section.id)}.get(made["id"])
    if section.id == "areas":
        lon, lat = made["lon"], made["lat"]
        centre = (lon, lat) if lon is not None and lat is not None else None
        base = old or core.Area(made["id"], made["name"], made["kind"])
        aliases = base.aliases if made["aliases"] is None else made["aliases"]
        return replace(
            base,
            name=made["name"],
            kind=made["kind"],
            parent=made["parent"],
            centre=centre,
            aliases=aliases,
        )
    if section.id == "associations":
        return replace(old, name=made["name"]) if old else core.Association(made["id"], made["name"])
    return core.TaskGroup(
        made["id"], made["name"], made["responsible_for"], made["head"] or "", made["members"]
    )


@transaction.atomic
def save_names(town: Town, by: User, name: str, bodies: Mapping[str, str]) -> None:
    """The town's name and those of its bodies; an empty body falls back to the policy's words."""
    name = name.strip()
    findings = [
        Finding("town-long", Text("太长", "Too long"), Place(field=label), bodies.get(id, "")[:80], Text("最多60个字", "at most 60 characters"))
        for id, label in BODIES.items()
        if len(bodies.get(id, "")) > 60
    ]  # fmt: skip
    if not name or len(name) > 40:
        findings.append(Finding("town-name", Text("镇名要有1到40个字", "The town's name has 1 to 40 characters"), Place(field=Text("名称", "Name")), name))  # fmt: skip
    if findings:
        raise InputError(findings)
    before = town.as_core()
    others = {id: words for id, words in before.bodies.items() if id not in BODIES}
    given = {id: bodies[id].strip() for id in BODIES if bodies.get(id, "").strip()}
    save_town(town, parse_town(format_town(replace(before, name=name, bodies=others | given))))
    record(by, town, "town.file", "town", town.code, detail={"part": "names"})
