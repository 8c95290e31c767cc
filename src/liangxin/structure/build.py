"""The tree of section 3 from the town file, the ledger and the plan's arrangement.

First the organizations as they stood, with the units the ledger puts in them; then the ground of clauses 3.0-3.4; then
what the plan founds, changes and ends, each as a dated operation with its clause. Any day before the plan's still shows
the town as it was.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Final

from liangxin.policy.model import Policy
from liangxin.registry.town import OrganizationRecord, Town
from liangxin.structure.arranged import ArrangedOrganization, Arrangement
from liangxin.structure.facts import read_units
from liangxin.structure.graduates import graduate_operations
from liangxin.structure.journal import apply_all
from liangxin.structure.numbers import Limits, higher, type_by_numbers
from liangxin.structure.operations import (
    Adjust,
    Attach,
    Basis,
    Dissolve,
    Found,
    Operation,
    Record,
    Release,
    SplitOff,
    Transfer,
    Upgrade,
)
from liangxin.structure.organization import ORGANIZATION_TYPES
from liangxin.structure.placing import Placement, Placer
from liangxin.structure.regional import Ground, GroundBuilder, record_existing
from liangxin.structure.tree import DayTree, Tree
from liangxin.wording import Text

if TYPE_CHECKING:
    import polars as pl

CLAUSES: Final[Mapping[str, str]] = {
    "separate": "2.1",
    "seconded": "2.2",
    "park": "2.3",
    "industry": "2.4",
    "leader": "2.5",
    "zone": "2.6",
    "village": "2.7",
    "mobile": "2.1",
}
_MOVED_ON = Text("单位都已另行编入党组织", "its units have all been placed elsewhere")


def build_tree(
    town: Town,
    arrangement: Arrangement,
    policy: Policy,
    units: pl.DataFrame,
    *,
    founded_on: date | None = None,
) -> Tree:
    """The dated tree of the town.

    Args:
        town: the town file; its organizations keep ids, days and superiors unless a rule changes them.
        arrangement: the plan's organizations.
        policy: names of bodies, limits, and the milestone of 4.3 by which the working committee stands.
        units: a ledger frame, classified or not.
        founded_on: the day on which what is new is founded; the arrangement's own day when not given.

    Raises:
        InputError: the town's records or the arrangement cannot be a tree, with every reason.
    """
    return _Building(town, arrangement, policy, units, founded_on or arrangement.as_of).tree()


def parents(tree: Tree, as_of: date) -> dict[str, str]:
    """organization id -> the id it stands under on that day (for plan.json)."""
    return {each.id: each.parent for each in tree.on(as_of).organizations.values() if each.parent is not None}


def working_committee_day(policy: Policy, founded_on: date) -> date:
    """3.1: the first day of the policy's milestone of 4.3, or the founding day where that comes first."""
    starts = [each.start for each in policy.milestones if each.clause.id == "4.3" and each.start is not None]
    return min([*starts, founded_on])


class _Building:
    def __init__(
        self, town: Town, arrangement: Arrangement, policy: Policy, units: pl.DataFrame, day: date
    ) -> None:
        self.town = town
        self.day = day
        self.limits = Limits.of(policy)
        self.facts = read_units(units, town, policy)
        self.arranged = {each.id: each for each in arrangement.organizations}
        self.records = {record.id: record for record in town.organizations}
        self.now: dict[str, tuple[str, ...]] = {}  # organization -> units, by the ledger
        for unit in self.facts.values():
            if unit.organization is not None:
                self.now[unit.organization] = (*self.now.get(unit.organization, ()), unit.id)
        in_a_place = {area.id for area in town.areas if area.kind in ("village", "community")}
        two_new = {
            record.id
            for record in town.organizations
            if (record.id in self.arranged or record.id in self.now)
            and not (record.area in in_a_place and record.host is None)
        }
        working_day = working_committee_day(policy, day)
        self.builder = GroundBuilder(town, policy, day, working_day, two_new)

    def tree(self) -> Tree:
        ground = self.builder.build()
        committee, *standing = self.builder.operations
        self.builder.operations = standing
        placer = Placer(self.town, self.builder, ground, self.facts, self._association_organizations())
        before = [committee, *self._existing(ground)]
        arranged = self._arranged(ground, placer)
        operations = [*before, *self.builder.operations, *arranged]
        strengths = {unit.id: unit.forming_members for unit in self.facts.values()}
        tree = apply_all(Tree(strengths, self.limits.full_members), operations)
        graduates = graduate_operations(
            self.town,
            self.facts,
            ground.emerging or ground.working,
            self.day,
            self.limits.full_members,
            tree.on(self.day),
        )
        return apply_all(tree, [*graduates, *self._mature(tree.on(self.day), placer, ground)])

    def _existing(self, ground: Ground) -> list[Operation]:
        """As it stood: the town file's organizations, and those that only the ledger or the plan names."""
        bodies = frozenset({"committee", ground.committee})
        operations = record_existing(self.town, ground.committee, self.now, bodies)
        for id, unit_ids in self.now.items():
            if id in self.records or id in ground.ids:
                continue
            planned = self.arranged.get(id)
            operations.append(
                Record(
                    on=None,
                    id=id,
                    name=planned.name if planned else id,
                    type=planned.type if planned else "joint_branch" if len(unit_ids) > 1 else "branch",
                    parent=ground.committee,
                    units=unit_ids,
                    form=planned.form if planned else None,
                    host=planned.host if planned else None,
                )
            )
        return operations

    def _association_organizations(self) -> dict[str, ArrangedOrganization]:
        """association id -> the arranged organization that the association's own unit is in."""
        of_unit = {
            unit: each
            for each in self.arranged.values()
            if each.status != "dissolved"
            for unit in each.unit_ids
        }
        return {
            each.id: of_unit[each.unit_id]
            for each in self.town.associations
            if each.unit_id is not None and each.unit_id in of_unit
        }

    def _arranged(self, ground: Ground, placer: Placer) -> list[Operation]:
        """What the plan does, in an order in which it can be done: found and gather, set the lines, then end."""
        steps: list[Operation] = []
        lines: list[Operation] = []
        staying = [each for each in self.arranged.values() if each.status != "dissolved"]
        for each in staying:
            stood = each.id in self.records or each.id in self.now
            placement = placer.place(each)
            steps += self._changed(each, placement, ground) if stood else [self._new(each, placement)]
            if placement.line is not None:
                lines.append(
                    Transfer(
                        on=self.day,
                        organization=each.id,
                        parent=placement.line,
                        axis="line",
                        basis=Basis(placement.clause),
                    )
                )
        return [*steps, *lines, *self._ended(staying, ground)]

    def _new(self, each: ArrangedOrganization, placement: Placement) -> Operation:
        type = self._type(each)
        basis = Basis(CLAUSES.get(each.form, "2.0"))
        former = {self.facts[id].organization for id in each.unit_ids if id in self.facts}
        source = next(iter(former)) if len(former) == 1 else None
        continues = (
            source in self.arranged and self.arranged[source].status != "dissolved" if source else False
        )
        if each.form == "separate" and continues and source != each.id:
            return SplitOff(
                on=self.day,
                units=each.unit_ids,
                id=each.id,
                name=each.name,
                type=type,
                parent=placement.parent,
                form=each.form,
                host=each.host,
                area=placement.area,
                basis=basis,
            )
        return Found(
            on=self.day,
            id=each.id,
            name=each.name,
            type=type,
            parent=placement.parent,
            units=each.unit_ids,
            form=each.form,
            host=each.host,
            area=placement.area,
            basis=basis,
        )

    def _changed(self, each: ArrangedOrganization, placement: Placement, ground: Ground) -> list[Operation]:
        """An organization that stood: who joins, its type, form and name, and its superior where a rule gives it one."""
        steps: list[Operation] = []
        basis = Basis(CLAUSES.get(each.form, "2.0"))
        joining = tuple(sorted(set(each.unit_ids) - set(self.now.get(each.id, ()))))
        if joining:
            steps.append(Attach(on=self.day, units=joining, to=each.id, basis=basis))
        record = self.records.get(each.id)
        if each.id in ground.ids:
            return steps  # a village's own organization: its units are attached, nothing else is the plan's
        steps += self._restyled(each, placement, record)
        keeps = record is not None and record.parent not in (None, "committee", ground.committee)
        # 3.3b-3.3d arrange who stands under the park and the two joint general branches; elsewhere a superior stays.
        if not keeps or placement.clause in ("3.3b", "3.3c", "3.3d") or _form_changed(record, each):
            steps.append(
                Transfer(
                    on=self.day,
                    organization=each.id,
                    parent=placement.parent,
                    basis=Basis(placement.clause),
                )
            )
        return steps

    def _restyled(
        self, each: ArrangedOrganization, placement: Placement, record: OrganizationRecord | None
    ) -> list[Operation]:
        """Its type, name, form, lead unit and area where the plan's differ; a plan that keeps it lowers no type."""
        basis = Basis(CLAUSES.get(each.form, "2.0"))
        type = self._type(each)
        if record is None or record.type not in ORGANIZATION_TYPES:
            return []  # the ledger alone named it, and it was recorded as the plan has it
        rise = ORGANIZATION_TYPES[type].rank - ORGANIZATION_TYPES[record.type].rank
        if rise > 0:
            up = Upgrade(on=self.day, organization=each.id, type=type, name=each.name, basis=basis)
            steps: list[Operation] = [up]
        else:
            steps = []
            type = record.type if rise < 0 and each.status == "existing" else type
        was = (record.name, record.type, record.form, record.host, record.area)
        if (each.name, type, each.form, each.host, placement.area) != was:
            steps.append(
                Adjust(
                    on=self.day,
                    organization=each.id,
                    name=each.name,
                    type=type,
                    form=each.form,
                    host=each.host,
                    area=placement.area,
                    basis=basis,
                )
            )
        return steps

    def _type(self, each: ArrangedOrganization) -> str:
        """The plan's type, or the higher one that its members ask for; a village's group stays what it is."""
        if each.form == "village" or each.type not in ORGANIZATION_TYPES:
            return each.type
        joint = ORGANIZATION_TYPES[each.type].joint
        return higher(each.type, type_by_numbers(each.members, self.limits, joint=joint))

    def _ended(self, staying: list[ArrangedOrganization], ground: Ground) -> list[Operation]:
        """Units that leave without a new place are released; what the plan ends, or leaves with no unit, is dissolved."""
        placed = {unit for each in staying for unit in each.unit_ids}
        kept = {each.id for each in staying}
        steps: list[Operation] = []
        for id, unit_ids in self.now.items():
            planned = self.arranged.get(id)
            left = tuple(unit for unit in unit_ids if unit not in placed)
            emptied = planned is None and id not in ground.ids and len(left) < len(unit_ids)
            if left and (planned is not None or emptied):
                steps.append(Release(on=self.day, units=left))
            if id not in kept and (planned is not None or emptied):
                steps.append(Dissolve(on=self.day, organization=id, basis=Basis(reason=_MOVED_ON)))
        for id, planned in self.arranged.items():
            if planned.status == "dissolved" and id not in self.now and id in self.records:
                steps.append(Dissolve(on=self.day, organization=id))
        return steps

    def _mature(self, today: DayTree, placer: Placer, ground: Ground) -> list[Operation]:
        """3.4: a market or building whose organizations together have the members of a general branch gets its own."""
        of_venue: dict[str, list[str]] = {}
        for each in self.arranged.values():
            standing = today.organizations.get(each.id)
            area = placer.areas.get(standing.standing.area or "") if standing else None
            if (
                area is not None
                and area.kind in ("market", "building", "street")
                and area.id not in ground.venues
            ):
                of_venue.setdefault(area.id, []).append(each.id)
        steps: list[Operation] = []
        for venue, ids in of_venue.items():
            members = sum(self.arranged[id].members for id in ids)
            if len(ids) < 2 or members < self.limits.general_branch:
                continue
            above = today.organizations[ids[0]].parent
            id = f"organization-{venue}"
            steps.append(
                Found(
                    on=self.day,
                    id=id,
                    name=placer.areas[venue].name + "联合党总支",
                    type="joint_general_branch",
                    parent=above,
                    area=venue,
                    basis=Basis("3.4"),
                )
            )
            steps += [Transfer(on=self.day, organization=each, parent=id, basis=Basis("3.4")) for each in ids]
        return steps


def _form_changed(record: OrganizationRecord | None, each: ArrangedOrganization) -> bool:
    return record is not None and record.form is not None and record.form != each.form
