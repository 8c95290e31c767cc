"""Clause 3.3d: graduate mobile members are all inside, in branches by place under the joint general branch of emerging
organizations. An area with too few for a branch shares one; a town with too few has a group."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from liangxin.registry.town import Town
from liangxin.structure.facts import UnitFacts
from liangxin.structure.operations import Attach, Basis, Found, Operation
from liangxin.structure.tree import DayTree

_BASIS = Basis("3.3d")
_SHARED = "graduates"


def graduate_operations(
    town: Town, facts: Mapping[str, UnitFacts], parent: str, day: date, minimum: int, existing: DayTree
) -> list[Operation]:
    """Found the branches and put every unit with graduate mobile members under one.

    ``parent``: the joint general branch of emerging organizations; ``minimum``: members of a branch.

    Branches of an earlier run of the same ids that already stand (``existing``) are joined, not founded again.
    """
    by_area: dict[str | None, list[str]] = {area.id: [] for area in town.areas if area.kind == "work_area"}
    for unit in facts.values():
        if unit.graduates:
            by_area.setdefault(unit.work_area if unit.work_area in by_area else None, []).append(unit.id)
    total = {area: sum(facts[id].graduates or 0 for id in ids) for area, ids in by_area.items()}
    own = [area for area in by_area if area is not None and total[area] >= minimum]
    rest = [area for area in by_area if area not in own and by_area[area]]
    shared = [id for area in rest for id in by_area[area]]
    groups: list[tuple[str, str, str, str | None, list[str]]] = []
    names = {area.id: area.name for area in town.areas}
    for area in own:
        assert area is not None
        groups.append(
            (f"graduates-{area}", f"{names[area]}大学生流动党员党支部", "branch", area, by_area[area])
        )
    if shared:
        left = sum(total[area] for area in rest)
        if left >= minimum or not groups:
            type = "joint_branch" if left >= minimum else "group"
            label = "联合党支部" if left >= minimum else "党小组"
            groups.append((_SHARED, f"{town.name}大学生流动党员{label}", type, None, shared))
        else:
            largest = max(own, key=lambda area: total[area])
            next(group for group in groups if group[3] == largest)[4].extend(shared)
    operations: list[Operation] = []
    for id, name, type, of_area, ids in groups:
        if id in existing.organizations:
            operations.append(Attach(on=day, units=tuple(ids), to=id, graduates=True, basis=_BASIS))
            continue
        operations.append(
            Found(
                on=day,
                id=id,
                name=name,
                type=type,
                parent=parent,
                graduates=tuple(ids),
                area=of_area,
                basis=_BASIS,
            )
        )
    return operations


@dataclass(frozen=True, slots=True)
class GraduateCount:
    """The check of 3.3d: ``inside`` must equal ``in_ledger``. ``unknown``: units whose number is still 待核."""

    in_ledger: int
    inside: int
    unknown: int

    @property
    def all_inside(self) -> bool:
        return self.inside == self.in_ledger


def count_graduates(today: DayTree, graduates: Mapping[str, int | None]) -> GraduateCount:
    """Compare the tree with the ledger. ``graduates``: the ledger's column by unit id."""
    managed = [unit for each in today.organizations.values() for unit in each.graduates]
    return GraduateCount(
        sum(count for count in graduates.values() if count is not None),
        sum(graduates.get(unit) or 0 for unit in managed),
        sum(count is None for count in graduates.values()),
    )
