"""Under which organization a two-new organization stands: clauses 3.3a-3.3d and 3.4, the first that fits.

1. a village affiliation (2.7) goes through the organization of its village or community (3.3a);
2. civil non-enterprise units, intermediaries and social groups: the joint general branch of emerging organizations (3.3d);
3. in a park: its park area, else the park (3.3b);
4. in a market, building or street: the venue's own organization where there is one, else the work area (3.4), with the
   self-employed association as its line where most of its units are self-employed;
5. the self-employed and small private businesses: the association's joint general branch (3.3c);
6. a zone organization of one village: the village's organization (3.3a);
7. the rest: the work area (3.3a); where no place is known, the working committee itself.

The line parent 条 of an industry organization is the organization that the association's own unit is in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from liangxin.registry.town import Town
from liangxin.structure.arranged import ArrangedOrganization
from liangxin.structure.facts import UnitFacts, commonest, lead
from liangxin.structure.regional import Ground, GroundBuilder

EMERGING_KINDS: Final = frozenset({"civil_non_enterprise", "intermediary", "social_group"})


@dataclass(frozen=True, slots=True)
class Placement:
    """Where it stands, the area it is shown in, and the clause that puts it there."""

    parent: str
    line: str | None
    area: str | None
    clause: str


class Placer:
    """Places one organization after the other; asks the ground for a village's organization when it needs it."""

    def __init__(
        self,
        town: Town,
        builder: GroundBuilder,
        ground: Ground,
        facts: Mapping[str, UnitFacts],
        association_organizations: Mapping[str, ArrangedOrganization],
    ) -> None:
        self.builder = builder
        self.ground = ground
        self.facts = facts
        self.areas = {area.id: area for area in town.areas}
        self.association_organizations = association_organizations

    def place(self, organization: ArrangedOrganization) -> Placement:
        ground = self.ground
        first = lead(organization.host, organization.unit_ids, self.facts)
        units = [self.facts[id] for id in organization.unit_ids if id in self.facts]
        kind = commonest(unit.kind for unit in units)
        line = self._line(organization)
        host = self.areas.get(organization.host)
        if organization.form == "village":
            village = host.id if host is not None else first.village if first else None
            if village is not None and self.areas[village].kind in ("village", "community"):
                return Placement(self.builder.village(village), line, village, "3.3a")
            return self._in_work_area(first, line)
        if first is None:
            return Placement(ground.working, line, None, "3.0")
        if kind in EMERGING_KINDS and ground.emerging is not None:
            return Placement(ground.emerging, line, first.work_area, "3.3d")
        if first.park is not None:
            in_park = ground.park_areas.get(first.park) or ground.parks.get(first.park)
            if in_park is not None:
                return Placement(in_park, line, first.park, "3.3b")
        if first.venue is not None:
            if line is None and kind == "household":
                line = ground.self_employed
            above = ground.venues.get(first.venue) or ground.areas.get(first.work_area or "")
            return Placement(above or ground.working, line, first.venue, "3.4")
        if kind == "household" and ground.self_employed is not None:
            return Placement(ground.self_employed, line, first.work_area, "3.3c")
        village = commonest(unit.village for unit in units)
        if organization.form == "zone" and village is not None:
            return Placement(self.builder.village(village), line, village, "3.3a")
        return self._in_work_area(first, line)

    def _in_work_area(self, first: UnitFacts | None, line: str | None) -> Placement:
        area = first.work_area if first is not None else None
        if area is not None and area in self.ground.areas:
            return Placement(self.ground.areas[area], line, area, "3.3a")
        return Placement(self.ground.working, line, None, "3.0")

    def _line(self, organization: ArrangedOrganization) -> str | None:
        """2.4: "chamber + organization". The association that most units are in, where its own unit is organized; an
        organization that follows a line itself leads none, so lines form no cycle."""
        above = self._association_organization(organization)
        if above is None or self._association_organization(above) is not None:
            return None
        return above.id

    def _association_organization(self, organization: ArrangedOrganization) -> ArrangedOrganization | None:
        if organization.form != "industry":
            return None
        units = [self.facts[id] for id in organization.unit_ids if id in self.facts]
        association = commonest(each for unit in units for each in unit.associations)
        above = self.association_organizations.get(association or "")
        return above if above is not None and above.id != organization.id else None
