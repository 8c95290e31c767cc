"""The town file (``liangxin.town/1``): read with every error by line and column, and written back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, Final, get_args

from liangxin.files.whole import output_file
from liangxin.files.yaml_nodes import NodeReader, Spot
from liangxin.registry.places import cycle_finding, cycles
from liangxin.registry.town import (
    Area,
    AreaKind,
    Association,
    Channel,
    Instructor,
    OrganizationRecord,
    TaskGroup,
    Town,
)
from liangxin.wording import Text
from liangxin.yaml_tree import Node, Table

FORMAT: Final = "liangxin.town/1"
_SECTIONS: Final = (
    "format",
    "town",
    "bodies",
    "areas",
    "associations",
    "instructors",
    "task_groups",
    "organizations",
)


def read_town(path: Path | str) -> Town:
    """Read a town file.

    Raises:
        InputError: all that is wrong, each with line and column: unknown or double keys and ids (with the nearest
            names), wrong types, unknown parents, cycles.
        OSError: the file cannot be opened.
    """
    path = Path(path)
    return parse_town(path.read_bytes(), name=path.name)


def parse_town(text: str | bytes, *, name: str = "town.yaml") -> Town:
    """A town file's text, or its bytes in UTF-8, as a town. ``name``: what messages call it.

    Raises:
        InputError: as ``read_town``.
    """
    reader = NodeReader(text, name)
    town = _TownReader(reader).read(reader.compose())
    reader.finish()
    return town


class _TownReader:
    """Walks the tree of nodes once; ids are resolved at the end, when all are known."""

    def __init__(self, reader: NodeReader) -> None:
        self.reader = reader
        self.parent_spots: dict[tuple[str, str], Spot] = {}  # (section, id): where its parent is written

    def read(self, root: Table) -> Town:
        top = self.reader.mapping(root, _SECTIONS, required=("town", "areas"))
        if "format" in top:
            stated = self.reader.text(top["format"])
            if stated is not None and stated != FORMAT:
                self.reader.say(
                    top["format"],
                    "format",
                    Text("文件格式不对", "The file has another format"),
                    stated,
                    Text(FORMAT, FORMAT),
                )
        name, code, aliases = self._town(top.get("town"))
        areas = self._areas(self._each(top, "areas"))
        area_ids = {area.id: area.name for area in areas}
        organizations = self._organizations(self._each(top, "organizations"), area_ids)
        return Town(
            name=name,
            code=code,
            areas=areas,
            bodies=self._bodies(top.get("bodies")),
            associations=self._associations(self._each(top, "associations")),
            instructors=self._instructors(self._each(top, "instructors"), area_ids),
            task_groups=self._task_groups(self._each(top, "task_groups"), area_ids),
            organizations=organizations,
            aliases=aliases,
        )

    def _each(self, top: Mapping[str, Node], section: str) -> list[Node]:
        return self.reader.sequence(top[section]) if section in top else []

    def _town(self, node: Node | None) -> tuple[str, str, tuple[str, ...]]:
        if node is None:
            return "", "", ()
        keys = self.reader.mapping(node, ("name", "code", "aliases"), required=("name", "code"))
        return self._text(keys, "name"), self._text(keys, "code"), self._texts(keys, "aliases")

    def _bodies(self, node: Node | None) -> dict[str, str]:
        if node is None or self.reader.is_null(node):
            return {}
        keys = self.reader.mapping(node, None)
        return {key: self.reader.text(value) or "" for key, value in keys.items()}

    def _areas(self, nodes: list[Node]) -> tuple[Area, ...]:
        accepted = ("id", "name", "kind", "parent", "centre", "boundary", "aliases")
        areas: list[Area] = []
        seen: dict[str, int] = {}
        for node in nodes:
            keys = self.reader.mapping(node, accepted, required=("id", "name", "kind"))
            kind = self.reader.choice(keys.get("kind"), get_args(AreaKind))
            area_id = self._new_id(keys, seen)
            if area_id is None:
                continue
            if "parent" in keys:
                self.parent_spots["areas", area_id] = self.reader.spot(keys["parent"])
            areas.append(
                Area(
                    id=area_id,
                    name=self._text(keys, "name"),
                    kind=kind or "village",  # type: ignore[arg-type]  # a wrong one has been said; the file is refused
                    parent=self._optional(keys, "parent"),
                    centre=self.reader.position(keys.get("centre")),
                    boundary=self.reader.geometry(keys.get("boundary")),
                    aliases=self._texts(keys, "aliases"),
                )
            )
        return tuple(self._resolve_parents("areas", areas, {area.id: area.name for area in areas}))

    def _associations(self, nodes: list[Node]) -> tuple[Association, ...]:
        found: list[Association] = []
        seen: dict[str, int] = {}
        for node in nodes:
            keys = self.reader.mapping(node, ("id", "name", "unit_id"), required=("id", "name"))
            if (own_id := self._new_id(keys, seen)) is not None:
                found.append(Association(own_id, self._text(keys, "name"), self._optional(keys, "unit_id")))
        return tuple(found)

    def _instructors(self, nodes: list[Node], areas: Mapping[str, str]) -> tuple[Instructor, ...]:
        found: list[Instructor] = []
        seen: dict[str, int] = {}
        for node in nodes:
            keys = self.reader.mapping(
                node, ("id", "full_time", "channel", "capacity", "area"), required=("id",)
            )
            channel = self.reader.choice(keys.get("channel"), get_args(Channel)) or "seconded"
            capacity = self.reader.whole_number(keys.get("capacity"), least=0)
            full_time = self.reader.flag(keys.get("full_time"))
            area = self.reader.reference(keys.get("area"), areas)
            if (own_id := self._new_id(keys, seen)) is not None:
                default = Instructor(own_id)
                found.append(
                    Instructor(
                        own_id,
                        default.full_time if full_time is None else full_time,
                        channel,  # type: ignore[arg-type]
                        default.capacity if capacity is None else capacity,
                        area,
                    )
                )
        return tuple(found)

    def _task_groups(self, nodes: list[Node], areas: Mapping[str, str]) -> tuple[TaskGroup, ...]:
        found: list[TaskGroup] = []
        seen: dict[str, int] = {}
        for node in nodes:
            keys = self.reader.mapping(
                node, ("id", "name", "responsible_for", "head", "members"), required=("id", "name")
            )
            responsible = [
                self.reader.reference(item, areas)
                for item in (
                    self.reader.sequence(keys["responsible_for"]) if "responsible_for" in keys else []
                )
            ]
            if (own_id := self._new_id(keys, seen)) is not None:
                found.append(
                    TaskGroup(
                        own_id,
                        self._text(keys, "name"),
                        tuple(item for item in responsible if item is not None),
                        self._optional(keys, "head") or "",
                        self._texts(keys, "members"),
                    )
                )
        return tuple(found)

    def _organizations(self, nodes: list[Node], areas: Mapping[str, str]) -> tuple[OrganizationRecord, ...]:
        accepted = ("id", "name", "type", "parent", "area", "founded_on", "form", "host")
        found: list[OrganizationRecord] = []
        seen: dict[str, int] = {}
        for node in nodes:
            keys = self.reader.mapping(node, accepted, required=("id", "name", "type"))
            area = self.reader.reference(keys.get("area"), areas)
            founded_on = self.reader.day(keys.get("founded_on"))
            own_id = self._new_id(keys, seen)
            if own_id is None:
                continue
            if "parent" in keys:
                self.parent_spots["organizations", own_id] = self.reader.spot(keys["parent"])
            found.append(
                OrganizationRecord(
                    own_id,
                    self._text(keys, "name"),
                    self._text(keys, "type"),
                    self._optional(keys, "parent"),
                    area,
                    founded_on,
                    self._optional(keys, "form"),
                    self._optional(keys, "host"),
                )
            )
        return tuple(self._resolve_parents("organizations", found, {item.id: item.name for item in found}))

    def _resolve_parents(self, section: str, items: list[Any], names: Mapping[str, str]) -> list[Any]:
        """Parents by id or name; then every cycle, said at the line of one of its members."""
        resolved: list[Any] = []
        for item in items:
            parent = item.parent
            if parent is not None:
                parent = self.reader.resolve(self.parent_spots[section, item.id], parent, names)
            resolved.append(replace(item, parent=parent))
        for ring in cycles({item.id: item.parent for item in resolved}):
            finding = cycle_finding(ring, names[ring[0]])
            self.reader.findings.append(
                replace(finding, place=self.reader.place(self.parent_spots[section, ring[0]]))
            )
        return resolved

    def _new_id(self, keys: Mapping[str, Node], seen: dict[str, int]) -> str | None:
        node = keys.get("id")
        if node is None:
            return None
        own_id = self.reader.text(node)
        if own_id is None:
            return None
        line = self.reader.spot(node).line
        if own_id in seen:
            self.reader.say(
                node,
                "double_id",
                Text(f"编号与第{seen[own_id]}行的重复", f"The id is the same as on line {seen[own_id]}"),
                own_id,
            )
            return None
        seen[own_id] = line
        return own_id

    def _text(self, keys: Mapping[str, Node], key: str) -> str:
        node = keys.get(key)
        return (self.reader.text(node) or "") if node is not None else ""

    def _optional(self, keys: Mapping[str, Node], key: str) -> str | None:
        node = keys.get(key)
        return None if node is None or self.reader.is_null(node) else self.reader.text(node)

    def _texts(self, keys: Mapping[str, Node], key: str) -> tuple[str, ...]:
        if key not in keys:
            return ()
        return tuple(self.reader.text(item) or "" for item in self.reader.sequence(keys[key]))


def write_town(path: Path | str, town: Town) -> None:
    """Write ``town`` so that ``read_town`` gives the same back."""
    with output_file(path) as scratch:
        scratch.write_text(format_town(town), encoding="utf-8")


def format_town(town: Town) -> str:
    """The town file's text, which ``parse_town`` reads as the same town; one line an item, as people edit it."""
    parts = [
        f"format: {FORMAT}",
        f"town: {_inline({'name': town.name, 'code': town.code} | _known(aliases=list(town.aliases)))}",
    ]
    if town.bodies:
        parts.append(f"bodies: {_inline(town.bodies)}")
    sections: tuple[tuple[str, tuple[Any, ...], Callable[[Any], dict[str, Any]]], ...] = (
        ("areas", town.areas, _area),
        ("associations", town.associations, _association),
        ("instructors", town.instructors, _instructor),
        ("task_groups", town.task_groups, _task_group),
        ("organizations", town.organizations, _organization),
    )
    for section, items, as_mapping in sections:
        if items:
            parts.append(f"{section}:")
            parts += [f"  - {_inline(as_mapping(item))}" for item in items]
        elif section == "areas":
            parts.append("areas: []")
    return "\n".join(parts) + "\n"


def _inline(value: object) -> str:
    import yaml

    class Dumper(yaml.SafeDumper):
        def ignore_aliases(self, data: Any) -> bool:  # two areas with one centre are not "&id001"
            return True

    text = yaml.dump(
        value, Dumper=Dumper, default_flow_style=True, allow_unicode=True, sort_keys=False, width=float("inf")
    )
    return str(text).strip()


def _known(**values: object) -> dict[str, Any]:
    """Leave out what is empty."""
    return {key: value for key, value in values.items() if value not in (None, "", [], ())}


def _area(area: Area) -> dict[str, Any]:
    return {"id": area.id, "name": area.name, "kind": area.kind, "parent": area.parent} | _known(
        centre=None if area.centre is None else list(area.centre),
        boundary=area.boundary,
        aliases=list(area.aliases),
    )


def _association(item: Association) -> dict[str, Any]:
    return _known(id=item.id, name=item.name, unit_id=item.unit_id)


def _instructor(item: Instructor) -> dict[str, Any]:
    return _known(
        id=item.id,
        full_time=item.full_time,
        channel=item.channel,
        capacity=item.capacity,
        area=item.area,
    )


def _task_group(item: TaskGroup) -> dict[str, Any]:
    return _known(
        id=item.id,
        name=item.name,
        responsible_for=list(item.responsible_for),
        head=item.head,
        members=list(item.members),
    )


def _organization(item: OrganizationRecord) -> dict[str, Any]:
    day: date | None = item.founded_on
    return {"id": item.id, "name": item.name, "type": item.type, "parent": item.parent} | _known(
        area=item.area, founded_on=day, form=item.form, host=item.host
    )
