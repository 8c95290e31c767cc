"""The standing ground of clauses 3.0-3.4: committee, working committee, areas, park, association, emerging organizations.

What the town file already lists keeps its id, day and name; what the notice keeps (保留) but the file does not list is
recorded as standing before; what the notice sets up (成立) is founded; what it raises (升格) is upgraded.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from liangxin.findings import InputError
from liangxin.policy.model import Policy
from liangxin.registry.places import Places, cycle_finding, cycles
from liangxin.registry.town import Area, OrganizationRecord, Town
from liangxin.structure.facts import park_of, parks
from liangxin.structure.operations import Basis, Found, Operation, Record, Transfer, Upgrade
from liangxin.structure.organization import ORGANIZATION_TYPES
from liangxin.wording import Text

COMMITTEE, WORKING, LEADING = "committee", "working_committee", "leading_group"
SELF_EMPLOYED, EMERGING = "association_general_branch", "emerging_general_branch"
AREA, PARK, PARK_AREA = "work_area_general_branch", "park_general_branch", "park_area_joint_branch"
"""Ids of the bodies, in the town file's ``bodies`` and the policy's."""

_NOT_LISTED = Text(
    "镇情文件没有列出，按通知保留的组织登记", "not in the town file; recorded as kept by the notice"
)
_SELF_EMPLOYED_NAMES = ("个私", "个体")  # 个私协会, 个体劳动者协会, 个体私营企业协会
_EMERGING_NAMES = ("新兴组织", "新社会组织")


@dataclass(slots=True)
class Ground:
    """Ids of the organizations that two-new organizations can stand under, by the area they are of.

    ``self_employed`` and ``emerging`` are None under a policy that knows no such body: the territory takes their place.
    """

    committee: str
    working: str
    self_employed: str | None = None
    emerging: str | None = None
    areas: dict[str, str] = field(default_factory=dict)  # work area -> general branch
    parks: dict[str | None, str] = field(default_factory=dict)  # park (None: the only one) -> general branch
    park_areas: dict[str, str] = field(default_factory=dict)
    villages: dict[str, str] = field(default_factory=dict)
    venues: dict[str, str] = field(default_factory=dict)
    ids: set[str] = field(default_factory=set)  # every organization that is of the ground

    def own(self, id: str) -> str:
        self.ids.add(id)
        return id


class GroundBuilder:
    """Finds each body among the town's records or makes the operation that sets it up, in the order of section 3."""

    def __init__(self, town: Town, policy: Policy, day: date, working_day: date, two_new: set[str]) -> None:
        self.town = town
        self.policy = policy
        self.day = day
        self.working_day = working_day
        self.places = Places.of(town)
        self.operations: list[Operation] = []
        self.records = [record for record in town.organizations if record.id not in two_new]
        self.known = {record.id: record for record in town.organizations}

    def build(self) -> Ground:
        committee = self._committee()
        ground = Ground(committee, committee)
        ground.own(committee)
        self.ground = ground
        ground.working = ground.own(self._working())
        self._leading_group()
        for area in self.town.areas:
            if area.kind == "work_area":
                ground.areas[area.id] = ground.own(self._work_area(area))
        if self._knows(PARK):
            self._parks()
        if self._knows(SELF_EMPLOYED):
            ground.self_employed = ground.own(
                self._joint_general_branch(
                    SELF_EMPLOYED, "3.3c", _SELF_EMPLOYED_NAMES, "{town}个私协会联合党总支"
                )
            )
        if self._knows(EMERGING):
            ground.emerging = ground.own(
                self._joint_general_branch(EMERGING, "3.3d", _EMERGING_NAMES, "{town}新兴组织联合党总支")
            )
        for area in self.town.areas:
            record = self._record_of(area.id)
            if record is not None and area.kind in ("village", "community"):
                ground.villages[area.id] = ground.own(record.id)
            elif record is not None and area.kind in ("market", "building", "street"):
                ground.venues[area.id] = ground.own(record.id)
        return ground

    def village(self, area_id: str) -> str:
        """The organization of a village or community; recorded when first needed, for every village has one."""
        ground = self.ground
        if area_id not in ground.villages:
            area = self.places.areas[area_id]
            work_area = self.places.work_area(area_id)
            parent = ground.areas.get(work_area or "", ground.working)
            since = self.known[parent].founded_on if parent in self.known else None
            if parent == ground.working:
                since = self.working_day
            id = f"organization-{area_id}"
            self.operations.append(
                Record(
                    on=None,
                    id=id,
                    name=f"{area.name}党组织",
                    type="branch",
                    parent=parent if since is None else ground.committee,
                    area=area_id,
                    basis=Basis("3.3a", reason=_NOT_LISTED),
                )
            )
            if since is not None:
                self.operations.append(
                    Transfer(on=since, organization=id, parent=parent, basis=Basis("3.3a"))
                )
            ground.villages[area_id] = ground.own(id)
        return ground.villages[area_id]

    def _knows(self, body: str) -> bool:
        return body in self.town.bodies or any(each.id == body for each in self.policy.bodies)

    # One body after the other

    def body_name(self, id: str, otherwise: str, area: str = "") -> str:
        """The town's own name for a body, else the policy's, else the notice's. ``area``: of one of several."""
        if id in self.town.bodies and not area:
            return self.town.bodies[id]
        body = next((body for body in self.policy.bodies if body.id == id), None)
        label = body.label.zh if body is not None else otherwise
        return label.replace("{town}", self.town.name).replace("{area}", area)

    def _committee(self) -> str:
        named = self.body_name(COMMITTEE, "中共{town}委员会")
        committees = [
            record
            for record in self._ground_records()
            if record.parent is None and record.area is None and record.type == "party_committee"
        ]
        found = next((record for record in committees if record.name == named), next(iter(committees), None))
        if found is not None:
            self.operations.append(_recorded(found, None))
            return found.id
        self.operations.append(
            Record(on=None, id=COMMITTEE, name=named, type="party_committee", parent=None, basis=Basis("3.0"))
        )
        return COMMITTEE

    def _working(self) -> str:
        """3.1: the town sets up its two-new working committee, directly under the committee."""
        found = next((record for record in self.records if record.type == "working_committee"), None)
        if found is not None:
            return found.id
        self.operations.append(
            Found(
                on=self.working_day,
                id=WORKING,
                name=self.body_name(WORKING, "{town}两新组织党工委"),
                type="working_committee",
                parent=self.ground.committee,
                basis=Basis("3.1"),
            )
        )
        return WORKING

    def _leading_group(self) -> None:
        """5.1: not a Party organization of the tree's kind, but it stands beside the working committee on the chart."""
        if any(record.type == "leading_group" for record in self.records):
            return
        self.operations.append(
            Found(
                on=self.working_day,
                id=self.ground.own(LEADING),
                name=self.body_name(LEADING, "{town}非公有制企业党建工作领导小组"),
                type="leading_group",
                parent=self.ground.committee,
                basis=Basis("5.1"),
            )
        )

    def _work_area(self, area: Area) -> str:
        """3.3a: the work areas keep their general branches, now led by the working committee."""
        record = self._record_of(area.id)
        if record is None:
            id = f"organization-{area.id}"
            name = self.body_name(AREA, "{area}党总支", area.name)
            self.operations.append(
                Record(
                    on=None,
                    id=id,
                    name=name,
                    type="general_branch",
                    parent=self.ground.committee,
                    area=area.id,
                    basis=Basis("3.3a", reason=_NOT_LISTED),
                )
            )
            self._lead(id, self.ground.working, "3.0")
            return id
        self._place_record(record, "general_branch", "3.3a")
        return record.id

    def _parks(self) -> None:
        """3.3b: the park's general branch is upgraded; its areas have joint branches."""
        whole: Iterable[str | None] = parks(self.town)
        park_areas = [area for area in self.town.areas if area.kind == "park_area"]
        if not whole and park_areas:
            whole = (None,)
        for park in whole:
            record = self._park_record(park)
            if record is not None:
                self._place_record(record, "general_branch", "3.3b")
            own_name = self.places.areas[park].name + "党总支" if park is not None else None
            name = own_name or self.body_name(PARK, "{town}工业园区党总支")
            id = record.id if record else PARK if park is None else f"organization-{park}"
            if record is None:
                self._found(id, name, "general_branch", self.ground.working, "3.3b", park)
            self.ground.parks[park] = self.ground.own(id)
        only = next(iter(self.ground.parks.values()), None)
        for area in park_areas:
            record = self._record_of(area.id)
            above = self.ground.parks.get(park_of(area.id, self.places)) or only
            id = record.id if record else f"organization-{area.id}"
            if record is None and above is not None:
                self._found(
                    id,
                    self.body_name(PARK_AREA, "{area}联合党支部", area.name),
                    "joint_branch",
                    above,
                    "3.3b",
                    area.id,
                )
            elif record is not None and above is not None and record.parent in (None, self.ground.committee):
                self._lead(id, above, "3.3b")
            self.ground.park_areas[area.id] = self.ground.own(id)

    def _park_record(self, park: str | None) -> OrganizationRecord | None:
        if park is not None:
            return self._record_of(park)
        return next(
            (record for record in self._ground_records() if record.area is None and "园区" in record.name),
            None,
        )

    def _joint_general_branch(self, body: str, clause: str, marks: tuple[str, ...], otherwise: str) -> str:
        """3.3c, 3.3d: recognized in the town's records by name; upgraded, or founded where there is none."""
        name = self.body_name(body, otherwise)
        record = next(
            (
                record
                for record in self._ground_records()
                if record.name == name or any(mark in record.name for mark in marks)
            ),
            None,
        )
        if record is None:
            self._found(body, name, "joint_general_branch", self.ground.working, clause, None)
            return body
        self._place_record(record, "joint_general_branch", clause)
        return record.id

    # Shared steps

    def _ground_records(self) -> Iterator[OrganizationRecord]:
        return (
            record
            for record in self.records
            if record.form is None and record.host is None and record.type not in ("group", "leading_group")
        )

    def _record_of(self, area_id: str) -> OrganizationRecord | None:
        """The highest organization of this very area."""
        found = [record for record in self._ground_records() if record.area == area_id]
        return max(found, key=lambda record: _rank(record.type), default=None)

    def _place_record(self, record: OrganizationRecord, at_least: str, clause: str) -> None:
        """Led by the working committee where its superior was the town committee; raised to the type the clause asks."""
        if record.parent in (None, self.ground.committee):
            self._lead(record.id, self.ground.working, "3.0")
        if _rank(record.type) < _rank(at_least):
            label = ORGANIZATION_TYPES[at_least].label.zh
            was = ORGANIZATION_TYPES[record.type].label.zh if record.type in ORGANIZATION_TYPES else ""
            name = record.name.removesuffix(was) + label if was and record.name.endswith(was) else record.name
            self.operations.append(
                Upgrade(
                    on=self._not_before(record),
                    organization=record.id,
                    type=at_least,
                    name=name,
                    basis=Basis(clause),
                )
            )

    def _lead(self, id: str, parent: str, clause: str) -> None:
        record = self.known.get(id)
        day = self.working_day if parent == self.ground.working else self.day
        if record is not None and record.founded_on is not None:
            day = max(day, record.founded_on)
        self.operations.append(Transfer(on=day, organization=id, parent=parent, basis=Basis(clause)))

    def _not_before(self, record: OrganizationRecord) -> date:
        return max(self.day, record.founded_on or self.day)

    def _found(self, id: str, name: str, type: str, parent: str, clause: str, area: str | None) -> None:
        self.operations.append(
            Found(on=self.day, id=id, name=name, type=type, parent=parent, area=area, basis=Basis(clause))
        )


def _rank(type: str) -> int:
    return ORGANIZATION_TYPES[type].rank if type in ORGANIZATION_TYPES else 0


def _recorded(record: OrganizationRecord, parent: str | None, units: tuple[str, ...] = ()) -> Record:
    return Record(
        on=record.founded_on if parent is not None else None,
        id=record.id,
        name=record.name,
        type=record.type,
        parent=parent,
        units=units,
        form=record.form,
        host=record.host,
        area=record.area,
    )


def record_existing(
    town: Town, committee: str, units: dict[str, tuple[str, ...]], bodies: frozenset[str]
) -> list[Operation]:
    """The town's own organizations as they stood, parents first. One older than its superior stands under the committee
    until the superior is founded. ``units``: those the ledger puts in each; ``bodies``: ids that stand for the committee."""
    rings = cycles({record.id: record.parent for record in town.organizations})
    if rings:
        raise InputError(cycle_finding(ring) for ring in rings)
    records = {record.id: record for record in town.organizations if record.id != committee}
    operations: list[Operation] = []
    done: set[str] = {committee}
    moves: list[Operation] = []

    def enter(record: OrganizationRecord) -> None:
        if record.id in done:
            return
        done.add(record.id)
        parent = records.get(record.parent or "")
        if parent is not None:
            enter(parent)
        above = record.parent if record.parent is not None and record.parent not in bodies else committee
        if parent is not None and (parent.founded_on or date.min) > (record.founded_on or date.min):
            assert parent.founded_on is not None
            moves.append(Transfer(on=parent.founded_on, organization=record.id, parent=parent.id))
            above = committee
        operations.append(_recorded(record, above, units.get(record.id, ())))

    for record in records.values():
        enter(record)
    return operations + moves
