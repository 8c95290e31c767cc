"""From an arrangement to organizations with ids, names, types and instructors, as an office would write them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from liangxin.planning.contacts import assign_instructors
from liangxin.planning.forms import ALONE, INDUSTRY, JOINT, LEADER, NAMES, SECONDED, VILLAGE
from liangxin.planning.naming import Naming, Subject
from liangxin.planning.plan import OrganizationStatus, PlannedOrganization

if TYPE_CHECKING:
    from liangxin.planning.build import Built
    from liangxin.planning.contacts import Contacts
    from liangxin.planning.cost import Cost
    from liangxin.planning.problem import Arrangement
    from liangxin.registry.town import OrganizationRecord, Town

_RANKS: Final = ("branch", "general_branch", "party_committee")


@dataclass(frozen=True, slots=True)
class Organizations:
    """``of_unit``: by unit of the problem, its organization's id or None."""

    planned: tuple[PlannedOrganization, ...]
    of_unit: tuple[str | None, ...]
    contacts: Contacts  # whom each instructor contacts, who is seconded


def organize(built: Built, arrangement: Arrangement, cost: Cost, town: Town) -> Organizations:
    return _Naming(built, arrangement, cost, town).result()


class _Naming:
    def __init__(self, built: Built, arrangement: Arrangement, cost: Cost, town: Town) -> None:
        self.built, self.problem, self.arrangement, self.cost, self.town = (
            built,
            built.problem,
            arrangement,
            cost,
            town,
        )
        self.names: list[str] = [name or "" for name in built.frame["name"].to_list()]
        self.areas = {area.id: area.name for area in town.areas}
        self.associations = {association.id: association.name for association in town.associations}
        self.records = {record.id: record for record in town.organizations}
        self.before: dict[str, frozenset[int]] = {}
        units_of: dict[str, set[int]] = {}
        for unit, organization in enumerate(built.existing.organization_of):
            if organization:
                units_of.setdefault(organization, set()).add(unit)
        self.before = {organization: frozenset(units) for organization, units in units_of.items()}
        self.planned_id = {key: organization for organization, key in built.planned_before.items()}
        self.id_of_key = {key: organization for organization, key in built.existing.key_of.items()}
        self.village_records: dict[str, OrganizationRecord] = {}
        for record in town.organizations:
            if record.area in set(self.problem.place_ids) and record.type == "branch" and record.form is None:
                self.village_records.setdefault(record.area or "", record)
        self.given_ids: set[str] = set()
        founded = {record.id: record.name for record in town.organizations}
        places = (town.name, *(area.name for area in town.areas))
        self.naming = Naming(built.naming, founded, built.names_before, places)
        self.joint_there: Counter[tuple[str, str]] = Counter()

    def result(self) -> Organizations:
        groups: dict[tuple[int, int], list[int]] = {}
        for unit in range(self.problem.n):
            form, host = int(self.arrangement.form[unit]), int(self.arrangement.host[unit])
            if form == VILLAGE:
                groups.setdefault((form, int(self.problem.place[unit])), []).append(unit)
            elif form in ALONE or form in JOINT:
                groups.setdefault((form, host), []).append(unit)
        for (form, host), units in groups.items():
            if form in JOINT:
                self.joint_there[self._line(form, host, units)] += 1
        contacts = self._contacts()
        planned: list[PlannedOrganization] = []
        of_unit: list[str | None] = [None] * self.problem.n
        for (form, host), units in groups.items():
            guide = int(contacts.of_unit[host]) if form == SECONDED else -1
            made = self._organization(
                form, host, units, self.town.instructors[guide].id if guide >= 0 else None
            )
            planned.append(made)
            for unit in units:
                of_unit[unit] = made.organization_id
        planned += self._dissolved({each.organization_id for each in planned})
        return Organizations(tuple(planned), tuple(of_unit), contacts)

    def _contacts(self) -> Contacts:
        at = np.column_stack([self.problem.x_km, self.problem.y_km])
        areas = [self._area(unit) for unit in range(self.problem.n)]
        return assign_instructors(self.built.contacts, at, areas, self.problem.place, self.arrangement.form)

    def _area(self, unit: int) -> str:
        area = int(self.problem.work_area[unit])
        return self.problem.work_area_ids[area] if area >= 0 else ""

    def _organization(
        self, form: int, host: int, units: list[int], instructor: str | None
    ) -> PlannedOrganization:
        assumed = self.built.existing.assumed  # not a fact, so in no figure that a person reads
        lent = self.built.existing.lent
        full = sum(int(self.problem.t[unit]) - lent.get(unit, 0) for unit in units if unit not in assumed)
        members = sum(int(self.problem.members[unit]) for unit in units if unit not in assumed)
        unit_ids = tuple(self.problem.unit_ids[unit] for unit in units)
        if form == VILLAGE:
            place = self.problem.place_ids[host]
            record = self.village_records.get(place)
            id_ = record.id if record else f"village-{place}"
            type_ = record.type if record else "group"
            where = self.areas.get(place, place)
            name = self.naming.keep(id_, None, type_) or self.naming.give(
                Subject("village", type_, place=where)
            )
            return PlannedOrganization(
                id_,
                name,
                type_,
                NAMES[form],
                place,
                unit_ids,
                full,
                members,
                None,
                record.parent if record else None,
                "existing" if record else "new",
                self.cost.per_place[host],
            )
        known = self.id_of_key.get((form, host)) or self._grown_from(form, host)
        type_ = self._type(form, members + (1 if form == SECONDED else 0))
        record = self.records.get(known or "")
        status: OrganizationStatus = "new"
        if known is not None:
            same = self.before.get(known, frozenset()) == frozenset(units) and (
                record is None or record.form in (None, NAMES[form])
            )
            status = "existing" if same else "changed"
        if record is not None and status == "existing" and not _raises(record.type, type_):
            type_ = record.type
        id_ = known or self._new_id(form, host)
        own = self.naming.keep(id_, record.type if record else None, type_)
        return PlannedOrganization(
            id_,
            own or self.naming.give(self._subject(form, host, units, type_)),
            type_,
            NAMES[form],
            self.problem.unit_ids[host],
            unit_ids,
            full,
            members,
            instructor,
            record.parent if record else None,
            status,
            self.cost.per_organization[form, host],
        )

    def _new_id(self, form: int, host: int) -> str:
        """Deterministic from form and host; an earlier plan's id goes on with its organization."""
        given = self.planned_id.get((form, host)) or f"{NAMES[form]}-{self.problem.unit_ids[host]}"
        while given in self.given_ids:
            given += "-2"
        self.given_ids.add(given)
        return given

    def _grown_from(self, form: int, host: int) -> str | None:
        """The host's own organization of before, when it goes on under another form: separate to leader, seconded to separate."""
        if form not in (*ALONE, LEADER):
            return None
        own = self.built.existing.organization_of[host]
        key = self.built.existing.key_of.get(own)
        return own if key is not None and key[0] in (*ALONE, LEADER) and key[1] == host else None

    def _type(self, form: int, members: int) -> str:
        limits = self.problem.limits
        if form in JOINT:
            return "joint_branch"
        if members >= limits.committee_members:
            return "party_committee"
        return "general_branch" if members >= limits.general_branch_members else "branch"

    def _subject(self, form: int, host: int, units: list[int], type_: str) -> Subject:
        """What a new organization can be called after."""
        line, id_ = self._line(form, host, units)
        territory = int(self.problem.territory[host])
        where = self.problem.territory_ids[territory] if territory >= 0 else ""
        return Subject(
            NAMES[form],
            type_,
            self.names[host],
            self.areas.get(where, where),
            self.associations.get(id_, id_) if line == "association" else "",
            self.joint_there[line, id_] <= 1,
        )

    def _line(self, form: int, host: int, units: list[int]) -> tuple[str, str]:
        """The place or the association that a joint organization is of."""
        if form == INDUSTRY:
            shared = set(self.problem.associations.of(host).tolist())
            for unit in units:
                shared &= set(self.problem.associations.of(unit).tolist())
            return "association", self.problem.association_ids[min(shared)] if shared else ""
        territory = int(self.problem.territory[host])
        return "place", self.problem.territory_ids[territory] if territory >= 0 else ""

    def _dissolved(self, living: set[str]) -> list[PlannedOrganization]:
        ended: list[PlannedOrganization] = []
        for organization, (form, host) in sorted(self.built.existing.key_of.items()):
            if organization in living or form == VILLAGE or organization not in self.before:
                continue
            record = self.records.get(organization)
            name = record.name if record else organization
            type_ = record.type if record else self._type(form, 0)
            host_id = self.problem.unit_ids[host] if host >= 0 else (record.host or "" if record else "")
            parent = record.parent if record else None
            ended.append(
                PlannedOrganization(
                    organization, name, type_, NAMES[form], host_id, (), 0, 0, None, parent, "dissolved", 0.0
                )
            )
        return ended


def _raises(old: str, new: str) -> bool:
    """Is this an upgrade? (A living organization is not brought down because its members became fewer.)"""
    return new in _RANKS and old in _RANKS and _RANKS.index(new) > _RANKS.index(old)
