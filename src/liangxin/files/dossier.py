"""Everything that the documents of one town say, from one place, so that every one of them says the same.

The workbook, the Word documents and the map look up names, areas, measures and dates here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from liangxin.coverage.classify import Classification
from liangxin.coverage.tally import has_members as has_members_by_policy
from liangxin.planning.plan import Plan, PlannedOrganization, UnitDecision
from liangxin.policy.model import Policy
from liangxin.registry.fields import FIELDS, FORMS
from liangxin.registry.town import Area, TaskGroup, Town
from liangxin.wording import Text, join

if TYPE_CHECKING:
    import polars as pl


def has_members(row: Mapping[str, Any]) -> bool:
    """Certainly a member, as the policy counts members."""
    return bool(row["any_member"])


def has_organization(row: Mapping[str, Any]) -> bool:
    """Has one or is affiliated with one today, certainly."""
    return row["organization_form"] is not None and row["organization_form"] != "none"


@dataclass(frozen=True)
class Dossier:
    """One town's results. ``superiors``: names of organizations that only the tree knows, by id."""

    classification: Classification
    plan: Plan
    town: Town
    superiors: Mapping[str, str] = field(default_factory=dict)

    @property
    def policy(self) -> Policy:
        return self.classification.policy

    @cached_property
    def units(self) -> dict[str, dict[str, Any]]:
        """Every row of the classified ledger by unit id, in the order of the offices: work area, village, unit id."""
        from liangxin.registry.places import work_areas

        frame = self.classification.frame
        frame = frame.with_columns(
            work_areas(frame, self.town), any_member=has_members_by_policy(self.policy).fill_null(False)
        )
        order = {area.id: position for position, area in enumerate(self.town.areas)}
        rows = frame.to_dicts()
        rows.sort(
            key=lambda row: (
                order.get(row["area"], len(order)),
                order.get(row["village"], len(order)),
                row["unit_id"],
            )
        )
        return {row["unit_id"]: row for row in rows}

    @cached_property
    def in_scope(self) -> list[dict[str, Any]]:
        return [row for row in self.units.values() if row["in_scope"]]

    def in_order(self, frame: pl.DataFrame) -> list[dict[str, Any]]:
        """The rows of a roster of coverage, in the order of the offices."""
        wanted = set(frame["unit_id"].to_list())
        return [row for id, row in self.units.items() if id in wanted]

    @cached_property
    def decisions(self) -> dict[str, UnitDecision]:
        return {decision.unit_id: decision for decision in self.plan.units}

    @cached_property
    def organizations(self) -> dict[str, PlannedOrganization]:
        return {organization.organization_id: organization for organization in self.plan.organizations}

    @cached_property
    def organization_names(self) -> dict[str, str]:
        names = {record.id: record.name for record in self.town.organizations}
        names.update(self.superiors)
        names.update({id: organization.name for id, organization in self.organizations.items()})
        return names

    @cached_property
    def _areas(self) -> dict[str, Area]:
        return {area.id: area for area in self.town.areas}

    @cached_property
    def _group_of_area(self) -> dict[str, TaskGroup]:
        return {area: group for group in self.town.task_groups for area in group.responsible_for}

    @cached_property
    def _groups(self) -> dict[str, TaskGroup]:
        return {group.id: group for group in self.town.task_groups}

    def area_name(self, id: str | None) -> str | None:
        if id is None:
            return None
        area = self._areas.get(id)
        return area.name if area is not None else id

    def organization_name(self, id: str | None) -> str | None:
        return None if id is None else self.organization_names.get(id, id)

    def unit_name(self, id: str) -> str:
        """Of a unit, or of the area that a village affiliation stands at."""
        row = self.units.get(id)
        return row["name"] if row is not None else self.area_name(id) or id

    def site(self, row: Mapping[str, Any]) -> str | None:
        """The park, market, building or street that the unit is in."""
        names = [name for name in (self.area_name(row["park"]), self.area_name(row["venue"])) if name]
        return "、".join(names) or None

    def task_group(self, row: Mapping[str, Any]) -> TaskGroup | None:
        """As the ledger says, else the group that the unit's park, village or work area is given to."""
        named = row["task_group"]
        if named is not None:
            by_name = next((group for group in self.town.task_groups if group.name == named), None)
            return self._groups.get(named) or by_name
        for place in ("park", "venue", "village", "area"):
            group = self._group_of_area.get(row[place]) if row[place] else None
            if group is not None:
                return group
        return None

    def task_group_name(self, row: Mapping[str, Any]) -> str | None:
        group = self.task_group(row)
        return group.name if group is not None else row["task_group"]

    def _place_of_host(self, host: str) -> Mapping[str, Any]:
        """The row of a lead unit; for an area that an affiliation stands at, a row that says only where it is."""
        row = self.units.get(host)
        if row is not None:
            return row
        kinds = {"work_area": "area", "village": "village", "community": "village"}
        area = self._areas.get(host)
        place: dict[str, str | None] = {
            "area": None,
            "village": None,
            "park": None,
            "venue": None,
            "task_group": None,
        }
        if area is not None:
            place[kinds.get(area.kind, "park")] = host
            above: Area | None = area
            while above is not None and above.kind != "work_area":
                above = self._areas.get(above.parent or "")
            place["area"] = above.id if above is not None else None
        return place

    def work_area_of_host(self, host: str) -> str | None:
        area: str | None = self._place_of_host(host)["area"]
        return area

    def task_group_of_host(self, host: str) -> str | None:
        return self.task_group_name(self._place_of_host(host))

    def body(self, id: str) -> Text:
        """The name of a body: the town's own, else the policy's with the town's name in it."""
        if id in self.town.bodies:
            name = self.town.bodies[id]
            return Text(name, name)
        for body in self.policy.bodies:
            if body.id == id:
                label = body.label
                place = {"{town}": self.town.name, "{area}": ""}
                zh, en = label.zh, label.en
                for key, value in place.items():
                    zh, en = zh.replace(key, value), en.replace(key, value)
                return Text(zh, en)
        return Text(self.town.name, self.town.name)

    def measure_of(self, indicator_id: str) -> str:
        """Says "rate", or "average" for an indicator that is a number and not a percentage."""
        return next((item.measure for item in self.policy.indicators if item.id == indicator_id), "rate")

    def class_labels(self, ids: tuple[str, ...] | list[str]) -> Text:
        labels = {rule.id: rule.label for rule in self.policy.classes}
        return join((labels.get(id, Text(id, id)) for id in ids), "；", "; ")

    def form_label(self, form: str | None) -> Text | None:
        """As the policy calls the form, else the table of fields. None is 待核."""
        if form is None:
            return None
        of_policy = self.policy.forms.get(form)
        return of_policy.label if of_policy is not None else FORMS.get(form, Text(form, form))

    def field_labels(self, names: tuple[str, ...] | list[str]) -> Text:
        return join(
            (FIELDS[name].label if name in FIELDS else Text(name, name) for name in names), "、", ", "
        )

    def due(self, clause: str) -> date | None:
        """The last day of the milestones of a clause (4.3 establishment, 4.4 work coverage)."""
        days = [
            milestone.due
            for milestone in self.policy.milestones
            if milestone.due and milestone.clause.id == clause
        ]
        return max(days) if days else self.target_day

    @cached_property
    def target_day(self) -> date | None:
        """The day by which the indicators are due."""
        days = [indicator.due for indicator in self.policy.indicators if indicator.due]
        return max(days) if days else None
